/* Shared by the parse_*.c files: the state of one parse and the entry of each part of the grammar.
 *
 * On the first error `failed` is set and every function returns NULL (or false) up to the top; callers test the
 * result at once.  Nothing is freed on the way: the tree lives in the arena of the unit. */
#ifndef RF_SYNTAX_PARSER_H
#define RF_SYNTAX_PARSER_H

#include "base/buffer.h"
#include "base/vector.h"
#include "syntax/lexer.h"
#include "syntax/type_note.h"

/* What surrounds the code being parsed, up to the nearest function. */
typedef struct rf_function_context {
    struct rf_function_context *outer;
    uint8_t kind; /* rf_func_kind */
    bool is_generator;
    bool has_self_name; /* inside a method that declares self, nested functions included */
    uint32_t loop_depth;
} rf_function_context;

/* What a token is used as, where its kind alone does not say: for the formatter. */
typedef enum rf_token_role {
    RF_ROLE_NONE,
    RF_ROLE_BINARY,       /* between two operands */
    RF_ROLE_PREFIX,       /* - or ! before its operand */
    RF_ROLE_SUFFIX,       /* ( [ ? * that belong to the token before */
    RF_ROLE_TYPE,         /* anything inside an annotation */
    RF_ROLE_LAMBDA_OPEN,
    RF_ROLE_LAMBDA_CLOSE, /* also || as a whole */
    RF_ROLE_BODY          /* { of a block or struct literal, set off by spaces */
} rf_token_role;

/* Where a statement stands, as far as `export` and tests care. */
typedef enum rf_level { RF_LEVEL_MODULE, RF_LEVEL_GROUP, RF_LEVEL_BLOCK } rf_level;

typedef struct rf_message {
    bool is_set;
    rf_pos pos;
    rf_buffer text;
} rf_message;

/* A test_group, or the module itself as outermost one: token numbers of what belongs to it. */
typedef struct rf_test_group {
    struct rf_test_group *outer;
    RF_VECTOR(uint32_t) declarations;
    uint32_t setup, teardown; /* the `{` of the last one written; 0: none */
    uint32_t block_depth;
} rf_test_group;

typedef struct rf_test_site {
    rf_test_group *group;
    const char *name;
    rf_pos pos;
    uint32_t body; /* its `{` */
} rf_test_site;

typedef struct rf_parser {
    rf_unit *unit;
    rf_literal_pool *pool;
    const rf_token *tokens, *token; /* all; the current one */
    bool failed;
    bool is_too_deep;      /* failed by a nesting limit or a misplaced rest element (see parse_pattern.c) */
    bool is_repl;
    rf_message error;      /* the parse error */
    rf_message front;      /* the first front-end error (LANGUAGE 7.9) by position */
    uint32_t expression_depth, block_depth, pattern_depth, type_depth;
    uint32_t open_indexes;    /* of places around this point, read before it: they wait together (decision 0012) */
    uint32_t condition_depth; /* conditions of `if` expressions around this point */
    bool in_header;        /* LANGUAGE 3.4: `name {` is no struct literal */
    bool in_arm;           /* directly in a match body: case and default are keywords */
    rf_function_context *function;
    RF_VECTOR(void *) scratch; /* items of the lists being read, innermost last */
    RF_VECTOR(uint32_t) marks; /* by literal: the number of the last search for duplicates that met it */
    uint32_t mark;
    rf_test_group *group;
    RF_VECTOR(rf_test_group *) groups; /* owned */
    RF_VECTOR(rf_test_site) test_sites;
    const rf_symbol *self_symbol;
    uint8_t *roles;        /* rf_token_role by token, NULL unless wanted; borrowed */
} rf_parser;

/* ---- parser.c ---- */
/* Parses the whole token list into unit->main and, when asked, unit->tests.  False: parser->error is set. */
bool rf_parse_program(rf_parser *p, bool with_tests);
void rf_parser_release(rf_parser *p);

void rf_parser_fail(rf_parser *p, rf_pos pos, const char *format, ...) RF_PRINTF(3, 4);
/* "Expected WHAT CONTEXT but found TOKEN" at the current token; what with its quotes; always NULL */
void *rf_parser_expected(rf_parser *p, const char *what, const char *context);
void rf_parser_front_error(rf_parser *p, rf_pos pos, const char *format, ...) RF_PRINTF(3, 4);
/* steps over a token of this kind or fails with "Expected 'text' context" */
bool rf_parser_expect(rf_parser *p, rf_token_kind kind, const char *context);
/* steps over a NAME other than `_` */
const rf_symbol *rf_parser_expect_name(rf_parser *p, const char *context);
/* `:=` or `=` */
bool rf_parser_expect_assign(rf_parser *p, const char *context);
/* the current token is one that NAME of the grammar allows; `self` counts inside methods that declare it */
bool rf_parser_at_name(const rf_parser *p);
/* index of the first token after the string literal at `index` */
uint32_t rf_parser_after_string(const rf_parser *p, uint32_t index);

