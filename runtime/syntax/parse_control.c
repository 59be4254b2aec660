/* Control flow (LANGUAGE 3.1): if, match, loops, try, spawn. */
#include "syntax/parser.h"

static rf_block *parse_loop_body(rf_parser *p, const char *place)
{
    p->function->loop_depth++;
    rf_block *body = rf_parse_block(p, place);
    p->function->loop_depth--;
    return body;
}

/* Chains of `else if` are read in a loop; each link stands alone in the else block of the one before. */
rf_node *rf_parse_if(rf_parser *p)
{
    rf_node *whole = rf_parser_node(p, RF_NODE_IF, p->token->pos, p->token->pos);
    for (rf_node *node = whole;;) {
        rf_parser_advance(p);
        node->as.branch.condition = rf_parse_header_expression(p);
        if (!node->as.branch.condition) return NULL;
        node->as.branch.body = rf_parse_block(p, "if block");
        if (!node->as.branch.body) return NULL;
        if (!rf_parser_accept(p, RF_TOKEN_ELSE)) return whole;
        if (!rf_parser_at(p, RF_TOKEN_IF)) {
            node->as.branch.else_block = rf_parse_block(p, "else block");
            return node->as.branch.else_block ? whole : NULL;
        }
        rf_node *link = rf_parser_node(p, RF_NODE_IF, p->token->pos, p->token->pos);
        node->as.branch.else_block = rf_parser_block_of(p, link);
        node = link;
    }
}

rf_node *rf_parse_while(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_WHILE, p->token->pos, p->token->pos);
    rf_parser_advance(p);
    node->as.branch.condition = rf_parse_header_expression(p);
    if (!node->as.branch.condition) return NULL;
    node->as.branch.body = parse_loop_body(p, "while body");
    return node->as.branch.body ? node : NULL;
}

rf_node *rf_parse_loop(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_LOOP, p->token->pos, p->token->pos);
    rf_parser_advance(p);
    if (rf_parser_accept(p, RF_TOKEN_WHILE)) {
        node->kind = RF_NODE_WHILE;
        node->as.branch.condition = rf_parse_header_expression(p);
        if (!node->as.branch.condition) return NULL;
    }
    node->as.branch.body = parse_loop_body(p, "loop body");
    return node->as.branch.body ? node : NULL;
}

/* ---- for ---- */

/* after `for`, at NAME `:=` */
static rf_node *parse_for_clauses(rf_parser *p, rf_pos start)
{
    rf_node *node = rf_parser_node(p, RF_NODE_FOR_C, start, start);
    rf_node *init = rf_parser_node(p, RF_NODE_LET, p->token->pos, p->token->pos);
    init->as.bind.pattern = rf_parse_pattern(p, "in for loop");
    if (!init->as.bind.pattern || !rf_parser_expect_assign(p, "in for loop")) return NULL;
    init->as.bind.value = rf_parse_expression(p);
    if (!rf_parser_expect(p, RF_TOKEN_SEMICOLON, "in for loop")) return NULL;
    node->as.for_c.init = init;
    node->as.for_c.condition = rf_parse_header_expression(p);
    if (!rf_parser_expect(p, RF_TOKEN_SEMICOLON, "in for loop")) return NULL;
    bool in_header = p->in_header;
    p->in_header = true;
    node->as.for_c.step = rf_parse_simple(p);
    p->in_header = in_header;
    if (!node->as.for_c.step) return NULL;
    node->as.for_c.body = parse_loop_body(p, "for loop body");
    return node->as.for_c.body ? node : NULL;
}

rf_node *rf_parse_for(rf_parser *p)
{
    rf_pos start = p->token->pos;
    rf_parser_advance(p);
    if (rf_parser_at_name(p) && p->token[1].kind == RF_TOKEN_DEFINE) return parse_for_clauses(p, start);
    rf_node *node = rf_parser_node(p, RF_NODE_FOR_IN, start, start);
    node->as.for_in.pattern = rf_parse_pattern(p, "in for loop");
    if (!node->as.for_in.pattern || !rf_parser_expect(p, RF_TOKEN_IN, "in for loop")) return NULL;
    node->as.for_in.iterable = rf_parse_header_expression(p);
    if (!node->as.for_in.iterable) return NULL;
    node->pos = node->as.for_in.iterable->start; /* blamed when it cannot be iterated */
    node->as.for_in.body = parse_loop_body(p, "for loop body");
    return node->as.for_in.body ? node : NULL;
}

