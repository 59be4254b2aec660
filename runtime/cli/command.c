/* Options and help of one command, from its popt table. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cli_usage_error(const cli_command *command, const char *format, ...)
{
    fputs("error: ", stderr);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nUsage: ruff %s %s\nTry 'ruff %s --help'.\n", command->name, command->usage, command->name);
    return CLI_EXIT_USAGE;
}

static void print_option(const struct poptOption *option)
{
    rf_buffer left = RF_BUFFER_INIT;
    if (option->shortName)
        rf_buffer_format(&left, "-%c, ", option->shortName);
    else
        rf_buffer_append_text(&left, "    ");
    rf_buffer_format(&left, "--%s", option->longName);
    if (option->argDescrip) rf_buffer_format(&left, " %s", option->argDescrip);
    printf("  %-30s %s\n", left.data, option->descrip ? option->descrip : "");
    rf_buffer_release(&left);
}

static void print_options(const struct poptOption *options)
{
    for (const struct poptOption *option = options; option->longName || option->shortName || option->arg; option++) {
        if ((option->argInfo & POPT_ARG_MASK) == POPT_ARG_INCLUDE_TABLE)
            print_options(option->arg);
        else
            print_option(option);
    }
}

static void print_help(const cli_command *command, const struct poptOption *options, const char *notes)
{
    printf("Usage: ruff %s %s\n\n%c%s.\n\nOptions:\n", command->name, command->usage,
           command->summary[0] >= 'a' ? command->summary[0] - 32 : command->summary[0], command->summary + 1);
    print_options(options);
    printf("  %-30s %s\n", "-h, --help", "show this help");
    if (notes) printf("\n%s", notes);
}

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* popt wants the program's name first; everything after `--` is handed through. */
static int parse(const cli_command *command, const struct poptOption *options, int argc, const char *const *argv,
                 cli_arguments *rest)
{
    const char **with_name = rf_alloc_array(const char *, (size_t)argc + 2);
    with_name[0] = command->name;
    memcpy(with_name + 1, argv, (size_t)argc * sizeof *argv);
    with_name[argc + 1] = NULL;
    poptContext context = poptGetContext(command->name, argc + 1, with_name, options, 0);
    int code = poptGetNextOpt(context);
    int result = CLI_CONTINUE;
    if (code < -1) {
        result = cli_usage_error(command, "%s: %s", poptBadOption(context, POPT_BADOPTION_NOALIAS),
                                 poptStrerror(code));
    } else {
        const char **left = poptGetArgs(context);
        rest->count = 0;
        while (left && left[rest->count]) rest->count++;
        rest->items = rf_alloc_array(const char *, (size_t)rest->count + 1);
        /* popt's copies die with its context: find the originals, which come in the same order */
        for (int i = 0, at = 0; i < rest->count; i++) {
            while (at < argc && strcmp(argv[at], left[i]) != 0) at++;
            rest->items[i] = at < argc ? argv[at++] : left[i];
        }
        rest->items[rest->count] = NULL;
    }
    poptFreeContext(context);
    rf_free(with_name);
    return result;
}

int cli_parse(const cli_command *command, const struct poptOption *options, const char *notes, int argc,
              const char *const *argv, cli_arguments *rest)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (is_help(argv[i])) {
            print_help(command, options, notes);
            return CLI_EXIT_OK;
        }
    }
    return parse(command, options, argc, argv, rest);
}

/* The table's option that argument names, or NULL. */
static const struct poptOption *find_option(const struct poptOption *options, const char *argument)
{
    for (const struct poptOption *option = options; option->longName || option->shortName || option->arg; option++) {
        if ((option->argInfo & POPT_ARG_MASK) == POPT_ARG_INCLUDE_TABLE) {
            const struct poptOption *found = find_option(option->arg, argument);
            if (found) return found;
            continue;
        }
        if (argument[0] == '-' && argument[1] == option->shortName && option->shortName && !argument[2]) return option;
        if (strncmp(argument, "--", 2) != 0 || !option->longName) continue;
        size_t size = strlen(option->longName);
        if (strncmp(argument + 2, option->longName, size) == 0 && (!argument[2 + size] || argument[2 + size] == '='))
            return option;
    }
    return NULL;
}

static bool takes_argument(const struct poptOption *option)
{
    unsigned kind = option->argInfo & POPT_ARG_MASK;
    return kind == POPT_ARG_STRING || kind == POPT_ARG_INT || kind == POPT_ARG_LONG || kind == POPT_ARG_LONGLONG ||
           kind == POPT_ARG_DOUBLE;
}

/* No FILE: an option without its value is the likelier mistake, or one that took FILE for its value. */
static int missing_file(const cli_command *command, const struct poptOption *options, int count,
                        const char *const *ours)
{
    cli_arguments none = {NULL, 0};
    int result = parse(command, options, count, ours, &none);
    rf_free(none.items);
    if (result != CLI_CONTINUE) return result;
    const struct poptOption *last = count > 1 ? find_option(options, ours[count - 2]) : NULL;
    if (last && takes_argument(last) && !strchr(ours[count - 2], '='))
        return cli_usage_error(command, "missing FILE: '%s' is the value of %s", ours[count - 1], ours[count - 2]);
    return cli_usage_error(command, "missing FILE");
}

int cli_parse_program(const cli_command *command, const struct poptOption *options, const char *notes, int argc,
                      const char *const *argv, cli_arguments *rest)
{
    const char **ours = rf_alloc_array(const char *, (size_t)argc + 1);
    int our_count = 0, at = 0, result = CLI_CONTINUE;
    const char *file = NULL;
    for (; at < argc; at++) {
        const char *argument = argv[at];
        const struct poptOption *option = find_option(options, argument);
        if (option) {
            ours[our_count++] = argument;
            if (takes_argument(option) && !strchr(argument, '=') && at + 1 < argc) ours[our_count++] = argv[++at];
        } else if (strcmp(argument, "--") == 0) {
            at++;
            if (!file && at < argc) file = argv[at++];
            break;
        } else if (!file && is_help(argument)) {
            print_help(command, options, notes);
            result = CLI_EXIT_OK;
            goto done;
        } else if (!file && argument[0] == '-' && argument[1]) {
            result = cli_usage_error(command, "unknown option '%s'", argument);
            goto done;
        } else if (!file) {
            file = argument;
        } else {
            break;
        }
    }
    if (!file) {
        result = missing_file(command, options, our_count, ours);
        goto done;
    }
    cli_arguments none = {NULL, 0};
    result = parse(command, options, our_count, ours, &none);
    rf_free(none.items);
    if (result != CLI_CONTINUE) goto done;
    rest->count = 1 + argc - at;
    rest->items = rf_alloc_array(const char *, (size_t)rest->count + 1);
    rest->items[0] = file;
    memcpy(rest->items + 1, argv + at, (size_t)(argc - at) * sizeof *argv);
    rest->items[rest->count] = NULL;
done:
    rf_free(ours);
    return result;
}

static size_t edit_distance(const char *a, const char *b)
{
    enum { LIMIT = 32 };
    size_t a_size = strlen(a), b_size = strlen(b);
    if (a_size >= LIMIT || b_size >= LIMIT) return LIMIT;
    size_t row[LIMIT];
    for (size_t j = 0; j <= b_size; j++) row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b_size];
}

const char *cli_nearest(const char *word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = 3;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, names[i]);
        if (distance < best_distance) {
            best_distance = distance;
            best = names[i];
        }
    }
    return best;
}
