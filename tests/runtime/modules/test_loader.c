/* Importing from files that change, lie elsewhere or cannot be used (LANGUAGE 13); the rest is in tests/lang/import. */
#include "runtime/modules/folder.h"
#include "support/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
    folder_setup(state);
    return program_setup(state);
}

static int teardown(void **state)
{
    program_teardown(state);
    return folder_teardown(state);
}

static void one_file_is_one_module_under_every_name(void **state)
{
    folder_write("pack/m.ruff", "print(\"evaluated\")\nexport x := 1\n");
    folder_link("pack", "alias");
    folder_link("pack/m.ruff", "short.ruff");
    program_prints(*state,
                   "import pack.m\nimport alias.m\nimport short\n"
                   "print(short, pack_m(), m == short)\n"
                   "func pack_m() { import pack.m return m }\n",
                   "evaluated\n<module pack.m> <module pack.m> true\n");
}

static void an_unsafe_link_raises(void **state)
{
    folder_write("outside/target.ruff", "export x := 1\n");
    folder_write("inside/main.ruff", "");
    folder_link("../outside/target.ruff", "inside/m.ruff");
    program *p = *state;
    p->host.entry_path = "inside/main.ruff";
    program_run(p, "try { import m } except e { print(e.message) }");
    char want[8192];
    snprintf(want, sizeof want,
             "Unsafe module import 'm': resolved path '%s/outside/target.ruff' escapes module search root "
             "'%s/inside'\n",
             folder_path(), folder_path());
    program_expect(p, want);
}

static void a_module_imports_from_its_own_folder_and_its_root(void **state)
{
    folder_write("lib/pack/a.ruff", "import beside\nimport top\nexport text := beside_text + top_text\n");
    folder_write("lib/pack/beside.ruff", "export beside_text := \"beside \"\n");
    folder_write("lib/top.ruff", "export top_text := \"top\"\n");
    folder_write("lib/main.ruff", "");
    program *p = *state;
    p->host.entry_path = "lib/main.ruff";
    program_prints(p, "import pack.a\nprint(text)", "beside top\n");
}

static void the_report_names_the_resolved_file(void **state)
{
    folder_write("m.ruff", "export func f() {\n    return 1 / 0\n}\n");
    program_run(*state, "import m\nf()");
    char want[8192];
    snprintf(want, sizeof want,
             "[RUFRUN001] [runtime] Runtime Error: Division by zero\n  --> %s/m.ruff:2:14\n\n"
             "Call stack:\n  0 at f\n",
             folder_path());
    program_expect(*state, want);
}

static void an_unreadable_module_says_why(void **state)
{
    folder_write("m.ruff", "export x := 1\n");
    if (chmod("m.ruff", 0) != 0 || access("m.ruff", R_OK) == 0) skip(); /* the superuser reads everything */
    program_prints(*state, "try { import m } except e { print(e.message) }",
                   "Failed to read module 'm': Permission denied (os error 13)\n");
}

static void cycles_name_the_modules_from_the_repeated_one(void **state)
{
    folder_write("start.ruff", "import a\n");
    folder_write("a.ruff", "import b\n");
    folder_write("b.ruff", "import c\n");
    folder_write("c.ruff", "import a\n");
    program_prints(*state,
                   "try { import start } except e {\n"
                   "    cause := e\n"
                   "    while cause.cause != null { cause := cause.cause }\n"
                   "    print(cause.message)\n"
                   "}\n",
                   "Circular import detected: a -> b -> c -> a\n");
}

static void a_module_that_imports_itself_is_a_cycle(void **state)
{
    folder_write("me.ruff", "import me\n");
    program_prints(*state, "try { import me } except e { print(e.message) }",
                   "Failed to evaluate module 'me': Circular import detected: me -> me\n");
}

