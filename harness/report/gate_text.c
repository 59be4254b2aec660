#include "report/gate.h"

#include "report/grid.h"
#include "report/number.h"

#include <string.h>

/* "1.083 [1.071, 1.096]": four digits, since a gate is about percents. */
static void interval_text(const stats_ratio *ratio, char *out, size_t size)
{
    if (ratio->has_interval)
        snprintf(out, size, "%.3f [%.3f, %.3f]", ratio->ratio, ratio->low, ratio->high);
    else if (!ratio->count)
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%.3f", ratio->ratio);
}

/* What is in line behind `column` columns, as it stands where it fits, else in lines by words; empties line. */
static void append_line(rf_buffer *line, const report_terminal *terminal, size_t column, size_t indent, rf_buffer *out)
{
    if (!line->size)
        rf_buffer_append_byte(out, '\n');
    else if (column + report_width(line->data) <= terminal->width)
        rf_buffer_format(out, "%s\n", line->data);
    else
        report_wrap(out, line->data + strspn(line->data, " "), column, indent, terminal->width);
    rf_buffer_clear(line);
}

static void print_head(const compare_gate *gate, const report_gate_names *names,
                       const report_terminal *terminal, rf_buffer *out)
{
    char interval[96];
    rf_buffer line = RF_BUFFER_INIT;
    rf_buffer_format(&line, "%s -> %s   %zu blocks, measured together   margin %g%%", names->base,
                     names->candidate, gate->blocks, 100 * gate->margin);
    append_line(&line, terminal, 0, 4, out);
    rf_buffer_format(&line, "same %zu   faster %zu   unsure %zu   slower %zu",
                     compare_gate_count(gate, STATS_SAME), compare_gate_count(gate, STATS_FASTER),
                     compare_gate_count(gate, STATS_UNSURE),
                     compare_gate_count(gate, STATS_SLOWER));
    if (compare_gate_failures(gate))
        rf_buffer_format(&line, "   failed %zu", compare_gate_failures(gate));
    if (gate->geomean_count) {
        interval_text(&gate->geomean, interval, sizeof interval);
        rf_buffer_format(&line, "     geomean %s", interval);
        if (gate->geomean_count < gate->rows.count)
            rf_buffer_format(&line, " of %zu of %zu rows", gate->geomean_count, gate->rows.count);
    }
    append_line(&line, terminal, 0, 4, out);
    rf_buffer_release(&line);
}

static void print_more(const compare_gate *gate, const compare_gate_row *row, rf_buffer *out)
{
    char duration[REPORT_NUMBER_SIZE];
    if (!row->count) {
        rf_buffer_format(out, "  %s cannot be measured here: %s",
                         compare_measure_row_of(gate->measure)->word,
                         run_counter_status_word(row->status));
    } else if (!row->ratio.has_interval) {
        rf_buffer_append_text(out, "  too few blocks");
    } else if (row->more.too_close) {
        rf_buffer_format(out, "  too close to the margin to settle; a margin of %.1f%% would",
                         100 * row->more.smallest_margin);
    } else {
        size_t more = row->more.needed > row->count ? row->more.needed - row->count : 1;
        rf_buffer_format(out, "  needs about %zu more blocks, %s", more,
                         report_duration(row->wall_ns * (double)more, duration));
    }
}

static void print_row(const compare_gate *gate, const compare_gate_row *row,
                      const report_terminal *terminal, size_t width, rf_buffer *out)
{
    char interval[96], number[REPORT_NUMBER_SIZE];
    bool slower = row->verdict == STATS_SLOWER && !row->blessing;
    const char *word = row->blessing ? "blessed"
                       : slower      ? "SLOWER"
                                     : stats_verdict_name(row->verdict);
    report_style style = slower                         ? REPORT_BAD
                         : row->verdict == STATS_FASTER ? REPORT_GOOD
                                                        : REPORT_PLAIN;
    char padded[32];
    snprintf(padded, sizeof padded, "%-8s", word);
    report_styled(out, terminal, style, padded);
    interval_text(&row->ratio, interval, sizeof interval);
    rf_buffer line = RF_BUFFER_INIT;
    rf_buffer_format(out, "%-*s  %s", (int)width, row->name, interval);
    const size_t used = 8 + (width > report_width(row->name) ? width : report_width(row->name)) + 2 + report_width(interval);
    if (row->verdict == STATS_SLOWER || row->verdict == STATS_FASTER)
        rf_buffer_format(&line, "  %zu/%zu",
                         row->verdict == STATS_SLOWER ? row->wins.slower : row->wins.faster,
                         row->count);
    if (row->verdict == STATS_SLOWER) rf_buffer_format(&line, "  holm p %.1g", row->p_adjusted);
    if (row->verdict == STATS_UNSURE) print_more(gate, row, &line);
    append_line(&line, terminal, used, 8, out);
    if (row->has_again)
        rf_buffer_format(out, "        again %s on %zu fresh blocks\n",
                         report_significant(row->again.ratio, number), row->again.count);
    if (row->blessing) {
        rf_buffer_format(&line, "        accepted: %s (blessing %lld)", row->blessing_reason,
                         (long long)row->blessing);
        append_line(&line, terminal, 0, 8, out);
    }
    rf_buffer_release(&line);
}

