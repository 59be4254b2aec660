/* ruff lint: suspicious code, with fixes (LANGUAGE 18.8). */
#include "cli/program.h"

#include "base/alloc.h"
#include "base/file.h"
#include "capi/vm.h"
#include "syntax/lint.h"

#include <jansson.h>
#include <stdio.h>

static const char *severity_name(const rf_lint_issue *issue)
{
    return issue->severity == RF_LINT_ERROR ? "error" : "warning";
}

static void print_json(const rf_lint_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->issues.count; i++) {
        const rf_lint_issue *issue = &report->issues.data[i];
        json_array_append_new(list, json_pack("{s:s, s:i, s:i, s:s, s:s, s:s?}", "rule_id", issue->rule, "line",
                                              (int)issue->pos.line, "column", (int)issue->pos.column, "severity",
                                              severity_name(issue), "message", issue->message, "fix", issue->fix));
    }
    json_dumpf(list, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(list);
}

static int write_fixed(const char *file, const rf_lint_report *report, const rf_buffer *source)
{
    rf_buffer fixed = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    int code = CLI_CONTINUE;
    rf_lint_apply(report, source->data, source->size, &fixed);
    if (rf_file_replace(file, fixed.data, fixed.size, &err)) {
        fprintf(stderr, "[RUFCLI001] [cli] error: Failed to write .ruff file '%s': %s\n", file, err.message);
        code = CLI_EXIT_IO;
    }
    ruff_error_release(&err);
    rf_buffer_release(&fixed);
    return code;
}

int cmd_lint(const cli_command *self, int argc, const char *const *argv)
{
    int fix = 0, wants_json = 0;
    const struct poptOption options[] = {
        {"fix", '\0', POPT_ARG_NONE, &fix, 0, "apply the fixes that are safe", NULL},
        {"json", '\0', POPT_ARG_NONE, &wants_json, 0, "print the issues as JSON", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    rf_buffer source = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_config config = ruff_config_default();
    ruff_vm *vm = NULL;
    rf_lint_report report = {0};
    const char *name;

    int code = cli_parse(self, options, "Example:\n  ruff lint --fix tool.ruff\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1) {
        code = cli_usage_error(self, rest.count ? "only one FILE at a time" : "missing FILE");
        goto done;
    }
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    const rf_unit_options unit_options = {.path = name, .with_tests = true};
    if (ruff_vm_new(&config, &vm, &err) || rf_capi_load(vm, source.data, source.size, &unit_options, &err)) {
        code = cli_report(&err, &config);
        goto done;
    }
    const rf_front front = rf_loader_front(vm->isolate);
    rf_lint(vm->module.as.module->unit, &front, &report);
    if (fix) code = write_fixed(rest.items[0], &report, &source);
    if (code != CLI_CONTINUE) goto done;
    code = CLI_EXIT_OK;
    for (size_t i = 0; i < report.issues.count; i++) {
        const rf_lint_issue *issue = &report.issues.data[i];
        if (issue->severity == RF_LINT_ERROR) code = CLI_EXIT_FAILED;
        if (!wants_json)
            printf("%s\t%s\t%s:%u:%u\t%s\n", severity_name(issue), issue->rule, name, issue->pos.line,
                   issue->pos.column, issue->message);
    }
    if (wants_json) print_json(&report);
done:
    rf_lint_report_release(&report);
    ruff_vm_free(vm);
    rf_buffer_release(&source);
    rf_free(rest.items);
    return code;
}
