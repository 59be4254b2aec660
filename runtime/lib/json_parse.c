/* parse_json: one pass over the text, building values as it goes, at most 128 levels deep. */
#include <string.h>

#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/json.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/format.h"

enum { KEY_CACHE_SIZE = 64 };

typedef struct parser {
    rf_isolate *isolate;
    const char *start, *at, *end;
    unsigned depth;
    rf_value keys[KEY_CACHE_SIZE]; /* strings seen as keys: records repeat theirs */
} parser;

static rf_value parse_value(parser *p);

/* ---- errors ---- */

static rf_value fail_at(parser *p, const char *where, const char *problem)
{
    size_t line = 1;
    const char *line_start = p->start;
    for (const char *at = p->start; at < where; at++) {
        if (*at != '\n') continue;
        line++;
        line_start = at + 1;
    }
    const size_t column = rf_utf8_count(line_start, (size_t)(where - line_start)) + 1;
    return rf_raise(p->isolate, "JSON parse error: %s at line %zu column %zu", problem, line,
                    column);
}

static rf_value fail(parser *p, const char *expected)
{
    if (p->at == p->end) return fail_at(p, p->at, "unexpected end of text");
    return fail_at(p, p->at, expected);
}

static void skip_space(parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' || *p->at == '\r' || *p->at == '\t'))
        p->at++;
}

/* ---- strings ---- */

const char *rf_json_scan_plain(const char *at, const char *end)
{
    /* eight bytes at a time: a byte has its top bit set in `found` if it is below 0x20, a quote or
     * a backslash (a borrow may mark the byte after such a byte too, which is why the tail loop
     * looks again) */
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        const uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        const uint64_t found =
            ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
        if (found & tops) break;
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && *at != '"' && *at != '\\') at++;
    return at;
}

static bool read_hex(parser *p, uint32_t *out)
{
    if (p->end - p->at < 4) return false;
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        const char c = *p->at++;
        const int digit = c >= '0' && c <= '9'                     ? c - '0'
                          : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                   : -1;
        if (digit < 0) return false;
        number = number << 4 | (uint32_t)digit;
    }
    *out = number;
    return true;
}

/* \uXXXX, p->at after the u; surrogates come in pairs */
static bool read_code_point(parser *p, const char *escape, rf_buffer *out)
{
    uint32_t code_point, low;
    if (!read_hex(p, &code_point)) {
        fail_at(p, escape, "invalid \\u escape");
        return false;
    }
    if (code_point >= 0xD800 && code_point <= 0xDFFF) {
        const bool has_pair =
            code_point < 0xDC00 && p->end - p->at >= 6 && p->at[0] == '\\' && p->at[1] == 'u';
        if (has_pair) p->at += 2;
        if (!has_pair || !read_hex(p, &low) || low < 0xDC00 || low > 0xDFFF) {
            fail_at(p, escape, "lone surrogate");
            return false;
        }
        code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
    }
    rf_buffer_append_utf8(out, code_point);
    return true;
}

static bool read_escape(parser *p, rf_buffer *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *escape = p->at++;
    if (p->at == p->end) {
        fail(p, "");
        return false;
    }
    const char letter = *p->at++;
    if (letter == 'u') return read_code_point(p, escape, out);
    const char *known = letter ? strchr(from, letter) : NULL;
    if (!known) {
        fail_at(p, escape, "invalid escape");
        return false;
    }
    rf_buffer_append_byte(out, to[known - from]);
    return true;
}

/* A string with escapes, the part before `p->at` being plain. */
static rf_value parse_escaped(parser *p, const char *text)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append(&out, text, (size_t)(p->at - text));
    while (p->at < p->end && *p->at == '\\') {
        if (!read_escape(p, &out)) {
            rf_buffer_release(&out);
            return rf_raised();
        }
        const char *plain = p->at;
        p->at = rf_json_scan_plain(plain, p->end);
        rf_buffer_append(&out, plain, (size_t)(p->at - plain));
    }
    if (p->at == p->end || *p->at != '"') {
        rf_buffer_release(&out);
        return fail(p, "control character in a string");
    }
    p->at++;
    return rf_string_take_buffer(p->isolate, &out);
}

