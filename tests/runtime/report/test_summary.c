/* Functions and lines: self, own, total, tiers, intervals. */
#include "support/ruff_test.h"

#include "report/summary.h"
#include "support/profile_builder.h"

#include <string.h>

static const rf_report_func_row *find_func(const rf_profile *profile, const rf_report_summary *summary, const char *name)
{
    for (size_t i = 0; i < summary->funcs.count; i++)
        if (strcmp(profile->funcs.data[summary->funcs.data[i].func].name, name) == 0) return &summary->funcs.data[i];
    fail_msg("no row of %s", name);
    return NULL;
}

static void recursion_counts_once_a_stack(void **state)
{
    (void)state;
    rf_profile profile;
    rf_report_summary summary;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:2/vm;fib@3:5/vm;fib@3:5/vm;fib@3:5/vm;fib@3:4/vm", 30);
    profile_builder_add(&profile, "main@1:2/vm;fib@3:5/vm;fib@3:4/vm", 10);
    rf_report_summary_init(&summary, &profile);
    const rf_report_func_row *fib = find_func(&profile, &summary, "fib");
    assert_int_equal(fib->self.ticks, 40);
    assert_int_equal(fib->total.ticks, 40);
    assert_int_equal(find_func(&profile, &summary, "main")->self.ticks, 0);
    assert_int_equal(find_func(&profile, &summary, "main")->total.ticks, 40);
    for (size_t i = 0; i < summary.lines.count; i++) assert_true(summary.lines.data[i].total.ticks <= 40);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
}

static void tiers_of_a_function_add_up_to_its_own_time(void **state)
{
    (void)state;
    rf_profile profile;
    rf_report_summary summary;
    profile_builder_demo(&profile);
    rf_report_summary_init(&summary, &profile);
    uint64_t all_tiers = 0, all_own = 0;
    for (size_t i = 0; i < summary.funcs.count; i++) {
        uint64_t cpu = 0;
        for (int tier = 0; tier < RF_TIER_COUNT; tier++)
            if (!rf_prof_tiers[tier].is_wait) cpu += summary.funcs.data[i].tier_ns[tier];
        assert_int_equal(cpu, summary.funcs.data[i].own.cpu_ns);
        all_own += cpu;
    }
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        if (!rf_prof_tiers[tier].is_wait) all_tiers += summary.tier_ns[tier];
    assert_int_equal(all_own, summary.all.cpu_ns);
    assert_int_equal(all_tiers, summary.all.cpu_ns);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
}

static void a_line_owns_the_builtins_it_calls(void **state)
{
    (void)state;
    rf_profile profile;
    rf_report_summary summary;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:2/vm", 5);
    profile_builder_add(&profile, "main@1:2/vm;sort/blt", 30);
    profile_builder_add(&profile, "main@1:2/vm;sort/blt;compare@7:8/vm", 20);
    profile_builder_add(&profile, "main@1:3/vm;sleep/slp", 50);
    profile_builder_add(&profile, "sampling/prof", 9);
    rf_report_summary_init(&summary, &profile);
    assert_int_equal(summary.all.cpu_ns, 55000000);
    assert_int_equal(summary.profiler_ns, 9000000);
    assert_int_equal(summary.lines.data[0].line, 2);
    assert_int_equal(summary.lines.data[0].own.ticks, 35);
    assert_int_equal(summary.lines.data[0].tier_ns[RF_TIER_BUILTIN], 30000000);
    assert_int_equal(summary.lines.data[0].total.ticks, 55);
    assert_int_equal(summary.lines.data[1].line, 8);
    assert_int_equal(summary.lines.data[2].own.ticks, 0);
    assert_int_equal(summary.lines.data[2].own.wall_ns, 50000000);
    assert_int_equal(summary.lines.data[2].tier_ns[RF_TIER_SLEEP], 50000000);
    assert_true(summary.lines.data[0].allocs == RF_PROF_UNKNOWN);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
}

/* Falling asleep and waking up take a little of the processor. */
static void waiting_gives_no_evidence_of_processor_time(void **state)
{
    (void)state;
    rf_profile profile;
    rf_report_summary summary;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:2/vm", 40);
    const uint32_t stack = profile_builder_stack(&profile, "main@1:3/vm;sleep/slp");
    rf_profile_add(&profile, &(rf_prof_sample){.stack = stack, .ticks = 500, .cpu_ns = 1000, .wall_ns = 500000000});
    rf_report_summary_init(&summary, &profile);
    assert_int_equal(summary.all.ticks, 40);
    assert_int_equal(summary.all.wall_ns, 540000000);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
}

static void exact_counts_join_the_sampled_rows(void **state)
{
    (void)state;
    rf_profile profile;
    rf_report_summary summary;
    profile_builder_demo(&profile);
    rf_report_summary_init(&summary, &profile);
    assert_int_equal(find_func(&profile, &summary, "work")->allocs, 1000);
    bool found = false;
    for (size_t i = 0; i < summary.lines.count; i++)
        if (summary.lines.data[i].line == 13) {
            found = true;
            assert_int_equal(summary.lines.data[i].copies, 12);
            assert_int_equal(summary.lines.data[i].hits, 100);
        }
    assert_true(found);
    rf_report_summary_release(&summary);
    rf_profile_release(&profile);
}

static void intervals_are_those_of_wilson(void **state)
{
    (void)state;
    double low, high;
    rf_report_interval(10, 100, &low, &high);
    assert_float_equal(low, 0.05523, 1e-5);
    assert_float_equal(high, 0.17437, 1e-5);
    rf_report_interval(0, 100, &low, &high);
    assert_float_equal(low, 0, 1e-9);
    assert_float_equal(high, 0.03699, 1e-5);
    rf_report_interval(0, 0, &low, &high);
    assert_float_equal(high, 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recursion_counts_once_a_stack),
        cmocka_unit_test(tiers_of_a_function_add_up_to_its_own_time),
        cmocka_unit_test(a_line_owns_the_builtins_it_calls),
        cmocka_unit_test(waiting_gives_no_evidence_of_processor_time),
        cmocka_unit_test(exact_counts_join_the_sampled_rows),
        cmocka_unit_test(intervals_are_those_of_wilson),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
