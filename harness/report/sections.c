/* The sections of a report.  Each is one function from the book to paragraphs and tables. */
#include "report/page.h"

#include "report/compare.h"
#include "report/number.h"
#include "stats/quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const report_align numbers[] = {
    REPORT_LEFT,    REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL,
    REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL};
static const report_align classed_numbers[] = {
    REPORT_LEFT,    REPORT_LEFT,    REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL,
    REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL,
    REPORT_DECIMAL, REPORT_DECIMAL, REPORT_DECIMAL};
static const report_align words[] = {REPORT_LEFT, REPORT_LEFT, REPORT_LEFT,
                                     REPORT_LEFT, REPORT_LEFT, REPORT_LEFT};
enum { MOST_LABELS = 11 };

static void cell(report_grid *grid, const char *text)
{
    report_grid_add(grid, REPORT_PLAIN, text);
}

static void steal_cell(report_grid *grid, char *text)
{
    report_grid_add(grid, REPORT_PLAIN, text);
    rf_free(text);
}

/* The name of a variant above or beside its times. */
static void label_cell(report_grid *grid, const report_book *book, const char *label)
{
    steal_cell(grid, report_book_label(book, label));
}

static void say_clock(const report_book *book, report_page *page)
{
    if (report_book_has_cpu_clock(book, NULL))
        report_page_say(page, REPORT_CPU_CLOCK_MARK " %s.", report_cpu_clock_note);
}

static bool is_ruff(const char *label)
{
    return !strcmp(label, "ruff") || !strncmp(label, "ruff:", 5);
}

static size_t label_count(const report_book *book)
{
    return book->labels.count < MOST_LABELS ? book->labels.count : MOST_LABELS;
}

/* Whether this entry is the one by which its benchmark counts for a variant: of those that have it,
 * the first in the order of sizes. */
static bool speaks_for(const report_book *book, size_t entry, const char *label)
{
    const compare_table *own = book->entries.data[entry].table;
    if (!report_entry_row(&book->entries.data[entry], label)) return false;
    for (size_t i = 0; i < book->entries.count; i++) {
        const compare_table *other = book->entries.data[i].table;
        bool before = report_size_rank(other) < report_size_rank(own) ||
                      (report_size_rank(other) == report_size_rank(own) && i < entry);
        if (before && !strcmp(other->benchmark, own->benchmark) &&
            report_entry_row(&book->entries.data[i], label))
            return false;
    }
    return true;
}

static bool has_benchmark(const report_book *book, const char *benchmark, const char *label)
{
    for (size_t i = 0; i < book->entries.count; i++)
        if (!strcmp(book->entries.data[i].table->benchmark, benchmark) &&
            report_entry_row(&book->entries.data[i], label))
            return true;
    return false;
}

static bool says_nothing(const report_story *story, report_page *page)
{
    if (story->book->entries.count) return false;
    report_page_say(page, "No results yet: `ruffbench run` measures and stores some.");
    return true;
}

/* ---- about ---- */

/* "2026-11-25 17:30" */
static void write_date(const compare_set *set, char date[32])
{
    time_t at = (time_t)(set->started_ns / 1000000000);
    struct tm day;
    strftime(date, 32, "%Y-%m-%d %H:%M", gmtime_r(&at, &day));
}

static void say_versions(const report_book *book, report_page *page)
{
    report_grid *grid = report_page_table(page, 3, words);
    cell(grid, "variant");
    cell(grid, "version");
    cell(grid, "benchmarks");
    for (size_t i = 0; i < book->labels.count; i++) {
        const char *version = "";
        size_t ok = 0;
        for (size_t e = 0; e < book->entries.count; e++) {
            const compare_row *row = report_entry_row(&book->entries.data[e], book->labels.data[i]);
            if (!row) continue;
            version = row->version;
            ok += speaks_for(book, e, book->labels.data[i]) && row->counts[RUN_OK] > 0;
        }
        label_cell(grid, book, book->labels.data[i]);
        cell(grid, version);
        steal_cell(grid, rf_format_text("%zu of %zu", ok, report_book_main_count(book, NULL)));
    }
    say_clock(book, page);
}

