/* to_yaml: a value as one YAML document in block style (BUILTINS 15), keys sorted by code points.
 *
 * Strings are plain unless they would read back as something else; then they are quoted, texts of
 * several lines being block scalars.  What neither form can hold is in double quotes. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/entries.h"
#include "lib/json.h"
#include "lib/yaml_scalar.h"
#include "value/array.h"
#include "value/collection.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { LONGEST_SIMPLE_KEY = 1000 /* bytes; longer ones are written with a question mark */ };

typedef struct writer {
    rf_isolate *isolate;
    rf_buffer *out;
} writer;

static bool refuse(writer *w, const char *what)
{
    rf_raise(w->isolate, "to_yaml cannot write %s as YAML", what);
    return false;
}

/* ---- strings ---- */

typedef enum text_form { PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, BLOCK } text_form;

/* A character that YAML texts may hold as it is, line breaks aside. */
static bool is_printable(uint32_t c)
{
    if (c < 0x20 || c == 0x7F) return false;
    if (c >= 0x80 && c < 0xA0) return false;
    if (c == 0x2028 || c == 0x2029 || c == 0xFEFF) return false; /* breaks; a byte order mark */
    return c != 0xFFFE && c != 0xFFFF;
}

/* Whether all characters may stand as they are; *has_lines: one of them is a line feed. */
static bool is_text(const char *text, size_t size, bool *has_lines)
{
    *has_lines = false;
    for (size_t at = 0; at < size;) {
        uint32_t c;
        at += rf_utf8_decode(text + at, size - at, &c);
        *has_lines |= c == '\n';
        if (c != '\n' && !is_printable(c)) return false;
    }
    return true;
}

static bool starts_like(const char *text, size_t size, const char *start)
{
    return size >= strlen(start) && memcmp(text, start, strlen(start)) == 0;
}

/* Whether a text of one line means itself without quotes. */
static bool is_plain(const char *text, size_t size)
{
    if (!size || rf_yaml_resolve(text, size).head != RF_UNSET) return false;
    if (strchr(" ,[]{}#&*!|>'\"%@`", text[0]) || text[size - 1] == ' ' || text[size - 1] == ':')
        return false;
    if (strchr("-?:", text[0]) && (size == 1 || text[1] == ' ')) return false;
    if (starts_like(text, size, "---") || starts_like(text, size, "...")) return false;
    for (size_t i = 1; i < size; i++)
        if ((text[i] == ' ' && text[i - 1] == ':') || (text[i] == '#' && text[i - 1] == ' '))
            return false;
    return true;
}

static text_form form_of(const char *text, size_t size)
{
    bool has_lines;
    if (!is_text(text, size, &has_lines)) return DOUBLE_QUOTED;
    if (!has_lines) return is_plain(text, size) ? PLAIN : SINGLE_QUOTED;
    /* the first line of a block tells its indentation */
    return text[0] == ' ' || text[0] == '\n' ? DOUBLE_QUOTED : BLOCK;
}

static void write_double_quoted(writer *w, const char *text, size_t size)
{
    rf_buffer_append_byte(w->out, '"');
    for (size_t at = 0; at < size;) {
        uint32_t c;
        const unsigned width = rf_utf8_decode(text + at, size - at, &c);
        if (c == '"' || c == '\\')
            rf_buffer_format(w->out, "\\%c", (char)c);
        else if (c == '\n' || c == '\t' || c == '\r')
            rf_buffer_append_text(w->out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
        else if (is_printable(c))
            rf_buffer_append(w->out, text + at, width);
        else
            rf_buffer_format(w->out, c < 0x100 ? "\\x%02X" : "\\u%04X", c);
        at += width;
    }
    rf_buffer_append_byte(w->out, '"');
}

static void write_single_quoted(writer *w, const char *text, size_t size)
{
    rf_buffer_append_byte(w->out, '\'');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\'') rf_buffer_append_byte(w->out, '\'');
        rf_buffer_append_byte(w->out, text[i]);
    }
    rf_buffer_append_byte(w->out, '\'');
}

static void indent(writer *w, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) rf_buffer_append_text(w->out, "  ");
}

/* Lines behind a bar; what stands after it tells how many line ends the text ends with. */
static void write_block(writer *w, const char *text, size_t size, unsigned depth)
{
    size_t end = size;
    while (end && text[end - 1] == '\n') end--;
    rf_buffer_append_text(w->out, end == size ? "|-" : end + 1 == size ? "|" : "|+");
    if (end < size) size--; /* the end of the last line is written by the caller */
    for (size_t at = 0; at <= size;) {
        const char *stop = memchr(text + at, '\n', size - at);
        const size_t next = stop ? (size_t)(stop - text) : size;
        rf_buffer_append_byte(w->out, '\n');
        if (next > at) indent(w, depth);
        rf_buffer_append(w->out, text + at, next - at);
        at = next + 1;
    }
}

/* depth: of the lines of a block */
static void write_string(writer *w, rf_value v, unsigned depth)
{
    const rf_string *s = v.as.string;
    switch (form_of(s->text, s->size)) {
    case PLAIN: rf_buffer_append(w->out, s->text, s->size); break;
    case SINGLE_QUOTED: write_single_quoted(w, s->text, s->size); break;
    case DOUBLE_QUOTED: write_double_quoted(w, s->text, s->size); break;
    case BLOCK: write_block(w, s->text, s->size, depth); break;
    }
}

