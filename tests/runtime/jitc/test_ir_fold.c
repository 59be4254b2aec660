/* Constants and copies. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "runtime/jitc/ir_check.h"
#include "runtime/jitc/ir_random.h"

#include <math.h>
#include <string.h>

typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *first;
    rf_ir_place *x, *y, *u8, *u32, *d, *b, *c, *p;
} fixture;

static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->first = rf_ir_block_new(t->f);
    t->x = ir_given(t->f, t->first, RF_IR_I64, "x");
    t->y = ir_given(t->f, t->first, RF_IR_I64, "y");
    t->u8 = ir_given(t->f, t->first, RF_IR_U8, "u8");
    t->u32 = ir_given(t->f, t->first, RF_IR_U32, "u32");
    t->d = ir_given(t->f, t->first, RF_IR_F64, "d");
    t->b = ir_given(t->f, t->first, RF_IR_BOOL, "b");
    t->c = ir_given(t->f, t->first, RF_IR_BOOL, "c");
    t->p = ir_given(t->f, t->first, RF_IR_POINTER, "p");
}

static void stop(fixture *t)
{
    rf_ir_unit_release(&t->unit);
}

#define VALUE(place) rf_ir_value_of(t->f, t->place)
#define X            VALUE(x)
#define Y            VALUE(y)
#define D            VALUE(d)
#define B            VALUE(b)
#define C            VALUE(c)
#define I(n)         ir_i64(t->f, n)
#define N(type, n)   rf_ir_int(t->f, RF_IR_##type, n)
#define F(n)         rf_ir_float(t->f, n)
#define OP(op, a, b) rf_ir_binary(t->f, RF_IR_##op, a, b)
#define NEG(type, a) rf_ir_unary(t->f, RF_IR_NEG, RF_IR_##type, a)
#define NOT(a)       ir_not(t->f, a)
#define LIKELY(a)    rf_ir_unary(t->f, RF_IR_LIKELY, RF_IR_BOOL, a)
#define AS(type, a)  ir_as(t->f, RF_IR_##type, a)

/* What `return e` returns behind the pass. */
static void assert_folds(fixture *t, rf_ir_expr *e, const char *expected)
{
    t->f->result = e->type;
    rf_ir_return(t->f, t->first, 0, e);
    rf_ir_ssa(t->f);
    assert_null(rf_ir_verify(t->f));
    rf_ir_fold(t->f);
    assert_null(rf_ir_verify(t->f));
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(t->f, &out);
    out.data[out.size - 1] = 0; /* the line's end */
    assert_string_equal(strstr(out.data, "return ") + strlen("return "), expected);
    rf_buffer_release(&out);
}

#define FOLDS(e, expected)                                                                                             \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        assert_folds(t, e, expected);                                                                                  \
        stop(t);                                                                                                       \
    } while (0)

/* ---- one operation ---- */

static void ints_are_computed_in_their_widths(void **state)
{
    (void)state;
    FOLDS(OP(ADD, I(2), I(3)), "5");
    FOLDS(OP(ADD, I(INT64_MAX), I(1)), "-9223372036854775808");
    FOLDS(OP(SUB, I(2), I(3)), "-1");
    FOLDS(OP(MUL, I(1) , I(-7)), "-7");
    FOLDS(OP(MUL, I(INT64_C(1) << 62), I(2)), "-9223372036854775808");
    FOLDS(OP(DIV, I(-7), I(2)), "-3");
    FOLDS(OP(MOD, I(-7), I(2)), "-1");
    FOLDS(OP(AND, I(12), I(10)), "8");
    FOLDS(OP(OR, I(12), I(10)), "14");
    FOLDS(OP(SHL, I(3), I(62)), "-4611686018427387904");
    FOLDS(OP(SHR, I(-8), I(1)), "-4");
    FOLDS(OP(ADD, N(U8, 255), N(U8, 2)), "1:u8");
    FOLDS(OP(SUB, N(U32, 0), N(U32, 1)), "4294967295:u32");
    FOLDS(OP(MUL, N(I32, 1 << 30), N(I32, 2)), "-2147483648:i32");
    FOLDS(OP(SHR, N(U64, -1), N(U64, 63)), "1:u64");
    FOLDS(OP(DIV, N(U64, -1), N(U64, 2)), "9223372036854775807:u64");
    FOLDS(NEG(I64, I(INT64_MIN)), "-9223372036854775808");
    FOLDS(NEG(U8, N(U8, 1)), "255:u8");
}

