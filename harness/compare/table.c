#include "compare/table.h"

#include "stats/quantile.h"
#include "stats/rank.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { LEAST_WALL_NS = 100000000 };

/* y[b] of one variant for one measure: logs, NAN where the block has no value. */
typedef struct column {
    double *y;
    size_t count;
} column;

/* ---- the processes of one variant ---- */

typedef struct gathered {
    const store_results *results;
    int64_t param, variant;
    const stats_warmup *warmups; /* one a sample of results */
    size_t blocks, first_block;
    /* A session may hold many inputs, and an input many variants: what belongs to the input is
     * found once, what belongs to a variant among that. */
    size_t *slots, slot_count;     /* of the input; owned */
    size_t *samples, sample_count; /* of the input; owned */
    size_t *own, own_count;        /* samples of the variant; owned */
} gathered;

static void turn_to_input(gathered *all, const store_results *results, int64_t param)
{
    *all = (gathered){.results = results,
                      .param = param,
                      .slots = rf_alloc_array(size_t, results->slots.count + 1),
                      .samples = rf_alloc_array(size_t, results->samples.count + 1),
                      .own = rf_alloc_array(size_t, results->samples.count + 1)};
    for (size_t i = 0; i < results->slots.count; i++)
        if (results->slots.data[i].param == param) all->slots[all->slot_count++] = i;
    for (size_t i = 0; i < results->samples.count; i++)
        if (results->samples.data[i].param == param) all->samples[all->sample_count++] = i;
}

static void turn_to_variant(gathered *all, int64_t variant)
{
    all->variant = variant;
    all->own_count = 0;
    for (size_t i = 0; i < all->sample_count; i++)
        if (all->results->samples.data[all->samples[i]].variant == variant)
            all->own[all->own_count++] = all->samples[i];
}

static void release_gathered(gathered *all)
{
    rf_free(all->slots);
    rf_free(all->samples);
    rf_free(all->own);
}

static const store_sample *own_sample(const gathered *all, size_t i)
{
    return &all->results->samples.data[all->own[i]];
}

static column gather(const gathered *all, compare_measure measure)
{
    column out = {rf_alloc_array(double, all->blocks + 1), all->blocks};
    for (size_t i = 0; i < all->blocks; i++) out.y[i] = (double)NAN;
    for (size_t i = 0; i < all->own_count; i++) {
        const store_sample *sample = own_sample(all, i);
        size_t block = (size_t)sample->block - all->first_block;
        if (sample->outcome != RUN_OK || block >= all->blocks) continue;
        double value = compare_value_of(sample, &all->warmups[all->own[i]], measure);
        if (value > 0) out.y[block] = log(value);
    }
    return out;
}

/* The values that are there, packed; returns how many. */
static size_t pack(const column *from, double *y)
{
    size_t count = 0;
    for (size_t i = 0; i < from->count; i++)
        if (!isnan(from->y[i])) y[count++] = from->y[i];
    return count;
}

static compare_estimate estimate(const column *from, double alpha)
{
    double *y = rf_alloc_array(double, from->count + 1);
    compare_estimate out = {.count = pack(from, y)};
    if (out.count) {
        out.interval = stats_median_interval(y, out.count, alpha);
        for (size_t i = 0; i < out.count; i++) {
            y[i] = exp(y[i]);
            out.least = i ? fmin(out.least, y[i]) : y[i];
            out.most = i ? fmax(out.most, y[i]) : y[i];
        }
        out.mad = stats_mad(y, out.count);
    }
    rf_free(y);
    return out;
}

/* S14, S16; blocks are in order of execution. */
static void look_at_shape(compare_row *row, const column *values)
{
    double *y = rf_alloc_array(double, values->count + 1);
    size_t count = pack(values, y);
    row->outliers = stats_find_outliers(y, count);
    row->levels = stats_find_levels(y, count);
    rf_free(y);
}

