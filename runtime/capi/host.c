/* Calls in both directions between Ruff and the embedding program. */
#include "base/alloc.h"
#include "base/error.h"
#include "capi/vm.h"
#include "lib/builtins.h"
#include "value/error_value.h"

typedef struct call_request {
    ruff_vm *vm;
    rf_value function;
    const ruff_value *const *args;
    size_t arg_count;
} call_request;

static rf_value perform_call(rf_isolate *isolate, void *context)
{
    const call_request *request = context;
    rf_value *args = rf_alloc_array(rf_value, request->arg_count);
    for (size_t i = 0; i < request->arg_count; i++) args[i] = request->args[i]->value;
    rf_value result = isolate->engine->call(isolate, request->function, args, (uint32_t)request->arg_count);
    rf_free(args);
    return result;
}

ruff_status ruff_call(ruff_vm *vm, const ruff_value *function, const ruff_value *const *args, size_t arg_count,
                      ruff_value **result, ruff_error *err)
{
    if (!function) return rf_error_set(err, RUFF_E_MISUSE, "ruff_call needs a function, got NULL");
    if (arg_count > UINT16_MAX) return rf_error_set(err, RUFF_E_MISUSE, "too many arguments (%zu)", arg_count);
    call_request request = {vm, function->value, args, arg_count};
    rf_value value = rf_capi_run(vm, perform_call, &request);
    if (rf_is_raised(value)) return rf_capi_error(vm, err);
    if (result)
        *result = rf_capi_value_new(vm, value);
    else
        rf_release(vm->isolate, value);
    return RUFF_OK;
}

typedef struct host_entry { /* context of a host row */
    ruff_vm *vm;
    ruff_host_function function;
    void *context;
} host_entry;

static rf_value call_host(rf_isolate *isolate, const rf_builtin *row, rf_value *args, uint32_t arg_count)
{
    const host_entry *entry = row->context;
    if (isolate != entry->vm->isolate) return rf_raise(isolate, "%s cannot be called in a worker", row->name);
    ruff_value *cells = rf_alloc_array(ruff_value, arg_count);
    const ruff_value **handles = rf_alloc_array(const ruff_value *, arg_count);
    for (uint32_t i = 0; i < arg_count; i++) {
        cells[i] = (ruff_value){entry->vm, args[i]};
        handles[i] = &cells[i];
    }
    ruff_value *result = entry->function(entry->vm, entry->context, handles, arg_count);
    rf_free(handles);
    rf_free(cells);
    if (!result) return isolate->error.head == RF_UNSET ? rf_null() : rf_raised();
    rf_value value = rf_copy(result->value);
    ruff_value_release(result);
    return value;
}

ruff_status ruff_define(ruff_vm *vm, const char *name, int min_args, int max_args, ruff_host_function function,
                        void *context, ruff_error *err)
{
    if (vm->running) return rf_error_set(err, RUFF_E_MISUSE, "ruff_define called while the VM is running");
    if (!name || !*name || !function || min_args < 0 || (max_args >= 0 && max_args < min_args) || max_args > INT16_MAX)
        return rf_error_set(err, RUFF_E_MISUSE, "ruff_define: bad name or argument counts");
    host_entry *entry = rf_alloc(sizeof *entry);
    *entry = (host_entry){vm, function, context};
    if (!vm->builtins.count)
        for (uint32_t i = 0; i < rf_builtin_total; i++) rf_vector_push(&vm->builtins, rf_builtins[i]);
    char *copy = rf_strdup(name);
    const rf_builtin row = {.name = copy,
                            .canonical = copy,
                            .min_args = (int16_t)min_args,
                            .max_args = (int16_t)max_args,
                            .tier = 'A',
                            .host = call_host,
                            .context = entry,
                            .signature = copy,
                            .doc = "function of the embedding program"};
    rf_vector_push(&vm->builtins, row);
    rf_lib_use_table(vm->isolate, vm->builtins.data, (uint32_t)vm->builtins.count);
    return RUFF_OK;
}

void rf_capi_release_host_functions(ruff_vm *vm)
{
    for (size_t i = rf_builtin_total; i < vm->builtins.count; i++) {
        rf_free(vm->builtins.data[i].context);
        rf_free((void *)(uintptr_t)vm->builtins.data[i].name); /* our own copy, see ruff_define */
    }
    rf_vector_release(&vm->builtins);
}

void ruff_host_raise(ruff_vm *vm, const char *message)
{
    (void)rf_raise(vm->isolate, "%s", message);
}