static void what_may_trap_or_has_no_meaning_is_left(void **state)
{
    (void)state;
    FOLDS(OP(DIV, I(1), I(0)), "1 / 0");
    FOLDS(OP(MOD, I(1), I(0)), "1 % 0");
    FOLDS(OP(DIV, I(INT64_MIN), I(-1)), "-9223372036854775808 / -1");
    FOLDS(OP(SHL, I(1), I(64)), "1 << 64");
    FOLDS(OP(SHR, I(1), I(-1)), "1 >> -1");
    FOLDS(AS(I64, F(1e19)), "1e+19 as i64");
    FOLDS(AS(I64, OP(MUL, AS(I128, I(5)), AS(I128, X))), "((5 as i128) * (x.1 as i128)) as i64");
}

static void comparisons_are_computed(void **state)
{
    (void)state;
    FOLDS(OP(LT, I(-1), I(1)), "true");
    FOLDS(OP(LT, N(U64, -1), N(U64, 1)), "false");
    FOLDS(OP(GE, N(U8, 200), N(U8, 100)), "true");
    FOLDS(OP(NE, I(1), I(1)), "false");
    FOLDS(OP(EQ, N(POINTER, 0), N(POINTER, 0)), "true");
    FOLDS(OP(LE, F(0.0), F(-0.0)), "true");
    FOLDS(OP(EQ, F((double)NAN), F((double)NAN)), "false");
    FOLDS(OP(NE, F((double)NAN), F(1.0)), "true");
    FOLDS(OP(GE, F((double)NAN), F(1.0)), "false");
    FOLDS(OP(LE, X, X), "true");
    FOLDS(OP(NE, X, X), "false");
    FOLDS(OP(EQ, D, D), "d.1 == d.1");
    FOLDS(OP(LT, I(5), X), "x.1 > 5");
}

static void casts_are_computed(void **state)
{
    (void)state;
    FOLDS(AS(U8, I(300)), "44:u8");
    FOLDS(AS(U32, I(-1)), "4294967295:u32");
    FOLDS(AS(I64, N(U32, 4294967295)), "4294967295");
    FOLDS(AS(I64, N(I32, -1)), "-1");
    FOLDS(AS(BOOL, I(2)), "true");
    FOLDS(AS(I64, N(BOOL, 1)), "1");
    FOLDS(AS(F64, I(3)), "3.0");
    FOLDS(AS(F64, N(U64, -1)), "1.8446744073709552e+19");
    FOLDS(AS(I64, F(-3.9)), "-3");
    FOLDS(AS(I64, X), "x.1");
    FOLDS(AS(I64, AS(I32, AS(I64, VALUE(u8)))), "(u8.1 as i32) as i64");
    FOLDS(AS(U8, AS(I64, VALUE(u8))), "u8.1");
    FOLDS(AS(U8, AS(U32, X)), "x.1 as u8");
    FOLDS(AS(U32, AS(U8, X)), "(x.1 as u8) as u32");
    FOLDS(AS(I64, AS(F64, X)), "(x.1 as f64) as i64");
    FOLDS(AS(BOOL, AS(I64, B)), "b.1");
    FOLDS(AS(U8, AS(I64, B)), "b.1 as u8");
}

