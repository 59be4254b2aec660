/* What nobody needs. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"
#include "runtime/jitc/ir_random.h"

typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *first;
    rf_ir_place *x, *p, *a, *n;
} fixture;

static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->first = rf_ir_block_new(t->f);
    t->x = ir_given(t->f, t->first, RF_IR_I64, "x");
    t->p = ir_given(t->f, t->first, RF_IR_POINTER, "p");
    t->a = rf_ir_variable_new(t->f, RF_IR_I64, 0, "a");
    t->n = rf_ir_variable_new(t->f, RF_IR_I64, 0, "n");
}

#define VALUE(place) rf_ir_value_of(t->f, t->place)
#define X            VALUE(x)
#define I(n)         ir_i64(t->f, n)
#define OP(op, a, b) rf_ir_binary(t->f, RF_IR_##op, a, b)
#define LOAD(at)     rf_ir_value_of(t->f, rf_ir_memory(t->f, VALUE(p), at, RF_IR_I64))

static void assign(fixture *t, rf_ir_block *b, rf_ir_place *to, rf_ir_expr *e)
{
    rf_ir_assign(t->f, b, 0, to, e);
}

static rf_ir_expr *called(fixture *t, rf_ir_function_name name)
{
    rf_ir_expr *texts[] = {VALUE(p), VALUE(p)}, *number = rf_ir_float(t->f, 2.0);
    return name == RF_FN_sqrt ? rf_ir_call_outside(t->f, RF_FN(sqrt), 1, &number)
                              : rf_ir_call_outside(t->f, RF_FN(same_text), 2, texts);
}

static void finish(fixture *t, const char *expected)
{
    assert_ir_becomes(t->f, rf_ir_dead, expected);
    rf_ir_unit_release(&t->unit);
}

/* ---- statements ---- */

static void assignments_that_nothing_reads_vanish(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->first, t->a, OP(ADD, X, I(1)));
    assign(t, t->first, t->n, OP(MUL, VALUE(a), I(3))); /* needs a, and is not needed itself */
    assign(t, t->first, t->a, LOAD(8));
    assign(t, t->first, t->a, I(5));
    rf_ir_return(t->f, t->first, 0, OP(ADD, VALUE(a), I(1)));
    finish(t, "b0:\n  a.1 = 5\n  return a.1 + 1\n");
}

static void what_shows_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->first, t->a, OP(ADD, X, I(1)));
    assign(t, t->first, rf_ir_memory(t->f, VALUE(p), 8, RF_IR_I64), VALUE(a));
    assign(t, t->first, t->n, I(3));
    ir_show(t->f, t->first, VALUE(n));
    assign(t, t->first, t->n, I(4));
    rf_ir_block *next = rf_ir_block_new(t->f), *exit = ir_exit(t->f, -1);
    rf_ir_guard(t->f, t->first, 0, OP(LT, VALUE(n), I(5)), next, exit);
    rf_ir_return(t->f, next, 0, I(0));
    finish(t, "b0:\n  x.1 = $0\n  p.1 = $1\n  a.1 = x.1 + 1\n  *(i64 *)(p.1 + 8) = a.1\n  n.1 = 3\n"
              "  rf_native_deopt_self(0:pointer, n.1, 0)\n  n.2 = 4\n  guard n.2 < 5 to b1 else x2\nb1: from b0\n  return 0\n"
              "x2: from b0, exit 0 leaves\n  return -1\n");
}

static void calls_that_do_something_stay_without_their_results(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_place *d, *b;
    start(t);
    d = rf_ir_variable_new(t->f, RF_IR_F64, 0, "d");
    b = rf_ir_variable_new(t->f, RF_IR_BOOL, 0, "b");
    assign(t, t->first, t->a, called(t, RF_FN_same_text));
    assign(t, t->first, b, OP(NE, OP(ADD, I(1), called(t, RF_FN_same_text)), X));
    assign(t, t->first, t->a, OP(ADD, called(t, RF_FN_same_text), called(t, RF_FN_same_text)));
    assign(t, t->first, d, called(t, RF_FN_sqrt));
    rf_ir_eval(t->f, t->first, 0, called(t, RF_FN_sqrt));
    rf_ir_return(t->f, t->first, 0, I(0));
    finish(t, "b0:\n  p.1 = $1\n  rf_native_same_text(p.1, p.1)\n  rf_native_same_text(p.1, p.1)\n"
              "  a.1 = rf_native_same_text(p.1, p.1) + rf_native_same_text(p.1, p.1)\n  return 0\n");
}

