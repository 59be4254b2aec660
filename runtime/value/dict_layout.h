/* The representations of dicts (RUNTIME 6), for dict.c and the engines' inline caches; everybody else uses dict.h.
 *
 * object.info is the rf_dict_kind.  Every kind keeps its entries in insertion order in one table; the position of an
 * entry is its number there, and stays what it is until an entry is removed or a key added. */
#ifndef RF_VALUE_DICT_LAYOUT_H
#define RF_VALUE_DICT_LAYOUT_H

#include "value/dict.h"

typedef enum rf_dict_kind {
    RF_DICT_EMPTY,        /* no entry yet: the first one decides */
    RF_DICT_RECORD,       /* constant string keys, kept in a shape that many dicts share; values */
    RF_DICT_DENSE_INTS,   /* keys 0, 1, 2, ... in that order: only the values are kept, all ints, ... */
    RF_DICT_DENSE_FLOATS, /* ... all floats, ... */
    RF_DICT_DENSE_VALUES, /* ... or any */
    RF_DICT_INT_INTS,     /* int keys, all values ints; nothing was removed */
    RF_DICT_INT_VALUES,   /* int keys */
    RF_DICT_HASH          /* any keys */
} rf_dict_kind;

typedef struct rf_int_pair {
    int64_t key, value;
} rf_int_pair;

typedef struct rf_int_entry {
    int64_t key;
    rf_value value; /* UNSET: removed */
} rf_int_entry;

typedef struct rf_dict_entry {
    rf_value value;    /* UNSET: removed; value.as.string, if any, was the key and is counted */
    rf_string *string; /* counted; NULL: the key is `number` */
    union {
        int64_t number;
        uint64_t word; /* of the string: rf_dict_word */
    } key;
} rf_dict_entry;

struct rf_shape {       /* the keys of records */
    uint32_t references; /* of the dicts and whoever made it */
    uint32_t count;
    rf_string *keys[];  /* interned strings that are no ints, all different */
};

struct rf_dict {
    rf_object object;
    uint32_t count, used; /* entries that live; entries in use, removed ones included */
    uint32_t capacity;    /* entries */
    uint32_t shift;       /* INT and HASH: the index has 1 << (32 - shift) slots; 32 when there is none */
    union {               /* INT and HASH: what was looked for last and is likely wanted again */
        struct {
            uint32_t last, no_word; /* the entry that was found (d[k] += 1); no_word is RF_DICT_NO_WORD then */
        };
        uint64_t missed;  /* HASH: the word of a short key that is not there (d[k] := get(d, k, 0) + 1) */
    };
    union {
        void *data;
        int64_t *ints;
        double *floats;
        rf_value *values; /* RECORD, DENSE_VALUES */
        rf_int_pair *pairs;
        rf_int_entry *int_entries;
        rf_dict_entry *entries;
    } as;
    union {
        uint32_t *index; /* INT, HASH: entry + 1, tagged with bits of the hash; 0 free */
        rf_shape *shape; /* RECORD */
    } by;
};

#define RF_DICT_NO_WORD UINT32_MAX /* the upper half of no short key's word (rf_dict_word) */
enum { RF_DICT_SMALL = 8, RF_SHAPE_LARGEST = 16 };

/* Where the value of an interned string key is if it is at the position guessed (the one found last time at this place
 * of the program); NULL when it is not.  For reading, and in a unique dict for rf_store. */
static inline rf_value *rf_dict_at_guess(const rf_dict *d, const rf_string *key, uint32_t guess)
{
    if (d->object.info == RF_DICT_RECORD)
        return guess < d->used && d->by.shape->keys[guess] == key ? &d->as.values[guess] : NULL;
    if (d->object.info == RF_DICT_HASH)
        return guess < d->used && d->as.entries[guess].string == key ? &d->as.entries[guess].value : NULL;
    return NULL;
}

/* The same, looking for it where it is not at *guess, which is then where it was found; NULL: there is none. */
rf_value *rf_dict_search_named(const rf_dict *d, rf_string *key, uint32_t *guess);
static inline rf_value *rf_dict_named(const rf_dict *d, rf_string *key, uint32_t *guess)
{
    rf_value *at = rf_dict_at_guess(d, key, *guess);
    return RF_LIKELY(at && at->head != RF_UNSET) ? at : rf_dict_search_named(d, key, guess);
}

/* Replaces the value of the entry found last, when that is of this key and all are ints, as in d[k] += 1; false: nothing
 * has changed.  The dict is unique. */
static inline bool rf_dict_replace_int(rf_dict *d, int64_t key, int64_t value)
{
    if (d->object.info != RF_DICT_INT_INTS || d->last >= d->used) return false;
    rf_int_pair *pair = &d->as.pairs[d->last];
    if (pair->key != key) return false;
    pair->value = value;
    return true;
}

#endif
