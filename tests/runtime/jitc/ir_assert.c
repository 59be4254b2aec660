/* See ir_assert.h. */
#include "runtime/jitc/ir_assert.h"

#include "runtime/jitc/ir_random.h"
#include "support/ruff_test.h"

enum { ARGUMENTS = 6 };

static void print(const rf_ir_function *f)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    print_message("%s", out.data);
    rf_buffer_release(&out);
}

void assert_ir_text(const rf_ir_function *f, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    assert_string_equal(out.data, expected);
    rf_buffer_release(&out);
}

void assert_ir_sound(const rf_ir_function *f)
{
    const char *defect = rf_ir_verify(f);
    if (!defect) return;
    print(f);
    fail_msg("%s", defect);
}

void assert_ir_same_outcomes(const rf_ir_function *before, const rf_ir_function *after, uint64_t seed)
{
    for (uint64_t i = 0; i < ARGUMENTS; i++) {
        ir_number args[IR_RANDOM_PARAMS];
        ir_random_args(seed * ARGUMENTS + i, args);
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
