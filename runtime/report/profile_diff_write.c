/* The difference as files. */
#include "report/profile_diff.h"

#include "report/frame_name.h"
#include "report/page.h"
#include "report/report.h"
#include "report/svg.h"

#include "base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *path, const char *extension)
{
    const size_t length = strlen(path), size = strlen(extension);
    return length > size && strcmp(path + length - size, extension) == 0;
}

static void append_page(const rf_profile_diff *diff, rf_buffer *out)
{
    const size_t count = diff->tree.nodes.count;
    double *before = rf_alloc_array(double, count), *after = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) {
        before[i] = round(diff->before_ns[i] / 1000);
        after[i] = round(diff->after_ns[i] / 1000);
    }
    const rf_page_diff page = {.before_us = before, .after_us = after, .q = diff->node_q, .func_q = diff->func_q,
                               .before_ticks = diff->before_ticks, .after_ticks = diff->after_ticks, .title = diff->title};
    rf_report_append_page(out, &diff->united, &diff->tree, &page);
    rf_free(before);
    rf_free(after);
}

/* With what is below each node; new. */
static double *total(const rf_call_tree *tree, const double *self)
{
    double *sums = rf_alloc_array(double, tree->nodes.count);
    memcpy(sums, self, tree->nodes.count * sizeof *sums);
    for (size_t i = tree->nodes.count; i-- > 1;) sums[tree->nodes.data[i].parent] += sums[i];
    return sums;
}

static void append_svg(const rf_profile_diff *diff, rf_buffer *out)
{
    double *before = total(&diff->tree, diff->before_ns), *after = total(&diff->tree, diff->after_ns);
    const rf_svg_diff svg = {.before_ns = before, .after_ns = after, .q = diff->node_q,
                             .scale = diff->all_before_ns > 0 ? diff->all_after_ns / diff->all_before_ns : 1, .title = diff->title};
    rf_report_append_svg(out, &diff->united, &diff->tree, &svg, NULL);
    rf_free(before);
    rf_free(after);
}

/* "stack BEFORE AFTER", as difffolded.pl writes it. */
static void append_folded(const rf_profile_diff *diff, rf_buffer *out)
{
    const rf_call_tree *tree = &diff->tree;
    char **texts = rf_alloc_array_zero(char *, tree->nodes.count);
    rf_buffer label = RF_BUFFER_INIT;
    for (size_t i = 1; i < tree->nodes.count; i++) { /* callers stand before */
        const rf_call_node *node = &tree->nodes.data[i];
        rf_buffer_clear(&label);
        rf_report_append_label(&label, &diff->united, node->func);
        for (char *at = label.data; *at; at++)
            if (*at == ';' || (unsigned char)*at < ' ') *at = '_';
        texts[i] = node->parent ? rf_format_text("%s;%s", texts[node->parent], label.data) : rf_strdup(label.data);
        if (diff->before_ns[i] >= 500 || diff->after_ns[i] >= 500)
            rf_buffer_format(out, "%s %.0f %.0f\n", texts[i], diff->before_ns[i] / 1000, diff->after_ns[i] / 1000);
    }
    for (size_t i = 0; i < tree->nodes.count; i++) rf_free(texts[i]);
    rf_free(texts);
    rf_buffer_release(&label);
}

bool rf_profile_diff_write(const rf_profile_diff *diff, const char *path, char **error)
{
    rf_buffer out = RF_BUFFER_INIT;
    if (ends_with(path, ".html"))
        append_page(diff, &out);
    else if (ends_with(path, ".svg"))
        append_svg(diff, &out);
    else if (ends_with(path, ".folded") || ends_with(path, ".txt"))
        append_folded(diff, &out);
    else {
        *error = rf_format_text("%s: a difference can be written as .html, .svg, .folded or .txt", path);
        return false;
    }
    ruff_error err = RUFF_ERROR_INIT;
    const ruff_status status = rf_file_replace(path, out.data ? out.data : "", out.size, &err);
    if (status) *error = rf_format_text("cannot write %s: %s", path, err.message);
    ruff_error_release(&err);
    rf_buffer_release(&out);
    return !status;
}
