/* The prices of the loops made for profiling (prof/loop_cost.h): small functions run in each of them and in the plain one by
 * turns, in a VM of its own, and the least times are compared.
 *
 * What the loops do more may hide behind what the processor waits for anyway: arithmetic on floats that depend on each other
 * takes nothing more, a loop that only counts down takes most.  So there are codes of many kinds, and of each it is known
 * of which instructions it is made.  All run in one run of the VM, one behind the other, as in the program itself: where C stack
 * and registers lie decides over a tenth of the time, and a run alone takes as long to begin as a code to end.  Stores into an
 * array are not among them: where it lies decided over 2 to 16 %, which tells nothing of the program's. */
#include "cli/profile.h"

#include "base/clock.h"
#include "capi/vm.h"
#include "prof/sampler.h"
#include "value/profiling.h"
#include "vm/profile.h"

#include <string.h>

/* A code is measured several times at once, as it runs in a program that does nothing else meanwhile; and in several passes, so
 * that nothing that disturbs for a while disturbs all of them. */
enum { PASSES = 3, TURNS = 4, PLAIN = RF_PROF_PRICED, LOOPS };

/* Each takes about 8 microseconds. */
static const struct {
    const char *name;
    int argument;
    int builtins; /* how often it calls one */
} codes[] = {
    {"ints", 1000, 0},     {"floats", 700, 0},    {"turns", 2000, 0},    {"nested", 2000, 0},
    {"branches", 700, 0},  {"elements", 700, 0},  {"fields", 700, 0},    {"entries", 350, 0},
    {"texts", 200, 0},     {"arrays", 350, 0},    {"instances", 300, 0}, {"calls", 700, 0},
    {"choices", 700, 0},   {"methods", 500, 0},   {"tree", 8, 0},        {"deep", 17, 0},
    {"lookups", 500, 500}, {"numbers", 500, 500},
};
enum { CODES = sizeof codes / sizeof *codes };
_Static_assert((int)CODES <= RF_PROF_MOST_CODES, "a list has room for all");

static const char program[] =
    "struct Pair {\n"
    "    left, right\n"
    "    func plus(n) { return left + n }\n"
    "}\n"
    "func ints(n) {\n"
    "    mut s := 1\n"
    "    mut i := 0\n"
    "    while i < n {\n"
    "        s := (s * 1103 + i) % 65536\n"
    "        i := i + 1\n"
    "    }\n"
    "    return s\n"
    "}\n"
    "func floats(n) {\n"
    "    mut x := 1.0\n"
    "    mut y := 0.0\n"
    "    for i in range(n) {\n"
    "        x := x - y * 0.125\n"
    "        y := y + x * 0.125\n"
    "    }\n"
    "    return x\n"
    "}\n"
    "func turns(n) {\n"
    "    mut left := n\n"
    "    while left > 0 { left := left - 1 }\n"
    "    return left\n"
    "}\n"
    "func nested(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n / 8) { for j in range(8) { s := s + j } }\n"
    "    return s\n"
    "}\n"
    "func branches(n) {\n"
    "    mut odd := 0\n"
    "    mut low := 0\n"
    "    for i in range(n) {\n"
    "        if i % 2 == 1 { odd := odd + 1 } else { low := low + i }\n"
    "        if odd > low { low := low + 1 }\n"
    "    }\n"
    "    return odd\n"
    "}\n"
    "func elements(n) {\n"
    "    parts := [3, 1, 4, 1, 5, 9, 2, 6]\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := s + parts[i % 8] * 2 - parts[0] }\n"
    "    return s\n"
    "}\n"
    "func fields(n) {\n"
    "    mut p := Pair { left: 1, right: 2 }\n"
    "    for i in range(n) {\n"
    "        p.left := p.right + i\n"
    "        p.right := p.left - 1\n"
    "    }\n"
    "    return p.left\n"
    "}\n"
    "func entries(n) {\n"
    "    mut known := {a: 1, b: 2, c: 3}\n"
    "    for i in range(n) { known[\"b\"] := known[\"a\"] + i }\n"
    "    return known[\"b\"]\n"
    "}\n"
    "func texts(n) {\n"
    "    mut size := 0\n"
    "    for i in range(n) {\n"
    "        text := \"item \" + \"of \" + \"list\"\n"
    "        if text == \"\" { size := size + 1 }\n"
    "    }\n"
    "    return size\n"
    "}\n"
    "func arrays(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) {\n"
    "        pair := [i, 2]\n"
    "        s := s + pair[0]\n"
    "    }\n"
    "    return s\n"
    "}\n"
    "func instances(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) {\n"
    "        p := Pair { left: i, right: 3 }\n"
    "        s := s + p.right\n"
    "    }\n"
    "    return s\n"
    "}\n"
    "func twice(x) { return x * 2 }\n"
    "func calls(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := s + twice(i) }\n"
    "    return s\n"
    "}\n"
    "func larger(a, b) {\n"
    "    if a > b { return a }\n"
    "    return b\n"
    "}\n"
    "func choices(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := larger(i, s) + 1 }\n"
    "    return s\n"
    "}\n"
    "func methods(n) {\n"
    "    p := Pair { left: 1, right: 2 }\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := s + p.plus(i) }\n"
    "    return s\n"
    "}\n"
    "func tree(n) {\n"
    "    if n == 0 { return 1 }\n"
    "    return tree(n - 1) + tree(n - 1)\n"
    "}\n"
    "func down(n) {\n"
    "    if n < 1 { return 0 }\n"
    "    return down(n - 1) + n\n"
    "}\n"
    "func deep(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := s + down(41) }\n"
    "    return s\n"
    "}\n"
    "func lookups(n) {\n"
    "    known := {a: 1, b: 2, c: 3}\n"
    "    mut s := 0\n"
    "    for i in range(n) { if has_key(known, \"c\") { s := s + i } }\n"
    "    return s\n"
    "}\n"
    "func numbers(n) {\n"
    "    mut s := 0\n"
    "    for i in range(n) { s := s + max(i, 7) }\n"
    "    return s\n"
    "}\n";

