#include "report/chart.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "report/compare.h"
#include "run/tool.h"

#include <stdarg.h>
#include <string.h>

const chart_kind chart_kinds[] = {
#define CHART_KIND(id, name, scope, shows) {name, shows, scope, chart_fill_##id},
#include "report/chart_kind.def"
#undef CHART_KIND
};
const size_t chart_kind_count = RF_COUNT_OF(chart_kinds);

const chart_kind *chart_kind_find(const char *name)
{
    for (size_t i = 0; i < chart_kind_count; i++)
        if (!strcmp(chart_kinds[i].name, name)) return &chart_kinds[i];
    return NULL;
}

/* Letters, digits, dot and dash only: also names of series become file names. */
static void clean_name(char *name)
{
    for (; *name; name++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_", *name))
            *name = '-';
}

static char *name_of(const chart_kind *kind, const chart_subject *subject)
{
    char *name = NULL, *series;
    switch (kind->scope) {
    case CHART_OF_BENCHMARK:
        name = strcmp(subject->table->size_label, "default")
                   ? rf_format_text("%s-%s-%s", subject->table->benchmark,
                                    subject->table->size_label, kind->name)
                   : rf_format_text("%s-%s", subject->table->benchmark, kind->name);
        break;
    case CHART_OF_CLASS: name = rf_format_text("%s-%s", kind->name, subject->class_name); break;
    case CHART_OF_BOOK: break;
    case CHART_OF_SERIES:
        series = history_series_name(subject->series);
        name = rf_format_text("%s-%s", series, kind->name);
        rf_free(series);
        break;
    case CHART_OF_PROFILE:
    case CHART_OF_PROFILE_PAIR:
        name = rf_format_text("%s-%s-%s-%s", subject->hot->benchmark, subject->hot->size, subject->hot->variant, kind->name);
        break;
    }
    if (!name) name = rf_strdup(kind->name);
    clean_name(name);
    return name;
}

const char *chart_make(const chart_kind *kind, const chart_subject *subject, figure *it)
{
    *it = (figure){.name = name_of(kind, subject), .columns = 1};
    const char *why = kind->fill(subject, it);
    if (!it->title) it->title = rf_strdup("");
    if (!it->subtitle) it->subtitle = rf_strdup("");
    return why;
}

/* ---- shared by kinds ---- */

const char chart_clock_note[] = ", " REPORT_CPU_CLOCK_MARK " CPU time";

unsigned chart_color(const char *label)
{
    static const struct {
        const char *label;
        unsigned color;
    } known[] = {{"ruff:vm", 1}, {"ruff:interp", 6}, {"ruff:jit", 2}, {"go", 3},    {"python", 4},
                 {"node", 7},    {"lua", 5},         {"c", 8},        {"luajit", 0}};
    unsigned hash = 0;
    for (size_t i = 0; i < RF_COUNT_OF(known); i++)
        if (!strcmp(known[i].label, label)) return known[i].color;
    for (; *label; label++) hash = hash * 31 + (unsigned char)*label;
    return 1 + hash % 8;
}

bool chart_is_shown(const compare_row *row)
{
    return row->estimates[COMPARE_STEADY].count > 0;
}

size_t chart_values(const chart_subject *subject, const compare_row *row, compare_measure measure,
                    double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < subject->results->samples.count; i++) {
        const store_sample *sample = &subject->results->samples.data[i];
        if (sample->variant != row->variant || sample->param != subject->table->param ||
            sample->outcome != RUN_OK)
            continue;
        stats_warmup warmup = compare_classify(sample);
        double value = compare_value_of(sample, &warmup, measure);
        if (value > 0) values[count++] = value;
    }
    return count;
}

void chart_say_title(figure *it, const char *format, ...)
{
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    rf_free(it->title);
    it->title = rf_buffer_take(&text);
}

const char *chart_label(const compare_row *row, char out[CHART_LABEL_SIZE])
{
    snprintf(out, CHART_LABEL_SIZE, "%s%s", row->label, row->cpu_clock ? REPORT_CPU_CLOCK_MARK : "");
    return out;
}

void chart_say_benchmark(figure *it, const chart_subject *subject, const char *what)
{
    const compare_table *table = subject->table;
    rf_free(it->subtitle);
    it->subtitle =
        rf_format_text("%s, %s = %llu, %s, %zu blocks, session %lld, machine %.5s%s%.9s%s",
                       table->benchmark, table->unit, (unsigned long long)table->size, what,
                       table->blocks, (long long)subject->set->session, subject->set->machine,
                       *subject->set->commit ? ", commit " : "", subject->set->commit,
                       report_has_cpu_clock(table) ? chart_clock_note : "");
}

void chart_say_book(figure *it, const chart_subject *subject, const char *what)
{
    const compare_set *set = &report_book_newest(subject->frame->book)->set;
    rf_free(it->subtitle);
    it->subtitle =
        rf_format_text("%s, session %lld, machine %.5s%s%.9s%s", what, (long long)set->session,
                       set->machine, *set->commit ? ", commit " : "", set->commit,
                       report_book_has_cpu_clock(subject->frame->book, NULL) ? chart_clock_note : "");
}

/* ---- files ---- */

static ruff_status save(const char *path, const rf_buffer *text, ruff_error *err)
{
    ruff_status status = rf_file_replace(path, text->data, text->size, err);
    if (status) rf_error_wrap(err, "%s", path);
    return status;
}

static void draw(run_launcher *launcher, const char *directory, const char *name,
                 chart_format format, chart_drawing *drawing)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer printed = RF_BUFFER_INIT;
    char *script = rf_format_text("%s.gp", name);
    const bool is_png = format == CHART_PNG;
    const char *argv[] = {"gnuplot", "-e", is_png ? "png=1" : "png=0", script, NULL};
    run_tool_job job = {
        .argv = argv, .directory = directory, .timeout_ns = (int64_t)60 * 1000000000};
    if (!run_tool(launcher, &job, &printed, NULL, &err))
        drawing->image = rf_format_text("%s/%s.%s", directory, name, is_png ? "png" : "svg");
    else
        drawing->note = rf_format_text("no figure: %s; with gnuplot installed, run: gnuplot %s",
                                       err.message, drawing->script);
    rf_free(script);
    rf_buffer_release(&printed);
    ruff_error_release(&err);
}

ruff_status chart_draw(run_launcher *launcher, const figure *it, const char *rebuild,
                       const char *directory, chart_format format, chart_drawing *drawing,
                       ruff_error *err)
{
    *drawing = (chart_drawing){0};
    rf_buffer data = RF_BUFFER_INIT, script = RF_BUFFER_INIT;
    char *data_path = rf_format_text("%s/%s.dat", directory, it->name);
    drawing->script = rf_format_text("%s/%s.gp", directory, it->name);
    figure_gnuplot(it, rebuild, &data, &script);
    ruff_status status = save(data_path, &data, err);
    if (!status) status = save(drawing->script, &script, err);
    if (!status) draw(launcher, directory, it->name, format, drawing);
    rf_free(data_path);
    rf_buffer_release(&data);
    rf_buffer_release(&script);
    return status;
}

void chart_drawing_release(chart_drawing *drawing)
{
    rf_free(drawing->script);
    rf_free(drawing->image);
    rf_free(drawing->note);
    *drawing = (chart_drawing){0};
}
