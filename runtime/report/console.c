/* The frame of the console report and its CPU part.  Below RF_REPORT_FEW_TICKS the exact counts stand first and the
 * samples are marked as weak. */
#include "report/console.h"

#include "report/advice.h"
#include "report/console_text.h"
#include "report/frame_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 38, NARROW_NAME_WIDTH = 24, SOURCE_WIDTH = 46, NARROW_SOURCE_WIDTH = 34, BAR_WIDTH = 40 };
static const double least_share = 0.001; /* rows whose interval includes this are folded */

/* ---- head ---- */

static void put_head(rf_console *console)
{
    const rf_prof_run *run = &console->profile->run;
    rf_buffer *out = console->out;
    if (console->options.is_markdown) rf_buffer_append_text(out, "# ");
    rf_console_color_on(console, RF_TITLE);
    rf_buffer_format(out, "ruff profile  %s", run->script ? run->script : "");
    if (run->arguments && *run->arguments) rf_buffer_format(out, " %s", run->arguments);
    rf_console_color_off(console);
    if (console->options.is_markdown) rf_buffer_append_text(out, "\n\n```");
    rf_buffer_format(out, "%s", console->options.is_markdown ? "\n" : "   ");
    rf_buffer_append_text(out, "run ");
    rf_console_time(out, run->wall_ns);
    rf_buffer_append_text(out, " wall  ");
    rf_console_time(out, run->cpu_ns);
    rf_buffer_format(out, " cpu   engine %s   exit %d%s\n", run->engine ? run->engine : "?", run->exit_status,
                     run->was_interrupted ? " (interrupted)" : "");
}

/* By the profiler of another language. */
static bool is_foreign(const rf_prof_run *run)
{
    return run->mechanism && strcmp(run->mechanism, "sampler thread") != 0;
}

static void put_own_cost(rf_console *console)
{
    const double percent = 100 / (double)console->profile->run.cpu_ns;
    const uint64_t spread_ns = rf_profile_counter(console->profile, RF_PROF_OWN_COST_SPREAD);
    rf_buffer_format(console->out, "%.1f %%", percent * (double)console->profile->run.own_cost_ns);
    if (spread_ns != RF_PROF_UNKNOWN) rf_buffer_format(console->out, " ±%.1f", percent * (double)spread_ns);
}

static void put_sampling(rf_console *console)
{
    const rf_prof_run *run = &console->profile->run;
    rf_buffer *out = console->out;
    if (!run->has_cpu) {
        rf_buffer_append_text(out, "no CPU instrument\n");
        return;
    }
    if (is_foreign(run)) {
        rf_buffer_format(out, "measured by %s", run->mechanism);
        if (run->ticks)
            rf_buffer_format(out, " | %" PRIu64 " ticks%s\n", run->ticks, run->ticks < RF_REPORT_FEW_TICKS ? ": shares are weak evidence" : "");
        else
            rf_buffer_append_text(out, ", which times every call\n");
        return;
    }
    rf_buffer_format(out, "sampling %.0f Hz asked, ", run->asked_hz);
    if (run->ticks)
        rf_buffer_format(out, "%.0f got, jittered | ", run->got_hz);
    else
        rf_buffer_append_text(out, "n/a got | ");
    rf_console_count(out, run->ticks);
    rf_buffer_append_text(out, " ticks, ");
    rf_console_count(out, run->lost_ticks);
    rf_buffer_append_text(out, " late | own cost ");
    if (run->cpu_ns)
        put_own_cost(console);
    else
        rf_buffer_append_text(out, "n/a");
    rf_buffer_format(out, " | %u thread%s%s\n", run->threads, run->threads == 1 ? "" : "s",
                     run->allowed_cores == 1 ? " | one core: the sampler shares it" : "");
}

/* ---- where the time went ---- */

/* In the bar, and before its name below it. */
static char mark_of(rf_prof_tier tier)
{
    static const char marks[] = "#=+*o%~:.-x";
    return marks[tier % (sizeof marks - 1)];
}

static void put_bar(rf_console *console, rf_prof_tier tier, uint64_t all)
{
    const uint64_t part = console->summary.tier_ns[tier];
    const int width = (int)((double)part / (double)all * BAR_WIDTH + 0.5);
    for (int i = 0; i < width; i++) rf_buffer_append_byte(console->out, mark_of(tier));
}

