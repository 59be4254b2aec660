#include "stats/trust.h"

#include "support/ruff_test.h"

static void an_unknown_machine_loses_nothing(void **state)
{
    (void)state;
    const stats_trust_facts facts = STATS_TRUST_FACTS_UNKNOWN;
    stats_trust trust = stats_grade_session(&facts);
    assert_int_equal(trust.points, 100);
    assert_int_equal(trust.letter, 'A');
    assert_int_equal(trust.reasons, 0);
}

static void each_reason_costs_its_points(void **state)
{
    (void)state;
    stats_trust_facts facts = STATS_TRUST_FACTS_UNKNOWN;
    facts.steal_percent = 1.2;
    facts.governor_not_fixed = true;
    facts.load_per_core = 0.31;
    facts.no_counters = true;
    stats_trust trust = stats_grade_session(&facts);
    assert_int_equal(trust.points, 100 - 15 - 10 - 7 - 10);
    assert_int_equal(trust.letter, 'C');
    assert_true(trust.reasons == (1u << STATS_TRUST_STEAL | 1u << STATS_TRUST_GOVERNOR |
                                  1u << STATS_TRUST_LOAD | 1u << STATS_TRUST_NO_COUNTERS));
}

static void thresholds_are_not_reached_by_equality(void **state)
{
    (void)state;
    stats_trust_facts facts = STATS_TRUST_FACTS_UNKNOWN;
    facts.steal_percent = 0.5;
    facts.pressure_percent = 5;
    facts.switches_per_second = 100;
    facts.frequency_range_percent = 5;
    facts.load_per_core = 0.3;
    facts.throttle_count_change = 0;
    assert_int_equal(stats_grade_session(&facts).points, 100);
}

static void the_worst_machine_has_no_points_left(void **state)
{
    (void)state;
    const stats_trust_facts facts = {9,    90,   900,  50,   3,    4,   true,
                                     true, true, true, true, true, true};
    stats_trust trust = stats_grade_session(&facts);
    assert_int_equal(trust.points, 0);
    assert_int_equal(trust.letter, 'D');
    assert_int_equal(trust.reasons, (1u << STATS_TRUST_COUNT) - 1);
}

static void reasons_have_points_and_texts(void **state)
{
    (void)state;
    for (int reason = 0; reason < STATS_TRUST_COUNT; reason++) {
        assert_true(stats_trust_points((stats_trust_reason)reason) > 0);
        assert_non_null(stats_trust_text((stats_trust_reason)reason));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_machine_loses_nothing),
        cmocka_unit_test(each_reason_costs_its_points),
        cmocka_unit_test(thresholds_are_not_reached_by_equality),
        cmocka_unit_test(the_worst_machine_has_no_points_left),
        cmocka_unit_test(reasons_have_points_and_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
