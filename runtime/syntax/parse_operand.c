/* What expressions are made of (LANGUAGE 3.3 `primary`): literals, names, containers, functions, `if`, `yield`,
 * `throw`. */
#include "syntax/parser.h"

#include <string.h>

bool rf_parser_starts_expression(const rf_parser *p)
{
    switch (p->token->kind) {
    case RF_TOKEN_NAME: return !rf_parser_is_arm_word(p, p->token);
    case RF_TOKEN_INT: case RF_TOKEN_FLOAT: case RF_TOKEN_STRING: case RF_TOKEN_TEMPLATE_HEAD: case RF_TOKEN_TRUE:
    case RF_TOKEN_FALSE: case RF_TOKEN_NULL: case RF_TOKEN_SELF: case RF_TOKEN_LEFT_PAREN: case RF_TOKEN_LEFT_BRACKET:
    case RF_TOKEN_LEFT_BRACE: case RF_TOKEN_FUNC: case RF_TOKEN_ASYNC: case RF_TOKEN_BAR: case RF_TOKEN_OR_OR:
    case RF_TOKEN_IF: case RF_TOKEN_YIELD: case RF_TOKEN_THROW: case RF_TOKEN_MINUS: case RF_TOKEN_BANG:
    case RF_TOKEN_NOT: case RF_TOKEN_AWAIT: return true;
    default: return false;
    }
}

/* ---- names and what begins with one ---- */

static rf_node *name_node(rf_parser *p, const rf_symbol *name, rf_pos pos)
{
    rf_node *node = rf_parser_node(p, RF_NODE_NAME, pos, pos);
    node->as.ref.name = name;
    return node;
}

/* Result::Ok and the like mean the built-in whatever the program declares (LANGUAGE 10.2). */
static bool is_builtin_path(const rf_token *first, const rf_symbol *variant)
{
    if (first->word == RF_WORD_RESULT) return strcmp(variant->text, "Ok") == 0 || strcmp(variant->text, "Err") == 0;
    if (first->word == RF_WORD_OPTION) return strcmp(variant->text, "Some") == 0 || strcmp(variant->text, "None") == 0;
    return false;
}

static rf_node *parse_path(rf_parser *p, const rf_token *first)
{
    rf_parser_advance(p); /* the :: */
    const rf_symbol *variant = rf_parser_expect_name(p, "after '::'");
    if (!variant) return NULL;
    if (is_builtin_path(first, variant)) {
        rf_node *node = name_node(p, variant, first->pos);
        node->flag = true;
        return node;
    }
    rf_node *node = rf_parser_node(p, RF_NODE_ENUM_VALUE, first->pos, first->pos);
    node->as.variant.ref.name = first->as.symbol;
    node->as.variant.variant = variant;
    if (!rf_parser_at(p, RF_TOKEN_LEFT_PAREN) || p->token->after_break) return node;
    node->flag = true;
    node->as.variant.args = rf_parse_args(p, "to close function call arguments", &node->as.variant.count);
    return p->failed ? NULL : node;
}

static bool at_word_colon(const rf_token *token)
{
    return rf_token_is_word(token) && token[1].kind == RF_TOKEN_COLON;
}

static bool at_struct_literal(const rf_parser *p)
{
    if (p->in_header || !rf_parser_at(p, RF_TOKEN_LEFT_BRACE) || p->token->after_break) return false;
    const rf_token *next = p->token + 1;
    return next->kind == RF_TOKEN_RIGHT_BRACE || next->kind == RF_TOKEN_ELLIPSIS || at_word_colon(next);
}

/* The entries of a struct or dict literal, without the braces, moved out of the scratch list. */
static rf_entry *take_entries(rf_parser *p, size_t base, uint32_t *count)
{
    *count = (uint32_t)(p->scratch.count - base);
    rf_entry *entries = rf_arena_array(&p->unit->arena, rf_entry, *count + 1);
    for (uint32_t i = 0; i < *count; i++) entries[i] = *(rf_entry *)p->scratch.data[base + i];
    p->scratch.count = base;
    return entries;
}

static rf_entry *new_entry(rf_parser *p)
{
    rf_entry *entry = rf_arena_new(&p->unit->arena, rf_entry);
    entry->pos = p->token->pos;
    entry->is_spread = rf_parser_accept(p, RF_TOKEN_ELLIPSIS);
    rf_vector_push(&p->scratch, entry);
    return entry;
}

