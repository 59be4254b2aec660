/* Rules that turn evidence into advice.  None speaks below a share that is certain to be more than a fluctuation: the
 * lower end of its 95 % interval must reach LEAST_SHARE, so an ordinary program gets none. */
#include "report/advice.h"

#include "report/frame_name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MANY_COPIES = 10,
    MANY_TEMPORARIES = 10000,
    SLOW_BYTE_NS = 1000,
    SLOW_PATTERN_NS = 10000000, /* one search can be held up for some milliseconds by what else the machine does */
    COPY_NS = 1000, /* the most that a copy takes with its release, and */
    COPY_BYTE_NS = 2 /* each byte of it: an owner more for each value, in memory that is not at hand */
};
static const double least_share = 0.02;

typedef struct advising {
    const rf_profile *profile;
    const rf_report_summary *summary;
    rf_report_advice *advice;
} advising;

/* Steals text. */
static void add(advising *it, char *text, const rf_report_time *time, uint32_t func, uint32_t line)
{
    double low, high;
    rf_report_interval((double)time->ticks, (double)it->summary->all.ticks, &low, &high);
    if (low < least_share || rf_report_share(it->summary, time->cpu_ns) < least_share) { /* ticks while others ran have little time */
        rf_free(text);
        return;
    }
    const rf_report_advice_item item = {text, rf_report_share(it->summary, time->cpu_ns), func, line};
    rf_vector_push(&it->advice->items, item);
}

static const rf_report_line_row *line_row(const advising *it, uint32_t func, uint32_t line)
{
    const uint32_t file = it->profile->funcs.data[func].file;
    for (size_t i = 0; i < it->summary->lines.count; i++) {
        const rf_report_line_row *row = &it->summary->lines.data[i];
        if (row->file == file && row->line == line) return row;
    }
    return NULL;
}

static char *place_text(const advising *it, uint32_t func, uint32_t line)
{
    const uint32_t file = it->profile->funcs.data[func].file;
    return rf_format_text("%s:%u", rf_report_base_name(it->profile->files.data[file].path), line);
}

/* Time that is known from something else than ticks: as many of them as it would have got. */
static rf_report_time time_of(const advising *it, uint64_t cpu_ns)
{
    const rf_report_time all = it->summary->all;
    const double share = all.cpu_ns ? (double)cpu_ns / (double)all.cpu_ns : 0;
    return (rf_report_time){.cpu_ns = cpu_ns, .ticks = (uint64_t)((double)all.ticks * share)};
}

/* ---- rules ---- */

/* A line does other things than copying: it gains at most what its copies can take. */
static void advise_copies(advising *it, const rf_prof_site *site)
{
    const rf_report_line_row *row = line_row(it, site->func, site->line);
    if (!row || site->copies < MANY_COPIES) return;
    const rf_report_time most = time_of(it, site->copies * COPY_NS + site->copy_bytes * COPY_BYTE_NS);
    const rf_report_time *gain = most.cpu_ns < row->own.cpu_ns ? &most : &row->own;
    char *place = place_text(it, site->func, site->line);
    char *text = site->shared_line
                     ? rf_format_text("%s copies the %s %" PRIu64 " times because line %u keeps a second reference: drop it",
                                      place, site->type, site->copies, site->shared_line)
                     : rf_format_text("%s copies the %s %" PRIu64 " times because something else still refers to it: "
                                      "change it in one place", place, site->type, site->copies);
    add(it, text, gain, site->func, site->line);
    rf_free(place);
}

static void advise_temporaries(advising *it, const rf_prof_site *site)
{
    const rf_report_line_row *row = line_row(it, site->func, site->line);
    if (!row || site->temporaries < MANY_TEMPORARIES || site->temporaries * 10 < site->allocs * 9 || site->copies) return;
    if (row->tier_ns[RF_TIER_FREE] * 5 < row->own.cpu_ns) return; /* making them is not what costs */
    char *place = place_text(it, site->func, site->line);
    add(it, rf_format_text("%s makes %" PRIu64 " short-lived values of type %s: make one before the loop", place,
                           site->temporaries, site->type), &row->own, site->func, site->line);
    rf_free(place);
}

