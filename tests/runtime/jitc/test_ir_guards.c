/* What is known from a test before. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"
#include "runtime/jitc/ir_random.h"

#include "base/base.h"

typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *at, *exit;
    rf_ir_place *x, *y, *z, *d, *e, *b, *c, *R, *o, *p;
    rf_ir_place *own, *shown; /* values in memory of the function */
} fixture;

static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->at = rf_ir_block_new(t->f);
    t->x = ir_given(t->f, t->at, RF_IR_I64, "x");
    t->y = ir_given(t->f, t->at, RF_IR_I64, "y");
    t->z = ir_given(t->f, t->at, RF_IR_I64, "z");
    t->d = ir_given(t->f, t->at, RF_IR_F64, "d");
    t->e = ir_given(t->f, t->at, RF_IR_F64, "e");
    t->b = ir_given(t->f, t->at, RF_IR_BOOL, "b");
    t->c = ir_given(t->f, t->at, RF_IR_BOOL, "c");
    t->R = ir_given(t->f, t->at, RF_IR_VALUES, "R");
    t->o = ir_given(t->f, t->at, RF_IR_OBJECT, "o");
    t->p = ir_given(t->f, t->at, RF_IR_POINTER, "p");
    t->own = rf_ir_variable_new(t->f, RF_IR_VALUE, 0, "own");
    t->shown = rf_ir_variable_new(t->f, RF_IR_VALUE, 0, "shown");
    t->exit = ir_exit(t->f, -1);
}

#define VALUE(place)     rf_ir_value_of(t->f, t->place)
#define X                VALUE(x)
#define Y                VALUE(y)
#define D                VALUE(d)
#define E                VALUE(e)
#define B                VALUE(b)
#define C                VALUE(c)
#define I(n)             ir_i64(t->f, n)
#define LOAD(place)      rf_ir_value_of(t->f, place)
#define OP(op, a, b)     rf_ir_binary(t->f, RF_IR_##op, a, b)
#define NOT(a)           ir_not(t->f, a)
#define LIKELY(a)        rf_ir_unary(t->f, RF_IR_LIKELY, RF_IR_BOOL, a)
#define FIELD(of, field) rf_ir_value_field(t->f, of, RF_IR_##field)
#define SLOT(n)          rf_ir_element(t->f, VALUE(R), I(n))
#define HEAD(n)          FIELD(SLOT(n), HEAD)
#define ARRAY(field)     rf_ir_array_field(t->f, VALUE(o), RF_IR_##field)
#define MEMORY(at, type) rf_ir_memory(t->f, VALUE(p), at, RF_IR_##type)

static void guard(fixture *t, rf_ir_expr *condition)
{
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, condition, next, t->exit);
    t->at = next;
}

static void store(fixture *t, rf_ir_place *to, rf_ir_expr *value)
{
    rf_ir_assign(t->f, t->at, 0, to, value);
}

/* What the guards of the function are behind the pass: y: still tested, n: known to hold, x: known not to. */
static void assert_tests(fixture *t, const char *expected)
{
    char text[32];
    size_t length = 0;
    rf_ir_return(t->f, t->at, 0, X);
    rf_ir_ssa(t->f);
    assert_null(rf_ir_verify(t->f));
    rf_ir_guards(t->f);
    assert_null(rf_ir_verify(t->f));
    for (const rf_ir_block *b = t->f->first; !b->is_exit && b->last->kind != RF_IR_RETURN; b = b->last->yes) {
        const bool is_tested = b->last->kind == RF_IR_GUARD || b->last->kind == RF_IR_CHECKED;
        assert_true(length < sizeof text - 1);
        text[length++] = is_tested ? 'y' : b->last->yes->is_exit ? 'x' : 'n';
    }
    text[length] = 0;
    assert_string_equal(text, expected);
    rf_ir_unit_release(&t->unit);
}

/* Two guards; what becomes of the second. */
#define THEN(first, second, expected)                                                                                  \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        guard(t, first);                                                                                               \
        guard(t, second);                                                                                              \
        assert_tests(t, "y" expected);                                                                                 \
    } while (0)

/* The same, with a statement in between. */
#define AROUND(first, between, second, expected)                                                                       \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        guard(t, first);                                                                                               \
        between;                                                                                                       \
        guard(t, second);                                                                                              \
        assert_tests(t, "y" expected);                                                                                 \
    } while (0)

/* ---- conditions ---- */

