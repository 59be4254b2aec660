/* What the memory instrument finds in real programs, in every engine. */
#include "capi/vm.h"
#include "prof/sampler.h"
#include "support/ruff_test.h"
#include "value/memory_profile.h"
#include "value/profiling.h"

#include <stdio.h>
#include <string.h>

static void swallow(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    (void)context, (void)stream, (void)bytes, (void)size;
}

static void measure(ruff_engine engine, const char *source, rf_profile *profile)
{
    rf_memory_profile memory = {.profile = profile};
    const rf_prof_options quiet = {.is_quiet = true, .is_uncounted = true}; /* the VM's loop for memory alone */
    const rf_instruments instruments = {.prof = rf_prof_session_new(&quiet), .memory_profile = &memory};
    ruff_config config = ruff_config_default();
    ruff_vm *vm = NULL;
    config.engine = engine;
    config.write = swallow;
    pthread_mutex_init(&memory.lock, NULL);
    rf_profile_init(profile);
    assert_int_equal(rf_capi_vm_new(&config, &instruments, &vm, NULL), RUFF_OK);
    ruff_error err = RUFF_ERROR_INIT;
    rf_profiling_begin(vm->isolate);
    if (ruff_run(vm, source, strlen(source), "a.ruff", &err)) fail_msg("%s", err.report ? err.report : err.message);
    rf_profiling_end(vm->isolate);
    ruff_vm_free(vm);
    rf_prof_session_stop(instruments.prof);
    rf_prof_session_collect(instruments.prof, profile);
    rf_prof_session_free(instruments.prof);
    pthread_mutex_destroy(&memory.lock);
}

static const ruff_engine engines[] = {RUFF_ENGINE_INTERPRETER, RUFF_ENGINE_VM};

static rf_prof_site sum_at(const rf_profile *profile, uint32_t line, const char *type)
{
    rf_prof_site sum = {0};
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        if (site->line != line || strcmp(site->type, type)) continue;
        sum.allocs += site->allocs;
        sum.frees += site->frees;
        sum.bytes += site->bytes;
        sum.freed_bytes += site->freed_bytes;
        sum.growths += site->growths;
        sum.copies += site->copies;
        sum.copy_bytes += site->copy_bytes;
        if (site->shared_line) sum.shared_line = site->shared_line;
    }
    return sum;
}

static uint64_t count_leaks(const rf_profile *profile, rf_prof_verdict verdict)
{
    uint64_t count = 0;
    for (size_t i = 0; i < profile->leaks.count; i++)
        if (profile->leaks.data[i].verdict == verdict) count += profile->leaks.data[i].count;
    return count;
}

static void lines_get_what_they_make(void **state)
{
    (void)state;
    const char *source = "struct Node { left, right }\n"
                         "func make(n) {\n"
                         "    mut last := null\n"
                         "    for i in range(n) {\n"
                         "        last := Node { left: i, right: null }\n"
                         "    }\n"
                         "    return last\n"
                         "}\n"
                         "kept := make(500)\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        const rf_prof_site nodes = sum_at(&profile, 5, "Node");
        assert_int_equal(nodes.allocs, 500);
        assert_int_equal(nodes.frees, 499);
        assert_int_equal(nodes.bytes - nodes.freed_bytes, nodes.bytes / 500); /* `kept` has one */
        assert_int_equal(count_leaks(&profile, RF_LEAK_NATIVE), 0);
        rf_profile_release(&profile);
    }
}

static void totals_are_the_sum_of_the_sites(void **state)
{
    (void)state;
    const char *source = "mut words := {}\n"
                         "for i in range(300) { words[\"w${i % 40}\"] := [i, \"${i}\"] }\n"
                         "print(len(words))\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        uint64_t allocs = 0, frees = 0, bytes = 0;
        measure(engines[i], source, &profile);
        for (size_t j = 0; j < profile.sites.count; j++) {
            allocs += profile.sites.data[j].allocs;
            frees += profile.sites.data[j].frees;
            bytes += profile.sites.data[j].bytes - profile.sites.data[j].freed_bytes;
        }
        assert_true(allocs > 600);
        assert_int_equal(allocs, profile.run.allocs);
        assert_int_equal(frees, profile.run.frees);
        assert_int_equal(bytes, profile.run.exit_live_bytes);
        rf_profile_release(&profile);
    }
}

