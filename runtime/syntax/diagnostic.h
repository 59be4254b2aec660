/* The reports of what is wrong with a text, word for word as LANGUAGE 2.9, 3.6 and 12.5 give them. */
#ifndef RF_SYNTAX_DIAGNOSTIC_H
#define RF_SYNTAX_DIAGNOSTIC_H

#include "syntax/lexer.h"

/* All return RUFF_E_SYNTAX with err (may be NULL) filled in; message and place are those of the first error. */
RF_MUST_USE ruff_status rf_report_lex_errors(const rf_lexed *lexed, const char *path, const char *source, ruff_error *err);
RF_MUST_USE ruff_status rf_report_parse_error(const char *message, const char *path, rf_pos pos, ruff_error *err);
RF_MUST_USE ruff_status rf_report_front_error(const char *message, const char *path, rf_pos pos, ruff_error *err);

#endif
