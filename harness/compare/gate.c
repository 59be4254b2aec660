#include "compare/gate.h"

#include "stats/aggregate.h"

#include <math.h>
#include <string.h>

/* ---- one pair ---- */

static double value_in_block(const store_results *results, int64_t variant, int64_t param,
                             int64_t block, compare_measure measure)
{
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->variant != variant || sample->param != param || sample->block != block)
            continue;
        if (sample->outcome != RUN_OK) return -1;
        stats_warmup warmup = compare_classify(sample);
        return compare_value_of(sample, &warmup, measure);
    }
    return -1;
}

static void note_failures(compare_gate_row *row, const store_results *results, int64_t variant)
{
    for (size_t i = 0; i < results->samples.count && row->outcome == RUN_OK; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->variant != variant || sample->param != row->param || sample->outcome == RUN_OK)
            continue;
        row->outcome = sample->outcome;
        rf_free(row->reason);
        row->reason =
            rf_format_text("%s: %s", variant == row->base ? "base" : "candidate", sample->reason);
    }
}

static size_t block_count(const store_results *results)
{
    int64_t last = -1;
    for (size_t i = 0; i < results->slots.count; i++)
        if (results->slots.data[i].block > last) last = results->slots.data[i].block;
    return (size_t)(last + 1);
}

static double mean_wall(const store_results *results, const compare_gate_row *row)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->param != row->param ||
            (sample->variant != row->base && sample->variant != row->candidate))
            continue;
        sum += (double)sample->wall_ns;
        count++;
    }
    return count ? 2 * sum / (double)count : 0;
}

static void fill_differences(compare_gate_row *row, const store_results *results,
                             compare_measure measure)
{
    size_t blocks = block_count(results);
    row->d = rf_alloc_array(double, blocks + 1);
    row->count = 0;
    for (size_t b = 0; b < blocks; b++) {
        double base = value_in_block(results, row->base, row->param, (int64_t)b, measure);
        double candidate = value_in_block(results, row->candidate, row->param, (int64_t)b, measure);
        if (base > 0 && candidate > 0) row->d[row->count++] = log(candidate) - log(base);
    }
    row->wall_ns = mean_wall(results, row);
    row->status = RUN_COUNTER_UNAVAILABLE;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        run_counter_status said = compare_status_of(sample, measure);
        if (sample->variant == row->candidate && said != RUN_COUNTER_UNAVAILABLE)
            row->status = said;
    }
}

/* With a pilot the number of blocks follows from its spread, so the interval rests on that (S12).
 */
static void judge_row(compare_gate_row *row, const compare_gate *gate)
{
    bool two_stages = gate->pilot >= 2 && row->count > gate->pilot;
    row->ratio = two_stages ? stats_ratio_two_stage(row->d, row->count, gate->pilot, gate->alpha)
                            : stats_ratio_paired(row->d, row->count, gate->alpha);
    row->robust = stats_ratio_signed_rank(row->d, row->count, gate->alpha);
    row->verdict = stats_verdict_of_twins(&row->ratio, &row->robust, gate->margin, &row->fragile);
    row->wins = stats_count_wins(row->d, row->count);
    row->p = stats_gate_p(&row->ratio, gate->margin);
}

/* ---- the family ---- */

static void judge_family(compare_gate *gate)
{
    size_t count = gate->rows.count, used = 0;
    double *p = rf_alloc_array(double, count + 1);
    stats_ratio *ratios = rf_alloc_array(stats_ratio, count + 1);
    for (size_t i = 0; i < count; i++) {
        compare_gate_row *row = &gate->rows.data[i];
        p[i] = row->outcome == RUN_OK ? row->p : 1;
        if (row->outcome == RUN_OK && row->ratio.has_interval) ratios[used++] = row->ratio;
    }
    stats_holm(p, count, p);
    for (size_t i = 0; i < count; i++) {
        compare_gate_row *row = &gate->rows.data[i];
        row->p_adjusted = p[i];
        row->verdict = row->outcome == RUN_OK ? stats_gate_verdict(row->verdict, p[i], gate->alpha)
                                              : STATS_UNSURE;
        if (row->verdict == STATS_UNSURE && row->ratio.has_interval)
            row->more = stats_blocks_to_settle(&row->ratio, gate->margin);
    }
    if (used) gate->geomean = stats_geometric_mean(ratios, used, gate->alpha);
    gate->geomean_count = used;
    rf_free(ratios);
    rf_free(p);
}

static bool runs_on(const store_results *results, int64_t variant, int64_t param)
{
    for (size_t i = 0; i < results->slots.count; i++)
        if (results->slots.data[i].variant == variant && results->slots.data[i].param == param)
            return true;
    return false;
}

