/* The intermediate form as text. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "jitc/ir.h"

#include <string.h>

static void assert_text(const rf_ir_function *f, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    assert_string_equal(out.data, expected);
    rf_buffer_release(&out);
}

static void a_guard_says_where_it_leaves_to(void **state)
{
    (void)state;
    rf_ir_unit unit = {0};
    rf_ir_function *f = rf_ir_function_new(&unit, "half", RF_IR_I64);
    rf_ir_param(f, RF_IR_I64);
    rf_ir_place *n = rf_ir_variable_new(f, RF_IR_I64, 0, "n");
    rf_ir_block *entry = rf_ir_block_new(f), *next = rf_ir_block_new(f), *exit = rf_ir_block_new(f);
    exit->is_exit = true;
    exit->exit_pc = 3;
    exit->exit_reason = 1;
    rf_ir_assign(f, entry, 4, n, rf_ir_param_value(f, 0));
    rf_ir_guard(f, entry, 4, rf_ir_binary(f, RF_IR_GT, rf_ir_value_of(f, n), rf_ir_int(f, RF_IR_I64, 0)), next, exit);
    rf_ir_return(f, next, 6, rf_ir_binary(f, RF_IR_DIV, rf_ir_value_of(f, n), rf_ir_int(f, RF_IR_I64, 2)));
    rf_ir_return(f, exit, 4, rf_ir_int(f, RF_IR_I64, 0));
    static const char built[] = "function half($0: i64) -> i64\n"
                                "  i64: n\n"
                                "b0:\n"
                                "  n = $0                                                    ; 3\n"
                                "  guard n > 0 to b1 else x2\n"
                                "b1:\n"
                                "  return n / 2                                              ; 5\n"
                                "x2: exit 3 guard\n"
                                "  return 0                                                  ; 3\n";
    assert_text(f, built);
    rf_ir_ssa(f);
    static const char versions[] = "function half($0: i64) -> i64\n"
                                   "  i64: n\n"
                                   "b0:\n"
                                   "  n.1 = $0                                                  ; 3\n"
                                   "  guard n.1 > 0 to b1 else x2\n"
                                   "b1: from b0\n"
                                   "  return n.1 / 2                                            ; 5\n"
                                   "x2: from b0, exit 3 guard\n"
                                   "  return 0                                                  ; 3\n";
    assert_text(f, versions);
    rf_ir_unit_release(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guard_says_where_it_leaves_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
