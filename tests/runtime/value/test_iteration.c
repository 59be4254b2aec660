#include "value_test.h"

#include <math.h>

/* the display forms of what an iteration yields, separated by spaces; source is given up */
static void assert_yields(rf_isolate *isolate, rf_value source, const char *expected)
{
    rf_iteration it;
    rf_buffer out = RF_BUFFER_INIT;
    assert_true(rf_iteration_start(isolate, &it, source));
    rf_release(isolate, source);
    for (;;) {
        rf_value v = rf_iteration_next(isolate, &it);
        assert_false(rf_is_raised(v));
        if (v.head == RF_UNSET) break;
        if (out.size) rf_buffer_append_byte(&out, ' ');
        assert_true(rf_display(isolate, v, &out));
        rf_release(isolate, v);
    }
    assert_int_equal(rf_iteration_next(isolate, &it).head, RF_UNSET);
    rf_iteration_end(isolate, &it);
    assert_string_equal(out.data ? out.data : "", expected);
    rf_buffer_release(&out);
}

static void collections(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0), s = rf_set_new(isolate),
             k = rf_sequence_new(isolate, RF_STACK);
    put(isolate, d, "b", rf_int(1));
    put(isolate, d, "7", rf_int(2));
    rf_set_add(isolate, s.as.set, rf_int(5));
    rf_set_add(isolate, s.as.set, rf_int(4));
    rf_sequence_push(isolate, k.as.sequence, rf_int(1));
    rf_sequence_push(isolate, k.as.sequence, rf_int(2));
    assert_yields(isolate, INTS(isolate, 3, 1, 2), "3 1 2");
    assert_yields(isolate, LIST(isolate, rf_bool(true), text(isolate, "xy")), "true xy");
    assert_yields(isolate, text(isolate, "a\u00e9\U0001F600"), "a \u00e9 \U0001F600");
    assert_yields(isolate, d, "b 7");
    assert_yields(isolate, s, "5 4");
    assert_yields(isolate, k, "1 2");
    assert_yields(isolate, rf_bytes_new(isolate, "\x01\xff", 2), "1 255");
    assert_yields(isolate, rf_array_new(isolate, 0), "");
}

static void dict_keys_are_strings(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    rf_dict_set(isolate, d.as.dict, key_of(rf_int(12)), rf_int(1));
    rf_iteration it;
    assert_true(rf_iteration_start(isolate, &it, d));
    rf_value key = rf_iteration_next(isolate, &it);
    assert_int_equal(key.head, RF_STRING);
    assert_shows(isolate, key, "12");
    rf_iteration_end(isolate, &it);
    rf_release(isolate, d);
}

static void counts(void **state)
{
    rf_isolate *isolate = *state;
    assert_yields(isolate, rf_int(3), "0 1 2");
    assert_yields(isolate, rf_int(0), "");
    assert_yields(isolate, rf_int(-4), "");
    assert_yields(isolate, rf_float(2.9), "0 1");
    assert_yields(isolate, rf_float(-1e300), "");
}

static void options(void **state)
{
    rf_isolate *isolate = *state;
    assert_yields(isolate, rf_wrap_value(isolate, RF_SOME, text(isolate, "in")), "in");
    assert_yields(isolate,
                  rf_wrap_value(isolate, RF_SOME, rf_wrap_value(isolate, RF_SOME, rf_int(1))),
                  "Some(1)");
    assert_yields(isolate, rf_none(), "");
}

static void other_values_raise(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        rf_value v;
        const char *message;
    } cases[] = {
        {rf_null(), "Cannot iterate over null"},
        {rf_bool(true), "Cannot iterate over bool"},
        {rf_float((double)NAN), "Cannot iterate over float"},
        {rf_wrap_value(isolate, RF_OK_WRAP, rf_int(3)), "Cannot iterate over result"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_iteration it;
        assert_false(rf_iteration_start(isolate, &it, cases[i].v));
        assert_error(isolate, cases[i].message);
    }
    const rf_func plain = {.display_name = "f"};
    rf_value f = rf_closure_new(isolate, &plain, NULL);
    rf_iteration it;
    assert_false(rf_iteration_start(isolate, &it, f));
    assert_error(isolate, "Cannot iterate over function");
    rf_release(isolate, f);
}

static void iteration_keeps_the_value_it_began_with(void **state)
{
    rf_isolate *isolate = *state;
    rf_value xs = INTS(isolate, 1, 2);
    rf_iteration it;
    assert_true(rf_iteration_start(isolate, &it, xs));
    rf_value v;
    int steps = 0;
    while ((v = rf_iteration_next(isolate, &it)).head != RF_UNSET && steps++ < 100)
        rf_array_push(isolate, rf_array_unique(isolate, &xs), rf_int(v.as.i * 10));
    rf_iteration_end(isolate, &it);
    assert_int_equal(steps, 2);
    assert_shows(isolate, xs, "[1, 2, 10, 20]");
}

static rf_value three_steps(rf_isolate *isolate, rf_generator *generator)
{
    (void)isolate;
    return generator->arg_count < 3 ? rf_int(generator->arg_count++) : rf_unset();
}

static rf_value make_generator(rf_isolate *isolate, rf_value callee, const rf_value *args,
                               uint32_t count)
{
    (void)args;
    (void)count;
    return rf_generator_new(isolate, callee.as.function, NULL, 0);
}

static void generators_and_generator_functions(void **state)
{
    rf_isolate *isolate = *state;
    const rf_engine engine = {.call = make_generator, .generator_next = three_steps};
    const rf_func func = {.display_name = "g", .is_generator = true};
    isolate->engine = &engine;
    assert_yields(isolate, rf_closure_new(isolate, &func, NULL), "0 1 2");
    rf_value f = rf_closure_new(isolate, &func, NULL);
    rf_value g = rf_generator_new(isolate, f.as.function, NULL, 0);
    g.as.generator->arg_count = 2; /* partly consumed */
    assert_yields(isolate, g, "2");
    rf_release(isolate, f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(collections),
        value_test(dict_keys_are_strings),
        value_test(counts),
        value_test(options),
        value_test(other_values_raise),
        value_test(iteration_keeps_the_value_it_began_with),
        value_test(generators_and_generator_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