static rf_value parse_string(parser *p)
{
    const char *text = ++p->at;
    p->at = rf_json_scan_plain(text, p->end);
    if (p->at < p->end && *p->at == '"')
        return rf_string_new(p->isolate, text, (size_t)(p->at++ - text));
    if (p->at < p->end && *p->at == '\\') return parse_escaped(p, text);
    return fail(p, "control character in a string");
}

/* Like parse_string, with repeated keys sharing one string. */
static rf_value parse_key(parser *p)
{
    const char *text = p->at + 1;
    const char *stop = rf_json_scan_plain(text, p->end);
    const size_t size = (size_t)(stop - text);
    if (stop == p->end || *stop != '"' || size == 0) return parse_string(p);
    const unsigned first = (unsigned char)text[0], last = (unsigned char)text[size - 1];
    rf_value *slot = &p->keys[(size * 31 + first * 7 + last) % KEY_CACHE_SIZE];
    if (slot->head == RF_STRING && slot->as.string->size == size &&
        memcmp(slot->as.string->text, text, size) == 0) {
        p->at = stop + 1;
        return rf_copy(*slot);
    }
    rf_value key = parse_string(p);
    if (!rf_is_raised(key)) rf_store(p->isolate, slot, rf_copy(key));
    return key;
}

/* ---- numbers ---- */

static bool is_digit(const parser *p)
{
    return p->at < p->end && *p->at >= '0' && *p->at <= '9';
}

/* mantissa * 10^exponent when both are small enough for one exact operation (Clinger, PLDI 1990) */
static bool scale_exactly(uint64_t mantissa, int exponent, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa > UINT64_C(1) << 53 || exponent < -22 || exponent > 22) return false;
    *out =
        exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return true;
}

/* The digits at p->at: into *mantissa unless it is full (then *is_long); their count. */
static int read_digits(parser *p, uint64_t *mantissa, bool *is_long)
{
    int count = 0;
    for (; is_digit(p); p->at++, count += count < 1000000) {
        if (*mantissa > (UINT64_MAX - 9) / 10)
            *is_long = true;
        else
            *mantissa = *mantissa * 10 + (uint64_t)(*p->at - '0');
    }
    return count;
}

static bool read_exponent(parser *p, int *exponent)
{
    bool is_negative = false;
    p->at++;
    if (p->at < p->end && (*p->at == '+' || *p->at == '-')) is_negative = *p->at++ == '-';
    if (!is_digit(p)) return false;
    int number = 0;
    for (; is_digit(p); p->at++)
        if (number < 100000) number = number * 10 + (*p->at - '0');
    *exponent += is_negative ? -number : number;
    return true;
}

static rf_value parse_number(parser *p)
{
    const char *token = p->at;
    const bool is_negative = *p->at == '-';
    if (is_negative) p->at++;
    if (!is_digit(p)) return fail(p, is_negative ? "expected a digit" : "expected a value");
    const bool leading_zero = *p->at == '0';
    uint64_t mantissa = 0;
    bool is_long = false;
    int exponent = 0;
    const int whole = read_digits(p, &mantissa, &is_long);
    if (leading_zero && whole > 1) return fail_at(p, token, "number with a leading zero");
    bool is_float = false;
    if (p->at < p->end && *p->at == '.') {
        is_float = true;
        p->at++;
        const int places = read_digits(p, &mantissa, &is_long);
        if (!places) return fail(p, "expected a digit");
        exponent = -places;
    }
    if (p->at < p->end && (*p->at | 0x20) == 'e') {
        is_float = true;
        if (!read_exponent(p, &exponent)) return fail(p, "expected a digit");
    }
    const uint64_t limit = (uint64_t)INT64_MAX + is_negative;
    if (!is_float && !is_long && mantissa <= limit)
        return rf_int((int64_t)(is_negative ? 0 - mantissa : mantissa));
    double number;
    if (!is_long && scale_exactly(mantissa, exponent, &number))
        return rf_float(is_negative ? -number : number);
    rf_parse_float(token, (size_t)(p->at - token), &number);
    return rf_float(number);
}

