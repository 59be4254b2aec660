/* What gives the same in all turns of a loop is loaded before it. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"
#include "runtime/jitc/ir_random.h"

#include "base/base.h"

#include <string.h>

typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *at, *before, *header, *body, *out;
    rf_ir_place *p, *q, *x, *i, *j; /* p: values, q: numbers */
} fixture;

#define READ(place)   rf_ir_value_of(t->f, t->place)
#define I(n)          ir_i64(t->f, n)
#define SLOT(n, part) rf_ir_value_field(t->f, rf_ir_element(t->f, READ(p), I(n)), RF_IR_##part)
#define LOAD(place)   rf_ir_value_of(t->f, place)
#define OBJECT(n)     ir_as(t->f, RF_IR_OBJECT, LOAD(SLOT(n, AS_OBJECT)))
#define LENGTH(n)     ir_as(t->f, RF_IR_I64, LOAD(rf_ir_array_field(t->f, OBJECT(n), RF_IR_LENGTH)))
#define SIZE(n)       LOAD(rf_ir_memory(t->f, OBJECT(n), 12, RF_IR_U32))

/* C: for (i = 0; i < x; i++) body */
static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->before = rf_ir_block_new(t->f);
    t->header = rf_ir_block_new(t->f);
    t->body = t->at = rf_ir_block_new(t->f);
    t->out = rf_ir_block_new(t->f);
    t->p = ir_given(t->f, t->before, RF_IR_VALUES, "p");
    t->q = ir_given(t->f, t->before, RF_IR_I64 + RF_IR_TO, "q");
    t->x = ir_given(t->f, t->before, RF_IR_I64, "x");
    t->i = rf_ir_variable_new(t->f, RF_IR_I64, 0, "i");
    t->j = rf_ir_variable_new(t->f, RF_IR_I64, 0, "j");
    rf_ir_assign(t->f, t->before, 0, t->i, I(0));
    rf_ir_jump(t->f, t->before, 0, t->header);
    rf_ir_branch(t->f, t->header, 0, rf_ir_binary(t->f, RF_IR_LT, READ(i), READ(x)), t->body, t->out);
    rf_ir_return(t->f, t->out, 0, READ(i));
}

static void assign(fixture *t, rf_ir_place *to, rf_ir_expr *value)
{
    rf_ir_assign(t->f, t->at, 0, to, value);
}

static void guard(fixture *t, rf_ir_expr *condition)
{
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, condition, next, ir_exit(t->f, 1));
    t->at = next;
}

static void finish(fixture *t)
{
    assign(t, t->i, rf_ir_binary(t->f, RF_IR_ADD, READ(i), I(1)));
    rf_ir_jump(t->f, t->at, 0, t->header);
}

/* What moved stands before the loop, each line of `moved` as it prints; NULL: all stays. */
static void assert_moved(fixture *t, const char *moved)
{
    finish(t);
    if (!moved) {
        assert_ir_stays(t->f, rf_ir_invariants);
    } else {
        rf_ir_ssa(t->f);
        assert_null(rf_ir_verify(t->f));
        rf_ir_invariants(t->f);
        assert_null(rf_ir_verify(t->f));
        rf_buffer out = RF_BUFFER_INIT;
        rf_ir_print(t->f, &out);
        static const char start[] = "  i.1 = 0\n";
        char *lines = strstr(out.data, start) + strlen(start), *end = strstr(lines, "  jump to b1\n");
        *end = '\0';
        assert_string_equal(lines, moved);
        rf_buffer_release(&out);
    }
    rf_ir_unit_release(&t->unit);
}

#define LOOP(moved, ...)                                                                                               \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        __VA_ARGS__;                                                                                                   \
        assert_moved(t, moved);                                                                                        \
    } while (0)

static void the_function_prints_so(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    guard(t, rf_ir_binary(t->f, RF_IR_LT, READ(i), LENGTH(1)));
    finish(t);
    assert_ir_becomes(t->f, rf_ir_invariants,
                      "b0:\n"
                      "  p.1 = $0\n"
                      "  q.1 = $1\n"
                      "  x.1 = $2\n"
                      "  i.1 = 0\n"
                      "  same:5.1 = p.1[1].o\n"
                      "  same:6.1 = (same:5.1 as array*)->length\n"
                      "  jump to b1\n"
                      "b1: from b0 b4\n"
                      "  i.2 = phi i.1 b0, i.3 b4\n"
                      "  branch i.2 < x.1 to b2 else b3\n"
                      "b2: from b1\n"
                      "  guard i.2 < (same:6.1 as i64) to b4 else x5\n"
                      "b4: from b2\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b1\n"
                      "x5: from b2, exit 0 leaves\n"
                      "  return 1\n"
                      "b3: from b1\n"
                      "  return i.2\n");
    rf_ir_unit_release(&t->unit);
}

