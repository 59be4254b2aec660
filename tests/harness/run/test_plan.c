/* Plans: balanced, deterministic, and independent of what else is planned. */
#include "support/ruff_test.h"

#include "run/plan.h"

#include <string.h>

static suite_benchmark benchmarks[2] = {{.name = (char *)"a"}, {.name = (char *)"b"}};
static suite_language language = {.name = (char *)"x"};
static run_toolchain toolchain = {.language = &language};

static void make_variants(run_variant *variants, size_t count)
{
    memset(variants, 0, count * sizeof *variants);
    for (size_t i = 0; i < count; i++) {
        variants[i].benchmark = &benchmarks[0];
        variants[i].language = &language;
        variants[i].toolchain = &toolchain;
        variants[i].source_sha256[0] = (char)('a' + i);
        variants[i].role = "";
    }
}

static void arrange(run_plan *plan, run_variant *variants, const size_t *counts,
                    const run_param *params, size_t groups)
{
    for (size_t i = 0; i < groups; i++) run_plan_add_group(plan, variants, counts[i], &params[i]);
    run_plan_arrange(plan);
}

static const run_param params[2] = {{.benchmark = &benchmarks[0], .size = 1},
                                    {.benchmark = &benchmarks[1], .size = 2}};

static void every_block_runs_every_cell_once(void **state)
{
    (void)state;
    run_variant variants[3];
    size_t counts[] = {3, 2};
    make_variants(variants, 3);
    run_plan plan = {.blocks = 7, .seed = 42};
    arrange(&plan, variants, counts, params, 2);
    assert_int_equal(plan.slots.count, 7 * 5);
    for (size_t i = 0; i < plan.slots.count; i += 5) {
        unsigned seen = 0;
        for (size_t s = i; s < i + 5; s++) {
            assert_int_equal(plan.slots.data[s].block, i / 5);
            seen |= 1u << plan.slots.data[s].cell;
        }
        assert_int_equal(seen, 31);
    }
    run_plan_release(&plan);
}

static void the_same_seed_gives_the_same_plan_and_another_one_another(void **state)
{
    (void)state;
    run_variant variants[3];
    size_t counts[] = {3};
    char digests[3][RUN_SHA256_SIZE];
    make_variants(variants, 3);
    for (uint64_t i = 0; i < 3; i++) {
        run_plan plan = {.blocks = 6, .seed = i / 2};
        arrange(&plan, variants, counts, params, 1);
        run_plan_digest(&plan, digests[i]);
        run_plan_release(&plan);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
}

static void variants_that_cannot_run_are_left_out(void **state)
{
    (void)state;
    run_variant variants[3];
    size_t counts[] = {3};
    make_variants(variants, 3);
    variants[1].state = RUN_VARIANT_MISSING;
    run_plan plan = {.blocks = 2, .seed = 1};
    arrange(&plan, variants, counts, params, 1);
    assert_int_equal(plan.cells.count, 2);
    assert_int_equal(plan.slots.count, 4);
    run_plan_release(&plan);
}

static void padding_differs_from_slot_to_slot_but_not_from_run_to_run(void **state)
{
    (void)state;
    run_plan plan = {.seed = 5};
    unsigned first = run_plan_pad_bytes(&plan, 0);
    assert_int_equal(first, run_plan_pad_bytes(&plan, 0));
    assert_true(first != run_plan_pad_bytes(&plan, 1) || first != run_plan_pad_bytes(&plan, 2));
    assert_true(first < 4096);
}

static void a_number_that_is_a_named_size_gets_its_name_and_answer(void **state)
{
    (void)state;
    suite_file file = {.seed = 3};
    suite_catalog suite = {.file = &file};
    suite_benchmark fib = {.name = (char *)"fib",
                           .sizes = {.small = 20, .normal = 27},
                           .expect = {.small = (char *)"u64:6765"}};
    run_param param;
    assert_true(run_param_init(&param, &suite, &fib, "20", 3));
    assert_string_equal(param.label, "small");
    assert_string_equal(param.expected, "6765");
    assert_true(run_param_init(&param, &suite, &fib, "small", 4));
    assert_null(param.expected); /* another seed, another answer */
    assert_true(run_param_init(&param, &suite, &fib, "21", 3));
    assert_string_equal(param.label, "21");
    assert_false(run_param_init(&param, &suite, &fib, "large", 3));
    assert_false(run_param_init(&param, &suite, &fib, "0", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_runs_every_cell_once),
        cmocka_unit_test(the_same_seed_gives_the_same_plan_and_another_one_another),
        cmocka_unit_test(variants_that_cannot_run_are_left_out),
        cmocka_unit_test(padding_differs_from_slot_to_slot_but_not_from_run_to_run),
        cmocka_unit_test(a_number_that_is_a_named_size_gets_its_name_and_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
