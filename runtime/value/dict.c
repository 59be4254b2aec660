/* Dicts in insertion order.
 *
 * One interface over the kinds of dict_layout.h: find the position of a key, read or store there,
 * append, remove.  A dict starts EMPTY; its first entry chooses the kind, a later one that does not
 * fit converts it, and only towards more general kinds: dense -> int -> hash, record -> hash, ints
 * or floats -> values. */
#include "value/dict_table.h"

#include "value/object.h"

#include "base/alloc.h"

/* ---- shapes ---- */

rf_shape *rf_shape_new(rf_string *const *keys, uint32_t count)
{
    if (!count || count > RF_SHAPE_LARGEST) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        int64_t number;
        if (!(keys[i]->object.flags & RF_STRING_INTERNED) || rf_string_int_key(keys[i], &number))
            return NULL;
        for (uint32_t k = 0; k < i; k++)
            if (keys[k] == keys[i]) return NULL;
    }
    rf_shape *shape = rf_alloc(sizeof *shape + count * sizeof(rf_string *));
    shape->references = 1;
    shape->count = count;
    for (uint32_t i = 0; i < count; i++) shape->keys[i] = keys[i];
    return shape;
}

void rf_shape_release(rf_shape *shape)
{
    if (shape && --shape->references == 0) rf_free(shape);
}

/* ---- finding ---- */

static int64_t find_in_record(const rf_dict *d, rf_key key)
{
    if (!key.string) return -1;
    const rf_shape *shape = d->by.shape;
    for (uint32_t i = 0; i < shape->count; i++)
        if (shape->keys[i] == key.string) return i;
    if (key.string->object.flags & RF_STRING_INTERNED) return -1;
    for (uint32_t i = 0; i < shape->count; i++)
        if (rf_string_equal(shape->keys[i], key.string)) return i;
    return -1;
}

static inline bool is_int_entry(const rf_dict *d, uint32_t i, int64_t number)
{
    if (d->object.info == RF_DICT_INT_INTS) return d->as.pairs[i].key == number;
    return d->as.int_entries[i].key == number && d->as.int_entries[i].value.head != RF_UNSET;
}

/* Whoever looks for a key often looks for it again at once, to store what it computed. */
static inline uint32_t found(const rf_dict *d, uint32_t position)
{
    rf_dict *noting = (rf_dict *)(uintptr_t)d;
    noting->last = position;
    noting->no_word = RF_DICT_NO_WORD;
    return position;
}

/* Position of the entry with this hash for which is_it holds, or -1; there is an index. */
#define FIND_INDEXED(d, hash, position, is_it)                                                      \
    do {                                                                                            \
        const uint32_t bits = rf_dict_entry_bits(d), tag = (hash) << 24 & ~bits;                    \
        const uint32_t mask = UINT32_MAX >> (d)->shift;                                             \
        for (uint32_t at = rf_dict_first_slot(d, hash);; at = (at + RF_DICT_GROUP) & mask) {        \
            const rf_dict_group group = rf_dict_look((d)->by.index + at, tag, bits);                \
            for (unsigned left = group.tagged; left; left &= left - 1) {                            \
                const uint32_t position = ((d)->by.index[at + (uint32_t)__builtin_ctz(left)] & bits) - 1; \
                if (is_it) return found(d, position);                                               \
            }                                                                                       \
            if (group.vacant) return -1;                                                            \
        }                                                                                           \
    } while (0)

/* Position of number among pairs with an index, or -1. */
static RF_ALWAYS_INLINE int64_t find_pair(const rf_dict *d, int64_t number)
{
    FIND_INDEXED(d, rf_key_hash_number(number), position, d->as.pairs[position].key == number);
}

static int64_t find_int(const rf_dict *d, int64_t number)
{
    if (d->last < d->used && is_int_entry(d, d->last, number)) return d->last;
    if (!d->by.index) {
        for (uint32_t i = 0; i < d->used; i++)
            if (is_int_entry(d, i, number)) return found(d, i);
        return -1;
    }
    if (d->object.info == RF_DICT_INT_INTS) return find_pair(d, number);
    FIND_INDEXED(d, rf_key_hash_number(number), position, is_int_entry(d, position, number));
}

static inline bool is_number_entry(const rf_dict_entry *e, int64_t number)
{
    return e->key.number == number && !e->string && e->value.head != RF_UNSET;
}

/* A removed entry has no string. */
static inline bool is_text_entry(const rf_dict_entry *e, rf_string *string, uint64_t word)
{
    return e->key.word == word && e->string && (rf_dict_is_text(word) || rf_string_equal(e->string, string));
}

