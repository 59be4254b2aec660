/* What the profiler is told about a real VM. */
#include "capi/vm.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"
#include "value/profiling.h"

#include <stdio.h>
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

/* Instructions of each kind that the body of a loop of 1000 turns has executed. */
static void count_work(const char *body, double work[RF_PROF_WORKS])
{
    char program[256];
    const int size = snprintf(program, sizeof program,
                              "func leaf(x) { return x }\nfunc main(n) {\n    xs := [3, 1]\n    mut s := 0\n"
                              "    for i in range(n) { %s }\n    return s\n}\nmain(1000)\n", body);
    const rf_prof_options options = {.is_manual = true, .hz = 1000, .seed = 1};
    const rf_instruments instruments = {.prof = rf_prof_session_new(&options)};
    ruff_config config = ruff_config_default();
    config.engine = RUFF_ENGINE_VM;
    ruff_vm *vm = NULL;
    assert_int_equal(rf_capi_vm_new(&config, &instruments, &vm, NULL), RUFF_OK);
    rf_profiling_begin(vm->isolate);
    const rf_prof_thread *thread = vm->isolate->prof;
    assert_int_equal(ruff_run(vm, program, (size_t)size, "work", NULL), RUFF_OK);
    rf_profiling_end(vm->isolate);
    memcpy(work, thread->work, sizeof thread->work);
    ruff_vm_free(vm);
    rf_prof_session_free(instruments.prof);
}

static void instructions_count_by_their_kind(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int thousands[RF_PROF_WORKS]; /* values, jumps, parts, making, calls, built-ins */
    } cases[] = {
        {"s := s + i", {1, 1, 0, 0, 0}},
        {"if i < 0 { s := 1 }", {0, 2, 0, 0, 0}},
        {"s := xs[1]", {0, 1, 1, 0, 0}},
        {"pair := [i, i]", {2, 1, 0, 1, 0}},
        {"s := leaf(i)", {2, 1, 0, 0, 2}},
        {"s := max(i, i)", {3, 1, 0, 0, 0, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double work[RF_PROF_WORKS];
        count_work(cases[i].body, work);
        for (int kind = 0; kind < RF_PROF_WORKS; kind++)
            if ((int)(work[kind] / 1000) != cases[i].thousands[kind]) fail_msg("%s: %.0f of kind %d", cases[i].body, work[kind], kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(builtins_tell_what_they_wait_for),
                                       cmocka_unit_test(instructions_count_by_their_kind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
