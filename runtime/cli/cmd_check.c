/* ruff check: front end and compilation without executing, type warnings (LANGUAGE 18.3). */
#include "cli/program.h"

#include "base/alloc.h"
#include "capi/vm.h"
#include "syntax/typecheck.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

static void print_warning(void *context, const char *text)
{
    (void)context;
    fputs(text, stderr);
}

static void print_json(const char *file, uint64_t statements, uint64_t instructions)
{
    json_t *object = json_pack("{s:I, s:s, s:s, s:I, s:s}", "bytecode_instruction_count", (json_int_t)instructions,
                               "command", "check", "file", file, "statement_count", (json_int_t)statements, "status",
                               "ok");
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_SORT_KEYS);
    putchar('\n');
    json_decref(object);
}

int cmd_check(const cli_command *self, int argc, const char *const *argv)
{
    int quiet = 0, verbose = 0, wants_json = 0;
    const struct poptOption options[] = {
        {"quiet", 'q', POPT_ARG_NONE, &quiet, 0, "print nothing on success", NULL},
        {"verbose", 'v', POPT_ARG_NONE, &verbose, 0, "also print how much there is", NULL},
        {"json", '\0', POPT_ARG_NONE, &wants_json, 0, "print the result as JSON", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    rf_buffer source = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    ruff_config config = ruff_config_default();
    const char *name;
    uint64_t statements, instructions;

    int code = cli_parse(self, options, "Example:\n  ruff check --verbose tool.ruff\n", argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1) {
        code = cli_usage_error(self, rest.count ? "only one FILE is checked at a time" : "missing FILE");
        goto done;
    }
    if (quiet && verbose) {
        code = cli_usage_error(self, "--quiet and --verbose exclude each other");
        goto done;
    }
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    config.engine = RUFF_ENGINE_VM;
    if (ruff_vm_new(&config, &vm, &err) ||
        ruff_check(vm, source.data, source.size, name, &statements, &instructions, &err)) {
        code = cli_report(&err, &config);
        goto done;
    }
    const rf_front front = rf_loader_front(vm->isolate);
    rf_unit_typecheck(vm->module.as.module->unit, &front, print_warning, NULL);
    if (wants_json)
        print_json(name, statements, instructions);
    else if (verbose)
        printf("check passed: %s (statements=%" PRIu64 ", bytecode_instructions=%" PRIu64 ")\n", name, statements,
               instructions);
    else if (!quiet)
        printf("check passed: %s\n", name);
    code = CLI_EXIT_OK;
done:
    ruff_vm_free(vm);
    rf_buffer_release(&source);
    rf_free(rest.items);
    return code;
}
