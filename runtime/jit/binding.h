/* What the names in a piece of native code (wire.h) mean in this run: the functions it was made of, and the layouts that
 * were seen at their sites. */
#ifndef RF_JIT_BINDING_H
#define RF_JIT_BINDING_H

#include "base/vector.h"
#include "jit/wire.h"
#include "vm/chunk.h"

typedef struct rf_bound_layout {
    uint32_t function, site;
    rf_layout *layout; /* its declaration is counted */
    bool is_used;      /* the native code names it */
} rf_bound_layout;

typedef struct rf_binding {
    uint32_t count;
    rf_proto *protos[RF_WIRE_MOST_FUNCTIONS]; /* borrowed; the first is the one that was compiled */
    RF_VECTOR(rf_bound_layout) layouts;
} rf_binding;

void rf_binding_note_layout(rf_binding *binding, uint32_t function, uint32_t site);
/* One without a name. */
void rf_binding_keep(rf_binding *binding, rf_layout *layout);
/* Those of all sites as they are now. */
void rf_binding_note_layouts(rf_binding *binding);
bool rf_binding_has(const rf_binding *binding, const rf_proto *proto);
void rf_binding_release(rf_isolate *isolate, rf_binding *binding);
/* rf_symbol_resolver over a binding: names of wire.h and functions of operations.def. */
void *rf_binding_symbol(void *context, const char *name);

#endif
