/* Reference: the published C source of splitmix64 (Vigna); its outputs for seeds 0 and 1234567 are
 * quoted in many implementations' tests. */
#include "stats/random.h"

#include "base/base.h"
#include "near.h"

static void outputs_are_those_of_splitmix64(void **state)
{
    (void)state;
    static const uint64_t zero[] = {UINT64_C(16294208416658607535), UINT64_C(7960286522194355700),
                                    UINT64_C(487617019471545679)};
    static const uint64_t other[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                     UINT64_C(9817491932198370423)};
    stats_random random;
    stats_random_init(&random, 0);
    for (size_t i = 0; i < 3; i++) assert_true(stats_random_next(&random) == zero[i]);
    stats_random_init(&random, 1234567);
    for (size_t i = 0; i < 3; i++) assert_true(stats_random_next(&random) == other[i]);
}

/* chi-square with 6 degrees: 22.5 is the 0.1 % point */
static void below_is_uniform_and_in_range(void **state)
{
    (void)state;
    stats_random random;
    double counts[7] = {0}, chi = 0;
    stats_random_init(&random, 9);
    for (int i = 0; i < 70000; i++) {
        uint64_t number = stats_random_below(&random, 7);
        assert_true(number < 7);
        counts[number]++;
    }
    for (int i = 0; i < 7; i++) chi += (counts[i] - 10000) * (counts[i] - 10000) / 10000;
    assert_true(chi < 22.5);
    assert_int_equal(stats_random_below(&random, 1), 0);
}

static void shuffle_reaches_every_order_equally(void **state)
{
    (void)state;
    stats_random random;
    double counts[27] = {0}, chi = 0;
    stats_random_init(&random, 10);
    for (int i = 0; i < 60000; i++) {
        uint32_t items[] = {0, 1, 2};
        stats_random_shuffle(&random, items, 3);
        counts[items[0] * 9 + items[1] * 3 + items[2]]++;
    }
    for (int i = 0; i < 27; i++)
        if (counts[i] > 0) chi += (counts[i] - 10000) * (counts[i] - 10000) / 10000;
    assert_true(chi < 20.5); /* 5 degrees, 0.1 % point */
}

static void unit_stays_below_one(void **state)
{
    (void)state;
    stats_random random;
    double sum = 0;
    stats_random_init(&random, 11);
    for (int i = 0; i < 10000; i++) {
        double unit = stats_random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
    }
    assert_near(sum / 10000, 0.5, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_those_of_splitmix64),
        cmocka_unit_test(below_is_uniform_and_in_range),
        cmocka_unit_test(shuffle_reaches_every_order_equally),
        cmocka_unit_test(unit_stays_below_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
