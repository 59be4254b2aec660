/* Lexing and parsing without resolving: what loading and formatting have in common. */
#ifndef RF_SYNTAX_READ_H
#define RF_SYNTAX_READ_H

#include "syntax/parser.h"

typedef struct rf_reader {
    rf_unit *unit;  /* owned until taken */
    rf_literal_pool pool;
    rf_lexed lexed;
    rf_parser parser;
} rf_reader;

/* Checks the size of source and copies it into a new unit. */
RF_MUST_USE ruff_status rf_reader_open(rf_reader *reader, const char *source, size_t size, const char *path,
                                       ruff_error *err);
RF_MUST_USE ruff_status rf_reader_lex(rf_reader *reader, bool keep_comments, ruff_error *err);
/* After lexing.  roles, when not NULL, has one byte for each token (rf_token_role).  A front-end error is left in
 * reader->parser.front. */
RF_MUST_USE ruff_status rf_reader_parse(rf_reader *reader, const rf_unit_options *options, uint8_t *roles,
                                        ruff_error *err);
rf_unit *rf_reader_take(rf_reader *reader); /* the unit moves to the caller */
void rf_reader_close(rf_reader *reader);    /* also after a failed open */

#endif