static void floats_are_computed_to_the_same_bits(void **state)
{
    (void)state;
    FOLDS(OP(ADD, F(0.1), F(0.2)), "0.30000000000000004");
    FOLDS(OP(DIV, F(1.0), F(0.0)), "inf");
    FOLDS(OP(DIV, F(0.0), F(0.0)), "0.0 / 0.0");
    FOLDS(NEG(F64, F(0.0)), "-0.0");
    FOLDS(NEG(F64, NEG(F64, D)), "d.1");
    FOLDS(OP(ADD, D, F(0.0)), "d.1 + 0.0");
    FOLDS(OP(MUL, D, F(1.0)), "d.1 * 1.0");
    FOLDS(OP(SUB, D, D), "d.1 - d.1");
    FOLDS(OP(ADD, OP(ADD, D, F(1.0)), F(2.0)), "(d.1 + 1.0) + 2.0");
    FOLDS(OP(ADD, F(1.0), D), "1.0 + d.1");
}

static void neutral_operands_vanish(void **state)
{
    (void)state;
    FOLDS(OP(ADD, X, I(0)), "x.1");
    FOLDS(OP(ADD, I(0), X), "x.1");
    FOLDS(OP(SUB, X, I(0)), "x.1");
    FOLDS(OP(SUB, I(0), X), "0 - x.1");
    FOLDS(OP(MUL, I(1), X), "x.1");
    FOLDS(OP(MUL, X, I(0)), "0");
    FOLDS(OP(DIV, X, I(1)), "x.1");
    FOLDS(OP(MOD, X, I(1)), "0");
    FOLDS(OP(AND, X, I(-1)), "x.1");
    FOLDS(OP(AND, VALUE(u8), N(U8, 255)), "u8.1");
    FOLDS(OP(AND, X, I(255)), "x.1 & 255");
    FOLDS(OP(OR, X, I(-1)), "-1");
    FOLDS(OP(SHL, X, I(0)), "x.1");
    FOLDS(OP(SUB, X, X), "0");
    FOLDS(OP(AND, X, X), "x.1");
    FOLDS(NEG(I64, NEG(I64, X)), "x.1");
}

static void bools_are_put_together(void **state)
{
    (void)state;
    FOLDS(NOT(NOT(B)), "b.1");
    FOLDS(NOT(OP(LT, X, Y)), "x.1 >= y.1");
    FOLDS(NOT(OP(LT, D, F(1.0))), "!(d.1 < 1.0)");
    FOLDS(OP(BOTH, B, N(BOOL, 1)), "b.1");
    FOLDS(OP(BOTH, N(BOOL, 0), B), "false");
    FOLDS(OP(EITHER, B, N(BOOL, 0)), "b.1");
    FOLDS(OP(EITHER, B, N(BOOL, 1)), "true");
    FOLDS(OP(BOTH, B, B), "b.1");
    FOLDS(OP(BOTH, B, C), "b.1 && c.1");
    FOLDS(LIKELY(OP(EQ, I(1), I(1))), "true");
    FOLDS(LIKELY(LIKELY(B)), "likely(b.1)");
}

static void bools_cast_and_compared_are_bools(void **state)
{
    (void)state;
    FOLDS(OP(NE, AS(I64, B), I(0)), "b.1");
    FOLDS(OP(EQ, AS(I64, B), I(0)), "!b.1");
    FOLDS(OP(EQ, AS(I64, B), I(1)), "b.1");
    FOLDS(OP(GT, AS(I64, B), I(0)), "b.1");
    FOLDS(OP(LT, AS(I64, B), I(1)), "!b.1");
    FOLDS(OP(EQ, AS(I64, B), I(5)), "false");
    FOLDS(OP(LT, AS(I64, B), I(2)), "true");
    FOLDS(OP(NE, AS(U8, OP(LT, X, Y)), N(U8, 1)), "x.1 >= y.1");
    FOLDS(OP(NE, N(BOOL, 0), B), "b.1");
    FOLDS(OP(NE, AS(I64, VALUE(u8)), I(0)), "(u8.1 as i64) != 0");
}

