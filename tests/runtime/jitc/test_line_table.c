/* What the assembler text says for debuggers becomes a table. */
#include "support/ruff_test.h"

#include "jitc/line_table.h"

static void lines_and_frames_become_a_table(void **state)
{
    (void)state;
    static const char text[] = "\t.file 1 \"ruff\"\n"
                               "\t.text\n"
                               "f:\n"
                               "\t.cfi_startproc\n"
                               "\t.loc 1 7 0\n"
                               "\tpushq\t%rbx\n"
                               "\t.cfi_def_cfa_offset 16\n"
                               "\t.cfi_offset 3, -16\n"
                               "\t.cfi_remember_state\n"
                               "\tpopq\t%rbx\n"
                               "\t.cfi_def_cfa_offset 8\n"
                               "\tret\n"
                               "\t.cfi_restore_state\n"
                               "\t.loc 1 9 0\n"
                               "\tmovq\t%rsp, %rbp\n"
                               "\t.cfi_def_cfa_register 6\n"
                               "\tleave\n"
                               "\t.cfi_def_cfa 7, 8\n"
                               "\tret\n"
                               "\t.cfi_endproc\n"
                               "\t.section\t.debug_line,\"\",@progbits\n"
                               "\t.long\t1\n";
    rf_buffer made = RF_BUFFER_INIT;
    rf_buffer_append(&made, text, sizeof text - 1);
    rf_line_table_make(&made);
    rf_buffer_append(&made, "", 1);
    assert_string_equal(made.data, "\t.text\n"
                                   "f:\n"
                                   ".Lruff_line_0:\n"
                                   ".Lruff_line_1:\n"
                                   "\tpushq\t%rbx\n"
                                   ".Lruff_line_2:\n"
                                   "\tpopq\t%rbx\n"
                                   ".Lruff_line_3:\n"
                                   "\tret\n"
                                   ".Lruff_line_4:\n"
                                   ".Lruff_line_5:\n"
                                   "\tmovq\t%rsp, %rbp\n"
                                   ".Lruff_line_6:\n"
                                   "\tleave\n"
                                   ".Lruff_line_7:\n"
                                   "\tret\n"
                                   "\t.section\t.rodata.ruff_lines,\"a\"\n"
                                   "\t.balign 8\n"
                                   "\t.globl\truff_lines\n"
                                   "ruff_lines:\n"
                                   "\t.quad\t8\n"
                                   "\t.quad\t.Lruff_line_0, 4294967304\n" /* 8 */
                                   "\t.quad\t.Lruff_line_1, 7\n"
                                   "\t.quad\t.Lruff_line_2, 4294967312\n" /* 16 */
                                   "\t.quad\t.Lruff_line_3, 4294967304\n"
                                   "\t.quad\t.Lruff_line_4, 4294967312\n"
                                   "\t.quad\t.Lruff_line_5, 9\n"
                                   "\t.quad\t.Lruff_line_6, 4294967296\n" /* by another register */
                                   "\t.quad\t.Lruff_line_7, 4294967304\n");
    rf_buffer_release(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_frames_become_a_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
