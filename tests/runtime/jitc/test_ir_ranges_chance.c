/* Functions of ints made by chance, near the limits of their types, do the same before and behind the pass `ranges`.
 *
 * Unlike those of ir_random.h they are made as people write programs: loops that count, sums in them, indices that are
 * compared with lengths, and each guard leaves by an exit of its own. */
#include "support/ruff_test.h"

#include "base/base.h"
#include "runtime/jitc/ir_assert.h"
#include "runtime/jitc/ir_eval.h"
#include "runtime/jitc/ir_random.h"

enum { INTS = 5, MOST_DEPTH = 3, INPUTS = 12, MOST_STATEMENTS = 5000 };

typedef struct maker {
    rf_ir_function *f;
    rf_ir_block *at;
    uint64_t state;
    rf_ir_place *ints[INTS], *is_so;
    uint32_t exits, loops;
} maker;

static const int64_t limits[] = {0,         1,         2,         -1,        -2,           3,           7,
                                 8,         31,        100,       INT64_MAX, INT64_MAX - 1, INT64_MAX - 2, INT64_MAX - 5,
                                 INT64_MIN, INT64_MIN + 1, INT64_MIN + 4, INT32_MAX, INT64_C(1) << 31, UINT32_MAX, INT64_C(1) << 62,
                                 (INT64_C(1) << 62) - 1, 3037000499};

static uint32_t below(maker *m, uint32_t limit)
{
    return ir_random_below(&m->state, limit);
}

static int64_t limit(maker *m)
{
    return limits[below(m, RF_COUNT_OF(limits))];
}

static rf_ir_place *any(maker *m)
{
    return m->ints[below(m, INTS)];
}

/* ---- expressions ---- */

static rf_ir_expr *number(maker *m, int64_t i)
{
    return rf_ir_int(m->f, RF_IR_I64, i);
}
static rf_ir_expr *read(maker *m, rf_ir_place *place)
{
    return rf_ir_value_of(m->f, place);
}
static rf_ir_expr *cast(maker *m, uint8_t type, rf_ir_expr *e)
{
    return rf_ir_unary(m->f, RF_IR_CAST, type, e);
}
static rf_ir_expr *binary(maker *m, rf_ir_op op, rf_ir_expr *a, rf_ir_expr *b)
{
    return rf_ir_binary(m->f, op, a, b);
}
static rf_ir_expr *leaf(maker *m)
{
    return below(m, 4) ? read(m, any(m)) : number(m, below(m, 2) ? limit(m) : (int64_t)below(m, 4));
}

static rf_ir_op sum(maker *m)
{
    static const uint8_t ops[] = {RF_IR_ADD, RF_IR_ADD, RF_IR_SUB, RF_IR_SUB, RF_IR_MUL};
    return (rf_ir_op)ops[below(m, RF_COUNT_OF(ops))];
}

static rf_ir_expr *of_divisor(maker *m, rf_ir_expr *x)
{
    static const int64_t divisors[] = {1, 2, 3, 8, 10, -2, -3, INT64_C(1) << 62, INT64_MAX, INT64_MIN};
    return binary(m, below(m, 2) ? RF_IR_DIV : RF_IR_MOD, x, number(m, divisors[below(m, RF_COUNT_OF(divisors))]));
}

static rf_ir_expr *any_int(maker *m)
{
    static const uint8_t types[] = {RF_IR_U8, RF_IR_U16, RF_IR_U32, RF_IR_I32, RF_IR_U64, RF_IR_I128};
    const uint8_t type = types[below(m, RF_COUNT_OF(types))];
    switch (below(m, 10)) {
    case 0: return of_divisor(m, leaf(m));
    case 1: return binary(m, RF_IR_SHR, leaf(m), number(m, below(m, 64)));
    case 2: return binary(m, below(m, 2) ? RF_IR_AND : RF_IR_OR, leaf(m), leaf(m));
    case 3: return cast(m, RF_IR_I64, cast(m, type, leaf(m)));
    case 4: return cast(m, RF_IR_I64, binary(m, sum(m), cast(m, type, leaf(m)), cast(m, type, leaf(m))));
    case 5: return cast(m, RF_IR_I64, binary(m, sum(m), cast(m, RF_IR_U64, leaf(m)), cast(m, RF_IR_U64, leaf(m))));
    case 6: return rf_ir_unary(m->f, RF_IR_NEG, RF_IR_I64, leaf(m));
    case 7: return leaf(m);
    default: return binary(m, sum(m), leaf(m), leaf(m));
    }
}

