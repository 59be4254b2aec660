/* Test declarations (LANGUAGE 20).
 *
 * The first reading checks them and notes the tokens they begin with.  For `ruff test-run` each test is then read
 * once more together with the declarations, set-ups and tear-downs of the groups around it, so that every test owns
 * its copy of their trees and all of it can live in the frame of one function. */
#include "syntax/parser.h"

static bool is_string(const rf_token *token)
{
    return token->kind == RF_TOKEN_STRING || token->kind == RF_TOKEN_TEMPLATE_HEAD;
}

bool rf_parser_at_test(const rf_parser *p)
{
    const rf_token *next = p->token + 1;
    if (p->token->kind != RF_TOKEN_NAME) return false;
    switch (p->token->word) {
    case RF_WORD_TEST: case RF_WORD_TEST_GROUP: return is_string(next) && !next->after_break;
    case RF_WORD_TEST_SETUP: case RF_WORD_TEST_TEARDOWN: return next->kind == RF_TOKEN_LEFT_BRACE;
    default: return false;
    }
}

static uint32_t index_of(const rf_parser *p)
{
    return (uint32_t)(p->token - p->tokens);
}

/* the name after `test` or `test_group`; NULL after failing */
static const char *parse_test_name(rf_parser *p, const char *context)
{
    if (!rf_parser_at(p, RF_TOKEN_STRING)) return rf_parser_expected(p, "string literal", context);
    const char *name = p->unit->literals.data[p->token->as.literal].text;
    rf_parser_advance(p);
    return name;
}

static bool parse_group(rf_parser *p)
{
    rf_nest saved;
    if (!parse_test_name(p, "after 'test_group'") || !rf_parser_open_block(p, "test_group body", &saved)) return false;
    rf_test_group *group = rf_new(rf_test_group);
    rf_vector_push(&p->groups, group);
    group->outer = p->group;
    group->block_depth = p->block_depth;
    p->group = group;
    while (!rf_parser_at(p, RF_TOKEN_RIGHT_BRACE) && !rf_parser_at(p, RF_TOKEN_EOF)) {
        if (rf_parser_accept(p, RF_TOKEN_SEMICOLON)) continue;
        if (rf_parser_at_test(p)) {
            if (!rf_parse_test(p, RF_LEVEL_GROUP)) return false;
            continue;
        }
        rf_vector_push(&group->declarations, index_of(p));
        if (!rf_parse_statement(p, RF_LEVEL_GROUP)) return false;
    }
    p->group = group->outer;
    return rf_parser_close_block(p, "test_group body", saved);
}

static bool parse_one(rf_parser *p, const rf_token *word)
{
    rf_test_site site = {.group = p->group, .pos = word->pos};
    site.name = parse_test_name(p, "after 'test'");
    if (!site.name) return false;
    site.body = index_of(p);
    rf_vector_push(&p->test_sites, site);
    return rf_parse_block(p, "test body") != NULL;
}

bool rf_parse_test(rf_parser *p, rf_level level)
{
    const rf_token *word = p->token;
    rf_function_context context = {p->function, RF_FUNC_TEST, false, p->function->has_self_name, 0};
    if (level == RF_LEVEL_BLOCK)
        rf_parser_front_error(p, word->pos, "test declarations can only appear at top level or in a test_group");
    rf_parser_advance(p);
    p->function = &context;
    bool is_parsed;
    switch (word->word) {
    case RF_WORD_TEST: is_parsed = parse_one(p, word); break;
    case RF_WORD_TEST_GROUP: is_parsed = parse_group(p); break;
    case RF_WORD_TEST_SETUP:
        p->group->setup = index_of(p);
        is_parsed = rf_parse_block(p, "test_setup block") != NULL;
        break;
    default:
        p->group->teardown = index_of(p);
        is_parsed = rf_parse_block(p, "test_teardown block") != NULL;
        break;
    }
    p->function = context.outer;
    return is_parsed;
}

/* ---- the second reading ---- */

static void push_declarations(rf_parser *p, const rf_test_group *group)
{
    if (group->outer) push_declarations(p, group->outer);
    for (size_t i = 0; i < group->declarations.count; i++) {
        p->token = &p->tokens[group->declarations.data[i]];
        p->block_depth = group->block_depth;
        rf_node *declaration = rf_parse_statement(p, RF_LEVEL_GROUP); /* works on the scratch list, too */
        rf_vector_push(&p->scratch, declaration);
    }
}

/* the block at token `opener` as a statement */
static void push_phase(rf_parser *p, const rf_test_group *group, uint32_t opener)
{
    if (!opener) return;
    p->token = &p->tokens[opener];
    p->block_depth = group->block_depth;
    rf_node *node = rf_parser_node(p, RF_NODE_BLOCK, p->token->pos, p->token->pos);
    node->as.block = rf_parse_block(p, "test body");
    rf_vector_push(&p->scratch, node);
}

static void push_setups(rf_parser *p, const rf_test_group *group)
{
    if (group->outer) push_setups(p, group->outer);
    push_phase(p, group, group->setup);
}

static rf_block *take_block(rf_parser *p, size_t base, rf_pos pos)
{
    rf_block *block = rf_arena_new(&p->unit->arena, rf_block);
    block->open = block->close = pos;
    block->statements = rf_parser_take_list(p, base, &block->count);
    return block;
}

static void read_test(rf_parser *p, const rf_test_site *site)
{
    size_t base = p->scratch.count;
    rf_node *phases = rf_parser_node(p, RF_NODE_TEST_PHASES, site->pos, site->pos);
    push_declarations(p, site->group);
    phases->as.test.decls = take_block(p, base, site->pos);
    push_setups(p, site->group);
    phases->as.test.setup = take_block(p, base, site->pos);
    p->token = &p->tokens[site->body];
    p->block_depth = site->group->block_depth;
    phases->as.test.body = rf_parse_block(p, "test body");
    for (const rf_test_group *group = site->group; group; group = group->outer) push_phase(p, group, group->teardown);
    if (p->failed) return;
    phases->as.test.teardown = take_block(p, base, site->pos);

    rf_func *func = rf_parser_func(p, RF_FUNC_TEST, NULL, site->pos);
    func->body = rf_parser_block_of(p, phases);
    func->end = phases->as.test.body->close;
    rf_test test = {site->name, func, phases->as.test.setup->count, phases->as.test.teardown->count};
    rf_vector_push(&p->unit->tests, test);
}

bool rf_parse_tests_again(rf_parser *p)
{
    rf_function_context context = {p->function, RF_FUNC_TEST, false, false, 0};
    p->function = &context;
    for (size_t i = 0; i < p->test_sites.count && !p->failed; i++) read_test(p, &p->test_sites.data[i]);
    p->function = context.outer;
    return !p->failed;
}