static void the_same_and_its_opposite_are_known(void **state)
{
    (void)state;
    THEN(OP(LT, X, Y), OP(LT, X, Y), "n");
    THEN(OP(LT, X, Y), LIKELY(OP(LT, X, Y)), "n");
    THEN(LIKELY(OP(LT, X, Y)), OP(GT, Y, X), "n");
    THEN(OP(LT, X, Y), OP(GE, X, Y), "x");
    THEN(OP(LT, X, Y), NOT(OP(LE, Y, X)), "n");
    THEN(NOT(OP(LT, X, Y)), OP(LE, Y, X), "n");
    THEN(OP(NE, X, I(0)), OP(NE, X, I(0)), "n");
    THEN(OP(EQ, X, I(5)), OP(NE, X, I(5)), "x");
    THEN(B, B, "n");
    THEN(B, NOT(B), "x");
    THEN(NOT(B), B, "x");
}

static void what_follows_is_known(void **state)
{
    (void)state;
    THEN(OP(LT, X, Y), OP(LE, X, Y), "n");
    THEN(OP(LT, X, Y), OP(NE, Y, X), "n");
    THEN(OP(LT, X, Y), OP(EQ, X, Y), "x");
    THEN(OP(EQ, X, Y), OP(GE, Y, X), "n");
    THEN(OP(LE, X, Y), OP(GT, X, Y), "x");
    AROUND(OP(LE, X, Y), guard(t, OP(NE, X, Y)), OP(LT, X, Y), "yn");
    AROUND(OP(LE, X, Y), guard(t, OP(LE, Y, X)), OP(EQ, X, Y), "yn");
    THEN(OP(BOTH, OP(LT, X, Y), B), OP(LT, X, Y), "n");
    THEN(OP(BOTH, OP(LT, X, Y), B), B, "n");
    THEN(NOT(OP(EITHER, B, C)), C, "x");
    AROUND(B, guard(t, C), OP(BOTH, C, B), "yn");
    THEN(B, OP(EITHER, C, B), "n");
}

static void what_does_not_follow_is_tested(void **state)
{
    (void)state;
    THEN(OP(LT, X, Y), OP(LT, X, VALUE(z)), "y");
    THEN(OP(LE, X, Y), OP(LT, X, Y), "y");
    THEN(OP(NE, X, Y), OP(LT, X, Y), "y");
    THEN(OP(EITHER, B, C), B, "y");
    THEN(NOT(OP(BOTH, B, C)), B, "y");
    THEN(OP(LT, X, I(5)), OP(LT, X, I(4)), "y");
    THEN(OP(LT, ir_as(t->f, RF_IR_U64, X), rf_ir_int(t->f, RF_IR_U64, 5)), OP(LT, X, I(5)), "y");
}

static void floats_may_have_no_order(void **state)
{
    (void)state;
    THEN(OP(LT, D, E), OP(LE, D, E), "n");
    THEN(OP(LT, D, E), OP(GT, E, D), "n");
    THEN(OP(LT, D, E), OP(NE, D, E), "n");
    THEN(OP(LT, D, E), OP(GE, D, E), "x");
    THEN(NOT(OP(LT, D, E)), OP(GE, D, E), "y");
    THEN(NOT(OP(LT, D, E)), OP(LT, D, E), "x");
    THEN(OP(NE, D, E), OP(EQ, D, E), "x");
    THEN(OP(LE, D, E), OP(EQ, D, D), "y");
    AROUND(NOT(OP(LT, D, E)), guard(t, NOT(OP(GT, D, E))), OP(EQ, D, E), "yy");
}

static void numbers_made_of_bools_tell_of_these(void **state)
{
    (void)state;
    THEN(OP(NE, ir_as(t->f, RF_IR_I64, B), I(0)), B, "n");
    THEN(OP(EQ, ir_as(t->f, RF_IR_I64, B), I(0)), B, "x");
    THEN(B, OP(EQ, ir_as(t->f, RF_IR_I64, B), I(1)), "n");
    THEN(B, OP(NE, ir_as(t->f, RF_IR_I64, B), I(1)), "x");
    THEN(OP(NE, ir_as(t->f, RF_IR_I64, B), I(5)), B, "y");
}

static rf_ir_place *assigned(fixture *t, uint8_t type, rf_ir_expr *value) /* to a variable of its own */
{
    rf_ir_place *p = rf_ir_variable_new(t->f, type, 0, "k");
    store(t, p, value);
    return p;
}

