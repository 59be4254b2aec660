/* The trust grade of a session (S26): what the machine did meanwhile. */
#ifndef COMPARE_TRUST_H
#define COMPARE_TRUST_H

#include "run/machine.h"
#include "stats/trust.h"
#include "store/results.h"

/* What only a look before and after can tell; negative: not known. */
typedef struct compare_conditions {
    double load_at_start;           /* of the last minute */
    double pressure_percent;        /* PSI cpu some while it ran */
    double frequency_range_percent; /* of the fastest CPU, before against after */
    double throttle_count_change;
} compare_conditions;

/* (max - min) / max x 100 of two frequencies; negative when one is not known. */
double compare_frequency_range(double before_khz, double after_khz);

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
