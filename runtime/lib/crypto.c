/* Base64 (BUILTINS 25); the digests and ciphers of that section need a library this build does
 * without. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "value/string.h"

#include "base/alloc.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(const uint8_t *bytes, size_t size, char *out)
{
    for (size_t at = 0; at < size; at += 3) {
        const size_t left = size - at;
        const uint32_t group = (uint32_t)bytes[at] << 16 |
                               (left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0) |
                               (left > 2 ? bytes[at + 2] : 0);
        *out++ = alphabet[group >> 18];
        *out++ = alphabet[group >> 12 & 63];
        *out++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
        *out++ = left > 2 ? alphabet[group & 63] : '=';
    }
}

rf_value rf_lib_encode_base64(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "encode_base64", args, 0, RF_KIND(RF_STRING) | RF_KIND(RF_BYTES),
                      "string or bytes"))
        return rf_raised();
    const bool is_text = args[0].head == RF_STRING;
    const size_t size = is_text ? args[0].as.string->size : args[0].as.bytes->size;
    const uint8_t *bytes =
        is_text ? (const uint8_t *)args[0].as.string->text : args[0].as.bytes->data;
    const size_t out_size = (size + 2) / 3 * 4;
    rf_value text = rf_string_new_raw(isolate, out_size, out_size);
    if (!rf_is_raised(text)) encode(bytes, size, text.as.string->text);
    return text;
}

/* The six bits a letter stands for; 64: no letter of the alphabet. */
static uint32_t bits_of(char letter)
{
    if (letter >= 'A' && letter <= 'Z') return (uint32_t)(letter - 'A');
    if (letter >= 'a' && letter <= 'z') return (uint32_t)(letter - 'a' + 26);
    if (letter >= '0' && letter <= '9') return (uint32_t)(letter - '0' + 52);
    return letter == '+' ? 62 : letter == '/' ? 63 : 64;
}

/* Decodes whole groups of four; false when a letter is foreign, or the unused bits before padding
 * are not zero. */
static bool decode(const char *text, size_t size, size_t padding, uint8_t *out)
{
    for (size_t at = 0; at < size; at += 4) {
        const size_t padded = at + 4 == size ? padding : 0;
        uint32_t group = 0;
        for (size_t i = 0; i < 4; i++) {
            const uint32_t bits = i < 4 - padded ? bits_of(text[at + i]) : 0;
            if (bits > 63) return false;
            group = group << 6 | bits;
        }
        if (padded && (group & (padded == 1 ? 0xFF : 0xFFFF))) return false;
        *out++ = (uint8_t)(group >> 16);
        if (padded < 2) *out++ = (uint8_t)(group >> 8);
        if (padded < 1) *out++ = (uint8_t)group;
    }
    return true;
}

rf_value rf_lib_decode_base64(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "decode_base64", args, 0)) return rf_raised();
    const rf_string *text = args[0].as.string;
    size_t padding = 0;
    while (padding < 2 && padding < text->size && text->text[text->size - 1 - padding] == '=')
        padding++;
    if (text->size % 4 == 0) {
        rf_value bytes = rf_bytes_new(isolate, NULL, text->size / 4 * 3 - padding);
        if (rf_is_raised(bytes) || decode(text->text, text->size, padding, bytes.as.bytes->data))
            return bytes;
        rf_release(isolate, bytes);
    }
    return rf_raise(isolate, "decode_base64: not base64: '%s'", rf_args_shown(isolate, text));
}
