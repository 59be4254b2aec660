/* Workers run built-in functions, which cross to them by number; their channels come through the
 * shared state. */
#include "sched_fixture.h"

#include "value/array.h"
#include "value/transfer.h"

enum { CHANNELS = 4 };

/* Channels for workers, as packets remade for each taker; under the lock of the shared state. */
typedef struct board {
    rf_packet *packets[CHANNELS];
} board;

static void release_board(void *memory)
{
    board *b = memory;
    for (int i = 0; i < CHANNELS; i++)
        if (b->packets[i]) rf_packet_free(b->packets[i]);
}

static void pin(rf_isolate *isolate, int place, rf_value v)
{
    board *b = rf_shared_lock(isolate, RF_SHARED_CELLS, sizeof(board), release_board);
    if (b->packets[place]) rf_packet_free(b->packets[place]);
    b->packets[place] = rf_packet_pack(isolate, &v, 1, NULL);
    rf_shared_unlock(isolate);
}

static rf_value look(rf_isolate *isolate, int place)
{
    rf_value v;
    board *b = rf_shared_lock(isolate, RF_SHARED_CELLS, sizeof(board), release_board);
    rf_packet_open(isolate, b->packets[place], &v);
    b->packets[place] = rf_packet_pack(isolate, &v, 1, NULL);
    rf_shared_unlock(isolate);
    return v;
}

static void send_to(rf_isolate *isolate, int place, rf_value v)
{
    rf_value channel = look(isolate, place);
    assert_true(rf_truthy(rf_channel_send(isolate, channel.as.channel, v)));
    rf_release(isolate, channel);
}

static rf_value receive_from(rf_isolate *isolate, int place)
{
    rf_value channel = look(isolate, place);
    rf_value v = rf_channel_receive(isolate, channel.as.channel);
    rf_release(isolate, channel);
    return v;
}

static void print(rf_isolate *isolate, const char *text)
{
    isolate->host->write(isolate->host->context, 1, text, strlen(text));
}

/* ---- what workers do ---- */

static rf_value send_numbers(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    for (int i = 0; i < 1000; i++) send_to(isolate, 0, rf_int(i));
    return rf_null();
}

static rf_value square(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    rf_value v;
    while ((v = receive_from(isolate, 0)).head == RF_INT)
        send_to(isolate, 1, rf_int(v.as.i * v.as.i));
    return rf_null();
}

static rf_value print_null(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    const bool is_null = receive_from(isolate, 2).head == RF_NULL;
    print(isolate, is_null ? "w" : "?");
    return rf_null();
}

static rf_value raise_error(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    return rf_raise(isolate, "broken worker");
}

static rf_value exit_with_five(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    isolate->exit_code = 5;
    isolate->exit_requested = true;
    return rf_raised();
}

static rf_value wait_for_nothing(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    rf_value never = rf_promise_new(isolate);
    rf_value result = rf_await(isolate, never);
    rf_release(isolate, never);
    return result;
}

static rf_value spawn_sender(rf_isolate *isolate, rf_value *args, uint32_t arg_count);

static rf_value wait_long(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    send_to(isolate, 0, rf_null());
    rf_value timer = rf_timer(isolate, 3600000, rf_null());
    rf_value result = rf_await(isolate, timer);
    rf_release(isolate, timer);
    return result;
}

enum {
    SEND_NUMBERS,
    SQUARE,
    PRINT_NULL,
    RAISE_ERROR,
    EXIT,
    WAIT_FOR_NOTHING,
    SPAWN_SENDER,
    WAIT_LONG,
    ROWS
};

static const rf_builtin rows[ROWS] = {
#define ROW(number, text, body)                                                                    \
    [number] = {.name = text, .canonical = text, .max_args = -1, .function = body}
    ROW(SEND_NUMBERS, "send_numbers", send_numbers),
    ROW(SQUARE, "square", square),
    ROW(PRINT_NULL, "print_null", print_null),
    ROW(RAISE_ERROR, "raise_error", raise_error),
    ROW(EXIT, "exit", exit_with_five),
    ROW(WAIT_FOR_NOTHING, "wait_for_nothing", wait_for_nothing),
    ROW(SPAWN_SENDER, "spawn_sender", spawn_sender),
    ROW(WAIT_LONG, "wait_long", wait_long),
#undef ROW
};

static void spawn(rf_isolate *isolate, int number)
{
    assert_int_equal(rf_spawn(isolate, isolate->builtin_values[number].as.function).head, RF_NULL);
}

static rf_value spawn_sender(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    spawn(isolate, SEND_NUMBERS);
    return rf_null();
}

static fixture *setup(void)
{
    fixture *f = fixture_new(rows, ROWS);
    for (int i = 0; i < CHANNELS; i++) {
        rf_value channel = rf_channel_new(f->isolate);
        pin(f->isolate, i, channel);
        rf_release(f->isolate, channel);
    }
    return f;
}

/* ---- tests ---- */

static rf_value main_receives_from_four(rf_isolate *isolate, void *context)
{
    (void)context;
    int64_t sum = 0, count = 0;
    for (int i = 0; i < 3; i++) spawn(isolate, SEND_NUMBERS);
    spawn(isolate, SPAWN_SENDER);
    rf_value v;
    while ((v = receive_from(isolate, 0)).head == RF_INT) {
        sum += v.as.i;
        count++;
    }
    assert_int_equal(count, 4000);
    return rf_int(sum);
}

static void every_message_of_every_worker_arrives(void **state)
{
    (void)state;
    fixture *f = setup();
    rf_value sum = fixture_run(f, main_receives_from_four, NULL);
    assert_int_equal(sum.as.i, 4 * 499500);
    fixture_free(f);
}

