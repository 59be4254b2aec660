/* What ints can be in loops, and what that makes needless there. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_sample.h"

/* while (x != 1) x = x % 2 == 0 ? x / 2 : 3 * x + 1 */
static void what_begins_positive_stays_so(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *even = block(&s), *odd = block(&s), *end = block(&s);
    rf_ir_place *t = variable(&s, RF_IR_I64, "t");
    guard(&s, with(&s, s.x, RF_IR_GE, 1));
    jump(&s, head);
    branch(&s, with(&s, s.x, RF_IR_NE, 1), turn, end);
    branch(&s, binary(&s, RF_IR_EQ, with(&s, s.x, RF_IR_MOD, 2), number(&s, 0)), even, odd);
    assign(&s, s.x, with(&s, s.x, RF_IR_DIV, 2));
    jump(&s, head);
    s.at = odd;
    checked(&s, t, RF_IR_MUL, number(&s, 3), of(&s, s.x));
    checked(&s, s.x, RF_IR_ADD, of(&s, t), number(&s, 1));
    jump(&s, head);
    s.at = end;
    assert_becomes(&s, "  guard x.1 >= 1 to b7 else x1\n"
                      "b7: from b0\n"
                      "  jump to b2\n"
                      "b2: from b7 b4 b9\n"
                      "  x.2 = phi x.1 b7, x.3 b4, x.4 b9\n"
                      "  branch x.2 != 1 to b3 else b6\n"
                      "b3: from b2\n"
                      "  branch (x.2 & 1) == 0 to b4 else b5\n"
                      "b4: from b3\n"
                      "  x.3 = x.2 >> 1\n"
                      "  jump to b2\n"
                      "b5: from b3\n"
                      "  t.1 = checked 3 * x.2 to b8 else x1\n"
                      "b8: from b5\n"
                      "  x.4 = checked t.1 + 1 to b9 else x1\n"
                      "b9: from b8\n"
                      "  jump to b2\n"
                      "b6: from b2\n"
                      "  return 1\n");
}

static rf_ir_place *length_at(sample *s, uint64_t offset)
{
    rf_ir_place *length = variable(s, RF_IR_I64, "length");
    assign(s, length, cast(s, RF_IR_I64, of(s, rf_ir_memory(s->f, of(s, s->p), offset, RF_IR_U32))));
    return length;
}
static void guard_index(sample *s, expr index, rf_ir_place *length)
{
    guard(s, unsigned_of(s, RF_IR_LT, index, of(s, length)));
}

/* i = 0; while (i op length) { at[i + more]; i = i + 1 } */
static sample while_below(rf_ir_op op, int64_t more)
{
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *end = block(&s);
    rf_ir_place *length = length_at(&s, 0), *i = variable(&s, RF_IR_I64, "i");
    assign(&s, i, number(&s, 0));
    jump(&s, head);
    branch(&s, binary(&s, op, of(&s, i), of(&s, length)), turn, end);
    guard_index(&s, more ? with(&s, i, RF_IR_ADD, more) : of(&s, i), length);
    checked(&s, i, RF_IR_ADD, of(&s, i), number(&s, 1));
    jump(&s, head);
    s.at = end;
    return s;
}

static void an_index_below_the_length_needs_no_guard(void **state)
{
    (void)state;
    sample s = while_below(RF_IR_LT, 0);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  i.1 = 0\n"
                      "  jump to b2\n"
                      "b2: from b0 b6\n"
                      "  i.2 = phi i.1 b0, i.3 b6\n"
                      "  branch i.2 < length.1 to b3 else b4\n"
                      "b3: from b2\n"
                      "  jump to b5\n"
                      "b5: from b3\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b6\n"
                      "b6: from b5\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  return 1\n");
}

