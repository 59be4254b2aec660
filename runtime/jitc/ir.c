/* Making and looking at the intermediate form; see ir.h. */
#include "jitc/ir.h"
#include "jitc/ir_push.h"

#include "base/alloc.h"
#include "base/base.h"

#include <string.h>

const char *const rf_ir_op_texts[RF_IR_OPS] = {
#define RF_IR_OP(name, text, operands, is_pure) text,
#include "jitc/ir_op.def"
#undef RF_IR_OP
};
const uint8_t rf_ir_op_operands[RF_IR_OPS] = {
#define RF_IR_OP(name, text, operands, is_pure) operands,
#include "jitc/ir_op.def"
#undef RF_IR_OP
};
const bool rf_ir_op_is_pure[RF_IR_OPS] = {
#define RF_IR_OP(name, text, operands, is_pure) is_pure,
#include "jitc/ir_op.def"
#undef RF_IR_OP
};

#define COUNT_TYPES(...) (sizeof((uint8_t[]){__VA_ARGS__}))
const rf_ir_extern rf_ir_externs[RF_FN_COUNT] = {
#define RF_IR_EXTERN(name, text, result, is_pure, ...) {text, result, COUNT_TYPES(__VA_ARGS__), {__VA_ARGS__}, is_pure},
#include "jitc/ir_extern.def"
#undef RF_IR_EXTERN
};

static const uint8_t field_types[RF_IR_FIELDS] = {
#define RF_IR_FIELD(name, owner, text, type) type,
#include "jitc/ir_field.def"
#undef RF_IR_FIELD
};

/* ---- memory ---- */

enum { CHUNK_SIZE = 1 << 16 };

struct rf_ir_chunk {
    rf_ir_chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

void *rf_ir_alloc(rf_ir_function *f, size_t size)
{
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!f->memory || f->memory->size - f->memory->used < size) {
        const size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        rf_ir_chunk *chunk = rf_alloc(sizeof *chunk + room);
        *chunk = (rf_ir_chunk){.next = f->memory, .size = room};
        f->memory = chunk;
    }
    void *p = (char *)f->memory->bytes + f->memory->used;
    f->memory->used += size;
    return memset(p, 0, size);
}

#define NEW(f, type) ((type *)rf_ir_alloc(f, sizeof(type)))

static const char *copy_text(rf_ir_function *f, const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(rf_ir_alloc(f, size), text, size);
}

rf_ir_function *rf_ir_function_new(rf_ir_unit *unit, const char *name, uint8_t result)
{
    rf_ir_function *f = rf_new(rf_ir_function);
    f->result = result;
    f->version_count = 1;
    f->version_capacity = 16;
    f->versions = rf_alloc_array_zero(rf_ir_version, f->version_capacity);
    f->name = copy_text(f, name);
    *(unit->last ? &unit->last->next : &unit->first) = f;
    unit->last = f;
    return f;
}

static void release_function(rf_ir_function *f)
{
    for (rf_ir_chunk *chunk = f->memory, *next; chunk; chunk = next) {
        next = chunk->next;
        rf_free(chunk);
    }
    rf_free(f->params);
    rf_free(f->variables);
    rf_free(f->versions);
    rf_free(f->reached);
    rf_free(f);
}

void rf_ir_unit_release(rf_ir_unit *unit)
{
    for (rf_ir_function *f = unit->first, *next; f; f = next) {
        next = f->next;
        release_function(f);
    }
    *unit = (rf_ir_unit){NULL, NULL};
}

uint32_t rf_ir_param(rf_ir_function *f, uint8_t type)
{
    RF_IR_PUSH(f->params, f->param_count, f->param_capacity, type);
    return f->param_count - 1;
}

rf_ir_place *rf_ir_variable_new(rf_ir_function *f, uint8_t type, uint32_t elements, const char *name)
{
    RF_IR_PUSH(f->variables, f->variable_count, f->variable_capacity,
               (rf_ir_variable){.name = copy_text(f, name), .type = type, .elements = elements, .is_memory = type == RF_IR_VALUE || elements});
    rf_ir_place *p = NEW(f, rf_ir_place);
    *p = (rf_ir_place){.form = RF_IR_VARIABLE, .type = type, .variable = f->variable_count - 1};
    return p;
}

rf_ir_block *rf_ir_block_new(rf_ir_function *f)
{
    rf_ir_block *b = NEW(f, rf_ir_block);
    b->number = f->block_count++;
    *(f->last ? &f->last->next : &f->first) = b;
    f->last = b;
    return b;
}

uint32_t rf_ir_version_new(rf_ir_function *f, rf_ir_version version)
{
    RF_IR_PUSH(f->versions, f->version_count, f->version_capacity, version);
    return f->version_count - 1;
}

