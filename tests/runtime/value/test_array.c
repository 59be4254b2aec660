#include "value_test.h"

#include <math.h>

static void first_store_decides_the_kind(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        rf_value value;
        rf_array_kind kind;
    } cases[] = {
        {rf_int(1), RF_ARRAY_INTS},      {rf_float(1.5), RF_ARRAY_FLOATS},
        {rf_bool(true), RF_ARRAY_BOOLS}, {rf_null(), RF_ARRAY_VALUES},
        {rf_none(), RF_ARRAY_VALUES},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value a = rf_array_new(isolate, 0);
        assert_int_equal(a.as.array->object.info, RF_ARRAY_EMPTY);
        assert_true(rf_array_push(isolate, a.as.array, cases[i].value));
        assert_int_equal(a.as.array->object.info, cases[i].kind);
        rf_release(isolate, a);
    }
}

static void wrapped_number_is_no_int(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1, 2);
    rf_array_push(isolate, a.as.array, rf_wrap_value(isolate, RF_SOME, rf_int(3)));
    assert_int_equal(a.as.array->object.info, RF_ARRAY_VALUES);
    assert_shows(isolate, a, "[1, 2, Some(3)]");
}

static void foreign_type_widens_and_keeps_elements(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1, 2, 3);
    rf_array_set(isolate, a.as.array, 1, rf_float(2.5));
    assert_int_equal(a.as.array->object.info, RF_ARRAY_VALUES);
    assert_is_int(rf_array_peek(a.as.array, 0), 1);
    assert_shows(isolate, a, "[1, 2.5, 3]");
    rf_value b = LIST(isolate, rf_bool(true), rf_bool(false));
    assert_int_equal(b.as.array->object.info, RF_ARRAY_BOOLS);
    rf_array_insert(isolate, b.as.array, 1, text(isolate, "x"));
    assert_shows(isolate, b, "[true, x, false]");
}

static void empty_array_takes_any_kind_again(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = LIST(isolate, text(isolate, "ab"), text(isolate, "cd"));
    rf_array_truncate(isolate, a.as.array, 0);
    assert_true(rf_array_push(isolate, a.as.array, rf_int(7)));
    assert_int_equal(a.as.array->object.info, RF_ARRAY_INTS);
    assert_shows(isolate, a, "[7]");
}

static void insert_and_remove_shift(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1, 2, 3);
    assert_true(rf_array_insert(isolate, a.as.array, 0, rf_int(0)));
    assert_true(rf_array_insert(isolate, a.as.array, 4, rf_int(4)));
    assert_true(rf_array_insert(isolate, a.as.array, 2, rf_int(9)));
    assert_is_int(rf_array_remove(isolate, a.as.array, 2), 9);
    assert_is_int(rf_array_remove(isolate, a.as.array, 4), 4);
    assert_is_int(rf_array_remove(isolate, a.as.array, 0), 0);
    assert_shows(isolate, a, "[1, 2, 3]");
}

static void remove_moves_a_counted_element_out(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = LIST(isolate, text(isolate, "one"), text(isolate, "two"));
    rf_value taken = rf_array_remove(isolate, a.as.array, 0);
    assert_int_equal(taken.as.o->count, 1);
    assert_shows(isolate, taken, "one");
    assert_shows(isolate, a, "[two]");
}

static void extend_joins_all_kinds(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_array_new(isolate, 0), numbers = INTS(isolate, 1, 2),
             words = LIST(isolate, text(isolate, "xy"));
    assert_true(rf_array_extend(isolate, a.as.array, numbers.as.array));
    assert_int_equal(a.as.array->object.info, RF_ARRAY_INTS);
    assert_true(rf_array_extend(isolate, a.as.array, words.as.array));
    assert_true(rf_array_extend(isolate, a.as.array, numbers.as.array));
    assert_true(rf_array_extend(isolate, a.as.array, a.as.array));
    rf_release(isolate, numbers);
    rf_release(isolate, words);
    assert_shows(isolate, a, "[1, 2, xy, 1, 2, 1, 2, xy, 1, 2]");
}

static void unique_copies_only_what_is_shared(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1, 2);
    rf_array *before = a.as.array;
    assert_ptr_equal(rf_array_unique(isolate, &a), before);
    rf_value b = rf_copy(a);
    rf_array_set(isolate, rf_array_unique(isolate, &b), 0, rf_int(9));
    assert_ptr_equal(a.as.array, before);
    assert_shows(isolate, a, "[1, 2]");
    assert_shows(isolate, b, "[9, 2]");
}

static void slices_are_new_arrays_of_the_kind(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1, 2, 3, 4),
             words = LIST(isolate, text(isolate, "ab"), text(isolate, "cd"));
    rf_value part = rf_array_slice(isolate, a.as.array, 1, 3);
    assert_int_equal(part.as.array->object.info, RF_ARRAY_INTS);
    assert_shows(isolate, part, "[2, 3]");
    assert_shows(isolate, rf_array_slice(isolate, a.as.array, 2, 2), "[]");
    assert_shows(isolate, rf_array_slice(isolate, words.as.array, 1, 2), "[cd]");
    rf_release(isolate, a);
    rf_release(isolate, words);
}