static void an_index_up_to_the_length_needs_one(void **state)
{
    (void)state;
    sample s = while_below(RF_IR_LE, 0);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  i.1 = 0\n"
                      "  jump to b2\n"
                      "b2: from b0 b6\n"
                      "  i.2 = phi i.1 b0, i.3 b6\n"
                      "  branch i.2 <= length.1 to b3 else b4\n"
                      "b3: from b2\n"
                      "  guard (i.2 as u64) < (length.1 as u64) to b5 else x1\n"
                      "b5: from b3\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b6\n"
                      "b6: from b5\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  return 1\n");
}

static void so_does_the_index_behind(void **state)
{
    (void)state;
    sample s = while_below(RF_IR_LT, 1);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  i.1 = 0\n"
                      "  jump to b2\n"
                      "b2: from b0 b6\n"
                      "  i.2 = phi i.1 b0, i.3 b6\n"
                      "  branch i.2 < length.1 to b3 else b4\n"
                      "b3: from b2\n"
                      "  guard ((i.2 + 1) as u64) < (length.1 as u64) to b5 else x1\n"
                      "b5: from b3\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b6\n"
                      "b6: from b5\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  return 1\n");
}

static void another_length_is_no_bound(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *length = length_at(&s, 0);
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    guard(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, length)));
    assign(&s, length, cast(&s, RF_IR_I64, of(&s, rf_ir_memory(s.f, of(&s, s.p), 8, RF_IR_U32))));
    guard_index(&s, of(&s, s.x), length);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  guard x.1 >= 0 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 < length.1 to b3 else x1\n"
                      "b3: from b2\n"
                      "  length.2 = *(u32 *)(p.1 + 8) as i64\n"
                      "  guard (x.1 as u64) < (length.2 as u64) to b4 else x1\n"
                      "b4: from b3\n"
                      "  return 1\n");
}

/* i = length; while (i > 0) { i = i - 1; at[i] } */
static void indices_from_the_length_down_need_no_guard(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *end = block(&s);
    rf_ir_place *length = length_at(&s, 0), *i = variable(&s, RF_IR_I64, "i");
    assign(&s, i, of(&s, length));
    jump(&s, head);
    branch(&s, with(&s, i, RF_IR_GT, 0), turn, end);
    checked(&s, i, RF_IR_SUB, of(&s, i), number(&s, 1));
    guard_index(&s, of(&s, i), length);
    jump(&s, head);
    s.at = end;
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  i.1 = length.1\n"
                      "  jump to b2\n"
                      "b2: from b0 b6\n"
                      "  i.2 = phi i.1 b0, i.3 b6\n"
                      "  branch i.2 > 0 to b3 else b4\n"
                      "b3: from b2\n"
                      "  i.3 = i.2 - 1\n"
                      "  jump to b5\n"
                      "b5: from b3\n"
                      "  jump to b6\n"
                      "b6: from b5\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  return 1\n");
}

/* for (i = x; i < min(y, length); i++) at[i], where x >= 0: behind that the index is beyond the length, or the loop ends. */
static void an_index_below_the_least_is_below_each(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *end = block(&s);
    rf_ir_place *length = length_at(&s, 0), *limit = variable(&s, RF_IR_I64, "limit");
    guard(&s, with(&s, s.x, RF_IR_GE, 0));
    assign(&s, limit, binary(&s, RF_IR_MIN, of(&s, s.y), of(&s, length)));
    jump(&s, head);
    branch(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, limit)), turn, end);
    guard_index(&s, of(&s, s.x), length);
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    assign(&s, s.x, with(&s, s.x, RF_IR_ADD, 1));
    jump(&s, head);
    s.at = end;
    result_if(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)));
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  guard x.1 >= 0 to b5 else x1\n"
                      "b5: from b0\n"
                      "  limit.1 = y.1 min length.1\n"
                      "  jump to b2\n"
                      "b2: from b5 b6\n"
                      "  x.2 = phi x.1 b5, x.3 b6\n"
                      "  branch x.2 < limit.1 to b3 else b4\n"
                      "b3: from b2\n"
                      "  jump to b6\n"
                      "b6: from b3\n"
                      "  *(i64 *)(p.1 + 0) = 1\n"
                      "  x.3 = x.2 + 1\n"
                      "  jump to b2\n"
                      "b4: from b2\n"
                      "  *(i64 *)(p.1 + 8) = (x.2 < y.1) as i64\n"
                      "  return 1\n");
}

