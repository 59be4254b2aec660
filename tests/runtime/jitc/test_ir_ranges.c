/* What ints can be, by the conditions on the way, and what that makes needless. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_eval.h"
#include "runtime/jitc/ir_sample.h"

/* ---- overflow ---- */

static void a_sum_below_the_limit_is_not_checked(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_LE, INT64_MAX - 1));
    guard(&s, with(&s, s.x, RF_IR_GE, INT64_MIN + 1));
    checked(&s, s.y, RF_IR_ADD, of(&s, s.x), number(&s, 1));
    checked(&s, s.x, RF_IR_SUB, of(&s, s.x), number(&s, 1));
    result(&s, of(&s, s.x));
    result(&s, of(&s, s.y));
    assert_becomes(&s, "  guard x.1 <= 9223372036854775806 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 >= -9223372036854775807 to b3 else x1\n"
                      "b3: from b2\n"
                      "  y.2 = x.1 + 1\n"
                      "  jump to b4\n"
                      "b4: from b3\n"
                      "  x.2 = x.1 - 1\n"
                      "  jump to b5\n"
                      "b5: from b4\n"
                      "  *(i64 *)(p.1 + 0) = x.2\n"
                      "  *(i64 *)(p.1 + 8) = y.2\n"
                      "  return 1\n");
}

static void a_sum_at_the_limit_is_checked(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_LE, INT64_MAX - 1));
    guard(&s, with(&s, s.x, RF_IR_GE, INT64_MIN + 1));
    checked(&s, s.y, RF_IR_ADD, of(&s, s.x), number(&s, 2));
    checked(&s, s.x, RF_IR_SUB, of(&s, s.x), number(&s, 2));
    result(&s, of(&s, s.x));
    result(&s, of(&s, s.y));
    assert_becomes(&s, "  guard x.1 <= 9223372036854775806 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 >= -9223372036854775807 to b3 else x1\n"
                      "b3: from b2\n"
                      "  y.2 = checked x.1 + 2 to b4 else x1\n"
                      "b4: from b3\n"
                      "  x.2 = checked x.1 - 2 to b5 else x1\n"
                      "b5: from b4\n"
                      "  *(i64 *)(p.1 + 0) = x.2\n"
                      "  *(i64 *)(p.1 + 8) = y.2\n"
                      "  return 1\n");
}

static void products_are_checked_from_the_root_of_the_limit_on(void **state)
{
    (void)state;
    sample s = begin();
    guard_up_to(&s, s.x, 3037000499);
    guard_up_to(&s, s.y, 3037000500);
    checked(&s, s.x, RF_IR_MUL, of(&s, s.x), of(&s, s.x));
    checked(&s, s.y, RF_IR_MUL, of(&s, s.y), of(&s, s.y));
    result(&s, of(&s, s.x));
    result(&s, of(&s, s.y));
    assert_becomes(&s, "  guard (x.1 as u64) <= 3037000499:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard (y.1 as u64) <= 3037000500:u64 to b3 else x1\n"
                      "b3: from b2\n"
                      "  x.2 = x.1 * x.1\n"
                      "  jump to b4\n"
                      "b4: from b3\n"
                      "  y.2 = checked y.1 * y.1 to b5 else x1\n"
                      "b5: from b4\n"
                      "  *(i64 *)(p.1 + 0) = x.2\n"
                      "  *(i64 *)(p.1 + 8) = y.2\n"
                      "  return 1\n");
}

static void what_did_not_overflow_is_in_its_range(void **state)
{
    (void)state;
    sample s = begin();
    checked(&s, s.y, RF_IR_ADD, of(&s, s.x), number(&s, 1));
    result_if(&s, with(&s, s.y, RF_IR_NE, INT64_MIN));
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    assert_becomes(&s, "  y.2 = checked x.1 + 1 to b2 else x1\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  return 1\n");
}

static void plain_sums_may_be_cut_off(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    assign(&s, s.y, with(&s, s.x, RF_IR_ADD, 1));
    result_if(&s, with(&s, s.y, RF_IR_GE, 0));
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    guard(&s, with(&s, s.x, RF_IR_LT, INT64_MAX));
    assign(&s, s.y, with(&s, s.x, RF_IR_ADD, 1));
    result_if(&s, with(&s, s.y, RF_IR_GE, 1));
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    assert_becomes(&s, "  guard x.1 >= 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  y.2 = x.1 + 1\n"
                      "  *(i64 *)(p.1 + 0) = (y.2 >= 0) as i64\n"
                      "  *(i64 *)(p.1 + 8) = (x.1 < y.2) as i64\n"
                      "  guard x.1 < 9223372036854775807 to b3 else x1\n"
                      "b3: from b2\n"
                      "  y.3 = x.1 + 1\n"
                      "  *(i64 *)(p.1 + 16) = 1\n"
                      "  *(i64 *)(p.1 + 24) = 1\n"
                      "  return 1\n");
}

