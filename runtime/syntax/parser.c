/* The frame of the parser: errors, tokens, nesting, lists, and the program as a whole. */
#include "syntax/parser.h"

#include "syntax/place.h"

#include <string.h>

enum { MAX_EXPRESSION_DEPTH = 256 };

/* ---- errors ---- */

RF_PRINTF(3, 0)
static void set_message(rf_message *message, rf_pos pos, const char *format, va_list args)
{
    message->is_set = true;
    message->pos = pos;
    rf_buffer_clear(&message->text);
    rf_buffer_format_list(&message->text, format, args);
}

void rf_parser_fail(rf_parser *p, rf_pos pos, const char *format, ...)
{
    if (p->failed) return;
    p->failed = true;
    va_list args;
    va_start(args, format);
    set_message(&p->error, pos, format, args);
    va_end(args);
}

uint32_t rf_parser_after_string(const rf_parser *p, uint32_t index)
{
    uint32_t depth = 0;
    for (; p->tokens[index].kind != RF_TOKEN_EOF; index++) {
        uint8_t kind = p->tokens[index].kind;
        depth += kind == RF_TOKEN_TEMPLATE_HEAD;
        depth -= kind == RF_TOKEN_TEMPLATE_TAIL;
        if (!depth) return index + 1;
    }
    return index;
}

static void append_found(rf_parser *p, rf_buffer *out)
{
    const rf_token *token = p->token;
    if (token->kind == RF_TOKEN_EOF) {
        rf_buffer_append_text(out, "Eof");
        return;
    }
    uint32_t size = token->size;
    if (token->kind == RF_TOKEN_TEMPLATE_HEAD) {
        const rf_token *last = &p->tokens[rf_parser_after_string(p, (uint32_t)(token - p->tokens)) - 1];
        size = last->offset + last->size - token->offset;
    }
    rf_buffer_append_byte(out, '\'');
    rf_buffer_append(out, p->unit->source + token->offset, size);
    rf_buffer_append_byte(out, '\'');
}

void *rf_parser_expected(rf_parser *p, const char *what, const char *context)
{
    if (p->failed) return NULL;
    if (p->token->kind == RF_TOKEN_TEMPLATE_MIDDLE || p->token->kind == RF_TOKEN_TEMPLATE_TAIL) {
        rf_parser_fail(p, p->token->pos, "Invalid interpolated string expression");
        return NULL;
    }
    p->failed = true;
    p->error.is_set = true;
    p->error.pos = p->token->pos;
    rf_buffer *text = &p->error.text;
    rf_buffer_clear(text);
    rf_buffer_format(text, "Expected %s%s%s but found ", what, *context ? " " : "", context);
    append_found(p, text);
    return NULL;
}

void rf_parser_front_error(rf_parser *p, rf_pos pos, const char *format, ...)
{
    rf_pos first = p->front.pos;
    if (p->front.is_set &&
        (first.line < pos.line || (first.line == pos.line && first.column <= pos.column)))
        return;
    va_list args;
    va_start(args, format);
    set_message(&p->front, pos, format, args);
    va_end(args);
}

/* ---- tokens ---- */

static const char *const token_texts[] = {
#define RF_TOKEN(name, text) "'" text "'",
#define RF_KEYWORD(name, text) "'" text "'",
#include "syntax/token.def"
};

bool rf_parser_expect(rf_parser *p, rf_token_kind kind, const char *context)
{
    if (p->failed) return false;
    if (rf_parser_accept(p, kind)) return true;
    rf_parser_expected(p, token_texts[kind], context);
    return false;
}

bool rf_parser_at_name(const rf_parser *p)
{
    const rf_token *token = p->token;
    if (token->kind == RF_TOKEN_SELF) return p->function->has_self_name;
    return token->kind == RF_TOKEN_NAME && !rf_parser_is_arm_word(p, token);
}

const rf_symbol *rf_parser_expect_name(rf_parser *p, const char *context)
{
    if (p->failed) return NULL;
    if (p->token->kind != RF_TOKEN_NAME || p->token->word == RF_WORD_DISCARD)
        return rf_parser_expected(p, "identifier", context);
    const rf_symbol *name = p->token->as.symbol;
    rf_parser_advance(p);
    return name;
}

