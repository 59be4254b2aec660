/* From source to unit: lexer, parser, resolver in one call. */
#include "syntax/unit.h"

#include "syntax/diagnostic.h"
#include "syntax/read.h"
#include "syntax/resolve.h"

#include <string.h>

/* Functions of earlier inputs go on using the module's literals: the new pool begins with theirs, in their places. */
static void continue_literals(rf_literal_pool *pool, const rf_unit *previous)
{
    for (size_t i = 0; i < previous->literals.count; i++)
        rf_literal_pool_intern(pool, previous->literals.data[i].text, previous->literals.data[i].size);
}

static ruff_status read_source(rf_reader *reader, const char *source, size_t size, const rf_unit_options *options,
                               ruff_error *err)
{
    ruff_status status = rf_reader_open(reader, source, size, options->path, err);
    if (status) return status;
    reader->unit->is_prelude = options->is_prelude;
    if (options->previous) continue_literals(&reader->pool, options->previous);
    status = rf_reader_lex(reader, false, err);
    if (status) return status;
    status = rf_reader_parse(reader, options, NULL, err);
    if (status) return status;
    const rf_message *front = &reader->parser.front;
    return front->is_set ? rf_report_front_error(front->text.data, options->path, front->pos, err) : RUFF_OK;
}

ruff_status rf_unit_load(const char *source, size_t size, const rf_unit_options *options, const rf_front *front,
                         rf_unit **out, ruff_error *err)
{
    rf_reader reader;
    ruff_status status = read_source(&reader, source, size, options, err);
    if (!status) {
        rf_resolve(reader.unit, front, &reader.pool, options);
        *out = rf_reader_take(&reader);
    }
    rf_reader_close(&reader);
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
    rf_reader reader;
    bool is_read = read_source(&reader, source, size, &options, NULL) == RUFF_OK;
    const export_sink to = {add, sink};
    const rf_block *body = is_read ? reader.unit->main->body : NULL;
    for (uint32_t i = 0; body && i < body->count; i++)
        if (body->statements[i]->kind == RF_NODE_EXPORT) add_statement(&to, body->statements[i]->as.operand);
    rf_reader_close(&reader);
    return is_read;
}
