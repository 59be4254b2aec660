/* What x.name(...) means: LANGUAGE 16, BUILTINS 3. */
#include "lib_test.h"

/* Name of the row that receiver.name(...) calls, "value" for an entry or export, or "!MESSAGE";
 * new, rf_free */
static char *find(lib_test *t, rf_value receiver, const rf_string *name)
{
    const rf_method_target target = rf_method_find(t->isolate, receiver, name);
    if (target.kind == RF_METHOD_NONE) return lib_text(t, rf_raised());
    if (target.kind == RF_METHOD_BUILTIN) return rf_strdup(target.row->name);
    rf_release(t->isolate, target.callee);
    return rf_strdup("value");
}

/* Looks twice: the second answer comes from the cache.  Releases receiver. */
static void check(lib_test *t, rf_value receiver, const char *name, const char *want)
{
    rf_value interned = rf_string_intern(t->isolate, name, strlen(name));
    for (int i = 0; i < 2; i++) {
        char *found = find(t, receiver, interned.as.string);
        if (strcmp(found, want) != 0) fail_msg("x.%s is %s, wanted %s", name, found, want);
        rf_free(found);
    }
    rf_release(t->isolate, interned);
    rf_release(t->isolate, receiver);
}

static rf_value made(lib_test *t, const char *name)
{
    return lib_call(t, name, NULL, 0);
}

static void built_ins_are_methods_of_what_their_first_parameter_takes(void **state)
{
    lib_test *t = *state;
    check(t, lib_value(t, "\"a\""), "to_upper", "to_upper");
    check(t, lib_value(t, "\"a\""), "upper", "upper");
    check(t, lib_value(t, "\"a\""), "push", "!Unknown method: push on string");
    check(t, lib_value(t, "[1]"), "push", "push");
    check(t, lib_value(t, "[1]"), "map", "map");
    check(t, lib_value(t, "[1]"), "next", "!Unknown method: next on array");
    check(t, lib_value(t, "[1]"), "iter", "iter");
    check(t, lib_value(t, "5"), "range", "range");
    check(t, lib_value(t, "5.5"), "floor", "floor");
    check(t, lib_value(t, "true"), "to_string", "to_string");
    check(t, lib_value(t, "true"), "floor", "!Unknown method: floor on bool");
    check(t, rf_bytes_new(t->isolate, "a", 1), "len", "len");
    check(t, lib_value(t, "5"), "PI", "!Unknown method: PI on int");
    check(t, lib_value(t, "[1]"), "__check", "!Unknown method: __check on array");
    check(t, lib_value(t, "[1]"), "Channel.send", "!Unknown method: Channel.send on array");
    check(t, lib_value(t, "[1]"),
          "a_name_that_is_longer_than_any_built_in_has_and_then_some_more_of_it",
          "!Unknown method: a_name_that_is_longer_than_any_built_in_has_and_then_some_more_of_it "
          "on array");
}

static void short_names_come_first_on_collections(void **state)
{
    lib_test *t = *state;
    check(t, made(t, "Set"), "add", "set_add");
    check(t, made(t, "Set"), "remove", "set_remove");
    check(t, made(t, "Set"), "union", "set_union");
    check(t, made(t, "Set"), "len", "len");
    check(t, made(t, "Set"), "push", "!Unknown method: push on set");
    check(t, made(t, "Queue"), "peek", "queue_peek");
    check(t, made(t, "Queue"), "is_empty", "queue_is_empty");
    check(t, made(t, "Queue"), "push", "!Unknown method: push on queue");
    check(t, made(t, "Stack"), "push", "stack_push");
    check(t, made(t, "Stack"), "pop", "stack_pop");
    check(t, made(t, "Stack"), "stack_pop", "stack_pop");
}

static void a_dict_entry_comes_before_built_ins(void **state)
{
    lib_test *t = *state;
    check(t, lib_value(t, "{\"keys\":1}"), "keys", "value");
    check(t, lib_value(t, "{\"a\":1}"), "keys", "keys");
    check(t, lib_value(t, "{\"7\":1}"), "7", "value");
    check(t, lib_value(t, "{\"a\":1}"), "nope", "!Unknown method: nope on dict");
}

static void other_kinds_have_only_their_own_methods(void **state)
{
    lib_test *t = *state;
    check(t, rf_null(), "type", "!Unknown method: type on null");
    check(t, rf_copy(t->isolate->builtin_values[0]), "len", "!Unknown method: len on function");
    check(t, rf_wrap_value(t->isolate, RF_SOME, rf_int(1)), "to_string",
          "!Unknown method: to_string on option");
    check(t, rf_wrap_value(t->isolate, RF_OK_WRAP, lib_value(t, "\"a\"")), "len",
          "!Unknown method: len on result");
    check(t, rf_none(), "type", "!Unknown method: type on option");
    check(t, rf_error_value_new(t->isolate, lib_value(t, "\"m\"")), "message",
          "!Unknown method: message on error");
    const int32_t promise = rf_builtin_find(t->isolate, "Promise", 7, false);
    check(t, rf_copy(t->isolate->builtin_values[promise]), "all", "value");
    check(t, rf_copy(t->isolate->builtin_values[promise]), "race",
          "!Symbol 'race' not found in module 'Promise'");
}

static void names_that_are_not_interned_are_found_too(void **state)
{
    lib_test *t = *state;
    rf_value receiver = lib_value(t, "[1]"), name = lib_value(t, "\"push\"");
    const rf_method_target target = rf_method_find(t->isolate, receiver, name.as.string);
    assert_int_equal(target.kind, RF_METHOD_BUILTIN);
    assert_string_equal(target.row->name, "push");
    rf_release(t->isolate, receiver);
    rf_release(t->isolate, name);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(built_ins_are_methods_of_what_their_first_parameter_takes),
        TEST(short_names_come_first_on_collections),
        TEST(a_dict_entry_comes_before_built_ins),
        TEST(other_kinds_have_only_their_own_methods),
        TEST(names_that_are_not_interned_are_found_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