static void say_trust(const compare_set *set, report_page *page)
{
    rf_buffer reasons = RF_BUFFER_INIT;
    if (!set->trust.letter) return;
    for (size_t i = 0; i < STATS_TRUST_COUNT; i++)
        if (set->trust.reasons & (1u << i))
            rf_buffer_format(&reasons, "%s%s", reasons.size ? "; " : "",
                             stats_trust_text((stats_trust_reason)i));
    report_page_say(page, "Trust %c (%d of 100)%s%s.", set->trust.letter, set->trust.points,
                    reasons.size ? ": " : "", reasons.size ? reasons.data : "");
    rf_buffer_release(&reasons);
}

/* "2 cores", "4 cores with 8 threads" of the fact "4/8"; new. */
static char *cores_text(const char *fact)
{
    unsigned long cores = strtoul(fact, NULL, 10), threads = cores;
    const char *slash = strchr(fact, '/');
    if (slash) threads = strtoul(slash + 1, NULL, 10);
    return cores == threads ? rf_format_text("%lu core%s", cores, cores == 1 ? "" : "s")
                            : rf_format_text("%lu cores with %lu threads", cores, threads);
}

/* "1305 processes on 47 inputs, 5 of each variant", from the tables that are shown. */
static void say_effort(const report_book *book, report_page *page)
{
    size_t processes = 0, least = SIZE_MAX, most = 0;
    for (size_t e = 0; e < book->entries.count; e++) {
        const compare_table *table = book->entries.data[e].table;
        for (size_t r = 0; r < table->rows.count; r++) {
            size_t own = compare_row_processes(&table->rows.data[r]);
            processes += own;
            if (own && own < least) least = own;
            if (own > most) most = own;
        }
    }
    if (least == most)
        report_page_say(page, "%zu processes on %zu input%s, %zu of each variant.", processes,
                        book->entries.count, book->entries.count == 1 ? "" : "s", most);
    else
        report_page_say(page, "%zu processes on %zu input%s, %zu to %zu of each variant.", processes,
                        book->entries.count, book->entries.count == 1 ? "" : "s", least, most);
}

/* Sessions that ended before their plan did. */
static void say_incomplete(const report_book *book, report_page *page)
{
    for (size_t i = book->sessions.count; i-- > 0;) {
        const report_session *session = book->sessions.data[i];
        const store_results *results = &session->results;
        size_t left = 0;
        for (size_t s = 0; s < results->slots.count; s++)
            left += !strcmp(results->slots.data[s].state, "todo") ||
                    !strcmp(results->slots.data[s].state, "running");
        if (left)
            report_page_say(page,
                            "Session %lld is not complete (%s): %zu of %zu processes did not run; "
                            "%s`ruffbench resume` goes on.",
                            (long long)session->set.session, session->set.state, left,
                            results->slots.count,
                            strcmp(session->set.state, "running") ? "" : "if it was killed, ");
    }
}

