/* See ir_random.h. */
#include "runtime/jitc/ir_random.h"

#include "base/base.h"

#include <stdio.h>

enum { INTS = 6, FLOATS = 2, BOOLS = 2, NUMBERS = INTS + FLOATS + BOOLS, MOST_BLOCKS = 64, MOST_EXITS = 4, MOST_TURNS = 25, CELLS = 4 };

typedef struct maker {
    rf_ir_function *f;
    uint64_t state;
    rf_ir_place *ints[INTS], *floats[FLOATS], *bools[BOOLS];
    rf_ir_place *turns;          /* how often it went back */
    rf_ir_place *checked;        /* which no exit reads */
    rf_ir_place *value, *cells;  /* in memory */
    rf_ir_block *blocks[MOST_BLOCKS], *exits[MOST_EXITS];
    uint32_t block_count, at;
    bool is_exit;                /* made is what an exit does */
} maker;

static uint32_t below(maker *m, uint32_t limit)
{
    return ir_random_below(&m->state, limit);
}

/* ---- expressions ---- */

static rf_ir_expr *any_int(maker *m, uint32_t depth);
static rf_ir_expr *any_float(maker *m, uint32_t depth);
static rf_ir_expr *any_bool(maker *m, uint32_t depth);

static rf_ir_expr *int_of(maker *m, int64_t i)
{
    return rf_ir_int(m->f, RF_IR_I64, i);
}

static rf_ir_expr *constant(maker *m)
{
    static const int64_t some[] = {0, 1, -1, 2, 3, 7, 8, 64, 1000, INT64_MAX, INT64_MIN, INT64_C(1) << 62};
    return int_of(m, some[below(m, RF_COUNT_OF(some))]);
}

static rf_ir_expr *cell(maker *m)
{
    return rf_ir_value_of(m->f, rf_ir_element(m->f, rf_ir_address_of(m->f, m->cells), int_of(m, below(m, CELLS))));
}

static rf_ir_expr *int_leaf(maker *m)
{
    switch (below(m, 8)) {
    case 0: return constant(m);
    case 1: return rf_ir_param_value(m->f, below(m, 2));
    case 2: return cell(m);
    case 3: return rf_ir_value_of(m->f, rf_ir_value_field(m->f, m->value, below(m, 2) ? RF_IR_HEAD : RF_IR_AS_INT));
    case 4: return rf_ir_value_of(m->f, m->is_exit ? m->ints[0] : m->checked);
    default: return rf_ir_value_of(m->f, m->ints[below(m, INTS)]);
    }
}

static rf_ir_expr *narrowed(maker *m, rf_ir_expr *e)
{
    static const uint8_t types[] = {RF_IR_U8, RF_IR_U16, RF_IR_U32, RF_IR_I32, RF_IR_U64, RF_IR_I128, RF_IR_BOOL};
    return rf_ir_unary(m->f, RF_IR_CAST, RF_IR_I64, rf_ir_unary(m->f, RF_IR_CAST, types[below(m, RF_COUNT_OF(types))], e));
}

static rf_ir_expr *any_int(maker *m, uint32_t depth)
{
    static const uint8_t ops[] = {RF_IR_ADD, RF_IR_ADD, RF_IR_SUB, RF_IR_MUL, RF_IR_AND, RF_IR_OR};
    if (!depth || !below(m, 3)) return int_leaf(m);
    switch (below(m, 9)) {
    case 0: return rf_ir_binary(m->f, below(m, 2) ? RF_IR_DIV : RF_IR_MOD, any_int(m, depth - 1), int_of(m, 1 + below(m, 9)));
    case 1: return rf_ir_binary(m->f, below(m, 2) ? RF_IR_SHL : RF_IR_SHR, any_int(m, depth - 1), int_of(m, below(m, 64)));
    case 2: return rf_ir_unary(m->f, RF_IR_NEG, RF_IR_I64, any_int(m, depth - 1));
    case 3: return rf_ir_unary(m->f, RF_IR_CAST, RF_IR_I64, any_bool(m, depth - 1));
    case 4: return narrowed(m, any_int(m, depth - 1));
    default: return rf_ir_binary(m->f, (rf_ir_op)ops[below(m, RF_COUNT_OF(ops))], any_int(m, depth - 1), any_int(m, depth - 1));
    }
}

