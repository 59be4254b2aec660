/* Sets: entries in order of insertion and a hash index over them.
 *
 * The language's equality is no equivalence: an int equals a float of its value, and floats within
 * 2^-52 of each other are equal (LANGUAGE 5.8).  The hash must never tell equal values apart. Above
 * 1 in magnitude two different floats are always further apart than that, so the float value is the
 * hash.  Up to 1 a number's hash is its cell of width 2^-52, and a search looks into the
 * neighbouring cells too; inside containers such numbers all hash alike.  Where several elements
 * equal the one looked for, the first inserted counts, as a search from the front would have it. */
#include "value/array.h"
#include "value/collection.h"
#include "value/error_value.h"
#include "value/object.h"
#include "value/operate.h"

#include <math.h>
#include <string.h>

typedef struct set_entry {
    rf_value value; /* UNSET: removed */
    uint32_t hash;
} set_entry;

struct rf_set {
    rf_object object;
    uint32_t count, used; /* elements; entries in use, removed ones included */
    uint32_t capacity;    /* entries; the index has 2 * capacity slots */
    uint32_t unused;
    set_entry *entries;
    uint32_t *index; /* entry + 1, 0 free; only when capacity > SMALL */
};

enum { SMALL = 8, HASHED_PARTS = 8, HASHED_DEPTH = 4, NOT_FOUND = -1, FAILED = -2 };

/* ---- hashing ---- */

__extension__ typedef unsigned __int128 u128;

/* The high half brings every input bit down to the low ones: doubles of small ints differ only in
 * their top bits. */