static void variables_are_what_they_were_assigned(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *first = assigned(t, RF_IR_BOOL, OP(LT, X, Y)), *sum = assigned(t, RF_IR_I64, OP(ADD, X, I(1)));
    guard(t, LOAD(first));
    guard(t, OP(GT, Y, X));
    guard(t, OP(NE, LOAD(sum), I(0)));
    rf_ir_place *again = assigned(t, RF_IR_BOOL, OP(NE, OP(ADD, X, I(1)), I(0)));
    guard(t, LOAD(again));
    assert_tests(t, "ynyn");
    start(t);
    rf_ir_place *negation = assigned(t, RF_IR_BOOL, NOT(B)), *both = assigned(t, RF_IR_BOOL, OP(BOTH, B, C));
    rf_ir_place *number = assigned(t, RF_IR_I64, ir_as(t->f, RF_IR_I64, B));
    guard(t, C);
    guard(t, B);
    guard(t, LOAD(both));
    guard(t, OP(NE, LOAD(number), I(0)));
    guard(t, LOAD(negation));
    assert_tests(t, "yynnx");
}

static void other_versions_are_tested(void **state)
{
    (void)state;
    AROUND(OP(LT, X, Y), store(t, t->x, OP(ADD, X, I(1))), OP(LT, X, Y), "y");
    AROUND(B, store(t, t->b, OP(LT, X, Y)), B, "y");
    AROUND(B, store(t, t->x, I(1)), B, "n");
}

/* ---- ways ---- */

static void the_other_way_has_the_opposite(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *yes = rf_ir_block_new(t->f), *no = rf_ir_block_new(t->f), *vain = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, X, Y), yes, no);
    rf_ir_return(t->f, yes, 0, ir_as(t->f, RF_IR_I64, OP(LT, X, Y)));
    rf_ir_branch(t->f, no, 0, OP(GE, X, Y), vain, yes);
    rf_ir_return(t->f, vain, 0, ir_as(t->f, RF_IR_I64, OP(LT, X, Y)));
    rf_ir_ssa(t->f);
    rf_ir_guards(t->f);
    assert_null(rf_ir_verify(t->f));
    assert_int_equal(no->last->kind, RF_IR_JUMP);
    assert_ptr_equal(no->last->yes, vain);
    assert_int_equal(vain->last->value->op, RF_IR_INT);
    assert_int_equal(vain->last->value->i, 0);
    assert_int_equal(yes->last->value->op, RF_IR_CAST); /* there by both when it was looked at */
    rf_ir_unit_release(&t->unit);
}

static void what_one_way_knows_the_join_does_not(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *left = rf_ir_block_new(t->f), *join = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, C, left, join);
    t->at = left;
    guard(t, OP(LT, X, Y));
    rf_ir_jump(t->f, t->at, 0, join);
    rf_ir_block *before = t->at = join;
    guard(t, OP(LT, X, Y));
    rf_ir_return(t->f, t->at, 0, X);
    rf_ir_ssa(t->f);
    rf_ir_guards(t->f);
    assert_int_equal(before->last->kind, RF_IR_GUARD);
    rf_ir_unit_release(&t->unit);
}

/* C: for (guard(y != 0); x < y; x++) { guard(y != 0); guard(x < y); guard(x != 0); x++; guard(x < y); } */
static void loops_know_what_does_not_change(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    guard(t, OP(NE, Y, I(0)));
    rf_ir_block *head = rf_ir_block_new(t->f), *body = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f), *at[4];
    rf_ir_jump(t->f, t->at, 0, head);
    rf_ir_branch(t->f, head, 0, OP(LT, X, Y), body, end);
    rf_ir_return(t->f, end, 0, X);
    t->at = at[0] = body;
    guard(t, OP(NE, Y, I(0)));
    at[1] = t->at;
    guard(t, OP(LT, X, Y));
    at[2] = t->at;
    guard(t, OP(NE, X, I(0)));
    store(t, t->x, OP(ADD, X, I(1)));
    at[3] = t->at;
    guard(t, OP(LT, X, Y));
    rf_ir_jump(t->f, t->at, 0, head);
    rf_ir_ssa(t->f);
    rf_ir_guards(t->f);
    assert_null(rf_ir_verify(t->f));
    const uint8_t expected[] = {RF_IR_JUMP, RF_IR_JUMP, RF_IR_GUARD, RF_IR_GUARD};
    for (size_t i = 0; i < RF_COUNT_OF(at); i++) assert_int_equal(at[i]->last->kind, expected[i]);
    rf_ir_unit_release(&t->unit);
}