static void put_tiers(rf_console *console)
{
    const rf_report_summary *summary = &console->summary;
    rf_console_section(console, "WHERE THE TIME WENT", "   share of CPU time; waiting is wall time");
    if (!summary->all.cpu_ns) {
        rf_buffer_append_text(console->out, "  n/a: no ticks\n");
        rf_console_end_section(console);
        return;
    }
    rf_buffer_append_text(console->out, "  |");
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        if (!rf_prof_tiers[tier].is_wait) put_bar(console, (rf_prof_tier)tier, summary->all.cpu_ns);
    rf_buffer_append_text(console->out, "|\n");
    for (int tier = 0; tier < RF_TIER_COUNT; tier++) {
        if (!summary->tier_ns[tier]) continue;
        rf_buffer_append_text(console->out, "  ");
        if (!rf_prof_tiers[tier].is_wait) rf_buffer_format(console->out, "%c ", mark_of((rf_prof_tier)tier));
        rf_buffer_format(console->out, "%s ", rf_prof_tiers[tier].tag);
        if (rf_prof_tiers[tier].is_wait) {
            rf_console_time(console->out, summary->tier_ns[tier]);
            rf_buffer_append_text(console->out, " (wall)");
        } else {
            rf_buffer_format(console->out, "%.1f %%", 100 * rf_report_share(summary, summary->tier_ns[tier]));
        }
    }
    rf_buffer_append_byte(console->out, '\n');
    rf_console_end_section(console);
}

/* ---- functions ---- */

static uint64_t tier_total(const uint64_t *tier_ns)
{
    uint64_t sum = 0;
    for (int i = 0; i < RF_TIER_COUNT; i++) sum += tier_ns[i];
    return sum;
}

/* "jit 98 vm 2": in percent of the whole, what is less than one left out. */
static void put_tier_mix(rf_console *console, const uint64_t *tier_ns)
{
    const uint64_t all = tier_total(tier_ns);
    for (int tier = 0; tier < RF_TIER_COUNT && all; tier++) {
        const double share = 100.0 * (double)tier_ns[tier] / (double)all;
        if (share >= 0.5) rf_buffer_format(console->out, " %s %.0f", rf_prof_tiers[tier].tag, share);
    }
}

static bool has_mix(const uint64_t *tier_ns)
{
    return tier_total(tier_ns) > 0;
}

/* Below 0: nothing was sampled, so the share has no interval. */
static double half_width(const rf_console *console, const rf_report_time *self, double *low)
{
    double high;
    const uint64_t ticks = self->ticks;
    *low = rf_report_share(&console->summary, self->cpu_ns);
    if (!console->summary.all.ticks && is_foreign(&console->profile->run)) return -1;
    rf_report_interval((double)ticks, (double)console->summary.all.ticks, low, &high);
    return 100 * (high - *low) / 2;
}

/* The second line of a row. */
static void put_func_rest(rf_console *console, const rf_report_func_row *row)
{
    rf_buffer_append_text(console->out, "\n        ");
    if (console->profile->funcs.data[row->func].file) {
        rf_console_place(console->out, console->profile, row->func, console->profile->funcs.data[row->func].line);
        rf_buffer_append_text(console->out, "  ");
    }
    rf_buffer_append_text(console->out, "wall ");
    rf_console_time(console->out, row->self.wall_ns);
}

static void put_func_name(rf_console *console, uint32_t func)
{
    rf_buffer name = RF_BUFFER_INIT;
    rf_report_append_name(&name, console->profile, func);
    if (console->profile->funcs.data[func].kind == RF_FUNC_BUILTIN) rf_buffer_append_text(&name, " (builtin)");
    rf_buffer_format(console->out, "%-*.*s", NARROW_NAME_WIDTH, NARROW_NAME_WIDTH, name.data);
    rf_buffer_release(&name);
}