static void fill_about(const report_story *story, report_page *page)
{
    const report_book *book = story->book;
    if (says_nothing(story, page)) return;
    const compare_set *set = &report_book_newest(book)->set;
    rf_buffer sessions = RF_BUFFER_INIT;
    for (size_t i = book->sessions.count; i-- > 0;)
        rf_buffer_format(&sessions, "%s%lld", sessions.size ? ", " : "",
                         (long long)book->sessions.data[i]->set.session);
    char date[32], *cores = cores_text(report_book_fact(book, "cores"));
    write_date(set, date);
    report_page_say(page,
                    "Measured %s UTC, session%s %s, commit %.12s%s, on machine %.5s (%s, %s, "
                    "%.0f GiB, %s).",
                    date, book->sessions.count == 1 ? "" : "s", sessions.data,
                    *set->commit ? set->commit : "unknown",
                    *set->dirty ? " with uncommitted changes" : "", set->machine,
                    report_book_fact(book, "cpu"), cores,
                    strtod(report_book_fact(book, "memory_mib"), NULL) / 1024,
                    report_book_fact(book, "virtualisation"));
    rf_free(cores);
    rf_buffer_release(&sessions);
    say_effort(book, page);
    say_incomplete(book, page);
    say_trust(set, page);
    say_versions(book, page);
    if (book->other_machines)
        report_page_say(
            page, "Left out: %zu session%s of other machines; their numbers are not comparable.",
            book->other_machines, book->other_machines == 1 ? "" : "s");
}

/* ---- geometric means ---- */

static report_mean invert(report_mean mean)
{
    stats_ratio *ratio = &mean.ratio;
    double low = ratio->low;
    if (!mean.count) return mean;
    ratio->ratio = 1 / ratio->ratio;
    ratio->low = 1 / ratio->high;
    ratio->high = 1 / low;
    return mean;
}

/* Time of the frame's mode / time of the label. */
static char *mean_of_mode(const report_frame *frame, const char *label, const char *class_name)
{
    report_mean mean = invert(report_frame_mean(frame, label, class_name));
    return report_mean_text(&mean);
}

/* "On geometric mean ruff:jit is 2.96 times as fast as ruff:vm, ...; go is 1.11 times as fast as ruff:jit." */
static void say_headline(const report_story *story, report_page *page)
{
    rf_buffer ahead = RF_BUFFER_INIT, behind = RF_BUFFER_INIT;
    const report_frame *best = &story->frames.data[0];
    for (size_t i = 0; i < story->book->labels.count; i++) {
        char number[REPORT_NUMBER_SIZE];
        const char *label = story->book->labels.data[i];
        report_mean mean = report_frame_mean(best, label, NULL);
        if (!strcmp(label, best->reference) || !mean.count) continue;
        char *name = report_book_label(story->book, label);
        if (mean.ratio.ratio < 1)
            rf_buffer_format(&ahead, "%s%s is %s times as fast as %s", ahead.size ? ", " : "", name,
                             report_significant(1 / mean.ratio.ratio, number), best->reference);
        else
            rf_buffer_format(&behind, "%s%s times as fast as %s", behind.size ? ", " : "",
                             report_significant(mean.ratio.ratio, number), name);
        rf_free(name);
    }
    if (behind.size)
        report_page_say(page, "On geometric mean %s is %s%s%s.", best->reference, behind.data,
                        ahead.size ? "; " : "", ahead.size ? ahead.data : "");
    else if (ahead.size)
        report_page_say(page, "On geometric mean %s.", ahead.data);
    rf_buffer_release(&ahead);
    rf_buffer_release(&behind);
}

static bool has_class(const report_book *book, const char *name)
{
    for (size_t i = 0; i < book->classes.count; i++)
        if (strcmp(book->classes.data[i], name) == 0) return true;
    return false;
}

static void fill_summary(const report_story *story, report_page *page)
{
    if (says_nothing(story, page)) return;
    say_headline(story, page);
    report_grid *grid = report_page_table(page, story->frames.count + 1, words);
    cell(grid, "time relative to");
    for (size_t f = 0; f < story->frames.count; f++) cell(grid, story->frames.data[f].reference);
    for (size_t i = 0; i < story->book->labels.count; i++) {
        const char *label = story->book->labels.data[i];
        label_cell(grid, story->book, label);
        for (size_t f = 0; f < story->frames.count; f++)
            if (!strcmp(label, story->frames.data[f].reference))
                cell(grid, "1");
            else
                steal_cell(grid, mean_of_mode(&story->frames.data[f], label, NULL));
    }
    report_page_say(page,
                    "Geometric mean with its %g %% interval (benchmarks both finished, of all). "
                    "Below 1 the column's "
                    "mode is faster than the row's variant. Each benchmark counts by its default "
                    "input where both ran it, else by a smaller one.%s",
                    100 * (1 - story->book->options.alpha),
                    has_class(story->book, "jit") ? " The jit group is not counted." : "");
    say_clock(story->book, page);
}