/* ---- expressions and places ---- */

static rf_ir_expr *expr(rf_ir_function *f, rf_ir_op op, uint8_t type)
{
    rf_ir_expr *e = NEW(f, rf_ir_expr);
    e->op = (uint8_t)op;
    e->type = type;
    return e;
}

rf_ir_expr *rf_ir_int(rf_ir_function *f, uint8_t type, int64_t i)
{
    rf_ir_expr *e = expr(f, RF_IR_INT, type);
    e->i = i;
    return e;
}

rf_ir_expr *rf_ir_float(rf_ir_function *f, double d)
{
    rf_ir_expr *e = expr(f, RF_IR_FLOAT, RF_IR_F64);
    e->d = d;
    return e;
}

rf_ir_expr *rf_ir_outside(rf_ir_function *f, const char *name)
{
    rf_ir_expr *e = expr(f, RF_IR_OUTSIDE, RF_IR_POINTER);
    e->name = copy_text(f, name);
    return e;
}

rf_ir_expr *rf_ir_param_value(rf_ir_function *f, uint32_t number)
{
    rf_ir_expr *e = expr(f, RF_IR_PARAM, f->params[number]);
    e->i = number;
    return e;
}

rf_ir_expr *rf_ir_unary(rf_ir_function *f, rf_ir_op op, uint8_t type, rf_ir_expr *a)
{
    rf_ir_expr *e = expr(f, op, type);
    e->operands[0] = a;
    return e;
}

rf_ir_expr *rf_ir_binary(rf_ir_function *f, rf_ir_op op, rf_ir_expr *a, rf_ir_expr *b)
{
    rf_ir_expr *e = expr(f, op, rf_ir_is_comparison(op) ? RF_IR_BOOL : a->type);
    e->operands[0] = a;
    e->operands[1] = b;
    return e;
}

bool rf_ir_has_versions(const rf_ir_function *f, const rf_ir_place *place)
{
    return place && place->form == RF_IR_VARIABLE && !f->variables[place->variable].is_memory;
}

rf_ir_expr *rf_ir_value_of(rf_ir_function *f, rf_ir_place *place)
{
    const bool is_read = rf_ir_has_versions(f, place);
    rf_ir_expr *e = expr(f, is_read ? RF_IR_READ : RF_IR_LOAD, place->type);
    if (is_read)
        e->read.variable = place->variable;
    else
        e->place = place;
    return e;
}

/* The variable in which a place lies, or UINT32_MAX. */
static uint32_t variable_of(const rf_ir_place *place)
{
    while (place->of) place = place->of;
    return place->form == RF_IR_VARIABLE ? place->variable : UINT32_MAX;
}

rf_ir_expr *rf_ir_address_of(rf_ir_function *f, rf_ir_place *place)
{
    const uint32_t variable = variable_of(place);
    rf_assert(variable == UINT32_MAX || f->variables[variable].is_memory);
    rf_ir_expr *e = expr(f, RF_IR_ADDRESS, (uint8_t)(place->type + RF_IR_TO));
    e->place = place;
    return e;
}

static rf_ir_expr *call(rf_ir_function *f, rf_ir_call what, uint8_t result, rf_ir_expr *const *args)
{
    rf_ir_expr *e = expr(f, RF_IR_CALL, result);
    e->call = NEW(f, rf_ir_call);
    *e->call = what;
    e->call->args = rf_ir_alloc(f, (what.count + 1) * sizeof *args);
    memcpy(e->call->args, args, what.count * sizeof *args);
    return e;
}

rf_ir_expr *rf_ir_call_outside(rf_ir_function *f, const rf_ir_extern *outside, uint32_t count, rf_ir_expr *const *args)
{
    return call(f, (rf_ir_call){.outside = outside, .count = count}, outside->result, args);
}

rf_ir_expr *rf_ir_call_inside(rf_ir_function *f, rf_ir_function *inside, uint32_t count, rf_ir_expr *const *args)
{
    return call(f, (rf_ir_call){.inside = inside, .count = count}, inside->result, args);
}

rf_ir_expr *rf_ir_call_through(rf_ir_function *f, rf_ir_expr *through, uint32_t count, rf_ir_expr *const *args)
{
    return call(f, (rf_ir_call){.through = through, .count = count}, RF_IR_VALUE, args);
}

rf_ir_place *rf_ir_element(rf_ir_function *f, rf_ir_expr *base, rf_ir_expr *index)
{
    rf_ir_place *p = NEW(f, rf_ir_place);
    *p = (rf_ir_place){.form = RF_IR_ELEMENT, .type = (uint8_t)(base->type - RF_IR_TO), .base = base, .index = index};
    return p;
}

