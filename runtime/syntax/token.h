/* What the lexer hands to the parser. */
#ifndef RF_SYNTAX_TOKEN_H
#define RF_SYNTAX_TOKEN_H

#include "syntax/ast.h"

typedef enum rf_token_kind {
#define RF_TOKEN(name, text) RF_TOKEN_##name,
#define RF_KEYWORD(name, text) RF_TOKEN_##name,
#include "syntax/token.def"
    RF_TOKEN_COUNT
} rf_token_kind;

typedef enum rf_word_kind {
    RF_WORD_NONE,
#define RF_WORD(name, text) RF_WORD_##name,
#include "syntax/token.def"
    RF_WORD_COUNT
} rf_word_kind;

typedef struct rf_token {
    uint8_t kind;      /* rf_token_kind */
    uint8_t word;      /* NAME: rf_word_kind */
    bool after_break;  /* a line break stands between the token before it and this one */
    rf_pos pos;
    uint32_t offset, size; /* its bytes in the source; of a string with its quotes, of TEMPLATE_x one piece */
    union {
        int64_t integer;         /* INT */
        double number;           /* FLOAT */
        const rf_symbol *symbol; /* NAME and keywords */
        uint32_t literal;        /* STRING, TEMPLATE_x: the text, in the literal pool */
        uint32_t partner;        /* ( [ {: index of the token that closes it; 0 when there is none */
    } as;
} rf_token;

/* NAME or keyword: what the grammar calls WORD */
static inline bool rf_token_is_word(const rf_token *token)
{
    return token->kind >= RF_TOKEN_NAME;
}

static inline bool rf_token_is_assign(const rf_token *token)
{
    return token->kind >= RF_TOKEN_DEFINE && token->kind <= RF_TOKEN_MOD_ASSIGN;
}

#endif
