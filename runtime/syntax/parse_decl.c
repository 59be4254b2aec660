/* Declarations (LANGUAGE 3.1): bindings, functions, structs, enums. */
#include "syntax/parser.h"

/* ---- functions ---- */

static void check_self_param(rf_parser *p, rf_func *func, bool is_first, rf_pos pos)
{
    if (is_first && func->kind == RF_FUNC_METHOD)
        func->explicit_self = true;
    else
        rf_parser_front_error(p, pos, "self can only be the first parameter of a struct method");
}

/* [ param { "," param } [ "," ] ] ")" */
static bool parse_params(rf_parser *p, rf_func *func)
{
    size_t base = p->scratch.count;
    RF_VECTOR(rf_named_pos) names = {0};
    bool is_first = true;
    while (rf_parser_at(p, RF_TOKEN_SELF) || rf_parser_at_name(p)) {
        const rf_token *token = p->token;
        if (!rf_parser_has_room(p, base, RF_LIST_MOST, "Parameter list", "parameter")) break;
        rf_parser_advance(p);
        rf_param *param = NULL;
        if (token->kind == RF_TOKEN_SELF) {
            check_self_param(p, func, is_first, token->pos);
        } else {
            param = rf_arena_new(&p->unit->arena, rf_param);
            param->pos = token->pos;
            param->name = token->word == RF_WORD_DISCARD ? NULL : token->as.symbol;
            if (param->name) rf_vector_push(&names, ((rf_named_pos){param->name, param->pos}));
            rf_vector_push(&p->scratch, param);
        }
        is_first = false;
        if (rf_parser_accept(p, RF_TOKEN_COLON)) {
            rf_type_note *type = rf_parse_type(p);
            if (param) param->type = type;
        }
        if (p->failed || !rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    bool is_closed = rf_parser_expect(p, RF_TOKEN_RIGHT_PAREN, "to close function parameter list");
    if (is_closed) {
        rf_parser_check_distinct(p, names.data, names.count);
        uint32_t count;
        rf_param **params = rf_parser_take_list(p, base, &count);
        func->param_count = count;
        func->params = rf_arena_array(&p->unit->arena, rf_param, count + 1);
        for (uint32_t i = 0; i < count; i++) func->params[i] = *params[i];
    }
    rf_vector_release(&names);
    return is_closed;
}

bool rf_parse_function_body(rf_parser *p, rf_func *func)
{
    rf_function_context context = {p->function, func->kind, func->is_generator,
                                   p->function->has_self_name || func->explicit_self, 0};
    p->function = &context;
    func->body = rf_parse_block(p, "function body");
    p->function = context.outer;
    if (func->body) func->end = func->body->close;
    return func->body != NULL;
}

bool rf_parse_signature(rf_parser *p, rf_func *func, const char *before_paren)
{
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    if (!rf_parser_expect(p, RF_TOKEN_LEFT_PAREN, before_paren)) return false;
    if (!parse_params(p, func)) return false;
    if (rf_parser_accept(p, RF_TOKEN_ARROW)) {
        func->return_type = rf_parse_type(p);
        if (!func->return_type) return false;
    }
    return rf_parse_function_body(p, func);
}

/* `fn` NAME `(`, or `fn` `*` NAME `(`..`)` with a body behind it (otherwise it is a product) */
static bool at_fn_declaration(const rf_parser *p)
{
    const rf_token *name = p->token + 1;
    bool is_generator = name->kind == RF_TOKEN_STAR;
    if (is_generator) name++;
    const rf_token *paren = name + 1;
    if (name->kind != RF_TOKEN_NAME || paren->kind != RF_TOKEN_LEFT_PAREN) return false;
    if (!is_generator) return true;
    if (!paren->as.partner) return false;
    const rf_token *next = &p->tokens[paren->as.partner + 1];
    return next->kind == RF_TOKEN_LEFT_BRACE || next->kind == RF_TOKEN_ARROW;
}

static bool accept_star(rf_parser *p)
{
    if (!rf_parser_at(p, RF_TOKEN_STAR)) return false;
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    return true;
}

static rf_node *parse_func_decl(rf_parser *p)
{
    rf_pos start = p->token->pos;
    bool is_async = rf_parser_accept(p, RF_TOKEN_ASYNC);
    rf_parser_advance(p); /* func or fn */
    bool is_generator = !is_async && accept_star(p);
    rf_pos pos = p->token->pos;
    const rf_symbol *name = rf_parser_expect_name(p, "after 'func'");
    if (!name) return NULL;
    rf_node *node = rf_parser_node(p, RF_NODE_FUNC_DECL, pos, start);
    rf_func *func = rf_parser_func(p, RF_FUNC_DECLARED, name, pos);
    func->is_async = is_async;
    func->is_generator = is_generator;
    node->as.func_decl.func = func;
    node->as.func_decl.ref.name = name;
    return rf_parse_signature(p, func, "after function name") ? node : NULL;
}

/* ---- bindings ---- */

static rf_node *parse_binding(rf_parser *p)
{
    rf_pos start = p->token->pos;
    bool is_const = rf_parser_at(p, RF_TOKEN_CONST);
    const char *context = is_const ? "in const declaration" : "in let declaration";
    bool is_let = rf_parser_at(p, RF_TOKEN_LET);
    rf_parser_advance(p);
    bool is_mut = is_let && rf_parser_accept(p, RF_TOKEN_MUT);
    rf_node *node = rf_parser_node(p, is_const ? RF_NODE_CONST : RF_NODE_LET, start, start);
    node->flag = is_let && !is_mut;
    node->as.bind.pattern = rf_parse_pattern(p, context);
    if (!node->as.bind.pattern) return NULL;
    if (rf_parser_accept(p, RF_TOKEN_COLON)) {
        node->as.bind.type = rf_parse_type(p);
        if (!node->as.bind.type) return NULL;
    }
    if (!rf_parser_expect_assign(p, context)) return NULL;
    node->as.bind.value = rf_parse_expression(p);
    if (!node->as.bind.value) return NULL;
    if (!rf_token_is_assign(p->token)) return node;
    rf_parser_fail(p, p->token->pos,
                   "Chained assignment is not supported; split the assignment into separate statements");
    return NULL;
}

/* ---- structs ---- */

typedef RF_VECTOR(rf_field_decl) field_list;
typedef RF_VECTOR(rf_func *) func_list;
typedef RF_VECTOR(rf_named_pos) named_pos_list;

typedef struct member_list {
    field_list fields;
    func_list methods;
    named_pos_list names; /* of both, in source order */
} member_list;

static rf_node *plain_literal(rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_NULL_LIT: case RF_NODE_BOOL: case RF_NODE_INT: case RF_NODE_FLOAT: case RF_NODE_STRING: return node;
    default: return NULL;
    }
}

static bool parse_default(rf_parser *p, rf_struct_decl *decl, rf_field_decl *field)
{
    rf_func *func = rf_parser_func(p, RF_FUNC_DEFAULT, NULL, p->token->pos);
    rf_function_context context = {p->function, RF_FUNC_DEFAULT, false, p->function->has_self_name, 0};
    rf_pos pos = p->token->pos;
    p->function = &context;
    rf_node *value = rf_parse_expression(p);
    p->function = context.outer;
    if (!value) return false;
    rf_node *statement = rf_parser_node(p, RF_NODE_RETURN, pos, pos);
    statement->as.operand = value;
    func->body = rf_parser_block_of(p, statement);
    func->owner = decl;
    func->end = p->token[-1].pos;
    field->default_func = func;
    field->default_literal = plain_literal(value);
    return true;
}

static bool parse_field(rf_parser *p, rf_struct_decl *decl, member_list *members)
{
    rf_field_decl field = {.name = p->token->as.symbol, .pos = p->token->pos};
    rf_parser_advance(p);
    if (rf_parser_accept(p, RF_TOKEN_COLON)) {
        field.type = rf_parse_type(p);
        if (!field.type) return false;
    }
    if (rf_parser_accept(p, RF_TOKEN_DEFINE) || rf_parser_accept(p, RF_TOKEN_ASSIGN))
        if (!parse_default(p, decl, &field)) return false;
    rf_vector_push(&members->fields, field);
    rf_vector_push(&members->names, ((rf_named_pos){field.name, field.pos}));
    return true;
}

static const char *method_display_name(rf_parser *p, const rf_symbol *owner, const rf_symbol *name)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "%s.%s", owner->text, name->text);
    const char *copy = rf_arena_copy(&p->unit->arena, text.data, text.size);
    rf_buffer_release(&text);
    return copy;
}

