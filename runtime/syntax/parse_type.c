/* Types (LANGUAGE 3.3): only brackets recurse, chains are read in a loop. */
#include "syntax/parser.h"

enum { MAX_TYPE_DEPTH = 256 };

static const char type_context[] = "in type annotation";

static bool enter_type(rf_parser *p, rf_pos opener)
{
    if (p->type_depth == MAX_TYPE_DEPTH) {
        rf_parser_fail(p, opener, "Maximum expression nesting depth of 256 exceeded while parsing type");
        return false;
    }
    p->type_depth++;
    return true;
}

static rf_type_note *new_note(rf_parser *p, rf_type_kind kind, rf_pos pos)
{
    rf_type_note *note = rf_arena_new(&p->unit->arena, rf_type_note);
    note->kind = (uint8_t)kind;
    note->pos = pos;
    return note;
}

/* types separated by commas, up to `closer` */
static bool parse_type_list(rf_parser *p, rf_type_note *note, rf_token_kind closer, const char *context)
{
    size_t base = p->scratch.count;
    while (!rf_parser_at(p, closer) || p->scratch.count > base) {
        rf_type_note *item = rf_parse_type(p);
        if (!item) return false;
        rf_vector_push(&p->scratch, item);
        if (!rf_parser_accept(p, RF_TOKEN_COMMA)) break;
    }
    if (!rf_parser_expect(p, closer, context)) return false;
    note->items = rf_parser_take_list(p, base, &note->count);
    return true;
}

/* NAME, NAME<..>, func, func(..), null; not the result type */
static rf_type_note *parse_atom(rf_parser *p)
{
    const rf_token *token = p->token;
    bool is_func = token->kind == RF_TOKEN_FUNC;
    bool is_name = (token->kind == RF_TOKEN_NAME && token->word != RF_WORD_DISCARD) || token->kind == RF_TOKEN_NULL;
    if (!is_func && !is_name) return rf_parser_expected(p, "type", type_context);
    rf_type_note *note = new_note(p, is_func ? RF_TYPE_FUNC : RF_TYPE_NAME, token->pos);
    note->name = token->as.symbol;
    rf_parser_advance(p);
    const rf_token *opener = p->token;
    if (!rf_parser_at(p, is_func ? RF_TOKEN_LEFT_PAREN : RF_TOKEN_LESS)) return note;
    if (token->kind == RF_TOKEN_NULL) return note;
    rf_parser_advance(p);
    if (!enter_type(p, opener->pos)) return NULL;
    note->has_params = is_func;
    bool is_read = is_func ? parse_type_list(p, note, RF_TOKEN_RIGHT_PAREN, "to close function type")
                           : parse_type_list(p, note, RF_TOKEN_GREATER, "to close type arguments");
    p->type_depth--;
    return is_read ? note : NULL;
}

static rf_type_note *wrap(rf_parser *p, rf_type_kind kind, rf_type_note *inner, rf_pos pos)
{
    rf_type_note *note = new_note(p, kind, pos);
    note->items = rf_arena_new(&p->unit->arena, rf_type_note *);
    note->items[0] = inner;
    note->count = 1;
    return note;
}

static rf_type_note *parse_suffixes(rf_parser *p, rf_type_note *note)
{
    for (;;) {
        rf_pos pos = p->token->pos;
        if (rf_parser_accept(p, RF_TOKEN_QUESTION)) {
            note = wrap(p, RF_TYPE_OPTIONAL, note, pos);
        } else if (rf_parser_at(p, RF_TOKEN_LEFT_BRACKET) && p->token[1].kind == RF_TOKEN_RIGHT_BRACKET) {
            p->token += 2;
            note = wrap(p, RF_TYPE_ARRAY, note, pos);
        } else {
            return note;
        }
    }
}

/* A result type takes everything to its right, so after `->` the rest of the type belongs to the function. */
static rf_type_note *parse_whole_type(rf_parser *p)
{
    rf_type_note *whole = NULL, **slot = &whole;
    for (;;) {
        size_t base = p->scratch.count;
        rf_type_note *last;
        bool has_result;
        do {
            last = parse_atom(p);
            if (!last) return NULL;
            has_result = last->kind == RF_TYPE_FUNC && last->has_params && rf_parser_accept(p, RF_TOKEN_ARROW);
            if (!has_result) last = parse_suffixes(p, last);
            rf_vector_push(&p->scratch, last);
        } while (!has_result && rf_parser_accept(p, RF_TOKEN_BAR));
        uint32_t count;
        rf_type_note **items = rf_parser_take_list(p, base, &count);
        *slot = items[0];
        if (count > 1) {
            *slot = new_note(p, RF_TYPE_UNION, items[0]->pos);
            (*slot)->items = items;
            (*slot)->count = count;
        }
        if (!has_result) return whole;
        slot = &last->result;
    }
}

rf_type_note *rf_parse_type(rf_parser *p)
{
    const rf_token *first = p->token;
    rf_type_note *type = parse_whole_type(p);
    if (p->roles)
        for (const rf_token *token = first; token < p->token; token++) rf_parser_mark(p, token, RF_ROLE_TYPE);
    return type;
}

bool rf_parser_at_annotated_assignment(rf_parser *p, const rf_token *name)
{
    if (name->kind != RF_TOKEN_NAME || name[1].kind != RF_TOKEN_COLON) return false;
    const rf_token *saved = p->token;
    size_t scratch = p->scratch.count;
    uint32_t depth = p->type_depth;
    p->token = name + 2;
    bool is_type = rf_parse_type(p) != NULL;
    bool is_assignment = is_type && (rf_parser_at(p, RF_TOKEN_DEFINE) || rf_parser_at(p, RF_TOKEN_ASSIGN));
    p->token = saved;
    p->scratch.count = scratch;
    p->type_depth = depth;
    p->failed = p->error.is_set = false;
    return is_assignment;
}
