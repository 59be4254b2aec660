/* The tables behind dicts: memory, index and the change from one kind to another.  Private to dict.c and
 * dict_table.c. */
#ifndef RF_VALUE_DICT_TABLE_H
#define RF_VALUE_DICT_TABLE_H

#include "value/dict_layout.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* Slots are searched by groups of four: which of them holds a key is a number then, and not a jump that is guessed
 * wrongly whenever the key is not where it would be in an empty index. */
enum { RF_DICT_GROUP = 4 };

typedef struct rf_dict_group {
    unsigned tagged, vacant; /* a bit for each slot, the first in the lowest */
} rf_dict_group;

static inline uint32_t rf_dict_first_slot(const rf_dict *d, uint32_t hash)
{
    return hash >> d->shift & ~(uint32_t)(RF_DICT_GROUP - 1);
}

static inline rf_dict_group rf_dict_look(const uint32_t *slots, uint32_t tag, uint32_t entry_bits)
{
#ifdef __SSE2__
    const __m128i group = _mm_loadu_si128((const __m128i *)(const void *)slots);
    const __m128i tags = _mm_andnot_si128(_mm_set1_epi32((int)entry_bits), group);
    const __m128i tagged = _mm_cmpeq_epi32(tags, _mm_set1_epi32((int)tag));
    const __m128i vacant = _mm_cmpeq_epi32(group, _mm_setzero_si128());
    return (rf_dict_group){(unsigned)_mm_movemask_ps(_mm_castsi128_ps(_mm_andnot_si128(vacant, tagged))),
                           (unsigned)_mm_movemask_ps(_mm_castsi128_ps(vacant))};
#else
    rf_dict_group group = {0, 0};
    for (unsigned i = 0; i < RF_DICT_GROUP; i++) {
        group.vacant |= (unsigned)!slots[i] << i;
        group.tagged |= (unsigned)(slots[i] && (slots[i] & ~entry_bits) == tag) << i;
    }
    return group;
#endif
}

/* A string key as one word: the text itself if it has 8 bytes at most, so that comparing and hashing such keys looks at
 * nothing else; else its hash.  The last byte of the word tells: no text of 8 bytes ends with one that is not UTF-8. */
enum { RF_DICT_SHORT = 8, RF_DICT_EMPTY_TEXT = 0xF5, RF_DICT_HASHED = 0xFF };

static inline uint64_t rf_dict_word(rf_string *s)
{
    const uint32_t size = s->size;
    uint64_t word;
    if (RF_UNLIKELY(size > RF_DICT_SHORT)) return (uint64_t)RF_DICT_HASHED << 56 | rf_string_hash(s);
    rf_assert(s->capacity >= RF_DICT_SHORT - 1);
    memcpy(&word, s->text, sizeof word); /* what is behind the text is memory of its cell */
    if (size == RF_DICT_SHORT) return word;
    return (word & ((UINT64_C(1) << 8 * size) - 1)) | (uint64_t)(RF_DICT_EMPTY_TEXT + size) << 56;
}

static inline bool rf_dict_is_text(uint64_t word)
{
    return word >> 56 != RF_DICT_HASHED;
}

static inline uint32_t rf_dict_hash_word(uint64_t word)
{
    return rf_dict_is_text(word) ? rf_hash_word(word) : (uint32_t)word;
}

/* The string that an entry holds a reference to: of its key, or of the short text it was before it was removed; NULL:
 * none. */
static inline rf_string *rf_dict_counted_key(const rf_dict_entry *e)
{
    return e->value.head == RF_UNSET ? e->value.as.string : e->string;
}

/* The strings of keys were made whenever their entries were, and so lie anywhere: whoever touches one after the other
 * asks for those of entries ahead, so as not to wait for each. */
static inline void rf_dict_fetch_key_ahead(const rf_dict *d, uint32_t position)
{
    enum { AHEAD = 8 };
    if (position + AHEAD < d->used) __builtin_prefetch(rf_dict_counted_key(&d->as.entries[position + AHEAD]), 1);
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
