/* The resolver: walks the module and then every function, and settles at the end what needs the whole text: which
 * variables are cells, which live in slots of the module, which reads must test for a value. */
#include "syntax/resolve.h"

#include <stdlib.h>

/* ---- the walk ---- */

static void add_params(resolver *r, resolve_func *walk)
{
    rf_func *func = walk->func;
    if (func->has_self) {
        const rf_symbol *name = func->explicit_self ? r->self_symbol : NULL;
        resolve_var *self = rf_resolve_add_var(r, r->scope, name, func->pos);
        self->var.is_param = true;
        rf_resolve_declare(r, self, func->pos);
        rf_flow_assign(r, self);
        if (!func->explicit_self) r->scope->outer->self = self;
    }
    for (uint32_t i = 0; i < func->param_count; i++) {
        rf_param *param = &func->params[i];
        if (!param->name) {
            func->slot_count++;
            continue;
        }
        resolve_var *var = rf_resolve_add_var(r, r->scope, param->name, param->pos);
        var->var.is_param = true;
        rf_resolve_declare(r, var, param->pos);
        rf_flow_assign(r, var);
        param->var = &var->var;
    }
}

static void walk_function(resolver *r, resolve_func *walk)
{
    rf_func *func = walk->func;
    r->walk = r->frame = walk;
    r->scope = walk->scope;
    r->loop = NULL;
    r->trail.count = 0;
    r->is_dead = false;
    if (func->has_self && !func->explicit_self) {
        resolve_scope *fields = rf_resolve_open_scope(r, false);
        fields->fields = walk->fields;
    }
    rf_resolve_open_scope(r, true);
    add_params(r, walk);
    rf_resolve_statements(r, func->body);
    func->body->scope = rf_resolve_close_scope(r);
}

static void walk_module(resolver *r, rf_func *module, const rf_unit *previous)
{
    resolve_func *walk = rf_arena_new(&r->unit->arena, resolve_func);
    walk->func = module;
    rf_vector_push(&r->funcs, walk);
    r->walk = r->frame = walk;
    r->module = rf_resolve_open_scope(r, true);
    r->module->is_module = true;
    if (previous) rf_resolve_continue_module(r, previous);
    rf_resolve_find_module_vars(r, module->body);
    rf_resolve_statements(r, module->body);
    for (size_t i = 0; i < r->unit->tests.count; i++) rf_resolve_meet(r, r->unit->tests.data[i].func);
}

/* ---- settling ---- */

static void settle_local(resolve_var *v)
{
    rf_var *var = &v->var;
    var->is_cell = var->is_captured && (v->is_written_inside || v->last_write > v->first_capture);
    bool is_copied_early = var->is_captured && v->first_closure <= v->certain_from;
    var->needs_reset = !var->is_param && !var->is_cell && (var->needs_reset || is_copied_early);
}

static void settle_module_var(resolver *r, resolve_var *v)
{
    rf_var *var = &v->var;
    /* hoisting gives a declaration its value before anything can read the built-in */
    int32_t builtin = v->hoisted && !r->is_repl ? -1 : rf_resolve_builtin(r, var->name);
    bool reads_builtin = builtin >= 0 && var->needs_reset;
    if (!v->is_seen_inside && !var->is_exported && !r->keeps_variables && !reads_builtin) {
        var->slot = r->unit->main->slot_count++;
        return;
    }
    var->home = RF_HOME_MODULE;
    var->builtin = builtin;
    var->needs_reset = false;
    var->slot = (uint32_t)r->unit->module_vars.count;
    rf_vector_push(&r->unit->module_vars, var);
}

static void settle_var(resolver *r, resolve_var *v)
{
    if (v->var.write_count > 1 && v->rebound_at > v->last_write) v->last_write = v->rebound_at;
    if (v->hoisted && v->var.write_count == 1 && !r->is_repl) v->var.only_decl = v->hoisted;
    if (v->scope->is_module)
        settle_module_var(r, v);
    else
        settle_local(v);
}

static void settle_ref(const noted_ref *noted, const rf_func *main)
{
    rf_ref *ref = noted->ref;
    const rf_var *var = &noted->var->var;
    uint8_t *kind = ref->kind == RF_REF_FIELD ? &ref->self_kind : &ref->kind;
    if (noted->var->scope->is_module) {
        *kind = var->home == RF_HOME_MODULE ? RF_REF_MODULE : RF_REF_LOCAL;
        ref->index = var->slot;
        if (var->builtin >= 0) ref->may_be_unset = false;
    }
    ref->is_cell = var->is_cell;
    /* what a closure sees may be missing in a worker that it was copied to (LANGUAGE 14.4), but declarations are
     * copied and made before any code of their block runs */
    bool is_foreign = *kind == RF_REF_CAPTURE || (*kind == RF_REF_MODULE && noted->frame->func != main);
    if (is_foreign && noted->is_read) ref->may_be_unset = var->only_decl == NULL;
}

