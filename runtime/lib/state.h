/* What lib/ keeps for one isolate: isolate->lib.  Each module's part is private to its file and made on first use. */
#ifndef RF_LIB_STATE_H
#define RF_LIB_STATE_H

#include "lib/builtins.h"

enum { RF_METHOD_CACHE_SIZE = 256 };

typedef struct rf_method_cache_entry {
    const rf_string *name; /* interned: the pointer is the name */
    uint32_t kind;         /* of receiver, see methods.c */
    uint32_t number;       /* of the row */
} rf_method_cache_entry;

struct rf_lib_state {
    uint16_t *index;     /* hash of row names: number + 1, 0 is free; open addressing */
    uint32_t index_mask;
    rf_method_cache_entry methods[RF_METHOD_CACHE_SIZE];
    rf_value *prelude_functions; /* by row: borrowed from the prelude module, UNSET until first needed */
    rf_unit *promise_unit;       /* what the module value `Promise` is an instance of */
    struct rf_regex_cache *regex; /* regex.c */
};

void rf_lib_regex_release(struct rf_lib_state *state);

#endif
