/* Strings: UTF-8 with both sizes known, so that ASCII text (size == length) is indexed directly.
 *
 * Three ideas: strings of one ASCII character exist once per isolate; an append to a string that
 * nobody else holds grows it in place; long text that is not ASCII gets breadcrumbs, the byte
 * offset of every 64th character, written into the spare room behind the text the first time it is
 * indexed. */
#include "value/string_grow.h"

#include "value/error_value.h"
#include "value/intern.h"
#include "value/object.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { CRUMB_STEP = 64, DOUBLE_BELOW = 1024 * 1024 };

__extension__ typedef unsigned __int128 u128;

/* ---- hashing ---- */

/* 64-bit multiply and fold, as in wyhash (Wang Yi, public domain).  The seed is where the loader
 * put this constant: different in every process, so that keys cannot be chosen to collide, and no
 * state to keep. */
const char rf_hash_anchor = 0;

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t load(const char *bytes, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

uint32_t rf_hash_text(const void *text, size_t size)
{
    static const uint64_t k0 = UINT64_C(0xa0761d6478bd642f), k1 = UINT64_C(0xe7037ed1a0b428db),
                          k2 = UINT64_C(0x8ebc6af09c88c6e3);
    const char *bytes = text;
    uint64_t state = fold((uint64_t)(uintptr_t)&rf_hash_anchor ^ k0, size ^ k1);
    uint64_t a, b;
    if (size >= 8) {
        size_t rest = size;
        const char *at = bytes;
        for (; rest > 16; rest -= 16, at += 16)
            state = fold(load(at, 8) ^ k1, load(at + 8, 8) ^ state);
        a = rest > 8 ? load(at, 8) : load(bytes, 8);
        b = load(bytes + size - 8, 8);
    } else if (size >= 4) {
        a = load(bytes, 4);
        b = load(bytes + size - 4, 4);
    } else {
        a = size ? (uint64_t)(unsigned char)bytes[0] << 16 |
                       (uint64_t)(unsigned char)bytes[size >> 1] << 8 |
                       (unsigned char)bytes[size - 1]
                 : 0;
        b = 0;
    }
    uint64_t hash = fold(a ^ k1 ^ state, b ^ k2);
    uint32_t folded = (uint32_t)(hash ^ hash >> 32);
    return folded ? folded : 1;
}

uint32_t rf_string_hash_slow(rf_string *s)
{
    return s->hash = rf_hash_text(s->text, s->size);
}

/* ---- making ---- */

static size_t memory_size(size_t capacity)
{
    return offsetof(rf_string, text) + capacity + 1;
}

/* capacity that fills the memory cell anyway needed */
static size_t rounded(size_t capacity)
{
    size_t size = (memory_size(capacity) + RF_HEAP_GRAIN - 1) & ~(size_t)(RF_HEAP_GRAIN - 1);
    return size - memory_size(0);
}

static rf_string *allocate(rf_isolate *isolate, size_t size, size_t length, size_t capacity)
{
    rf_string *s = rf_object_new(isolate, memory_size(capacity), RF_STRING, 0);
    s->size = (uint32_t)size;
    s->length = (uint32_t)length;
    s->hash = 0;
    s->capacity = (uint32_t)capacity;
    s->text[size] = '\0';
    return s;
}

/* Room for `size` bytes and, when the text is long and not ASCII, for its breadcrumbs. */
static size_t capacity_for(size_t size, size_t length)
{
    bool wants_crumbs = size != length && length > CRUMB_STEP;
    return rounded(wants_crumbs ? size + length / CRUMB_STEP * sizeof(uint32_t) : size);
}

void rf_string_free(rf_isolate *isolate, rf_string *s)
{
    rf_object_free(isolate, s, memory_size(s->capacity));
}

rf_value rf_raise_string_too_large(rf_isolate *isolate)
{
    return rf_raise(isolate, "String too large");
}

rf_value rf_string_new_raw(rf_isolate *isolate, size_t size, size_t length)
{
    if (RF_UNLIKELY(size > RF_STRING_LARGEST)) return rf_raise_string_too_large(isolate);
    return rf_object_value(RF_STRING, allocate(isolate, size, length, capacity_for(size, length)));
}

static rf_value new_counted(rf_isolate *isolate, const char *text, size_t size, size_t length)
{
    if (size <= 1) {
        if (!size) return rf_object_value(RF_STRING, isolate->interned->empty);
        if ((unsigned char)text[0] < 128)
            return rf_object_value(RF_STRING, isolate->interned->ascii[(unsigned char)text[0]]);
    }
    rf_value v = rf_string_new_raw(isolate, size, length);
    if (RF_LIKELY(v.head == RF_STRING)) memcpy(v.as.string->text, text, size);
    return v;
}

rf_value rf_string_new(rf_isolate *isolate, const char *text, size_t size)
{
    return new_counted(isolate, text, size, rf_utf8_count(text, size));
}

rf_value rf_string_from(rf_isolate *isolate, const char *text)
{
    return rf_string_new(isolate, text, strlen(text));
}

rf_value rf_string_format(rf_isolate *isolate, const char *format, ...)
{
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    return rf_string_take_buffer(isolate, &text);
}

rf_value rf_string_new_lossy(rf_isolate *isolate, const char *text, size_t size)
{
    size_t bad;
    if (rf_utf8_valid(text, size, &bad)) return rf_string_new(isolate, text, size);
    rf_buffer out = RF_BUFFER_INIT;
    while (!rf_utf8_valid(text, size, &bad)) {
        rf_buffer_append(&out, text, bad);
        rf_buffer_append_utf8(&out, 0xFFFD);
        text += bad + 1;
        size -= bad + 1;
    }
    rf_buffer_append(&out, text, size);
    return rf_string_take_buffer(isolate, &out);
}

rf_value rf_string_take_buffer(rf_isolate *isolate, rf_buffer *buffer)
{
    rf_value v = rf_string_new(isolate, buffer->data ? buffer->data : "", buffer->size);
    rf_buffer_release(buffer);
    return v;
}

rf_value rf_bytes_new(rf_isolate *isolate, const void *data, size_t size)
{
    if (size > RF_STRING_LARGEST) return rf_raise(isolate, "Collection too large");
    rf_bytes *b = rf_object_new(isolate, sizeof *b + size, RF_BYTES, 0);
    b->size = (uint32_t)size;
    if (!data)
        memset(b->data, 0, size);
    else if (size)
        memcpy(b->data, data, size);
    return rf_object_value(RF_BYTES, b);
}

/* ---- comparing ---- */

bool rf_string_equal_slow(rf_string *a, rf_string *b)
{
    if (a->hash && b->hash && a->hash != b->hash) return false;
    if (a->object.flags & b->object.flags & RF_STRING_INTERNED)
        return false; /* not the same object */
    const size_t size = a->size;
    if (size >= 8 && size <= 16) /* as most keys */
        return load(a->text, 8) == load(b->text, 8) && load(a->text + size - 8, 8) == load(b->text + size - 8, 8);
    return memcmp(a->text, b->text, size) == 0;
}

int rf_string_compare(const rf_string *a, const rf_string *b)
{
    /* byte order of UTF-8 is code point order */
    size_t size = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->text, b->text, size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* ---- joining ---- */

/* Bytes that text may use in place; a non-ASCII string keeps a sixteenth for breadcrumbs. */
static size_t usable(const rf_string *s, size_t size, size_t length)
{
    return size == length ? s->capacity : s->capacity - s->capacity / 16;
}

/* a has one owner: makes room for `size` bytes, moving the object if need be. */
static rf_string *grow(rf_isolate *isolate, rf_string *a, size_t size)
{
    size_t extra = size < DOUBLE_BELOW ? size : size / 2;
    size_t capacity = rounded(size + extra);
    if (capacity > RF_STRING_LARGEST) capacity = RF_STRING_LARGEST;
#ifdef RF_STRESS
    rf_heap_untrack(isolate, &a->object);
#endif
    a = rf_heap_resize(isolate, a, memory_size(a->capacity), memory_size(capacity));
#ifdef RF_STRESS
    rf_heap_track(isolate, &a->object);
#endif
    a->capacity = (uint32_t)capacity;
    return a;
}

static rf_value append_counted(rf_isolate *isolate, rf_value left, const char *text, size_t size,
                               size_t length)
{
    rf_string *a = left.as.string;
    if (!size) return left;
    size_t new_size = a->size + size, new_length = a->length + length;
    if (RF_UNLIKELY(new_size > RF_STRING_LARGEST)) {
        rf_release(isolate, left);
        return rf_raise_string_too_large(isolate);
    }
    if (a->object.count != 1) { /* shared or immortal: a new string of just the size */
        rf_string *joined =
            allocate(isolate, new_size, new_length, capacity_for(new_size, new_length));
        memcpy(joined->text, a->text, a->size);
        memcpy(joined->text + a->size, text, size);
        rf_release(isolate, left);
        return rf_object_value(RF_STRING, joined);
    }
    size_t offset = (size_t)(text - a->text); /* text may be part of a itself */
    bool is_own_text = text >= a->text && text < a->text + a->size;
    if (new_size > usable(a, new_size, new_length)) {
        a = grow(isolate, a, new_size);
        if (is_own_text) text = a->text + offset;
    }
    memcpy(a->text + a->size, text, size);
    a->size = (uint32_t)new_size;
    a->length = (uint32_t)new_length;
    a->text[new_size] = '\0';
    a->hash = 0;
    a->object.flags = 0;
    return rf_object_value(RF_STRING, a);
}

rf_value rf_string_append(rf_isolate *isolate, rf_value a, const char *text, size_t size)
{
    return append_counted(isolate, a, text, size, rf_utf8_count(text, size));
}

rf_value rf_string_concat(rf_isolate *isolate, rf_value a, rf_value b)
{
    rf_string *s = b.as.string;
    if (RF_LIKELY(rf_string_append_in_place(a.as.string, s))) return a;
    if (!a.as.string->size) {
        rf_release(isolate, a);
        return rf_copy(b);
    }
    return append_counted(isolate, a, s->text, s->size, s->length);
}

/* ---- positions ---- */

/* Breadcrumb k is the offset of character k * CRUMB_STEP, stored downwards from the end of the
 * memory. */
static bool lay_breadcrumbs(rf_string *s)
{
    size_t count = s->length / CRUMB_STEP, offset = 0;
    if (s->size + count * sizeof(uint32_t) > s->capacity) return false;
    char *end = s->text + s->capacity + 1;
    for (size_t k = 1; k <= count; k++) {
        offset += rf_utf8_offset(s->text + offset, s->size - offset, CRUMB_STEP);
        uint32_t crumb = (uint32_t)offset;
        memcpy(end - k * sizeof crumb, &crumb, sizeof crumb);
    }
    s->object.flags |= RF_STRING_BREADCRUMBS;
    return true;
}

uint32_t rf_string_offset(rf_isolate *isolate, rf_string *s, uint32_t index)
{
    (void)isolate;
    if (rf_string_is_ascii(s)) return index;
    if (index == s->length) return s->size;
    uint32_t start = 0;
    size_t k = index / CRUMB_STEP;
    if (k && ((s->object.flags & RF_STRING_BREADCRUMBS) || lay_breadcrumbs(s))) {
        memcpy(&start, s->text + s->capacity + 1 - k * sizeof start, sizeof start);
        index %= CRUMB_STEP;
    }
    return start + (uint32_t)rf_utf8_offset(s->text + start, s->size - start, index);
}

rf_value rf_string_at(rf_isolate *isolate, rf_string *s, uint32_t index)
{
    if (rf_string_is_ascii(s))
        return rf_object_value(RF_STRING,
                               isolate->interned->ascii[(unsigned char)s->text[index] & 127]);
    const char *at = s->text + rf_string_offset(isolate, s, index);
    return new_counted(isolate, at, rf_utf8_width((unsigned char)*at), 1);
}

rf_value rf_string_slice(rf_isolate *isolate, rf_string *s, uint32_t from, uint32_t to)
{
    if (from >= to) return rf_object_value(RF_STRING, isolate->interned->empty);
    if (from == 0 && to == s->length) {
        rf_retain_object(&s->object);
        return rf_object_value(RF_STRING, s);
    }
    uint32_t start = rf_string_offset(isolate, s, from), end = rf_string_offset(isolate, s, to);
    return new_counted(isolate, s->text + start, end - start, to - from);
}

/* ---- keys ---- */

static bool parse_int_key(const char *text, size_t size, int64_t *number)
{
    bool is_negative = size && text[0] == '-';
    size_t digits = size - is_negative;
    if (digits == 0 || digits > 19) return false;
    if (text[is_negative] == '0' && (digits > 1 || is_negative)) return false;
    uint64_t value = 0;
    for (size_t i = is_negative; i < size; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9) return false;
        value = value * 10 + digit;
    }
    if (value > (uint64_t)INT64_MAX + is_negative) return false;
    *number = (int64_t)(is_negative ? 0 - value : value);
    return true;
}

bool rf_string_int_key(rf_string *s, int64_t *number)
{
    if ((s->object.flags & (RF_STRING_KEY_KNOWN | RF_STRING_INT_KEY)) == RF_STRING_KEY_KNOWN)
        return false;
    bool is_int = parse_int_key(s->text, s->size, number);
    s->object.flags |= (uint8_t)(RF_STRING_KEY_KNOWN | (is_int ? RF_STRING_INT_KEY : 0));
    return is_int;
}
