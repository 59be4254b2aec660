/* Strings: trimming, cutting, padding (BUILTINS 7).  Positions and widths count code points. */
#include <string.h>

#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/text.h"

/* ---- trimming ---- */

static rf_value trim(rf_isolate *isolate, const char *name, rf_value *args, bool at_start,
                     bool at_end)
{
    if (!rf_args_string(isolate, name, args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    const size_t from = at_start ? rf_text_start_without_space(s->text, s->size) : 0;
    const size_t kept =
        at_end ? rf_text_end_without_space(s->text + from, s->size - from) : s->size - from;
    if (kept == s->size) return rf_take(&args[0]);
    return rf_string_new(isolate, s->text + from, kept);
}

rf_value rf_lib_trim(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return trim(isolate, "trim", args, true, true);
}

rf_value rf_lib_trim_start(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return trim(isolate, "trim_start", args, true, false);
}

rf_value rf_lib_trim_end(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return trim(isolate, "trim_end", args, false, true);
}

/* ---- cutting ---- */

static uint32_t clamp(int64_t position, uint32_t length)
{
    return position < 0 ? 0 : position > length ? length : (uint32_t)position;
}

rf_value rf_lib_substring(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t start, end;
    if (!rf_args_string(isolate, "substring", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "substring", args, 1, &start)) return rf_raised();
    if (!rf_args_whole(isolate, "substring", args, 2, &end)) return rf_raised();
    rf_string *s = args[0].as.string;
    const uint32_t from = clamp(start, s->length), to = clamp(end, s->length);
    return rf_string_slice(isolate, s, from, to < from ? from : to);
}

rf_value rf_lib_char_at(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t index;
    if (!rf_args_string(isolate, "char_at", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "char_at", args, 1, &index)) return rf_raised();
    rf_string *s = args[0].as.string;
    if (index >= s->length) return rf_string_new(isolate, "", 0);
    if (s->length == 0) return rf_string_new(isolate, "", 0);
    return rf_string_at(isolate, s, clamp(index, s->length));
}

rf_value rf_lib_truncate(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t max;
    if (!rf_args_string(isolate, "truncate", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "truncate", args, 1, &max)) return rf_raised();
    if (!rf_args_string(isolate, "truncate", args, 2)) return rf_raised();
    rf_string *s = args[0].as.string;
    rf_string *suffix = args[2].as.string;
    if (max < 0 || s->length <= max) return rf_take(&args[0]);
    const uint32_t kept = clamp(max - suffix->length, s->length);
    rf_value result = rf_string_slice(isolate, s, 0, kept);
    return rf_is_raised(result) ? result
                                : rf_string_append(isolate, result, suffix->text, suffix->size);
}

rf_value rf_lib_count_chars(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "count_chars", args, 0)) return rf_raised();
    return rf_int(args[0].as.string->length);
}

/* ---- repeating and padding ---- */

/* Fills out with count copies of unit (size bytes), doubling what is there. */
static void fill(char *out, const char *unit, size_t size, size_t count)
{
    const size_t total = size * count;
    if (!total) return;
    if (size == 1) {
        memset(out, unit[0], total);
        return;
    }
    memcpy(out, unit, size);
    for (size_t done = size; done < total;) {
        const size_t step = done <= total - done ? done : total - done;
        memcpy(out + done, out, step);
        done += step;
    }
}

static rf_value too_large(rf_isolate *isolate)
{
    return rf_raise(isolate, "String too large");
}

rf_value rf_lib_repeat(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t count;
    if (!rf_args_string(isolate, "repeat", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "repeat", args, 1, &count)) return rf_raised();
    const rf_string *s = args[0].as.string;
    if (count <= 0 || s->size == 0) return rf_string_new(isolate, "", 0);
    if (count > INT32_MAX / s->size) return too_large(isolate);
    if (count == 1) return rf_take(&args[0]);
    const size_t times = (size_t)count;
    rf_value result = rf_string_new_raw(isolate, s->size * times, s->length * times);
    if (!rf_is_raised(result)) fill(result.as.string->text, s->text, s->size, times);
    return result;
}

static rf_value pad(rf_isolate *isolate, const char *name, rf_value *args, bool on_left)
{
    int64_t width;
    if (!rf_args_string(isolate, name, args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, name, args, 1, &width)) return rf_raised();
    if (!rf_args_string(isolate, name, args, 2)) return rf_raised();
    const rf_string *s = args[0].as.string;
    const rf_string *filler = args[2].as.string;
    const char *unit = filler->size ? filler->text : " ";
    const size_t unit_size = rf_utf8_width((unsigned char)unit[0]);
    if (width <= s->length) return rf_take(&args[0]);
    const uint64_t count = (uint64_t)width - s->length;
    if (count > (INT32_MAX - (uint64_t)s->size) / unit_size) return too_large(isolate);
    rf_value result = rf_string_new_raw(isolate, s->size + count * unit_size, s->length + count);
    if (rf_is_raised(result)) return result;
    char *out = result.as.string->text;
    memcpy(on_left ? out + count * unit_size : out, s->text, s->size);
    fill(on_left ? out : out + s->size, unit, unit_size, count);
    return result;
}

rf_value rf_lib_pad_left(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return pad(isolate, "pad_left", args, true);
}

rf_value rf_lib_pad_right(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return pad(isolate, "pad_right", args, false);
}

rf_value rf_lib_str_reverse(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "str_reverse", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    rf_value result = rf_string_new_raw(isolate, s->size, s->length);
    if (rf_is_raised(result)) return result;
    char *out = result.as.string->text + s->size;
    for (uint32_t at = 0; at < s->size;) {
        const unsigned width = rf_utf8_width((unsigned char)s->text[at]);
        out -= width;
        memcpy(out, s->text + at, width);
        at += width;
    }
    return result;
}
