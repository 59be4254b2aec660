/* Writes the profile as the data of page.js, which draws it.  Columns instead of rows where there are many, times in
 * microseconds, time slices joined until there are few enough for a page. */
#include "report/page.h"
#include "report/writer.h"

#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/markup_text.h"
#include "report/slice_order.h"
#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

static const char style[] = {
#include "report/page_css.inc"
};
static const char body[] = {
#include "report/page_html.inc"
};
static const char script[] = {
#include "report/page_js.inc"
};

enum { MOST_ENTRIES = 10000 }; /* of (node, slice): about 20 bytes each */

static uint64_t us(uint64_t ns) { return (ns + 500) / 1000; }

static void append_count(rf_buffer *out, uint64_t value)
{
    rf_json_comma(out);
    if (value == RF_PROF_UNKNOWN)
        rf_buffer_append_text(out, "null");
    else
        rf_buffer_format(out, "%llu", (unsigned long long)value);
}

static void append_text(rf_buffer *out, const char *text)
{
    rf_json_comma(out);
    rf_json_text(out, text ? text : "");
}

static void open_list(rf_buffer *out, const char *key)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '[');
}

static void open_row(rf_buffer *out)
{
    rf_json_comma(out);
    rf_buffer_append_byte(out, '[');
}

static void close_list(rf_buffer *out) { rf_buffer_append_text(out, "]"); }

/* {tier:us ...}, without the empty ones */
static void append_tiers(rf_buffer *out, const uint64_t *tier_ns)
{
    rf_json_comma(out);
    rf_buffer_append_byte(out, '{');
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        if (us(tier_ns[tier])) {
            rf_json_comma(out);
            rf_buffer_format(out, "\"%d\":%llu", tier, (unsigned long long)us(tier_ns[tier]));
        }
    rf_buffer_append_byte(out, '}');
}

static void append_run(rf_buffer *out, const rf_profile *profile, const rf_page_diff *diff)
{
    const rf_prof_run *run = &profile->run;
    rf_json_key(out, "run");
    rf_buffer_append_byte(out, '{');
    rf_json_string(out, "script", run->script ? run->script : "");
    rf_json_string(out, "arguments", run->arguments ? run->arguments : "");
    char *facts = diff ? rf_strdup(diff->title) : rf_format_text("%s, %.3f s wall, %.3f s cpu, %llu ticks at %.0f Hz (%.0f asked), %llu lost, exit %d%s", run->engine ? run->engine : "",
                                 (double)run->wall_ns / 1e9, (double)run->cpu_ns / 1e9, (unsigned long long)run->ticks, run->got_hz, run->asked_hz,
                                 (unsigned long long)run->lost_ticks, run->exit_status, run->was_interrupted ? ", interrupted" : "");
    rf_json_string(out, "facts", facts);
    rf_free(facts);
    rf_json_bool(out, "memory", run->has_memory);
    rf_json_bool(out, "jit", run->has_jit);
    rf_json_count(out, "peak", run->peak_live_bytes);
    rf_json_count(out, "peakAt", us(run->peak_at_ns));
    rf_json_count(out, "exitLive", run->exit_live_bytes);
    rf_json_count(out, "resident", run->peak_resident_bytes);
    rf_json_count(out, "allocs", run->allocs);
    rf_json_count(out, "frees", run->frees);
    rf_buffer_append_byte(out, '}');
}