static void add_checked(fixture *t, rf_ir_op op, rf_ir_expr *a, rf_ir_expr *b)
{
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_checked(t->f, t->at, 0, rf_ir_variable_new(t->f, RF_IR_I64, 0, "r"), op, a, b, next, t->exit);
    t->at = next;
}

static void sums_that_fitted_fit(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    add_checked(t, RF_IR_ADD, X, Y);
    add_checked(t, RF_IR_ADD, X, Y);
    add_checked(t, RF_IR_SUB, X, Y);
    add_checked(t, RF_IR_ADD, X, VALUE(z));
    assert_tests(t, "ynyy");
}

/* ---- memory ---- */

static void call(fixture *t) /* of what may change anything that it can find */
{
    ir_show(t->f, t->at, X);
}

static void show(fixture *t, rf_ir_place *place) /* its address, to what may keep it */
{
    rf_ir_expr *args[] = {VALUE(p), rf_ir_address_of(t->f, place)};
    rf_ir_eval(t->f, t->at, 0, rf_ir_call_outside(t->f, RF_FN(release), 2, args));
}

static rf_ir_expr *called(fixture *t)
{
    rf_ir_expr *args[] = {VALUE(p), VALUE(p)};
    return rf_ir_call_outside(t->f, RF_FN(same_text), 2, args);
}

static void guards_of_memory_are_known_while_it_stays(void **state)
{
    (void)state;
    THEN(OP(EQ, LOAD(HEAD(3)), I(2)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    THEN(OP(EQ, LOAD(HEAD(3)), I(2)), OP(EQ, LOAD(HEAD(4)), I(2)), "y");
    THEN(OP(EQ, LOAD(HEAD(3)), I(2)), OP(EQ, LOAD(FIELD(SLOT(3), AS_INT)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, t->x, I(1)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, HEAD(4), I(7)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, FIELD(SLOT(3), AS_INT), X), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, FIELD(rf_ir_element(t->f, VALUE(R), X), AS_INT), X), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, ARRAY(COUNT), rf_ir_int(t->f, RF_IR_I32, 1)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, HEAD(3), Y), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, FIELD(rf_ir_element(t->f, VALUE(R), X), HEAD), Y), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, SLOT(3), LOAD(SLOT(5))), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, MEMORY(8, I64), Y), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, FIELD(MEMORY(8, VALUE), HEAD), Y), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, MEMORY(8, U8), rf_ir_int(t->f, RF_IR_U8, 1)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), call(t), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    THEN(OP(BOTH, OP(EQ, LOAD(HEAD(3)), I(2)), OP(NE, called(t), I(0))), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, t->x, called(t)), OP(EQ, LOAD(HEAD(3)), I(2)), "y");
    AROUND(OP(NE, X, I(0)), store(t, t->b, OP(BOTH, OP(EQ, LOAD(HEAD(3)), I(2)), OP(NE, called(t), I(0)))),
           OP(BOTH, B, OP(EQ, LOAD(HEAD(3)), I(2))), "y");
    AROUND(OP(NE, X, I(0)), (store(t, t->b, OP(BOTH, OP(EQ, LOAD(HEAD(3)), I(2)), OP(NE, called(t), I(0)))), guard(t, B)),
           OP(EQ, LOAD(HEAD(3)), I(2)), "yy");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, t->R, rf_ir_param_value(t->f, 7)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
}

#define SIZE_IS_2 OP(EQ, LOAD(MEMORY(8, U32)), rf_ir_int(t->f, RF_IR_U32, 2))
#define INFO_IS_2 OP(EQ, LOAD(ARRAY(INFO)), rf_ir_int(t->f, RF_IR_U16, 2))

static rf_ir_place *element(fixture *t, uint8_t type, rf_ir_expr *index)
{
    return rf_ir_element(t->f, ir_as(t->f, (uint8_t)(type | RF_IR_TO), LOAD(ARRAY(DATA))), index);
}

