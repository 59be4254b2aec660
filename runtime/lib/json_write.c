/* to_json and to_json_pretty: values appended to a buffer, keys sorted by code points, at most 128
 * levels deep. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/json.h"
#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/format.h"
#include "value/struct_type.h"

typedef struct writer {
    rf_isolate *isolate;
    const char *name; /* of the built-in, for errors */
    rf_json_style style;
    rf_buffer *out;
    unsigned depth;
} writer;

static bool write_value(writer *w, rf_value v);

/* ---- scalars ---- */

static void write_text(writer *w, const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    rf_buffer_append_byte(w->out, '"');
    for (;;) {
        const char *plain = at;
        at = rf_json_scan_plain(at, end);
        rf_buffer_append(w->out, plain, (size_t)(at - plain));
        if (at == end) break;
        const char byte = *at++;
        static const char controls[] = "\b\f\n\r\t", letters[] = "bfnrt";
        const char *known = byte ? strchr(controls, byte) : NULL;
        if (byte == '"' || byte == '\\')
            rf_buffer_format(w->out, "\\%c", byte);
        else if (known)
            rf_buffer_format(w->out, "\\%c", letters[known - controls]);
        else
            rf_buffer_format(w->out, "\\u%04x", (unsigned)byte);
    }
    rf_buffer_append_byte(w->out, '"');
}

/* Shortest digits, always with a point or an exponent; exponents from -5 to 15 are written out. */
static void write_float(writer *w, double number)
{
    if (signbit(number)) rf_buffer_append_byte(w->out, '-');
    if (number == 0) {
        rf_buffer_append_text(w->out, "0.0");
        return;
    }
    char digits[32];
    int point; /* digits before the point */
    const int count = (int)rf_float_digits(fabs(number), digits, &point);
    const int exponent = point - 1;
    if (exponent < -5 || exponent > 15) {
        rf_buffer_append_byte(w->out, digits[0]);
        if (count > 1) rf_buffer_append_byte(w->out, '.');
        rf_buffer_append(w->out, digits + 1, (size_t)count - 1);
        rf_buffer_format(w->out, "e%d", exponent);
        return;
    }
    if (point <= 0) rf_buffer_append_text(w->out, "0.");
    for (int i = point; i < 0; i++) rf_buffer_append_byte(w->out, '0');
    for (int i = 0; i < count; i++) {
        if (i == point && i > 0) rf_buffer_append_byte(w->out, '.');
        rf_buffer_append_byte(w->out, digits[i]);
    }
    for (int i = count; i < point; i++) rf_buffer_append_byte(w->out, '0');
    if (count <= point) rf_buffer_append_text(w->out, ".0");
}

void rf_json_write_pointed(double number, rf_buffer *out)
{
    writer w = {.out = out};
    const size_t start = out->size;
    write_float(&w, number);
    if (memchr(out->data + start, '.', out->size - start)) return;
    const char *exponent = memchr(out->data + start, 'e', out->size - start);
    char *text = rf_strndup(exponent, (size_t)(out->data + out->size - exponent));
    out->size = (size_t)(exponent - out->data);
    rf_buffer_append_text(out, ".0");
    rf_buffer_append_text(out, text);
    rf_free(text);
}

static bool refuse(writer *w, const char *what)
{
    rf_raise(w->isolate, "%s cannot write %s as JSON", w->name, what);
    return false;
}

/* ---- containers ---- */

static void break_line(writer *w)
{
    if (w->style == RF_JSON_COMPACT) return;
    rf_buffer_append_byte(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++) rf_buffer_append_text(w->out, "  ");
}

/* Between the parts of a container. */
static void begin_part(writer *w, uint32_t index)
{
    if (index) rf_buffer_append_byte(w->out, ',');
    break_line(w);
}

static void write_key(writer *w, uint32_t index, const char *text, size_t size)
{
    begin_part(w, index);
    write_text(w, text, size);
    rf_buffer_append_byte(w->out, ':');
    if (w->style == RF_JSON_PRETTY) rf_buffer_append_byte(w->out, ' ');
}

static bool begin_container(writer *w, char bracket)
{
    if (w->depth == RF_JSON_DEPTH) {
        rf_raise(w->isolate, "%s: nesting over 128 levels", w->name);
        return false;
    }
    w->depth++;
    rf_buffer_append_byte(w->out, bracket);
    return true;
}

static bool end_container(writer *w, char bracket, uint32_t count)
{
    w->depth--;
    if (count) break_line(w);
    rf_buffer_append_byte(w->out, bracket);
    return true;
}

static bool write_array(writer *w, const rf_array *a)
{
    if (!begin_container(w, '[')) return false;
    for (uint32_t i = 0; i < a->length; i++) {
        begin_part(w, i);
        if (!write_value(w, rf_array_peek(a, i))) return false;
    }
    return end_container(w, ']', a->length);
}