static rf_ir_expr *compared(maker *m)
{
    const rf_ir_op op = (rf_ir_op)(RF_IR_EQ + below(m, RF_IR_GE - RF_IR_EQ + 1));
    rf_ir_expr *a = below(m, 3) ? read(m, any(m)) : any_int(m), *b = leaf(m);
    return below(m, 3) ? binary(m, op, a, b) : binary(m, op, cast(m, RF_IR_U64, a), cast(m, RF_IR_U64, b));
}

static rf_ir_expr *condition(maker *m)
{
    switch (below(m, 8)) {
    case 0: return binary(m, below(m, 2) ? RF_IR_BOTH : RF_IR_EITHER, compared(m), compared(m));
    case 1: return rf_ir_unary(m->f, RF_IR_NOT, RF_IR_BOOL, compared(m));
    case 2: return rf_ir_unary(m->f, RF_IR_LIKELY, RF_IR_BOOL, compared(m));
    case 3: rf_ir_assign(m->f, m->at, 0, m->is_so, compared(m)); return read(m, m->is_so);
    case 4: return binary(m, RF_IR_NE, cast(m, RF_IR_I64, compared(m)), number(m, below(m, 2)));
    default: return compared(m);
    }
}

/* ---- statements ---- */

static void statements(maker *m, uint32_t depth);

static rf_ir_block *new_exit(maker *m)
{
    rf_ir_block *exit = rf_ir_block_new(m->f);
    exit->is_exit = true;
    exit->exit_pc = ++m->exits;
    rf_ir_return(m->f, exit, 0, read(m, m->ints[0]));
    return exit;
}

static void guard_to(maker *m, rf_ir_expr *e, rf_ir_block *exit)
{
    rf_ir_block *next = rf_ir_block_new(m->f);
    rf_ir_guard(m->f, m->at, 0, e, next, exit);
    m->at = next;
}

static void guard(maker *m, rf_ir_expr *e)
{
    guard_to(m, e, new_exit(m));
}

/* C: x <= y; (u64)x < (u64)n, (u64)y < (u64)n, where which of the two fails does not show */
static void bounds(maker *m)
{
    rf_ir_place *x = any(m), *y = any(m), *n = any(m);
    rf_ir_block *exit = new_exit(m);
    if (below(m, 8)) guard(m, binary(m, RF_IR_LE, read(m, x), read(m, y)));
    if (below(m, 8)) guard(m, binary(m, RF_IR_GE, read(m, x), number(m, 0)));
    guard_to(m, binary(m, RF_IR_LT, cast(m, RF_IR_U64, read(m, x)), cast(m, RF_IR_U64, read(m, n))), exit);
    if (!below(m, 8)) rf_ir_assign(m->f, m->at, 0, m->ints[1 + below(m, INTS - 1)], any_int(m)); /* which no exit reads */
    guard_to(m, binary(m, RF_IR_LT, cast(m, RF_IR_U64, read(m, y)), cast(m, RF_IR_U64, read(m, n))), exit);
}

static void checked(maker *m)
{
    rf_ir_place *result = m->ints[1 + below(m, INTS - 1)]; /* which no exit reads */
    rf_ir_block *next = rf_ir_block_new(m->f);
    rf_ir_expr *a = leaf(m), *b = leaf(m);
    rf_ir_checked(m->f, m->at, 0, result, sum(m), a, b, next, new_exit(m));
    m->at = next;
}

static void choice(maker *m, uint32_t depth)
{
    rf_ir_block *yes = rf_ir_block_new(m->f), *no = rf_ir_block_new(m->f), *next = rf_ir_block_new(m->f);
    rf_ir_expr *e = condition(m);
    rf_ir_branch(m->f, m->at, 0, e, yes, no);
    m->at = yes;
    statements(m, depth);
    rf_ir_jump(m->f, m->at, 0, next);
    m->at = no;
    if (below(m, 2)) statements(m, depth);
    rf_ir_jump(m->f, m->at, 0, next);
    m->at = next;
}

