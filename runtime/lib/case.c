/* Strings: letter case and the spellings of names (BUILTINS 7). */
#include <string.h>

#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/text.h"

/* ---- whole strings ---- */

/* Applies first to the first character and rest to the others. */
static rf_value map_text(rf_isolate *isolate, const rf_string *s, uint32_t (*first)(uint32_t),
                         uint32_t (*rest)(uint32_t))
{
    if (rf_string_is_ascii(s)) {
        rf_value result = rf_string_new_raw(isolate, s->size, s->length);
        if (rf_is_raised(result)) return result;
        char *out = result.as.string->text;
        for (uint32_t i = 0; i < s->size; i++) out[i] = (char)rest((unsigned char)s->text[i]);
        if (s->size) out[0] = (char)first((unsigned char)s->text[0]);
        return result;
    }
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_reserve(&out, s->size);
    for (uint32_t at = 0; at < s->size;) {
        uint32_t code_point;
        const unsigned width = rf_utf8_decode(s->text + at, s->size - at, &code_point);
        rf_buffer_append_utf8(&out, at ? rest(code_point) : first(code_point));
        at += width;
    }
    return rf_string_take_buffer(isolate, &out);
}

/* Turns the case of the ASCII letters from..from+25 of text, eight bytes at a time: with all bytes
 * below 128, adding to a byte what is missing to 128 sets its top bit when it is from or later. */
static void turn_case(char *out, const char *text, size_t size, char from)
{
    const uint64_t ones = UINT64_MAX / 255;
    const uint64_t to_first = ones * (uint64_t)(128 - from);
    const uint64_t to_end = ones * (uint64_t)(128 - from - 26);
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t bytes;
        memcpy(&bytes, text + at, 8);
        const uint64_t letters = ((bytes + to_first) ^ (bytes + to_end)) & ones * 128;
        bytes ^= letters >> 2;
        memcpy(out + at, &bytes, 8);
    }
    for (; at < size; at++) {
        const unsigned char byte = (unsigned char)text[at];
        out[at] = (char)(byte ^ ((unsigned char)(byte - from) < 26 ? 0x20 : 0));
    }
}

/* ASCII text; in place when nobody else has it. */
static rf_value map_ascii(rf_isolate *isolate, rf_value *arg, char from)
{
    rf_string *s = arg->as.string;
    if (s->object.count == 1) {
        turn_case(s->text, s->text, s->size, from);
        s->hash = 0;
        s->object.flags = 0;
        return rf_take(arg);
    }
    rf_value result = rf_string_new_raw(isolate, s->size, s->length);
    if (!rf_is_raised(result)) turn_case(result.as.string->text, s->text, s->size, from);
    return result;
}

rf_value rf_lib_to_upper(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "to_upper", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    return rf_string_is_ascii(s) ? map_ascii(isolate, &args[0], 'a')
                                 : map_text(isolate, s, rf_text_to_upper, rf_text_to_upper);
}

rf_value rf_lib_to_lower(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "to_lower", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    return rf_string_is_ascii(s) ? map_ascii(isolate, &args[0], 'A')
                                 : map_text(isolate, s, rf_text_to_lower, rf_text_to_lower);
}

rf_value rf_lib_capitalize(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "capitalize", args, 0)) return rf_raised();
    return map_text(isolate, args[0].as.string, rf_text_to_upper, rf_text_to_lower);
}

/* ---- spellings of names ---- */

/* Walks the characters of a text; returns false at the end. */
static bool next_character(const rf_string *s, uint32_t *at, uint32_t *code_point)
{
    if (*at >= s->size) return false;
    *at += rf_utf8_decode(s->text + *at, s->size - *at, code_point);
    return true;
}

static bool is_gap(uint32_t code_point)
{
    return code_point == '_' || code_point == '-' || rf_text_is_space(code_point);
}

/* Lower case words with separator between them.  Gaps separate; other punctuation vanishes; with
 * humps an upper case letter after a letter or digit that is not upper case starts a word too. */
static rf_value separate_words(rf_isolate *isolate, const rf_string *s, char separator,
                               bool with_humps)
{
    rf_buffer out = RF_BUFFER_INIT;
    bool gap = false, after_lower = false;
    uint32_t at = 0, code_point;
    while (next_character(s, &at, &code_point)) {
        if (!rf_text_is_word(code_point)) {
            gap |= is_gap(code_point);
            continue;
        }
        const bool is_upper = rf_text_is_upper(code_point);
        const bool starts_word = gap || (with_humps && is_upper && after_lower);
        if (starts_word && out.size) rf_buffer_append_byte(&out, separator);
        rf_buffer_append_utf8(&out, rf_text_to_lower(code_point));
        gap = false;
        after_lower = !is_upper;
    }
    return rf_string_take_buffer(isolate, &out);
}

rf_value rf_lib_slugify(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "slugify", args, 0)) return rf_raised();
    return separate_words(isolate, args[0].as.string, '-', false);
}

rf_value rf_lib_to_snake_case(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "to_snake_case", args, 0)) return rf_raised();
    return separate_words(isolate, args[0].as.string, '_', true);
}

rf_value rf_lib_to_kebab_case(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "to_kebab_case", args, 0)) return rf_raised();
    return separate_words(isolate, args[0].as.string, '-', true);
}

rf_value rf_lib_to_camel_case(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "to_camel_case", args, 0)) return rf_raised();
    rf_buffer out = RF_BUFFER_INIT;
    bool starts_word = false;
    uint32_t at = 0, code_point;
    while (next_character(args[0].as.string, &at, &code_point)) {
        if (!rf_text_is_word(code_point)) {
            starts_word = out.size > 0;
            continue;
        }
        rf_buffer_append_utf8(&out, starts_word ? rf_text_to_upper(code_point)
                                                : rf_text_to_lower(code_point));
        starts_word = false;
    }
    return rf_string_take_buffer(isolate, &out);
}
