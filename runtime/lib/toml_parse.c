/* parse_toml: TOML 1.0 (BUILTINS 14) in one pass, tables at most 128 levels deep.
 *
 * Tables are made as the dicts they will be, held by their parents alone, so that they can be
 * filled in place.  What TOML's rules on redefinition need to know about them is in `table` records
 * beside them: a table without a record, an inline one, cannot be added to. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/json.h"
#include "lib/toml_scalar.h"
#include "value/array.h"
#include "value/dict.h"

#include "base/utf8.h"
#include "base/vector.h"

#include <string.h>

typedef enum table_kind {
    IMPLICIT, /* on the way to a header's table: a header of its own may still come */
    DEFINED,  /* by a header; the root */
    DOTTED,   /* by a dotted key: more dotted keys may add to it */
    ELEMENTS  /* an array of tables: the record is of the array, `last` of its last element */
} table_kind;

typedef struct table {
    table_kind kind;
    unsigned depth;
    rf_dict *dict;     /* borrowed; NULL: ELEMENTS */
    rf_array *array;   /* ELEMENTS */
    uint32_t last;     /* ELEMENTS: number of the element's record */
    rf_value children; /* dict of record numbers; UNSET: none */
} table;

typedef struct parser {
    rf_toml_text text; /* first */
    RF_VECTOR(table) tables;
} parser;

static rf_value parse_value(parser *p, unsigned depth);

static const char too_deep[] = "nesting over 128 levels";

/* ---- errors and layout ---- */

static rf_value fail(parser *p, const char *expected)
{
    return rf_toml_fail_here(&p->text, expected);
}

static bool is_at(const parser *p, char byte)
{
    return p->text.at < p->text.end && *p->text.at == byte;
}

static bool take(parser *p, char byte)
{
    if (!is_at(p, byte)) return false;
    p->text.at++;
    return true;
}

static void skip_space(parser *p)
{
    while (is_at(p, ' ') || is_at(p, '\t')) p->text.at++;
}

/* A comment, when there is one; false after raising. */
static bool skip_comment(parser *p)
{
    if (!take(p, '#')) return true;
    for (; p->text.at < p->text.end && *p->text.at != '\n'; p->text.at++) {
        const unsigned char c = (unsigned char)*p->text.at;
        if (c == '\r' && p->text.at + 1 < p->text.end && p->text.at[1] == '\n') break;
        if ((c >= 0x20 && c != 0x7F) || c == '\t') continue;
        fail(p, "control character in a comment");
        return false;
    }
    return true;
}

static bool take_newline(parser *p)
{
    if (p->text.end - p->text.at >= 2 && p->text.at[0] == '\r' && p->text.at[1] == '\n')
        p->text.at++;
    return take(p, '\n');
}

/* The rest of a line: blanks, a comment, its end; false after raising. */
static bool end_line(parser *p)
{
    skip_space(p);
    if (!skip_comment(p)) return false;
    if (p->text.at == p->text.end || take_newline(p)) return true;
    fail(p, "expected the end of the line");
    return false;
}

/* Blanks, comments and line ends, as in arrays; false after raising. */
static bool skip_lines(parser *p)
{
    for (;;) {
        skip_space(p);
        if (!skip_comment(p)) return false;
        if (!take_newline(p)) return true;
    }
}

/* ---- records ---- */

static uint32_t add_record(parser *p, table t)
{
    t.children = rf_unset();
    rf_vector_push(&p->tables, t);
    return (uint32_t)p->tables.count - 1;
}

/* The record of a child, -1 when it has none. */
static int64_t find_record(const parser *p, uint32_t parent, rf_key key)
{
    const rf_value children = p->tables.data[parent].children;
    if (children.head == RF_UNSET) return -1;
    const rf_value number = rf_dict_peek(children.as.dict, key);
    return number.head == RF_INT ? number.as.i : -1;
}

static void link_record(parser *p, uint32_t parent, rf_key key, uint32_t child)
{
    table *t = &p->tables.data[parent];
    if (t->children.head == RF_UNSET) t->children = rf_dict_new(p->text.isolate, 0);
    rf_dict_set(p->text.isolate, t->children.as.dict, key, rf_int(child));
}

static rf_value raise_defined(parser *p, const char *where, rf_value name, const char *problem)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "'%s' %s", rf_args_shown(p->text.isolate, name.as.string), problem);
    rf_value raised = rf_toml_fail(&p->text, where, text.data);
    rf_buffer_release(&text);
    return raised;
}