/* For documents in docs/: the charts that reports/publish put into the folder of the day. */
static void fill_figures(const report_story *story, report_page *page)
{
    static const char *const names[] = {"means", "heat"};
    if (says_nothing(story, page)) return;
    char date[32];
    write_date(&report_book_newest(story->book)->set, date);
    date[10] = '\0'; /* the day alone */
    for (size_t i = 0; i < RF_COUNT_OF(names); i++)
        report_page_say_markup(page,
                        "<picture><source media=\"(prefers-color-scheme: dark)\" "
                        "srcset=\"../reports/%s/charts/%s-dark.svg\">"
                        "<img src=\"../reports/%s/charts/%s.svg\" alt=\"%s\"></picture>",
                        date, names[i], date, names[i],
                        i ? "Every benchmark by variant" : "Geometric mean of every variant");
}

static void fill_modes(const report_story *story, report_page *page)
{
    if (says_nothing(story, page)) return;
    const report_frame *interp = NULL;
    for (size_t f = 0; f < story->frames.count; f++)
        if (!strcmp(story->frames.data[f].reference, "ruff:interp"))
            interp = &story->frames.data[f];
    if (story->frames.count && !is_ruff(story->frames.data[0].reference)) {
        report_page_say(page, "Ruff was not measured.");
        return;
    }
    if (!interp || story->frames.count < 2) {
        report_page_say(page, "Only one of Ruff's modes was measured; `ruffbench run --modes "
                              "interp,vm` compares them.");
        return;
    }
    report_grid *grid = report_page_table(page, story->frames.count, words);
    cell(grid, "class");
    for (size_t f = 0; f < story->frames.count; f++)
        if (&story->frames.data[f] != interp) cell(grid, story->frames.data[f].reference);
    for (size_t c = 0; c <= story->book->classes.count; c++) {
        const char *class_name =
            c < story->book->classes.count ? story->book->classes.data[c] : NULL;
        cell(grid, class_name ? class_name : "all but jit");
        for (size_t f = 0; f < story->frames.count; f++) {
            if (&story->frames.data[f] == interp) continue;
            report_mean mean =
                invert(report_frame_mean(interp, story->frames.data[f].reference, class_name));
            steal_cell(grid, report_mean_text(&mean));
        }
    }
    report_page_say(page, "How many times as fast as the interpreter each mode is, per class.");
}

/* Whether another language has programs of the class. */
static bool has_peer(const report_book *book, const char *class_name)
{
    for (size_t e = 0; e < book->entries.count; e++) {
        const report_entry *entry = &book->entries.data[e];
        for (size_t r = 0; r < entry->table->rows.count && !strcmp(entry->class_name, class_name); r++)
            if (!is_ruff(entry->table->rows.data[r].label)) return true;
    }
    return false;
}

static void fill_classes(const report_story *story, report_page *page)
{
    if (says_nothing(story, page)) return;
    const report_book *book = story->book;
    for (size_t f = 0; f < story->frames.count; f++) {
        const report_frame *frame = &story->frames.data[f];
        size_t peers = 0;
        for (size_t i = 0; i < label_count(book); i++) peers += !is_ruff(book->labels.data[i]);
        if (!peers) continue;
        report_page_say(page, "Time of %s relative to that of another language:", frame->reference);
        report_grid *grid = report_page_table(page, peers + 1, numbers);
        cell(grid, "class");
        for (size_t i = 0; i < label_count(book); i++)
            if (!is_ruff(book->labels.data[i])) label_cell(grid, book, book->labels.data[i]);
        for (size_t c = 0; c <= book->classes.count; c++) {
            const char *class_name = c < book->classes.count ? book->classes.data[c] : NULL;
            if (class_name && !has_peer(book, class_name)) continue;
            cell(grid, class_name ? class_name : "all but jit");
            for (size_t i = 0; i < label_count(book); i++)
                if (!is_ruff(book->labels.data[i]))
                    steal_cell(grid, mean_of_mode(frame, book->labels.data[i], class_name));
        }
    }
    report_page_say(page,
                    "A benchmark belongs to the class that its first tag in the suite names.");
    say_clock(book, page);
}