/* ---- match ---- */

/* [ ":" ] block | ":" statement */
static rf_block *parse_arm(rf_parser *p, const char *place)
{
    bool has_colon = rf_parser_accept(p, RF_TOKEN_COLON);
    if (!has_colon || rf_parser_at(p, RF_TOKEN_LEFT_BRACE)) return rf_parse_block(p, place);
    rf_node *statement = rf_parse_statement(p, RF_LEVEL_BLOCK);
    return statement ? rf_parser_block_of(p, statement) : NULL;
}

static rf_case *parse_case(rf_parser *p)
{
    rf_case *arm = rf_arena_new(&p->unit->arena, rf_case);
    arm->pattern = rf_parse_match_pattern(p);
    if (!arm->pattern) return NULL;
    if (rf_parser_accept(p, RF_TOKEN_IF)) {
        arm->guard = rf_parse_header_expression(p);
        if (!arm->guard) return NULL;
    }
    arm->body = parse_arm(p, "match case block");
    return arm->body ? arm : NULL;
}

static bool parse_match_body(rf_parser *p, rf_node *node)
{
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE) && !rf_parser_at(p, RF_TOKEN_EOF)) {
        if (rf_parser_accept(p, RF_TOKEN_COMMA) || rf_parser_accept(p, RF_TOKEN_SEMICOLON)) continue;
        uint8_t word = p->token->word;
        if (word == RF_WORD_CASE) {
            rf_parser_advance(p);
            rf_case *arm = parse_case(p);
            if (!arm) return false;
            rf_vector_push(&p->scratch, arm);
        } else if (word == RF_WORD_DEFAULT) {
            rf_parser_advance(p);
            rf_block *body = parse_arm(p, "match default block");
            if (!body) return false;
            if (!node->as.match.default_body) node->as.match.default_body = body;
        } else {
            break;
        }
    }
    uint32_t count;
    rf_case **cases = rf_parser_take_list(p, base, &count);
    node->as.match.count = count;
    node->as.match.cases = rf_arena_array(&p->unit->arena, rf_case, count + 1);
    for (uint32_t i = 0; i < count; i++) node->as.match.cases[i] = *cases[i];
    return true;
}

rf_node *rf_parse_match(rf_parser *p)
{
    rf_nest saved;
    rf_node *node = rf_parser_node(p, RF_NODE_MATCH, p->token->pos, p->token->pos);
    rf_parser_advance(p);
    node->as.match.subject = rf_parse_header_expression(p);
    if (!node->as.match.subject || !rf_parser_open_block(p, "match body", &saved)) return NULL;
    p->in_arm = true;
    if (!parse_match_body(p, node)) return NULL;
    return rf_parser_close_block(p, "match body", saved) ? node : NULL;
}

/* ---- try, spawn ---- */

rf_node *rf_parse_try(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_TRY, p->token->pos, p->token->pos);
    rf_parser_advance(p);
    node->as.try_.body = rf_parse_block(p, "try block");
    if (!rf_parser_expect(p, RF_TOKEN_EXCEPT, "after try block")) return NULL;
    if (rf_parser_at_name(p)) {
        node->as.try_.has_name = p->token->word != RF_WORD_DISCARD;
        node->as.try_.name.name = p->token->kind == RF_TOKEN_SELF ? p->self_symbol : p->token->as.symbol;
        node->pos = p->token->pos;
        rf_parser_advance(p);
    }
    node->as.try_.handler = rf_parse_block(p, "except block");
    return node->as.try_.handler ? node : NULL;
}

rf_node *rf_parse_spawn(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_SPAWN, p->token->pos, p->token->pos);
    rf_func *func = rf_parser_func(p, RF_FUNC_SPAWN, NULL, p->token->pos);
    rf_function_context context = {p->function, RF_FUNC_SPAWN, false, p->function->has_self_name, 0};
    rf_parser_advance(p);
    p->function = &context;
    func->body = rf_parse_block(p, "spawn block");
    p->function = context.outer;
    if (!func->body) return NULL;
    func->end = func->body->close;
    node->as.func = func;
    return node;
}
