/* parse_yaml: one document (BUILTINS 15), at most 128 levels deep, from the events of libyaml.
 *
 * Aliases share the value of their anchor, so they cost nothing here; what they stand for is
 * counted all the same, since walking it later would take as long as its size says. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/json.h"
#include "lib/yaml_scalar.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "base/vector.h"

#include <string.h>
#include <yaml.h>

enum { LARGEST_EXPANSION = 10000000 /* values, with what aliases stand for */ };

typedef struct anchor {
    rf_value value; /* counted; UNSET: not complete yet */
    uint64_t size;  /* values in it */
} anchor;

typedef struct reader {
    rf_isolate *isolate;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool has_event;
    unsigned depth;
    uint64_t size;  /* values made so far */
    rf_value names; /* dict: anchor name to number */
    RF_VECTOR(anchor) anchors;
} reader;

static rf_value read_node(reader *r);

/* ---- events and errors ---- */

static rf_value fail_at(reader *r, yaml_mark_t mark, const char *problem)
{
    return rf_raise(r->isolate, "YAML parse error: %s at line %zu column %zu", problem,
                    mark.line + 1, mark.column + 1);
}

/* At the start of the current event. */
static rf_value fail(reader *r, const char *problem)
{
    return fail_at(r, r->event.start_mark, problem);
}

static void drop_event(reader *r)
{
    if (r->has_event) yaml_event_delete(&r->event);
    r->has_event = false;
}

static bool next_event(reader *r)
{
    drop_event(r);
    if (yaml_parser_parse(&r->parser, &r->event)) {
        r->has_event = true;
        return true;
    }
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_READER_ERROR) /* a character that YAML does not have; no mark */
        rf_raise(r->isolate, "YAML parse error: %s (byte %zu)", p->problem, p->problem_offset);
    else
        fail_at(r, p->problem_mark, p->problem ? p->problem : "out of memory");
    return false;
}

/* ---- anchors ---- */

static const rf_string *intern_name(reader *r, const yaml_char_t *name, rf_value *out)
{
    const char *text = (const char *)name;
    *out = rf_string_new(r->isolate, text, strlen(text));
    return out->as.string;
}

/* Makes room for the value of an anchored node; its number, -1 without an anchor. */
static int64_t begin_anchor(reader *r, const yaml_char_t *name)
{
    if (!name) return -1;
    rf_value text;
    intern_name(r, name, &text);
    const int64_t number = (int64_t)r->anchors.count;
    rf_vector_push(&r->anchors, ((anchor){.value = rf_unset(), .size = r->size}));
    rf_dict_set(r->isolate, r->names.as.dict, rf_key_from_string(text.as.string), rf_int(number));
    rf_release(r->isolate, text);
    return number;
}

static void end_anchor(reader *r, int64_t number, rf_value v)
{
    if (number < 0 || rf_is_raised(v)) return;
    anchor *a = &r->anchors.data[number];
    a->value = rf_copy(v);
    a->size = r->size - a->size;
}

static rf_value read_alias(reader *r)
{
    rf_value text;
    const rf_string *name = intern_name(r, r->event.data.alias.anchor, &text);
    const rf_value number = rf_dict_peek(r->names.as.dict, rf_key_from_string(text.as.string));
    const anchor *a = number.head == RF_INT ? &r->anchors.data[number.as.i] : NULL;
    rf_value v = rf_raised();
    if (!a || a->value.head == RF_UNSET) {
        rf_buffer problem = RF_BUFFER_INIT;
        rf_buffer_format(&problem, a ? "'*%s' stands in its own anchor" : "unknown anchor '%s'",
                         name->text);
        fail(r, problem.data);
        rf_buffer_release(&problem);
    } else if ((r->size += a->size) > LARGEST_EXPANSION) {
        fail(r, "aliases stand for too many values");
    } else {
        v = rf_copy(a->value);
    }
    rf_release(r->isolate, text);
    return v;
}

/* ---- scalars ---- */

static bool is_tag(const yaml_char_t *tag, const char *name)
{
    static const char core[] = "tag:yaml.org,2002:";
    const char *text = (const char *)tag;
    return tag && strncmp(text, core, sizeof core - 1) == 0 &&
           strcmp(text + sizeof core - 1, name) == 0;
}

/* A scalar with a tag of the core schema, which its text must fit. */
static rf_value read_tagged(reader *r, const char *text, size_t size, const yaml_char_t *tag)
{
    const rf_value v = rf_yaml_resolve(text, size);
    if (is_tag(tag, "float") && v.head == RF_INT) return rf_float((double)v.as.i);
    if ((is_tag(tag, "int") && v.head == RF_INT) || (is_tag(tag, "float") && v.head == RF_FLOAT) ||
        (is_tag(tag, "bool") && v.head == RF_BOOL) || (is_tag(tag, "null") && v.head == RF_NULL))
        return v;
    return fail(r, "text that does not fit its tag");
}

