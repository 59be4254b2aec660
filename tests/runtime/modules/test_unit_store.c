/* The units shared by the isolates of a program. */
#include "support/ruff_test.h"

#include "modules/unit_store.h"

#include <pthread.h>
#include <string.h>

static int32_t no_builtin(void *context, const char *name, size_t size)
{
    (void)context;
    (void)name;
    (void)size;
    return -1;
}

static rf_unit *load(const char *source)
{
    const rf_unit_options options = {.path = "unit.ruff"};
    const rf_front front = {.find_builtin = no_builtin};
    rf_unit *unit = NULL;
    assert_int_equal(rf_unit_load(source, strlen(source), &options, &front, &unit, NULL), RUFF_OK);
    return unit;
}

static void a_unit_lives_until_the_last_release(void **state)
{
    (void)state;
    rf_unit_store *store = rf_unit_store_new();
    rf_unit *unit = load("x := 1");
    rf_unit_store_add(store, unit, NULL);
    rf_unit_store *shared = rf_unit_store_share(store);
    rf_unit_store_release(store);
    assert_int_equal(unit->statement_count, 1);
    rf_unit_store_release(shared); /* the address sanitizer sees whether everything went */
}

static void a_module_is_known_by_where_it_came_from(void **state)
{
    (void)state;
    rf_unit_store *store = rf_unit_store_new();
    rf_unit *main = load("x := 1"), *module = load("y := 1");
    char file[] = "/root/m.ruff", root[] = "/root";
    const rf_unit_origin origin = {.file = file, .root = root, .stamp = {5, 6}};
    rf_unit_store_add(store, main, NULL);
    rf_unit_store_add(store, module, &origin);
    file[1] = root[1] = '?'; /* copied */
    rf_unit_origin found = {0};
    assert_false(rf_unit_store_find(store, main, &found));
    assert_true(rf_unit_store_find(store, module, &found));
    assert_string_equal(found.file, "/root/m.ruff");
    assert_string_equal(found.root, "/root");
    assert_int_equal(found.stamp.modified_ns, 5);
    rf_unit_store_release(store);
}

static void the_first_prelude_stays(void **state)
{
    (void)state;
    rf_unit_store *store = rf_unit_store_new();
    rf_unit *first = load("a := 1"), *second = load("b := 1");
    assert_null(rf_unit_store_prelude(store));
    assert_ptr_equal(rf_unit_store_set_prelude(store, first), first);
    assert_ptr_equal(rf_unit_store_set_prelude(store, second), first);
    assert_ptr_equal(rf_unit_store_prelude(store), first);
    rf_unit_store_release(store);
}

static void *use_store(void *context)
{
    rf_unit_store *store = rf_unit_store_share(context);
    for (int i = 0; i < 200; i++) {
        rf_unit *unit = load("x := 1");
        const rf_unit_origin origin = {.file = "f", .root = "r"};
        rf_unit_store_add(store, unit, &origin);
        rf_unit_origin found;
        assert_true(rf_unit_store_find(store, unit, &found));
        assert_string_equal(found.file, "f");
    }
    rf_unit_store_release(store);
    return NULL;
}

static void threads_may_share_a_store(void **state)
{
    (void)state;
    rf_unit_store *store = rf_unit_store_new();
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, use_store, store);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    rf_unit_store_release(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_lives_until_the_last_release),
        cmocka_unit_test(a_module_is_known_by_where_it_came_from),
        cmocka_unit_test(the_first_prelude_stays),
        cmocka_unit_test(threads_may_share_a_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
