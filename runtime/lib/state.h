/* What lib/ keeps for one isolate: isolate->lib.  Each module's part is private to its file and
 * made on first use. */
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
    rf_method_cache_entry methods[RF_METHOD_CACHE_SIZE];
    rf_value
        *prelude_functions; /* by row: borrowed from the prelude module, UNSET until first needed */
    struct rf_regex_cache *regex; /* regex.c */
    rf_value process_result,
        arg_parser; /* process.c, argparser.c: declarations of built-in structs, made when used */
    rf_buffer line; /* console.c: kept between calls of print */
    rf_buffer shown[4]; /* args.c: texts for error messages, taken in turn */
    uint32_t shown_count;
};

void rf_regex_cache_free(rf_isolate *isolate, struct rf_regex_cache *cache); /* NULL is allowed */

#endif