/* A new table under name in parent; -1 after raising. */
static int64_t add_table(parser *p, uint32_t parent, rf_value name, table_kind kind,
                         const char *where)
{
    const unsigned depth = p->tables.data[parent].depth + 1;
    if (depth > RF_JSON_DEPTH) {
        rf_toml_fail(&p->text, where, too_deep);
        return -1;
    }
    const rf_key key = rf_key_from_string(name.as.string);
    rf_value dict = rf_dict_new(p->text.isolate, 0);
    if (!rf_dict_set(p->text.isolate, p->tables.data[parent].dict, key, dict)) return -1;
    const uint32_t child =
        add_record(p, (table){.kind = kind, .depth = depth, .dict = dict.as.dict});
    link_record(p, parent, key, child);
    return child;
}

/* One more element of the array of tables `record`; its record, -1 after raising. */
static int64_t add_element(parser *p, uint32_t record)
{
    const table t = p->tables.data[record];
    rf_value dict = rf_dict_new(p->text.isolate, 0);
    if (!rf_array_push(p->text.isolate, t.array, dict)) return -1;
    const uint32_t element =
        add_record(p, (table){.kind = DEFINED, .depth = t.depth + 1, .dict = dict.as.dict});
    p->tables.data[record].last = element;
    return element;
}

/* A new array of tables with one element, whose record this is; -1 after raising. */
static int64_t add_elements(parser *p, uint32_t parent, rf_value name, const char *where)
{
    const unsigned depth = p->tables.data[parent].depth + 1;
    if (depth >= RF_JSON_DEPTH) {
        rf_toml_fail(&p->text, where, too_deep);
        return -1;
    }
    const rf_key key = rf_key_from_string(name.as.string);
    rf_value array = rf_array_new(p->text.isolate, 1);
    if (!rf_dict_set(p->text.isolate, p->tables.data[parent].dict, key, array)) return -1;
    const uint32_t record =
        add_record(p, (table){.kind = ELEMENTS, .depth = depth, .array = array.as.array});
    link_record(p, parent, key, record);
    return add_element(p, record);
}

/* ---- keys ---- */

static bool is_bare(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' ||
           c == '-';
}

/* One part of a key as a string; RAISED. */
static rf_value parse_simple_key(parser *p)
{
    if (is_at(p, '"') || is_at(p, '\'')) return rf_toml_string(&p->text, RF_TOML_ONE_LINE);
    const char *start = p->text.at;
    while (p->text.at < p->text.end && is_bare(*p->text.at)) p->text.at++;
    if (p->text.at == start) return fail(p, "expected a key");
    return rf_string_new(p->text.isolate, start, (size_t)(p->text.at - start));
}

/* Whether another part of a dotted key follows. */
static bool take_dot(parser *p)
{
    const char *start = p->text.at;
    skip_space(p);
    if (!take(p, '.')) {
        p->text.at = start;
        return false;
    }
    skip_space(p);
    return true;
}

/* From parent to the table called name on the way of a dotted key or header; -1 after raising. */
static int64_t descend(parser *p, uint32_t parent, rf_value name, const char *where, bool is_header)
{
    const rf_key key = rf_key_from_string(name.as.string);
    const int64_t record = find_record(p, parent, key);
    if (record < 0) {
        if (!rf_dict_has(p->tables.data[parent].dict, key))
            return add_table(p, parent, name, is_header ? IMPLICIT : DOTTED, where);
        raise_defined(p, where, name, "is no table that can be added to");
        return -1;
    }
    table *t = &p->tables.data[record];
    if (is_header) return t->kind == ELEMENTS ? t->last : record;
    if (t->kind == IMPLICIT) t->kind = DOTTED; /* no header may come any more */
    if (t->kind == DOTTED) return record;
    raise_defined(p, where, name, "is defined already");
    return -1;
}

/* All parts of a key but the last, followed from *parent, which becomes the table that holds it;
 * the last part, or RAISED. */
static rf_value parse_key(parser *p, uint32_t *parent, const char **where, bool is_header)
{
    for (;;) {
        *where = p->text.at;
        rf_value name = parse_simple_key(p);
        if (rf_is_raised(name) || !take_dot(p)) return name;
        const int64_t next = descend(p, *parent, name, *where, is_header);
        rf_release(p->text.isolate, name);
        if (next < 0) return rf_raised();
        *parent = (uint32_t)next;
    }
}

/* ---- entries ---- */

/* KEY = VALUE in the table `parent`; false after raising. */
static bool parse_entry(parser *p, uint32_t parent)
{
    const char *where;
    rf_value name = parse_key(p, &parent, &where, false);
    if (rf_is_raised(name)) return false;
    const rf_key key = rf_key_from_string(name.as.string);
    bool ok = false;
    skip_space(p);
    if (rf_dict_has(p->tables.data[parent].dict, key)) {
        raise_defined(p, where, name, "is defined already");
    } else if (!take(p, '=')) {
        fail(p, "expected '='");
    } else {
        skip_space(p);
        rf_value v = parse_value(p, p->tables.data[parent].depth + 1);
        ok = !rf_is_raised(v) && rf_dict_set(p->text.isolate, p->tables.data[parent].dict, key, v);
    }
    rf_release(p->text.isolate, name);
    return ok;
}

