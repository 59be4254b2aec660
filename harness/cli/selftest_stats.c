/* Simulations: how often intervals hold the truth, how often gates and histories cry wolf. */
#include "cli/selftest.h"

#include "base/alloc.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

/* Normal with that standard deviation, by the quantile function. */
static double normal(stats_random *random, double sd)
{
    double u = stats_random_unit(random);
    return sd * stats_normal_quantile(u > 0 ? u : 0.5);
}

static void fill(stats_random *random, double *y, size_t count, double mean, double sd)
{
    for (size_t i = 0; i < count; i++) y[i] = mean + normal(random, sd);
}

/* ---- coverage ---- */

typedef bool (*covers)(stats_random *random);

enum { N = 20, PILOT = STATS_PILOT_BLOCKS };
static const double truth = 0.05, sd = 0.02;

static bool holds(const stats_ratio *ratio)
{
    return ratio->log_low <= truth && truth <= ratio->log_high;
}

static bool median_covers(stats_random *random)
{
    double y[N];
    fill(random, y, N, truth, sd);
    stats_interval interval = stats_median_interval(y, N, 0.05);
    return log(interval.low) <= truth && truth <= log(interval.high);
}

static bool small_median_covers(stats_random *random)
{
    double y[5];
    fill(random, y, 5, truth, sd);
    stats_interval interval = stats_median_interval(y, 5, 0.05);
    return log(interval.low) <= truth && truth <= log(interval.high);
}

static bool paired_covers(stats_random *random)
{
    double d[10];
    fill(random, d, 10, truth, sd);
    stats_ratio ratio = stats_ratio_paired(d, 10, 0.05);
    return holds(&ratio);
}

static bool signed_rank_covers(stats_random *random)
{
    double d[N];
    fill(random, d, N, truth, sd);
    stats_ratio ratio = stats_ratio_signed_rank(d, N, 0.05);
    return holds(&ratio);
}

static bool unpaired_covers(stats_random *random)
{
    double a[N], b[N];
    fill(random, a, N, truth, sd);
    fill(random, b, N, 0, sd);
    stats_ratio ratio = stats_ratio_unpaired(a, N, b, N, 0.05);
    return holds(&ratio);
}

static bool two_stage_covers(stats_random *random)
{
    double d[400];
    fill(random, d, PILOT, truth, sd);
    size_t count = stats_blocks_for_half_width(stats_sd(d, PILOT), PILOT, 0.01, 0.05);
    if (count > RF_COUNT_OF(d)) count = RF_COUNT_OF(d);
    fill(random, d + PILOT, count - PILOT, truth, sd);
    stats_ratio ratio = stats_ratio_two_stage(d, count, PILOT, 0.05);
    return holds(&ratio);
}

static bool geometric_mean_covers(stats_random *random)
{
    stats_ratio ratios[5];
    for (size_t k = 0; k < 5; k++) {
        double d[10];
        fill(random, d, 10, truth, sd * (double)(k + 1));
        ratios[k] = stats_ratio_paired(d, 10, 0.05);
    }
    stats_ratio mean = stats_geometric_mean(ratios, 5, 0.05);
    return holds(&mean);
}

static const struct {
    const char *name;
    covers test;
} intervals[] = {{"S2 median, 20 blocks", median_covers},
                 {"S2 median, 5 blocks", small_median_covers},
                 {"S3 paired t, 10 blocks", paired_covers},
                 {"S4 signed rank, 20 blocks", signed_rank_covers},
                 {"S5 unpaired, 20 and 20", unpaired_covers},
                 {"S9 geometric mean of 5", geometric_mean_covers},
                 {"S12 two stages, pilot of 8", two_stage_covers}};

/* ---- noise as machines make it ---- */

typedef struct noise {
    const char *name;
    double sd, outliers,
        carry; /* share of points that are up to 10 % too high; AR(1) coefficient */
} noise;

/* Points around 0, one after the other. */
static void fill_noise(stats_random *random, const noise *kind, double *y, size_t count)
{
    double last = 0, fresh = kind->sd * sqrt(1 - kind->carry * kind->carry);
    for (size_t i = 0; i < count; i++) {
        last = i ? kind->carry * last + normal(random, fresh) : normal(random, kind->sd);
        y[i] = last;
        if (stats_random_unit(random) < kind->outliers) y[i] += 0.1 * stats_random_unit(random);
    }
}

/* ---- gates ---- */

enum { ROWS = 40, BLOCKS = 12 };

/* Does a gate over forty unchanged benchmarks fail?  Both sides have outliers of their own. */
static bool gate_fails(stats_random *random, const noise *kind)
{
    double p[ROWS];
    stats_verdict verdicts[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        double base[BLOCKS], d[BLOCKS];
        fill_noise(random, kind, base, BLOCKS);
        fill_noise(random, kind, d, BLOCKS);
        stats_differences(d, base, BLOCKS, d);
        stats_ratio paired = stats_ratio_paired(d, BLOCKS, 0.05),
                    robust = stats_ratio_signed_rank(d, BLOCKS, 0.05);
        verdicts[i] = stats_verdict_of_twins(&paired, &robust, 0.02, NULL);
        p[i] = stats_gate_p(&paired, 0.02);
    }
    stats_holm(p, ROWS, p);
    for (size_t i = 0; i < ROWS; i++)
        if (stats_gate_verdict(verdicts[i], p[i], 0.05) == STATS_SLOWER) return true;
    return false;
}

