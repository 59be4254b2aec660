/* The standard layout of a program (LANGUAGE 18.8).
 *
 * Lines stay lines: what changes is indentation, spaces, the order of the leading imports, and lines that are too
 * long, which are broken after commas.  The tokens stay the same, so the meaning does. */
#ifndef RF_SYNTAX_FORMAT_H
#define RF_SYNTAX_FORMAT_H

#include "base/buffer.h"

typedef struct rf_format_options {
    int indent;        /* spaces a level */
    int line_length;   /* characters */
    bool sort_imports;
} rf_format_options;

#define RF_FORMAT_OPTIONS_DEFAULT {4, 100, true}

/* Appends the formatted source to out.  RUFF_E_SYNTAX with the report of the lexer or parser when it cannot be read. */
RF_MUST_USE ruff_status rf_source_format(const char *source, size_t size, const char *path,
                                         const rf_format_options *options, rf_buffer *out, ruff_error *err);

#endif
