#include "value_test.h"

#include <math.h>

static void add(rf_isolate *isolate, rf_value set, rf_value v) /* gives v up */
{
    assert_true(rf_set_add(isolate, set.as.set, v));
    rf_release(isolate, v);
}

static void set_keeps_first_of_equals_in_order(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate);
    add(isolate, s, rf_int(2));
    add(isolate, s, text(isolate, "two"));
    add(isolate, s, rf_float(2.0));
    add(isolate, s, INTS(isolate, 1, 2));
    add(isolate, s, LIST(isolate, rf_float(1), rf_int(2)));
    add(isolate, s, rf_bool(true));
    add(isolate, s, rf_int(1));
    assert_shows(isolate, s, "Set([2, two, [1, 2], true, 1])");
}

static void close_floats_are_one_element(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate);
    add(isolate, s, rf_float(0.3));
    add(isolate, s, rf_float(0.1 + 0.2));
    assert_int_equal(rf_set_count(s.as.set), 1);
    assert_int_equal(rf_set_has(isolate, s.as.set, rf_float(0.3 - 1e-16)), 1);
    add(isolate, s, rf_float(0.0));
    add(isolate, s, rf_float(-1e-17));
    add(isolate, s, rf_int(0));
    assert_int_equal(rf_set_count(s.as.set), 2);
    add(isolate, s, rf_float(1.0 - 0x1p-53));
    assert_int_equal(rf_set_has(isolate, s.as.set, rf_int(1)), 1);
    assert_int_equal(rf_set_has(isolate, s.as.set, rf_float(1.0 + 0x1p-52)), 0);
    rf_release(isolate, s);
}

static void containers_of_close_floats_are_found(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate), v = LIST(isolate, rf_float(0.1 + 0.2));
    for (int i = 0; i < 50; i++) add(isolate, s, LIST(isolate, rf_float(i + 0.5)));
    add(isolate, s, LIST(isolate, rf_float(0.3)));
    assert_int_equal(rf_set_has(isolate, s.as.set, v), 1);
    rf_release(isolate, v);
    rf_release(isolate, s);
}

static void nan_is_never_there(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate);
    add(isolate, s, rf_float((double)NAN));
    add(isolate, s, rf_float((double)NAN));
    assert_int_equal(rf_set_count(s.as.set), 2);
    assert_int_equal(rf_set_has(isolate, s.as.set, rf_float((double)NAN)), 0);
    rf_release(isolate, s);
}

static void answers_are_those_of_a_search_from_the_front(void **state)
{
    rf_isolate *isolate = *state;
    uint32_t random = 12345;
    rf_value s = rf_set_new(isolate);
    static double model[4000];
    int count = 0;
    for (int step = 0; step < 6000; step++) {
        random = random * 1664525u + 1013904223u;
        double number = (double)(random >> 20) / 4096 +
                        (random >> 8 & 7) * 4e-17; /* neighbours within the bound */
        int found = -1;
        for (int i = 0; i < count && found < 0; i++)
            if (rf_floats_equal(model[i], number)) found = i;
        assert_int_equal(rf_set_has(isolate, s.as.set, rf_float(number)), found >= 0);
        if (random >> 5 & 1) {
            assert_true(rf_set_add(isolate, s.as.set, rf_float(number)));
            if (found < 0) model[count++] = number;
        } else {
            assert_true(rf_set_remove(isolate, s.as.set, rf_float(number)));
            if (found >= 0)
                memmove(&model[found], &model[found + 1],
                        (size_t)(--count - found) * sizeof *model);
        }
    }
    rf_value element;
    int at = 0;
    for (uint32_t cursor = 0; rf_set_next(s.as.set, &cursor, &element); at++)
        assert_true(element.as.d == model[at]);
    assert_int_equal(at, count);
    rf_release(isolate, s);
}

static void removing_and_adding_again_goes_to_the_end(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate), absent = text(isolate, "absent");
    for (int i = 0; i < 4; i++) add(isolate, s, rf_int(i));
    assert_true(rf_set_remove(isolate, s.as.set, rf_int(1)));
    assert_true(rf_set_remove(isolate, s.as.set, absent));
    add(isolate, s, rf_int(1));
    assert_shows(isolate, s, "Set([0, 2, 3, 1])");
    rf_release(isolate, absent);
}

static void sets_are_copied_when_shared(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_set_new(isolate);
    for (int i = 0; i < 20; i++) add(isolate, a, text(isolate, i % 2 ? "odd one" : "even one"));
    rf_value b = rf_copy(a);
    rf_set_remove(isolate, rf_set_unique(isolate, &b), rf_int(3));
    add(isolate, b, rf_int(7));
    assert_shows(isolate, a, "Set([even one, odd one])");
    assert_shows(isolate, b, "Set([even one, odd one, 7])");
}

