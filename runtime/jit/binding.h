/* What the names in a piece of native code (wire.h) mean in this run: the functions it was made of, and the declarations and
 * layouts of structs that were seen in them. */
#ifndef RF_JIT_BINDING_H
#define RF_JIT_BINDING_H

#include "base/vector.h"
#include "jit/wire.h"
#include "vm/chunk.h"

typedef enum rf_bound_kind { /* where in a function an object was seen */
    RF_BOUND_SITE,        /* layout of the objects at a site */
    RF_BOUND_RECEIVER,    /* layout of new instances of what a method was called of */
    RF_BOUND_MADE,        /* layout of the instances that a literal makes */
    RF_BOUND_DECLARATION, /* of a literal */
    RF_BOUND_STEP,        /* layout of new instances at a step of a place */
    RF_BOUND_KINDS
} rf_bound_kind;

typedef struct rf_bound {
    uint32_t number;                     /* in its name */
    uint32_t kind, function, index, step; /* index: of the site, literal or place */
    void *address;
    rf_layout *layout; /* of it, or itself; its declaration is counted */
    bool is_used;      /* the native code names it */
} rf_bound;

typedef struct rf_binding {
    uint32_t count;
    rf_proto *protos[RF_WIRE_MOST_FUNCTIONS]; /* borrowed; the first is the one that was compiled */
    RF_VECTOR(rf_bound) objects;
} rf_binding;

/* Notes what is there now under the number; NULL: nothing is. */
const rf_bound *rf_binding_note(rf_binding *binding, rf_bound where);
/* Everything there is in its functions, each once, numbered from 0. */
void rf_binding_note_all(rf_binding *binding);
bool rf_binding_has(const rf_binding *binding, const rf_proto *proto);
void rf_binding_release(rf_isolate *isolate, rf_binding *binding);
/* rf_symbol_resolver over a binding: names of wire.h and functions of operations.def. */
void *rf_binding_symbol(void *context, const char *name);

#endif
