#include "support/ruff_test.h"

#include "prof/jit_event.h"

#include <stdio.h>
#include <string.h>

static void the_ring_keeps_the_newest_in_order(void **state)
{
    (void)state;
    rf_jit_events events = {NULL, 0};
    for (uint32_t i = 0; i < RF_JIT_EVENTS_KEPT + 10; i++) {
        const rf_jit_event event = {.kind = RF_JIT_EVENT_INSTALL, .line = i, .at_ns = i + 1};
        rf_jit_events_add(&events, &event);
    }
    assert_int_equal(rf_jit_events_kept(&events), RF_JIT_EVENTS_KEPT);
    assert_int_equal(rf_jit_events_at(&events, 0)->line, 10);
    assert_int_equal(rf_jit_events_at(&events, RF_JIT_EVENTS_KEPT - 1)->line, RF_JIT_EVENTS_KEPT + 9);
    rf_jit_events_release(&events);
    assert_int_equal(rf_jit_events_kept(&events), 0);
}

static void texts_outlive_what_they_were_copied_from(void **state)
{
    (void)state;
    rf_jit_events events = {NULL, 0};
    char name[8];
    snprintf(name, sizeof name, "fib");
    const rf_jit_event event = {.kind = RF_JIT_EVENT_DEOPT, .function = name, .reason = name};
    rf_jit_events_add(&events, &event);
    memset(name, 'x', 3);
    assert_string_equal(rf_jit_events_at(&events, 0)->function, "fib");
    assert_string_equal(rf_jit_events_at(&events, 0)->reason, "fib");
    assert_null(rf_jit_events_at(&events, 0)->file);
    assert_true(rf_jit_events_at(&events, 0)->at_ns > 0);
    rf_jit_events_release(&events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_keeps_the_newest_in_order),
        cmocka_unit_test(texts_outlive_what_they_were_copied_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
