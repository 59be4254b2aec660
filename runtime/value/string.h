/* Strings and bytes: immutable, NUL-terminated, counted in code points (RUNTIME 4). */
#ifndef RF_VALUE_STRING_H
#define RF_VALUE_STRING_H

#include "value/isolate.h"

#include <stddef.h>

typedef struct rf_string {
    rf_object object;
    uint32_t size;     /* bytes */
    uint32_t length;   /* code points */
    uint32_t hash;     /* 0: not computed */
    uint32_t capacity; /* bytes available in text, without the NUL */
    char text[];
} rf_string;

typedef struct rf_bytes {
    rf_object object;
    uint32_t size;
    uint8_t data[];
} rf_bytes;

enum { /* flags of strings */
    RF_STRING_INTERNED = 1,
    RF_STRING_INT_KEY = 2,      /* the text is the canonical decimal of an int64 (known once KEY_KNOWN) */
    RF_STRING_KEY_KNOWN = 4,
    RF_STRING_BREADCRUMBS = 8   /* has an offset table behind its text, private to string.c */
};

#define RF_STRING_LARGEST INT32_MAX /* bytes, LANGUAGE 21.2 */

static inline bool rf_string_is_ascii(const rf_string *s) { return s->size == s->length; }

/* New string of valid UTF-8 text.  One-byte ASCII strings are immortal and shared. */
rf_value rf_string_new(rf_isolate *isolate, const char *text, size_t size);
rf_value rf_string_from(rf_isolate *isolate, const char *text); /* NUL-terminated */
rf_value rf_string_format(rf_isolate *isolate, const char *format, ...) RF_PRINTF(2, 3);
/* Bytes from outside: what is not UTF-8 becomes U+FFFD. */
rf_value rf_string_new_lossy(rf_isolate *isolate, const char *text, size_t size);
/* A string of `size` bytes to be filled by the caller at once (valid UTF-8, length code points); raises
 * "String too large" (RAISED) above 2^31-1. */
rf_value rf_string_new_raw(rf_isolate *isolate, size_t size, size_t length);
/* The interned string of text (immortal while the isolate lives). */
rf_value rf_string_intern(rf_isolate *isolate, const char *text, size_t size);
/* Moves the content of buffer into a new string (validated by the caller) and releases the buffer; RAISED: too large */
rf_value rf_string_take_buffer(rf_isolate *isolate, rf_buffer *buffer);
uint32_t rf_hash_text(const void *bytes, size_t size); /* never 0; differs between processes */
extern const char rf_hash_anchor; /* its address differs between processes */
static inline uint32_t rf_hash_word(uint64_t word) /* the same of 8 bytes at once */
{
    __extension__ typedef unsigned __int128 u128;
    const u128 product = (u128)(word ^ (uint64_t)(uintptr_t)&rf_hash_anchor ^ UINT64_C(0xa0761d6478bd642f)) *
                         UINT64_C(0xe7037ed1a0b428db);
    const uint64_t hash = (uint64_t)product ^ (uint64_t)(product >> 64);
    return (uint32_t)(hash ^ hash >> 32);
}
uint32_t rf_string_hash_slow(rf_string *s);
static inline uint32_t rf_string_hash(rf_string *s)
{
    return RF_LIKELY(s->hash) ? s->hash : rf_string_hash_slow(s);
}
bool rf_string_equal_slow(rf_string *a, rf_string *b);
static inline bool rf_string_equal(rf_string *a, rf_string *b)
{
    return a == b || (a->size == b->size && rf_string_equal_slow(a, b));
}
int rf_string_compare(const rf_string *a, const rf_string *b); /* code point order: <0, 0, >0 */
/* a + b as text.  Steals a and may grow it in place when it is the only reference; b is borrowed. RAISED: too large */
rf_value rf_string_append(rf_isolate *isolate, rf_value a, const char *text, size_t size);
rf_value rf_string_concat(rf_isolate *isolate, rf_value a, rf_value b); /* both strings; steals a, borrows b */
/* Character at index (0 <= index < length) as a one-character string. */
rf_value rf_string_at(rf_isolate *isolate, rf_string *s, uint32_t index);
/* Byte offset of code point index (<= length); uses breadcrumbs on long non-ASCII text. */
uint32_t rf_string_offset(rf_isolate *isolate, rf_string *s, uint32_t index);
/* Code points from..to (clamped by the caller). */
rf_value rf_string_slice(rf_isolate *isolate, rf_string *s, uint32_t from, uint32_t to);
/* True when the text is exactly the decimal of an int64 (no plus, no leading zeros, no -0): *number gets it. */
bool rf_string_int_key(rf_string *s, int64_t *number);
rf_value rf_raise_string_too_large(rf_isolate *isolate); /* RAISED */

/* The same for text that has no breadcrumbs, is no shared string and fits a cell (RF_HEAP_SMALL), without the NUL. */
static inline rf_string *rf_string_new_small(rf_isolate *isolate, size_t size, size_t length)
{
    const size_t memory = (offsetof(rf_string, text) + size + 1 + RF_HEAP_GRAIN - 1) & ~(size_t)(RF_HEAP_GRAIN - 1);
    rf_string *s = rf_object_new(isolate, memory, RF_STRING, 0);
    rf_heap_fetch_next(isolate, memory);
    s->size = (uint32_t)size;
    s->length = (uint32_t)length;
    s->hash = 0;
    s->capacity = (uint32_t)(memory - offsetof(rf_string, text) - 1);
    return s;
}

rf_value rf_bytes_new(rf_isolate *isolate, const void *data, size_t size); /* data NULL: zeroed */

#endif
