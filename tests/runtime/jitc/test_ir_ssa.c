/* Versions, phis, and the ways between blocks. */
#include "support/ruff_test.h"

#include "jitc/ir.h"
#include "runtime/jitc/ir_assert.h"
#include "runtime/jitc/ir_random.h"

/* ---- functions of a few blocks, of $0: bool and $1: i64, with variables x, y and z of i64 ---- */

enum { BLOCKS = 8 };

typedef struct sample {
    rf_ir_unit unit;
    rf_ir_function *f;
    rf_ir_place *x, *y, *z;
    rf_ir_block *b[BLOCKS]; /* what nothing leads to is not printed */
} sample;

static void make(sample *s)
{
    *s = (sample){.unit = {NULL, NULL}};
    s->f = rf_ir_function_new(&s->unit, "f", RF_IR_I64);
    rf_ir_param(s->f, RF_IR_BOOL);
    rf_ir_param(s->f, RF_IR_I64);
    s->x = rf_ir_variable_new(s->f, RF_IR_I64, 0, "x");
    s->y = rf_ir_variable_new(s->f, RF_IR_I64, 0, "y");
    s->z = rf_ir_variable_new(s->f, RF_IR_I64, 0, "z");
    for (int i = 0; i < BLOCKS; i++) s->b[i] = rf_ir_block_new(s->f);
}

static rf_ir_expr *read(sample *s, rf_ir_place *place)
{
    return rf_ir_value_of(s->f, place);
}

static rf_ir_expr *number(sample *s, int64_t i)
{
    return rf_ir_int(s->f, RF_IR_I64, i);
}

static rf_ir_expr *more(sample *s, rf_ir_place *place)
{
    return rf_ir_binary(s->f, RF_IR_ADD, read(s, place), number(s, 1));
}

static rf_ir_expr *flag(sample *s)
{
    return rf_ir_param_value(s->f, 0);
}

static void set(sample *s, int block, rf_ir_place *place, rf_ir_expr *value)
{
    rf_ir_assign(s->f, s->b[block], 0, place, value);
}

static void jump(sample *s, int block, int to)
{
    rf_ir_jump(s->f, s->b[block], 0, s->b[to]);
}

static void branch(sample *s, int block, rf_ir_expr *condition, int yes, int no)
{
    rf_ir_branch(s->f, s->b[block], 0, condition, s->b[yes], s->b[no]);
}

static void guard(sample *s, int block, rf_ir_expr *condition, int next, int exit)
{
    s->b[exit]->is_exit = true;
    rf_ir_guard(s->f, s->b[block], 0, condition, s->b[next], s->b[exit]);
}

static void give(sample *s, int block, rf_ir_expr *value)
{
    rf_ir_return(s->f, s->b[block], 0, value);
}

/* Before and behind it is sound. */
static void make_versions(sample *s)
{
    assert_ir_sound(s->f);
    rf_ir_ssa(s->f);
    assert_ir_sound(s->f);
}

#define HEAD "function f($0: bool, $1: i64) -> i64\n"

static void ways_that_meet_get_a_phi(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 1));
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, s.x, more(&s, s.x));
    jump(&s, 1, 3);
    set(&s, 2, s.x, number(&s, 7));
    set(&s, 2, s.x, more(&s, s.x));
    jump(&s, 2, 3);
    give(&s, 3, read(&s, s.x));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b0:\n"
                             "  x.1 = 1\n"
                             "  branch $0 to b1 else b2\n"
                             "b1: from b0\n"
                             "  x.2 = x.1 + 1\n"
                             "  jump to b3\n"
                             "b2: from b0\n"
                             "  x.3 = 7\n"
                             "  x.4 = x.3 + 1\n"
                             "  jump to b3\n"
                             "b3: from b1 b2\n"
                             "  x.5 = phi x.2 b1, x.4 b2\n"
                             "  return x.5\n");
    rf_ir_unit_release(&s.unit);
}

