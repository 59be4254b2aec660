/* Versions, phis, and the ways between blocks. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "jitc/ir.h"
#include "runtime/jitc/ir_random.h"

#include <string.h>

static void print(const rf_ir_function *f)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    print_message("%s", out.data);
    rf_buffer_release(&out);
}

static void assert_sound(const rf_ir_function *f)
{
    const char *defect = rf_ir_verify(f);
    if (!defect) return;
    print(f);
    fail_msg("%s", defect);
}

static void assert_same_outcomes(const rf_ir_function *before, const rf_ir_function *after, uint64_t seed)
{
    for (uint64_t i = 0; i < 6; i++) {
        ir_number args[IR_RANDOM_PARAMS];
        ir_random_args(seed * 100 + i, args);
        const ir_outcome expected = ir_eval(before, args, IR_BY_VARIABLES);
        for (int by = IR_BY_VARIABLES; by <= IR_BY_VERSIONS; by++) {
            const ir_outcome outcome = ir_eval(after, args, (ir_eval_by)by);
            if (ir_is_same_outcome(after, &expected, &outcome)) continue;
            print(before);
            print(after);
            fail_msg("seed %d: %s", (int)seed, outcome.broken ? outcome.broken : "another outcome");
        }
    }
}

static void random_functions_do_the_same_with_versions(void **state)
{
    (void)state;
    unsigned told = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        rf_ir_unit unit = {0};
        const rf_ir_function *before = ir_random_function(&unit, seed, 3 + (uint32_t)(seed % 40));
        rf_ir_function *after = ir_random_function(&unit, seed, 3 + (uint32_t)(seed % 40));
        assert_sound(after);
        rf_ir_ssa(after);
        assert_sound(after);
        assert_same_outcomes(before, after, seed);
        ir_number args[IR_RANDOM_PARAMS];
        ir_random_args(seed, args);
        const ir_outcome outcome = ir_eval(before, args, IR_BY_VARIABLES);
        told += !outcome.is_undefined && outcome.end != IR_ENDLESS;
        rf_ir_unit_release(&unit);
    }
    assert_in_range(told, 1500, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_functions_do_the_same_with_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
