/* Dicts: insertion-ordered, keys are strings; a key that is the decimal text of an int64 is the same key as that int
 * (LANGUAGE 5.6).  A key is normalised once to rf_key; representations are invisible (RUNTIME 6). */
#ifndef RF_VALUE_DICT_H
#define RF_VALUE_DICT_H

#include "value/string.h"

/* Normalised key: an int (string == NULL) or a string that is not the decimal text of an int64. */
typedef struct rf_key { /* two words: passed in registers */
    rf_string *string; /* borrowed */
    int64_t number;
} rf_key;

typedef struct rf_dict rf_dict; /* layout in dict_layout.h, for dict.c and the engines' inline caches */

rf_value rf_dict_new(rf_isolate *isolate, size_t capacity);
/* Records: dicts made by one literal with constant keys share these in a shape.  The keys are borrowed; NULL when a
 * record cannot have them (an int, one twice, one that is not interned, more than 16, none).  Counted by hand. */
typedef struct rf_shape rf_shape;
rf_shape *rf_shape_new(rf_string *const *keys, uint32_t count);
void rf_shape_release(rf_shape *shape);
rf_value rf_dict_new_record(rf_isolate *isolate, rf_shape *shape, const rf_value *values); /* values are moved in */
/* Multiply-shift (Dietzfelbinger and others, 1997): the high bits depend on all of the number, so tables are indexed
 * by them. */
static inline uint32_t rf_key_hash_number(int64_t number)
{
    return (uint32_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}
static inline uint32_t rf_key_hash(rf_key key)
{
    return key.string ? rf_string_hash(key.string) : rf_key_hash_number(key.number);
}
rf_key rf_key_from_string_slow(rf_string *s);
static inline rf_key rf_key_from_string(rf_string *s)
{
    if (RF_LIKELY((s->object.flags & (RF_STRING_KEY_KNOWN | RF_STRING_INT_KEY)) == RF_STRING_KEY_KNOWN))
        return (rf_key){.string = s, .number = 0};
    if ((unsigned char)s->text[0] > '9') { /* no int begins like that */
        s->object.flags |= RF_STRING_KEY_KNOWN;
        return (rf_key){.string = s, .number = 0};
    }
    return rf_key_from_string_slow(s);
}
/* False when the value is neither string nor int. */
static inline bool rf_key_from_value(rf_value key, rf_key *out)
{
    if (key.head == RF_INT) {
        *out = (rf_key){.string = NULL, .number = key.as.i};
        return true;
    }
    if (key.head != RF_STRING) return false;
    *out = rf_key_from_string(key.as.string);
    return true;
}
uint32_t rf_dict_count(const rf_dict *d);
rf_value rf_dict_get(const rf_dict *d, rf_key key);  /* new; UNSET when missing */
rf_value rf_dict_peek_int(const rf_dict *d, int64_t number); /* borrows; UNSET when missing */
rf_value rf_dict_peek_string(const rf_dict *d, rf_string *string); /* one that is no int */
static inline rf_value rf_dict_peek(const rf_dict *d, rf_key key)
{
    return key.string ? rf_dict_peek_string(d, key.string) : rf_dict_peek_int(d, key.number);
}
bool rf_dict_has(const rf_dict *d, rf_key key);
/* The dict must be unique (rf_dict_unique).  Steals v.  False: raised Collection too large. */
bool rf_dict_set(rf_isolate *isolate, rf_dict *d, rf_key key, rf_value v);
/* Moves the value out; UNSET when missing. */
rf_value rf_dict_remove(rf_isolate *isolate, rf_dict *d, rf_key key);
void rf_dict_clear(rf_isolate *isolate, rf_dict *d);
rf_dict *rf_dict_copy_slot(rf_isolate *isolate, rf_value *slot);
static inline rf_dict *rf_dict_unique(rf_isolate *isolate, rf_value *slot) /* makes *slot the only owner of its dict */
{
    return RF_LIKELY(slot->as.o->count == 1) ? slot->as.dict : rf_dict_copy_slot(isolate, slot);
}
/* One lookup for reading and writing: the position of key, -1 when missing; the value there (borrowed); storing there
 * (the dict is unique; steals v).  A position holds until an entry is removed or a key added. */
int64_t rf_dict_find(const rf_dict *d, rf_key key);
rf_value rf_dict_at(const rf_dict *d, uint32_t position);
void rf_dict_set_at(rf_isolate *isolate, rf_dict *d, uint32_t position, rf_value v);
/* Where a value is that is no plain number, so that a container in a unique dict can be changed in place; NULL when
 * missing or kept unboxed. */
rf_value *rf_dict_find_slot(rf_dict *d, rf_key key);
/* Moves the value of key out of the (unique) dict leaving a hole that the next rf_dict_set of the same key fills:
 * lets a nested container be changed in place.  UNSET when missing. */
rf_value rf_dict_take(rf_isolate *isolate, rf_dict *d, rf_key key);

/* Walking in insertion order (at is a position, behind it after the call): for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);) ...; key and value borrow */
bool rf_dict_next(const rf_dict *d, uint32_t *at, rf_key *key, rf_value *value);
rf_value rf_key_to_string(rf_isolate *isolate, rf_key key); /* the key as a string value, new */
/* Keys in key order (LANGUAGE 17.3): by number if all are ints, else by text.  New array (rf_free) of count keys;
 * int keys of a mixed dict are compared by their text.  by_text: always by text (JSON). */
rf_key *rf_dict_sorted_keys(rf_isolate *isolate, const rf_dict *d, bool by_text);
/* Text of a key, NUL-terminated, without making a string: writes into small (24 bytes) for ints. */
const char *rf_key_text(rf_key key, char small[24], size_t *size);

#endif
