/* Keys of dicts: a string that is the decimal text of an int64 is that int (LANGUAGE 5.6). */
#include "value/dict.h"

#include "base/alloc.h"
#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

rf_key rf_key_from_string_slow(rf_string *s)
{
    rf_key key = {.string = NULL};
    if (!rf_string_int_key(s, &key.number)) key = (rf_key){.string = s};
    return key;
}

const char *rf_key_text(rf_key key, char small[24], size_t *size)
{
    if (key.string) {
        *size = key.string->size;
        return key.string->text;
    }
    *size = rf_decimal_size(key.number);
    rf_decimal_write(small, *size, key.number);
    small[*size] = '\0';
    return small;
}

rf_value rf_key_to_string(rf_isolate *isolate, rf_key key)
{
    if (key.string) return rf_copy(rf_object_value(RF_STRING, key.string));
    char small[24];
    size_t size;
    const char *text = rf_key_text(key, small, &size);
    return rf_string_new(isolate, text, size);
}

/* ---- sorted keys ---- */

static int compare_numbers(const void *left, const void *right)
{
    const rf_key *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

static int compare_texts(const void *left, const void *right)
{
    char small_a[24], small_b[24];
    size_t size_a, size_b;
    const char *a = rf_key_text(*(const rf_key *)left, small_a, &size_a);
    const char *b = rf_key_text(*(const rf_key *)right, small_b, &size_b);
    int order = memcmp(a, b, size_a < size_b ? size_a : size_b);
    return order ? order : (size_a > size_b) - (size_a < size_b);
}

rf_key *rf_dict_sorted_keys(rf_isolate *isolate, const rf_dict *d, bool by_text)
{
    (void)isolate;
    rf_key *keys = rf_alloc_array(rf_key, rf_dict_count(d));
    uint32_t count = 0;
    rf_value value;
    bool has_strings = by_text;
    for (uint32_t at = 0; rf_dict_next(d, &at, &keys[count], &value); count++)
        if (keys[count].string) has_strings = true;
    if (count > 1) qsort(keys, count, sizeof *keys, has_strings ? compare_texts : compare_numbers);
    return keys;
}
