/* Patterns (LANGUAGE 3.2), in bindings and in `match`. */
#include "syntax/parser.h"

enum { MAX_PATTERN_DEPTH = 256 };

/* What is being read: which items are allowed, and the CONTEXT of messages. */
typedef struct pattern_style {
    bool is_match;
    const char *context;
} pattern_style;

static rf_pattern *parse_item(rf_parser *p, pattern_style style);

static rf_pattern *new_pattern(rf_parser *p, rf_pattern_kind kind, rf_pos pos)
{
    rf_pattern *pattern = rf_arena_new(&p->unit->arena, rf_pattern);
    pattern->kind = (uint8_t)kind;
    pattern->pos = pos;
    return pattern;
}

static bool enter_pattern(rf_parser *p, rf_pos opener)
{
    if (p->pattern_depth == MAX_PATTERN_DEPTH) {
        p->is_too_deep = !p->failed;
        rf_parser_fail(p, opener, "Maximum expression nesting depth of 256 exceeded while parsing pattern");
        return false;
    }
    p->pattern_depth++;
    return true;
}

static bool has_room(rf_parser *p, size_t base)
{
    const bool had_failed = p->failed;
    if (rf_parser_has_room(p, base, RF_LIST_MOST, "Pattern", "element")) return true;
    p->is_too_deep = !had_failed;
    return false;
}

static rf_pattern *name_pattern(rf_parser *p, const rf_token *token)
{
    if (token->word == RF_WORD_DISCARD) return new_pattern(p, RF_PATTERN_DISCARD, token->pos);
    rf_pattern *pattern = new_pattern(p, RF_PATTERN_NAME, token->pos);
    pattern->ref.name = token->as.symbol;
    return pattern;
}

/* after `...`: its name, then a comma at most, then the closer */
static rf_pattern *parse_rest(rf_parser *p, rf_token_kind closer, const rf_token *ellipsis)
{
    if (!rf_parser_at_name(p)) return rf_parser_expected(p, "identifier", "after '...'");
    rf_pattern *rest = name_pattern(p, p->token);
    rf_parser_advance(p);
    rf_parser_accept(p, RF_TOKEN_COMMA);
    if (rf_parser_at(p, closer) || rf_parser_at(p, RF_TOKEN_EOF)) return rest;
    p->is_too_deep = !p->failed;
    rf_parser_fail(p, ellipsis->pos, "Rest element must be the last element of a pattern");
    return NULL;
}

static rf_pattern *parse_array_pattern(rf_parser *p, pattern_style style)
{
    const rf_token *opener = p->token;
    rf_pattern *pattern = new_pattern(p, RF_PATTERN_ARRAY, opener->pos);
    if (!enter_pattern(p, opener->pos)) return NULL;
    rf_parser_advance(p);
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACKET)) {
        const rf_token *ellipsis = p->token;
        if (rf_parser_accept(p, RF_TOKEN_ELLIPSIS)) {
            pattern->rest = parse_rest(p, RF_TOKEN_RIGHT_BRACKET, ellipsis);
            if (!pattern->rest) return NULL;
            break;
        }
        if (!has_room(p, base)) return NULL;
        rf_pattern *item = parse_item(p, style);
        if (!item) return NULL;
        rf_vector_push(&p->scratch, item);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA) && !rf_parser_at(p, RF_TOKEN_ELLIPSIS)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACKET, "to close array pattern")) return NULL;
    p->pattern_depth--;
    pattern->items = rf_parser_take_list(p, base, &pattern->count);
    return pattern;
}

static bool parse_key(rf_parser *p, pattern_style style, rf_pattern_key *key)
{
    const rf_token *token = p->token;
    if (rf_token_is_word(token) && token[1].kind == RF_TOKEN_COLON) {
        key->key = token->as.symbol;
        p->token += 2;
        key->pattern = parse_item(p, style);
        return key->pattern != NULL;
    }
    if (!rf_parser_at_name(p) || token->word == RF_WORD_DISCARD)
        return rf_parser_expected(p, "identifier", "in dictionary pattern");
    key->key = token->as.symbol;
    key->is_short = true;
    key->pattern = name_pattern(p, token);
    rf_parser_advance(p);
    return true;
}

