/* ruff dump: what the front end, the bytecode compiler and the JIT made of a program. */
#include "cli/program.h"

#include "base/alloc.h"
#include "capi/vm.h"
#ifdef RF_WITH_JIT
#include "jit/jit.h"
#include "jit/wire.h"
#endif
#include "syntax/printer.h"
#include "vm/vm.h"

#include <stdio.h>
#include <string.h>

static const char notes[] = "Examples:\n"
                            "  ruff dump --bytecode loop.ruff\n"
                            "  ruff dump --ast loop.ruff\n"
                            "  ruff dump --ir --pass ssa loop.ruff\n"
                            "  ruff dump --exits loop.ruff\n";

typedef struct native_wishes {
    int ir, gimple, assembler, exits;
    char *pass; /* NULL: behind all */
} native_wishes;

static bool wants_native(const native_wishes *wishes)
{
    return wishes->ir || wishes->gimple || wishes->assembler || wishes->exits;
}

static void discard(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    (void)context, (void)stream, (void)bytes, (void)size;
}

static const char *const passes[] = {
#define RF_IR_PASS(name, what) #name,
#include "jit/pass.def"
#undef RF_IR_PASS
};
enum { PASSES = sizeof passes / sizeof *passes };

static const char pass_help[] = "of --ir, behind this pass: "
#define RF_IR_PASS(name, what) #name " "
#include "jit/pass.def"
#undef RF_IR_PASS
    "(default: the last)";

static uint32_t number_of_pass(const char *name) /* PASSES: there is none */
{
    uint32_t i = 0;
    while (i < PASSES && strcmp(passes[i], name) != 0) i++;
    return i;
}

/* Has the JIT wait for its compiler in this VM and show what it makes. */
static int attach(const native_wishes *wishes, ruff_vm *vm, rf_buffer *out)
{
    const char *reason = ruff_jit_unavailable();
    if (reason) {
        fprintf(stderr, "error: JIT: unavailable (%s)\n", reason);
        return CLI_EXIT_FAILED;
    }
#ifdef RF_WITH_JIT
    rf_jit_options options = {0};
    rf_jit_options_read(&options);
    options.is_waiting = true;
    options.dump = out;
    options.dumps = (wishes->ir ? RF_WIRE_DUMP_IR : 0u) | (wishes->gimple ? RF_WIRE_DUMP_GIMPLE : 0u) |
                    (wishes->assembler ? RF_WIRE_DUMP_ASM : 0u) | (wishes->exits ? RF_WIRE_DUMP_EXITS : 0u);
    options.dump_pass = wishes->pass ? number_of_pass(wishes->pass) : PASSES - 1;
    rf_jit_attach(vm->isolate, &options);
#else
    (void)wishes, (void)vm, (void)out;
#endif
    return CLI_CONTINUE;
}

int cmd_dump(const cli_command *self, int argc, const char *const *argv)
{
    int wants_tree = 0, wants_bytecode = 0, wants_feedback = 0;
    native_wishes native = {0};
    const struct poptOption options[] = {
        {"bytecode", '\0', POPT_ARG_NONE, &wants_bytecode, 0, "instructions of every function (default)", NULL},
        {"feedback", '\0', POPT_ARG_NONE, &wants_feedback, 0, "run the program first, then add what was observed", NULL},
        {"ir", '\0', POPT_ARG_NONE, &native.ir, 0, "run it, show the intermediate form of native code", NULL},
        {"pass", '\0', POPT_ARG_STRING, &native.pass, 0, pass_help, "PASS"},
        {"gimple", '\0', POPT_ARG_NONE, &native.gimple, 0, "run it, show native code as it is given to gcc", NULL},
        {"asm", '\0', POPT_ARG_NONE, &native.assembler, 0, "run it, show native code in assembler", NULL},
        {"exits", '\0', POPT_ARG_NONE, &native.exits, 0, "run it, show where native code can be left and why", NULL},
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
    if (native.pass && number_of_pass(native.pass) == PASSES) {
        code = cli_usage_error(self, "there is no pass '%s'", native.pass);
        goto done;
    }
    code = cli_read_program(rest.items[0], &source, &name);
    if (code != CLI_CONTINUE) goto done;
    config.engine = RUFF_ENGINE_VM;
    config.globals = RUFF_GLOBALS_PRIVATE;
    if (wants_native(&native)) config.write = discard;
    if (ruff_vm_new(&config, &vm, &err)) {
        code = cli_report(&err, &config);
        goto done;
    }
    if (wants_native(&native)) {
        code = attach(&native, vm, &text);
        if (code != CLI_CONTINUE) goto done;
    }
    if (wants_feedback) rf_vm_observe_all(vm->isolate);
    if ((wants_feedback || wants_native(&native) ? ruff_run(vm, source.data, source.size, name, &err)
                        : ruff_check(vm, source.data, source.size, name, NULL, NULL, &err))) {
        code = cli_report(&err, &config);
        goto done;
    }
    if (wants_tree) rf_unit_print(vm->module.as.module->unit, &text);
    if (wants_bytecode || wants_feedback || (!wants_tree && !wants_native(&native)))
        rf_vm_dump(vm->isolate, vm->module.as.module, wants_feedback != 0, &text);
    if (text.size) fwrite(text.data, 1, text.size, stdout);
    code = CLI_EXIT_OK;
done:
    ruff_vm_free(vm);
    rf_buffer_release(&text);
    rf_buffer_release(&source);
    rf_free(rest.items);
    rf_free(native.pass);
    return code;
}
