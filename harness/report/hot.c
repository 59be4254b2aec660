/* What a stored profile says, as a chart: a bar a function.  The picture itself is the flame graph of the profiler. */
#include "report/hot.h"

#include "base/alloc.h"
#include "report/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WEAK_TICKS = 200 }; /* as the flame graph itself says */

void report_hot_release(report_hot *it)
{
    for (size_t i = 0; i < it->functions.count; i++) rf_free(it->functions.data[i].name);
    rf_vector_release(&it->functions);
    rf_free(it->benchmark);
    rf_free(it->size);
    rf_free(it->variant);
    rf_free(it->commit);
    *it = (report_hot){0};
}

void report_hot_list_release(report_hot_list *it)
{
    for (size_t i = 0; i < it->list.count; i++) report_hot_release(&it->list.data[i]);
    rf_vector_release(&it->list);
}

char *report_hot_origin(const report_hot *it)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "%s/%s@%s, profile %lld", it->benchmark, it->size, it->variant, (long long)it->profile);
    if (it->session) rf_buffer_format(&text, ", session %lld", (long long)it->session);
    if (*it->commit) rf_buffer_format(&text, ", commit %.9s", it->commit);
    return rf_buffer_take(&text);
}

const char *chart_fill_flame(const chart_subject *subject, figure *it)
{
    const report_hot *hot = subject->hot;
    const size_t count = hot->functions.count;
    if (!count) return "the profile has no CPU time";
    const report_hot_function *top = &hot->functions.data[0];
    figure_panel *panel = figure_add_panel(it, NULL, "% of CPU time, function innermost", FIGURE_LINEAR, NULL, FIGURE_NAMES);
    figure_series *boxes = figure_add_series(panel, FIGURE_BOXES, chart_color(hot->variant), "");
    for (size_t place = 1; place <= count; place++) {
        const report_hot_function *function = &hot->functions.data[count - place];
        figure_point *point = figure_add_point(boxes, 0, (double)place);
        point->high = 100 * function->share;
        char *name = rf_format_text("%5.1f %s", 100 * function->share, function->name);
        rf_vector_push(&panel->y.names, name);
    }
    chart_say_title(it, "%s takes %.3g %% of %s in %s", top->name, 100 * top->share, hot->benchmark, hot->variant);
    char *origin = report_hot_origin(hot);
    rf_free(it->subtitle);
    it->subtitle = rf_format_text("%s, %.3g s of CPU time, %llu ticks%s", origin, hot->cpu_seconds, (unsigned long long)hot->ticks,
                                  hot->ticks && hot->ticks < WEAK_TICKS ? " (weak evidence)" : "");
    rf_free(origin);
    return NULL;
}

/* ---- two profiles ---- */

enum { MOST_MOVES = 10 };

typedef struct move {
    const char *name;
    double points; /* of the share of CPU time, hundredths */
} move;

static double share_of(const report_hot *it, const char *name)
{
    for (size_t i = 0; i < it->functions.count; i++)
        if (strcmp(it->functions.data[i].name, name) == 0) return it->functions.data[i].share;
    return 0;
}

static int compare_moves(const void *a, const void *b)
{
    const move *left = a, *right = b;
    const double difference = fabs(right->points) - fabs(left->points);
    return difference > 0 ? 1 : difference < 0 ? -1 : strcmp(left->name, right->name);
}

/* Every function of either side once, the largest move first; returns how many. */
static size_t list_moves(const report_hot *before, const report_hot *after, move *moves)
{
    size_t count = 0;
    for (size_t i = 0; i < after->functions.count; i++) {
        const report_hot_function *function = &after->functions.data[i];
        moves[count++] = (move){function->name, 100 * (function->share - share_of(before, function->name))};
    }
    for (size_t i = 0; i < before->functions.count; i++) {
        const report_hot_function *function = &before->functions.data[i];
        bool is_gone = true;
        for (size_t k = 0; k < after->functions.count && is_gone; k++)
            is_gone = strcmp(after->functions.data[k].name, function->name) != 0;
        if (is_gone) moves[count++] = (move){function->name, -100 * function->share};
    }
    qsort(moves, count, sizeof *moves, compare_moves);
    return count;
}

const char *chart_fill_flame_diff(const chart_subject *subject, figure *it)
{
    const report_hot *before = subject->before, *after = subject->hot;
    if (!before->functions.count || !after->functions.count) return "one of the profiles has no CPU time";
    move *moves = rf_alloc_array(move, before->functions.count + after->functions.count);
    const size_t all = list_moves(before, after, moves), count = all < MOST_MOVES ? all : MOST_MOVES;
    figure_panel *panel = figure_add_panel(it, NULL, "points of the share of CPU time", FIGURE_LINEAR, NULL, FIGURE_NAMES);
    figure_series *boxes = figure_add_series(panel, FIGURE_BOXES, chart_color(after->variant), "");
    for (size_t place = 1; place <= count; place++) {
        const move *one = &moves[count - place];
        figure_point *point = figure_add_point(boxes, fmin(0, one->points), (double)place);
        point->low = fmin(0, one->points);
        point->high = fmax(0, one->points);
        char *name = rf_format_text("%+5.1f %s", one->points, one->name);
        rf_vector_push(&panel->y.names, name);
    }
    if (fabs(moves[0].points) < 0.5)
        chart_say_title(it, "%s: no function of %s moved by half a point", after->benchmark, after->variant);
    else
        chart_say_title(it, "%s %s %.3g points of %s in %s", moves[0].name, moves[0].points > 0 ? "gains" : "loses",
                        fabs(moves[0].points), after->benchmark, after->variant);
    char *from = report_hot_origin(before), *to = report_hot_origin(after);
    rf_free(it->subtitle);
    it->subtitle = rf_format_text("from %s to %s", from, to);
    rf_free(from);
    rf_free(to);
    rf_free(moves);
    return NULL;
}
