#include "value_test.h"

#include <math.h>

static void int_results(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        rf_op_kind op;
        int64_t a, b, expected;
    } cases[] = {
        {RF_OPER_ADD, 2, 3, 5},
        {RF_OPER_SUB, 2, 3, -1},
        {RF_OPER_MUL, -4, 3, -12},
        {RF_OPER_DIV, -7, 2, -3},
        {RF_OPER_MOD, -7, 2, -1},
        {RF_OPER_MOD, 7, -2, 1},
        {RF_OPER_DIV, 7, -1, -7},
        {RF_OPER_MOD, 7, -1, 0},
        {RF_OPER_ADD, INT64_MAX - 1, 1, INT64_MAX},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        assert_is_int(rf_binary(isolate, cases[i].op, rf_int(cases[i].a), rf_int(cases[i].b)),
                      cases[i].expected);
}

static void overflow_raises_with_the_operands(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        rf_op_kind op;
        int64_t a, b;
        const char *message;
    } cases[] = {
        {RF_OPER_ADD, INT64_MAX, 1, "Integer overflow: 9223372036854775807 + 1"},
        {RF_OPER_SUB, INT64_MIN, 1, "Integer overflow: -9223372036854775808 - 1"},
        {RF_OPER_MUL, INT64_MAX, 2, "Integer overflow: 9223372036854775807 * 2"},
        {RF_OPER_DIV, INT64_MIN, -1, "Integer overflow: -9223372036854775808 / -1"},
        {RF_OPER_MOD, INT64_MIN, -1, "Integer overflow: -9223372036854775808 % -1"},
        {RF_OPER_DIV, 1, 0, "Division by zero"},
        {RF_OPER_MOD, 1, 0, "Modulo by zero"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        assert_raises(isolate,
                      rf_binary(isolate, cases[i].op, rf_int(cases[i].a), rf_int(cases[i].b)),
                      cases[i].message);
    assert_raises(isolate, rf_unary(isolate, RF_OPER_NEG, rf_int(INT64_MIN)),
                  "Integer overflow: -(-9223372036854775808)");
}

static void wrap_mode_wraps(void **state)
{
    rf_isolate *isolate = *state;
    isolate->wrap_integers = true;
    assert_is_int(rf_binary(isolate, RF_OPER_ADD, rf_int(INT64_MAX), rf_int(1)), INT64_MIN);
    assert_is_int(rf_binary(isolate, RF_OPER_MUL, rf_int(INT64_MAX), rf_int(2)), -2);
    assert_is_int(rf_binary(isolate, RF_OPER_DIV, rf_int(INT64_MIN), rf_int(-1)), INT64_MIN);
    assert_is_int(rf_binary(isolate, RF_OPER_MOD, rf_int(INT64_MIN), rf_int(-1)), 0);
    assert_is_int(rf_unary(isolate, RF_OPER_NEG, rf_int(INT64_MIN)), INT64_MIN);
    assert_raises(isolate, rf_binary(isolate, RF_OPER_DIV, rf_int(1), rf_int(0)),
                  "Division by zero");
}

static void float_rules(void **state)
{
    rf_isolate *isolate = *state;
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, rf_int(1), rf_float(0.5)), "1.5");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_DIV, rf_int(1), rf_float(4)), "0.25");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_MOD, rf_float(-7.5), rf_int(2)), "-1.5");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_MUL, rf_float(1e308), rf_float(10)), "inf");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_SUB, rf_float(HUGE_VAL), rf_float(HUGE_VAL)),
                 "NaN");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_DIV, rf_float(1), rf_float(-0.0)),
                  "Division by zero");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_MOD, rf_float(1), rf_int(0)),
                  "Modulo by zero");
    assert_shows(isolate, rf_unary(isolate, RF_OPER_NEG, rf_float(0)), "-0");
}

static void plus_joins_text_with_anything(void **state)
{
    rf_isolate *isolate = *state;
    rf_value n = text(isolate, "n="), d = INTS(isolate, 1, 2);
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, n, rf_int(3)), "n=3");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, rf_float(3), n), "3n=");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, n, rf_null()), "n=null");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, d, n), "[1, 2]n=");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, n, n), "n=n=");
    rf_release(isolate, n);
    rf_release(isolate, d);
}

