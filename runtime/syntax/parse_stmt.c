/* Statements other than control flow and declarations (LANGUAGE 3.1): blocks, assignments, imports, exports. */
#include "syntax/parser.h"

#include <string.h>

enum { MAX_BLOCK_DEPTH = 128 };

/* ---- blocks ---- */

bool rf_parser_open_block(rf_parser *p, const char *place, rf_nest *saved)
{
    *saved = (rf_nest){p->in_header, p->in_arm};
    if (p->failed) return false;
    if (!rf_parser_at(p, RF_TOKEN_LEFT_BRACE)) {
        char context[48] = "to start ";
        strncat(context, place, sizeof context - sizeof "to start ");
        rf_parser_expected(p, "'{'", context);
        return false;
    }
    if (p->block_depth == MAX_BLOCK_DEPTH) {
        rf_parser_fail(p, p->token->pos, "Maximum block nesting depth of 128 exceeded while parsing %s", place);
        return false;
    }
    rf_parser_mark(p, p->token, RF_ROLE_BODY);
    rf_parser_advance(p);
    p->block_depth++;
    p->in_header = p->in_arm = false;
    return true;
}

bool rf_parser_close_block(rf_parser *p, const char *place, rf_nest saved)
{
    if (p->failed) return false;
    if (!rf_parser_accept(p, RF_TOKEN_RIGHT_BRACE)) {
        char context[48] = "to close ";
        strncat(context, place, sizeof context - sizeof "to close ");
        rf_parser_expected(p, "'}'", context);
        return false;
    }
    p->block_depth--;
    p->in_header = saved.in_header;
    p->in_arm = saved.in_arm;
    return true;
}

rf_block *rf_parse_block(rf_parser *p, const char *place)
{
    rf_nest saved;
    rf_pos open = p->token->pos;
    if (!rf_parser_open_block(p, place, &saved)) return NULL;
    rf_block *block = rf_arena_new(&p->unit->arena, rf_block);
    block->open = open;
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE) && !rf_parser_at(p, RF_TOKEN_EOF)) {
        if (rf_parser_accept(p, RF_TOKEN_SEMICOLON)) continue;
        rf_node *statement = rf_parse_statement(p, RF_LEVEL_BLOCK);
        if (!statement) return NULL;
        rf_vector_push(&p->scratch, statement);
    }
    block->close = p->token->pos;
    if (!rf_parser_close_block(p, place, saved)) return NULL;
    block->statements = rf_parser_take_list(p, base, &block->count);
    return block;
}

static rf_node *parse_bare_block(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_BLOCK, p->token->pos, p->token->pos);
    node->as.block = rf_parse_block(p, "block");
    return node->as.block ? node : NULL;
}

/* ---- assignments ---- */

static bool parse_value(rf_parser *p, rf_node **value)
{
    *value = rf_parse_expression(p);
    if (!*value) return false;
    if (!rf_token_is_assign(p->token)) return true;
    rf_parser_fail(p, p->token->pos,
                   "Chained assignment is not supported; split the assignment into separate statements");
    return false;
}

static rf_op_kind compound_operator(const rf_token *token)
{
    return token->kind < RF_TOKEN_ADD_ASSIGN ? RF_OPER_NONE
                                             : (rf_op_kind)(token->kind - RF_TOKEN_ADD_ASSIGN + RF_OPER_ADD);
}

_Static_assert(RF_TOKEN_MOD_ASSIGN - RF_TOKEN_ADD_ASSIGN == RF_OPER_MOD - RF_OPER_ADD,
               "compound assignments and operators are listed in one order");

/* NAME ":" type assign expr */
static rf_node *parse_annotated(rf_parser *p)
{
    const rf_token *name = p->token;
    p->token += 2;
    rf_type_note *type = rf_parse_type(p);
    if (!type) return NULL;
    rf_node *node = rf_parser_node(p, RF_NODE_ASSIGN, p->token->pos, name->pos);
    if (!rf_parser_expect_assign(p, "after type annotation")) return NULL;
    node->as.assign.type = type;
    node->as.assign.place.root.name = name->as.symbol;
    node->as.assign.place.pos = name->pos;
    return parse_value(p, &node->as.assign.value) ? node : NULL;
}

