/* What only exits need is computed there. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"
#include "runtime/jitc/ir_random.h"

#include "base/base.h"

#include <stdio.h>
#include <string.h>

typedef struct fixture {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_block *at, *exit; /* the exit shows s */
    rf_ir_place *x, *y, *s, *d;
} fixture;

#define READ(place)  rf_ir_value_of(t->f, t->place)
#define I(n)         ir_i64(t->f, n)
#define OP(op, a, b) rf_ir_binary(t->f, RF_IR_##op, a, b)

static rf_ir_block *showing(fixture *t, rf_ir_place *place)
{
    rf_ir_block *b = rf_ir_block_new(t->f);
    b->is_exit = true;
    ir_show(t->f, b, rf_ir_value_of(t->f, place));
    rf_ir_return(t->f, b, 0, I(0));
    return b;
}

static void start(fixture *t)
{
    *t = (fixture){.unit = {0}};
    t->f = rf_ir_function_new(&t->unit, "f", RF_IR_I64);
    t->at = rf_ir_block_new(t->f);
    t->x = ir_given(t->f, t->at, RF_IR_I64, "x");
    t->y = ir_given(t->f, t->at, RF_IR_I64, "y");
    t->d = ir_given(t->f, t->at, RF_IR_F64, "d");
    t->s = rf_ir_variable_new(t->f, RF_IR_I64, 0, "s");
    t->exit = showing(t, t->s);
}

static void assign(fixture *t, rf_ir_place *to, rf_ir_expr *value)
{
    rf_ir_assign(t->f, t->at, 0, to, value);
}

static void guard(fixture *t)
{
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, OP(LT, READ(x), READ(y)), next, t->exit);
    t->at = next;
}

static void start_with(fixture *t, rf_ir_expr *value)
{
    assign(t, t->s, value);
    guard(t);
}

/* The function returns x; behind the pass the exit shows that. */
static void assert_shown(fixture *t, const char *expected)
{
    rf_ir_return(t->f, t->at, 0, READ(x));
    rf_ir_ssa(t->f);
    assert_null(rf_ir_verify(t->f));
    rf_ir_sink(t->f);
    assert_null(rf_ir_verify(t->f));
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(t->f, &out);
    static const char call[] = "rf_native_deopt_self(0:pointer, ";
    char line[128];
    snprintf(line, sizeof line, "%s%s, 0)\n", call, expected);
    if (!strstr(out.data, line)) {
        print_message("%s", out.data);
        fail_msg("does not show %s", expected);
    }
    rf_buffer_release(&out);
    rf_ir_unit_release(&t->unit);
}

static void assert_stays(fixture *t)
{
    rf_ir_return(t->f, t->at, 0, READ(x));
    assert_ir_stays(t->f, rf_ir_sink);
    rf_ir_unit_release(&t->unit);
}

#define SINKS(value, expected)                                                                                         \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        start_with(t, value);                                                                                          \
        assert_shown(t, expected);                                                                                     \
    } while (0)

#define STAYS(value)                                                                                                   \
    do {                                                                                                               \
        fixture fixture_, *t = &fixture_;                                                                              \
        start(t);                                                                                                      \
        start_with(t, value);                                                                                          \
        assert_stays(t);                                                                                               \
    } while (0)

static void the_function_prints_so(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    start_with(t, OP(SUB, READ(y), READ(x)));
    rf_ir_return(t->f, t->at, 0, READ(x));
    assert_ir_becomes(t->f, rf_ir_sink,
                      "b0:\n"
                      "  x.1 = $0\n"
                      "  y.1 = $1\n"
                      "  d.1 = $2\n"
                      "  s.1 = y.1 - x.1\n"
                      "  guard x.1 < y.1 to b2 else x1\n"
                      "b2: from b0\n"
                      "  return x.1\n"
                      "x1: from b0, exit 0 leaves\n"
                      "  rf_native_deopt_self(0:pointer, y.1 - x.1, 0)\n"
                      "  return 0\n");
    rf_ir_unit_release(&t->unit);
}