static void headers_are_no_elements(void **state)
{
    (void)state;
    AROUND(INFO_IS_2, store(t, element(t, RF_IR_I64, X), Y), INFO_IS_2, "n");
    AROUND(INFO_IS_2, store(t, element(t, RF_IR_F64, X), D), INFO_IS_2, "n");
    AROUND(INFO_IS_2, store(t, HEAD(3), Y), INFO_IS_2, "n");
    AROUND(INFO_IS_2, store(t, ARRAY(LENGTH), rf_ir_int(t->f, RF_IR_U32, 2)), INFO_IS_2, "n");
    AROUND(INFO_IS_2, store(t, ARRAY(INFO), rf_ir_int(t->f, RF_IR_U16, 3)), INFO_IS_2, "x");
    AROUND(INFO_IS_2, store(t, MEMORY(6, U16), rf_ir_int(t->f, RF_IR_U16, 3)), INFO_IS_2, "y");
    AROUND(INFO_IS_2, store(t, MEMORY(0, I64), Y), INFO_IS_2, "y");
    AROUND(INFO_IS_2, call(t), INFO_IS_2, "y");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, element(t, RF_IR_F64, X), D), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, element(t, RF_IR_I64, X), Y), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(OP(EQ, LOAD(HEAD(3)), I(2)), store(t, element(t, RF_IR_U8, X), rf_ir_int(t->f, RF_IR_U8, 1)), OP(EQ, LOAD(HEAD(3)), I(2)), "n");
    AROUND(SIZE_IS_2, store(t, element(t, RF_IR_I64, X), Y), SIZE_IS_2, "n");
    AROUND(SIZE_IS_2, store(t, HEAD(3), Y), SIZE_IS_2, "n");
    AROUND(SIZE_IS_2, store(t, MEMORY(8, U32), rf_ir_int(t->f, RF_IR_U32, 3)), SIZE_IS_2, "x");
    AROUND(SIZE_IS_2, store(t, MEMORY(8, I64), Y), SIZE_IS_2, "y");
    AROUND(OP(EQ, LOAD(element(t, RF_IR_I64, I(1))), I(2)), store(t, element(t, RF_IR_I64, I(2)), Y),
           OP(EQ, LOAD(element(t, RF_IR_I64, I(1))), I(2)), "n");
    AROUND(OP(EQ, LOAD(element(t, RF_IR_I64, I(1))), I(2)), store(t, element(t, RF_IR_I64, X), Y),
           OP(EQ, LOAD(element(t, RF_IR_I64, I(1))), I(2)), "y");
}

static void parts_of_memory_lie_side_by_side(void **state)
{
    (void)state;
    AROUND(OP(EQ, LOAD(MEMORY(8, I64)), I(2)), store(t, MEMORY(16, I64), Y), OP(EQ, LOAD(MEMORY(8, I64)), I(2)), "n");
    AROUND(OP(EQ, LOAD(MEMORY(8, I64)), I(2)), store(t, MEMORY(0, I64), Y), OP(EQ, LOAD(MEMORY(8, I64)), I(2)), "n");
    AROUND(OP(EQ, LOAD(MEMORY(8, I64)), I(2)), store(t, MEMORY(4, I64), Y), OP(EQ, LOAD(MEMORY(8, I64)), I(2)), "y");
    AROUND(OP(EQ, LOAD(MEMORY(8, I64)), I(2)), store(t, MEMORY(0, VALUE), LOAD(SLOT(1))), OP(EQ, LOAD(MEMORY(8, I64)), I(2)), "y");
    AROUND(OP(EQ, LOAD(FIELD(MEMORY(0, VALUE), HEAD)), I(2)), store(t, FIELD(MEMORY(16, VALUE), HEAD), Y),
           OP(EQ, LOAD(FIELD(MEMORY(0, VALUE), HEAD)), I(2)), "n");
    AROUND(OP(EQ, LOAD(FIELD(MEMORY(0, VALUE), HEAD)), I(2)), store(t, FIELD(MEMORY(8, VALUE), HEAD), Y),
           OP(EQ, LOAD(FIELD(MEMORY(0, VALUE), HEAD)), I(2)), "y");
}

static void what_is_stored_is_there(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    store(t, HEAD(3), I(2));
    guard(t, OP(EQ, LOAD(HEAD(3)), I(2)));
    guard(t, OP(NE, LOAD(HEAD(3)), I(4)));
    store(t, FIELD(SLOT(3), AS_INT), X);
    guard(t, OP(LT, X, Y));
    guard(t, OP(LT, LOAD(FIELD(SLOT(3), AS_INT)), Y));
    store(t, FIELD(SLOT(3), AS_FLOAT), D);
    guard(t, OP(LT, LOAD(FIELD(SLOT(3), AS_INT)), Y));
    assert_tests(t, "nnyny");
}