static void a_hidden_copy_names_both_lines(void **state)
{
    (void)state;
    const char *source = "func f() {\n"
                         "    mut a := []\n"
                         "    for i in range(100) { push(a, i) }\n"
                         "    for i in range(7) {\n"
                         "        mut b := a\n"
                         "        b[0] := i + 1000\n"
                         "        print(b[0] + a[0])\n"
                         "    }\n"
                         "}\n"
                         "f()\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        const rf_prof_site site = sum_at(&profile, 6, "array");
        assert_int_equal(site.copies, 7);
        assert_true(site.copy_bytes >= 7 * 100 * 8 && site.copy_bytes < 7 * (160 * 8 + 100));
        rf_profile_release(&profile);
    }
}

static void a_thousand_cycles_are_a_thousand(void **state)
{
    (void)state;
    const char *source = "func cycle() {\n"
                         "    mut back := null\n"
                         "    there := || back\n"
                         "    back := || there\n"
                         "}\n"
                         "for i in range(1000) { cycle() }\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        assert_int_equal(count_leaks(&profile, RF_LEAK_UNREACHABLE), 1000);
        assert_int_equal(count_leaks(&profile, RF_LEAK_NATIVE), 0);
        for (size_t j = 0; j < profile.leaks.count; j++)
            if (profile.leaks.data[j].verdict == RF_LEAK_UNREACHABLE) {
                assert_non_null(strstr(profile.leaks.data[j].path, "a.ruff:3"));
                assert_non_null(strstr(profile.leaks.data[j].path, "a.ruff:4"));
            }
        rf_profile_release(&profile);
    }
}

static void a_cycle_is_told_by_names_and_lines(void **state)
{
    (void)state;
    static const struct { const char *source, *path; } cases[] = {
        /* two closures and the variable between them */
        {"func f() {\n"
         "    mut back := null\n"
         "    there := || back\n"
         "    back := || there\n"
         "}\n"
         "f()\n",
         "<anonymous function> (a.ruff:3) .back, set at a.ruff:4 -> <anonymous function> (a.ruff:4) .there"},
        /* through a field of a struct; what only hangs from the cycle is no part of its name */
        {"struct Node { next, prev, weight }\n"
         "func f() {\n"
         "    mut node := null\n"
         "    visit := || node\n"
         "    node := Node { next: visit, prev: null, weight: [1, 2] }\n"
         "}\n"
         "f()\n",
         "<anonymous function> (a.ruff:4) .node, set at a.ruff:5 -> Node (a.ruff:5) .next"},
        /* through an entry of a dict */
        {"func f() {\n"
         "    mut handlers := {}\n"
         "    handlers[\"again\"] := || handlers\n"
         "}\n"
         "f()\n",
         "dict (a.ruff:2) [\"again\"] -> <anonymous function> (a.ruff:3) .handlers, set at a.ruff:2"},
    };
    for (size_t i = 0; i < 2 * RF_COUNT_OF(cases); i++) {
        rf_profile profile;
        unsigned cycles = 0;
        measure(engines[i % 2], cases[i / 2].source, &profile);
        for (size_t j = 0; j < profile.leaks.count; j++)
            if (profile.leaks.data[j].verdict == RF_LEAK_UNREACHABLE) {
                assert_string_equal(profile.leaks.data[j].path, cases[i / 2].path);
                cycles++;
            }
        assert_int_equal(cycles, 1);
        rf_profile_release(&profile);
    }
}

static void what_a_global_holds_is_reachable_not_leaked(void **state)
{
    (void)state;
    const char *source = "mut cache := {}\n"
                         "for i in range(200) { cache[\"k${i}\"] := [i] }\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        assert_int_equal(count_leaks(&profile, RF_LEAK_UNREACHABLE), 0);
        unsigned entries = 0;
        for (size_t j = 0; j < profile.leaks.count; j++) {
            const rf_prof_leak *leak = &profile.leaks.data[j];
            if (leak->verdict != RF_LEAK_REACHABLE || strcmp(leak->path, "global cache") != 0) continue;
            entries++;
            assert_int_equal(leak->count, 201); /* the dict and its arrays; keys are no part of the walk */
            assert_true(leak->retained_bytes > 200 * 40);
        }
        assert_int_equal(entries, 1);
        rf_profile_release(&profile);
    }
}

