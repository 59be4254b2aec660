#include "sched_fixture.h"

#include "sched/stack.h"

/* What happened, one letter an event. */
typedef struct story {
    fixture *f;
    char text[200];
    rf_value promise; /* one that several tasks wait for */
    rf_value error;
    rf_task *task;
} story;

static void tell(story *s, char event)
{
    const size_t size = strlen(s->text);
    s->text[size] = event;
    s->text[size + 1] = '\0';
}

static fixture *setup(story *s)
{
    *s = (story){.f = fixture_new(NULL, 0), .promise = rf_unset(), .error = rf_unset()};
    return s->f;
}

static bool
give_way(rf_isolate *isolate) /* to the tasks that are runnable now; false: RAISED travels */
{
    rf_value timer = rf_timer(isolate, 0, rf_null());
    rf_value result = rf_await(isolate, timer);
    rf_release(isolate, timer);
    return !rf_is_raised(result);
}

/* ---- starting ---- */

static rf_value tell_a(rf_isolate *isolate, rf_function *function, const rf_value *args,
                       uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    tell(function->code, 'a');
    return rf_int(7);
}

static rf_value main_calls_a(rf_isolate *isolate, void *context)
{
    story *s = context;
    rf_value promise = fixture_async(s->f, tell_a, s);
    tell(s, 'm');
    assert_int_equal(promise.as.promise->state, RF_PROMISE_RESOLVED);
    rf_value result = rf_await(isolate, promise);
    rf_release(isolate, promise);
    return result;
}

static void an_async_body_runs_at_once(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    rf_value result = fixture_run(f, main_calls_a, &s);
    assert_string_equal(s.text, "am");
    assert_int_equal(result.as.i, 7);
    fixture_free(f);
}

static rf_value tell_abc(rf_isolate *isolate, rf_function *function, const rf_value *args,
                         uint32_t arg_count)
{
    (void)args, (void)arg_count;
    tell(function->code, 'a');
    if (!give_way(isolate)) return rf_raised();
    tell(function->code, 'b');
    if (!give_way(isolate)) return rf_raised();
    tell(function->code, 'c');
    return rf_null();
}

static rf_value main_starts_three(rf_isolate *isolate, void *context)
{
    story *s = context;
    for (int i = 0; i < 3; i++) rf_release(isolate, fixture_async(s->f, tell_abc, s));
    tell(s, 'm');
    return rf_null();
}

static void tasks_take_turns_and_outlive_the_main_task(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    fixture_run(f, main_starts_three, &s);
    assert_string_equal(s.text, "aaambbbccc");
    fixture_free(f);
}

static rf_value main_ends_with_error(rf_isolate *isolate, void *context)
{
    rf_release(isolate, main_starts_three(isolate, context));
    return rf_raise(isolate, "boom");
}

static void an_error_of_the_main_task_abandons_the_others(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    assert_true(rf_is_raised(fixture_run(f, main_ends_with_error, &s)));
    assert_string_equal(fixture_error(f), "boom");
    assert_string_equal(s.text, "aaam");
    fixture_free(f);
}

/* ---- waiting ---- */

static rf_value wait_for_promise(rf_isolate *isolate, rf_function *function, const rf_value *args,
                                 uint32_t arg_count)
{
    (void)args, (void)arg_count;
    story *s = function->code;
    const char name = (char)('1' + strlen(s->text));
    tell(s, name);
    rf_value v = rf_await(isolate, s->promise);
    if (rf_is_raised(v)) {
        rf_value error = rf_take_error(isolate);
        assert_ptr_equal(error.as.o, s->error.as.o);
        rf_release(isolate, error);
        tell(s, 'e');
    } else {
        rf_release(isolate, v);
        tell(s, name);
    }
    return rf_null();
}

static rf_value main_settles(rf_isolate *isolate, void *context)
{
    story *s = context;
    s->promise = rf_promise_new(isolate);
    for (int i = 0; i < 3; i++) rf_release(isolate, fixture_async(s->f, wait_for_promise, s));
    if (s->error.head == RF_UNSET)
        rf_promise_resolve(isolate, s->promise.as.promise, rf_int(1));
    else
        rf_promise_reject(isolate, s->promise.as.promise, rf_copy(s->error));
    tell(s, 'm');
    give_way(isolate);
    rf_store(isolate, &s->promise, rf_unset());
    return rf_null();
}

static void waiters_go_on_in_the_order_they_came_after_the_one_that_settles(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    fixture_run(f, main_settles, &s);
    assert_string_equal(s.text, "123m123");
    fixture_free(f);
}

static void every_await_of_a_rejected_promise_raises_the_same_error(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    s.error = rf_error_value_new(f->isolate, rf_string_from(f->isolate, "bad"));
    fixture_run(f, main_settles, &s);
    assert_string_equal(s.text, "123meee");
    assert_string_equal(fixture_output(f, 2), "");
    rf_store(f->isolate, &s.error, rf_unset());
    fixture_free(f);
}

