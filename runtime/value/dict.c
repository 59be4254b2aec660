#include "value/dict.h"

#include "value/dict_layout.h"
#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

static inline uint32_t hash_number(int64_t number)
{
    return (uint32_t)((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

rf_key rf_key_from_string(rf_string *s)
{
    rf_key key = {.string = NULL};
    if (rf_string_int_key(s, &key.number)) {
        key.hash = hash_number(key.number);
    } else {
        key.string = s;
        key.number = 0;
        key.hash = rf_string_hash(s);
    }
    return key;
}

bool rf_key_from_value(rf_value key, rf_key *out)
{
    if (key.head == RF_INT) {
        *out = (rf_key){.string = NULL, .number = key.as.i, .hash = hash_number(key.as.i)};
        return true;
    }
    if (key.head != RF_STRING) return false;
    *out = rf_key_from_string(key.as.string);
    return true;
}

const char *rf_key_text(rf_key key, char small[24], size_t *size)
{
    if (key.string) {
        *size = key.string->size;
        return key.string->text;
    }
    char *end = small + 24, *at = end;
    uint64_t rest = key.number < 0 ? 0 - (uint64_t)key.number : (uint64_t)key.number;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (key.number < 0) *--at = '-';
    *size = (size_t)(end - at);
    return at;
}

rf_value rf_key_to_string(rf_isolate *isolate, rf_key key)
{
    if (key.string) return rf_copy(rf_object_value(RF_STRING, key.string));
    char small[24];
    size_t size;
    const char *text = rf_key_text(key, small, &size);
    return rf_string_new(isolate, text, size);
}

/* ---- finding ---- */

static inline bool is_key(const rf_dict_entry *e, rf_key key)
{
    if (!key.string) return !e->string && e->key.number == key.number;
    if (e->string == key.string) return true;
    return e->string && (uint32_t)e->key.hash == key.hash && rf_string_equal(e->string, key.string);
}

static inline uint32_t mask_of(const rf_dict *d)
{
    return d->capacity * 2 - 1;
}

static rf_dict_entry *find(const rf_dict *d, rf_key key)
{
    if (!d->index) {
        for (uint32_t i = 0; i < d->used; i++)
            if (d->entries[i].value.head != RF_UNSET && is_key(&d->entries[i], key)) return &d->entries[i];
        return NULL;
    }
    for (uint32_t at = key.hash & mask_of(d); d->index[at]; at = (at + 1) & mask_of(d)) {
        rf_dict_entry *e = &d->entries[d->index[at] - 1];
        if (e->value.head != RF_UNSET && is_key(e, key)) return e;
    }
    return NULL;
}

/* ---- tables ---- */

static size_t index_size(uint32_t capacity)
{
    return capacity > RF_DICT_SMALL ? (size_t)capacity * 2 * sizeof(uint32_t) : 0;
}

static void free_tables(rf_isolate *isolate, rf_dict *d)
{
    if (!d->capacity) return;
    rf_heap_free(isolate, d->entries, d->capacity * sizeof(rf_dict_entry));
    if (d->index) rf_heap_free(isolate, d->index, index_size(d->capacity));
}

static void make_tables(rf_isolate *isolate, rf_dict *d, uint32_t capacity)
{
    d->capacity = capacity;
    d->entries = rf_heap_alloc(isolate, capacity * sizeof(rf_dict_entry));
    d->index = NULL;
    if (capacity <= RF_DICT_SMALL) return;
    d->index = rf_heap_alloc(isolate, index_size(capacity));
    memset(d->index, 0, index_size(capacity));
}

static uint32_t entry_hash(const rf_dict_entry *e)
{
    return e->string ? (uint32_t)e->key.hash : hash_number(e->key.number);
}

static rf_dict_entry *put(rf_dict *d, rf_dict_entry entry)
{
    rf_dict_entry *e = &d->entries[d->used++];
    *e = entry;
    d->count++;
    if (!d->index) return e;
    uint32_t at = entry_hash(e) & mask_of(d);
    while (d->index[at]) at = (at + 1) & mask_of(d);
    d->index[at] = d->used;
    return e;
}

static void rebuild(rf_isolate *isolate, rf_dict *d, uint32_t capacity)
{
    rf_dict old = *d;
    make_tables(isolate, d, capacity);
    d->count = d->used = 0;
    for (uint32_t i = 0; i < old.used; i++)
        if (old.entries[i].value.head != RF_UNSET) put(d, old.entries[i]);
    free_tables(isolate, &old);
}

static bool make_room(rf_isolate *isolate, rf_dict *d)
{
    if (d->used < d->capacity) return true;
    if (d->count >= (uint32_t)INT32_MAX / 2) {
        rf_raise(isolate, "Collection too large");
        return false;
    }
    uint32_t capacity = d->capacity ? d->capacity : RF_DICT_SMALL / 2;
    rebuild(isolate, d, !d->capacity || d->count > d->capacity / 2 ? capacity * 2 : capacity);
    return true;
}

/* ---- the interface ---- */

rf_value rf_dict_new(rf_isolate *isolate, size_t capacity)
{
    rf_dict *d = rf_object_new(isolate, sizeof *d, RF_DICT, 0);
    d->count = d->used = d->capacity = d->unused = 0;
    d->entries = NULL;
    d->index = NULL;
    if (capacity) {
        uint32_t rounded = RF_DICT_SMALL / 2;
        while (rounded < capacity && rounded < (1u << 30)) rounded *= 2;
        make_tables(isolate, d, rounded);
    }
    return rf_object_value(RF_DICT, d);
}

uint32_t rf_dict_count(const rf_dict *d)
{
    return d->count;
}

rf_value rf_dict_get(const rf_dict *d, rf_key key)
{
    const rf_dict_entry *e = find(d, key);
    return e ? rf_copy(e->value) : rf_unset();
}

rf_value rf_dict_peek(const rf_dict *d, rf_key key)
{
    const rf_dict_entry *e = find(d, key);
    return e ? e->value : rf_unset();
}

rf_value *rf_dict_find_slot(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    (void)isolate;
    rf_dict_entry *e = find(d, key);
    return e ? &e->value : NULL;
}

bool rf_dict_has(const rf_dict *d, rf_key key)
{
    return find(d, key) != NULL;
}

rf_value *rf_dict_slot_for(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    rf_dict_entry *e = find(d, key);
    if (e) return &e->value;
    if (!make_room(isolate, d)) return NULL;
    rf_dict_entry entry = {.value = rf_null(), .string = key.string};
    if (key.string) {
        rf_retain_object(&key.string->object);
        entry.key.hash = key.hash;
    } else {
        entry.key.number = key.number;
    }
    return &put(d, entry)->value;
}

bool rf_dict_set(rf_isolate *isolate, rf_dict *d, rf_key key, rf_value v)
{
    rf_value *slot = rf_dict_slot_for(isolate, d, key);
    if (!slot) {
        rf_release(isolate, v);
        return false;
    }
    rf_store(isolate, slot, v);
    return true;
}

rf_value rf_dict_remove(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    rf_dict_entry *e = find(d, key);
    if (!e) return rf_unset();
    rf_value v = rf_take(&e->value);
    rf_string *string = e->string;
    e->string = NULL;
    d->count--;
    if (string) rf_release_object(isolate, &string->object);
    return v;
}

rf_value rf_dict_take(rf_isolate *isolate, rf_dict *d, rf_key key)
{
    (void)isolate;
    rf_dict_entry *e = find(d, key);
    if (!e) return rf_unset();
    rf_value v = e->value;
    e->value = rf_null();
    return v;
}

static void release_entries(rf_isolate *isolate, rf_dict *d)
{
    for (uint32_t i = 0; i < d->used; i++) {
        rf_release(isolate, d->entries[i].value);
        if (d->entries[i].string) rf_release_object(isolate, &d->entries[i].string->object);
    }
}

void rf_dict_clear(rf_isolate *isolate, rf_dict *d)
{
    rf_dict old = *d;
    d->count = d->used = d->capacity = 0;
    d->entries = NULL;
    d->index = NULL;
    release_entries(isolate, &old);
    free_tables(isolate, &old);
}

rf_dict *rf_dict_copy_slot(rf_isolate *isolate, rf_value *slot)
{
    rf_dict *d = slot->as.dict;
    rf_value copy = rf_dict_new(isolate, 0);
    rf_dict *c = copy.as.dict;
    if (d->count) {
        make_tables(isolate, c, d->capacity);
        for (uint32_t i = 0; i < d->used; i++) {
            const rf_dict_entry *e = &d->entries[i];
            if (e->value.head == RF_UNSET) continue;
            rf_retain(e->value);
            if (e->string) rf_retain_object(&e->string->object);
            put(c, *e);
        }
    }
    rf_store(isolate, slot, copy);
    return c;
}

bool rf_dict_next(const rf_dict *d, uint32_t *at, rf_key *key, rf_value *value)
{
    while (*at < d->used) {
        const rf_dict_entry *e = &d->entries[(*at)++];
        if (e->value.head == RF_UNSET) continue;
        *key = (rf_key){.string = e->string, .hash = entry_hash(e)};
        if (!e->string) key->number = e->key.number;
        *value = e->value;
        return true;
    }
    return false;
}

void rf_dict_visit(rf_dict *d, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; i < d->used; i++) visit(context, d->entries[i].value);
}

void rf_dict_free(rf_isolate *isolate, rf_dict *d)
{
    release_entries(isolate, d);
    free_tables(isolate, d);
    rf_object_free(isolate, d, sizeof *d);
}

/* ---- sorted keys ---- */

static int compare_numbers(const void *left, const void *right)
{
    const rf_key *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_texts(const void *left, const void *right)
{
    char small_a[24], small_b[24];
    size_t size_a, size_b;
    const char *a = rf_key_text(*(const rf_key *)left, small_a, &size_a);
    const char *b = rf_key_text(*(const rf_key *)right, small_b, &size_b);
    int order = memcmp(a, b, size_a < size_b ? size_a : size_b);
    return order ? order : (size_a > size_b) - (size_a < size_b);
}

rf_key *rf_dict_sorted_keys(rf_isolate *isolate, const rf_dict *d, bool by_text)
{
    (void)isolate;
    rf_key *keys = rf_alloc_array(rf_key, d->count);
    uint32_t count = 0;
    rf_value value;
    bool has_strings = by_text;
    for (uint32_t at = 0; rf_dict_next(d, &at, &keys[count], &value); count++)
        if (keys[count].string) has_strings = true;
    if (count > 1) qsort(keys, count, sizeof *keys, has_strings ? compare_texts : compare_numbers);
    return keys;
}
