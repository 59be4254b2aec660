/* Scalars of TOML 1.0 (BUILTINS 14).  Dates and times become strings in their source form, once
 * they have been found to be possible ones. */
#include "lib/toml_scalar.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/string.h"

#include <math.h>
#include <string.h>

rf_value rf_toml_fail(const rf_toml_text *t, const char *where, const char *problem)
{
    size_t line = 1;
    const char *line_start = t->start;
    for (const char *at = t->start; at < where; at++) {
        if (*at != '\n') continue;
        line++;
        line_start = at + 1;
    }
    const size_t column = rf_utf8_count(line_start, (size_t)(where - line_start)) + 1;
    return rf_raise(t->isolate, "TOML parse error: %s at line %zu column %zu", problem, line,
                    column);
}

rf_value rf_toml_fail_here(const rf_toml_text *t, const char *expected)
{
    return rf_toml_fail(t, t->at, t->at == t->end ? "unexpected end of text" : expected);
}

/* ---- strings ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* \uXXXX or \UXXXXXXXX, t->at behind the letter. */
static bool read_code_point(rf_toml_text *t, const char *escape, int digits, rf_buffer *out)
{
    uint32_t number = 0;
    for (int i = 0; i < digits; i++) {
        const int digit = t->at < t->end ? hex_digit(*t->at) : -1;
        if (digit < 0) {
            if (t->at < t->end) t->at = escape;
            rf_toml_fail_here(t, "invalid escape");
            return false;
        }
        number = number << 4 | (uint32_t)digit;
        t->at++;
    }
    if (number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF)) {
        rf_toml_fail(t, escape, "escape of no character");
        return false;
    }
    rf_buffer_append_utf8(out, number);
    return true;
}

/* A backslash at the end of a line: everything up to the next character that shows is left out. */
static bool skip_line_end(rf_toml_text *t)
{
    const char *at = t->at;
    bool has_newline = false;
    for (; at < t->end && strchr(" \t\r\n", *at) && *at; at++) {
        if (*at == '\r' && (at + 1 == t->end || at[1] != '\n')) break;
        has_newline |= *at == '\n';
    }
    if (!has_newline) return false;
    t->at = at;
    return true;
}

static bool read_escape(rf_toml_text *t, bool has_lines, rf_buffer *out)
{
    static const char from[] = "\"\\bfnrt", to[] = "\"\\\b\f\n\r\t";
    const char *escape = t->at++;
    if (has_lines && skip_line_end(t)) return true;
    if (t->at == t->end) {
        rf_toml_fail_here(t, "");
        return false;
    }
    const char letter = *t->at++;
    if (letter == 'u') return read_code_point(t, escape, 4, out);
    if (letter == 'U') return read_code_point(t, escape, 8, out);
    const char *known = letter ? strchr(from, letter) : NULL;
    if (!known) {
        rf_toml_fail(t, escape, "invalid escape");
        return false;
    }
    rf_buffer_append_byte(out, to[known - from]);
    return true;
}

/* How many of `quote` stand at t->at, at most `most`. */
static int count_quotes(const rf_toml_text *t, char quote, int most)
{
    int count = 0;
    while (count < most && t->at + count < t->end && t->at[count] == quote) count++;
    return count;
}

/* Whether a byte may stand in a string as it is. */
static bool is_plain(const rf_toml_text *t, bool has_lines)
{
    const unsigned char c = (unsigned char)*t->at;
    if (c == '\n') return has_lines;
    if (c == '\r') return has_lines && t->at + 1 < t->end && t->at[1] == '\n';
    return (c >= 0x20 && c != 0x7F) || c == '\t';
}

/* The rest of a string into out; false after raising.  In three quotes, one or two may stand
 * anywhere, also before the last three. */
static bool read_string(rf_toml_text *t, char quote, bool has_lines, rf_buffer *out)
{
    for (;;) {
        if (t->at < t->end && *t->at == quote) {
            const int count = count_quotes(t, quote, has_lines ? 5 : 1);
            t->at += count;
            const int content = !has_lines ? 0 : count < 3 ? count : count - 3;
            for (int i = 0; i < content; i++) rf_buffer_append_byte(out, quote);
            if (!has_lines || count >= 3) return true;
        } else if (t->at < t->end && *t->at == '\\' && quote == '"') {
            if (!read_escape(t, has_lines, out)) return false;
        } else if (t->at < t->end && is_plain(t, has_lines)) {
            rf_buffer_append_byte(out, *t->at++);
        } else {
            rf_toml_fail_here(t, "character that a string cannot hold");
            return false;
        }
    }
}

