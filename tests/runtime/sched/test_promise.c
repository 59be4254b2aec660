#include "sched_fixture.h"

#include <unistd.h>

/* ---- rejections ---- */

static rf_value reject(rf_isolate *isolate, rf_function *function, const rf_value *args,
                       uint32_t arg_count)
{
    (void)args, (void)arg_count;
    return rf_raise(isolate, "%s", (const char *)function->code);
}

static void start_failing(fixture *f, const char *message, rf_value *promise)
{
    *promise = fixture_async(f, reject, (void *)(uintptr_t)message);
}

static rf_value main_lets_some_fail(rf_isolate *isolate, void *context)
{
    fixture *f = context;
    rf_value a, b, c, outer;
    start_failing(f, "first", &a);
    start_failing(f, "second", &b);
    start_failing(f, "third", &c);
    assert_true(rf_is_raised(rf_await(isolate, b)));
    assert_string_equal(fixture_error(f), "second");
    outer = rf_promise_new(isolate); /* takes c over, and is itself never awaited */
    rf_promise_resolve(isolate, outer.as.promise, c);
    rf_release(isolate, a);
    rf_release(isolate, b);
    rf_release(isolate, outer);
    return rf_null();
}

static void rejections_nobody_awaited_are_reported_in_order(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    fixture_run(f, main_lets_some_fail, f);
    assert_string_equal(fixture_output(f, 2),
                        "[RUFRUN001] [runtime] warning: Unhandled promise rejection: first\n"
                        "[RUFRUN001] [runtime] warning: Unhandled promise rejection: third\n");
    fixture_free(f);
}

static rf_value main_handles_many(rf_isolate *isolate, void *context)
{
    fixture *f = context;
    for (int i = 0; i < 1000; i++) {
        rf_value promise;
        start_failing(f, i == 500 ? "unseen" : "seen", &promise);
        if (i != 500) {
            assert_true(rf_is_raised(rf_await(isolate, promise)));
            fixture_error(f);
        }
        rf_release(isolate, promise);
    }
    return rf_null();
}

static void handled_rejections_are_forgotten(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    fixture_run(f, main_handles_many, f);
    assert_string_equal(fixture_output(f, 2),
                        "[RUFRUN001] [runtime] warning: Unhandled promise rejection: unseen\n");
    fixture_free(f);
}

/* ---- observers ---- */

typedef struct log {
    fixture *f;
    char text[100];
    rf_value promise;
} event_log;

static void log_settled(rf_isolate *isolate, rf_promise *promise, void *context)
{
    (void)isolate;
    event_log *l = context;
    strcat(l->text, promise->state == RF_PROMISE_RESOLVED ? "+" : "-");
}

static void log_drop(rf_isolate *isolate, void *context)
{
    (void)isolate;
    strcat(((event_log *)context)->text, "d");
}

static rf_value main_observes(rf_isolate *isolate, void *context)
{
    event_log *l = context;
    rf_value settled = rf_promise_new(isolate), pending = rf_promise_new(isolate),
             never = rf_promise_new(isolate);
    rf_promise_resolve(isolate, settled.as.promise, rf_null());
    rf_promise_observe(isolate, settled.as.promise, log_settled, log_drop, l);
    assert_string_equal(l->text, "+");
    rf_promise_observe(isolate, pending.as.promise, log_settled, log_drop, l);
    rf_promise_observe(isolate, never.as.promise, log_settled, log_drop, l);
    rf_promise_reject(isolate, pending.as.promise,
                      rf_error_value_new(isolate, rf_string_from(isolate, "x")));
    rf_promise_resolve(isolate, pending.as.promise, rf_null()); /* settled once and for all */
    assert_string_equal(l->text, "+-");
    rf_release(isolate, settled);
    rf_release(isolate, pending);
    rf_release(isolate, never);
    return rf_null();
}

static void observers_hear_of_every_promise_once_and_are_dropped_at_the_end(void **state)
{
    (void)state;
    event_log l = {.f = fixture_new(NULL, 0)};
    fixture_run(l.f, main_observes, &l);
    fixture_free(l.f);
    assert_string_equal(l.text, "+-d");
}

static rf_value main_resolves_with_itself(rf_isolate *isolate, void *context)
{
    fixture *f = context;
    rf_value promise = rf_promise_new(isolate);
    rf_promise_resolve(isolate, promise.as.promise, rf_copy(promise));
    assert_true(rf_is_raised(rf_await(isolate, promise)));
    assert_string_equal(fixture_error(f), "Promise never resolved");
    rf_release(isolate, promise);
    return rf_null();
}