static void unsigned_sums_may_be_cut_off(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *u = variable(&s, RF_IR_U64, "u");
    assign(&s, u, unsigned_of(&s, RF_IR_SUB, of(&s, s.x), number(&s, 1)));
    result_if(&s, binary(&s, RF_IR_LT, of(&s, u), cast(&s, RF_IR_U64, of(&s, s.x))));
    guard(&s, with(&s, s.x, RF_IR_GE, 1));
    assign(&s, u, unsigned_of(&s, RF_IR_SUB, of(&s, s.x), number(&s, 1)));
    result_if(&s, binary(&s, RF_IR_LE, of(&s, u), cast(&s, RF_IR_U64, number(&s, INT64_MAX - 1))));
    assert_becomes(&s, "  u.1 = (x.1 as u64) - 1:u64\n"
                      "  *(i64 *)(p.1 + 0) = (u.1 < (x.1 as u64)) as i64\n"
                      "  guard x.1 >= 1 to b2 else x1\n"
                      "b2: from b0\n"
                      "  u.2 = (x.1 as u64) - 1:u64\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  return 1\n");
}

/* ---- conditions ---- */

static void a_bool_tells_what_it_was_assigned(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *yes = block(&s), *no = block(&s);
    rf_ir_place *is_less = variable(&s, RF_IR_BOOL, "is_less");
    assign(&s, is_less, with(&s, s.x, RF_IR_LT, 10));
    branch(&s, of(&s, is_less), yes, no);
    result_if(&s, with(&s, s.x, RF_IR_LT, 10));
    result_if(&s, with(&s, s.x, RF_IR_LT, 9));
    result_if(&s, of(&s, is_less));
    jump(&s, s.exit);
    s.at = no;
    result_if(&s, with(&s, s.x, RF_IR_GE, 10));
    result_if(&s, with(&s, s.x, RF_IR_GT, 10));
    result_if(&s, of(&s, is_less));
    assert_becomes(&s, "  is_less.1 = x.1 < 10\n"
                      "  branch is_less.1 to b2 else b3\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = (x.1 < 9) as i64\n"
                      "  *(i64 *)(p.1 + 16) = 1\n"
                      "  jump to x1\n"
                      "b3: from b0\n"
                      "  *(i64 *)(p.1 + 24) = 1\n"
                      "  *(i64 *)(p.1 + 32) = (x.1 > 10) as i64\n"
                      "  *(i64 *)(p.1 + 40) = 0\n"
                      "  return 1\n");
}

static void a_bool_in_an_int_tells_what_it_was_assigned(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *is_less = variable(&s, RF_IR_I64, "is_less");
    assign(&s, is_less, cast(&s, RF_IR_I64, with(&s, s.x, RF_IR_LT, 10)));
    guard(&s, with(&s, is_less, RF_IR_NE, 0));
    result_if(&s, with(&s, s.x, RF_IR_LT, 10));
    guard(&s, with(&s, is_less, RF_IR_EQ, 1));
    assert_becomes(&s, "  is_less.1 = (x.1 < 10) as i64\n"
                      "  guard is_less.1 != 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  jump to b3\n"
                      "b3: from b2\n"
                      "  return 1\n");
}

static void parts_of_conditions_tell(void **state)
{
    (void)state;
    sample s = begin();
    expr is_known = binary(&s, RF_IR_BOTH, with(&s, s.x, RF_IR_GE, 0),
                           rf_ir_unary(s.f, RF_IR_NOT, RF_IR_BOOL, binary(&s, RF_IR_EITHER, with(&s, s.x, RF_IR_GT, 5), with(&s, s.y, RF_IR_LE, 7))));
    guard(&s, rf_ir_unary(s.f, RF_IR_LIKELY, RF_IR_BOOL, is_known));
    result_if(&s, with(&s, s.x, RF_IR_GE, 0));
    result_if(&s, with(&s, s.x, RF_IR_LE, 5));
    result_if(&s, with(&s, s.y, RF_IR_GT, 7));
    result_if(&s, with(&s, s.x, RF_IR_LE, 4));
    assert_becomes(&s, "  guard likely((x.1 >= 0) && !((x.1 > 5) || (y.1 <= 7))) to b2 else x1\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  *(i64 *)(p.1 + 16) = 1\n"
                      "  *(i64 *)(p.1 + 24) = (x.1 <= 4) as i64\n"
                      "  return 1\n");
}

