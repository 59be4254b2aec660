#include "value_test.h"

static const char *const fields[] = {"n", "ratio", "flag", "rest"};

typedef struct fixture {
    rf_struct_decl *decl;
    rf_value def;
} fixture;

static fixture declare(rf_isolate *isolate)
{
    fixture f = {.decl = struct_decl("S", 4, fields, 0, NULL)};
    f.def = plain_struct(isolate, f.decl);
    return f;
}

static void end(rf_isolate *isolate, fixture f)
{
    rf_release(isolate, f.def);
    free_struct_decl(f.decl);
}

static rf_value make(rf_isolate *isolate, fixture f, rf_value n, rf_value ratio, rf_value flag,
                     rf_value rest)
{
    rf_value v = rf_struct_new(isolate, f.def.as.structdef);
    rf_struct_set(isolate, &v, 0, n);
    rf_struct_set(isolate, &v, 1, ratio);
    rf_struct_set(isolate, &v, 2, flag);
    rf_struct_set(isolate, &v, 3, rest);
    return v;
}

static rf_value usual(rf_isolate *isolate, fixture f, int i)
{
    return make(isolate, f, rf_int(i), rf_float(i / 2.0), rf_bool(i % 2),
                rf_string_format(isolate, "text %d", i));
}

static void learn(rf_isolate *isolate, fixture f)
{
    for (int i = 0; i < 8; i++) rf_release(isolate, usual(isolate, f, i));
}

static void names_are_found(void **state)
{
    rf_isolate *isolate = *state;
    const char *const methods[] = {"area", "op_add", "__add__", "__lt__"};
    rf_struct_decl *decl = struct_decl("S", 4, fields, 4, methods);
    rf_value *functions = rf_alloc_array(rf_value, 4), *defaults = rf_alloc_array(rf_value, 4);
    for (int i = 0; i < 4; i++) {
        functions[i] = rf_int(i); /* stand-ins */
        defaults[i] = rf_unset();
    }
    rf_value def = rf_structdef_new(isolate, decl, NULL, functions, defaults);
    const rf_structdef *d = def.as.structdef;
    rf_value name = text(isolate, "flag"), method = text(isolate, "area"),
             none = text(isolate, "none");
    assert_int_equal(rf_structdef_find_field(d, name.as.string), 2);
    assert_int_equal(rf_structdef_find_field(d, rf_string_intern(isolate, "rest", 4).as.string), 3);
    assert_int_equal(rf_structdef_find_field(d, none.as.string), -1);
    assert_int_equal(rf_structdef_find_method(d, method.as.string), 0);
    assert_int_equal(rf_structdef_find_method(d, name.as.string), -1);
    assert_true(d->has_overloads);
    assert_is_int(d->operators[RF_OPER_ADD], 1);
    assert_is_int(d->operators[RF_OPER_LT], 3);
    assert_int_equal(d->operators[RF_OPER_EQ].head, RF_UNSET);
    rf_release(isolate, name);
    rf_release(isolate, method);
    rf_release(isolate, none);
    rf_release(isolate, def);
    free_struct_decl(decl);
}

static void fields_start_as_null(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    assert_shows(isolate, rf_struct_new(isolate, f.def.as.structdef),
                 "S { flag: null, n: null, ratio: null, rest: null }");
    end(isolate, f);
}

static void plain_numbers_become_compact(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    learn(isolate, f);
    rf_value v = usual(isolate, f, 9);
    const rf_layout *layout = v.as.instance->layout;
    const uint8_t expected[] = {RF_FIELD_INT, RF_FIELD_FLOAT, RF_FIELD_BOOL, RF_FIELD_VALUE};
    assert_memory_equal(layout->kinds, expected, 4);
    assert_int_equal(layout->data_size, 40);
    assert_is_int(rf_struct_peek(v.as.instance, 0), 9);
    assert_null(rf_struct_slot(v.as.instance, 0));
    assert_non_null(rf_struct_slot(v.as.instance, 3));
    assert_shows(isolate, v, "S { flag: true, n: 9, ratio: 4.5, rest: text 9 }");
    end(isolate, f);
}

