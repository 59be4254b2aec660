/* One program under several engines, by line.  Functions, files and lines are the keys of every engine's profile, so a line
 * of one is the same line of another. */
#include "report/profile_diff.h"

#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

typedef struct line_row {
    const char *file; /* base name; borrowed from a profile */
    const char *text; /* without its indentation, not ended; borrowed; NULL when there is none */
    int size;
    uint32_t line;
    double *ns;       /* by profile; owned */
    double all_ns;
} line_row;

typedef RF_VECTOR(line_row) line_list;

static line_row *find_line(line_list *list, const char *file, uint32_t line, size_t profiles)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->data[i].line == line && strcmp(list->data[i].file, file) == 0) return &list->data[i];
    const line_row row = {.file = file, .line = line, .ns = rf_alloc_array_zero(double, profiles)};
    rf_vector_push(list, row);
    return &rf_vector_last(list);
}

static void take_text(line_row *row, const rf_prof_file *file)
{
    const char *at = file->text;
    for (uint32_t i = 1; at && i < row->line; i++) {
        at = strchr(at, '\n');
        if (at) at++;
    }
    if (!at) return;
    row->text = at + strspn(at, " \t");
    row->size = (int)strcspn(row->text, "\r\n");
}

static int compare_lines(const void *a, const void *b)
{
    const line_row *x = a, *y = b;
    if (x->all_ns != y->all_ns) return x->all_ns < y->all_ns ? 1 : -1;
    return (x->line > y->line) - (x->line < y->line);
}

/* Own time of each line under each engine, most first; all_ns: of each profile. */
static line_list collect_lines(const rf_profile *const *profiles, size_t count, double *all_ns)
{
    line_list list = {0};
    for (size_t i = 0; i < count; i++) {
        const rf_profile *profile = profiles[i];
        rf_report_summary summary;
        rf_report_summary_init(&summary, profile);
        all_ns[i] = (double)summary.all.cpu_ns;
        for (size_t k = 0; k < summary.lines.count; k++) {
            const rf_report_line_row *from = &summary.lines.data[k];
            if (!from->own.cpu_ns) continue;
            line_row *row = find_line(&list, rf_report_base_name(profile->files.data[from->file].path), from->line, count);
            row->ns[i] += (double)from->own.cpu_ns;
            row->all_ns += (double)from->own.cpu_ns;
            if (!row->text) take_text(row, &profile->files.data[from->file]);
        }
        rf_report_summary_release(&summary);
    }
    if (list.count) qsort(list.data, list.count, sizeof *list.data, compare_lines);
    return list;
}

static void release_lines(line_list *list)
{
    for (size_t i = 0; i < list->count; i++) rf_free(list->data[i].ns);
    rf_vector_release(list);
}

static void append_ratio(rf_buffer *out, double first, double now)
{
    if (first <= 0)
        rf_buffer_format(out, " %9s", "-");
    else if (now <= 0)
        rf_buffer_format(out, " %9s", "gone");
    else
        rf_buffer_format(out, " %8.1fx", first / now);
}

static void append_numbers(rf_buffer *out, const double *ns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rf_buffer_format(out, " %9.1f ms", ns[i] / 1e6);
        if (i) append_ratio(out, ns[0], ns[i]);
    }
}

void rf_profile_lines_text(const rf_profile *const *profiles, size_t count, rf_buffer *out)
{
    double *all_ns = rf_alloc_array_zero(double, count);
    line_list list = collect_lines(profiles, count, all_ns);
    rf_buffer_format(out, "%s: own time of each line, and how many times faster than %s\n", profiles[0]->run.script, profiles[0]->run.engine);
    rf_buffer_format(out, "%-20s", "");
    for (size_t i = 0; i < count; i++) rf_buffer_format(out, i ? " %12s          " : " %12s", profiles[i]->run.engine);
    rf_buffer_format(out, "\n%-20s", "all");
    append_numbers(out, all_ns, count);
    rf_buffer_append_byte(out, '\n');
    size_t hidden = 0;
    for (size_t i = 0; i < list.count; i++) {
        const line_row *row = &list.data[i];
        bool is_seen = false;
        for (size_t k = 0; k < count; k++) is_seen |= all_ns[k] > 0 && row->ns[k] >= 0.001 * all_ns[k];
        hidden += !is_seen;
        if (!is_seen) continue;
        char *place = rf_format_text("%s:%u", row->file, row->line);
        rf_buffer_format(out, "%-20s", place);
        append_numbers(out, row->ns, count);
        if (row->text) rf_buffer_format(out, "  | %.*s", row->size < 60 ? row->size : 60, row->text);
        rf_buffer_append_byte(out, '\n');
        rf_free(place);
    }
    if (hidden) rf_buffer_format(out, "... %zu more below 0.1 %%\n", hidden);
    release_lines(&list);
    rf_free(all_ns);
}

void rf_profile_lines_json(const rf_profile *const *profiles, size_t count, rf_buffer *out)
{
    double *all_ns = rf_alloc_array_zero(double, count);
    line_list list = collect_lines(profiles, count, all_ns);
    rf_buffer_append_text(out, "{\"schema_version\":1");
    rf_json_string(out, "script", profiles[0]->run.script);
    rf_json_key(out, "engines");
    rf_buffer_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        rf_json_comma(out);
        rf_buffer_append_byte(out, '{');
        rf_json_string(out, "engine", profiles[i]->run.engine);
        rf_json_number(out, "cpu_ns", all_ns[i]);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_text(out, "],\"lines\":[");
    for (size_t i = 0; i < list.count; i++) {
        rf_json_comma(out);
        rf_buffer_append_byte(out, '{');
        rf_json_string(out, "file", list.data[i].file);
        rf_json_count(out, "line", list.data[i].line);
        rf_json_key(out, "cpu_ns");
        rf_buffer_append_byte(out, '[');
        for (size_t k = 0; k < count; k++) rf_buffer_format(out, "%s%.0f", k ? "," : "", list.data[i].ns[k]);
        rf_buffer_append_text(out, "]}");
    }
    rf_buffer_append_text(out, "]}\n");
    release_lines(&list);
    rf_free(all_ns);
}
