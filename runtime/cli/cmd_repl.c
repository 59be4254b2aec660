/* ruff repl: statements read, run, printed, in one growing module (LANGUAGE 19). */
#include "cli/input.h"
#include "cli/program.h"

#include "base/alloc.h"
#include "capi/vm.h"
#include "lib/builtins.h"
#include "value/format.h"
#include "value/error_value.h"
#include "vm/interrupt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct repl {
    ruff_config config;
    ruff_vm *vm;
    cli_input *input;
    int code; /* CLI_CONTINUE while the session goes on */
} repl;

static void echo(rf_isolate *isolate, rf_value value)
{
    if (value.head == RF_NULL) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, "=> ");
    if (rf_inspect_repl(isolate, value, &text)) {
        rf_buffer_append_byte(&text, '\n');
        isolate->host->write(isolate->host->context, RUFF_STDOUT, text.data, text.size);
    } else {
        rf_release(isolate, rf_take_error(isolate));
    }
    rf_buffer_release(&text);
}

static void start(repl *session)
{
    ruff_error err = RUFF_ERROR_INIT;
    if (ruff_vm_new(&session->config, &session->vm, &err)) {
        session->code = cli_report(&err, &session->config);
        return;
    }
    session->vm->isolate->echo = echo;
    cli_watch_output(session->vm);
    session->vm->host.is_repl = true;
    session->vm->host.interrupted = cli_input_interrupted(session->input);
    if (session->config.engine == RUFF_ENGINE_VM) rf_vm_watch_interrupts(session->vm->isolate);
}

static rf_value run_input(rf_isolate *isolate, void *context)
{
    return isolate->engine->run_module(isolate, context);
}

static void evaluate(repl *session, const char *source, size_t size)
{
    ruff_vm *vm = session->vm;
    ruff_error err = RUFF_ERROR_INIT;
    rf_unit *previous = vm->module.head == RF_MODULE ? vm->module.as.module->unit : NULL;
    const rf_unit_options options = {.path = "<repl>", .is_repl = true, .previous = previous};
    if (rf_capi_load(vm, source, size, &options, &err)) {
        cli_report(&err, &session->config);
        return;
    }
    rf_value result = rf_capi_run(vm, run_input, vm->module.as.module);
    rf_output_flush(&vm->output);
    if (!rf_is_raised(result)) {
        rf_release(vm->isolate, result);
        return;
    }
    if (rf_is_interrupted(vm->isolate)) {
        vm->isolate->exit_requested = false;
        rf_release(vm->isolate, rf_take_error(vm->isolate));
        putchar('\n');
        return;
    }
    bool is_exit = rf_capi_error(vm, &err) == RUFF_E_EXIT;
    int code = cli_report(&err, &session->config);
    if (is_exit) session->code = code;
}

/* ---- commands ---- */

static int compare_vars(const void *a, const void *b)
{
    const rf_var *x = *(rf_var *const *)a, *y = *(rf_var *const *)b;
    return strcmp(x->name->text, y->name->text);
}

static void print_variables(repl *session)
{
    if (session->vm->module.head != RF_MODULE) return;
    rf_isolate *isolate = session->vm->isolate;
    const rf_module *module = session->vm->module.as.module;
    size_t count = module->unit->module_vars.count;
    rf_var **vars = rf_alloc_array(rf_var *, count);
    memcpy(vars, module->unit->module_vars.data, count * sizeof *vars);
    qsort(vars, count, sizeof *vars, compare_vars);
    for (size_t i = 0; i < count; i++) {
        rf_value value = module->slots[vars[i]->slot];
        bool is_builtin = vars[i]->builtin >= 0 && value.head == RF_FUNCTION &&
                          value.as.function->object.info == RF_FUNCTION_BUILTIN;
        if (value.head == RF_UNSET || is_builtin) continue;
        rf_buffer text = RF_BUFFER_INIT;
        if (rf_inspect_repl(isolate, value, &text))
            printf("%s: %s = %s\n", vars[i]->name->text, rf_type_name(value), text.data);
        else
            rf_release(isolate, rf_take_error(isolate));
        rf_buffer_release(&text);
    }
    rf_free(vars);
}

static void print_builtin_help(const char *name)
{
    const rf_builtin *row = rf_lib_find_doc(name);
    if (row)
        printf("%s\n    %s\n", row->signature, row->doc);
    else
        printf("There is no built-in called '%s'\n", name);
}

