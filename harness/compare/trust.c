#include "compare/trust.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const names[] = {
#define STATS_TRUST(name, points, text) #name,
#include "stats/trust.def"
#undef STATS_TRUST
};

static bool fact_is(const run_machine *machine, const char *key, const char *value)
{
    const char *fact = run_machine_fact(machine, key);
    return fact && strcmp(fact, value) == 0;
}

/* What does not change from moment to moment. */
static void take_settings(stats_trust_facts *facts, const run_machine *machine)
{
    facts->governor_not_fixed = !fact_is(machine, "governor", "performance");
    facts->turbo_on = fact_is(machine, "boost", "1") || fact_is(machine, "no_turbo", "0");
    facts->one_layout = fact_is(machine, "aslr", "0");
    facts->no_counters = !run_machine_has_counters();
    facts->on_battery = fact_is(machine, "power", "battery");
}

/* Runtimes that were built for debugging say so in their version. */
static bool has_debug_build(const store_results *results)
{
    for (size_t i = 0; i < results->variants.count; i++)
        if (strcasestr(results->variants.data[i].version_raw, "debug")) return true;
    return false;
}

double compare_frequency_range(double before_khz, double after_khz)
{
    double low = before_khz < after_khz ? before_khz : after_khz,
           high = before_khz < after_khz ? after_khz : before_khz;
    return low > 0 ? 100 * (high - low) / high : -1;
}

stats_trust compare_grade(const store_results *results, const run_machine *machine,
                          const compare_conditions *conditions, bool drifted)
{
    stats_trust_facts facts = STATS_TRUST_FACTS_UNKNOWN;
    double wall = 0, steal = 0, switches = 0;
    bool steal_known = false;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        wall += (double)sample->wall_ns;
        steal_known = steal_known || sample->steal_ns >= 0;
        if (sample->steal_ns > 0) steal += (double)sample->steal_ns;
        if (sample->involuntary_switches > 0) switches += (double)sample->involuntary_switches;
    }
    if (wall > 0 && steal_known)
        facts.steal_percent = 100 * steal / (wall * machine->cores_logical);
    if (wall > 0) facts.switches_per_second = switches / (wall / 1e9);
    facts.pressure_percent = conditions->pressure_percent;
    if (conditions->load_at_start >= 0)
        facts.load_per_core = conditions->load_at_start / machine->cores_logical;
    facts.frequency_range_percent = conditions->frequency_range_percent;
    facts.throttle_count_change = conditions->throttle_count_change;
    facts.debug_build = has_debug_build(results);
    take_settings(&facts, machine);
    facts.drifted = drifted;
    return stats_grade_session(&facts);
}

stats_trust compare_grade_now(const run_machine *machine, int64_t watch_ns,
                              stats_trust_facts *facts)
{
    *facts = (stats_trust_facts)STATS_TRUST_FACTS_UNKNOWN;
    int64_t steal = run_machine_steal_ns(), start = rf_clock_monotonic_ns();
    double pressure = run_machine_pressure_us(), load = run_machine_load(),
           frequency = run_machine_frequency_khz();
    int64_t throttled = run_machine_throttle_count();
    struct timespec pause = {watch_ns / 1000000000, watch_ns % 1000000000};
    nanosleep(&pause, NULL);
    double passed = (double)(rf_clock_monotonic_ns() - start);
    if (steal >= 0)
        facts->steal_percent =
            100 * (double)(run_machine_steal_ns() - steal) / (passed * machine->cores_logical);
    if (pressure >= 0)
        facts->pressure_percent = 100 * (run_machine_pressure_us() - pressure) * 1e3 / passed;
    if (load >= 0) facts->load_per_core = load / machine->cores_logical;
    facts->frequency_range_percent =
        compare_frequency_range(frequency, run_machine_frequency_khz());
    if (throttled >= 0)
        facts->throttle_count_change = (double)(run_machine_throttle_count() - throttled);
    take_settings(facts, machine);
    return stats_grade_session(facts);
}

char *compare_trust_json(const stats_trust *trust)
{
    json_t *reasons = json_array();
    for (size_t i = 0; i < STATS_TRUST_COUNT; i++)
        if (trust->reasons >> i & 1) json_array_append_new(reasons, json_string(names[i]));
    char letter[2] = {trust->letter, '\0'};
    json_t *object =
        json_pack("{s:i,s:s,s:o}", "points", trust->points, "letter", letter, "reasons", reasons);
    char *text = json_dumps(object, JSON_COMPACT), *copy = rf_strdup(text);
    rf_free(text);
    json_decref(object);
    return copy;
}

bool compare_trust_parse(const char *text, stats_trust *trust)
{
    json_t *object = json_loads(text, 0, NULL);
    const char *letter = json_string_value(json_object_get(object, "letter"));
    const json_t *reasons = json_object_get(object, "reasons");
    *trust = (stats_trust){.points = (int)json_integer_value(json_object_get(object, "points")),
                           .letter = letter ? *letter : '\0'};
    for (size_t i = 0; i < json_array_size(reasons); i++)
        for (size_t n = 0; n < STATS_TRUST_COUNT; n++)
            if (!strcmp(json_string_value(json_array_get(reasons, i)), names[n]))
                trust->reasons |= 1u << n;
    json_decref(object);
    return letter != NULL;
}