static rf_value main_waits_in_vain(rf_isolate *isolate, void *context)
{
    story *s = context;
    s->promise = rf_promise_new(isolate);
    for (int i = 0; i < 2; i++) {
        assert_true(rf_is_raised(rf_await(isolate, s->promise)));
        assert_string_equal(fixture_error(s->f), "Promise never resolved");
    }
    rf_release(isolate, fixture_async(s->f, wait_for_promise,
                                      s)); /* never goes on, does not keep the program */
    rf_release(isolate, rf_take(&s->promise));
    return rf_null();
}

static void a_hopeless_await_of_the_main_task_raises(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    assert_false(rf_is_raised(fixture_run(f, main_waits_in_vain, &s)));
    fixture_free(f);
}

static rf_value wait_for_an_hour(rf_isolate *isolate, rf_function *function, const rf_value *args,
                                 uint32_t arg_count)
{
    (void)args, (void)arg_count;
    tell(function->code, 'w');
    rf_value timer = rf_timer(isolate, 3600000, rf_null());
    rf_value result = rf_await(isolate, timer);
    tell(function->code, 'u');
    rf_release(isolate, timer);
    return result;
}

static rf_value main_leaves_two_behind(rf_isolate *isolate, void *context)
{
    story *s = context;
    for (int i = 0; i < 2; i++) rf_release(isolate, fixture_async(s->f, wait_for_an_hour, s));
    return rf_null();
}

static void tasks_left_behind_time_out(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    f->host.scheduler_timeout_ms = 1;
    assert_true(rf_is_raised(fixture_run(f, main_leaves_two_behind, &s)));
    assert_string_equal(fixture_error(f), "Scheduler timed out after 1ms (2 pending)");
    assert_string_equal(s.text, "wwuu"); /* unwound */
    fixture_free(f);
}

/* ---- exit ---- */

static rf_value exit_after_a_while(rf_isolate *isolate, rf_function *function, const rf_value *args,
                                   uint32_t arg_count)
{
    (void)args, (void)arg_count;
    if (!give_way(isolate)) return rf_raised();
    tell(function->code, 'x');
    isolate->exit_code = 3;
    isolate->exit_requested = true;
    return rf_raised();
}

static rf_value main_waits_for_exit(rf_isolate *isolate, void *context)
{
    story *s = context;
    rf_release(isolate, fixture_async(s->f, wait_for_an_hour, s));
    rf_value promise = fixture_async(s->f, exit_after_a_while, s);
    rf_value result = rf_await(isolate, promise);
    rf_release(isolate, promise);
    assert_true(rf_is_raised(result));
    tell(s, 'm');
    return result;
}

static void exit_in_a_task_unwinds_the_program(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    assert_true(rf_is_raised(fixture_run(f, main_waits_for_exit, &s)));
    assert_true(f->isolate->exit_requested);
    assert_int_equal(f->isolate->error.head, RF_UNSET);
    assert_string_equal(s.text, "wxmu");
    fixture_free(f);
}

static rf_value exit_at_once(rf_isolate *isolate, rf_function *function, const rf_value *args,
                             uint32_t arg_count)
{
    (void)function, (void)args, (void)arg_count;
    isolate->exit_requested = true;
    return rf_raised();
}

static rf_value main_calls_exit(rf_isolate *isolate, void *context)
{
    (void)isolate;
    return fixture_async(((story *)context)->f, exit_at_once, context);
}

static void exit_before_the_first_suspension_raises_in_the_caller(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    assert_true(rf_is_raised(fixture_run(f, main_calls_exit, &s)));
    fixture_free(f);
}

/* ---- depth ---- */

static rf_value note_depth(rf_isolate *isolate, rf_function *function, const rf_value *args,
                           uint32_t arg_count)
{
    (void)args, (void)arg_count;
    isolate->depth++;
    tell(function->code, (char)('0' + isolate->depth));
    if (!give_way(isolate)) return rf_raised();
    tell(function->code, (char)('0' + isolate->depth));
    isolate->depth--;
    return rf_null();
}

static rf_value main_at_depth_four(rf_isolate *isolate, void *context)
{
    story *s = context;
    isolate->depth = 4;
    rf_value promise = fixture_async(s->f, note_depth, s);
    tell(s, (char)('0' + isolate->depth));
    rf_release(isolate, rf_await(isolate, promise));
    rf_release(isolate, promise);
    tell(s, (char)('0' + isolate->depth));
    isolate->depth = 0;
    return rf_null();
}

static void depth_counts_on_top_of_the_caller_until_the_first_suspension(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    fixture_run(f, main_at_depth_four, &s);
    assert_string_equal(s.text, "5414");
    fixture_free(f);
}

/* ---- spawned and cancelled tasks ---- */

static rf_value tell_t(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    story *s = args[0].as.function->code;
    tell(s, 't');
    if (!give_way(isolate)) return rf_raised();
    tell(s, 'u');
    return rf_int(5);
}

static const rf_builtin task_rows[] = {
    {.name = "t", .canonical = "t", .max_args = -1, .function = tell_t}};

static rf_value spawn_task(story *s)
{
    rf_value function = fixture_function(s->f, &task_rows[0], s);
    rf_value promise = rf_task_spawn(s->f->isolate, function.as.function, &s->task);
    rf_release(s->f->isolate, function);
    return promise;
}