rf_node *rf_parse_simple(rf_parser *p)
{
    const rf_token *first = p->token;
    if (first->kind == RF_TOKEN_NAME && first[1].kind == RF_TOKEN_COLON && !rf_parser_is_arm_word(p, first))
        return parse_annotated(p);
    rf_node *left = rf_parse_expression(p);
    if (!left) return NULL;
    const rf_token *operator = p->token;
    if (!rf_token_is_assign(operator)) {
        if (left->kind == RF_NODE_CALL && left->as.call.count && left->as.call.args[0]->kind == RF_NODE_INDEX)
            rf_parser_place(p, left->as.call.args[0]); /* it may be an update statement */
        if (p->failed) return NULL;
        rf_node *node = rf_parser_node(p, RF_NODE_EXPR, left->start, first->pos);
        node->as.operand = left;
        return node;
    }
    rf_place *place = rf_parser_place(p, left);
    if (!place) rf_parser_fail(p, operator->pos, "Invalid assignment target");
    if (p->failed) return NULL;
    rf_node *node = rf_parser_node(p, RF_NODE_ASSIGN, operator->pos, first->pos);
    node->op = (uint8_t)compound_operator(operator);
    node->as.assign.place = *place;
    rf_parser_advance(p);
    return parse_value(p, &node->as.assign.value) ? node : NULL;
}

static rf_node *parse_destructuring(rf_parser *p)
{
    rf_pos pos = p->token->pos;
    rf_node *node = rf_parser_node(p, RF_NODE_DESTRUCTURE, pos, pos);
    node->as.bind.pattern = rf_parse_pattern(p, "in destructuring");
    if (!node->as.bind.pattern || !rf_parser_expect_assign(p, "in destructuring")) return NULL;
    return parse_value(p, &node->as.bind.value) ? node : NULL;
}

static bool at_dict_statement(const rf_parser *p)
{
    const rf_token *first = p->token + 1;
    switch (first->kind) {
    case RF_TOKEN_ELLIPSIS: return true;
    case RF_TOKEN_INT: case RF_TOKEN_FLOAT: case RF_TOKEN_STRING: return first[1].kind == RF_TOKEN_COLON;
    case RF_TOKEN_TEMPLATE_HEAD:
        return p->tokens[rf_parser_after_string(p, (uint32_t)(first - p->tokens))].kind == RF_TOKEN_COLON;
    default: return rf_token_is_word(first) && first[1].kind == RF_TOKEN_COLON;
    }
}

static rf_node *parse_braces(rf_parser *p)
{
    if (rf_parser_at_destructuring(p)) return parse_destructuring(p);
    return at_dict_statement(p) ? rf_parse_simple(p) : parse_bare_block(p);
}

/* ---- modules ---- */

/* NAME { "." NAME }; *last is the last name */
static const char *parse_module_path(rf_parser *p, const char *context, const rf_symbol **last)
{
    rf_buffer path = RF_BUFFER_INIT;
    *last = rf_parser_expect_name(p, context);
    if (*last) rf_buffer_append(&path, (*last)->text, (*last)->size);
    while (*last && rf_parser_accept(p, RF_TOKEN_DOT)) {
        *last = rf_parser_expect_name(p, "after '.' in module path");
        if (!*last) break;
        rf_buffer_append_byte(&path, '.');
        rf_buffer_append(&path, (*last)->text, (*last)->size);
    }
    const char *copy = *last ? rf_arena_copy(&p->unit->arena, path.data, path.size) : NULL;
    rf_buffer_release(&path);
    return copy;
}

static rf_node *parse_import(rf_parser *p)
{
    rf_pos start = p->token->pos;
    rf_parser_advance(p);
    const rf_symbol *last;
    rf_node *node = rf_parser_node(p, RF_NODE_IMPORT, p->token->pos, start);
    node->as.import.path = parse_module_path(p, "after 'import'", &last);
    if (!last) return NULL;
    node->as.import.binds_module = true;
    node->as.import.module_ref.name = last;
    return node;
}

static rf_node *parse_from_import(rf_parser *p)
{
    rf_pos start = p->token->pos;
    rf_parser_advance(p);
    const rf_symbol *last;
    rf_node *node = rf_parser_node(p, RF_NODE_IMPORT, p->token->pos, start);
    node->flag = true;
    node->as.import.path = parse_module_path(p, "after 'from'", &last);
    if (!last || !rf_parser_expect(p, RF_TOKEN_IMPORT, "after module name in from-import statement")) return NULL;
    size_t base = p->scratch.count;
    do {
        rf_import_name *name = rf_arena_new(&p->unit->arena, rf_import_name);
        name->pos = p->token->pos;
        name->name = rf_parser_expect_name(p, "after 'import'");
        if (!name->name) return NULL;
        name->ref.name = name->name;
        rf_vector_push(&p->scratch, name);
    } while (rf_parser_accept(p, RF_TOKEN_COMMA));
    uint32_t count;
    rf_import_name **names = rf_parser_take_list(p, base, &count);
    node->as.import.count = count;
    node->as.import.names = rf_arena_array(&p->unit->arena, rf_import_name, count);
    for (uint32_t i = 0; i < count; i++) node->as.import.names[i] = *names[i];
    return node;
}