static void sums_and_differences_sink(void **state)
{
    (void)state;
    SINKS(OP(ADD, READ(x), READ(y)), "x.1 + y.1");
    SINKS(OP(SUB, READ(x), I(1)), "x.1 - 1");
    SINKS(OP(ADD, I(2), READ(x)), "2 + x.1");
    SINKS(OP(SUB, READ(x), READ(x)), "x.1 - x.1");
}

static void other_values_stay(void **state)
{
    (void)state;
    STAYS(READ(x));
    STAYS(I(1));
    STAYS(OP(MUL, READ(x), READ(y)));
    STAYS(OP(AND, READ(x), READ(y)));
    STAYS(OP(ADD, READ(x), OP(ADD, READ(y), I(1))));
    STAYS(OP(ADD, OP(MUL, READ(x), READ(y)), I(1)));
}

static void sums_of_other_types_stay(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_place *u = rf_ir_variable_new(t->f, RF_IR_U64, 0, "u"), *sum = rf_ir_variable_new(t->f, RF_IR_U64, 0, "sum");
    assign(t, u, ir_as(t->f, RF_IR_U64, READ(x)));
    assign(t, sum, OP(ADD, rf_ir_value_of(t->f, u), rf_ir_int(t->f, RF_IR_U64, 1)));
    assign(t, t->s, I(0));
    t->exit = rf_ir_block_new(t->f);
    t->exit->is_exit = true;
    ir_show(t->f, t->exit, ir_as(t->f, RF_IR_I64, rf_ir_value_of(t->f, sum)));
    rf_ir_return(t->f, t->exit, 0, I(0));
    guard(t);
    assert_stays(t);
}

static void what_is_needed_outside_exits_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t); /* behind the guard */
    start_with(t, OP(ADD, READ(x), READ(y)));
    ir_show(t->f, t->at, READ(s));
    assert_stays(t);

    start(t); /* by a guard */
    start_with(t, OP(ADD, READ(x), READ(y)));
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, OP(LT, READ(s), I(5)), next, t->exit);
    t->at = next;
    assert_stays(t);

    start(t); /* by a phi */
    start_with(t, OP(ADD, READ(x), READ(y)));
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(x), I(0)), other, met);
    t->at = other;
    assign(t, t->s, I(7));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    t->exit = showing(t, t->s);
    guard(t);
    assert_stays(t);
}

static void what_is_checked_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_checked(t->f, t->at, 0, t->s, RF_IR_ADD, READ(x), READ(y), next, ir_exit(t->f, 1));
    t->at = next;
    guard(t);
    assert_stays(t);
}

static void what_exits_compute_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->s, I(0));
    t->exit = rf_ir_block_new(t->f);
    t->exit->is_exit = true;
    rf_ir_assign(t->f, t->exit, 0, t->s, OP(ADD, READ(x), READ(y)));
    ir_show(t->f, t->exit, READ(s));
    rf_ir_return(t->f, t->exit, 0, I(0));
    guard(t);
    assert_stays(t);
}

static void what_is_read_behind_exits_sinks(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    t->exit = rf_ir_block_new(t->f);
    t->exit->is_exit = true;
    rf_ir_block *behind = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->exit, 0, behind);
    ir_show(t->f, behind, READ(s));
    rf_ir_return(t->f, behind, 0, I(0));
    guard(t);
    assert_shown(t, "x.1 + y.1");
}