static void too_deep_an_element_raises(void **state)
{
    rf_isolate *isolate = *state;
    rf_value deep[2], s = rf_set_new(isolate);
    for (int i = 0; i < 2; i++) {
        deep[i] = rf_array_new(isolate, 0);
        for (int k = 0; k < 4100; k++) deep[i] = LIST(isolate, deep[i]);
    }
    assert_true(rf_set_add(isolate, s.as.set, deep[0]));
    assert_int_equal(rf_set_has(isolate, s.as.set, deep[1]), -1);
    assert_error(isolate, "Maximum data nesting depth of 4096 exceeded");
    assert_false(rf_set_add(isolate, s.as.set, deep[1]));
    assert_error(isolate, "Maximum data nesting depth of 4096 exceeded");
    assert_false(rf_set_remove(isolate, s.as.set, deep[1]));
    assert_error(isolate, "Maximum data nesting depth of 4096 exceeded");
    for (int i = 0; i < 2; i++) rf_release(isolate, deep[i]);
    rf_release(isolate, s);
}

static void many_elements_of_all_kinds(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_set_new(isolate);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3000; i++) {
            add(isolate, s, rf_int(i));
            add(isolate, s, rf_string_format(isolate, "text %d", i));
            add(isolate, s, INTS(isolate, i, i + 1));
            add(isolate, s, rf_wrap_value(isolate, RF_SOME, rf_int(i)));
        }
        assert_int_equal(rf_set_count(s.as.set), 12000);
    }
    rf_release(isolate, s);
}

static void queue_is_first_in_first_out(void **state)
{
    rf_isolate *isolate = *state;
    rf_value q = rf_sequence_new(isolate, RF_QUEUE);
    int64_t next_in = 0, next_out = 0;
    for (int round = 0; round < 200; round++) { /* the ring turns and grows */
        for (int i = 0; i < 7; i++)
            assert_true(rf_sequence_push(isolate, q.as.sequence, rf_int(next_in++)));
        for (int i = 0; i < 5; i++)
            assert_is_int(rf_sequence_take_front(isolate, q.as.sequence), next_out++);
        assert_int_equal(rf_sequence_count(q.as.sequence), next_in - next_out);
        assert_is_int(rf_sequence_peek(q.as.sequence, 0), next_out);
    }
    rf_release(isolate, q);
}

static void stack_is_last_in_first_out(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_sequence_new(isolate, RF_STACK);
    for (int i = 0; i < 10; i++)
        rf_sequence_push(isolate, s.as.sequence, rf_string_format(isolate, "v%d", i));
    assert_shows(isolate, rf_sequence_take_back(isolate, s.as.sequence), "v9");
    assert_shows(isolate, rf_sequence_take_back(isolate, s.as.sequence), "v8");
    rf_sequence_push(isolate, s.as.sequence, rf_int(1));
    assert_int_equal(rf_sequence_count(s.as.sequence), 9);
    rf_release(isolate, s);
}

static void sequences_are_copied_when_shared(void **state)
{
    rf_isolate *isolate = *state;
    rf_value q = rf_sequence_new(isolate, RF_QUEUE);
    for (int i = 0; i < 6; i++)
        rf_sequence_push(isolate, q.as.sequence, rf_string_format(isolate, "v%d", i));
    rf_release(isolate, rf_sequence_take_front(isolate, q.as.sequence));
    rf_value other = rf_copy(q);
    rf_sequence *alone = rf_sequence_unique(isolate, &other);
    assert_ptr_equal(rf_sequence_unique(isolate, &other), alone);
    rf_release(isolate, rf_sequence_take_front(isolate, alone));
    rf_sequence_push(isolate, alone, rf_int(9));
    assert_shows(isolate, q, "Queue([v1, v2, v3, v4, v5])");
    assert_shows(isolate, other, "Queue([v2, v3, v4, v5, 9])");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(set_keeps_first_of_equals_in_order),
        value_test(close_floats_are_one_element),
        value_test(containers_of_close_floats_are_found),
        value_test(nan_is_never_there),
        value_test(answers_are_those_of_a_search_from_the_front),
        value_test(removing_and_adding_again_goes_to_the_end),
        value_test(sets_are_copied_when_shared),
        value_test(too_deep_an_element_raises),
        value_test(many_elements_of_all_kinds),
        value_test(queue_is_first_in_first_out),
        value_test(stack_is_last_in_first_out),
        value_test(sequences_are_copied_when_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