static void of_parts_that_do_not_all_hold_the_unknown_one_fails(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *both = block(&s), *not_both = block(&s);
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    branch(&s, binary(&s, RF_IR_BOTH, with(&s, s.y, RF_IR_GE, 0), with(&s, s.y, RF_IR_LT, 10)), both, not_both);
    jump(&s, s.exit);
    s.at = not_both;
    result_if(&s, with(&s, s.y, RF_IR_LT, 10));
    guard(&s, with(&s, s.y, RF_IR_GE, 0));
    result_if(&s, with(&s, s.y, RF_IR_LT, 10));
    assert_becomes(&s, "  guard x.1 >= 0 to b4 else x1\n"
                      "b4: from b0\n"
                      "  branch (y.1 >= 0) && (y.1 < 10) to b2 else b3\n"
                      "b2: from b4\n"
                      "  jump to x1\n"
                      "b3: from b4\n"
                      "  *(i64 *)(p.1 + 0) = (y.1 < 10) as i64\n"
                      "  guard y.1 >= 0 to b5 else x1\n"
                      "b5: from b3\n"
                      "  *(i64 *)(p.1 + 8) = (y.1 < 10) as i64\n"
                      "  return 1\n");
}

static void what_is_unequal_to_an_end_is_beyond_it(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    guard(&s, with(&s, s.x, RF_IR_NE, 0));
    guard(&s, with(&s, s.x, RF_IR_NE, 5));
    result_if(&s, with(&s, s.x, RF_IR_GT, 0));
    result_if(&s, with(&s, s.x, RF_IR_GT, 1));
    result_if(&s, with(&s, s.x, RF_IR_GT, 5));
    assert_becomes(&s, "  guard x.1 >= 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 != 0 to b3 else x1\n"
                      "b3: from b2\n"
                      "  guard x.1 != 5 to b4 else x1\n"
                      "b4: from b3\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = (x.1 > 1) as i64\n"
                      "  *(i64 *)(p.1 + 16) = (x.1 > 5) as i64\n"
                      "  return 1\n");
}

static void an_unsigned_comparison_bounds_both_ends(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.x), number(&s, 100)));
    result_if(&s, with(&s, s.x, RF_IR_GE, 0));
    result_if(&s, with(&s, s.x, RF_IR_LE, 99));
    result_if(&s, with(&s, s.x, RF_IR_LE, 98));
    assert_becomes(&s, "  guard (x.1 as u64) < 100:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  *(i64 *)(p.1 + 16) = (x.1 <= 98) as i64\n"
                      "  return 1\n");
}

static void an_unsigned_comparison_with_what_may_be_negative_bounds_nothing(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    result_if(&s, with(&s, s.x, RF_IR_GE, 0));
    guard(&s, with(&s, s.y, RF_IR_GE, 0));
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    result_if(&s, with(&s, s.x, RF_IR_GE, 0));
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    assert_becomes(&s, "  guard (x.1 as u64) < (y.1 as u64) to b2 else x1\n"
                      "b2: from b0\n"
                      "  *(i64 *)(p.1 + 0) = (x.1 >= 0) as i64\n"
                      "  guard y.1 >= 0 to b3 else x1\n"
                      "b3: from b2\n"
                      "  guard (x.1 as u64) < (y.1 as u64) to b4 else x1\n"
                      "b4: from b3\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  *(i64 *)(p.1 + 16) = 1\n"
                      "  return 1\n");
}

static void ways_that_cannot_be_gone_bring_nothing(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *yes = block(&s), *no = block(&s), *next = block(&s);
    rf_ir_place *t = variable(&s, RF_IR_I64, "t");
    guard(&s, with(&s, s.x, RF_IR_GE, 3));
    branch(&s, with(&s, s.x, RF_IR_GE, 2), yes, no);
    assign(&s, t, number(&s, 1));
    jump(&s, next);
    s.at = no;
    assign(&s, t, number(&s, 2));
    jump(&s, next);
    result(&s, of(&s, t));
    assert_becomes(&s, "  guard x.1 >= 3 to b5 else x1\n"
                      "b5: from b0\n"
                      "  jump to b2\n"
                      "b2: from b5\n"
                      "  t.1 = 1\n"
                      "  jump to b4\n"
                      "b4: from b2\n"
                      "  t.3 = phi t.1 b2\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  return 1\n");
}

