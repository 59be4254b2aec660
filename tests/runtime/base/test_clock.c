/* Whose time a clock tells. */
#include "base/clock.h"
#include "support/ruff_test.h"

#include <pthread.h>

static void *work(void *context)
{
    volatile uint64_t sum = 0;
    const int64_t began = rf_clock_thread_cpu_ns();
    while (rf_clock_thread_cpu_ns() - began < 20000000) sum++;
    *(int64_t *)context = rf_clock_thread_cpu_ns() - began;
    return NULL;
}

static void the_clock_of_a_thread_leaves_out_what_others_do(void **state)
{
    (void)state;
    pthread_t other;
    int64_t others = 0;
    const int64_t process_began = rf_clock_cpu_ns(), began = rf_clock_thread_cpu_ns();
    assert_int_equal(pthread_create(&other, NULL, work, &others), 0);
    pthread_join(other, NULL);
    const int64_t own = rf_clock_thread_cpu_ns() - began, all = rf_clock_cpu_ns() - process_began;
    assert_true(own >= 0);
    assert_true(all - own > others / 2); /* the clock of all is read a little later */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_clock_of_a_thread_leaves_out_what_others_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