static bool parse_field_init(rf_parser *p)
{
    rf_entry *entry = new_entry(p);
    if (!entry->is_spread) {
        if (!rf_token_is_word(p->token)) return rf_parser_expected(p, "identifier", "in struct literal");
        entry->word = p->token->as.symbol;
        rf_parser_advance(p);
        if (!rf_parser_expect(p, RF_TOKEN_COLON, "after field name")) return false;
    }
    entry->value = rf_parse_expression(p);
    return entry->value != NULL;
}

static rf_node *parse_struct_literal(rf_parser *p, const rf_token *name)
{
    rf_nest saved;
    rf_node *node = rf_parser_node(p, RF_NODE_STRUCT_LIT, name->pos, name->pos);
    node->as.instance.ref.name = name->as.symbol;
    size_t base = p->scratch.count;
    if (!rf_parser_enter(p, p->token->pos, &saved)) return NULL;
    rf_parser_mark(p, p->token, RF_ROLE_BODY);
    rf_parser_advance(p);
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE)) {
        if (!rf_parser_has_room(p, base, RF_LIST_MOST, "Struct literal", "field")) return NULL;
        if (!parse_field_init(p)) return NULL;
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACE, "to close struct literal")) return NULL;
    rf_parser_leave(p, saved);
    node->as.instance.entries = take_entries(p, base, &node->as.instance.count);
    return node;
}

/* ---- functions ---- */

static rf_node *parse_function(rf_parser *p, const rf_token *first, bool is_async)
{
    rf_func *func = rf_parser_func(p, RF_FUNC_EXPR, NULL, first->pos);
    rf_node *node = rf_parser_node(p, RF_NODE_FUNC, first->pos, first->pos);
    node->as.func = func;
    func->is_async = is_async;
    if (!is_async && rf_parser_at(p, RF_TOKEN_STAR)) {
        rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
        rf_parser_advance(p);
        func->is_generator = true;
    }
    if (!rf_parser_deepen(p, first->pos)) return NULL;
    if (!rf_parse_signature(p, func, "after 'func'")) return NULL;
    p->expression_depth--;
    return node;
}

static rf_node *parse_async(rf_parser *p)
{
    const rf_token *first = p->token;
    rf_parser_advance(p);
    if (!rf_parser_expect(p, RF_TOKEN_FUNC, "after 'async'")) return NULL;
    return parse_function(p, first, true);
}

/* `fn` `(`: a function when the `)` is followed on its line by `{` or `->` */
static bool at_fn_expression(const rf_parser *p)
{
    const rf_token *paren = p->token + 1;
    if (p->in_header || paren->kind != RF_TOKEN_LEFT_PAREN || paren->after_break || !paren->as.partner) return false;
    const rf_token *next = &p->tokens[paren->as.partner + 1];
    return (next->kind == RF_TOKEN_LEFT_BRACE || next->kind == RF_TOKEN_ARROW) && !next->after_break;
}

/* Does the `{` at p->token begin what was meant as a dict literal (LANGUAGE 3.4)? */
static bool looks_like_dict(rf_parser *p)
{
    const rf_token *first = p->token + 1;
    switch (first->kind) {
    case RF_TOKEN_ELLIPSIS: return true;
    case RF_TOKEN_INT: case RF_TOKEN_FLOAT: case RF_TOKEN_STRING: return first[1].kind == RF_TOKEN_COLON;
    case RF_TOKEN_TEMPLATE_HEAD:
        return p->tokens[rf_parser_after_string(p, (uint32_t)(first - p->tokens))].kind == RF_TOKEN_COLON;
    default: return at_word_colon(first) && !rf_parser_at_annotated_assignment(p, first);
    }
}