static void arrays_are_joined(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 1), b = LIST(isolate, text(isolate, "two"));
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, a, b), "[1, two]");
    rf_value longer = rf_add_stealing(isolate, rf_copy(a), b);
    assert_shows(isolate, longer, "[1, two]");
    rf_array *before = a.as.array;
    a = rf_add_stealing(isolate, a, b); /* the only reference grows in place */
    assert_ptr_equal(a.as.array, before);
    assert_shows(isolate, a, "[1, two]");
    rf_release(isolate, b);
}

static void adding_to_a_dying_string_grows_it(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "count:");
    for (int i = 0; i < 5; i++) s = rf_add_stealing(isolate, s, rf_int(i));
    s = rf_add_stealing(isolate, s, rf_float(0.5));
    rf_value t = text(isolate, "end");
    s = rf_add_stealing(isolate, s, t);
    rf_release(isolate, t);
    assert_shows(isolate, s, "count:012340.5end");
}

static void strings_repeat(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "ab\u00e9");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_MUL, s, rf_int(3)),
                 "ab\u00e9"
                 "ab\u00e9"
                 "ab\u00e9");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_MUL, s, rf_int(0)), "");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_MUL, s, rf_int(-5)), "");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_MUL, s, rf_int(INT64_MAX)),
                  "String too large");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_MUL, rf_int(3), s),
                  "Invalid binary operation: int * string");
    rf_release(isolate, s);
}

static void wrong_types_raise(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "a"), some = rf_wrap_value(isolate, RF_SOME, rf_int(1));
    assert_raises(isolate, rf_binary(isolate, RF_OPER_SUB, s, s),
                  "Invalid binary operation: string - string");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_ADD, some, rf_int(1)),
                  "Invalid binary operation: option + int");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_ADD, rf_null(), rf_int(1)),
                  "Invalid binary operation: null + int");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_LT, rf_bool(true), rf_bool(false)),
                  "Invalid binary operation: bool < bool");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_GE, s, rf_int(1)),
                  "Invalid binary operation: string >= int");
    assert_raises(isolate, rf_unary(isolate, RF_OPER_NEG, s), "Invalid unary operation: - string");
}

static void order_of_numbers_and_strings(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = text(isolate, "abc"), b = text(isolate, "abd");
    const double nan = (double)NAN;
    const struct {
        rf_op_kind op;
        rf_value a, b;
        int expected;
    } cases[] = {
        {RF_OPER_LT, rf_int(1), rf_int(2), 1},
        {RF_OPER_LE, rf_int(2), rf_int(2), 1},
        {RF_OPER_GT, rf_int(INT64_MAX), rf_int(INT64_MAX - 1), 1},
        {RF_OPER_GT, rf_int(INT64_MAX), rf_float(0x1p63), 0},
        {RF_OPER_GE, rf_int(2), rf_float(1.5), 1},
        {RF_OPER_LT, rf_float(nan), rf_int(1), 0},
        {RF_OPER_GE, rf_float(nan), rf_float(nan), 0},
        {RF_OPER_LE, rf_float(1), rf_float(nan), 0},
        {RF_OPER_LT, a, b, 1},
        {RF_OPER_GE, a, b, 0},
        {RF_OPER_LE, a, a, 1},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value v = rf_binary(isolate, cases[i].op, cases[i].a, cases[i].b);
        assert_int_equal(v.head, RF_BOOL);
        assert_int_equal(v.as.i, cases[i].expected);
    }
    rf_release(isolate, a);
    rf_release(isolate, b);
}

