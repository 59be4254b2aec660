/* See lower.h.  Trees stay trees, variables stay variables: gcc makes a form of its own of them. */
#include "jitc/lower.h"

#include "base/alloc.h"
#include "base/base.h"

#include <string.h>

typedef gcc_jit_rvalue *rvalue;
typedef gcc_jit_lvalue *lvalue;

typedef struct lowered_function {
    gcc_jit_function *function;
    gcc_jit_param **params;
    lvalue *variables;       /* as far as they were wanted */
    gcc_jit_block **blocks;
} lowered_function;

enum { MOST_OUTSIDE = 160, MOST_DIRECTS = 64 }; /* more than the translator makes names, and direct.def has lines */

typedef struct lowering {
    gcc_jit_context *gcc;
    const uint32_t *first_lines;
    gcc_jit_type *types[UINT8_MAX + 1]; /* as far as they were wanted */
    gcc_jit_field *fields[RF_IR_FIELDS], *payload;
    gcc_jit_function *externs[RF_FN_COUNT], *checked[3], *expect;
    struct { const rf_ir_extern *what; gcc_jit_function *function; } directs[MOST_DIRECTS]; /* others, as far as they were wanted */
    uint32_t direct_count;
    struct { const char *name; rvalue address; } outside[MOST_OUTSIDE];
    uint32_t outside_count;
    const rf_ir_function *f;
    lowered_function *to;
    gcc_jit_location *here;
} lowering;

/* ---- types and functions ---- */

static gcc_jit_type *type_of(lowering *l, uint8_t type)
{
    if (!l->types[type]) l->types[type] = gcc_jit_type_get_pointer(type_of(l, (uint8_t)(type - RF_IR_TO)));
    return l->types[type];
}

static void make_plain_types(lowering *l)
{
    static const struct { uint8_t type; enum gcc_jit_types gcc; } plain[] = {
        {RF_IR_VOID, GCC_JIT_TYPE_VOID},       {RF_IR_BOOL, GCC_JIT_TYPE_BOOL},
        {RF_IR_U8, GCC_JIT_TYPE_UNSIGNED_CHAR}, {RF_IR_U16, GCC_JIT_TYPE_UNSIGNED_SHORT},
        {RF_IR_U32, GCC_JIT_TYPE_UNSIGNED_INT}, {RF_IR_U64, GCC_JIT_TYPE_UNSIGNED_LONG_LONG},
        {RF_IR_I32, GCC_JIT_TYPE_INT},          {RF_IR_I64, GCC_JIT_TYPE_LONG_LONG},
        {RF_IR_I128, GCC_JIT_TYPE_INT128_T},    {RF_IR_F64, GCC_JIT_TYPE_DOUBLE},
        {RF_IR_POINTER, GCC_JIT_TYPE_VOID_PTR}};
    for (size_t i = 0; i < RF_COUNT_OF(plain); i++) l->types[plain[i].type] = gcc_jit_context_get_type(l->gcc, plain[i].gcc);
}

static void make_fields(lowering *l)
{
#define RF_IR_FIELD(name, owner, text, type) l->fields[RF_IR_##name] = gcc_jit_context_new_field(l->gcc, NULL, type_of(l, type), text);
#include "jitc/ir_field.def"
#undef RF_IR_FIELD
}

static gcc_jit_type *struct_of(lowering *l, const char *name, int count, gcc_jit_field **fields)
{
    return gcc_jit_struct_as_type(gcc_jit_context_new_struct_type(l->gcc, NULL, name, count, fields));
}

static void make_types(lowering *l)
{
    make_plain_types(l);
    make_fields(l);
    /* C: struct value { long long head; union { long long i; double d; void *o; } as; } */
    gcc_jit_type *payloads = gcc_jit_context_new_union_type(l->gcc, NULL, "payload", 3, &l->fields[RF_IR_AS_INT]);
    l->payload = gcc_jit_context_new_field(l->gcc, NULL, payloads, "as");
    gcc_jit_field *parts[] = {l->fields[RF_IR_HEAD], l->payload};
    l->types[RF_IR_VALUE] = struct_of(l, "value", 2, parts);
    l->types[RF_IR_ARRAY] = struct_of(l, "array", RF_IR_FIELDS - RF_IR_COUNT, &l->fields[RF_IR_COUNT]);
    /* C: value function(void *isolate, value *arguments, unsigned count) */
    gcc_jit_type *builtin[] = {type_of(l, RF_IR_POINTER), type_of(l, RF_IR_POINTER), type_of(l, RF_IR_U32)};
    l->types[RF_IR_BUILTIN + RF_IR_TO] = gcc_jit_context_new_function_ptr_type(l->gcc, NULL, l->types[RF_IR_VALUE], 3, builtin, 0);
    static const char *const checked[] = {"__builtin_saddll_overflow", "__builtin_ssubll_overflow", "__builtin_smulll_overflow"};
    for (size_t i = 0; i < RF_COUNT_OF(checked); i++) l->checked[i] = gcc_jit_context_get_builtin_function(l->gcc, checked[i]);
    l->expect = gcc_jit_context_get_builtin_function(l->gcc, "__builtin_expect");
}

