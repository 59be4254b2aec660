/* The report as JSON: its keys are fixed, its numbers those of the rows. */
#include "support/ruff_test.h"

#include "report/console.h"
#include "support/profile_builder.h"

#include <jansson.h>
#include <string.h>

static json_t *read_report(const rf_profile *profile)
{
    rf_buffer out = RF_BUFFER_INIT;
    json_error_t where;
    rf_report_json(profile, &out);
    json_t *document = json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, &where);
    if (!document) fail_msg("%d:%d: %s", where.line, where.column, where.text);
    rf_buffer_release(&out);
    return document;
}

static void assert_keys(const json_t *object, const char *keys)
{
    const char *key;
    json_t *value;
    rf_buffer found = RF_BUFFER_INIT;
    rf_buffer_append_text(&found, "");
    json_object_foreach((json_t *)object, key, value) rf_buffer_format(&found, "%s%s", found.size ? " " : "", key);
    assert_string_equal(found.data, keys);
    rf_buffer_release(&found);
}

static void keys_are_fixed(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    json_t *report = read_report(&profile);
    const json_t *cpu = json_object_get(report, "cpu"), *memory = json_object_get(report, "memory"), *jit = json_object_get(report, "jit");
    assert_keys(report, "schema_version run cpu memory jit timeline counters next");
    assert_keys(cpu, "all tiers functions lines tasks");
    assert_keys(json_array_get(json_object_get(cpu, "functions"), 0),
                "function file line self own total share low high tiers calls native_calls instructions allocs");
    assert_keys(json_array_get(json_object_get(cpu, "lines"), 0),
                "function file line own total share low high tiers hits instructions allocs alloc_bytes copies copy_bytes");
    assert_keys(memory, "allocs frees peak_live_bytes peak_at_ns exit_live_bytes peak_resident_bytes sites leaks");
    assert_keys(json_array_get(json_object_get(report, "timeline"), 0), "start_ns length_ns live_bytes resident_bytes tiers");
    assert_keys(jit, "events guards not_compiled");
    json_decref(report);
    rf_profile_release(&profile);
}

static void numbers_are_those_of_the_profile(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    json_t *report = read_report(&profile);
    const json_t *cpu = json_object_get(report, "cpu"), *work = json_array_get(json_object_get(cpu, "functions"), 0);
    assert_string_equal(json_string_value(json_object_get(work, "function")), "work");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(work, "self"), "cpu_ns")), 545000000);
    assert_float_equal(json_real_value(json_object_get(work, "share")), 545.0 / 894, 1e-9);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(cpu, "all"), "cpu_ns")), 894000000);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(report, "memory"), "allocs")), 1100);
    const json_t *evicted = json_object_get(json_object_get(report, "counters"), "jit.evicted");
    assert_true(json_is_null(evicted)); /* nobody counted: never 0 */
    json_decref(report);
    rf_profile_release(&profile);
}

static void the_timeline_has_every_slice(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_demo(&profile);
    json_t *report = read_report(&profile);
    const json_t *timeline = json_object_get(report, "timeline");
    assert_int_equal(json_array_size(timeline), profile.slices.count);
    json_int_t ns = 0;
    for (size_t i = 0; i < profile.slices.count; i++) {
        const json_t *slice = json_array_get(timeline, i);
        assert_int_equal(json_integer_value(json_object_get(slice, "start_ns")), profile.slices.data[i].start_ns);
        assert_int_equal(json_integer_value(json_object_get(slice, "live_bytes")), profile.slices.data[i].live_bytes);
        ns += json_integer_value(json_object_get(json_object_get(slice, "tiers"), "vm"));
    }
    uint64_t expected = 0;
    for (size_t i = 0; i < profile.slices.count; i++) expected += profile.slices.data[i].tier_ns[RF_TIER_VM];
    assert_true(expected > 0);
    assert_int_equal(ns, expected);
    json_decref(report);
    rf_profile_release(&profile);
}

static void patterns_in_names_of_counters_stay_as_they_are(void **state)
{
    (void)state;
    static const char name[] = "regex.bytes [,;]\\s*\"";
    rf_profile profile;
    profile_builder_init(&profile);
    rf_profile_set_counter(&profile, name, 7, "bytes");
    json_t *report = read_report(&profile);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(report, "counters"), name)), 7);
    json_decref(report);
    rf_profile_release(&profile);
}

static void instruments_that_were_off_are_absent(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:2/vm", 5);
    json_t *report = read_report(&profile);
    assert_null(json_object_get(report, "memory"));
    assert_null(json_object_get(report, "jit"));
    json_decref(report);
    rf_profile_release(&profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_fixed),
        cmocka_unit_test(numbers_are_those_of_the_profile),
        cmocka_unit_test(the_timeline_has_every_slice),
        cmocka_unit_test(patterns_in_names_of_counters_stay_as_they_are),
        cmocka_unit_test(instruments_that_were_off_are_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
