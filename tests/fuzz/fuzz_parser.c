/* Everything that reads a program: parser, resolver, printer, type checker, linter and formatter.  Whatever the bytes
 * are there is a unit that holds together or a report, never a crash; formatting is stable and changes no meaning. */
#include "fuzz/replay.h"
#include "syntax/format.h"
#include "syntax/lint.h"
#include "syntax/printer.h"
#include "syntax/typecheck.h"
#include "syntax/walk.h"

#include "base/vector.h"

#include <string.h>

static const char *const builtins[] = {"print", "push", "pop", "len", "keys", "sort", "remove", "Ok", "Err", "Some", "None"};

static int32_t find_builtin(void *context, const char *name, size_t size)
{
    (void)context;
    for (size_t i = 0; i < RF_COUNT_OF(builtins); i++)
        if (strlen(builtins[i]) == size && memcmp(builtins[i], name, size) == 0) return (int32_t)i;
    return -1;
}

static const char *builtin_name(void *context, uint32_t number)
{
    (void)context;
    return number < RF_COUNT_OF(builtins) ? builtins[number] : NULL;
}

static bool module_exports(void *context, const rf_unit *unit, const char *path,
                           void (*add)(void *sink, const char *name, size_t size), void *sink)
{
    (void)context;
    (void)unit;
    if (path[0] != 'g') return false;
    add(sink, "area", 4);
    add(sink, "x", 1);
    return true;
}

static const rf_front front = {NULL, find_builtin, module_exports, builtin_name};

/* ---- the tree ---- */

typedef struct tree_check {
    const rf_unit *unit;
    RF_VECTOR(const rf_func *) around;
} tree_check;

static void check_slot(const tree_check *c, unsigned kind, uint32_t index, const rf_var *var)
{
    const rf_func *func = rf_vector_last(&c->around);
    if (kind == RF_REF_LOCAL) FUZZ_CHECK(index < func->slot_count && func->vars[index] == var && var->func == func);
    if (kind == RF_REF_CAPTURE) FUZZ_CHECK(index < func->capture_count && func->captures[index].var == var);
    if (kind == RF_REF_MODULE)
        FUZZ_CHECK(index < c->unit->module_vars.count && c->unit->module_vars.data[index] == var);
}

static void check_ref(const tree_check *c, const rf_ref *ref)
{
    if (ref->kind == RF_REF_BUILTIN) FUZZ_CHECK(ref->index < RF_COUNT_OF(builtins));
    if (!ref->var) {
        FUZZ_CHECK(ref->kind == RF_REF_NONE || ref->kind == RF_REF_BUILTIN);
        return;
    }
    FUZZ_CHECK(ref->is_cell == ref->var->is_cell);
    check_slot(c, ref->kind == RF_REF_FIELD ? ref->self_kind : ref->kind, ref->index, ref->var);
}

static void check_pattern(const tree_check *c, const rf_pattern *pattern)
{
    if (pattern->kind == RF_PATTERN_NAME) {
        FUZZ_CHECK(pattern->ref.var || strcmp(pattern->ref.name->text, "self") == 0);
        check_ref(c, &pattern->ref);
    }
    for (uint32_t i = 0; i < pattern->count; i++)
        check_pattern(c, pattern->kind == RF_PATTERN_DICT ? pattern->keys[i].pattern : pattern->items[i]);
    if (pattern->rest) check_pattern(c, pattern->rest);
}

static void check_node(void *context, rf_node *node)
{
    const tree_check *c = context;
    FUZZ_CHECK(node->kind < RF_NODE_COUNT && node->pos.line && node->start.line);
    switch ((rf_node_kind)node->kind) {
    case RF_NODE_NAME: check_ref(c, &node->as.ref); break;
    case RF_NODE_STRUCT_LIT: check_ref(c, &node->as.instance.ref); break;
    case RF_NODE_ENUM_VALUE: check_ref(c, &node->as.variant.ref); break;
    case RF_NODE_METHOD:
        if (node->as.method.place) check_ref(c, &node->as.method.place->root);
        FUZZ_CHECK(!node->as.method.updater || node->as.method.place);
        break;
    case RF_NODE_LET: case RF_NODE_CONST: case RF_NODE_DESTRUCTURE: check_pattern(c, node->as.bind.pattern); break;
    case RF_NODE_ASSIGN: check_ref(c, &node->as.assign.place.root); break;
    case RF_NODE_UPDATE: check_ref(c, &node->as.update.place.root); break;
    case RF_NODE_FUNC_DECL: check_ref(c, &node->as.func_decl.ref); break;
    case RF_NODE_STRUCT_DECL: check_ref(c, &node->as.struct_decl.ref); break;
    case RF_NODE_ENUM_DECL: check_ref(c, &node->as.enum_decl.ref); break;
    case RF_NODE_FOR_IN: check_pattern(c, node->as.for_in.pattern); break;
    case RF_NODE_FOR_C: FUZZ_CHECK(node->as.for_c.scope != NULL); break;
    case RF_NODE_MATCH:
        for (uint32_t i = 0; i < node->as.match.count; i++) check_pattern(c, node->as.match.cases[i].pattern);
        break;
    default: break;
    }
}