/* for k in range(start, stop), as the translator writes it: begins a turn. */
typedef struct range_loop {
    rf_ir_place *i, *left, *k;
    rf_ir_block *head, *end;
} range_loop;

static range_loop begin_range(sample *s, expr start, expr stop, int64_t most)
{
    range_loop l = {.i = variable(s, RF_IR_I64, "i"), .left = variable(s, RF_IR_I64, "left"), .k = variable(s, RF_IR_I64, "k")};
    rf_ir_place *count = variable(s, RF_IR_I64, "count");
    rf_ir_block *some = block(s), *none = block(s), *next = block(s), *turn = block(s);
    l.head = block(s);
    l.end = block(s);
    branch(s, binary(s, RF_IR_LT, start, stop), some, none);
    assign(s, count, cast(s, RF_IR_I64, unsigned_of(s, RF_IR_SUB, stop, start)));
    jump(s, next);
    s->at = none;
    assign(s, count, number(s, 0));
    jump(s, next);
    guard_up_to(s, count, most);
    assign(s, l.i, start);
    assign(s, l.left, of(s, count));
    jump(s, l.head);
    branch(s, with(s, l.left, RF_IR_GT, 0), turn, l.end);
    assign(s, l.k, of(s, l.i));
    assign(s, l.left, with(s, l.left, RF_IR_SUB, 1));
    assign(s, l.i, cast(s, RF_IR_I64, unsigned_of(s, RF_IR_ADD, of(s, l.k), number(s, 1))));
    return l;
}
static void end_range(sample *s, range_loop l)
{
    jump(s, l.head);
    s->at = l.end;
}

static void indices_of_a_range_of_the_length_need_no_guard(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *length = length_at(&s, 0);
    const range_loop l = begin_range(&s, number(&s, 0), of(&s, length), INT32_MAX);
    guard_index(&s, of(&s, l.k), length);
    guard_index(&s, with(&s, l.k, RF_IR_ADD, 1), length);
    end_range(&s, l);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  branch 0 < length.1 to b2 else b3\n"
                      "b2: from b0\n"
                      "  count.1 = length.1\n"
                      "  jump to b4\n"
                      "b3: from b0\n"
                      "  count.2 = 0\n"
                      "  jump to b4\n"
                      "b4: from b2 b3\n"
                      "  count.3 = phi count.1 b2, count.2 b3\n"
                      "  guard (count.3 as u64) <= 2147483647:u64 to b8 else x1\n"
                      "b8: from b4\n"
                      "  i.1 = 0\n"
                      "  left.1 = count.3\n"
                      "  jump to b6\n"
                      "b6: from b8 b10\n"
                      "  i.2 = phi i.1 b8, i.3 b10\n"
                      "  left.2 = phi left.1 b8, left.3 b10\n"
                      "  branch left.2 > 0 to b5 else b7\n"
                      "b5: from b6\n"
                      "  k.1 = i.2\n"
                      "  left.3 = left.2 - 1\n"
                      "  i.3 = ((k.1 as u64) + 1:u64) as i64\n"
                      "  jump to b9\n"
                      "b9: from b5\n"
                      "  guard ((k.1 + 1) as u64) < (length.1 as u64) to b10 else x1\n"
                      "b10: from b9\n"
                      "  jump to b6\n"
                      "b7: from b6\n"
                      "  return 1\n");
}

