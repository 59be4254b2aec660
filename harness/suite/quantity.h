/* Numbers with a unit as people write them: 60s, 2GiB, 1.5%. */
#ifndef SUITE_QUANTITY_H
#define SUITE_QUANTITY_H

#include "base/base.h"

/* "90s", "200ms", "5m", "1.5h", "3us", "3ns"; false unless the whole text is one. */
bool quantity_parse_duration(const char *text, int64_t *ns);
/* "512KiB", "2GiB", "100MB", "4096" (bytes). */
bool quantity_parse_bytes(const char *text, uint64_t *bytes);
/* "2%", "0.02": a fraction, at least 0. */
bool quantity_parse_fraction(const char *text, double *fraction);
/* A whole number of at most 2^63 - 1, no sign. */
bool quantity_parse_count(const char *text, uint64_t *count);

#endif
