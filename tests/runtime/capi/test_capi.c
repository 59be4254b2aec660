/* The public interface as an embedding program uses it. */
#include "support/ruff_test.h"

#include <ruff/ruff.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct capture {
    char out[4096], err[4096];
} capture;

static void gather(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    capture *sink = context;
    char *text = stream == RUFF_STDOUT ? sink->out : sink->err;
    size_t used = strlen(text);
    assert_true(used + size < sizeof sink->out);
    memcpy(text + used, bytes, size);
    text[used + size] = '\0';
}

static ruff_vm *new_vm(ruff_engine engine, capture *sink)
{
    ruff_config config = ruff_config_default();
    ruff_vm *vm = NULL;
    memset(sink, 0, sizeof *sink);
    config.engine = engine;
    config.write = gather;
    config.write_context = sink;
    assert_int_equal(ruff_vm_new(&config, &vm, NULL), RUFF_OK);
    return vm;
}

static ruff_status run(ruff_vm *vm, const char *source, ruff_error *err)
{
    return ruff_run(vm, source, strlen(source), "test.ruff", err);
}

static const ruff_engine engines[] = {RUFF_ENGINE_INTERPRETER, RUFF_ENGINE_VM, RUFF_ENGINE_JIT};

static void a_program_prints_through_the_write_function(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        capture sink;
        ruff_vm *vm = new_vm(engines[i], &sink);
        assert_int_equal(run(vm, "print(\"hello\", 1 + 2)", NULL), RUFF_OK);
        assert_string_equal(sink.out, "hello 3\n");
        assert_string_equal(sink.err, "");
        ruff_vm_free(vm);
    }
}

static void an_uncaught_error_comes_back_with_place_and_report(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        capture sink;
        ruff_error err = RUFF_ERROR_INIT;
        ruff_vm *vm = new_vm(engines[i], &sink);
        assert_int_equal(run(vm, "func f() {\n  return 1 / 0\n}\nf()", &err), RUFF_E_RUNTIME);
        assert_string_equal(err.message, "Division by zero");
        assert_string_equal(err.file, "test.ruff");
        assert_int_equal(err.line, 2);
        assert_int_equal(err.column, 12);
        assert_int_equal(err.exit_code, 4);
        assert_string_equal(err.report, "[RUFRUN001] [runtime] Runtime Error: Division by zero\n"
                                        "  --> test.ruff:2:12\n\nCall stack:\n  0 at f\n");
        ruff_error_release(&err);
        assert_int_equal(run(vm, "print(1)", NULL), RUFF_OK); /* the VM goes on */
        ruff_vm_free(vm);
    }
}

static void a_syntax_error_runs_nothing(void **state)
{
    (void)state;
    capture sink;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = new_vm(RUFF_ENGINE_VM, &sink);
    assert_int_equal(run(vm, "print(1)\nprint(", &err), RUFF_E_SYNTAX);
    assert_string_equal(sink.out, "");
    assert_int_equal(err.exit_code, 3);
    assert_non_null(strstr(err.report, "[RUFPARSE001] [parser] error: "));
    ruff_error_release(&err);
    ruff_vm_free(vm);
}

static void exit_gives_its_code(void **state)
{
    (void)state;
    capture sink;
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = new_vm(RUFF_ENGINE_VM, &sink);
    assert_int_equal(run(vm, "print(1)\ntry { exit(7) } except e { print(2) }", &err), RUFF_E_EXIT);
    assert_int_equal(err.exit_code, 7);
    assert_string_equal(sink.out, "1\n");
    ruff_error_release(&err);
    ruff_vm_free(vm);
}

static void globals_and_calls_cross_the_border(void **state)
{
    (void)state;
    capture sink;
    ruff_vm *vm = new_vm(RUFF_ENGINE_VM, &sink);
    assert_int_equal(run(vm, "base := 40\nfunc add(n) { return base + n }", NULL), RUFF_OK);
    ruff_value *base = ruff_global_get(vm, "base"), *add = ruff_global_get(vm, "add");
    assert_non_null(base);
    assert_int_equal(ruff_value_as_int(base), 40);
    assert_int_equal(ruff_value_kind(add), RUFF_KIND_FUNCTION);
    assert_null(ruff_global_get(vm, "absent"));
    ruff_value *two = ruff_value_int(vm, 2), *result = NULL;
    const ruff_value *const args[] = {two, two};
    assert_int_equal(ruff_call(vm, add, args, 1, &result, NULL), RUFF_OK);
    assert_int_equal(ruff_value_as_int(result), 42);
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(ruff_call(vm, add, args, 2, NULL, &err), RUFF_E_RUNTIME);
    assert_string_equal(err.message, "add expects 1 arguments, got 2");
    ruff_error_release(&err);
    assert_int_equal(ruff_call(vm, NULL, args, 1, NULL, &err), RUFF_E_MISUSE);
    ruff_error_release(&err);
    ruff_value_release(result);
    ruff_value_release(two);
    ruff_value_release(base);
    ruff_value_release(add);
    ruff_vm_free(vm);
}

