/* Loops over ranges that run up to a limit, and what they index within it. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"

#include "base/alloc.h"
#include "base/base.h"
#include "runtime/jitc/ir_assert.h"
#include "runtime/jitc/ir_eval.h"
#include "value/array.h"

#include <stdio.h>
#include <string.h>

enum { AT_RANGE = 7, AT_BOUND = 9 }; /* pc of exits */

/* C: n = o->length, m = q->length; end = limit = next + count; while (next < limit) { i = next++; the turn; show(i); }
 * if (next < end) leave; return next; */
typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *at, *header, *out, *more, *behind, *at_bound, *at_range;
    rf_ir_place *first, *count, *o, *q, *r, *next, *end, *limit, *n, *m, *i, *j;
} fixture;

#define READ(place)  rf_ir_value_of(t->f, t->place)
#define I(n)         ir_i64(t->f, n)
#define OP(op, a, b) rf_ir_binary(t->f, RF_IR_##op, a, b)
#define U64(a)       ir_as(t->f, RF_IR_U64, a)
#define LENGTH(of)   ir_as(t->f, RF_IR_I64, rf_ir_value_of(t->f, rf_ir_array_field(t->f, READ(of), RF_IR_LENGTH)))

static void assign(fixture *t, rf_ir_place *to, rf_ir_expr *value)
{
    rf_ir_assign(t->f, t->at, 0, to, value);
}

static rf_ir_block *leaving(fixture *t, uint32_t pc, rf_ir_place *result)
{
    rf_ir_block *b = rf_ir_block_new(t->f);
    b->is_exit = true;
    b->exit_pc = pc;
    rf_ir_return(t->f, b, 0, rf_ir_value_of(t->f, result));
    return b;
}

static rf_ir_place *number(fixture *t, const char *name)
{
    return rf_ir_variable_new(t->f, RF_IR_I64, 0, name);
}

static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->at = rf_ir_block_new(t->f);
    t->first = ir_given(t->f, t->at, RF_IR_I64, "first");
    t->count = ir_given(t->f, t->at, RF_IR_I64, "count");
    t->o = ir_given(t->f, t->at, RF_IR_OBJECT, "o");
    t->q = ir_given(t->f, t->at, RF_IR_OBJECT, "q");
    t->r = ir_given(t->f, t->at, RF_IR_I64, "r");
    t->next = number(t, "next"), t->end = number(t, "end"), t->limit = number(t, "limit");
    t->n = number(t, "n"), t->m = number(t, "m"), t->i = number(t, "i"), t->j = number(t, "j");
    t->header = rf_ir_block_new(t->f), t->more = rf_ir_block_new(t->f), t->out = rf_ir_block_new(t->f), t->behind = rf_ir_block_new(t->f);
    t->at_bound = leaving(t, AT_BOUND, t->i);
    t->at_range = leaving(t, AT_RANGE, t->next);
    assign(t, t->n, LENGTH(o));
    assign(t, t->m, LENGTH(q));
    assign(t, t->next, READ(first));
    assign(t, t->j, I(0));
}

static void find_limit(fixture *t)
{
    assign(t, t->end, OP(ADD, READ(next), READ(count)));
    assign(t, t->limit, READ(end));
}

/* Into the loop; what follows is the turn. */
static void loop(fixture *t)
{
    rf_ir_jump(t->f, t->at, 0, t->header);
    rf_ir_branch(t->f, t->header, 0, OP(LT, READ(next), READ(limit)), t->more, t->out);
    rf_ir_guard(t->f, t->out, 0, OP(GE, READ(next), READ(end)), t->behind, t->at_range);
    rf_ir_return(t->f, t->behind, 0, READ(next));
    t->at = t->more;
    assign(t, t->i, READ(next));
    assign(t, t->next, OP(ADD, READ(i), I(1)));
}

static void start_loop(fixture *t)
{
    start(t);
    find_limit(t);
    loop(t);
}

static void guard(fixture *t, rf_ir_expr *condition)
{
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, condition, next, t->at_bound);
    t->at = next;
}

static void bound(fixture *t, rf_ir_expr *index, rf_ir_expr *length)
{
    guard(t, OP(LT, U64(index), U64(length)));
}

static void bound_with(fixture *t, int64_t added, rf_ir_expr *length)
{
    assign(t, t->j, OP(ADD, READ(i), I(added)));
    bound(t, READ(j), length);
}

