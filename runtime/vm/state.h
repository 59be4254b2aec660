/* What the VM keeps for an isolate: the protos of its functions, the running task. */
#ifndef RF_VM_STATE_H
#define RF_VM_STATE_H

#include "vm/chunk.h"
#include "vm/code_space.h"

typedef struct rf_vm_task rf_vm_task;

typedef struct rf_vm_state {
    rf_vm_task *task;  /* the running one */
    const struct rf_jit_hook *jit; /* NULL: no native code */
    void *jit_state;    /* its own */
    int32_t to_observe; /* instructions that are still to be observed */
    struct rf_later *later; /* NULL: heat was counted from the start */
    rf_vm_task *home;  /* for code that runs outside any task of sched/ */
    rf_vm_task *main;  /* the first of the others, which the program runs in */
    rf_proto **buckets; /* hash by function */
    uint32_t bucket_count, proto_count;
    rf_code_space code; /* of all protos */
} rf_vm_state;

static inline rf_vm_state *rf_vm_state_of(const rf_isolate *isolate)
{
    return isolate->engine_state;
}

/* The proto of a function of module; made, not compiled, on first request. */
rf_proto *rf_vm_proto(rf_isolate *isolate, rf_module *module, const rf_func *func);
/* The proto of a closure. */
static inline rf_proto *rf_vm_closure_proto(rf_isolate *isolate, rf_function *closure)
{
    if (!closure->code) closure->code = rf_vm_proto(isolate, closure->module, closure->func);
    return closure->code;
}
/* module->slots may have moved (REPL): tells its protos. */
void rf_vm_refresh_slots(const rf_module *module);
void rf_vm_free_protos(rf_isolate *isolate, rf_module *module); /* those of the module */
void rf_vm_free_all_protos(rf_isolate *isolate);

#endif
