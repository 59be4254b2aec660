/* The pre-pass over patterns: what the reference engine wrote differently or PCRE2 would silently
 * misread is rewritten, everything else is copied.
 *
 * Rewritten: the flag u, \u and \U escapes, \v, word edges, long category names, and character
 * classes with nested classes or the operators && and --, which become look-aheads in front of a
 * plain class. */
#include "lib/regex_pattern.h"

#include <string.h>
#include <strings.h>

#include "base/vector.h"

enum { CLASS_DEPTH_LIMIT = 200 };

typedef struct translator {
    const char *at, *end;
    rf_buffer *out;
    bool is_extended;      /* flag x: '#' begins a comment */
    RF_VECTOR(bool) saved; /* is_extended outside the open groups */
    unsigned class_depth;  /* nested classes open */
} translator;

static bool looking_at(const translator *t, const char *text)
{
    const size_t size = strlen(text);
    return (size_t)(t->end - t->at) >= size && memcmp(t->at, text, size) == 0;
}

static void copy(translator *t, size_t size)
{
    rf_buffer_append(t->out, t->at, size);
    t->at += size;
}

/* Copies up to and including stop, or to the end. */
static void copy_through(translator *t, const char *stop)
{
    const char *found = memmem(t->at, (size_t)(t->end - t->at), stop, strlen(stop));
    copy(t, found ? (size_t)(found - t->at) + strlen(stop) : (size_t)(t->end - t->at));
}

/* ---- escapes ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* \uXXXX, \UXXXXXXXX or \u{X...}: t->at after the letter */
static bool translate_code_point(translator *t, unsigned digits)
{
    const char *from = t->at;
    if (t->at < t->end && *t->at == '{') {
        const char *close = memchr(t->at, '}', (size_t)(t->end - t->at));
        if (!close) return false;
        from = t->at + 1;
        digits = (unsigned)(close - from);
        t->at = close + 1;
    } else {
        if ((size_t)(t->end - t->at) < digits) return false;
        t->at += digits;
    }
    if (!digits) return false;
    for (unsigned i = 0; i < digits; i++)
        if (!is_hex(from[i])) return false;
    rf_buffer_format(t->out, "\\x{%.*s}", (int)digits, from);
    return true;
}

/* Short name of a general category by its long one (as compared: letters only), NULL when it is
 * none. */
static const char *short_category(const char *name)
{
    static const char *const categories[][2] = {
#define RF_CATEGORY(long_name, short_name) {#long_name, short_name},
#include "lib/unicode_category.def"
#undef RF_CATEGORY
    };
    for (size_t i = 0; i < RF_COUNT_OF(categories); i++)
        if (strcmp(categories[i][0], name) == 0) return categories[i][1];
    return NULL;
}

/* Letters of text in lower case, without '_', '-' and spaces: how property names compare. */
static void fold_name(const char *text, size_t size, char out[48])
{
    size_t count = 0;
    for (size_t i = 0; i < size && count < 47; i++)
        if (text[i] != '_' && text[i] != '-' && text[i] != ' ')
            out[count++] = (char)(text[i] | (text[i] < 'a' ? 0x20 : 0));
    out[count] = '\0';
}

/* \p{...}: t->at on the brace.  Long category names get short, the rest PCRE2 knows. */
static bool translate_property(translator *t)
{
    const char *close = memchr(t->at, '}', (size_t)(t->end - t->at));
    if (!close) return false;
    const char *name = t->at + 1;
    rf_buffer_append_byte(t->out, '{');
    if (name < close && *name == '^') {
        rf_buffer_append_byte(t->out, '^');
        name++;
    }
    const char *equals = memchr(name, '=', (size_t)(close - name));
    char folded[48];
    bool is_category = !equals;
    if (equals) {
        fold_name(name, (size_t)(equals - name), folded);
        is_category = strcmp(folded, "gc") == 0 || strcmp(folded, "generalcategory") == 0;
        if (is_category) name = equals + 1;
    }
    fold_name(name, (size_t)(close - name), folded);
    const char *category = is_category ? short_category(folded) : NULL;
    if (category)
        rf_buffer_append_text(t->out, category);
    else
        rf_buffer_append(t->out, name, (size_t)(close - name));
    rf_buffer_append_byte(t->out, '}');
    t->at = close + 1;
    return true;
}