static gcc_jit_function *import(lowering *l, const rf_ir_extern *what)
{
    static const char builtin[] = "__builtin_";
    gcc_jit_param *params[RF_IR_MOST_PARAMS];
    if (strncmp(what->name, builtin, sizeof builtin - 1) == 0) return gcc_jit_context_get_builtin_function(l->gcc, what->name);
    for (int i = 0; i < what->count; i++) params[i] = gcc_jit_context_new_param(l->gcc, NULL, type_of(l, what->params[i]), "p");
    return gcc_jit_context_new_function(l->gcc, NULL, GCC_JIT_FUNCTION_IMPORTED, type_of(l, what->result), what->name, what->count,
                                        params, 0);
}

static gcc_jit_function *extern_of(lowering *l, const rf_ir_extern *what)
{
    if (what >= rf_ir_externs && what < rf_ir_externs + RF_FN_COUNT) {
        gcc_jit_function **known = &l->externs[what - rf_ir_externs];
        if (!*known) *known = import(l, what);
        return *known;
    }
    for (uint32_t i = 0; i < l->direct_count; i++) /* several instructions may share one */
        if (strcmp(l->directs[i].what->name, what->name) == 0) return l->directs[i].function;
    rf_assert(l->direct_count < RF_COUNT_OF(l->directs));
    l->directs[l->direct_count].what = what;
    return l->directs[l->direct_count++].function = import(l, what);
}

/* C: extern unsigned char name[]; (void *)name */
static rvalue outside(lowering *l, const char *name)
{
    for (uint32_t i = 0; i < l->outside_count; i++)
        if (strcmp(l->outside[i].name, name) == 0) return l->outside[i].address;
    rf_assert(l->outside_count < MOST_OUTSIDE);
    gcc_jit_type *bytes = gcc_jit_context_new_array_type(l->gcc, NULL, type_of(l, RF_IR_U8), 1 << 28);
    lvalue object = gcc_jit_context_new_global(l->gcc, NULL, GCC_JIT_GLOBAL_IMPORTED, bytes, name);
    rvalue address = gcc_jit_context_new_cast(l->gcc, NULL, gcc_jit_lvalue_get_address(object, NULL), type_of(l, RF_IR_POINTER));
    l->outside[l->outside_count].name = name;
    return l->outside[l->outside_count++].address = address;
}

/* ---- expressions and places ---- */

static rvalue lower_expr(lowering *l, const rf_ir_expr *e);

static lvalue variable(lowering *l, uint32_t number)
{
    lvalue *at = &l->to->variables[number];
    const rf_ir_variable *v = &l->f->variables[number];
    if (!*at) {
        gcc_jit_type *type = type_of(l, v->type);
        if (v->elements) type = gcc_jit_context_new_array_type(l->gcc, NULL, type, (int)v->elements);
        *at = gcc_jit_function_new_local(l->to->function, NULL, type, v->name);
    }
    return *at;
}

static bool is_array(const lowering *l, const rf_ir_place *p)
{
    return p->form == RF_IR_VARIABLE && l->f->variables[p->variable].elements;
}

static lvalue at_offset(lowering *l, rvalue base, uint64_t offset, uint8_t type)
{
    /* C: *(type *)&((unsigned char *)base)[offset] */
    rvalue bytes = gcc_jit_context_new_cast(l->gcc, NULL, base, type_of(l, RF_IR_U8 + RF_IR_TO));
    rvalue index = gcc_jit_context_new_rvalue_from_long(l->gcc, type_of(l, RF_IR_I64), (long)offset);
    lvalue at = gcc_jit_context_new_array_access(l->gcc, NULL, bytes, index);
    rvalue typed = gcc_jit_context_new_cast(l->gcc, NULL, gcc_jit_lvalue_get_address(at, NULL), type_of(l, (uint8_t)(type + RF_IR_TO)));
    return gcc_jit_rvalue_dereference(typed, NULL);
}

