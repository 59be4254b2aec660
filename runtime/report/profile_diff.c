/* Uniting the sides and testing. */
#include "report/profile_diff.h"

#include "report/frame_name.h"
#include "report/significance.h"
#include "report/slice_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- can they be compared ---- */

static void name_difference(rf_buffer *out, const char *field, const char *before, const char *after)
{
    if (strcmp(before, after) == 0) return;
    rf_buffer_format(out, "%s%s: %s against %s", out->size ? "; " : "", field, before, after);
}

static char *instruments_of(const rf_prof_run *run)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append_text(&out, run->has_cpu ? "cpu" : "");
    if (run->has_memory) rf_buffer_append_text(&out, out.size ? "+memory" : "memory");
    return rf_buffer_take(&out);
}

char *rf_profile_diff_obstacle(const rf_diff_side *before, const rf_diff_side *after)
{
    rf_buffer it = RF_BUFFER_INIT;
    const rf_prof_run *first = &before->profiles[0]->run;
    for (size_t i = 1; i < before->count + after->count; i++) {
        const rf_prof_run *run = i < before->count ? &before->profiles[i]->run : &after->profiles[i - before->count]->run;
        char *instruments = instruments_of(first), *others = instruments_of(run);
        name_difference(&it, "script", rf_report_base_name(first->script), rf_report_base_name(run->script));
        name_difference(&it, "instruments", instruments, others);
        name_difference(&it, "mechanism", first->mechanism ? first->mechanism : "", run->mechanism ? run->mechanism : "");
        rf_free(instruments);
        rf_free(others);
        if (it.size) break;
    }
    return it.size ? rf_buffer_take(&it) : NULL;
}

/* ---- the union ---- */

/* One run's numbers in the union. */
typedef struct run_numbers {
    double *node_ticks, *func_ticks; /* total by node, self by function */
    double all_ticks;
} run_numbers;

/* Functions without names of their own share one: within the same sources their lines tell them apart. */
static uint32_t unite_func(rf_profile *united, const rf_profile *from, uint32_t func, bool by_line)
{
    const rf_prof_func *it = &from->funcs.data[func];
    const uint32_t file = it->file ? rf_profile_file(united, rf_report_base_name(from->files.data[it->file].path)) : 0;
    if (by_line) return rf_profile_func(united, it->kind, it->name, file, it->line);
    for (uint32_t i = 1; i < united->funcs.count; i++) { /* any line: it may have moved */
        const rf_prof_func *known = &united->funcs.data[i];
        if (known->kind == it->kind && known->file == file && strcmp(known->name, it->name) == 0) return i;
    }
    return rf_profile_func(united, it->kind, it->name, file, it->line);
}

static rf_prof_tier plain_tier(rf_prof_func_kind kind)
{
    static const rf_prof_tier tiers[RF_FUNC_KIND_COUNT] = {[RF_FUNC_SCRIPT] = RF_TIER_VM,
                                                           [RF_FUNC_BUILTIN] = RF_TIER_BUILTIN,
                                                           [RF_FUNC_REGEX] = RF_TIER_REGEX,
                                                           [RF_FUNC_RUNTIME] = RF_TIER_ALLOC,
                                                           [RF_FUNC_NATIVE] = RF_TIER_BUILTIN};
    return tiers[kind];
}

/* Stacks of one profile in the union; new, by index. */
static uint32_t *unite_stacks(rf_profile *united, const rf_profile *from, bool by_line)
{
    uint32_t *funcs = rf_alloc_array_zero(uint32_t, from->funcs.count);
    uint32_t *stacks = rf_alloc_array_zero(uint32_t, from->stacks.count);
    for (uint32_t i = 1; i < from->funcs.count; i++) funcs[i] = unite_func(united, from, i, by_line);
    for (size_t i = 1; i < from->stacks.count; i++) {
        const rf_prof_frame *frame = &from->frames.data[from->stacks.data[i].frame];
        if (frame->tier == RF_TIER_PROFILER) continue;
        const uint32_t func = funcs[frame->func];
        const uint32_t united_frame = rf_profile_frame(united, func, 0, plain_tier(united->funcs.data[func].kind));
        stacks[i] = rf_profile_stack(united, stacks[from->stacks.data[i].parent], united_frame);
    }
    rf_free(funcs);
    return stacks;
}

static void add_samples(rf_profile *united, const rf_profile *from, const uint32_t *stacks, uint32_t side)
{
    for (size_t i = 1; i < from->samples.count; i++) {
        const rf_prof_sample *it = &from->samples.data[i];
        if (!it->cpu_ns || (it->stack && rf_report_sample_tier(from, it) == RF_TIER_PROFILER)) continue;
        const rf_prof_sample sample = {.stack = stacks[it->stack], .thread = side, .ticks = it->ticks, .cpu_ns = it->cpu_ns, .wall_ns = it->wall_ns};
        rf_profile_add(united, &sample);
    }
}

