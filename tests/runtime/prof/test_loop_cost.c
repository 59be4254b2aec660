/* What was done in the loops made for profiling is paid at their prices. */
#include "prof/loop_cost.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"

static void assert_near(double value, double expected)
{
    assert_float_equal(value, expected, 1e-6);
}

static void straight_code_pays_its_share_of_the_time(void **state)
{
    (void)state;
    double spread_ns;
    const rf_prof_loop_prices prices = {.shares = {{{.price = {0.25, 1}}}, 1}};
    rf_prof_loop_work work = {.vm_ns = 1000};
    assert_near(rf_prof_loop_cost(&prices, &work, &spread_ns), 200); /* 800 plain and a quarter of it */
    work.tallied_share = 1;
    assert_near(rf_prof_loop_cost(&prices, &work, &spread_ns), 500);
    work.tallied_share = 0.5;
    assert_near(rf_prof_loop_cost(&prices, &work, &spread_ns), 350);
    assert_near(spread_ns, 0);
}

static void builtins_are_paid_by_the_piece(void **state)
{
    (void)state;
    double spread_ns;
    const rf_prof_loop_prices prices = {.builtins = {{{.price = {3, 7}}}, 1}};
    const rf_prof_loop_work work = {.builtins = 1000, .tallied_share = 0.25};
    assert_near(rf_prof_loop_cost(&prices, &work, &spread_ns), 750 * 3 + 250 * 7);
}

static void a_loop_that_is_the_faster_one_costs_less_than_nothing(void **state)
{
    (void)state;
    double spread_ns;
    const rf_prof_loop_prices prices = {.shares = {{{.price = {-0.2}}}, 1}};
    const rf_prof_loop_work work = {.vm_ns = 1000};
    assert_near(rf_prof_loop_cost(&prices, &work, &spread_ns), -250); /* 1250 plain */
}

/* 15 % of the instructions are other ones. */
static const rf_prof_price_list two_codes = {{{.work = {[RF_PROF_VALUES] = 8}, .price = {-0.1, 0.1}},
                                              {.work = {[RF_PROF_VALUES] = 85, [RF_PROF_JUMPS] = 15}, .price = {0.3, 0.5}}},
                                             .count = 2};
static const double away = 0.36787944; /* what such a code weighs: exp(-1) */

static void code_pays_most_what_code_takes_that_is_made_like_it(void **state)
{
    (void)state;
    double spread;
    double work[RF_PROF_WORKS] = {[RF_PROF_VALUES] = 8500};
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, work, &spread), (-0.1 + 0.3 * away) / (1 + away));
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_TALLIED, work, &spread), (0.1 + 0.5 * away) / (1 + away));
    work[RF_PROF_JUMPS] = 1500;
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, work, &spread), (-0.1 * away + 0.3) / (1 + away));
    work[RF_PROF_BUILTINS] = 50000; /* they are paid by the piece */
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, work, &spread), (-0.1 * away + 0.3) / (1 + away));
    work[RF_PROF_VALUES] = 18500; /* 7.5 % are other ones in either */
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, work, &spread), 0.1);
}

static void code_of_which_nothing_is_known_pays_the_mean(void **state)
{
    (void)state;
    double spread;
    const double nothing[RF_PROF_WORKS] = {0}, other[RF_PROF_WORKS] = {[RF_PROF_MAKING] = 7};
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, nothing, &spread), 0.1);
    assert_near(rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, other, &spread), 0.1);
    const rf_prof_price_list unknown = {.count = 0};
    assert_near(rf_prof_loop_price(&unknown, RF_PROF_SAMPLED, other, &spread), 0);
    assert_near(spread, 0);
}

static void prices_that_differ_by_the_code_say_how_far_off_the_cost_may_be(void **state)
{
    (void)state;
    double spread;
    const double nothing[RF_PROF_WORKS] = {0}, values[RF_PROF_WORKS] = {[RF_PROF_VALUES] = 1};
    rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, nothing, &spread);
    assert_near(spread, 0.2); /* 0.1 +- 0.2 are both */
    rf_prof_loop_price(&two_codes, RF_PROF_SAMPLED, values, &spread);
    assert_near(spread, 0.4 * 0.60653066 / (1 + away)); /* less when one of them is nearer; sqrt(away) */
    const rf_prof_loop_prices prices = {.shares = two_codes, .builtins = {{{.price = {1}}, {.price = {3}}}, 2}};
    rf_prof_loop_cost(&prices, &(rf_prof_loop_work){.vm_ns = 1100}, &spread);
    assert_near(spread, 200); /* a fifth of 1000 */
    rf_prof_loop_cost(&prices, &(rf_prof_loop_work){.builtins = 500}, &spread);
    assert_near(spread, 500); /* 2 +- 1 */
    rf_prof_loop_cost(&prices, &(rf_prof_loop_work){.vm_ns = 3300, .builtins = 800}, &spread);
    assert_near(spread, 1000); /* 600 and 800 have nothing to do with each other */
}