static void checked_sums_stay_since_they_may_leave(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *next = rf_ir_block_new(t->f), *exit = ir_exit(t->f, -1);
    rf_ir_checked(t->f, t->first, 0, t->a, RF_IR_ADD, X, I(1), next, exit);
    rf_ir_return(t->f, next, 0, I(0));
    finish(t, "b0:\n  x.1 = $0\n  a.1 = checked x.1 + 1 to b1 else x2\nb1: from b0\n  return 0\n"
              "x2: from b0, exit 0 leaves\n  return -1\n");
}

/* C: for (n = 0, a = 1; n < x; n++) a = a + n; where nothing reads a */
static void what_only_loops_read_for_itself_vanishes(void **state)
{
    (void)state;
    for (int is_returned = 0; is_returned < 2; is_returned++) {
        fixture fixture_, *t = &fixture_;
        start(t);
        rf_ir_block *head = rf_ir_block_new(t->f), *body = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f);
        assign(t, t->first, t->n, I(0));
        assign(t, t->first, t->a, I(1));
        rf_ir_jump(t->f, t->first, 0, head);
        rf_ir_branch(t->f, head, 0, OP(LT, VALUE(n), X), body, end);
        assign(t, body, t->a, OP(ADD, VALUE(a), VALUE(n)));
        assign(t, body, t->n, OP(ADD, VALUE(n), I(1)));
        rf_ir_jump(t->f, body, 0, head);
        rf_ir_return(t->f, end, 0, is_returned ? VALUE(a) : VALUE(n));
        finish(t, is_returned ? "b0:\n  x.1 = $0\n  n.1 = 0\n  a.1 = 1\n  jump to b1\nb1: from b0 b2\n  a.2 = phi a.1 b0, a.3 b2\n"
                                "  n.2 = phi n.1 b0, n.3 b2\n  branch n.2 < x.1 to b2 else b3\nb2: from b1\n  a.3 = a.2 + n.2\n"
                                "  n.3 = n.2 + 1\n  jump to b1\nb3: from b1\n  return a.2\n"
                              : "b0:\n  x.1 = $0\n  n.1 = 0\n  jump to b1\nb1: from b0 b2\n  n.2 = phi n.1 b0, n.3 b2\n"
                                "  branch n.2 < x.1 to b2 else b3\nb2: from b1\n  n.3 = n.2 + 1\n  jump to b1\nb3: from b1\n"
                                "  return n.2\n");
    }
}

/* ---- blocks that only jump on ---- */

enum { MOST_LINKS = 4 };

/* first: branch x < 1 to the first of a chain of jumps else to the end */
static rf_ir_block *start_chain(fixture *t, rf_ir_block **links, uint32_t count)
{
    start(t);
    for (uint32_t i = 0; i < count; i++) links[i] = rf_ir_block_new(t->f);
    rf_ir_block *end = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->first, 0, OP(LT, X, I(1)), links[0], end);
    return end;
}

static void jumps_to_jumps_are_one(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_block *links[MOST_LINKS], *end = start_chain(t, links, 3);
    rf_ir_jump(t->f, links[0], 0, links[2]);
    rf_ir_jump(t->f, links[2], 0, links[1]);
    rf_ir_jump(t->f, links[1], 0, end);
    ir_show(t->f, end, I(1));
    rf_ir_return(t->f, end, 0, X);
    finish(t, "b0:\n  x.1 = $0\n  rf_native_deopt_self(0:pointer, 1, 0)\n  return x.1\n");
}

static void blocks_emptied_by_it_are_skipped(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_block *links[MOST_LINKS], *end = start_chain(t, links, 1);
    assign(t, links[0], t->a, OP(ADD, X, I(1)));
    rf_ir_jump(t->f, links[0], 0, end);
    rf_ir_return(t->f, end, 0, X);
    finish(t, "b0:\n  x.1 = $0\n  return x.1\n");
}

static void ways_that_phis_tell_apart_stay(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_block *links[MOST_LINKS], *end = start_chain(t, links, 2);
    assign(t, links[0], t->x, I(7));
    rf_ir_jump(t->f, links[0], 0, links[1]);
    rf_ir_jump(t->f, links[1], 0, end);
    rf_ir_return(t->f, end, 0, X);
    finish(t, "b0:\n  x.1 = $0\n  branch x.1 < 1 to b1 else b3\nb1: from b0\n  x.2 = 7\n  jump to b3\n"
              "b3: from b0 b1\n  x.3 = phi x.1 b0, x.2 b1\n  return x.3\n");
}

