/* A project from nothing: init, languages, and what lint says about them. */
#include "bench_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static void init_writes_a_suite_that_is_clean_and_runs(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "mkdir -p $T/new && cd $T/new && $RUFFBENCH init --langs python --ci github && "
                 "$RUFFBENCH lint && "
                 "$RUFFBENCH verify && $RUFFBENCH lang test python",
                 0);
    assert_has(run.out, "written suites/suite.yaml");
    assert_has(run.out, "written .github/workflows/ruffbench.yml");
    assert_has(run.out, "ok       fibonacci@python");
    assert_bench(
        &run,
        "cd $T/new && echo '# mine' >> suites/suite.yaml && $RUFFBENCH init --langs python && "
        "grep -c mine suites/suite.yaml",
        0);
    assert_has(run.out, "kept    suites/suite.yaml");
    assert_has(run.out, "\n1\n");
    assert_bench(&run, "mkdir -p $T/one && cd $T/one && $RUFFBENCH init --langs luajit && ls suites/languages", 0);
    assert_has(run.out, "\nluajit.yaml\n");
    assert_lacks(run.out, "\nlua.yaml\n");
    assert_bench(&run, "cd $T/one && $RUFFBENCH init --langs luajit,cobol", 2);
    assert_has(run.err, "ruffbench brings no files for `cobol`");
    bench_release(&run);
}

/* ---- the workflow, read by libyaml ---- */

static yaml_node_t *member(yaml_document_t *document, yaml_node_t *map, const char *key)
{
    if (!map || map->type != YAML_MAPPING_NODE) return NULL;
    for (yaml_node_pair_t *pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top;
         pair++) {
        yaml_node_t *name = yaml_document_get_node(document, pair->key);
        if (name->type == YAML_SCALAR_NODE && !strcmp((char *)name->data.scalar.value, key))
            return yaml_document_get_node(document, pair->value);
    }
    return NULL;
}

/* on: and jobs: are there; every step uses an action or runs something, and one runs the gate. */
static void assert_workflow(const char *path)
{
    FILE *file = fopen(path, "r");
    yaml_parser_t parser;
    yaml_document_t document;
    bool gate = false;
    assert_non_null(file);
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    assert_true(yaml_parser_load(&parser, &document));
    yaml_node_t *root = yaml_document_get_root_node(&document);
    yaml_node_t *check = member(&document, member(&document, root, "jobs"), "check");
    yaml_node_t *steps = member(&document, check, "steps");
    assert_non_null(member(&document, root, "on"));
    assert_non_null(member(&document, check, "runs-on"));
    assert_non_null(steps);
    assert_int_equal(steps->type, YAML_SEQUENCE_NODE);
    for (yaml_node_item_t *item = steps->data.sequence.items.start;
         item < steps->data.sequence.items.top; item++) {
        yaml_node_t *step = yaml_document_get_node(&document, *item);
        yaml_node_t *run = member(&document, step, "run");
        assert_true(run || member(&document, step, "uses"));
        gate = gate || (run && strstr((char *)run->data.scalar.value, "ruffbench check --base") &&
                        strstr((char *)run->data.scalar.value, "github.base_ref"));
    }
    assert_true(gate);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    fclose(file);
}

static void workflows_are_sound(void **state)
{
    (void)state;
    bench_run run = {0};
    char path[512];
    assert_bench(&run, "mkdir $T/ci && cd $T/ci && $RUFFBENCH init --langs python --ci github", 0);
    snprintf(path, sizeof path, "%s/ci/.github/workflows/ruffbench.yml", getenv("T"));
    assert_workflow(path);
    assert_workflow(BENCH_FIXTURES "/../../../docs/examples/gate.yml");
    bench_release(&run);
}

static void languages_that_are_installed_pass_their_own_test(void **state)
{
    (void)state;
    bench_run run = {0};
    /* 3: not installed */
    assert_bench(&run,
                 "mkdir $T/all && cd $T/all && $RUFFBENCH init --langs python && "
                 "for l in pypy ruby lua luajit c go node; do $RUFFBENCH lang add $l; "
                 "$RUFFBENCH lang test $l; code=$?; [ $code = 0 ] || [ $code = 3 ] || exit 9; done",
                 0);
    bench_release(&run);
}

