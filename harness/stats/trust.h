/* S26: a grade for a session from what was seen of the machine. */
#ifndef STATS_TRUST_H
#define STATS_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum stats_trust_reason {
#define STATS_TRUST(name, points, text) STATS_TRUST_##name,
#include "stats/trust.def"
#undef STATS_TRUST
    STATS_TRUST_COUNT
} stats_trust_reason;

/* What was measured; a negative number says "not known" and costs nothing, flags cost when set. */
typedef struct stats_trust_facts {
    double steal_percent;
    double pressure_percent;
    double switches_per_second;
    double frequency_range_percent; /* (max - min) / max x 100 */
    double load_per_core;
    double throttle_count_change;
    bool on_battery, governor_not_fixed, turbo_on, drifted, one_layout, debug_build, no_counters;
} stats_trust_facts;

#define STATS_TRUST_FACTS_UNKNOWN                                                                  \
    {                                                                                              \
        .steal_percent = -1, .pressure_percent = -1, .switches_per_second = -1,                    \
        .frequency_range_percent = -1, .load_per_core = -1, .throttle_count_change = -1            \
    }

typedef struct stats_trust {
    int points;       /* 100 minus the reasons', at least 0 */
    char letter;      /* A from 90, B from 75, C from 50, D */
    uint32_t reasons; /* bit 1 << stats_trust_reason */
} stats_trust;

stats_trust stats_grade_session(const stats_trust_facts *facts);
int stats_trust_points(stats_trust_reason reason);
const char *stats_trust_text(stats_trust_reason reason);

#endif