/* It refers to itself, so that taking the modules down leaves a cycle for the collector. */
static void a_recursive_function_in_a_global_is_not_leaked(void **state)
{
    (void)state;
    const char *source = "func make() {\n"
                         "    mut total := 0\n"
                         "    func f(n) { total := total + n  return if n == 0 { total } else { f(n - 1) } }\n"
                         "    return f\n"
                         "}\n"
                         "g := make()\n"
                         "g(3)\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        assert_int_equal(count_leaks(&profile, RF_LEAK_UNREACHABLE), 0);
        assert_int_equal(count_leaks(&profile, RF_LEAK_REACHABLE), 3); /* with its two variables */
        rf_profile_release(&profile);
    }
}

static void growing_containers_are_counted(void **state)
{
    (void)state;
    const char *source = "func f() {\n"
                         "    mut a := []\n"
                         "    for i in range(1000000) { push(a, i) }\n"
                         "    return len(a)\n"
                         "}\n"
                         "print(f())\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        uint64_t growths = 0;
        measure(engines[i], source, &profile);
        for (size_t j = 0; j < profile.sites.count; j++) growths += profile.sites.data[j].growths;
        assert_true(growths > 20 && growths < 60);
        assert_true(profile.run.peak_live_bytes >= 8000000 &&
                    profile.run.peak_live_bytes < 20000000); /* the interpreter makes the range */
        rf_profile_release(&profile);
    }
}

static void workers_are_measured_too(void **state)
{
    (void)state;
    const char *source = "ch := channel()\n"
                         "spawn {\n"
                         "    mut made := []\n"
                         "    for i in range(100) { push(made, [i]) }\n"
                         "    ch.send(len(made))\n"
                         "}\n"
                         "print(ch.receive())\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        assert_true(sum_at(&profile, 4, "array").allocs >= 200);
        assert_int_equal(count_leaks(&profile, RF_LEAK_NATIVE), 0);
        rf_profile_release(&profile);
    }
}

/* The place of what runs is read from the running task. */
static void tasks_allocate_at_their_own_lines(void **state)
{
    (void)state;
    const char *source = "struct Left { n }\n"
                         "struct Right { n }\n"
                         "async func left() {\n"
                         "    mut kept := []\n"
                         "    for i in range(50) { kept := [Left { n: i }]\n"
                         "        await async_sleep(0) }\n"
                         "}\n"
                         "async func right() {\n"
                         "    mut kept := []\n"
                         "    for i in range(50) { kept := [Right { n: i }]\n"
                         "        await async_sleep(0) }\n"
                         "}\n"
                         "a := left()\n"
                         "b := right()\n"
                         "await a\n"
                         "await b\n";
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        measure(engines[i], source, &profile);
        assert_int_equal(sum_at(&profile, 5, "Left").allocs, 50);
        assert_int_equal(sum_at(&profile, 10, "Right").allocs, 50);
        assert_int_equal(sum_at(&profile, 10, "Left").allocs, 0);
        rf_profile_release(&profile);
    }
}

static void memory_alone_has_a_timeline(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        rf_profile profile;
        uint64_t most = 0;
        measure(engines[i], "kept := map(range(1000), |i| to_string(i))", &profile);
        for (size_t k = 0; k < profile.slices.count; k++)
            if (profile.slices.data[k].live_bytes > most) most = profile.slices.data[k].live_bytes;
        assert_true(most > 32 * 1000 && most <= profile.run.peak_live_bytes);
        assert_true(profile.run.peak_resident_bytes > 0);
        rf_profile_release(&profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_allocate_at_their_own_lines),
        cmocka_unit_test(memory_alone_has_a_timeline),
        cmocka_unit_test(lines_get_what_they_make),
        cmocka_unit_test(totals_are_the_sum_of_the_sites),
        cmocka_unit_test(a_hidden_copy_names_both_lines),
        cmocka_unit_test(a_thousand_cycles_are_a_thousand),
        cmocka_unit_test(a_cycle_is_told_by_names_and_lines),
        cmocka_unit_test(what_a_global_holds_is_reachable_not_leaked),
        cmocka_unit_test(a_recursive_function_in_a_global_is_not_leaked),
        cmocka_unit_test(growing_containers_are_counted),
        cmocka_unit_test(workers_are_measured_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
