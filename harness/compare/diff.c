#include "compare/diff.h"

#include "stats/quantile.h"
#include "stats/rank.h"

#include <math.h>
#include <string.h>

static size_t logs_of(const store_results *results, int64_t variant, int64_t param,
                      compare_measure measure, double *y)
{
    size_t count = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->variant != variant || sample->param != param || sample->outcome != RUN_OK)
            continue;
        stats_warmup warmup = compare_classify(sample);
        double value = compare_value_of(sample, &warmup, measure);
        if (value > 0) y[count++] = log(value);
    }
    return count;
}

/* What makes two rows different things, apart from the thing that is looked at. */
static const char *find_obstacle(const store_variant_row *a, const store_variant_row *b,
                                 bool same_variant)
{
    if (!same_variant)
        return NULL; /* two languages differ in everything, and that is the question */
    if (strcmp(a->source_sha256, b->source_sha256) != 0) return "source changed";
    if (strcmp(a->flags, b->flags) != 0 || strcmp(a->argv_json, b->argv_json) != 0 ||
        strcmp(a->env_json, b->env_json) != 0)
        return "flags changed";
    if (!a->subject && strcmp(a->executable_sha256, b->executable_sha256) != 0)
        return "toolchain changed";
    return NULL;
}

static void add_row(compare_diff *diff, const compare_side *before, const compare_side *after,
                    const store_variant_row *a, const store_variant_row *b,
                    const store_param_row *pa, const store_param_row *pb, double alpha, bool force)
{
    double *ya = rf_alloc_array(double, before->results->samples.count + 1);
    double *yb = rf_alloc_array(double, after->results->samples.count + 1);
    size_t na = logs_of(before->results, a->id, pa->id, diff->measure, ya);
    size_t nb = logs_of(after->results, b->id, pb->id, diff->measure, yb);
    bool same = !strcmp(a->label, b->label), plain = !strcmp(pa->label, "default");
    compare_diff_row row = {.verdict = STATS_UNSURE, .cpu_clock = a->cpu_clock || b->cpu_clock};
    row.name = same ? rf_format_text("%s%s%s@%s", pa->benchmark, plain ? "" : "/",
                                     plain ? "" : pa->label, a->label)
                    : rf_format_text("%s%s%s: %s -> %s", pa->benchmark, plain ? "" : "/",
                                     plain ? "" : pa->label, a->label, b->label);
    const char *obstacle = na && nb ? find_obstacle(a, b, same) : "nothing measured";
    if (strcmp(pa->definition, pb->definition) != 0) obstacle = "definition changed";
    if (obstacle && (!force || !na || !nb)) {
        row.obstacle = rf_strdup(obstacle);
    } else {
        row.before = exp(stats_median(ya, na));
        row.after = exp(stats_median(yb, nb));
        row.ratio = stats_ratio_unpaired(yb, nb, ya, na, alpha);
        row.verdict = stats_verdict_of(&row.ratio, diff->margin);
    }
    rf_vector_push(&diff->rows, row);
    rf_free(ya);
    rf_free(yb);
}

static bool takes(const compare_side *side, const store_variant_row *variant)
{
    return !*variant->role && (!side->language || !strcmp(side->language, variant->language)) &&
           (!side->mode || !strcmp(side->mode, variant->mode));
}

static bool ran(const store_results *results, int64_t variant, int64_t param)
{
    for (size_t i = 0; i < results->slots.count; i++)
        if (results->slots.data[i].variant == variant && results->slots.data[i].param == param)
            return true;
    return false;
}

static void match_variants(compare_diff *diff, const compare_side *before,
                           const compare_side *after, const store_param_row *pa,
                           const store_param_row *pb, double alpha, bool force)
{
    bool by_label = !before->language && !after->language;
    for (size_t a = 0; a < before->results->variants.count; a++)
        for (size_t b = 0; b < after->results->variants.count; b++) {
            const store_variant_row *va = &before->results->variants.data[a],
                                    *vb = &after->results->variants.data[b];
            if (!takes(before, va) || !takes(after, vb) ||
                (by_label && strcmp(va->label, vb->label) != 0) ||
                !ran(before->results, va->id, pa->id) || !ran(after->results, vb->id, pb->id))
                continue;
            add_row(diff, before, after, va, vb, pa, pb, alpha, force);
        }
}

static void add_reason(compare_diff *diff, char *reason)
{
    rf_vector_push(&diff->reasons, reason);
}

void compare_diff_build(compare_diff *diff, const compare_side *before, const compare_side *after,
                        compare_measure measure, double margin, double alpha, bool force)
{
    *diff = (compare_diff){.measure = measure, .margin = margin};
    const store_session_row *a = &before->results->session, *b = &after->results->session;
    if (strcmp(a->machine, b->machine) != 0)
        add_reason(diff, rf_format_text("measured on different machines (%.5s and %.5s)",
                                        a->machine, b->machine));
    for (size_t pa = 0; pa < before->results->params.count && (force || !diff->reasons.count); pa++)
        for (size_t pb = 0; pb < after->results->params.count; pb++) {
            const store_param_row *x = &before->results->params.data[pa],
                                  *y = &after->results->params.data[pb];
            bool same_input = !strcmp(x->json, y->json) || (force && !strcmp(x->label, y->label));
            if (!strcmp(x->benchmark, y->benchmark) && same_input)
                match_variants(diff, before, after, x, y, alpha, force);
        }
}

bool compare_diff_has_changes(const compare_diff *diff)
{
    for (size_t i = 0; i < diff->rows.count; i++) {
        const compare_diff_row *row = &diff->rows.data[i];
        if (!row->obstacle && (row->verdict == STATS_SLOWER || row->verdict == STATS_FASTER))
            return true;
    }
    return false;
}

void compare_diff_release(compare_diff *diff)
{
    for (size_t i = 0; i < diff->rows.count; i++) {
        rf_free(diff->rows.data[i].name);
        rf_free(diff->rows.data[i].obstacle);
    }
    rf_vector_release(&diff->rows);
    for (size_t i = 0; i < diff->reasons.count; i++) rf_free(diff->reasons.data[i]);
    rf_vector_release(&diff->reasons);
}