static inline uint64_t mix(uint64_t hash, uint64_t more)
{
    const u128 product = (u128)(hash ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static bool is_unit_number(rf_value v, double *number)
{
    if (v.head == RF_INT)
        *number = (double)v.as.i;
    else if (v.head == RF_FLOAT)
        *number = v.as.d;
    else
        return false;
    return fabs(*number) <= 1.0;
}

static uint64_t hash_number(double number)
{
    if (fabs(number) <= 1.0) return 1;
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return mix(2, bits);
}

static uint64_t hash_value(rf_value v, unsigned depth);

static uint64_t hash_dict(const rf_dict *d)
{
    rf_key key;
    rf_value value;
    uint64_t sum = rf_dict_count(d);
    for (uint32_t at = 0; rf_dict_next(d, &at, &key, &value);) sum += rf_key_hash(key);
    return sum;
}

static uint64_t hash_struct(const rf_struct *s, unsigned depth)
{
    uint64_t hash = s->layout->def->identity;
    for (uint32_t i = 0; i < s->layout->field_count && i < HASHED_PARTS; i++)
        hash = mix(hash, hash_value(rf_struct_peek(s, i), depth));
    return hash;
}

static uint64_t hash_function(const rf_function *f)
{
    if (f->object.info != RF_FUNCTION_BUILTIN) return (uint64_t)(uintptr_t)f;
    return rf_hash_text(f->builtin->canonical, strlen(f->builtin->canonical));
}

static uint64_t hash_value(rf_value v, unsigned depth)
{
    uint64_t hash = v.head;
    if (depth > HASHED_DEPTH) return 0;
    depth++;
    if (rf_wrap_of(v)) {
        rf_value content = v;
        content.head &= 0xFF;
        if (content.head == RF_BOX) content = content.as.box->content;
        return mix(v.head >> 8, hash_value(content, depth));
    }
    switch (rf_tag_of(v)) {
    case RF_BOOL: return mix(hash, v.as.bits);
    case RF_INT: return hash_number((double)v.as.i);
    case RF_FLOAT: return hash_number(v.as.d);
    case RF_STRING: return rf_string_hash(v.as.string);
    case RF_BYTES: return rf_hash_text(v.as.bytes->data, v.as.bytes->size);
    case RF_ARRAY:
        hash = mix(hash, v.as.array->length);
        for (uint32_t i = 0; i < v.as.array->length && i < HASHED_PARTS; i++)
            hash = mix(hash, hash_value(rf_array_peek(v.as.array, i), depth));
        return hash;
    case RF_DICT: return mix(hash, hash_dict(v.as.dict));
    case RF_SET: return mix(hash, v.as.set->count);
    case RF_QUEUE:
    case RF_STACK: return mix(hash, rf_sequence_count(v.as.sequence));
    case RF_STRUCT: return mix(hash, hash_struct(v.as.instance, depth));
    case RF_ENUM: return mix(hash, mix(v.as.variant->def->identity, v.as.variant->variant));
    case RF_ERROR: return mix(hash, rf_string_hash(v.as.error->message.as.string));
    case RF_FUNCTION: return mix(hash, hash_function(v.as.function));
    case RF_STRUCTDEF: return mix(hash, v.as.structdef->identity);
    case RF_ENUMDEF: return mix(hash, v.as.enumdef->identity);
    case RF_CHANNEL: return hash; /* two objects may be one channel */
    default: return mix(hash, v.as.bits);
    }
}

static uint32_t hash_cell(double number, int step)
{
    double cell = floor(number * 0x1p52) + step;
    return (uint32_t)mix(3, (uint64_t)(int64_t)cell);
}

static uint32_t hash_element(rf_value v)
{
    double number;
    return is_unit_number(v, &number) ? hash_cell(number, 0) : (uint32_t)hash_value(v, 0);
}

/* ---- searching ---- */

static inline uint32_t mask_of(const rf_set *s)
{
    return s->capacity * 2 - 1;
}

/* The first entry of that hash that equals v. */
static int64_t find_hashed(rf_isolate *isolate, const rf_set *s, rf_value v, uint32_t hash)
{
    if (s->capacity <= SMALL) {
        for (uint32_t i = 0; i < s->used; i++) {
            const set_entry *e = &s->entries[i];
            if (e->hash != hash || e->value.head == RF_UNSET) continue;
            int equal = rf_equal(isolate, e->value, v);
            if (equal) return equal < 0 ? FAILED : (int64_t)i;
        }
        return NOT_FOUND;
    }
    for (uint32_t at = hash & mask_of(s); s->index[at]; at = (at + 1) & mask_of(s)) {
        const set_entry *e = &s->entries[s->index[at] - 1];
        if (e->hash != hash || e->value.head == RF_UNSET) continue;
        int equal = rf_equal(isolate, e->value, v);
        if (equal) return equal < 0 ? FAILED : (int64_t)s->index[at] - 1;
    }
    return NOT_FOUND;
}

static int64_t find(rf_isolate *isolate, const rf_set *s, rf_value v)
{
    double number;
    if (!is_unit_number(v, &number)) return find_hashed(isolate, s, v, hash_element(v));
    int64_t best = NOT_FOUND;
    for (int step = -1; step <= 1; step++) {
        int64_t found = find_hashed(isolate, s, v, hash_cell(number, step));
        if (found >= 0 && (best < 0 || found < best)) best = found;
    }
    return best;
}

int rf_set_has(rf_isolate *isolate, const rf_set *s, rf_value v)
{
    int64_t found = find(isolate, s, v);
    return found == FAILED ? -1 : found >= 0;
}

/* ---- changing ---- */

static size_t index_size(uint32_t capacity)
{
    return capacity > SMALL ? (size_t)capacity * 2 * sizeof(uint32_t) : 0;
}

static void free_tables(rf_isolate *isolate, rf_set *s)
{
    if (!s->capacity) return;
    rf_heap_free(isolate, s->entries, s->capacity * sizeof(set_entry));
    if (s->index) rf_heap_free(isolate, s->index, index_size(s->capacity));
}

static void make_tables(rf_isolate *isolate, rf_set *s, uint32_t capacity)
{
    s->capacity = capacity;
    s->entries = rf_heap_alloc(isolate, capacity * sizeof(set_entry), RF_SET);
    s->index = NULL;
    if (capacity <= SMALL) return;
    s->index = rf_heap_alloc(isolate, index_size(capacity), RF_SET);
    memset(s->index, 0, index_size(capacity));
}

static void put(rf_set *s, rf_value v, uint32_t hash)
{
    s->entries[s->used++] = (set_entry){v, hash};
    s->count++;
    if (!s->index) return;
    uint32_t at = hash & mask_of(s);
    while (s->index[at]) at = (at + 1) & mask_of(s);
    s->index[at] = s->used;
}

/* Entries in order into tables of the given capacity; removed ones fall away. */
static void rebuild(rf_isolate *isolate, rf_set *s, uint32_t capacity)
{
    rf_set old = *s;
    make_tables(isolate, s, capacity);
    s->count = s->used = 0;
    for (uint32_t i = 0; i < old.used; i++)
        if (old.entries[i].value.head != RF_UNSET)
            put(s, old.entries[i].value, old.entries[i].hash);
    free_tables(isolate, &old);
}

bool rf_set_add(rf_isolate *isolate, rf_set *s, rf_value v)
{
    int64_t found = find(isolate, s, v);
    if (found != NOT_FOUND) return found != FAILED;
    if (s->used == s->capacity) {
        if (s->count >= (uint32_t)INT32_MAX / 2) {
            rf_raise(isolate, "Collection too large");
            return false;
        }
        uint32_t capacity = s->capacity ? s->capacity : SMALL / 2;
        rebuild(isolate, s, s->count > s->capacity / 2 || !s->capacity ? capacity * 2 : capacity);
    }
    put(s, rf_copy(v), hash_element(v));
    return true;
}

bool rf_set_remove(rf_isolate *isolate, rf_set *s, rf_value v)
{
    int64_t found = find(isolate, s, v);
    if (found < 0) return found != FAILED;
    s->count--;
    rf_store(isolate, &s->entries[found].value, rf_unset());
    return true;
}

/* ---- the rest ---- */

rf_value rf_set_new(rf_isolate *isolate)
{
    rf_set *s = rf_object_new(isolate, sizeof *s, RF_SET, 0);
    s->count = s->used = s->capacity = s->unused = 0;
    s->entries = NULL;
    s->index = NULL;
    return rf_object_value(RF_SET, s);
}

uint32_t rf_set_count(const rf_set *s)
{
    return s->count;
}

bool rf_set_next(const rf_set *s, uint32_t *at, rf_value *element)
{
    while (*at < s->used) {
        rf_value v = s->entries[(*at)++].value;
        if (v.head == RF_UNSET) continue;
        *element = v;
        return true;
    }
    return false;
}

rf_set *rf_set_unique(rf_isolate *isolate, rf_value *slot)
{
    rf_set *s = slot->as.set;
    if (s->object.count == 1) return s;
    rf_heap_copying(isolate, &s->object);
    rf_value copy = rf_set_new(isolate);
    rf_set *c = copy.as.set;
    if (s->count) {
        make_tables(isolate, c, s->capacity);
        for (uint32_t i = 0; i < s->used; i++)
            if (s->entries[i].value.head != RF_UNSET)
                put(c, rf_copy(s->entries[i].value), s->entries[i].hash);
    }
    rf_store(isolate, slot, copy);
    return c;
}

size_t rf_set_buffer_size(const rf_set *s)
{
    return s->capacity * sizeof(set_entry) + (s->index ? index_size(s->capacity) : 0);
}

void rf_set_visit(rf_set *s, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; i < s->used; i++) visit(context, s->entries[i].value);
}

void rf_set_free(rf_isolate *isolate, rf_set *s)
{
    for (uint32_t i = 0; i < s->used; i++) rf_release(isolate, s->entries[i].value);
    free_tables(isolate, s);
    rf_object_free(isolate, s, sizeof *s);
}
