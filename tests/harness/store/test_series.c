/* Series of times as blobs. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "stats/random.h"
#include "store/series.h"

#include <string.h>

static void check_round_trip(const int64_t *values, size_t count)
{
    rf_buffer blob = RF_BUFFER_INIT;
    int64_t *back = rf_alloc_array_zero(int64_t, count + 1);
    store_series_encode(values, count, &blob);
    assert_true(store_series_decode(blob.data, blob.size, count, back));
    assert_memory_equal(values, back, count * sizeof *values);
    rf_buffer_release(&blob);
    rf_free(back);
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    static const int64_t cases[] = {0,         1,         -1, 127,     128,    INT64_MAX,
                                    INT64_MIN, INT64_MAX, 0,  1834021, 1834020};
    check_round_trip(cases, RF_COUNT_OF(cases));
    int64_t random_values[1000];
    stats_random random;
    stats_random_init(&random, 9);
    for (size_t i = 0; i < RF_COUNT_OF(random_values); i++)
        random_values[i] = (int64_t)stats_random_next(&random);
    check_round_trip(random_values, RF_COUNT_OF(random_values));
}

static void steady_times_take_two_bytes_each(void **state)
{
    (void)state;
    int64_t values[100];
    rf_buffer blob = RF_BUFFER_INIT;
    for (size_t i = 0; i < 100; i++) values[i] = 1834021 + (int64_t)(i % 7) * 500;
    store_series_encode(values, 100, &blob);
    assert_true(blob.size <= 210);
    rf_buffer_release(&blob);
}

static void damaged_blobs_are_refused(void **state)
{
    (void)state;
    int64_t values[4] = {1, 300, 5, 70000}, back[5];
    rf_buffer blob = RF_BUFFER_INIT;
    store_series_encode(values, 4, &blob);
    assert_false(store_series_decode(blob.data, blob.size - 1, 4, back));
    assert_false(store_series_decode(blob.data, blob.size, 3, back));
    assert_false(store_series_decode(blob.data, blob.size, 5, back));
    assert_false(
        store_series_decode("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12, 1, back));
    assert_true(store_series_decode("", 0, 0, back));
    rf_buffer_release(&blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(steady_times_take_two_bytes_each),
        cmocka_unit_test(damaged_blobs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