bool rf_parser_expect_assign(rf_parser *p, const char *context)
{
    if (p->failed) return false;
    if (rf_parser_accept(p, RF_TOKEN_DEFINE) || rf_parser_accept(p, RF_TOKEN_ASSIGN)) return true;
    rf_parser_expected(p, "':='", context);
    return false;
}

/* ---- nesting ---- */

bool rf_parser_deepen(rf_parser *p, rf_pos opener)
{
    if (p->expression_depth == MAX_EXPRESSION_DEPTH) {
        rf_parser_fail(p, opener, "Maximum expression nesting depth of 256 exceeded while parsing expression");
        return false;
    }
    p->expression_depth++;
    return true;
}

bool rf_parser_has_room(rf_parser *p, size_t base, size_t most, const char *what, const char *kind)
{
    if (p->scratch.count - base < most) return true;
    rf_parser_fail(p, p->token->pos, "%s exceeds maximum %s count of %zu", what, kind, most);
    return false;
}

rf_place *rf_parser_place(rf_parser *p, const rf_node *node)
{
    rf_place *place = rf_place_of(&p->unit->arena, node);
    if (!place || place->count + p->open_indexes <= RF_PLACE_MOST) return place;
    uint32_t indexes = p->open_indexes;
    for (uint32_t i = 0; i < place->count; i++) {
        if (place->steps[i].is_field || indexes++ < RF_PLACE_MOST) continue;
        rf_parser_fail(p, place->steps[i].pos, "Place exceeds maximum index count of %d", RF_PLACE_MOST);
        break;
    }
    return place;
}

bool rf_parser_enter(rf_parser *p, rf_pos opener, rf_nest *saved)
{
    *saved = (rf_nest){p->in_header, p->in_arm};
    if (!rf_parser_deepen(p, opener)) return false;
    p->in_header = p->in_arm = false;
    return true;
}

void rf_parser_leave(rf_parser *p, rf_nest saved)
{
    p->expression_depth--;
    p->in_header = saved.in_header;
    p->in_arm = saved.in_arm;
}

/* ---- nodes and lists ---- */

/* Bytes after the head for the kinds that are frequent and small; the others get the whole node. */
static const uint8_t payload_sizes[RF_NODE_COUNT] = {
    [RF_NODE_NULL_LIT] = 8, [RF_NODE_BOOL] = 8, [RF_NODE_INT] = 8, [RF_NODE_FLOAT] = 8, [RF_NODE_STRING] = 8,
    [RF_NODE_NAME] = sizeof(rf_ref), [RF_NODE_ARRAY] = 16, [RF_NODE_DICT] = 16, [RF_NODE_INTERP] = 16,
    [RF_NODE_SPREAD] = 8, [RF_NODE_UNARY] = 8, [RF_NODE_BINARY] = 16, [RF_NODE_AND] = 16, [RF_NODE_OR] = 16,
    [RF_NODE_COALESCE] = 16, [RF_NODE_PIPE] = 16, [RF_NODE_CALL] = 24, [RF_NODE_FIELD] = 16,
    [RF_NODE_INDEX] = 16, [RF_NODE_TRY_OP] = 8, [RF_NODE_AWAIT] = 8, [RF_NODE_YIELD] = 8, [RF_NODE_THROW] = 8,
    [RF_NODE_IF_EXPR] = 24, [RF_NODE_FUNC] = 8, [RF_NODE_EXPR] = 8, [RF_NODE_RETURN] = 8, [RF_NODE_BLOCK] = 8,
};

rf_node *rf_parser_node(rf_parser *p, rf_node_kind kind, rf_pos pos, rf_pos start)
{
    size_t size = payload_sizes[kind] ? offsetof(rf_node, as) + payload_sizes[kind] : sizeof(rf_node);
    rf_node *node = rf_arena_alloc(&p->unit->arena, size);
    node->kind = (uint8_t)kind;
    node->op = RF_OPER_NONE;
    node->pos = pos;
    node->start = start;
    return node;
}

