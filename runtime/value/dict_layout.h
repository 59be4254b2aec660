/* The layout of dicts, for dict.c and the engines' inline caches; everybody else uses dict.h. */
#ifndef RF_VALUE_DICT_LAYOUT_H
#define RF_VALUE_DICT_LAYOUT_H

#include "value/dict.h"

typedef struct rf_dict_entry {
    rf_value value;    /* UNSET: removed */
    rf_string *string; /* owned; NULL: the key is `number` */
    union {
        int64_t number;
        uint64_t hash; /* of the string, in the low 32 bits */
    } key;
} rf_dict_entry;

struct rf_dict {
    rf_object object;
    uint32_t count, used; /* entries that live; entries in use, removed ones included */
    uint32_t capacity;    /* entries; the index has 2 * capacity slots */
    uint32_t unused;
    rf_dict_entry *entries;
    uint32_t *index; /* entry + 1, 0 free; only when capacity > RF_DICT_SMALL */
};

enum { RF_DICT_SMALL = 8 };

#endif
