/* sort: against insertion sort on generated arrays, stability, equal answers for every kind of
 * array. */
#include "lib_test.h"

#include <math.h>

typedef struct random_source {
    uint64_t state;
} random_source;

static uint64_t next_random(random_source *r)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;
    return r->state;
}

/* ---- what the order is ---- */

static bool is_number(rf_value v)
{
    return v.head == RF_INT || v.head == RF_FLOAT;
}

static double as_double(rf_value v)
{
    return v.head == RF_INT ? (double)v.as.i : v.as.d;
}

static bool comes_before(rf_value a, rf_value b)
{
    if (a.head == RF_STRING && b.head == RF_STRING)
        return rf_string_compare(a.as.string, b.as.string) < 0;
    if (a.head == RF_INT && b.head == RF_INT) return a.as.i < b.as.i;
    return is_number(a) && is_number(b) && as_double(a) < as_double(b);
}

static void insertion_sort(rf_value *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const rf_value v = values[i];
        uint32_t at = i;
        for (; at > 0 && comes_before(v, values[at - 1]); at--) values[at] = values[at - 1];
        values[at] = v;
    }
}

static bool is_same(rf_value a, rf_value b)
{
    return a.head == b.head && a.as.bits == b.as.bits;
}

/* Sorts a copy of values and compares with insertion sort; equal elements must keep their order
 * too. */
static void check_sort(lib_test *t, rf_value *values, uint32_t count)
{
    rf_value a = rf_array_from(t->isolate, values, count);
    a = lib_call(t, "sort", &a, 1);
    insertion_sort(values, count);
    assert_int_equal(a.as.array->length, count);
    for (uint32_t i = 0; i < count; i++)
        if (!is_same(rf_array_peek(a.as.array, i), values[i]))
            fail_msg("element %u of %u differs", i, count);
    rf_release(t->isolate, a);
}

/* ---- generated arrays ---- */

typedef enum shape {
    RANDOM,
    FEW_VALUES,
    ASCENDING,
    DESCENDING,
    SAWTOOTH,
    NEARLY_SORTED,
    SHAPE_COUNT
} shape;

static int64_t shaped(shape s, random_source *r, uint32_t i, uint32_t count)
{
    switch (s) {
    case RANDOM: return (int64_t)next_random(r);
    case FEW_VALUES: return (int64_t)(next_random(r) % 5);
    case ASCENDING: return i;
    case DESCENDING: return count - i;
    case SAWTOOTH: return i % 37;
    default: return next_random(r) % 20 ? i : (int64_t)(next_random(r) % count);
    }
}

static void every_shape_of_numbers_is_sorted_stably(void **state)
{
    lib_test *t = *state;
    random_source r = {88172645463325252u};
    static rf_value values[1500];
    for (uint32_t count = 0; count < 1500; count = count < 70 ? count + 1 : count * 2 + 13) {
        for (shape s = RANDOM; s < SHAPE_COUNT; s++) {
            for (uint32_t i = 0; i < count; i++) values[i] = rf_int(shaped(s, &r, i, count));
            check_sort(t, values, count);
            for (uint32_t i = 0; i < count; i++) {
                const int64_t number = shaped(s, &r, i, count) % 1000;
                values[i] = rf_float(number  ? (double)number / 8
                                     : i % 2 ? 0.0
                                             : -0.0); /* zeros of both signs are equal */
            }
            check_sort(t, values, count);
            for (uint32_t i = 0; i < count; i++) { /* 3 and 3.0 are equal */
                const int64_t number = shaped(s, &r, i, count) % 50;
                values[i] = next_random(&r) % 2 ? rf_int(number) : rf_float((double)number);
            }
            check_sort(t, values, count);
        }
    }
}

