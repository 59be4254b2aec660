/* Scopes, variables, captures: the tables behind name resolution. */
#include "syntax/resolve.h"

#include <string.h>

enum { FEW = 8 }; /* up to this many entries a scan is faster than a table */

static uint32_t hash_of(const void *key)
{
    uint64_t bits = (uint64_t)(uintptr_t)key;
    return (uint32_t)((bits >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static void table_insert(uint32_t *table, uint32_t capacity, const void *key, uint32_t index)
{
    uint32_t at = hash_of(key) & (capacity - 1);
    while (table[at]) at = (at + 1) & (capacity - 1);
    table[at] = index + 1;
}

/* ---- scopes ---- */

resolve_scope *rf_resolve_open_scope(resolver *r, bool is_home)
{
    resolve_scope *scope = rf_arena_new(&r->unit->arena, resolve_scope);
    scope->outer = r->scope;
    scope->walk = r->walk;
    scope->frame = r->frame;
    scope->is_home = is_home;
    scope->start = ++r->now;
    r->scope = scope;
    return scope;
}

rf_scope *rf_resolve_list_scope(resolver *r, const resolve_scope *scope)
{
    rf_scope *list = rf_arena_new(&r->unit->arena, rf_scope);
    list->var_count = scope->count;
    list->vars = scope->count ? rf_arena_array(&r->unit->arena, rf_var *, scope->count) : NULL;
    for (uint32_t i = 0; i < scope->count; i++) list->vars[i] = &scope->vars[i]->var;
    return list;
}

rf_scope *rf_resolve_close_scope(resolver *r)
{
    resolve_scope *scope = r->scope;
    for (uint32_t i = 0; i < scope->count; i++)
        if (scope->vars[i]->is_assigned) scope->vars[i]->certain_from = scope->vars[i]->assigned_at;
    r->scope = scope->outer;
    return rf_resolve_list_scope(r, scope);
}

resolve_var *rf_resolve_lookup(const resolve_scope *scope, const rf_symbol *name)
{
    if (!scope->table) {
        for (uint32_t i = 0; i < scope->count; i++)
            if (scope->vars[i]->var.name == name) return scope->vars[i];
        return NULL;
    }
    uint32_t mask = scope->table_capacity - 1;
    for (uint32_t at = hash_of(name) & mask; scope->table[at]; at = (at + 1) & mask)
        if (scope->vars[scope->table[at] - 1]->var.name == name) return scope->vars[scope->table[at] - 1];
    return NULL;
}

static void grow_scope(resolver *r, resolve_scope *scope)
{
    uint32_t capacity = scope->capacity ? scope->capacity * 2 : 4;
    resolve_var **vars = rf_arena_array(&r->unit->arena, resolve_var *, capacity);
    if (scope->count) memcpy(vars, scope->vars, scope->count * sizeof *vars);
    scope->vars = vars;
    scope->capacity = capacity;
    if (capacity <= FEW) return;
    scope->table_capacity = capacity * 2;
    scope->table = rf_arena_array(&r->unit->arena, uint32_t, scope->table_capacity);
    for (uint32_t i = 0; i < scope->count; i++)
        table_insert(scope->table, scope->table_capacity, vars[i]->var.name, i);
}

resolve_var *rf_resolve_add_var(resolver *r, resolve_scope *scope, const rf_symbol *name, rf_pos pos)
{
    resolve_var *var = rf_arena_new(&r->unit->arena, resolve_var);
    var->var.name = name;
    var->var.pos = pos;
    var->var.func = scope->frame->func;
    var->var.builtin = -1;
    var->scope = scope;
    var->certain_from = var->first_capture = var->first_closure = NEVER;
    if (!scope->is_module) var->var.slot = scope->frame->func->slot_count++;
    rf_vector_push(&r->vars, var);
    if (scope->count == scope->capacity) grow_scope(r, scope);
    if (scope->table) table_insert(scope->table, scope->table_capacity, name, scope->count);
    scope->vars[scope->count++] = var;
    return var;
}

void rf_resolve_declare(resolver *r, resolve_var *var, rf_pos pos)
{
    if (var->is_declared) return;
    var->is_declared = true;
    var->var.is_reserved = false;
    var->var.pos = pos;
    var->declared_at = r->now;
}

/* ---- fields ---- */

const field_table *rf_resolve_index_fields(resolver *r, const rf_struct_decl *decl)
{
    field_table *fields = rf_arena_new(&r->unit->arena, field_table);
    fields->decl = decl;
    if (decl->field_count <= FEW) return fields;
    for (fields->capacity = 4 * FEW; fields->capacity < decl->field_count * 2;) fields->capacity *= 2;
    fields->table = rf_arena_array(&r->unit->arena, uint32_t, fields->capacity);
    for (uint32_t i = 0; i < decl->field_count; i++)
        table_insert(fields->table, fields->capacity, decl->fields[i].name, i);
    return fields;
}

bool rf_resolve_lookup_field(const field_table *fields, const rf_symbol *name, uint32_t *index)
{
    const rf_field_decl *all = fields->decl->fields;
    if (!fields->table) {
        for (uint32_t i = 0; i < fields->decl->field_count; i++)
            if (all[i].name == name) return *index = i, true;
        return false;
    }
    uint32_t mask = fields->capacity - 1;
    for (uint32_t at = hash_of(name) & mask; fields->table[at]; at = (at + 1) & mask)
        if (all[fields->table[at] - 1].name == name) return *index = fields->table[at] - 1, true;
    return false;
}

/* ---- captures ---- */

static bool find_capture(const resolve_func *func, const resolve_var *var, uint32_t *index)
{
    if (!func->table) {
        for (size_t i = 0; i < func->captures.count; i++)
            if (func->captures.data[i].var == &var->var) return *index = (uint32_t)i, true;
        return false;
    }
    uint32_t mask = func->table_capacity - 1;
    for (uint32_t at = hash_of(var) & mask; func->table[at]; at = (at + 1) & mask)
        if (func->captures.data[func->table[at] - 1].var == &var->var) return *index = func->table[at] - 1, true;
    return false;
}

static void index_capture(resolver *r, resolve_func *func, const resolve_var *var)
{
    uint32_t count = (uint32_t)func->captures.count;
    if (count <= FEW) return;
    if (count * 2 > func->table_capacity) {
        func->table_capacity = func->table_capacity ? func->table_capacity * 2 : 4 * FEW;
        func->table = rf_arena_array(&r->unit->arena, uint32_t, func->table_capacity);
        for (uint32_t i = 0; i < count; i++)
            table_insert(func->table, func->table_capacity, func->captures.data[i].var, i);
        return;
    }
    table_insert(func->table, func->table_capacity, var, count - 1);
}

/* A closure over var is made: no cell is needed only if no write can follow.  In a loop inside the scope of var a
 * write anywhere in the loop may follow. */
static void note_capture(const resolve_func *func, resolve_var *var)
{
    uint32_t from = func->made_at;
    for (const resolve_loop *loop = func->loop; loop && loop->start >= var->scope->start; loop = loop->outer)
        from = loop->start;
    var->var.is_captured = true;
    if (from < var->first_capture) var->first_capture = from;
    if (func->made_at < var->first_closure) var->first_closure = func->made_at;
}

uint32_t rf_resolve_capture(resolver *r, resolve_func *func, resolve_var *var)
{
    if (var->captured_by == func) return var->capture_index;
    uint32_t index;
    if (!find_capture(func, var, &index)) {
        rf_capture capture = {.var = &var->var};
        capture.source.var = &var->var;
        capture.source.name = var->var.name;
        if (func->outer_frame->func == var->var.func) {
            capture.source.kind = RF_REF_LOCAL;
            capture.source.index = var->var.slot;
            note_capture(func, var);
        } else {
            capture.source.kind = RF_REF_CAPTURE;
            capture.source.index = rf_resolve_capture(r, func->outer_frame, var);
        }
        index = (uint32_t)func->captures.count;
        rf_vector_push(&func->captures, capture);
        index_capture(r, func, var);
    }
    var->captured_by = func;
    var->capture_index = index;
    return index;
}

/* ---- built-ins ---- */

int32_t rf_resolve_builtin(resolver *r, const rf_symbol *name)
{
    while (r->builtins.count <= name->literal) rf_vector_push(&r->builtins, -2);
    int32_t *known = &r->builtins.data[name->literal];
    if (*known == -2) *known = r->front->find_builtin(r->front->context, name->text, name->size);
    return *known;
}