/* x is assigned on both ways, and assigned again before it is read. */
static void what_nobody_reads_gets_no_phi(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.y, number(&s, 3));
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, s.x, number(&s, 1));
    jump(&s, 1, 3);
    set(&s, 2, s.x, number(&s, 2));
    jump(&s, 2, 3);
    set(&s, 3, s.x, read(&s, s.y));
    give(&s, 3, read(&s, s.x));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x y\n"
                             "b0:\n"
                             "  y.1 = 3\n"
                             "  branch $0 to b1 else b2\n"
                             "b1: from b0\n"
                             "  x.1 = 1\n"
                             "  jump to b3\n"
                             "b2: from b0\n"
                             "  x.2 = 2\n"
                             "  jump to b3\n"
                             "b3: from b1 b2\n"
                             "  x.3 = y.1\n"
                             "  return x.3\n");
    rf_ir_unit_release(&s.unit);
}

/* C: for (x = 0, y = 0; x < n; x++) for (z = 0; z < x; z++) y++; return y; */
static void each_loop_gets_phis_of_what_it_changes(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 0));
    set(&s, 0, s.y, number(&s, 0));
    jump(&s, 0, 1);
    branch(&s, 1, rf_ir_binary(s.f, RF_IR_LT, read(&s, s.x), rf_ir_param_value(s.f, 1)), 2, 6);
    set(&s, 2, s.z, number(&s, 0));
    jump(&s, 2, 3);
    branch(&s, 3, rf_ir_binary(s.f, RF_IR_LT, read(&s, s.z), read(&s, s.x)), 4, 5);
    set(&s, 4, s.y, more(&s, s.y));
    set(&s, 4, s.z, more(&s, s.z));
    jump(&s, 4, 3);
    set(&s, 5, s.x, more(&s, s.x));
    jump(&s, 5, 1);
    give(&s, 6, read(&s, s.y));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x y z\n"
                             "b0:\n"
                             "  x.1 = 0\n"
                             "  y.1 = 0\n"
                             "  jump to b1\n"
                             "b1: from b0 b5\n"
                             "  x.2 = phi x.1 b0, x.3 b5\n"
                             "  y.2 = phi y.1 b0, y.3 b5\n"
                             "  branch x.2 < $1 to b2 else b6\n"
                             "b2: from b1\n"
                             "  z.1 = 0\n"
                             "  jump to b3\n"
                             "b3: from b2 b4\n"
                             "  y.3 = phi y.2 b2, y.4 b4\n"
                             "  z.2 = phi z.1 b2, z.3 b4\n"
                             "  branch z.2 < x.2 to b4 else b5\n"
                             "b4: from b3\n"
                             "  y.4 = y.3 + 1\n"
                             "  z.3 = z.2 + 1\n"
                             "  jump to b3\n"
                             "b5: from b3\n"
                             "  x.3 = x.2 + 1\n"
                             "  jump to b1\n"
                             "b6: from b1\n"
                             "  return y.2\n");
    const ir_number args[] = {ir_int(1), ir_int(5)};
    const ir_outcome outcome = ir_eval(s.f, args, IR_BY_VERSIONS);
    assert_int_equal((int)outcome.result.i, 10);
    rf_ir_unit_release(&s.unit);
}

/* As a generator is resumed: the entry leads to the middle of a loop, too. */
static void a_loop_may_be_entered_in_its_middle(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 0));
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, s.x, more(&s, s.x));
    jump(&s, 1, 2);
    branch(&s, 2, rf_ir_binary(s.f, RF_IR_LT, read(&s, s.x), number(&s, 9)), 1, 3);
    give(&s, 3, read(&s, s.x));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b0:\n"
                             "  x.1 = 0\n"
                             "  branch $0 to b1 else b2\n"
                             "b2: from b0 b1\n"
                             "  x.2 = phi x.1 b0, x.4 b1\n"
                             "  branch x.2 < 9 to b1 else b3\n"
                             "b1: from b0 b2\n"
                             "  x.3 = phi x.1 b0, x.2 b2\n"
                             "  x.4 = x.3 + 1\n"
                             "  jump to b2\n"
                             "b3: from b2\n"
                             "  return x.2\n");
    assert_ptr_equal(s.b[2]->dominator, s.b[0]);
    rf_ir_unit_release(&s.unit);
}

