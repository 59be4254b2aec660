#include "value_test.h"

static const char *const point_fields[] = {"x", "items"};

/* A path written as text, for the tests: ".name", "[3]", "[key]" and, for wrong keys, "[?]" (null).
 */
typedef struct path {
    rf_access steps[8];
    uint32_t count;
} path;

static path path_of(rf_isolate *isolate, const char *form)
{
    path p = {.count = 0};
    while (*form) {
        rf_access *step = &p.steps[p.count++];
        size_t size = 1;
        while (form[size] && form[size] != '.' && form[size] != '[' && form[size] != ']') size++;
        step->is_field = form[0] == '.';
        step->pos = (rf_pos){.line = p.count, .column = 1};
        int64_t number;
        if (!step->is_field && rf_parse_int(form + 1, size - 1, &number))
            step->key = rf_int(number);
        else if (!step->is_field && form[1] == '?')
            step->key = rf_null();
        else
            step->key = rf_string_intern(isolate, form + 1, size - 1);
        form += size;
        if (*form == ']') form++;
    }
    return p;
}

static bool set(rf_isolate *isolate, rf_value *root, const char *form, rf_value v)
{
    path p = path_of(isolate, form);
    return rf_set_place(isolate, root, p.steps, p.count, v);
}

static rf_value get(rf_isolate *isolate, rf_value root, const char *form)
{
    path p = path_of(isolate, form);
    return rf_get_place(isolate, root, p.steps, p.count);
}

static rf_value take(rf_isolate *isolate, rf_value *root, const char *form)
{
    path p = path_of(isolate, form);
    return rf_take_place(isolate, root, p.steps, p.count);
}

static rf_value dict_with(rf_isolate *isolate, const char *key, rf_value v)
{
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, key, v);
    return d;
}

static void stores_to_any_depth(void **state)
{
    rf_isolate *isolate = *state;
    rf_value player = dict_with(isolate, "name", text(isolate, "Kim"));
    put(isolate, player, "bag", dict_with(isolate, "coins", rf_int(1)));
    rf_value game = dict_with(isolate, "players", LIST(isolate, player));
    assert_true(set(isolate, &game, "[players][0][bag][coins]", rf_int(5)));
    assert_true(set(isolate, &game, ".players[0].name", text(isolate, "Kimi")));
    assert_true(set(isolate, &game, "[players][-1].new", rf_bool(true)));
    assert_is_int(get(isolate, game, "[players][0].bag.coins"), 5);
    assert_shows(isolate, game,
                 "{\"players\": [{\"bag\": {\"coins\": 5}, \"name\": Kimi, \"new\": true}]}");
}

static void what_is_shared_stays(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = LIST(isolate, rf_int(1), LIST(isolate, rf_int(2), rf_int(3)));
    rf_value b = rf_copy(a), inner = rf_array_get(a.as.array, 1);
    assert_true(set(isolate, &b, "[1][0]", rf_int(99)));
    assert_shows(isolate, a, "[1, [2, 3]]");
    assert_shows(isolate, b, "[1, [99, 3]]");
    assert_shows(isolate, inner, "[2, 3]");
}

static void what_is_not_shared_is_changed_in_place(void **state)
{
    rf_isolate *isolate = *state;
    rf_value grid = LIST(isolate, INTS(isolate, 1, 2), INTS(isolate, 3, 4));
    const rf_array *row = rf_array_peek(grid.as.array, 1).as.array;
    assert_true(set(isolate, &grid, "[1][0]", rf_int(7)));
    assert_ptr_equal(rf_array_peek(grid.as.array, 1).as.array, row);
    assert_shows(isolate, grid, "[[1, 2], [7, 4]]");
}

static void struct_fields(void **state)
{
    rf_isolate *isolate = *state;
    rf_struct_decl *decl = struct_decl("P", 2, point_fields, 0, NULL);
    rf_value def = plain_struct(isolate, decl);
    rf_value list_of = LIST(isolate, rf_struct_new(isolate, def.as.structdef));
    assert_true(set(isolate, &list_of, "[0].x", rf_int(1)));
    assert_true(set(isolate, &list_of, "[0].x", rf_float(1.5)));
    assert_true(set(isolate, &list_of, "[0][items]", INTS(isolate, 5)));
    assert_true(set(isolate, &list_of, "[0].items[0]", text(isolate, "six")));
    assert_false(set(isolate, &list_of, "[0].y", rf_int(1)));
    assert_error(isolate, "Field not found: y");
    assert_false(set(isolate, &list_of, "[0][0]", rf_int(1)));
    assert_error(isolate, "Invalid index assignment");
    assert_shows(isolate, list_of, "[P { items: [six], x: 1.5 }]");
    rf_release(isolate, def);
    free_struct_decl(decl);
}