/* ---- tests ---- */

static run_numbers count_run(const rf_profile_diff *diff, const rf_profile *from, const uint32_t *stacks)
{
    const rf_call_tree *tree = &diff->tree;
    run_numbers it = {rf_alloc_array_zero(double, tree->nodes.count), rf_alloc_array_zero(double, diff->united.funcs.count), 0};
    for (size_t i = 1; i < from->samples.count; i++) {
        const rf_prof_sample *sample = &from->samples.data[i];
        if (!sample->cpu_ns || (sample->stack && rf_report_sample_tier(from, sample) == RF_TIER_PROFILER)) continue;
        const uint32_t node = tree->of_stack[stacks[sample->stack]];
        it.node_ticks[node] += (double)sample->ticks;
        it.func_ticks[tree->nodes.data[node].func] += (double)sample->ticks;
        it.all_ticks += (double)sample->ticks;
    }
    for (size_t i = tree->nodes.count; i-- > 1;) it.node_ticks[tree->nodes.data[i].parent] += it.node_ticks[i];
    return it;
}

typedef struct sides {
    const run_numbers *before, *after;
    size_t runs_before, runs_after;
    double all_before, all_after; /* ticks */
    bool is_node;                 /* totals of nodes, else self times of functions */
} sides;

/* One node or function on both sides. */
typedef struct tested {
    size_t at;
    double ticks_before, ticks_after;
    double change;   /* of the share */
    double sampling; /* variance that sampling alone gives the change */
    double between;  /* variance of the change by what the runs show */
} tested;

static double run_ticks(const run_numbers *run, bool is_node, size_t at) { return is_node ? run->node_ticks[at] : run->func_ticks[at]; }

/* The mean share of the runs; *variance of that mean by how they differ. */
static double mean_share(const run_numbers *runs, size_t count, bool is_node, size_t at, double *variance)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < count; i++) mean += run_ticks(&runs[i], is_node, at) / fmax(1, runs[i].all_ticks) / (double)count;
    for (size_t i = 0; i < count; i++) {
        const double off = run_ticks(&runs[i], is_node, at) / fmax(1, runs[i].all_ticks) - mean;
        squares += off * off;
    }
    *variance = count > 1 ? squares / (double)(count - 1) / (double)count : 0;
    return mean;
}

static tested measure(const sides *it, size_t at)
{
    tested out = {.at = at};
    double variance_before, variance_after;
    for (size_t i = 0; i < it->runs_before; i++) out.ticks_before += run_ticks(&it->before[i], it->is_node, at);
    for (size_t i = 0; i < it->runs_after; i++) out.ticks_after += run_ticks(&it->after[i], it->is_node, at);
    out.change = mean_share(it->after, it->runs_after, it->is_node, at, &variance_after) -
                 mean_share(it->before, it->runs_before, it->is_node, at, &variance_before);
    out.between = variance_before + variance_after;
    const double pooled = (out.ticks_before + out.ticks_after) / fmax(1, it->all_before + it->all_after);
    out.sampling = pooled * (1 - pooled) * (1 / fmax(1, it->all_before) + 1 / fmax(1, it->all_after));
    return out;
}

/* Few runs say little about how much one function varies, all functions together say more: the ratio of the variance between
 * runs to that of sampling is drawn towards its mean over all of them, as if that were PRIOR runs (moderated t: Smyth,
 * Statistical Applications in Genetics 3, 2004).  It never counts less than sampling. */
static void judge_by_runs(const sides *it, const tested *list, size_t count, double *p)
{
    enum { PRIOR = 20, ENOUGH_TICKS = 20 };
    double ratio_sum = 0, ratios = 0;
    for (size_t i = 0; i < count; i++)
        if (list[i].ticks_before + list[i].ticks_after >= ENOUGH_TICKS && list[i].sampling > 0) {
            ratio_sum += list[i].between / list[i].sampling;
            ratios++;
        }
    const double common = fmax(1, ratios > 0 ? ratio_sum / ratios : 1), own = (double)(it->runs_before + it->runs_after - 2);
    const double prior = fmin(PRIOR, own * fmax(0, ratios - 1));
    for (size_t i = 0; i < count; i++) {
        if (!(list[i].sampling > 0)) {
            p[i] = 1;
            continue;
        }
        const double ratio = fmax(1, (prior * common + own * list[i].between / list[i].sampling) / (prior + own));
        p[i] = rf_student_p(list[i].change / sqrt(ratio * list[i].sampling), prior + own);
    }
}

/* p and adjusted p of each node or function.  What was hardly seen on both sides cannot be significant and is left out, by
 * its sum alone, so that it does not weaken the rest. */