static rf_node *parse_export(rf_parser *p, rf_level level)
{
    rf_pos pos = p->token->pos;
    rf_node *node = rf_parser_node(p, RF_NODE_EXPORT, pos, pos);
    if (level != RF_LEVEL_MODULE) rf_parser_front_error(p, pos, "export can only be used at module top level");
    rf_parser_advance(p);
    node->as.operand = rf_parser_at_declaration(p) ? rf_parse_declaration(p) : rf_parse_simple(p);
    return node->as.operand ? node : NULL;
}

/* `pub` is a word of its own only before a declaration on the same line. */
static bool at_pub(const rf_parser *p)
{
    const rf_token *next = p->token + 1;
    if (next->after_break) return false;
    switch (next->kind) {
    case RF_TOKEN_FUNC: case RF_TOKEN_ASYNC: case RF_TOKEN_STRUCT: case RF_TOKEN_ENUM: case RF_TOKEN_LET: case RF_TOKEN_MUT:
    case RF_TOKEN_CONST: return true;
    default: return next->word == RF_WORD_FN;
    }
}

/* ---- leaving ---- */

static rf_node *parse_return(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_RETURN, p->token->pos, p->token->pos);
    rf_parser_advance(p);
    if (p->token->after_break || !rf_parser_starts_expression(p)) return node;
    node->as.operand = rf_parse_expression(p);
    return node->as.operand ? node : NULL;
}

static rf_node *parse_jump(rf_parser *p, rf_node_kind kind, const char *word)
{
    rf_node *node = rf_parser_node(p, kind, p->token->pos, p->token->pos);
    if (!p->function->loop_depth)
        rf_parser_front_error(p, p->token->pos, "%s can only be used inside a loop", word);
    rf_parser_advance(p);
    return node;
}

/* ---- all of them ---- */

/* A test in the wrong place is an error of its own; it leaves an empty block in the tree. */
static rf_node *parse_misplaced_test(rf_parser *p, rf_level level)
{
    rf_node *node = rf_parser_node(p, RF_NODE_BLOCK, p->token->pos, p->token->pos);
    node->as.block = rf_arena_new(&p->unit->arena, rf_block);
    return rf_parse_test(p, level) ? node : NULL;
}

static rf_node *parse_name_statement(rf_parser *p, rf_level level)
{
    const rf_token *token = p->token;
    if (token->word != RF_WORD_NONE) {
        if (token->word == RF_WORD_FROM && token[1].kind == RF_TOKEN_NAME) return parse_from_import(p);
        if (token->word == RF_WORD_PUB && at_pub(p)) return parse_export(p, level);
        if (rf_parser_at_declaration(p)) return rf_parse_declaration(p);
        if (rf_parser_at_test(p)) return parse_misplaced_test(p, level);
    }
    return rf_parse_simple(p);
}

rf_node *rf_parse_statement(rf_parser *p, rf_level level)
{
    switch (p->token->kind) {
    case RF_TOKEN_NAME: return parse_name_statement(p, level);
    case RF_TOKEN_LET: case RF_TOKEN_MUT: case RF_TOKEN_CONST: case RF_TOKEN_STRUCT: case RF_TOKEN_ENUM:
        return rf_parse_declaration(p);
    case RF_TOKEN_FUNC: case RF_TOKEN_ASYNC:
        return rf_parser_at_declaration(p) ? rf_parse_declaration(p) : rf_parse_simple(p);
    case RF_TOKEN_IF: return rf_parse_if(p);
    case RF_TOKEN_MATCH: return rf_parse_match(p);
    case RF_TOKEN_FOR: return rf_parse_for(p);
    case RF_TOKEN_WHILE: return rf_parse_while(p);
    case RF_TOKEN_LOOP: return rf_parse_loop(p);
    case RF_TOKEN_TRY: return rf_parse_try(p);
    case RF_TOKEN_SPAWN: return rf_parse_spawn(p);
    case RF_TOKEN_RETURN: return parse_return(p);
    case RF_TOKEN_BREAK: return parse_jump(p, RF_NODE_BREAK, "break");
    case RF_TOKEN_CONTINUE: return parse_jump(p, RF_NODE_CONTINUE, "continue");
    case RF_TOKEN_IMPORT: return parse_import(p);
    case RF_TOKEN_EXPORT: return parse_export(p, level);
    case RF_TOKEN_LEFT_BRACKET:
        return rf_parser_at_destructuring(p) ? parse_destructuring(p) : rf_parse_simple(p);
    case RF_TOKEN_LEFT_BRACE: return parse_braces(p);
    default: return rf_parse_simple(p);
    }
}