static void append_names(rf_buffer *out, const rf_profile *profile, const rf_report_summary *summary)
{
    static const struct {
        const char *light, *dark;
    } colors[RF_TIER_COUNT] = {
#define REPORT_TIER_COLOR(tier, light, dark) [RF_TIER_##tier] = {light, dark},
#include "report/tier_color.def"
#undef REPORT_TIER_COLOR
    };
    rf_buffer name = RF_BUFFER_INIT;
    open_list(out, "tiers");
    for (int tier = 0; tier < RF_TIER_COUNT; tier++) {
        open_row(out);
        append_text(out, rf_prof_tiers[tier].tag);
        append_count(out, rf_prof_tiers[tier].is_wait);
        append_text(out, colors[tier].light);
        append_text(out, colors[tier].dark);
        append_text(out, rf_prof_tiers[tier].meaning);
        close_list(out);
    }
    close_list(out);
    open_list(out, "tierSeen");
    for (int tier = 0; tier < RF_TIER_COUNT; tier++) append_count(out, summary->tier_ns[tier] != 0);
    rf_buffer_append_text(out, "],\"kinds\":[\"script\",\"builtin\",\"regex\",\"runtime\",\"native\"]");
    open_list(out, "files");
    for (size_t i = 0; i < profile->files.count; i++) {
        rf_json_comma(out);
        rf_buffer_append_byte(out, '{');
        rf_json_string(out, "path", profile->files.data[i].path);
        rf_json_string(out, "name", rf_report_base_name(profile->files.data[i].path));
        if (profile->files.data[i].text) rf_json_string(out, "text", profile->files.data[i].text);
        rf_buffer_append_byte(out, '}');
    }
    close_list(out);
    open_list(out, "funcs");
    for (uint32_t i = 0; i < profile->funcs.count; i++) {
        const rf_prof_func *func = &profile->funcs.data[i];
        rf_buffer_clear(&name);
        rf_report_append_name(&name, profile, i);
        open_row(out);
        append_text(out, name.data);
        append_count(out, func->file);
        append_count(out, func->line);
        append_count(out, func->kind);
        append_count(out, func->calls);
        append_count(out, func->instructions);
        close_list(out);
    }
    close_list(out);
    rf_buffer_release(&name);
}

/* ---- samples by node and slice ---- */

typedef struct entry {
    uint32_t node, slice;
    uint64_t ticks, cpu_ns, wall_ns, alloc_bytes;
} entry;

static int compare_entries(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->node != y->node) return x->node < y->node ? -1 : 1;
    return (x->slice > y->slice) - (x->slice < y->slice);
}

/* Sorts and joins equal (node, slice); the number left. */
static size_t join_entries(entry *entries, size_t count)
{
    size_t kept = 0;
    if (count) qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_entries(&entries[kept - 1], &entries[i]) == 0) {
            entries[kept - 1].ticks += entries[i].ticks;
            entries[kept - 1].cpu_ns += entries[i].cpu_ns;
            entries[kept - 1].wall_ns += entries[i].wall_ns;
            entries[kept - 1].alloc_bytes += entries[i].alloc_bytes;
        } else {
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

/* How many neighbouring slices became one. */
static uint32_t collect_entries(const rf_profile *profile, const rf_call_tree *tree, entry **out, size_t *count)
{
    entry *entries = rf_alloc_array(entry, profile->samples.count);
    size_t kept = 0;
    const uint32_t last = profile->slices.count ? (uint32_t)profile->slices.count - 1 : 0;
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        if (sample->stack && rf_report_sample_tier(profile, sample) == RF_TIER_PROFILER) continue;
        entries[kept++] = (entry){tree->of_stack[sample->stack], sample->slice < last ? sample->slice : last, sample->ticks, sample->cpu_ns,
                                  sample->wall_ns, sample->alloc_bytes};
    }
    uint32_t factor = 1;
    kept = join_entries(entries, kept);
    while (kept > MOST_ENTRIES && factor <= last) {
        for (size_t i = 0; i < kept; i++) entries[i].slice /= 2;
        factor *= 2;
        kept = join_entries(entries, kept);
    }
    *out = entries;
    *count = kept;
    return factor;
}

static uint64_t entry_node(const entry *it) { return it->node; }
static uint64_t entry_slice(const entry *it) { return it->slice; }
static uint64_t entry_ticks(const entry *it) { return it->ticks; }
static uint64_t entry_cpu(const entry *it) { return us(it->cpu_ns); }
static uint64_t entry_wall(const entry *it) { return us(it->wall_ns); }
static uint64_t entry_alloc(const entry *it) { return it->alloc_bytes; }

static void append_samples(rf_buffer *out, const entry *entries, size_t count)
{
    static const struct {
        const char *key;
        uint64_t (*value)(const entry *);
    } columns[] = {{"node", entry_node}, {"slice", entry_slice}, {"ticks", entry_ticks}, {"cpu", entry_cpu}, {"wall", entry_wall}, {"alloc", entry_alloc}};
    rf_json_key(out, "samples");
    rf_buffer_append_byte(out, '{');
    for (size_t c = 0; c < RF_COUNT_OF(columns); c++) {
        open_list(out, columns[c].key);
        for (size_t i = 0; i < count; i++) rf_buffer_format(out, "%s%llu", i ? "," : "", (unsigned long long)columns[c].value(&entries[i]));
        close_list(out);
    }
    rf_buffer_append_byte(out, '}');
}