static void add_row(compare_gate *gate, const store_results *results, const store_param_row *param,
                    const store_variant_row *base, const store_variant_row *candidate)
{
    compare_gate_row row = {
        .benchmark = rf_strdup(param->benchmark),
        .size_label = rf_strdup(param->label),
        .size = param->size,
        .language = rf_strdup(candidate->language),
        .mode = rf_strdup(candidate->mode),
        .name = rf_format_text(
            "%s%s%s@%s", param->benchmark, strcmp(param->label, "default") ? "/" : "",
            strcmp(param->label, "default") ? param->label : "", candidate->label),
        .base = base->id,
        .candidate = candidate->id,
        .param = param->id,
        .reason = rf_strdup("")};
    note_failures(&row, results, base->id);
    note_failures(&row, results, candidate->id);
    fill_differences(&row, results, gate->measure);
    judge_row(&row, gate);
    if (row.count > gate->blocks) gate->blocks = row.count;
    rf_vector_push(&gate->rows, row);
}

void compare_gate_build(compare_gate *gate, const store_results *results, compare_measure measure,
                        double margin, double alpha)
{
    *gate = (compare_gate){.margin = margin,
                           .alpha = alpha,
                           .measure = measure,
                           .pilot = store_session_pilot(&results->session),
                           .session = results->session.id};
    for (size_t p = 0; p < results->params.count; p++)
        for (size_t c = 0; c < results->variants.count; c++)
            for (size_t b = 0; b < results->variants.count; b++) {
                const store_param_row *param = &results->params.data[p];
                const store_variant_row *base = &results->variants.data[b],
                                        *candidate = &results->variants.data[c];
                if (*candidate->role || strcmp(base->role, "base") != 0 ||
                    strcmp(base->language, candidate->language) ||
                    strcmp(base->mode, candidate->mode) || !runs_on(results, base->id, param->id) ||
                    !runs_on(results, candidate->id, param->id))
                    continue;
                add_row(gate, results, param, base, candidate);
            }
    judge_family(gate);
    for (size_t i = 0; i < gate->rows.count; i++)
        gate->rows.data[i].first = gate->rows.data[i].verdict;
}

/* ---- the second stage ---- */

bool compare_gate_needs_confirmation(const compare_gate_row *row)
{
    return row->outcome == RUN_OK && row->count && !row->blessing &&
           (row->verdict == STATS_SLOWER || row->verdict == STATS_UNSURE);
}

static void pool(compare_gate_row *row, const compare_gate_row *fresh)
{
    double *d = rf_alloc_array(double, row->count + fresh->count + 1);
    memcpy(d, row->d, row->count * sizeof *d);
    memcpy(d + row->count, fresh->d, fresh->count * sizeof *d);
    rf_free(row->d);
    row->d = d;
    row->count += fresh->count;
}

static void confirm_row(compare_gate *gate, compare_gate_row *row, const compare_gate_row *fresh)
{
    row->has_again = true;
    row->again = fresh->ratio;
    if (fresh->outcome != RUN_OK) {
        row->outcome = fresh->outcome;
        rf_free(row->reason);
        row->reason = rf_strdup(fresh->reason);
    } else if (row->verdict == STATS_SLOWER) {
        row->verdict = fresh->verdict == STATS_SLOWER ? STATS_SLOWER : STATS_UNSURE;
    } else {
        pool(row, fresh);
        judge_row(row, gate);
        row->verdict =
            stats_gate_verdict(row->verdict, row->p * (double)gate->rows.count, gate->alpha);
    }
    if (row->verdict == STATS_UNSURE && row->ratio.has_interval)
        row->more = stats_blocks_to_settle(&row->ratio, gate->margin);
}

void compare_gate_confirm(compare_gate *gate, const store_results *again)
{
    compare_gate fresh;
    compare_gate_build(&fresh, again, gate->measure, gate->margin, gate->alpha);
    for (size_t i = 0; i < gate->rows.count; i++)
        for (size_t f = 0; f < fresh.rows.count; f++)
            if (strcmp(gate->rows.data[i].name, fresh.rows.data[f].name) == 0)
                confirm_row(gate, &gate->rows.data[i], &fresh.rows.data[f]);
    gate->again_session = again->session.id;
    compare_gate_release(&fresh);
}

/* ---- counting ---- */

size_t compare_gate_count(const compare_gate *gate, stats_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        count += row->outcome == RUN_OK && !row->blessing && row->verdict == verdict;
    }
    return count;
}

size_t compare_gate_failures(const compare_gate *gate)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->rows.count; i++) count += gate->rows.data[i].outcome != RUN_OK;
    return count;
}

void compare_gate_release(compare_gate *gate)
{
    for (size_t i = 0; i < gate->rows.count; i++) {
        compare_gate_row *row = &gate->rows.data[i];
        char *owned[] = {row->benchmark, row->size_label, row->language,        row->mode,
                         row->name,      row->reason,     row->blessing_reason, row->source};
        for (size_t o = 0; o < RF_COUNT_OF(owned); o++) rf_free(owned[o]);
        rf_free(row->d);
    }
    rf_vector_release(&gate->rows);
}
