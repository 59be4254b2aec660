/* The words that more than one format uses. */
#include "report/compare.h"

#include <string.h>

const char *report_reference_name(const compare_table *table)
{
    return table->reference == SIZE_MAX ? NULL : table->rows.data[table->reference].label;
}

/* "3.11.7" says 3.11 where space is short. */
static int short_version(const char *version)
{
    const char *dot = strchr(version, '.');
    dot = dot ? strchr(dot + 1, '.') : NULL;
    return (int)(dot ? dot - version : (long)strlen(version));
}

const char report_cpu_clock_note[] =
    "iterations timed in CPU time, which stands still while a process waits; all others in wall time";

static const char *clock_mark(const compare_row *row)
{
    return row->cpu_clock ? REPORT_CPU_CLOCK_MARK : "";
}

char *report_row_label(const compare_row *row)
{
    return rf_format_text("%s%s", row->label, clock_mark(row));
}

char *report_row_name(const compare_row *row)
{
    if (*row->mode || !*row->version) return report_row_label(row);
    return rf_format_text("%s %.*s%s", row->label, short_version(row->version), row->version,
                          clock_mark(row));
}

char *report_variant_label(const store_variant_row *variant)
{
    return rf_format_text("%s%s", variant->label, variant->cpu_clock ? REPORT_CPU_CLOCK_MARK : "");
}

bool report_results_have_cpu_clock(const store_results *results)
{
    for (size_t i = 0; i < results->variants.count; i++)
        if (results->variants.data[i].cpu_clock) return true;
    return false;
}

void report_print_clock_note(const report_terminal *terminal, rf_buffer *out)
{
    rf_buffer_append_text(out, REPORT_CPU_CLOCK_MARK " ");
    report_wrap(out, report_cpu_clock_note, 2, 4, terminal->width);
}

bool report_has_cpu_clock(const compare_table *table)
{
    for (size_t i = 0; i < table->rows.count; i++)
        if (table->rows.data[i].cpu_clock && table->rows.data[i].counts[RUN_OK]) return true;
    return false;
}

char *report_verdict(const compare_row *row)
{
    switch (row->state) {
    case COMPARE_REFERENCE: return rf_strdup("reference");
    case COMPARE_UNRANKED: return rf_strdup("no steady state");
    case COMPARE_MEASURED: break;
    case COMPARE_ALONE:
    case COMPARE_FAILED:
    case COMPARE_ABSENT: return rf_strdup("");
    }
    if (row->verdict != STATS_UNSURE)
        return rf_format_text("%s%s", stats_verdict_name(row->verdict),
                              row->unpaired ? " (unpaired)" : "");
    if (row->fragile) return rf_strdup("unsure fragile");
    if (!row->ratio.has_interval) return rf_strdup("unsure n<5");
    if (row->more.too_close) return rf_strdup("unsure ~margin");
    return rf_format_text("unsure +%zu", row->more.needed > row->ratio.count
                                             ? row->more.needed - row->ratio.count
                                             : 1);
}

static char *upper(const char *word)
{
    char *copy = rf_strdup(word);
    for (char *at = copy; *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    return copy;
}

char *report_failure(const compare_row *row)
{
    size_t all = compare_row_processes(row), ok = row->counts[RUN_OK];
    if (row->outcome == RUN_OK) return rf_strdup("");
    if (row->state == COMPARE_ABSENT && row->outcome == RUN_MISSING) return rf_strdup(row->reason);
    char *word = upper(run_outcome_word(row->outcome));
    char *text = ok ? rf_format_text("%zu of %zu processes %s: %s", all - ok, all,
                                     run_outcome_word(row->outcome), row->reason)
                    : rf_format_text("%s  %s", word, row->reason);
    rf_free(word);
    return text;
}

char *report_cell_name(const char *benchmark, const char *size_label, const char *variant)
{
    const bool plain = strcmp(size_label, "default") == 0;
    return rf_format_text("%s%s%s%s%s", benchmark, plain ? "" : "/", plain ? "" : size_label,
                          variant ? "@" : "", variant ? variant : "");
}
