/* The VM handle: choices, one isolate, running and checking programs. */
#include "capi/vm.h"

#include "base/alloc.h"
#include "base/error.h"
#include "interp/interp.h"
#ifdef RF_WITH_JIT
#include "jit/jit.h"
#endif
#include "lib/builtins.h"
#include "sched/sched.h"
#include "value/error_value.h"
#include "vm/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ruff_config ruff_config_default(void)
{
    return (ruff_config){.engine = RUFF_ENGINE_JIT,
                         .capabilities = RUFF_CAN_EVERYTHING,
                         .max_call_depth = 10000,
                         .scheduler_timeout_ms = 120000};
}

static ruff_status check_config(const ruff_config *config, ruff_error *err)
{
    if (config->max_call_depth < 16 || config->max_call_depth > 1000000)
        return rf_error_set(err, RUFF_E_MISUSE, "max_call_depth %u is not in 16 to 1000000",
                            config->max_call_depth);
    if (config->scheduler_timeout_ms <= 0)
        return rf_error_set(err, RUFF_E_MISUSE, "Scheduler timeout must be greater than 0ms");
    if (config->arg_count < 0 || (config->arg_count > 0 && !config->args))
        return rf_error_set(err, RUFF_E_MISUSE, "args is missing");
    return RUFF_OK;
}

static void attach_jit(rf_isolate *isolate, const ruff_config *config)
{
    if (config->engine != RUFF_ENGINE_JIT) return;
#ifdef RF_WITH_JIT
    rf_jit_options options = {.notice = config->jit_notice,
                              .counts_guards = config->jit_counts_guards != 0,
                              .cache = config->jit_cache,
                              .cache_folder = config->jit_cache_folder};
    if (rf_jit_options_read(&options)) rf_jit_attach(isolate, &options);
#else
    (void)isolate;
    if (config->jit_notice != RUFF_JIT_SILENT) fprintf(stderr, "JIT: unavailable (%s)\n", ruff_jit_unavailable());
#endif
}

const char *ruff_jit_unavailable(void)
{
#ifdef RF_WITH_JIT
    rf_jit_options options = {0};
    return rf_jit_options_read(&options) ? rf_jit_unavailable(options.without) : "RUFF_JIT is off";
#else
    return "not in this build";
#endif
}

int ruff_jit_counters_get(const ruff_vm *vm, ruff_jit_counters *counters)
{
#ifdef RF_WITH_JIT
    const ruff_jit_counters *of =
        vm && vm->config.engine == RUFF_ENGINE_JIT ? rf_jit_counters_of(vm->isolate) : NULL;
    if (of) *counters = *of;
    return of != NULL;
#else
    (void)vm, (void)counters;
    return 0;
#endif
}

ruff_status ruff_vm_new(const ruff_config *config, ruff_vm **vm_out, ruff_error *err)
{
    return rf_capi_vm_new(config, &(rf_instruments){0}, vm_out, err);
}

ruff_status rf_capi_vm_new(const ruff_config *config, const rf_instruments *instruments, ruff_vm **vm_out,
                           ruff_error *err)
{
    const ruff_config chosen = config ? *config : ruff_config_default();
    ruff_status status = check_config(&chosen, err);
    if (status) return status;
    ruff_vm *vm = rf_new(ruff_vm);
    vm->config = chosen;
    vm->module = rf_unset();
    rf_output_init(&vm->output, chosen.write, chosen.write_context);
    vm->host = (rf_host){.context = &vm->output,
                         .new_worker = rf_capi_new_worker,
                         .free_worker = rf_capi_free_isolate,
                         .write = rf_output_write,
                         .flush = rf_output_flush,
                         .args = chosen.args,
                         .arg_count = chosen.arg_count,
                         .capabilities = chosen.capabilities,
                         .prof = instruments->prof,
                         .memory_profile = instruments->memory_profile,
                         .wrap_integers = chosen.overflow == RUFF_OVERFLOW_WRAP,
                         .max_call_depth = chosen.max_call_depth,
                         .scheduler_timeout_ms = chosen.scheduler_timeout_ms};
    rf_isolate *isolate = rf_isolate_new(&vm->host);
    vm->isolate = isolate;
    isolate->engine = chosen.engine == RUFF_ENGINE_INTERPRETER ? &rf_interp_engine : &rf_vm_engine;
    rf_lib_attach(isolate);
    rf_sched_new(isolate);
    isolate->loader = rf_loader_new(isolate);
    if (isolate->engine->isolate_start) isolate->engine->isolate_start(isolate);
    attach_jit(isolate, &chosen);
    *vm_out = vm;
    return RUFF_OK;
}

