/* Declarations and modules of an isolate by identity, so that what arrives from another isolate finds what is already
 * here (LANGUAGE 14.4).  The registry does not count: objects leave it when they are freed. */
#ifndef RF_VALUE_REGISTRY_H
#define RF_VALUE_REGISTRY_H

#include "value/isolate.h"

/* key: identity of a struct or enum declaration, address of the unit of a module */
void rf_registry_init(rf_isolate *isolate);
void rf_registry_release(rf_isolate *isolate);
uint64_t rf_registry_new_identity(rf_isolate *isolate);
void rf_registry_add(rf_isolate *isolate, uint64_t key, rf_object *object);
rf_object *rf_registry_find(rf_isolate *isolate, uint64_t key, uint8_t kind); /* borrows; NULL when unknown */
void rf_registry_remove(rf_isolate *isolate, uint64_t key, const rf_object *object);

#endif