static void put_func(rf_console *console, uint32_t number, const rf_report_func_row *row)
{
    const rf_prof_func *func = &console->profile->funcs.data[row->func];
    const double share = rf_report_share(&console->summary, row->self.cpu_ns);
    double low;
    const double half = half_width(console, &row->self, &low);
    rf_console_color_on(console, rf_console_share_color(share));
    rf_buffer_format(console->out, "%3u ", number);
    const bool is_narrow = rf_console_is_narrow(console);
    if (is_narrow)
        put_func_name(console, row->func);
    else
        rf_console_name_cell(console, NAME_WIDTH, row->func, func->line);
    rf_console_time_cell(console, 10, row->self.cpu_ns);
    rf_buffer_format(console->out, " %5.1f %%  ", 100 * share);
    if (half < 0)
        rf_buffer_append_text(console->out, "n/a  ");
    else
        rf_buffer_format(console->out, "±%-4.1f", half);
    rf_buffer_format(console->out, " %5.1f %%", 100 * rf_report_share(&console->summary, row->total.cpu_ns));
    if (!is_narrow) rf_console_time_cell(console, 10, row->self.wall_ns);
    rf_console_count_cell(console, 12, func->calls);
    if (is_narrow) put_func_rest(console, row);
    if (has_mix(row->tier_ns)) rf_buffer_append_text(console->out, "  ");
    put_tier_mix(console, row->tier_ns);
    if (row->allocs && row->allocs != RF_PROF_UNKNOWN) {
        rf_buffer_append_text(console->out, "   ");
        rf_console_count(console->out, row->allocs);
        rf_buffer_append_text(console->out, " allocs");
    }
    rf_console_color_off(console);
    rf_buffer_append_byte(console->out, '\n');
}

static bool is_idle(const rf_report_func_row *row)
{
    return row->self.cpu_ns == 0 && row->self.wall_ns < 1000000;
}

static void put_funcs(rf_console *console)
{
    const rf_report_summary *summary = &console->summary;
    bool is_empty = true;
    for (size_t i = 0; i < summary->funcs.count && is_empty; i++) is_empty = is_idle(&summary->funcs.data[i]);
    if (is_empty) return;
    char heading[160];
    if (rf_console_is_narrow(console))
        snprintf(heading, sizeof heading, "%*s(top %u)   self           ±95%%   total       calls", console->options.top > 9 ? 9 : 10, "", console->options.top);
    else
        snprintf(heading, sizeof heading, "  (top %u by self)%*s self            ±95%%   total      wall       calls   tiers",
                 console->options.top, 23, "");
    rf_console_section(console, "HOT FUNCTIONS", heading);
    uint32_t shown = 0, folded = 0;
    uint64_t folded_ns = 0;
    for (size_t i = 0; i < summary->funcs.count; i++) {
        const rf_report_func_row *row = &summary->funcs.data[i];
        double low;
        half_width(console, &row->self, &low);
        const bool is_small = low <= least_share && row->self.wall_ns * 100 < console->profile->run.wall_ns;
        if (is_idle(row)) continue;
        if (shown < console->options.top && (!is_small || summary->all.ticks < RF_REPORT_FEW_TICKS)) {
            put_func(console, ++shown, row);
        } else {
            folded++;
            folded_ns += row->self.cpu_ns;
        }
    }
    if (folded)
        rf_buffer_format(console->out, "    ... %u more, %.1f %% together  (--top %u)\n", folded,
                         100 * rf_report_share(summary, folded_ns), console->options.top * 3);
    rf_console_end_section(console);
}

/* ---- lines ---- */

static int source_width(const rf_console *console)
{
    return rf_console_is_narrow(console) ? NARROW_SOURCE_WIDTH : SOURCE_WIDTH;
}

/* Who made most of the line's copies necessary. */
static void put_sharing(rf_console *console, const rf_report_line_row *row)
{
    const rf_profile *profile = console->profile;
    const rf_prof_site *most = NULL;
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        if (site->line != row->line || profile->funcs.data[site->func].file != row->file || !site->shared_line) continue;
        if (!most || site->copies > most->copies) most = site;
    }
    if (!most) return;
    rf_buffer_append_text(console->out, ", shared at ");
    if (profile->funcs.data[most->shared_func].file == row->file)
        rf_buffer_format(console->out, "line %u", most->shared_line);
    else
        rf_console_place(console->out, profile, most->shared_func, most->shared_line);
}

