/* Arithmetic of intervals: what can come out of numbers in them is in the result. */
#include "support/ruff_test.h"

#include "base/base.h"
#include "jitc/ir_interval.h"

static const uint8_t types[] = {RF_IR_U8, RF_IR_U32, RF_IR_U64, RF_IR_I32, RF_IR_I64};
static const int64_t offsets[] = {-9, -3, -2, -1, 0, 1, 2, 7, 8};

enum { ENDS = 3 * RF_COUNT_OF(offsets) };

/* Numbers of the type, around 0 and around its ends; how many. */
static size_t numbers_of(uint8_t type, rf_wide numbers[ENDS])
{
    const rf_interval all = rf_interval_of_type(type);
    const rf_wide around[] = {all.lo, 0, all.hi};
    size_t count = 0;
    for (size_t i = 0; i < RF_COUNT_OF(around); i++)
        for (size_t k = 0; k < RF_COUNT_OF(offsets); k++) {
            const rf_wide n = around[i] + offsets[k];
            const bool is_new = !count || n > numbers[count - 1];
            if (is_new && n >= all.lo && n <= all.hi) numbers[count++] = n;
        }
    return count;
}

/* What the operation gives in the type, computed otherwise; false: it has no meaning. */
static bool compute(uint8_t op, uint8_t type, rf_wide a, rf_wide b, rf_wide *out)
{
    const rf_interval all = rf_interval_of_type(type);
    __extension__ typedef unsigned __int128 bits;
    bits r = 0;
    switch (op) {
    case RF_IR_ADD: r = (bits)a + (bits)b; break;
    case RF_IR_SUB: r = (bits)a - (bits)b; break;
    case RF_IR_MUL: r = (bits)a * (bits)b; break;
    case RF_IR_AND: r = (bits)(a & b); break;
    case RF_IR_OR: r = (bits)(a | b); break;
    case RF_IR_MIN: r = (bits)(a < b ? a : b); break;
    case RF_IR_DIV:
    case RF_IR_MOD:
        if (b == 0 || (b == -1 && a == all.lo)) return false;
        r = (bits)(op == RF_IR_DIV ? a / b : a % b);
        break;
    default:
        if (b < 0 || b >= 8) return false; /* shifts within each type */
        r = op == RF_IR_SHL ? (bits)a << b : (bits)(a >> b);
    }
    r &= (bits)(all.hi - all.lo); /* what the type has of it */
    *out = (rf_wide)r > all.hi ? (rf_wide)r - (all.hi - all.lo) - 1 : (rf_wide)r;
    return true;
}

/* The numbers from a to b and from c to d. */
static void check(uint8_t op, uint8_t type, const rf_wide *n, size_t a, size_t b, size_t c, size_t d)
{
    const rf_interval r = rf_interval_binary(op, type, (rf_interval){n[a], n[b]}, (rf_interval){n[c], n[d]});
    for (size_t i = a; i <= b; i++)
        for (size_t k = c; k <= d; k++) {
            rf_wide out;
            if (!compute(op, type, n[i], n[k], &out)) continue;
            if (out < r.lo || out > r.hi) fail_msg("operation %d of type %d: %d..%d, %d..%d", op, type, (int)a, (int)b, (int)c, (int)d);
        }
}

static void results_are_in_the_interval(void **state)
{
    (void)state;
    for (size_t t = 0; t < RF_COUNT_OF(types); t++)
        for (uint8_t op = RF_IR_ADD; op <= RF_IR_MIN; op++) {
            rf_wide n[ENDS];
            const size_t count = numbers_of(types[t], n);
            for (size_t a = 0; a < count; a++)
                for (size_t b = a; b < count && b < a + 6; b++)
                    for (size_t c = 0; c < count; c++)
                        for (size_t d = c; d < count && d < c + 6; d++) check(op, types[t], n, a, b, c, d);
        }
}

static void comparisons_are_known_where_all_numbers_agree(void **state)
{
    (void)state;
    for (int a = 0; a < 4; a++)
        for (int b = a; b < 4; b++)
            for (int c = 0; c < 4; c++)
                for (int d = c; d < 4; d++)
                    for (uint8_t op = RF_IR_EQ; op <= RF_IR_GE; op++) {
                        rf_interval expected = RF_INTERVAL_EMPTY;
                        for (int x = a; x <= b; x++)
                            for (int y = c; y <= d; y++) {
                                const bool all[] = {x == y, x != y, x < y, x <= y, x > y, x >= y};
                                expected = rf_interval_join(expected, rf_interval_one(all[op - RF_IR_EQ]));
                            }
                        const rf_interval r = rf_interval_compare(op, (rf_interval){a, b}, (rf_interval){c, d});
                        assert_true(r.lo == expected.lo && r.hi == expected.hi);
                    }
}

static void what_is_cut_off_stays_in_one_piece_or_is_anything(void **state)
{
    (void)state;
    const rf_interval beyond = {(rf_wide)INT64_MAX + 1, (rf_wide)INT64_MAX + 3}, over_the_end = {INT64_MAX, (rf_wide)INT64_MAX + 1};
    const rf_interval a = rf_interval_wrap(RF_IR_I64, beyond), b = rf_interval_wrap(RF_IR_I64, over_the_end),
                      c = rf_interval_wrap(RF_IR_U8, (rf_interval){-1, -1});
    assert_true(a.lo == INT64_MIN && a.hi == INT64_MIN + 2);
    assert_true(b.lo == INT64_MIN && b.hi == INT64_MAX);
    assert_true(rf_interval_is(c, 255));
}

static void products_too_large_to_be_written_are_anything(void **state)
{
    (void)state;
    const rf_interval all = rf_interval_of_type(RF_IR_U64), r = rf_interval_exact(RF_IR_MUL, all, all);
    assert_true(r.lo == RF_WIDE_MIN && r.hi == RF_WIDE_MAX);
}

static void widening_ends(void **state)
{
    (void)state;
    rf_interval r = {100, 100};
    unsigned moves = 0;
    for (rf_wide n = 100; n > -1000; n--) {
        const rf_interval now = rf_interval_join(r, (rf_interval){n, 200 - n});
        if (rf_interval_has(r, now)) continue;
        r = rf_interval_widen(RF_IR_I64, r, now);
        assert_true(rf_interval_has(r, now));
        moves++;
    }
    assert_in_range(moves, 1, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_in_the_interval),
        cmocka_unit_test(comparisons_are_known_where_all_numbers_agree),
        cmocka_unit_test(what_is_cut_off_stays_in_one_piece_or_is_anything),
        cmocka_unit_test(products_too_large_to_be_written_are_anything),
        cmocka_unit_test(widening_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
