/* Heat that is counted later: the plain loop is left in time, at any instruction, and only by whose time it is. */
#include "support/program.h"

#include "base/clock.h"
#include "vm/jit_hook.h"
#include "vm/later.h"

#include <pthread.h>
#include <stdatomic.h>

enum { HEAT = 50, US = 1000 };

typedef struct watch {
    rf_jit_hook hook;
    uint64_t after_ns, used_ns; /* what is asked for at the first question */
    bool has_asked, is_counted; /* is_counted: it was refused */
    unsigned early, late;       /* questions until it was time, and since */
    unsigned late_generators;   /* the latter in generators */
    int64_t first_late_used_ns;
    program *other; /* NULL: none; asks as soon as it is time for the first */
    bool is_other_counted;
} watch;

static watch seen; /* of the isolate that is tested */

static rf_hot_outcome hot(rf_isolate *isolate, rf_vm_task *task)
{
    const rf_vm_state *state = rf_vm_state_of(isolate);
    task->fp->proto->heat = HEAT;
    if (!seen.has_asked) {
        seen.has_asked = true;
        seen.is_counted = !rf_vm_count_later(isolate, seen.after_ns, seen.used_ns);
        return seen.is_counted ? RF_HOT_GOES_ON : RF_HOT_OTHER_LOOP;
    }
    const bool is_early = rf_vm_counts_later(state);
    if (!is_early && !seen.late) {
        seen.first_late_used_ns = rf_clock_thread_cpu_ns();
        seen.is_other_counted = seen.other && !rf_vm_count_later(seen.other->isolate, 1, 0);
    }
    *(is_early ? &seen.early : &seen.late) += 1;
    seen.late_generators += !is_early && (task->fp->flags & RF_FRAME_GENERATOR) != 0;
    return is_early ? RF_HOT_OTHER_LOOP : RF_HOT_GOES_ON;
}

static void stop(rf_isolate *isolate) { rf_vm_state_of(isolate)->jit = NULL; }

static void watch_it(program *p, uint64_t after_ns, uint64_t used_ns)
{
    seen = (watch){.hook = {.first_heat = HEAT, .hot = hot, .stop = stop}, .after_ns = after_ns, .used_ns = used_ns};
    rf_vm_state_of(p->isolate)->jit = &seen.hook;
}

static bool are_put_back(void)
{
    for (unsigned op = 0; op < RF_OP_COUNT; op++)
        if (rf_vm_plain_loop.now[op] != rf_vm_plain_loop.labels[op]) return false;
    return true;
}

/* Each runs for some ms. */
static const char *const programs[][2] = {
    {"i := 0\ns := 0\nwhile i < 2000000 { s := (s * 3 + i) % 1000003 i := i + 1 }\nprint(s)\n", "728400\n"},
    {"s := 0\nfor i in range(2000000) { s := s + i % 7 }\nprint(s)\n", "5999995\n"},
    {"func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }\nprint(fib(25))\n", "75025\n"},
    /* the outer loop has begun when nothing is counted, and its turns are long */
    {"s := 0\nfor i in range(200) { for j in range(10000) { s := s + j % 3 } }\nprint(s)\n", "1999800\n"},
    {"func* up(n) { for i in range(n) { yield i } }\ns := 0\nfor x in up(500000) { s := s + x }\nprint(s)\n",
     "124999750000\n"},
    /* callbacks */
    {"xs := range(0, 60000)\ns := 0\nfor k in range(8) { ys := map(xs, |x| (x * 7919) % 60013) s := s + len(filter(ys, |y| y % 2 == 0)) }\n"
     "print(s)\n",
     "240000\n"},
    /* plain loops beside one that awaits */
    {"async func up(n) { s := 0 for i in range(n) { s := s + i } return s }\ns := 0\n"
     "for k in range(4) { s := s + await up(200000) }\nprint(s)\n",
     "79999600000\n"},
    /* what is raised and caught */
    {"s := 0\nfunc f(i) { if i % 3 == 0 { throw(\"no\") } return i }\n"
     "for i in range(100000) { try { s := s + f(i) } except e { s := s - 1 } }\nprint(s)\n",
     "3333233333\n"},
};

/* Again and again, if the machine is busy and the thread late. */
static void run_until_late(program *p, const char *const texts[2])
{
    for (unsigned runs = 0; runs < 3000 && !seen.late; runs++) program_prints(p, texts[0], texts[1]);
    assert_true(seen.late > 0);
}

/* Is something counted within the run that was under way when it was time?  On a busy machine the thread may be too late. */
static bool is_left_at_once(const char *const texts[2], uint64_t after_ns)
{
    program *p = program_new();
    watch_it(p, after_ns, 0);
    program_prints(p, texts[0], texts[1]);
    const bool is_left = seen.late > 0;
    run_until_late(p, texts);
    assert_false(seen.is_counted);
    assert_true(are_put_back());
    program_free(p);
    return is_left;
}