static ruff_value *twice(ruff_vm *vm, void *context, const ruff_value *const *args, size_t arg_count)
{
    *(size_t *)context += arg_count;
    if (ruff_value_kind(args[0]) != RUFF_KIND_INT) {
        ruff_host_raise(vm, "twice wants an int");
        return NULL;
    }
    return ruff_value_int(vm, 2 * ruff_value_as_int(args[0]));
}

static void host_functions_are_called_and_may_raise(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        capture sink;
        size_t calls = 0;
        ruff_vm *vm = new_vm(engines[i], &sink);
        assert_int_equal(ruff_define(vm, "twice", 1, 1, twice, &calls, NULL), RUFF_OK);
        assert_int_equal(run(vm,
                             "print(twice(21), [1, 2].map(twice))\n"
                             "try { twice(\"x\") } except e { print(e.message, e.line) }\n"
                             "try { twice() } except e { print(e.message) }",
                             NULL),
                         RUFF_OK);
        assert_string_equal(sink.out, "42 [2, 4]\ntwice wants an int 2\ntwice expects 1 arguments, got 0\n");
        assert_int_equal(calls, 4);
        ruff_vm_free(vm);
    }
}

static void containers_are_values(void **state)
{
    (void)state;
    capture sink;
    ruff_vm *vm = new_vm(RUFF_ENGINE_VM, &sink);
    ruff_value *list = ruff_value_array(vm), *one = ruff_value_int(vm, 1), *table = ruff_value_dict(vm);
    assert_int_equal(ruff_array_push(list, one, NULL), RUFF_OK);
    ruff_value *copy = ruff_value_copy(list);
    assert_int_equal(ruff_array_push(list, one, NULL), RUFF_OK);
    assert_int_equal(ruff_value_count(list), 2);
    assert_int_equal(ruff_value_count(copy), 1);
    assert_int_equal(ruff_dict_set(table, "b", list, NULL), RUFF_OK);
    assert_int_equal(ruff_dict_set(table, "a", one, NULL), RUFF_OK);
    size_t size = 0;
    char *text = ruff_value_display(table, &size);
    assert_string_equal(text, "{\"a\": 1, \"b\": [1, 1]}");
    assert_int_equal(size, strlen(text));
    ruff_text_free(text);
    assert_null(ruff_dict_get(table, "missing"));
    assert_null(ruff_array_get(list, 2));
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(ruff_array_push(one, one, &err), RUFF_E_MISUSE);
    assert_string_equal(err.message, "expected array, got int");
    ruff_error_release(&err);
    ruff_value_release(list);
    ruff_value_release(copy);
    ruff_value_release(one);
    ruff_value_release(table);
    ruff_vm_free(vm);
}

static void capabilities_are_enforced(void **state)
{
    (void)state;
    ruff_config config = ruff_config_default();
    ruff_vm *vm = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    config.capabilities = 0;
    assert_int_equal(ruff_vm_new(&config, &vm, NULL), RUFF_OK);
    assert_int_equal(run(vm, "read_file(\"x\")", &err), RUFF_E_RUNTIME);
    assert_string_equal(err.message,
                        "Capability denied: filesystem-read required for read_file; rerun with --allow-fs-read");
    ruff_error_release(&err);
    ruff_vm_free(vm);
}

static void misuse_is_told(void **state)
{
    (void)state;
    ruff_config config = ruff_config_default();
    ruff_vm *vm = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    config.max_call_depth = 3;
    assert_int_equal(ruff_vm_new(&config, &vm, &err), RUFF_E_MISUSE);
    assert_null(vm);
    assert_non_null(strstr(err.message, "max_call_depth 3"));
    ruff_error_release(&err);
    ruff_vm_free(NULL);
    ruff_value_release(NULL);
}

static void two_machines_live_side_by_side(void **state)
{
    (void)state;
    capture first_sink, second_sink;
    ruff_vm *first = new_vm(RUFF_ENGINE_VM, &first_sink), *second = new_vm(RUFF_ENGINE_INTERPRETER, &second_sink);
    assert_int_equal(run(first, "x := 1", NULL), RUFF_OK);
    assert_int_equal(run(second, "x := 2", NULL), RUFF_OK);
    ruff_value *a = ruff_global_get(first, "x"), *b = ruff_global_get(second, "x");
    assert_int_equal(ruff_value_as_int(a), 1);
    assert_int_equal(ruff_value_as_int(b), 2);
    ruff_value_release(a);
    ruff_value_release(b);
    ruff_vm_free(first);
    ruff_vm_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_prints_through_the_write_function),
        cmocka_unit_test(an_uncaught_error_comes_back_with_place_and_report),
        cmocka_unit_test(a_syntax_error_runs_nothing),
        cmocka_unit_test(exit_gives_its_code),
        cmocka_unit_test(globals_and_calls_cross_the_border),
        cmocka_unit_test(host_functions_are_called_and_may_raise),
        cmocka_unit_test(containers_are_values),
        cmocka_unit_test(capabilities_are_enforced),
        cmocka_unit_test(misuse_is_told),
        cmocka_unit_test(two_machines_live_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