static void what_meets_is_joined(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *yes = block(&s), *no = block(&s), *next = block(&s);
    rf_ir_place *t = variable(&s, RF_IR_I64, "t");
    branch(&s, with(&s, s.x, RF_IR_LT, 0), yes, no);
    assign(&s, t, number(&s, 0));
    jump(&s, next);
    s.at = no;
    assign(&s, t, of(&s, s.x));
    jump(&s, next);
    result_if(&s, with(&s, t, RF_IR_GE, 0));
    result_if(&s, with(&s, s.x, RF_IR_GE, 0));
    assert_becomes(&s, "  branch x.1 < 0 to b2 else b3\n"
                      "b2: from b0\n"
                      "  t.1 = 0\n"
                      "  jump to b4\n"
                      "b3: from b0\n"
                      "  t.2 = x.1\n"
                      "  jump to b4\n"
                      "b4: from b2 b3\n"
                      "  t.3 = phi t.1 b2, t.2 b3\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = (x.1 >= 0) as i64\n"
                      "  return 1\n");
}

static void loads_are_in_the_range_of_their_type(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *t = variable(&s, RF_IR_I64, "t");
    assign(&s, t, cast(&s, RF_IR_I64, of(&s, rf_ir_memory(s.f, of(&s, s.p), 0, RF_IR_U8))));
    result_if(&s, with(&s, t, RF_IR_LE, 255));
    result_if(&s, with(&s, t, RF_IR_LE, 254));
    result_if(&s, with(&s, t, RF_IR_GE, 0));
    assert_becomes(&s, "  t.1 = *(u8 *)(p.1 + 0) as i64\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = (t.1 <= 254) as i64\n"
                      "  *(i64 *)(p.1 + 16) = 1\n"
                      "  return 1\n");
}

/* ---- divisions ---- */

static void what_is_not_negative_is_shifted(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    guard(&s, with(&s, s.y, RF_IR_GE, -1));
    result(&s, with(&s, s.x, RF_IR_DIV, 8));
    result(&s, with(&s, s.x, RF_IR_MOD, 8));
    result(&s, with(&s, s.x, RF_IR_DIV, 7));
    result(&s, with(&s, s.x, RF_IR_MOD, -8));
    result(&s, with(&s, s.y, RF_IR_DIV, 8));
    result(&s, with(&s, s.y, RF_IR_MOD, 8));
    assert_becomes(&s, "  guard x.1 >= 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard y.1 >= -1 to b3 else x1\n"
                      "b3: from b2\n"
                      "  *(i64 *)(p.1 + 0) = x.1 >> 3\n"
                      "  *(i64 *)(p.1 + 8) = x.1 & 7\n"
                      "  *(i64 *)(p.1 + 16) = x.1 / 7\n"
                      "  *(i64 *)(p.1 + 24) = x.1 % -8\n"
                      "  *(i64 *)(p.1 + 32) = y.1 / 8\n"
                      "  *(i64 *)(p.1 + 40) = y.1 % 8\n"
                      "  return 1\n");
}

static void remainders_of_less_than_the_divisor_are_what_was_divided(void **state)
{
    (void)state;
    sample s = begin();
    guard_up_to(&s, s.x, 9);
    guard(&s, with(&s, s.y, RF_IR_GT, 9));
    result(&s, binary(&s, RF_IR_MOD, of(&s, s.x), of(&s, s.y)));
    result(&s, binary(&s, RF_IR_DIV, of(&s, s.x), of(&s, s.y)));
    result(&s, with(&s, s.x, RF_IR_MOD, 9));
    assert_becomes(&s, "  guard (x.1 as u64) <= 9:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard y.1 > 9 to b3 else x1\n"
                      "b3: from b2\n"
                      "  *(i64 *)(p.1 + 0) = x.1\n"
                      "  *(i64 *)(p.1 + 8) = 0\n"
                      "  *(i64 *)(p.1 + 16) = x.1 % 9\n"
                      "  return 1\n");
}