static rf_value read_scalar(reader *r)
{
    const yaml_event_t *e = &r->event;
    const char *text = (const char *)e->data.scalar.value;
    const size_t size = e->data.scalar.length;
    const yaml_char_t *tag = e->data.scalar.tag;
    if (is_tag(tag, "int") || is_tag(tag, "float") || is_tag(tag, "bool") || is_tag(tag, "null"))
        return read_tagged(r, text, size, tag);
    const bool is_string = is_tag(tag, "str") || (tag && strcmp((const char *)tag, "!") == 0);
    if (e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !is_string) {
        const rf_value v = rf_yaml_resolve(text, size);
        if (v.head != RF_UNSET) return v;
    }
    return rf_string_new(r->isolate, text, size);
}

/* ---- containers ---- */

static bool enter(reader *r)
{
    if (r->depth < RF_JSON_DEPTH) {
        r->depth++;
        return true;
    }
    fail(r, "nesting over 128 levels");
    return false;
}

static bool read_elements(reader *r, rf_array *array)
{
    for (;;) {
        if (!next_event(r)) return false;
        if (r->event.type == YAML_SEQUENCE_END_EVENT) return true;
        rf_value v = read_node(r);
        if (rf_is_raised(v) || !rf_array_push(r->isolate, array, v)) return false;
    }
}

/* A key as text: the display form of any other value; RAISED. */
static rf_value read_key(reader *r)
{
    rf_value v = read_node(r);
    if (rf_is_raised(v) || v.head == RF_STRING) return v;
    rf_value text = rf_to_string(r->isolate, v);
    rf_release(r->isolate, v);
    return text;
}

static bool read_entries(reader *r, rf_dict *dict)
{
    for (;;) {
        if (!next_event(r)) return false;
        if (r->event.type == YAML_MAPPING_END_EVENT) return true;
        rf_value key = read_key(r);
        if (rf_is_raised(key)) return false;
        rf_value v = next_event(r) ? read_node(r) : rf_raised();
        const bool ok =
            !rf_is_raised(v) && rf_dict_set(r->isolate, dict, rf_key_from_string(key.as.string), v);
        rf_release(r->isolate, key);
        if (!ok) return false;
    }
}

static rf_value read_container(reader *r, bool is_array)
{
    if (!enter(r)) return rf_raised();
    rf_value v = is_array ? rf_array_new(r->isolate, 0) : rf_dict_new(r->isolate, 0);
    const bool ok = is_array ? read_elements(r, v.as.array) : read_entries(r, v.as.dict);
    r->depth--;
    if (ok) return v;
    rf_release(r->isolate, v);
    return rf_raised();
}

/* The node that starts with the current event. */
static rf_value read_node(reader *r)
{
    const yaml_event_t *e = &r->event;
    if (e->type == YAML_ALIAS_EVENT) return read_alias(r);
    const yaml_char_t *name = e->type == YAML_SCALAR_EVENT           ? e->data.scalar.anchor
                              : e->type == YAML_SEQUENCE_START_EVENT ? e->data.sequence_start.anchor
                                                                     : e->data.mapping_start.anchor;
    const int64_t number = begin_anchor(r, name);
    r->size++;
    rf_value v = e->type == YAML_SCALAR_EVENT
                     ? read_scalar(r)
                     : read_container(r, e->type == YAML_SEQUENCE_START_EVENT);
    end_anchor(r, number, v);
    return v;
}

/* The only document of the text. */
static rf_value read_document(reader *r)
{
    if (!next_event(r) || !next_event(r)) return rf_raised(); /* behind the start of the stream */
    if (r->event.type == YAML_STREAM_END_EVENT) return rf_null();
    rf_value v = next_event(r) ? read_node(r) : rf_raised();
    if (rf_is_raised(v)) return v;
    if (next_event(r) && next_event(r)) {
        if (r->event.type == YAML_STREAM_END_EVENT) return v;
        fail(r, "more than one document");
    }
    rf_release(r->isolate, v);
    return rf_raised();
}

rf_value rf_lib_parse_yaml(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_yaml", args, 0)) return rf_raised();
    const rf_string *text = args[0].as.string;
    reader r = {.isolate = isolate, .names = rf_dict_new(isolate, 0)};
    if (!yaml_parser_initialize(&r.parser)) {
        rf_release(isolate, r.names);
        return rf_raise(isolate, "parse_yaml: out of memory");
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text->text, text->size);
    rf_value v = read_document(&r);
    drop_event(&r);
    yaml_parser_delete(&r.parser);
    for (size_t i = 0; i < r.anchors.count; i++) rf_release(isolate, r.anchors.data[i].value);
    rf_vector_release(&r.anchors);
    rf_release(isolate, r.names);
    return v;
}
