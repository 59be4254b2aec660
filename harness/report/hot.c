/* What a stored profile says, as a chart: a bar a function.  The picture itself is the flame graph of the profiler. */
#include "report/hot.h"

#include "base/alloc.h"
#include "report/chart.h"

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
