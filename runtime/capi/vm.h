/* What a ruff_vm is made of; for capi/ and cli/ only. */
#ifndef RF_CAPI_VM_H
#define RF_CAPI_VM_H

#include "base/vector.h"
#include "modules/loader.h"
#include "ruff/ruff.h"
#include "capi/output.h"
#include "value/function.h"

struct ruff_vm {
    ruff_config config;
    rf_host host;
    rf_output output;
    rf_isolate *isolate;
    RF_VECTOR(rf_builtin) builtins; /* the table of lib/ followed by host functions; empty until one is defined */
    rf_value module;                /* of the program last run; UNSET before */
    unsigned running;               /* nesting of runs and calls in progress */
};

struct ruff_value {
    ruff_vm *vm;
    rf_value value;
};

/* Instruments of a profiled VM; NULL where one is off.  They outlive the VM. */
typedef struct rf_instruments {
    struct rf_prof_session *prof;            /* prof/sampler.h */
    struct rf_memory_profile *memory_profile; /* value/memory_profile.h; needs prof, which may be quiet */
} rf_instruments;

/* ruff_vm_new under instruments. */
ruff_status rf_capi_vm_new(const ruff_config *config, const rf_instruments *instruments, ruff_vm **vm_out,
                           ruff_error *err);

ruff_value *rf_capi_value_new(ruff_vm *vm, rf_value value); /* steals value */
/* Runs entry as the main task (or directly when the VM is already running). Result of entry, RAISED. */
rf_value rf_capi_run(ruff_vm *vm, rf_value (*entry)(rf_isolate *isolate, void *context), void *context);
/* The error in flight becomes err (report, message, exit code); returns RUNTIME or EXIT. */
ruff_status rf_capi_error(ruff_vm *vm, ruff_error *err);
void rf_capi_release_host_functions(ruff_vm *vm);
/* isolate.c: workers (rf_host), and the end of any isolate with all that was attached to it. */
rf_isolate *rf_capi_new_worker(rf_isolate *parent);
void rf_capi_free_isolate(rf_isolate *isolate);
/* Loads source as the main module of the VM. */
ruff_status rf_capi_load(ruff_vm *vm, const char *source, size_t size, const rf_unit_options *options,
                         ruff_error *err);

#endif