static bool write_set(writer *w, const rf_set *s)
{
    if (!begin_container(w, '[')) return false;
    uint32_t index = 0;
    rf_value element;
    for (uint32_t at = 0; rf_set_next(s, &at, &element); index++) {
        begin_part(w, index);
        if (!write_value(w, element)) return false;
    }
    return end_container(w, ']', index);
}

static bool write_sequence(writer *w, const rf_sequence *s)
{
    if (!begin_container(w, '[')) return false;
    const uint32_t count = rf_sequence_count(s);
    for (uint32_t i = 0; i < count; i++) {
        begin_part(w, i);
        if (!write_value(w, rf_sequence_peek(s, i))) return false;
    }
    return end_container(w, ']', count);
}

static bool write_entries(writer *w, const rf_dict *d, const rf_key *keys, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char small[24];
        size_t size;
        const char *text = rf_key_text(keys[i], small, &size);
        write_key(w, i, text, size);
        rf_value v = rf_dict_get(d, keys[i]);
        const bool ok = write_value(w, v);
        rf_release(w->isolate, v);
        if (!ok) return false;
    }
    return true;
}

static bool write_dict(writer *w, const rf_dict *d)
{
    if (!begin_container(w, '{')) return false;
    const uint32_t count = rf_dict_count(d);
    rf_key *keys = rf_dict_sorted_keys(w->isolate, d, true);
    const bool ok = write_entries(w, d, keys, count);
    rf_free(keys);
    return ok && end_container(w, '}', count);
}

/* Field numbers of def in the order of their names; new (rf_free). */
static uint32_t *sorted_fields(const rf_structdef *def)
{
    uint32_t *order = rf_alloc_array(uint32_t, def->field_count);
    for (uint32_t i = 0; i < def->field_count; i++) {
        uint32_t at = i;
        const rf_string *name = def->field_names[i].as.string;
        for (; at > 0 && rf_string_compare(name, def->field_names[order[at - 1]].as.string) < 0;
             at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static bool write_struct(writer *w, const rf_struct *s)
{
    if (!begin_container(w, '{')) return false;
    const rf_structdef *def = s->layout->def;
    uint32_t *order = sorted_fields(def);
    bool ok = true;
    for (uint32_t i = 0; i < def->field_count && ok; i++) {
        const rf_string *name = def->field_names[order[i]].as.string;
        write_key(w, i, name->text, name->size);
        ok = write_value(w, rf_struct_peek(s, order[i]));
    }
    rf_free(order);
    return ok && end_container(w, '}', def->field_count);
}

/* Some(x) is x, also Some(Some(x)) */
static bool write_wrapped(writer *w, rf_value v)
{
    if (rf_wrap_of(v) != RF_SOME) return refuse(w, rf_type_name(v));
    rf_value content = rf_unwrap_value(v);
    const bool ok = write_value(w, content);
    rf_release(w->isolate, content);
    return ok;
}

static bool write_value(writer *w, rf_value v)
{
    switch (v.head) {
    case RF_NULL:
    case RF_NONE: rf_buffer_append(w->out, "null", 4); return true;
    case RF_BOOL: rf_buffer_append_text(w->out, v.as.i ? "true" : "false"); return true;
    case RF_INT: rf_buffer_append_int(w->out, v.as.i); return true;
    case RF_FLOAT:
        if (isnan(v.as.d)) return refuse(w, "NaN");
        if (isinf(v.as.d)) return refuse(w, v.as.d > 0 ? "inf" : "-inf");
        write_float(w, v.as.d);
        return true;
    case RF_STRING: write_text(w, v.as.string->text, v.as.string->size); return true;
    case RF_ARRAY: return write_array(w, v.as.array);
    case RF_DICT: return write_dict(w, v.as.dict);
    case RF_SET: return write_set(w, v.as.set);
    case RF_QUEUE:
    case RF_STACK: return write_sequence(w, v.as.sequence);
    case RF_STRUCT: return write_struct(w, v.as.instance);
    default:
        if (rf_wrap_of(v)) return write_wrapped(w, v);
        return refuse(w, rf_type_name(v));
    }
}

bool rf_json_write(rf_isolate *isolate, const char *name, rf_value v, rf_json_style style,
                   rf_buffer *out)
{
    writer w = {isolate, name, style, out, 0};
    return write_value(&w, v);
}

static rf_value to_text(rf_isolate *isolate, const char *name, rf_value v, rf_json_style style)
{
    rf_buffer out = RF_BUFFER_INIT;
    if (rf_json_write(isolate, name, v, style, &out)) return rf_string_take_buffer(isolate, &out);
    rf_buffer_release(&out);
    return rf_raised();
}

rf_value rf_lib_to_json(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return to_text(isolate, "to_json", args[0], RF_JSON_COMPACT);
}

rf_value rf_lib_to_json_pretty(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return to_text(isolate, "to_json_pretty", args[0], RF_JSON_PRETTY);
}