static void put_line(rf_console *console, const rf_report_line_row *row)
{
    const int width = source_width(console);
    const double share = rf_report_share(&console->summary, row->own.cpu_ns);
    size_t size;
    const char *source = rf_console_source(console->profile, row->file, row->line, &size);
    if (size > (size_t)width) size = (size_t)width;
    rf_console_color_on(console, rf_console_share_color(share));
    rf_buffer_format(console->out, "  %5u | %-*.*s %5.1f %% |", row->line, width, (int)size, source, 100 * share);
    put_tier_mix(console, row->tier_ns);
    if (row->alloc_bytes && row->alloc_bytes != RF_PROF_UNKNOWN) {
        rf_buffer_append_text(console->out, "   alloc ");
        rf_console_bytes(console->out, row->alloc_bytes);
    }
    if (row->copies && row->copies != RF_PROF_UNKNOWN) {
        rf_buffer_append_text(console->out, "   copy-on-write ");
        rf_console_count(console->out, row->copies);
        rf_buffer_append_text(console->out, " copies ");
        rf_console_bytes(console->out, row->copy_bytes);
        put_sharing(console, row);
    }
    rf_console_color_off(console);
    rf_buffer_append_byte(console->out, '\n');
}

static int compare_places(const void *a, const void *b)
{
    const rf_report_line_row *x = *(const rf_report_line_row *const *)a, *y = *(const rf_report_line_row *const *)b;
    if (x->file != y->file) return x->file < y->file ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

/* The hottest lines, in the order of the source. */
static void put_lines(rf_console *console)
{
    const rf_report_summary *summary = &console->summary;
    const rf_report_line_row *rows[256];
    uint32_t count = 0;
    for (size_t i = 0; i < summary->lines.count && count < console->options.top && count < RF_COUNT_OF(rows); i++)
        if (summary->lines.data[i].own.cpu_ns) rows[count++] = &summary->lines.data[i];
    if (!count) return;
    qsort(rows, count, sizeof *rows, compare_places);
    rf_console_section(console, "HOT LINES", "   self with the built-ins it calls");
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || rows[i]->file != rows[i - 1]->file)
            rf_buffer_format(console->out, "  %s\n", console->profile->files.data[rows[i]->file].path);
        put_line(console, rows[i]);
    }
    rf_console_end_section(console);
}

/* ---- exact counts ---- */

static int compare_instructions(const void *a, const void *b)
{
    const rf_report_line_row *x = *(const rf_report_line_row *const *)a, *y = *(const rf_report_line_row *const *)b;
    if (x->instructions != y->instructions) return x->instructions < y->instructions ? 1 : -1;
    return compare_places(a, b);
}