/* ---- benchmarks ---- */

static char *estimate_text(const compare_row *row, compare_measure measure, double scale)
{
    char number[REPORT_NUMBER_SIZE];
    if (!row) return rf_strdup("-");
    if (row->state == COMPARE_FAILED) {
        char *text = rf_strdup(run_outcome_word(row->outcome));
        for (char *at = text; *at; at++) *at = (char)(*at - ('a' - 'A'));
        return text;
    }
    if (!row->estimates[measure].count) return rf_strdup("-");
    return rf_strdup(report_significant(row->estimates[measure].interval.value / scale, number));
}

static char *entry_name(const report_entry *entry)
{
    const char *label = entry->table->size_label;
    return strcmp(label, "default") ? rf_format_text("%s/%s", entry->table->benchmark, label)
                                    : rf_strdup(entry->table->benchmark);
}

static void fill_measure(const report_story *story, report_page *page, compare_measure measure,
                         double scale, bool letters)
{
    const report_book *book = story->book;
    report_grid *grid = report_page_table(page, label_count(book) + 2, classed_numbers);
    cell(grid, "");
    cell(grid, "class");
    for (size_t i = 0; i < label_count(book); i++)
        if (measure == COMPARE_STEADY)
            label_cell(grid, book, book->labels.data[i]);
        else
            cell(grid, book->labels.data[i]);
    for (size_t e = 0; e < book->entries.count; e++) {
        const report_entry *entry = &book->entries.data[e];
        steal_cell(grid, entry_name(entry));
        cell(grid, entry->class_name);
        for (size_t i = 0; i < label_count(book); i++) {
            const compare_row *row = report_entry_row(entry, book->labels.data[i]);
            char *text = estimate_text(row, measure, scale);
            bool odd = letters && row && row->counts[RUN_OK] && row->warmup.letter &&
                       row->warmup.letter != 'F' && row->warmup.letter != 'W' &&
                       row->warmup.letter != 'w';
            if (odd)
                steal_cell(grid, rf_format_text("%s %c", text, row->warmup.letter));
            else
                cell(grid, text);
            rf_free(text);
        }
    }
    if (book->labels.count > MOST_LABELS)
        report_page_say(page, "%zu more variants stand in the table of each benchmark only: `ruffbench compare --stored latest`.",
                        book->labels.count - MOST_LABELS);
}

static void fill_benchmarks(const report_story *story, report_page *page)
{
    if (says_nothing(story, page)) return;
    fill_measure(story, page, COMPARE_STEADY, 1e6, true);
    report_page_say(page, "Milliseconds of one iteration after warm-up, median over processes. S: "
                          "became slower. N: no steady "
                          "state, not ranked. !: processes disagree. -: not measured.");
    say_clock(story->book, page);
}

static void fill_memory(const report_story *story, report_page *page)
{
    if (says_nothing(story, page)) return;
    fill_measure(story, page, COMPARE_RSS_PEAK, 1048576, false);
    report_page_say(page, "Largest resident memory of one process in MiB, median over processes.");
}

/* ---- start-up ---- */