static rf_value main_uses_four_squarers(rf_isolate *isolate, void *context)
{
    (void)context;
    int64_t sum = 0;
    for (int i = 0; i < 4; i++) spawn(isolate, SQUARE);
    for (int i = 0; i < 2000; i++) send_to(isolate, 0, rf_int(i));
    for (int i = 0; i < 2000; i++) sum += receive_from(isolate, 1).as.i;
    for (int i = 0; i < 4; i++) send_to(isolate, 0, rf_null());
    return rf_int(sum);
}

static void workers_share_the_work_of_one_channel(void **state)
{
    (void)state;
    fixture *f = setup();
    rf_value sum = fixture_run(f, main_uses_four_squarers, NULL);
    assert_int_equal(sum.as.i, INT64_C(2664667000));
    fixture_free(f);
}

static rf_value main_receives_null_last(rf_isolate *isolate, void *context)
{
    (void)context;
    for (int i = 0; i < 3; i++) spawn(isolate, PRINT_NULL);
    rf_value v = receive_from(isolate, 3);
    print(isolate, "m");
    return v;
}

static void an_idle_program_answers_workers_before_its_own_tasks(void **state)
{
    (void)state;
    fixture *f = setup();
    rf_value v = fixture_run(f, main_receives_null_last, NULL);
    assert_int_equal(v.head, RF_NULL);
    assert_string_equal(fixture_output(f, 1), "wwwm");
    fixture_free(f);
}

static rf_value main_spawns(rf_isolate *isolate, void *context)
{
    spawn(isolate, *(int *)context);
    return rf_int(1);
}

static void an_error_ends_its_worker_only_and_is_reported(void **state)
{
    (void)state;
    int number = RAISE_ERROR;
    fixture *f = setup();
    rf_value v = fixture_run(f, main_spawns, &number);
    assert_int_equal(v.as.i, 1);
    assert_non_null(strstr(fixture_output(f, 2), "Runtime Error: broken worker"));
    fixture_free(f);
}

static void a_hopeless_await_of_a_worker_raises_there(void **state)
{
    (void)state;
    int number = WAIT_FOR_NOTHING;
    fixture *f = setup();
    fixture_run(f, main_spawns, &number);
    assert_non_null(strstr(fixture_output(f, 2), "Promise never resolved"));
    fixture_free(f);
}

static void the_program_waits_for_its_workers(void **state)
{
    (void)state;
    int number = PRINT_NULL;
    fixture *f = setup();
    fixture_run(f, main_spawns, &number);
    assert_string_equal(fixture_output(f, 1), "w");
    fixture_free(f);
}

static rf_value main_waits_forever(rf_isolate *isolate, void *context)
{
    (void)context;
    spawn(isolate, EXIT);
    rf_value timer = rf_timer(isolate, 3600000, rf_null());
    rf_value v = rf_await(isolate, timer);
    rf_release(isolate, timer);
    return v;
}

static void exit_in_a_worker_ends_the_program(void **state)
{
    (void)state;
    fixture *f = setup();
    assert_true(rf_is_raised(fixture_run(f, main_waits_forever, NULL)));
    assert_true(f->isolate->exit_requested);
    assert_int_equal(f->isolate->exit_code, 5);
    f->isolate->exit_requested = false;
    fixture_free(f);
}

static rf_value main_fails_beside_a_worker(rf_isolate *isolate, void *context)
{
    (void)context;
    spawn(isolate, WAIT_LONG);
    receive_from(isolate, 0); /* it has begun */
    return rf_raise(isolate, "boom");
}

static void a_program_that_fails_does_not_wait_and_stops_workers_at_their_suspension(void **state)
{
    (void)state;
    fixture *f = setup();
    assert_true(rf_is_raised(fixture_run(f, main_fails_beside_a_worker, NULL)));
    assert_string_equal(fixture_error(f), "boom");
    fixture_free(f); /* waits for the worker's thread, not for its timer */
}

static void workers_left_behind_time_out(void **state)
{
    (void)state;
    int number = WAIT_LONG;
    fixture *f = setup();
    f->host.scheduler_timeout_ms = 1;
    assert_true(rf_is_raised(fixture_run(f, main_spawns, &number)));
    assert_string_equal(fixture_error(f), "Scheduler timed out after 1ms (1 pending)");
    fixture_free(f);
}

static rf_value main_spawns_many(rf_isolate *isolate, void *context)
{
    (void)context;
    for (int i = 0; i < 200; i++) spawn(isolate, PRINT_NULL);
    return rf_null();
}

static void two_hundred_workers_come_and_go(void **state)
{
    (void)state;
    fixture *f = setup();
    fixture_run(f, main_spawns_many, NULL);
    assert_int_equal(strlen(fixture_output(f, 1)), 200);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_of_every_worker_arrives),
        cmocka_unit_test(workers_share_the_work_of_one_channel),
        cmocka_unit_test(an_idle_program_answers_workers_before_its_own_tasks),
        cmocka_unit_test(an_error_ends_its_worker_only_and_is_reported),
        cmocka_unit_test(a_hopeless_await_of_a_worker_raises_there),
        cmocka_unit_test(the_program_waits_for_its_workers),
        cmocka_unit_test(exit_in_a_worker_ends_the_program),
        cmocka_unit_test(a_program_that_fails_does_not_wait_and_stops_workers_at_their_suspension),
        cmocka_unit_test(workers_left_behind_time_out),
        cmocka_unit_test(two_hundred_workers_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