static void append_nodes(rf_buffer *out, const rf_call_tree *tree)
{
    open_list(out, "parent");
    for (size_t i = 0; i < tree->nodes.count; i++) rf_buffer_format(out, "%s%u", i ? "," : "", tree->nodes.data[i].parent);
    close_list(out);
    open_list(out, "func");
    for (size_t i = 0; i < tree->nodes.count; i++) rf_buffer_format(out, "%s%u", i ? "," : "", tree->nodes.data[i].func);
    close_list(out);
    open_list(out, "tier");
    for (size_t i = 0; i < tree->nodes.count; i++) rf_buffer_format(out, "%s%u", i ? "," : "", tree->nodes.data[i].tier);
    close_list(out);
}

static void append_slices(rf_buffer *out, const rf_profile *profile, uint32_t factor)
{
    open_list(out, "slices");
    for (size_t i = 0; i < profile->slices.count; i += factor) {
        rf_prof_slice sum = profile->slices.data[i];
        for (size_t k = i + 1; k < i + factor && k < profile->slices.count; k++) {
            const rf_prof_slice *next = &profile->slices.data[k];
            sum.length_ns += next->length_ns;
            if (next->live_bytes > sum.live_bytes) sum.live_bytes = next->live_bytes;
            if (next->resident_bytes > sum.resident_bytes) sum.resident_bytes = next->resident_bytes;
            for (int tier = 0; tier < RF_TIER_COUNT; tier++) sum.tier_ns[tier] += next->tier_ns[tier];
        }
        open_row(out);
        append_count(out, us(sum.start_ns));
        append_count(out, us(sum.length_ns));
        append_count(out, sum.live_bytes);
        append_count(out, sum.resident_bytes);
        append_tiers(out, sum.tier_ns);
        close_list(out);
    }
    close_list(out);
}

static void append_lines(rf_buffer *out, const rf_report_summary *summary)
{
    rf_json_count(out, "linesTotal", us(summary->all.cpu_ns));
    open_list(out, "lines");
    for (size_t i = 0; i < summary->lines.count; i++) {
        const rf_report_line_row *row = &summary->lines.data[i];
        open_row(out);
        append_count(out, row->file);
        append_count(out, row->line);
        append_count(out, us(row->own.cpu_ns));
        append_count(out, us(row->total.cpu_ns));
        append_tiers(out, row->tier_ns);
        append_count(out, row->allocs);
        append_count(out, row->alloc_bytes);
        append_count(out, row->copies);
        append_count(out, row->copy_bytes);
        append_count(out, row->instructions);
        close_list(out);
    }
    close_list(out);
}

static void append_memory(rf_buffer *out, const rf_profile *profile)
{
    static const char *const verdicts[] = {"unreachable", "native", "reachable", "growing"};
    open_list(out, "sites");
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        const rf_prof_func *sharer = &profile->funcs.data[site->shared_func];
        open_row(out);
        append_count(out, site->func);
        append_count(out, site->line);
        append_text(out, site->type);
        const uint64_t counts[] = {site->allocs, site->bytes, site->frees, site->peak_live_bytes, site->temporaries, site->growths, site->copies, site->copy_bytes};
        for (size_t k = 0; k < RF_COUNT_OF(counts); k++) append_count(out, counts[k]);
        char *shared = site->shared_func ? rf_format_text("%s:%u", rf_report_base_name(profile->files.data[sharer->file].path), site->shared_line) : NULL;
        append_text(out, shared);
        rf_free(shared);
        append_count(out, site->median_life);
        close_list(out);
    }
    close_list(out);
    open_list(out, "leaks");
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const rf_prof_leak *leak = &profile->leaks.data[i];
        open_row(out);
        append_text(out, verdicts[leak->verdict]);
        append_count(out, leak->func);
        append_count(out, leak->line);
        append_text(out, leak->type);
        append_count(out, leak->count);
        append_count(out, leak->bytes);
        append_count(out, leak->retained_bytes);
        append_text(out, leak->path);
        close_list(out);
    }
    close_list(out);
}