static void a_promise_that_follows_itself_never_resolves(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    fixture_run(f, main_resolves_with_itself, f);
    fixture_free(f);
}

/* ---- timers ---- */

static void fire(rf_isolate *isolate, void *context)
{
    (void)isolate;
    event_log *l = *(event_log **)context;
    char name[2] = {*((char *)context + sizeof(event_log *)), '\0'};
    strcat(l->text, name);
    rf_free(context);
}

static void drop_timer(rf_isolate *isolate, void *context)
{
    (void)isolate;
    rf_free(context);
}

static rf_timer_entry *start(event_log *l, double ms, char name)
{
    char *context = rf_alloc(sizeof l + 1);
    memcpy(context, &l, sizeof l);
    context[sizeof l] = name;
    return rf_timer_start(l->f->isolate, ms, fire, drop_timer, context);
}

static rf_value main_starts_timers(rf_isolate *isolate, void *context)
{
    event_log *l = context;
    rf_timer_entry *stopped[20];
    for (int i = 0; i < 20; i++) stopped[i] = start(l, i % 7, 'x');
    start(l, 40, 'd');
    start(l, 5, 'b');
    start(l, -1, 'a');
    start(l, 20, 'c');
    for (int i = 0; i < 20; i++) rf_timer_stop(isolate, stopped[i]);
    rf_value last = rf_timer(isolate, 40, rf_int(9)); /* due after d: started later */
    rf_value result = rf_await(isolate, last);
    rf_release(isolate, last);
    start(l, 1e300, 'z'); /* dropped at the end */
    return result;
}

static void timers_fire_in_the_order_they_are_due(void **state)
{
    (void)state;
    event_log l = {.f = fixture_new(NULL, 0)};
    rf_value result = fixture_run(l.f, main_starts_timers, &l);
    assert_int_equal(result.as.i, 9);
    assert_string_equal(l.text, "abcd");
    fixture_free(l.f);
}

/* ---- background operations ---- */

typedef struct work {
    int number;
    pthread_t thread;
} work;

static void do_work(void *context)
{
    work *w = context;
    w->number *= 2;
    w->thread = pthread_self();
}

static void finish_work(rf_isolate *isolate, rf_promise *promise, void *context)
{
    work *w = context;
    assert_false(pthread_equal(w->thread, pthread_self()));
    rf_promise_resolve(isolate, promise, rf_int(w->number));
    rf_free(w);
}

static rf_value start_work(rf_isolate *isolate, int number)
{
    work *w = rf_new(work);
    w->number = number;
    return rf_background(isolate, do_work, finish_work, w);
}

static rf_value main_works_in_the_background(rf_isolate *isolate, void *context)
{
    (void)context;
    rf_value promises[50];
    int64_t sum = 0;
    for (int i = 0; i < 50; i++) promises[i] = start_work(isolate, i);
    for (int i = 0; i < 50; i++) {
        rf_value v = rf_await(isolate, promises[i]);
        sum += v.as.i;
        rf_release(isolate, promises[i]);
    }
    rf_release(isolate, start_work(isolate, 1)); /* finished before the program ends */
    return rf_int(sum);
}

static void background_operations_run_on_other_threads_and_finish_on_this_one(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    rf_value result = fixture_run(f, main_works_in_the_background, NULL);
    assert_int_equal(result.as.i, 2450);
    fixture_free(f);
}

/* ---- errors of promises ---- */

static void an_error_kept_for_later_gets_its_message_then(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    rf_value error = rf_error_here(f->isolate);
    error = rf_error_with_message(f->isolate, error, rf_string_from(f->isolate, "late"));
    assert_int_equal(f->isolate->error.head, RF_UNSET);
    assert_string_equal(error.as.error->message.as.string->text, "late");
    rf_release(f->isolate, error);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejections_nobody_awaited_are_reported_in_order),
        cmocka_unit_test(handled_rejections_are_forgotten),
        cmocka_unit_test(observers_hear_of_every_promise_once_and_are_dropped_at_the_end),
        cmocka_unit_test(a_promise_that_follows_itself_never_resolves),
        cmocka_unit_test(timers_fire_in_the_order_they_are_due),
        cmocka_unit_test(background_operations_run_on_other_threads_and_finish_on_this_one),
        cmocka_unit_test(an_error_kept_for_later_gets_its_message_then),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
