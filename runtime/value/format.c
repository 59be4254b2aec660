/* Display and inspect forms.
 *
 * Containers are walked with an explicit stack, so the depth of data costs no C stack.  Dict
 * entries and struct fields are sorted here, when they are printed, and nowhere else. */
#include "value/format.h"

#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/object.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { NESTING_LIMIT = 4096, INLINE_FRAMES = 16 };

typedef struct frame {
    rf_value value; /* container being printed; borrowed */
    uint32_t at;    /* next part: position, or cursor of a set */
    uint32_t count;
    rf_key *keys;    /* dict: sorted */
    uint32_t *order; /* struct: fields sorted by name */
    const char *separator, *close;
} frame;

typedef struct printer {
    rf_isolate *isolate;
    rf_buffer *out;
    bool quotes_strings; /* REPL */
    frame inline_frames[INLINE_FRAMES];
    frame *frames;
    uint32_t count, capacity;
} printer;

static void append(rf_buffer *out, const rf_string *s)
{
    rf_buffer_append(out, s->text, s->size);
}

static void append_quoted(rf_buffer *out, const rf_string *s, bool escapes_nul)
{
    rf_buffer_append_byte(out, '"');
    for (uint32_t i = 0; i < s->size; i++) {
        char c = s->text[i];
        switch (c) {
        case '\n': rf_buffer_append_text(out, "\\n"); break;
        case '\t': rf_buffer_append_text(out, "\\t"); break;
        case '\r': rf_buffer_append_text(out, "\\r"); break;
        case '"': rf_buffer_append_text(out, "\\\""); break;
        case '\\': rf_buffer_append_text(out, "\\\\"); break;
        default:
            if (!c && escapes_nul)
                rf_buffer_append_text(out, "\\0");
            else
                rf_buffer_append_byte(out, c);
        }
    }
    rf_buffer_append_byte(out, '"');
}

/* ---- values without parts ---- */

static void append_function(rf_buffer *out, const rf_function *f)
{
    if (f->object.info == RF_FUNCTION_BUILTIN)
        rf_buffer_format(out, "<native function: %s>", f->builtin->canonical);
    else if (f->func->kind == RF_FUNC_EXPR)
        rf_buffer_append_text(out, "<function>");
    else
        rf_buffer_format(out, "<function %s>", f->func->display_name);
}

static void append_named(rf_buffer *out, const char *what, rf_value name)
{
    rf_buffer_append_text(out, what);
    append(out, name.as.string);
    rf_buffer_append_byte(out, '>');
}

static void append_variant(rf_buffer *out, const rf_enum *e)
{
    append(out, e->def->name.as.string);
    rf_buffer_append_text(out, "::");
    append(out, e->def->variant_names[e->variant].as.string);
}

/* ---- containers ---- */

static frame *push(printer *p, rf_value v, const char *open, const char *separator,
                   const char *close, uint32_t count)
{
    if (p->count == p->capacity) {
        frame *frames = rf_alloc_array(frame, p->capacity * 2);
        memcpy(frames, p->frames, p->count * sizeof *frames);
        if (p->frames != p->inline_frames) rf_free(p->frames);
        p->frames = frames;
        p->capacity *= 2;
    }
    rf_buffer_append_text(p->out, open);
    frame *f = &p->frames[p->count++];
    *f = (frame){.value = v, .count = count, .separator = separator, .close = close};
    return f;
}

static void push_struct(printer *p, rf_value v)
{
    const rf_structdef *def = v.as.instance->layout->def;
    append(p->out, def->name.as.string);
    uint32_t count = def->field_count;
    frame *f = push(p, v, count ? " { " : " {", ", ", count ? " }" : "}", count);
    if (!count) return;
    f->order = rf_alloc_array(uint32_t, count);
    for (uint32_t i = 0; i < count; i++) { /* few fields: insertion sort */
        uint32_t at = i;
        for (; at && rf_string_compare(def->field_names[f->order[at - 1]].as.string,
                                       def->field_names[i].as.string) > 0;
             at--)
            f->order[at] = f->order[at - 1];
        f->order[at] = i;
    }
}