static void summarize_warmup(compare_row *row, const gathered *all)
{
    size_t count = 0;
    stats_warmup *own = rf_alloc_array(stats_warmup, all->own_count + 1);
    for (size_t i = 0; i < all->own_count; i++) {
        const store_sample *sample = own_sample(all, i);
        if (sample->outcome == RUN_OK && sample->time_count) {
            own[count++] = all->warmups[all->own[i]];
            row->iterations += sample->time_count;
        }
    }
    if (count) row->warmup = stats_summarize_warmup(own, count);
    rf_free(own);
}

static void count_outcomes(compare_row *row, const gathered *all)
{
    for (size_t i = 0; i < all->own_count; i++) {
        const store_sample *sample = own_sample(all, i);
        row->counts[sample->outcome]++;
        if (sample->outcome == RUN_OK || row->outcome != RUN_OK) continue;
        row->outcome = sample->outcome;
        rf_free(row->reason);
        row->reason = rf_strdup(sample->reason);
    }
    for (size_t i = 0; i < all->slot_count; i++) {
        const store_slot_row *slot = &all->results->slots.data[all->slots[i]];
        row->skipped += slot->variant == all->variant && !strcmp(slot->state, "skipped");
    }
}

/* A measure without a value keeps the reason the kernel gave, if any. */
static run_counter_status status_of(const compare_row *row, const gathered *all,
                                    compare_measure measure)
{
    run_counter_status status =
        row->estimates[measure].count ? RUN_COUNTER_OK : RUN_COUNTER_UNAVAILABLE;
    for (size_t i = 0; i < all->own_count; i++) {
        run_counter_status said = compare_status_of(own_sample(all, i), measure);
        if (said != RUN_COUNTER_UNAVAILABLE) status = said;
    }
    return status;
}

/* Short processes are left out: their CPU time is counted in ticks. */
static double cpus_used(const gathered *all)
{
    double *shares = rf_alloc_array(double, all->own_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < all->own_count; i++) {
        const store_sample *sample = own_sample(all, i);
        if (sample->outcome == RUN_OK && sample->user_ns >= 0 && sample->wall_ns >= LEAST_WALL_NS)
            shares[count++] =
                (double)(sample->user_ns + sample->system_ns) / (double)sample->wall_ns;
    }
    double cpus = stats_median(shares, count);
    rf_free(shares);
    return cpus;
}

/* What prints no report is timed from outside, as a whole, by the wall clock. */
static bool times_itself(const store_sample *sample)
{
    return sample->time_count && !(sample->time_count == 1 && sample->times[0] == sample->wall_ns);
}

static bool own_times_itself(const gathered *all)
{
    for (size_t i = 0; i < all->own_count; i++)
        if (times_itself(own_sample(all, i))) return true;
    return false;
}

/* Returns the column of the main measure; its y is new. */
static column fill_row(compare_row *row, const store_variant_row *variant, const gathered *all,
                       const compare_options *options)
{
    column main = {0};
    *row = (compare_row){.variant = variant->id,
                         .label = rf_strdup(variant->label),
                         .language = rf_strdup(variant->language),
                         .mode = rf_strdup(variant->mode),
                         .version = rf_strdup(variant->version),
                         .cpu_clock = variant->cpu_clock && own_times_itself(all),
                         .reason = rf_strdup("")};
    count_outcomes(row, all);
    summarize_warmup(row, all);
    row->cpus = cpus_used(all);
    for (size_t m = 0; m < COMPARE_MEASURE_COUNT; m++) {
        column values = gather(all, (compare_measure)m);
        row->estimates[m] = estimate(&values, options->alpha);
        row->estimates[m].status = status_of(row, all, (compare_measure)m);
        if (m == options->measure)
            main = values;
        else
            rf_free(values.y);
    }
    row->state = row->counts[RUN_OK] ? COMPARE_ALONE : COMPARE_FAILED;
    return main;
}

/* ---- ratios ---- */