static void indexes_are_normalised(void **state)
{
    (void)state;
    const struct {
        rf_value index;
        uint32_t length;
        int64_t expected; /* -1: refused */
    } cases[] = {
        {rf_int(0), 3, 0},        {rf_int(2), 3, 2},          {rf_int(3), 3, -1},
        {rf_int(-1), 3, 2},       {rf_int(-3), 3, 0},         {rf_int(-4), 3, -1},
        {rf_int(0), 0, -1},       {rf_int(INT64_MIN), 3, -1}, {rf_int(INT64_MAX), 3, -1},
        {rf_float(1.9), 3, 1},    {rf_float(-0.5), 3, 0},     {rf_float(-1.0), 3, 2},
        {rf_float(1e300), 3, -1}, {rf_float(-1e300), 3, -1},  {rf_float((double)NAN), 3, -1},
        {rf_bool(true), 3, -1},   {rf_null(), 3, -1},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        uint32_t at = 99;
        bool is_fine = rf_index_normalise(cases[i].index, cases[i].length, &at);
        assert_int_equal(is_fine, cases[i].expected >= 0);
        if (is_fine) assert_int_equal(at, cases[i].expected);
    }
}

static void limit_is_two_to_the_31_minus_1(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_array_new(isolate, 0);
    assert_false(rf_array_reserve(isolate, a.as.array, (size_t)INT32_MAX + 1));
    assert_error(isolate, "Collection too large");
    assert_raises(isolate, rf_array_new_ints(isolate, (size_t)INT32_MAX + 1),
                  "Collection too large");
    rf_release(isolate, a);
}

static void million_ints_take_less_than_9_megabytes(void **state)
{
    rf_isolate *isolate = *state;
    size_t before = isolate->heap.live_bytes;
    rf_value a = rf_array_new(isolate, 1000000);
    for (int i = 0; i < 1000000; i++) assert_true(rf_array_push(isolate, a.as.array, rf_int(i)));
    assert_true(isolate->heap.live_bytes - before <= 9000000);
    assert_is_int(rf_array_get(a.as.array, 999999), 999999);
    rf_release(isolate, a);
    assert_int_equal(isolate->heap.live_bytes, before);
}

static void ints_array_is_filled_by_the_caller(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_array_new_ints(isolate, 3);
    for (int i = 0; i < 3; i++) a.as.array->as.ints[i] = i * i;
    assert_shows(isolate, a, "[0, 1, 4]");
}

static void filling_appends_one_kind_or_does_nothing(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_array_new(isolate, 0), strings = LIST(isolate, text(isolate, "x"));
    assert_true(rf_array_fill(isolate, a.as.array, rf_float(0.5), 3));
    assert_int_equal(a.as.array->object.info, RF_ARRAY_FLOATS);
    assert_true(a.as.array->capacity > 3);
    assert_true(rf_array_push(isolate, a.as.array, rf_float(2)));
    assert_false(rf_array_fill(isolate, a.as.array, rf_int(1), 3));
    assert_false(rf_array_fill(isolate, a.as.array, rf_float(1), (size_t)INT32_MAX - 3));
    assert_int_equal(a.as.array->length, 4);
    assert_false(rf_array_fill(isolate, strings.as.array, rf_bool(true), 3));
    rf_array_truncate(isolate, strings.as.array, 0);
    assert_true(rf_array_fill(isolate, strings.as.array, rf_bool(true), 2));
    assert_shows(isolate, strings, "[true, true]");
    assert_shows(isolate, a, "[0.5, 0.5, 0.5, 2]");
}

static void pairs_have_the_narrowest_kind(void **state)
{
    rf_isolate *isolate = *state;
    const rf_value ints = rf_array_new_pair(isolate, rf_int(1), rf_int(2));
    const rf_value mixed = rf_array_new_pair(isolate, rf_string_from(isolate, "key"), rf_int(2));
    const rf_value wrapped = rf_array_new_pair(isolate, rf_wrap_value(isolate, RF_SOME, rf_int(3)), rf_int(3));
    assert_int_equal(ints.as.array->object.info, RF_ARRAY_INTS);
    assert_int_equal(mixed.as.array->object.info, RF_ARRAY_VALUES);
    assert_shows(isolate, ints, "[1, 2]");
    assert_shows(isolate, mixed, "[key, 2]");
    assert_shows(isolate, wrapped, "[Some(3), 3]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(first_store_decides_the_kind),
        value_test(wrapped_number_is_no_int),
        value_test(foreign_type_widens_and_keeps_elements),
        value_test(empty_array_takes_any_kind_again),
        value_test(insert_and_remove_shift),
        value_test(remove_moves_a_counted_element_out),
        value_test(extend_joins_all_kinds),
        value_test(unique_copies_only_what_is_shared),
        value_test(slices_are_new_arrays_of_the_kind),
        value_test(indexes_are_normalised),
        value_test(limit_is_two_to_the_31_minus_1),
        value_test(million_ints_take_less_than_9_megabytes),
        value_test(ints_array_is_filled_by_the_caller),
        value_test(filling_appends_one_kind_or_does_nothing),
        value_test(pairs_have_the_narrowest_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