static void own_memory_is_changed_by_what_knows_of_it(void **state)
{
    (void)state;
    AROUND(OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), call(t), OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), "n");
    AROUND(OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), store(t, HEAD(1), Y), OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), "n");
    AROUND(OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), store(t, FIELD(t->shown, HEAD), Y), OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), "n");
    AROUND(OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), store(t, FIELD(t->own, HEAD), Y), OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), "y");
    AROUND(OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), store(t, t->own, LOAD(SLOT(1))), OP(EQ, LOAD(FIELD(t->own, HEAD)), I(2)), "y");
    AROUND(OP(EQ, LOAD(FIELD(t->shown, HEAD)), I(2)), show(t, t->shown), OP(EQ, LOAD(FIELD(t->shown, HEAD)), I(2)), "y");
    AROUND((show(t, t->shown), OP(EQ, LOAD(FIELD(t->shown, HEAD)), I(2))), store(t, HEAD(1), Y),
           OP(EQ, LOAD(FIELD(t->shown, HEAD)), I(2)), "y");
}

static void joins_know_nothing_of_memory(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    guard(t, OP(EQ, LOAD(HEAD(3)), I(2)));
    rf_ir_block *left = rf_ir_block_new(t->f), *right = rf_ir_block_new(t->f), *join = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, C, left, right);
    t->at = left;
    store(t, HEAD(3), Y);
    rf_ir_jump(t->f, left, 0, join);
    t->at = right;
    guard(t, OP(EQ, LOAD(HEAD(3)), I(2)));
    rf_ir_jump(t->f, t->at, 0, join);
    t->at = join;
    guard(t, OP(EQ, LOAD(HEAD(3)), I(2)));
    rf_ir_return(t->f, t->at, 0, X);
    rf_ir_ssa(t->f);
    rf_ir_guards(t->f);
    assert_int_equal(right->last->kind, RF_IR_JUMP);
    assert_int_equal(join->last->kind, RF_IR_GUARD);
    rf_ir_unit_release(&t->unit);
}

/* C: context->guards++; if (--context->stress <= 0) leave; which count guards and have every so many fail. */
static void watched_guards_are_counted_and_fail(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    for (int i = 0; i < 2; i++) {
        store(t, MEMORY(64, I64), OP(ADD, LOAD(MEMORY(64, I64)), I(1)));
        store(t, MEMORY(72, I64), OP(SUB, LOAD(MEMORY(72, I64)), I(1)));
        guard(t, OP(GT, LOAD(MEMORY(72, I64)), I(0)));
        guard(t, OP(LT, X, Y));
    }
    const rf_ir_block *first = t->f->first;
    rf_ir_return(t->f, t->at, 0, X);
    rf_ir_ssa(t->f);
    rf_ir_guards(t->f);
    unsigned stores = 0, guards = 0;
    for (const rf_ir_block *b = first; b; b = b->last->yes) {
        for (const rf_ir_statement *s = b->first; s; s = s->next) stores += s->kind == RF_IR_ASSIGN && !s->version;
        guards += b->last->kind == RF_IR_GUARD;
    }
    assert_int_equal(stores, 4);
    assert_int_equal(guards, 3);
    rf_ir_unit_release(&t->unit);
}

/* ---- by chance ---- */

enum { CELLS = 2, MOST_BLOCKS = 48, MOST_TURNS = 20 };

typedef struct maker { /* of functions that test few things often */
    rf_ir_function *f;
    uint64_t state;
    rf_ir_place *ints[2], *floats[2], *flag, *turns, *sum, *cells, *value;
    rf_ir_block *blocks[MOST_BLOCKS], *exit;
    uint32_t at, count;
} maker;

static uint32_t below(maker *m, uint32_t limit)
{
    m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's MMIX */
    return (uint32_t)(m->state >> 33) % limit;
}

static rf_ir_place *cell(maker *m, rf_ir_expr *index)
{
    return rf_ir_element(m->f, rf_ir_address_of(m->f, m->cells), index);
}