static void so_do_those_of_a_range_that_begins_later(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *length = length_at(&s, 0);
    guard(&s, with(&s, s.x, RF_IR_GE, 1));
    guard(&s, with(&s, s.x, RF_IR_LE, 1000000));
    const range_loop l = begin_range(&s, of(&s, s.x), of(&s, length), INT32_MAX);
    guard_index(&s, of(&s, l.k), length);
    guard_index(&s, with(&s, l.k, RF_IR_SUB, 1), length);
    guard_index(&s, with(&s, l.k, RF_IR_SUB, 2), length);
    end_range(&s, l);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  guard x.1 >= 1 to b2 else x1\n"
                      "b2: from b0\n"
                      "  guard x.1 <= 1000000 to b3 else x1\n"
                      "b3: from b2\n"
                      "  branch x.1 < length.1 to b4 else b5\n"
                      "b4: from b3\n"
                      "  count.1 = ((length.1 as u64) - (x.1 as u64)) as i64\n"
                      "  jump to b6\n"
                      "b5: from b3\n"
                      "  count.2 = 0\n"
                      "  jump to b6\n"
                      "b6: from b4 b5\n"
                      "  count.3 = phi count.1 b4, count.2 b5\n"
                      "  guard (count.3 as u64) <= 2147483647:u64 to b10 else x1\n"
                      "b10: from b6\n"
                      "  i.1 = x.1\n"
                      "  left.1 = count.3\n"
                      "  jump to b8\n"
                      "b8: from b10 b13\n"
                      "  i.2 = phi i.1 b10, i.3 b13\n"
                      "  left.2 = phi left.1 b10, left.3 b13\n"
                      "  branch left.2 > 0 to b7 else b9\n"
                      "b7: from b8\n"
                      "  k.1 = i.2\n"
                      "  left.3 = left.2 - 1\n"
                      "  i.3 = ((k.1 as u64) + 1:u64) as i64\n"
                      "  jump to b11\n"
                      "b11: from b7\n"
                      "  jump to b12\n"
                      "b12: from b11\n"
                      "  guard ((k.1 - 2) as u64) < (length.1 as u64) to b13 else x1\n"
                      "b13: from b12\n"
                      "  jump to b8\n"
                      "b9: from b8\n"
                      "  return 1\n");
}

static void a_range_of_another_number_is_no_bound(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_place *length = length_at(&s, 0);
    const range_loop l = begin_range(&s, number(&s, 0), of(&s, s.x), INT32_MAX);
    guard_index(&s, of(&s, l.k), length);
    result(&s, with(&s, l.k, RF_IR_DIV, 2));
    checked(&s, s.y, RF_IR_MUL, of(&s, l.k), of(&s, l.k));
    end_range(&s, l);
    assert_becomes(&s, "  length.1 = *(u32 *)(p.1 + 0) as i64\n"
                      "  branch 0 < x.1 to b2 else b3\n"
                      "b2: from b0\n"
                      "  count.1 = x.1\n"
                      "  jump to b4\n"
                      "b3: from b0\n"
                      "  count.2 = 0\n"
                      "  jump to b4\n"
                      "b4: from b2 b3\n"
                      "  count.3 = phi count.1 b2, count.2 b3\n"
                      "  guard (count.3 as u64) <= 2147483647:u64 to b8 else x1\n"
                      "b8: from b4\n"
                      "  i.1 = 0\n"
                      "  left.1 = count.3\n"
                      "  jump to b6\n"
                      "b6: from b8 b10\n"
                      "  i.2 = phi i.1 b8, i.3 b10\n"
                      "  left.2 = phi left.1 b8, left.3 b10\n"
                      "  branch left.2 > 0 to b5 else b7\n"
                      "b5: from b6\n"
                      "  k.1 = i.2\n"
                      "  left.3 = left.2 - 1\n"
                      "  i.3 = ((k.1 as u64) + 1:u64) as i64\n"
                      "  guard (k.1 as u64) < (length.1 as u64) to b9 else x1\n"
                      "b9: from b5\n"
                      "  *(i64 *)(p.1 + 0) = k.1 >> 1\n"
                      "  y.2 = k.1 * k.1\n"
                      "  jump to b10\n"
                      "b10: from b9\n"
                      "  jump to b6\n"
                      "b7: from b6\n"
                      "  return 1\n");
}

