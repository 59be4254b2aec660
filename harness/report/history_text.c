#include "report/history.h"

#include "report/number.h"

#include <math.h>
#include <string.h>

enum { MARGIN = 7 };

static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

typedef struct window {
    size_t first; /* older points do not fit */
    double least, most;
    report_unit unit;
} window;

static window window_of(const history_series *series, const report_terminal *terminal)
{
    size_t count = series->points.count,
           room = terminal->width > 40 ? terminal->width - 2 * MARGIN - 8 : 20;
    window view = {.first = count > room ? count - room : 0, .least = (double)INFINITY};
    for (size_t i = view.first; i < count; i++) {
        view.least = fmin(view.least, series->points.data[i].value);
        view.most = fmax(view.most, series->points.data[i].value);
    }
    view.unit = report_time_unit(view.least, 1);
    return view;
}

/* Least and most are at least 10 % apart, so that noise looks like noise. */
static const char *height_of(const window *view, double value)
{
    double most = fmax(view->most, 1.1 * view->least);
    double at = (value - view->least) / (most - view->least) * 7.99;
    return heights[at < 0 ? 0 : at > 7 ? 7 : (size_t)at];
}

static const history_change *change_at(const history_findings *findings, size_t index)
{
    for (size_t i = 0; i < findings->changes.count; i++)
        if (!findings->changes.data[i].is_drift && findings->changes.data[i].index == index)
            return &findings->changes.data[i];
    return NULL;
}

static bool epoch_begins(const history_series *series, size_t index)
{
    return index && series->points.data[index].epoch != series->points.data[index - 1].epoch;
}

/* Column of a point in the line, counting the marks before it. */
static size_t column_of(const history_series *series, const history_findings *findings,
                        const window *view, size_t index)
{
    size_t column = MARGIN;
    for (size_t i = view->first; i < index; i++) {
        column++;
        if (i > view->first && (change_at(findings, i) || epoch_begins(series, i))) column++;
    }
    return column;
}

static void print_line(const history_series *series, const history_findings *findings,
                       const window *view, const report_terminal *terminal, rf_buffer *out)
{
    char number[REPORT_NUMBER_SIZE];
    size_t last = series->points.count - 1;
    rf_buffer_format(
        out, "%*s ", MARGIN - 1,
        report_significant(series->points.data[view->first].value / view->unit.scale, number));
    for (size_t i = view->first; i <= last; i++) {
        if (i > view->first && epoch_begins(series, i))
            report_styled(out, terminal, REPORT_DIM, "┃");
        else if (i > view->first && change_at(findings, i))
            report_styled(out, terminal, REPORT_DIM, "┊");
        rf_buffer_append_text(out, height_of(view, series->points.data[i].value));
    }
    rf_buffer_format(
        out, " %s\n",
        report_significant(series->points.data[last].value / view->unit.scale, number));
}

/* As much of it as fits, whole letters, with a mark where something is left out. */
static void print_subject(const char *subject, size_t room, rf_buffer *out)
{
    enum { MOST = 40, LEAST = 6 };
    if (room > MOST) room = MOST;
    if (report_width(subject) + 1 <= room) {
        rf_buffer_format(out, " %s", subject);
        return;
    }
    if (room < LEAST) return;
    rf_buffer_append_byte(out, ' ');
    report_append_cut(out, subject, room - 1);
}

static void print_change(const history_series *series, const history_findings *findings,
                         const window *view, size_t index, const report_terminal *terminal,
                         rf_buffer *out)
{
    const history_change *change = change_at(findings, index);
    const history_point *point = &series->points.data[index];
    size_t column = column_of(series, findings, view, index), used = MARGIN;
    report_repeat(out, " ", MARGIN);
    for (size_t i = view->first; i < index; i++) { /* lines down to the changes still to come */
        size_t at = column_of(series, findings, view, i);
        if (i == view->first || !change_at(findings, i) || at < used) continue;
        report_repeat(out, " ", at - used);
        rf_buffer_append_text(out, "│");
        used = at + 1;
    }
    report_repeat(out, " ", column > used ? column - used : 0);
    if (used < column) used = column;
    rf_buffer_format(out, "└ %.7s ", point->sha);
    rf_buffer state = RF_BUFFER_INIT;
    if (*change->state) rf_buffer_format(&state, "  %s", change->state);
    if (change->id) rf_buffer_format(&state, " (%lld)", (long long)change->id);
    double percent = 100 * (change->after / change->before - 1);
    char size[96];
    int plain = snprintf(size, sizeof size, "%+.1f%%", percent);
    used += report_width("└ 0123456 ");
    if (used + (size_t)plain + state.size > terminal->width && change->id) { /* the number tells more than the word */
        rf_buffer_clear(&state);
        rf_buffer_format(&state, " (%lld)", (long long)change->id);
    }
    used += state.size;
    size_t room = terminal->width > used ? terminal->width - used : 0;
    char interval[64] = "";
    if (change->ratio.has_interval)
        snprintf(interval, sizeof interval, " [%.1f, %.1f]", 100 * (change->ratio.low - 1),
                 100 * (change->ratio.high - 1));
    if ((size_t)plain + strlen(interval) <= room)
        snprintf(size + plain, sizeof size - (size_t)plain, "%s", interval);
    room -= strlen(size) < room ? strlen(size) : room;
    report_styled(out, terminal, percent > 0 ? REPORT_BAD : REPORT_GOOD, size);
    print_subject(point->subject, room, out);
    if (state.size) rf_buffer_append(out, state.data, state.size);
    rf_buffer_append_byte(out, '\n');
    rf_buffer_release(&state);
}