static void counting_begins_in_the_middle_of_anything(void **state)
{
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(programs); i++) {
        unsigned left = 0;
        for (unsigned tries = 0; tries < 6 || (!left && tries < 600); tries++)
            left += is_left_at_once(programs[i], (1 + 400 * (uint64_t)(tries % 6)) * US);
        assert_true(left > 0);
    }
}

static void nothing_is_counted_before(void **state)
{
    watch_it(*state, UINT64_C(3600000000000), 0);
    for (size_t i = 0; i < RF_COUNT_OF(programs); i++) program_prints(*state, programs[i][0], programs[i][1]);
    assert_true(seen.has_asked);
    assert_int_equal(seen.early, 0);
    assert_int_equal(seen.late, 0);
    assert_true(are_put_back());
}

static void processor_time_is_waited_for(void **state)
{
    const uint64_t used_ns = (uint64_t)rf_clock_thread_cpu_ns() + 3000 * US;
    watch_it(*state, 0, used_ns);
    run_until_late(*state, programs[2]);
    assert_true((uint64_t)seen.first_late_used_ns >= used_ns);
}

static void it_begins_once(void **state)
{
    program *p = *state;
    watch_it(p, 1, 0);
    run_until_late(p, programs[0]);
    assert_false(rf_vm_count_later(p->isolate, 1, 0));
}

/* Its range has taken all turns at once when it is suspended, and no plain loop is there to be left when it is time. */
static void a_generator_that_was_suspended_is_counted(void **state)
{
    (void)state;
    bool is_in_time = false;
    for (unsigned tries = 0; tries < 600 && !is_in_time; tries++) {
        program *p = program_new();
        watch_it(p, 3000 * US, 0);
        program_prints(p,
                       "func* up(n) { s := 0 for i in range(n) { s := s + i if i == 3 { yield s } } yield s }\n"
                       "k := 0\nwhile k < 1000 { k := k + 1 }\n"
                       "for x in up(1000) { print(x) while k < 2000000 { k := k + 1 } }\n",
                       "6\n499500\n");
        is_in_time = seen.late > 100; /* else the thread came when the loop was over */
        if (is_in_time) assert_true(seen.late_generators > 5); /* not only as one that is resumed */
        program_free(p);
    }
    assert_true(is_in_time);
}

/* The loop that awaits has not been left, so the plain loop asks at every instruction. */
static void others_are_counted_while_a_loop_waits(void **state)
{
    (void)state;
    bool was_counted = false;
    for (unsigned tries = 0; tries < 600 && !was_counted; tries++) {
        program *p = program_new();
        watch_it(p, 1000 * US, 0);
        seen.other = program_new();
        program_prints(p,
                       "k := 0\nwhile k < 1000 { k := k + 1 }\n"
                       "async func long() { i := 0 while i < 3000000 { i := i + 1 } return i }\nprint(await long())\n",
                       "3000000\n");
        was_counted = seen.is_other_counted;
        if (was_counted) assert_true(rf_vm_count_later(seen.other->isolate, 1, 0)); /* now it has been left */
        program_free(seen.other);
        program_free(p);
    }
    assert_true(was_counted);
}

typedef struct other {
    atomic_bool is_over;
    unsigned runs, wrong;
} other;

static void *run_without_hook(void *context)
{
    other *o = context;
    program *p = program_new();
    while (!atomic_load(&o->is_over) || o->runs == 0) {
        program_run(p, programs[1][0]);
        o->runs++;
        if (p->out.size != strlen(programs[1][1]) || memcmp(p->out.data, programs[1][1], p->out.size) != 0) o->wrong++;
        rf_buffer_clear(&p->out);
    }
    program_free(p);
    return NULL;
}

static void loops_of_others_go_on(void **state)
{
    (void)state;
    pthread_t thread;
    other o = {.runs = 0};
    assert_int_equal(pthread_create(&thread, NULL, run_without_hook, &o), 0);
    for (unsigned round = 0; round < 3; round++) counting_begins_in_the_middle_of_anything(NULL);
    atomic_store(&o.is_over, true);
    pthread_join(thread, NULL);
    assert_true(o.runs > 0);
    assert_int_equal(o.wrong, 0);
    assert_true(are_put_back());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting_begins_in_the_middle_of_anything),
        cmocka_unit_test_setup_teardown(nothing_is_counted_before, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(processor_time_is_waited_for, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(it_begins_once, program_setup, program_teardown),
        cmocka_unit_test(a_generator_that_was_suspended_is_counted),
        cmocka_unit_test(others_are_counted_while_a_loop_waits),
        cmocka_unit_test(loops_of_others_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
