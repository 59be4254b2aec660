#include "value/dict_table.h"

#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

#include <string.h>

enum { LEAST_CAPACITY = 4 };

size_t rf_dict_entry_size(unsigned kind)
{
    static const uint8_t sizes[] = {
        [RF_DICT_EMPTY] = 0,
        [RF_DICT_RECORD] = sizeof(rf_value),
        [RF_DICT_DENSE_INTS] = sizeof(int64_t),
        [RF_DICT_DENSE_FLOATS] = sizeof(double),
        [RF_DICT_DENSE_VALUES] = sizeof(rf_value),
        [RF_DICT_INT_INTS] = sizeof(rf_int_pair),
        [RF_DICT_INT_VALUES] = sizeof(rf_int_entry),
        [RF_DICT_HASH] = sizeof(rf_dict_entry),
    };
    return sizes[kind];
}

static bool has_index(unsigned kind)
{
    return kind >= RF_DICT_INT_INTS;
}

static size_t index_slots(const rf_dict *d)
{
    return d->shift < 32 ? (size_t)1 << (32 - d->shift) : 0;
}

/* Entries for an index of 1 << bits slots: at most three quarters full. */
static uint32_t room_of(uint32_t bits)
{
    return UINT32_C(3) << (bits - 2);
}

void rf_dict_make_table(rf_isolate *isolate, rf_dict *d, rf_dict_kind kind, uint32_t capacity)
{
    d->object.info = (uint16_t)kind;
    d->count = d->used = 0;
    d->shift = 32;
    d->last = 0;
    d->no_word = RF_DICT_NO_WORD;
    d->by.index = NULL;
    if (has_index(kind) && capacity > RF_DICT_SMALL) {
        uint32_t bits = 4;
        while (room_of(bits) < capacity) bits++;
        capacity = room_of(bits);
        d->shift = 32 - bits;
        size_t size = index_slots(d) * sizeof(uint32_t);
        d->by.index = rf_heap_alloc(isolate, size, RF_DICT);
        memset(d->by.index, 0, size);
    }
    d->capacity = capacity;
    size_t size = capacity * rf_dict_entry_size(kind);
    d->as.data = size ? rf_heap_alloc(isolate, size, RF_DICT) : NULL;
}

size_t rf_dict_buffer_size(const rf_dict *d)
{
    const bool has_own_index = d->object.info != RF_DICT_RECORD && d->by.index;
    return d->capacity * rf_dict_entry_size(d->object.info) + (has_own_index ? index_slots(d) * sizeof(uint32_t) : 0);
}

void rf_dict_free_table(rf_isolate *isolate, rf_dict *d)
{
    size_t size = d->capacity * rf_dict_entry_size(d->object.info);
    if (size) rf_heap_free(isolate, d->as.data, size);
    if (d->object.info == RF_DICT_RECORD)
        rf_shape_release(d->by.shape);
    else if (d->by.index)
        rf_heap_free(isolate, d->by.index, index_slots(d) * sizeof(uint32_t));
}

static void index_entry(rf_dict *d, uint32_t entry, uint32_t hash)
{
    const uint32_t mask = (uint32_t)index_slots(d) - 1;
    uint32_t at = rf_dict_first_slot(d, hash);
    unsigned vacant;
    while (!(vacant = rf_dict_look(d->by.index + at, 0, 0).vacant)) at = (at + RF_DICT_GROUP) & mask;
    d->by.index[at + (uint32_t)__builtin_ctz(vacant)] = (entry + 1) | (hash << 24 & ~rf_dict_entry_bits(d));
}

void rf_dict_index_last(rf_dict *d, uint32_t hash)
{
    index_entry(d, d->used - 1, hash);
}

/* The next entry that lives, in whatever kind, as an entry of HASH; what it refers to is not
 * counted again. */
