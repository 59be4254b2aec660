/* Interpolation and chains of `+`: all parts measured first, one string made. */
#include "value/operate.h"

#include "value/format.h"

#include "base/alloc.h"
#include "base/decimal.h"
#include "base/utf8.h"

#include <string.h>

enum { INLINE_PARTS = 16, KEPT_SCRATCH = 64 * 1024 };

/* Writes the display forms of all parts that are no strings one after the other, their sizes by
 * part. */
static bool display_others(rf_isolate *isolate, const rf_value *parts, uint32_t count,
                           size_t *sizes, rf_buffer *out)
{
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].head == RF_STRING) {
            sizes[i] = parts[i].as.string->size;
            continue;
        }
        size_t start = out->size;
        if (parts[i].head == RF_INT)
            rf_buffer_append_int(out, parts[i].as.i);
        else if (!rf_display(isolate, parts[i], out))
            return false;
        sizes[i] = out->size - start;
    }
    return true;
}

static rf_value join(rf_isolate *isolate, const rf_value *parts, uint32_t count,
                     const size_t *sizes, const rf_buffer *others)
{
    size_t size = 0, length = others->size ? rf_utf8_count(others->data, others->size) : 0;
    for (uint32_t i = 0; i < count; i++) {
        size += sizes[i];
        if (parts[i].head == RF_STRING) length += parts[i].as.string->length;
    }
    if (size <= 1) { /* the shared one-character strings */
        for (uint32_t i = 0; i < count; i++)
            if (sizes[i] && parts[i].head == RF_STRING) return rf_copy(parts[i]);
        return rf_string_new(isolate, others->size ? others->data : "", size);
    }
    rf_value v = rf_string_new_raw(isolate, size, length);
    if (rf_is_raised(v)) return v;
    char *at = v.as.string->text;
    const char *other = others->data;
    for (uint32_t i = 0; i < count; at += sizes[i++]) {
        if (!sizes[i]) continue;
        if (parts[i].head == RF_STRING) {
            memcpy(at, parts[i].as.string->text, sizes[i]);
        } else {
            memcpy(at, other, sizes[i]);
            other += sizes[i];
        }
    }
    return v;
}

/* ---- strings and ints alone ---- */

/* UNSET: there are others, or the result is a shared string. */
static rf_value concat_plainly(rf_isolate *isolate, const rf_value *parts, uint32_t count)
{
    size_t sizes[INLINE_PARTS], size = 0, length = 0;
    if (count > INLINE_PARTS) return rf_unset();
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].head == RF_STRING) {
            sizes[i] = parts[i].as.string->size;
            length += parts[i].as.string->length;
        } else if (parts[i].head == RF_INT) {
            sizes[i] = rf_decimal_size(parts[i].as.i);
            length += sizes[i];
        } else {
            return rf_unset();
        }
        size += sizes[i];
    }
    if (size <= 1) return rf_unset();
    const rf_value v = rf_string_new_raw(isolate, size, length);
    if (rf_is_raised(v)) return v;
    char *at = v.as.string->text;
    for (uint32_t i = 0; i < count; at += sizes[i++]) {
        if (parts[i].head == RF_STRING)
            memcpy(at, parts[i].as.string->text, sizes[i]);
        else
            rf_decimal_write(at, sizes[i], parts[i].as.i);
    }
    return v;
}

/* Text of a few bytes is copied as eight, which its cell and that of the new string have. */
static RF_NOINLINE rf_value join_text_and_int(rf_isolate *isolate, const rf_string *text, int64_t number)
{
    enum { FEW = 8 };
    const size_t digits = rf_decimal_size(number);
    if (RF_LIKELY(text->size > 0 && text->size <= FEW && text->capacity >= FEW - 1)) {
        rf_string *s = rf_string_new_small(isolate, text->size + digits, text->length + digits);
        memcpy(s->text, text->text, FEW);
        rf_decimal_write(s->text + text->size, digits, number);
        s->text[s->size] = '\0';
        return rf_object_value(RF_STRING, s);
    }
    if (RF_UNLIKELY(text->size + digits <= 1)) return rf_string_new(isolate, (char[]){(char)('0' + number)}, 1);
    const rf_value v = rf_string_new_raw(isolate, text->size + digits, text->length + digits);
    if (RF_UNLIKELY(rf_is_raised(v))) return v;
    memcpy(v.as.string->text, text->text, text->size);
    rf_decimal_write(v.as.string->text + text->size, digits, number);
    return v;
}

/* The most frequent: "key${i}".  Of text of at most 7 bytes and a number below 10^8 the result is made in registers. */
rf_value rf_concat_text_and_int(rf_isolate *isolate, const rf_string *text, int64_t number)
{
    enum { LONGEST = 7, WORD = 8 };
    const unsigned size = text->size, bits = 8 * size;
    if (RF_UNLIKELY(size - 1 >= LONGEST || (uint64_t)number >= RF_DECIMAL_EIGHT))
        return join_text_and_int(isolate, text, number);
    size_t count;
    uint64_t start;
    const uint64_t digits = rf_decimal_short((uint32_t)number, &count), rest = digits >> (64 - bits);
    rf_assert(text->capacity >= WORD - 1);
    memcpy(&start, text->text, sizeof start); /* what is behind the text is memory of its cell */
    start = (start & ((UINT64_C(1) << bits) - 1)) | digits << bits;
    rf_string *s = rf_string_new_small(isolate, size + count, text->length + count);
    memcpy(s->text, &start, WORD);
    if (size + count >= WORD) memcpy(s->text + WORD, &rest, WORD);
    return rf_object_value(RF_STRING, s);
}

rf_value rf_concat(rf_isolate *isolate, const rf_value *parts, uint32_t count)
{
    if (count == 2 && parts[0].head == RF_STRING && parts[1].head == RF_INT)
        return rf_concat_text_and_int(isolate, parts[0].as.string, parts[1].as.i);
    const rf_value plain = concat_plainly(isolate, parts, count);
    if (plain.head != RF_UNSET) return plain;
    size_t inline_sizes[INLINE_PARTS];
    size_t *sizes = count > INLINE_PARTS ? rf_alloc_array(size_t, count) : inline_sizes;
    rf_buffer others = isolate->scratch; /* taken out: nobody else can use it meanwhile */
    isolate->scratch = (rf_buffer)RF_BUFFER_INIT;
    rf_buffer_clear(&others);
    rf_value v = rf_raised();
    if (display_others(isolate, parts, count, sizes, &others))
        v = join(isolate, parts, count, sizes, &others);
    if (others.capacity > KEPT_SCRATCH || isolate->scratch.data)
        rf_buffer_release(&others);
    else
        isolate->scratch = others;
    if (sizes != inline_sizes) rf_free(sizes);
    return v;
}