/* Blocks both have, packed into a and b. */
static size_t pair(const column *left, const column *right, double *a, double *b)
{
    size_t count = 0;
    for (size_t i = 0; i < left->count; i++) {
        if (isnan(left->y[i]) || isnan(right->y[i])) continue;
        a[count] = left->y[i];
        b[count++] = right->y[i];
    }
    return count;
}

static void compare_paired(compare_row *row, const double *a, const double *b, size_t count,
                           const compare_options *options)
{
    double *d = rf_alloc_array(double, count + 1);
    stats_differences(a, b, count, d);
    bool two_stages = options->pilot >= 2 && count > options->pilot;
    row->ratio = two_stages ? stats_ratio_two_stage(d, count, options->pilot, options->alpha)
                            : stats_ratio_paired(d, count, options->alpha);
    row->robust = stats_ratio_signed_rank(d, count, options->alpha);
    row->verdict =
        stats_verdict_of_twins(&row->ratio, &row->robust, options->margin, &row->fragile);
    row->wins = stats_count_wins(d, count);
    row->autocorrelation = stats_autocorrelation(d, count);
    if (row->verdict == STATS_UNSURE && row->ratio.has_interval)
        row->more = stats_blocks_to_settle(&row->ratio, options->margin);
    rf_free(d);
}

static void compare_unpaired(compare_row *row, const column *left, const column *right,
                             const compare_options *options)
{
    double *a = rf_alloc_array(double, left->count + 1),
           *b = rf_alloc_array(double, right->count + 1);
    size_t count_a = pack(left, a), count_b = pack(right, b);
    row->ratio = row->robust = stats_ratio_unpaired(a, count_a, b, count_b, options->alpha);
    row->verdict = stats_verdict_of(&row->ratio, options->margin);
    row->unpaired = true;
    rf_free(a);
    rf_free(b);
}

static void compare_row_with(compare_row *row, const column *own, const column *reference,
                             bool sequential, const compare_options *options)
{
    double *a = rf_alloc_array(double, own->count + 1), *b = rf_alloc_array(double, own->count + 1);
    size_t count = pair(own, reference, a, b);
    if (count) {
        if (sequential)
            compare_unpaired(row, own, reference, options);
        else
            compare_paired(row, a, b, count, options);
        row->cliffs = stats_cliffs_delta(a, count, b, count);
        row->state = row->warmup.letter == 'N' && options->measure == COMPARE_STEADY
                         ? COMPARE_UNRANKED
                         : COMPARE_MEASURED;
    }
    rf_free(a);
    rf_free(b);
}

/* Modes of a language against each other, in the order they were planned in, so that the later one
 * (vm after interp) is the first of its pair. */
static void compare_modes(compare_table *table, const column *columns, bool sequential)
{
    for (size_t second = 0; second < table->rows.count; second++)
        for (size_t first = second + 1; first < table->rows.count; first++) {
            const compare_row *a = &table->rows.data[first], *b = &table->rows.data[second];
            compare_row both = {.warmup = a->warmup};
            if (!*a->mode || strcmp(a->language, b->language) != 0) continue;
            compare_row_with(&both, &columns[first], &columns[second], sequential, &table->options);
            if (!both.ratio.count) continue;
            compare_pair pair = {a->variant, b->variant, both.ratio, both.fragile, both.verdict};
            rf_vector_push(&table->pairs, pair);
        }
}

/* ---- reference and rank ---- */

static double main_value(const compare_table *table, const compare_row *row)
{
    const compare_estimate *estimate = &row->estimates[table->options.measure];
    return estimate->count ? estimate->interval.value : (double)INFINITY;
}

/* What never becomes steady (N) is no reference while there is something else. */
static double reference_value(const compare_table *table, const compare_row *row)
{
    double value = main_value(table, row);
    bool never_steady = table->options.measure == COMPARE_STEADY && row->warmup.letter == 'N';
    return never_steady && isfinite(value) ? DBL_MAX : value;
}