rf_value rf_toml_string(rf_toml_text *t, rf_toml_lines lines)
{
    rf_buffer out = RF_BUFFER_INIT;
    const char quote = *t->at;
    const bool has_lines = lines == RF_TOML_ANY_LINES && count_quotes(t, quote, 3) == 3;
    t->at += has_lines ? 3 : 1;
    if (has_lines && t->at < t->end && *t->at == '\r' && t->end - t->at > 1 && t->at[1] == '\n')
        t->at++;
    if (has_lines && t->at < t->end && *t->at == '\n') t->at++;
    if (read_string(t, quote, has_lines, &out)) return rf_string_take_buffer(t->isolate, &out);
    rf_buffer_release(&out);
    return rf_raised();
}

/* ---- dates and times ---- */

/* Two or four digits as a number, -1 when they are none. */
static int digits_at(const char *at, const char *end, int count)
{
    int number = 0;
    if (end - at < count) return -1;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return -1;
        number = number * 10 + (at[i] - '0');
    }
    return number;
}

static bool is_in(int number, int from, int to)
{
    return number >= from && number <= to;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* YYYY-MM-DD at `at`: behind it, NULL when there is none. */
static const char *skip_date(const char *at, const char *end)
{
    if (end - at < 10 || at[4] != '-' || at[7] != '-') return NULL;
    const int year = digits_at(at, end, 4), month = digits_at(at + 5, end, 2),
              day = digits_at(at + 8, end, 2);
    if (year < 0 || !is_in(month, 1, 12) || !is_in(day, 1, days_in_month(year, month))) return NULL;
    return at + 10;
}

static const char *skip_time(const char *at, const char *end)
{
    if (end - at < 8 || at[2] != ':' || at[5] != ':' || !is_in(digits_at(at, end, 2), 0, 23) ||
        !is_in(digits_at(at + 3, end, 2), 0, 59) || !is_in(digits_at(at + 6, end, 2), 0, 60))
        return NULL;
    at += 8;
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        while (at < end && *at >= '0' && *at <= '9') at++;
        if (at == fraction) return NULL;
    }
    return at;
}

static const char *skip_offset(const char *at, const char *end)
{
    if (at < end && (*at | 0x20) == 'z') return at + 1;
    if (at == end || (*at != '+' && *at != '-')) return at;
    if (end - at < 6 || at[3] != ':' || !is_in(digits_at(at + 1, end, 2), 0, 23) ||
        !is_in(digits_at(at + 4, end, 2), 0, 59))
        return NULL;
    return at + 6;
}

/* A date, a time or both at `at`: behind it, NULL when there is none. */
static const char *skip_moment(const char *at, const char *end)
{
    const char *date_end = skip_date(at, end);
    if (!date_end) return skip_time(at, end);
    const bool has_time =
        date_end < end &&
        ((*date_end | 0x20) == 't' || (*date_end == ' ' && digits_at(date_end + 1, end, 2) >= 0));
    if (!has_time) return date_end;
    const char *time_end = skip_time(date_end + 1, end);
    return time_end ? skip_offset(time_end, end) : NULL;
}

/* ---- numbers and bools ---- */

static bool is_word_byte(char c)
{
    return hex_digit(c) >= 0 || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || strchr("_+-.:", c);
}

/* The digits of text[0..size) in a base without their underscores, each of which stands between two
 * digits; false when there is anything else. */
static bool strip_digits(const char *text, size_t size, int base, rf_buffer *out)
{
    for (size_t i = 0; i < size; i++) {
        const bool is_between = i > 0 && i + 1 < size && text[i - 1] != '_';
        if (text[i] == '_' && is_between) continue;
        const int digit = hex_digit(text[i]);
        if (digit < 0 || digit >= base) return false;
        rf_buffer_append_byte(out, text[i]);
    }
    return size > 0;
}