static rf_ir_place *any_part(maker *m)
{
    switch (below(m, 5)) {
    case 0: return rf_ir_value_field(m->f, m->value, RF_IR_HEAD);
    case 1: return rf_ir_value_field(m->f, m->value, RF_IR_AS_INT);
    case 2: return cell(m, rf_ir_binary(m->f, RF_IR_AND, rf_ir_value_of(m->f, m->ints[0]), ir_i64(m->f, CELLS - 1)));
    default: return cell(m, ir_i64(m->f, below(m, CELLS)));
    }
}

static rf_ir_expr *any_int(maker *m)
{
    switch (below(m, 4)) {
    case 0: return ir_i64(m->f, below(m, 2));
    case 1: return rf_ir_value_of(m->f, any_part(m));
    default: return rf_ir_value_of(m->f, m->ints[below(m, 2)]);
    }
}

static rf_ir_expr *any_condition(maker *m)
{
    const rf_ir_op op = (rf_ir_op)(RF_IR_EQ + below(m, RF_IR_GE - RF_IR_EQ + 1));
    rf_ir_expr *first;
    switch (below(m, 10)) {
    case 0: return rf_ir_value_of(m->f, m->flag);
    case 1: return ir_not(m->f, any_condition(m));
    case 2:
        first = any_condition(m);
        return rf_ir_binary(m->f, below(m, 2) ? RF_IR_BOTH : RF_IR_EITHER, first, any_condition(m));
    case 3: return rf_ir_binary(m->f, op, ir_as(m->f, RF_IR_I64, rf_ir_value_of(m->f, m->flag)), ir_i64(m->f, below(m, 2)));
    case 4:
    case 5:
        return rf_ir_binary(m->f, op, rf_ir_value_of(m->f, m->floats[below(m, 2)]), rf_ir_value_of(m->f, m->floats[below(m, 2)]));
    default:
        first = any_int(m);
        return rf_ir_binary(m->f, op, first, any_int(m));
    }
}

static void any_statement(maker *m, rf_ir_block *b)
{
    rf_ir_place *to;
    switch (below(m, 8)) {
    case 0: rf_ir_assign(m->f, b, 0, m->ints[below(m, 2)], any_int(m)); break;
    case 1: rf_ir_assign(m->f, b, 0, m->flag, any_condition(m)); break;
    case 2: ir_show(m->f, b, any_int(m)); break;
    case 3: ir_show(m->f, b, ir_as(m->f, RF_IR_I64, any_condition(m))); break;
    default:
        to = any_part(m);
        rf_ir_assign(m->f, b, 0, to, any_int(m));
        break;
    }
}

static rf_ir_block *further(maker *m)
{
    return m->blocks[m->at + 1 + (below(m, 3) ? 0 : below(m, m->count - 1 - m->at))];
}

static void any_end(maker *m, rf_ir_block *b)
{
    rf_ir_block *yes = further(m), *no = further(m);
    rf_ir_expr *turns = rf_ir_value_of(m->f, m->turns), *condition;
    switch (below(m, 8)) {
    case 0: rf_ir_jump(m->f, b, 0, yes); break;
    case 1: rf_ir_checked(m->f, b, 0, m->sum, RF_IR_ADD, rf_ir_value_of(m->f, m->ints[0]), rf_ir_value_of(m->f, m->ints[1]), yes, m->exit); break;
    case 2: /* C: if (turns++ < most) go back */
        rf_ir_assign(m->f, b, 0, m->turns, rf_ir_binary(m->f, RF_IR_ADD, turns, ir_i64(m->f, 1)));
        condition = rf_ir_binary(m->f, RF_IR_LT, turns, ir_i64(m->f, MOST_TURNS));
        rf_ir_branch(m->f, b, 0, condition, m->blocks[m->at ? 1 + below(m, m->at) : 1], yes);
        break;
    case 3:
    case 4: rf_ir_branch(m->f, b, 0, any_condition(m), yes, no); break;
    default: rf_ir_guard(m->f, b, 0, any_condition(m), yes, m->exit); break;
    }
}