static void divisors_that_are_known_need_no_guards(void **state)
{
    (void)state;
    sample s = begin();
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    guard(&s, with(&s, s.x, RF_IR_NE, 0));
    guard(&s, with(&s, s.x, RF_IR_NE, -1));
    result(&s, binary(&s, RF_IR_DIV, of(&s, s.y), of(&s, s.x)));
    guard(&s, with(&s, s.x, RF_IR_NE, 0));
    guard(&s, with(&s, s.y, RF_IR_NE, 0));
    guard(&s, with(&s, s.y, RF_IR_NE, -1));
    result(&s, binary(&s, RF_IR_DIV, of(&s, s.x), of(&s, s.y)));
    assert_becomes(&s, "  guard x.1 >= 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 != 0 to b3 else x1\n"
                      "b3: from b2\n"
                      "  jump to b4\n"
                      "b4: from b3\n"
                      "  *(i64 *)(p.1 + 0) = y.1 / x.1\n"
                      "  jump to b5\n"
                      "b5: from b4\n"
                      "  guard y.1 != 0 to b6 else x1\n"
                      "b6: from b5\n"
                      "  guard y.1 != -1 to b7 else x1\n"
                      "b7: from b6\n"
                      "  *(i64 *)(p.1 + 8) = x.1 / y.1\n"
                      "  return 1\n");
}

/* As the translator divides by a constant: by multiplication what is not negative nor very large. */
static rf_ir_place *divided(sample *s, rf_ir_op op, expr x, int64_t divisor, int64_t error)
{
    const unsigned shift = 63 - (unsigned)__builtin_clzll((uint64_t)divisor);
    const int64_t magic = (int64_t)(((ir_wide)1 << (63 + shift)) / divisor) + 1 + error;
    rf_ir_place *quotient = variable(s, RF_IR_I64, "quotient"), *r = variable(s, RF_IR_I64, "r");
    rf_ir_block *plain = block(s), *other = block(s), *next = block(s);
    branch(s, rf_ir_unary(s->f, RF_IR_LIKELY, RF_IR_BOOL, unsigned_of(s, RF_IR_LT, x, number(s, INT64_C(1) << 62))), plain, other);
    expr product = binary(s, RF_IR_MUL, cast(s, RF_IR_I128, x), cast(s, RF_IR_I128, number(s, magic)));
    assign(s, quotient, cast(s, RF_IR_I64, binary(s, RF_IR_SHR, product, cast(s, RF_IR_I128, number(s, 63 + shift)))));
    expr last = of(s, quotient);
    if (op == RF_IR_MOD) last = cast(s, RF_IR_I64, cast(s, RF_IR_U32, binary(s, RF_IR_SUB, x, with(s, quotient, RF_IR_MUL, divisor))));
    assign(s, r, last);
    jump(s, next);
    s->at = other;
    assign(s, r, binary(s, op, x, number(s, divisor)));
    jump(s, next);
    return r;
}

static void small_dividends_need_no_other_division(void **state)
{
    (void)state;
    sample s = begin();
    guard_up_to(&s, s.x, (INT64_C(1) << 62) - 1);
    guard_up_to(&s, s.y, INT64_C(1) << 62);
    rf_ir_place *short_one = divided(&s, RF_IR_DIV, of(&s, s.x), 10, 0), *long_one = divided(&s, RF_IR_DIV, of(&s, s.y), 10, 0);
    result_if(&s, with(&s, short_one, RF_IR_LE, (INT64_C(1) << 62) / 10));
    result(&s, of(&s, long_one));
    assert_becomes(&s, "  guard (x.1 as u64) <= 4611686018427387903:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard (y.1 as u64) <= 4611686018427387904:u64 to b3 else x1\n"
                      "b3: from b2\n"
                      "  jump to b4\n"
                      "b4: from b3\n"
                      "  quotient:3.1 = (((x.1 as i128) * (7378697629483820647 as i128)) >> (66 as i128)) as i64\n"
                      "  r:4.1 = quotient:3.1\n"
                      "  jump to b6\n"
                      "b6: from b4\n"
                      "  r:4.3 = phi r:4.1 b4\n"
                      "  branch likely((y.1 as u64) < 4611686018427387904:u64) to b7 else b8\n"
                      "b7: from b6\n"
                      "  quotient:5.1 = (((y.1 as i128) * (7378697629483820647 as i128)) >> (66 as i128)) as i64\n"
                      "  r:6.1 = quotient:5.1\n"
                      "  jump to b9\n"
                      "b8: from b6\n"
                      "  r:6.2 = 461168601842738790\n"
                      "  jump to b9\n"
                      "b9: from b7 b8\n"
                      "  r:6.3 = phi r:6.1 b7, r:6.2 b8\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = r:6.3\n"
                      "  return 1\n");
}

