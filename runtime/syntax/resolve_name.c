/* Which variable a name means (LANGUAGE 4.4), for each way of using it. */
#include "syntax/resolve.h"

/* ---- finding ---- */

/* Rules 1 to 3 of a read: in the text being walked only what is declared so far, outside of it and in the module
 * everything. */
found_name rf_resolve_find(resolver *r, const rf_symbol *name)
{
    for (resolve_scope *scope = r->scope; scope; scope = scope->outer) {
        if (scope->fields) {
            found_name found = {scope->self, scope, 0};
            if (rf_resolve_lookup_field(scope->fields, name, &found.field)) return found;
            continue;
        }
        resolve_var *var = rf_resolve_lookup(scope, name);
        if (var && (var->is_declared || scope->is_module || scope->walk != r->walk))
            return (found_name){.var = var};
    }
    return (found_name){0};
}

/* Does a declaration of var precede the current point of the text? */
static bool precedes(const resolver *r, const resolve_var *var)
{
    if (!var->is_declared) return false;
    const resolve_func *inner = r->walk;
    if (var->scope->walk == inner) return true;
    while (inner->outer_walk != var->scope->walk) inner = inner->outer_walk;
    return var->declared_at < inner->text_at;
}

resolve_scope *rf_resolve_home(resolver *r)
{
    resolve_scope *scope = r->scope;
    while (!scope->is_home) scope = scope->outer;
    return scope;
}

/* ---- references ---- */

/* is_cell, may_be_unset of what other frames own, and everything about module variables is decided at the end. */
static void set_home(resolver *r, rf_ref *ref, resolve_var *var, uint8_t *kind, bool is_read)
{
    ref->var = &var->var;
    if (var->scope->is_module) {
        *kind = RF_REF_MODULE;
        if (r->frame->func->kind != RF_FUNC_MODULE) var->is_seen_inside = true;
    } else if (var->scope->frame == r->frame) {
        *kind = RF_REF_LOCAL;
        ref->index = var->var.slot;
    } else {
        *kind = RF_REF_CAPTURE;
        ref->index = rf_resolve_capture(r, r->frame, var);
    }
    rf_vector_push(&r->refs, ((noted_ref){ref, var, r->frame, is_read}));
}

void rf_resolve_refer(resolver *r, rf_ref *ref, resolve_var *var)
{
    set_home(r, ref, var, &ref->kind, false);
}

static void refer_to_field(resolver *r, rf_ref *ref, found_name found, bool is_read)
{
    set_home(r, ref, found.var, &ref->self_kind, is_read);
    ref->kind = RF_REF_FIELD;
    ref->field = found.field;
}

/* ---- reading ---- */

/* In the REPL a later input may define what a function reads now: the module keeps a slot for it. */
static resolve_var *reserve(resolver *r, const rf_symbol *name)
{
    if (!r->is_repl || r->frame->func->kind == RF_FUNC_MODULE || name == r->self_symbol || name == r->discard_symbol)
        return NULL;
    resolve_var *var = rf_resolve_add_var(r, r->module, name, (rf_pos){0, 0});
    var->var.is_reserved = true;
    return var;
}

void rf_resolve_read(resolver *r, rf_ref *ref)
{
    found_name found = rf_resolve_find(r, ref->name);
    if (found.fields) {
        refer_to_field(r, ref, found, true);
        return;
    }
    if (!found.var) found.var = reserve(r, ref->name);
    if (found.var) {
        set_home(r, ref, found.var, &ref->kind, true);
        if (found.var->scope->frame != r->frame || found.var->is_assigned) return;
        ref->may_be_unset = true;
        found.var->var.needs_reset = true;
        return;
    }
    int32_t builtin = rf_resolve_builtin(r, ref->name);
    ref->kind = builtin < 0 ? RF_REF_NONE : RF_REF_BUILTIN;
    ref->index = builtin < 0 ? 0 : (uint32_t)builtin;
}

/* ---- writing ---- */

static bool is_self(const resolve_var *var)
{
    return var->var.is_param && var->var.slot == 0 && var->var.func->has_self;
}

static void note_store(resolver *r, resolve_var *var)
{
    if (var->scope->frame == r->frame)
        var->last_write = ++r->now;
    else
        var->is_written_inside = true;
}

void rf_resolve_note_write(resolver *r, resolve_var *var)
{
    note_store(r, var);
    var->var.write_count++;
    if (is_self(var)) var->var.func->modifies_self = true;
}

void rf_resolve_note_receiver(resolver *r, const rf_node *method, resolve_var *var)
{
    note_store(r, var);
    var->var.is_receiver = true;
    if (!is_self(var)) return;
    const rf_place *place = method->as.method.place;
    bool is_whole = place->count == 0 && place->root.kind != RF_REF_FIELD;
    if (is_whole)
        rf_vector_push(&r->self_calls, ((self_call){var->var.func, NULL, method->as.method.name}));
    else
        var->var.func->modifies_self = true;
}

void rf_resolve_assign(resolver *r, rf_ref *ref, rf_pos pos, rf_node *value, uint32_t *mention_round)
{
    if (ref->name == r->discard_symbol) return;
    found_name found = rf_resolve_find(r, ref->name);
    if (found.fields) {
        refer_to_field(r, ref, found, false);
        rf_resolve_note_write(r, found.var);
        return;
    }
    resolve_var *var = found.var;
    if (var && var->var.is_reserved) var = NULL;
    if (var && !precedes(r, var) &&
        (rf_resolve_builtin(r, ref->name) >= 0 || !rf_resolve_mentions(r, value, ref->name, mention_round)))
        var = NULL;
    if (!var) {
        if (ref->name == r->self_symbol) return; /* names nothing here, and cannot be created */
        resolve_scope *home = rf_resolve_home(r);
        var = rf_resolve_lookup(home, ref->name);
        if (!var) var = rf_resolve_add_var(r, home, ref->name, pos);
        ++r->now;
        rf_resolve_declare(r, var, pos);
    }
    rf_resolve_refer(r, ref, var);
    rf_resolve_note_write(r, var);
    rf_flow_assign(r, var);
}

bool rf_resolve_bind(resolver *r, resolve_scope *scope, rf_ref *ref, rf_pos pos, bool is_const)
{
    resolve_var *var = rf_resolve_lookup(scope, ref->name);
    bool is_known = var && var->is_declared;
    bool is_duplicate = is_known && (is_const || var->var.is_const);
    if (!var) var = rf_resolve_add_var(r, scope, ref->name, pos);
    if (!is_known) {
        ++r->now;
        rf_resolve_declare(r, var, pos);
        var->var.is_const = is_const;
    }
    rf_resolve_refer(r, ref, var);
    if (is_duplicate) return true;
    rf_resolve_note_write(r, var);
    rf_flow_assign(r, var);
    return false;
}
