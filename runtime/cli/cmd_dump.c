/* ruff dump: what the front end and the bytecode compiler made of a program. */
#include "cli/program.h"

#include "base/alloc.h"
#include "capi/vm.h"
#include "syntax/printer.h"
#include "vm/vm.h"

#include <stdio.h>

static const char notes[] = "Examples:\n"
                            "  ruff dump --bytecode loop.ruff\n"
                            "  ruff dump --ast loop.ruff\n";

int cmd_dump(const cli_command *self, int argc, const char *const *argv)
{
    int wants_tree = 0, wants_bytecode = 0, wants_feedback = 0;
    const struct poptOption options[] = {
        {"bytecode", '\0', POPT_ARG_NONE, &wants_bytecode, 0, "instructions of every function (default)", NULL},
        {"feedback", '\0', POPT_ARG_NONE, &wants_feedback, 0, "run the program first, then add what was observed", NULL},
        {"ast", '\0', POPT_ARG_NONE, &wants_tree, 0, "the resolved tree", NULL},
        POPT_TABLEEND};
    cli_arguments rest = {NULL, 0};
    rf_buffer source = RF_BUFFER_INIT, text = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    ruff_config config = ruff_config_default();
    const char *name;

    int code = cli_parse(self, options, notes, argc, argv, &rest);
    if (code != CLI_CONTINUE) goto done;
    if (rest.count != 1) {
        code = cli_usage_error(self, rest.count ? "only one FILE is dumped at a time" : "missing FILE");
        goto done;
    }
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    config.engine = RUFF_ENGINE_VM;
    config.globals = RUFF_GLOBALS_PRIVATE;
    if (ruff_vm_new(&config, &vm, &err) ||
        (wants_feedback ? ruff_run(vm, source.data, source.size, name, &err)
                        : ruff_check(vm, source.data, source.size, name, NULL, NULL, &err))) {
        code = cli_report(&err, &config);
        goto done;
    }
    if (wants_tree) rf_unit_print(vm->module.as.module->unit, &text);
    if (wants_bytecode || wants_feedback || !wants_tree)
        rf_vm_dump(vm->isolate, vm->module.as.module, wants_feedback != 0, &text);
    if (text.size) fwrite(text.data, 1, text.size, stdout);
    code = CLI_EXIT_OK;
done:
    ruff_vm_free(vm);
    rf_buffer_release(&text);
    rf_buffer_release(&source);
    rf_free(rest.items);
    return code;
}