void *rf_parser_take_list(rf_parser *p, size_t base, uint32_t *count)
{
    size_t n = p->scratch.count - base;
    *count = (uint32_t)n;
    p->scratch.count = base;
    if (!n) return NULL;
    void **items = rf_arena_array(&p->unit->arena, void *, n);
    memcpy(items, p->scratch.data + base, n * sizeof *items);
    return items;
}

void rf_parser_check_distinct(rf_parser *p, const rf_named_pos *names, size_t count)
{
    if (count < 2) return;
    while (p->marks.count < p->unit->literals.count) rf_vector_push(&p->marks, 0);
    p->mark++;
    for (size_t i = 0; i < count; i++) {
        uint32_t *mark = &p->marks.data[names[i].name->literal];
        if (*mark == p->mark)
            rf_parser_front_error(p, names[i].pos, "Duplicate declaration in the same scope: %s", names[i].name->text);
        *mark = p->mark;
    }
}

rf_func *rf_parser_func(rf_parser *p, rf_func_kind kind, const rf_symbol *name, rf_pos pos)
{
    rf_func *func = rf_arena_new(&p->unit->arena, rf_func);
    func->kind = (uint8_t)kind;
    func->name = name;
    func->unit = p->unit;
    func->pos = func->end = pos;
    func->display_name = name ? name->text : "<anonymous function>";
    func->is_hidden = p->unit->is_prelude || kind == RF_FUNC_MODULE || kind == RF_FUNC_DEFAULT ||
                      kind == RF_FUNC_SPAWN || kind == RF_FUNC_TEST;
    return func;
}

rf_block *rf_parser_block_of(rf_parser *p, rf_node *statement)
{
    rf_block *block = rf_arena_new(&p->unit->arena, rf_block);
    block->count = 1;
    block->statements = rf_arena_new(&p->unit->arena, rf_node *);
    block->statements[0] = statement;
    block->open = block->close = statement->start;
    return block;
}

/* ---- the program ---- */

static bool parse_top_level(rf_parser *p, rf_block *block)
{
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_EOF)) {
        if (rf_parser_accept(p, RF_TOKEN_SEMICOLON)) continue;
        if (rf_parser_at_test(p)) {
            if (!rf_parse_test(p, RF_LEVEL_MODULE)) return false;
            p->unit->statement_count++;
            continue;
        }
        rf_node *statement = rf_parse_statement(p, RF_LEVEL_MODULE);
        if (!statement) return false;
        if (p->is_repl && statement->kind == RF_NODE_EXPR) statement->flag = true;
        rf_vector_push(&p->scratch, statement);
        p->unit->statement_count++;
    }
    block->close = p->token->pos;
    block->statements = rf_parser_take_list(p, base, &block->count);
    return true;
}

bool rf_parse_program(rf_parser *p, bool with_tests)
{
    rf_pos start = {1, 1};
    rf_func *module = rf_parser_func(p, RF_FUNC_MODULE, NULL, start);
    rf_function_context context = {.kind = RF_FUNC_MODULE};
    rf_test_group outermost = {0};
    p->function = &context;
    p->group = &outermost;
    p->self_symbol = rf_literal_pool_symbol(p->pool, "self");
    module->display_name = "<module>";
    module->body = rf_arena_new(&p->unit->arena, rf_block);
    module->body->open = start;
    p->unit->main = module;
    bool is_parsed = parse_top_level(p, module->body);
    module->end = module->body->close;
    if (is_parsed && with_tests && !p->front.is_set) is_parsed = rf_parse_tests_again(p);
    rf_vector_release(&outermost.declarations);
    p->function = NULL;
    p->group = NULL;
    return is_parsed;
}

void rf_parser_release(rf_parser *p)
{
    rf_buffer_release(&p->error.text);
    rf_buffer_release(&p->front.text);
    rf_vector_release(&p->scratch);
    rf_vector_release(&p->marks);
    for (size_t i = 0; i < p->groups.count; i++) {
        rf_vector_release(&p->groups.data[i]->declarations);
        rf_free(p->groups.data[i]);
    }
    rf_vector_release(&p->groups);
    rf_vector_release(&p->test_sites);
}
