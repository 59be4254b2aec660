/* The tables behind dicts: memory, index and the change from one kind to another.  Private to dict.c and
 * dict_table.c. */
#ifndef RF_VALUE_DICT_TABLE_H
#define RF_VALUE_DICT_TABLE_H

#include "value/dict_layout.h"

static inline bool rf_dict_is_dense(unsigned kind)
{
    return kind >= RF_DICT_DENSE_INTS && kind <= RF_DICT_DENSE_VALUES;
}

/* Bits of an index slot that hold entry + 1; the others hold a part of the hash, so that most wrong entries are not
 * even looked at. */
static inline uint32_t rf_dict_entry_bits(const rf_dict *d)
{
    return d->capacity < (1u << 23) ? 0x00FFFFFFu : 0xFFFFFFFFu;
}

size_t rf_dict_entry_size(unsigned kind);
/* Room for one more entry, growing or dropping removed entries; false after raising Collection too large. */
bool rf_dict_make_room(rf_isolate *isolate, rf_dict *d);
/* Adds entry used - 1 to the index, which is there. */
void rf_dict_index_last(rf_dict *d, uint32_t hash);
/* The same entries in the same order in another kind, with room for one more. */
void rf_dict_convert(rf_isolate *isolate, rf_dict *d, rf_dict_kind kind);
/* Drops removed entries. */
void rf_dict_compact(rf_isolate *isolate, rf_dict *d);
/* An empty table for `capacity` entries; EMPTY just remembers the capacity. */
void rf_dict_make_table(rf_isolate *isolate, rf_dict *d, rf_dict_kind kind, uint32_t capacity);
void rf_dict_free_table(rf_isolate *isolate, rf_dict *d);
/* d becomes a copy of `from`, whose keys and values get one more reference each. */
void rf_dict_copy_table(rf_isolate *isolate, rf_dict *d, const rf_dict *from);

#endif
