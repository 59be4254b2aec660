/* Finding the file of a module (LANGUAGE 13.2), in a temporary folder. */
#include "runtime/modules/folder.h"
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "modules/search.h"

#include <stdio.h>
#include <string.h>

/* Asserts where the module is found: file and root relative to the folder, NULL for missing. */
static void finds(rf_search_origin origin, const char *name, const char *file, const char *root)
{
    rf_search_result found;
    const rf_search_outcome outcome = rf_search_module(&origin, name, &found);
    if (!file) {
        assert_int_equal(outcome, RF_SEARCH_MISSING);
        assert_null(found.file);
        return;
    }
    char want[4096];
    assert_int_equal(outcome, RF_SEARCH_FOUND);
    snprintf(want, sizeof want, "%s/%s", folder_path(), file);
    assert_string_equal(found.file, want);
    snprintf(want, sizeof want, "%s%s%s", folder_path(), *root ? "/" : "", root);
    assert_string_equal(found.root, want);
    rf_free(found.file);
    rf_free(found.root);
}

static void the_flat_file_comes_before_the_nested_one(void **state)
{
    (void)state;
    folder_write("a/b.ruff", "");
    finds((rf_search_origin){0}, "a.b", "a/b.ruff", "");
    folder_write("a.b.ruff", "");
    finds((rf_search_origin){0}, "a.b", "a.b.ruff", "");
}

static void a_plain_name_has_no_nested_form(void **state)
{
    (void)state;
    folder_write("m/m.ruff", "");
    finds((rf_search_origin){0}, "m", NULL, NULL);
}

static void roots_are_searched_in_order(void **state)
{
    (void)state;
    const rf_search_origin origin = {
        .file = "lib/inner/importer.ruff", .root = "lib", .entry = "app/src/main.ruff"};
    folder_make("lib/inner/x");
    folder_make("app/src/x");
    static const char *const places[][2] = {
        /* from last to first, so that each new file hides the ones before */
        {"modules", "modules"}, {"", ""}, {"app", "app"}, {"app/src", "app/src"},
        {"lib", "lib"},         {"lib/inner", "lib/inner"},
    };
    finds(origin, "m", NULL, NULL);
    for (size_t i = 0; i < RF_COUNT_OF(places); i++) {
        char path[256];
        snprintf(path, sizeof path, "%s%sm.ruff", places[i][0], *places[i][0] ? "/" : "");
        folder_write(path, "");
        finds(origin, "m", path, places[i][1]);
    }
}

static void the_parent_of_the_entry_folder_counts_only_for_src(void **state)
{
    (void)state;
    folder_write("app/m.ruff", "");
    folder_write("app/source/main.ruff", "");
    folder_write("app/src/main.ruff", "");
    finds((rf_search_origin){.file = "app/source/main.ruff", .entry = "app/source/main.ruff"}, "m", NULL, NULL);
    finds((rf_search_origin){.file = "app/src/main.ruff", .entry = "app/src/main.ruff"}, "m", "app/m.ruff", "app");
}

static void an_entry_without_folder_is_in_the_working_directory(void **state)
{
    (void)state;
    folder_write("m.ruff", "");
    finds((rf_search_origin){.file = "<stdin>", .entry = "<stdin>"}, "m", "m.ruff", "");
}

static void folders_called_like_a_module_are_no_files(void **state)
{
    (void)state;
    folder_make("m.ruff/x");
    finds((rf_search_origin){0}, "m", NULL, NULL);
    folder_write("modules/m.ruff", "");
    finds((rf_search_origin){0}, "m", "modules/m.ruff", "modules");
}

static void links_inside_the_root_are_followed(void **state)
{
    (void)state;
    folder_write("real/target.ruff", "");
    folder_link("real/target.ruff", "m.ruff");
    finds((rf_search_origin){0}, "m", "real/target.ruff", "");
}

static void links_that_leave_the_root_are_unsafe(void **state)
{
    (void)state;
    folder_write("outside/target.ruff", "");
    folder_write("inside/main.ruff", "");
    folder_link("../outside/target.ruff", "inside/m.ruff");
    folder_link("../outside", "inside/pack");
    const rf_search_origin origin = {.file = "inside/main.ruff", .entry = "inside/main.ruff"};
    static const char *const names[] = {"m", "pack.target"};
    for (size_t i = 0; i < RF_COUNT_OF(names); i++) {
        rf_search_result found;
        char want[4096];
        assert_int_equal(rf_search_module(&origin, names[i], &found), RF_SEARCH_UNSAFE);
        snprintf(want, sizeof want, "%s/outside/target.ruff", folder_path());
        assert_string_equal(found.file, want);
        snprintf(want, sizeof want, "%s/inside", folder_path());
        assert_string_equal(found.root, want);
        rf_free(found.file);
        rf_free(found.root);
    }
}

static void a_root_whose_name_begins_alike_is_another(void **state)
{
    (void)state;
    folder_write("root-other/target.ruff", "");
    folder_write("root/main.ruff", "");
    folder_link("../root-other/target.ruff", "root/m.ruff");
    const rf_search_origin origin = {.file = "root/main.ruff", .entry = "root/main.ruff"};
    rf_search_result found;
    assert_int_equal(rf_search_module(&origin, "m", &found), RF_SEARCH_UNSAFE);
    rf_free(found.file);
    rf_free(found.root);
}

static void broken_links_are_missing(void **state)
{
    (void)state;
    folder_link("nowhere.ruff", "m.ruff");
    folder_link("m2.ruff", "m2.ruff");
    finds((rf_search_origin){0}, "m", NULL, NULL);
    finds((rf_search_origin){0}, "m2", NULL, NULL);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(the_flat_file_comes_before_the_nested_one),
        IN_FOLDER(a_plain_name_has_no_nested_form),
        IN_FOLDER(roots_are_searched_in_order),
        IN_FOLDER(the_parent_of_the_entry_folder_counts_only_for_src),
        IN_FOLDER(an_entry_without_folder_is_in_the_working_directory),
        IN_FOLDER(folders_called_like_a_module_are_no_files),
        IN_FOLDER(links_inside_the_root_are_followed),
        IN_FOLDER(links_that_leave_the_root_are_unsafe),
        IN_FOLDER(a_root_whose_name_begins_alike_is_another),
        IN_FOLDER(broken_links_are_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
