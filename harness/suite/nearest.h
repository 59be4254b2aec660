/* "Did you mean": the candidate closest to a misspelt word. */
#ifndef SUITE_NEAREST_H
#define SUITE_NEAREST_H

#include <stddef.h>

/* Borrows from candidates; NULL when none is near enough to be meant (edit distance over a third of
 * the length, at least 2 allowed). */
const char *nearest_name(const char *word, const char *const *candidates, size_t count);

#endif