static lvalue lower_place(lowering *l, const rf_ir_place *p)
{
    switch ((rf_ir_form)p->form) {
    case RF_IR_ELEMENT: { /* C: base[index] */
        const bool is_of_variable = p->base->op == RF_IR_ADDRESS && is_array(l, p->base->place);
        rvalue base = is_of_variable ? gcc_jit_lvalue_as_rvalue(variable(l, p->base->place->variable)) : lower_expr(l, p->base);
        return gcc_jit_context_new_array_access(l->gcc, NULL, base, lower_expr(l, p->index));
    }
    case RF_IR_MEMORY: return at_offset(l, lower_expr(l, p->base), p->offset, p->type);
    case RF_IR_FIELD_OF: { /* C: of.head, of.as.field, base->field */
        gcc_jit_field *field = l->fields[p->field];
        if (!p->of) return gcc_jit_rvalue_dereference_field(lower_expr(l, p->base), NULL, field);
        lvalue of = lower_place(l, p->of);
        return gcc_jit_lvalue_access_field(p->field == RF_IR_HEAD ? of : gcc_jit_lvalue_access_field(of, NULL, l->payload), NULL, field);
    }
    case RF_IR_VARIABLE: break;
    }
    return variable(l, p->variable);
}

static rvalue address_of(lowering *l, const rf_ir_place *p)
{
    lvalue at = lower_place(l, p);
    if (is_array(l, p)) /* C: &variable[0] */
        at = gcc_jit_context_new_array_access(l->gcc, NULL, gcc_jit_lvalue_as_rvalue(at), gcc_jit_context_zero(l->gcc, type_of(l, RF_IR_I64)));
    return gcc_jit_lvalue_get_address(at, NULL);
}

static rvalue lower_call(lowering *l, const rf_ir_call *c)
{
    rvalue *args = rf_alloc_array(rvalue, c->count + 1), result;
    for (uint32_t i = 0; i < c->count; i++) args[i] = lower_expr(l, c->args[i]);
    if (c->through) {
        result = gcc_jit_context_new_call_through_ptr(l->gcc, l->here, lower_expr(l, c->through), (int)c->count, args);
    } else {
        gcc_jit_function *f = c->outside ? extern_of(l, c->outside) : ((lowered_function *)c->inside->lowered)->function;
        result = gcc_jit_context_new_call(l->gcc, NULL, f, (int)c->count, args);
    }
    rf_free(args);
    return result;
}

/* C: __builtin_expect(condition, 1) != 0 */
static rvalue likely(lowering *l, rvalue condition)
{
    gcc_jit_type *number = gcc_jit_context_get_type(l->gcc, GCC_JIT_TYPE_LONG);
    rvalue args[] = {gcc_jit_context_new_cast(l->gcc, NULL, condition, number), gcc_jit_context_one(l->gcc, number)};
    rvalue expected = gcc_jit_context_new_call(l->gcc, NULL, l->expect, 2, args);
    return gcc_jit_context_new_comparison(l->gcc, NULL, GCC_JIT_COMPARISON_NE, expected, gcc_jit_context_zero(l->gcc, number));
}

static rvalue lower_int(lowering *l, const rf_ir_expr *e)
{
    gcc_jit_type *type = type_of(l, e->type);
    if (e->type < RF_IR_TO) return gcc_jit_context_new_rvalue_from_long(l->gcc, type, (long)e->i);
    return e->i ? gcc_jit_context_new_rvalue_from_ptr(l->gcc, type, (void *)(uintptr_t)e->i) : gcc_jit_context_null(l->gcc, type);
}