static void advise_regex(advising *it, const rf_report_func_row *row)
{
    const rf_prof_func *func = &it->profile->funcs.data[row->func];
    if (func->kind == RF_FUNC_RUNTIME && strncmp(func->name, "compile /", 9) == 0)
        add(it, rf_format_text("pattern %s is compiled again and again: use fewer different patterns", func->name + 8),
            &row->self, row->func, 0);
    if (func->kind != RF_FUNC_REGEX) return;
    char *name = rf_format_text("regex.bytes %s", func->name);
    const uint64_t bytes = rf_profile_counter(it->profile, name);
    rf_free(name);
    if (bytes == RF_PROF_UNKNOWN || bytes == 0 || row->self.cpu_ns < SLOW_PATTERN_NS || row->self.cpu_ns / bytes < SLOW_BYTE_NS)
        return;
    add(it, rf_format_text("pattern /%s/ takes %" PRIu64 " ns a byte of its text: it goes back over it; make its parts exclusive",
                           func->name, row->self.cpu_ns / bytes), &row->self, row->func, 0);
}

static void advise_deopt(advising *it, const rf_prof_jit_event *event)
{
    if (strcmp(event->kind, "deopt") != 0 || !event->lost_ns || !event->expected || !event->seen) return;
    const rf_report_time time = time_of(it, event->lost_ns);
    char *place = place_text(it, event->func, event->line);
    add(it, rf_format_text("%s expects %s and meets %s: use one type there, native code stays valid then", place,
                           event->expected, event->seen), &time, event->func, event->line);
    rf_free(place);
}

/* Only what was given up for good: what is still waited for, or not hot, needs no other program; neither does one without
 * a compiler. */
static bool was_given_up(const advising *it, uint32_t func)
{
    bool is_given_up = false;
    for (size_t i = 0; i < it->profile->jit_events.count; i++) {
        const rf_prof_jit_event *event = &it->profile->jit_events.data[i];
        if (strcmp(event->kind, "absent") == 0) return false;
        if (event->func != func) continue;
        if (strcmp(event->kind, "blacklist") == 0 || strcmp(event->kind, "fail") == 0) is_given_up = true;
        if (strcmp(event->kind, "install") == 0 || strcmp(event->kind, "load") == 0) is_given_up = false;
    }
    return is_given_up;
}

static void advise_refusal(advising *it, const rf_prof_refusal *refusal)
{
    if (!was_given_up(it, refusal->func)) return;
    for (size_t i = 0; i < it->summary->funcs.count; i++) {
        const rf_report_func_row *row = &it->summary->funcs.data[i];
        if (row->func != refusal->func) continue;
        char *place = place_text(it, refusal->func, refusal->line);
        add(it, rf_format_text("%s spends %s; move the hot loop into a function without that", place, refusal->reason),
            &row->own, refusal->func, refusal->line);
        rf_free(place);
    }
}

static int compare_gain(const void *a, const void *b)
{
    const rf_report_advice_item *x = a, *y = b;
    if (x->gain < y->gain || x->gain > y->gain) return x->gain < y->gain ? 1 : -1;
    return strcmp(x->text, y->text);
}

void rf_report_advice_init(rf_report_advice *advice, const rf_profile *profile, const rf_report_summary *summary)
{
    *advice = (rf_report_advice){0};
    advising it = {profile, summary, advice};
    for (size_t i = 0; i < profile->sites.count; i++) {
        if (!profile->sites.data[i].func) continue;
        advise_copies(&it, &profile->sites.data[i]);
        advise_temporaries(&it, &profile->sites.data[i]);
    }
    for (size_t i = 0; i < summary->funcs.count; i++) advise_regex(&it, &summary->funcs.data[i]);
    for (size_t i = 0; i < profile->jit_events.count; i++) advise_deopt(&it, &profile->jit_events.data[i]);
    for (size_t i = 0; i < profile->refusals.count; i++) advise_refusal(&it, &profile->refusals.data[i]);
    if (advice->items.count) qsort(advice->items.data, advice->items.count, sizeof *advice->items.data, compare_gain);
}

void rf_report_advice_release(rf_report_advice *advice)
{
    for (size_t i = 0; i < advice->items.count; i++) rf_free(advice->items.data[i].text);
    rf_vector_release(&advice->items);
}