static void go_round(fixture *t)
{
    ir_show(t->f, t->at, READ(i));
    rf_ir_jump(t->f, t->at, 0, t->header);
}

static void run_pass(fixture *t)
{
    rf_ir_ssa(t->f);
    assert_ir_sound(t->f);
    rf_ir_limits(t->f);
    assert_ir_sound(t->f);
}

static unsigned count_bounds(const rf_ir_function *f)
{
    unsigned bounds = 0;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        const rf_ir_statement *s = f->reached[i]->last;
        bounds += s->kind == RF_IR_GUARD && s->no->exit_pc == AT_BOUND;
    }
    return bounds;
}

/* The loop goes round; the limit is found so, and so many tests of bounds are left. */
static void assert_limit(fixture *t, const char *expected, unsigned bounds)
{
    go_round(t);
    run_pass(t);
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(t->f, &out);
    const char *limit = strstr(out.data, "  limit.1 = ") + strlen("  limit.1 = ");
    const size_t length = strcspn(limit, "\n");
    if (length != strlen(expected) || memcmp(limit, expected, length) != 0) {
        print_message("%s", out.data);
        fail_msg("not limit.1 = %s", expected);
    }
    rf_buffer_release(&out);
    assert_int_equal(count_bounds(t->f), bounds);
    rf_ir_unit_release(&t->unit);
}

static void assert_stays(fixture *t)
{
    go_round(t);
    assert_ir_stays(t->f, rf_ir_limits);
    rf_ir_unit_release(&t->unit);
}


/* ---- limits ---- */

static void the_function_prints_so(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->next, I(0));
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    go_round(t);
    assert_ir_becomes(t->f, rf_ir_limits,
                      "b0:\n"
                      "  first.1 = $0\n"
                      "  count.1 = $1\n"
                      "  o.1 = $2\n"
                      "  q.1 = $3\n"
                      "  r.1 = $4\n"
                      "  n.1 = o.1->length as i64\n"
                      "  m.1 = q.1->length as i64\n"
                      "  next.1 = first.1\n"
                      "  j.1 = 0\n"
                      "  next.2 = 0\n"
                      "  end.1 = next.2 + count.1\n"
                      "  limit.1 = end.1 min n.1\n"
                      "  jump to b1\n"
                      "b1: from b0 b7\n"
                      "  next.3 = phi next.2 b0, next.4 b7\n"
                      "  branch next.3 < limit.1 to b2 else b3\n"
                      "b2: from b1\n"
                      "  i.1 = next.3\n"
                      "  next.4 = i.1 + 1\n"
                      "  jump to b7\n"
                      "b7: from b2\n"
                      "  rf_native_deopt_self(0:pointer, i.1, 0)\n"
                      "  jump to b1\n"
                      "b3: from b1\n"
                      "  guard next.3 >= end.1 to b4 else x6\n"
                      "b4: from b3\n"
                      "  return next.3\n"
                      "x6: from b3, exit 7 leaves\n"
                      "  return next.3\n");
    rf_ir_unit_release(&t->unit);
}

static void a_start_that_may_be_negative_is_looked_at_once(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(i), READ(n));
    assert_limit(t, "(end.1 min n.1) min ((((next.1 as u64) >> 63:u64) + 9223372036854775807:u64) as i64)", 0);
}

static void a_start_known_is_not(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->next, I(1));
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_limit(t, "end.1 min n.1", 0);

    start(t);
    assign(t, t->next, I(-1));
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_limit(t, "(end.1 min n.1) min ((((next.2 as u64) >> 63:u64) + 9223372036854775807:u64) as i64)", 0);
}

#define FROM_0 " min ((((next.1 as u64) >> 63:u64) + 9223372036854775807:u64) as i64)"

static void each_length_gives_one_limit(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(i), READ(n));
    bound(t, READ(i), READ(m));
    bound(t, READ(i), READ(n));
    assert_limit(t, "((end.1 min n.1) min m.1)" FROM_0, 0);
}

static void what_is_added_to_the_number_counts(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound_with(t, 3, READ(n));
    assert_limit(t, "(end.1 min (n.1 - 3))" FROM_0, 0);

    start_loop(t); /* the most of them */
    bound_with(t, 1, READ(n));
    bound_with(t, 4, READ(n));
    bound_with(t, 2, READ(n));
    bound_with(t, 1, READ(m));
    assert_limit(t, "((end.1 min (n.1 - 4)) min (m.1 - 1))" FROM_0, 0);

    start_loop(t); /* in steps */
    bound_with(t, 1, READ(n));
    assign(t, t->j, OP(ADD, READ(j), I(5)));
    bound(t, READ(j), READ(n));
    assert_limit(t, "(end.1 min (n.1 - 6))" FROM_0, 0);

    start_loop(t); /* next itself is one more */
    bound(t, READ(next), READ(n));
    assert_limit(t, "(end.1 min (n.1 - 1))" FROM_0, 0);
}