static void exits_stay_where_they_are(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *exit = rf_ir_block_new(t->f), *rest = rf_ir_block_new(t->f), *leave = rf_ir_block_new(t->f);
    rf_ir_block *next = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f), *other = ir_exit(t->f, -2);
    exit->is_exit = true;
    rf_ir_guard(t->f, t->first, 0, OP(LT, X, I(1)), next, exit);
    rf_ir_jump(t->f, exit, 0, rest);
    rf_ir_return(t->f, rest, 0, I(-1));
    rf_ir_branch(t->f, next, 0, OP(LT, X, I(0)), leave, end);
    rf_ir_jump(t->f, leave, 0, other);
    rf_ir_return(t->f, end, 0, X);
    finish(t, "b0:\n  x.1 = $0\n  guard x.1 < 1 to b4 else x1\nb4: from b0\n  branch x.1 < 0 to x6 else b5\nx6: from b4, exit 0 leaves\n"
              "  return -2\nb5: from b4\n  return x.1\n"
              "x1: from b0, exit 0 leaves\n  return -1\n");
}

static void a_block_that_one_jump_leads_to_stands_behind_it(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *next = rf_ir_block_new(t->f), *other = rf_ir_block_new(t->f), *twice = rf_ir_block_new(t->f), *exit = ir_exit(t->f, -1);
    rf_ir_block *left = rf_ir_block_new(t->f), *right = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->first, 0, next);
    rf_ir_checked(t->f, next, 0, t->a, RF_IR_ADD, X, I(1), other, exit);
    rf_ir_branch(t->f, other, 0, OP(LT, VALUE(a), I(9)), left, right);
    ir_show(t->f, left, I(1));
    rf_ir_jump(t->f, left, 0, twice);
    rf_ir_guard(t->f, right, 0, OP(LT, X, I(3)), twice, exit);
    rf_ir_return(t->f, twice, 0, X);
    finish(t, "b0:\n  x.1 = $0\n  a.1 = checked x.1 + 1 to b2 else x4\nb2: from b0\n  branch a.1 < 9 to b5 else b6\nb5: from b2\n"
              "  rf_native_deopt_self(0:pointer, 1, 0)\n  jump to b3\nb6: from b2\n  guard x.1 < 3 to b3 else x4\nb3: from b5 b6\n"
              "  return x.1\nx4: from b0 b6, exit 0 leaves\n  return -1\n");
    start(t);
    rf_ir_jump(t->f, t->first, 0, ir_exit(t->f, -1));
    finish(t, "b0:\n  jump to x1\nx1: from b0, exit 0 leaves\n  return -1\n");
}

static void circles_of_jumps_end_the_search(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_block *links[MOST_LINKS], *end = start_chain(t, links, 3);
    rf_ir_jump(t->f, links[0], 0, links[1]);
    rf_ir_jump(t->f, links[1], 0, links[2]);
    rf_ir_jump(t->f, links[2], 0, links[0]);
    rf_ir_return(t->f, end, 0, X);
    rf_ir_ssa(t->f);
    rf_ir_dead(t->f);
    assert_null(rf_ir_verify(t->f));
    const rf_ir_block *b = t->f->first->last->yes;
    for (int i = 0; i < 10; i++) { /* it turns, wherever it does */
        assert_int_equal(b->first->kind, RF_IR_JUMP);
        b = b->first->yes;
    }
    rf_ir_unit_release(&t->unit);
}

/* ---- by chance ---- */

static void random_functions_do_the_same(void **state)
{
    (void)state;
    ir_pass *const once[] = {rf_ir_dead, NULL}, *const again[] = {rf_ir_dead, rf_ir_dead, NULL};
    ir_pass *const behind[] = {rf_ir_fold, rf_ir_dead, NULL};
    assert_in_range(assert_ir_chance(ir_random_function, once, 2000), 1800, 2000);
    assert_in_range(assert_ir_chance(ir_random_function, behind, 2000), 1800, 2000);
    assert_int_equal(assert_ir_chance(ir_random_function, again, 500), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignments_that_nothing_reads_vanish),
        cmocka_unit_test(what_shows_stays),
        cmocka_unit_test(calls_that_do_something_stay_without_their_results),
        cmocka_unit_test(checked_sums_stay_since_they_may_leave),
        cmocka_unit_test(what_only_loops_read_for_itself_vanishes),
        cmocka_unit_test(jumps_to_jumps_are_one),
        cmocka_unit_test(blocks_emptied_by_it_are_skipped),
        cmocka_unit_test(ways_that_phis_tell_apart_stay),
        cmocka_unit_test(exits_stay_where_they_are),
        cmocka_unit_test(a_block_that_one_jump_leads_to_stands_behind_it),
        cmocka_unit_test(circles_of_jumps_end_the_search),
        cmocka_unit_test(random_functions_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