static bool parse_lambda_params(rf_parser *p, rf_func *func)
{
    size_t base = p->scratch.count;
    size_t name_count = 0;
    while (p->token->kind == RF_TOKEN_NAME) {
        if (!rf_parser_has_room(p, base, RF_LIST_MOST, "Parameter list", "parameter")) return false;
        rf_param *param = rf_arena_new(&p->unit->arena, rf_param);
        param->pos = p->token->pos;
        param->name = p->token->word == RF_WORD_DISCARD ? NULL : p->token->as.symbol;
        name_count += param->name != NULL;
        rf_vector_push(&p->scratch, param);
        rf_parser_advance(p);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    rf_parser_mark(p, p->token, RF_ROLE_LAMBDA_CLOSE);
    if (!rf_parser_expect(p, RF_TOKEN_BAR, "to close function parameter list")) return false;
    func->param_count = (uint32_t)(p->scratch.count - base);
    func->params = rf_arena_array(&p->unit->arena, rf_param, func->param_count + 1);
    rf_named_pos *names = rf_alloc_array(rf_named_pos, name_count + 1);
    name_count = 0;
    for (uint32_t i = 0; i < func->param_count; i++) {
        func->params[i] = *(rf_param *)p->scratch.data[base + i];
        if (func->params[i].name) names[name_count++] = (rf_named_pos){func->params[i].name, func->params[i].pos};
    }
    rf_parser_check_distinct(p, names, name_count);
    rf_free(names);
    p->scratch.count = base;
    return true;
}

static bool parse_lambda_body(rf_parser *p, rf_func *func)
{
    if (rf_parser_at(p, RF_TOKEN_LEFT_BRACE)) {
        if (!looks_like_dict(p)) return rf_parse_function_body(p, func);
        rf_parser_fail(p, p->token->pos, "Lambda body in braces is a block; write ({...}) to return a dict");
        return false;
    }
    rf_function_context context = {p->function, RF_FUNC_EXPR, false, p->function->has_self_name, 0};
    p->function = &context;
    rf_pos pos = p->token->pos;
    rf_node *value = rf_parse_expression(p);
    p->function = context.outer;
    if (!value) return false;
    rf_node *statement = rf_parser_node(p, RF_NODE_RETURN, pos, pos);
    statement->as.operand = value;
    func->body = rf_parser_block_of(p, statement);
    func->is_lambda = true;
    func->end = p->token[-1].pos;
    return true;
}

static rf_node *parse_lambda(rf_parser *p)
{
    rf_pos pos = p->token->pos;
    rf_func *func = rf_parser_func(p, RF_FUNC_EXPR, NULL, pos);
    rf_node *node = rf_parser_node(p, RF_NODE_FUNC, pos, pos);
    node->as.func = func;
    if (!rf_parser_deepen(p, pos)) return NULL;
    bool has_params = rf_parser_at(p, RF_TOKEN_BAR);
    rf_parser_mark(p, p->token, has_params ? RF_ROLE_LAMBDA_OPEN : RF_ROLE_LAMBDA_CLOSE);
    rf_parser_advance(p);
    if (has_params && !parse_lambda_params(p, func)) return NULL;
    if (!parse_lambda_body(p, func)) return NULL;
    p->expression_depth--;
    return node;
}

/* ---- containers ---- */

static rf_node *parse_array(rf_parser *p)
{
    rf_nest saved;
    rf_node *node = rf_parser_node(p, RF_NODE_ARRAY, p->token->pos, p->token->pos);
    size_t base = p->scratch.count;
    if (!rf_parser_enter(p, p->token->pos, &saved)) return NULL;
    rf_parser_advance(p);
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACKET)) {
        rf_pos pos = p->token->pos;
        if (!rf_parser_has_room(p, base, RF_LITERAL_MOST, "Array literal", "element")) return NULL;
        bool is_spread = rf_parser_accept(p, RF_TOKEN_ELLIPSIS);
        rf_node *item = rf_parse_expression(p);
        if (!item) return NULL;
        if (is_spread) {
            rf_node *spread = rf_parser_node(p, RF_NODE_SPREAD, pos, pos);
            spread->as.operand = item;
            item = spread;
        }
        rf_vector_push(&p->scratch, item);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACKET, "to close array literal")) return NULL;
    rf_parser_leave(p, saved);
    node->as.list.items = rf_parser_take_list(p, base, &node->as.list.count);
    return node;
}

static bool parse_dict_entry(rf_parser *p)
{
    rf_entry *entry = new_entry(p);
    if (!entry->is_spread) {
        if (at_word_colon(p->token)) {
            entry->word = p->token->as.symbol;
            rf_parser_advance(p);
        } else {
            entry->key = rf_parse_key_expression(p);
        }
        if (!rf_parser_expect(p, RF_TOKEN_COLON, "after dictionary key")) return false;
    }
    entry->value = rf_parse_expression(p);
    return entry->value != NULL;
}

