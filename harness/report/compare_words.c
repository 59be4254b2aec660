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

char *report_row_name(const compare_row *row)
{
    if (*row->mode || !*row->version) return rf_strdup(row->label);
    return rf_format_text("%s %.*s", row->label, short_version(row->version), row->version);
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
