/* The prices of the loops made for profiling (prof/loop_cost.h): a small program runs in each of them and in the plain one
 * by turns, in a VM of its own, and the least times are compared.
 *
 * What the loops do more may hide behind what the processor waits for anyway: arithmetic on floats that depend on each other
 * takes nothing more, on ints most; and by where code lies a part can be a tenth off.  So there are several parts of each kind:
 * their median is the price, half of their range what it may be off. */
#include "cli/profile.h"

#include "base/clock.h"
#include "capi/vm.h"
#include "prof/sampler.h"
#include "value/profiling.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 12, STEPS = 1000, RECURSIVE_CALLS = 465 };
enum { PLAIN, SAMPLED, TALLIED, LOOPS };
typedef enum kind { NOTHING, CODE, CALLS, BUILTINS } kind;

static const struct {
    const char *name;
    kind kind;
    unsigned count; /* of calls */
} parts[] = {{"nothing", NOTHING, 0},
             {"ints", CODE, 0},
             {"floats", CODE, 0},
             {"turns", CODE, 0},
             {"sums", CODE, 0},
             {"choices", CODE, 0},
             {"elements", CODE, 0},
             {"fields", CODE, 0},
             {"instances", CODE, 0},
             {"calls", CALLS, STEPS},
             {"recursion", CALLS, RECURSIVE_CALLS},
             {"closures", CALLS, STEPS},
             {"keys", BUILTINS, STEPS},
             {"texts", BUILTINS, STEPS},
             {"numbers", BUILTINS, STEPS}};
enum { PARTS = sizeof parts / sizeof *parts };
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
                              "func turns(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { s := s + 1 }\n"
                              "    return s\n"
                              "}\n"
                              "func sums(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { s := s + i }\n"
                              "    return s\n"
                              "}\n"
                              "func choices(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { if i % 3 == 0 { s := s + 2 } else if s < i { s := s + 3 } }\n"
                              "    return s\n"
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
                              "struct Point { x, y }\n"
                              "func fields(n) {\n"
                              "    mut p := Point { x: 1, y: 2 }\n"
                              "    for i in range(n) { p.x := p.y + i }\n"
                              "    return p.x\n"
                              "}\n"
                              "func instances(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) {\n"
                              "        p := Point { x: i, y: i + 1 }\n"
                              "        s := s + p.x * p.y % 5\n"
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
                              "func closures(n) {\n"
                              "    add := |x| x + 1\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { s := s + add(i) }\n"
                              "    return s\n"
                              "}\n"
                              "func keys(n) {\n"
                              "    known := {a: 1, b: 2, c: 3}\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { if has_key(known, \"c\") { s := s + i } }\n"
                              "    return s\n"
                              "}\n"
                              "func texts(n) {\n"
                              "    mut t := \"\"\n"
                              "    for i in range(n) { t := to_string(i) }\n"
                              "    return t\n"
                              "}\n"
                              "func numbers(n) {\n"
                              "    mut s := 0\n"
                              "    for i in range(n) { s := s + abs(i) }\n"
                              "    return s\n"
                              "}\n";

typedef struct trial {
    ruff_vm *vm;
    rf_prof_thread *thread;
    ruff_value *functions[PARTS], *steps;
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
            if (ruff_call(t->vm, t->functions[part], arguments, 1, NULL, NULL)) return false;
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
    return t->least_ns[loop][part] - t->least_ns[loop][0];
}

typedef struct price {
    double median, spread; /* spread: half of the range */
} price;

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static price price_of_all(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return (price){(values[(count - 1) / 2] + values[count / 2]) / 2, (values[count - 1] - values[0]) / 2};
}

/* Of a kind of parts: how much more than the plain loop takes and its share, for each call; of CODE, as a share. */
static price price_of_kind(const trial *t, int loop, kind wanted, double share)
{
    double values[PARTS];
    size_t count = 0;
    for (int part = 0; part < PARTS; part++) {
        if (parts[part].kind != wanted) continue;
        const double plain = time_of(t, PLAIN, part), more = time_of(t, loop, part) - plain * (1 + share);
        values[count++] = more / (wanted == CODE ? plain : parts[part].count);
    }
    return price_of_all(values, count);
}

static rf_prof_loop_price price_of(const trial *t, int loop)
{
    const price code = price_of_kind(t, loop, CODE, 0), call = price_of_kind(t, loop, CALLS, code.median),
                builtin = price_of_kind(t, loop, BUILTINS, 0); /* most of their time is not the loop's */
    return (rf_prof_loop_price){.share = code.median,
                                .share_spread = code.spread,
                                .call_ns = call.median,
                                .call_ns_spread = call.spread,
                                .builtin_ns = builtin.median,
                                .builtin_ns_spread = builtin.spread};
}

/* Else there is nothing to divide by. */
static bool is_plausible(const trial *t)
{
    for (int part = 1; part < PARTS; part++)
        if (time_of(t, PLAIN, part) <= 0) return false;
    return true;
}

static bool run_trial(trial *t)
{
    if (ruff_run(t->vm, program, strlen(program), "prices", NULL)) return false;
    t->steps = ruff_value_int(t->vm, STEPS);
    bool is_ready = true;
    for (int part = 0; part < PARTS; part++) {
        t->functions[part] = ruff_global_get(t->vm, parts[part].name);
        is_ready = is_ready && t->functions[part];
    }
    if (is_ready) rf_capi_run(t->vm, measure, t);
    for (int part = 0; part < PARTS; part++) ruff_value_release(t->functions[part]);
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
