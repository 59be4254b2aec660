/* to_toml: a dict as TOML text (BUILTINS 14): keys sorted by code points, in each table the plain
 * values first, then its tables as sections and its arrays of tables as [[...]]. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/entries.h"
#include "lib/json.h"
#include "value/array.h"
#include "value/collection.h"

#include "base/vector.h"

#include <math.h>
#include <string.h>

typedef struct writer {
    rf_isolate *isolate;
    rf_buffer *out;
    RF_VECTOR(rf_value) path; /* names of the section being written, borrowed */
} writer;

static bool write_value(writer *w, rf_value v, unsigned depth);

static bool refuse(writer *w, const char *what)
{
    rf_raise(w->isolate, "to_toml cannot write %s as TOML", what);
    return false;
}

static bool is_deep(writer *w, unsigned depth)
{
    if (depth <= RF_JSON_DEPTH) return false;
    rf_raise(w->isolate, "to_toml: nesting over 128 levels");
    return true;
}

static bool is_table(rf_value v)
{
    return v.head == RF_DICT || v.head == RF_STRUCT;
}

static bool is_array_of_tables(rf_value v)
{
    if (v.head != RF_ARRAY || !v.as.array->length) return false;
    for (uint32_t i = 0; i < v.as.array->length; i++)
        if (!is_table(rf_array_peek(v.as.array, i))) return false;
    return true;
}

/* ---- keys and scalars ---- */

static void write_text(writer *w, const char *text, size_t size)
{
    static const char controls[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
    rf_buffer_append_byte(w->out, '"');
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        const char *known = c ? strchr(controls, c) : NULL;
        if (known)
            rf_buffer_format(w->out, "\\%c", letters[known - controls]);
        else if (c < 0x20 || c == 0x7F)
            rf_buffer_format(w->out, "\\u%04X", (unsigned)c);
        else
            rf_buffer_append_byte(w->out, (char)c);
    }
    rf_buffer_append_byte(w->out, '"');
}