static void append_jit(rf_buffer *out, const rf_profile *profile)
{
    open_list(out, "events");
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *event = &profile->jit_events.data[i];
        open_row(out);
        append_count(out, us(event->at_ns));
        append_count(out, us(event->duration_ns));
        append_text(out, event->kind);
        append_count(out, event->func);
        append_count(out, event->line);
        append_count(out, event->code_bytes);
        append_count(out, us(event->lost_ns));
        append_text(out, event->reason);
        append_text(out, event->expected);
        append_text(out, event->seen);
        close_list(out);
    }
    close_list(out);
    open_list(out, "guards");
    for (size_t i = 0; i < profile->guards.count; i++) {
        const rf_prof_guard *guard = &profile->guards.data[i];
        open_row(out);
        append_count(out, guard->func);
        append_count(out, guard->line);
        append_text(out, guard->expectation);
        append_count(out, guard->passed);
        append_count(out, guard->failed);
        close_list(out);
    }
    close_list(out);
    open_list(out, "refusals");
    for (size_t i = 0; i < profile->refusals.count; i++) {
        open_row(out);
        append_count(out, profile->refusals.data[i].func);
        append_count(out, profile->refusals.data[i].line);
        append_text(out, profile->refusals.data[i].reason);
        close_list(out);
    }
    close_list(out);
    open_list(out, "counters");
    for (size_t i = 0; i < profile->counters.count; i++) {
        open_row(out);
        append_text(out, profile->counters.data[i].name);
        append_count(out, profile->counters.data[i].value);
        append_text(out, profile->counters.data[i].unit);
        close_list(out);
    }
    close_list(out);
}

static void append_numbers(rf_buffer *out, const char *key, const double *values, size_t count)
{
    open_list(out, key);
    for (size_t i = 0; i < count; i++) rf_buffer_format(out, "%s%.6g", i ? "," : "", values[i]);
    close_list(out);
}

static void append_diff(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_page_diff *diff)
{
    rf_json_key(out, "diff");
    rf_buffer_append_byte(out, '{');
    rf_json_string(out, "title", diff->title);
    rf_json_count(out, "beforeTicks", diff->before_ticks);
    rf_json_count(out, "afterTicks", diff->after_ticks);
    append_numbers(out, "before", diff->before_us, tree->nodes.count);
    append_numbers(out, "after", diff->after_us, tree->nodes.count);
    append_numbers(out, "q", diff->q, tree->nodes.count);
    append_numbers(out, "funcQ", diff->func_q, profile->funcs.count);
    rf_buffer_append_byte(out, '}');
}

void rf_report_append_page(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_page_diff *diff)
{
    rf_report_summary summary;
    entry *entries;
    size_t count;
    rf_report_summary_init(&summary, profile);
    const uint32_t factor = collect_entries(profile, tree, &entries, &count);
    rf_buffer_append_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                               "content=\"width=device-width,initial-scale=1\">\n<title>");
    rf_report_append_markup(out, profile->run.script ? profile->run.script : "profile");
    rf_buffer_append_text(out, "</title>\n<style>\n");
    rf_buffer_append_text(out, style);
    rf_buffer_append_text(out, "</style>\n</head>\n<body>\n");
    rf_buffer_append_text(out, body);
    rf_buffer_append_text(out, "<script>\nconst D={");
    append_run(out, profile, diff);
    append_names(out, profile, &summary);
    append_nodes(out, tree);
    append_samples(out, entries, diff ? 0 : count);
    append_slices(out, profile, factor);
    append_lines(out, &summary);
    append_memory(out, profile);
    append_jit(out, profile);
    if (diff) append_diff(out, profile, tree, diff);
    rf_buffer_append_text(out, "};\n</script>\n<script>\n");
    rf_buffer_append_text(out, script);
    rf_buffer_append_text(out, "</script>\n</body>\n</html>\n");
    rf_free(entries);
    rf_report_summary_release(&summary);
}

void rf_report_page(const rf_profile *profile, rf_buffer *out)
{
    rf_call_tree tree;
    rf_call_tree_init(&tree, profile);
    rf_report_append_page(out, profile, &tree, NULL);
    rf_call_tree_release(&tree);
}