typedef struct rf_nest {
    bool in_header, in_arm;
} rf_nest;
/* one more level of expression nesting, blamed on opener; false after failing */
bool rf_parser_deepen(rf_parser *p, rf_pos opener);
/* the same for a bracket, inside of which the header and match restrictions are lifted */
bool rf_parser_enter(rf_parser *p, rf_pos opener, rf_nest *saved);
/* Limits of lists: of array and dict literals (LANGUAGE 21.1), of all others (decision 0012). */
enum { RF_LITERAL_MOST = 4096, RF_LIST_MOST = 32767, RF_PLACE_MOST = 16384 };
/* Is there room for the item at p->token in a list that began at scratch[base]?  Fails otherwise; what: "Array literal",
 * kind: "element". */
bool rf_parser_has_room(rf_parser *p, size_t base, size_t most, const char *what, const char *kind);
void rf_parser_leave(rf_parser *p, rf_nest saved);
/* rf_place_of, failing when the place has more indexes than any other list has items. */
rf_place *rf_parser_place(rf_parser *p, const rf_node *node);

rf_node *rf_parser_node(rf_parser *p, rf_node_kind kind, rf_pos pos, rf_pos start);
/* moves the scratch items from base on into the arena */
void *rf_parser_take_list(rf_parser *p, size_t base, uint32_t *count);
/* reports the second of two equal names as duplicate */
typedef struct rf_named_pos {
    const rf_symbol *name;
    rf_pos pos;
} rf_named_pos;
void rf_parser_check_distinct(rf_parser *p, const rf_named_pos *names, size_t count);
rf_func *rf_parser_func(rf_parser *p, rf_func_kind kind, const rf_symbol *name, rf_pos pos);
/* a block around statements that no braces of the source enclose */
rf_block *rf_parser_block_of(rf_parser *p, rf_node *statement);

static inline void rf_parser_advance(rf_parser *p)
{
    if (p->token->kind != RF_TOKEN_EOF) p->token++;
}

static inline void rf_parser_mark(const rf_parser *p, const rf_token *token, rf_token_role role)
{
    if (RF_UNLIKELY(p->roles != NULL)) p->roles[token - p->tokens] = (uint8_t)role;
}

static inline bool rf_parser_at(const rf_parser *p, rf_token_kind kind)
{
    return p->token->kind == kind;
}

static inline bool rf_parser_accept(rf_parser *p, rf_token_kind kind)
{
    if (p->token->kind != kind) return false;
    rf_parser_advance(p);
    return true;
}

static inline bool rf_parser_is_arm_word(const rf_parser *p, const rf_token *token)
{
    return p->in_arm && (token->word == RF_WORD_CASE || token->word == RF_WORD_DEFAULT);
}

/* ---- parse_expr.c, parse_operand.c ---- */
rf_node *rf_parse_expression(rf_parser *p);
rf_node *rf_parse_header_expression(rf_parser *p);
rf_node *rf_parse_key_expression(rf_parser *p); /* level `or` */
rf_node *rf_parse_operand(rf_parser *p);        /* primary */
bool rf_parser_starts_expression(const rf_parser *p);
/* after `(` or `[`...: expressions up to the closer */
rf_node **rf_parse_args(rf_parser *p, const char *context, uint32_t *count);

/* ---- parse_stmt.c, parse_control.c, parse_test.c ---- */
rf_node *rf_parse_statement(rf_parser *p, rf_level level);
rf_node *rf_parse_simple(rf_parser *p);
rf_block *rf_parse_block(rf_parser *p, const char *place);
/* `{`; the block nesting is one deeper until rf_parser_close_block */
bool rf_parser_open_block(rf_parser *p, const char *place, rf_nest *saved);
bool rf_parser_close_block(rf_parser *p, const char *place, rf_nest saved);
rf_node *rf_parse_if(rf_parser *p);
rf_node *rf_parse_while(rf_parser *p);
rf_node *rf_parse_loop(rf_parser *p);
rf_node *rf_parse_for(rf_parser *p);
rf_node *rf_parse_match(rf_parser *p);
rf_node *rf_parse_try(rf_parser *p);
rf_node *rf_parse_spawn(rf_parser *p);
bool rf_parser_at_test(const rf_parser *p);
/* Reads a test_x declaration; *statement stays NULL, for it is no code of the program. */
bool rf_parse_test(rf_parser *p, rf_level level);
bool rf_parse_tests_again(rf_parser *p);

/* ---- parse_decl.c ---- */
bool rf_parser_at_declaration(const rf_parser *p);
rf_node *rf_parse_declaration(rf_parser *p);
/* parameters, result type and body, with p->token at the `(` */
bool rf_parse_signature(rf_parser *p, rf_func *func, const char *before_paren);
bool rf_parse_function_body(rf_parser *p, rf_func *func);

/* ---- parse_pattern.c, parse_type.c ---- */
rf_pattern *rf_parse_pattern(rf_parser *p, const char *context);
rf_pattern *rf_parse_match_pattern(rf_parser *p);
/* at `[` or `{`: can a pattern followed by `:=` or `=` be read? */
bool rf_parser_at_destructuring(rf_parser *p);
rf_type_note *rf_parse_type(rf_parser *p);
/* at NAME `:`: can a type followed by `:=` or `=` be read? */
bool rf_parser_at_annotated_assignment(rf_parser *p, const rf_token *name);

#endif
