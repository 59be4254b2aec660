/* S14: outliers are reported, never removed. */
#ifndef STATS_OUTLIERS_H
#define STATS_OUTLIERS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stats_outliers {
    size_t mild;   /* outside the quartiles by more than 1.5 and at most 3 interquartile ranges */
    size_t severe; /* by more than 3 */
    size_t modified_z; /* |0.6745 (y - median) / MAD| > 3.5 */
    bool first;        /* y[0] is among modified_z: the first process of the session stands apart */
} stats_outliers;

/* Of logs in order of execution. Needs 4 values, else all zero. A sample with MAD 0 has no modified
 * z. Sources: Tukey, EDA, 1977; Iglewicz and Hoaglin 1993. */
stats_outliers stats_find_outliers(const double *y, size_t count);

#endif