static void drop_records(parser *p, size_t count)
{
    while (p->tables.count > count) rf_release(p->text.isolate, rf_vector_pop(&p->tables).children);
}

/* { KEY = VALUE, ... } on one line; p->text.at behind the brace. */
static rf_value parse_inline_table(parser *p, unsigned depth)
{
    const size_t records = p->tables.count;
    rf_value dict = rf_dict_new(p->text.isolate, 0);
    const uint32_t self =
        add_record(p, (table){.kind = DEFINED, .depth = depth, .dict = dict.as.dict});
    skip_space(p);
    bool ok = true;
    if (!take(p, '}')) {
        do {
            skip_space(p);
            ok = parse_entry(p, self);
            skip_space(p);
        } while (ok && take(p, ','));
        if (ok && !take(p, '}')) {
            fail(p, "expected ',' or '}'");
            ok = false;
        }
    }
    drop_records(p, records);
    if (ok) return dict;
    rf_release(p->text.isolate, dict);
    return rf_raised();
}

/* Elements up to the bracket; false after raising. */
static bool parse_elements(parser *p, rf_array *array, unsigned depth)
{
    for (;;) {
        if (!skip_lines(p)) return false;
        if (take(p, ']')) return true;
        rf_value v = parse_value(p, depth + 1);
        if (rf_is_raised(v) || !rf_array_push(p->text.isolate, array, v)) return false;
        if (!skip_lines(p)) return false;
        if (take(p, ']')) return true;
        if (!take(p, ',')) {
            fail(p, "expected ',' or ']'");
            return false;
        }
    }
}

static rf_value parse_array(parser *p, unsigned depth)
{
    rf_value array = rf_array_new(p->text.isolate, 0);
    if (parse_elements(p, array.as.array, depth)) return array;
    rf_release(p->text.isolate, array);
    return rf_raised();
}

/* depth: of the value, when it is a container */
static rf_value parse_value(parser *p, unsigned depth)
{
    if (!is_at(p, '[') && !is_at(p, '{')) return rf_toml_scalar(&p->text);
    if (depth > RF_JSON_DEPTH) return rf_toml_fail(&p->text, p->text.at, too_deep);
    return *p->text.at++ == '[' ? parse_array(p, depth) : parse_inline_table(p, depth);
}

/* ---- sections ---- */

/* The table that a header names, p->text.at on its first bracket; -1 after raising. */
static int64_t parse_header(parser *p)
{
    const char *where;
    uint32_t parent = 0;
    p->text.at++;
    const bool is_element = take(p, '[');
    skip_space(p);
    rf_value name = parse_key(p, &parent, &where, true);
    if (rf_is_raised(name)) return -1;
    const rf_key key = rf_key_from_string(name.as.string);
    const int64_t known = find_record(p, parent, key);
    const table_kind kind = known >= 0 ? p->tables.data[known].kind : IMPLICIT;
    int64_t record = -1;
    skip_space(p);
    if (!take(p, ']') || (is_element && !take(p, ']')))
        fail(p, is_element ? "expected ']]'" : "expected ']'");
    else if (known < 0 ? rf_dict_has(p->tables.data[parent].dict, key)
                       : kind != (is_element ? ELEMENTS : IMPLICIT))
        raise_defined(p, where, name, "is defined already");
    else if (known < 0)
        record = is_element ? add_elements(p, parent, name, where)
                            : add_table(p, parent, name, DEFINED, where);
    else
        record = is_element ? add_element(p, (uint32_t)known) : known;
    if (record >= 0) p->tables.data[record].kind = DEFINED;
    rf_release(p->text.isolate, name);
    return record;
}

static bool parse_document(parser *p)
{
    int64_t section = 0;
    for (;;) {
        if (!skip_lines(p)) return false;
        if (p->text.at == p->text.end) return true;
        if (is_at(p, '[')) {
            section = parse_header(p);
            if (section < 0) return false;
        } else if (!parse_entry(p, (uint32_t)section)) {
            return false;
        }
        if (!end_line(p)) return false;
    }
}

rf_value rf_lib_parse_toml(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_toml", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    parser p = {.text = {isolate, s->text, s->text, s->text + s->size}};
    rf_value root = rf_dict_new(isolate, 0);
    add_record(&p, (table){.kind = DEFINED, .depth = 1, .dict = root.as.dict});
    const bool ok = parse_document(&p);
    drop_records(&p, 0);
    rf_vector_release(&p.tables);
    if (ok) return root;
    rf_release(isolate, root);
    return rf_raised();
}