/* sum of k * factor, in 2^31 - 1 turns at most */
static sample sum_of_range(int64_t factor)
{
    sample s = begin();
    rf_ir_place *sum = variable(&s, RF_IR_I64, "sum"), *t = variable(&s, RF_IR_I64, "t");
    assign(&s, sum, number(&s, 0));
    const range_loop l = begin_range(&s, number(&s, 0), of(&s, s.x), INT32_MAX);
    checked(&s, t, RF_IR_MUL, of(&s, l.k), number(&s, factor));
    checked(&s, sum, RF_IR_ADD, of(&s, sum), of(&s, t));
    end_range(&s, l);
    result(&s, of(&s, sum));
    return s;
}

static void sums_in_so_many_turns_do_not_overflow(void **state)
{
    (void)state;
    sample s = sum_of_range(2);
    assert_becomes(&s, "  sum.1 = 0\n"
                      "  branch 0 < x.1 to b2 else b3\n"
                      "b2: from b0\n"
                      "  count.1 = x.1\n"
                      "  jump to b4\n"
                      "b3: from b0\n"
                      "  count.2 = 0\n"
                      "  jump to b4\n"
                      "b4: from b2 b3\n"
                      "  count.3 = phi count.1 b2, count.2 b3\n"
                      "  guard (count.3 as u64) <= 2147483647:u64 to b8 else x1\n"
                      "b8: from b4\n"
                      "  i.1 = 0\n"
                      "  left.1 = count.3\n"
                      "  jump to b6\n"
                      "b6: from b8 b10\n"
                      "  sum.2 = phi sum.1 b8, sum.3 b10\n"
                      "  i.2 = phi i.1 b8, i.3 b10\n"
                      "  left.2 = phi left.1 b8, left.3 b10\n"
                      "  branch left.2 > 0 to b5 else b7\n"
                      "b5: from b6\n"
                      "  k.1 = i.2\n"
                      "  left.3 = left.2 - 1\n"
                      "  i.3 = ((k.1 as u64) + 1:u64) as i64\n"
                      "  t.1 = k.1 * 2\n"
                      "  jump to b9\n"
                      "b9: from b5\n"
                      "  sum.3 = sum.2 + t.1\n"
                      "  jump to b10\n"
                      "b10: from b9\n"
                      "  jump to b6\n"
                      "b7: from b6\n"
                      "  *(i64 *)(p.1 + 0) = sum.2\n"
                      "  return 1\n");
}

static void sums_that_may_be_larger_are_checked(void **state)
{
    (void)state;
    sample s = sum_of_range(3);
    assert_becomes(&s, "  sum.1 = 0\n"
                      "  branch 0 < x.1 to b2 else b3\n"
                      "b2: from b0\n"
                      "  count.1 = x.1\n"
                      "  jump to b4\n"
                      "b3: from b0\n"
                      "  count.2 = 0\n"
                      "  jump to b4\n"
                      "b4: from b2 b3\n"
                      "  count.3 = phi count.1 b2, count.2 b3\n"
                      "  guard (count.3 as u64) <= 2147483647:u64 to b8 else x1\n"
                      "b8: from b4\n"
                      "  i.1 = 0\n"
                      "  left.1 = count.3\n"
                      "  jump to b6\n"
                      "b6: from b8 b10\n"
                      "  sum.2 = phi sum.1 b8, sum.3 b10\n"
                      "  i.2 = phi i.1 b8, i.3 b10\n"
                      "  left.2 = phi left.1 b8, left.3 b10\n"
                      "  branch left.2 > 0 to b5 else b7\n"
                      "b5: from b6\n"
                      "  k.1 = i.2\n"
                      "  left.3 = left.2 - 1\n"
                      "  i.3 = ((k.1 as u64) + 1:u64) as i64\n"
                      "  t.1 = k.1 * 3\n"
                      "  jump to b9\n"
                      "b9: from b5\n"
                      "  sum.3 = checked sum.2 + t.1 to b10 else x1\n"
                      "b10: from b9\n"
                      "  jump to b6\n"
                      "b7: from b6\n"
                      "  *(i64 *)(p.1 + 0) = sum.2\n"
                      "  return 1\n");
}