static void settle_func(resolver *r, resolve_func *f)
{
    rf_func *func = f->func;
    func->capture_count = (uint32_t)f->captures.count;
    func->captures = rf_arena_array(&r->unit->arena, rf_capture, f->captures.count + 1);
    for (size_t i = 0; i < f->captures.count; i++) {
        func->captures[i] = f->captures.data[i];
        func->captures[i].source.is_cell = func->captures[i].var->is_cell;
    }
    rf_vector_release(&f->captures);
    func->vars = rf_arena_array(&r->unit->arena, rf_var *, func->slot_count + 1U);
    rf_vector_push(&r->unit->funcs, func);
}

static int compare_pointers(const void *a, const void *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int compare_owners(const void *left, const void *right)
{
    const self_call *a = left, *b = right;
    return compare_pointers(a->caller->owner, b->caller->owner);
}

static int compare_callees(const void *left, const void *right)
{
    const self_call *a = left, *b = right;
    return compare_pointers(a->callee, b->callee);
}

/* Finds the callees, struct by struct, through a list of methods by literal; calls of what is no method are dropped. */
static void find_callees(resolver *r)
{
    rf_func **by_name = rf_alloc_array_zero(rf_func *, r->unit->literals.count);
    const rf_struct_decl *owner = NULL;
    size_t kept = 0;
    qsort(r->self_calls.data, r->self_calls.count, sizeof *r->self_calls.data, compare_owners);
    for (size_t i = 0; i < r->self_calls.count; i++) {
        self_call call = r->self_calls.data[i];
        if (call.caller->owner != owner) {
            owner = call.caller->owner;
            for (uint32_t m = 0; m < owner->method_count; m++) by_name[owner->methods[m]->name->literal] = owner->methods[m];
        }
        call.callee = by_name[call.name->literal];
        if (call.callee && call.callee->owner == owner) r->self_calls.data[kept++] = call;
    }
    r->self_calls.count = kept;
    qsort(r->self_calls.data, kept, sizeof *r->self_calls.data, compare_callees);
    rf_free(by_name);
}

/* the first call of callee, calls being sorted by it */
static size_t first_call(const resolver *r, const rf_func *callee)
{
    size_t low = 0, high = r->self_calls.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_pointers(r->self_calls.data[middle].callee, callee) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* self.m() modifies self if m does. */
static void settle_self_calls(resolver *r)
{
    if (!r->self_calls.count) return;
    find_callees(r);
    RF_VECTOR(rf_func *) modifying = {0};
    for (size_t i = 0; i < r->self_calls.count; i++)
        if (r->self_calls.data[i].callee->modifies_self) rf_vector_push(&modifying, r->self_calls.data[i].callee);
    while (modifying.count) {
        const rf_func *callee = rf_vector_pop(&modifying);
        for (size_t i = first_call(r, callee); i < r->self_calls.count && r->self_calls.data[i].callee == callee; i++) {
            rf_func *caller = r->self_calls.data[i].caller;
            if (caller->modifies_self) continue;
            caller->modifies_self = true;
            rf_vector_push(&modifying, caller);
        }
    }
    rf_vector_release(&modifying);
}

static void settle(resolver *r)
{
    rf_unit *unit = r->unit;
    for (size_t i = 0; i < r->vars.count; i++) settle_var(r, r->vars.data[i]);
    for (size_t i = 0; i < r->refs.count; i++) settle_ref(&r->refs.data[i], unit->main);
    for (size_t i = 0; i < r->funcs.count; i++) settle_func(r, r->funcs.data[i]);
    for (size_t i = 0; i < r->vars.count; i++) {
        rf_var *var = &r->vars.data[i]->var;
        if (var->home == RF_HOME_LOCAL) var->func->vars[var->slot] = var;
    }
    unit->main->body->scope = rf_resolve_list_scope(r, r->module);
    settle_self_calls(r);
}

void rf_resolve(rf_unit *unit, const rf_front *front, rf_literal_pool *pool, const rf_unit_options *options)
{
    resolver r = {.unit = unit, .front = front, .pool = pool, .is_repl = options->is_repl,
                  .keeps_variables = options->is_repl || options->keeps_variables};
    r.self_symbol = rf_literal_pool_symbol(pool, "self");
    r.discard_symbol = rf_literal_pool_symbol(pool, "_");
    walk_module(&r, unit->main, options->previous);
    for (size_t next = 1; next < r.funcs.count; next++)
        if (r.funcs.data[next]->func->kind != RF_FUNC_SPAWN) walk_function(&r, r.funcs.data[next]);
    settle(&r);
    rf_vector_release(&r.funcs);
    rf_vector_release(&r.vars);
    rf_vector_release(&r.refs);
    rf_vector_release(&r.self_calls);
    rf_vector_release(&r.spine);
    rf_vector_release(&r.builtins);
    rf_vector_release(&r.mentions);
    rf_vector_release(&r.shadows);
    rf_vector_release(&r.trail);
    rf_vector_release(&r.merging);
}