static int64_t find_number(const rf_dict *d, int64_t number)
{
    if (!d->by.index) {
        for (uint32_t i = 0; i < d->used; i++)
            if (is_number_entry(&d->as.entries[i], number)) return found(d, i);
        return -1;
    }
    FIND_INDEXED(d, rf_key_hash_number(number), position, is_number_entry(&d->as.entries[position], number));
}

/* A short text is its word: then no string is compared, so nothing is called. */
static RF_ALWAYS_INLINE int64_t find_word(const rf_dict *d, uint64_t word)
{
    if (!d->by.index) {
        for (uint32_t i = 0; i < d->used; i++)
            if (d->as.entries[i].key.word == word && d->as.entries[i].string) return found(d, i);
        return -1;
    }
    FIND_INDEXED(d, rf_hash_word(word), position, d->as.entries[position].key.word == word && d->as.entries[position].string);
}

static RF_NOINLINE int64_t search_short_on(const rf_dict *d, uint64_t word)
{
    const int64_t position = find_word(d, word);
    if (position < 0) ((rf_dict *)(uintptr_t)d)->missed = word;
    return position;
}

/* It is not the entry found last.  Mostly the first slot looked at tells; only if not is there a loop to prepare for. */
static RF_NOINLINE int64_t search_short(const rf_dict *d, uint64_t word)
{
    if (RF_UNLIKELY(!d->by.index)) return search_short_on(d, word);
    const uint32_t hash = rf_hash_word(word), bits = rf_dict_entry_bits(d);
    const uint32_t *slots = d->by.index + rf_dict_first_slot(d, hash);
    const rf_dict_group group = rf_dict_look(slots, hash << 24 & ~bits, bits);
    if (group.tagged) {
        const uint32_t position = (slots[__builtin_ctz(group.tagged)] & bits) - 1;
        const rf_dict_entry *e = &d->as.entries[position];
        if (RF_LIKELY(e->key.word == word && e->string)) return found(d, position);
    } else if (RF_LIKELY(group.vacant)) {
        ((rf_dict *)(uintptr_t)d)->missed = word;
        return -1;
    }
    return search_short_on(d, word);
}

static RF_NOINLINE int64_t search_text(const rf_dict *d, rf_string *string, uint64_t word)
{
    if (!d->by.index) {
        for (uint32_t i = 0; i < d->used; i++)
            if (is_text_entry(&d->as.entries[i], string, word)) return found(d, i);
        return -1;
    }
    FIND_INDEXED(d, rf_dict_hash_word(word), position, is_text_entry(&d->as.entries[position], string, word));
}

static inline int64_t find_text(const rf_dict *d, rf_string *string)
{
    const uint64_t word = rf_dict_word(string);
    if (d->missed == word) return -1;
    if (d->last < d->used && is_text_entry(&d->as.entries[d->last], string, word)) return d->last;
    return rf_dict_is_text(word) ? search_short(d, word) : search_text(d, string, word);
}

static int64_t find_hashed(const rf_dict *d, rf_key key)
{
    return key.string ? find_text(d, key.string) : find_number(d, key.number);
}

int64_t rf_dict_find(const rf_dict *d, rf_key key)
{
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_EMPTY: return -1;
    case RF_DICT_RECORD: return find_in_record(d, key);
    case RF_DICT_DENSE_INTS:
    case RF_DICT_DENSE_FLOATS:
    case RF_DICT_DENSE_VALUES:
        return !key.string && (uint64_t)key.number < d->used ? key.number : -1;
    case RF_DICT_INT_INTS:
    case RF_DICT_INT_VALUES: return key.string ? -1 : find_int(d, key.number);
    default: return find_hashed(d, key);
    }
}

static inline bool has_slots(const rf_dict *d)
{
    return d->object.info == RF_DICT_RECORD || d->object.info == RF_DICT_DENSE_VALUES ||
           d->object.info >= RF_DICT_INT_VALUES;
}

/* Where an entry keeps its value, for the kinds that keep any value. */
static inline rf_value *slot_at(const rf_dict *d, uint32_t position)
{
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_RECORD:
    case RF_DICT_DENSE_VALUES: return &d->as.values[position];
    case RF_DICT_INT_VALUES: return &d->as.int_entries[position].value;
    default: return &d->as.entries[position].value;
    }
}

rf_value rf_dict_at(const rf_dict *d, uint32_t position)
{
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_DENSE_INTS: return rf_int(d->as.ints[position]);
    case RF_DICT_DENSE_FLOATS: return rf_float(d->as.floats[position]);
    case RF_DICT_INT_INTS: return rf_int(d->as.pairs[position].value);
    default: return *slot_at(d, position);
    }
}

