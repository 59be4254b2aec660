#include "value_test.h"

static rf_value count_args(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)isolate;
    (void)args;
    return rf_int(count);
}

static rf_value take_first(rf_isolate *isolate, rf_value *args, uint32_t count)
{
    (void)isolate;
    (void)count;
    return rf_take(&args[0]);
}

static rf_value host_call(rf_isolate *isolate, const rf_builtin *row, rf_value *args,
                          uint32_t count)
{
    (void)isolate;
    (void)args;
    (void)count;
    return rf_int(*(const int *)row->context);
}

static int host_answer = 42;

static const rf_builtin rows[] = {
    {.name = "fixed", .canonical = "fixed", .min_args = 2, .max_args = 2, .function = count_args},
    {.name = "range", .canonical = "range", .min_args = 1, .max_args = 3, .function = count_args},
    {.name = "many", .canonical = "many", .min_args = 1, .max_args = -1, .function = count_args},
    {.name = "alias", .canonical = "fixed", .min_args = 2, .max_args = 2, .function = count_args},
    {.name = "write_file",
     .canonical = "write_file",
     .min_args = 2,
     .max_args = 2,
     .capability = RF_CAP_FS_WRITE_BIT,
     .function = count_args},
    {.name = "zip", .canonical = "zip", .library = "libzip", .min_args = 1, .max_args = 1},
    {.name = "gone", .canonical = "gone", .library = ""},
    {.name = "__hidden",
     .canonical = "__hidden",
     .is_internal = true,
     .function = count_args,
     .max_args = -1},
    {.name = "move", .canonical = "move", .min_args = 1, .max_args = 1, .function = take_first},
    {.name = "host",
     .canonical = "host",
     .max_args = 0,
     .host = host_call,
     .context = &host_answer},
};

static void with_rows(rf_isolate *isolate)
{
    isolate->builtins = rows;
    isolate->builtin_count = RF_COUNT_OF(rows);
}

static rf_value call(rf_isolate *isolate, unsigned row, uint32_t count)
{
    rf_value args[8] = {{0}};
    return rf_builtin_call(isolate, &rows[row], args, count);
}

static void arity_is_checked_with_exact_text(void **state)
{
    rf_isolate *isolate = *state;
    assert_is_int(call(isolate, 0, 2), 2);
    assert_raises(isolate, call(isolate, 0, 1), "fixed expects 2 arguments, got 1");
    assert_is_int(call(isolate, 1, 1), 1);
    assert_is_int(call(isolate, 1, 3), 3);
    assert_raises(isolate, call(isolate, 1, 4), "range expects 1 to 3 arguments, got 4");
    assert_is_int(call(isolate, 2, 7), 7);
    assert_raises(isolate, call(isolate, 2, 0), "many expects at least 1 arguments, got 0");
    assert_raises(isolate, call(isolate, 3, 0),
                  "fixed expects 2 arguments, got 0"); /* the canonical name */
}

static void availability_comes_first(void **state)
{
    rf_isolate *isolate = *state;
    assert_raises(isolate, call(isolate, 5, 7),
                  "zip is not available in this build (needs libzip)");
    assert_raises(isolate, call(isolate, 6, 0), "gone is not available in this build");
}

static void capability_comes_before_arity(void **state)
{
    rf_isolate *isolate = *state;
    const rf_host host = {.capabilities = 1u << RF_CAP_FS_READ_BIT};
    assert_is_int(call(isolate, 4, 2), 2);
    isolate->host = &host;
    assert_raises(
        isolate, call(isolate, 4, 0),
        "Capability denied: filesystem-write required for write_file; rerun with --allow-fs-write");
    assert_is_int(call(isolate, 0, 2), 2); /* needs none */
    isolate->host = &test_host;
}

static void arguments_may_be_moved_out(void **state)
{
    rf_isolate *isolate = *state;
    rf_value args[1] = {text(isolate, "moved")};
    rf_value v = rf_builtin_call(isolate, &rows[8], args, 1);
    assert_int_equal(args[0].head, RF_UNSET);
    assert_int_equal(v.as.o->count, 1);
    assert_shows(isolate, v, "moved");
}

static void host_functions_get_their_row(void **state)
{
    assert_is_int(call(*state, 9, 0), 42);
}

static void rows_are_found_by_name(void **state)
{
    rf_isolate *isolate = *state;
    assert_int_equal(rf_builtin_find(isolate, "fixed", 5, false), -1); /* no table yet */
    with_rows(isolate);
    for (uint32_t i = 0; i < RF_COUNT_OF(rows); i++)
        assert_int_equal(rf_builtin_find(isolate, rows[i].name, strlen(rows[i].name), true), i);
    assert_int_equal(rf_builtin_find(isolate, "__hidden", 8, false), -1);
    assert_int_equal(rf_builtin_find(isolate, "fixe", 4, false), -1);
    assert_int_equal(rf_builtin_find(isolate, "fixed2", 6, false), -1);
}

static void function_values_end_with_the_isolate(void **state)
{
    (void)state;
    rf_isolate *isolate = rf_isolate_new(&test_host);
    with_rows(isolate);
    isolate->builtin_values = rf_alloc_array(rf_value, RF_COUNT_OF(rows));
    for (uint32_t i = 0; i < RF_COUNT_OF(rows); i++)
        isolate->builtin_values[i] = i == 3   ? isolate->builtin_values[0] /* an alias */
                                     : i == 6 ? rf_float(3.14)
                                     : i == 7 ? text(isolate, "a constant")
                                              : rf_builtin_value_new(isolate, &rows[i]);
    assert_int_equal(rf_equal(isolate, isolate->builtin_values[0], isolate->builtin_values[3]), 1);
    rf_isolate_free(isolate);
    rf_isolate_free(NULL);
}