/* Writes a value without parts, or opens a container; a variant without payload is the former. */
static void begin(printer *p, rf_value v)
{
    static const char *const wraps[] = {"", "Some(", "Ok(", "Err("};
    rf_buffer *out = p->out;
    if (rf_wrap_of(v)) {
        push(p, v, wraps[rf_wrap_of(v)], "", ")", 1);
        return;
    }
    switch (rf_tag_of(v)) {
    case RF_NULL: rf_buffer_append(out, "null", 4); break;
    case RF_BOOL: rf_buffer_append_text(out, v.as.i ? "true" : "false"); break;
    case RF_INT: rf_buffer_append_int(out, v.as.i); break;
    case RF_FLOAT: rf_format_float(v.as.d, out); break;
    case RF_NONE: rf_buffer_append_text(out, "None"); break;
    case RF_STRING:
        if (p->quotes_strings)
            append_quoted(out, v.as.string, false);
        else
            append(out, v.as.string);
        break;
    case RF_BYTES: rf_buffer_format(out, "<bytes: %u>", v.as.bytes->size); break;
    case RF_ARRAY: push(p, v, "[", ", ", "]", v.as.array->length); break;
    case RF_DICT:
        push(p, v, "{", ", ", "}", rf_dict_count(v.as.dict))->keys =
            rf_dict_sorted_keys(p->isolate, v.as.dict, false);
        break;
    case RF_SET: push(p, v, "Set([", ", ", "])", rf_set_count(v.as.set)); break;
    case RF_QUEUE: push(p, v, "Queue([", ", ", "])", rf_sequence_count(v.as.sequence)); break;
    case RF_STACK: push(p, v, "Stack([", ", ", "])", rf_sequence_count(v.as.sequence)); break;
    case RF_STRUCT: push_struct(p, v); break;
    case RF_ENUM:
        append_variant(out, v.as.variant);
        if (v.as.variant->count) push(p, v, "(", ",", ")", v.as.variant->count);
        break;
    case RF_ERROR: push(p, v, "Error { ", ", ", " }", 4); break;
    case RF_FUNCTION: append_function(out, v.as.function); break;
    case RF_STRUCTDEF: append_named(out, "<struct ", v.as.structdef->name); break;
    case RF_ENUMDEF: append_named(out, "<enum ", v.as.enumdef->name); break;
    case RF_GENERATOR:
        rf_buffer_append_text(out, v.as.generator->is_iterator ? "<iterator>" : "<generator>");
        break;
    case RF_PROMISE: rf_buffer_append_text(out, "<promise>"); break;
    case RF_CHANNEL: rf_buffer_append_text(out, "<channel>"); break;
    case RF_MODULE: append_named(out, "<module ", v.as.module->name); break;
    default: rf_buffer_append_text(out, "<unknown>"); break;
    }
}

static rf_value error_part(printer *p, const rf_error *e, uint32_t at)
{
    static const char *const labels[] = {"cause: ", "line: ", "message: ", "stack: "};
    rf_buffer_append_text(p->out, labels[at]);
    switch (at) {
    case 0: return e->cause;
    case 1: return rf_int(e->line);
    case 2: return e->message;
    default: return e->stack;
    }
}

/* Part f->at of the container, its label written (borrows). */
static rf_value take_part(printer *p, frame *f)
{
    rf_value v = f->value;
    uint32_t at = f->at++;
    if (rf_wrap_of(v)) {
        v.head &= 0xFF;
        return v.head == RF_BOX ? v.as.box->content : v;
    }
    switch (rf_tag_of(v)) {
    case RF_ARRAY: return rf_array_peek(v.as.array, at);
    case RF_DICT: {
        char small[24];
        size_t size;
        const char *text = rf_key_text(f->keys[at], small, &size);
        rf_buffer_append_byte(p->out, '"');
        rf_buffer_append(p->out, text, size);
        rf_buffer_append(p->out, "\": ", 3);
        return rf_dict_peek(v.as.dict, f->keys[at]);
    }
    case RF_STRUCT: {
        uint32_t field = f->order[at];
        append(p->out, v.as.instance->layout->def->field_names[field].as.string);
        rf_buffer_append(p->out, ": ", 2);
        return rf_struct_peek(v.as.instance, field);
    }
    case RF_ENUM: return v.as.variant->payload[at];
    case RF_ERROR: return error_part(p, v.as.error, at);
    default: return rf_sequence_peek(v.as.sequence, at);
    }
}

/* The next part; false at the end. */
static bool next_part(printer *p, frame *f, rf_value *part)
{
    if (f->value.head == RF_SET) {
        bool is_first = f->at == 0;
        if (!rf_set_next(f->value.as.set, &f->at, part)) return false;
        if (!is_first) rf_buffer_append_text(p->out, f->separator);
        return true;
    }
    if (f->at == f->count) return false;
    bool is_first = f->at == 0;
    if (is_first && f->value.head == RF_ERROR && f->value.as.error->cause.head == RF_NULL)
        f->at = 1;
    if (!is_first) rf_buffer_append_text(p->out, f->separator);
    *part = take_part(p, f);
    return true;
}

static void pop(printer *p)
{
    frame *f = &p->frames[--p->count];
    rf_buffer_append_text(p->out, f->close);
    rf_free(f->keys);
    rf_free(f->order);
}