rf_ir_place *rf_ir_memory(rf_ir_function *f, rf_ir_expr *base, uint64_t offset, uint8_t type)
{
    rf_ir_place *p = NEW(f, rf_ir_place);
    *p = (rf_ir_place){.form = RF_IR_MEMORY, .type = type, .base = base, .offset = offset};
    return p;
}

rf_ir_place *rf_ir_value_field(rf_ir_function *f, rf_ir_place *of, rf_ir_field field)
{
    rf_ir_place *p = NEW(f, rf_ir_place);
    *p = (rf_ir_place){.form = RF_IR_FIELD_OF, .type = field_types[field], .field = (uint8_t)field, .of = of};
    return p;
}

rf_ir_place *rf_ir_array_field(rf_ir_function *f, rf_ir_expr *base, rf_ir_field field)
{
    rf_ir_place *p = NEW(f, rf_ir_place);
    *p = (rf_ir_place){.form = RF_IR_FIELD_OF, .type = field_types[field], .field = (uint8_t)field, .base = base};
    return p;
}

/* ---- copies, so that each statement owns its trees ---- */

static rf_ir_place *copy_place(rf_ir_function *f, const rf_ir_place *p)
{
    rf_ir_place *copy = NEW(f, rf_ir_place);
    *copy = *p;
    if (p->base) copy->base = rf_ir_copy(f, p->base);
    if (p->index) copy->index = rf_ir_copy(f, p->index);
    if (p->of) copy->of = copy_place(f, p->of);
    return copy;
}

rf_ir_expr *rf_ir_copy(rf_ir_function *f, const rf_ir_expr *e)
{
    rf_ir_expr *copy = NEW(f, rf_ir_expr);
    *copy = *e;
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++) copy->operands[i] = rf_ir_copy(f, e->operands[i]);
    if (e->op == RF_IR_LOAD || e->op == RF_IR_ADDRESS) copy->place = copy_place(f, e->place);
    if (e->op == RF_IR_CALL) {
        copy->call = NEW(f, rf_ir_call);
        *copy->call = *e->call;
        if (e->call->through) copy->call->through = rf_ir_copy(f, e->call->through);
        copy->call->args = rf_ir_alloc(f, (e->call->count + 1) * sizeof *e->call->args);
        for (uint32_t i = 0; i < e->call->count; i++) copy->call->args[i] = rf_ir_copy(f, e->call->args[i]);
    }
    return copy;
}

/* ---- statements ---- */

static rf_ir_statement *append(rf_ir_function *f, rf_ir_block *b, rf_ir_statement_kind kind, uint32_t position, const rf_ir_place *place,
                               const rf_ir_expr *value)
{
    rf_assert(!b->last || !rf_ir_ends(b->last));
    rf_ir_statement *s = NEW(f, rf_ir_statement);
    s->kind = (uint8_t)kind;
    s->position = position;
    if (place) s->place = copy_place(f, place);
    if (value) s->value = rf_ir_copy(f, value);
    *(b->last ? &b->last->next : &b->first) = s;
    b->last = s;
    return s;
}

void rf_ir_assign(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_place *place, rf_ir_expr *value)
{
    append(f, b, RF_IR_ASSIGN, position, place, value);
}

void rf_ir_eval(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *value)
{
    append(f, b, RF_IR_EVAL, position, NULL, value);
}

static void append_ways(rf_ir_function *f, rf_ir_block *b, rf_ir_statement_kind kind, uint32_t position, const rf_ir_place *place,
                        const rf_ir_expr *value, rf_ir_block *yes, rf_ir_block *no)
{
    rf_ir_statement *s = append(f, b, kind, position, place, value);
    s->yes = yes;
    s->no = no;
}

void rf_ir_jump(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_block *to)
{
    append_ways(f, b, RF_IR_JUMP, position, NULL, NULL, to, NULL);
}

void rf_ir_branch(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *condition, rf_ir_block *yes, rf_ir_block *no)
{
    append_ways(f, b, RF_IR_BRANCH, position, NULL, condition, yes, no);
}

void rf_ir_guard(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *condition, rf_ir_block *next, rf_ir_block *exit)
{
    append_ways(f, b, RF_IR_GUARD, position, NULL, condition, next, exit);
}

void rf_ir_checked(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_place *result, rf_ir_op op, rf_ir_expr *x, rf_ir_expr *y,
                   rf_ir_block *next, rf_ir_block *exit)
{
    append_ways(f, b, RF_IR_CHECKED, position, result, rf_ir_binary(f, op, x, y), next, exit);
}

void rf_ir_return(rf_ir_function *f, rf_ir_block *b, uint32_t position, rf_ir_expr *value)
{
    append(f, b, RF_IR_RETURN, position, NULL, value);
}