static rf_ir_expr *any_float(maker *m, uint32_t depth)
{
    static const double some[] = {0.0, -0.0, 1.0, 0.5, -3.25, 1e300};
    static const uint8_t ops[] = {RF_IR_ADD, RF_IR_SUB, RF_IR_MUL, RF_IR_DIV};
    if (!depth || !below(m, 3)) {
        switch (below(m, 4)) {
        case 0: return rf_ir_float(m->f, some[below(m, RF_COUNT_OF(some))]);
        case 1: return rf_ir_param_value(m->f, 2);
        default: return rf_ir_value_of(m->f, m->floats[below(m, FLOATS)]);
        }
    }
    rf_ir_expr *arg;
    switch (below(m, 5)) {
    case 0: return rf_ir_unary(m->f, RF_IR_CAST, RF_IR_F64, any_int(m, depth - 1));
    case 1: return rf_ir_unary(m->f, RF_IR_NEG, RF_IR_F64, any_float(m, depth - 1));
    case 2:
        arg = any_float(m, depth - 1);
        return rf_ir_call_outside(m->f, RF_FN(fabs), 1, &arg);
    default: return rf_ir_binary(m->f, (rf_ir_op)ops[below(m, RF_COUNT_OF(ops))], any_float(m, depth - 1), any_float(m, depth - 1));
    }
}

static rf_ir_expr *any_bool(maker *m, uint32_t depth)
{
    const rf_ir_op comparison = (rf_ir_op)(RF_IR_EQ + below(m, RF_IR_GE - RF_IR_EQ + 1));
    if (!depth) return rf_ir_value_of(m->f, m->bools[below(m, BOOLS)]);
    switch (below(m, 7)) {
    case 0: return rf_ir_unary(m->f, RF_IR_NOT, RF_IR_BOOL, any_bool(m, depth - 1));
    case 1: return rf_ir_unary(m->f, RF_IR_LIKELY, RF_IR_BOOL, any_bool(m, depth - 1));
    case 2: return rf_ir_binary(m->f, below(m, 2) ? RF_IR_BOTH : RF_IR_EITHER, any_bool(m, depth - 1), any_bool(m, depth - 1));
    case 3: return rf_ir_binary(m->f, comparison, any_float(m, depth - 1), any_float(m, depth - 1));
    default: return rf_ir_binary(m->f, comparison, any_int(m, depth - 1), below(m, 2) ? constant(m) : any_int(m, depth - 1));
    }
}

/* ---- statements ---- */

static void assign_any(maker *m, rf_ir_block *b)
{
    const uint32_t position = b->number + 1;
    rf_ir_expr *args[3];
    switch (below(m, 12)) {
    case 0: rf_ir_assign(m->f, b, position, m->floats[below(m, FLOATS)], any_float(m, 2)); break;
    case 1: rf_ir_assign(m->f, b, position, m->bools[below(m, BOOLS)], any_bool(m, 2)); break;
    case 2: rf_ir_assign(m->f, b, position, rf_ir_value_field(m->f, m->value, below(m, 2) ? RF_IR_HEAD : RF_IR_AS_INT), any_int(m, 2)); break;
    case 3:
        rf_ir_assign(m->f, b, position, rf_ir_element(m->f, rf_ir_address_of(m->f, m->cells), int_of(m, below(m, CELLS))), any_int(m, 2));
        break;
    case 4:
        args[0] = rf_ir_int(m->f, RF_IR_POINTER, 0);
        args[1] = any_int(m, 1);
        args[2] = any_int(m, 1);
        rf_ir_eval(m->f, b, position, rf_ir_call_outside(m->f, RF_FN(deopt_self), 3, args));
        break;
    default: rf_ir_assign(m->f, b, position, m->ints[below(m, INTS)], any_int(m, 2)); break;
    }
}

static void make_exit(maker *m, rf_ir_block *b)
{
    b->is_exit = true;
    b->exit_pc = b->number;
    m->is_exit = true;
    for (uint32_t i = below(m, 4); i--;) {
        rf_ir_expr *args[] = {rf_ir_int(m->f, RF_IR_POINTER, 0), rf_ir_value_of(m->f, m->ints[below(m, INTS)]), any_int(m, 1)};
        rf_ir_eval(m->f, b, b->number + 1, rf_ir_call_outside(m->f, RF_FN(deopt_self), 3, args));
    }
    rf_ir_return(m->f, b, b->number + 1, any_int(m, 1));
    m->is_exit = false;
}

/* A block behind, mostly the next one. */
static rf_ir_block *further(maker *m)
{
    const uint32_t left = m->block_count - 1 - m->at;
    return m->blocks[m->at + 1 + (below(m, 3) ? 0 : below(m, left))];
}

static rf_ir_op checked_op(maker *m)
{
    static const uint8_t ops[] = {RF_IR_ADD, RF_IR_SUB, RF_IR_MUL};
    return (rf_ir_op)ops[below(m, RF_COUNT_OF(ops))];
}

/* C: if (++turns < most) goto anywhere; goto further; */
static void go_back(maker *m, rf_ir_block *b)
{
    const uint32_t position = b->number + 1;
    rf_ir_assign(m->f, b, position, m->turns, rf_ir_binary(m->f, RF_IR_ADD, rf_ir_value_of(m->f, m->turns), int_of(m, 1)));
    rf_ir_branch(m->f, b, position, rf_ir_binary(m->f, RF_IR_LT, rf_ir_value_of(m->f, m->turns), int_of(m, MOST_TURNS)),
                 m->blocks[1 + below(m, m->at)], further(m));
}