static bool next_entry(const rf_dict *d, uint32_t *at, rf_dict_entry *entry)
{
    while (*at < d->used) {
        uint32_t i = (*at)++;
        entry->string = NULL;
        entry->key.number = i;
        switch ((rf_dict_kind)d->object.info) {
        case RF_DICT_DENSE_INTS: entry->value = rf_int(d->as.ints[i]); return true;
        case RF_DICT_DENSE_FLOATS: entry->value = rf_float(d->as.floats[i]); return true;
        case RF_DICT_DENSE_VALUES: entry->value = d->as.values[i]; return true;
        case RF_DICT_RECORD:
            entry->value = d->as.values[i];
            entry->string = d->by.shape->keys[i];
            entry->key.word = rf_dict_word(entry->string);
            return true;
        case RF_DICT_INT_INTS:
            entry->key.number = d->as.pairs[i].key;
            entry->value = rf_int(d->as.pairs[i].value);
            return true;
        case RF_DICT_INT_VALUES:
            entry->key.number = d->as.int_entries[i].key;
            entry->value = d->as.int_entries[i].value;
            break;
        default: *entry = d->as.entries[i]; break;
        }
        if (entry->value.head != RF_UNSET) return true;
    }
    return false;
}

/* Appends to a table that has room and is of a kind that can hold the entry. */
static void put(rf_dict *d, const rf_dict_entry *entry)
{
    uint32_t i = d->used++;
    d->count++;
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_DENSE_VALUES: d->as.values[i] = entry->value; break;
    case RF_DICT_INT_INTS:
        d->as.pairs[i] = (rf_int_pair){entry->key.number, entry->value.as.i};
        if (d->by.index) rf_dict_index_last(d, rf_key_hash_number(entry->key.number));
        break;
    case RF_DICT_INT_VALUES:
        d->as.int_entries[i] = (rf_int_entry){entry->key.number, entry->value};
        if (d->by.index) rf_dict_index_last(d, rf_key_hash_number(entry->key.number));
        break;
    default:
        d->as.entries[i] = *entry;
        if (d->by.index)
            rf_dict_index_last(d, entry->string ? rf_dict_hash_word(entry->key.word)
                                                : rf_key_hash_number(entry->key.number));
        break;
    }
}

/* The keys of entries that were removed: those of the others have gone to another table. */
static void release_removed(rf_isolate *isolate, const rf_dict *d)
{
    if (d->object.info != RF_DICT_HASH || d->count == d->used) return;
    for (uint32_t i = 0; i < d->used; i++) {
        if (d->as.entries[i].value.head != RF_UNSET) continue;
        rf_string *key = rf_dict_counted_key(&d->as.entries[i]);
        if (key) rf_release_object(isolate, &key->object);
    }
}

static void rebuild(rf_isolate *isolate, rf_dict *d, rf_dict_kind kind, uint32_t capacity)
{
    rf_dict old = *d;
    rf_dict_entry entry;
    rf_dict_make_table(isolate, d, kind, capacity);
    for (uint32_t at = 0; next_entry(&old, &at, &entry);) put(d, &entry);
    release_removed(isolate, &old);
    rf_dict_free_table(isolate, &old); /* keys of shapes are interned: nothing to count */
}

void rf_dict_convert(rf_isolate *isolate, rf_dict *d, rf_dict_kind kind)
{
    uint32_t capacity = d->count + d->count / 2 + 1;
    if (capacity < d->capacity) capacity = d->capacity;
    if (capacity < LEAST_CAPACITY) capacity = LEAST_CAPACITY;
    rebuild(isolate, d, kind, capacity);
}

void rf_dict_compact(rf_isolate *isolate, rf_dict *d)
{
    uint32_t capacity = d->count + d->count / 4 + 1;
    rebuild(isolate, d, d->object.info, capacity < LEAST_CAPACITY ? LEAST_CAPACITY : capacity);
}

static uint32_t hash_at(const rf_dict *d, uint32_t i)
{
    if (d->object.info == RF_DICT_INT_INTS) return rf_key_hash_number(d->as.pairs[i].key);
    if (d->object.info == RF_DICT_INT_VALUES) return rf_key_hash_number(d->as.int_entries[i].key);
    const rf_dict_entry *e = &d->as.entries[i];
    return e->string ? rf_dict_hash_word(e->key.word) : rf_key_hash_number(e->key.number);
}