static rf_ir_expr *called(fixture *t) /* what has to be called */
{
    rf_ir_expr *args[] = {rf_ir_value_of(t->f, t->p), rf_ir_value_of(t->f, t->p)};
    return rf_ir_call_outside(t->f, RF_FN(same_text), 2, args);
}

static void calls_stay(void **state)
{
    (void)state;
    FOLDS(OP(MUL, called(t), I(0)), "rf_native_same_text(p.1, p.1) * 0");
    FOLDS(OP(AND, called(t), I(0)), "rf_native_same_text(p.1, p.1) & 0");
    FOLDS(OP(SUB, called(t), called(t)), "rf_native_same_text(p.1, p.1) - rf_native_same_text(p.1, p.1)");
    FOLDS(OP(BOTH, N(BOOL, 0), OP(NE, called(t), I(0))), "false && (rf_native_same_text(p.1, p.1) != 0)");
    FOLDS(OP(LT, AS(I64, OP(NE, called(t), I(0))), I(2)), "((rf_native_same_text(p.1, p.1) != 0) as i64) < 2");
    FOLDS(OP(ADD, called(t), I(0)), "rf_native_same_text(p.1, p.1)");
}

/* ---- versions ---- */

typedef struct diamond { /* first: branch b to left else right; both go to join */
    rf_ir_block *left, *right, *join;
} diamond;

static diamond branch_on(fixture *t, rf_ir_expr *condition)
{
    const diamond d = {rf_ir_block_new(t->f), rf_ir_block_new(t->f), rf_ir_block_new(t->f)};
    rf_ir_branch(t->f, t->first, 0, condition, d.left, d.right);
    return d;
}

static void end_both(fixture *t, const diamond *d)
{
    rf_ir_jump(t->f, d->left, 0, d->join);
    rf_ir_jump(t->f, d->right, 0, d->join);
}

static rf_ir_place *variable(fixture *t, uint8_t type, const char *name)
{
    return rf_ir_variable_new(t->f, type, 0, name);
}

static void assign(fixture *t, rf_ir_block *b, rf_ir_place *to, rf_ir_expr *e)
{
    rf_ir_assign(t->f, b, 0, to, e);
}

static rf_ir_expr *get(fixture *t, rf_ir_place *p)
{
    return rf_ir_value_of(t->f, p);
}

/* Parameters are assigned first, in all of them. */
#define START                                                                                                          \
    "b0:\n  x.1 = $0\n  y.1 = $1\n  u8.1 = $2\n  u32.1 = $3\n  d.1 = $4\n  b.1 = $5\n  c.1 = $6\n  p.1 = $7\n"

static void finish(fixture *t, const char *expected)
{
    assert_ir_becomes(t->f, rf_ir_fold, expected);
    stop(t);
}

static void constants_are_read_by_all_that_they_reach(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    assign(t, t->first, a, OP(ADD, I(2), I(2)));
    const diamond d = branch_on(t, B);
    end_both(t, &d);
    rf_ir_return(t->f, d.join, 0, OP(ADD, get(t, a), X));
    finish(t, START "  a.1 = 4\n  branch b.1 to b1 else b2\nb1: from b0\n  jump to b3\nb2: from b0\n  jump to b3\n"
                    "b3: from b1 b2\n  return x.1 + 4\n");
}

static void the_same_constant_on_all_ways_is_one(void **state)
{
    (void)state;
    for (int other = 7; other <= 8; other++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_place *a = variable(t, RF_IR_I64, "a");
        const diamond d = branch_on(t, B);
        assign(t, d.left, a, I(7));
        assign(t, d.right, a, I(other));
        end_both(t, &d);
        rf_ir_return(t->f, d.join, 0, OP(ADD, get(t, a), I(1)));
        finish(t, other == 7 ? START "  branch b.1 to b1 else b2\nb1: from b0\n  a.1 = 7\n  jump to b3\nb2: from b0\n  a.2 = 7\n"
                                     "  jump to b3\nb3: from b1 b2\n  a.3 = phi a.1 b1, a.2 b2\n  return 8\n"
                             : START "  branch b.1 to b1 else b2\nb1: from b0\n  a.1 = 7\n  jump to b3\nb2: from b0\n  a.2 = 8\n"
                                     "  jump to b3\nb3: from b1 b2\n  a.3 = phi a.1 b1, a.2 b2\n  return a.3 + 1\n");
    }
}

