#include "report/progress.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "report/number.h"
#include "stats/quantile.h"

#include <math.h>
#include <string.h>

enum { SHOWN_CELLS = 12, STRIP = 24, BAR = 12, REDRAW_NS = 60000000 };

typedef struct cell_state {
    RF_VECTOR(double) medians; /* ns, one a finished process; NAN for one that was not ok */
} cell_state;

struct report_progress {
    const run_plan *plan;
    report_terminal terminal;
    cell_state *cells;
    int64_t started_ns, last_drawn_ns, steal_ns;
    size_t finished, todo, lines; /* lines drawn now */
    size_t current;
};

report_progress *report_progress_new(const run_plan *plan, const report_terminal *terminal)
{
    if (!terminal->is_terminal) return NULL;
    report_progress *progress = rf_new(report_progress);
    progress->plan = plan;
    progress->terminal = *terminal;
    progress->cells = rf_alloc_array_zero(cell_state, plan->cells.count + 1);
    progress->started_ns = rf_clock_monotonic_ns();
    for (size_t i = 0; i < plan->slots.count; i++)
        progress->todo += !plan->slots.data[i].done && !plan->slots.data[i].elsewhere;
    return progress;
}

/* ---- drawing ---- */

/* One block character a process, its height by where it lies between the fastest and twice that. */
static void draw_strip(const cell_state *cell, rf_buffer *out)
{
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double least = (double)INFINITY;
    size_t count = cell->medians.count, first = count > STRIP ? count - STRIP : 0;
    for (size_t i = 0; i < count; i++) least = fmin(least, cell->medians.data[i]);
    for (size_t i = first; i < count; i++) {
        double value = cell->medians.data[i];
        double height = isnan(value) ? 0 : (value / least - 1) * 16;
        rf_buffer_append_text(out, isnan(value) ? "x" : heights[height > 7 ? 7 : (size_t)height]);
    }
}

static double median_of(const cell_state *state)
{
    double *values = rf_alloc_array(double, state->medians.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < state->medians.count; i++)
        if (!isnan(state->medians.data[i])) values[count++] = state->medians.data[i];
    double median = count ? stats_median(values, count) : (double)NAN;
    rf_free(values);
    return median;
}

static void draw_cell(const report_progress *progress, size_t index, rf_buffer *out)
{
    const run_cell *cell = &progress->plan->cells.data[index];
    const cell_state *state = &progress->cells[index];
    size_t width = progress->terminal.width > 60 ? 30 : 14;
    char *name = progress->plan->group_count > 1
                     ? rf_format_text("%s@%s", cell->param->benchmark->name, cell->variant->label)
                     : rf_strdup(cell->variant->label);
    rf_buffer_format(out, "%-*.*s ", (int)width, (int)width, name);
    rf_free(name);
    draw_strip(state, out);
    if (progress->current == index) rf_buffer_append_text(out, "▸");
    double median = median_of(state);
    if (!isnan(median)) {
        char number[REPORT_NUMBER_SIZE];
        report_unit unit = report_time_unit(median, 1);
        rf_buffer_format(out, "  %s %s", report_significant(median / unit.scale, number),
                         unit.name);
    }
    rf_buffer_append_text(out, "\033[K\n");
}

static void draw_bar(double done, rf_buffer *out)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t eighths = (size_t)(done * BAR * 8), whole = eighths / 8;
    rf_buffer_append_text(out, "▕");
    report_repeat(out, "█", whole);
    if (whole < BAR) {
        const char *part = parts[eighths % 8];
        rf_buffer_append_text(out, *part ? part : " ");
        report_repeat(out, " ", BAR - whole - 1);
    }
    rf_buffer_append_text(out, "▏");
}

/* What is left takes as long per process as what is done took. */
static void draw_status(const report_progress *progress, size_t seq, rf_buffer *out)
{
    const run_slot *slot = &progress->plan->slots.data[seq];
    const run_cell *cell = &progress->plan->cells.data[slot->cell];
    double passed = (double)(rf_clock_monotonic_ns() - progress->started_ns);
    double done = progress->todo ? (double)progress->finished / (double)progress->todo : 1;
    rf_buffer_format(out, "%s  block %u/%u  %s  ", cell->param->benchmark->name, slot->block + 1,
                     progress->plan->first_block + progress->plan->blocks, cell->variant->label);
    draw_bar(done, out);
    rf_buffer_format(out, " %.0f%%", 100 * done);
    if (progress->finished > 2) {
        char left[REPORT_NUMBER_SIZE];
        rf_buffer_format(out, "  %s left", report_duration(passed * (1 / done - 1), left));
    }
    if (passed > 0)
        rf_buffer_format(out, "  steal %.1f%%", 100 * (double)progress->steal_ns / passed);
    rf_buffer_append_text(out, "\033[K\n");
}

static void erase(report_progress *progress, rf_buffer *out)
{
    if (progress->lines) rf_buffer_format(out, "\033[%zuA", progress->lines);
    progress->lines = 0;
}

static void draw(report_progress *progress, size_t seq)
{
    rf_buffer out = RF_BUFFER_INIT;
    size_t cells = progress->plan->cells.count;
    erase(progress, &out);
    draw_status(progress, seq, &out);
    for (size_t i = 0; i < cells && i < SHOWN_CELLS; i++) draw_cell(progress, i, &out);
    progress->lines = 1 + (cells < SHOWN_CELLS ? cells : SHOWN_CELLS);
    fwrite(out.data, 1, out.size, stderr);
    fflush(stderr);
    rf_buffer_release(&out);
    progress->last_drawn_ns = rf_clock_monotonic_ns();
}

/* ---- events ---- */

void report_progress_begin(report_progress *progress, size_t seq)
{
    if (!progress) return;
    progress->current = progress->plan->slots.data[seq].cell;
    if (rf_clock_monotonic_ns() - progress->last_drawn_ns > REDRAW_NS) draw(progress, seq);
}

static double median_time(const run_result *result)
{
    size_t count = result->sample.times.count;
    if (result->outcome != RUN_OK || !count) return (double)NAN;
    double *times = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) times[i] = (double)result->sample.times.data[i];
    double median = stats_median(times, count);
    rf_free(times);
    return median;
}

void report_progress_end(report_progress *progress, size_t seq, const run_result *result)
{
    if (!progress) return;
    cell_state *cell = &progress->cells[progress->plan->slots.data[seq].cell];
    rf_vector_push(&cell->medians, median_time(result));
    if (result->steal_ns > 0) progress->steal_ns += result->steal_ns;
    progress->finished++;
}

void report_progress_free(report_progress *progress)
{
    if (!progress) return;
    rf_buffer out = RF_BUFFER_INIT;
    erase(progress, &out);
    rf_buffer_append_text(&out, "\033[J");
    fwrite(out.data, 1, out.size, stderr);
    fflush(stderr);
    rf_buffer_release(&out);
    for (size_t i = 0; i < progress->plan->cells.count; i++)
        rf_vector_release(&progress->cells[i].medians);
    rf_free(progress->cells);
    rf_free(progress);
}
