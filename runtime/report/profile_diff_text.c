/* The difference for people and as JSON. */
#include "report/profile_diff.h"

#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void append_place(rf_buffer *out, const rf_profile *profile, uint32_t func, int width)
{
    rf_buffer name = RF_BUFFER_INIT;
    rf_report_append_label(&name, profile, func);
    rf_buffer_format(out, "%-*s", width, name.data);
    rf_buffer_release(&name);
}

static void append_p(rf_buffer *out, double p)
{
    if (p < 0.001)
        rf_buffer_append_text(out, "< 0.001");
    else
        rf_buffer_format(out, "%7.3f", p);
}

static void append_row(rf_buffer *out, const rf_profile_diff *diff, const rf_diff_row *row)
{
    const bool is_marked = rf_diff_is_significant(row->q);
    rf_buffer_format(out, " %c ", !is_marked ? ' ' : row->after_share > row->before_share ? '+' : '-');
    append_place(out, &diff->united, row->func, 34);
    rf_buffer_format(out, " %9.1f ms %5.1f %%  %9.1f ms %5.1f %%  %+7.2f [%+.2f, %+.2f]  ", row->before_ns / 1e6, 100 * row->before_share,
                     row->after_ns / 1e6, 100 * row->after_share, 100 * (row->after_share - row->before_share), 100 * row->low, 100 * row->high);
    append_p(out, row->q);
    rf_buffer_append_text(out, row->before_ns <= 0 ? "  new\n" : row->after_ns <= 0 ? "  gone\n" : "\n");
}

static uint64_t all_instructions(const rf_profile *profile)
{
    uint64_t sum = RF_PROF_UNKNOWN;
    for (size_t i = 1; i < profile->funcs.count; i++)
        if (profile->funcs.data[i].instructions != RF_PROF_UNKNOWN)
            sum = (sum == RF_PROF_UNKNOWN ? 0 : sum) + profile->funcs.data[i].instructions;
    return sum;
}

typedef struct exact_number {
    const char *name, *unit;
    uint64_t before, after;
} exact_number;

/* What is counted, of the first run of each side. */
static size_t collect_exact(const rf_diff_side *before, const rf_diff_side *after, exact_number *out)
{
    const rf_profile *a = before->profiles[0], *b = after->profiles[0];
    size_t count = 0;
    out[count++] = (exact_number){"instructions", "", all_instructions(a), all_instructions(b)};
    if (a->run.has_memory && b->run.has_memory) {
        uint64_t copies[2] = {0, 0};
        const rf_profile *const both[2] = {a, b};
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < both[side]->sites.count; i++) copies[side] += both[side]->sites.data[i].copies;
        out[count++] = (exact_number){"allocs", "", a->run.allocs, b->run.allocs};
        out[count++] = (exact_number){"peak_live_bytes", "bytes", a->run.peak_live_bytes, b->run.peak_live_bytes};
        out[count++] = (exact_number){"copies", "", copies[0], copies[1]};
    }
    if (a->run.has_jit && b->run.has_jit) {
        uint64_t deopts[2] = {0, 0};
        const rf_profile *const both[2] = {a, b};
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < both[side]->jit_events.count; i++) deopts[side] += strcmp(both[side]->jit_events.data[i].kind, "deopt") == 0;
        out[count++] = (exact_number){"deopts", "", deopts[0], deopts[1]};
    }
    return count;
}

static void append_count(rf_buffer *out, uint64_t value)
{
    if (value == RF_PROF_UNKNOWN)
        rf_buffer_format(out, " %14s", "n/a");
    else
        rf_buffer_format(out, " %14llu", (unsigned long long)value);
}

