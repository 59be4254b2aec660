/* ruff format: the standard layout of a program (LANGUAGE 18.8). */
#include "cli/program.h"

#include "base/alloc.h"
#include "base/file.h"
#include "syntax/format.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char notes[] = "Examples:\n"
                            "  ruff format tool.ruff\n"
                            "  ruff format --check tool.ruff\n"
                            "  ruff format --write tool.ruff\n";

static void print_json(const char *file, const char *status, bool changed, const rf_format_options *layout,
                       const rf_buffer *formatted)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:b, s:{s:i, s:i, s:b}, s:o}", "command", "format", "file", file, "status", status,
                  "changed", changed, "options", "indent", layout->indent, "line_length", layout->line_length,
                  "sort_imports", (int)layout->sort_imports, "formatted_source",
                  formatted ? json_stringn(formatted->data ? formatted->data : "", formatted->size) : json_null());
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

typedef enum format_mode { FORMAT_PREVIEW, FORMAT_CHECK, FORMAT_WRITE } format_mode;

static int deliver(const char *file, format_mode mode, bool wants_json, const rf_buffer *source,
                   const rf_buffer *formatted, const rf_format_options *layout)
{
    bool changed = source->size != formatted->size ||
                   (source->size && memcmp(source->data, formatted->data, source->size) != 0);
    if (mode == FORMAT_WRITE && changed) {
        ruff_error err = RUFF_ERROR_INIT;
        if (rf_file_replace(file, formatted->data, formatted->size, &err)) {
            fprintf(stderr, "[RUFCLI001] [cli] error: Failed to write .ruff file '%s': %s\n", file, err.message);
            ruff_error_release(&err);
            return CLI_EXIT_IO;
        }
    }
    const char *status = mode == FORMAT_WRITE   ? "written"
                         : mode == FORMAT_CHECK ? (changed ? "needs_formatting" : "already_formatted")
                                                : "preview";
    if (wants_json)
        print_json(file, status, changed, layout, mode == FORMAT_WRITE ? NULL : formatted);
    else if (mode == FORMAT_WRITE)
        printf("formatted %s\n", file);
    else if (mode == FORMAT_CHECK)
        puts(changed ? "needs formatting" : "already formatted");
    else if (formatted->size)
        fwrite(formatted->data, 1, formatted->size, stdout);
    return mode == FORMAT_CHECK && changed ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

int cmd_format(const cli_command *self, int argc, const char *const *argv)
{
    rf_format_options layout = RF_FORMAT_OPTIONS_DEFAULT;
    int keep_imports = 0, check = 0, write = 0, wants_json = 0;
    const struct poptOption options[] = {
        {"indent", '\0', POPT_ARG_INT, &layout.indent, 0, "spaces a level (4)", "N"},
        {"line-length", '\0', POPT_ARG_INT, &layout.line_length, 0, "break longer lines after commas (100)", "N"},
        {"no-sort-imports", '\0', POPT_ARG_NONE, &keep_imports, 0, "keep the order of imports", NULL},
        {"check", '\0', POPT_ARG_NONE, &check, 0, "only say whether it would change; exit 1 if so", NULL},
        {"write", '\0', POPT_ARG_NONE, &write, 0, "rewrite the file", NULL},
        {"json", '\0', POPT_ARG_NONE, &wants_json, 0, "print the result as JSON", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    rf_buffer source = RF_BUFFER_INIT, formatted = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    const char *name;

    int code = cli_parse(self, options, notes, argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    layout.sort_imports = !keep_imports;
    if (rest.count != 1 || (check && write) || layout.indent < 0 || layout.indent > 16 || layout.line_length < 20) {
        code = rest.count != 1   ? cli_usage_error(self, rest.count ? "only one FILE at a time" : "missing FILE")
               : (check && write) ? cli_usage_error(self, "--check and --write exclude each other")
                                  : cli_usage_error(self, "--indent takes 0 to 16, --line-length 20 or more");
        goto done;
    }
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    if (rf_source_format(source.data, source.size, name, &layout, &formatted, &err)) {
        ruff_config config = ruff_config_default();
        code = cli_report(&err, &config);
    } else {
        code = deliver(rest.items[0], write ? FORMAT_WRITE : check ? FORMAT_CHECK : FORMAT_PREVIEW, wants_json != 0,
                       &source, &formatted, &layout);
    }
done:
    rf_buffer_release(&source);
    rf_buffer_release(&formatted);
    rf_free(rest.items);
    return code;
}