rf_value rf_dict_peek_int(const rf_dict *d, int64_t number)
{
    if (RF_LIKELY(d->object.info == RF_DICT_INT_INTS && d->by.index)) {
        const int64_t at = find_pair(d, number);
        return at < 0 ? rf_unset() : rf_int(d->as.pairs[at].value);
    }
    if (d->object.info == RF_DICT_DENSE_INTS)
        return (uint64_t)number < d->used ? rf_int(d->as.ints[number]) : rf_unset();
    const int64_t position = rf_dict_find(d, (rf_key){.string = NULL, .number = number});
    return position < 0 ? rf_unset() : rf_dict_at(d, (uint32_t)position);
}

rf_value rf_dict_peek_string(const rf_dict *d, rf_string *string)
{
    const rf_key key = {.string = string, .number = 0};
    if (RF_LIKELY(d->object.info == RF_DICT_HASH)) {
        const int64_t at = find_text(d, string);
        return at < 0 ? rf_unset() : d->as.entries[at].value;
    }
    const int64_t position = d->object.info == RF_DICT_RECORD ? find_in_record(d, key) : -1;
    return position < 0 ? rf_unset() : d->as.values[position];
}

rf_value rf_dict_get(const rf_dict *d, rf_key key)
{
    return rf_copy(rf_dict_peek(d, key));
}

bool rf_dict_has(const rf_dict *d, rf_key key)
{
    return rf_dict_find(d, key) >= 0;
}

rf_value *rf_dict_find_slot(rf_dict *d, rf_key key)
{
    int64_t position = rf_dict_find(d, key);
    return position < 0 || !has_slots(d) ? NULL : slot_at(d, (uint32_t)position);
}

rf_value *rf_dict_search_named(const rf_dict *d, rf_string *key, uint32_t *guess)
{
    const int64_t position = rf_dict_find(d, rf_key_from_string(key));
    if (position < 0) return NULL;
    *guess = (uint32_t)position;
    return slot_at(d, *guess);
}

uint32_t rf_dict_count(const rf_dict *d)
{
    return d->count;
}

/* ---- storing ---- */

void rf_dict_set_at(rf_isolate *isolate, rf_dict *d, uint32_t position, rf_value v)
{
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_DENSE_INTS:
        if (v.head != RF_INT) break;
        d->as.ints[position] = v.as.i;
        return;
    case RF_DICT_DENSE_FLOATS:
        if (v.head != RF_FLOAT) break;
        d->as.floats[position] = v.as.d;
        return;
    case RF_DICT_INT_INTS:
        if (v.head != RF_INT) break;
        d->as.pairs[position].value = v.as.i;
        return;
    default: rf_store(isolate, slot_at(d, position), v); return;
    }
    rf_dict_convert(isolate, d,
                    d->object.info == RF_DICT_INT_INTS ? RF_DICT_INT_VALUES : RF_DICT_DENSE_VALUES);
    *slot_at(d, position) = v;
}

/* The kind for an entry that is the first one. */
static rf_dict_kind first_kind(rf_key key, rf_value v)
{
    if (key.string) return RF_DICT_HASH;
    if (key.number) return v.head == RF_INT ? RF_DICT_INT_INTS : RF_DICT_INT_VALUES;
    return v.head == RF_INT     ? RF_DICT_DENSE_INTS
           : v.head == RF_FLOAT ? RF_DICT_DENSE_FLOATS
                                : RF_DICT_DENSE_VALUES;
}

/* The kind that can take the new entry as well as the present ones. */
static rf_dict_kind kind_with(const rf_dict *d, rf_key key, rf_value v)
{
    rf_dict_kind kind = d->object.info;
    if (kind == RF_DICT_EMPTY) return first_kind(key, v);
    if (kind == RF_DICT_HASH || kind == RF_DICT_RECORD || key.string) return RF_DICT_HASH;
    if (rf_dict_is_dense(kind)) {
        bool has_ints = kind == RF_DICT_DENSE_INTS;
        if (key.number != (int64_t)d->used)
            return has_ints && v.head == RF_INT ? RF_DICT_INT_INTS : RF_DICT_INT_VALUES;
        bool fits =
            (has_ints && v.head == RF_INT) || (kind == RF_DICT_DENSE_FLOATS && v.head == RF_FLOAT);
        return fits ? kind : RF_DICT_DENSE_VALUES;
    }
    return kind == RF_DICT_INT_INTS && v.head == RF_INT ? kind : RF_DICT_INT_VALUES;
}

