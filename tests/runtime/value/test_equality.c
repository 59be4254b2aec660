#include "value_test.h"

#include <math.h>

static void assert_equal_is(rf_isolate *isolate, rf_value a, rf_value b,
                            int expected) /* gives both up */
{
    assert_int_equal(rf_equal(isolate, a, b), expected);
    assert_int_equal(rf_equal(isolate, b, a), expected);
    rf_release(isolate, a);
    rf_release(isolate, b);
}

static void scalars(void **state)
{
    rf_isolate *isolate = *state;
    const double nan = (double)NAN;
    const struct {
        rf_value a, b;
        int expected;
    } cases[] = {
        {rf_null(), rf_null(), 1},
        {rf_null(), rf_bool(false), 0},
        {rf_bool(true), rf_bool(true), 1},
        {rf_bool(true), rf_int(1), 0},
        {rf_int(3), rf_int(3), 1},
        {rf_int(3), rf_float(3.0), 1},
        {rf_int(INT64_MAX), rf_int(INT64_MAX - 1), 0},
        {rf_int(INT64_MAX), rf_float(0x1p63), 1}, /* the int is converted */
        {rf_float(0.1 + 0.2), rf_float(0.3), 1},
        {rf_float(1.0), rf_float(1.0 + 0x1p-52), 0}, /* the difference is not less than the bound */
        {rf_float(1.0), rf_float(1.0 - 0x1p-53), 1},
        {rf_float(0.0), rf_float(-0.0), 1},
        {rf_float(1e-17), rf_int(0), 1},
        {rf_float(nan), rf_float(nan), 0},
        {rf_float(HUGE_VAL), rf_float(HUGE_VAL), 1},
        {rf_float(HUGE_VAL), rf_float(-HUGE_VAL), 0},
        {rf_float(HUGE_VAL), rf_float(1e308), 0},
        {rf_none(), rf_none(), 1},
        {rf_none(), rf_null(), 0},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        assert_equal_is(isolate, cases[i].a, cases[i].b, cases[i].expected);
}

static void strings_and_bytes_by_content(void **state)
{
    rf_isolate *isolate = *state;
    assert_equal_is(isolate, text(isolate, "same text"), text(isolate, "same text"), 1);
    assert_equal_is(isolate, text(isolate, "same text"), text(isolate, "some text"), 0);
    assert_equal_is(isolate, text(isolate, "1"), rf_int(1), 0);
    assert_equal_is(isolate, rf_bytes_new(isolate, "ab", 2), rf_bytes_new(isolate, "ab", 2), 1);
    assert_equal_is(isolate, rf_bytes_new(isolate, "ab", 2), rf_bytes_new(isolate, "ac", 2), 0);
}

static void arrays_of_different_kinds(void **state)
{
    rf_isolate *isolate = *state;
    assert_equal_is(isolate, INTS(isolate, 1, 2), LIST(isolate, rf_float(1), rf_float(2)), 1);
    assert_equal_is(isolate, INTS(isolate, 1, 2), LIST(isolate, rf_int(1), rf_float(2)), 1);
    assert_equal_is(isolate, INTS(isolate, 1, 2), INTS(isolate, 1, 3), 0);
    assert_equal_is(isolate, INTS(isolate, 1, 2), INTS(isolate, 1), 0);
    assert_equal_is(isolate, LIST(isolate, rf_bool(true)), LIST(isolate, rf_bool(true)), 1);
    assert_equal_is(isolate, rf_array_new(isolate, 0), rf_array_new(isolate, 5), 1);
    assert_equal_is(isolate, LIST(isolate, rf_float(0.1 + 0.2)), LIST(isolate, rf_float(0.3)), 1);
    rf_value nan = LIST(isolate, rf_float((double)NAN));
    assert_equal_is(isolate, rf_copy(nan), nan, 0);
}

static void nested_containers(void **state)
{
    rf_isolate *isolate = *state;
    for (int different = 0; different < 2; different++) {
        rf_value v[2];
        for (int i = 0; i < 2; i++) {
            rf_value d = rf_dict_new(isolate, 0);
            put(isolate, d, i ? "a" : "b",
                LIST(isolate, rf_int(1), LIST(isolate, text(isolate, "in"))));
            put(isolate, d, i ? "b" : "a",
                LIST(isolate, rf_int(1),
                     LIST(isolate, text(isolate, different && i ? "out" : "in"))));
            v[i] = LIST(isolate, d, rf_wrap_value(isolate, RF_OK_WRAP, INTS(isolate, 5)));
        }
        assert_equal_is(isolate, v[0], v[1], !different);
    }
}

static void dicts_ignore_order(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_dict_new(isolate, 0), b = rf_dict_new(isolate, 0), c = rf_dict_new(isolate, 0);
    put(isolate, a, "x", rf_int(1));
    put(isolate, a, "y", rf_int(2));
    put(isolate, b, "y", rf_float(2));
    put(isolate, b, "x", rf_int(1));
    put(isolate, c, "x", rf_int(1));
    put(isolate, c, "z", rf_int(2));
    assert_equal_is(isolate, rf_copy(a), b, 1);
    assert_equal_is(isolate, a, c, 0);
}

static void key_sets_are_compared_before_values(void **state)
{
    rf_isolate *isolate = *state;
    /* values too deep to compare lie behind keys that differ */
    rf_value deep = rf_array_new(isolate, 0);
    for (int i = 0; i < 5000; i++) deep = LIST(isolate, deep);
    rf_value other = rf_array_new(isolate, 0);
    for (int i = 0; i < 5000; i++) other = LIST(isolate, other);
    rf_value a = rf_dict_new(isolate, 0), b = rf_dict_new(isolate, 0);
    put(isolate, a, "x", deep);
    put(isolate, a, "y", rf_int(1));
    put(isolate, b, "x", other);
    put(isolate, b, "z", rf_int(1));
    assert_equal_is(isolate, a, b, 0);
}

static rf_value nested(rf_isolate *isolate, int levels)
{
    rf_value v = rf_array_new(isolate, 0);
    for (int i = 1; i < levels; i++) v = LIST(isolate, v);
    return v;
}

static void limit_is_4096_levels(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = nested(isolate, 4096), b = nested(isolate, 4096);
    assert_int_equal(rf_equal(isolate, a, b), 1);
    a = LIST(isolate, a);
    b = LIST(isolate, b);
    assert_int_equal(rf_equal(isolate, a, b), -1);
    assert_error(isolate, "Maximum data nesting depth of 4096 exceeded");
    rf_release(isolate, a);
    rf_release(isolate, b);
}

static void difference_before_the_depth_counts(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = LIST(isolate, rf_int(1), nested(isolate, 5000)),
             b = LIST(isolate, rf_int(2), nested(isolate, 5000));
    assert_equal_is(isolate, a, b, 0);
}

static rf_value set_of(rf_isolate *isolate, rf_value v)
{
    rf_value s = rf_set_new(isolate);
    assert_true(rf_set_add(isolate, s.as.set, v));
    rf_release(isolate, v);
    return s;
}

static void sets_within_sets(void **state)
{
    rf_isolate *isolate = *state;
    assert_equal_is(isolate, set_of(isolate, rf_int(1)), set_of(isolate, rf_float(1)), 1);
    assert_equal_is(isolate, set_of(isolate, rf_int(1)), set_of(isolate, rf_int(2)), 0);
    rf_value a = rf_set_new(isolate), b = rf_set_new(isolate);
    for (int i = 0; i < 500; i++) {
        a = set_of(isolate, a);
        b = set_of(isolate, b);
    }
    assert_equal_is(isolate, a, b, 1);
}

static void depth_counts_through_sets(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = nested(isolate, 4000), b = nested(isolate, 4000);
    for (int i = 0; i < 97; i++) {
        a = set_of(isolate, a);
        b = set_of(isolate, b);
    }
    assert_equal_is(isolate, a, b, -1);
    assert_error(isolate, "Maximum data nesting depth of 4096 exceeded");
}

static void sequences_in_order(void **state)
{
    rf_isolate *isolate = *state;
    rf_value q[2], s;
    for (int i = 0; i < 2; i++) {
        q[i] = rf_sequence_new(isolate, RF_QUEUE);
        rf_sequence_push(isolate, q[i].as.sequence, rf_int(1));
        rf_sequence_push(isolate, q[i].as.sequence, rf_int(2));
    }
    s = rf_sequence_new(isolate, RF_STACK);
    rf_sequence_push(isolate, s.as.sequence, rf_int(1));
    rf_sequence_push(isolate, s.as.sequence, rf_int(2));
    assert_equal_is(isolate, rf_copy(q[0]), q[1], 1);
    assert_equal_is(isolate, q[0], s, 0);
}

static void structs_by_declaration_and_fields(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"x", "y"};
    rf_struct_decl *decl = struct_decl("Point", 2, fields, 0, NULL);
    rf_value def = plain_struct(isolate, decl), other_def = plain_struct(isolate, decl);
    rf_value a = rf_struct_new(isolate, def.as.structdef),
             b = rf_struct_new(isolate, def.as.structdef);
    rf_value c = rf_struct_new(isolate, other_def.as.structdef);
    rf_struct_set(isolate, &a, 0, rf_int(1));
    rf_struct_set(isolate, &b, 0, rf_float(1));
    rf_struct_set(isolate, &c, 0, rf_int(1));
    assert_equal_is(isolate, rf_copy(a), rf_copy(b), 1);
    assert_equal_is(isolate, rf_copy(a), c, 0);
    rf_struct_set(isolate, &b, 1, text(isolate, "why"));
    assert_equal_is(isolate, a, b, 0);
    assert_equal_is(isolate, def, other_def, 0);
    free_struct_decl(decl);
}

