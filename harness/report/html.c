/* The report as one HTML file: style, script and figures are inside, nothing is loaded. */
#include "report/html.h"

#include "report/chart.h"
#include "report/compare.h"
#include "report/markup.h"
#include "report/number.h"

#include <math.h>
#include <string.h>

static const char style[] = {
#include "report/html_style.inc"
};
static const char script[] = {
#include "report/html_script.inc"
};

static void element(rf_buffer *out, const char *tag, const char *text)
{
    rf_buffer_format(out, "<%s>", tag);
    report_markup_text(out, text);
    rf_buffer_format(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* ---- tables of sections ---- */

static void print_grid(const report_grid *grid, rf_buffer *out)
{
    rf_buffer_append_text(out, "<div class=wide><table><thead><tr>");
    for (size_t i = 0; i < grid->cells.count; i++) {
        size_t column = i % grid->column_count;
        bool head = i < grid->column_count;
        if (i && column == 0)
            rf_buffer_append_text(out, head                      ? ""
                                       : i == grid->column_count ? "</tr></thead><tbody><tr>"
                                                                 : "</tr><tr>");
        element(out,
                head ? (grid->align[column] == REPORT_LEFT ? "th" : "th class=n")
                     : (grid->align[column] == REPORT_LEFT ? "td" : "td class=n"),
                grid->cells.data[i].text);
    }
    rf_buffer_append_text(out, "</tr></tbody></table></div>");
}

static void print_section(const report_story *story, const report_section *section, rf_buffer *out)
{
    report_page page = {0};
    rf_buffer_format(out, "<section id=%s>", section->id);
    element(out, "h2", section->title);
    section->fill(story, &page);
    for (size_t i = 0; i < page.items.count; i++) {
        if (page.items.data[i].grid)
            print_grid(page.items.data[i].grid, out);
        else
            element(out, "p", page.items.data[i].text);
    }
    report_page_release(&page);
    rf_buffer_append_text(out, "</section>\n");
}

/* ---- benchmarks ---- */

static void number_cell(rf_buffer *out, const compare_estimate *estimate, double scale)
{
    char number[REPORT_NUMBER_SIZE];
    if (!estimate->count) {
        rf_buffer_append_text(out, "<td class=n>-</td>");
        return;
    }
    rf_buffer_format(out, "<td class=n>%s</td>",
                     report_significant(estimate->interval.value / scale, number));
}

static void ratio_cell(rf_buffer *out, const compare_row *row)
{
    char ratio[REPORT_NUMBER_SIZE], low[REPORT_NUMBER_SIZE], high[REPORT_NUMBER_SIZE];
    bool has = row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED;
    if (row->state == COMPARE_REFERENCE)
        rf_buffer_append_text(out, "<td class=n>1.00</td>");
    else if (has && row->ratio.has_interval)
        rf_buffer_format(
            out, "<td class=n>%s [%s, %s]</td>", report_significant(row->ratio.ratio, ratio),
            report_significant(row->ratio.low, low), report_significant(row->ratio.high, high));
    else
        rf_buffer_format(out, "<td class=n>%s</td>",
                         has ? report_significant(row->ratio.ratio, ratio) : "-");
}

static void print_row(const compare_table *table, const compare_row *row, rf_buffer *out)
{
    char *name = report_row_name(row), *verdict = report_verdict(row),
         *failure = report_failure(row);
    const char *kind = row->state != COMPARE_MEASURED ? ""
                       : row->verdict == STATS_FASTER ? " class=faster"
                       : row->verdict == STATS_SLOWER ? " class=slower"
                                                      : "";
    char letter[2] = {row->warmup.letter, '\0'};
    rf_buffer_append_text(out, "<tr>");
    element(out, "td", name);
    number_cell(out, &row->estimates[COMPARE_STEADY], 1e6);
    if (table->whole) {
        number_cell(out, &row->estimates[COMPARE_CPU], 1e6);
    } else {
        element(out, "td", letter);
        number_cell(out, &row->estimates[COMPARE_FIRST], 1e6);
        number_cell(out, &row->estimates[COMPARE_COLD], 1e6);
    }
    number_cell(out, &row->estimates[COMPARE_RSS_PEAK], 1048576);
    ratio_cell(out, row);
    rf_buffer_format(out, "<td%s>", *failure ? " class=failed" : kind);
    report_markup_text(out,
                       row->state == COMPARE_FAILED ? run_outcome_word(row->outcome) : verdict);
    rf_buffer_append_text(out, "</td></tr>");
    rf_free(name);
    rf_free(verdict);
    rf_free(failure);
}

static void print_failure(const compare_row *row, rf_buffer *out)
{
    char *failure = report_failure(row);
    if (*failure) {
        rf_buffer_append_text(out, "<p class=failed>");
        report_markup_text(out, row->label);
        rf_buffer_append_text(out, ": ");
        report_markup_text(out, failure);
        rf_buffer_append_text(out, "</p>");
    }
    rf_free(failure);
}

/* Where each profiled variant of the benchmark spends its time. */
static void print_hot(const report_hot_list *hot, const compare_table *table, rf_buffer *out)
{
    enum { MOST = 5 };
    const double least = 0.0005; /* less is 0.0 % */
    size_t shown = 0;
    for (size_t i = 0; hot && i < hot->list.count; i++) {
        const report_hot *it = &hot->list.data[i];
        if (strcmp(it->benchmark, table->benchmark) != 0 || strcmp(it->size, table->size_label) != 0) continue;
        if (!shown++)
            rf_buffer_append_text(out, "<div class='wide hot'><table><thead><tr><th>profile<th>variant<th class=n>ticks<th>function<th class=n>"
                                       "self %</tr></thead><tbody>");
        for (size_t f = 0; f < it->functions.count && f < MOST && it->functions.data[f].share >= least; f++) {
            rf_buffer_format(out, "<tr><td title=\"ruff profile show %lld\">#%lld", (long long)it->profile, (long long)it->profile);
            if (*it->commit) rf_buffer_format(out, " of %.9s", it->commit);
            rf_buffer_append_text(out, "</td>");
            element(out, "td", it->variant);
            if (it->ticks) /* a profiler that counts calls has none */
                rf_buffer_format(out, "<td class=n>%llu</td>", (unsigned long long)it->ticks);
            else
                rf_buffer_append_text(out, "<td class=n>-</td>");
            element(out, "td", it->functions.data[f].name);
            rf_buffer_format(out, "<td class=n>%.1f</td></tr>", 100 * it->functions.data[f].share);
        }
    }
    if (!shown) return;
    rf_buffer_append_text(out, "</tbody></table></div><p>");
    char *text = rf_format_text("`ruff profile show NUMBER --db DATABASE` shows a profile, `ruffbench chart flame %s` draws it.",
                                table->benchmark);
    report_markup_text(out, text);
    rf_buffer_append_text(out, "</p>");
    rf_free(text);
}

/* Pixels of a figure beside a table, and on a phone: text then has the size of the text around it. */
enum { CARD_WIDTH = 350 };

static void print_card(const report_story *story, const report_entry *entry, rf_buffer *out)
{
    const compare_table *table = entry->table;
    const char *reference = report_reference_name(table);
    rf_buffer_append_text(out, "<article class='card bench' data-bench=\"");
    report_markup_text(out, table->benchmark);
    rf_buffer_append_text(out, "\" data-class=\"");
    report_markup_text(out, entry->class_name);
    rf_buffer_append_text(out, "\">");
    figure it;
    const chart_subject subject = {
        .set = &entry->session->set, .table = table, .results = &entry->session->results};
    const char *why = chart_make(chart_kind_find("bars"), &subject, &it);
    element(out, "h3", why ? table->benchmark : it.title);
    rf_buffer_append_text(out, "<p>");
    report_markup_text(out, why ? why : it.subtitle);
    rf_buffer_append_text(out, "</p>");
    if (!why) figure_svg(&it, CARD_WIDTH, 50 + 22 * (unsigned)it.panels.data[0].y.names.count, out);
    figure_release(&it);
    rf_buffer_format(out, "<div class=wide><table><thead><tr><th>variant<th class=n>%s"
                          "<th class=n>peak MiB<th class=n>&times; ",
                     table->whole ? "process ms<th class=n>CPU ms"
                                  : "steady ms<th>warm-up<th class=n>first ms<th class=n>cold ms");
    report_markup_text(out, reference ? reference : "-");
    rf_buffer_append_text(out, "<th>verdict</tr></thead><tbody>");
    for (size_t r = 0; r < table->rows.count; r++) print_row(table, &table->rows.data[r], out);
    rf_buffer_append_text(out, "</tbody></table></div>");
    if (report_has_cpu_clock(table)) {
        char *note = rf_format_text(REPORT_CPU_CLOCK_MARK " %s", report_cpu_clock_note);
        element(out, "p", note);
        rf_free(note);
    }
    for (size_t r = 0; r < table->rows.count; r++) print_failure(&table->rows.data[r], out);
    print_hot(story->hot, table, out);
    rf_buffer_append_text(out, "</article>\n");
}

static void print_cards(const report_story *story, rf_buffer *out)
{
    const report_book *book = story->book;
    rf_buffer_append_text(
        out,
        "<section id=each><h2>Each benchmark</h2><div class=filters><input id=filter type=search "
        "placeholder='Filter by name' aria-label='Filter by name'><select id=class "
        "aria-label=Class>"
        "<option value=''>all classes</option>");
    for (size_t i = 0; i < book->classes.count; i++) element(out, "option", book->classes.data[i]);
    rf_buffer_append_text(out, "</select><span id=count role=status></span></div>");
    for (size_t e = 0; e < book->entries.count; e++) print_card(story, &book->entries.data[e], out);
    rf_buffer_append_text(out, "</section>\n");
}

/* ---- overview figures ---- */

static void print_figure(const char *kind, const chart_subject *subject, unsigned width,
                         unsigned height, rf_buffer *out)
{
    figure it;
    if (!chart_make(chart_kind_find(kind), subject, &it)) {
        rf_buffer_append_text(out, "<figure class=card>");
        element(out, "h3", it.title);
        element(out, "p", it.subtitle);
        figure_svg(&it, width, height, out);
        rf_buffer_append_text(out, "</figure>\n");
    }
    figure_release(&it);
}

static void print_heat(const report_story *story, rf_buffer *out)
{
    figure it;
    const report_frame *frame = &story->frames.data[0];
    const report_book *book = story->book;
    if (!chart_make(chart_kind_find("heat"), &(chart_subject){.frame = frame}, &it)) {
        const figure_panel *panel = &it.panels.data[0];
        const figure_series *cells = &panel->series.data[0];
        size_t labels = book->labels.count, next = 0;
        rf_buffer_append_text(out, "<section id=heat>");
        element(out, "h2", it.title);
        element(out, "p", it.subtitle);
        rf_buffer_append_text(out, "<div class=wide><table><thead><tr><th>benchmark");
        for (size_t i = 0; i < labels; i++) element(out, "th class=n", panel->x.names.data[i]);
        rf_buffer_append_text(out, "</tr></thead><tbody>");
        for (size_t row = panel->y.names.count, x = 0; row-- > 0; x++) {
            rf_buffer_append_text(out, "<tr data-bench=\"");
            report_markup_text(out, panel->y.names.data[row]);
            size_t main = SIZE_MAX;
            for (size_t e = 0, seen = 0; e < book->entries.count && main == SIZE_MAX; e++)
                if (chart_heat_takes(book, e) && seen++ == x) main = e;
            rf_buffer_append_text(out, "\" data-class=\"");
            report_markup_text(out, main == SIZE_MAX ? "" : book->entries.data[main].class_name);
            rf_buffer_append_text(out, "\">");
            element(out, "td", panel->y.names.data[row]);
            for (size_t i = 0; i < labels; i++) { /* cells stand in this order */
                const figure_point *point =
                    next < cells->points.count ? &cells->points.data[next] : NULL;
                unsigned ink, color;
                if (!point || (size_t)lround(point->y) != row + 1 ||
                    (size_t)lround(point->x) != i + 1) {
                    rf_buffer_append_text(out, "<td class=heat>-</td>");
                    continue;
                }
                color = figure_shade(point->shade, &ink);
                rf_buffer_format(
                    out, "<td class=heat style='background:#%06x;color:#%06x' data-v=%.4g>%s</td>",
                    color, ink, pow(2, point->shade * 5), point->label);
                next++;
            }
            rf_buffer_append_text(out, "</tr>");
        }
        rf_buffer_append_text(out, "</tbody></table></div></section>\n");
    }
    figure_release(&it);
}

static void print_history(const report_story *story, rf_buffer *out)
{
    enum { MOST = 60 };
    size_t shown = 0;
    rf_buffer_append_text(out, "<div class=cards>");
    for (size_t i = 0; i < story->book->history.count && shown < MOST; i++) {
        const history_series *series = &story->book->history.data[i];
        if (series->points.count < 2) continue;
        print_figure("history",
                     &(chart_subject){.series = series, .findings = &story->book->findings.data[i]},
                     CARD_WIDTH, 190, out);
        shown++;
    }
    rf_buffer_append_text(out, "</div>\n");
}

static void print_head(const report_story *story, size_t sections, rf_buffer *out)
{
    rf_buffer_append_text(
        out, "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport "
             "content='width=device-width,initial-scale=1'><title>Benchmarks</title><style>\n");
    rf_buffer_append(out, style, sizeof style - 1);
    rf_buffer_append_text(out, "</style></head><body>\n<header><h1>Benchmarks</h1><button id=theme "
                               "type=button>Light / dark</button>"
                               "</header>\n<nav>");
    for (size_t i = 0; i < sections; i++)
        if (!report_sections[i].on_request)
            rf_buffer_format(out, "<a href='#%s'>%s</a>", report_sections[i].id,
                             report_sections[i].title);
    rf_buffer_append_text(out,
                          story->frames.count
                              ? "<a href='#heat'>Heat</a><a href='#each'>Each benchmark</a></nav>\n"
                              : "<a href='#each'>Each benchmark</a></nav>\n");
}

void report_html(const report_story *story, rf_buffer *out)
{
    /* Without results every section would say so. */
    const size_t sections = story->book->entries.count ? report_section_count : 1;
    print_head(story, sections, out);
    for (size_t i = 0; i < sections; i++) {
        const char *id = report_sections[i].id;
        if (report_sections[i].on_request) continue;
        print_section(story, &report_sections[i], out);
        if (!strcmp(id, "summary") && story->frames.count)
            print_figure("means", &(chart_subject){.frame = &story->frames.data[0]}, CARD_WIDTH + 70,
                         60 + 24 * (unsigned)story->book->labels.count, out);
        if (!strcmp(id, "classes") && story->frames.count) print_heat(story, out);
        if (!strcmp(id, "history")) print_history(story, out);
    }
    print_cards(story, out);
    rf_buffer_append_text(out, "<script>\n");
    rf_buffer_append(out, script, sizeof script - 1);
    rf_buffer_append_text(out, "</script></body></html>\n");
}
