#include "syntax/suggest.h"

#include "base/base.h"

#include <stdint.h>
#include <string.h>

enum { MAX_DISTANCE = 2, MAX_NAME = 64 };

/* Levenshtein distance by bytes, within the band that can stay below `limit`; limit when it is not smaller. */
static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t limit)
{
    size_t row[MAX_NAME + 1];
    if (a_size > MAX_NAME || b_size > MAX_NAME) return limit;
    for (size_t j = 0; j <= b_size; j++) row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0], least = row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t insert = row[j - 1] + 1, erase = row[j] + 1;
            diagonal = row[j];
            row[j] = change < insert ? change : insert;
            if (erase < row[j]) row[j] = erase;
            if (row[j] < least) least = row[j];
        }
        if (least >= limit) return limit;
    }
    return row[b_size] < limit ? row[b_size] : limit;
}

rf_suggestion rf_suggestion_start(const char *wanted, size_t size)
{
    return (rf_suggestion){wanted, size, NULL, MAX_DISTANCE + 1};
}

void rf_suggestion_try(rf_suggestion *s, const char *name, size_t size)
{
    size_t difference = size > s->size ? size - s->size : s->size - size;
    if (difference >= s->distance || !size) return;
    size_t distance = edit_distance(s->wanted, s->size, name, size, s->distance);
    if (distance >= s->distance) return;
    s->distance = distance;
    s->name = name;
}
