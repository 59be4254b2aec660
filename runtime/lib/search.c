/* Strings: finding, replacing, splitting and joining (BUILTINS 7).  Searching is byte search
 * (memchr, memmem), which in UTF-8 finds whole characters only. */
#include <string.h>

#include "base/utf8.h"
#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "lib/text.h"
#include "value/dict.h"
#include "value/format.h"

/* First occurrence of needle (not empty) in text. */
static const char *find(const char *text, size_t size, const rf_string *needle)
{
    if (needle->size == 1) return memchr(text, needle->text[0], size);
    return memmem(text, size, needle->text, needle->size);
}

static size_t count_matches(const rf_string *s, const rf_string *needle)
{
    size_t count = 0;
    const char *at = s->text, *end = s->text + s->size;
    while ((at = find(at, (size_t)(end - at), needle))) {
        count++;
        at += needle->size;
    }
    return count;
}

/* ---- finding ---- */

static const char searchable[] = "string or array";

static rf_value string_index_of(const rf_string *s, const rf_string *needle)
{
    if (needle->size == 0) return rf_int(0);
    const char *at = find(s->text, s->size, needle);
    if (!at) return rf_int(-1);
    const size_t offset = (size_t)(at - s->text);
    return rf_int((int64_t)(rf_string_is_ascii(s) ? offset : rf_utf8_count(s->text, offset)));
}

rf_value rf_lib_index_of(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_ARRAY) {
        const int64_t index = rf_array_find(isolate, args[0].as.array, args[1]);
        return index == RF_ARRAY_RAISED ? rf_raised() : rf_int(index);
    }
    if (!rf_args_want(isolate, "index_of", args, 0, RF_KIND(RF_STRING), searchable))
        return rf_raised();
    if (!rf_args_string(isolate, "index_of", args, 1)) return rf_raised();
    return string_index_of(args[0].as.string, args[1].as.string);
}

rf_value rf_lib_contains(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_ARRAY) {
        const int64_t index = rf_array_find(isolate, args[0].as.array, args[1]);
        return index == RF_ARRAY_RAISED ? rf_raised() : rf_bool(index >= 0);
    }
    if (args[0].head == RF_DICT) {
        rf_key key;
        if (!rf_key_from_value(args[1], &key)) return rf_raise(isolate, "Invalid index operation");
        return rf_bool(rf_dict_has(args[0].as.dict, key));
    }
    if (!rf_args_want(isolate, "contains", args, 0, RF_KIND(RF_STRING), "string or array or dict"))
        return rf_raised();
    if (!rf_args_string(isolate, "contains", args, 1)) return rf_raised();
    const rf_string *s = args[0].as.string, *needle = args[1].as.string;
    return rf_int(needle->size == 0 || find(s->text, s->size, needle) ? 1 : 0);
}

rf_value rf_lib_starts_with(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "starts_with", args, 0)) return rf_raised();
    if (!rf_args_string(isolate, "starts_with", args, 1)) return rf_raised();
    const rf_string *s = args[0].as.string, *part = args[1].as.string;
    return rf_bool(part->size <= s->size && memcmp(s->text, part->text, part->size) == 0);
}

rf_value rf_lib_ends_with(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "ends_with", args, 0)) return rf_raised();
    if (!rf_args_string(isolate, "ends_with", args, 1)) return rf_raised();
    const rf_string *s = args[0].as.string, *part = args[1].as.string;
    return rf_bool(part->size <= s->size &&
                   memcmp(s->text + s->size - part->size, part->text, part->size) == 0);
}

/* ---- replacing ---- */

/* A string for s with count gaps of cut_size bytes and cut_length characters replaced by `to`. */
static rf_value new_replaced(rf_isolate *isolate, const rf_string *s, size_t count,
                             const rf_string *cut, const rf_string *to)
{
    const size_t size = s->size - count * cut->size + count * to->size;
    const size_t length = s->length - count * cut->length + count * to->length;
    return rf_string_new_raw(isolate, size, length);
}

static char *append(char *out, const char *text, size_t size)
{
    memcpy(out, text, size);
    return out + size;
}

/* `to` around every character of s */
static rf_value insert_around(rf_isolate *isolate, const rf_string *s, const rf_string *nothing,
                              const rf_string *to)
{
    rf_value result = new_replaced(isolate, s, (size_t)s->length + 1, nothing, to);
    if (rf_is_raised(result)) return result;
    char *out = append(result.as.string->text, to->text, to->size);
    for (uint32_t at = 0; at < s->size;) {
        const unsigned width = rf_utf8_width((unsigned char)s->text[at]);
        out = append(out, s->text + at, width);
        out = append(out, to->text, to->size);
        at += width;
    }
    return result;
}