static const char start_edge[] = "(?:\\b(?=\\w))", end_edge[] = "(?:\\b(?<=\\w))";

/* Replaces size bytes of the pattern by text. */
static bool replace_with(translator *t, size_t size, const char *text)
{
    rf_buffer_append_text(t->out, text);
    t->at += size;
    return true;
}

/* t->at on the backslash */
static bool translate_escape(translator *t, bool in_class)
{
    if (t->end - t->at < 2) return false;
    const char letter = t->at[1];
    switch (letter) {
    case 'u': t->at += 2; return translate_code_point(t, 4);
    case 'U': t->at += 2; return translate_code_point(t, 8);
    case 'v': return replace_with(t, 2, "\\x0B");
    case 'p':
    case 'P': copy(t, 2); return t->at == t->end || *t->at != '{' || translate_property(t);
    case 'Q': copy_through(t, "\\E"); return true;
    default: break;
    }
    if (!in_class) {
        if (letter == '<') return replace_with(t, 2, start_edge);
        if (letter == '>') return replace_with(t, 2, end_edge);
        if (looking_at(t, "\\b{start}")) return replace_with(t, 9, start_edge);
        if (looking_at(t, "\\b{end}")) return replace_with(t, 7, end_edge);
        if (looking_at(t, "\\b{start-half}")) return replace_with(t, 14, "(?<!\\w)");
        if (looking_at(t, "\\b{end-half}")) return replace_with(t, 12, "(?!\\w)");
    }
    copy(t, 2);
    return true;
}

/* ---- classes ---- */

typedef struct operand { /* of && and -- */
    rf_buffer items;     /* of a plain class */
    bool is_negated;     /* it is one nested class that begins with ^ */
    bool is_subtracted;  /* stands after -- */
} operand;

/* Translates the items of one operand, nested classes flattened; stops at ']', "&&" or "--". */
static bool translate_items(translator *t, operand *o)
{
    rf_buffer *outside = t->out;
    t->out = &o->items;
    bool ok = true, is_alone = false; /* the one item so far is a negated class */
    while (ok && t->at < t->end && *t->at != ']' && !looking_at(t, "&&") &&
           !(looking_at(t, "--") && o->items.size)) {
        if (is_alone || looking_at(t, "~~")) {
            ok = false;
        } else if (*t->at == '\\') {
            ok = translate_escape(t, true);
        } else if (looking_at(t, "[:")) {
            copy_through(t, ":]");
        } else if (*t->at == '[') {
            const size_t before = o->items.size;
            t->at++;
            if (t->at < t->end && *t->at == '^') {
                is_alone = true;
                o->is_negated = true;
                t->at++;
                ok = before == 0; /* a union with a negated class is not a plain class */
            }
            if (t->at < t->end && *t->at == ']') {
                rf_buffer_append_text(&o->items, "\\]");
                t->at++;
            }
            operand nested = {.items = o->items};
            ok = ok && ++t->class_depth <= CLASS_DEPTH_LIMIT && translate_items(t, &nested) &&
                 !nested.is_negated && *t->at == ']' && nested.items.size > before;
            o->items = nested.items;
            if (!ok) break;
            t->at++;
            t->class_depth--;
        } else {
            copy(t, 1);
        }
    }
    t->out = outside;
    return ok && t->at < t->end;
}

static void append_class(rf_buffer *out, const operand *o, bool is_negated)
{
    rf_buffer_append_text(out, o->is_negated != is_negated ? "[^" : "[");
    rf_buffer_append(out, o->items.data, o->items.size);
    rf_buffer_append_byte(out, ']');
}

/* A && B -- C is a look-ahead for B, one against C, then the class A. */
static void append_operation(rf_buffer *out, const operand *operands, size_t count, bool is_negated)
{
    rf_buffer_append_text(out, is_negated ? "(?:(?!" : "(?:");
    for (size_t i = 1; i < count; i++) {
        rf_buffer_append_text(out, operands[i].is_subtracted ? "(?!" : "(?=");
        append_class(out, &operands[i], false);
        rf_buffer_append_byte(out, ')');
    }
    append_class(out, &operands[0], false);
    rf_buffer_append_text(out, is_negated ? ")[\\s\\S])" : ")");
}

