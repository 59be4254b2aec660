/* Small functions of ints, for tests of what the pass `ranges` makes of them. */
#ifndef RUFF_TEST_IR_SAMPLE_H
#define RUFF_TEST_IR_SAMPLE_H

#include "support/ruff_test.h"

#include "runtime/jitc/ir_assert.h"

#include <string.h>

/* A function of two I64 and a pointer, which lie in x, y and p, and an exit that anything leaves by. */
typedef struct sample {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *at, *exit; /* where it is written */
    rf_ir_place *x, *y, *p;
    unsigned stores;        /* of results, one behind another */
} sample;

typedef rf_ir_expr *expr;

static inline sample begin(void)
{
    sample s = {.unit = {NULL, NULL}};
    s.f = rf_ir_function_new(&s.unit, "sample", RF_IR_I64);
    rf_ir_param(s.f, RF_IR_I64);
    rf_ir_param(s.f, RF_IR_I64);
    rf_ir_param(s.f, RF_IR_I64 + RF_IR_TO);
    s.x = rf_ir_variable_new(s.f, RF_IR_I64, 0, "x");
    s.y = rf_ir_variable_new(s.f, RF_IR_I64, 0, "y");
    s.p = rf_ir_variable_new(s.f, RF_IR_I64 + RF_IR_TO, 0, "p");
    s.at = rf_ir_block_new(s.f);
    s.exit = rf_ir_block_new(s.f);
    s.exit->is_exit = true;
    rf_ir_return(s.f, s.exit, 0, rf_ir_int(s.f, RF_IR_I64, 0));
    rf_ir_place *const places[] = {s.x, s.y, s.p};
    for (uint32_t i = 0; i < 3; i++) rf_ir_assign(s.f, s.at, 0, places[i], rf_ir_param_value(s.f, i));
    return s;
}

static inline expr of(sample *s, rf_ir_place *place)
{
    return rf_ir_value_of(s->f, place);
}
static inline expr number(sample *s, int64_t i)
{
    return rf_ir_int(s->f, RF_IR_I64, i);
}
static inline expr binary(sample *s, rf_ir_op op, expr a, expr b)
{
    return rf_ir_binary(s->f, op, a, b);
}
static inline expr with(sample *s, rf_ir_place *place, rf_ir_op op, int64_t i)
{
    return binary(s, op, of(s, place), number(s, i));
}
static inline expr cast(sample *s, uint8_t type, expr e)
{
    return rf_ir_unary(s->f, RF_IR_CAST, type, e);
}
/* (u64)a op (u64)b */
static inline expr unsigned_of(sample *s, rf_ir_op op, expr a, expr b)
{
    return binary(s, op, cast(s, RF_IR_U64, a), cast(s, RF_IR_U64, b));
}
static inline rf_ir_place *variable(sample *s, uint8_t type, const char *name)
{
    return rf_ir_variable_new(s->f, type, 0, name);
}
static inline void assign(sample *s, rf_ir_place *place, expr e)
{
    rf_ir_assign(s->f, s->at, 0, place, e);
}
static inline void guard(sample *s, expr condition)
{
    rf_ir_block *next = rf_ir_block_new(s->f);
    rf_ir_guard(s->f, s->at, 0, condition, next, s->exit);
    s->at = next;
}
static inline void checked(sample *s, rf_ir_place *place, rf_ir_op op, expr a, expr b)
{
    rf_ir_block *next = rf_ir_block_new(s->f);
    rf_ir_checked(s->f, s->at, 0, place, op, a, b, next, s->exit);
    s->at = next;
}
static inline void jump(sample *s, rf_ir_block *to)
{
    rf_ir_jump(s->f, s->at, 0, to);
    s->at = to;
}
static inline void branch(sample *s, expr condition, rf_ir_block *yes, rf_ir_block *no)
{
    rf_ir_branch(s->f, s->at, 0, condition, yes, no);
    s->at = yes;
}
static inline void result(sample *s, expr e)
{
    rf_ir_assign(s->f, s->at, 0, rf_ir_memory(s->f, of(s, s->p), 8 * s->stores++, RF_IR_I64), e);
}
static inline void result_if(sample *s, expr condition) /* what is known of a condition shows in it */
{
    result(s, cast(s, RF_IR_I64, condition));
}
static inline rf_ir_block *block(sample *s)
{
    return rf_ir_block_new(s->f);
}
/* 0 <= place <= most, as one comparison */
static inline void guard_up_to(sample *s, rf_ir_place *place, int64_t most)
{
    guard(s, unsigned_of(s, RF_IR_LE, of(s, place), number(s, most)));
}

/* What the pass makes of it, behind the parameters and without the exit. */
static inline void assert_becomes(sample *s, const char *expected)
{
    static const char start[] = "  p.1 = $2\n";
    rf_ir_return(s->f, s->at, 0, number(s, 1));
    rf_ir_ssa(s->f);
    assert_ir_sound(s->f);
    rf_ir_ranges(s->f);
    assert_ir_sound(s->f);
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(s->f, &out);
    char *text = strstr(out.data, start) + strlen(start), *exit = strstr(text, "x1: from");
    if (exit) {
        const char *behind = strstr(exit, "  return 0\n") + strlen("  return 0\n");
        memmove(exit, behind, strlen(behind) + 1);
    }
    assert_string_equal(text, expected);
    rf_buffer_release(&out);
    rf_ir_unit_release(&s->unit);
}

#endif