static void write_key(writer *w, rf_value name)
{
    const rf_string *s = name.as.string;
    if (s->size > LONGEST_SIMPLE_KEY) rf_buffer_append_text(w->out, "? ");
    if (form_of(s->text, s->size) == BLOCK)
        write_double_quoted(w, s->text, s->size);
    else
        write_string(w, name, 0);
}

/* ---- values ---- */

/* What stands before a value that may begin on the same line. */
typedef enum place { AT_ROOT, AFTER_KEY, AFTER_DASH } place;

static bool write_node(writer *w, rf_value v, unsigned depth, unsigned level, place at);

static uint32_t element_count(rf_value v)
{
    if (v.head == RF_ARRAY) return v.as.array->length;
    return v.head == RF_SET ? rf_set_count(v.as.set) : rf_sequence_count(v.as.sequence);
}

static bool write_element(writer *w, rf_value v, uint32_t index, unsigned depth, unsigned level,
                          place at)
{
    if (index || at == AFTER_KEY) {
        rf_buffer_append_byte(w->out, '\n');
        indent(w, depth);
    }
    rf_buffer_append_byte(w->out, '-');
    return write_node(w, v, depth + 1, level, AFTER_DASH);
}

/* Elements behind dashes at depth, the first of them where we are unless a key stands there. */
static bool write_elements(writer *w, rf_value v, unsigned depth, unsigned level, place at)
{
    bool ok = true;
    if (v.head == RF_SET) {
        rf_value element;
        uint32_t index = 0;
        for (uint32_t i = 0; ok && rf_set_next(v.as.set, &i, &element); index++)
            ok = write_element(w, element, index, depth, level, at);
        return ok;
    }
    for (uint32_t i = 0; ok && i < element_count(v); i++)
        ok = write_element(w,
                           v.head == RF_ARRAY ? rf_array_peek(v.as.array, i)
                                              : rf_sequence_peek(v.as.sequence, i),
                           i, depth, level, at);
    return ok;
}

static bool write_entries(writer *w, const rf_entries *entries, unsigned depth, unsigned level,
                          place at)
{
    for (uint32_t i = 0; i < entries->count; i++) {
        if (i || at == AFTER_KEY) {
            rf_buffer_append_byte(w->out, '\n');
            indent(w, depth);
        }
        write_key(w, entries->items[i].name);
        if (entries->items[i].name.as.string->size > LONGEST_SIMPLE_KEY) {
            rf_buffer_append_byte(w->out, '\n');
            indent(w, depth);
        }
        rf_buffer_append_byte(w->out, ':');
        if (!write_node(w, entries->items[i].value, depth, level, AFTER_KEY)) return false;
    }
    return true;
}

/* depth: of the key or dash before it */
static bool write_container(writer *w, rf_value v, unsigned depth, unsigned level, place at)
{
    if (level == RF_JSON_DEPTH) {
        rf_raise(w->isolate, "to_yaml: nesting over 128 levels");
        return false;
    }
    if (v.head != RF_DICT && v.head != RF_STRUCT) {
        if (element_count(v)) {
            if (at == AFTER_DASH) rf_buffer_append_byte(w->out, ' ');
            return write_elements(w, v, depth, level + 1, at);
        }
        rf_buffer_append_text(w->out, at == AT_ROOT ? "[]" : " []");
        return true;
    }
    rf_entries entries = rf_entries_list(w->isolate, v);
    bool ok = true;
    if (!entries.count) {
        rf_buffer_append_text(w->out, at == AT_ROOT ? "{}" : " {}");
    } else {
        if (at == AFTER_DASH) rf_buffer_append_byte(w->out, ' ');
        ok = write_entries(w, &entries, at == AFTER_KEY ? depth + 1 : depth, level + 1, at);
    }
    rf_entries_release(w->isolate, &entries);
    return ok;
}

static bool write_scalar(writer *w, rf_value v, unsigned depth)
{
    switch (v.head) {
    case RF_NULL:
    case RF_NONE: rf_buffer_append_text(w->out, "null"); return true;
    case RF_BOOL: rf_buffer_append_text(w->out, v.as.i ? "true" : "false"); return true;
    case RF_INT: rf_buffer_append_int(w->out, v.as.i); return true;
    case RF_FLOAT:
        if (isnan(v.as.d)) return refuse(w, "NaN");
        if (isinf(v.as.d)) return refuse(w, v.as.d > 0 ? "inf" : "-inf");
        rf_json_write_pointed(v.as.d, w->out);
        return true;
    case RF_STRING: write_string(w, v, depth); return true;
    default: return refuse(w, rf_type_name(v));
    }
}

static bool write_node(writer *w, rf_value v, unsigned depth, unsigned level, place at)
{
    rf_value content = rf_entries_unwrap(w->isolate, v);
    bool ok;
    switch (content.head) {
    case RF_ARRAY:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK:
    case RF_DICT:
    case RF_STRUCT: ok = write_container(w, content, depth, level, at); break;
    default:
        if (at != AT_ROOT) rf_buffer_append_byte(w->out, ' ');
        ok = write_scalar(w, content, at == AFTER_DASH ? depth : depth + 1);
        break;
    }
    rf_release(w->isolate, content);
    return ok;
}

rf_value rf_lib_to_yaml(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_buffer out = RF_BUFFER_INIT;
    writer w = {.isolate = isolate, .out = &out};
    if (write_node(&w, args[0], 0, 0, AT_ROOT)) {
        rf_buffer_append_byte(&out, '\n');
        return rf_string_take_buffer(isolate, &out);
    }
    rf_buffer_release(&out);
    return rf_raised();
}