static void what_changes_before_the_exit_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t); /* in the block that leaves */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    assign(t, t->x, I(3));
    guard(t);
    assert_stays(t);

    start(t); /* the second operand */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    assign(t, t->y, I(3));
    guard(t);
    assert_stays(t);

    start(t); /* in a block between */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->at, 0, next);
    t->at = next;
    assign(t, t->x, I(3));
    next = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->at, 0, next);
    t->at = next;
    guard(t);
    assert_stays(t);

    start(t); /* in the exit, before it is read */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    t->exit = rf_ir_block_new(t->f);
    t->exit->is_exit = true;
    rf_ir_assign(t->f, t->exit, 0, t->x, I(3));
    ir_show(t->f, t->exit, READ(s));
    ir_show(t->f, t->exit, READ(x));
    rf_ir_return(t->f, t->exit, 0, I(0));
    guard(t);
    assert_stays(t);

    start(t); /* it is the sum itself */
    assign(t, t->s, I(1));
    guard(t);
    assign(t, t->s, OP(ADD, READ(s), I(1)));
    guard(t);
    assert_stays(t);
}

static void what_changes_behind_the_exit_does_not_matter(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    start_with(t, OP(ADD, READ(x), READ(y)));
    assign(t, t->x, I(3));
    assert_shown(t, "x.1 + y.1");

    start(t); /* in the exit, behind the read */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    t->exit = rf_ir_block_new(t->f);
    t->exit->is_exit = true;
    ir_show(t->f, t->exit, READ(s));
    rf_ir_assign(t->f, t->exit, 0, t->x, I(3));
    ir_show(t->f, t->exit, READ(x));
    rf_ir_return(t->f, t->exit, 0, I(0));
    guard(t);
    assert_shown(t, "x.1 + y.1");
}

static void an_exit_shared_by_guards_needs_the_same_in_all(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    start_with(t, OP(ADD, READ(x), READ(y)));
    guard(t);
    assert_shown(t, "x.1 + y.1");

    start(t); /* before and behind a change */
    start_with(t, OP(ADD, READ(x), READ(y)));
    assign(t, t->x, I(3));
    guard(t);
    assert_stays(t);

    start(t); /* what is CHECKED changes as it leaves */
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_checked(t->f, t->at, 0, t->x, RF_IR_ADD, READ(x), I(1), next, t->exit);
    t->at = next;
    assert_stays(t);
}

static void an_exit_of_its_own_gets_it_beside_one_that_cannot(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    start_with(t, OP(ADD, READ(x), READ(y)));
    assign(t, t->x, I(3));
    t->exit = showing(t, t->s);
    guard(t);
    rf_ir_return(t->f, t->at, 0, READ(x));
    assert_ir_becomes(t->f, rf_ir_sink,
                      "b0:\n"
                      "  x.1 = $0\n"
                      "  y.1 = $1\n"
                      "  d.1 = $2\n"
                      "  s.1 = x.1 + y.1\n"
                      "  guard x.1 < y.1 to b2 else x1\n"
                      "b2: from b0\n"
                      "  x.2 = 3\n"
                      "  guard x.2 < y.1 to b4 else x3\n"
                      "b4: from b2\n"
                      "  return x.2\n"
                      "x3: from b2, exit 0 leaves\n"
                      "  rf_native_deopt_self(0:pointer, s.1, 0)\n"
                      "  return 0\n"
                      "x1: from b0, exit 0 leaves\n"
                      "  rf_native_deopt_self(0:pointer, x.1 + y.1, 0)\n"
                      "  return 0\n");
    rf_ir_unit_release(&t->unit);
}

/* x changes on one of the two ways, and is read behind or is not. */
static void join(fixture *t, bool is_x_read)
{
    start(t);
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    rf_ir_block *other = rf_ir_block_new(t->f), *met = rf_ir_block_new(t->f);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(x), I(0)), other, met);
    t->at = other;
    assign(t, t->x, I(7));
    ir_show(t->f, t->at, READ(x));
    rf_ir_jump(t->f, t->at, 0, met);
    t->at = met;
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, OP(LT, READ(y), I(9)), next, t->exit);
    t->at = next;
    if (!is_x_read) assign(t, t->x, I(0));
}

static void ways_that_meet_with_other_versions_stay(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    join(t, true);
    assert_stays(t);
    join(t, false); /* and no phi tells */
    assert_stays(t);
}

