#include "base/alloc.h"
#include "sched/stack.h"

#include "support/ruff_test.h"

#include <pthread.h>
#include <string.h>

/* the thread sanitizer keeps a call stack of its own, and fibers, both of fixed size */
#ifdef __SANITIZE_THREAD__
enum { DEEP = 20000, MANY = 1000 };
#else
enum { DEEP = 1000000, MANY = 20000 /* more than are guarded */ };
#endif

static rf_isolate *new_isolate(void)
{
    rf_isolate *isolate = rf_new(rf_isolate);
    rf_stack_attach(isolate);
    return isolate;
}

static void free_isolate(rf_isolate *isolate)
{
    rf_stack_detach(isolate);
    rf_free(isolate);
}

/* ---- deep recursion ---- */

typedef struct recursion {
    rf_isolate *isolate;
    uint32_t wanted, reached, segments;
} recursion;

static void recurse(void *context)
{
    recursion *r = context;
    volatile char frame[400]; /* about what one call costs in the interpreter */
    frame[0] = (char)r->reached;
    frame[399] = (char)(r->reached >> 8);
    if (++r->reached < r->wanted) {
        if (rf_stack_is_low(r->isolate)) {
            r->segments++;
            rf_stack_call(r->isolate, recurse, r);
        } else {
            recurse(r);
        }
    }
    frame[1] = frame[399]; /* no tail call */
}

static void very_deep_recursion_continues_on_segments(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    recursion r = {.isolate = isolate, .wanted = DEEP};
    char *const limit = isolate->stack_limit;
    recurse(&r);
    assert_int_equal(r.reached, DEEP);
    assert_true(r.segments >= 1);
    assert_ptr_equal(isolate->stack_limit, limit);
    free_isolate(isolate);
}

static void *recurse_in_thread(void *context)
{
    uint32_t *reached = context;
    rf_isolate *isolate = new_isolate();
    recursion r = {.isolate = isolate, .wanted = DEEP / 10};
    recurse(&r);
    *reached = r.reached;
    free_isolate(isolate);
    return NULL;
}

static void a_thread_with_a_tiny_stack_runs_on_segments(void **state)
{
    (void)state;
    pthread_attr_t attributes;
    pthread_t thread;
    uint32_t reached = 0;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, RF_STACK_MARGIN), 0);
    assert_int_equal(pthread_create(&thread, &attributes, recurse_in_thread, &reached), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    assert_int_equal(reached, DEEP / 10);
}

static void fill_the_margin(void *context)
{
    (void)context;
    volatile char block[RF_STACK_MARGIN - (RF_STACK_MARGIN >> 3)];
    for (size_t i = 0; i < sizeof block; i += 512) block[i] = 1;
}

static void one_activation_of_nearly_the_margin_fits_below_the_limit(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    rf_stack_call(isolate, fill_the_margin, NULL);
    rf_stack *stack = rf_stack_new(isolate, fill_the_margin, NULL);
    assert_false(rf_stack_enter(isolate, stack));
    rf_stack_free(isolate, stack);
    free_isolate(isolate);
}

/* ---- coroutines ---- */

typedef struct counter {
    rf_isolate *isolate;
    rf_stack *stack;
    int value, limit;
} counter;

static void count(void *context)
{
    counter *c = context;
    double kept = 0.5; /* values in registers and on the stack survive a switch */
    while (c->value < c->limit) {
        c->value++;
        kept += 1.0;
        rf_stack_leave(c->isolate, c->stack);
    }
    c->value = (int)kept;
}

static void a_coroutine_steps_and_ends(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    counter c = {.isolate = isolate, .limit = 3};
    c.stack = rf_stack_new(isolate, count, &c);
    for (int i = 1; i <= 3; i++) {
        assert_true(rf_stack_enter(isolate, c.stack));
        assert_int_equal(c.value, i);
    }
    assert_false(rf_stack_enter(isolate, c.stack));
    assert_int_equal(c.value, 3);
    rf_stack_free(isolate, c.stack);
    free_isolate(isolate);
}

static void an_unfinished_coroutine_can_be_freed(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    counter c = {.isolate = isolate, .limit = 3};
    c.stack = rf_stack_new(isolate, count, &c);
    assert_true(rf_stack_enter(isolate, c.stack));
    rf_stack_free(isolate, c.stack);
    c.stack = rf_stack_new(isolate, count, &c);
    assert_true(rf_stack_enter(isolate, c.stack));
    assert_int_equal(c.value, 2);
    rf_stack_free(isolate, c.stack);
    free_isolate(isolate);
}

static void the_pool_reuses_a_freed_stack(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    counter c = {.isolate = isolate};
    rf_stack *first = rf_stack_new(isolate, count, &c);
    rf_stack_free(isolate, first);
    rf_stack *second = rf_stack_new(isolate, count, &c);
    assert_ptr_equal(first, second);
    rf_stack_free(isolate, second);
    free_isolate(isolate);
}

