/* format(template, ...): %s, %d, %f and %% with flags, width and precision (BUILTINS 7). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "value/format.h"

enum {
    LARGEST_SIZE = INT32_MAX, /* widths and precisions above this cannot fit a string */
    DOUBLE_DIGITS = 1100      /* more digits after the point than any double has */
};

typedef struct placeholder {
    bool left, plus, zero;
    bool has_precision;
    int64_t width, precision;
    char conversion; /* s, d or f */
} placeholder;

/* ---- reading the template ---- */

static const char *read_number(const char *at, const char *end, int64_t *number)
{
    *number = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        *number = *number * 10 + (*at - '0');
        if (*number > LARGEST_SIZE) *number = (int64_t)LARGEST_SIZE + 1;
    }
    return at;
}

/* Reads what follows a '%'; returns where it ends, NULL when it is no placeholder. */
static const char *read_placeholder(const char *at, const char *end, placeholder *out)
{
    *out = (placeholder){0};
    for (; at < end && (*at == '-' || *at == '0' || *at == '+'); at++) {
        if (*at == '-') out->left = true;
        if (*at == '0') out->zero = true;
        if (*at == '+') out->plus = true;
    }
    at = read_number(at, end, &out->width);
    if (at < end && *at == '.') {
        out->has_precision = true;
        at = read_number(at + 1, end, &out->precision);
    }
    if (at == end || (*at != 's' && *at != 'd' && *at != 'f')) return NULL;
    out->conversion = *at;
    return at + 1;
}

/* ---- the text of one argument, without padding ---- */

static bool cannot_show(rf_isolate *isolate, const placeholder *p, rf_value v)
{
    rf_raise(isolate, "format expects %s for placeholder %%%c, got %s",
             p->conversion == 'd' ? "number or bool" : "number", p->conversion, rf_type_name(v));
    return false;
}

static bool append_string(rf_isolate *isolate, const placeholder *p, rf_value v, rf_buffer *text)
{
    if (!rf_display(isolate, v, text)) return false;
    if (p->has_precision && text->size &&
        (size_t)p->precision < rf_utf8_count(text->data, text->size))
        text->size = rf_utf8_offset(text->data, text->size, (size_t)p->precision);
    return true;
}

/* Sign and at least `digits` digits. */
static void append_int(const placeholder *p, int64_t number, int64_t digits, rf_buffer *text)
{
    rf_buffer decimal = RF_BUFFER_INIT;
    rf_buffer_append_int(&decimal, number);
    const char *magnitude = number < 0 ? decimal.data + 1 : decimal.data;
    const size_t size = decimal.size - (number < 0 ? 1 : 0);
    if (number < 0)
        rf_buffer_append_byte(text, '-');
    else if (p->plus)
        rf_buffer_append_byte(text, '+');
    for (int64_t i = (int64_t)size; i < digits; i++) rf_buffer_append_byte(text, '0');
    rf_buffer_append(text, magnitude, size);
    rf_buffer_release(&decimal);
}

static bool append_whole(rf_isolate *isolate, const placeholder *p, rf_value v, rf_buffer *text)
{
    if (v.head != RF_INT && v.head != RF_FLOAT && v.head != RF_BOOL)
        return cannot_show(isolate, p, v);
    const int64_t number = v.head == RF_FLOAT ? rf_float_to_int(v.as.d) : v.as.i;
    append_int(p, number, p->has_precision ? p->precision : 0, text);
    return true;
}

static void append_zeros(rf_buffer *text, int64_t count)
{
    for (int64_t i = 0; i < count; i++) rf_buffer_append_byte(text, '0');
}

/* number with exactly `places` digits after the point */
static void append_fixed(double number, int64_t places, rf_buffer *text)
{
    const int printed = places < DOUBLE_DIGITS ? (int)places : DOUBLE_DIGITS;
    rf_buffer_format(text, "%.*f", printed, number);
    append_zeros(text, places - printed);
}

