/* All tables of one session, and what is known about the session as a whole. */
#ifndef COMPARE_SET_H
#define COMPARE_SET_H

#include "compare/table.h"
#include "stats/trust.h"

typedef struct compare_set {
    int64_t session;
    uint64_t seed;
    char *schedule, *state, *commit, *dirty, *machine; /* owned */
    int64_t started_ns, elapsed_ns;
    stats_trust trust;
    RF_VECTOR(compare_table) tables;
} compare_set;

/* trust is the grade of the session, see compare/trust.h. */
void compare_set_build(compare_set *set, const store_results *results,
                       const compare_options *options, const stats_trust *trust);
void compare_set_release(compare_set *set);
/* True when some process that ran was not ok, or a build failed. */
bool compare_set_has_failures(const compare_set *set);
bool compare_set_has_absent(const compare_set *set);

#endif
