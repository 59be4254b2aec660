/* A piece of a report: paragraphs and tables, the same whether they end up as text, Markdown or
 * HTML. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/frame.h"
#include "report/grid.h"
#include "report/hot.h"

typedef struct report_item {
    char *text;        /* a paragraph; owned, NULL for a table */
    bool markup;       /* text is HTML that a Markdown document takes as it is */
    report_grid *grid; /* owned */
} report_item;

typedef struct report_page {
    RF_VECTOR(report_item) items;
} report_page;

/* The book seen from each of Ruff's modes; sections share it so that nothing is computed twice. */
typedef struct report_story {
    const report_book *book;
    RF_VECTOR(report_frame) frames; /* the fastest mode first */
    const report_hot_list *hot;     /* stored profiles; NULL: none */
} report_story;

typedef struct report_section {
    const char *id, *title, *about;
    void (*fill)(const report_story *story, report_page *page);
    bool on_request; /* only where a document asks for it */
} report_section;

extern const report_section report_sections[];
extern const size_t report_section_count;

void report_story_init(report_story *story, const report_book *book);
void report_story_release(report_story *story);

void report_page_say(report_page *page, const char *format, ...) RF_PRINTF(2, 3);
void report_page_say_markup(report_page *page, const char *format, ...) RF_PRINTF(2, 3);
/* Borrowed until the page is released; align must live as long. */
report_grid *report_page_table(report_page *page, size_t column_count, const report_align *align);
void report_page_markdown(const report_page *page, rf_buffer *out);
void report_page_text(const report_page *page, const report_terminal *terminal, rf_buffer *out);
void report_page_release(report_page *page);

/* The whole overview on a terminal. */
void report_overview_text(const report_story *story, const report_terminal *terminal,
                          rf_buffer *out);

#endif
