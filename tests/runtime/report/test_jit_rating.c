/* What the time of a run says about the events of its JIT: what a deopt cost, and why hot functions are slow. */
#include "support/ruff_test.h"

#include "support/profile_builder.h"

#undef RF_WITH_JIT /* the events here are made by hand */
#include "cli/profile_jit.c"

#include "report/console.h"

static uint32_t func_of(const rf_profile *profile, const char *name)
{
    for (uint32_t i = 1; i < profile->funcs.count; i++)
        if (strcmp(profile->funcs.data[i].name, name) == 0) return i;
    fail_msg("no function %s", name);
    return 0;
}

static void add(rf_profile *profile, const char *kind, const char *function, uint64_t at_ns, const char *reason)
{
    const rf_prof_jit_event event = {.at_ns = at_ns,
                                     .kind = kind,
                                     .func = function ? func_of(profile, function) : 0,
                                     .reason = reason ? rf_strdup(reason) : NULL};
    rf_vector_push(&profile->jit_events, event);
}

static void start(rf_profile *profile, unsigned slices)
{
    profile_builder_init(profile);
    profile->run.has_cpu = profile->run.has_jit = true;
    for (unsigned i = 0; i < slices; i++)
        rf_vector_push(&profile->slices, ((rf_prof_slice){.start_ns = i * 100u, .length_ns = 100}));
}

static void deopts_are_ranked_by_the_time_they_lost(void **state)
{
    (void)state;
    rf_profile profile;
    start(&profile, 10);
    profile_builder_add_at(&profile, "main@1:1/vm;short@10:11/vm", 5, 2);
    profile_builder_add_at(&profile, "main@1:2/vm;long@20:21/vm", 30, 3);
    profile_builder_add_at(&profile, "main@1:2/vm;long@20:21/vm", 20, 6);
    profile_builder_add_at(&profile, "main@1:2/vm;long@20:21/jit", 50, 7);
    profile_builder_add_at(&profile, "main@1:3/vm;middle@30:31/vm", 10, 4);
    add(&profile, "deopt", "short", 250, "first");
    add(&profile, "deopt", "middle", 350, "second");
    add(&profile, "deopt", "long", 310, "third");
    add(&profile, "install", "long", 590, NULL); /* what was slow later has another reason */
    cli_profile_rate_jit(&profile);
    assert_int_equal(profile.jit_events.data[0].lost_ns, 5000000);
    assert_int_equal(profile.jit_events.data[1].lost_ns, 30000000); /* now in the order of time */
    assert_int_equal(profile.jit_events.data[2].lost_ns, 10000000);
    rf_buffer out = RF_BUFFER_INIT;
    const rf_report_console_options options = {.top = 10};
    rf_report_console(&profile, &options, &out);
    const char *text = out.data, *third = strstr(text, "third"), *second = strstr(text, "second   cost"),
               *first = strstr(text, "first   cost");
    assert_non_null(third);
    assert_non_null(second);
    assert_non_null(first);
    assert_true(third < second && second < first);
    rf_buffer_release(&out);
    rf_profile_release(&profile);
}

static const char *reason_of_refusal(const rf_profile *profile, const char *function)
{
    const uint32_t func = func_of(profile, function);
    for (size_t i = 0; i < profile->refusals.count; i++)
        if (profile->refusals.data[i].func == func) return profile->refusals.data[i].reason;
    return NULL;
}

static void each_hot_function_in_slow_code_has_its_reason(void **state)
{
    (void)state;
    rf_profile profile;
    start(&profile, 1);
    profile_builder_add(&profile, "main@1:1/vm", 1);
    profile_builder_add(&profile, "unasked@10:11/vm", 10);
    profile_builder_add(&profile, "refused@20:21/vm", 10);
    profile_builder_add(&profile, "late@30:31/vm", 10);
    profile_builder_add(&profile, "left@40:41/vm", 10);
    profile_builder_add(&profile, "asked@70:71/vm", 10);
    profile_builder_add(&profile, "native@50:51/jit", 47);
    profile_builder_add(&profile, "rare@60:61/vm", 2);
    add(&profile, "fail", "refused", 10, "the loop has a try");
    add(&profile, "install", "late", 20, NULL);
    add(&profile, "start", "asked", 20, NULL); /* and the program ended */
    add(&profile, "install", "left", 20, NULL);
    add(&profile, "deopt", "left", 30, "another kind");
    add(&profile, "blacklist", "left", 40, "left too often");
    add(&profile, "install", "native", 20, NULL);
    cli_profile_rate_jit(&profile);
    assert_string_equal(reason_of_refusal(&profile, "unasked"), "10.0 % in slow code: not hot long enough to be compiled");
    assert_string_equal(reason_of_refusal(&profile, "refused"), "10.0 % in slow code: the loop has a try");
    assert_string_equal(reason_of_refusal(&profile, "late"), "10.0 % in slow code: before its native code was there");
    assert_string_equal(reason_of_refusal(&profile, "left"), "10.0 % in slow code: left too often");
    assert_string_equal(reason_of_refusal(&profile, "asked"), "10.0 % in slow code: before its native code was there");
    assert_null(reason_of_refusal(&profile, "native"));
    assert_null(reason_of_refusal(&profile, "rare")); /* less than 3 % */
    rf_profile_release(&profile);
}

static void without_a_compiler_that_is_the_reason(void **state)
{
    (void)state;
    rf_profile profile;
    start(&profile, 1);
    profile_builder_add(&profile, "work@10:11/vm", 10);
    add(&profile, "absent", NULL, 5, "no compiler");
    cli_profile_rate_jit(&profile);
    assert_string_equal(reason_of_refusal(&profile, "work"), "100.0 % in slow code: no compiler");
    rf_profile_release(&profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deopts_are_ranked_by_the_time_they_lost),
        cmocka_unit_test(each_hot_function_in_slow_code_has_its_reason),
        cmocka_unit_test(without_a_compiler_that_is_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
