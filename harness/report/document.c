#include "report/document.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

static const char begin_mark[] = "<!-- ruffbench:begin ", end_mark[] = "<!-- ruffbench:end -->";

/* The id of a line that begins a region: true, with id filled ("" when it is too long to be one).
 */
static bool begins_region(const char *line, size_t length, char id[64])
{
    size_t mark = sizeof begin_mark - 1;
    if (length < mark || memcmp(line, begin_mark, mark) != 0) return false;
    size_t size = strcspn(line + mark, " \n");
    if (size >= 64 || mark + size > length) size = 0;
    memcpy(id, line + mark, size);
    id[size] = '\0';
    return true;
}

static bool ends_region(const char *line, size_t length)
{
    return length >= sizeof end_mark - 1 && memcmp(line, end_mark, sizeof end_mark - 1) == 0;
}

static const report_section *find_section(const char *id)
{
    for (size_t i = 0; i < report_section_count; i++)
        if (!strcmp(report_sections[i].id, id)) return &report_sections[i];
    return NULL;
}

static ruff_status unknown_id(const char *id, size_t line, ruff_error *err)
{
    rf_buffer known = RF_BUFFER_INIT;
    for (size_t i = 0; i < report_section_count; i++)
        rf_buffer_format(&known, "%s%s", i ? ", " : "", report_sections[i].id);
    rf_error_set(err, RUFF_E_MISUSE, "line %zu: there is no region `%s`; use one of %s", line, id,
                 known.data);
    rf_buffer_release(&known);
    return RUFF_E_MISUSE;
}

static void fill(const report_story *story, const report_section *section, rf_buffer *out)
{
    report_page page = {0};
    section->fill(story, &page);
    rf_buffer_append_byte(out, '\n');
    report_page_markdown(&page, out);
    rf_buffer_append_byte(out, '\n');
    report_page_release(&page);
}

ruff_status report_document_fill(const report_story *story, const char *text, rf_buffer *out,
                                 ruff_error *err)
{
    size_t line_number = 0, opened = 0, regions = 0;
    char id[64];
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        line_number++;
        if (begins_region(line, length, id)) {
            const report_section *section = find_section(id);
            if (opened)
                return rf_error_set(err, RUFF_E_MISUSE,
                                    "line %zu: the region of line %zu has no end; write %s",
                                    line_number, opened, end_mark);
            if (!section) return unknown_id(id, line_number, err);
            opened = line_number;
            regions++;
            rf_buffer_append(out, line, length);
            rf_buffer_append_byte(out, '\n');
            fill(story, section, out);
        } else if (ends_region(line, length)) {
            if (!opened)
                return rf_error_set(err, RUFF_E_MISUSE,
                                    "line %zu: this ends a region, but none is open", line_number);
            opened = 0;
        }
        if (!opened) rf_buffer_append(out, line, length + (line[length] == '\n'));
        line += length + (line[length] == '\n');
    }
    if (opened)
        return rf_error_set(err, RUFF_E_MISUSE, "the region of line %zu has no end; write %s",
                            opened, end_mark);
    if (!regions)
        return rf_error_set(err, RUFF_E_MISUSE,
                            "no regions to fill; write %ssummary --> and %s around one", begin_mark,
                            end_mark);
    return RUFF_OK;
}

void report_document_new(rf_buffer *out)
{
    rf_buffer_append_text(out, "# Performance\n");
    for (size_t i = 0; i < report_section_count; i++)
        if (!report_sections[i].on_request)
            rf_buffer_format(out, "\n## %s\n\n%s%s -->\n%s\n", report_sections[i].title, begin_mark,
                             report_sections[i].id, end_mark);
}

size_t report_document_compare(const char *old, const char *now, char id[64])
{
    size_t number = 0;
    char found[64] = "";
    while (*old || *now) {
        size_t a = strcspn(old, "\n"), b = strcspn(now, "\n");
        number++;
        begins_region(now, b, found);
        if (a != b || memcmp(old, now, a) != 0 || (old[a] == '\n') != (now[b] == '\n')) {
            memcpy(id, found, sizeof found);
            return number;
        }
        if (ends_region(now, b)) *found = '\0';
        old += a + (old[a] == '\n');
        now += b + (now[b] == '\n');
    }
    return 0;
}