rf_value rf_lib_replace(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    for (uint32_t i = 0; i < 3; i++)
        if (!rf_args_string(isolate, "replace", args, i)) return rf_raised();
    const rf_string *s = args[0].as.string, *from = args[1].as.string, *to = args[2].as.string;
    if (from->size == 0) return insert_around(isolate, s, from, to);
    const size_t count = count_matches(s, from);
    if (!count) return rf_take(&args[0]);
    rf_value result = new_replaced(isolate, s, count, from, to);
    if (rf_is_raised(result)) return result;
    char *out = result.as.string->text;
    const char *at = s->text, *end = s->text + s->size, *match;
    while ((match = find(at, (size_t)(end - at), from))) {
        out = append(out, at, (size_t)(match - at));
        out = append(out, to->text, to->size);
        at = match + from->size;
    }
    append(out, at, (size_t)(end - at));
    return result;
}

/* ---- splitting ---- */

static bool push_text(rf_isolate *isolate, rf_value *parts, const char *text, size_t size)
{
    return rf_array_gather(isolate, parts, rf_string_new(isolate, text, size));
}

/* "", every character, "" */
static rf_value split_characters(rf_isolate *isolate, const rf_string *s)
{
    rf_value parts = rf_array_new(isolate, (size_t)s->length + 2);
    if (!push_text(isolate, &parts, "", 0)) return parts;
    for (uint32_t at = 0; at < s->size;) {
        const unsigned width = rf_utf8_width((unsigned char)s->text[at]);
        if (!push_text(isolate, &parts, s->text + at, width)) return parts;
        at += width;
    }
    push_text(isolate, &parts, "", 0);
    return parts;
}

rf_value rf_lib_split(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "split", args, 0)) return rf_raised();
    if (!rf_args_string(isolate, "split", args, 1)) return rf_raised();
    const rf_string *s = args[0].as.string, *separator = args[1].as.string;
    if (separator->size == 0) return split_characters(isolate, s);
    rf_value parts = rf_array_new(isolate, count_matches(s, separator) + 1);
    const char *at = s->text, *end = s->text + s->size, *match;
    while ((match = find(at, (size_t)(end - at), separator))) {
        if (!push_text(isolate, &parts, at, (size_t)(match - at))) return parts;
        at = match + separator->size;
    }
    push_text(isolate, &parts, at, (size_t)(end - at));
    return parts;
}

rf_value rf_lib_lines(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "lines", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    rf_value parts = rf_array_new(isolate, 0);
    const char *at = s->text, *end = s->text + s->size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *next = stop ? stop + 1 : end;
        if (!stop)
            stop = end;
        else if (stop > at && stop[-1] == '\r')
            stop--;
        if (!push_text(isolate, &parts, at, (size_t)(stop - at))) return parts;
        at = next;
    }
    return parts;
}

/* Bytes from at to the next white space, or to the end. */
static size_t word_size(const char *at, const char *end)
{
    const char *start = at;
    while (at < end) {
        uint32_t code_point;
        const unsigned width = rf_utf8_decode(at, (size_t)(end - at), &code_point);
        if (rf_text_is_space(code_point)) break;
        at += width;
    }
    return (size_t)(at - start);
}

rf_value rf_lib_words(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "words", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    rf_value parts = rf_array_new(isolate, 0);
    const char *at = s->text, *end = s->text + s->size;
    for (;;) {
        at += rf_text_start_without_space(at, (size_t)(end - at));
        if (at == end) return parts;
        const size_t size = word_size(at, end);
        if (!push_text(isolate, &parts, at, size)) return parts;
        at += size;
    }
}

/* ---- joining ---- */

/* Size and length of the elements, if all are strings. */
static bool measure_strings(const rf_array *a, size_t *size, size_t *length)
{
    *size = *length = 0;
    if (a->object.info != RF_ARRAY_VALUES) return a->length == 0;
    for (uint32_t i = 0; i < a->length; i++) {
        if (a->as.values[i].head != RF_STRING) return false;
        *size += a->as.values[i].as.string->size;
        *length += a->as.values[i].as.string->length;
    }
    return true;
}

static rf_value join_strings(rf_isolate *isolate, const rf_array *a, const rf_string *separator,
                             size_t size, size_t length)
{
    const size_t gaps = a->length ? a->length - 1 : 0;
    rf_value result = rf_string_new_raw(isolate, size + gaps * separator->size,
                                        length + gaps * separator->length);
    if (rf_is_raised(result)) return result;
    char *out = result.as.string->text;
    for (uint32_t i = 0; i < a->length; i++) {
        if (i) out = append(out, separator->text, separator->size);
        out = append(out, a->as.values[i].as.string->text, a->as.values[i].as.string->size);
    }
    return result;
}

rf_value rf_lib_join(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "join", args, 0)) return rf_raised();
    if (!rf_args_string(isolate, "join", args, 1)) return rf_raised();
    const rf_array *a = args[0].as.array;
    const rf_string *separator = args[1].as.string;
    size_t size, length;
    if (measure_strings(a, &size, &length))
        return join_strings(isolate, a, separator, size, length);
    rf_buffer out = RF_BUFFER_INIT;
    for (uint32_t i = 0; i < a->length; i++) {
        if (i) rf_buffer_append(&out, separator->text, separator->size);
        if (!rf_display(isolate, rf_array_peek(a, i), &out)) {
            rf_buffer_release(&out);
            return rf_raised();
        }
    }
    return rf_string_take_buffer(isolate, &out);
}