/* [ "pub" ] [ "async" ] ( "func" | "fn" ) NAME params ... */
static bool parse_method(rf_parser *p, rf_struct_decl *decl, member_list *members)
{
    if (p->token->word == RF_WORD_PUB) rf_parser_advance(p);
    bool is_async = rf_parser_accept(p, RF_TOKEN_ASYNC);
    if (!rf_parser_at(p, RF_TOKEN_FUNC) && p->token->word != RF_WORD_FN)
        return rf_parser_expected(p, "'func'", is_async ? "after 'async'" : "after 'pub'");
    rf_parser_advance(p);
    bool is_generator = !is_async && accept_star(p);
    rf_pos pos = p->token->pos;
    const rf_symbol *name = rf_parser_expect_name(p, "after 'func'");
    if (!name) return false;
    rf_func *func = rf_parser_func(p, RF_FUNC_METHOD, name, pos);
    func->display_name = method_display_name(p, decl->name, name);
    func->is_async = is_async;
    func->is_generator = is_generator;
    func->has_self = true;
    func->owner = decl;
    if (is_generator)
        rf_parser_front_error(p, pos, "Generator methods are not supported for structs: %s", func->display_name);
    rf_vector_push(&members->methods, func);
    rf_vector_push(&members->names, ((rf_named_pos){name, pos}));
    return rf_parse_signature(p, func, "after function name");
}

