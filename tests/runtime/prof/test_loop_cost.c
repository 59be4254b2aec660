/* What was done in the loops made for profiling is paid at their prices. */
#include "prof/loop_cost.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"

static void straight_code_pays_its_share_of_the_time(void **state)
{
    (void)state;
    uint64_t spread_ns;
    const rf_prof_loop_prices prices = {.sampled = {.share = 0.25}, .tallied = {.share = 1}};
    rf_prof_loop_work work = {.vm_ns = 1000};
    assert_int_equal(rf_prof_loop_cost(&prices, &work, &spread_ns), 200); /* 800 plain and a quarter of it */
    work.tallied_share = 1;
    assert_int_equal(rf_prof_loop_cost(&prices, &work, &spread_ns), 500);
    work.tallied_share = 0.5;
    assert_int_equal(rf_prof_loop_cost(&prices, &work, &spread_ns), 350);
}

static void calls_and_builtins_are_paid_by_the_piece(void **state)
{
    (void)state;
    uint64_t spread_ns;
    const rf_prof_loop_prices prices = {.sampled = {.call_ns = 2, .builtin_ns = 3}, .tallied = {.call_ns = 5, .builtin_ns = 7}};
    const rf_prof_loop_work work = {.calls = 10, .tallied_calls = 100, .builtins = 1000, .tallied_share = 0.5};
    assert_int_equal(rf_prof_loop_cost(&prices, &work, &spread_ns), 10 * 2 + 100 * 5 + 500 * 3 + 500 * 7);
}

static void a_loop_that_is_the_faster_one_costs_nothing(void **state)
{
    (void)state;
    uint64_t spread_ns;
    const rf_prof_loop_prices prices = {.sampled = {.share = -0.02}};
    const rf_prof_loop_work work = {.vm_ns = 1000};
    assert_int_equal(rf_prof_loop_cost(&prices, &work, &spread_ns), 0);
}

static void prices_that_differ_by_the_code_say_how_far_off_the_cost_may_be(void **state)
{
    (void)state;
    const rf_prof_loop_prices prices = {.sampled = {.share = 0.25, .share_spread = 0.125, .call_ns_spread = 2},
                                        .tallied = {.call_ns_spread = 3, .builtin_ns_spread = 1}};
    const rf_prof_loop_work work = {.vm_ns = 1000, .calls = 10, .tallied_calls = 100};
    uint64_t spread_ns;
    rf_prof_loop_cost(&prices, &work, &spread_ns);
    assert_int_equal(spread_ns, 100 + 20 + 300); /* an eighth of 800, and of the calls */
    const rf_prof_loop_work builtins = {.builtins = 1000, .tallied_share = 0.5};
    rf_prof_loop_cost(&prices, &builtins, &spread_ns);
    assert_int_equal(spread_ns, 500);
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
    thread->calls = 1000;
    thread->tallied_calls = 100;
    thread->is_tallied = true;
}

static uint64_t own_cost_of(const rf_prof_loop_prices *prices, uint64_t ticks)
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
    const uint64_t cost = profile.run.own_cost_ns;
    rf_profile_release(&profile);
    rf_prof_session_free(session);
    return cost;
}

static void the_own_cost_has_that_of_the_loops(void **state)
{
    (void)state;
    assert_int_equal(own_cost_of(&(rf_prof_loop_prices){.sampled.share = 0}, 300), 0);
    assert_int_equal(own_cost_of(&(rf_prof_loop_prices){.sampled.call_ns = 2, .tallied.call_ns = 3}, 300), 2300);
    /* 200 of the ticks passed in the loop that counts exactly, and there are no more in a short run */
    const uint64_t sampled = own_cost_of(&(rf_prof_loop_prices){.sampled.share = 1}, 400),
                   tallied = own_cost_of(&(rf_prof_loop_prices){.tallied.share = 1}, 400);
    assert_in_range(sampled, 95000000, 105000000); /* half of half of 400 ms */
    assert_in_range(tallied, 95000000, 105000000);
    assert_int_equal(own_cost_of(&(rf_prof_loop_prices){.sampled.share = 1}, 150), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_code_pays_its_share_of_the_time),
        cmocka_unit_test(calls_and_builtins_are_paid_by_the_piece),
        cmocka_unit_test(a_loop_that_is_the_faster_one_costs_nothing),
        cmocka_unit_test(prices_that_differ_by_the_code_say_how_far_off_the_cost_may_be),
        cmocka_unit_test(the_own_cost_has_that_of_the_loops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