/* ---- in a session ---- */

static uint32_t walk(void *context, const rf_prof_scope *scopes, rf_prof_place *places, uint32_t capacity)
{
    (void)context, (void)scopes, (void)capacity;
    places[0] = (rf_prof_place){"f", "1"};
    return 1;
}

static const void *innermost(void *context)
{
    return context;
}

static void name(void *context, rf_prof_place place, rf_prof_named *out)
{
    (void)context;
    *out = (rf_prof_named){.name = place.code, .path = "a.ruff", .declared = 1, .line = 1, .kind = RF_FUNC_SCRIPT,
                           .tier = RF_TIER_VM};
}

static void count(void *context, rf_prof_thread *thread, rf_profile *profile)
{
    (void)context, (void)profile;
    thread->is_tallied = true;
    thread->work[RF_PROF_VALUES] = 500;
}

typedef struct own_cost {
    uint64_t ns, spread_ns;
} own_cost;

static own_cost own_cost_of(const rf_prof_loop_prices *prices, uint64_t ticks)
{
    rf_profile profile;
    int context = 0;
    const rf_prof_options options = {.hz = 1000, .is_manual = true, .seed = 1, .prices = *prices};
    rf_prof_session *session = rf_prof_session_new(&options);
    const rf_prof_source source = {.context = &context, .walk = walk, .innermost = innermost, .name = name, .count = count};
    rf_prof_thread *thread = rf_prof_thread_begin(session, &source);
    rf_prof_run_code(thread, RF_TIER_VM);
    for (uint64_t i = 1; i <= ticks; i++) {
        rf_prof_session_tick(session, thread, i * 1000000, i * 1000000);
        rf_prof_drain(thread);
    }
    rf_prof_thread_end(thread);
    atomic_store(&thread->stolen_ns, 0); /* what drains really took is not repeatable */
    rf_profile_init(&profile);
    rf_prof_session_collect(session, &profile);
    const own_cost cost = {profile.run.own_cost_ns, rf_profile_counter(&profile, RF_PROF_OWN_COST_SPREAD)};
    rf_profile_release(&profile);
    rf_prof_session_free(session);
    return cost;
}

static void the_own_cost_has_that_of_the_loops(void **state)
{
    (void)state;
    assert_int_equal(own_cost_of(&(rf_prof_loop_prices){.shares.count = 0}, 300).ns, 0);
    /* 200 of the ticks passed in the loop that counts exactly, and there are no more in a short run */
    const rf_prof_loop_prices sampled = {.shares = {{{.price = {1, 0}}}, 1}}, tallied = {.shares = {{{.price = {0, 1}}}, 1}};
    assert_in_range(own_cost_of(&sampled, 400).ns, 95000000, 105000000); /* half of half of 400 ms */
    assert_in_range(own_cost_of(&tallied, 400).ns, 95000000, 105000000);
    assert_int_equal(own_cost_of(&sampled, 150).ns, 0);
}

static void the_own_cost_is_that_of_the_work_that_was_counted(void **state)
{
    (void)state;
    /* the run has only values */
    const rf_prof_loop_prices prices = {.shares = {{{.work = {[RF_PROF_VALUES] = 1}, .price = {0, 1}},
                                                    {.work = {[RF_PROF_VALUES] = 85, [RF_PROF_JUMPS] = 15}}},
                                                   2}};
    const double share = 1 / (1 + away), expected = 150e6 * share / (1 + share);
    assert_in_range(own_cost_of(&prices, 150).ns, (uint64_t)(0.97 * expected), (uint64_t)(1.03 * expected));
}

static void who_is_faster_under_the_profiler_pays_nothing_and_may_be_off_by_it(void **state)
{
    (void)state;
    const own_cost cost = own_cost_of(&(rf_prof_loop_prices){.shares = {{{.price = {0, -0.2}}}, 1}}, 150);
    assert_int_equal(cost.ns, 0);
    assert_in_range(cost.spread_ns, 36000000, 39000000); /* a quarter of 150 ms */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_code_pays_its_share_of_the_time),
        cmocka_unit_test(builtins_are_paid_by_the_piece),
        cmocka_unit_test(a_loop_that_is_the_faster_one_costs_less_than_nothing),
        cmocka_unit_test(code_pays_most_what_code_takes_that_is_made_like_it),
        cmocka_unit_test(code_of_which_nothing_is_known_pays_the_mean),
        cmocka_unit_test(prices_that_differ_by_the_code_say_how_far_off_the_cost_may_be),
        cmocka_unit_test(the_own_cost_has_that_of_the_loops),
        cmocka_unit_test(the_own_cost_is_that_of_the_work_that_was_counted),
        cmocka_unit_test(who_is_faster_under_the_profiler_pays_nothing_and_may_be_off_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
