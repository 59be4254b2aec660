#include "value_test.h"

#include <math.h>

static rf_value field(rf_isolate *isolate, rf_value object, const char *name)
{
    return rf_get_field(isolate, object, rf_string_intern(isolate, name, strlen(name)).as.string);
}

static rf_value optional(rf_isolate *isolate, rf_value object, const char *name)
{
    return rf_get_field_optional(isolate, object,
                                 rf_string_intern(isolate, name, strlen(name)).as.string);
}

static void index_of_sequences(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = INTS(isolate, 10, 20, 30), s = text(isolate, "h\u00e9y"),
             b = rf_bytes_new(isolate, "\x07\xff", 2);
    assert_is_int(rf_get_index(isolate, a, rf_int(-1)), 30);
    assert_is_int(rf_get_index(isolate, a, rf_float(1.9)), 20);
    assert_shows(isolate, rf_get_index(isolate, s, rf_int(1)), "\u00e9");
    assert_shows(isolate, rf_get_index(isolate, s, rf_int(-1)), "y");
    assert_is_int(rf_get_index(isolate, b, rf_int(1)), 255);
    assert_raises(isolate, rf_get_index(isolate, a, rf_int(3)), "Index out of bounds: 3");
    assert_raises(isolate, rf_get_index(isolate, a, rf_int(-4)), "Index out of bounds: -4");
    assert_raises(isolate, rf_get_index(isolate, s, rf_float(7.5)), "Index out of bounds: 7.5");
    assert_raises(isolate, rf_get_index(isolate, b, rf_int(2)), "Index out of bounds: 2");
    assert_raises(isolate, rf_get_index(isolate, a, rf_bool(true)), "Invalid index operation");
    assert_raises(isolate, rf_get_index(isolate, a, rf_float((double)NAN)),
                  "Invalid index operation");
    assert_raises(isolate, rf_get_index(isolate, s, rf_null()), "Invalid index operation");
    assert_raises(isolate, rf_get_index(isolate, rf_int(1), rf_int(0)), "Invalid index operation");
    rf_value some = rf_wrap_value(isolate, RF_SOME, rf_copy(a));
    assert_raises(isolate, rf_get_index(isolate, some, rf_int(0)), "Invalid index operation");
    rf_release(isolate, some);
    rf_release(isolate, a);
    rf_release(isolate, s);
    rf_release(isolate, b);
}

static void index_of_dicts(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0), quoted = text(isolate, "a\"b\n"),
             five = text(isolate, "5");
    put(isolate, d, "5", rf_int(50));
    assert_is_int(rf_get_index(isolate, d, rf_int(5)), 50);
    assert_is_int(rf_get_index(isolate, d, five), 50);
    assert_raises(isolate, rf_get_index(isolate, d, quoted), "Missing map key: \"a\\\"b\\n\"");
    assert_raises(isolate, rf_get_index(isolate, d, rf_int(-6)), "Missing map key: -6");
    assert_raises(isolate, rf_get_index(isolate, d, rf_float(5)), "Invalid index operation");
    assert_is_int(field(isolate, d, "5"), 50);
    assert_int_equal(field(isolate, d, "none").head, RF_NULL);
    rf_release(isolate, d);
    rf_release(isolate, quoted);
    rf_release(isolate, five);
}

static rf_value answer(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)isolate;
    (void)count;
    return rf_struct_get(args[0].as.instance, 0);
}

static void fields_and_methods_of_structs(void **state)
{
    rf_isolate *isolate = *state;
    const char *const fields[] = {"x"}, *const methods[] = {"answer"};
    static const rf_builtin row = {.function = answer, .canonical = "answer"};
    rf_struct_decl *decl = struct_decl("S", 1, fields, 1, methods);
    rf_value *functions = rf_alloc_array(rf_value, 1), *defaults = rf_alloc_array(rf_value, 1);
    functions[0] = rf_builtin_value_new(isolate, &row);
    functions[0].as.o->count = 1;
    defaults[0] = rf_unset();
    rf_value def = rf_structdef_new(isolate, decl, NULL, functions, defaults);
    rf_value v = rf_struct_new(isolate, def.as.structdef), name = text(isolate, "x"),
             other = text(isolate, "yy");
    rf_struct_set(isolate, &v, 0, rf_int(5));
    assert_is_int(field(isolate, v, "x"), 5);
    assert_is_int(rf_get_index(isolate, v, name), 5);
    assert_raises(isolate, rf_get_index(isolate, v, other), "Field not found: yy");
    assert_raises(isolate, field(isolate, v, "yy"), "Field not found: yy");
    assert_raises(isolate, rf_get_index(isolate, v, rf_int(0)), "Invalid index operation");
    assert_int_equal(optional(isolate, v, "yy").head, RF_NULL);
    rf_value bound = field(isolate, v, "answer");
    assert_int_equal(bound.as.o->info, RF_FUNCTION_BOUND);
    assert_ptr_equal(bound.as.function->self.as.o, v.as.o);
    rf_release(isolate, bound);
    rf_release(isolate, v);
    rf_release(isolate, def);
    rf_release(isolate, other);
    free_struct_decl(decl);
}