static void test_all(const sides *it, size_t count, double *p, double *q)
{
    enum { LEAST_TICKS = 6, LEAST_TICKS_A_SIDE = 50 /* below, the normal law says nothing */ };
    tested *list = rf_alloc_array(tested, count + 1);
    double *family = rf_alloc_array(double, count + 1);
    size_t kept = 0;
    p[0] = q[0] = 1;
    for (size_t at = 1; at < count; at++) {
        p[at] = q[at] = 1;
        const tested row = measure(it, at);
        if (row.ticks_before + row.ticks_after >= LEAST_TICKS && fmin(it->all_before, it->all_after) >= LEAST_TICKS_A_SIDE) list[kept++] = row;
    }
    if (it->runs_before > 1 && it->runs_after > 1)
        judge_by_runs(it, list, kept, family);
    else
        for (size_t i = 0; i < kept; i++) family[i] = rf_shares_p(list[i].ticks_before, it->all_before, list[i].ticks_after, it->all_after);
    for (size_t i = 0; i < kept; i++) p[list[i].at] = family[i];
    rf_adjust_p(family, kept);
    for (size_t i = 0; i < kept; i++) q[list[i].at] = family[i];
    rf_free(list);
    rf_free(family);
}

/* ---- rows ---- */

static void add_exact(rf_profile_diff *diff, const rf_diff_side *side, bool is_after, bool by_line)
{
    const rf_profile *from = side->profiles[0];
    for (uint32_t func = 1; func < from->funcs.count; func++) {
        const uint32_t united = unite_func(&diff->united, from, func, by_line);
        for (size_t i = 0; i < diff->rows.count; i++) {
            rf_diff_row *row = &diff->rows.data[i];
            if (row->func != united) continue;
            *(is_after ? &row->after_calls : &row->before_calls) = from->funcs.data[func].calls;
            *(is_after ? &row->after_instructions : &row->before_instructions) = from->funcs.data[func].instructions;
        }
    }
}

static int compare_rows(const void *a, const void *b)
{
    const rf_diff_row *x = a, *y = b;
    const bool x_counts = rf_diff_is_significant(x->q), y_counts = rf_diff_is_significant(y->q);
    if (x_counts != y_counts) return x_counts ? -1 : 1;
    const double change_x = fabs(x->after_share - x->before_share), change_y = fabs(y->after_share - y->before_share);
    if (change_x != change_y) return change_x < change_y ? 1 : -1;
    return (x->func > y->func) - (x->func < y->func);
}

static void make_rows(rf_profile_diff *diff, const double *func_p)
{
    double *self[2] = {rf_alloc_array_zero(double, diff->united.funcs.count), rf_alloc_array_zero(double, diff->united.funcs.count)};
    for (size_t i = 0; i < diff->tree.nodes.count; i++) {
        self[0][diff->tree.nodes.data[i].func] += diff->before_ns[i];
        self[1][diff->tree.nodes.data[i].func] += diff->after_ns[i];
    }
    for (uint32_t func = 1; func < diff->united.funcs.count; func++) {
        if (self[0][func] <= 0 && self[1][func] <= 0) continue;
        rf_diff_row row = {.func = func, .before_ns = self[0][func], .after_ns = self[1][func], .p = func_p[func], .q = diff->func_q[func],
                           .before_calls = RF_PROF_UNKNOWN, .after_calls = RF_PROF_UNKNOWN, .before_instructions = RF_PROF_UNKNOWN,
                           .after_instructions = RF_PROF_UNKNOWN};
        row.before_share = diff->all_before_ns > 0 ? row.before_ns / diff->all_before_ns : 0;
        row.after_share = diff->all_after_ns > 0 ? row.after_ns / diff->all_after_ns : 0;
        const double variance = row.before_share * (1 - row.before_share) / fmax(1, (double)diff->before_ticks) +
                                row.after_share * (1 - row.after_share) / fmax(1, (double)diff->after_ticks);
        const double half = 1.959963984540054 * sqrt(fmax(0, variance));
        row.low = row.after_share - row.before_share - half;
        row.high = row.after_share - row.before_share + half;
        rf_vector_push(&diff->rows, row);
    }
    rf_free(self[0]);
    rf_free(self[1]);
}

static void fill_times(rf_profile_diff *diff)
{
    const rf_profile *united = &diff->united;
    for (size_t i = 1; i < united->samples.count; i++) {
        const rf_prof_sample *sample = &united->samples.data[i];
        const uint32_t node = diff->tree.of_stack[sample->stack];
        const double runs = (double)(sample->thread ? diff->after_runs : diff->before_runs), ns = (double)sample->cpu_ns / runs;
        (sample->thread ? diff->after_ns : diff->before_ns)[node] += ns;
        *(sample->thread ? &diff->all_after_ns : &diff->all_before_ns) += ns;
        *(sample->thread ? &diff->after_ticks : &diff->before_ticks) += sample->ticks;
    }
}

