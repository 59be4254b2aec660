/* Operators and suffixes (LANGUAGE 3.3, 3.5).
 *
 * Chains of one level are read in a loop and lean to the left, so nesting of C calls is bounded by the number of
 * levels times the expression nesting limit. */
#include "syntax/parser.h"

enum { LEVEL_PIPE = 1, LEVEL_COALESCE, LEVEL_OR, LEVEL_AND, LEVEL_EQUALITY, LEVEL_COMPARISON, LEVEL_TERM, LEVEL_FACTOR };

typedef struct binary_operator {
    uint8_t level; /* 0: no binary operator */
    uint8_t kind;  /* rf_node_kind */
    uint8_t op;    /* rf_op_kind of BINARY */
} binary_operator;

static const binary_operator binary_operators[RF_TOKEN_COUNT] = {
    [RF_TOKEN_PIPE] = {LEVEL_PIPE, RF_NODE_PIPE, RF_OPER_NONE},
    [RF_TOKEN_COALESCE] = {LEVEL_COALESCE, RF_NODE_COALESCE, RF_OPER_NONE},
    [RF_TOKEN_OR_OR] = {LEVEL_OR, RF_NODE_OR, RF_OPER_NONE},
    [RF_TOKEN_OR] = {LEVEL_OR, RF_NODE_OR, RF_OPER_NONE},
    [RF_TOKEN_AND_AND] = {LEVEL_AND, RF_NODE_AND, RF_OPER_NONE},
    [RF_TOKEN_AND] = {LEVEL_AND, RF_NODE_AND, RF_OPER_NONE},
    [RF_TOKEN_EQUAL] = {LEVEL_EQUALITY, RF_NODE_BINARY, RF_OPER_EQ},
    [RF_TOKEN_NOT_EQUAL] = {LEVEL_EQUALITY, RF_NODE_BINARY, RF_OPER_NE},
    [RF_TOKEN_LESS] = {LEVEL_COMPARISON, RF_NODE_BINARY, RF_OPER_LT},
    [RF_TOKEN_LESS_EQUAL] = {LEVEL_COMPARISON, RF_NODE_BINARY, RF_OPER_LE},
    [RF_TOKEN_GREATER] = {LEVEL_COMPARISON, RF_NODE_BINARY, RF_OPER_GT},
    [RF_TOKEN_GREATER_EQUAL] = {LEVEL_COMPARISON, RF_NODE_BINARY, RF_OPER_GE},
    [RF_TOKEN_PLUS] = {LEVEL_TERM, RF_NODE_BINARY, RF_OPER_ADD},
    [RF_TOKEN_MINUS] = {LEVEL_TERM, RF_NODE_BINARY, RF_OPER_SUB},
    [RF_TOKEN_STAR] = {LEVEL_FACTOR, RF_NODE_BINARY, RF_OPER_MUL},
    [RF_TOKEN_SLASH] = {LEVEL_FACTOR, RF_NODE_BINARY, RF_OPER_DIV},
    [RF_TOKEN_PERCENT] = {LEVEL_FACTOR, RF_NODE_BINARY, RF_OPER_MOD},
};

/* ---- suffixes ---- */

rf_node **rf_parse_args(rf_parser *p, const char *context, uint32_t *count)
{
    rf_nest saved;
    size_t base = p->scratch.count;
    if (!rf_parser_enter(p, p->token->pos, &saved)) return NULL;
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_PAREN)) {
        if (!rf_parser_has_room(p, base, RF_LIST_MOST, "Argument list", "argument")) return NULL;
        rf_node *arg = rf_parse_expression(p);
        if (!arg) return NULL;
        rf_vector_push(&p->scratch, arg);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_PAREN, context)) return NULL;
    rf_parser_leave(p, saved);
    return rf_parser_take_list(p, base, count);
}

static bool at_call(const rf_parser *p)
{
    return rf_parser_at(p, RF_TOKEN_LEFT_PAREN) && !p->token->after_break;
}

static rf_node *parse_call(rf_parser *p, rf_node *callee)
{
    rf_node *node = rf_parser_node(p, RF_NODE_CALL, callee->start, callee->start);
    node->as.call.callee = callee;
    node->as.call.args = rf_parse_args(p, "to close function call arguments", &node->as.call.count);
    return p->failed ? NULL : node;
}

static rf_node *parse_member(rf_parser *p, rf_node *object)
{
    bool is_optional = rf_parser_at(p, RF_TOKEN_OPTIONAL_DOT);
    rf_parser_advance(p);
    const rf_token *name = p->token;
    if (!rf_token_is_word(name)) return rf_parser_expected(p, "identifier", is_optional ? "after '?.'" : "after '.'");
    rf_parser_advance(p);
    rf_node *node;
    if (at_call(p)) {
        node = rf_parser_node(p, RF_NODE_METHOD, name->pos, object->start);
        node->as.method.receiver = object;
        node->as.method.name = name->as.symbol;
        node->as.method.args = rf_parse_args(p, "to close method call arguments", &node->as.method.count);
        if (p->failed) return NULL;
        node->as.method.place = rf_parser_place(p, object);
        if (p->failed) return NULL;
    } else {
        node = rf_parser_node(p, RF_NODE_FIELD, name->pos, object->start);
        node->as.field.object = object;
        node->as.field.name = name->as.symbol;
    }
    node->flag = is_optional;
    return node;
}