static rf_pattern *parse_dict_pattern(rf_parser *p, pattern_style style)
{
    const rf_token *opener = p->token;
    rf_pattern *pattern = new_pattern(p, RF_PATTERN_DICT, opener->pos);
    if (!enter_pattern(p, opener->pos)) return NULL;
    rf_parser_advance(p);
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE)) {
        const rf_token *ellipsis = p->token;
        if (rf_parser_accept(p, RF_TOKEN_ELLIPSIS)) {
            pattern->rest = parse_rest(p, RF_TOKEN_RIGHT_BRACE, ellipsis);
            if (!pattern->rest) return NULL;
            break;
        }
        if (!has_room(p, base)) return NULL;
        rf_pattern_key *key = rf_arena_new(&p->unit->arena, rf_pattern_key);
        if (!parse_key(p, style, key)) return NULL;
        rf_vector_push(&p->scratch, key);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA) && !rf_parser_at(p, RF_TOKEN_ELLIPSIS)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_BRACE, "to close dictionary pattern")) return NULL;
    p->pattern_depth--;
    rf_pattern_key **keys = rf_parser_take_list(p, base, &pattern->count);
    pattern->keys = rf_arena_array(&p->unit->arena, rf_pattern_key, pattern->count + 1);
    for (uint32_t i = 0; i < pattern->count; i++) pattern->keys[i] = *keys[i];
    return pattern;
}

/* ---- what only match allows ---- */

static rf_pattern *literal_pattern(rf_parser *p, rf_node_kind kind, const rf_token *token, rf_pos pos)
{
    rf_pattern *pattern = new_pattern(p, RF_PATTERN_LITERAL, pos);
    pattern->literal = rf_parser_node(p, kind, pos, pos);
    switch (kind) {
    case RF_NODE_INT: pattern->literal->as.integer = token->as.integer; break;
    case RF_NODE_FLOAT: pattern->literal->as.number = token->as.number; break;
    case RF_NODE_STRING: pattern->literal->as.literal = token->as.literal; break;
    case RF_NODE_BOOL: pattern->literal->as.integer = token->kind == RF_TOKEN_TRUE; break;
    default: break;
    }
    return pattern;
}

static rf_pattern *parse_negative(rf_parser *p)
{
    rf_pos pos = p->token->pos;
    rf_parser_mark(p, p->token, RF_ROLE_PREFIX);
    rf_parser_advance(p);
    const rf_token *token = p->token;
    if (token->kind != RF_TOKEN_INT && token->kind != RF_TOKEN_FLOAT)
        return rf_parser_expected(p, "pattern", "after '-'");
    bool is_int = token->kind == RF_TOKEN_INT;
    rf_pattern *pattern = literal_pattern(p, is_int ? RF_NODE_INT : RF_NODE_FLOAT, token, pos);
    rf_node *literal = pattern->literal;
    if (is_int)
        literal->as.integer = -literal->as.integer;
    else
        literal->as.number = -literal->as.number;
    rf_parser_advance(p);
    return pattern;
}

static bool parse_payload(rf_parser *p, rf_pattern *pattern, pattern_style style)
{
    const rf_token *opener = p->token;
    if (!enter_pattern(p, opener->pos)) return false;
    rf_parser_mark(p, opener, RF_ROLE_SUFFIX);
    rf_parser_advance(p);
    pattern->has_args = true;
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_PAREN) || p->scratch.count > base) {
        if (!has_room(p, base)) return false;
        rf_pattern *item = parse_item(p, style);
        if (!item) return false;
        rf_vector_push(&p->scratch, item);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, RF_TOKEN_RIGHT_PAREN, "to close variant pattern")) return false;
    p->pattern_depth--;
    pattern->items = rf_parser_take_list(p, base, &pattern->count);
    return true;
}

static bool is_capitalised(const rf_symbol *name)
{
    return name->text[0] >= 'A' && name->text[0] <= 'Z';
}

/* at a name: a binding, a variant, or a variant with payload */
static rf_pattern *parse_path(rf_parser *p, pattern_style style)
{
    const rf_token *first = p->token;
    const rf_symbol *enum_name = NULL, *name = first->as.symbol;
    rf_parser_advance(p);
    if (rf_parser_accept(p, RF_TOKEN_PATH)) {
        enum_name = name;
        name = rf_parser_expect_name(p, "after '::'");
        if (!name) return NULL;
    }
    bool has_args = rf_parser_at(p, RF_TOKEN_LEFT_PAREN);
    if (!enum_name && !has_args && !is_capitalised(name)) return name_pattern(p, first);
    rf_pattern *pattern = new_pattern(p, RF_PATTERN_VARIANT, first->pos);
    pattern->enum_name = enum_name;
    pattern->variant = name;
    if (has_args && !parse_payload(p, pattern, style)) return NULL;
    return pattern;
}