/* C: for (;;) { s = x + 1; if (!(s0 < y)) leave, showing s; x' = ... } */
static void loop(fixture *t, bool changes_x, bool is_read_before)
{
    start(t);
    assign(t, t->s, I(0));
    rf_ir_block *header = rf_ir_block_new(t->f), *back = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->at, 0, header);
    t->at = header;
    if (is_read_before) guard(t);
    assign(t, t->s, OP(ADD, READ(x), I(1)));
    guard(t);
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(y), I(9)), back, end);
    if (changes_x) rf_ir_assign(t->f, back, 0, t->x, OP(ADD, READ(x), I(2)));
    rf_ir_jump(t->f, back, 0, header);
    t->at = end;
}

static void loops(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    loop(t, false, false);
    assert_shown(t, "x.1 + 1");
    loop(t, true, false);
    assert_shown(t, "x.2 + 1");
    loop(t, true, true); /* a phi needs it */
    assert_stays(t);
}

/* The value of the turn before, whose operand is another one now. */
static void what_a_turn_before_computed_stays(void **state)
{
    (void)state;
    fixture fixture_, *t = &fixture_;
    start(t);
    assign(t, t->s, OP(ADD, READ(x), READ(y)));
    rf_ir_block *header = rf_ir_block_new(t->f), *back = rf_ir_block_new(t->f), *end = rf_ir_block_new(t->f);
    rf_ir_jump(t->f, t->at, 0, header);
    t->at = header;
    rf_ir_block *next = rf_ir_block_new(t->f);
    rf_ir_guard(t->f, t->at, 0, OP(LT, READ(y), I(9)), next, t->exit);
    t->at = next;
    assign(t, t->x, I(3)); /* not read in the next turn: no phi */
    ir_show(t->f, t->at, READ(x));
    rf_ir_branch(t->f, t->at, 0, OP(LT, READ(y), I(5)), back, end);
    rf_ir_jump(t->f, back, 0, header);
    t->at = end;
    assert_stays(t);
}

/* ---- by chance: sums that exits show, of ints that change ---- */

enum { INTS = 3, SUMS = 3, MOST_BLOCKS = 48 };

typedef struct maker {
    rf_ir_function *f;
    uint64_t state;
    rf_ir_place *ints[INTS], *sums[SUMS], *turns;
    rf_ir_block *blocks[MOST_BLOCKS], *exits[SUMS];
} maker;

static uint32_t below(maker *m, uint32_t n)
{
    m->state = m->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(m->state >> 33) % n;
}

static rf_ir_expr *any(maker *m)
{
    return below(m, 4) ? rf_ir_value_of(m->f, m->ints[below(m, INTS)]) : ir_i64(m->f, below(m, 5));
}

static rf_ir_expr *any_sum(maker *m)
{
    return rf_ir_binary(m->f, below(m, 2) ? RF_IR_ADD : RF_IR_SUB, any(m), any(m));
}

static void make_block(maker *m, uint32_t number, uint32_t count)
{
    rf_ir_block *b = m->blocks[number];
    for (uint32_t i = below(m, 4); i--;) {
        if (below(m, 2))
            rf_ir_assign(m->f, b, 0, m->sums[below(m, SUMS)], any_sum(m));
        else
            rf_ir_assign(m->f, b, 0, m->ints[below(m, INTS)], any_sum(m));
    }
    if (number + 1 == count) {
        rf_ir_return(m->f, b, 0, any(m));
        return;
    }
    rf_ir_block *next = m->blocks[number + 1], *other = m->blocks[number + 1 + below(m, count - number - 1)];
    if (below(m, 3)) {
        rf_ir_guard(m->f, b, 0, rf_ir_binary(m->f, RF_IR_LT, any(m), ir_i64(m->f, 100)), next, m->exits[below(m, SUMS)]);
    } else if (number && below(m, 2)) {
        rf_ir_assign(m->f, b, 0, m->turns, rf_ir_binary(m->f, RF_IR_ADD, rf_ir_value_of(m->f, m->turns), ir_i64(m->f, 1)));
        rf_ir_branch(m->f, b, 0, rf_ir_binary(m->f, RF_IR_LT, rf_ir_value_of(m->f, m->turns), ir_i64(m->f, 30)), m->blocks[1 + below(m, number)],
                     next);
    } else {
        rf_ir_branch(m->f, b, 0, rf_ir_binary(m->f, RF_IR_LT, any(m), any(m)), next, other);
    }
}