static void a_variable_may_be_undefined_by_some_way(void **state)
{
    (void)state;
    sample s;
    make(&s);
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, s.x, number(&s, 1));
    jump(&s, 1, 2);
    set(&s, 2, s.y, read(&s, s.z));
    give(&s, 2, rf_ir_binary(s.f, RF_IR_ADD, read(&s, s.x), read(&s, s.y)));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x y z\n"
                             "b0:\n"
                             "  branch $0 to b1 else b2\n"
                             "b1: from b0\n"
                             "  x.1 = 1\n"
                             "  jump to b2\n"
                             "b2: from b0 b1\n"
                             "  x.2 = phi x.undefined b0, x.1 b1\n"
                             "  y.1 = z.undefined\n"
                             "  return x.2 + y.1\n");
    rf_ir_unit_release(&s.unit);
}

static void memory_has_no_versions(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_place *v = rf_ir_variable_new(s.f, RF_IR_VALUE, 0, "v"), *a = rf_ir_variable_new(s.f, RF_IR_I64, 4, "a");
    rf_ir_place *element = rf_ir_element(s.f, rf_ir_address_of(s.f, a), read(&s, s.x));
    rf_ir_place *field = rf_ir_value_field(s.f, v, RF_IR_AS_INT);
    set(&s, 0, s.x, number(&s, 2));
    set(&s, 0, element, number(&s, 5));
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, field, read(&s, element));
    jump(&s, 1, 2);
    give(&s, 2, read(&s, field));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x a[4]\n"
                             "  value: v\n"
                             "b0:\n"
                             "  x.1 = 2\n"
                             "  a[x.1] = 5\n"
                             "  branch $0 to b1 else b2\n"
                             "b1: from b0\n"
                             "  v.i = a[x.1]\n"
                             "  jump to b2\n"
                             "b2: from b0 b1\n"
                             "  return v.i\n");
    const ir_number args[] = {ir_int(1), ir_int(0)};
    const ir_outcome outcome = ir_eval(s.f, args, IR_BY_VERSIONS);
    assert_int_equal((int)outcome.result.i, 5);
    rf_ir_unit_release(&s.unit);
}

static void nothing_leads_to_the_entry(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, rf_ir_binary(s.f, RF_IR_ADD, read(&s, s.x), rf_ir_param_value(s.f, 1)));
    branch(&s, 0, rf_ir_binary(s.f, RF_IR_LT, read(&s, s.x), number(&s, 9)), 0, 1);
    give(&s, 1, read(&s, s.x));
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b8:\n"
                             "  jump to b0\n"
                             "b0: from b8 b0\n"
                             "  x.1 = phi x.undefined b8, x.2 b0\n"
                             "  x.2 = x.1 + $1\n"
                             "  branch x.2 < 9 to b0 else b1\n"
                             "b1: from b0\n"
                             "  return x.2\n");
    rf_ir_unit_release(&s.unit);
}

static void a_block_may_come_by_both_of_its_ways(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 0));
    jump(&s, 0, 1);
    set(&s, 1, s.x, more(&s, s.x));
    branch(&s, 1, flag(&s), 2, 2);
    branch(&s, 2, rf_ir_binary(s.f, RF_IR_LT, read(&s, s.x), number(&s, 9)), 1, 1);
    make_versions(&s);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b0:\n"
                             "  x.1 = 0\n"
                             "  jump to b1\n"
                             "b1: from b0 b2 b2\n"
                             "  x.2 = phi x.1 b0, x.3 b2, x.3 b2\n"
                             "  x.3 = x.2 + 1\n"
                             "  branch $0 to b2 else b2\n"
                             "b2: from b1 b1\n"
                             "  branch x.3 < 9 to b1 else b1\n");
    rf_ir_unit_release(&s.unit);
}