/* 0x, 0o, 0b: 1; 0 when it is no such number, -1 when it is too large. */
static int read_based(const char *text, size_t size, int64_t *out)
{
    if (size < 3 || text[0] != '0') return 0;
    const int base = text[1] == 'x' ? 16 : text[1] == 'o' ? 8 : text[1] == 'b' ? 2 : 0;
    rf_buffer digits = RF_BUFFER_INIT;
    int result = base && strip_digits(text + 2, size - 2, base, &digits);
    int64_t number = 0;
    for (size_t i = 0; result == 1 && i < digits.size; i++)
        if (__builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, hex_digit(digits.data[i]), &number))
            result = -1;
    rf_buffer_release(&digits);
    *out = number;
    return result;
}

/* The parts of a decimal number: digits before the point, after it, and of the exponent. */
static bool strip_decimal(const char *text, size_t size, rf_buffer *out, bool *is_float)
{
    size_t at = 0;
    if (at < size && (text[at] == '+' || text[at] == '-')) {
        if (text[at] == '-') rf_buffer_append_byte(out, '-');
        at++;
    }
    size_t end = at;
    while (end < size && text[end] != '.' && (text[end] | 0x20) != 'e') end++;
    if (!strip_digits(text + at, end - at, 10, out)) return false;
    if (text[at] == '0' && end - at > 1) return false;
    *is_float = end < size;
    if (end < size && text[end] == '.') {
        rf_buffer_append_byte(out, '.');
        for (at = ++end; end < size && (text[end] | 0x20) != 'e';) end++;
        if (!strip_digits(text + at, end - at, 10, out)) return false;
    }
    if (end == size) return true;
    rf_buffer_append_byte(out, 'e');
    if (++end < size && (text[end] == '+' || text[end] == '-'))
        rf_buffer_append_byte(out, text[end++]);
    return strip_digits(text + end, size - end, 10, out);
}

static rf_value read_decimal(rf_toml_text *t, const char *text, size_t size)
{
    rf_buffer plain = RF_BUFFER_INIT;
    bool is_float = false;
    int64_t whole;
    double number;
    rf_value v = rf_raised();
    if (!strip_decimal(text, size, &plain, &is_float))
        rf_toml_fail(t, text, "expected a value");
    else if (is_float && rf_parse_float(plain.data, plain.size, &number))
        v = rf_float(number);
    else if (!is_float && rf_parse_int(plain.data, plain.size, &whole))
        v = rf_int(whole);
    else
        rf_toml_fail(t, text, "number out of range");
    rf_buffer_release(&plain);
    return v;
}

static bool is_word(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

static bool read_special_float(const char *text, size_t size, double *out)
{
    const bool is_signed = size && (text[0] == '+' || text[0] == '-');
    const char *word = text + is_signed;
    size -= is_signed;
    if (is_word(word, size, "inf"))
        *out = INFINITY;
    else if (is_word(word, size, "nan"))
        *out = NAN;
    else
        return false;
    if (is_signed && text[0] == '-') *out = -*out;
    return true;
}

rf_value rf_toml_scalar(rf_toml_text *t)
{
    const char *text = t->at;
    if (text < t->end && (*text == '"' || *text == '\''))
        return rf_toml_string(t, RF_TOML_ANY_LINES);
    const char *moment = skip_moment(text, t->end);
    if (moment && (moment == t->end || !is_word_byte(*moment))) {
        t->at = moment;
        return rf_string_new(t->isolate, text, (size_t)(moment - text));
    }
    if (text == t->end) return rf_toml_fail_here(t, "");
    while (t->at < t->end && *t->at && is_word_byte(*t->at)) t->at++;
    const size_t size = (size_t)(t->at - text);
    if (is_word(text, size, "true") || is_word(text, size, "false")) return rf_bool(*text == 't');
    int64_t whole;
    double number;
    const int based = read_based(text, size, &whole);
    if (based > 0) return rf_int(whole);
    if (based < 0) return rf_toml_fail(t, text, "number out of range");
    if (read_special_float(text, size, &number)) return rf_float(number);
    return read_decimal(t, text, size);
}