static bool print(rf_isolate *isolate, rf_value v, rf_buffer *out, bool quotes_strings)
{
    printer p;
    p.isolate = isolate;
    p.out = out;
    p.quotes_strings = quotes_strings;
    p.frames = p.inline_frames;
    p.count = 0;
    p.capacity = INLINE_FRAMES;
    begin(&p, v);
    bool is_fine = true;
    while (p.count) {
        if (p.count > NESTING_LIMIT) {
            is_fine = false;
            while (p.count) pop(&p);
            rf_raise(isolate, "Maximum data nesting depth of %d exceeded", NESTING_LIMIT);
            break;
        }
        rf_value part;
        uint32_t depth = p.count;
        while (p.count == depth && next_part(&p, &p.frames[depth - 1], &part)) begin(&p, part);
        if (p.count == depth) pop(&p);
    }
    if (p.frames != p.inline_frames) rf_free(p.frames);
    return is_fine;
}

bool rf_display(rf_isolate *isolate, rf_value v, rf_buffer *out)
{
    if (v.head == RF_STRING) {
        append(out, v.as.string);
        return true;
    }
    return print(isolate, v, out, false);
}

bool rf_inspect_repl(rf_isolate *isolate, rf_value v, rf_buffer *out)
{
    return print(isolate, v, out, true);
}

rf_value rf_to_string(rf_isolate *isolate, rf_value v)
{
    if (v.head == RF_STRING) return rf_copy(v);
    rf_buffer text = RF_BUFFER_INIT;
    if (!rf_display(isolate, v, &text)) {
        rf_buffer_release(&text);
        return rf_raised();
    }
    return rf_string_take_buffer(isolate, &text);
}

bool rf_inspect_short(rf_isolate *isolate, rf_value v, rf_buffer *out)
{
    static const char *const wraps[] = {"", "Some(...)", "Ok(...)", "Err(...)"};
    if (rf_wrap_of(v)) {
        rf_buffer_append_text(out, wraps[rf_wrap_of(v)]);
        return true;
    }
    switch (rf_tag_of(v)) {
    case RF_NULL: rf_buffer_append_text(out, "Null"); return true;
    case RF_BOOL: rf_buffer_format(out, "Bool(%s)", v.as.i ? "true" : "false"); return true;
    case RF_INT: rf_buffer_format(out, "Int(%lld)", (long long)v.as.i); return true;
    case RF_FLOAT:
        rf_buffer_append_text(out, "Float(");
        rf_format_float(v.as.d, out);
        rf_buffer_append_byte(out, ')');
        return true;
    case RF_STRING:
        rf_buffer_append_text(out, "Str(");
        append_quoted(out, v.as.string, true);
        rf_buffer_append_byte(out, ')');
        return true;
    case RF_BYTES: rf_buffer_format(out, "Bytes(%u bytes)", v.as.bytes->size); return true;
    case RF_ARRAY: rf_buffer_format(out, "Array[%u]", v.as.array->length); return true;
    case RF_DICT: rf_buffer_format(out, "Dict{%u keys}", rf_dict_count(v.as.dict)); return true;
    case RF_SET: rf_buffer_format(out, "Set{%u items}", rf_set_count(v.as.set)); return true;
    case RF_QUEUE:
        rf_buffer_format(out, "Queue(%u items)", rf_sequence_count(v.as.sequence));
        return true;
    case RF_STACK:
        rf_buffer_format(out, "Stack(%u items)", rf_sequence_count(v.as.sequence));
        return true;
    case RF_FUNCTION:
        if (v.as.function->object.info != RF_FUNCTION_BUILTIN) break;
        rf_buffer_format(out, "NativeFunction(%s)", v.as.function->builtin->canonical);
        return true;
    default: break;
    }
    return rf_display(isolate, v, out);
}

void rf_format_json_string(const char *text, size_t size, rf_buffer *out)
{
    rf_buffer_append_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        switch (c) {
        case '"': rf_buffer_append_text(out, "\\\""); break;
        case '\\': rf_buffer_append_text(out, "\\\\"); break;
        case '\n': rf_buffer_append_text(out, "\\n"); break;
        case '\r': rf_buffer_append_text(out, "\\r"); break;
        case '\t': rf_buffer_append_text(out, "\\t"); break;
        case '\b': rf_buffer_append_text(out, "\\b"); break;
        case '\f': rf_buffer_append_text(out, "\\f"); break;
        default:
            if (c < 0x20)
                rf_buffer_format(out, "\\u%04x", c);
            else
                rf_buffer_append_byte(out, (char)c);
        }
    }
    rf_buffer_append_byte(out, '"');
}