/* for k in range(x) { for j in range(y) { sum = sum + by } }, up to `most` turns each */
static sample nested_sums(int64_t most, int64_t by)
{
    sample s = begin();
    rf_ir_place *sum = variable(&s, RF_IR_I64, "sum");
    assign(&s, sum, number(&s, 0));
    const range_loop outer = begin_range(&s, number(&s, 0), of(&s, s.x), most);
    const range_loop inner = begin_range(&s, number(&s, 0), of(&s, s.y), most);
    checked(&s, sum, RF_IR_ADD, of(&s, sum), number(&s, by));
    end_range(&s, inner);
    end_range(&s, outer);
    result(&s, of(&s, sum));
    return s;
}

static unsigned checks_left(sample *s)
{
    unsigned count = 0;
    rf_ir_return(s->f, s->at, 0, number(s, 1));
    rf_ir_ssa(s->f);
    rf_ir_ranges(s->f);
    assert_ir_sound(s->f);
    for (uint32_t i = 0; i < s->f->reached_count; i++) count += s->f->reached[i]->last->kind == RF_IR_CHECKED;
    rf_ir_unit_release(&s->unit);
    return count;
}

static void turns_of_inner_loops_are_counted_in_outer_ones(void **state)
{
    (void)state;
    sample s = nested_sums(1 << 20, (1 << 23) - 1);
    assert_int_equal(checks_left(&s), 0); /* 2^20 * 2^20 * (2^23 - 1) < 2^63 */
    s = nested_sums(1 << 20, 1 << 23);
    assert_int_equal(checks_left(&s), 1);
}

/* i = first; while (x != 0) { while (y != 0) { i = i + by; y = y - 1 } x = x - 1 }, where y may be negative */
static sample counted(int64_t first, int64_t by)
{
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *inner = block(&s), *again = block(&s), *next = block(&s), *end = block(&s);
    rf_ir_place *i = variable(&s, RF_IR_I64, "i");
    assign(&s, i, number(&s, first));
    jump(&s, head);
    branch(&s, with(&s, s.x, RF_IR_NE, 0), turn, end);
    jump(&s, inner);
    branch(&s, with(&s, s.y, RF_IR_NE, 0), again, next);
    checked(&s, i, RF_IR_ADD, of(&s, i), number(&s, by));
    assign(&s, s.y, with(&s, s.y, RF_IR_SUB, 1));
    jump(&s, inner);
    s.at = next;
    assign(&s, s.x, with(&s, s.x, RF_IR_SUB, 1));
    jump(&s, head);
    s.at = end;
    result(&s, of(&s, i));
    return s;
}

static void nobody_lives_to_see_a_count_overflow(void **state)
{
    (void)state;
    sample s = counted(0, 7);
    assert_int_equal(checks_left(&s), 0); /* in 2^60 additions */
    s = counted(0, 8);
    assert_int_equal(checks_left(&s), 1);
    s = counted(INT64_MAX - (INT64_C(1) << 60) - 1, 1);
    assert_int_equal(checks_left(&s), 0);
    s = counted(INT64_MAX - (INT64_C(1) << 60), 1);
    assert_int_equal(checks_left(&s), 1);
    s = counted(INT64_MIN + (INT64_C(1) << 60) + 1, -1);
    assert_int_equal(checks_left(&s), 0);
    s = counted(INT64_MIN + (INT64_C(1) << 60), -1);
    assert_int_equal(checks_left(&s), 1);
}