static void a_language_is_one_file_of_under_twelve_lines(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "cd $T/new && for l in pypy ruby lua luajit c go node; do $RUFFBENCH lang add $l "
                 "|| exit 9; done && "
                 "$RUFFBENCH lint && wc -l suites/languages/*.yaml | awk '$2 != \"total\" && $1 > "
                 "12 { exit 1 }'",
                 0);
    assert_bench(&run, "cd $T/new && $RUFFBENCH lang add cobol", 2);
    assert_has(run.err, "`ruffbench lang init cobol` writes a skeleton");
    assert_bench(
        &run,
        "cd $T/new && $RUFFBENCH lang init cobol && $RUFFBENCH lint && $RUFFBENCH lang test cobol",
        3);
    assert_has(run.out, "missing  cobol not found");
    bench_release(&run);
}

static void lint_ends_with_2_and_points_at_the_place(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(
        &run, "cd $T/new && sed -i 's/^    unit:/    unti:/' suites/suite.yaml && $RUFFBENCH lint",
        2);
    assert_has(run.out, "suite.yaml:10:5: error: unknown key `unti`; did you mean `unit`?");
    assert_has(run.out, "\n        unti: n\n        ^\n");
    assert_bench(&run, "cd $T/new && $RUFFBENCH compare", 2);
    assert_has(run.err, "did you mean `unit`?");
    assert_bench(&run, "cd $T/new && $RUFFBENCH lint --json", 2);
    assert_has(run.out, "\"line\": 10");
    bench_release(&run);
}

static void agreed_answers_are_written_into_the_suite(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run,
                 "cp -r $FIXTURES/peers $T/record && cd $T/record && "
                 "$RUFFBENCH verify unknown --langs good --sizes default --record && "
                 "! grep -q 'u64:10' suites/suite.yaml",
                 0); /* one language is not enough */
    assert_bench(
        &run,
        "cd $T/record && $RUFFBENCH verify unknown --langs good,twin --sizes default --record && "
        "$RUFFBENCH lint && $RUFFBENCH verify unknown --langs good,twin,wrong --sizes default",
        4);
    assert_has(run.out, "recorded unknown/default: u64:10");
    assert_has(run.out, "wrong: answers 5, expected 10");
    assert_bench(&run,
                 "cd $T/record && sed -i 's/, default: \"u64:8\" }/ }/' suites/suite.yaml && "
                 "$RUFFBENCH verify task --langs good,twin --sizes default --record && "
                 "grep -c 'expect: { small: \"u64:6\", default: \"u64:8\" }' suites/suite.yaml",
                 0);
    bench_release(&run);
}

/* A pipe has no end, a folder no text. */
static void a_suite_that_is_no_file_is_said_to_be_none(void **state)
{
    (void)state;
    bench_run run = {0};
    assert_bench(&run, "mkdir -p $T/pipe/suites && mkfifo $T/pipe/suites/suite.yaml && timeout 10 $RUFFBENCH -C $T/pipe lint", 2);
    assert_has(run.out, "suite.yaml: error: this is no file that holds text");
    assert_bench(&run, "mkdir -p $T/folder/suites/suite.yaml && $RUFFBENCH -C $T/folder lint", 2);
    assert_has(run.out, "this is no file that holds text");
    bench_release(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_that_is_no_file_is_said_to_be_none),
        cmocka_unit_test(init_writes_a_suite_that_is_clean_and_runs),
        cmocka_unit_test(a_language_is_one_file_of_under_twelve_lines),
        cmocka_unit_test(languages_that_are_installed_pass_their_own_test),
        cmocka_unit_test(workflows_are_sound),
        cmocka_unit_test(agreed_answers_are_written_into_the_suite),
        cmocka_unit_test(lint_ends_with_2_and_points_at_the_place),
    };
    return cmocka_run_group_tests(tests, bench_set_up, bench_tear_down);
}