static void what_is_added_may_be_checked(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_checked(t->f, t->at, 0, t->j, RF_IR_ADD, READ(i), I(2), next, t->at_range);
    t->at = next;
    bound(t, READ(j), READ(n));
    assert_limit(t, "(end.1 min (n.1 - 2))" FROM_0, 0);
}

static void a_length_may_come_by_ways_that_meet(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(r), I(0)), other, met);
    t->at = other;
    assign(t, t->n, LENGTH(q));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_limit(t, "(end.1 min n.3)" FROM_0, 0);
}

static void each_turn_may_come_by_ways_that_meet_again(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), other, met);
    rf_ir_jump(t->f, other, 0, met);
    t->at = met;
    bound(t, READ(i), READ(n));
    assert_limit(t, "(end.1 min n.1)" FROM_0, 0);
}

static void each_of_nested_loops_has_its_own(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(i), READ(n));
    rf_ir_place *next = number(t, "next2"), *end = number(t, "end2"), *limit = number(t, "limit2"), *i = number(t, "i2");
    rf_ir_block *header = rf_ir_block_new(t->f), *more = rf_ir_block_new(t->f), *out = rf_ir_block_new(t->f), *behind = rf_ir_block_new(t->f);
#define OF(p) rf_ir_value_of(t->f, p)
    assign(t, next, I(0));
    assign(t, end, OP(ADD, OF(next), READ(count)));
    assign(t, limit, OF(end));
    rf_ir_jump(t->f, t->at, 0, header);
    rf_ir_branch(t->f, header, 0, OP(LT, OF(next), OF(limit)), more, out);
    rf_ir_guard(t->f, out, 0, OP(GE, OF(next), OF(end)), behind, leaving(t, AT_RANGE, next));
    t->at = more;
    assign(t, i, OF(next));
    assign(t, next, OP(ADD, OF(i), I(1)));
    bound(t, OF(i), READ(m));
    bound(t, READ(i), READ(m)); /* not in each turn of the outer one */
    rf_ir_jump(t->f, t->at, 0, header);
    t->at = behind;
#undef OF
    assert_limit(t, "(end.1 min n.1)" FROM_0, 1);
}

static void lengths_beyond_the_most_are_tested_as_before(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    rf_ir_place *lengths[9];
    char name[8];
    start(t);
    for (unsigned k = 0; k < RF_COUNT_OF(lengths); k++) {
        snprintf(name, sizeof name, "n%u", k);
        lengths[k] = number(t, name);
        assign(t, lengths[k], LENGTH(o));
    }
    find_limit(t);
    loop(t);
    for (unsigned k = 0; k < RF_COUNT_OF(lengths); k++) bound(t, READ(i), rf_ir_value_of(t->f, lengths[k]));
    assert_limit(t, "((((((((end.1 min n0.1) min n1.1) min n2.1) min n3.1) min n4.1) min n5.1) min n6.1) min n7.1)" FROM_0, 1);
}

/* ---- what is none ---- */

static void a_loop_without_bounds_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    assert_stays(t);
}

static void what_some_turns_do_not_test_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    rf_ir_block *some = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), some, met);
    t->at = some;
    bound(t, READ(i), READ(n));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    assert_stays(t);

    start_loop(t); /* one way back goes by it, another one does not */
    rf_ir_block *back = rf_ir_block_new(t->f);
    some = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), back, some);
    rf_ir_jump(t->f, back, 0, t->header);
    t->at = some;
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t); /* behind the loop, which it leaves from a turn */
    rf_ir_block *left = rf_ir_block_new(t->f);
    some = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), left, some);
    t->at = left;
    bound(t, READ(i), READ(n));
    rf_ir_return(t->f, t->at, 0, READ(i));
    t->at = some;
    assert_stays(t);
}