static rvalue lower_binary(lowering *l, const rf_ir_expr *e)
{
    static const struct { uint8_t op, gcc; } operations[] = {
        {RF_IR_ADD, GCC_JIT_BINARY_OP_PLUS},         {RF_IR_SUB, GCC_JIT_BINARY_OP_MINUS},       {RF_IR_MUL, GCC_JIT_BINARY_OP_MULT},
        {RF_IR_DIV, GCC_JIT_BINARY_OP_DIVIDE},       {RF_IR_MOD, GCC_JIT_BINARY_OP_MODULO},      {RF_IR_AND, GCC_JIT_BINARY_OP_BITWISE_AND},
        {RF_IR_OR, GCC_JIT_BINARY_OP_BITWISE_OR},    {RF_IR_SHL, GCC_JIT_BINARY_OP_LSHIFT},      {RF_IR_SHR, GCC_JIT_BINARY_OP_RSHIFT},
        {RF_IR_BOTH, GCC_JIT_BINARY_OP_LOGICAL_AND}, {RF_IR_EITHER, GCC_JIT_BINARY_OP_LOGICAL_OR}};
    static const struct { uint8_t op, gcc; } comparisons[] = {
        {RF_IR_EQ, GCC_JIT_COMPARISON_EQ}, {RF_IR_NE, GCC_JIT_COMPARISON_NE}, {RF_IR_LT, GCC_JIT_COMPARISON_LT},
        {RF_IR_LE, GCC_JIT_COMPARISON_LE}, {RF_IR_GT, GCC_JIT_COMPARISON_GT}, {RF_IR_GE, GCC_JIT_COMPARISON_GE}};
    rvalue a = lower_expr(l, e->operands[0]), b = lower_expr(l, e->operands[1]);
    for (size_t i = 0; i < RF_COUNT_OF(comparisons); i++)
        if (comparisons[i].op == e->op)
            return gcc_jit_context_new_comparison(l->gcc, NULL, (enum gcc_jit_comparison)comparisons[i].gcc, a, b);
    size_t i = 0;
    while (operations[i].op != e->op) i++;
    return gcc_jit_context_new_binary_op(l->gcc, NULL, (enum gcc_jit_binary_op)operations[i].gcc, type_of(l, e->type), a, b);
}

static rvalue lower_expr(lowering *l, const rf_ir_expr *e)
{
    gcc_jit_type *type = type_of(l, e->type);
    switch ((rf_ir_op)e->op) {
    case RF_IR_INT: return lower_int(l, e);
    case RF_IR_FLOAT: return gcc_jit_context_new_rvalue_from_double(l->gcc, type, e->d);
    case RF_IR_OUTSIDE: return outside(l, e->name);
    case RF_IR_PARAM: return gcc_jit_param_as_rvalue(l->to->params[e->i]);
    case RF_IR_READ: return gcc_jit_lvalue_as_rvalue(variable(l, e->read.variable));
    case RF_IR_LOAD: return gcc_jit_lvalue_as_rvalue(lower_place(l, e->place));
    case RF_IR_ADDRESS: return address_of(l, e->place);
    case RF_IR_NEG: return gcc_jit_context_new_unary_op(l->gcc, NULL, GCC_JIT_UNARY_OP_MINUS, type, lower_expr(l, e->operands[0]));
    case RF_IR_NOT: return gcc_jit_context_new_unary_op(l->gcc, NULL, GCC_JIT_UNARY_OP_LOGICAL_NEGATE, type, lower_expr(l, e->operands[0]));
    case RF_IR_CAST: return gcc_jit_context_new_cast(l->gcc, NULL, lower_expr(l, e->operands[0]), type);
    case RF_IR_LIKELY: return likely(l, lower_expr(l, e->operands[0]));
    case RF_IR_CALL: return lower_call(l, e->call);
    default: return lower_binary(l, e);
    }
}

/* ---- statements ---- */

/* C: if (!__builtin_expect(!__builtin_saddll_overflow(a, b, &result), 1)) goto no; */
static void lower_checked(lowering *l, const rf_ir_statement *s, gcc_jit_block *block)
{
    gcc_jit_function *f = l->checked[s->value->op == RF_IR_ADD ? 0 : s->value->op == RF_IR_SUB ? 1 : 2];
    lvalue result = gcc_jit_function_new_local(l->to->function, NULL, type_of(l, RF_IR_I64), "r");
    lvalue overflows = gcc_jit_function_new_local(l->to->function, NULL, type_of(l, RF_IR_BOOL), "o");
    rvalue args[] = {lower_expr(l, s->value->operands[0]), lower_expr(l, s->value->operands[1]), gcc_jit_lvalue_get_address(result, NULL)};
    gcc_jit_block_add_assignment(block, l->here, overflows, gcc_jit_context_new_call(l->gcc, NULL, f, 3, args));
    gcc_jit_block_add_assignment(block, l->here, lower_place(l, s->place), gcc_jit_lvalue_as_rvalue(result));
    rvalue fits = gcc_jit_context_new_comparison(l->gcc, NULL, GCC_JIT_COMPARISON_EQ, gcc_jit_lvalue_as_rvalue(overflows),
                                                 gcc_jit_context_zero(l->gcc, type_of(l, RF_IR_BOOL)));
    gcc_jit_block_end_with_conditional(block, l->here, likely(l, fits), l->to->blocks[s->yes->number], l->to->blocks[s->no->number]);
}