static rf_node *parse_dict(rf_parser *p)
{
    rf_nest saved;
    rf_node *node = rf_parser_node(p, RF_NODE_DICT, p->token->pos, p->token->pos);
    size_t base = p->scratch.count;
    if (!rf_parser_enter(p, p->token->pos, &saved)) return NULL;
    rf_parser_advance(p);
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE)) {
        if (!rf_parser_has_room(p, base, RF_LITERAL_MOST, "Dictionary literal", "item")) return NULL;
        if (!parse_dict_entry(p)) return NULL;
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACE, "to close dictionary literal")) return NULL;
    rf_parser_leave(p, saved);
    node->as.dict.entries = take_entries(p, base, &node->as.dict.count);
    return node;
}

static rf_node *parse_parenthesized(rf_parser *p)
{
    rf_nest saved;
    rf_pos start = p->token->pos;
    if (!rf_parser_enter(p, start, &saved)) return NULL;
    rf_parser_advance(p);
    rf_node *node = rf_parse_expression(p);
    if (!node || !rf_parser_expect(p, RF_TOKEN_RIGHT_PAREN, "to close parenthesized expression")) return NULL;
    rf_parser_leave(p, saved);
    node->start = start; /* marks it as no place: rf_place_of */
    return node;
}

/* ---- interpolation ---- */

static void push_text(rf_parser *p, const rf_token *token)
{
    if (!p->unit->literals.data[token->as.literal].size) return;
    rf_node *node = rf_parser_node(p, RF_NODE_STRING, token->pos, token->pos);
    node->as.literal = token->as.literal;
    rf_vector_push(&p->scratch, node);
}

/* the `${` at the end of a template token */
static rf_pos opener_of(const rf_parser *p, const rf_token *token)
{
    return p->expression_depth < 256 ? token->pos
                                     : rf_position_at(p->unit->source, p->unit->source_size, token->offset + token->size - 2);
}

static rf_node *parse_template(rf_parser *p)
{
    rf_node *node = rf_parser_node(p, RF_NODE_INTERP, p->token->pos, p->token->pos);
    size_t base = p->scratch.count;
    do {
        rf_nest saved;
        push_text(p, p->token);
        if (!rf_parser_enter(p, opener_of(p, p->token), &saved)) return NULL;
        rf_parser_advance(p);
        rf_node *item = rf_parse_expression(p);
        if (!item) return NULL;
        if (!rf_parser_at(p, RF_TOKEN_TEMPLATE_MIDDLE) && !rf_parser_at(p, RF_TOKEN_TEMPLATE_TAIL)) {
            rf_parser_fail(p, p->token->pos, "Invalid interpolated string expression");
            return NULL;
        }
        rf_parser_leave(p, saved);
        rf_vector_push(&p->scratch, item);
    } while (rf_parser_at(p, RF_TOKEN_TEMPLATE_MIDDLE));
    push_text(p, p->token);
    rf_parser_advance(p);
    node->as.list.items = rf_parser_take_list(p, base, &node->as.list.count);
    return node;
}

/* ---- if, yield, throw ---- */

static rf_node *parse_branch(rf_parser *p, const char *to_start, const char *to_close)
{
    rf_nest saved;
    rf_pos opener = p->token->pos;
    if (!rf_parser_at(p, RF_TOKEN_LEFT_BRACE)) return rf_parser_expected(p, "'{'", to_start);
    if (!rf_parser_enter(p, opener, &saved)) return NULL;
    rf_parser_mark(p, p->token, RF_ROLE_BODY);
    rf_parser_advance(p);
    rf_node *value = rf_parse_expression(p);
    if (!value || !rf_parser_expect(p, RF_TOKEN_RIGHT_BRACE, to_close)) return NULL;
    rf_parser_leave(p, saved);
    return value;
}

/* A condition may begin with `if` again, without any bracket: that must not recurse for ever either. */
static rf_node *parse_condition(rf_parser *p, rf_pos pos)
{
    uint32_t depth = p->expression_depth;
    p->expression_depth = p->condition_depth;
    if (!rf_parser_deepen(p, pos)) return NULL;
    p->expression_depth = depth;
    p->condition_depth++;
    rf_node *condition = rf_parse_header_expression(p);
    p->condition_depth--;
    return condition;
}

/* Chains of `else if` are read in a loop; each link is the else_value of the one before. */
static rf_node *parse_if_expression(rf_parser *p)
{
    rf_node *whole = NULL, **slot = &whole;
    for (;;) {
        rf_pos pos = p->token->pos;
        rf_node *node = rf_parser_node(p, RF_NODE_IF_EXPR, pos, pos);
        *slot = node;
        rf_parser_advance(p);
        node->as.if_expr.condition = parse_condition(p, pos);
        if (!node->as.if_expr.condition) return NULL;
        node->as.if_expr.then_value = parse_branch(p, "to start if block", "to close if block");
        if (!rf_parser_expect(p, RF_TOKEN_ELSE, "after if block")) return NULL;
        slot = &node->as.if_expr.else_value;
        if (rf_parser_at(p, RF_TOKEN_IF)) continue;
        *slot = parse_branch(p, "to start else block", "to close else block");
        return *slot ? whole : NULL;
    }
}