static void truth(void **state)
{
    rf_isolate *isolate = *state;
    rf_value empty = rf_array_new(isolate, 0), full = INTS(isolate, 0),
             dict = rf_dict_new(isolate, 0);
    rf_value set = rf_set_new(isolate), bytes = rf_bytes_new(isolate, NULL, 0),
             word = text(isolate, "false");
    const struct {
        rf_value v;
        bool expected;
    } cases[] = {
        {rf_null(), false},
        {rf_bool(false), false},
        {rf_int(0), false},
        {rf_float(0), false},
        {rf_float(-0.0), false},
        {text(isolate, ""), false},
        {empty, false},
        {dict, false},
        {rf_float((double)NAN), true},
        {word, true},
        {full, true},
        {set, true},
        {bytes, true},
        {rf_none(), true},
        {rf_wrap_value(isolate, RF_ERR_WRAP, rf_int(0)), true},
        {rf_wrap_value(isolate, RF_SOME, rf_bool(false)), true},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        assert_int_equal(rf_truthy(cases[i].v), cases[i].expected);
        rf_value negated = rf_unary(isolate, RF_OPER_NOT, cases[i].v);
        assert_int_equal(negated.as.i, !cases[i].expected);
        rf_release(isolate, cases[i].v);
    }
}

/* ---- overloads ---- */

static rf_value method_add(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)isolate;
    assert_int_equal(count, 2);
    return rf_int(rf_struct_peek(args[0].as.instance, 0).as.i + args[1].as.i);
}

static rf_value method_seven(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)args;
    (void)count;
    return rf_string_from(isolate, "seven");
}

static rf_value method_alias(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)isolate;
    (void)args;
    (void)count;
    return rf_int(-1);
}

static rf_value method_raise(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)args;
    (void)count;
    return rf_raise(isolate, "no comparing");
}

static rf_value instance_with(rf_isolate *isolate, rf_struct_decl *decl, const rf_builtin *rows)
{
    rf_value *methods = rf_alloc_array(rf_value, decl->method_count);
    for (uint32_t i = 0; i < decl->method_count; i++) {
        methods[i] = rf_builtin_value_new(isolate, &rows[i]);
        methods[i].as.o->count = 1;
    }
    rf_value *defaults = rf_alloc_array(rf_value, decl->field_count);
    for (uint32_t i = 0; i < decl->field_count; i++) defaults[i] = rf_unset();
    rf_value def = rf_structdef_new(isolate, decl, NULL, methods, defaults);
    rf_value v = rf_struct_new(isolate, def.as.structdef);
    rf_struct_set(isolate, &v, 0, rf_int(40));
    rf_release(isolate, def);
    return v;
}

static void methods_overload_operators(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"x"};
    const char *const names[] = {"__add__", "op_add", "op_eq", "op_neg", "__lt__", "op_not"};
    const rf_builtin rows[] = {{.function = method_alias}, {.function = method_add},
                               {.function = method_seven}, {.function = method_seven},
                               {.function = method_seven}, {.function = method_seven}};
    rf_struct_decl *decl = struct_decl("Vec", 1, fields, 6, names);
    rf_value v = instance_with(isolate, decl, rows), s = text(isolate, "s+");
    assert_is_int(rf_binary(isolate, RF_OPER_ADD, v, rf_int(2)), 42); /* op_add before __add__ */
    assert_is_int(rf_add_stealing(isolate, rf_copy(v), rf_int(2)), 42);
    assert_shows(isolate, rf_binary(isolate, RF_OPER_EQ, v, rf_int(2)), "true");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_NE, v, rf_int(2)),
                 "false"); /* the negation of op_eq */
    assert_shows(isolate, rf_binary(isolate, RF_OPER_LT, v, rf_int(2)), "true");
    assert_shows(isolate, rf_unary(isolate, RF_OPER_NEG, v), "seven");
    assert_shows(isolate, rf_unary(isolate, RF_OPER_NOT, v), "seven");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_GT, v, v),
                  "Invalid binary operation: struct > struct");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_SUB, v, v),
                  "Invalid binary operation: struct - struct");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_SUB, rf_int(1), v),
                  "Invalid binary operation: int - struct");
    assert_shows(isolate, rf_binary(isolate, RF_OPER_ADD, s, v), "s+Vec { x: 40 }");
    assert_int_equal(rf_equal(isolate, v, v), 1); /* never asks methods */
    rf_release(isolate, s);
    rf_release(isolate, v);
    free_struct_decl(decl);
}