/* C: to = a; if (b < to) to = b;  The block that goes on. */
static gcc_jit_block *lower_least(lowering *l, lvalue to, const rf_ir_expr *e, gcc_jit_block *block)
{
    if (e->op != RF_IR_MIN) {
        gcc_jit_block_add_assignment(block, l->here, to, lower_expr(l, e));
        return block;
    }
    block = lower_least(l, to, e->operands[0], block);
    gcc_jit_block *less = gcc_jit_function_new_block(l->to->function, NULL), *next = gcc_jit_function_new_block(l->to->function, NULL);
    rvalue b = lower_expr(l, e->operands[1]);
    rvalue is_less = gcc_jit_context_new_comparison(l->gcc, NULL, GCC_JIT_COMPARISON_LT, b, gcc_jit_lvalue_as_rvalue(to));
    gcc_jit_block_end_with_conditional(block, l->here, is_less, less, next);
    gcc_jit_block_add_assignment(less, l->here, to, b);
    gcc_jit_block_end_with_jump(less, l->here, next);
    return next;
}

/* The block that goes on, if one does. */
static gcc_jit_block *lower_statement(lowering *l, const rf_ir_statement *s, gcc_jit_block *block)
{
    gcc_jit_block *const *blocks = l->to->blocks;
    l->here = s->position && l->first_lines
                  ? gcc_jit_context_new_location(l->gcc, "ruff", (int)(l->first_lines[l->f->number] + s->position - 1), 0)
                  : NULL;
    switch ((rf_ir_statement_kind)s->kind) {
    case RF_IR_ASSIGN: return lower_least(l, lower_place(l, s->place), s->value, block);
    case RF_IR_EVAL: gcc_jit_block_add_eval(block, l->here, lower_expr(l, s->value)); break;
    case RF_IR_JUMP: gcc_jit_block_end_with_jump(block, l->here, blocks[s->yes->number]); break;
    case RF_IR_GUARD:
    case RF_IR_BRANCH: {
        rvalue condition = lower_expr(l, s->value);
        if (s->kind == RF_IR_GUARD) condition = likely(l, condition);
        gcc_jit_block_end_with_conditional(block, l->here, condition, blocks[s->yes->number], blocks[s->no->number]);
        break;
    }
    case RF_IR_CHECKED: lower_checked(l, s, block); break;
    case RF_IR_RETURN: gcc_jit_block_end_with_return(block, l->here, lower_expr(l, s->value)); break;
    }
    return block;
}

/* ---- functions ---- */

static void declare(lowering *l, rf_ir_function *f)
{
    lowered_function *to = rf_ir_alloc(f, sizeof *to);
    f->lowered = to;
    to->params = rf_ir_alloc(f, (f->param_count + 1) * sizeof(gcc_jit_param *));
    to->variables = rf_ir_alloc(f, (f->variable_count + 1) * sizeof(lvalue));
    to->blocks = rf_ir_alloc(f, f->block_count * sizeof(gcc_jit_block *));
    for (uint32_t i = 0; i < f->param_count; i++) to->params[i] = gcc_jit_context_new_param(l->gcc, NULL, type_of(l, f->params[i]), "p");
    to->function = gcc_jit_context_new_function(l->gcc, NULL, f->is_entry ? GCC_JIT_FUNCTION_EXPORTED : GCC_JIT_FUNCTION_INTERNAL,
                                                type_of(l, f->result), f->name, (int)f->param_count, to->params, 0);
}

static void lower_block(lowering *l, const rf_ir_block *b)
{
    gcc_jit_block *block = l->to->blocks[b->number];
    for (const rf_ir_statement *s = b->is_reached ? b->first : NULL; s; s = s->next) block = lower_statement(l, s, block);
}

static void lower_function(lowering *l, const rf_ir_function *f)
{
    l->f = f;
    l->to = f->lowered;
    for (const rf_ir_block *b = f->first; b; b = b->next)
        if (b->is_reached) l->to->blocks[b->number] = gcc_jit_function_new_block(l->to->function, NULL);
    for (const rf_ir_block *b = f->first; b; b = b->next)
        lower_block(l, b);
}

void rf_lower(const rf_ir_unit *unit, const uint32_t *first_lines, gcc_jit_context *gcc)
{
    lowering *l = rf_new(lowering);
    l->gcc = gcc;
    l->first_lines = first_lines;
    make_types(l);
    for (rf_ir_function *f = unit->first; f; f = f->next) declare(l, f);
    for (const rf_ir_function *f = unit->first; f; f = f->next) lower_function(l, f);
    rf_free(l);
}