static void make_end(maker *m, rf_ir_block *b)
{
    const uint32_t position = b->number + 1;
    if (m->at + 1 == m->block_count || !below(m, 40)) {
        rf_ir_return(m->f, b, position, any_int(m, 2));
        return;
    }
    rf_ir_block *exit = m->exits[below(m, MOST_EXITS)];
    switch (m->at ? below(m, 7) : 0) {
    case 0:
    case 1: rf_ir_jump(m->f, b, position, further(m)); break;
    case 2:
    case 3: rf_ir_branch(m->f, b, position, any_bool(m, 2), further(m), further(m)); break;
    case 4: rf_ir_guard(m->f, b, position, rf_ir_unary(m->f, RF_IR_LIKELY, RF_IR_BOOL, any_bool(m, 2)), further(m), exit); break;
    case 5: rf_ir_checked(m->f, b, position, m->checked, checked_op(m), any_int(m, 1), any_int(m, 1), further(m), exit); break;
    default: go_back(m, b); break;
    }
}

/* ---- functions ---- */

static void make_variables(maker *m)
{
    char name[8];
    for (int i = 0; i < INTS; i++) {
        snprintf(name, sizeof name, "i%d", i);
        m->ints[i] = rf_ir_variable_new(m->f, RF_IR_I64, 0, name);
    }
    for (int i = 0; i < FLOATS; i++) {
        snprintf(name, sizeof name, "d%d", i);
        m->floats[i] = rf_ir_variable_new(m->f, RF_IR_F64, 0, name);
    }
    for (int i = 0; i < BOOLS; i++) {
        snprintf(name, sizeof name, "b%d", i);
        m->bools[i] = rf_ir_variable_new(m->f, RF_IR_BOOL, 0, name);
    }
    m->turns = rf_ir_variable_new(m->f, RF_IR_I64, 0, "turns");
    m->checked = rf_ir_variable_new(m->f, RF_IR_I64, 0, "checked");
    m->value = rf_ir_variable_new(m->f, RF_IR_VALUE, 0, "v");
    m->cells = rf_ir_variable_new(m->f, RF_IR_I64, CELLS, "cells");
}

/* Now and then one is left out: it is undefined until it is assigned. */
static void give_values(maker *m, rf_ir_block *b)
{
    rf_ir_assign(m->f, b, 0, m->turns, int_of(m, 0));
    rf_ir_assign(m->f, b, 0, m->checked, int_of(m, 5));
    for (int i = 0; i < INTS; i++)
        if (below(m, 12)) rf_ir_assign(m->f, b, 0, m->ints[i], i < 2 ? rf_ir_param_value(m->f, (uint32_t)i) : constant(m));
    for (int i = 0; i < FLOATS; i++) rf_ir_assign(m->f, b, 0, m->floats[i], rf_ir_float(m->f, i));
    for (int i = 0; i < BOOLS; i++) rf_ir_assign(m->f, b, 0, m->bools[i], rf_ir_int(m->f, RF_IR_BOOL, i));
}

rf_ir_function *ir_random_function(rf_ir_unit *unit, uint64_t seed, uint32_t blocks)
{
    maker m = {.f = rf_ir_function_new(unit, "random", RF_IR_I64), .state = seed};
    m.block_count = blocks < 2 ? 2 : blocks > MOST_BLOCKS ? MOST_BLOCKS : blocks;
    rf_ir_param(m.f, RF_IR_I64);
    rf_ir_param(m.f, RF_IR_I64);
    rf_ir_param(m.f, RF_IR_F64);
    make_variables(&m);
    for (uint32_t i = 0; i < m.block_count; i++) m.blocks[i] = rf_ir_block_new(m.f);
    for (uint32_t i = 0; i < MOST_EXITS; i++) m.exits[i] = rf_ir_block_new(m.f);
    give_values(&m, m.blocks[0]);
    for (m.at = 0; m.at < m.block_count; m.at++) {
        for (uint32_t i = below(&m, 4); i--;) assign_any(&m, m.blocks[m.at]);
        make_end(&m, m.blocks[m.at]);
    }
    for (uint32_t i = 0; i < MOST_EXITS; i++) make_exit(&m, m.exits[i]);
    return m.f;
}

void ir_random_args(uint64_t seed, ir_number args[IR_RANDOM_PARAMS])
{
    static const int64_t ints[] = {0, 1, -1, 2, 5, 100, INT64_MAX, INT64_MIN};
    static const double floats[] = {0.0, 1.5, -2.0, 1e18};
    maker m = {.state = seed};
    args[0] = ir_int(ints[below(&m, RF_COUNT_OF(ints))]);
    args[1] = ir_int(ints[below(&m, RF_COUNT_OF(ints))]);
    args[2] = ir_float(floats[below(&m, RF_COUNT_OF(floats))]);
}
