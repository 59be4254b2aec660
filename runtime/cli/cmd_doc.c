/* ruff doc: the line of documentation each built-in's row carries. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "lib/builtins.h"

#include <stdio.h>

static int print_one(const char *name)
{
    const rf_builtin *row = rf_lib_find_doc(name);
    if (row) {
        printf("%s\n    %s\n", row->signature, row->doc);
        return CLI_EXIT_OK;
    }
    const char **names = rf_alloc_array(const char *, rf_builtin_total);
    size_t count = 0;
    for (uint32_t i = 0; i < rf_builtin_total; i++)
        if (!rf_builtins[i].is_internal) names[count++] = rf_builtins[i].name;
    const char *near = cli_nearest(name, names, count);
    fprintf(stderr, "error: there is no built-in called '%s'", name);
    if (near) fprintf(stderr, " (did you mean '%s'?)", near);
    fputs("\n", stderr);
    rf_free(names);
    return CLI_EXIT_FAILED;
}

int cmd_doc(const cli_command *self, int argc, const char *const *argv)
{
    int wants_reference = 0;
    const struct poptOption options[] = {
        {"reference", '\0', POPT_ARG_NONE, &wants_reference, 0, "print the whole reference as Markdown", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    int code = cli_parse(self, options, "Example:\n  ruff doc push\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (wants_reference) {
        rf_buffer text = RF_BUFFER_INIT;
        rf_lib_write_reference(&text);
        fwrite(text.data, 1, text.size, stdout);
        rf_buffer_release(&text);
        code = CLI_EXIT_OK;
    } else if (rest.count == 1) {
        code = print_one(rest.items[0]);
    } else if (rest.count == 0) {
        for (uint32_t i = 0; i < rf_builtin_total; i++)
            if (!rf_builtins[i].is_internal) printf("%-22s %s\n", rf_builtins[i].name, rf_builtins[i].doc);
        code = CLI_EXIT_OK;
    } else {
        code = cli_usage_error(self, "only one NAME at a time");
    }
done:
    rf_free(rest.items);
    return code;
}
