/* What the formatter writes: the tokens and comments of a source in order. */
#ifndef RF_SYNTAX_FORMAT_PIECE_H
#define RF_SYNTAX_FORMAT_PIECE_H

#include "base/vector.h"
#include "syntax/token.h"

/* One thing that is written as it stands: a token, a whole interpolated string, or a comment. */
typedef struct rf_piece {
    uint8_t kind;    /* rf_token_kind; EOF for a comment */
    uint8_t role;    /* rf_token_role */
    uint8_t word;    /* rf_word_kind */
    uint32_t breaks; /* line ends in the source between this and the piece before */
    uint32_t spaces; /* before a comment: the distance kept */
    const char *text;
    uint32_t size;
} rf_piece;

typedef RF_VECTOR(rf_piece) rf_piece_list;

static inline bool rf_piece_is_comment(const rf_piece *p)
{
    return p->kind == RF_TOKEN_EOF;
}

/* Sorts the leading block of imports, one a line, unless two bind the same name. */
void rf_piece_sort_imports(rf_piece_list *pieces);

#endif