static void failures_change_nothing_and_say_why(void **state)
{
    rf_isolate *isolate = *state;
    rf_value err = rf_wrap_value(isolate, RF_OK_WRAP, LIST(isolate, rf_int(1)));
    rf_value root = dict_with(isolate, "a", INTS(isolate, 1, 2));
    put(isolate, root, "s", text(isolate, "text"));
    put(isolate, root, "r", err);
    put(isolate, root, "n", rf_int(5));
    const struct {
        const char *path, *message;
    } cases[] = {
        {"[a][2]", "Index out of bounds: 2"},
        {"[a][-3]", "Index out of bounds: -3"},
        {"[a][x]", "Invalid index assignment: unsupported array index type"},
        {"[a][?]", "Invalid index assignment: unsupported array index type"},
        {"[?]", "Invalid index assignment: unsupported dictionary key type"},
        {"[a].x", "Cannot set field on non-struct value"},
        {"[s][0]", "Invalid index assignment"},
        {"[s].x", "Cannot set field on non-struct value"},
        {"[n][0]", "Invalid index assignment"},
        {"[n][0][1]", "Invalid index operation"},
        {"[n].x.y", "Cannot access field or method 'x' on non-struct value"},
        {"[s][0][1]",
         "Invalid index assignment"}, /* reading the character succeeds: the store fails there */
        {"[s][9][1]", "Index out of bounds: 9"},
        {"[r].value[0]", "Cannot set field on non-struct value"},
        {"[r].nothing[0]", "Field not found: nothing"},
        {"[missing][0]", "Missing map key: \"missing\""},
        {"[7][0]", "Missing map key: 7"},
        {".missing[0]", "Invalid index assignment"}, /* null */
        {".missing[0][1]", "Invalid index operation"},
        {"[a][5][0]", "Index out of bounds: 5"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        assert_false(set(isolate, &root, cases[i].path, text(isolate, "new value")));
        assert_error(isolate, cases[i].message);
    }
    assert_shows(isolate, root, "{\"a\": [1, 2], \"n\": 5, \"r\": Ok([1]), \"s\": text}");
}

static void step_that_fails_is_blamed(void **state)
{
    rf_isolate *isolate = *state;
    rf_value root = dict_with(isolate, "a", INTS(isolate, 1, 2));
    assert_false(set(isolate, &root, "[a][5]", rf_int(1)));
    assert_int_equal(isolate->error.as.error->line, 2);
    assert_error(isolate, "Index out of bounds: 5");
    assert_int_equal(get(isolate, root, "[b][5]").head, RF_RAISED);
    assert_int_equal(isolate->error.as.error->line, 1);
    assert_error(isolate, "Missing map key: \"b\"");
    rf_value v = get(isolate, root, "[a][0]");
    assert_is_int(v, 1);
    rf_raise(isolate, "later");
    assert_int_equal(isolate->error.as.error->line, 0); /* no blame is left behind */
    assert_error(isolate, "later");
    rf_release(isolate, root);
}

static void bound_method_is_no_place(void **state)
{
    rf_isolate *isolate = *state;
    const char *const methods[] = {"m"};
    rf_struct_decl *decl = struct_decl("P", 0, NULL, 1, methods);
    const rf_func func = {.display_name = "P.m"};
    rf_value *functions = rf_alloc_array(rf_value, 1);
    functions[0] = rf_closure_new(isolate, &func, NULL);
    rf_value def = rf_structdef_new(isolate, decl, NULL, functions, rf_alloc_array(rf_value, 0));
    rf_value v = rf_struct_new(isolate, def.as.structdef);
    assert_false(set(isolate, &v, ".m.x", rf_int(1)));
    assert_error(isolate, "Cannot set field on non-struct value");
    rf_release(isolate, v);
    rf_release(isolate, def);
    free_struct_decl(decl);
}

static void reading_a_path(void **state)
{
    rf_isolate *isolate = *state;
    rf_value root = dict_with(isolate, "w", text(isolate, "h\u00e9"));
    put(isolate, root, "r", rf_wrap_value(isolate, RF_SOME, LIST(isolate, text(isolate, "in"))));
    assert_shows(isolate, get(isolate, root, "[w][1]"), "\u00e9");
    assert_shows(isolate, get(isolate, root, ".r.value[0][1]"), "n");
    assert_int_equal(get(isolate, root, ".none").head, RF_NULL);
    assert_shows(isolate, get(isolate, root, ""), "{\"r\": Some([in]), \"w\": h\u00e9}");
    rf_release(isolate, root);
}

static void taken_part_is_alone_and_comes_back(void **state)
{
    rf_isolate *isolate = *state;
    rf_value root = dict_with(isolate, "list", LIST(isolate, INTS(isolate, 1), INTS(isolate, 2)));
    const rf_array *before =
        rf_array_peek(
            rf_dict_peek(root.as.dict, key_of(rf_string_intern(isolate, "list", 4))).as.array, 1)
            .as.array;
    rf_value v = take(isolate, &root, "[list][1]");
    assert_ptr_equal(v.as.array, before);
    assert_int_equal(v.as.o->count, 1);
    rf_array_push(isolate, v.as.array, rf_int(9));
    assert_true(set(isolate, &root, "[list][1]", v));
    assert_shows(isolate, root, "{\"list\": [[1], [2, 9]]}");
}

static void taking_from_what_is_shared_copies(void **state)
{
    rf_isolate *isolate = *state;
    rf_value root = LIST(isolate, INTS(isolate, 1), text(isolate, "x"));
    rf_value other = rf_copy(root);
    rf_value v = take(isolate, &root, "[0]");
    rf_array_push(isolate, rf_array_unique(isolate, &v), rf_int(2));
    assert_true(set(isolate, &root, "[0]", v));
    assert_shows(isolate, root, "[[1, 2], x]");
    assert_shows(isolate, other, "[[1], x]");
}

static void taking_unboxed_or_missing_parts_reads(void **state)
{
    rf_isolate *isolate = *state;
    rf_value root =
        LIST(isolate, INTS(isolate, 4, 5), text(isolate, "ab"), dict_with(isolate, "k", rf_int(1)));
    assert_is_int(take(isolate, &root, "[0][1]"), 5);
    assert_shows(isolate, take(isolate, &root, "[1][0]"), "a");
    assert_int_equal(take(isolate, &root, "[2].none").head, RF_NULL);
    assert_raises(isolate, take(isolate, &root, "[2][none]"), "Missing map key: \"none\"");
    assert_shows(isolate, root, "[[4, 5], ab, {\"k\": 1}]");
    rf_value whole = INTS(isolate, 1);
    rf_value v = take(isolate, &whole, "");
    assert_int_equal(whole.head, RF_NULL);
    assert_shows(isolate, v, "[1]");
}

static void many_stores_copy_nothing(void **state)
{
    rf_isolate *isolate = *state;
    rf_value grid = rf_array_new(isolate, 100);
    for (int i = 0; i < 100; i++) {
        rf_value row = rf_array_new(isolate, 100);
        for (int k = 0; k < 100; k++) rf_array_push(isolate, row.as.array, rf_int(0));
        rf_array_push(isolate, grid.as.array, row);
    }
    size_t bytes = isolate->heap.live_bytes;
    for (int i = 0; i < 100000; i++) {
        const rf_access steps[2] = {{.key = rf_int(i % 100)}, {.key = rf_int(i / 100 % 100)}};
        assert_true(rf_set_place(isolate, &grid, steps, 2, rf_int(i)));
    }
    assert_int_equal(isolate->heap.live_bytes, bytes);
    rf_release(isolate, grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(stores_to_any_depth),
        value_test(what_is_shared_stays),
        value_test(what_is_not_shared_is_changed_in_place),
        value_test(struct_fields),
        value_test(failures_change_nothing_and_say_why),
        value_test(step_that_fails_is_blamed),
        value_test(bound_method_is_no_place),
        value_test(reading_a_path),
        value_test(taken_part_is_alone_and_comes_back),
        value_test(taking_from_what_is_shared_copies),
        value_test(taking_unboxed_or_missing_parts_reads),
        value_test(many_stores_copy_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