static void write_key(writer *w, rf_value name)
{
    static const char bare[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const rf_string *s = name.as.string;
    if (s->size && strspn(s->text, bare) == s->size)
        rf_buffer_append(w->out, s->text, s->size);
    else
        write_text(w, s->text, s->size);
}

static bool write_float(writer *w, double number)
{
    if (isnan(number)) return refuse(w, "NaN");
    if (isinf(number)) return refuse(w, number > 0 ? "inf" : "-inf");
    rf_json_write_pointed(number, w->out);
    return true;
}

/* ---- inline containers ---- */

static bool write_inline_table(writer *w, rf_value v, unsigned depth)
{
    rf_entries list = rf_entries_list(w->isolate, v);
    bool ok = true;
    rf_buffer_append_byte(w->out, '{');
    for (uint32_t i = 0; i < list.count && ok; i++) {
        if (i) rf_buffer_append_text(w->out, ", ");
        write_key(w, list.items[i].name);
        rf_buffer_append_text(w->out, " = ");
        ok = write_value(w, list.items[i].value, depth + 1);
    }
    rf_buffer_append_byte(w->out, '}');
    rf_entries_release(w->isolate, &list);
    return ok;
}

static bool write_element(writer *w, uint32_t index, rf_value v, unsigned depth)
{
    if (index) rf_buffer_append_text(w->out, ", ");
    return write_value(w, v, depth + 1);
}

static bool write_elements(writer *w, rf_value v, unsigned depth)
{
    bool ok = true;
    uint32_t index = 0;
    rf_value element;
    rf_buffer_append_byte(w->out, '[');
    if (v.head == RF_ARRAY)
        for (; ok && index < v.as.array->length; index++)
            ok = write_element(w, index, rf_array_peek(v.as.array, index), depth);
    else if (v.head == RF_SET)
        for (uint32_t at = 0; ok && rf_set_next(v.as.set, &at, &element); index++)
            ok = write_element(w, index, element, depth);
    else
        for (; ok && index < rf_sequence_count(v.as.sequence); index++)
            ok = write_element(w, index, rf_sequence_peek(v.as.sequence, index), depth);
    rf_buffer_append_byte(w->out, ']');
    return ok;
}

static bool write_plain(writer *w, rf_value v, unsigned depth)
{
    switch (v.head) {
    case RF_NULL:
    case RF_NONE: rf_buffer_append_text(w->out, "\"\""); return true;
    case RF_BOOL: rf_buffer_append_text(w->out, v.as.i ? "true" : "false"); return true;
    case RF_INT: rf_buffer_append_int(w->out, v.as.i); return true;
    case RF_FLOAT: return write_float(w, v.as.d);
    case RF_STRING: write_text(w, v.as.string->text, v.as.string->size); return true;
    case RF_DICT:
    case RF_STRUCT: return !is_deep(w, depth) && write_inline_table(w, v, depth);
    case RF_ARRAY:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK: return !is_deep(w, depth) && write_elements(w, v, depth);
    default: return refuse(w, rf_type_name(v));
    }
}

static bool write_value(writer *w, rf_value v, unsigned depth)
{
    rf_value content = rf_entries_unwrap(w->isolate, v);
    const bool ok = write_plain(w, content, depth);
    rf_release(w->isolate, content);
    return ok;
}

/* ---- sections ---- */

static void write_header(writer *w, bool is_element)
{
    if (w->out->size) rf_buffer_append_byte(w->out, '\n');
    rf_buffer_append_text(w->out, is_element ? "[[" : "[");
    for (size_t i = 0; i < w->path.count; i++) {
        if (i) rf_buffer_append_byte(w->out, '.');
        write_key(w, w->path.data[i]);
    }
    rf_buffer_append_text(w->out, is_element ? "]]\n" : "]\n");
}

static bool write_table(writer *w, rf_value v, unsigned depth, bool has_header);

/* The tables of an entry, w->path ending with its name. */
static bool write_sections(writer *w, rf_value v, unsigned depth)
{
    if (is_table(v)) return write_table(w, v, depth + 1, false);
    for (uint32_t i = 0; i < v.as.array->length; i++) {
        if (is_deep(w, depth + 1)) return false;
        write_header(w, true);
        if (!write_table(w, rf_array_peek(v.as.array, i), depth + 2, true)) return false;
    }
    return true;
}

/* Plain values, then sections. */
static bool write_entries(writer *w, const rf_entries *list, unsigned depth)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const rf_value v = list->items[i].value;
        if (is_table(v) || is_array_of_tables(v)) continue;
        write_key(w, list->items[i].name);
        rf_buffer_append_text(w->out, " = ");
        if (!write_value(w, v, depth + 1)) return false;
        rf_buffer_append_byte(w->out, '\n');
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const rf_value v = list->items[i].value;
        if (!is_table(v) && !is_array_of_tables(v)) continue;
        rf_vector_push(&w->path, list->items[i].name);
        const bool ok = write_sections(w, v, depth);
        w->path.count--;
        if (!ok) return false;
    }
    return true;
}

/* Whether a table is told by more than the headers of its tables. */
static bool needs_header(const rf_entries *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!is_table(list->items[i].value) && !is_array_of_tables(list->items[i].value))
            return true;
    return list->count == 0;
}

static bool write_table(writer *w, rf_value v, unsigned depth, bool has_header)
{
    if (is_deep(w, depth)) return false;
    rf_entries list = rf_entries_list(w->isolate, v);
    if (!has_header && needs_header(&list)) write_header(w, false);
    const bool ok = write_entries(w, &list, depth);
    rf_entries_release(w->isolate, &list);
    return ok;
}

rf_value rf_lib_to_toml(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "to_toml", args, 0, RF_KIND(RF_DICT), "dict")) return rf_raised();
    rf_buffer out = RF_BUFFER_INIT;
    writer w = {.isolate = isolate, .out = &out};
    const bool ok = write_table(&w, args[0], 1, true);
    rf_vector_release(&w.path);
    if (ok) return rf_string_take_buffer(isolate, &out);
    rf_buffer_release(&out);
    return rf_raised();
}
