/* The trace hook of the engine. */
#include "support/program.h"

#include "base/alloc.h"
#include "value/array.h"
#include "value/error_value.h"

#include <string.h>

static void nothing_runs_outside_code(void **state)
{
    program *p = *state;
    rf_trace trace;
    p->isolate->engine->trace(p->isolate, &trace);
    assert_null(trace.file);
    assert_int_equal(trace.pos.line, 0);
    assert_int_equal(trace.count, 0);
    assert_null(trace.names);
}

/* A value of the program's module, by name. */
static rf_value variable(program *p, const char *name)
{
    const rf_module *module = p->module.as.module;
    for (size_t i = 0; i < module->unit->module_vars.count; i++)
        if (strcmp(module->unit->module_vars.data[i]->name->text, name) == 0) return module->slots[i];
    return rf_unset();
}

static void calls_from_outside_begin_a_stack(void **state)
{
    program *p = *state;
    program_run(p, "export func f(x) {\n    return x / 0\n}\nexport func g(x) { return f(x) }\n");
    const rf_value one = rf_int(1);
    rf_value result = p->isolate->engine->call(p->isolate, variable(p, "g"), &one, 1);
    assert_true(rf_is_raised(result));
    rf_value error = rf_take_error(p->isolate);
    rf_error *details = error.as.error;
    assert_int_equal(details->line, 2);
    assert_int_equal(details->column, 14);
    assert_int_equal(details->stack.as.array->length, 2);
    rf_release(p->isolate, error);
    assert_int_equal(p->isolate->depth, 0);
}

static void borrowed_arguments_are_kept(void **state)
{
    program *p = *state;
    program_run(p, "export func f(xs) { push(xs, 9) return xs }\n");
    rf_value xs = rf_array_new(p->isolate, 0);
    rf_array_push(p->isolate, xs.as.array, rf_int(1));
    rf_value result = p->isolate->engine->call(p->isolate, variable(p, "f"), &xs, 1);
    assert_int_equal(xs.as.array->length, 1);
    assert_int_equal(result.as.array->length, 2);
    rf_release(p->isolate, result);
    rf_release(p->isolate, xs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_runs_outside_code, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(calls_from_outside_begin_a_stack, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(borrowed_arguments_are_kept, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
