#include "sched_fixture.h"

#include "value/array.h"

#include <malloc.h>

typedef struct talk {
    fixture *f;
    rf_value channel;
    char text[200]; /* what receivers got: digits, n for null, r for raised */
    rf_task *task;
} talk;

static fixture *setup(talk *t)
{
    *t = (talk){.f = fixture_new(NULL, 0)};
    t->channel = rf_channel_new(t->f->isolate);
    return t->f;
}

static void teardown(talk *t)
{
    rf_store(t->f->isolate, &t->channel, rf_unset());
    fixture_free(t->f);
}

static void note(talk *t, rf_value v)
{
    const char event = rf_is_raised(v) ? 'r' : v.head == RF_NULL ? 'n' : (char)('0' + v.as.i);
    const size_t size = strlen(t->text);
    t->text[size] = event;
    t->text[size + 1] = '\0';
}

static void put(talk *t, rf_value v)
{
    assert_true(rf_truthy(rf_channel_send(t->f->isolate, t->channel.as.channel, v)));
}

static rf_value receive_one(rf_isolate *isolate, rf_function *function, const rf_value *args,
                            uint32_t arg_count)
{
    (void)args, (void)arg_count;
    talk *t = function->code;
    rf_value v = rf_channel_receive(isolate, t->channel.as.channel);
    note(t, v);
    return v;
}

static rf_value main_fills_and_empties(rf_isolate *isolate, void *context)
{
    talk *t = context;
    for (int i = 1; i <= 3; i++) put(t, rf_int(i));
    for (int i = 1; i <= 3; i++) note(t, rf_channel_receive(isolate, t->channel.as.channel));
    note(t, rf_channel_receive(isolate, t->channel.as.channel));
    return rf_null();
}

static void messages_come_in_the_order_sent_and_null_when_nobody_can_send(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_fills_and_empties, &t);
    assert_string_equal(t.text, "123n");
    teardown(&t);
}

static rf_value main_serves_three(rf_isolate *isolate, void *context)
{
    talk *t = context;
    for (int i = 0; i < 3; i++) rf_release(isolate, fixture_async(t->f, receive_one, t));
    for (int i = 1; i <= 4; i++) put(t, rf_int(i));
    assert_string_equal(t->text, ""); /* whoever sends runs on */
    note(t, rf_channel_receive(isolate, t->channel.as.channel));
    return rf_null();
}

static void receivers_are_served_in_the_order_they_began_to_wait(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_serves_three, &t);
    assert_string_equal(t.text, "4123");
    teardown(&t);
}

static rf_value receive_null_then_send(rf_isolate *isolate, rf_function *function,
                                       const rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    talk *t = function->code;
    rf_value v = rf_channel_receive(isolate, t->channel.as.channel);
    note(t, v);
    put(t, rf_int(8));
    return v;
}

static rf_value main_leaves_receivers(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_release(isolate, fixture_async(t->f, receive_null_then_send, t));
    for (int i = 0; i < 2; i++) rf_release(isolate, fixture_async(t->f, receive_one, t));
    return rf_null();
}

static void an_idle_program_answers_one_receive_at_a_time(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_leaves_receivers, &t);
    assert_string_equal(t.text, "n8n"); /* the first answer lets the second have a message */
    teardown(&t);
}

static rf_value main_prefers_null_to_despair(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_release(isolate, fixture_async(t->f, receive_one, t));
    rf_value never = rf_promise_new(isolate);
    note(t, rf_await(isolate, never));
    fixture_error(t->f);
    rf_release(isolate, never);
    return rf_null();
}

static void a_waiting_receive_is_answered_before_an_await_is_hopeless(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_prefers_null_to_despair, &t);
    assert_string_equal(t.text, "nr");
    teardown(&t);
}

static rf_value main_waits_for_a_timer(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_value timer = rf_timer(isolate, 5, rf_null()); /* somebody may still send when it fires */
    rf_release(isolate, fixture_async(t->f, receive_one, t));
    rf_release(isolate, rf_await(isolate, timer));
    rf_release(isolate, timer);
    put(t, rf_int(5));
    return rf_null();
}

static void a_pending_timer_keeps_receivers_waiting(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_waits_for_a_timer, &t);
    assert_string_equal(t.text, "5");
    teardown(&t);
}

static rf_value main_sends_an_array(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_value array = rf_array_new(isolate, 0);
    rf_array_push(isolate, array.as.array, rf_string_from(isolate, "one"));
    put(t, array);
    rf_array_push(isolate, rf_array_unique(isolate, &array), rf_int(2));
    rf_value received = rf_channel_receive(isolate, t->channel.as.channel);
    assert_int_equal(received.head, RF_ARRAY);
    assert_ptr_not_equal(received.as.o, array.as.o);
    assert_int_equal(received.as.array->length, 1);
    rf_release(isolate, array);
    rf_release(isolate, received);
    return rf_null();
}

static void messages_are_copies(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_sends_an_array, &t);
    teardown(&t);
}

static rf_value main_sends_a_promise(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_value array = rf_array_new(isolate, 0);
    rf_array_push(isolate, array.as.array, rf_promise_new(isolate));
    rf_value result = rf_channel_send(isolate, t->channel.as.channel, array);
    rf_release(isolate, array);
    return result;
}

static void what_cannot_cross_is_refused_by_its_type(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    assert_true(rf_is_raised(fixture_run(t.f, main_sends_a_promise, &t)));
    assert_string_equal(fixture_error(t.f), "Cannot send promise through a channel");
    teardown(&t);
}

