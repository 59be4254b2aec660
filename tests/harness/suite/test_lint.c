/* Broken suites: each mistake is found, at its place, with a word on what to do. */
#include "support/ruff_test.h"

#include "base/file.h"
#include "suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define GOOD_BENCHMARK                                                                             \
    "  - name: fib\n    about: calls\n    rules: plain recursion\n    sizes: { default: 27 }\n"    \
    "    unit: n\n    style: core\n"
#define GOOD_SUITE "project: p\nbenchmarks:\n" GOOD_BENCHMARK
#define GOOD_LANGUAGE                                                                              \
    "name: sh\next: sh\nprobe: { run: [sh, -c, \"echo 1\"], pattern: \"([0-9]+)\" }\nrun: [sh, "   \
    "\"{src}\"]\n"

typedef struct mistake {
    const char *suite, *language; /* NULL: a good one */
    unsigned line, column;
    const char *says;
} mistake;

static const mistake mistakes[] = {
    {"", NULL, 0, 0, "the file is empty"},
    {"project: [", NULL, 1, 10, "Expecting STRING, got event: SEQUENCE_START"},
    {"project: p\nbenchmarks: }\n", NULL, 2, 13, "did not find expected node content"},
    {"project: p\nbenchmark:\n", NULL, 2, 1, "unknown key `benchmark`; did you mean `benchmarks`?"},
    {"project: p\nproject: q\n", NULL, 2, 1, "key `project` stands here a second time"},
    {"project: p\n", NULL, 1, 10, "required key `benchmarks` is missing"},
    {"project: p\nbenchmarks: []\n", NULL, 2, 13, "entries"},
    {"project: p\nseed: many\nbenchmarks:\n" GOOD_BENCHMARK, NULL, 2, 7, "Invalid"},
    {"project: p\nseed: 4000000000\nbenchmarks:\n" GOOD_BENCHMARK, NULL, 2, 7, "over 2147483647"},
    {GOOD_SUITE "    limit: { timeout: 1s }\n", NULL, 9, 5,
     "unknown key `limit`; did you mean `limits`?"},
    {GOOD_SUITE "    limits: { timeout: soon }\n", NULL, 9, 24,
     "`soon` is no duration; write it like 60s"},
    {GOOD_SUITE "    limits: { timeout: 0s }\n", NULL, 9, 24, "`0s` is no duration"},
    {GOOD_SUITE "    limits: { memory: 2XB }\n", NULL, 9, 23, "`2XB` is no amount of memory"},
    {GOOD_SUITE "    expect: { default: 196418 }\n", NULL, 9, 24,
     "`196418` is no answer; write u64:6765"},
    {GOOD_SUITE "    expect: { default: \"u64:-1\" }\n", NULL, 9, 24, "`u64:-1` is no answer"},
    {GOOD_SUITE "    expect: { large: \"u64:1\" }\n", NULL, 9, 22, "an answer for size `large`"},
    {GOOD_SUITE "    tags: calls\n", NULL, 9, 11, "Expecting SEQUENCE"},
    {GOOD_SUITE "    tags: [calls, \"two words\"]\n", NULL, 9, 11, "tag `two words` has to be one word"},
    {"project: p\nbenchmarks:\n  - name: a_name_that_is_longer_than_what_a_table_holds\n    about: a\n"
     "    rules: r\n    sizes: { default: 1 }\n    unit: n\n    style: core\n",
     NULL, 3, 11, "the name has 45 letters; tables have room for 40"},
    {NULL, GOOD_LANGUAGE "modes: [{ name: \"a b\" }]\n", 5, 17, "mode `a b` may hold only up to 40 of"},
    {GOOD_SUITE GOOD_BENCHMARK, NULL, 9, 11, "there is a benchmark `fib` already"},
    {"project: p\nbenchmarks:\n  - name: Fib-1\n    about: a\n    rules: r\n    sizes: { default: "
     "1 }\n    unit: n\n"
     "    style: core\n",
     NULL, 3, 11, "`Fib-1` may hold only a-z, 0-9 and _"},
    {"project: p\nbenchmarks:\n  - name: fib\n    about: a\n    rules: r\n    sizes: { small: 1 "
     "}\n    unit: n\n"
     "    style: core\n",
     NULL, 6, 12, "`sizes` needs a `default` over 0"},
    {"project: p\nbenchmarks:\n  - name: fib\n    about: a\n    rules: r\n    sizes: { default: 1 "
     "}\n    unit: n\n"
     "    style: fast\n",
     NULL, 8, 12, "`fast` is no style; use core, idiomatic or library"},
    {"project: p\nbenchmarks: &a\n  - *a\n", NULL, 2, 13, "alias unsupported"},
    {NULL, GOOD_LANGUAGE "modus: []\n", 5, 1, "unknown key `modus`; did you mean `modes`?"},
    {NULL, GOOD_LANGUAGE "clock: sun\n", 5, 8,
     "no clock `sun`: programs read wall (the default) or cpu"},
    {NULL, "name: sh\next: sh\nrun: [sh, \"{src}\"]\n", 3, 0, "required key `probe` is missing"},
    {NULL, "name: bash\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [sh, \"{src}\"]\n", 1,
     7, "the file is sh.yaml, so the name should be `sh`"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"(1\" }\nrun: [sh, \"{src}\"]\n", 3,
     30, "not an extended regular expression"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"1\" }\nrun: [sh, \"{src}\"]\n", 3, 30,
     "the pattern needs a group"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [sh, \"{scr}\"]\n", 4,
     11, "{scr} is not a template; did you mean {src}?"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [go, run, \"{src}\"]\n",
     4, 6, "compiles inside the timed command"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [\"{out}\"]\n", 4, 6,
     "there is no `build` that writes it"},
    {NULL, "name: sh\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [sh]\n", 4, 6,
     "names neither {src} nor {out}"},
    {NULL, GOOD_LANGUAGE "modes:\n  - { name: a }\n  - { name: a }\n", 7, 13,
     "mode `a` is there already"},
    {NULL, GOOD_LANGUAGE "modes:\n  - { name: a, args: [-x] }\n", 4, 6, "`run` has no {mode}"},
    {NULL, GOOD_LANGUAGE "aliases: [sh2]\nmodes: 3\n", 6, 8, "Expecting SEQUENCE"},
    {"project: \xff\xfe\n", NULL, 0, 0, "byte 9 is not UTF-8"},
};

static char root[64];

static void write_file(const char *name, const char *text)
{
    char *path = rf_format_text("%s/suites/%s", root, name);
    assert_int_equal(rf_file_replace(path, text, strlen(text), NULL), RUFF_OK);
    rf_free(path);
}

static suite_catalog *load(const mistake *it, suite_problems *problems)
{
    write_file("suite.yaml", it->suite ? it->suite : GOOD_SUITE);
    write_file("languages/sh.yaml", it->language ? it->language : GOOD_LANGUAGE);
    return suite_load(root, "/build", problems);
}

static void every_mistake_is_found_at_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(mistakes); i++) {
        const mistake *it = &mistakes[i];
        suite_problems problems = {0};
        bool found = false;
        assert_null(load(it, &problems));
        for (size_t p = 0; p < problems.list.count; p++) {
            const suite_problem *problem = &problems.list.data[p];
            found = found || (strstr(problem->message, it->says) && problem->line == it->line &&
                              (problem->column == it->column || it->column == 0));
        }
        for (size_t p = 0; p < problems.list.count && !found; p++)
            print_error("case %zu: %u:%u %s\n", i, problems.list.data[p].line,
                        problems.list.data[p].column, problems.list.data[p].message);
        assert_true(found);
        suite_problems_release(&problems);
    }
}

static void a_good_suite_has_no_problems(void **state)
{
    (void)state;
    suite_problems problems = {0};
    suite_catalog *suite = load(&(mistake){0}, &problems);
    assert_non_null(suite);
    assert_int_equal(problems.list.count, 0);
    const suite_benchmark *fib = suite_find_benchmark(suite, "fib");
    assert_int_equal(suite_size_of(fib, SUITE_SIZE_normal), 27);
    assert_int_equal(suite_size_of(fib, SUITE_SIZE_large), 0);
    assert_int_equal(fib->timeout_ns, 60 * 1000000000LL);
    suite_free(suite);
}

static void several_mistakes_are_all_reported(void **state)
{
    (void)state;
    suite_problems problems = {0};
    mistake two = {GOOD_SUITE "    limits: { timeout: soon, memory: some }\n",
                   "name: bash\next: sh\nprobe: { run: [sh], pattern: \"(1)\" }\nrun: [sh]\n", 0, 0,
                   ""};
    assert_null(load(&two, &problems));
    assert_int_equal(problems.list.count, 4);
    suite_problems_release(&problems);
}

static void the_finding_shows_the_line_with_a_caret(void **state)
{
    (void)state;
    suite_problems problems = {0};
    rf_buffer text = RF_BUFFER_INIT;
    assert_null(load(&(mistake){"project: p\nbenchmark:\n", NULL, 0, 0, ""}, &problems));
    suite_problem_format(&problems.list.data[0], &text);
    assert_non_null(strstr(text.data, "suite.yaml:2:1: error: unknown key"));
    assert_non_null(strstr(text.data, "\n    benchmark:\n    ^\n"));
    rf_buffer_release(&text);
    suite_problems_release(&problems);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(root, "/tmp/ruffbench-lint-XXXXXX");
    if (!mkdtemp(root)) return -1;
    char *path = rf_format_text("%s/suites", root),
         *languages = rf_format_text("%s/suites/languages", root);
    int code = mkdir(path, 0777) || mkdir(languages, 0777);
    rf_free(path);
    rf_free(languages);
    return code;
}

static int tear_down(void **state)
{
    (void)state;
    char *command = rf_format_text("rm -rf %s", root);
    int code = system(command);
    rf_free(command);
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_found_at_its_place),
        cmocka_unit_test(a_good_suite_has_no_problems),
        cmocka_unit_test(several_mistakes_are_all_reported),
        cmocka_unit_test(the_finding_shows_the_line_with_a_caret),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