static void remainders_by_multiplication_are_below_the_divisor(void **state)
{
    (void)state;
    sample s = begin();
    guard_up_to(&s, s.x, (INT64_C(1) << 62) - 1);
    rf_ir_place *r = divided(&s, RF_IR_MOD, of(&s, s.x), 10, 0);
    result_if(&s, with(&s, r, RF_IR_LE, 9));
    result_if(&s, with(&s, r, RF_IR_GE, 0));
    result_if(&s, with(&s, r, RF_IR_LE, 8));
    assert_becomes(&s, "  guard (x.1 as u64) <= 4611686018427387903:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  jump to b3\n"
                      "b3: from b2\n"
                      "  quotient.1 = (((x.1 as i128) * (7378697629483820647 as i128)) >> (66 as i128)) as i64\n"
                      "  r.1 = ((x.1 - (quotient.1 * 10)) as u32) as i64\n"
                      "  jump to b5\n"
                      "b5: from b3\n"
                      "  r.3 = phi r.1 b3\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  *(i64 *)(p.1 + 8) = 1\n"
                      "  *(i64 *)(p.1 + 16) = (r.3 <= 8) as i64\n"
                      "  return 1\n");
}

static void what_is_multiplied_by_another_number_is_no_remainder(void **state)
{
    (void)state;
    sample s = begin();
    guard_up_to(&s, s.x, (INT64_C(1) << 62) - 1);
    rf_ir_place *r = divided(&s, RF_IR_MOD, of(&s, s.x), 10, 1 << 20);
    result_if(&s, with(&s, r, RF_IR_LE, 9));
    assert_becomes(&s, "  guard (x.1 as u64) <= 4611686018427387903:u64 to b2 else x1\n"
                      "b2: from b0\n"
                      "  jump to b3\n"
                      "b3: from b2\n"
                      "  quotient.1 = (((x.1 as i128) * (7378697629484869223 as i128)) >> (66 as i128)) as i64\n"
                      "  r.1 = ((x.1 - (quotient.1 * 10)) as u32) as i64\n"
                      "  jump to b5\n"
                      "b5: from b3\n"
                      "  r.3 = phi r.1 b3\n"
                      "  *(i64 *)(p.1 + 0) = (r.3 <= 9) as i64\n"
                      "  return 1\n");
}

/* acc = (acc * 31 + y) % 1000000007, as often as x tells */
static void remainders_stay_below_their_divisor(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *end = block(&s);
    rf_ir_place *acc = variable(&s, RF_IR_I64, "acc"), *t = variable(&s, RF_IR_I64, "t"), *sum = variable(&s, RF_IR_I64, "sum");
    assign(&s, acc, number(&s, 7));
    guard_up_to(&s, s.y, INT32_MAX);
    jump(&s, head);
    branch(&s, with(&s, s.x, RF_IR_NE, 0), turn, end);
    assign(&s, s.x, with(&s, s.x, RF_IR_SUB, 1));
    checked(&s, t, RF_IR_MUL, of(&s, acc), number(&s, 31));
    checked(&s, sum, RF_IR_ADD, of(&s, t), of(&s, s.y));
    assign(&s, acc, of(&s, divided(&s, RF_IR_MOD, of(&s, sum), 1000000007, 0)));
    jump(&s, head);
    s.at = end;
    result(&s, of(&s, acc));
    assert_becomes(&s, "  acc.1 = 7\n"
                      "  guard (y.1 as u64) <= 2147483647:u64 to b5 else x1\n"
                      "b5: from b0\n"
                      "  jump to b2\n"
                      "b2: from b5 b10\n"
                      "  x.2 = phi x.1 b5, x.3 b10\n"
                      "  acc.2 = phi acc.1 b5, acc.3 b10\n"
                      "  branch x.2 != 0 to b3 else b4\n"
                      "b3: from b2\n"
                      "  x.3 = x.2 - 1\n"
                      "  t.1 = acc.2 * 31\n"
                      "  jump to b6\n"
                      "b6: from b3\n"
                      "  sum.1 = t.1 + y.1\n"
                      "  jump to b7\n"
                      "b7: from b6\n"
                      "  jump to b8\n"
                      "b8: from b7\n"
                      "  quotient.1 = (((sum.1 as i128) * (4951760122479200243 as i128)) >> (92 as i128)) as i64\n"
                      "  r.1 = ((sum.1 - (quotient.1 * 1000000007)) as u32) as i64\n"
                      "  jump to b10\n"
                      "b10: from b8\n"
                      "  r.3 = phi r.1 b8\n"
                      "  acc.3 = r.3\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  *(i64 *)(p.1 + 0) = acc.2\n"
                      "  return 1\n");
}