static void value_that_does_not_fit_widens_its_field(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    learn(isolate, f);
    rf_value v = usual(isolate, f, 9), kept = usual(isolate, f, 10);
    rf_struct_set(isolate, &v, 0, rf_float(0.5));
    assert_int_equal(v.as.instance->layout->kinds[0], RF_FIELD_VALUE);
    assert_int_equal(v.as.instance->layout->kinds[1], RF_FIELD_FLOAT);
    assert_int_equal(kept.as.instance->layout->kinds[0], RF_FIELD_INT); /* others stay */
    rf_value newer = usual(isolate, f, 11);
    assert_ptr_equal(newer.as.instance->layout, v.as.instance->layout);
    rf_struct_set(isolate, &kept, 0, rf_null());
    assert_ptr_equal(kept.as.instance->layout,
                     v.as.instance->layout); /* the same step, the same layout */
    assert_int_equal(rf_equal(isolate, v, newer), 0);
    assert_shows(isolate, v, "S { flag: true, n: 0.5, ratio: 4.5, rest: text 9 }");
    assert_shows(isolate, kept, "S { flag: false, n: null, ratio: 5, rest: text 10 }");
    assert_shows(isolate, newer, "S { flag: true, n: 11, ratio: 5.5, rest: text 11 }");
    end(isolate, f);
}

static void instances_of_different_layouts_are_equal(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    learn(isolate, f);
    rf_value early = usual(isolate, f, 4), wide = usual(isolate, f, 4);
    rf_struct_set(isolate, &wide, 0, rf_null());
    rf_release(isolate, wide);
    rf_value late = usual(isolate, f, 4);
    assert_true(early.as.instance->layout != late.as.instance->layout);
    assert_int_equal(rf_equal(isolate, early, late), 1);
    rf_release(isolate, early);
    rf_release(isolate, late);
    end(isolate, f);
}

static void first_instances_go_over_to_what_was_learnt_where_they_are(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    rf_value early = usual(isolate, f, 4), shared = rf_copy(early);
    const rf_object *memory = early.as.o;
    rf_structdef_settle(f.def.as.structdef);
    rf_value late = usual(isolate, f, 4);
    assert_int_equal(early.as.instance->layout->kinds[0], RF_FIELD_INT);
    assert_ptr_equal(early.as.instance->layout, late.as.instance->layout);
    assert_ptr_equal(early.as.o, memory);
    assert_shows(isolate, rf_copy(shared), "S { flag: false, n: 4, ratio: 2, rest: text 4 }");
    rf_struct_set(isolate, &late, 0, rf_null());
    assert_int_equal(rf_equal(isolate, early, shared), 1);
    rf_release(isolate, early);
    rf_struct_set(isolate, &shared, 0, rf_null()); /* to a wider layout */
    assert_int_equal(rf_equal(isolate, late, shared), 1);
    rf_release(isolate, shared);
    rf_release(isolate, late);
    end(isolate, f);
}

static void layout_is_open_while_nothing_was_seen(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    rf_structdef_settle(f.def.as.structdef);
    assert_true(f.def.as.structdef->layout->is_observed);
    rf_value gone = usual(isolate, f, 4);
    rf_release(isolate, gone);
    rf_structdef_settle(f.def.as.structdef);
    assert_false(f.def.as.structdef->layout->is_observed);
    end(isolate, f);
}

static void layouts_stay_few(void **state)
{
    rf_isolate *isolate = *state;
    const char *names[10];
    char texts[10][4];
    for (int i = 0; i < 10; i++) {
        snprintf(texts[i], sizeof texts[i], "f%d", i);
        names[i] = texts[i];
    }
    rf_struct_decl *decl = struct_decl("Many", 10, names, 0, NULL);
    rf_value def = plain_struct(isolate, decl);
    rf_value v[20];
    for (int k = 0; k < 20; k++) {
        v[k] = rf_struct_new(isolate, def.as.structdef);
        for (uint32_t i = 0; i < 10; i++) rf_struct_set(isolate, &v[k], i, rf_int(i));
    }
    uint32_t random = 1;
    for (int step = 0; step < 2000; step++) {
        random = random * 1664525u + 1013904223u;
        uint32_t k = random >> 8 & 15, field = (random >> 16) % 10;
        rf_value stored = random >> 28 & 1 ? rf_float(field) : rf_int(field);
        rf_struct_set(isolate, &v[k], field, stored);
        assert_int_equal(rf_struct_peek(v[k].as.instance, field).head, stored.head);
    }
    assert_true(def.as.structdef->layout_count <= 8);
    for (int k = 0; k < 20; k++) {
        for (uint32_t i = 0; i < 10; i++) {
            rf_value number = rf_struct_get(v[k].as.instance, i);
            assert_int_equal(rf_equal(isolate, number, rf_int(i)), 1);
        }
        rf_release(isolate, v[k]);
    }
    rf_release(isolate, def);
    free_struct_decl(decl);
}