static void print_rows(const compare_gate *gate, stats_verdict verdict, bool blessed,
                       const report_terminal *terminal, size_t width, rf_buffer *out)
{
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        if (row->outcome == RUN_OK && row->verdict == verdict && (row->blessing != 0) == blessed)
            print_row(gate, row, terminal, width, out);
    }
}

static void print_failures(const compare_gate *gate, const report_terminal *terminal,
                           rf_buffer *out)
{
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        if (row->outcome == RUN_OK) continue;
        char word[16];
        snprintf(word, sizeof word, "%-8s", run_outcome_word(row->outcome));
        report_styled(out, terminal, REPORT_BAD, word);
        rf_buffer_append_text(out, row->name);
        rf_buffer line = RF_BUFFER_INIT;
        rf_buffer_format(&line, "  %s", row->reason);
        append_line(&line, terminal, strlen(word) + report_width(row->name), 8, out);
        rf_buffer_release(&line);
    }
}

static const char *first_slower(const compare_gate *gate)
{
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        if (row->outcome == RUN_OK && row->verdict == STATS_SLOWER && !row->blessing)
            return row->name;
    }
    return NULL;
}

void report_gate_text(const compare_gate *gate, const report_gate_names *names,
                      const report_terminal *terminal, rf_buffer *out)
{
    size_t width = 0;
    for (size_t i = 0; i < gate->rows.count; i++)
        if (report_width(gate->rows.data[i].name) > width)
            width = report_width(gate->rows.data[i].name);
    print_head(gate, names, terminal, out);
    rf_buffer_append_byte(out, '\n');
    size_t before = out->size;
    print_failures(gate, terminal, out);
    print_rows(gate, STATS_SLOWER, false, terminal, width, out);
    print_rows(gate, STATS_UNSURE, false, terminal, width, out);
    print_rows(gate, STATS_SLOWER, true, terminal, width, out);
    print_rows(gate, STATS_FASTER, false, terminal, width, out);
    if (out->size > before) rf_buffer_append_byte(out, '\n');
    rf_buffer_format(out, "exit %d", names->exit_code);
    const char *slower = first_slower(gate);
    if (slower) rf_buffer_format(out, "   accept: ruffbench bless %s --reason \"...\"", slower);
    rf_buffer_append_byte(out, '\n');
}

void report_gate_markdown(const compare_gate *gate, const report_gate_names *names, rf_buffer *out)
{
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT, REPORT_LEFT, REPORT_RIGHT};
    static const char *const headers[] = {"verdict", "benchmark", "candidate / base", "blocks"};
    report_grid grid = {.column_count = RF_COUNT_OF(align), .align = align, .gap = " "};
    rf_buffer_format(out, "### ruffbench: %s → %s\n\n", names->base, names->candidate);
    rf_buffer_format(out,
                     "same %zu, faster %zu, unsure %zu, slower %zu, failed %zu; margin %g %%\n\n",
                     compare_gate_count(gate, STATS_SAME), compare_gate_count(gate, STATS_FASTER),
                     compare_gate_count(gate, STATS_UNSURE), compare_gate_count(gate, STATS_SLOWER),
                     compare_gate_failures(gate), 100 * gate->margin);
    for (size_t i = 0; i < RF_COUNT_OF(headers); i++)
        report_grid_add(&grid, REPORT_PLAIN, headers[i]);
    for (size_t i = 0; i < gate->rows.count; i++) {
        const compare_gate_row *row = &gate->rows.data[i];
        char interval[96], count[24];
        interval_text(&row->ratio, interval, sizeof interval);
        snprintf(count, sizeof count, "%zu", row->count);
        bool ok = row->outcome == RUN_OK;
        report_grid_add(&grid, REPORT_PLAIN,
                        !ok             ? run_outcome_word(row->outcome)
                        : row->blessing ? "blessed"
                                        : stats_verdict_name(row->verdict));
        report_grid_add(&grid, REPORT_PLAIN, row->name);
        report_grid_add(&grid, REPORT_PLAIN, ok ? interval : row->reason);
        report_grid_add(&grid, REPORT_PLAIN, count);
    }
    report_grid_markdown(&grid, out);
    report_grid_release(&grid);
}