/* x / d where 0 <= x <= hi, behind the pass. */
static int64_t quotient_behind(int64_t x, int64_t hi, int64_t d, bool *is_wide)
{
    sample s = begin();
    int64_t stored = -1;
    guard_up_to(&s, s.x, hi);
    rf_ir_place *r = divided(&s, RF_IR_DIV, of(&s, s.x), d, 0);
    result(&s, of(&s, r));
    rf_ir_return(s.f, s.at, 0, number(&s, 1));
    rf_ir_ssa(s.f);
    rf_ir_ranges(s.f);
    assert_null(rf_ir_verify(s.f));
    rf_buffer text = RF_BUFFER_INIT;
    rf_ir_print(s.f, &text);
    rf_buffer_append(&text, "", 1);
    *is_wide = strstr(text.data, "(x.1 as i128) *") != NULL;
    rf_buffer_release(&text);
    const ir_number args[] = {ir_int(x), ir_int(0), ir_pointer(&stored)};
    assert_int_equal(ir_eval(s.f, args, IR_BY_VARIABLES).end, IR_RETURNED);
    rf_ir_unit_release(&s.unit);
    return stored;
}

static void quotients_of_31_bits_take_64(void **state)
{
    (void)state;
    static const int64_t divisors[] = {3, 5, 6, 7, 10, 11, 13, 100, 641, 997, 65535, 65537, 1000003, 1000000007, 2147483646, 2147483647, 4294967295};
    bool is_wide;
    for (size_t i = 0; i < sizeof divisors / sizeof *divisors; i++) {
        const int64_t d = divisors[i], most = INT32_MAX / d * d;
        const int64_t dividends[] = {0, 1, d - 1, d, d + 1, 2 * d - 1, most - 1, most, INT32_MAX - 1, INT32_MAX};
        for (size_t k = 0; k < sizeof dividends / sizeof *dividends; k++) {
            if (dividends[k] < 0 || dividends[k] > INT32_MAX) continue;
            assert_int_equal(quotient_behind(dividends[k], INT32_MAX, d, &is_wide), dividends[k] / d);
            assert_false(is_wide);
        }
    }
    assert_int_equal(quotient_behind(INT64_C(1) << 31, INT64_C(1) << 31, 7, &is_wide), (INT64_C(1) << 31) / 7);
    assert_true(is_wide);
}

/* Two bounds that leave, 0 <= x <= y known or not; between them `between`. */
typedef enum between { NOTHING, A_LOAD, A_JUMP, A_STORE, A_CALL, ANOTHER_Y, ANOTHER_LENGTH } between;

static unsigned bounds_behind(int64_t least, bool is_ordered, between what)
{
    sample s = begin();
    rf_ir_place *n = variable(&s, RF_IR_I64, "n"), *z = variable(&s, RF_IR_I64, "z");
    rf_ir_block *apart = block(&s);
    assign(&s, n, of(&s, s.y));
    assign(&s, s.y, rf_ir_value_of(s.f, rf_ir_memory(s.f, of(&s, s.p), 0, RF_IR_I64)));
    guard(&s, binary(&s, RF_IR_GE, of(&s, s.x), number(&s, least)));
    if (is_ordered) guard(&s, binary(&s, RF_IR_LE, of(&s, s.x), of(&s, s.y)));
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.x), of(&s, n)));
    switch (what) {
    case A_LOAD: assign(&s, z, rf_ir_value_of(s.f, rf_ir_element(s.f, of(&s, s.p), of(&s, s.x)))); break;
    case A_JUMP: jump(&s, apart); break;
    case A_STORE: result(&s, of(&s, s.x)); break;
    case A_CALL: {
        rf_ir_expr *args[] = {rf_ir_int(s.f, RF_IR_POINTER, 0), number(&s, 1), number(&s, 0)};
        rf_ir_eval(s.f, s.at, 0, rf_ir_call_outside(s.f, RF_FN(deopt_self), 3, args));
        break;
    }
    case ANOTHER_Y: assign(&s, s.y, with(&s, s.y, RF_IR_ADD, 1)); break;
    case ANOTHER_LENGTH: assign(&s, n, rf_ir_value_of(s.f, rf_ir_memory(s.f, of(&s, s.p), 8, RF_IR_I64))); break;
    default: break;
    }
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.y), of(&s, n)));
    rf_ir_return(s.f, s.at, 0, number(&s, 1));
    rf_ir_ssa(s.f);
    rf_ir_ranges(s.f);
    assert_ir_sound(s.f);
    unsigned count = 0;
    for (uint32_t i = 0; i < s.f->reached_count; i++) {
        const rf_ir_statement *last = s.f->reached[i]->last;
        count += last->kind == RF_IR_GUARD && last->value->op == RF_IR_LT;
    }
    rf_ir_unit_release(&s.unit);
    return count;
}

