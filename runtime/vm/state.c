/* Protos by function. */
#include "vm/state.h"

#include "base/alloc.h"
#include "vm/jit_hook.h"

static uint32_t bucket_of(const rf_vm_state *state, const rf_func *func)
{
    const uint64_t h = (uint64_t)(uintptr_t)func * 0x9E3779B97F4A7C15u;
    return (uint32_t)(h >> 32) & (state->bucket_count - 1);
}

static void grow(rf_vm_state *state)
{
    rf_proto **old = state->buckets;
    const uint32_t old_count = state->bucket_count;
    state->bucket_count = old_count ? old_count * 2 : 64;
    state->buckets = rf_alloc_array_zero(rf_proto *, state->bucket_count);
    for (uint32_t i = 0; i < old_count; i++) {
        for (rf_proto *proto = old[i], *next; proto; proto = next) {
            next = proto->next;
            rf_proto **bucket = &state->buckets[bucket_of(state, proto->func)];
            proto->next = *bucket;
            *bucket = proto;
        }
    }
    rf_free(old);
}

static rf_proto *new_proto(rf_module *module, const rf_func *func, int32_t first_heat)
{
    rf_proto *proto = rf_new(rf_proto);
    proto->module = module;
    proto->func = func;
    proto->slots = module->slots;
    proto->sibling = module->protos;
    module->protos = proto;
    proto->param_count = func->param_count + func->has_self;
    proto->register_count = RF_NOT_COMPILED;
    proto->heat = first_heat;
    proto->is_plain = !func->is_generator && !func->is_async;
    proto->is_visible = !func->is_hidden && func->kind != RF_FUNC_SPAWN && func->kind != RF_FUNC_TEST;
    proto->is_direct = proto->is_plain && proto->is_visible;
    proto->modifies_self = func->modifies_self;
    return proto;
}

rf_proto *rf_vm_proto(rf_isolate *isolate, rf_module *module, const rf_func *func)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    if (state->proto_count >= state->bucket_count) grow(state);
    rf_proto **bucket = &state->buckets[bucket_of(state, func)];
    for (rf_proto *proto = *bucket; proto; proto = proto->next)
        if (proto->func == func && proto->module == module) return proto;
    rf_proto *proto = new_proto(module, func, state->jit ? state->jit->first_heat : 0);
    proto->next = *bucket;
    *bucket = proto;
    state->proto_count++;
    return proto;
}

void rf_vm_refresh_slots(const rf_module *module)
{
    for (rf_proto *proto = module->protos; proto; proto = proto->sibling) proto->slots = module->slots;
}

static void leave_bucket(rf_vm_state *state, const rf_proto *proto)
{
    rf_proto **link = &state->buckets[bucket_of(state, proto->func)];
    while (*link != proto) link = &(*link)->next;
    *link = proto->next;
    state->proto_count--;
}

void rf_vm_free_protos(rf_isolate *isolate, rf_module *module)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    rf_proto *dead = module->protos;
    module->protos = NULL;
    for (const rf_proto *proto = dead; proto; proto = proto->sibling) leave_bucket(state, proto);
    while (dead) { /* may free further modules */
        rf_proto *next = dead->sibling;
        if (dead->native) state->jit->forget(isolate, dead);
        rf_proto_free(isolate, dead);
        dead = next;
    }
}

void rf_vm_free_all_protos(rf_isolate *isolate)
{
    const rf_vm_state *state = rf_vm_state_of(isolate);
    for (uint32_t i = 0; i < state->bucket_count; i++)
        while (state->buckets[i]) rf_vm_free_protos(isolate, state->buckets[i]->module);
}