/* before: indexes of the object */
static rf_node *parse_index(rf_parser *p, rf_node *object, uint32_t before)
{
    rf_nest saved;
    rf_node *node = rf_parser_node(p, RF_NODE_INDEX, p->token->pos, object->start);
    if (!rf_parser_enter(p, p->token->pos, &saved)) return NULL;
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    node->as.index.object = object;
    p->open_indexes += before;
    node->as.index.index = rf_parse_expression(p);
    p->open_indexes -= before;
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACKET, "to close index expression")) return NULL;
    rf_parser_leave(p, saved);
    return node;
}

static rf_node *parse_try_suffix(rf_parser *p, rf_node *operand)
{
    rf_node *node = rf_parser_node(p, RF_NODE_TRY_OP, p->token->pos, operand->start);
    node->as.operand = operand;
    switch ((rf_func_kind)p->function->kind) {
    case RF_FUNC_MODULE: case RF_FUNC_SPAWN: case RF_FUNC_TEST: case RF_FUNC_DEFAULT: node->flag = true; break;
    case RF_FUNC_DECLARED: case RF_FUNC_EXPR: case RF_FUNC_METHOD: break;
    }
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    return node;
}

static rf_node *parse_postfix(rf_parser *p)
{
    rf_node *node = rf_parse_operand(p);
    uint32_t indexes = 0;
    while (node) {
        switch (p->token->kind) {
        case RF_TOKEN_LEFT_PAREN:
            if (p->token->after_break) return node;
            node = parse_call(p, node);
            break;
        case RF_TOKEN_LEFT_BRACKET:
            if (p->token->after_break) return node;
            node = parse_index(p, node, indexes++);
            break;
        case RF_TOKEN_DOT: case RF_TOKEN_OPTIONAL_DOT: node = parse_member(p, node); break;
        case RF_TOKEN_QUESTION: node = parse_try_suffix(p, node); break;
        default: return node;
        }
    }
    return NULL;
}

/* ---- operators ---- */

static rf_node *parse_unary(rf_parser *p)
{
    const rf_token *token = p->token;
    rf_node_kind kind = RF_NODE_UNARY;
    rf_op_kind op = RF_OPER_NONE;
    switch (token->kind) {
    case RF_TOKEN_MINUS: op = RF_OPER_NEG; break;
    case RF_TOKEN_BANG: case RF_TOKEN_NOT: op = RF_OPER_NOT; break;
    case RF_TOKEN_AWAIT: kind = RF_NODE_AWAIT; break;
    default: return parse_postfix(p);
    }
    if (!rf_parser_deepen(p, token->pos)) return NULL;
    if (kind == RF_NODE_UNARY && token->kind != RF_TOKEN_NOT) rf_parser_mark(p, token, RF_ROLE_PREFIX);
    rf_parser_advance(p);
    rf_node *node = rf_parser_node(p, kind, token->pos, token->pos);
    node->op = (uint8_t)op;
    node->as.operand = parse_unary(p);
    p->expression_depth--;
    return node->as.operand ? node : NULL;
}

static rf_node *parse_level(rf_parser *p, unsigned level)
{
    rf_node *left = parse_unary(p);
    while (left) {
        binary_operator operator = binary_operators[p->token->kind];
        if (!operator.level || operator.level < level) return left;
        rf_pos pos = p->token->pos;
        rf_parser_mark(p, p->token, RF_ROLE_BINARY);
        rf_parser_advance(p);
        rf_node *right = parse_level(p, operator.level + 1U);
        if (!right) return NULL;
        /* a failing pipe is a failing call, blamed on its callee */
        if (operator.kind == RF_NODE_PIPE) pos = right->start;
        rf_node *node = rf_parser_node(p, operator.kind, pos, left->start);
        node->op = operator.op;
        node->as.binary.left = left;
        node->as.binary.right = right;
        left = node;
    }
    return NULL;
}

rf_node *rf_parse_expression(rf_parser *p)
{
    return parse_level(p, LEVEL_PIPE);
}

rf_node *rf_parse_key_expression(rf_parser *p)
{
    return parse_level(p, LEVEL_OR);
}

rf_node *rf_parse_header_expression(rf_parser *p)
{
    bool in_header = p->in_header;
    p->in_header = true;
    rf_node *node = rf_parse_expression(p);
    p->in_header = in_header;
    return node;
}