static void print_epochs(const history_series *series, rf_buffer *out)
{
    for (size_t i = 0; i < series->points.count; i++) {
        const history_point *point = &series->points.data[i];
        if (point->cause)
            rf_buffer_format(out, "        epoch %zu from %.7s: %s changed\n", point->epoch, point->sha,
                             point->cause);
    }
}

static void print_notes(const history_series *series, const history_findings *findings,
                        rf_buffer *out)
{
    for (size_t i = 0; i < findings->changes.count; i++) {
        const history_change *change = &findings->changes.data[i];
        if (change->is_drift)
            rf_buffer_format(out, "        drift of %+.1f%% since %.7s, p %.2g\n",
                             100 * (change->after / change->before - 1),
                             series->points.data[change->index].sha, change->p);
    }
    if (findings->has_newest && findings->newest.warn)
        rf_buffer_append_text(
            out, "        the newest point lies outside of what the last ones predict\n");
}

void report_history_text(const history_series *series, const history_findings *findings,
                         const report_terminal *terminal, rf_buffer *out)
{
    window view = window_of(series, terminal);
    char *name = history_series_name(series);
    report_styled(out, terminal, REPORT_BOLD, name);
    rf_buffer about = RF_BUFFER_INIT;
    rf_buffer_format(&about, "  steady %s%s  machine %.5s  %zu commit%s", view.unit.name,
                     series->cpu_clock ? " of CPU time" : "", series->machine, series->points.count,
                     series->points.count == 1 ? "" : "s");
    if (series->epochs > 1) rf_buffer_format(&about, "  epoch %zu", series->epochs);
    if (report_width(name) + report_width(about.data) <= terminal->width)
        rf_buffer_format(out, "%s\n", about.data);
    else
        report_wrap(out, about.data + strspn(about.data, " "), report_width(name), 4, terminal->width);
    rf_buffer_release(&about);
    print_line(series, findings, &view, terminal, out);
    for (size_t i = series->points.count; i-- > view.first + 1;)
        if (change_at(findings, i)) print_change(series, findings, &view, i, terminal, out);
    print_epochs(series, out);
    print_notes(series, findings, out);
    rf_free(name);
}

json_t *report_history_json(const history_series *series, const history_findings *findings)
{
    json_t *points = json_array(), *changes = json_array();
    for (size_t i = 0; i < series->points.count; i++) {
        const history_point *point = &series->points.data[i];
        json_array_append_new(
            points,
            json_pack("{s:s,s:s,s:I,s:b,s:f,s:f,s:f,s:I,s:I,s:I}", "commit", point->sha, "subject",
                      point->subject, "commit_ns", (json_int_t)point->commit_ns, "dirty",
                      point->dirty, "value_ns", point->value, "low_ns", point->low, "high_ns",
                      point->high, "sessions", (json_int_t)point->sessions, "session",
                      (json_int_t)point->session, "epoch", (json_int_t)point->epoch));
    }
    for (size_t i = 0; i < findings->changes.count; i++) {
        const history_change *change = &findings->changes.data[i];
        json_array_append_new(
            changes,
            json_pack("{s:s,s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:s?,s:I}", "kind",
                      change->is_drift ? "drift" : "step", "commit",
                      series->points.data[change->index].sha, "before_ns", change->before,
                      "after_ns", change->after, "ratio", change->after / change->before, "low",
                      change->ratio.low, "high", change->ratio.high, "p", change->p, "state",
                      *change->state ? change->state : NULL, "id", (json_int_t)change->id));
    }
    return json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:b,s:o,s:o}", "clock",
        series->cpu_clock ? "cpu" : "wall", "benchmark",
        series->benchmark, "language",
        series->language, "mode", series->mode, "size_label", series->param, "machine",
        series->machine, "epochs", (json_int_t)series->epochs, "newest_outside_prediction",
        findings->has_newest && findings->newest.warn, "points", points, "changes", changes);
}