static void copies_are_what_they_copy_while_that_reaches(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    assign(t, t->first, a, X);
    ir_show(t->f, t->first, get(t, a));
    assign(t, t->first, t->x, I(1));
    rf_ir_return(t->f, t->first, 0, get(t, a));
    finish(t, START "  a.1 = x.1\n  rf_native_deopt_self(0:pointer, x.1, 0)\n  x.2 = 1\n  return a.1\n");
}

static void copies_of_the_only_version_are_it_everywhere(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    assign(t, t->first, a, X);
    const diamond d = branch_on(t, B);
    end_both(t, &d);
    rf_ir_return(t->f, d.join, 0, get(t, a));
    finish(t, START "  a.1 = x.1\n  branch b.1 to b1 else b2\nb1: from b0\n  jump to b3\nb2: from b0\n  jump to b3\n"
                    "b3: from b1 b2\n  return x.1\n");
}

static void copies_stay_behind_a_join_where_another_version_may_reach(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    assign(t, t->first, a, X);
    const diamond d = branch_on(t, B);
    assign(t, d.left, t->x, I(3)); /* which nothing reads, so that there is no phi */
    end_both(t, &d);
    rf_ir_return(t->f, d.join, 0, get(t, a));
    finish(t, START "  a.1 = x.1\n  branch b.1 to b1 else b2\nb1: from b0\n  x.2 = 3\n  jump to b3\nb2: from b0\n  jump to b3\n"
                    "b3: from b1 b2\n  return a.1\n");
}

static void the_other_way_assigns_nothing_here(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    assign(t, t->first, a, X);
    const diamond d = branch_on(t, B);
    assign(t, d.left, t->x, I(3));
    rf_ir_return(t->f, d.left, 0, OP(ADD, get(t, a), X));
    rf_ir_return(t->f, d.right, 0, get(t, a));
    rf_ir_return(t->f, d.join, 0, I(0));
    finish(t, START "  a.1 = x.1\n  branch b.1 to b1 else b2\nb1: from b0\n  x.2 = 3\n  return a.1 + 3\nb2: from b0\n  return x.1\n");
}

/* C: flag = x < y; n = (long long)flag; if (n != 0) */
static void tests_of_numbers_made_of_bools_are_tests_of_these(void **state)
{
    (void)state;
    for (int is_assigned_again = 0; is_assigned_again < 2; is_assigned_again++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_place *n = variable(t, RF_IR_I64, "n");
        assign(t, t->first, n, AS(I64, B));
        if (is_assigned_again) assign(t, t->first, t->b, C);
        const diamond d = branch_on(t, OP(EQ, get(t, n), I(0)));
        rf_ir_return(t->f, d.left, 0, get(t, n));
        rf_ir_return(t->f, d.right, 0, AS(I64, B));
        finish(t, is_assigned_again ? START "  n.1 = b.1 as i64\n  b.2 = c.1\n  branch n.1 == 0 to b1 else b2\nb1: from b0\n  return n.1\n"
                                            "b2: from b0\n  return c.1 as i64\n"
                                    : START "  n.1 = b.1 as i64\n  branch b.1 to b2 else b1\nb1: from b0\n  return n.1\n"
                                            "b2: from b0\n  return b.1 as i64\n");
    }
}