static void a_length_that_changes_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t); /* in each turn, before */
    assign(t, t->n, LENGTH(o));
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t); /* behind */
    bound(t, READ(i), READ(n));
    assign(t, t->n, LENGTH(o));
    assert_stays(t);

    start_loop(t); /* it is that of memory */
    bound(t, READ(i), LENGTH(o));
    assert_stays(t);

    start(t); /* found behind the limit, where not only this loop begins */
    rf_ir_block *before = rf_ir_block_new(t->f), *other = rf_ir_block_new(t->f);
    find_limit(t);
    assign(t, t->n, LENGTH(q));
    rf_ir_branch(t->f, t->at, 0, OP(EQ, READ(r), I(2)), before, other);
    rf_ir_return(t->f, other, 0, I(0));
    t->at = before;
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

static void a_limit_is_found_behind_its_lengths(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    find_limit(t);
    assign(t, t->n, LENGTH(q));
    loop(t);
    bound(t, READ(i), READ(n));
    assert_limit(t, "(end.1 min n.2)" FROM_0, 0);
}

static void lengths_may_be_of_32_bits_and_copied_in_the_loop(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *length = rf_ir_variable_new(t->f, RF_IR_U32, 0, "length"), *copy = rf_ir_variable_new(t->f, RF_IR_U32, 0, "copy");
    assign(t, length, rf_ir_value_of(t->f, rf_ir_array_field(t->f, READ(o), RF_IR_LENGTH)));
    find_limit(t);
    loop(t);
    assign(t, copy, rf_ir_value_of(t->f, length));
    bound(t, READ(i), rf_ir_value_of(t->f, copy));
    assert_limit(t, "(end.1 min (length.1 as i64))" FROM_0, 0);

    start_loop(t);
    assign(t, t->j, READ(n));
    bound(t, READ(i), READ(j));
    assert_limit(t, "(end.1 min n.1)" FROM_0, 0);

    start_loop(t); /* loaded in each turn */
    bound(t, READ(i), rf_ir_value_of(t->f, rf_ir_array_field(t->f, READ(o), RF_IR_LENGTH)));
    assert_stays(t);
}

static void what_is_no_length_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(i), READ(r));
    assert_stays(t);

    start(t); /* one that may be 4294967296 */
    assign(t, t->n, OP(ADD, READ(n), I(1)));
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start(t); /* by one of two ways */
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(r), I(0)), other, met);
    t->at = other;
    assign(t, t->n, READ(r));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start(t); /* of another width */
    assign(t, t->n, ir_as(t->f, RF_IR_I64, rf_ir_value_of(t->f, rf_ir_array_field(t->f, READ(o), RF_IR_DATA))));
    find_limit(t);
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

static void other_tests_stay(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    guard(t, OP(LE, U64(READ(i)), U64(READ(n))));
    guard(t, OP(LT, READ(i), READ(n))); /* says nothing about what is below 0 */
    guard(t, OP(LT, U64(READ(n)), U64(READ(i))));
    rf_ir_block *less = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, U64(READ(i)), U64(READ(n))), less, t->behind);
    t->at = less;
    assert_stays(t);
}

static void what_is_not_the_number_of_the_range_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(r), READ(n));
    bound(t, READ(first), READ(n));
    bound_with(t, -1, READ(n));
    bound_with(t, 65536, READ(n));
    assign(t, t->j, OP(SUB, READ(i), I(1)));
    bound(t, READ(j), READ(n));
    assign(t, t->j, OP(MUL, READ(i), I(2)));
    bound(t, READ(j), READ(n));
    assign(t, t->j, OP(ADD, READ(i), READ(r)));
    bound(t, READ(j), READ(n));
    assert_stays(t);

    start_loop(t); /* the number of the turn before */
    bound(t, READ(j), READ(n));
    assign(t, t->j, READ(i));
    assert_stays(t);

    start_loop(t); /* the number, or something else */
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), other, met);
    t->at = other;
    assign(t, t->i, READ(r));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

static void what_does_not_count_by_1_stays(void **state)
{
    (void)state;
    static const int64_t more[] = {-1, 1, 2};
    fixture fixture_, *t = &fixture_;
    for (unsigned k = 0; k < RF_COUNT_OF(more); k++) {
        start_loop(t);
        bound(t, READ(i), READ(n));
        assign(t, t->next, OP(ADD, READ(next), I(more[k])));
        assert_stays(t);
    }
    start_loop(t); /* by 0 */
    bound(t, READ(i), READ(n));
    assign(t, t->next, READ(i));
    assert_stays(t);

    start_loop(t); /* by what was given */
    bound(t, READ(i), READ(n));
    assign(t, t->next, OP(ADD, READ(i), READ(r)));
    assert_stays(t);

    start_loop(t); /* by another number on one way back */
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    bound(t, READ(i), READ(n));
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(i), READ(r)), other, met);
    rf_ir_assign(t->f, other, 0, t->next, I(0));
    rf_ir_jump(t->f, other, 0, t->header);
    t->at = met;
    assert_stays(t);
}