static void overload_that_raises_is_passed_on(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"x"};
    const char *const names[] = {"op_eq"};
    const rf_builtin rows[] = {{.function = method_raise}};
    rf_struct_decl *decl = struct_decl("Odd", 1, fields, 1, names);
    rf_value v = instance_with(isolate, decl, rows);
    assert_raises(isolate, rf_binary(isolate, RF_OPER_EQ, v, v), "no comparing");
    assert_raises(isolate, rf_binary(isolate, RF_OPER_NE, v, v), "no comparing");
    rf_release(isolate, v);
    free_struct_decl(decl);
}

static void concatenation_of_many_parts(void **state)
{
    rf_isolate *isolate = *state;
    rf_value parts[20];
    for (int i = 0; i < 20; i++)
        parts[i] = i % 4 == 0   ? rf_string_format(isolate, "\u00e9%d", i)
                   : i % 4 == 1 ? rf_int(i)
                   : i % 4 == 2 ? rf_float(i + 0.5)
                                : LIST(isolate, text(isolate, "x"));
    rf_value v = rf_concat(isolate, parts, 20);
    assert_int_equal(v.as.string->length,
                     rf_string_is_ascii(v.as.string) ? 0 : v.as.string->size - 5);
    assert_shows(isolate, v,
                 "\u00e9"
                 "012.5[x]\u00e9"
                 "456.5[x]\u00e9"
                 "8910.5[x]\u00e9"
                 "121314.5[x]\u00e9"
                 "161718.5[x]");
    assert_shows(isolate, rf_concat(isolate, parts, 0), "");
    rf_value one = text(isolate, "q"), nothing = text(isolate, "");
    rf_value single[3] = {nothing, one, nothing};
    assert_ptr_equal(rf_concat(isolate, single, 3).as.string, one.as.string);
    const rf_value digit[1] = {rf_int(7)};
    assert_shows(isolate, rf_concat(isolate, digit, 1), "7");
    for (int i = 0; i < 20; i++) rf_release(isolate, parts[i]);
}

/* Texts of each size from none to more than a word, with numbers of each count of digits. */
static void concatenation_of_text_and_int(void **state)
{
    rf_isolate *isolate = *state;
    static const char *const texts[] = {"",      "k",      "ke",      "\u00e9",    "key",        "key_",
                                        "a\u00e9\u00fc", "sixsix", "seven77", "eight888", "a longer one "};
    for (size_t t = 0; t < RF_COUNT_OF(texts); t++) {
        const rf_value start = text(isolate, texts[t]);
        int64_t power = 1;
        for (int digits = 1; digits <= 19; digits++, power *= digits < 19 ? 10 : 1) {
            const int64_t numbers[] = {power - 1, power, power + 1, 9 * (power / 10) + 7, 10203040 % power, -power, -power + 1};
            for (size_t i = 0; i < RF_COUNT_OF(numbers); i++) {
                char expected[64];
                snprintf(expected, sizeof expected, "%s%lld", texts[t], (long long)numbers[i]);
                const rf_value parts[2] = {start, rf_int(numbers[i])};
                const rf_value v = rf_concat(isolate, parts, 2), same = text(isolate, expected);
                assert_string_equal(v.as.string->text, expected);
                assert_int_equal(v.as.string->size, same.as.string->size);
                assert_int_equal(v.as.string->length, same.as.string->length);
                assert_int_equal(rf_string_hash(v.as.string), rf_string_hash(same.as.string));
                rf_release(isolate, v);
                rf_release(isolate, same);
            }
        }
        rf_release(isolate, start);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(int_results),
        value_test(overflow_raises_with_the_operands),
        value_test(wrap_mode_wraps),
        value_test(float_rules),
        value_test(plus_joins_text_with_anything),
        value_test(arrays_are_joined),
        value_test(adding_to_a_dying_string_grows_it),
        value_test(strings_repeat),
        value_test(wrong_types_raise),
        value_test(order_of_numbers_and_strings),
        value_test(truth),
        value_test(methods_overload_operators),
        value_test(overload_that_raises_is_passed_on),
        value_test(concatenation_of_many_parts),
        value_test(concatenation_of_text_and_int),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
