/* What native code reaches outside itself: by names that are in the request, so that it can be used by another run. */
#include "jitc/core.h"

enum { MOST_OBJECTS = 90 }; /* that have names, so that room is left for the names of functions' parts */

/* extern char name[]; (void *)name */
static rvalue outside(tr *t, const char *name)
{
    rf_compilation *c = t->all;
    uint32_t i = 0;
    while (i < c->outside_count && strcmp(c->outside[i], name) != 0) i++;
    if (i == c->outside_count) {
        rf_assert(c->outside_count < RF_MOST_OUTSIDE);
        snprintf(c->outside[c->outside_count++], sizeof c->outside[0], "%s", name);
    }
    return rf_ir_outside(F, name);
}

rvalue rf_address(tr *t, uint64_t a)
{
    if (!EMITS) return NULL;
    const rf_unit_request *unit = t->all->unit;
    for (uint32_t i = 0; a && i < unit->request.object_count; i++) {
        if (unit->objects[i] != a || t->all->outside_count >= MOST_OBJECTS) continue;
        char name[32];
        snprintf(name, sizeof name, RF_WIRE_OBJECT, i);
        return outside(t, name);
    }
    if (a) t->all->is_bound = true;
    return number(t, RF_IR_POINTER, (int64_t)a);
}

rvalue rf_base_address(tr *t, const char *form, uint32_t number, uint64_t offset)
{
    if (!EMITS) return NULL;
    char name[32];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(name, sizeof name, form, number);
#pragma GCC diagnostic pop
    rvalue base = outside(t, name);
    return offset == 0 ? base : cast(t, address_of(t, part(t, base, offset, RF_IR_U8)), RF_IR_POINTER);
}

/* C: bool or void name(rf_isolate *, rf_frame *, rf_instruction) */
const rf_ir_extern *rf_direct(unsigned op)
{
    static const rf_ir_extern directs[RF_OP_COUNT] = {
#define RF_DIRECT(op, function, raises) \
    [RF_OP_##op] = {#function, raises ? RF_IR_BOOL : RF_IR_VOID, 3, {RF_IR_POINTER, RF_IR_POINTER, RF_IR_I64}, false},
#include "jitc/direct.def"
#undef RF_DIRECT
    };
    return directs[op].name ? &directs[op] : NULL;
}