void ruff_vm_free(ruff_vm *vm)
{
    if (!vm) return;
    rf_isolate *isolate = vm->isolate;
    rf_store(isolate, &vm->module, rf_unset());
    rf_capi_free_isolate(isolate);
    rf_capi_release_host_functions(vm);
    rf_output_release(&vm->output);
    rf_free(vm);
}

ruff_status rf_capi_error(ruff_vm *vm, ruff_error *err)
{
    rf_isolate *isolate = vm->isolate;
    rf_output_flush(&vm->output);
    if (isolate->exit_requested) {
        if (!rf_is_raised(isolate->error)) rf_store(isolate, &isolate->error, rf_unset());
        rf_error_set(err, RUFF_E_EXIT, "the program called exit(%d)", isolate->exit_code);
        if (err) err->exit_code = isolate->exit_code;
        isolate->exit_requested = false;
        return RUFF_E_EXIT;
    }
    rf_value error = rf_take_error(isolate);
    if (err) {
        rf_error *details = error.as.error;
        rf_string *message = details->message.as.string;
        rf_error_set(err, RUFF_E_RUNTIME, "%s", message->text);
        rf_buffer report = RF_BUFFER_INIT;
        if (vm->config.report == RUFF_REPORT_JSON)
            rf_error_report_json(isolate, details, &report);
        else
            rf_error_report(isolate, details, &report);
        rf_free(err->report);
        err->report = rf_buffer_take(&report);
        err->exit_code = 4;
        const char *file = details->file.head == RF_STRING ? details->file.as.string->text : NULL;
        rf_error_place(err, file, details->line, details->column);
    }
    rf_release(isolate, error);
    return RUFF_E_RUNTIME;
}

rf_value rf_capi_run(ruff_vm *vm, rf_value (*entry)(rf_isolate *isolate, void *context), void *context)
{
    const bool is_nested = vm->running++ > 0;
    rf_value result = is_nested ? entry(vm->isolate, context) : rf_sched_run_main(vm->isolate, entry, context);
    vm->running--;
    return result;
}

ruff_status rf_capi_load(ruff_vm *vm, const char *source, size_t size, const rf_unit_options *options,
                         ruff_error *err)
{
    rf_value module = rf_unset();
    ruff_status status = rf_loader_load_main(vm->isolate, source, size, options, &module, err);
    if (status) return status;
    rf_store(vm->isolate, &vm->module, module);
    return RUFF_OK;
}

static rf_value run_main_module(rf_isolate *isolate, void *context)
{
    return isolate->engine->run_module(isolate, context);
}

ruff_status ruff_run(ruff_vm *vm, const char *source, size_t size, const char *name, ruff_error *err)
{
    if (vm->running) return rf_error_set(err, RUFF_E_MISUSE, "ruff_run called while the VM is running");
    vm->host.entry_path = name;
    const rf_unit_options options = {.path = name, .keeps_variables = vm->config.globals == RUFF_GLOBALS_KEEP};
    ruff_status status = rf_capi_load(vm, source, size, &options, err);
    if (status) return status;
    rf_value result = rf_capi_run(vm, run_main_module, vm->module.as.module);
    if (rf_is_raised(result)) return rf_capi_error(vm, err);
    rf_release(vm->isolate, result);
    rf_output_flush(&vm->output);
    if (!vm->output.error) return RUFF_OK;
    rf_error_set(err, RUFF_E_IO, "Failed to write standard output: %s", strerror(vm->output.error));
    if (err) err->exit_code = 5;
    return RUFF_E_IO;
}

ruff_status ruff_check(ruff_vm *vm, const char *source, size_t size, const char *name, uint64_t *statements,
                       uint64_t *instructions, ruff_error *err)
{
    if (vm->running) return rf_error_set(err, RUFF_E_MISUSE, "ruff_check called while the VM is running");
    const rf_unit_options options = {.path = name};
    ruff_status status = rf_capi_load(vm, source, size, &options, err);
    if (status) return status;
    uint64_t count = 0;
    if (vm->isolate->engine == &rf_vm_engine) rf_vm_compile_all(vm->isolate, vm->module.as.module, &count);
    if (statements) *statements = vm->module.as.module->unit->statement_count;
    if (instructions) *instructions = count;
    return RUFF_OK;
}

ruff_value *ruff_global_get(ruff_vm *vm, const char *name)
{
    if (vm->module.head != RF_MODULE) return NULL;
    const rf_module *module = vm->module.as.module;
    for (size_t i = 0; i < module->unit->module_vars.count; i++) {
        const rf_var *var = module->unit->module_vars.data[i];
        if (strcmp(var->name->text, name) == 0 && module->slots[var->slot].head != RF_UNSET)
            return rf_capi_value_new(vm, rf_copy(module->slots[var->slot]));
    }
    return NULL;
}