/* Median over benchmarks, so that one heavy set-up does not speak for a language. */
static char *typical(const report_book *book, const char *label, compare_measure measure,
                     double scale)
{
    char number[REPORT_NUMBER_SIZE];
    size_t count = 0;
    double *values = rf_alloc_array(double, book->entries.count + 1);
    for (size_t e = 0; e < book->entries.count; e++) {
        const compare_row *row = report_entry_row(&book->entries.data[e], label);
        if (row && speaks_for(book, e, label) && row->estimates[measure].count)
            values[count++] = row->estimates[measure].interval.value / scale;
    }
    char *text = rf_strdup(count ? report_significant(stats_median(values, count), number) : "-");
    rf_free(values);
    return text;
}

static void fill_startup(const report_story *story, report_page *page)
{
    const report_book *book = story->book;
    if (says_nothing(story, page)) return;
    report_grid *grid = report_page_table(page, 5, numbers);
    static const char *const headers[] = {"", "start-up ms", "build ms", "base MiB", "peak MiB"};
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++) cell(grid, headers[i]);
    for (size_t i = 0; i < book->labels.count; i++) {
        const char *label = book->labels.data[i];
        cell(grid, label);
        steal_cell(grid, typical(book, label, COMPARE_STARTUP, 1e6));
        steal_cell(grid, typical(book, label, COMPARE_BUILD, 1e6));
        steal_cell(grid, typical(book, label, COMPARE_RSS_BASE, 1048576));
        steal_cell(grid, typical(book, label, COMPARE_RSS_PEAK, 1048576));
    }
    report_page_say(page, "Medians over benchmarks. Start-up: from the start of the process to the "
                          "end of its set-up. Base: "
                          "resident memory at that moment.");
}

/* ---- warm-up ---- */

static void fill_warmup(const report_story *story, report_page *page)
{
    static const char letters[] = "FWwSN!";
    const report_book *book = story->book;
    if (says_nothing(story, page)) return;
    report_grid *grid = report_page_table(page, sizeof letters + 1, numbers);
    cell(grid, "");
    for (size_t l = 0; letters[l]; l++) cell(grid, (char[2]){letters[l], '\0'});
    cell(grid, "ms to steady");
    for (size_t i = 0; i < book->labels.count; i++) {
        size_t counts[sizeof letters] = {0}, times = 0;
        double *values = rf_alloc_array(double, book->entries.count + 1);
        for (size_t e = 0; e < book->entries.count; e++) {
            const compare_row *row = report_entry_row(&book->entries.data[e], book->labels.data[i]);
            if (!row || !row->warmup.letter || !speaks_for(book, e, book->labels.data[i])) continue;
            const char *at = strchr(letters, row->warmup.letter);
            if (at && *at) counts[at - letters]++;
            if (row->warmup.steady_processes) values[times++] = row->warmup.time_to_steady;
        }
        char duration[REPORT_NUMBER_SIZE];
        double median = times ? stats_median(values, times) : 0;
        label_cell(grid, book, book->labels.data[i]);
        for (size_t l = 0; letters[l]; l++) steal_cell(grid, rf_format_text("%zu", counts[l]));
        cell(grid, !times ? "-" : median > 0 ? report_significant(median / 1e6, duration) : "0");
        rf_free(values);
    }
    report_page_say(page, "Benchmarks by warm-up class: F flat, W faster after warm-up, w some "
                          "processes F and some W, "
                          "S slower later, N no steady state, ! processes disagree. ms to steady: median over "
                          "benchmarks; 0 is from the first iteration on.");
    say_clock(book, page);
}

/* ---- what went wrong or is absent ---- */

