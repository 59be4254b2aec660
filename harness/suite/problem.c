#include "suite/problem.h"

#include "base/file.h"

#include <string.h>

void suite_problems_add(suite_problems *problems, suite_grade grade, const char *file,
                        unsigned line, unsigned column, const char *format, ...)
{
    rf_buffer message = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&message, format, args);
    va_end(args);
    suite_problem problem = {grade, rf_strdup(file), line, column, rf_buffer_take(&message)};
    rf_vector_push(&problems->list, problem);
}

size_t suite_problems_count(const suite_problems *problems, suite_grade grade)
{
    size_t count = 0;
    for (size_t i = 0; i < problems->list.count; i++)
        count += problems->list.data[i].grade == grade;
    return count;
}

/* The line itself and a caret; nothing when the file cannot be read again. */
static void format_excerpt(const suite_problem *problem, rf_buffer *out)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (problem->line == 0 || rf_file_read(problem->file, &text, NULL) || !text.data) {
        rf_buffer_release(&text);
        return;
    }
    const char *line = text.data;
    for (unsigned at = 1; at < problem->line && line; at++) {
        line = strchr(line, '\n');
        if (line) line++;
    }
    if (line) {
        int width = (int)strcspn(line, "\r\n");
        rf_buffer_format(out, "    %.*s\n", width, line);
        if (problem->column) rf_buffer_format(out, "    %*s^\n", (int)problem->column - 1, "");
    }
    rf_buffer_release(&text);
}

void suite_problem_format(const suite_problem *problem, rf_buffer *out)
{
    rf_buffer_append_text(out, problem->file);
    if (problem->line) rf_buffer_format(out, ":%u:%u", problem->line, problem->column);
    rf_buffer_format(out, ": %s: %s\n", problem->grade == SUITE_ERROR ? "error" : "warning",
                     problem->message);
    format_excerpt(problem, out);
}

void suite_problems_release(suite_problems *problems)
{
    for (size_t i = 0; i < problems->list.count; i++) {
        rf_free(problems->list.data[i].file);
        rf_free(problems->list.data[i].message);
    }
    rf_vector_release(&problems->list);
}
