/* One pass over the samples; a stamp a function and a line says in which sample it was counted last, so that recursion
 * counts once. */
#include "report/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lines are kept in an open-addressing table of row numbers + 1. */
typedef struct line_table {
    uint32_t *slots, mask;
} line_table;

typedef struct building {
    const rf_profile *profile;
    rf_report_summary *summary;
    uint32_t *func_rows; /* row + 1 by function */
    uint32_t *func_seen, *line_seen; /* sample that counted it last, by row */
    size_t line_capacity;
    line_table table;
} building;

/* Ticks are those that met the program at work: what waits uses the processor a little, too. */
static void add_time(rf_report_time *sum, const rf_prof_sample *sample, uint8_t tier)
{
    if (sample->cpu_ns && !rf_prof_tiers[tier].is_wait) sum->ticks += sample->ticks;
    sum->cpu_ns += sample->cpu_ns;
    sum->wall_ns += sample->wall_ns;
}

static uint32_t func_row(building *it, uint32_t func)
{
    if (!it->func_rows[func]) {
        const uint64_t count = it->profile->run.has_memory ? 0 : RF_PROF_UNKNOWN;
        rf_vector_push(&it->summary->funcs, ((rf_report_func_row){.func = func, .allocs = count, .alloc_bytes = count}));
        it->func_rows[func] = (uint32_t)it->summary->funcs.count;
    }
    return it->func_rows[func] - 1;
}

static uint32_t place_hash(uint32_t file, uint32_t line)
{
    const uint64_t hash = ((uint64_t)file << 32 | line) * 0x9e3779b97f4a7c15u;
    return (uint32_t)(hash >> 32);
}

static void rehash_lines(building *it)
{
    rf_free(it->table.slots);
    it->table.mask = it->table.mask * 2 + 1;
    it->table.slots = rf_alloc_array_zero(uint32_t, it->table.mask + 1u);
    for (uint32_t row = 0; row < it->summary->lines.count; row++) {
        const rf_report_line_row *line = &it->summary->lines.data[row];
        uint32_t slot = place_hash(line->file, line->line) & it->table.mask;
        while (it->table.slots[slot]) slot = (slot + 1) & it->table.mask;
        it->table.slots[slot] = row + 1;
    }
}

static uint32_t line_row(building *it, uint32_t func, uint32_t line)
{
    const uint32_t file = it->profile->funcs.data[func].file;
    uint32_t slot = place_hash(file, line) & it->table.mask;
    for (; it->table.slots[slot]; slot = (slot + 1) & it->table.mask) {
        const rf_report_line_row *row = &it->summary->lines.data[it->table.slots[slot] - 1];
        if (row->file == file && row->line == line) return it->table.slots[slot] - 1;
    }
    const uint64_t count = it->profile->run.has_memory ? 0 : RF_PROF_UNKNOWN;
    const rf_report_line_row row = {.file = file, .line = line, .func = func, .allocs = count, .alloc_bytes = count,
                                    .copies = count, .copy_bytes = count, .hits = RF_PROF_UNKNOWN,
                                    .instructions = RF_PROF_UNKNOWN};
    rf_vector_push(&it->summary->lines, row);
    const uint32_t added = (uint32_t)it->summary->lines.count;
    it->table.slots[slot] = added;
    if (it->line_capacity < added) {
        const size_t capacity = it->line_capacity * 2 + 64;
        it->line_seen = rf_realloc(it->line_seen, rf_array_size(capacity, sizeof(uint32_t)));
        memset(it->line_seen + it->line_capacity, 0, (capacity - it->line_capacity) * sizeof(uint32_t));
        it->line_capacity = capacity;
    }
    if (added * 2u > it->table.mask) rehash_lines(it);
    return added - 1;
}

static bool has_lines(const rf_profile *profile, const rf_prof_frame *frame)
{
    return profile->funcs.data[frame->func].kind == RF_FUNC_SCRIPT;
}

static uint64_t weight_in(const rf_prof_sample *sample, uint8_t tier)
{
    return rf_prof_tiers[tier].is_wait ? sample->wall_ns : sample->cpu_ns;
}

/* Walks from the innermost frame outward. */
static void count_sample(building *it, uint32_t number)
{
    const rf_profile *profile = it->profile;
    const rf_prof_sample *sample = &profile->samples.data[number];
    rf_report_summary *summary = it->summary;
    const uint8_t tier = profile->frames.data[profile->stacks.data[sample->stack].frame].tier;
    if (sample->stack && tier == RF_TIER_PROFILER) {
        summary->profiler_ns += sample->cpu_ns;
        return;
    }
    add_time(&summary->all, sample, tier);
    if (!sample->stack) return;
    summary->tier_ns[tier] += weight_in(sample, tier);
    bool owned = false;
    for (uint32_t at = sample->stack; at; at = profile->stacks.data[at].parent) {
        const rf_prof_frame *frame = &profile->frames.data[profile->stacks.data[at].frame];
        const uint32_t row_index = func_row(it, frame->func);
        rf_report_func_row *row = &summary->funcs.data[row_index];
        if (at == sample->stack) add_time(&row->self, sample, tier);
        if (it->func_seen[frame->func] != number) {
            it->func_seen[frame->func] = number;
            add_time(&row->total, sample, tier);
        }
        if (!has_lines(profile, frame)) continue;
        if (!owned) {
            add_time(&row->own, sample, tier);
            row->tier_ns[tier] += weight_in(sample, tier);
        }
        if (frame->line) {
            const uint32_t line_index = line_row(it, frame->func, frame->line);
            rf_report_line_row *line = &summary->lines.data[line_index];
            if (!owned) {
                add_time(&line->own, sample, tier);
                line->tier_ns[tier] += weight_in(sample, tier);
            }
            if (it->line_seen[line_index] != number) {
                it->line_seen[line_index] = number;
                add_time(&line->total, sample, tier);
            }
        }
        owned = true;
    }
    if (!owned) { /* nothing of a script below it: the outermost frame owns the time, as the collector does */
        const uint32_t at = func_row(it, profile->frames.data[profile->stacks.data[sample->stack].frame].func);
        rf_report_func_row *row = &summary->funcs.data[at];
        add_time(&row->own, sample, tier);
        row->tier_ns[tier] += weight_in(sample, tier);
    }
}

