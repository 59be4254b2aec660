/* Source text to tokens (LANGUAGE 1 and 2), the whole text in one call. */
#ifndef RF_SYNTAX_LEXER_H
#define RF_SYNTAX_LEXER_H

#include "syntax/literal_pool.h"
#include "syntax/token.h"

typedef enum rf_lex_fault {
#define RF_LEX_FAULT(name, code, text) RF_LEX_##name,
#include "syntax/lex_fault.def"
#undef RF_LEX_FAULT
    RF_LEX_FAULT_COUNT
} rf_lex_fault;

typedef struct rf_lex_error {
    rf_lex_fault fault;
    rf_pos pos;
    uint32_t offset, size; /* the text that the message quotes */
} rf_lex_error;

typedef struct rf_comment {
    rf_pos pos;
    uint32_t offset, size;
} rf_comment;

typedef struct rf_lexed {
    RF_VECTOR(rf_token) tokens;      /* ends with an EOF token */
    RF_VECTOR(rf_lex_error) errors;  /* by position */
    RF_VECTOR(rf_comment) comments;  /* only when asked for */
} rf_lexed;

/* source is borrowed and may contain anything; texts go to pool. */
void rf_lex(const char *source, size_t size, rf_literal_pool *pool, bool keep_comments, rf_lexed *out);
void rf_lexed_release(rf_lexed *lexed);
/* "RUFLEX005" */
const char *rf_lex_error_code(const rf_lex_error *error);
void rf_lex_error_format(const rf_lex_error *error, const char *source, rf_buffer *out);
/* The position of the character at offset. */
rf_pos rf_position_at(const char *source, size_t size, size_t offset);

#endif