static void branches_take_in_comparisons(void **state)
{
    (void)state;
    for (int is_assigned_again = 0; is_assigned_again < 2; is_assigned_again++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_place *flag = variable(t, RF_IR_BOOL, "flag");
        assign(t, t->first, flag, OP(LT, X, Y));
        if (is_assigned_again) assign(t, t->first, t->x, I(3));
        const diamond d = branch_on(t, NOT(get(t, flag)));
        rf_ir_return(t->f, d.left, 0, X);
        rf_ir_return(t->f, d.right, 0, Y);
        finish(t, is_assigned_again ? START "  flag.1 = x.1 < y.1\n  x.2 = 3\n  branch flag.1 to b2 else b1\nb1: from b0\n  return 3\n"
                                            "b2: from b0\n  return y.1\n"
                                    : START "  flag.1 = x.1 < y.1\n  branch x.1 >= y.1 to b1 else b2\nb1: from b0\n  return x.1\n"
                                            "b2: from b0\n  return y.1\n");
    }
}

/* C: flag = *(long long *)p == 3; if (flag) */
static void branches_take_in_loads_from_right_before(void **state)
{
    (void)state;
    enum { RIGHT_BEFORE, STORED_BETWEEN, READ_AGAIN };
    static const char *const expected[] = {
        [RIGHT_BEFORE] = START "  branch *(i64 *)(p.1 + 8) == 3 to b1 else b2\nb1: from b0\n  return x.1\nb2: from b0\n  return y.1\n",
        [STORED_BETWEEN] = START "  flag.1 = *(i64 *)(p.1 + 8) == 3\n  *(i64 *)(p.1 + 8) = 1\n  branch flag.1 to b1 else b2\n"
                                 "b1: from b0\n  return x.1\nb2: from b0\n  return y.1\n",
        [READ_AGAIN] = START "  flag.1 = *(i64 *)(p.1 + 8) == 3\n  branch flag.1 to b1 else b2\nb1: from b0\n  return flag.1 as i64\n"
                             "b2: from b0\n  return y.1\n",
    };
    for (int way = RIGHT_BEFORE; way <= READ_AGAIN; way++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_place *flag = variable(t, RF_IR_BOOL, "flag"), *part = rf_ir_memory(t->f, VALUE(p), 8, RF_IR_I64);
        assign(t, t->first, flag, OP(EQ, get(t, part), I(3)));
        if (way == STORED_BETWEEN) assign(t, t->first, part, I(1));
        const diamond d = branch_on(t, get(t, flag));
        rf_ir_return(t->f, d.left, 0, way == READ_AGAIN ? AS(I64, get(t, flag)) : X);
        rf_ir_return(t->f, d.right, 0, Y);
        finish(t, expected[way]);
    }
}

/* ---- ways ---- */

static void constant_conditions_leave_one_way(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *a = variable(t, RF_IR_I64, "a");
    const diamond d = branch_on(t, OP(GT, I(1), I(2)));
    assign(t, d.left, a, X);
    assign(t, d.right, a, Y);
    end_both(t, &d);
    rf_ir_return(t->f, d.join, 0, OP(ADD, get(t, a), I(1)));
    finish(t, START "  jump to b2\nb2: from b0\n  a.2 = y.1\n  jump to b3\nb3: from b2\n  return y.1 + 1\n");
}

static void constant_guards_go_on_or_leave(void **state)
{
    (void)state;
    for (int holds = 0; holds < 2; holds++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_block *next = rf_ir_block_new(t->f), *exit = ir_exit(t->f, -1);
        rf_ir_guard(t->f, t->first, 0, LIKELY(OP(EQ, I(holds), I(1))), next, exit);
        rf_ir_return(t->f, next, 0, X);
        finish(t, holds ? START "  jump to b1\nb1: from b0\n  return x.1\n" : START "  jump to x2\nx2: from b0, exit 0 leaves\n  return -1\n");
    }
}

/* A loop whose variable is only ever assigned itself: its phi joins nothing. */
static void phis_that_join_nothing_vanish(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *head = rf_ir_block_new(t->f), *vain = rf_ir_block_new(t->f), *again = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->first, 0, head);
    rf_ir_branch(t->f, head, 0, OP(LT, Y, I(10)), vain, end);
    rf_ir_branch(t->f, vain, 0, OP(LT, I(1), I(0)), again, head);
    assign(t, again, t->x, I(5));
    rf_ir_jump(t->f, again, 0, head);
    rf_ir_return(t->f, end, 0, X);
    finish(t, START "  jump to b1\nb1: from b0 b2\n  branch y.1 < 10 to b2 else b4\nb2: from b1\n  jump to b1\nb4: from b1\n  return x.1\n");
}