/* Twice the room for entries of which none was removed: they stay where they are, only the index is made anew. */
static void widen_index(rf_isolate *isolate, rf_dict *d)
{
    const size_t size = rf_dict_entry_size(d->object.info), slots = index_slots(d);
    d->as.data = rf_heap_resize(isolate, d->as.data, d->capacity * size, 2 * d->capacity * size);
    rf_heap_free(isolate, d->by.index, slots * sizeof(uint32_t));
    d->capacity *= 2;
    d->shift--;
    d->by.index = rf_heap_alloc(isolate, 2 * slots * sizeof(uint32_t), RF_DICT);
    memset(d->by.index, 0, 2 * slots * sizeof(uint32_t));
    if (d->object.info == RF_DICT_INT_INTS) {
        for (uint32_t i = 0; i < d->used; i++) index_entry(d, i, rf_key_hash_number(d->as.pairs[i].key));
    } else {
        for (uint32_t i = 0; i < d->used; i++) index_entry(d, i, hash_at(d, i));
    }
}

static bool grow(rf_isolate *isolate, rf_dict *d)
{
    uint32_t limit = has_index(d->object.info) ? UINT32_C(1) << 30 : (uint32_t)INT32_MAX;
    if (d->count >= limit) {
        rf_raise(isolate, "Collection too large");
        return false;
    }
    size_t size = rf_dict_entry_size(d->object.info);
    uint32_t capacity = d->capacity + d->capacity / 2;
    if (capacity < LEAST_CAPACITY) capacity = LEAST_CAPACITY;
    if (capacity > limit) capacity = limit;
    if (has_index(d->object.info)) {
        if (capacity > RF_DICT_SMALL / 2 && capacity <= RF_DICT_SMALL) capacity = RF_DICT_SMALL;
        if (capacity > RF_DICT_SMALL && d->by.index && d->count == d->used) {
            widen_index(isolate, d);
            return true;
        }
        if (capacity > RF_DICT_SMALL) {
            rebuild(isolate, d, d->object.info,
                    d->count > d->capacity / 2 ? d->capacity + 1 : d->capacity);
            return true;
        }
    }
    d->as.data = d->as.data
                     ? rf_heap_resize(isolate, d->as.data, d->capacity * size, capacity * size)
                     : rf_heap_alloc(isolate, capacity * size, RF_DICT);
    d->capacity = capacity;
    return true;
}

bool rf_dict_make_room(rf_isolate *isolate, rf_dict *d)
{
    return RF_LIKELY(d->used < d->capacity) || grow(isolate, d);
}

void rf_dict_copy_table(rf_isolate *isolate, rf_dict *d, const rf_dict *from)
{
    rf_dict_entry entry;
    if (from->object.info == RF_DICT_HASH &&
        from->count < from->used) { /* a chance to drop removed entries */
        rf_dict_make_table(isolate, d, RF_DICT_HASH, from->count + 1);
        for (uint32_t at = 0; next_entry(from, &at, &entry);) put(d, &entry);
    } else {
        rf_object header = d->object;
        *d = *from;
        d->object = header;
        d->object.info = from->object.info;
        size_t size = from->capacity * rf_dict_entry_size(from->object.info);
        if (size) d->as.data = rf_heap_alloc(isolate, size, RF_DICT);
        if (size)
            memcpy(d->as.data, from->as.data, from->used * rf_dict_entry_size(from->object.info));
        if (from->object.info == RF_DICT_RECORD) {
            d->by.shape->references++;
        } else if (from->by.index) {
            d->by.index = rf_heap_alloc(isolate, index_slots(from) * sizeof(uint32_t), RF_DICT);
            memcpy(d->by.index, from->by.index, index_slots(from) * sizeof(uint32_t));
        }
    }
    for (uint32_t at = 0; next_entry(d, &at, &entry);) {
        rf_retain(entry.value);
        if (entry.string) rf_retain_object(&entry.string->object);
    }
}
