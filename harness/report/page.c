#include "report/page.h"

#include <stdarg.h>
#include <string.h>

static void say(report_page *page, bool markup, const char *format, va_list args)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format_list(&text, format, args);
    report_item item = {.text = rf_buffer_take(&text), .markup = markup};
    rf_vector_push(&page->items, item);
}

void report_page_say(report_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(page, false, format, args);
    va_end(args);
}

void report_page_say_markup(report_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(page, true, format, args);
    va_end(args);
}

report_grid *report_page_table(report_page *page, size_t column_count, const report_align *align)
{
    report_item item = {.grid = rf_new(report_grid)};
    *item.grid = (report_grid){.column_count = column_count, .align = align, .gap = "  "};
    rf_vector_push(&page->items, item);
    return item.grid;
}

/* What programs print may look like a tag, or like the end of a region. */
static void append_paragraph(const report_item *item, rf_buffer *out)
{
    for (const char *at = item->text; *at; at++)
        if (*at == '<' && !item->markup)
            rf_buffer_append_text(out, "&lt;");
        else
            rf_buffer_append_byte(out, *at);
    rf_buffer_append_byte(out, '\n');
}

void report_page_markdown(const report_page *page, rf_buffer *out)
{
    for (size_t i = 0; i < page->items.count; i++) {
        const report_item *item = &page->items.data[i];
        if (i) rf_buffer_append_byte(out, '\n');
        if (item->grid)
            report_grid_markdown(item->grid, out);
        else
            append_paragraph(item, out);
    }
}

void report_page_text(const report_page *page, const report_terminal *terminal, rf_buffer *out)
{
    for (size_t i = 0; i < page->items.count; i++) {
        const report_item *item = &page->items.data[i];
        if (i) rf_buffer_append_byte(out, '\n');
        if (item->grid)
            report_grid_print(item->grid, terminal, out);
        else
            report_wrap(out, item->text, 0, 0, terminal->width);
    }
}

void report_page_release(report_page *page)
{
    for (size_t i = 0; i < page->items.count; i++) {
        rf_free(page->items.data[i].text);
        if (page->items.data[i].grid) report_grid_release(page->items.data[i].grid);
        rf_free(page->items.data[i].grid);
    }
    rf_vector_release(&page->items);
}

void report_story_init(report_story *story, const report_book *book)
{
    *story = (report_story){.book = book};
    for (size_t i = 0; i < book->labels.count; i++) {
        const char *label = book->labels.data[i];
        if (strcmp(label, "ruff") != 0 && strncmp(label, "ruff:", 5) != 0) continue;
        report_frame frame;
        report_frame_build(&frame, book, label);
        rf_vector_push(&story->frames, frame);
    }
    if (story->frames.count || !book->labels.count) return;
    report_frame frame; /* a suite without Ruff is seen from its first variant */
    report_frame_build(&frame, book, book->labels.data[0]);
    rf_vector_push(&story->frames, frame);
}

void report_story_release(report_story *story)
{
    for (size_t i = 0; i < story->frames.count; i++) report_frame_release(&story->frames.data[i]);
    rf_vector_release(&story->frames);
}

void report_overview_text(const report_story *story, const report_terminal *terminal,
                          rf_buffer *out)
{
    static const char *const shown[] = {"about", "summary", "modes", "startup", "failures"};
    /* Without results every section would say so. */
    const size_t count = story->book->entries.count ? report_section_count : 1;
    for (size_t i = 0; i < count; i++) {
        bool wanted = false;
        for (size_t s = 0; s < RF_COUNT_OF(shown); s++)
            wanted = wanted || !strcmp(shown[s], report_sections[i].id);
        if (!wanted) continue;
        report_page page = {0};
        report_sections[i].fill(story, &page);
        if (out->size) rf_buffer_append_byte(out, '\n');
        report_styled(out, terminal, REPORT_BOLD, report_sections[i].title);
        rf_buffer_append_text(out, "\n\n");
        report_page_text(&page, terminal, out);
        report_page_release(&page);
    }
}