/* ---- containers ---- */

/* p->at on the bracket; false after raising */
static bool enter(parser *p)
{
    if (p->depth == RF_JSON_DEPTH) {
        fail_at(p, p->at, "nesting over 128 levels");
        return false;
    }
    p->depth++;
    p->at++;
    skip_space(p);
    return true;
}

static bool take(parser *p, char byte)
{
    if (p->at == p->end || *p->at != byte) return false;
    p->at++;
    return true;
}

static bool parse_elements(parser *p, rf_array *a)
{
    if (take(p, ']')) return true;
    for (;;) {
        rf_value v = parse_value(p);
        if (rf_is_raised(v) || !rf_array_push(p->isolate, a, v)) return false;
        skip_space(p);
        if (take(p, ']')) return true;
        if (!take(p, ',')) {
            fail(p, "expected ',' or ']'");
            return false;
        }
        skip_space(p);
    }
}

static bool parse_entry(parser *p, rf_dict *d)
{
    if (p->at == p->end || *p->at != '"') {
        fail(p, "expected a string as key");
        return false;
    }
    rf_value key = parse_key(p);
    if (rf_is_raised(key)) return false;
    bool ok = false;
    skip_space(p);
    if (!take(p, ':')) {
        fail(p, "expected ':'");
    } else {
        skip_space(p);
        rf_value v = parse_value(p);
        ok = !rf_is_raised(v) && rf_dict_set(p->isolate, d, rf_key_from_string(key.as.string), v);
    }
    rf_release(p->isolate, key);
    return ok;
}

static bool parse_entries(parser *p, rf_dict *d)
{
    if (take(p, '}')) return true;
    for (;;) {
        if (!parse_entry(p, d)) return false;
        skip_space(p);
        if (take(p, '}')) return true;
        if (!take(p, ',')) {
            fail(p, "expected ',' or '}'");
            return false;
        }
        skip_space(p);
    }
}

static rf_value parse_container(parser *p, bool is_array)
{
    if (!enter(p)) return rf_raised();
    rf_value v = is_array ? rf_array_new(p->isolate, 0) : rf_dict_new(p->isolate, 0);
    if (is_array ? !parse_elements(p, v.as.array) : !parse_entries(p, v.as.dict)) {
        rf_release(p->isolate, v);
        return rf_raised();
    }
    p->depth--;
    return v;
}

/* ---- values ---- */

static rf_value parse_word(parser *p, const char *word, rf_value meaning)
{
    const size_t size = strlen(word);
    if ((size_t)(p->end - p->at) < size || memcmp(p->at, word, size) != 0)
        return fail(p, "expected a value");
    p->at += size;
    return meaning;
}

static rf_value parse_value(parser *p)
{
    if (p->at == p->end) return fail(p, "");
    switch (*p->at) {
    case '{': return parse_container(p, false);
    case '[': return parse_container(p, true);
    case '"': return parse_string(p);
    case 't': return parse_word(p, "true", rf_bool(true));
    case 'f': return parse_word(p, "false", rf_bool(false));
    case 'n': return parse_word(p, "null", rf_null());
    default: return parse_number(p);
    }
}

rf_value rf_json_parse(rf_isolate *isolate, const char *text, size_t size)
{
    parser p = {.isolate = isolate, .start = text, .at = text, .end = text + size};
    skip_space(&p);
    rf_value v = parse_value(&p);
    if (!rf_is_raised(v)) {
        skip_space(&p);
        if (p.at < p.end) {
            rf_release(isolate, v);
            v = fail(&p, "unexpected text after the value");
        }
    }
    for (size_t i = 0; i < KEY_CACHE_SIZE; i++) rf_release(isolate, p.keys[i]);
    return v;
}

rf_value rf_lib_parse_json(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_json", args, 0)) return rf_raised();
    return rf_json_parse(isolate, args[0].as.string->text, args[0].as.string->size);
}
