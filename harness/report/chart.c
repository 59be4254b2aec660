#include "report/chart.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "report/compare.h"
#include "report/number.h"
#include "run/tool.h"

#include <string.h>

static const char style[] = {
#include "report/chart_style.inc"
};

/* Inside a double-quoted text of gnuplot; enhanced text would read _ and ^ as markup, so that is switched off. */
static void quote(const char *text, rf_buffer *out)
{
    rf_buffer_append_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') rf_buffer_append_byte(out, '\\');
        rf_buffer_append_byte(out, *text);
    }
    rf_buffer_append_byte(out, '"');
}

static bool is_drawn(const compare_row *row)
{
    return row->state == COMPARE_REFERENCE || row->state == COMPARE_MEASURED || row->state == COMPARE_UNRANKED;
}

/* place, ratio, low, high, label: the fastest on top. */
static size_t write_data(const compare_table *table, rf_buffer *out)
{
    size_t count = 0;
    rf_buffer_append_text(out, "# place\tratio\tlow\thigh\tlabel\n");
    for (size_t i = table->rows.count; i-- > 0;) {
        const compare_row *row = &table->rows.data[i];
        bool reference = row->state == COMPARE_REFERENCE;
        if (!is_drawn(row)) continue;
        rf_buffer_format(out, "%zu\t%.9g\t%.9g\t%.9g\t", ++count, reference ? 1 : row->ratio.ratio,
                         reference ? 1 : row->ratio.low, reference ? 1 : row->ratio.high);
        quote(row->label, out);
        rf_buffer_append_byte(out, '\n');
    }
    return count;
}

/* "node is 1.04x of ruff:jit, unsure": the finding about the best row that is not the reference. */
static char *finding(const compare_table *table)
{
    char ratio[REPORT_NUMBER_SIZE];
    for (size_t i = 0; i < table->rows.count; i++) {
        const compare_row *row = &table->rows.data[i];
        if (row->state == COMPARE_MEASURED)
            return rf_format_text("%s is %s× of %s, %s", row->label, report_significant(row->ratio.ratio, ratio),
                                  report_reference_name(table), stats_verdict_name(row->verdict));
    }
    return rf_strdup(table->benchmark);
}

static void write_script(const compare_set *set, const compare_table *table, const char *name, size_t count,
                         rf_buffer *out)
{
    char *title = finding(table);
    char *subtitle = rf_format_text("%s, %s = %llu, %s time, %zu blocks, session %lld, machine %.5s%s%.9s",
                                    table->benchmark, table->unit, (unsigned long long)table->size,
                                    compare_measure_row_of(table->options.measure)->word, table->blocks,
                                    (long long)set->session, set->machine, *set->commit ? ", commit " : "", set->commit);
    rf_buffer_format(out, "# Redraw: gnuplot %s.gp    Measured by session %lld of ruffbench.\n", name,
                     (long long)set->session);
    rf_buffer_append(out, style, sizeof style - 1);
    rf_buffer_format(out, "set output '%s.svg'\nset label 1 ", name);
    quote(title, out);
    rf_buffer_append_text(out, " at screen 0.02,0.95 left font 'sans-serif,13' noenhanced\nset label 2 ");
    quote(subtitle, out);
    rf_buffer_append_text(out, " at screen 0.02,0.90 left tc rgb '#666666' noenhanced\nset tmargin 5\nset xlabel ");
    char *axis = rf_format_text("ratio to %s (log scale, interval of %g %%)", report_reference_name(table),
                                100 * (1 - table->options.alpha));
    quote(axis, out);
    rf_buffer_format(out,
                     " noenhanced\nset logscale x\nset grid x ls 10\nset yrange [0.4:%zu.6]\nunset key\n"
                     "set ytics noenhanced\nset arrow 1 from 1,graph 0 to 1,graph 1 nohead lc rgb '#000000' lw 0.8\n"
                     "plot '%s.dat' using 2:1:3:4:ytic(5) with xerrorbars ls 1\n", count, name);
    rf_free(axis);
    rf_free(title);
    rf_free(subtitle);
}

static ruff_status save(const char *path, const rf_buffer *text, ruff_error *err)
{
    ruff_status status = rf_file_replace(path, text->data, text->size, err);
    if (status) rf_error_wrap(err, "%s", path);
    return status;
}

static void draw(run_launcher *launcher, const char *directory, const char *name, report_chart *chart)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer printed = RF_BUFFER_INIT;
    char *script = rf_format_text("%s.gp", name);
    const char *argv[] = {"gnuplot", script, NULL};
    run_tool_job job = {.argv = argv, .directory = directory, .timeout_ns = (int64_t)60 * 1000000000};
    if (!run_tool(launcher, &job, &printed, NULL, &err))
        chart->svg = rf_format_text("%s/%s.svg", directory, name);
    else
        chart->note = rf_format_text("no figure: %s; with gnuplot installed, run: gnuplot %s", err.message,
                                     chart->script);
    rf_free(script);
    rf_buffer_release(&printed);
    ruff_error_release(&err);
}

ruff_status report_chart_ratio(run_launcher *launcher, const compare_set *set, const compare_table *table,
                               const char *directory, report_chart *chart, ruff_error *err)
{
    *chart = (report_chart){0};
    rf_buffer data = RF_BUFFER_INIT, script = RF_BUFFER_INIT;
    char *name = rf_format_text("session-%lld-%s-%s-ratio", (long long)set->session, table->benchmark,
                                table->size_label);
    char *data_path = rf_format_text("%s/%s.dat", directory, name);
    chart->script = rf_format_text("%s/%s.gp", directory, name);
    size_t count = write_data(table, &data);
    write_script(set, table, name, count, &script);
    ruff_status status = save(data_path, &data, err);
    if (!status) status = save(chart->script, &script, err);
    if (!status) draw(launcher, directory, name, chart);
    rf_free(name);
    rf_free(data_path);
    rf_buffer_release(&data);
    rf_buffer_release(&script);
    return status;
}

void report_chart_release(report_chart *chart)
{
    rf_free(chart->script);
    rf_free(chart->svg);
    rf_free(chart->note);
    *chart = (report_chart){0};
}