static void results_and_options(void **state)
{
    rf_isolate *isolate = *state;
    assert_equal_is(isolate, rf_wrap_value(isolate, RF_OK_WRAP, rf_int(1)),
                    rf_wrap_value(isolate, RF_OK_WRAP, rf_float(1)), 1);
    assert_equal_is(isolate, rf_wrap_value(isolate, RF_OK_WRAP, rf_int(1)),
                    rf_wrap_value(isolate, RF_ERR_WRAP, rf_int(1)), 0);
    assert_equal_is(isolate, rf_wrap_value(isolate, RF_SOME, rf_int(1)), rf_int(1), 0);
    assert_equal_is(isolate,
                    rf_wrap_value(isolate, RF_SOME, rf_wrap_value(isolate, RF_SOME, rf_int(1))),
                    rf_wrap_value(isolate, RF_SOME, rf_wrap_value(isolate, RF_SOME, rf_int(1))), 1);
    assert_equal_is(isolate, rf_wrap_value(isolate, RF_SOME, rf_none()), rf_none(), 0);
    assert_equal_is(isolate, rf_wrap_value(isolate, RF_SOME, text(isolate, "ab")),
                    rf_wrap_value(isolate, RF_SOME, text(isolate, "ab")), 1);
}

static void errors_by_their_parts(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_error_value_new(isolate, text(isolate, "boom"));
    rf_value b = rf_error_value_new(isolate, text(isolate, "boom"));
    assert_equal_is(isolate, rf_copy(a), rf_copy(b), 1);
    b.as.error->line = 3;
    assert_equal_is(isolate, a, b, 0);
}

static void closures_by_identity_and_builtins_by_name(void **state)
{
    rf_isolate *isolate = *state;
    const rf_func func = {.display_name = "f"};
    rf_value f = rf_closure_new(isolate, &func, NULL), g = rf_closure_new(isolate, &func, NULL);
    assert_equal_is(isolate, rf_copy(f), rf_copy(f), 1);
    assert_equal_is(isolate, f, g, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(scalars),
        value_test(strings_and_bytes_by_content),
        value_test(arrays_of_different_kinds),
        value_test(nested_containers),
        value_test(dicts_ignore_order),
        value_test(key_sets_are_compared_before_values),
        value_test(limit_is_4096_levels),
        value_test(difference_before_the_depth_counts),
        value_test(sets_within_sets),
        value_test(depth_counts_through_sets),
        value_test(sequences_in_order),
        value_test(structs_by_declaration_and_fields),
        value_test(results_and_options),
        value_test(errors_by_their_parts),
        value_test(closures_by_identity_and_builtins_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
