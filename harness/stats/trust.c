#include "stats/trust.h"

int stats_trust_points(stats_trust_reason reason)
{
    static const int points[] = {
#define STATS_TRUST(name, points, text) points,
#include "stats/trust.def"
#undef STATS_TRUST
    };
    return points[reason];
}

const char *stats_trust_text(stats_trust_reason reason)
{
    static const char *const texts[] = {
#define STATS_TRUST(name, points, text) text,
#include "stats/trust.def"
#undef STATS_TRUST
    };
    return texts[reason];
}

stats_trust stats_grade_session(const stats_trust_facts *facts)
{
    const bool found[STATS_TRUST_COUNT] = {
        [STATS_TRUST_STEAL] = facts->steal_percent > 0.5,
        [STATS_TRUST_PRESSURE] = facts->pressure_percent > 5,
        [STATS_TRUST_SWITCHES] = facts->switches_per_second > 100,
        [STATS_TRUST_FREQUENCY] = facts->frequency_range_percent > 5,
        [STATS_TRUST_THROTTLE] = facts->throttle_count_change > 0,
        [STATS_TRUST_BATTERY] = facts->on_battery,
        [STATS_TRUST_GOVERNOR] = facts->governor_not_fixed,
        [STATS_TRUST_TURBO] = facts->turbo_on,
        [STATS_TRUST_LOAD] = facts->load_per_core > 0.3,
        [STATS_TRUST_DRIFT] = facts->drifted,
        [STATS_TRUST_ONE_LAYOUT] = facts->one_layout,
        [STATS_TRUST_DEBUG_BUILD] = facts->debug_build,
        [STATS_TRUST_NO_COUNTERS] = facts->no_counters,
    };
    stats_trust trust = {.points = 100};
    for (unsigned reason = 0; reason < STATS_TRUST_COUNT; reason++) {
        if (!found[reason]) continue;
        trust.points -= stats_trust_points((stats_trust_reason)reason);
        trust.reasons |= UINT32_C(1) << reason;
    }
    if (trust.points < 0) trust.points = 0;
    trust.letter = trust.points >= 90   ? 'A'
                   : trust.points >= 75 ? 'B'
                   : trust.points >= 50 ? 'C'
                                        : 'D';
    return trust;
}