static int compare_calls(const void *a, const void *b)
{
    const rf_prof_func *x = *(const rf_prof_func *const *)a, *y = *(const rf_prof_func *const *)b;
    if (x->instructions != y->instructions) {
        const uint64_t left = x->instructions + 1, right = y->instructions + 1; /* unknown comes last */
        return left < right ? 1 : -1;
    }
    if (x->calls != y->calls) return x->calls + 1 < y->calls + 1 ? 1 : -1;
    if (x->file != y->file) return x->file < y->file ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void put_exact_funcs(rf_console *console)
{
    const rf_profile *profile = console->profile;
    const rf_prof_func **funcs = rf_alloc_array(const rf_prof_func *, profile->funcs.count);
    size_t count = 0;
    for (size_t i = 1; i < profile->funcs.count; i++)
        if (profile->funcs.data[i].calls != RF_PROF_UNKNOWN && profile->funcs.data[i].calls)
            funcs[count++] = &profile->funcs.data[i];
    qsort(funcs, count, sizeof *funcs, compare_calls);
    if (!count)
        rf_buffer_format(console->out, "  n/a: %s\n", profile->run.engine && strcmp(profile->run.engine, "interpreter") == 0
                                                          ? "the interpreter does not count; use --vm"
                                                          : "the program did not come to its end");
    for (size_t i = 0; i < count && i < console->options.top; i++) {
        const uint32_t func = (uint32_t)(funcs[i] - profile->funcs.data);
        rf_buffer_append_text(console->out, "    ");
        rf_console_name_cell(console, NAME_WIDTH, func, funcs[i]->line);
        rf_console_count_cell(console, 14, funcs[i]->calls);
        if (funcs[i]->instructions != RF_PROF_UNKNOWN)
            rf_console_count_cell(console, 16, funcs[i]->instructions);
        rf_buffer_append_byte(console->out, '\n');
    }
    rf_free(funcs);
}

static void put_exact_lines(rf_console *console)
{
    const rf_report_summary *summary = &console->summary;
    const rf_report_line_row **rows = rf_alloc_array(const rf_report_line_row *, summary->lines.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < summary->lines.count; i++)
        if (summary->lines.data[i].instructions != RF_PROF_UNKNOWN) rows[count++] = &summary->lines.data[i];
    qsort(rows, count, sizeof *rows, compare_instructions);
    const int width = source_width(console);
    for (size_t i = 0; i < count && i < console->options.top; i++) {
        size_t size;
        const char *source = rf_console_source(console->profile, rows[i]->file, rows[i]->line, &size);
        if (size > (size_t)width) size = (size_t)width;
        rf_buffer_format(console->out, "  %5u | %-*.*s", rows[i]->line, width, (int)size, source);
        rf_console_count_cell(console, 12, rows[i]->hits);
        rf_console_count_cell(console, 16, rows[i]->instructions);
        rf_buffer_append_byte(console->out, '\n');
    }
    rf_free(rows);
}

static void put_exact(rf_console *console)
{
    const char *engine = console->profile->run.engine;
    const bool has_instructions = !engine || strcmp(engine, "jit") != 0;
    rf_console_section(console, "EXACT COUNTS", has_instructions ? "                                          calls    instructions"
                                                                 : "                                          calls    (instructions: with --vm)");
    put_exact_funcs(console);
    put_exact_lines(console);
    rf_console_end_section(console);
}

/* ---- zones and tasks ---- */

static void put_labels(rf_console *console)
{
    const rf_profile *profile = console->profile;
    if (profile->labels.count < 2) return;
    rf_report_time *times = rf_report_label_times(profile);
    rf_console_section(console, "TASKS", "   CPU and wall time while each ran");
    for (size_t i = 0; i < profile->labels.count; i++) {
        if (!times[i].ticks) continue;
        rf_buffer_format(console->out, "    %-40s", i ? profile->labels.data[i] : "main");
        rf_console_time_cell(console, 12, times[i].cpu_ns);
        rf_buffer_format(console->out, " %5.1f %%", 100 * rf_report_share(&console->summary, times[i].cpu_ns));
        rf_console_time_cell(console, 12, times[i].wall_ns);
        rf_buffer_append_byte(console->out, '\n');
    }
    rf_console_end_section(console);
    rf_free(times);
}

/* ---- advice ---- */

static void put_advice(rf_console *console)
{
    rf_report_advice advice;
    rf_report_advice_init(&advice, console->profile, &console->summary);
    if (advice.items.count) rf_console_section(console, "NEXT", NULL);
    for (size_t i = 0; i < advice.items.count; i++)
        rf_buffer_format(console->out, "%3zu %s, about -%.0f %% (upper bound)\n", i + 1, advice.items.data[i].text,
                         100 * advice.items.data[i].gain);
    if (advice.items.count) rf_console_end_section(console);
    rf_report_advice_release(&advice);
}

/* ---- all ---- */

static void put_cpu(rf_console *console)
{
    const bool is_weak = console->summary.all.ticks < RF_REPORT_FEW_TICKS && !is_foreign(&console->profile->run);
    if (is_weak) {
        rf_buffer_format(console->out,
                         "fewer than %d ticks with CPU time: the exact counts tell more than the samples, which are weak\n",
                         RF_REPORT_FEW_TICKS);
        if (console->options.is_markdown) rf_buffer_append_text(console->out, "```\n");
        put_exact(console);
    } else if (console->options.is_markdown) {
        rf_buffer_append_text(console->out, "```\n");
    }
    put_tiers(console);
    put_funcs(console);
    put_lines(console);
    put_labels(console);
}

void rf_report_console(const rf_profile *profile, const rf_report_console_options *options, rf_buffer *out)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_console console = {.profile = profile, .options = *options, .out = &text};
    rf_report_summary_init(&console.summary, profile);
    put_head(&console);
    put_sampling(&console);
    if (profile->run.has_cpu)
        put_cpu(&console);
    else if (options->is_markdown)
        rf_buffer_append_text(&text, "```\n");
    if (profile->run.has_memory) rf_console_memory(&console);
    if (profile->run.has_jit) rf_console_jit(&console);
    put_advice(&console);
    rf_report_summary_release(&console.summary);
    if (options->width && !options->is_markdown)
        rf_console_fit(&text, options->width, out);
    else
        rf_buffer_append(out, text.data, text.size);
    rf_buffer_release(&text);
}
