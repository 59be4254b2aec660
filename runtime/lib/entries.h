/* The entries of dicts and structs in the order of their names, for modules that write formats. */
#ifndef RF_LIB_ENTRIES_H
#define RF_LIB_ENTRIES_H

#include "value/value.h"

typedef struct rf_named_value {
    rf_value name, value; /* counted; name is a string */
} rf_named_value;

typedef struct rf_entries {
    rf_named_value *items; /* sorted by name, by code points */
    uint32_t count;
} rf_entries;

/* Of a dict or struct instance; rf_entries_release.  Values that are Some are what they hold. */
rf_entries rf_entries_list(rf_isolate *isolate, rf_value v);
void rf_entries_release(rf_isolate *isolate, rf_entries *entries);
/* What v holds when it is Some(Some(...)), else v; new. */
rf_value rf_entries_unwrap(rf_isolate *isolate, rf_value v);

#endif