static void sums_that_fit_are_assigned(void **state)
{
    (void)state;
    enum { CONSTANTS, NEUTRAL, TOO_MUCH, UNKNOWN };
    static const char *const expected[] = {
        [CONSTANTS] = START "  a.1 = 5\n  jump to b1\nb1: from b0\n  return 5\n",
        [NEUTRAL] = START "  a.1 = x.1\n  jump to b1\nb1: from b0\n  return x.1\n",
        [TOO_MUCH] = START "  a.1 = checked 9223372036854775807 + 1 to b1 else x2\nb1: from b0\n  return a.1\n"
                           "x2: from b0, exit 0 leaves\n  return -1\n",
        [UNKNOWN] = START "  a.1 = checked x.1 + 1 to b1 else x2\nb1: from b0\n  return a.1\nx2: from b0, exit 0 leaves\n  return -1\n",
    };
    for (int way = CONSTANTS; way <= UNKNOWN; way++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_place *a = variable(t, RF_IR_I64, "a");
        rf_ir_block *next = rf_ir_block_new(t->f), *exit = ir_exit(t->f, -1);
        rf_ir_expr *first = way == CONSTANTS ? I(2) : way == TOO_MUCH ? I(INT64_MAX) : way == NEUTRAL ? I(0) : X;
        rf_ir_expr *second = way == CONSTANTS ? I(3) : way == NEUTRAL ? X : I(1);
        rf_ir_checked(t->f, t->first, 0, a, RF_IR_ADD, first, second, next, exit);
        rf_ir_return(t->f, next, 0, get(t, a));
        finish(t, expected[way]);
    }
}

/* ---- by chance ---- */

static void random_functions_do_the_same(void **state)
{
    (void)state;
    ir_pass *const once[] = {rf_ir_fold, NULL}, *const again[] = {rf_ir_fold, rf_ir_fold, NULL};
    assert_in_range(assert_ir_chance(ir_random_function, once, 2000), 1800, 2000);
    assert_in_range(assert_ir_chance(ir_random_function, again, 500), 0, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ints_are_computed_in_their_widths),
        cmocka_unit_test(what_may_trap_or_has_no_meaning_is_left),
        cmocka_unit_test(comparisons_are_computed),
        cmocka_unit_test(casts_are_computed),
        cmocka_unit_test(floats_are_computed_to_the_same_bits),
        cmocka_unit_test(neutral_operands_vanish),
        cmocka_unit_test(bools_are_put_together),
        cmocka_unit_test(bools_cast_and_compared_are_bools),
        cmocka_unit_test(calls_stay),
        cmocka_unit_test(constants_are_read_by_all_that_they_reach),
        cmocka_unit_test(the_same_constant_on_all_ways_is_one),
        cmocka_unit_test(copies_are_what_they_copy_while_that_reaches),
        cmocka_unit_test(copies_of_the_only_version_are_it_everywhere),
        cmocka_unit_test(copies_stay_behind_a_join_where_another_version_may_reach),
        cmocka_unit_test(the_other_way_assigns_nothing_here),
        cmocka_unit_test(tests_of_numbers_made_of_bools_are_tests_of_these),
        cmocka_unit_test(branches_take_in_comparisons),
        cmocka_unit_test(branches_take_in_loads_from_right_before),
        cmocka_unit_test(constant_conditions_leave_one_way),
        cmocka_unit_test(constant_guards_go_on_or_leave),
        cmocka_unit_test(phis_that_join_nothing_vanish),
        cmocka_unit_test(sums_that_fit_are_assigned),
        cmocka_unit_test(random_functions_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