/* Adds a key that is not there; steals v. */
static bool append(rf_isolate *isolate, rf_dict *d, rf_key key, rf_value v)
{
    rf_dict_kind kind = kind_with(d, key, v);
    if (d->object.info == RF_DICT_EMPTY)
        rf_dict_make_table(isolate, d, kind, d->capacity);
    else if (d->object.info != kind)
        rf_dict_convert(isolate, d, kind);
    if (!rf_dict_make_room(isolate, d)) {
        rf_release(isolate, v);
        return false;
    }
    uint32_t i = d->used++, hash = 0;
    d->count++;
    switch (kind) {
    case RF_DICT_DENSE_INTS: d->as.ints[i] = v.as.i; return true;
    case RF_DICT_DENSE_FLOATS: d->as.floats[i] = v.as.d; return true;
    case RF_DICT_DENSE_VALUES: d->as.values[i] = v; return true;
    case RF_DICT_INT_INTS: d->as.pairs[i] = (rf_int_pair){key.number, v.as.i}; break;
    case RF_DICT_INT_VALUES: d->as.int_entries[i] = (rf_int_entry){key.number, v}; break;
    default:
        d->as.entries[i] = (rf_dict_entry){.value = v, .string = key.string, .key.number = key.number};
        if (!key.string) break;
        rf_retain_object(&key.string->object);
        d->as.entries[i].key.word = rf_dict_word(key.string);
        found(d, i);
        hash = rf_dict_hash_word(d->as.entries[i].key.word);
        break;
    }
    if (d->by.index) rf_dict_index_last(d, key.string ? hash : rf_key_hash_number(key.number));
    return true;
}

/* The same of a string key in a HASH; whoever reads or stores it next finds it at once. */
static bool append_text(rf_isolate *isolate, rf_dict *d, rf_string *string, rf_value v)
{
    if (!rf_dict_make_room(isolate, d)) {
        rf_release(isolate, v);
        return false;
    }
    const uint64_t word = rf_dict_word(string);
    d->as.entries[d->used++] = (rf_dict_entry){.value = v, .string = string, .key.word = word};
    found(d, d->used - 1);
    d->count++;
    rf_retain_object(&string->object);
    if (d->by.index) rf_dict_index_last(d, rf_dict_hash_word(word));
    return true;
}

bool rf_dict_set(rf_isolate *isolate, rf_dict *d, rf_key key, rf_value v)
{
    if (d->object.info == RF_DICT_HASH && key.string) {
        const int64_t at = find_text(d, key.string);
        if (at < 0) return append_text(isolate, d, key.string, v);
        rf_store(isolate, &d->as.entries[at].value, v);
        return true;
    }
    if (d->object.info == RF_DICT_INT_INTS && v.head == RF_INT && !key.string) {
        const int64_t at = find_int(d, key.number);
        if (at < 0) return append(isolate, d, key, v);
        d->as.pairs[at].value = v.as.i;
        return true;
    }
    int64_t position = rf_dict_find(d, key);
    if (position < 0) return append(isolate, d, key, v);
    rf_dict_set_at(isolate, d, (uint32_t)position, v);
    return true;
}

/* ---- taking out ---- */

rf_value rf_dict_take(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    (void)isolate;
    int64_t position = rf_dict_find(d, key);
    if (position < 0) return rf_unset();
    rf_value v = rf_dict_at(d, (uint32_t)position);
    if (has_slots(d)) *slot_at(d, (uint32_t)position) = rf_null();
    return v;
}

/* Kinds in which an entry cannot be marked as removed become one in which it can. */
static void allow_removal(rf_isolate *isolate, rf_dict *d)
{
    if (d->object.info == RF_DICT_RECORD)
        rf_dict_convert(isolate, d, RF_DICT_HASH);
    else if (d->object.info != RF_DICT_HASH)
        rf_dict_convert(isolate, d, RF_DICT_INT_VALUES);
}

/* Of an entry that is being removed.  The string of a short text stays in its value until the table goes: to release it
 * now would be to wait for its memory. */
static inline void drop_key(rf_isolate *isolate, rf_dict_entry *e)
{
    rf_string *string = e->string;
    if (!string) return;
    e->string = NULL;
    if (rf_dict_is_text(e->key.word))
        e->value.as.string = string;
    else
        rf_release_object(isolate, &string->object);
}

