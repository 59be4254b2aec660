/* From source to unit: lexer, parser, resolver in one call. */
#include "syntax/unit.h"

#include "syntax/diagnostic.h"
#include "syntax/parser.h"
#include "syntax/resolve.h"

#include <string.h>

enum { MAX_SOURCE_SIZE = 1048576 };

static rf_unit *new_unit(const char *path, const char *source, size_t size)
{
    rf_unit *unit = rf_new(rf_unit);
    unit->path = rf_arena_copy(&unit->arena, path, strlen(path));
    unit->source = rf_arena_copy(&unit->arena, source, size);
    unit->source_size = size;
    return unit;
}

static ruff_status check_size(size_t size, const char *path, ruff_error *err)
{
    if (size <= MAX_SOURCE_SIZE) return RUFF_OK;
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_format(&message, "Source size %zu bytes exceeds maximum allowed 1048576 bytes", size);
    ruff_status status = rf_report_parse_error(message.data, path, (rf_pos){1, 1}, err);
    rf_buffer_release(&message);
    return status;
}

/* Lexes and parses into unit->main. */
static ruff_status read_source(rf_unit *unit, rf_literal_pool *pool, const rf_unit_options *options, ruff_error *err)
{
    rf_lexed lexed;
    rf_lex(unit->source, unit->source_size, pool, false, &lexed);
    if (lexed.errors.count) {
        ruff_status status = rf_report_lex_errors(&lexed, unit->path, unit->source, err);
        rf_lexed_release(&lexed);
        return status;
    }
    rf_parser parser = {.unit = unit, .pool = pool, .tokens = lexed.tokens.data, .token = lexed.tokens.data,
                        .is_repl = options->is_repl};
    ruff_status status = RUFF_OK;
    if (!rf_parse_program(&parser, options->with_tests))
        status = rf_report_parse_error(parser.error.text.data, unit->path, parser.error.pos, err);
    else if (parser.front.is_set)
        status = rf_report_front_error(parser.front.text.data, unit->path, parser.front.pos, err);
    rf_parser_release(&parser);
    rf_lexed_release(&lexed);
    return status;
}

/* Functions of earlier inputs go on using the module's literals: the new pool begins with theirs, in their places. */
static void continue_literals(rf_literal_pool *pool, const rf_unit *previous)
{
    for (size_t i = 0; i < previous->literals.count; i++)
        rf_literal_pool_intern(pool, previous->literals.data[i].text, previous->literals.data[i].size);
}

ruff_status rf_unit_load(const char *source, size_t size, const rf_unit_options *options, const rf_front *front,
                         rf_unit **out, ruff_error *err)
{
    ruff_status status = check_size(size, options->path, err);
    if (status) return status;
    rf_unit *unit = new_unit(options->path, source, size);
    unit->is_prelude = options->is_prelude;
    rf_literal_pool pool;
    rf_literal_pool_init(&pool, unit);
    if (options->previous) continue_literals(&pool, options->previous);
    status = read_source(unit, &pool, options, err);
    if (!status) rf_resolve(unit, front, &pool, options);
    rf_literal_pool_release(&pool);
    if (status)
        rf_unit_free(unit);
    else
        *out = unit;
    return status;
}

void rf_unit_free(rf_unit *unit)
{
    if (!unit) return;
    rf_vector_release(&unit->funcs);
    rf_vector_release(&unit->literals);
    rf_vector_release(&unit->module_vars);
    rf_vector_release(&unit->exports);
    rf_vector_release(&unit->undefined_exports);
    rf_vector_release(&unit->tests);
    rf_arena_release(&unit->arena);
    rf_free(unit);
}

/* ---- exports without resolving ---- */

typedef struct export_sink {
    void (*add)(void *sink, const char *name, size_t size);
    void *sink;
} export_sink;

static void add_symbol(const export_sink *to, const rf_symbol *name)
{
    if (strcmp(name->text, "_") != 0) to->add(to->sink, name->text, name->size);
}

static void add_pattern(const export_sink *to, const rf_pattern *pattern)
{
    if (pattern->kind == RF_PATTERN_NAME) add_symbol(to, pattern->ref.name);
    for (uint32_t i = 0; i < pattern->count; i++)
        add_pattern(to, pattern->kind == RF_PATTERN_DICT ? pattern->keys[i].pattern : pattern->items[i]);
    if (pattern->rest) add_pattern(to, pattern->rest);
}

static void add_statement(const export_sink *to, const rf_node *node)
{
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_LET: case RF_NODE_CONST: add_pattern(to, node->as.bind.pattern); break;
    case RF_NODE_FUNC_DECL: add_symbol(to, node->as.func_decl.ref.name); break;
    case RF_NODE_STRUCT_DECL: add_symbol(to, node->as.struct_decl.ref.name); break;
    case RF_NODE_ENUM_DECL: add_symbol(to, node->as.enum_decl.ref.name); break;
    case RF_NODE_ASSIGN: add_symbol(to, node->as.assign.place.root.name); break;
    case RF_NODE_EXPR:
        if (node->as.operand->kind == RF_NODE_NAME && !node->as.operand->flag)
            add_symbol(to, node->as.operand->as.ref.name);
        break;
    default: break;
    }
}

bool rf_unit_scan_exports(const char *source, size_t size, void (*add)(void *sink, const char *name, size_t size),
                          void *sink)
{
    const rf_unit_options options = {.path = ""};
    if (size > MAX_SOURCE_SIZE) return false;
    rf_unit *unit = new_unit("", source, size);
    rf_literal_pool pool;
    rf_literal_pool_init(&pool, unit);
    bool is_read = read_source(unit, &pool, &options, NULL) == RUFF_OK;
    const export_sink to = {add, sink};
    const rf_block *body = is_read ? unit->main->body : NULL;
    for (uint32_t i = 0; body && i < body->count; i++)
        if (body->statements[i]->kind == RF_NODE_EXPORT) add_statement(&to, body->statements[i]->as.operand);
    rf_literal_pool_release(&pool);
    rf_unit_free(unit);
    return is_read;
}