/* ---- ways that change ---- */

/* Its condition holds: the exit loses a way, and its phi an argument. */
static void phis_lose_the_arguments_of_ways_that_are_gone(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 1));
    guard(&s, 0, flag(&s), 1, 5);
    set(&s, 1, s.x, number(&s, 2));
    guard(&s, 1, flag(&s), 2, 5);
    set(&s, 2, s.x, number(&s, 3));
    guard(&s, 2, flag(&s), 3, 5);
    give(&s, 3, read(&s, s.x));
    give(&s, 5, read(&s, s.x));
    make_versions(&s);
    assert_int_equal(s.b[5]->predecessor_count, 3);
    rf_ir_statement *end = s.b[1]->last;
    end->kind = RF_IR_JUMP;
    end->value = NULL;
    end->no = NULL;
    assert_non_null(rf_ir_verify(s.f));
    rf_ir_ways_changed(s.f);
    assert_ir_sound(s.f);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b0:\n"
                             "  x.1 = 1\n"
                             "  guard $0 to b1 else x5\n"
                             "b1: from b0\n"
                             "  x.2 = 2\n"
                             "  jump to b2\n"
                             "b2: from b1\n"
                             "  x.3 = 3\n"
                             "  guard $0 to b3 else x5\n"
                             "b3: from b2\n"
                             "  return x.3\n"
                             "x5: from b0 b2, exit 0 leaves\n"
                             "  x.4 = phi x.1 b0, x.3 b2\n"
                             "  return x.4\n");
    rf_ir_unit_release(&s.unit);
}

static void blocks_that_nothing_leads_to_any_more_are_not_reached(void **state)
{
    (void)state;
    sample s;
    make(&s);
    set(&s, 0, s.x, number(&s, 1));
    branch(&s, 0, flag(&s), 1, 2);
    set(&s, 1, s.x, number(&s, 2));
    jump(&s, 1, 3);
    jump(&s, 2, 3);
    give(&s, 3, read(&s, s.x));
    make_versions(&s);
    assert_ptr_equal(s.b[3]->dominator, s.b[0]);
    rf_ir_statement *end = s.b[0]->last;
    end->kind = RF_IR_JUMP;
    end->value = NULL;
    end->no = NULL;
    rf_ir_ways_changed(s.f);
    assert_ir_sound(s.f);
    assert_ptr_equal(s.b[3]->dominator, s.b[1]);
    assert_false(s.b[2]->is_reached);
    assert_ir_text(s.f, HEAD "  i64: x\n"
                             "b0:\n"
                             "  x.1 = 1\n"
                             "  jump to b1\n"
                             "b1: from b0\n"
                             "  x.2 = 2\n"
                             "  jump to b3\n"
                             "b3: from b1\n"
                             "  x.3 = phi x.2 b1\n"
                             "  return x.3\n");
    rf_ir_unit_release(&s.unit);
}

/* ---- sizes ---- */

enum { MANY = 20000 };

/* An exit at the end of a way as long as that: nothing recurses, and nothing takes the square of it. */
static void functions_may_have_many_blocks(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_block *b = s.b[0], *exit = s.b[1];
    exit->is_exit = true;
    set(&s, 0, s.x, number(&s, 0));
    for (int i = 0; i < MANY; i++) {
        rf_ir_block *next = rf_ir_block_new(s.f);
        rf_ir_place *t = rf_ir_variable_new(s.f, RF_IR_I64, 0, "t");
        rf_ir_assign(s.f, b, 0, t, more(&s, s.x));
        rf_ir_assign(s.f, b, 0, s.x, read(&s, t));
        rf_ir_guard(s.f, b, 0, flag(&s), next, exit);
        b = next;
    }
    rf_ir_return(s.f, b, 0, read(&s, s.x));
    give(&s, 1, read(&s, s.x));
    rf_ir_ssa(s.f);
    assert_int_equal(s.f->reached_count, MANY + 2);
    assert_int_equal(exit->predecessor_count, MANY);
    assert_int_equal(s.f->version_count, 1 + 1 + 2 * MANY + 1);
    rf_ir_unit_release(&s.unit);
}

