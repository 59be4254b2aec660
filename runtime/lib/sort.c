/* sort (BUILTINS 8): one stable merge sort, made for ints, floats, strings with the first bytes in
 * which they differ beside them, and any values.  All versions decide alike, so the kind of an
 * array does not show even where elements that cannot be compared count as equal.  Long arrays of
 * numbers far from sorted go through a radix sort, which gives the same answer where all can be
 * told apart. */
#include <math.h>
#include <string.h>

#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/prelude.h"
#include "lib/radix_sort.h"
#include "value/array.h"

typedef struct prefixed_string {
    uint64_t prefix; /* eight bytes after what all share, as a number in the order of the text */
    rf_string *string;
} prefixed_string;

static uint64_t prefix_of(const rf_string *s, uint32_t from)
{
    const uint32_t left = s->size - from;
    uint64_t prefix = 0;
    memcpy(&prefix, s->text + from, left < 8 ? left : 8);
    return __builtin_bswap64(prefix);
}

/* How many bytes all strings of the array begin with alike. */
static uint32_t shared_prefix(const rf_array *a)
{
    if (a->length == 0) return 0;
    const rf_string *first = a->as.values[0].as.string;
    uint32_t shared = first->size;
    for (uint32_t i = 1; i < a->length && shared > 0; i++) {
        const rf_string *s = a->as.values[i].as.string;
        if (s->size < shared) shared = s->size;
        if (memcmp(s->text, first->text, shared) == 0) continue;
        uint32_t same = 0;
        while (s->text[same] == first->text[same]) same++;
        shared = same;
    }
    return shared;
}

static inline bool string_is_before(prefixed_string a, prefixed_string b)
{
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return rf_string_compare(a.string, b.string) < 0;
}

/* Numbers by value, strings by code points; all else counts as equal. */
static inline bool value_is_before(rf_value a, rf_value b)
{
    if (a.head == RF_INT && b.head == RF_INT) return a.as.i < b.as.i;
    if (a.head == RF_STRING && b.head == RF_STRING)
        return rf_string_compare(a.as.string, b.as.string) < 0;
    if (!rf_is_kind(a, RF_KIND_NUMBER) || !rf_is_kind(b, RF_KIND_NUMBER)) return false;
    const double x = a.head == RF_INT ? (double)a.as.i : a.as.d;
    const double y = b.head == RF_INT ? (double)b.as.i : b.as.d;
    return x < y;
}

#define SORT_NAME         sort_ints
#define SORT_TYPE         int64_t
#define SORT_BEFORE(a, b) ((a) < (b))
#include "lib/merge_sort.inc"

#define SORT_NAME         sort_floats
#define SORT_TYPE         double
#define SORT_BEFORE(a, b) ((a) < (b))
#include "lib/merge_sort.inc"

#define SORT_NAME         sort_strings
#define SORT_TYPE         prefixed_string
#define SORT_BEFORE(a, b) string_is_before(a, b)
#include "lib/merge_sort.inc"

#define SORT_NAME         sort_values
#define SORT_TYPE         rf_value
#define SORT_BEFORE(a, b) value_is_before(a, b)
#include "lib/merge_sort.inc"

static bool all_strings(const rf_array *a)
{
    for (uint32_t i = 0; i < a->length; i++)
        if (a->as.values[i].head != RF_STRING) return false;
    return true;
}

static void sort_as_strings(rf_array *a)
{
    prefixed_string *strings = rf_alloc_array(prefixed_string, a->length);
    const uint32_t shared = shared_prefix(a);
    for (uint32_t i = 0; i < a->length; i++) {
        rf_string *s = a->as.values[i].as.string;
        strings[i] = (prefixed_string){prefix_of(s, shared), s};
    }
    sort_strings(strings, a->length);
    for (uint32_t i = 0; i < a->length; i++) a->as.values[i].as.string = strings[i].string;
    rf_free(strings);
}

/* ---- by digits ---- */

enum {
    RADIX_LENGTH = 512,
    RADIX_RUN = 32
}; /* shortest array; longest runs on average that are worth it */

static const uint64_t top_bit = UINT64_C(1) << 63;

static bool is_far_from_sorted(size_t descents, size_t length)
{
    return length >= RADIX_LENGTH && descents > length / RADIX_RUN;
}

static bool sort_ints_by_digits(rf_array *a)
{
    size_t descents = 0;
    for (uint32_t i = 1; i < a->length; i++) descents += a->as.ints[i] < a->as.ints[i - 1];
    if (!is_far_from_sorted(descents, a->length)) return false;
    uint64_t *keys =
        (uint64_t *)a->as.ints; /* signed order is unsigned order with the top bit turned */
    for (uint32_t i = 0; i < a->length; i++) keys[i] ^= top_bit;
    rf_radix_sort(keys, a->length);
    for (uint32_t i = 0; i < a->length; i++) keys[i] ^= top_bit;
    return true;
}

/* The bits of a float as a number in the same order: negative ones turned round. */
static uint64_t key_of_float(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits & top_bit ? ~bits : bits ^ top_bit;
}

static double float_of_key(uint64_t key)
{
    const uint64_t bits = key & top_bit ? key ^ top_bit : ~key;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* Not with NaN or both zeros, whose keys differ though they count as equal. */
static bool sort_floats_by_digits(rf_array *a)
{
    size_t descents = 0;
    for (uint32_t i = 0; i < a->length; i++) {
        const double number = a->as.floats[i];
        if (isnan(number) || (number == 0 && signbit(number))) return false;
        descents += i > 0 && number < a->as.floats[i - 1];
    }
    if (!is_far_from_sorted(descents, a->length)) return false;
    uint64_t *keys = rf_alloc_array(uint64_t, a->length);
    for (uint32_t i = 0; i < a->length; i++) keys[i] = key_of_float(a->as.floats[i]);
    rf_radix_sort(keys, a->length);
    for (uint32_t i = 0; i < a->length; i++) a->as.floats[i] = float_of_key(keys[i]);
    rf_free(keys);
    return true;
}

static void sort_array(rf_array *a)
{
    switch (a->object.info) {
    case RF_ARRAY_INTS:
        if (!sort_ints_by_digits(a)) sort_ints(a->as.ints, a->length);
        break;
    case RF_ARRAY_FLOATS:
        if (!sort_floats_by_digits(a)) sort_floats(a->as.floats, a->length);
        break;
    case RF_ARRAY_VALUES:
        if (all_strings(a))
            sort_as_strings(a);
        else
            sort_values(a->as.values, a->length);
        break;
    default: break; /* bools cannot be compared: they stay as they are */
    }
}

rf_value rf_lib_sort(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (!rf_args_array(isolate, "sort", args, 0)) return rf_raised();
    if (arg_count == 2 && args[1].head != RF_NULL) {
        if (!rf_args_callable(isolate, "sort", args, 1)) return rf_raised();
        return rf_prelude_call(isolate, "sort_by", args, 2);
    }
    rf_value result = rf_take(&args[0]);
    sort_array(rf_array_unique(isolate, &result));
    return result;
}