void rf_profile_diff_text(const rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after, bool all, rf_buffer *out)
{
    size_t quiet = 0, marked = 0;
    rf_buffer_format(out, "%s: %s\n", diff->united.run.script, diff->title);
    rf_buffer_format(out, "tested by %s, false-discovery rate %d %%; %llu and %llu ticks%s\n\n",
                     diff->before_runs > 1 && diff->after_runs > 1 ? "the variance between runs" : "two proportions", RF_DIFF_MARKS_PERCENT,
                     (unsigned long long)diff->before_ticks, (unsigned long long)diff->after_ticks,
                     diff->before_ticks < 1000 || diff->after_ticks < 1000 ? " (few: only large changes can be seen)" : "");
    rf_buffer_format(out, "FUNCTIONS, self time                         before                after   points [95 %%]          adjusted p\n");
    for (size_t i = 0; i < diff->rows.count; i++) {
        const bool is_marked = rf_diff_is_significant(diff->rows.data[i].q);
        marked += is_marked;
        quiet += !is_marked;
        if (is_marked || all) append_row(out, diff, &diff->rows.data[i]);
    }
    if (!marked) rf_buffer_append_text(out, "   nothing changed significantly\n");
    if (quiet && !all) rf_buffer_format(out, "   %zu more without a significant change (--all)\n", quiet);
    size_t stacks = 0;
    for (size_t i = 1; i < diff->tree.nodes.count; i++) stacks += rf_diff_is_significant(diff->node_q[i]);
    rf_buffer_format(out, "STACKS  %zu of %zu changed significantly\n", stacks, diff->tree.nodes.count - 1);
    exact_number exact[8];
    const size_t count = collect_exact(before, after, exact);
    rf_buffer_append_text(out, "\nCOUNTED                     before          after\n");
    for (size_t i = 0; i < count; i++) {
        rf_buffer_format(out, "   %-16s", exact[i].name);
        append_count(out, exact[i].before);
        append_count(out, exact[i].after);
        if (exact[i].before != RF_PROF_UNKNOWN && exact[i].after != RF_PROF_UNKNOWN && exact[i].before)
            rf_buffer_format(out, "  %+.1f %%", 100 * ((double)exact[i].after / (double)exact[i].before - 1));
        rf_buffer_append_byte(out, '\n');
    }
}

void rf_profile_diff_json(const rf_profile_diff *diff, const rf_diff_side *before, const rf_diff_side *after, rf_buffer *out)
{
    rf_buffer name = RF_BUFFER_INIT;
    rf_buffer_append_text(out, "{\"schema_version\":1");
    rf_json_string(out, "script", diff->united.run.script);
    rf_json_string(out, "before", before->title);
    rf_json_string(out, "after", after->title);
    rf_json_count(out, "before_runs", before->count);
    rf_json_count(out, "after_runs", after->count);
    rf_json_number(out, "before_ns", diff->all_before_ns);
    rf_json_number(out, "after_ns", diff->all_after_ns);
    rf_json_count(out, "before_ticks", diff->before_ticks);
    rf_json_count(out, "after_ticks", diff->after_ticks);
    rf_json_string(out, "test", diff->before_runs > 1 && diff->after_runs > 1 ? "between runs" : "two proportions");
    rf_json_key(out, "functions");
    rf_buffer_append_byte(out, '[');
    for (size_t i = 0; i < diff->rows.count; i++) {
        const rf_diff_row *row = &diff->rows.data[i];
        const rf_prof_func *func = &diff->united.funcs.data[row->func];
        rf_buffer_clear(&name);
        rf_report_append_name(&name, &diff->united, row->func);
        rf_json_comma(out);
        rf_buffer_append_byte(out, '{');
        rf_json_string(out, "function", name.data);
        rf_json_string(out, "file", func->file ? diff->united.files.data[func->file].path : NULL);
        rf_json_number(out, "before_ns", row->before_ns);
        rf_json_number(out, "after_ns", row->after_ns);
        rf_json_number(out, "before_share", row->before_share);
        rf_json_number(out, "after_share", row->after_share);
        rf_json_number(out, "low", row->low);
        rf_json_number(out, "high", row->high);
        rf_json_number(out, "p", row->p);
        rf_json_number(out, "adjusted_p", row->q);
        rf_json_bool(out, "is_significant", rf_diff_is_significant(row->q));
        rf_json_count(out, "before_calls", row->before_calls);
        rf_json_count(out, "after_calls", row->after_calls);
        rf_json_count(out, "before_instructions", row->before_instructions);
        rf_json_count(out, "after_instructions", row->after_instructions);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_text(out, "],\"counted\":{");
    exact_number exact[8];
    const size_t count = collect_exact(before, after, exact);
    for (size_t i = 0; i < count; i++) {
        rf_json_key(out, exact[i].name);
        rf_buffer_append_byte(out, '{');
        rf_json_count(out, "before", exact[i].before);
        rf_json_count(out, "after", exact[i].after);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_text(out, "}}\n");
    rf_buffer_release(&name);
}