/* ---- chance ---- */

static void functions_do_the_same_with_versions(void **state)
{
    (void)state;
    unsigned told = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        const uint32_t blocks = 3 + (uint32_t)(seed % 40);
        rf_ir_unit unit = {NULL, NULL};
        const rf_ir_function *before = ir_random_function(&unit, seed, blocks);
        rf_ir_function *after = ir_random_function(&unit, seed, blocks);
        assert_ir_sound(after);
        rf_ir_ssa(after);
        assert_ir_sound(after);
        assert_ir_same_outcomes(before, after, seed);
        ir_number args[IR_RANDOM_PARAMS];
        ir_random_args(seed, args);
        const ir_outcome outcome = ir_eval(before, args, IR_BY_VARIABLES);
        told += !outcome.is_undefined && outcome.end != IR_ENDLESS;
        rf_ir_unit_release(&unit);
    }
    assert_in_range(told, 1500, 2000);
}

/* Takes one of the ways of some branches and guards. */
static void take_ways(rf_ir_function *f, uint64_t seed)
{
    for (uint32_t i = 0; i < f->reached_count; i++) {
        rf_ir_statement *end = f->reached[i]->last;
        seed = seed * UINT64_C(6364136223846793005) + 1;
        if ((end->kind != RF_IR_BRANCH && end->kind != RF_IR_GUARD) || seed >> 62) continue;
        if (seed >> 61 & 1) end->yes = end->no;
        end->no = NULL;
        end->value = NULL;
        end->kind = RF_IR_JUMP;
    }
}

static void versions_stay_right_where_ways_are_taken(void **state)
{
    (void)state;
    unsigned changed = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        rf_ir_unit unit = {NULL, NULL};
        const uint32_t blocks = 3 + (uint32_t)(seed % 40);
        rf_ir_function *before = ir_random_function(&unit, seed, blocks), *after = ir_random_function(&unit, seed, blocks);
        rf_ir_ways_changed(before); /* so that the same ways are taken */
        rf_ir_ssa(after);
        const uint32_t reached = after->reached_count;
        take_ways(before, seed);
        take_ways(after, seed);
        rf_ir_ways_changed(after);
        changed += after->reached_count < reached;
        assert_ir_sound(after);
        assert_ir_same_outcomes(before, after, seed);
        rf_ir_unit_release(&unit);
    }
    assert_in_range(changed, 500, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ways_that_meet_get_a_phi),
        cmocka_unit_test(what_nobody_reads_gets_no_phi),
        cmocka_unit_test(each_loop_gets_phis_of_what_it_changes),
        cmocka_unit_test(a_loop_may_be_entered_in_its_middle),
        cmocka_unit_test(a_variable_may_be_undefined_by_some_way),
        cmocka_unit_test(memory_has_no_versions),
        cmocka_unit_test(nothing_leads_to_the_entry),
        cmocka_unit_test(a_block_may_come_by_both_of_its_ways),
        cmocka_unit_test(phis_lose_the_arguments_of_ways_that_are_gone),
        cmocka_unit_test(blocks_that_nothing_leads_to_any_more_are_not_reached),
        cmocka_unit_test(functions_may_have_many_blocks),
        cmocka_unit_test(functions_do_the_same_with_versions),
        cmocka_unit_test(versions_stay_right_where_ways_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