static rf_value main_sends_the_channel(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_value other = rf_channel_new(isolate);
    put(t, other);
    rf_value received = rf_channel_receive(isolate, t->channel.as.channel);
    assert_int_equal(received.head, RF_CHANNEL);
    rf_channel_send(isolate, received.as.channel, rf_int(6));
    note(t, rf_channel_receive(isolate, other.as.channel));
    assert_true(isolate->sched_hooks->same_channel(received.as.channel, other.as.channel));
    rf_release(isolate, other);
    rf_release(isolate, received);
    return rf_null();
}

static void a_channel_that_is_sent_is_shared(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_sends_the_channel, &t);
    assert_string_equal(t.text, "6");
    teardown(&t);
}

static rf_value receive_in_task(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    talk *t = args[0].as.function->code;
    rf_value v = rf_channel_receive(isolate, t->channel.as.channel);
    note(t, v);
    return v;
}

static rf_value main_cancels_a_receiver(rf_isolate *isolate, void *context)
{
    static const rf_builtin row = {
        .name = "r", .canonical = "r", .max_args = -1, .function = receive_in_task};
    talk *t = context;
    rf_value function = fixture_function(t->f, &row, t);
    rf_release(isolate, rf_task_spawn(isolate, function.as.function, &t->task));
    rf_release(isolate, function);
    rf_value timer = rf_timer(isolate, 0, rf_null());
    rf_release(isolate, rf_await(isolate, timer));
    rf_release(isolate, timer);
    rf_task_cancel(isolate, t->task);
    put(t, rf_int(4));
    note(t, rf_channel_receive(isolate, t->channel.as.channel));
    return rf_null();
}

static void a_cancelled_receiver_takes_no_message(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    fixture_run(t.f, main_cancels_a_receiver, &t);
    assert_string_equal(t.text, "4r");
    teardown(&t);
}

static rf_value main_fails_beside_a_receiver(rf_isolate *isolate, void *context)
{
    talk *t = context;
    rf_release(isolate, fixture_async(t->f, receive_one, t));
    return rf_raise(isolate, "boom");
}

static void a_receiver_is_unwound_when_the_program_fails(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    assert_true(rf_is_raised(fixture_run(t.f, main_fails_beside_a_receiver, &t)));
    assert_string_equal(t.text, "r");
    fixture_error(t.f);
    teardown(&t);
}

static void unread_messages_go_with_the_channel(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    for (int i = 0; i < 3; i++) {
        rf_value text = rf_string_from(t.f->isolate, "left over");
        put(&t, text);
        rf_release(t.f->isolate, text);
    }
    teardown(&t);
}

/* Channels to and from one another, and one in its own queue. */
static void entangle_channels(void)
{
    talk t;
    setup(&t);
    rf_isolate *isolate = t.f->isolate;
    rf_value a = rf_channel_new(isolate), b = rf_channel_new(isolate);
    rf_channel_send(isolate, a.as.channel, b);
    rf_channel_send(isolate, b.as.channel, a);
    put(&t, a);
    put(&t, t.channel);
    rf_release(isolate, a);
    rf_release(isolate, b);
    teardown(&t);
}

static void channels_in_their_own_queues_go_with_the_program(void **state)
{
    (void)state;
    enum { PARTS = 6, ROUNDS = 50, SMALLEST_CORE = 64 /* bytes */ };
    size_t used = 0;
    bool has_settled = false;
    for (int part = 0; part < PARTS; part++) { /* the allocator keeps some of what was freed; what leaks grows always */
        for (int i = 0; i < ROUNDS; i++) entangle_channels();
        const size_t now = mallinfo2().uordblks;
        has_settled |= now < used + ROUNDS * SMALLEST_CORE && part > 0;
        used = now;
    }
    assert_true(has_settled);
}

static void the_stack_does_not_grow_with_a_chain_of_channels(void **state)
{
    (void)state;
    talk t;
    setup(&t);
    for (int i = 0; i < 300000; i++) {
        rf_value next = rf_channel_new(t.f->isolate);
        rf_channel_send(t.f->isolate, next.as.channel, t.channel);
        rf_store(t.f->isolate, &t.channel, next);
    }
    rf_store(t.f->isolate, &t.channel, rf_unset()); /* lets go of one after the other */
    teardown(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_the_order_sent_and_null_when_nobody_can_send),
        cmocka_unit_test(receivers_are_served_in_the_order_they_began_to_wait),
        cmocka_unit_test(an_idle_program_answers_one_receive_at_a_time),
        cmocka_unit_test(a_waiting_receive_is_answered_before_an_await_is_hopeless),
        cmocka_unit_test(a_pending_timer_keeps_receivers_waiting),
        cmocka_unit_test(messages_are_copies),
        cmocka_unit_test(what_cannot_cross_is_refused_by_its_type),
        cmocka_unit_test(a_channel_that_is_sent_is_shared),
        cmocka_unit_test(a_cancelled_receiver_takes_no_message),
        cmocka_unit_test(a_receiver_is_unwound_when_the_program_fails),
        cmocka_unit_test(unread_messages_go_with_the_channel),
        cmocka_unit_test(channels_in_their_own_queues_go_with_the_program),
        cmocka_unit_test(the_stack_does_not_grow_with_a_chain_of_channels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