static void fill_failures(const report_story *story, report_page *page)
{
    const report_book *book = story->book;
    size_t failures = 0;
    if (says_nothing(story, page)) return;
    for (size_t e = 0; e < book->entries.count; e++)
        for (size_t r = 0; r < book->entries.data[e].table->rows.count; r++) {
            const compare_row *row = &book->entries.data[e].table->rows.data[r];
            char *failure = report_failure(row), *name = entry_name(&book->entries.data[e]);
            if (*failure) report_page_say(page, "%s, %s: %s", name, row->label, failure);
            failures += *failure != '\0';
            rf_free(failure);
            rf_free(name);
        }
    if (!failures) report_page_say(page, "Every process that ran finished with a verified answer.");
    for (size_t i = book->sessions.count; i-- > 0;)
        for (size_t t = 0; t < book->sessions.data[i]->absent.count; t++)
            report_page_say(page, "Left out of session %lld, %s",
                            (long long)book->sessions.data[i]->set.session,
                            book->sessions.data[i]->absent.data[t]);
    for (size_t i = 0; i < book->labels.count; i++) {
        rf_buffer absent = RF_BUFFER_INIT;
        const bool is_ruff = strncmp(book->labels.data[i], "ruff", 4) == 0;
        for (size_t e = 0; e < book->entries.count; e++)
            if (book->entries.data[e].main &&
                (is_ruff ||
                 strcmp(book->entries.data[e].class_name, "jit") != 0) && /* Ruff's own */
                !has_benchmark(book, book->entries.data[e].table->benchmark, book->labels.data[i]))
                rf_buffer_format(&absent, "%s%s", absent.size ? ", " : "",
                                 book->entries.data[e].table->benchmark);
        if (absent.size)
            report_page_say(page, "Not measured with %s: %s.", book->labels.data[i], absent.data);
        rf_buffer_release(&absent);
    }
}

/* ---- history ---- */

static void fill_history(const report_story *story, report_page *page)
{
    const report_book *book = story->book;
    if (says_nothing(story, page)) return;
    report_grid *grid = NULL;
    for (size_t i = 0; i < book->history.count; i++) {
        const history_series *series = &book->history.data[i];
        char first[REPORT_NUMBER_SIZE], last[REPORT_NUMBER_SIZE], change[REPORT_NUMBER_SIZE];
        if (series->points.count < 2) continue;
        if (!grid) {
            static const char *const headers[] = {"series",   "commits",   "epochs",
                                                  "first ms", "newest ms", "newest / first"};
            grid = report_page_table(page, RF_COUNT_OF(headers), numbers);
            for (size_t h = 0; h < RF_COUNT_OF(headers); h++) cell(grid, headers[h]);
        }
        const history_point *a = &series->points.data[0], *b = &rf_vector_last(&series->points);
        steal_cell(grid, history_series_name(series));
        steal_cell(grid, rf_format_text("%zu", series->points.count));
        steal_cell(grid, rf_format_text("%zu", series->epochs));
        cell(grid, report_significant(a->value / 1e6, first));
        cell(grid, report_significant(b->value / 1e6, last));
        cell(grid,
             a->epoch == b->epoch ? report_significant(b->value / a->value, change) : "other epoch");
    }
    if (!grid) report_page_say(page, "No series has more than one commit yet.");
}

const report_section report_sections[] = {
    {"about", "What was measured", "machine, commit, versions", fill_about, false},
    {"summary", "Against one another", "geometric means over all benchmarks", fill_summary,
     false},
    {"figures", "Figures", "charts of the published results of that day", fill_figures, true},
    {"modes", "Modes of Ruff", "each mode against the interpreter, per class", fill_modes, false},
    {"classes", "Per class", "Ruff's modes against other languages", fill_classes, false},
    {"benchmarks", "Every benchmark", "steady times", fill_benchmarks, false},
    {"startup", "Start-up and memory", "medians over benchmarks", fill_startup, false},
    {"memory", "Peak memory", "every benchmark", fill_memory, false},
    {"warmup", "Warm-up", "classes per variant", fill_warmup, false},
    {"history", "History", "series with more than one commit", fill_history, false},
    {"failures", "Failures and gaps", "wrong answers, crashes, what was not measured",
     fill_failures, false},
};
const size_t report_section_count = RF_COUNT_OF(report_sections);