static void a_stack_may_be_freed_after_the_pool(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    counter c = {.isolate = isolate, .limit = 1};
    c.stack = rf_stack_new(isolate, count, &c);
    assert_true(rf_stack_enter(isolate, c.stack));
    rf_stack_detach(isolate);
    rf_stack_free(isolate, c.stack);
    rf_free(isolate);
}

typedef struct nest {
    rf_isolate *isolate;
    rf_stack *stack;
    struct nest *inner;
    recursion recursion;
    bool is_back;
} nest;

static void run_nest(void *context)
{
    nest *n = context;
    recurse(&n->recursion);
    if (n->inner) {
        while (rf_stack_enter(n->isolate, n->inner->stack)) rf_stack_leave(n->isolate, n->stack);
        rf_stack_free(n->isolate, n->inner->stack);
    } else {
        rf_stack_leave(n->isolate, n->stack);
    }
    n->is_back = true;
}

static void coroutines_nest_and_recurse_deeply(void **state)
{
    (void)state;
    enum { DEPTH = 20 };
    rf_isolate *isolate = new_isolate();
    nest nests[DEPTH];
    for (int i = DEPTH - 1; i >= 0; i--) {
        nests[i] = (nest){.isolate = isolate,
                          .inner = i + 1 < DEPTH ? &nests[i + 1] : NULL,
                          .recursion = {.isolate = isolate, .wanted = 5000}};
        nests[i].stack = rf_stack_new(isolate, run_nest, &nests[i]);
    }
    assert_true(rf_stack_enter(isolate, nests[0].stack));
    assert_false(nests[DEPTH - 1].is_back);
    assert_false(rf_stack_enter(isolate, nests[0].stack));
    for (int i = 0; i < DEPTH; i++) {
        assert_true(nests[i].is_back);
        assert_int_equal(nests[i].recursion.reached, 5000);
    }
    rf_stack_free(isolate, nests[0].stack);
    free_isolate(isolate);
}

/* ---- switching without a caller ---- */

typedef struct ring {
    rf_isolate *isolate;
    rf_stack *self, *next, *home;
    int *log, *count;
    int id;
} ring;

static void run_ring(void *context)
{
    ring *r = context;
    for (int turn = 0; turn < 3; turn++) {
        r->log[(*r->count)++] = r->id;
        rf_stack_switch(r->isolate, r->next);
    }
    rf_stack_end_at(r->self, r->next);
}

static void stacks_continue_one_another_in_a_ring_and_free_themselves(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    int log[16], logged = 0;
    ring a = {.isolate = isolate, .log = log, .count = &logged, .id = 1};
    ring b = {.isolate = isolate, .log = log, .count = &logged, .id = 2};
    a.self = b.next = rf_stack_new(isolate, run_ring, &a);
    b.self = a.next = rf_stack_new(isolate, run_ring, &b);
    a.home = b.home = rf_stack_running(isolate);
    /* a, b, home, then again: home is asked in between so that the ring is not closed in itself */
    b.next = a.home;
    for (int turn = 0; turn < 4; turn++) rf_stack_switch(isolate, a.self);
    assert_int_equal(logged, 6);
    for (int i = 0; i < 6; i++) assert_int_equal(log[i], 1 + i % 2);
    rf_stack *again = rf_stack_new(isolate, run_ring, &a);
    assert_true(again == a.self || again == b.self);
    rf_stack_free(isolate, again);
    free_isolate(isolate);
}

static void many_coroutines_exist_at_once(void **state)
{
    (void)state;
    rf_isolate *isolate = new_isolate();
    counter *counters = rf_alloc_array_zero(counter, MANY);
    for (int i = 0; i < MANY; i++) {
        counters[i] = (counter){.isolate = isolate, .limit = 1};
        counters[i].stack = rf_stack_new(isolate, count, &counters[i]);
        assert_true(rf_stack_enter(isolate, counters[i].stack));
    }
    for (int i = 0; i < MANY; i++) {
        assert_false(rf_stack_enter(isolate, counters[i].stack));
        rf_stack_free(isolate, counters[i].stack);
    }
    rf_free(counters);
    free_isolate(isolate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(very_deep_recursion_continues_on_segments),
        cmocka_unit_test(a_thread_with_a_tiny_stack_runs_on_segments),
        cmocka_unit_test(one_activation_of_nearly_the_margin_fits_below_the_limit),
        cmocka_unit_test(a_coroutine_steps_and_ends),
        cmocka_unit_test(an_unfinished_coroutine_can_be_freed),
        cmocka_unit_test(the_pool_reuses_a_freed_stack),
        cmocka_unit_test(a_stack_may_be_freed_after_the_pool),
        cmocka_unit_test(coroutines_nest_and_recurse_deeply),
        cmocka_unit_test(stacks_continue_one_another_in_a_ring_and_free_themselves),
        cmocka_unit_test(many_coroutines_exist_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