/* Ruff's last mode (jit after vm after interp) when it ran, else the fastest. */
static size_t choose_reference(const compare_table *table)
{
    static const char *const preferred[] = {"jit", "vm", "interp"};
    const char *wanted = table->options.reference;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < table->rows.count && wanted; i++)
        if (!strcmp(table->rows.data[i].label, wanted) ||
            !strcmp(table->rows.data[i].language, wanted))
            return i;
    for (size_t p = 0; p < RF_COUNT_OF(preferred); p++)
        for (size_t i = 0; i < table->rows.count; i++) {
            const compare_row *row = &table->rows.data[i];
            if (!strcmp(row->language, "ruff") && !strcmp(row->mode, preferred[p]) &&
                isfinite(main_value(table, row)))
                return i;
        }
    for (size_t i = 0; i < table->rows.count; i++) {
        double value = reference_value(table, &table->rows.data[i]);
        if (isfinite(value) &&
            (best == SIZE_MAX || value < reference_value(table, &table->rows.data[best])))
            best = i;
    }
    return best;
}

static bool stands_before(const compare_table *table, const compare_row *a, const compare_row *b)
{
    double left = main_value(table, a), right = main_value(table, b);
    if (left < right) return true;
    return !(right < left) && a->state < b->state;
}

/* Insertion sort: a handful of rows. */
static void rank(compare_table *table)
{
    for (size_t i = 1; i < table->rows.count; i++) {
        compare_row row = table->rows.data[i];
        size_t at = i;
        for (; at > 0 && stands_before(table, &row, &table->rows.data[at - 1]); at--)
            table->rows.data[at] = table->rows.data[at - 1];
        table->rows.data[at] = row;
    }
    table->reference = SIZE_MAX;
    for (size_t i = 0; i < table->rows.count; i++)
        if (table->rows.data[i].state == COMPARE_REFERENCE) table->reference = i;
}

/* ---- the whole ---- */

/* Mean log of each block over the rows that have all blocks: what drift is looked for in (S15). */
static stats_drift find_drift(const column *columns, size_t column_count, size_t blocks,
                              double margin)
{
    double *means = rf_alloc_array_zero(double, blocks + 1);
    size_t used = 0;
    for (size_t c = 0; c < column_count; c++) {
        bool whole = blocks > 0;
        for (size_t b = 0; b < blocks; b++) whole = whole && !isnan(columns[c].y[b]);
        used += whole;
        for (size_t b = 0; b < blocks && whole; b++) means[b] += columns[c].y[b];
    }
    for (size_t b = 0; b < blocks && used; b++) means[b] /= (double)used;
    stats_drift drift = {.p = 1};
    if (used && blocks >= 4) drift = stats_session_drift(means, NULL, blocks, margin);
    rf_free(means);
    return drift;
}

static void span_blocks(gathered *all)
{
    int64_t first = INT64_MAX, last = -1;
    for (size_t i = 0; i < all->slot_count; i++) {
        const store_slot_row *slot = &all->results->slots.data[all->slots[i]];
        if (slot->block < first) first = slot->block;
        if (slot->block > last) last = slot->block;
    }
    all->first_block = last < 0 ? 0 : (size_t)first;
    all->blocks = last < 0 ? 0 : (size_t)(last - first + 1);
}

static stats_warmup *classify_all(const gathered *all)
{
    stats_warmup *warmups = rf_alloc_array_zero(stats_warmup, all->results->samples.count + 1);
    for (size_t i = 0; i < all->sample_count; i++) {
        const store_sample *sample = &all->results->samples.data[all->samples[i]];
        if (sample->time_count) warmups[all->samples[i]] = compare_classify(sample);
    }
    return warmups;
}

static bool takes_part(const gathered *all, int64_t variant)
{
    for (size_t i = 0; i < all->slot_count; i++)
        if (all->results->slots.data[all->slots[i]].variant == variant) return true;
    return false;
}

static void take_answer(compare_table *table, const store_results *results)
{
    for (size_t i = 0; i < results->samples.count && !table->answer; i++)
        if (results->samples.data[i].outcome == RUN_OK &&
            results->samples.data[i].param == table->param)
            table->answer = rf_strdup(results->samples.data[i].checksum);
    if (!table->answer) table->answer = rf_strdup("");
}

