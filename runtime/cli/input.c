/* Reading for the REPL.
 *
 * Completion offers the names of built-ins and the REPL's commands.  Ctrl-C abandons the input being typed, and what runs
 * (rf_host.interrupted). */
#include "cli/input.h"

#include "base/alloc.h"
#include "lib/builtins.h"

#include <errno.h>
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct cli_input {
    bool is_terminal;
    EditLine *edit;   /* terminal only */
    History *history;
    const char *prompt;
};

static atomic_int interrupted; /* set by the handler: signals have no context */

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static char *get_prompt(EditLine *edit)
{
    cli_input *input;
    el_get(edit, EL_CLIENTDATA, &input);
    return (char *)(uintptr_t)input->prompt;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

static const char *const repl_commands[] = {":help", ":quit", ":clear", ":vars", ":reset"};

/* Counts the candidates that start with word; *common gets the longest common continuation of all of them. */
static size_t find_candidates(const char *word, size_t size, rf_buffer *common)
{
    size_t found = 0;
    for (size_t i = 0; i < RF_COUNT_OF(repl_commands) + rf_builtin_total; i++) {
        bool is_command = i < RF_COUNT_OF(repl_commands);
        const rf_builtin *row = is_command ? NULL : &rf_builtins[i - RF_COUNT_OF(repl_commands)];
        const char *name = is_command ? repl_commands[i] : row->name;
        if ((row && row->is_internal) || strncmp(name, word, size) != 0) continue;
        if (found++ == 0) {
            rf_buffer_append_text(common, name + size);
            continue;
        }
        size_t same = 0;
        while (same < common->size && name[size + same] == common->data[same]) same++;
        common->size = same;
        common->data[same] = '\0';
    }
    return found;
}

static unsigned char complete(EditLine *edit, int key)
{
    (void)key;
    const LineInfo *line = el_line(edit);
    const char *start = line->cursor;
    while (start > line->buffer && is_name_byte(start[-1])) start--;
    rf_buffer common = RF_BUFFER_INIT;
    unsigned char result = CC_ERROR;
    if (find_candidates(start, (size_t)(line->cursor - start), &common) && common.size &&
        el_insertstr(edit, common.data) == 0)
        result = CC_REFRESH;
    rf_buffer_release(&common);
    return result;
}

cli_input *cli_input_new(void)
{
    cli_input *input = rf_new(cli_input);
    input->is_terminal = isatty(STDIN_FILENO);
    if (!input->is_terminal) return input;
    HistEvent event;
    input->edit = el_init("ruff", stdin, stdout, stderr);
    input->history = history_init();
    history(input->history, &event, H_SETSIZE, 1000);
    el_set(input->edit, EL_CLIENTDATA, input);
    el_set(input->edit, EL_PROMPT, get_prompt);
    el_set(input->edit, EL_EDITOR, "emacs");
    el_set(input->edit, EL_HIST, history, input->history);
    el_set(input->edit, EL_ADDFN, "complete", "complete a name", complete);
    el_set(input->edit, EL_BIND, "^I", "complete", NULL);
    el_source(input->edit, NULL);
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    return input;
}

void cli_input_free(cli_input *input)
{
    if (input->edit) el_end(input->edit);
    if (input->history) history_end(input->history);
    rf_free(input);
}

bool cli_input_is_terminal(const cli_input *input)
{
    return input->is_terminal;
}

const atomic_int *cli_input_interrupted(const cli_input *input)
{
    return input->is_terminal ? &interrupted : NULL;
}

static cli_line read_plain(rf_buffer *line)
{
    bool any = false;
    for (int c; (c = getchar()) != EOF;) {
        any = true;
        if (c == '\n') return CLI_LINE;
        rf_buffer_append_byte(line, (char)c);
    }
    return any ? CLI_LINE : CLI_LINE_END;
}

cli_line cli_input_read(cli_input *input, const char *prompt, rf_buffer *line)
{
    if (!input->is_terminal) return read_plain(line);
    input->prompt = prompt;
    interrupted = 0;
    int count = 0;
    const char *text = el_gets(input->edit, &count);
    if (interrupted) {
        putchar('\n');
        el_reset(input->edit);
        return CLI_LINE_INTERRUPTED;
    }
    if (!text || count <= 0) return CLI_LINE_END;
    rf_buffer_append(line, text, (size_t)count - (text[count - 1] == '\n'));
    return CLI_LINE;
}

void cli_input_remember(cli_input *input, const char *text)
{
    HistEvent event;
    if (input->history && *text) history(input->history, &event, H_ENTER, text);
}

/* ---- completeness ---- */

/* A string can hold ${...} that holds strings again: `open` is a stack of what is open, innermost last. */
bool cli_is_complete(const char *text, size_t size)
{
    rf_buffer open = RF_BUFFER_INIT; /* ( [ { as they are, $ for ${, " and ' for strings */
    bool complete = true;
    for (size_t at = 0; at < size; at++) {
        char c = text[at], next = at + 1 < size ? text[at + 1] : '\0';
        char top = open.size ? open.data[open.size - 1] : '\0';
        if (top == '"' || top == '\'') {
            if (c == '\\') at++;
            else if (c == top) open.size--;
            else if (top == '"' && c == '$' && next == '{') rf_buffer_append_byte(&open, '$'), at++;
        } else if (c == '#' || (c == '/' && next == '/')) {
            while (at < size && text[at] != '\n') at++;
        } else if (c == '/' && next == '*') {
            const char *end = size - at > 3 ? memmem(text + at + 2, size - at - 2, "*/", 2) : NULL;
            if (!end) {
                complete = false;
                break;
            }
            at = (size_t)(end - text) + 1;
        } else if (strchr("([{\"'", c) && c) {
            rf_buffer_append_byte(&open, c);
        } else if ((c == ')' || c == ']' || c == '}') && open.size) {
            open.size--;
        }
    }
    complete = complete && open.size == 0;
    rf_buffer_release(&open);
    return complete;
}