static rf_pattern *parse_match_item(rf_parser *p, pattern_style style)
{
    const rf_token *token = p->token;
    rf_node_kind kind;
    switch (token->kind) {
    case RF_TOKEN_MINUS: return parse_negative(p);
    case RF_TOKEN_INT: kind = RF_NODE_INT; break;
    case RF_TOKEN_FLOAT: kind = RF_NODE_FLOAT; break;
    case RF_TOKEN_STRING: kind = RF_NODE_STRING; break;
    case RF_TOKEN_TRUE: case RF_TOKEN_FALSE: kind = RF_NODE_BOOL; break;
    case RF_TOKEN_NULL: kind = RF_NODE_NULL_LIT; break;
    case RF_TOKEN_TEMPLATE_HEAD: return rf_parser_expected(p, "string literal", "in pattern");
    default:
        if (rf_parser_at_name(p) && token->word != RF_WORD_DISCARD) return parse_path(p, style);
        return rf_parser_expected(p, "pattern", style.context);
    }
    rf_parser_advance(p);
    return literal_pattern(p, kind, token, token->pos);
}

static rf_pattern *parse_item(rf_parser *p, pattern_style style)
{
    if (rf_parser_at(p, RF_TOKEN_LEFT_BRACKET)) return parse_array_pattern(p, style);
    if (rf_parser_at(p, RF_TOKEN_LEFT_BRACE)) return parse_dict_pattern(p, style);
    bool is_name = rf_parser_at_name(p);
    if (style.is_match && !(is_name && p->token->word == RF_WORD_DISCARD)) return parse_match_item(p, style);
    if (!is_name) return rf_parser_expected(p, "pattern", style.context);
    const rf_token *token = p->token;
    rf_parser_advance(p);
    return name_pattern(p, token);
}

/* Brackets inside a pattern lift the match restriction on `case` and `default`. */
static rf_pattern *parse_whole(rf_parser *p, pattern_style style)
{
    bool in_arm = p->in_arm;
    if (!rf_parser_at(p, RF_TOKEN_NAME)) p->in_arm = false;
    uint32_t depth = p->pattern_depth;
    p->pattern_depth = 0;
    rf_pattern *pattern = parse_item(p, style);
    p->pattern_depth = depth;
    p->in_arm = in_arm;
    return pattern;
}

rf_pattern *rf_parse_pattern(rf_parser *p, const char *context)
{
    return parse_whole(p, (pattern_style){false, context});
}

/* ---- names bound twice ---- */

typedef RF_VECTOR(rf_named_pos) named_pos_list;

static void collect_names(const rf_pattern *pattern, named_pos_list *names)
{
    if (pattern->kind == RF_PATTERN_NAME)
        rf_vector_push(names, ((rf_named_pos){pattern->ref.name, pattern->pos}));
    if (pattern->kind == RF_PATTERN_DICT) {
        for (uint32_t i = 0; i < pattern->count; i++) collect_names(pattern->keys[i].pattern, names);
    } else {
        for (uint32_t i = 0; i < pattern->count; i++) collect_names(pattern->items[i], names);
    }
    if (pattern->rest) collect_names(pattern->rest, names);
}

rf_pattern *rf_parse_match_pattern(rf_parser *p)
{
    rf_pattern *pattern = parse_whole(p, (pattern_style){true, "in match case"});
    if (!pattern) return NULL;
    named_pos_list names = {0};
    collect_names(pattern, &names);
    rf_parser_check_distinct(p, names.data, names.count);
    rf_vector_release(&names);
    return pattern;
}

/* ---- looking ahead ---- */

/* A pattern that is too deep, too long or has its rest in the wrong place is still meant as one: it is recognised by what
 * follows its brackets, so that the error names the pattern. */
bool rf_parser_at_destructuring(rf_parser *p)
{
    const rf_token *saved = p->token;
    size_t scratch = p->scratch.count;
    p->is_too_deep = false;
    bool is_pattern = rf_parse_pattern(p, "") != NULL;
    if (!is_pattern && p->is_too_deep && saved->as.partner) {
        is_pattern = true;
        p->token = &p->tokens[saved->as.partner + 1];
    }
    bool is_destructuring = is_pattern && (rf_parser_at(p, RF_TOKEN_DEFINE) || rf_parser_at(p, RF_TOKEN_ASSIGN));
    p->token = saved;
    p->scratch.count = scratch;
    p->failed = p->error.is_set = p->is_too_deep = false;
    return is_destructuring;
}
