#include "report/html.h"

#include "report/compare.h"
#include "report/number.h"

#include <string.h>

static void say_section(const report_story *story, const char *id, rf_buffer *out)
{
    for (size_t i = 0; i < report_section_count; i++) {
        report_page page = {0};
        if (strcmp(report_sections[i].id, id) != 0) continue;
        report_sections[i].fill(story, &page);
        report_page_markdown(&page, out);
        report_page_release(&page);
    }
}

static void fold_section(const report_story *story, const char *id, const char *title,
                         rf_buffer *out)
{
    rf_buffer_format(out, "\n<details><summary>%s</summary>\n\n", title);
    say_section(story, id, out);
    rf_buffer_append_text(out, "\n</details>\n");
}

void report_pull_request(const report_story *story, rf_buffer *out)
{
    rf_buffer_append_text(out, REPORT_PULL_REQUEST_MARKER "\n## Benchmarks\n\n");
    say_section(story, "summary", out);
    rf_buffer_append_byte(out, '\n');
    say_section(story, "failures", out);
    fold_section(story, "benchmarks", "Every benchmark", out);
    fold_section(story, "history", "History", out);
    fold_section(story, "about", "Machine, commit and versions", out);
}
