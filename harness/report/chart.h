/* Charts: what each kind shows, and drawing it by gnuplot.  Data file, script and both images (light
 * and dark) are kept, so that a figure can be redrawn without measuring again. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "report/figure.h"
#include "report/frame.h"
#include "report/hot.h"
#include "run/launcher.h"

/* What a chart is about.  Kinds of a benchmark need set, table and results; the others need frame
 * or series. */
typedef struct chart_subject {
    const compare_set *set;
    const compare_table *table;
    const store_results *results;
    const report_frame
        *frame;             /* all benchmarks seen from one variant; NULL when only one is known */
    const char *class_name; /* of CHART_OF_CLASS */
    const history_series *series; /* of CHART_OF_SERIES, with what was found in it */
    const history_findings *findings;
    const report_hot *hot; /* of CHART_OF_PROFILE */
    const report_hot *before; /* of CHART_OF_PROFILE_PAIR, which goes from it to hot */
} chart_subject;

typedef enum chart_scope {
    CHART_OF_BENCHMARK,
    CHART_OF_CLASS,
    CHART_OF_BOOK,
    CHART_OF_SERIES,
    CHART_OF_PROFILE,
    CHART_OF_PROFILE_PAIR
} chart_scope;

typedef struct chart_kind {
    const char *name, *shows;
    chart_scope scope;
    /* Fills panels, title and subtitle of an empty figure; NULL, or why there is nothing to draw
     * (static text). */
    const char *(*fill)(const chart_subject *subject, figure *it);
} chart_kind;

#define CHART_KIND(id, name, scope, shows)                                                         \
    const char *chart_fill_##id(const chart_subject *subject, figure *it);
#include "report/chart_kind.def"
#undef CHART_KIND
extern const chart_kind chart_kinds[];
extern const size_t chart_kind_count;
const chart_kind *chart_kind_find(const char *name);

/* NULL, or why not; it must be released either way.  The figure's name says kind and subject. */
const char *chart_make(const chart_kind *kind, const chart_subject *subject, figure *it);

/* Shared by kinds. */
unsigned chart_color(const char *label);     /* the same in every chart */
bool chart_is_shown(const compare_row *row); /* has a time */
/* One value a process in order of execution; returns how many. values holds at least
 * results->samples.count. */
size_t chart_values(const chart_subject *subject, const compare_row *row, compare_measure measure,
                    double *values);
void chart_say_title(figure *it, const char *format, ...) RF_PRINTF(2, 3);
/* The label as it stands in a chart of times, with a mark when they are CPU time; borrowed until
 * the next call with the same buffer. */
enum { CHART_LABEL_SIZE = 128 };
extern const char chart_clock_note[]; /* end of a subtitle */
const char *chart_label(const compare_row *row, char out[CHART_LABEL_SIZE]);
/* "fibonacci, n = 27, steady time, 10 blocks, session 3, machine 30f16, commit 839cfd881". */
void chart_say_benchmark(figure *it, const chart_subject *subject, const char *what);
void chart_say_book(figure *it, const chart_subject *subject, const char *what);
/* Whether a benchmark has a place in the heat map. */
bool chart_heat_takes(const report_book *book, size_t entry);

typedef enum chart_format { CHART_SVG, CHART_PNG } chart_format;

typedef struct chart_drawing {
    char *script, *image; /* paths, owned; image NULL when it could not be drawn */
    char *note;         /* why not, and what to do; owned, NULL when it was */
} chart_drawing;

/* DIRECTORY/NAME.dat, .gp, .svg and -dark.svg (or .png). rebuild: the command that makes them
 * again. */
RF_MUST_USE ruff_status chart_draw(run_launcher *launcher, const figure *it, const char *rebuild,
                                   const char *directory, chart_format format,
                                   chart_drawing *drawing, ruff_error *err);
void chart_drawing_release(chart_drawing *drawing);

#endif