static void strings_are_sorted_by_code_points(void **state)
{
    lib_test *t = *state;
    random_source r = {5};
    static const char *const parts[] = {"", "a", "b", "abcdefgh", "\xC3\xA9", "\xF0\x9F\x98\x80",
                                        "z"};
    static rf_value values[400], unsorted[400];
    for (uint32_t count = 0; count < 400; count = count * 2 + 3) {
        for (uint32_t i = 0; i < count; i++) {
            rf_value s = rf_string_from(t->isolate, parts[next_random(&r) % RF_COUNT_OF(parts)]);
            rf_value more = rf_string_from(t->isolate, parts[next_random(&r) % RF_COUNT_OF(parts)]);
            values[i] = unsorted[i] = rf_string_concat(t->isolate, s, more);
            rf_release(t->isolate, more);
        }
        check_sort(t, values, count);
        for (uint32_t i = 0; i < count; i++) rf_release(t->isolate, unsorted[i]);
    }
}

/* ---- elements that cannot be compared ---- */

static void kinds_of_arrays_give_the_same_answer(void **state)
{
    lib_test *t = *state;
    random_source r = {77};
    for (int round = 0; round < 300; round++) {
        rf_value floats = rf_array_new(t->isolate, 0), values = rf_array_new(t->isolate, 0);
        rf_array_push(t->isolate, values.as.array, rf_null()); /* makes it hold any values */
        const uint32_t count = (uint32_t)(next_random(&r) % 200);
        for (uint32_t i = 0; i < count; i++) {
            const double number =
                next_random(&r) % 4 ? (double)(next_random(&r) % 100) : (double)NAN;
            rf_array_push(t->isolate, floats.as.array, rf_float(number));
            rf_array_push(t->isolate, values.as.array, rf_float(number));
        }
        rf_array_remove(t->isolate, values.as.array, 0);
        floats = lib_call(t, "sort", &floats, 1);
        values = lib_call(t, "sort", &values, 1);
        for (uint32_t i = 0; i < count; i++)
            assert_true(
                is_same(rf_array_peek(floats.as.array, i), rf_array_peek(values.as.array, i)));
        rf_release(t->isolate, floats);
        rf_release(t->isolate, values);
    }
}

static void mixed_elements_count_as_equal(void **state)
{
    static const lib_case cases[] = {
        {"sort", "[[3,1.5,2]]", "Array[Float(1.5), Int(2), Int(3)]"},
        {"sort", "[[true,false]]", "Array[Bool(true), Bool(false)]"},
        {"sort", "[[null,[2],[1]]]", "Array[Null, Array[Int(2)], Array[Int(1)]]"},
        {"sort", "[[\"b\",\"a\",\"\"]]", "Array[String(\"\"), String(\"a\"), String(\"b\")]"},
        {"sort", "[[]]", "Array[]"},
        {"sort", "[[2,1],null]", "Array[Int(1), Int(2)]"},
        {"sort", "[\"ba\"]", "!sort expects array as argument 1, got string"},
        {"sort", "[[1],5]", "!sort expects function as argument 2, got int"},
        {"sort", "[[1],2,3]", "!sort expects 1 to 2 arguments, got 3"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

/* The start that all share says nothing; one of them may be no more than that. */
static void strings_with_a_common_start_are_sorted(void **state)
{
    static const char *const ends[] = {"",         "10", "9", "z", "10000000000", "10000000001",
                                       "\xC3\xA9", "1"};
    lib_test *t = *state;
    rf_value values[RF_COUNT_OF(ends)];
    for (uint32_t i = 0; i < RF_COUNT_OF(ends); i++)
        values[i] = rf_string_format(t->isolate, "the same start_%s", ends[i]);
    check_sort(t, values, RF_COUNT_OF(ends));
    for (uint32_t i = 0; i < RF_COUNT_OF(ends); i++) rf_release(t->isolate, values[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_shape_of_numbers_is_sorted_stably), TEST(strings_are_sorted_by_code_points),
        TEST(strings_with_a_common_start_are_sorted),  TEST(kinds_of_arrays_give_the_same_answer),
        TEST(mixed_elements_count_as_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