void rf_ir_checked_fits(rf_ir_function *f, rf_ir_block *b)
{
    rf_ir_statement *s = b->last;
    rf_ir_block *yes = s->yes;
    s->kind = RF_IR_ASSIGN;
    s->yes = s->no = NULL;
    rf_ir_jump(f, b, s->position, yes);
}

/* ---- looking ---- */

bool rf_ir_is_pure(const rf_ir_expr *e)
{
    if (!rf_ir_op_is_pure[e->op] && !(e->op == RF_IR_CALL && e->call->outside && e->call->outside->is_pure)) return false;
    if (e->op == RF_IR_ADDRESS) /* of what lies where an expression tells */
        return (!e->place->base || rf_ir_is_pure(e->place->base)) && (!e->place->index || rf_ir_is_pure(e->place->index)) &&
               !e->place->of;
    for (uint32_t i = 0; e->op == RF_IR_CALL && i < e->call->count; i++)
        if (!rf_ir_is_pure(e->call->args[i])) return false;
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++)
        if (!rf_ir_is_pure(e->operands[i])) return false;
    return true;
}

static bool place_does_something(const rf_ir_place *p)
{
    for (; p->of; p = p->of) {}
    return (p->base && rf_ir_does_something(p->base)) || (p->index && rf_ir_does_something(p->index));
}

bool rf_ir_does_something(const rf_ir_expr *e)
{
    if (e->op == RF_IR_CALL) {
        if (!e->call->outside || !e->call->outside->is_pure) return true;
        for (uint32_t i = 0; i < e->call->count; i++)
            if (rf_ir_does_something(e->call->args[i])) return true;
    }
    if (e->op == RF_IR_LOAD || e->op == RF_IR_ADDRESS) return place_does_something(e->place);
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++)
        if (rf_ir_does_something(e->operands[i])) return true;
    return false;
}

void rf_ir_visit_place(rf_ir_place *p, rf_ir_visit *visit, void *context)
{
    if (p->of) rf_ir_visit_place(p->of, visit, context);
    if (p->base) rf_ir_visit_expr(p->base, visit, context);
    if (p->index) rf_ir_visit_expr(p->index, visit, context);
}

void rf_ir_visit_expr(rf_ir_expr *e, rf_ir_visit *visit, void *context)
{
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++) rf_ir_visit_expr(e->operands[i], visit, context);
    if (e->op == RF_IR_LOAD || e->op == RF_IR_ADDRESS) rf_ir_visit_place(e->place, visit, context);
    if (e->op == RF_IR_CALL) {
        if (e->call->through) rf_ir_visit_expr(e->call->through, visit, context);
        for (uint32_t i = 0; i < e->call->count; i++) rf_ir_visit_expr(e->call->args[i], visit, context);
    }
    visit(context, e);
}

void rf_ir_visit_statement(rf_ir_statement *s, rf_ir_visit *visit, void *context)
{
    if (s->value) rf_ir_visit_expr(s->value, visit, context);
    if (s->place) rf_ir_visit_place(s->place, visit, context);
}

static bool is_same_place(const rf_ir_place *a, const rf_ir_place *b)
{
    if (!a || !b) return a == b;
    return a->form == b->form && a->type == b->type && a->field == b->field && a->variable == b->variable && a->offset == b->offset &&
           rf_ir_is_same(a->base, b->base) && rf_ir_is_same(a->index, b->index) && is_same_place(a->of, b->of);
}

bool rf_ir_is_same(const rf_ir_expr *a, const rf_ir_expr *b)
{
    if (!a || !b) return a == b;
    if (a->op != b->op || a->type != b->type) return false;
    switch (a->op) {
    case RF_IR_INT:
    case RF_IR_PARAM: return a->i == b->i;
    case RF_IR_FLOAT: return memcmp(&a->d, &b->d, sizeof a->d) == 0;
    case RF_IR_OUTSIDE: return strcmp(a->name, b->name) == 0;
    case RF_IR_READ: return a->read.variable == b->read.variable && a->read.version == b->read.version;
    case RF_IR_LOAD:
    case RF_IR_ADDRESS: return is_same_place(a->place, b->place);
    case RF_IR_CALL:
        if (a->call->outside != b->call->outside || a->call->inside != b->call->inside || !rf_ir_is_same(a->call->through, b->call->through))
            return false;
        for (uint32_t i = 0; i < a->call->count; i++)
            if (!rf_ir_is_same(a->call->args[i], b->call->args[i])) return false;
        return true;
    default:
        for (unsigned i = 0; i < rf_ir_op_operands[a->op]; i++)
            if (!rf_ir_is_same(a->operands[i], b->operands[i])) return false;
        return true;
    }
}