static void a_failed_module_is_tried_again(void **state)
{
    folder_write("m.ruff", "throw \"not yet\"\n");
    program *p = *state;
    program_prints(p, "func load() { try { import m print(m.x) } except e { print(e.message) } }\nload()\n"
                      "write_file(\"m.ruff\", \"export x := 5\\n\")\nload()\nload()\n",
                   "Failed to evaluate module 'm': not yet\n5\n5\n");
}

static void a_running_program_keeps_what_it_imported(void **state)
{
    folder_write("m.ruff", "print(\"evaluated\")\nexport x := 1\n");
    program_prints(*state,
                   "import m\nwrite_file(\"m.ruff\", \"export x := 2222\\n\")\n"
                   "func again() { import m return m.x }\nprint(again())\n",
                   "evaluated\n1\n");
}

static void the_repl_evaluates_a_changed_file_again(void **state)
{
    program *p = *state;
    folder_write("m.ruff", "print(\"first\")\nexport x := 1\nexport func get() { return x }\n");
    program_input(p, "import m");
    program_input(p, "import m");
    program_input(p, "old := get");
    program_expect(p, "first\n");
    folder_write("m.ruff", "print(\"second\")\nexport x := 22\nexport func get() { return x }\nexport more := 3\n");
    program_input(p, "x");
    program_input(p, "import m");
    program_input(p, "[x, more, get(), old(), m.x]");
    program_expect(p, "=> 1\nsecond\n=> [22, 3, 22, 1, 22]\n");
}

static void the_repl_notices_a_new_time_stamp(void **state)
{
    program *p = *state;
    folder_write("m.ruff", "print(\"evaluated\")\n");
    program_input(p, "import m");
    const struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    assert_int_equal(utimensat(AT_FDCWD, "m.ruff", times, 0), 0);
    program_input(p, "import m");
    program_input(p, "import m");
    program_expect(p, "evaluated\nevaluated\n");
}

static void a_module_written_by_the_program_itself_can_be_imported(void **state)
{
    program_prints(*state,
                   "write_file(\"made.ruff\", \"export x := 7\\n\")\n"
                   "import made\nprint(made.x)\n"
                   "from made import x\nprint(x)\n",
                   "7\n7\n");
}

static void imports_may_nest_deeply(void **state)
{
    for (int i = 0; i < 1500; i++) {
        char path[64], text[128];
        snprintf(path, sizeof path, "m%d.ruff", i);
        snprintf(text, sizeof text, "import m%d\nexport x := m%d.x + 1\n", i + 1, i + 1);
        folder_write(path, text);
    }
    folder_write("m1500.ruff", "export x := 0\n");
    program_prints(*state, "import m0\nprint(m0.x)", "1500\n");
}

static void exports_are_known_to_names_above_the_import(void **state)
{
    folder_write("m.ruff", "export len := 5\nexport func helper() { return 1 }\n");
    program_prints(*state, "func f() { return [len, helper()] }\nimport m\nprint(f(), len)\n", "[5, 1] 5\n");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(one_file_is_one_module_under_every_name),
        IN_FOLDER(an_unsafe_link_raises),
        IN_FOLDER(a_module_imports_from_its_own_folder_and_its_root),
        IN_FOLDER(the_report_names_the_resolved_file),
        IN_FOLDER(an_unreadable_module_says_why),
        IN_FOLDER(cycles_name_the_modules_from_the_repeated_one),
        IN_FOLDER(a_module_that_imports_itself_is_a_cycle),
        IN_FOLDER(a_failed_module_is_tried_again),
        IN_FOLDER(a_running_program_keeps_what_it_imported),
        IN_FOLDER(the_repl_evaluates_a_changed_file_again),
        IN_FOLDER(the_repl_notices_a_new_time_stamp),
        IN_FOLDER(a_module_written_by_the_program_itself_can_be_imported),
        IN_FOLDER(imports_may_nest_deeply),
        IN_FOLDER(exports_are_known_to_names_above_the_import),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