static bool append_float(rf_isolate *isolate, const placeholder *p, rf_value v, rf_buffer *text)
{
    if (v.head == RF_INT) {
        append_int(p, v.as.i, 0, text);
        if (p->has_precision && p->precision > 0) {
            rf_buffer_append_byte(text, '.');
            append_zeros(text, p->precision);
        }
        return true;
    }
    if (v.head != RF_FLOAT) return cannot_show(isolate, p, v);
    if (p->plus && !signbit(v.as.d) && !isnan(v.as.d)) rf_buffer_append_byte(text, '+');
    if (p->has_precision && isfinite(v.as.d))
        append_fixed(v.as.d, p->precision, text);
    else
        rf_format_float(v.as.d, text);
    return true;
}

/* ---- padding ---- */

static void append_many(rf_buffer *out, char byte, size_t count)
{
    rf_buffer_reserve(out, count);
    memset(out->data + out->size, byte, count);
    out->size += count;
    out->data[out->size] = '\0';
}

/* text in p->width characters; zeros go between sign and digits */
static void append_padded(const placeholder *p, bool may_zero, const rf_buffer *text,
                          rf_buffer *out)
{
    const size_t length = text->size ? rf_utf8_count(text->data, text->size) : 0;
    const size_t missing = (size_t)p->width > length ? (size_t)p->width - length : 0;
    const char *data = text->data ? text->data : "";
    if (!missing) {
        rf_buffer_append(out, data, text->size);
    } else if (p->left) {
        rf_buffer_append(out, data, text->size);
        append_many(out, ' ', missing);
    } else if (p->zero && may_zero) {
        const size_t sign = *data == '-' || *data == '+';
        rf_buffer_append(out, data, sign);
        append_many(out, '0', missing);
        rf_buffer_append(out, data + sign, text->size - sign);
    } else {
        append_many(out, ' ', missing);
        rf_buffer_append(out, data, text->size);
    }
}

static bool append_argument(rf_isolate *isolate, const placeholder *p, rf_value v, rf_buffer *out)
{
    const bool is_number =
        p->conversion != 's' && !(v.head == RF_FLOAT && !isfinite(v.as.d) && p->conversion == 'f');
    if (p->width > LARGEST_SIZE || (is_number && p->precision > LARGEST_SIZE)) {
        rf_raise(isolate, "String too large");
        return false;
    }
    if (!p->width && p->conversion == 's' && !p->has_precision) return rf_display(isolate, v, out);
    rf_buffer text = RF_BUFFER_INIT;
    const bool ok = p->conversion == 's'   ? append_string(isolate, p, v, &text)
                    : p->conversion == 'd' ? append_whole(isolate, p, v, &text)
                                           : append_float(isolate, p, v, &text);
    if (ok) append_padded(p, is_number, &text, out);
    rf_buffer_release(&text);
    return ok;
}

/* ---- the function ---- */

static bool append_template(rf_isolate *isolate, const rf_string *pattern, const rf_value *args,
                            uint32_t arg_count, rf_buffer *out)
{
    const char *at = pattern->text, *end = pattern->text + pattern->size, *percent;
    uint32_t used = 0;
    while ((percent = memchr(at, '%', (size_t)(end - at)))) {
        rf_buffer_append(out, at, (size_t)(percent - at));
        at = percent + 1;
        placeholder p;
        const char *after = read_placeholder(at, end, &p);
        if (at < end && *at == '%') {
            rf_buffer_append_byte(out, '%');
            at++;
        } else if (!after) {
            rf_buffer_append_byte(out, '%');
        } else {
            if (used == arg_count) {
                rf_raise(isolate, "format() missing argument for placeholder %%%c", p.conversion);
                return false;
            }
            if (!append_argument(isolate, &p, args[used++], out)) return false;
            at = after;
        }
        if (out->size > LARGEST_SIZE) break; /* rf_string_take_buffer refuses it */
    }
    rf_buffer_append(out, at, (size_t)(end - at));
    return true;
}

rf_value rf_lib_format(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (!rf_args_string(isolate, "format", args, 0)) return rf_raised();
    rf_buffer out = RF_BUFFER_INIT;
    if (!append_template(isolate, args[0].as.string, args + 1, arg_count - 1, &out)) {
        rf_buffer_release(&out);
        return rf_raised();
    }
    return rf_string_take_buffer(isolate, &out);
}