rf_value rf_dict_remove(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    int64_t found = rf_dict_find(d, key);
    if (found < 0) return rf_unset();
    uint32_t position = (uint32_t)found;
    if (rf_dict_is_dense(d->object.info) &&
        position == d->used - 1) { /* the last one: still dense */
        rf_value v = rf_dict_at(d, position);
        d->count = --d->used;
        return v;
    }
    if (d->object.info != RF_DICT_INT_VALUES) allow_removal(isolate, d);
    rf_value v = rf_take(slot_at(d, position));
    d->count--;
    if (d->object.info == RF_DICT_HASH) drop_key(isolate, &d->as.entries[position]);
    if (d->used > 2 * RF_DICT_SMALL && d->count < d->used / 2) rf_dict_compact(isolate, d);
    return v;
}

static void release_entries(rf_isolate *isolate, rf_dict *d)
{
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_RECORD:
    case RF_DICT_DENSE_VALUES:
        for (uint32_t i = 0; i < d->used; i++) rf_release(isolate, d->as.values[i]);
        break;
    case RF_DICT_INT_VALUES:
        for (uint32_t i = 0; i < d->used; i++) rf_release(isolate, d->as.int_entries[i].value);
        break;
    case RF_DICT_HASH:
        for (uint32_t i = 0; i < d->used; i++) {
            rf_dict_fetch_key_ahead(d, i);
            rf_release(isolate, d->as.entries[i].value);
            rf_string *key = rf_dict_counted_key(&d->as.entries[i]);
            if (key) rf_release_object(isolate, &key->object);
        }
        break;
    default: break;
    }
}

void rf_dict_clear(rf_isolate *isolate, rf_dict *d)
{
    rf_dict old = *d;
    rf_dict_make_table(isolate, d, RF_DICT_EMPTY, 0);
    release_entries(isolate, &old);
    rf_dict_free_table(isolate, &old);
}

void rf_dict_free(rf_isolate *isolate, rf_dict *d)
{
    release_entries(isolate, d);
    rf_dict_free_table(isolate, d);
    rf_object_free(isolate, d, sizeof *d);
}

/* ---- making ---- */

rf_value rf_dict_new(rf_isolate *isolate, size_t capacity)
{
    rf_dict *d = rf_object_new(isolate, sizeof *d, RF_DICT, RF_DICT_EMPTY);
    uint32_t limit = UINT32_C(1) << 30;
    rf_dict_make_table(isolate, d, RF_DICT_EMPTY, capacity < limit ? (uint32_t)capacity : limit);
    return rf_object_value(RF_DICT, d);
}

rf_value rf_dict_new_record(rf_isolate *isolate, rf_shape *shape, const rf_value *values)
{
    rf_dict *d = rf_object_new(isolate, sizeof *d, RF_DICT, RF_DICT_RECORD);
    rf_dict_make_table(isolate, d, RF_DICT_RECORD, shape->count);
    d->count = d->used = shape->count;
    d->by.shape = shape;
    shape->references++;
    for (uint32_t i = 0; i < shape->count; i++) d->as.values[i] = values[i];
    return rf_object_value(RF_DICT, d);
}

rf_dict *rf_dict_copy_slot(rf_isolate *isolate, rf_value *slot)
{
    rf_heap_copying(isolate, slot->as.o);
    rf_dict *copy = rf_object_new(isolate, sizeof *copy, RF_DICT, RF_DICT_EMPTY);
    rf_dict_copy_table(isolate, copy, slot->as.dict);
    rf_store(isolate, slot, rf_object_value(RF_DICT, copy));
    return copy;
}

/* ---- walking ---- */

static rf_key key_at(const rf_dict *d, uint32_t position)
{
    rf_key key = {.string = NULL, .number = position};
    switch ((rf_dict_kind)d->object.info) {
    case RF_DICT_RECORD: key.string = d->by.shape->keys[position]; break;
    case RF_DICT_INT_INTS: key.number = d->as.pairs[position].key; break;
    case RF_DICT_INT_VALUES: key.number = d->as.int_entries[position].key; break;
    case RF_DICT_HASH:
        key.string = d->as.entries[position].string;
        if (!key.string) key.number = d->as.entries[position].key.number;
        break;
    default: break;
    }
    return key;
}

bool rf_dict_next(const rf_dict *d, uint32_t *at, rf_key *key, rf_value *value)
{
    while (*at < d->used) {
        uint32_t position = (*at)++;
        if (d->object.info == RF_DICT_HASH) rf_dict_fetch_key_ahead(d, position);
        *value = rf_dict_at(d, position);
        if (value->head == RF_UNSET) continue;
        *key = key_at(d, position);
        return true;
    }
    return false;
}

void rf_dict_visit(rf_dict *d, rf_visitor visit, void *context)
{
    if (!has_slots(d)) return;
    for (uint32_t i = 0; i < d->used; i++) visit(context, *slot_at(d, i));
}