static void check_block(void *context, rf_block *block)
{
    const tree_check *c = context;
    FUZZ_CHECK(block->scope != NULL && block->hoisted_count <= block->count);
    for (uint32_t i = 0; i < block->scope->var_count; i++) {
        const rf_var *var = block->scope->vars[i];
        FUZZ_CHECK(var->func == rf_vector_last(&c->around));
        FUZZ_CHECK(!var->is_cell || var->home == RF_HOME_LOCAL);
    }
}

static void enter_func(void *context, rf_func *func)
{
    tree_check *c = context;
    FUZZ_CHECK(c->unit->funcs.data[func->id] == func);
    if (c->around.count) {
        const rf_func *outer = rf_vector_last(&c->around);
        FUZZ_CHECK(func->parent == outer);
        for (uint32_t i = 0; i < func->capture_count; i++)
            check_slot(c, func->captures[i].source.kind, func->captures[i].source.index, func->captures[i].var);
    }
    for (uint32_t i = 0; i < func->param_count; i++)
        FUZZ_CHECK(!func->params[i].var || func->params[i].var->slot == i + func->has_self);
    rf_vector_push(&c->around, func);
}

static void leave_func(void *context, rf_func *func)
{
    tree_check *c = context;
    FUZZ_CHECK(rf_vector_last(&c->around) == func);
    c->around.count--;
}

static void check_tree(const rf_unit *unit)
{
    tree_check c = {.unit = unit};
    const rf_visitor visitor = {.context = &c, .enter = check_node, .block = check_block, .enter_func = enter_func,
                                .leave_func = leave_func};
    FUZZ_CHECK(unit->funcs.data[0] == unit->main);
    rf_walk_func(&visitor, unit->main);
    for (size_t i = 0; i < unit->tests.count; i++) {
        rf_vector_push(&c.around, unit->main);
        rf_walk_func(&visitor, unit->tests.data[i].func);
        c.around.count = 0;
    }
    rf_vector_release(&c.around);
}

/* ---- what reads the tree ---- */

static void ignore_warning(void *context, const char *text)
{
    (void)context;
    FUZZ_CHECK(strncmp(text, "warning: ", 9) == 0);
}

static void ignore_name(void *sink, const char *name, size_t size)
{
    (void)sink;
    FUZZ_CHECK(size > 0 && name[0]);
}

static void check_lint(const rf_unit *unit, const rf_unit_options *options)
{
    rf_lint_report report = {0};
    rf_buffer fixed = RF_BUFFER_INIT;
    rf_unit *again = NULL;
    rf_lint(unit, &front, &report);
    rf_lint_apply(&report, unit->source, unit->source_size, &fixed);
    if (report.edits.count && !options->previous && fixed.size <= 1048576) {
        ruff_error err = RUFF_ERROR_INIT;
        ruff_status status = rf_unit_load(fixed.data, fixed.size, options, &front, &again, &err);
        /* the only thing that a longer name can spoil is its length */
        FUZZ_CHECK(!status || strstr(err.message, "exceeds max length"));
        ruff_error_release(&err);
        rf_unit_free(again);
    }
    rf_buffer_release(&fixed);
    rf_lint_report_release(&report);
}

static void check_readers(const rf_unit *unit, const rf_unit_options *options)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_unit_print(unit, &text);
    FUZZ_CHECK(text.size > 0);
    rf_buffer_release(&text);
    rf_unit_typecheck(unit, &front, ignore_warning, NULL);
    check_lint(unit, options);
}

static void check_format(const char *source, size_t size, const rf_format_options *options)
{
    rf_buffer once = RF_BUFFER_INIT, twice = RF_BUFFER_INIT;
    if (!rf_source_format(source, size, "fuzz.ruff", options, &once, NULL) && once.size <= 1048576) {
        FUZZ_CHECK(!rf_source_format(once.data ? once.data : "", once.size, "fuzz.ruff", options, &twice, NULL));
        FUZZ_CHECK(once.size == twice.size && (!once.size || memcmp(once.data, twice.data, once.size) == 0));
    }
    rf_buffer_release(&once);
    rf_buffer_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size) return 0;
    uint8_t mode = bytes[0];
    const char *source = (const char *)bytes + 1;
    size--;
    const rf_unit_options options = {.path = "fuzz.ruff", .with_tests = (mode & 1) != 0, .is_repl = (mode & 2) != 0,
                                     .is_prelude = (mode & 4) != 0};
    ruff_error err = RUFF_ERROR_INIT;
    rf_unit *unit = NULL, *next = NULL;
    if (rf_unit_load(source, size, &options, &front, &unit, &err)) {
        FUZZ_CHECK(err.report && err.message && (err.exit_code == 3 || err.exit_code == 4) && err.line && err.column);
        ruff_error_release(&err);
    } else {
        check_tree(unit);
        check_readers(unit, &options);
        if (options.is_repl) {
            rf_unit_options more = options;
            more.previous = unit;
            FUZZ_CHECK(!rf_unit_load(source, size, &more, &front, &next, NULL));
            check_tree(next);
        }
    }
    rf_unit_scan_exports(source, size, ignore_name, NULL);
    const rf_format_options layout = {mode >> 6, 20 + (mode >> 3 & 7) * 12, (mode & 1) == 0};
    check_format(source, size, &layout);
    rf_unit_free(next);
    rf_unit_free(unit);
    return 0;
}