static void a_loop_that_begins_in_two_ways_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t); /* with other numbers */
    find_limit(t);
    rf_ir_block *other = rf_ir_block_new(t->f), *one = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(r), I(0)), one, other);
    rf_ir_assign(t->f, other, 0, t->next, I(-5));
    rf_ir_jump(t->f, other, 0, t->header);
    t->at = one;
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start(t); /* in the middle of a turn: there the test of the limit is not made */
    find_limit(t);
    one = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(r), I(0)), one, t->more);
    t->at = one;
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t); /* the same, from behind the loop */
    rf_ir_block *again = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, again, 0, OP(LT, READ(next), READ(r)), t->more, t->behind);
    t->out->last->yes = again;
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

static void a_limit_that_shows_elsewhere_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start_loop(t);
    bound(t, READ(i), READ(n));
    ir_show(t->f, t->at, READ(limit));
    assert_stays(t);

    start_loop(t); /* it is the first value of something */
    bound(t, READ(i), READ(n));
    assign(t, t->limit, OP(SUB, READ(limit), I(0)));
    assert_stays(t);

    start_loop(t); /* ways meet where it is read */
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f), *left = rf_ir_block_new(t->f);
    t->out->last->yes = left;
    rf_ir_branch(t->f, left, 0, OP(LT, READ(next), READ(r)), other, met);
    rf_ir_assign(t->f, other, 0, t->limit, I(3));
    rf_ir_jump(t->f, other, 0, met);
    ir_show(t->f, met, READ(limit));
    rf_ir_jump(t->f, met, 0, t->behind);
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

static void another_end_of_the_loop_stays(void **state)
{
    (void)state;
    static const uint8_t tests[] = {RF_IR_GT, RF_IR_EQ, RF_IR_LT};
    fixture fixture_, *t = &fixture_;
    for (unsigned k = 0; k < RF_COUNT_OF(tests); k++) {
        start_loop(t);
        t->out->last->value->op = tests[k];
        bound(t, READ(i), READ(n));
        assert_stays(t);
    }
    start_loop(t); /* it asks for something else */
    t->out->last->value = OP(GE, READ(next), READ(r));
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t);
    t->out->last->value = OP(GE, READ(r), READ(end));
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t); /* nothing is left to the VM */
    t->header->last->no = t->behind;
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start_loop(t);
    t->header->last->value->op = RF_IR_LE;
    bound(t, READ(i), READ(n));
    assert_stays(t);

    start(t); /* the limit is no end of a range */
    assign(t, t->end, OP(SUB, READ(next), READ(count)));
    assign(t, t->limit, READ(end));
    loop(t);
    bound(t, READ(i), READ(n));
    assert_stays(t);
}

/* ---- what they do ---- */

typedef struct shape {
    int64_t added[3]; /* to what is compared; below 0: no such guard */
    bool is_of_q[3];
} shape;

static void make(fixture *t, const shape *s)
{
    start_loop(t);
    for (unsigned k = 0; k < RF_COUNT_OF(s->added); k++) {
        if (s->added[k] < 0) continue;
        bound_with(t, s->added[k], s->is_of_q[k] ? READ(m) : READ(n));
        ir_show(t->f, t->at, OP(ADD, READ(j), I(1000)));
    }
    go_round(t);
}

typedef struct given {
    int64_t first, count;
    uint32_t length, other;
} given;

static ir_outcome eval(const fixture *t, const given *g, int64_t count, ir_eval_by by)
{
    rf_array o = {.length = g->length}, q = {.length = g->other};
    const ir_number args[] = {ir_int(g->first), ir_int(count), ir_pointer(&o), ir_pointer(&q), ir_int(0)};
    return ir_eval(t->f, args, by);
}

/* Which turn does not begin?  That in which a test fails; of a range that begins below 0 the first one. */
static int64_t first_left(const given *g, const ir_outcome *before)
{
    if (g->first < 0 && g->count > 0) return g->first;
    if (before->end == IR_RETURNED) return g->first + g->count;
    assert_int_equal(before->end, IR_LEFT);
    assert_int_equal(before->exit_pc, AT_BOUND);
    return (int64_t)before->result.i;
}