/* "before 41 (2 runs, 1.250 s)"; a side that is called so already is not called so twice. */
static void append_side(rf_buffer *out, const char *word, const rf_diff_side *side, double ns)
{
    rf_buffer_append_text(out, word);
    if (strcmp(side->title, word) != 0) rf_buffer_format(out, " %s", side->title);
    rf_buffer_format(out, " (%zu run%s, %.3f s)", side->count, side->count == 1 ? "" : "s", ns / 1e9);
}

static void describe_union(rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after)
{
    rf_prof_run *run = &diff->united.run;
    const rf_prof_run *from = &after->profiles[0]->run;
    run->script = rf_strdup(from->script ? from->script : "");
    run->arguments = rf_strdup("");
    run->engine = rf_strdup(from->engine ? from->engine : "");
    run->has_cpu = true;
    run->mechanism = "";
    run->ticks = diff->before_ticks + diff->after_ticks;
    run->cpu_ns = (uint64_t)diff->all_after_ns;
    rf_buffer title = RF_BUFFER_INIT;
    append_side(&title, "before", before, diff->all_before_ns);
    rf_buffer_append_text(&title, ", ");
    append_side(&title, "after", after, diff->all_after_ns);
    diff->title = rf_buffer_take(&title);
}

static bool have_same_sources(const rf_diff_side *before, const rf_diff_side *after)
{
    const uint64_t digest = before->profiles[0]->run.script_digest;
    bool are_same = digest != 0;
    for (size_t i = 0; i < before->count; i++) are_same = are_same && before->profiles[i]->run.script_digest == digest;
    for (size_t i = 0; i < after->count; i++) are_same = are_same && after->profiles[i]->run.script_digest == digest;
    return are_same;
}

void rf_profile_diff_init(rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after)
{
    const rf_diff_side *const both_sides[2] = {before, after};
    const size_t runs = before->count + after->count;
    const bool by_line = have_same_sources(before, after);
    *diff = (rf_profile_diff){.before_runs = before->count, .after_runs = after->count};
    rf_profile_init(&diff->united);
    uint32_t **stacks = rf_alloc_array_zero(uint32_t *, runs);
    run_numbers *numbers = rf_alloc_array_zero(run_numbers, runs);
    for (uint32_t side = 0, run = 0; side < 2; side++)
        for (size_t i = 0; i < both_sides[side]->count; i++, run++) {
            stacks[run] = unite_stacks(&diff->united, both_sides[side]->profiles[i], by_line);
            add_samples(&diff->united, both_sides[side]->profiles[i], stacks[run], side);
        }
    rf_call_tree_init(&diff->tree, &diff->united);
    for (size_t run = 0; run < runs; run++)
        numbers[run] = count_run(diff, run < before->count ? before->profiles[run] : after->profiles[run - before->count], stacks[run]);
    const size_t nodes = diff->tree.nodes.count, funcs = diff->united.funcs.count;
    diff->before_ns = rf_alloc_array_zero(double, nodes);
    diff->after_ns = rf_alloc_array_zero(double, nodes);
    diff->node_p = rf_alloc_array_zero(double, nodes);
    diff->node_q = rf_alloc_array_zero(double, nodes);
    diff->func_q = rf_alloc_array_zero(double, funcs);
    double *func_p = rf_alloc_array_zero(double, funcs);
    fill_times(diff);
    sides both = {.before = numbers, .after = numbers + before->count, .runs_before = before->count, .runs_after = after->count,
                  .all_before = (double)diff->before_ticks, .all_after = (double)diff->after_ticks, .is_node = true};
    test_all(&both, nodes, diff->node_p, diff->node_q);
    both.is_node = false;
    test_all(&both, funcs, func_p, diff->func_q);
    make_rows(diff, func_p);
    add_exact(diff, before, false, by_line);
    add_exact(diff, after, true, by_line);
    if (diff->rows.count) qsort(diff->rows.data, diff->rows.count, sizeof *diff->rows.data, compare_rows);
    describe_union(diff, before, after);
    for (size_t run = 0; run < runs; run++) {
        rf_free(stacks[run]);
        rf_free(numbers[run].node_ticks);
        rf_free(numbers[run].func_ticks);
    }
    rf_free(stacks);
    rf_free(numbers);
    rf_free(func_p);
}

void rf_profile_diff_release(rf_profile_diff *diff)
{
    rf_profile_release(&diff->united);
    rf_call_tree_release(&diff->tree);
    rf_free(diff->before_ns);
    rf_free(diff->after_ns);
    rf_free(diff->node_p);
    rf_free(diff->node_q);
    rf_free(diff->func_q);
    rf_free(diff->title);
    rf_vector_release(&diff->rows);
}