static void of_two_bounds_the_higher_is_tested(void **state)
{
    (void)state;
    assert_int_equal(bounds_behind(0, true, NOTHING), 1);
    assert_int_equal(bounds_behind(5, true, A_LOAD), 1);
    assert_int_equal(bounds_behind(0, true, A_JUMP), 1);
    assert_int_equal(bounds_behind(-1, true, NOTHING), 2);
    assert_int_equal(bounds_behind(0, false, NOTHING), 2);
    assert_int_equal(bounds_behind(0, true, A_STORE), 2);
    assert_int_equal(bounds_behind(0, true, A_CALL), 2);
    assert_int_equal(bounds_behind(0, true, ANOTHER_Y), 2);
    assert_int_equal(bounds_behind(0, true, ANOTHER_LENGTH), 2);
}

static void the_higher_bound_leaves_where_the_lower_did(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *n = variable(&s, RF_IR_I64, "n"), *z = variable(&s, RF_IR_I64, "z");
    rf_ir_block *next = block(&s), *other = block(&s), *last = block(&s);
    assign(&s, n, rf_ir_value_of(s.f, rf_ir_memory(s.f, of(&s, s.p), 0, RF_IR_I64)));
    guard_up_to(&s, s.x, 9);
    guard(&s, binary(&s, RF_IR_LE, of(&s, s.x), of(&s, s.y)));
    rf_ir_guard(s.f, s.at, 0, unsigned_of(&s, RF_IR_LT, of(&s, s.x), of(&s, n)), next, other);
    s.at = next;
    assign(&s, z, rf_ir_value_of(s.f, rf_ir_element(s.f, of(&s, s.p), of(&s, s.x))));
    rf_ir_guard(s.f, s.at, 0, unsigned_of(&s, RF_IR_LT, of(&s, s.y), of(&s, n)), last, s.exit);
    s.at = last;
    other->is_exit = true;
    other->exit_pc = 3;
    rf_ir_return(s.f, other, 0, number(&s, 3));
    assert_becomes(&s, "  n.1 = *(i64 *)(p.1 + 0)\n"
                       "  guard (x.1 as u64) <= 9:u64 to b5 else x1\n"
                       "b5: from b0\n"
                       "  guard x.1 <= y.1 to b6 else x1\n"
                       "b6: from b5\n"
                       "  guard (y.1 as u64) < (n.1 as u64) to b2 else x3\n"
                       "b2: from b6\n"
                       "  z.1 = p.1[x.1]\n"
                       "  jump to b4\n"
                       "b4: from b2\n"
                       "  return 1\n"
                       "x3: from b6, exit 3 leaves\n"
                       "  return 3\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_below_the_limit_is_not_checked),
        cmocka_unit_test(a_sum_at_the_limit_is_checked),
        cmocka_unit_test(products_are_checked_from_the_root_of_the_limit_on),
        cmocka_unit_test(what_did_not_overflow_is_in_its_range),
        cmocka_unit_test(plain_sums_may_be_cut_off),
        cmocka_unit_test(unsigned_sums_may_be_cut_off),
        cmocka_unit_test(a_bool_tells_what_it_was_assigned),
        cmocka_unit_test(a_bool_in_an_int_tells_what_it_was_assigned),
        cmocka_unit_test(parts_of_conditions_tell),
        cmocka_unit_test(of_parts_that_do_not_all_hold_the_unknown_one_fails),
        cmocka_unit_test(what_is_unequal_to_an_end_is_beyond_it),
        cmocka_unit_test(an_unsigned_comparison_bounds_both_ends),
        cmocka_unit_test(an_unsigned_comparison_with_what_may_be_negative_bounds_nothing),
        cmocka_unit_test(ways_that_cannot_be_gone_bring_nothing),
        cmocka_unit_test(what_meets_is_joined),
        cmocka_unit_test(loads_are_in_the_range_of_their_type),
        cmocka_unit_test(what_is_not_negative_is_shifted),
        cmocka_unit_test(remainders_of_less_than_the_divisor_are_what_was_divided),
        cmocka_unit_test(divisors_that_are_known_need_no_guards),
        cmocka_unit_test(small_dividends_need_no_other_division),
        cmocka_unit_test(remainders_by_multiplication_are_below_the_divisor),
        cmocka_unit_test(what_is_multiplied_by_another_number_is_no_remainder),
        cmocka_unit_test(remainders_stay_below_their_divisor),
        cmocka_unit_test(quotients_of_31_bits_take_64),
        cmocka_unit_test(of_two_bounds_the_higher_is_tested),
        cmocka_unit_test(the_higher_bound_leaves_where_the_lower_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