static bool is_whole(const store_results *results, int64_t param)
{
    size_t timed = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->param != param || !sample->time_count) continue;
        if (times_itself(sample)) return false;
        timed++;
    }
    return timed > 0;
}

void compare_table_build(compare_table *table, const store_results *results, int64_t param_id,
                         const compare_options *options)
{
    const store_param_row *param = store_results_param(results, param_id);
    gathered all;
    turn_to_input(&all, results, param_id);
    stats_warmup *warmups = classify_all(&all);
    all.warmups = warmups;
    span_blocks(&all);
    *table = (compare_table){.benchmark = rf_strdup(param->benchmark),
                             .size_label = rf_strdup(param->label),
                             .unit = rf_strdup(param->unit),
                             .size = param->size,
                             .seed = param->seed,
                             .param = param_id,
                             .blocks = all.blocks,
                             .options = *options};
    table->options.pilot = store_session_pilot(&results->session);
    options = &table->options;
    take_answer(table, results);
    table->whole = is_whole(results, param_id);
    column *columns = rf_alloc_array(column, results->variants.count + 1);
    for (size_t i = 0; i < results->variants.count; i++) {
        compare_row row;
        if (!takes_part(&all, results->variants.data[i].id)) continue;
        turn_to_variant(&all, results->variants.data[i].id);
        columns[table->rows.count] = fill_row(&row, &results->variants.data[i], &all, options);
        look_at_shape(&row, &columns[table->rows.count]);
        rf_vector_push(&table->rows, row);
    }
    size_t reference = choose_reference(table);
    bool sequential = !strcmp(results->session.schedule, "sequential");
    for (size_t i = 0; i < table->rows.count && reference != SIZE_MAX; i++) {
        if (i != reference)
            compare_row_with(&table->rows.data[i], &columns[i], &columns[reference], sequential,
                             options);
    }
    if (reference != SIZE_MAX && table->rows.data[reference].state != COMPARE_FAILED)
        table->rows.data[reference].state = COMPARE_REFERENCE;
    compare_modes(table, columns, sequential);
    table->drift = find_drift(columns, table->rows.count, all.blocks, options->margin);
    for (size_t i = 0; i < table->rows.count; i++) rf_free(columns[i].y);
    rf_free(columns);
    rf_free(warmups);
    release_gathered(&all);
    rank(table);
}

void compare_table_add_absent(compare_table *table, const char *label, const char *language,
                              const char *mode, run_outcome outcome, const char *reason)
{
    compare_row row = {.label = rf_strdup(label),
                       .language = rf_strdup(language),
                       .mode = rf_strdup(mode),
                       .version = rf_strdup(""),
                       .state = COMPARE_ABSENT,
                       .outcome = outcome,
                       .reason = rf_strdup(reason)};
    rf_vector_push(&table->rows, row);
}

const compare_row *compare_table_row(const compare_table *table, int64_t variant)
{
    size_t i = 0;
    while (i + 1 < table->rows.count && table->rows.data[i].variant != variant) i++;
    return &table->rows.data[i];
}

size_t compare_row_processes(const compare_row *row)
{
    size_t count = 0;
    for (size_t i = 0; i < RUN_OUTCOME_COUNT; i++) count += row->counts[i];
    return count;
}

void compare_table_release(compare_table *table)
{
    for (size_t i = 0; i < table->rows.count; i++) {
        compare_row *row = &table->rows.data[i];
        char *owned[] = {row->label, row->language, row->mode, row->version, row->reason};
        for (size_t o = 0; o < RF_COUNT_OF(owned); o++) rf_free(owned[o]);
    }
    rf_vector_release(&table->rows);
    rf_vector_release(&table->pairs);
    rf_free(table->benchmark);
    rf_free(table->size_label);
    rf_free(table->unit);
    rf_free(table->answer);
}