static void check_gates(selftest *test, stats_random *random, uint64_t trials)
{
    static const noise kinds[] = {
        {"noise 1 %", 0.01, 0, 0},
        {"noise 2 %, outliers 5 %", 0.02, 0.05, 0},
        {"noise 5 %, outliers 5 %", 0.05, 0.05, 0},
    };
    for (size_t k = 0; k < RF_COUNT_OF(kinds); k++) {
        uint64_t failed = 0;
        for (uint64_t i = 0; i < trials; i++) failed += gate_fails(random, &kinds[k]);
        selftest_report(
            test, (double)failed <= 0.05 * (double)trials,
            "stats: %llu of %llu gates over 40 unchanged benchmarks fail, %s (limit 5 %%)",
            (unsigned long long)failed, (unsigned long long)trials, kinds[k].name);
    }
}

void selftest_stats(selftest *test)
{
    stats_random random;
    uint64_t trials = test->cli->options.trials;
    for (size_t i = 0; i < RF_COUNT_OF(intervals); i++) {
        uint64_t covered = 0;
        stats_random_init(&random, i + 1);
        for (uint64_t t = 0; t < trials; t++) covered += intervals[i].test(&random);
        double percent = 100 * (double)covered / (double)trials;
        /* Three standard errors of the simulation itself are granted. */
        double slack = 300 * sqrt(0.05 * 0.95 / (double)trials);
        double grant = slack > 1.5 ? slack : 1.5;
        selftest_report(test, fabs(percent - 95) <= grant,
                        "stats: %s covers the truth in %.1f %% (95 +- %.1f)", intervals[i].name,
                        percent, grant);
    }
    check_gates(test, &random, trials / 10 + 1);
}

/* ---- history ---- */

enum { COMMITS = 60, STEP_AT = 48, WITHIN = 7 };

/* A series whose level rises by `size` (0: not at all) seven commits before its end; whether a step
 * is reported near where it is, or anywhere. */
static void look_for_step(stats_random *random, const noise *kind, double size, bool *located,
                          bool *any)
{
    double y[COMMITS];
    stats_step steps[COMMITS / 3];
    stats_step_options options = STATS_STEP_OPTIONS_DEFAULT;
    size_t count = STEP_AT + WITHIN;
    fill_noise(random, kind, y, count);
    for (size_t i = STEP_AT; i < count; i++) y[i] += log(1 + size);
    size_t found = stats_find_steps(y, count, &options, steps);
    *any = found > 0;
    *located = false;
    for (size_t i = 0; i < found; i++)
        *located = *located || (steps[i].index + 2 >= STEP_AT && steps[i].index <= STEP_AT + 2);
}

/* The corpus of selftest history; what is only shown is harder than what is promised. */
static void check_steps(selftest *test, stats_random *random, const noise *kind, bool promised,
                        uint64_t trials)
{
    uint64_t located = 0, invented = 0;
    for (uint64_t i = 0; i < trials; i++) {
        bool near, any;
        look_for_step(random, kind, 0.1, &near, &any);
        located += near;
        look_for_step(random, kind, 0, &near, &any);
        invented += any;
    }
    selftest_report(test, !promised || (double)located >= 0.9 * (double)trials,
                    "history: %s: %llu of %llu steps of 10 %% found within %d commits%s",
                    kind->name, (unsigned long long)located, (unsigned long long)trials, WITHIN,
                    promised ? " (wanted 90 %)" : "");
    selftest_report(test, !promised || (double)invented <= 0.02 * (double)trials + 1,
                    "history: %s: %llu of %llu unchanged series show a step%s", kind->name,
                    (unsigned long long)invented, (unsigned long long)trials,
                    promised ? " (limit 2 %)" : "");
}

void selftest_history(selftest *test)
{
    static const struct {
        noise kind;
        bool promised;
    } corpus[] = {{{"noise 1 %", 0.01, 0, 0}, true},
                  {{"noise 1 %, outliers 5 %", 0.01, 0.05, 0}, true},
                  {{"noise 2 %, outliers 5 %", 0.02, 0.05, 0}, true},
                  {{"noise 1 %, carried on by 0.3", 0.01, 0, 0.3}, false},
                  {{"noise 3 %", 0.03, 0, 0}, false},
                  {{"noise 2 %, carried on by 0.6", 0.02, 0, 0.6}, false}};
    stats_random random;
    stats_random_init(&random, 2);
    for (size_t i = 0; i < RF_COUNT_OF(corpus); i++)
        check_steps(test, &random, &corpus[i].kind, corpus[i].promised,
                    test->cli->options.trials / 10 + 1);
}