/* t->at on the bracket */
static bool translate_class(translator *t)
{
    RF_VECTOR(operand) operands = {0};
    bool is_negated = false, ok = true, is_subtracted = false;
    t->at++;
    if (t->at < t->end && *t->at == '^') {
        is_negated = true;
        t->at++;
    }
    for (;;) {
        operand o = {.items = RF_BUFFER_INIT, .is_subtracted = is_subtracted};
        if (operands.count == 0 && t->at < t->end && *t->at == ']') {
            rf_buffer_append_text(&o.items, "\\]");
            t->at++;
        }
        ok = translate_items(t, &o) && o.items.size > 0;
        rf_vector_push(&operands, o);
        if (!ok || *t->at == ']') break;
        is_subtracted = *t->at == '-';
        t->at += 2;
    }
    if (ok) {
        t->at++;
        if (operands.count == 1)
            append_class(t->out, &operands.data[0], is_negated);
        else
            append_operation(t->out, operands.data, operands.count, is_negated);
    }
    for (size_t i = 0; i < operands.count; i++) rf_buffer_release(&operands.data[i].items);
    rf_vector_release(&operands);
    return ok;
}

/* ---- groups and flags ---- */

/* Size of "(?flags)" or "(?flags:" at t->at, 0 when there is no such thing. */
static size_t flag_group_size(const translator *t)
{
    const char *at = t->at + 2;
    while (at < t->end && (strchr("imsxUunJ-^", *at) && *at)) at++;
    if (at == t->end || (*at != ')' && *at != ':') || at == t->at + 2) return 0;
    return (size_t)(at + 1 - t->at);
}

/* Copies a flag group without u and notes what it says about x. */
static void translate_flags(translator *t, size_t size)
{
    const char *last = t->at + size - 1;
    const bool opens_group = *last == ':';
    if (opens_group) rf_vector_push(&t->saved, t->is_extended);
    rf_buffer flags = RF_BUFFER_INIT;
    bool is_off = false;
    for (const char *at = t->at + 2; at < last; at++) {
        if (*at == '-') is_off = true;
        if (*at == '^') t->is_extended = false;
        if (*at == 'x') t->is_extended = !is_off;
        if (*at != 'u') rf_buffer_append_byte(&flags, *at);
    }
    if (flags.size && flags.data[flags.size - 1] == '-') flags.size--;
    if (flags.size || opens_group) {
        rf_buffer_append_text(t->out, "(?");
        rf_buffer_append(t->out, flags.data ? flags.data : "", flags.size);
        rf_buffer_append_byte(t->out, *last);
    }
    rf_buffer_release(&flags);
    t->at += size;
}

/* t->at on '(' */
static void translate_open(translator *t)
{
    if (looking_at(t, "(?#")) {
        copy_through(t, ")");
        return;
    }
    if (looking_at(t, "(*")) { /* a verb; those that open a group begin with a letter too */
        rf_vector_push(&t->saved, t->is_extended);
        copy(t, 2);
        return;
    }
    const size_t flags = looking_at(t, "(?") ? flag_group_size(t) : 0;
    if (flags) {
        translate_flags(t, flags);
        return;
    }
    rf_vector_push(&t->saved, t->is_extended);
    copy(t, 1);
}

bool rf_regex_translate(const char *pattern, size_t size, rf_buffer *out)
{
    translator t = {.at = pattern, .end = pattern + size, .out = out};
    bool ok = true;
    while (ok && t.at < t.end) {
        switch (*t.at) {
        case '\\': ok = translate_escape(&t, false); break;
        case '[': ok = translate_class(&t); break;
        case '(': translate_open(&t); break;
        case ')':
            if (t.saved.count) t.is_extended = rf_vector_pop(&t.saved);
            copy(&t, 1);
            break;
        case '#':
            if (t.is_extended)
                copy_through(&t, "\n");
            else
                copy(&t, 1);
            break;
        default: copy(&t, 1);
        }
    }
    rf_vector_release(&t.saved);
    return ok;
}
