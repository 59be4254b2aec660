#include "syntax/diagnostic.h"

#include "base/error.h"

enum { MAX_LEX_ERRORS = 20, EXIT_SYNTAX = 3, EXIT_RUNTIME = 4 };

static ruff_status fill(ruff_error *err, const char *message, const char *path, rf_pos pos, int exit_code,
                        rf_buffer *report)
{
    if (err) {
        rf_error_set(err, RUFF_E_SYNTAX, "%s", message);
        rf_error_place(err, path, pos.line, pos.column);
        rf_free(err->report);
        err->report = rf_buffer_take(report);
        err->exit_code = exit_code;
    }
    rf_buffer_release(report);
    return RUFF_E_SYNTAX;
}

static void append_place(rf_buffer *report, const char *path, rf_pos pos)
{
    rf_buffer_format(report, "  --> %s:%u:%u\n", path, pos.line, pos.column);
}

ruff_status rf_report_lex_errors(const rf_lexed *lexed, const char *path, const char *source, ruff_error *err)
{
    rf_buffer report = RF_BUFFER_INIT, message = RF_BUFFER_INIT, first = RF_BUFFER_INIT;
    for (size_t i = 0; i < lexed->errors.count && i < MAX_LEX_ERRORS; i++) {
        const rf_lex_error *error = &lexed->errors.data[i];
        rf_buffer_clear(&message);
        rf_lex_error_format(error, source, &message);
        rf_buffer_format(&report, "[%s] [lexer] error: ", rf_lex_error_code(error));
        rf_buffer_append(&report, message.data, message.size);
        rf_buffer_append_byte(&report, '\n');
        append_place(&report, path, error->pos);
        rf_buffer_append_text(&report, "  = help: Fix the lexical error in source and run again.\n");
        if (i == 0) rf_buffer_append(&first, message.data, message.size);
    }
    ruff_status status = fill(err, first.data, path, lexed->errors.data[0].pos, EXIT_SYNTAX, &report);
    rf_buffer_release(&first);
    rf_buffer_release(&message);
    return status;
}

ruff_status rf_report_parse_error(const char *message, const char *path, rf_pos pos, ruff_error *err)
{
    rf_buffer report = RF_BUFFER_INIT;
    rf_buffer_format(&report, "[RUFPARSE001] [parser] error: %s\n", message);
    append_place(&report, path, pos);
    rf_buffer_append_text(&report, "  = help: Fix the parse error and rerun Ruff.\n");
    return fill(err, message, path, pos, EXIT_SYNTAX, &report);
}

ruff_status rf_report_front_error(const char *message, const char *path, rf_pos pos, ruff_error *err)
{
    rf_buffer report = RF_BUFFER_INIT;
    rf_buffer_format(&report, "[RUFRUN001] [runtime] Runtime Error: %s\n", message);
    append_place(&report, path, pos);
    return fill(err, message, path, pos, EXIT_RUNTIME, &report);
}