static bool at_field_end(const rf_token *token)
{
    switch (token->kind) {
    case RF_TOKEN_COLON: case RF_TOKEN_DEFINE: case RF_TOKEN_ASSIGN: case RF_TOKEN_COMMA: case RF_TOKEN_SEMICOLON:
    case RF_TOKEN_RIGHT_BRACE: return true;
    default: return false;
    }
}

static bool at_method(const rf_parser *p)
{
    const rf_token *token = p->token, *next = token + 1;
    if (token->kind == RF_TOKEN_FUNC || token->kind == RF_TOKEN_ASYNC) return !at_field_end(next);
    if (token->word == RF_WORD_FN) return at_fn_declaration(p);
    if (token->word != RF_WORD_PUB || next->after_break) return false;
    switch (next->kind) {
    case RF_TOKEN_FUNC: case RF_TOKEN_ASYNC: case RF_TOKEN_STRUCT: case RF_TOKEN_ENUM: case RF_TOKEN_LET: case RF_TOKEN_MUT:
    case RF_TOKEN_CONST: return true;
    default: return next->word == RF_WORD_FN;
    }
}

static bool parse_members(rf_parser *p, rf_struct_decl *decl, member_list *members)
{
    while (rf_token_is_word(p->token)) {
        if (!(at_method(p) ? parse_method(p, decl, members) : parse_field(p, decl, members))) return false;
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) rf_parser_accept(p, RF_TOKEN_SEMICOLON);
    }
    return true;
}

static void store_members(rf_parser *p, rf_struct_decl *decl, const member_list *members)
{
    rf_parser_check_distinct(p, members->names.data, members->names.count);
    decl->field_count = (uint32_t)members->fields.count;
    decl->fields = rf_arena_array(&p->unit->arena, rf_field_decl, members->fields.count + 1);
    for (size_t i = 0; i < members->fields.count; i++) decl->fields[i] = members->fields.data[i];
    decl->method_count = (uint32_t)members->methods.count;
    decl->methods = rf_arena_array(&p->unit->arena, rf_func *, members->methods.count + 1);
    for (size_t i = 0; i < members->methods.count; i++) decl->methods[i] = members->methods.data[i];
}

