/* The lexer takes any bytes; what it says about them must hold together. */
#include "fuzz/replay.h"
#include "syntax/lexer.h"

static bool is_before(rf_pos a, rf_pos b)
{
    return a.line < b.line || (a.line == b.line && a.column < b.column);
}

static void check_place(const char *source, size_t size, size_t offset, rf_pos pos)
{
    rf_pos counted = rf_position_at(source, size, offset);
    FUZZ_CHECK(counted.line == pos.line && counted.column == pos.column);
}

static void check_tokens(const char *source, size_t size, const rf_lexed *lexed, const rf_unit *unit)
{
    FUZZ_CHECK(lexed->tokens.count > 0);
    for (size_t i = 0; i < lexed->tokens.count; i++) {
        const rf_token *token = &lexed->tokens.data[i];
        FUZZ_CHECK((token->kind == RF_TOKEN_EOF) == (i + 1 == lexed->tokens.count));
        FUZZ_CHECK((size_t)token->offset + token->size <= size);
        if (size < 4096) check_place(source, size, token->offset, token->pos);
        if (i) FUZZ_CHECK(token[-1].offset + token[-1].size <= token->offset && is_before(token[-1].pos, token->pos));
        bool is_bracket = token->kind == RF_TOKEN_LEFT_PAREN || token->kind == RF_TOKEN_LEFT_BRACKET ||
                          token->kind == RF_TOKEN_LEFT_BRACE;
        if (is_bracket && token->as.partner)
            FUZZ_CHECK(token->as.partner > i && lexed->tokens.data[token->as.partner].kind == token->kind + 1);
        if (token->kind >= RF_TOKEN_NAME) FUZZ_CHECK(token->as.symbol->size == token->size);
        if (token->kind >= RF_TOKEN_STRING && token->kind <= RF_TOKEN_TEMPLATE_TAIL)
            FUZZ_CHECK(token->as.literal < unit->literals.count);
    }
}

static void check_errors(const char *source, size_t size, const rf_lexed *lexed)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t i = 0; i < lexed->errors.count; i++) {
        const rf_lex_error *error = &lexed->errors.data[i];
        FUZZ_CHECK((size_t)error->offset + error->size <= size);
        if (size < 4096) check_place(source, size, error->offset, error->pos);
        if (i) FUZZ_CHECK(error[-1].offset <= error->offset);
        rf_buffer_clear(&text);
        rf_lex_error_format(error, source, &text);
        FUZZ_CHECK(text.size > 0);
    }
    rf_buffer_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rf_unit unit = {.arena = RF_ARENA_INIT};
    rf_literal_pool pool;
    rf_lexed lexed;
    const char *source = rf_arena_copy(&unit.arena, (const char *)bytes, size);
    rf_literal_pool_init(&pool, &unit);
    rf_lex(source, size, &pool, true, &lexed);
    check_tokens(source, size, &lexed, &unit);
    check_errors(source, size, &lexed);
    rf_lexed_release(&lexed);
    rf_literal_pool_release(&pool);
    rf_vector_release(&unit.literals);
    rf_arena_release(&unit.arena);
    return 0;
}