static void count_exactly(building *it)
{
    const rf_profile *profile = it->profile;
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        if (!site->func) continue;
        const uint32_t func_at = func_row(it, site->func), line_at = line_row(it, site->func, site->line);
        rf_report_func_row *row = &it->summary->funcs.data[func_at];
        rf_report_line_row *line = &it->summary->lines.data[line_at];
        if (!profile->run.has_memory) continue;
        row->allocs += site->allocs;
        row->alloc_bytes += site->bytes;
        line->allocs += site->allocs;
        line->alloc_bytes += site->bytes;
        line->copies += site->copies;
        line->copy_bytes += site->copy_bytes;
    }
    for (size_t i = 0; i < profile->lines.count; i++) {
        const rf_prof_line *exact = &profile->lines.data[i];
        const uint32_t at = line_row(it, exact->func, exact->line);
        rf_report_line_row *line = &it->summary->lines.data[at];
        if (exact->hits != RF_PROF_UNKNOWN)
            line->hits = (line->hits == RF_PROF_UNKNOWN ? 0 : line->hits) + exact->hits;
        if (exact->instructions != RF_PROF_UNKNOWN)
            line->instructions = (line->instructions == RF_PROF_UNKNOWN ? 0 : line->instructions) + exact->instructions;
    }
}

static int compare_funcs(const void *a, const void *b)
{
    const rf_report_func_row *x = a, *y = b;
    if (x->self.cpu_ns != y->self.cpu_ns) return x->self.cpu_ns < y->self.cpu_ns ? 1 : -1;
    return (x->func > y->func) - (x->func < y->func);
}

static int compare_lines(const void *a, const void *b)
{
    const rf_report_line_row *x = a, *y = b;
    if (x->own.cpu_ns != y->own.cpu_ns) return x->own.cpu_ns < y->own.cpu_ns ? 1 : -1;
    if (x->file != y->file) return (x->file > y->file) - (x->file < y->file);
    return (x->line > y->line) - (x->line < y->line);
}

void rf_report_summary_init(rf_report_summary *summary, const rf_profile *profile)
{
    *summary = (rf_report_summary){0};
    building it = {.profile = profile, .summary = summary, .table.mask = 127};
    it.func_rows = rf_alloc_array_zero(uint32_t, profile->funcs.count);
    it.func_seen = rf_alloc_array_zero(uint32_t, profile->funcs.count);
    it.table.slots = rf_alloc_array_zero(uint32_t, it.table.mask + 1u);
    for (uint32_t i = 1; i < profile->samples.count; i++) count_sample(&it, i);
    for (uint32_t func = 1; func < profile->funcs.count; func++)
        if (profile->funcs.data[func].calls != RF_PROF_UNKNOWN && profile->funcs.data[func].calls) func_row(&it, func);
    count_exactly(&it);
    if (summary->funcs.count) qsort(summary->funcs.data, summary->funcs.count, sizeof *summary->funcs.data, compare_funcs);
    if (summary->lines.count) qsort(summary->lines.data, summary->lines.count, sizeof *summary->lines.data, compare_lines);
    rf_free(it.func_rows);
    rf_free(it.func_seen);
    rf_free(it.line_seen);
    rf_free(it.table.slots);
}

void rf_report_summary_release(rf_report_summary *summary)
{
    rf_vector_release(&summary->funcs);
    rf_vector_release(&summary->lines);
}

rf_report_time *rf_report_label_times(const rf_profile *profile)
{
    rf_report_time *times = rf_alloc_array_zero(rf_report_time, profile->labels.count);
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        times[sample->label].ticks += sample->ticks;
        times[sample->label].cpu_ns += sample->cpu_ns;
        times[sample->label].wall_ns += sample->wall_ns;
    }
    return times;
}

/* Wilson, JASA 22 (1927). */
void rf_report_interval(double part, double all, double *low, double *high)
{
    *low = 0;
    *high = 1;
    if (!(all > 0)) return;
    const double z = 1.959963984540054, share = part / all, scale = 1 + z * z / all;
    const double centre = (share + z * z / (2 * all)) / scale;
    const double half = z * sqrt(share * (1 - share) / all + z * z / (4 * all * all)) / scale;
    *low = fmax(0, centre - half);
    *high = fmin(1, centre + half);
}

double rf_report_share(const rf_report_summary *summary, uint64_t cpu_ns)
{
    return summary->all.cpu_ns ? (double)cpu_ns / (double)summary->all.cpu_ns : 0;
}