static rf_value main_spawns_a_task(rf_isolate *isolate, void *context)
{
    story *s = context;
    rf_value promise = spawn_task(s);
    assert_non_null(s->task);
    tell(s, 'm');
    rf_value result = rf_await(isolate, promise);
    assert_null(s->task);
    rf_release(isolate, promise);
    return result;
}

static void a_spawned_task_begins_when_the_caller_gives_way(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    rf_value result = fixture_run(f, main_spawns_a_task, &s);
    assert_string_equal(s.text, "mtu");
    assert_int_equal(result.as.i, 5);
    fixture_free(f);
}

static rf_value main_cancels(rf_isolate *isolate, void *context)
{
    story *s = context;
    rf_value early = spawn_task(s);
    rf_task_cancel(isolate, s->task);
    assert_null(s->task);
    rf_value late = spawn_task(s);
    rf_value other = fixture_async(s->f, tell_a, s);
    rf_value timer = rf_timer(isolate, 0, rf_null());
    rf_release(isolate, rf_await(isolate, timer));
    assert_non_null(s->task); /* it waits for its own timer */
    rf_task_cancel(isolate, s->task);
    give_way(isolate);
    assert_null(s->task);
    assert_int_equal(early.as.promise->state, RF_PROMISE_PENDING);
    assert_int_equal(late.as.promise->state, RF_PROMISE_PENDING);
    rf_release(isolate, early);
    rf_release(isolate, late);
    rf_release(isolate, other);
    rf_release(isolate, timer);
    return rf_null();
}

static void a_cancelled_task_goes_no_further_than_its_suspension(void **state)
{
    (void)state;
    story s;
    fixture *f = setup(&s);
    fixture_run(f, main_cancels, &s);
    assert_string_equal(s.text, "at");
    assert_false(f->isolate->abandoning);
    fixture_free(f);
}

/* ---- many ---- */

typedef struct chain {
    fixture *f;
    rf_promise *next;
} chain;

static rf_value main_makes_a_long_chain(rf_isolate *isolate, void *context)
{
    fixture *f = context;
    (void)f;
    rf_value first = rf_promise_new(isolate), last = rf_copy(first);
    for (int i = 0; i < 100000; i++) {
        rf_value follower = rf_promise_new(isolate);
        rf_promise_resolve(isolate, follower.as.promise, last);
        last = follower;
    }
    rf_promise_resolve(isolate, first.as.promise, rf_int(1));
    assert_int_equal(last.as.promise->state, RF_PROMISE_RESOLVED);
    rf_release(isolate, first);
    rf_release(isolate, last);
    return rf_null();
}

static void a_chain_of_a_hundred_thousand_followers_settles(void **state)
{
    (void)state;
    fixture *f = fixture_new(NULL, 0);
    fixture_run(f, main_makes_a_long_chain, f);
    fixture_free(f);
}

#ifdef __SANITIZE_THREAD__
enum { MANY = 500 }; /* the tool's own limit on fibers */
#else
enum { MANY = 20000 };
#endif

static rf_value count_up(rf_isolate *isolate, rf_function *function, const rf_value *args,
                         uint32_t arg_count)
{
    (void)args, (void)arg_count;
    if (!give_way(isolate)) return rf_raised();
    ++*(int *)function->code;
    return rf_null();
}

typedef struct crowd {
    fixture *f;
    int count;
} crowd;

static rf_value main_starts_many(rf_isolate *isolate, void *context)
{
    crowd *c = context;
    for (int i = 0; i < MANY; i++) rf_release(isolate, fixture_async(c->f, count_up, &c->count));
    return rf_null();
}

static void twenty_thousand_tasks_wait_at_once(void **state)
{
    (void)state;
    crowd c = {.f = fixture_new(NULL, 0)};
    fixture_run(c.f, main_starts_many, &c);
    assert_int_equal(c.count, MANY);
    fixture_free(c.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_async_body_runs_at_once),
        cmocka_unit_test(tasks_take_turns_and_outlive_the_main_task),
        cmocka_unit_test(an_error_of_the_main_task_abandons_the_others),
        cmocka_unit_test(waiters_go_on_in_the_order_they_came_after_the_one_that_settles),
        cmocka_unit_test(every_await_of_a_rejected_promise_raises_the_same_error),
        cmocka_unit_test(a_hopeless_await_of_the_main_task_raises),
        cmocka_unit_test(tasks_left_behind_time_out),
        cmocka_unit_test(exit_in_a_task_unwinds_the_program),
        cmocka_unit_test(exit_before_the_first_suspension_raises_in_the_caller),
        cmocka_unit_test(depth_counts_on_top_of_the_caller_until_the_first_suspension),
        cmocka_unit_test(a_spawned_task_begins_when_the_caller_gives_way),
        cmocka_unit_test(a_cancelled_task_goes_no_further_than_its_suspension),
        cmocka_unit_test(a_chain_of_a_hundred_thousand_followers_settles),
        cmocka_unit_test(twenty_thousand_tasks_wait_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