/* ---- modules ---- */

static void module_variables_may_start_as_builtins(void **state)
{
    rf_isolate *isolate = *state;
    with_rows(isolate);
    isolate->builtin_values = rf_alloc_array(rf_value, RF_COUNT_OF(rows));
    for (uint32_t i = 0; i < RF_COUNT_OF(rows); i++) isolate->builtin_values[i] = rf_int(i);
    const rf_symbol *names[] = {symbol("plain"), symbol("range"), symbol("later")};
    rf_var vars[3] = {{.name = names[0], .slot = 0, .builtin = -1},
                      {.name = names[1], .slot = 1, .builtin = 1},
                      {.name = names[2], .slot = 2, .builtin = -1}};
    rf_unit unit = {.path = "<repl>"}, next = {.path = "<repl>"};
    rf_func func = {.display_name = "main"};
    for (int i = 0; i < 3; i++) {
        if (i < 2) rf_vector_push(&unit.module_vars, &vars[i]);
        rf_vector_push(&next.module_vars, &vars[i]);
        rf_vector_push(&next.exports, &vars[i]);
        rf_vector_push(&next.funcs, &func);
    }
    rf_vector_push(&unit.funcs, &func);
    rf_vector_push(&unit.literals, ((rf_literal){"one", 3}));
    rf_vector_push(&next.literals, ((rf_literal){"one", 3}));
    rf_vector_push(&next.literals, ((rf_literal){"two", 3}));
    rf_value module = rf_module_new(isolate, &unit, rf_string_intern(isolate, "", 0));
    rf_module *m = module.as.module;
    assert_int_equal(m->slots[0].head, RF_UNSET);
    assert_is_int(m->slots[1], 1);
    m->slots[0] = rf_int(70);
    rf_module_extend(isolate, m, &next);
    assert_int_equal(m->slot_count, 3);
    assert_is_int(m->slots[0], 70);
    assert_int_equal(m->slots[2].head, RF_UNSET);
    assert_shows(isolate, m->literals[1], "two");
    rf_value name = text(isolate, "plain"), other = text(isolate, "other");
    assert_is_int(rf_module_get(isolate, m, name.as.string), 70);
    assert_int_equal(rf_module_get(isolate, m, other.as.string).head, RF_UNSET);
    rf_release(isolate, name);
    rf_release(isolate, other);
    rf_release(isolate, module);
    rf_vector_release(&unit.module_vars);
    rf_vector_release(&next.module_vars);
    rf_vector_release(&next.exports);
    rf_vector_release(&unit.funcs);
    rf_vector_release(&next.funcs);
    rf_vector_release(&unit.literals);
    rf_vector_release(&next.literals);
    for (int i = 0; i < 3; i++) rf_free((void *)(uintptr_t)names[i]);
}

static void display_names(void **state)
{
    rf_isolate *isolate = *state;
    const rf_func func = {.display_name = "Box.area", .kind = RF_FUNC_METHOD};
    rf_value method = rf_closure_new(isolate, &func, NULL),
             bound = rf_bound_new(isolate, method, rf_int(1));
    rf_value builtin = rf_builtin_value_new(isolate, &rows[3]);
    assert_string_equal(rf_function_display_name(method.as.function), "Box.area");
    assert_string_equal(rf_function_display_name(bound.as.function), "Box.area");
    assert_string_equal(rf_function_display_name(builtin.as.function), "fixed");
    builtin.as.o->count = 1;
    rf_release(isolate, builtin);
    rf_release(isolate, bound);
    rf_release(isolate, method);
}

static int freed_handles;

static void free_handle(rf_isolate *isolate, rf_handle *handle)
{
    (void)isolate;
    freed_handles += *(int *)handle->data;
}

static rf_value handle_field(rf_isolate *isolate, rf_handle *handle, const rf_string *name)
{
    (void)isolate;
    return strcmp(name->text, "width") == 0 ? rf_int(*(int *)handle->data) : rf_unset();
}

static void handles_are_closed_when_nobody_holds_them(void **state)
{
    rf_isolate *isolate = *state;
    int data = 3;
    const rf_handle_type type = {
        .type_name = "image", .free = free_handle, .get_field = handle_field};
    rf_value h = rf_handle_new(isolate, &type, &data), width = text(isolate, "width"),
             depth = text(isolate, "depth");
    freed_handles = 0;
    assert_is_int(rf_get_field(isolate, h, width.as.string), 3);
    assert_raises(isolate, rf_get_field(isolate, h, depth.as.string), "Field not found: depth");
    rf_release(isolate, LIST(isolate, rf_copy(h)));
    assert_int_equal(freed_handles, 0);
    rf_release(isolate, h);
    assert_int_equal(freed_handles, 3);
    rf_release(isolate, width);
    rf_release(isolate, depth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(arity_is_checked_with_exact_text),
        value_test(availability_comes_first),
        value_test(capability_comes_before_arity),
        value_test(arguments_may_be_moved_out),
        value_test(host_functions_get_their_row),
        value_test(rows_are_found_by_name),
        cmocka_unit_test(function_values_end_with_the_isolate),
        value_test(module_variables_may_start_as_builtins),
        value_test(display_names),
        value_test(handles_are_closed_when_nobody_holds_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