/* C: for (fuel = turns; fuel > 0 && condition; fuel--) ..., in one of several ways */
static void loop(maker *m, uint32_t depth)
{
    static const char *const names[] = {"fuel1", "fuel2", "fuel3", "fuel4", "fuel5", "fuel6", "fuel7", "fuel8"};
    rf_ir_place *fuel = rf_ir_variable_new(m->f, RF_IR_I64, 0, names[m->loops++ % RF_COUNT_OF(names)]), *step = any(m);
    rf_ir_block *head = rf_ir_block_new(m->f), *next = rf_ir_block_new(m->f), *turn = rf_ir_block_new(m->f), *end = rf_ir_block_new(m->f);
    const bool counts_down = below(m, 2), is_first = below(m, 2);
    const int64_t turns = below(m, 7), by = counts_down ? -1 : 1;
    rf_ir_assign(m->f, m->at, 0, fuel, number(m, counts_down ? turns : 0));
    rf_ir_jump(m->f, m->at, 0, head);
    m->at = head;
    rf_ir_branch(m->f, head, 0, counts_down ? binary(m, RF_IR_GT, read(m, fuel), number(m, 0)) : binary(m, RF_IR_LT, read(m, fuel), number(m, turns)),
                 next, end);
    m->at = next;
    rf_ir_expr *e = condition(m);
    rf_ir_branch(m->f, m->at, 0, e, turn, end);
    m->at = turn;
    if (is_first) rf_ir_assign(m->f, m->at, 0, fuel, binary(m, RF_IR_ADD, read(m, fuel), number(m, by)));
    statements(m, depth);
    if (below(m, 2)) rf_ir_assign(m->f, m->at, 0, step, binary(m, below(m, 2) ? RF_IR_ADD : RF_IR_SUB, read(m, step), leaf(m)));
    if (!is_first) rf_ir_assign(m->f, m->at, 0, fuel, binary(m, RF_IR_ADD, read(m, fuel), number(m, by)));
    rf_ir_jump(m->f, m->at, 0, head);
    m->at = end;
}

/* C: count = start < stop ? stop - start : 0; for (i = start; count > 0; count--) { k = i++; ... } */
static void range(maker *m, uint32_t depth)
{
    rf_ir_place *count = rf_ir_variable_new(m->f, RF_IR_I64, 0, "count"), *i = rf_ir_variable_new(m->f, RF_IR_I64, 0, "i");
    rf_ir_block *some = rf_ir_block_new(m->f), *none = rf_ir_block_new(m->f), *next = rf_ir_block_new(m->f), *head = rf_ir_block_new(m->f),
                *turn = rf_ir_block_new(m->f), *end = rf_ir_block_new(m->f);
    rf_ir_place *start = any(m), *stop = any(m);
    if (below(m, 2)) rf_ir_assign(m->f, m->at, 0, start, number(m, below(m, 2) ? 0 : limit(m)));
    rf_ir_branch(m->f, m->at, 0, binary(m, RF_IR_LT, read(m, start), read(m, stop)), some, none);
    rf_ir_assign(m->f, some, 0, count, cast(m, RF_IR_I64, binary(m, RF_IR_SUB, cast(m, RF_IR_U64, read(m, stop)), cast(m, RF_IR_U64, read(m, start)))));
    rf_ir_jump(m->f, some, 0, next);
    rf_ir_assign(m->f, none, 0, count, number(m, 0));
    rf_ir_jump(m->f, none, 0, next);
    m->at = next;
    if (below(m, 4)) guard(m, binary(m, RF_IR_LE, cast(m, RF_IR_U64, read(m, count)), cast(m, RF_IR_U64, number(m, INT32_MAX))));
    rf_ir_assign(m->f, m->at, 0, i, read(m, start));
    rf_ir_jump(m->f, m->at, 0, head);
    rf_ir_branch(m->f, head, 0, binary(m, RF_IR_GT, read(m, count), number(m, 0)), turn, end);
    m->at = turn;
    rf_ir_assign(m->f, m->at, 0, count, binary(m, RF_IR_SUB, read(m, count), number(m, 1)));
    rf_ir_place *k = m->ints[below(m, INTS)];
    rf_ir_assign(m->f, m->at, 0, k, read(m, i));
    rf_ir_assign(m->f, m->at, 0, i, binary(m, RF_IR_ADD, read(m, i), number(m, 1)));
    guard(m, binary(m, RF_IR_LT, cast(m, RF_IR_U64, read(m, k)), cast(m, RF_IR_U64, read(m, stop))));
    if (below(m, 2)) checked(m);
    statements(m, depth);
    rf_ir_jump(m->f, m->at, 0, head);
    m->at = end;
}

