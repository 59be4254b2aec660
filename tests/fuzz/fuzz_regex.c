/* A pattern in the first line, a text in the others.  Any pattern compiles or counts as invalid; matches and the
 * pieces between them make up the text; a replacement by the match itself changes nothing. */
#include "base/utf8.h"
#include "fuzz/lib_isolate.h"
#include "fuzz/replay.h"
#include "value/array.h"
#include "value/string.h"

#include <string.h>

enum { LARGEST = 300 }; /* longer patterns only take longer */

static rf_value call(rf_isolate *isolate, const char *name, rf_value text, rf_value pattern)
{
    rf_value args[] = {rf_copy(text), rf_copy(pattern)};
    return fuzz_call(isolate, name, args, 2);
}

/* Pieces and matches in turn are the text. */
static void check_split(const rf_string *text, const rf_array *pieces, const rf_array *matches)
{
    size_t at = 0;
    FUZZ_CHECK(pieces->length == matches->length + 1);
    for (uint32_t i = 0; i < pieces->length; i++) {
        const rf_string *piece = rf_array_peek(pieces, i).as.string;
        FUZZ_CHECK(piece->size <= text->size - at && memcmp(piece->text, text->text + at, piece->size) == 0);
        at += piece->size;
        if (i == matches->length) break;
        const rf_string *match = rf_array_peek(matches, i).as.string;
        FUZZ_CHECK(match->size <= text->size - at && memcmp(match->text, text->text + at, match->size) == 0);
        at += match->size;
    }
    FUZZ_CHECK(at == text->size);
}

static void check_pattern(rf_isolate *isolate, rf_value text, rf_value pattern)
{
    rf_value matches = call(isolate, "regex_find_all", text, pattern);
    rf_value pieces = call(isolate, "regex_split", text, pattern);
    if (matches.head == RF_ARRAY && pieces.head == RF_ARRAY)
        check_split(text.as.string, pieces.as.array, matches.as.array);
    rf_value args[] = {rf_copy(text), rf_copy(pattern), rf_string_from(isolate, "$0")};
    rf_value same = fuzz_call(isolate, "regex_replace", args, 3);
    if (same.head == RF_STRING) FUZZ_CHECK(rf_string_equal(same.as.string, text.as.string));
    rf_release(isolate, matches);
    rf_release(isolate, pieces);
    rf_release(isolate, same);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *pattern = (const char *)bytes, *end = pattern + size;
    const char *line_end = size ? memchr(pattern, '\n', size) : NULL;
    if (!line_end || size > LARGEST) return 0;
    if (!rf_utf8_valid(pattern, size, NULL)) return 0;
    rf_isolate *isolate = fuzz_isolate_new();
    rf_value first = rf_string_new(isolate, pattern, (size_t)(line_end - pattern));
    rf_value rest = rf_string_new(isolate, line_end + 1, (size_t)(end - line_end - 1));
    check_pattern(isolate, rest, first);
    rf_release(isolate, first);
    rf_release(isolate, rest);
    fuzz_isolate_free(isolate);
    return 0;
}