static rf_node *parse_yield(rf_parser *p)
{
    rf_pos pos = p->token->pos;
    rf_node *node = rf_parser_node(p, RF_NODE_YIELD, pos, pos);
    if (!p->function->is_generator)
        rf_parser_front_error(p, pos, "yield can only be used inside a generator function");
    rf_parser_advance(p);
    if (p->token->after_break || !rf_parser_starts_expression(p)) return node;
    if (!rf_parser_deepen(p, pos)) return NULL;
    node->as.operand = rf_parse_expression(p);
    p->expression_depth--;
    return node->as.operand ? node : NULL;
}

static rf_node *parse_throw(rf_parser *p)
{
    rf_pos pos = p->token->pos;
    rf_node *node = rf_parser_node(p, RF_NODE_THROW, pos, pos);
    if (!rf_parser_deepen(p, pos)) return NULL;
    rf_parser_advance(p);
    if (p->token->after_break) return rf_parser_expected(p, "expression", "");
    node->as.operand = rf_parse_expression(p);
    p->expression_depth--;
    return node->as.operand ? node : NULL;
}

/* ---- all of them ---- */

static rf_node *parse_name(rf_parser *p)
{
    const rf_token *token = p->token;
    if (rf_parser_is_arm_word(p, token)) return rf_parser_expected(p, "expression", "");
    if (token->word == RF_WORD_FN && at_fn_expression(p)) {
        rf_parser_advance(p);
        return parse_function(p, token, false);
    }
    rf_parser_advance(p);
    if (rf_parser_at(p, RF_TOKEN_PATH)) return parse_path(p, token);
    if (at_struct_literal(p)) return parse_struct_literal(p, token);
    return name_node(p, token->as.symbol, token->pos);
}

static rf_node *parse_literal(rf_parser *p, rf_node_kind kind)
{
    const rf_token *token = p->token;
    rf_node *node = rf_parser_node(p, kind, token->pos, token->pos);
    switch (kind) {
    case RF_NODE_INT: node->as.integer = token->as.integer; break;
    case RF_NODE_FLOAT: node->as.number = token->as.number; break;
    case RF_NODE_STRING: node->as.literal = token->as.literal; break;
    case RF_NODE_BOOL: node->as.integer = token->kind == RF_TOKEN_TRUE; break;
    default: break;
    }
    rf_parser_advance(p);
    return node;
}

rf_node *rf_parse_operand(rf_parser *p)
{
    const rf_token *token = p->token;
    switch (token->kind) {
    case RF_TOKEN_NAME: return parse_name(p);
    case RF_TOKEN_INT: return parse_literal(p, RF_NODE_INT);
    case RF_TOKEN_FLOAT: return parse_literal(p, RF_NODE_FLOAT);
    case RF_TOKEN_STRING: return parse_literal(p, RF_NODE_STRING);
    case RF_TOKEN_TRUE: case RF_TOKEN_FALSE: return parse_literal(p, RF_NODE_BOOL);
    case RF_TOKEN_NULL: return parse_literal(p, RF_NODE_NULL_LIT);
    case RF_TOKEN_TEMPLATE_HEAD: return parse_template(p);
    case RF_TOKEN_SELF: rf_parser_advance(p); return name_node(p, p->self_symbol, token->pos);
    case RF_TOKEN_LEFT_PAREN: return parse_parenthesized(p);
    case RF_TOKEN_LEFT_BRACKET: return parse_array(p);
    case RF_TOKEN_LEFT_BRACE: return parse_dict(p);
    case RF_TOKEN_FUNC: rf_parser_advance(p); return parse_function(p, token, false);
    case RF_TOKEN_ASYNC: return parse_async(p);
    case RF_TOKEN_BAR: case RF_TOKEN_OR_OR: return parse_lambda(p);
    case RF_TOKEN_IF: return parse_if_expression(p);
    case RF_TOKEN_YIELD: return parse_yield(p);
    case RF_TOKEN_THROW: return parse_throw(p);
    default: return rf_parser_expected(p, "expression", "");
    }
}