static void begin(maker *m, rf_ir_block *b)
{
    static const char *const names[] = {"x", "y"};
    for (unsigned i = 0; i < 2; i++) m->ints[i] = ir_given(m->f, b, RF_IR_I64, names[i]);
    m->floats[0] = ir_given(m->f, b, RF_IR_F64, "d");
    m->floats[1] = rf_ir_variable_new(m->f, RF_IR_F64, 0, "e");
    m->flag = rf_ir_variable_new(m->f, RF_IR_BOOL, 0, "flag");
    m->turns = rf_ir_variable_new(m->f, RF_IR_I64, 0, "turns");
    m->sum = rf_ir_variable_new(m->f, RF_IR_I64, 0, "sum");
    m->cells = rf_ir_variable_new(m->f, RF_IR_I64, CELLS, "cells");
    m->value = rf_ir_variable_new(m->f, RF_IR_VALUE, 0, "v");
    rf_ir_expr *d = rf_ir_value_of(m->f, m->floats[0]);
    rf_ir_assign(m->f, b, 0, m->floats[1], rf_ir_binary(m->f, RF_IR_DIV, d, d)); /* 1.0, or no number */
    rf_ir_assign(m->f, b, 0, m->flag, rf_ir_int(m->f, RF_IR_BOOL, 0));
    rf_ir_assign(m->f, b, 0, m->turns, ir_i64(m->f, 0));
    for (int i = 0; i < CELLS; i++) rf_ir_assign(m->f, b, 0, cell(m, ir_i64(m->f, i)), rf_ir_value_of(m->f, m->ints[i]));
    rf_ir_assign(m->f, b, 0, rf_ir_value_field(m->f, m->value, RF_IR_HEAD), ir_i64(m->f, 1));
    rf_ir_assign(m->f, b, 0, rf_ir_value_field(m->f, m->value, RF_IR_AS_INT), ir_i64(m->f, 0));
}

static rf_ir_function *make(rf_ir_unit *unit, uint64_t seed, uint32_t blocks)
{
    maker m = {.f = rf_ir_function_new(unit, "dense", RF_IR_I64), .state = seed, .count = blocks};
    for (uint32_t i = 0; i < m.count; i++) m.blocks[i] = rf_ir_block_new(m.f);
    m.exit = rf_ir_block_new(m.f);
    m.exit->is_exit = true;
    begin(&m, m.blocks[0]);
    for (; m.at + 1 < m.count; m.at++) {
        for (uint32_t i = below(&m, 3); i--;) any_statement(&m, m.blocks[m.at]);
        any_end(&m, m.blocks[m.at]);
    }
    ir_show(m.f, m.exit, rf_ir_value_of(m.f, m.ints[0]));
    rf_ir_return(m.f, m.exit, 0, rf_ir_value_of(m.f, m.ints[1]));
    rf_ir_return(m.f, m.blocks[m.at], 0, ir_as(m.f, RF_IR_I64, any_condition(&m)));
    return m.f;
}

static void random_functions_do_the_same(void **state)
{
    (void)state;
    ir_pass *const alone[] = {rf_ir_guards, NULL}, *const behind[] = {rf_ir_fold, rf_ir_guards, NULL};
    ir_pass *const all[] = {rf_ir_fold, rf_ir_guards, rf_ir_dead, rf_ir_fold, rf_ir_guards, rf_ir_dead, NULL};
    assert_in_range(assert_ir_chance(make, alone, 4000), 3000, 4000);
    assert_in_range(assert_ir_chance(make, behind, 4000), 1000, 4000);
    assert_ir_chance(make, all, 2000);
    assert_in_range(assert_ir_chance(ir_random_function, alone, 1000), 500, 1000);
    assert_ir_chance(ir_random_function, behind, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_and_its_opposite_are_known),
        cmocka_unit_test(what_follows_is_known),
        cmocka_unit_test(what_does_not_follow_is_tested),
        cmocka_unit_test(floats_may_have_no_order),
        cmocka_unit_test(numbers_made_of_bools_tell_of_these),
        cmocka_unit_test(variables_are_what_they_were_assigned),
        cmocka_unit_test(other_versions_are_tested),
        cmocka_unit_test(the_other_way_has_the_opposite),
        cmocka_unit_test(what_one_way_knows_the_join_does_not),
        cmocka_unit_test(loops_know_what_does_not_change),
        cmocka_unit_test(sums_that_fitted_fit),
        cmocka_unit_test(guards_of_memory_are_known_while_it_stays),
        cmocka_unit_test(headers_are_no_elements),
        cmocka_unit_test(parts_of_memory_lie_side_by_side),
        cmocka_unit_test(what_is_stored_is_there),
        cmocka_unit_test(own_memory_is_changed_by_what_knows_of_it),
        cmocka_unit_test(joins_know_nothing_of_memory),
        cmocka_unit_test(watched_guards_are_counted_and_fail),
        cmocka_unit_test(random_functions_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
