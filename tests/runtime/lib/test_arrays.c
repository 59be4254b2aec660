/* Arrays, dicts, sets, queues, stacks: BUILTINS 8, 9, 10. */
#include "lib_test.h"

static void the_array_examples_of_the_list(void **state)
{
    static const lib_case cases[] = {
        {"push", "[[1],2]", "Array[Int(1), Int(2)]"},
        {"append", "[[1],2,\"x\"]", "Array[Int(1), Int(2), String(\"x\")]"},
        {"push", "[[1]]", "!push expects at least 2 arguments, got 1"},
        {"append", "[1,2]", "!push expects array as argument 1, got int"},
        {"pop", "[[1,2]]", "Array[Array[Int(1)], Int(2)]"},
        {"pop", "[[]]", "Array[Array[], Int(0)]"},
        {"insert", "[[1,3],1,2]", "Array[Int(1), Int(2), Int(3)]"},
        {"insert", "[[1],1,2]", "Array[Int(1), Int(2)]"},
        {"insert", "[[1],2,2]", "!insert index 2 is out of range for an array of length 1"},
        {"insert", "[[1],-1,2]", "!insert index -1 is out of range for an array of length 1"},
        {"remove", "[[1,2,1],1]", "Array[Int(2), Int(1)]"},
        {"remove", "[[1,2],1.0]", "Array[Int(2)]"},
        {"remove", "[[[1],[2]],[2]]", "Array[Array[Int(1)]]"},
        {"remove", "[[1],9]", "Array[Int(1)]"},
        {"remove_at", "[[7,8],0]", "Array[Array[Int(8)], Int(7)]"},
        {"remove_at", "[[7,8],2]", "!remove_at index 2 is out of range for an array of length 2"},
        {"clear", "[[1]]", "Array[]"},
        {"clear", "[{\"a\":1}]", "Dict{}"},
        {"clear", "[\"a\"]", "!clear expects array or dict as argument 1, got string"},
        {"slice", "[[1,2,3,4],-3,-1]", "Array[Int(2), Int(3)]"},
        {"slice", "[[1,2,3],-9,9]", "Array[Int(1), Int(2), Int(3)]"},
        {"slice", "[[1,2,3],2,1]", "Array[]"},
        {"slice", "[\"h\\u00e9llo\",1,-1]", "String(\"\xC3\xA9ll\")"},
        {"slice", "[{},0,1]", "!slice expects array or bytes or string as argument 1, got dict"},
        {"concat", "[[1],[2]]", "Array[Int(1), Int(2)]"},
        {"concat", "[[1],2]", "!concat expects array as argument 2, got int"},
        {"contains", "[[1,2],2]", "Bool(true)"},
        {"contains", "[[1,2],2.0]", "Bool(true)"},
        {"contains", "[[\"a\",null],null]", "Bool(true)"},
        {"contains", "[[[1],2],[1.0]]", "Bool(true)"},
        {"index_of", "[[5,6],6]", "Int(1)"},
        {"index_of", "[[5,6],7]", "Int(-1)"},
        {"index_of", "[[\"a\",\"b\"],\"b\"]", "Int(1)"},
        {"reverse", "[[1,2,3]]", "Array[Int(3), Int(2), Int(1)]"},
        {"reverse", "[[true,\"a\"]]", "Array[String(\"a\"), Bool(true)]"},
        {"unique", "[[1,2,1,1.0,\"a\",[1],\"a\",[1]]]",
         "Array[Int(1), Int(2), Float(1), String(\"a\"), Array[Int(1)]]"},
        {"sum", "[[1,2.5,\"x\"]]", "Float(3.5)"},
        {"sum", "[[1,2]]", "Int(3)"},
        {"sum", "[[]]", "Int(0)"},
        {"sum", "[[9223372036854775807,1]]", "!Integer overflow: 9223372036854775807 + 1"},
        {"chunk", "[[1,2,3],2]", "Array[Array[Int(1), Int(2)], Array[Int(3)]]"},
        {"chunk", "[[1,2],0]", "Array[Array[Int(1), Int(2)]]"},
        {"flatten", "[[[1],2,[[3]]]]", "Array[Int(1), Int(2), Array[Int(3)]]"},
        {"zip", "[[1,2],[\"a\"]]", "Array[Array[Int(1), String(\"a\")]]"},
        {"zip", "[[1],5]", "!zip expects array as argument 2, got int"},
        {"enumerate", "[[\"x\"]]", "Array[Array[Int(0), String(\"x\")]]"},
        {"take", "[[1,2,3],2]", "Array[Int(1), Int(2)]"},
        {"take", "[[1,2,3],-2]", "Array[]"},
        {"take", "[[1],9]", "Array[Int(1)]"},
        {"skip", "[[1,2,3],2]", "Array[Int(3)]"},
        {"skip", "[[1],-2]", "Array[Int(1)]"},
        {"windows", "[[1,2,3],2]", "Array[Array[Int(1), Int(2)], Array[Int(2), Int(3)]]"},
        {"windows", "[[1],2]", "Array[]"},
        {"windows", "[[1],0]", "Array[]"},
        {"range", "[3]", "Array[Int(0), Int(1), Int(2)]"},
        {"range", "[2.9]", "Array[Int(0), Int(1)]"},
        {"range", "[1,3]", "Array[Int(1), Int(2)]"},
        {"range", "[10,0,-3]", "Array[Int(10), Int(7), Int(4), Int(1)]"},
        {"range", "[0,5,0]", "!range step must not be 0"},
        {"range", "[5,0]", "Array[]"},
        {"range", "[-9223372036854775808,9223372036854775807,9223372036854775807]",
         "Array[Int(-9223372036854775808), Int(-1), Int(9223372036854775806)]"},
        {"range", "[1e30]", "!Collection too large"},
        {"range", "[\"a\"]", "!range expects number as argument 1, got string"},
        {"range", "[]", "!range expects 1 to 3 arguments, got 0"},
        {"collect", "[\"h\\u00e9\"]", "Array[String(\"h\"), String(\"\xC3\xA9\")]"},
        {"collect", "[{\"b\":1,\"a\":2}]", "Array[String(\"b\"), String(\"a\")]"},
        {"collect", "[2.5]", "Array[Int(0), Int(1)]"},
        {"collect", "[null]", "!Cannot iterate over null"},
        {"map", "[5]", "!map expects 2 arguments, got 1"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void the_dict_examples_of_the_list(void **state)
{
    static const lib_case cases[] = {
        {"keys", "[{\"b\":1,\"a\":2}]", "Array[String(\"b\"), String(\"a\")]"},
        {"keys", "[5]", "Array[]"},
        {"values", "[{\"b\":1,\"a\":2}]", "Array[Int(1), Int(2)]"},
        {"items", "[{\"b\":1,\"7\":2}]",
         "Array[Array[String(\"b\"), Int(1)], Array[String(\"7\"), Int(2)]]"},
        {"items", "[null]", "Array[]"},
        {"has_key", "[{\"a\":1},\"a\"]", "Int(1)"},
        {"has_key", "[{\"7\":1},7]", "Int(1)"},
        {"has_key", "[[],\"a\"]", "Int(0)"},
        {"has_key", "[{},null]", "!Invalid index operation"},
        {"get", "[{\"a\":1},\"z\",9]", "Int(9)"},
        {"get", "[{\"a\":1},\"a\",9]", "Int(1)"},
        {"get", "[{\"a\":1},\"z\"]", "Null"},
        {"get", "[5,\"z\",9]", "Null"},
        {"get", "[{},1.5]", "!Invalid index operation"},
        {"get_default", "[{},\"a\",5]", "Int(5)"},
        {"get_default", "[1,\"a\",5]", "!get_default expects dict as argument 1, got int"},
        {"get_default", "[{},\"a\"]", "!get_default expects 3 arguments, got 2"},
        {"merge", "[{\"a\":1,\"b\":1},{\"a\":2,\"c\":3}]", "Dict{a: Int(2), b: Int(1), c: Int(3)}"},
        {"update", "[{\"a\":1},5]", "Dict{}"},
        {"remove", "[{\"a\":1,\"b\":2},\"a\"]", "Array[Dict{b: Int(2)}, Int(1)]"},
        {"remove", "[{\"a\":1},\"z\"]", "Array[Dict{a: Int(1)}, Int(0)]"},
        {"remove", "[{\"a\":1},null]", "!Invalid index operation"},
        {"remove", "[5,1]", "!remove expects array or dict as argument 1, got int"},
        {"contains", "[{\"a\":1},\"a\"]", "Bool(true)"},
        {"contains", "[{\"a\":1},true]", "!Invalid index operation"},
        {"invert", "[{\"a\":1,\"b\":[1],\"c\":null,\"d\":1}]", "Dict{1: String(\"d\")}"},
        {"invert", "[5]", "!invert expects dict as argument 1, got int"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static rf_value call_on(lib_test *t, const char *name, rf_value first, const char *rest)
{
    rf_value list = lib_value(t, rest), args[4] = {first};
    const uint32_t count = list.as.array->length;
    for (uint32_t i = 0; i < count; i++) args[i + 1] = rf_array_get(list.as.array, i);
    rf_release(t->isolate, list);
    return lib_call(t, name, args, count + 1);
}

static void check_text(lib_test *t, rf_value v, const char *want)
{
    char *text = lib_text(t, v);
    assert_string_equal(text, want);
    rf_free(text);
}

static rf_value make(lib_test *t, const char *name, const char *json)
{
    rf_value list = lib_value(t, json);
    return lib_call(t, name, &list, 1);
}

static void sets_keep_insertion_order(void **state)
{
    lib_test *t = *state;
    check_text(t, make(t, "Set", "[2,1,2,1.0,\"a\",[1],[1]]"),
               "Set{Int(2), Int(1), String(\"a\"), Array[Int(1)]}");
    check_text(t, call_on(t, "set_add", make(t, "Set", "[1]"), "[1]"), "Set{Int(1)}");
    check_text(t, call_on(t, "set_add", make(t, "Set", "[1]"), "[\"x\"]"),
               "Set{Int(1), String(\"x\")}");
    check_text(t, call_on(t, "set_has", make(t, "Set", "[1]"), "[1.0]"), "Bool(true)");
    check_text(t, call_on(t, "set_remove", make(t, "Set", "[1,2,3]"), "[2]"),
               "Set{Int(1), Int(3)}");
    check_text(t, call_on(t, "set_remove", make(t, "Set", "[1]"), "[2]"), "Set{Int(1)}");
    rf_value args[] = {make(t, "Set", "[3,1]"), make(t, "Set", "[1,2]")};
    rf_value again[] = {rf_copy(args[0]), rf_copy(args[1])},
             third[] = {rf_copy(args[0]), rf_copy(args[1])};
    check_text(t, lib_call(t, "set_union", args, 2), "Set{Int(3), Int(1), Int(2)}");
    check_text(t, lib_call(t, "set_intersect", again, 2), "Set{Int(1)}");
    check_text(t, lib_call(t, "set_difference", third, 2), "Set{Int(3)}");
    static const lib_case cases[] = {
        {"Set", "[]", "Set{}"},
        {"Set", "[5]", "!Set expects array as argument 1, got int"},
        {"set_add", "[5,1]", "Set{}"},
        {"set_has", "[5,1]", "Bool(false)"},
        {"set_union", "[5,1]", "Set{}"},
        {"set_to_array", "[5]", "Array[]"},
        {"set_add", "[5]", "!set_add expects 2 arguments, got 1"},
    };
    LIB_CHECK(t, cases);
}

static void queues_and_stacks_take_from_their_ends(void **state)
{
    lib_test *t = *state;
    check_text(t, call_on(t, "queue_enqueue", make(t, "Queue", "[1,2]"), "[3]"),
               "Queue[Int(1), Int(2), Int(3)]");
    check_text(t, make(t, "Queue", "[1,2]"), "Queue[Int(1), Int(2)]");
    rf_value q = make(t, "Queue", "[1,2]");
    check_text(t, lib_call(t, "queue_dequeue", &q, 1), "Array[Queue[Int(2)], Int(1)]");
    rf_value s = make(t, "Stack", "[1,2]");
    check_text(t, lib_call(t, "stack_pop", &s, 1), "Array[Stack[Int(1)], Int(2)]");
    s = make(t, "Stack", "[1,2]");
    check_text(t, lib_call(t, "stack_peek", &s, 1), "Int(2)");
    q = make(t, "Queue", "[1,2]");
    check_text(t, lib_call(t, "queue_peek", &q, 1), "Int(1)");
    s = make(t, "Stack", "[1,2]");
    check_text(t, lib_call(t, "stack_to_array", &s, 1), "Array[Int(1), Int(2)]");
    static const lib_case cases[] = {
        {"Queue", "[\"x\"]", "Queue[]"},
        {"queue_dequeue", "[5]", "Array[Queue[], Null]"},
        {"stack_pop", "[5]", "Array[Stack[], Null]"},
        {"queue_peek", "[5]", "Null"},
        {"queue_is_empty", "[5]", "Bool(false)"},
        {"queue_size", "[5]", "!queue_size expects queue as argument 1, got int"},
        {"stack_size", "[5]", "!stack_size expects stack as argument 1, got int"},
        {"stack_push", "[5,1]", "Stack[]"},
        {"stack_to_array", "[5]", "Array[]"},
        {"Stack", "[1,2]", "!Stack expects 0 to 1 arguments, got 2"},
    };
    LIB_CHECK(t, cases);
}

static void the_only_reference_is_changed_in_place(void **state)
{
    lib_test *t = *state;
    rf_value a = lib_value(t, "[1,2,3]");
    const void *object = a.as.o;
    static const struct {
        const char *name, *rest;
    } steps[] = {
        {"push", "[4]"}, {"reverse", "[]"}, {"sort", "[]"}, {"insert", "[0,9]"}, {"remove", "[9]"}};
    for (size_t i = 0; i < RF_COUNT_OF(steps); i++) {
        a = call_on(t, steps[i].name, a, steps[i].rest);
        assert_ptr_equal(a.as.o, object);
    }
    check_text(t, a, "Array[Int(1), Int(2), Int(3), Int(4)]");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_array_examples_of_the_list),
        TEST(the_dict_examples_of_the_list),
        TEST(sets_keep_insertion_order),
        TEST(queues_and_stacks_take_from_their_ends),
        TEST(the_only_reference_is_changed_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
