/* The trust grade of a session (S26): what the machine did meanwhile. */
#ifndef COMPARE_TRUST_H
#define COMPARE_TRUST_H

#include "run/machine.h"
#include "stats/trust.h"
#include "store/results.h"

/* What only a look at the clock before and after can tell; negative: not known. */
typedef struct compare_conditions {
    double load_at_start;    /* of the last minute */
    double pressure_percent; /* PSI cpu some while it ran */
} compare_conditions;

stats_trust compare_grade(const store_results *results, const run_machine *machine,
                          const compare_conditions *conditions, bool drifted);
/* The grade a session begun now would get, from watching the machine for so long; *facts says what
 * was seen. */
stats_trust compare_grade_now(const run_machine *machine, int64_t watch_ns,
                              stats_trust_facts *facts);
/* "trust" events keep the grade: {"points":58,"letter":"C","reasons":["STEAL"]}. */
char *compare_trust_json(const stats_trust *trust); /* new */
bool compare_trust_parse(const char *json, stats_trust *trust);

#endif
