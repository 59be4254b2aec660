/* Worked out by hand. */
#include "stats/outliers.h"

#include "support/ruff_test.h"

/* Quartiles of 1..9 are 3 and 7, so mild begins beyond -3 and 13, severe beyond -9 and 19. */
static void fences_are_tukeys(void **state)
{
    (void)state;
    const double none[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    assert_int_equal(stats_find_outliers(none, 9).mild, 0);
    const double wild[] = {5, 1, 2, 3, 4, 6, 7, 8, 16, 40, -30};
    /* sorted -30 1 2 3 4 5 6 7 8 16 40: q1 2.5, q3 7.5, mild beyond -5, 15, severe beyond
     * -12.5, 22.5 */
    stats_outliers found = stats_find_outliers(wild, 11);
    assert_int_equal(found.mild, 1);
    assert_int_equal(found.severe, 2);
    /* median 5, MAD 3: modified z of 16 is 2.47, of 40 and -30 7.87 */
    assert_int_equal(found.modified_z, 2);
    assert_false(found.first);
}

static void a_slow_first_process_is_noted(void **state)
{
    (void)state;
    const double y[] = {9, 1.0, 1.1, 0.9, 1.05, 0.95, 1.02};
    assert_true(stats_find_outliers(y, 7).first);
}

static void constant_and_tiny_samples_have_none(void **state)
{
    (void)state;
    const double flat[] = {2, 2, 2, 2, 2}, tiny[] = {1, 2, 99};
    assert_int_equal(stats_find_outliers(flat, 5).severe, 0);
    assert_int_equal(stats_find_outliers(flat, 5).modified_z, 0);
    assert_int_equal(stats_find_outliers(tiny, 3).severe, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fences_are_tukeys),
        cmocka_unit_test(a_slow_first_process_is_noted),
        cmocka_unit_test(constant_and_tiny_samples_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