typedef struct trial {
    ruff_vm *vm;
    rf_prof_thread *thread;
    ruff_value *functions[CODES], *arguments[CODES];
    double work[CODES][RF_PROF_WORKS]; /* of one run */
    double least_ns[CODES][LOOPS];
    bool is_measured;
} trial;

static void choose_loop(trial *t, int loop)
{
    t->vm->isolate->prof = loop == PLAIN ? NULL : t->thread;
    atomic_store_explicit(&t->thread->is_exact_over, loop != RF_PROF_TALLIED, memory_order_relaxed);
}

static bool measure_one(trial *t, int code, int loop, bool is_first)
{
    const ruff_value *given[] = {t->arguments[code]};
    choose_loop(t, loop);
    const int64_t began = rf_clock_monotonic_ns();
    if (ruff_call(t->vm, t->functions[code], given, 1, NULL, NULL)) return false;
    const double took = (double)(rf_clock_monotonic_ns() - began);
    double *least = &t->least_ns[code][loop];
    if (is_first || took < *least) *least = took;
    return true;
}

/* In each loop for the first time, and what it is made of. */
static bool look_at(trial *t, int code)
{
    double before[RF_PROF_WORKS];
    rf_vm_profile_work(t->vm->isolate, before);
    for (int loop = 0; loop < LOOPS; loop++)
        if (!measure_one(t, code, loop, true)) return false;
    rf_vm_profile_work(t->vm->isolate, t->work[code]);
    for (int kind = 0; kind < RF_PROF_WORKS; kind++) t->work[code][kind] -= before[kind];
    return true;
}

static bool measure_all(trial *t)
{
    for (int code = 0; code < CODES; code++)
        if (!look_at(t, code)) return false;
    for (int pass = 0; pass < PASSES; pass++)
        for (int code = 0; code < CODES; code++)
            for (int i = 0; i < TURNS * LOOPS; i++)
                if (!measure_one(t, code, i % LOOPS, false)) return false;
    return true;
}

static rf_value measure(rf_isolate *isolate, void *context)
{
    trial *t = context;
    (void)isolate;
    t->is_measured = measure_all(t);
    choose_loop(t, RF_PROF_SAMPLED);
    return rf_null();
}

/* A built-in is what is taken more than by code that is made like the rest. */
static double price_of(const trial *t, rf_prof_loop loop, int code, const rf_prof_price_list *shares)
{
    const double plain = t->least_ns[code][PLAIN], taken = t->least_ns[code][loop];
    double spread;
    if (!codes[code].builtins) return taken / plain - 1;
    return (taken - plain * (1 + rf_prof_loop_price(shares, loop, t->work[code], &spread))) / codes[code].builtins;
}

/* The prices of all codes with built-ins, or of those without. */
static void find_prices(const trial *t, bool has_builtins, const rf_prof_price_list *shares, rf_prof_price_list *list)
{
    for (int code = 0; code < CODES; code++) {
        if (has_builtins != (codes[code].builtins > 0)) continue;
        rf_prof_code_price *found = &list->codes[list->count++];
        memcpy(found->work, t->work[code], sizeof found->work);
        for (rf_prof_loop loop = 0; loop < RF_PROF_PRICED; loop++) found->price[loop] = price_of(t, loop, code, shares);
    }
}

/* Else there is nothing to divide by. */
static bool is_plausible(const trial *t)
{
    for (int code = 0; code < CODES; code++)
        if (t->least_ns[code][PLAIN] <= 0) return false;
    return true;
}

static void run_trial(trial *t, rf_prof_loop_prices *prices)
{
    if (ruff_run(t->vm, program, strlen(program), "prices", NULL)) return;
    bool is_ready = true;
    for (int code = 0; code < CODES; code++) {
        t->functions[code] = ruff_global_get(t->vm, codes[code].name);
        t->arguments[code] = ruff_value_int(t->vm, codes[code].argument);
        is_ready = is_ready && t->functions[code];
    }
    if (is_ready) rf_capi_run(t->vm, measure, t);
    if (t->is_measured && is_plausible(t)) {
        find_prices(t, false, NULL, &prices->shares);
        find_prices(t, true, &prices->shares, &prices->builtins);
    }
    for (int code = 0; code < CODES; code++) {
        ruff_value_release(t->functions[code]);
        ruff_value_release(t->arguments[code]);
    }
}

rf_prof_loop_prices cli_profile_prices(void)
{
    const rf_prof_options nobody_samples = {.is_manual = true, .hz = 1000, .seed = 1};
    rf_prof_loop_prices prices = {.shares.count = 0};
    rf_prof_session *session = rf_prof_session_new(&nobody_samples);
    ruff_config config = ruff_config_default();
    config.engine = RUFF_ENGINE_VM;
    config.globals = RUFF_GLOBALS_KEEP;
    trial t = {.is_measured = false};
    if (rf_capi_vm_new(&config, &(rf_instruments){.prof = session}, &t.vm, NULL) == RUFF_OK) {
        rf_profiling_begin(t.vm->isolate);
        t.thread = t.vm->isolate->prof;
        if (t.thread) run_trial(&t, &prices);
        rf_profiling_end(t.vm->isolate);
        ruff_vm_free(t.vm);
    }
    rf_prof_session_free(session);
    return prices;
}