static void fields_of_results_options_and_errors(void **state)
{
    rf_isolate *isolate = *state;
    rf_value ok = rf_wrap_value(isolate, RF_OK_WRAP, rf_int(1)),
             err = rf_wrap_value(isolate, RF_ERR_WRAP, rf_int(2));
    rf_value some = rf_wrap_value(isolate, RF_SOME, rf_int(3));
    rf_value e = rf_error_value_new(isolate, text(isolate, "boom"));
    assert_shows(isolate, field(isolate, ok, "is_ok"), "true");
    assert_shows(isolate, field(isolate, err, "is_err"), "true");
    assert_is_int(field(isolate, ok, "value"), 1);
    assert_int_equal(field(isolate, ok, "error").head, RF_NULL);
    assert_is_int(field(isolate, err, "error"), 2);
    assert_is_int(field(isolate, some, "value"), 3);
    assert_shows(isolate, field(isolate, rf_none(), "is_none"), "true");
    assert_int_equal(field(isolate, rf_none(), "value").head, RF_NULL);
    assert_shows(isolate, field(isolate, e, "message"), "boom");
    assert_shows(isolate, field(isolate, e, "stack"), "[]");
    assert_is_int(field(isolate, e, "line"), 0);
    assert_raises(isolate, field(isolate, e, "column"), "Field not found: column");
    assert_raises(isolate, field(isolate, ok, "is_some"), "Field not found: is_some");
    assert_raises(isolate, field(isolate, rf_none(), "error"), "Field not found: error");
    assert_int_equal(optional(isolate, e, "column").head, RF_NULL);
    rf_release(isolate, e);
}

static void other_values_have_no_fields(void **state)
{
    rf_isolate *isolate = *state;
    assert_raises(isolate, field(isolate, rf_int(5), "size"),
                  "Cannot access field or method 'size' on non-struct value");
    assert_raises(isolate, field(isolate, rf_null(), "x"),
                  "Cannot access field or method 'x' on non-struct value");
    assert_int_equal(optional(isolate, rf_null(), "x").head, RF_NULL);
    assert_int_equal(optional(isolate, rf_int(5), "x").head, RF_NULL);
}

static void exports_of_a_module(void **state)
{
    rf_isolate *isolate = *state;
    const char *const names[] = {"all"};
    const rf_value values[] = {rf_int(7)};
    rf_value m = rf_module_new_builtin(isolate, "a.b", names, values, 1);
    assert_is_int(field(isolate, m, "all"), 7);
    assert_raises(isolate, field(isolate, m, "any"), "Symbol 'any' not found in module 'a.b'");
    assert_int_equal(optional(isolate, m, "any").head, RF_NULL);
    rf_release(isolate, m);
}

static void parts_of_variants(void **state)
{
    rf_isolate *isolate = *state;
    const char *enum_name = NULL;
    rf_value ok = rf_wrap_value(isolate, RF_OK_WRAP, rf_wrap_value(isolate, RF_SOME, rf_int(5)));
    assert_string_equal(rf_variant_name(ok, &enum_name), "Ok");
    assert_string_equal(enum_name, "Result");
    assert_string_equal(rf_variant_name(rf_none(), &enum_name), "None");
    assert_string_equal(enum_name, "Option");
    assert_null(rf_variant_name(rf_int(5), &enum_name));
    assert_shows(isolate, rf_variant_payload(ok, 0), "Some(5)");
    assert_int_equal(rf_variant_payload(ok, 1).head, RF_NULL);
    rf_release(isolate, ok);
}

static void unwrapping_undoes_wrapping(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v =
        rf_wrap_value(isolate, RF_SOME, rf_wrap_value(isolate, RF_ERR_WRAP, text(isolate, "deep")));
    rf_value inner = rf_unwrap_value(v);
    assert_string_equal(rf_type_name(v), "option");
    assert_string_equal(rf_type_name(inner), "result");
    rf_release(isolate, v);
    rf_value content = rf_unwrap_value(inner);
    rf_release(isolate, inner);
    assert_shows(isolate, content, "deep");
    rf_value none = rf_wrap_value(isolate, RF_SOME, rf_none());
    assert_int_equal(rf_unwrap_value(none).head, RF_NONE);
    rf_release(isolate, none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(index_of_sequences),
        value_test(index_of_dicts),
        value_test(fields_and_methods_of_structs),
        value_test(fields_of_results_options_and_errors),
        value_test(other_values_have_no_fields),
        value_test(exports_of_a_module),
        value_test(parts_of_variants),
        value_test(unwrapping_undoes_wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