static void unique_copies_only_what_is_shared(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    for (int round = 0; round < 2; round++) { /* both layouts */
        rf_value a = usual(isolate, f, 1), b = rf_copy(a);
        rf_struct *before = a.as.instance;
        rf_struct_set(isolate, &b, 0, rf_int(rf_struct_unique(isolate, &b) == before ? -1 : 5));
        assert_ptr_equal(rf_struct_unique(isolate, &a), before);
        assert_shows(isolate, a, "S { flag: true, n: 1, ratio: 0.5, rest: text 1 }");
        assert_shows(isolate, b, "S { flag: true, n: 5, ratio: 0.5, rest: text 1 }");
        learn(isolate, f);
    }
    end(isolate, f);
}

static void taking_moves_out(void **state)
{
    rf_isolate *isolate = *state;
    fixture f = declare(isolate);
    learn(isolate, f);
    rf_value v =
        make(isolate, f, rf_int(1), rf_float(1), rf_bool(true), LIST(isolate, text(isolate, "in")));
    assert_is_int(rf_struct_take(isolate, &v, 0), 1);
    rf_value taken = rf_struct_take(isolate, &v, 3);
    assert_int_equal(taken.as.o->count, 1);
    assert_int_equal(rf_struct_peek(v.as.instance, 3).head, RF_NULL);
    rf_struct_set(isolate, &v, 3, taken);
    assert_shows(isolate, v, "S { flag: true, n: 1, ratio: 1, rest: [in] }");
    end(isolate, f);
}

static void million_structs_of_two_ints_take_less_than_64_megabytes(void **state)
{
    rf_isolate *isolate = *state;
    rf_struct_decl *decl = struct_decl("P", 2, fields, 0, NULL);
    rf_value def = plain_struct(isolate, decl), all = rf_array_new(isolate, 1000000);
    size_t before = isolate->heap.live_bytes;
    for (int i = 0; i < 1000000; i++) {
        rf_value v = rf_struct_new(isolate, def.as.structdef);
        rf_struct_set(isolate, &v, 0, rf_int(i));
        rf_struct_set(isolate, &v, 1, rf_int(-i));
        rf_array_push(isolate, all.as.array, v);
    }
    assert_true(isolate->heap.live_bytes - before <= 64000000);
    rf_release(isolate, all);
    rf_release(isolate, def);
    free_struct_decl(decl);
}

static void variants_without_payload_are_shared(void **state)
{
    rf_isolate *isolate = *state;
    const rf_symbol *names[] = {symbol("A"), symbol("B")}, *name = symbol("E");
    const rf_enum_decl decl = {.name = name, .variants = names, .variant_count = 2};
    rf_value def = rf_enumdef_new(isolate, &decl, NULL), payload = rf_int(1),
             b = text(isolate, "B");
    assert_int_equal(rf_enumdef_find_variant(def.as.enumdef, b.as.string), 1);
    rf_value x = rf_enum_new(isolate, def.as.enumdef, 0, NULL, 0),
             y = rf_enum_new(isolate, def.as.enumdef, 0, NULL, 0);
    assert_ptr_equal(x.as.o, y.as.o);
    rf_value loaded = rf_enum_new(isolate, def.as.enumdef, 0, &payload, 1);
    assert_true(loaded.as.o != x.as.o);
    rf_release(isolate, def); /* the values keep their declaration */
    rf_release(isolate, x);
    rf_release(isolate, y);
    assert_shows(isolate, rf_enum_new(isolate, loaded.as.variant->def, 0, NULL, 0), "E::A");
    rf_release(isolate, loaded);
    rf_release(isolate, b);
    for (int i = 0; i < 2; i++) rf_free((void *)(uintptr_t)names[i]);
    rf_free((void *)(uintptr_t)name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(names_are_found),
        value_test(fields_start_as_null),
        value_test(plain_numbers_become_compact),
        value_test(value_that_does_not_fit_widens_its_field),
        value_test(instances_of_different_layouts_are_equal),
        value_test(first_instances_go_over_to_what_was_learnt_where_they_are),
        value_test(layout_is_open_while_nothing_was_seen),
        value_test(layouts_stay_few),
        value_test(unique_copies_only_what_is_shared),
        value_test(taking_moves_out),
        value_test(million_structs_of_two_ints_take_less_than_64_megabytes),
        value_test(variants_without_payload_are_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