static void print_help(void)
{
    puts("Statements are run as they are entered; the value of an expression is printed.\n"
         "  :help  :h        this help\n"
         "  :quit  :q :exit  end the session\n"
         "  :clear :c        clear the screen\n"
         "  :vars  :v        list the variables\n"
         "  :reset :r        forget everything\n"
         "  .help NAME       documentation of a built-in");
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* True when the input was a command. */
static bool run_command(repl *session, const char *text)
{
    if (strncmp(text, ".help", 5) == 0 && (text[5] == ' ' || !text[5])) {
        const char *name = text + 5 + strspn(text + 5, " ");
        if (*name)
            print_builtin_help(name);
        else
            print_help();
        return true;
    }
    if (text[0] != ':') return false;
    char *word = rf_strdup(text);
    for (size_t end = strlen(word); end && strchr(" \t\r", word[end - 1]); end--) word[end - 1] = '\0';
    if (is_one_of(word, ":help", ":h", "")) {
        print_help();
    } else if (is_one_of(word, ":quit", ":q", ":exit")) {
        puts("Goodbye!");
        session->code = CLI_EXIT_OK;
    } else if (is_one_of(word, ":clear", ":c", "")) {
        if (cli_input_is_terminal(session->input)) fputs("\033[2J\033[H", stdout);
    } else if (is_one_of(word, ":vars", ":v", "")) {
        print_variables(session);
    } else if (is_one_of(word, ":reset", ":r", "")) {
        ruff_vm_free(session->vm);
        session->vm = NULL;
        start(session);
        puts("Environment reset");
    } else {
        printf("Error: Unknown command: %s. Type :help for available commands.\n", word);
    }
    rf_free(word);
    return true;
}

/* Reads one complete input; false at the end of the session's input. */
static bool read_input(repl *session, rf_buffer *text)
{
    rf_buffer_clear(text);
    for (bool is_first = true;; is_first = false) {
        fflush(stdout);
        rf_buffer line = RF_BUFFER_INIT;
        cli_line got = cli_input_read(session->input, is_first ? "ruff> " : "....> ", &line);
        if (line.size) rf_buffer_append(text, line.data, line.size);
        rf_buffer_release(&line);
        if (got == CLI_LINE_INTERRUPTED) {
            rf_buffer_clear(text);
            return true;
        }
        if (got == CLI_LINE_END) return text->size > 0;
        if (is_first && text->size && (text->data[0] == ':' || strncmp(text->data, ".help", 5) == 0)) return true;
        if (text->size && text->data[text->size - 1] == '\\') {
            text->data[--text->size] = '\0';
            continue;
        }
        if (cli_is_complete(text->data ? text->data : "", text->size)) return true;
        rf_buffer_append_byte(text, '\n');
    }
}

int cmd_repl(const cli_command *self, int argc, const char *const *argv)
{
    cli_run_options run = cli_run_options_default();
    const struct poptOption options[] = {CLI_ENGINE_OPTIONS(run), CLI_CAPABILITY_OPTIONS(run), POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    repl session = {.code = CLI_CONTINUE};
    rf_buffer text = RF_BUFFER_INIT;

    int code = cli_parse(self, options, "Inside, :help lists the commands.\n", argc, argv, &rest);
    if (code == CLI_CONTINUE && rest.count) code = cli_usage_error(self, "unexpected argument '%s'", rest.items[0]);
    if (code == CLI_CONTINUE) code = cli_make_config(self, &run, &session.config);
    rf_free(rest.items);
    if (code != CLI_CONTINUE) return code;

    if (session.config.engine == RUFF_ENGINE_JIT) session.config.engine = RUFF_ENGINE_VM; /* variables may move */
    session.input = cli_input_new();
    start(&session);
    if (cli_input_is_terminal(session.input))
        puts("Ruff REPL " RUFF_VERSION "\nType :help for help, :quit to leave.");
    while (session.code == CLI_CONTINUE && read_input(&session, &text)) {
        if (!text.size) continue;
        cli_input_remember(session.input, text.data);
        if (!run_command(&session, text.data)) evaluate(&session, text.data, text.size);
    }
    ruff_vm_free(session.vm);
    cli_input_free(session.input);
    rf_buffer_release(&text);
    return session.code == CLI_CONTINUE ? CLI_EXIT_OK : session.code;
}