/* It has done what a range up to that turn does, and leaves where the VM goes on with it, if it does not end there. */
static void assert_same(const fixture *before, const fixture *after, const given *g)
{
    const ir_outcome expected = eval(before, g, g->count, IR_BY_VARIABLES);
    const int64_t left = first_left(g, &expected);
    const ir_outcome up_to = eval(before, g, left - g->first, IR_BY_VARIABLES);
    assert_int_equal(up_to.end, IR_RETURNED);
    for (int by = IR_BY_VARIABLES; by <= IR_BY_VERSIONS; by++) {
        const ir_outcome outcome = eval(after, g, g->count, (ir_eval_by)by);
        assert_null(outcome.broken);
        assert_true((int64_t)outcome.result.i == left);
        assert_true(outcome.trace == up_to.trace);
        assert_int_equal(outcome.end, left == g->first + g->count ? IR_RETURNED : IR_LEFT);
        if (outcome.end == IR_LEFT) assert_int_equal(outcome.exit_pc, AT_RANGE);
    }
}

static void turns_are_the_same_up_to_the_one_that_fails(void **state)
{
    (void)state;
    static const shape shapes[] = {
        {{0, -1, -1}, {false}}, {{1, -1, -1}, {false}}, {{3, -1, -1}, {false}}, {{0, 0, -1}, {false, true}},
        {{0, 1, 2}, {false}}, {{2, 0, 1}, {false, true, false}}, {{UINT16_MAX, 0, -1}, {false, true}},
    };
    static const int64_t firsts[] = {-3, -1, 0, 1, 2, 5, INT64_MIN, INT64_MAX - 9}, counts[] = {0, 1, 2, 3, 4, 5, 9};
    for (unsigned k = 0; k < RF_COUNT_OF(shapes); k++) {
        fixture before, after;
        make(&before, &shapes[k]);
        make(&after, &shapes[k]);
        run_pass(&after);
        assert_int_equal(count_bounds(after.f), 0);
        for (unsigned i = 0; i < RF_COUNT_OF(firsts) * RF_COUNT_OF(counts) * 36; i++) {
            const unsigned lengths = i / (RF_COUNT_OF(firsts) * RF_COUNT_OF(counts));
            const given g = {firsts[i % RF_COUNT_OF(firsts)], counts[i / RF_COUNT_OF(firsts) % RF_COUNT_OF(counts)], lengths % 6, lengths / 6};
            assert_same(&before, &after, &g);
        }
        const given longest = {UINT32_MAX - 3, 9, UINT32_MAX, UINT32_MAX}, beyond = {2147483645, 9, 2147483647, 4000000000};
        assert_same(&before, &after, &longest);
        assert_same(&before, &after, &beyond);
        rf_ir_unit_release(&before.unit);
        rf_ir_unit_release(&after.unit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_function_prints_so),
        cmocka_unit_test(a_start_that_may_be_negative_is_looked_at_once),
        cmocka_unit_test(a_start_known_is_not),
        cmocka_unit_test(each_length_gives_one_limit),
        cmocka_unit_test(what_is_added_to_the_number_counts),
        cmocka_unit_test(what_is_added_may_be_checked),
        cmocka_unit_test(a_length_may_come_by_ways_that_meet),
        cmocka_unit_test(each_turn_may_come_by_ways_that_meet_again),
        cmocka_unit_test(each_of_nested_loops_has_its_own),
        cmocka_unit_test(lengths_beyond_the_most_are_tested_as_before),
        cmocka_unit_test(a_loop_without_bounds_stays),
        cmocka_unit_test(what_some_turns_do_not_test_stays),
        cmocka_unit_test(a_length_that_changes_stays),
        cmocka_unit_test(a_limit_is_found_behind_its_lengths),
        cmocka_unit_test(lengths_may_be_of_32_bits_and_copied_in_the_loop),
        cmocka_unit_test(what_is_no_length_stays),
        cmocka_unit_test(other_tests_stay),
        cmocka_unit_test(what_is_not_the_number_of_the_range_stays),
        cmocka_unit_test(what_does_not_count_by_1_stays),
        cmocka_unit_test(a_loop_that_begins_in_two_ways_stays),
        cmocka_unit_test(a_limit_that_shows_elsewhere_stays),
        cmocka_unit_test(another_end_of_the_loop_stays),
        cmocka_unit_test(turns_are_the_same_up_to_the_one_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