static rf_node *parse_struct(rf_parser *p)
{
    rf_nest saved;
    rf_pos start = p->token->pos;
    rf_parser_advance(p);
    rf_node *node = rf_parser_node(p, RF_NODE_STRUCT_DECL, p->token->pos, start);
    rf_struct_decl *decl = rf_arena_new(&p->unit->arena, rf_struct_decl);
    decl->name = rf_parser_expect_name(p, "after 'struct'");
    node->as.struct_decl.decl = decl;
    node->as.struct_decl.ref.name = decl->name;
    if (!decl->name || !rf_parser_open_block(p, "struct body", &saved)) return NULL;
    member_list members = {0};
    bool is_read = parse_members(p, decl, &members) && rf_parser_close_block(p, "struct body", saved);
    if (is_read) store_members(p, decl, &members);
    rf_vector_release(&members.fields);
    rf_vector_release(&members.methods);
    rf_vector_release(&members.names);
    return is_read ? node : NULL;
}

/* ---- enums ---- */

/* The names or types in parentheses only document the payload (LANGUAGE 10.1). */
static bool skip_payload(rf_parser *p)
{
    if (!rf_parser_at(p, RF_TOKEN_LEFT_PAREN)) return true;
    rf_parser_mark(p, p->token, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    if (rf_parser_accept(p, RF_TOKEN_RIGHT_PAREN)) return true;
    do {
        if (!rf_parse_type(p)) return false;
        if (rf_parser_accept(p, RF_TOKEN_COLON) && !rf_parse_type(p)) return false;
    } while (rf_parser_accept(p, RF_TOKEN_COMMA));
    return rf_parser_expect(p, RF_TOKEN_RIGHT_PAREN, "to close variant payload");
}

static rf_node *parse_enum(rf_parser *p)
{
    rf_nest saved;
    rf_pos start = p->token->pos;
    rf_parser_advance(p);
    rf_node *node = rf_parser_node(p, RF_NODE_ENUM_DECL, p->token->pos, start);
    rf_enum_decl *decl = rf_arena_new(&p->unit->arena, rf_enum_decl);
    decl->name = rf_parser_expect_name(p, "after 'enum'");
    node->as.enum_decl.decl = decl;
    node->as.enum_decl.ref.name = decl->name;
    if (!decl->name || !rf_parser_open_block(p, "enum body", &saved)) return NULL;
    size_t base = p->scratch.count;
    while (p->token->kind == RF_TOKEN_NAME && p->token->word != RF_WORD_DISCARD) {
        rf_vector_push(&p->scratch, (void *)(uintptr_t)p->token->as.symbol);
        rf_parser_advance(p);
        if (!skip_payload(p)) return NULL;
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    decl->variants = rf_parser_take_list(p, base, &decl->variant_count);
    return rf_parser_close_block(p, "enum body", saved) ? node : NULL;
}

/* ---- all of them ---- */

bool rf_parser_at_declaration(const rf_parser *p)
{
    const rf_token *token = p->token, *next = token + 1;
    switch (token->kind) {
    case RF_TOKEN_LET: case RF_TOKEN_MUT: case RF_TOKEN_CONST: case RF_TOKEN_STRUCT: case RF_TOKEN_ENUM: return true;
    case RF_TOKEN_FUNC:
        return next->kind != RF_TOKEN_LEFT_PAREN &&
               !(next->kind == RF_TOKEN_STAR && next[1].kind == RF_TOKEN_LEFT_PAREN);
    case RF_TOKEN_ASYNC:
        return (next->kind == RF_TOKEN_FUNC || next->word == RF_WORD_FN) && next[1].kind != RF_TOKEN_LEFT_PAREN;
    default: return token->word == RF_WORD_FN && at_fn_declaration(p);
    }
}

rf_node *rf_parse_declaration(rf_parser *p)
{
    switch (p->token->kind) {
    case RF_TOKEN_LET: case RF_TOKEN_MUT: case RF_TOKEN_CONST: return parse_binding(p);
    case RF_TOKEN_STRUCT: return parse_struct(p);
    case RF_TOKEN_ENUM: return parse_enum(p);
    default: return parse_func_decl(p);
    }
}