/* left = x < y ? y - x : none, which is at least that; for (i = x; left != 0; left--) { if (left > 0) is i < y known? i++ } */
static bool is_below(int64_t none)
{
    sample s = begin();
    rf_ir_block *some = block(&s), *other = block(&s), *head = block(&s), *turn = block(&s), *inside = block(&s), *next = block(&s),
                *chosen = block(&s), *end = block(&s);
    rf_ir_place *i = variable(&s, RF_IR_I64, "i"), *left = variable(&s, RF_IR_I64, "left"), *is = variable(&s, RF_IR_I64, "is");
    guard_up_to(&s, s.x, INT32_MAX);
    guard_up_to(&s, s.y, INT32_MAX);
    assign(&s, i, of(&s, s.x));
    branch(&s, binary(&s, RF_IR_LT, of(&s, s.x), of(&s, s.y)), some, other);
    assign(&s, left, binary(&s, RF_IR_SUB, of(&s, s.y), of(&s, s.x)));
    jump(&s, chosen);
    s.at = other;
    assign(&s, left, number(&s, none));
    jump(&s, chosen);
    guard(&s, with(&s, left, RF_IR_GE, none));
    jump(&s, head);
    branch(&s, with(&s, left, RF_IR_NE, 0), turn, end);
    branch(&s, with(&s, left, RF_IR_GT, 0), inside, next);
    assign(&s, is, cast(&s, RF_IR_I64, binary(&s, RF_IR_LT, of(&s, i), of(&s, s.y))));
    jump(&s, next);
    assign(&s, left, with(&s, left, RF_IR_SUB, 1));
    assign(&s, i, with(&s, i, RF_IR_ADD, 1));
    jump(&s, head);
    s.at = end;
    rf_ir_return(s.f, s.at, 0, number(&s, 1));
    rf_ir_ssa(s.f);
    rf_ir_ranges(s.f);
    assert_ir_sound(s.f);
    const bool is_known = inside->first->value->op == RF_IR_INT;
    rf_ir_unit_release(&s.unit);
    return is_known;
}

/* From the least int on it would be above 0 in the second turn. */
static void a_count_that_may_begin_negative_is_no_bound(void **state)
{
    (void)state;
    assert_true(is_below(0));
    assert_false(is_below(INT64_MIN));
}

/* left = x; for (i = 0; left != 0; left--) { if (left >= INT64_MAX - 5) is i <= 5? i++ }: not when it began with INT64_MIN + 100. */
static void turns_are_not_counted_across_the_end_of_ints(void **state)
{
    (void)state;
    sample s = begin();
    rf_ir_block *head = block(&s), *turn = block(&s), *inside = block(&s), *next = block(&s), *end = block(&s);
    rf_ir_place *i = variable(&s, RF_IR_I64, "i"), *is = variable(&s, RF_IR_I64, "is");
    assign(&s, i, number(&s, 0));
    jump(&s, head);
    branch(&s, with(&s, s.x, RF_IR_NE, 0), turn, end);
    branch(&s, with(&s, s.x, RF_IR_GE, INT64_MAX - 5), inside, next);
    assign(&s, is, cast(&s, RF_IR_I64, with(&s, i, RF_IR_LE, 5)));
    jump(&s, next);
    assign(&s, s.x, with(&s, s.x, RF_IR_SUB, 1));
    assign(&s, i, with(&s, i, RF_IR_ADD, 1));
    jump(&s, head);
    s.at = end;
    assert_becomes(&s, "  i.1 = 0\n"
                      "  jump to b2\n"
                      "b2: from b0 b5\n"
                      "  x.2 = phi x.1 b0, x.3 b5\n"
                      "  i.2 = phi i.1 b0, i.3 b5\n"
                      "  branch x.2 != 0 to b3 else b6\n"
                      "b3: from b2\n"
                      "  branch x.2 >= 9223372036854775802 to b4 else b5\n"
                      "b4: from b3\n"
                      "  is.1 = (i.2 <= 5) as i64\n"
                      "  jump to b5\n"
                      "b5: from b3 b4\n"
                      "  x.3 = x.2 - 1\n"
                      "  i.3 = i.2 + 1\n"
                      "  jump to b2\n"
                      "b6: from b2\n"
                      "  return 1\n");
}

/* C: limit = the least of y, n and, if it is looked at, the sign of x; for (i = x; i < limit; i += step) if ((u64)x >= (u64)n) leave;
 * is that asked? */
