/* What the profiler is told about a real VM. */
#include "capi/vm.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"
#include "value/profiling.h"

#include <string.h>

static rf_prof_tier waits_of(const rf_prof_thread *thread, const char *name)
{
    for (uint32_t i = 0; i < thread->source.builtin_count; i++) {
        rf_prof_tier waits;
        if (strcmp(thread->source.builtin(thread->source.context, i, &waits), name) == 0) return waits;
    }
    fail_msg("no built-in %s", name);
    return RF_TIER_COUNT;
}

static void builtins_tell_what_they_wait_for(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        rf_prof_tier waits;
    } cases[] = {
        {"sleep", RF_TIER_SLEEP},     {"now", RF_TIER_BUILTIN}, {"shared_add_int", RF_TIER_LOCK}, {"shared_get", RF_TIER_LOCK},
        {"read_file", RF_TIER_IO},    {"input", RF_TIER_IO},    {"print", RF_TIER_IO},         {"sort", RF_TIER_BUILTIN},
        {"random", RF_TIER_BUILTIN},
    };
    const rf_prof_options options = {.is_manual = true, .hz = 1000, .seed = 1};
    const rf_instruments instruments = {.prof = rf_prof_session_new(&options)};
    ruff_vm *vm = NULL;
    assert_int_equal(rf_capi_vm_new(NULL, &instruments, &vm, NULL), RUFF_OK);
    rf_profiling_begin(vm->isolate);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (waits_of(vm->isolate->prof, cases[i].name) != cases[i].waits) fail_msg("%s", cases[i].name);
    rf_profiling_end(vm->isolate);
    ruff_vm_free(vm);
    rf_prof_session_free(instruments.prof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(builtins_tell_what_they_wait_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
