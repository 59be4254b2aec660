/* The units of one program, shared by the loaders of all its isolates.
 *
 * A unit is immutable, so threads read it without a lock; the store only keeps it alive until the last isolate that
 * may run it has gone.  With a unit of a module it keeps what an isolate must know to take over the module from
 * another (LANGUAGE 14.4). */
#ifndef RF_MODULES_UNIT_STORE_H
#define RF_MODULES_UNIT_STORE_H

#include "syntax/unit.h"

typedef struct rf_unit_store rf_unit_store;

typedef struct rf_file_stamp { /* tells whether a file changed since it was loaded */
    int64_t modified_ns;
    int64_t size;
} rf_file_stamp;

typedef struct rf_unit_origin {
    const char *file; /* canonical path; owned by the store */
    const char *root; /* search root in which it was found */
    rf_file_stamp stamp;
} rf_unit_origin;

rf_unit_store *rf_unit_store_new(void);                /* counted once */
rf_unit_store *rf_unit_store_share(rf_unit_store *store);
void rf_unit_store_release(rf_unit_store *store);      /* the last one frees every unit */
/* Keeps unit (stolen).  origin: copied, NULL for a unit that is no module's. */
void rf_unit_store_add(rf_unit_store *store, rf_unit *unit, const rf_unit_origin *origin);
/* Where unit came from, borrowed from the store; false when it is no module's. */
bool rf_unit_store_find(rf_unit_store *store, const rf_unit *unit, rf_unit_origin *origin);
/* The prelude's unit, NULL until rf_unit_store_set_prelude; when two set it, the first stays and is returned. */
rf_unit *rf_unit_store_prelude(rf_unit_store *store);
rf_unit *rf_unit_store_set_prelude(rf_unit_store *store, rf_unit *unit);

#endif