static void statement(maker *m, uint32_t depth)
{
    const uint32_t kind = below(m, depth ? 15 : 11);
    rf_ir_expr *e;
    if (kind < 4) {
        e = any_int(m);
        rf_ir_assign(m->f, m->at, 0, any(m), e);
    } else if (kind < 7) {
        checked(m);
    } else if (kind < 10) {
        e = condition(m);
        guard(m, e);
    } else if (kind < 11) {
        bounds(m);
    } else if (kind < 12) {
        choice(m, depth - 1);
    } else if (kind < 14) {
        loop(m, depth - 1);
    } else {
        range(m, depth - 1);
    }
}

static void statements(maker *m, uint32_t depth)
{
    for (uint32_t i = 1 + below(m, 4); i--;) statement(m, depth);
}

static rf_ir_function *function_by_chance(rf_ir_unit *unit, uint64_t seed)
{
    static const char *const names[INTS] = {"a", "b", "c", "d", "e"};
    maker m = {.f = rf_ir_function_new(unit, "chance", RF_IR_I64), .state = seed};
    rf_ir_param(m.f, RF_IR_I64);
    rf_ir_param(m.f, RF_IR_I64);
    m.at = rf_ir_block_new(m.f);
    m.is_so = rf_ir_variable_new(m.f, RF_IR_BOOL, 0, "is_so");
    for (uint32_t i = 0; i < INTS; i++) {
        m.ints[i] = rf_ir_variable_new(m.f, RF_IR_I64, 0, names[i]);
        rf_ir_assign(m.f, m.at, 0, m.ints[i], i < 2 ? rf_ir_param_value(m.f, i) : number(&m, limit(&m)));
    }
    statements(&m, MOST_DEPTH);
    statements(&m, MOST_DEPTH);
    rf_ir_expr *all = read(&m, m.ints[0]);
    for (uint32_t i = 1; i < INTS; i++) all = binary(&m, RF_IR_ADD, binary(&m, RF_IR_MUL, all, number(&m, 31)), read(&m, m.ints[i]));
    rf_ir_return(m.f, m.at, 0, all);
    return m.f;
}

static unsigned checks_in(const rf_ir_function *f)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < f->reached_count; i++) {
        const uint8_t kind = f->reached[i]->last->kind;
        count += kind == RF_IR_CHECKED || kind == RF_IR_GUARD || kind == RF_IR_BRANCH;
    }
    return count;
}

static void show(const rf_ir_function *f)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    print_message("%s", out.data);
    rf_buffer_release(&out);
}

static unsigned compare(const rf_ir_function *before, const rf_ir_function *after, uint64_t seed)
{
    maker m = {.state = ~seed};
    unsigned returned = 0;
    for (unsigned i = 0; i < INPUTS; i++) {
        const ir_number args[] = {ir_int(limit(&m)), ir_int(limit(&m))};
        const ir_outcome expected = ir_eval(before, args, IR_BY_VARIABLES);
        if (expected.statements > MOST_STATEMENTS) continue; /* more jumps behind the pass could be more than it waits for */
        for (int by = IR_BY_VARIABLES; by <= IR_BY_VERSIONS; by++) {
            const ir_outcome outcome = ir_eval(after, args, (ir_eval_by)by);
            if (ir_is_same_outcome(after, &expected, &outcome)) continue;
            show(before);
            show(after);
            fail_msg("seed %d: %s", (int)seed, outcome.broken ? outcome.broken : "another outcome");
        }
        returned += expected.end == IR_RETURNED && !expected.is_undefined;
    }
    return returned;
}

enum { FUNCTIONS = 3000 };

static void functions_of_ints_do_the_same(void **state)
{
    (void)state;
    unsigned returned = 0, checks_before = 0, checks_after = 0;
    for (uint64_t seed = 0; seed < FUNCTIONS; seed++) {
        rf_ir_unit unit = {NULL, NULL};
        const rf_ir_function *before = function_by_chance(&unit, seed);
        rf_ir_function *after = function_by_chance(&unit, seed);
        rf_ir_ssa(after);
        checks_before += checks_in(after);
        rf_ir_ranges(after);
        checks_after += checks_in(after);
        assert_ir_sound(after);
        returned += compare(before, after, seed);
        rf_ir_unit_release(&unit);
    }
    assert_true(returned > FUNCTIONS); /* of so many times INPUTS: the others leave by exits */
    assert_true(checks_after < checks_before / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_ints_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