static bool start_is_tested(bool has_sign, bool has_length, int64_t step, bool goes_back)
{
    sample s = begin();
    rf_ir_place *n = variable(&s, RF_IR_I64, "n"), *limit = variable(&s, RF_IR_I64, "limit"), *i = variable(&s, RF_IR_I64, "i");
    rf_ir_block *head = block(&s), *turn = block(&s), *end = block(&s);
    assign(&s, n, cast(&s, RF_IR_I64, rf_ir_value_of(s.f, rf_ir_memory(s.f, of(&s, s.p), 0, RF_IR_U32))));
    expr sign = binary(&s, RF_IR_SHR, cast(&s, RF_IR_U64, of(&s, s.x)), rf_ir_int(s.f, RF_IR_U64, 63));
    sign = cast(&s, RF_IR_I64, binary(&s, RF_IR_ADD, sign, rf_ir_int(s.f, RF_IR_U64, INT64_MAX)));
    expr least = of(&s, s.y);
    if (has_length) least = binary(&s, RF_IR_MIN, least, of(&s, n));
    if (has_sign) least = binary(&s, RF_IR_MIN, least, sign);
    assign(&s, limit, least);
    assign(&s, i, of(&s, s.x));
    jump(&s, head);
    branch(&s, binary(&s, RF_IR_LT, of(&s, i), of(&s, limit)), turn, end);
    guard(&s, unsigned_of(&s, RF_IR_LT, of(&s, s.x), of(&s, n)));
    assign(&s, i, with(&s, i, RF_IR_ADD, step));
    if (goes_back) assign(&s, i, rf_ir_value_of(s.f, rf_ir_memory(s.f, of(&s, s.p), 8, RF_IR_I64)));
    jump(&s, head);
    rf_ir_return(s.f, end, 0, number(&s, 1));
    rf_ir_ssa(s.f);
    rf_ir_ranges(s.f);
    assert_ir_sound(s.f);
    bool is_tested = false;
    for (uint32_t k = 0; k < s.f->reached_count; k++) is_tested |= s.f->reached[k]->last->kind == RF_IR_GUARD;
    rf_ir_unit_release(&s.unit);
    return is_tested;
}

static void a_limit_tells_of_where_the_count_began(void **state)
{
    (void)state;
    assert_false(start_is_tested(true, true, 1, false));
    assert_true(start_is_tested(false, true, 1, false)); /* it may be negative */
    assert_true(start_is_tested(true, false, 1, false));
    assert_false(start_is_tested(true, true, 2, false)); /* up to a length nothing is cut off */
    assert_true(start_is_tested(true, true, -1, false));
    assert_true(start_is_tested(true, true, 1, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_begins_positive_stays_so),
        cmocka_unit_test(an_index_below_the_length_needs_no_guard),
        cmocka_unit_test(an_index_up_to_the_length_needs_one),
        cmocka_unit_test(so_does_the_index_behind),
        cmocka_unit_test(another_length_is_no_bound),
        cmocka_unit_test(indices_from_the_length_down_need_no_guard),
        cmocka_unit_test(an_index_below_the_least_is_below_each),
        cmocka_unit_test(indices_of_a_range_of_the_length_need_no_guard),
        cmocka_unit_test(so_do_those_of_a_range_that_begins_later),
        cmocka_unit_test(a_range_of_another_number_is_no_bound),
        cmocka_unit_test(sums_in_so_many_turns_do_not_overflow),
        cmocka_unit_test(sums_that_may_be_larger_are_checked),
        cmocka_unit_test(turns_of_inner_loops_are_counted_in_outer_ones),
        cmocka_unit_test(a_count_that_may_begin_negative_is_no_bound),
        cmocka_unit_test(turns_are_not_counted_across_the_end_of_ints),
        cmocka_unit_test(nobody_lives_to_see_a_count_overflow),
        cmocka_unit_test(a_limit_tells_of_where_the_count_began),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