static void slots_move(void **state)
{
    (void)state;
    LOOP("  same.1 = p.1[1].i\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))));
    LOOP("  same:5.1 = p.1[1].i\n  same:6.1 = p.1[1].head\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, t->j, LOAD(SLOT(1, HEAD))));
    LOOP("  same.1 = p.1[1].i\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, t->j, LOAD(SLOT(1, AS_INT))));
    LOOP("  same.1 = p.1[1].i\n", guard(t, rf_ir_binary(t->f, RF_IR_EQ, READ(i), I(3))); assign(t, t->j, LOAD(SLOT(1, AS_INT))));
}

static void what_is_stored_stays(void **state)
{
    (void)state;
    LOOP(NULL, assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, SLOT(1, AS_INT), READ(i)));
    LOOP(NULL, assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, SLOT(1, AS_OBJECT), rf_ir_int(t->f, RF_IR_POINTER, 0)));
    LOOP(NULL, assign(t, t->j, LENGTH(1)); assign(t, SLOT(1, AS_INT), READ(i)));
    LOOP("  same.1 = p.1[1].i\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, SLOT(1, HEAD), I(3)));
    LOOP("  same.1 = p.1[1].i\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, SLOT(2, AS_INT), READ(i)));
    LOOP("  same.1 = p.1[1].o\n", assign(t, t->j, LENGTH(1));
         assign(t, rf_ir_array_field(t->f, OBJECT(1), RF_IR_LENGTH), rf_ir_int(t->f, RF_IR_U32, 0)));
    LOOP(NULL, assign(t, t->j, LOAD(rf_ir_element(t->f, READ(q), I(1)))); assign(t, rf_ir_element(t->f, READ(q), READ(i)), I(1)));
}

static void numbers_lie_over_no_values_and_headers(void **state)
{
    (void)state;
    LOOP("  same.1 = p.1[1].i\n", assign(t, t->j, LOAD(SLOT(1, AS_INT))); assign(t, rf_ir_element(t->f, READ(q), READ(i)), I(1)));
    LOOP("  same:5.1 = p.1[1].o\n  same:6.1 = *(u32 *)((same:5.1 as array*) + 12)\n", assign(t, t->j, ir_as(t->f, RF_IR_I64, SIZE(1)));
         assign(t, rf_ir_element(t->f, READ(q), READ(i)), I(1)));
    LOOP("  same:5.1 = p.1[1].o\n  same:6.1 = *(u32 *)((same:5.1 as array*) + 12)\n", assign(t, t->j, ir_as(t->f, RF_IR_I64, SIZE(1)));
         assign(t, SLOT(2, AS_INT), I(1)));
    LOOP("  same.1 = q.1[1]\n", assign(t, t->j, LOAD(rf_ir_element(t->f, READ(q), I(1)))); assign(t, SLOT(2, AS_INT), I(1)));
    LOOP("  same.1 = p.1[1].o\n", assign(t, t->j, ir_as(t->f, RF_IR_I64, SIZE(1)));
         assign(t, rf_ir_memory(t->f, OBJECT(1), 12, RF_IR_U32), rf_ir_int(t->f, RF_IR_U32, 1)));
    LOOP("  same.1 = p.1[1].o\n", assign(t, t->j, LOAD(rf_ir_memory(t->f, OBJECT(1), 16, RF_IR_I64))); assign(t, SLOT(2, AS_INT), I(1)));
}

/* A guard tells that there is an object: what is in its header is not loaded before. */
static void headers_stay_behind_guards(void **state)
{
    (void)state;
    LOOP("  same:5.1 = p.1[1].head\n  same:6.1 = p.1[1].o\n", guard(t, rf_ir_binary(t->f, RF_IR_EQ, LOAD(SLOT(1, HEAD)), I(8)));
         assign(t, t->j, LENGTH(1)));
    LOOP("  same:5.1 = p.1[1].o\n  same:6.1 = (same:5.1 as array*)->length\n",
         guard(t, rf_ir_binary(t->f, RF_IR_LT, READ(i), LENGTH(1))); assign(t, t->j, LENGTH(1)));
    LOOP("  same.1 = q.1[1]\n", assign(t, t->j, LOAD(rf_ir_element(t->f, READ(q), I(1)))));
    LOOP("  same:5.1 = p.1[1].o\n  same:6.1 = (same:5.1 as array*)->data\n",
         assign(t, t->j, LOAD(rf_ir_element(t->f, ir_as(t->f, RF_IR_I64 + RF_IR_TO, LOAD(rf_ir_array_field(t->f, OBJECT(1), RF_IR_DATA))), I(0)))));
}

static void what_calls_moves_nothing(void **state)
{
    (void)state;
    LOOP(NULL, assign(t, t->j, LOAD(SLOT(1, AS_INT))); ir_show(t->f, t->at, READ(i)));
}

static void what_not_each_turn_loads_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *yes = rf_ir_block_new(t->f), *join = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, rf_ir_binary(t->f, RF_IR_EQ, READ(i), I(2)), yes, join);
    rf_ir_assign(t->f, yes, 0, t->j, LOAD(SLOT(1, AS_INT)));
    rf_ir_jump(t->f, yes, 0, join);
    t->at = join;
    assert_moved(t, NULL);
}

static void loops_with_two_entries_stay(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *first = rf_ir_block_new(t->f), *other = rf_ir_block_new(t->f);
    rf_ir_statement *jump = t->before->last;
    jump->kind = RF_IR_BRANCH;
    jump->value = rf_ir_binary(t->f, RF_IR_EQ, READ(x), I(2));
    jump->yes = first;
    jump->no = other;
    rf_ir_jump(t->f, first, 0, t->header);
    rf_ir_jump(t->f, other, 0, t->header);
    assign(t, t->j, LOAD(SLOT(1, AS_INT)));
    assert_moved(t, NULL);
}

/* Out of the inner loop, and then out of the outer one. */
static void loads_move_out_of_all_loops(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *header = rf_ir_block_new(t->f), *body = rf_ir_block_new(t->f), *out = rf_ir_block_new(t->f);
    assign(t, t->j, I(0));
    rf_ir_jump(t->f, t->at, 0, header);
    rf_ir_branch(t->f, header, 0, rf_ir_binary(t->f, RF_IR_LT, READ(j), READ(x)), body, out);
    rf_ir_assign(t->f, body, 0, t->j, rf_ir_binary(t->f, RF_IR_ADD, READ(j), LENGTH(1)));
    rf_ir_jump(t->f, body, 0, header);
    t->at = out;
    finish(t);
    assert_ir_becomes(t->f, rf_ir_invariants,
                      "b0:\n"
                      "  p.1 = $0\n"
                      "  q.1 = $1\n"
                      "  x.1 = $2\n"
                      "  i.1 = 0\n"
                      "  same:7.1 = p.1[1].o\n"
                      "  same:8.1 = (same:7.1 as array*)->length\n"
                      "  jump to b1\n"
                      "b1: from b0 b6\n"
                      "  i.2 = phi i.1 b0, i.3 b6\n"
                      "  branch i.2 < x.1 to b2 else b3\n"
                      "b2: from b1\n"
                      "  j.1 = 0\n"
                      "  same:5.1 = same:7.1\n"
                      "  same:6.1 = same:8.1\n"
                      "  jump to b4\n"
                      "b4: from b2 b5\n"
                      "  j.2 = phi j.1 b2, j.3 b5\n"
                      "  branch j.2 < x.1 to b5 else b6\n"
                      "b5: from b4\n"
                      "  j.3 = j.2 + (same:6.1 as i64)\n"
                      "  jump to b4\n"
                      "b6: from b4\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b1\n"
                      "b3: from b1\n"
                      "  return i.2\n");
    rf_ir_unit_release(&t->unit);
}

static void random_functions_do_the_same(void **state)
{
    (void)state;
    ir_pass *const alone[] = {rf_ir_invariants, NULL}, *const behind[] = {rf_ir_fold, rf_ir_guards, rf_ir_invariants, NULL};
    ir_pass *const all[] = {rf_ir_fold, rf_ir_guards, rf_ir_invariants, rf_ir_ranges, rf_ir_sink, rf_ir_dead, NULL};
    assert_in_range(assert_ir_chance(ir_random_function, alone, 3000), 100, 3000);
    assert_in_range(assert_ir_chance(ir_random_function, behind, 3000), 50, 3000);
    assert_ir_chance(ir_random_function, all, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_function_prints_so),
        cmocka_unit_test(slots_move),
        cmocka_unit_test(what_is_stored_stays),
        cmocka_unit_test(numbers_lie_over_no_values_and_headers),
        cmocka_unit_test(headers_stay_behind_guards),
        cmocka_unit_test(what_calls_moves_nothing),
        cmocka_unit_test(what_not_each_turn_loads_stays),
        cmocka_unit_test(loops_with_two_entries_stay),
        cmocka_unit_test(loads_move_out_of_all_loops),
        cmocka_unit_test(random_functions_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