static rf_ir_function *make_sums(rf_ir_unit *unit, uint64_t seed, uint32_t count)
{
    maker m = {.f = rf_ir_function_new(unit, "sums", RF_IR_I64), .state = seed};
    for (uint32_t i = 0; i < count; i++) m.blocks[i] = rf_ir_block_new(m.f);
    m.ints[0] = ir_given(m.f, m.blocks[0], RF_IR_I64, "i0");
    m.ints[1] = ir_given(m.f, m.blocks[0], RF_IR_I64, "i1");
    ir_given(m.f, m.blocks[0], RF_IR_F64, "d");
    m.ints[2] = rf_ir_variable_new(m.f, RF_IR_I64, 0, "i2");
    m.turns = rf_ir_variable_new(m.f, RF_IR_I64, 0, "turns");
    rf_ir_assign(m.f, m.blocks[0], 0, m.ints[2], ir_i64(m.f, 1));
    rf_ir_assign(m.f, m.blocks[0], 0, m.turns, ir_i64(m.f, 0));
    for (uint32_t i = 0; i < SUMS; i++) {
        m.sums[i] = rf_ir_variable_new(m.f, RF_IR_I64, 0, "s");
        rf_ir_assign(m.f, m.blocks[0], 0, m.sums[i], any_sum(&m));
        m.exits[i] = rf_ir_block_new(m.f);
        m.exits[i]->is_exit = true;
        m.exits[i]->exit_pc = i;
        for (uint32_t k = 0; k <= i; k++) ir_show(m.f, m.exits[i], rf_ir_value_of(m.f, m.sums[k]));
        if (below(&m, 2)) ir_show(m.f, m.exits[i], any(&m));
        rf_ir_return(m.f, m.exits[i], 0, any(&m));
    }
    for (uint32_t i = 0; i < count; i++) make_block(&m, i, count);
    return m.f;
}

static void functions_by_chance_do_the_same(void **state)
{
    (void)state;
    static ir_pass *const alone[] = {rf_ir_sink, NULL}, *const in_order[] = {rf_ir_limits, rf_ir_fold, rf_ir_guards, rf_ir_ranges, rf_ir_sink, NULL},
                   *const with_dead[] = {rf_ir_sink, rf_ir_dead, NULL};
    assert_true(assert_ir_chance(make_sums, alone, 1500) > 150);
    assert_true(assert_ir_chance(make_sums, in_order, 400) > 30);
    assert_true(assert_ir_chance(make_sums, with_dead, 400) > 300);
    assert_ir_chance(ir_random_function, in_order, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_function_prints_so),
        cmocka_unit_test(sums_and_differences_sink),
        cmocka_unit_test(other_values_stay),
        cmocka_unit_test(sums_of_other_types_stay),
        cmocka_unit_test(what_is_needed_outside_exits_stays),
        cmocka_unit_test(what_is_checked_stays),
        cmocka_unit_test(what_exits_compute_stays),
        cmocka_unit_test(what_is_read_behind_exits_sinks),
        cmocka_unit_test(what_changes_before_the_exit_stays),
        cmocka_unit_test(what_changes_behind_the_exit_does_not_matter),
        cmocka_unit_test(an_exit_shared_by_guards_needs_the_same_in_all),
        cmocka_unit_test(an_exit_of_its_own_gets_it_beside_one_that_cannot),
        cmocka_unit_test(ways_that_meet_with_other_versions_stay),
        cmocka_unit_test(loops),
        cmocka_unit_test(what_a_turn_before_computed_stays),
        cmocka_unit_test(functions_by_chance_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
