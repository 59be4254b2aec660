/* The prices of the loops made for profiling (prof/loop_cost.h): a small program runs in each of them and in the plain one
 * by turns, in a VM of its own, and the least times are compared.
 *
 * What the loops do more may hide behind what the processor waits for anyway: arithmetic on floats that depend on each other
 * takes nothing more, on ints most.  So there are several parts of each kind; their mean is the price, their range what it may be off. */
#include "cli/profile.h"

#include "base/clock.h"
#include "capi/vm.h"
#include "prof/sampler.h"
#include "value/profiling.h"

#include <string.h>

enum { ROUNDS = 12, STEPS = 1000 };
enum { PLAIN, SAMPLED, TALLIED, LOOPS };
enum { NOTHING, INTS, FLOATS, ELEMENTS, CALLS, RECURSION, BUILTINS, PARTS };
enum { RECURSIVE_CALLS = 465 };

static const char *const part_names[PARTS] = {"nothing", "ints", "floats", "elements", "calls", "recursion", "builtins"};
static const char program[] = "func nothing(n) { return n }\n"
                              "func ints(n) {\n"
                              "    mut s := 0\n"
                              "    mut i := 0\n"
                              "    while i < n {\n"
                              "        s := s + i * 3 % 7\n"
                              "        i := i + 1\n"
                              "    }\n"
                              "    return s\n"
                              "}\n"
                              "func floats(n) {\n"
                              "    mut x := 0.5\n"
                              "    for i in range(n) { x := x * 1.000001 + 0.25 }\n"
                              "    return x\n"
                              "}\n"
                              "func elements(n) {\n"
                              "    parts := [3, 1, 4, 1, 5, 9, 2, 6]\n"
                              "    mut s := 0\n"
                              "    mut x := 0.5\n"
                              "    for i in range(n) {\n"
                              "        s := s + i * 3 % 7 + parts[i % 8]\n"
                              "        x := x * 1.000001 + 0.25\n"
                              "    }\n"
                              "    return s\n"
                              "}\n"
                              "func leaf(x) { return x + 1 }\n"
                              "func calls(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { s := s + leaf(i) }\n"
                              "    return s\n"
                              "}\n"
                              "func fib(n) {\n"
                              "    if n < 2 { return n }\n"
                              "    return fib(n - 1) + fib(n - 2)\n"
                              "}\n"
                              "func recursion(n) { return fib(12) }\n"
                              "func builtins(n) {\n"
                              "    known := {a: 1, b: 2, c: 3}\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { if has_key(known, \"c\") { s := s + i } }\n"
                              "    return s\n"
                              "}\n";

typedef struct trial {
    ruff_vm *vm;
    rf_prof_thread *thread;
    ruff_value *parts[PARTS], *steps;
    double least_ns[LOOPS][PARTS];
    bool is_measured;
} trial;

static void choose_loop(trial *t, int loop)
{
    t->vm->isolate->prof = loop == PLAIN ? NULL : t->thread;
    atomic_store_explicit(&t->thread->is_exact_over, loop != TALLIED, memory_order_relaxed);
}

/* False when a call failed, which it cannot. */
static bool measure_parts(trial *t)
{
    for (int i = 0; i < ROUNDS * LOOPS; i++) {
        const int loop = i % LOOPS;
        choose_loop(t, loop);
        for (int part = 0; part < PARTS; part++) {
            const ruff_value *arguments[] = {t->steps};
            const int64_t began = rf_clock_monotonic_ns();
            if (ruff_call(t->vm, t->parts[part], arguments, 1, NULL, NULL)) return false;
            const double took = (double)(rf_clock_monotonic_ns() - began);
            double *least = &t->least_ns[loop][part];
            if (i < LOOPS || took < *least) *least = took;
        }
    }
    return true;
}

/* All in one main task: to begin one takes as long as a part runs. */
static rf_value measure(rf_isolate *isolate, void *context)
{
    trial *t = context;
    (void)isolate;
    t->is_measured = measure_parts(t);
    choose_loop(t, SAMPLED);
    return rf_null();
}

static double time_of(const trial *t, int loop, int part)
{
    return t->least_ns[loop][part] - t->least_ns[loop][NOTHING];
}

static double share_of(const trial *t, int loop, int part)
{
    return time_of(t, loop, part) / time_of(t, PLAIN, part) - 1;
}

/* More than the plain loop takes, and more than its share. */
static double price_of_one(const trial *t, int loop, int part, double share, int count)
{
    return (time_of(t, loop, part) - time_of(t, PLAIN, part) * (1 + share)) / count;
}

static double half_of_range(const double *values, int count)
{
    double least = values[0], most = values[0];
    for (int i = 1; i < count; i++) {
        if (values[i] < least) least = values[i];
        if (values[i] > most) most = values[i];
    }
    return (most - least) / 2;
}

static rf_prof_loop_price price_of(const trial *t, int loop)
{
    const double shares[] = {share_of(t, loop, INTS), share_of(t, loop, FLOATS), share_of(t, loop, ELEMENTS)};
    const double share = (shares[0] + shares[1] + shares[2]) / 3;
    const double calls[] = {price_of_one(t, loop, CALLS, share, STEPS), price_of_one(t, loop, RECURSION, share, RECURSIVE_CALLS)};
    return (rf_prof_loop_price){.share = share,
                                .share_spread = half_of_range(shares, 3),
                                .call_ns = (calls[0] + calls[1]) / 2,
                                .call_ns_spread = half_of_range(calls, 2),
                                .builtin_ns = price_of_one(t, loop, BUILTINS, share, STEPS)};
}

/* Else there is nothing to divide by. */
static bool is_plausible(const trial *t)
{
    for (int part = NOTHING + 1; part < PARTS; part++)
        if (time_of(t, PLAIN, part) <= 0) return false;
    return true;
}

static bool run_trial(trial *t)
{
    if (ruff_run(t->vm, program, strlen(program), "prices", NULL)) return false;
    t->steps = ruff_value_int(t->vm, STEPS);
    bool is_ready = true;
    for (int part = 0; part < PARTS; part++) {
        t->parts[part] = ruff_global_get(t->vm, part_names[part]);
        is_ready = is_ready && t->parts[part];
    }
    if (is_ready) rf_capi_run(t->vm, measure, t);
    for (int part = 0; part < PARTS; part++) ruff_value_release(t->parts[part]);
    ruff_value_release(t->steps);
    return t->is_measured && is_plausible(t);
}

rf_prof_loop_prices cli_profile_prices(void)
{
    const rf_prof_options nobody_samples = {.is_manual = true, .hz = 1000, .seed = 1};
    rf_prof_loop_prices prices = {.sampled.share = 0};
    rf_prof_session *session = rf_prof_session_new(&nobody_samples);
    ruff_config config = ruff_config_default();
    config.engine = RUFF_ENGINE_VM;
    config.globals = RUFF_GLOBALS_KEEP;
    trial t = {0};
    if (rf_capi_vm_new(&config, &(rf_instruments){.prof = session}, &t.vm, NULL) == RUFF_OK) {
        rf_profiling_begin(t.vm->isolate);
        t.thread = t.vm->isolate->prof;
        if (t.thread && run_trial(&t))
            prices = (rf_prof_loop_prices){.sampled = price_of(&t, SAMPLED), .tallied = price_of(&t, TALLIED)};
        rf_profiling_end(t.vm->isolate);
        ruff_vm_free(t.vm);
    }
    rf_prof_session_free(session);
    return prices;
}
