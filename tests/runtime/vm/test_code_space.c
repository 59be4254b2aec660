/* Where code lies: blocks, their counts, what is given back. */
#include "support/program.h"

#include "vm/frame.h"

#include <string.h>

enum { MANY = RF_CODE_SPAN / sizeof(rf_instruction) / 4 };

/* As if the code ran: each instruction, and each of its counts, is there and is nobody else's. */
static void fill(rf_instruction *code, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        code[i] = (rf_instruction){.op = (uint16_t)number, .wide = (int32_t)i};
        assert_int_equal(*rf_code_jumps(&code[i]), 0);
        assert_int_equal(*rf_code_arrivals(&code[i]), 0);
        *rf_code_jumps(&code[i]) = number;
        *rf_code_arrivals(&code[i]) = number + i;
    }
}

static void assert_filled(const rf_instruction *code, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(code[i].op, number);
        assert_int_equal(code[i].wide, i);
        assert_int_equal(*rf_code_jumps(&code[i]), number);
        assert_int_equal(*rf_code_arrivals(&code[i]), number + i);
    }
}

static void each_instruction_has_its_counts(void **state)
{
    static const size_t counts[] = {1, 2, 500, 9000, 1, 40000, 8191, 8192, 3};
    rf_instruction *blocks[RF_COUNT_OF(counts)];
    rf_code_space space = {.has_counts = false};
    (void)state;
    for (size_t i = 0; i < RF_COUNT_OF(counts); i++) {
        blocks[i] = rf_code_take(&space, counts[i]);
        memset(blocks[i], 0, counts[i] * sizeof **blocks);
        if (i == 4) rf_code_count(&space); /* a profile begins when some code is there */
    }
    for (uint32_t i = 0; i < RF_COUNT_OF(counts); i++) fill(blocks[i], counts[i], i + 1);
    for (uint32_t i = 0; i < RF_COUNT_OF(counts); i++) assert_filled(blocks[i], counts[i], i + 1);
    rf_code_release(&space);
}

static void what_is_given_back_is_taken_again_with_counts_of_0(void **state)
{
    rf_code_space space = {.has_counts = false};
    (void)state;
    rf_code_count(&space);
    rf_instruction *first = rf_code_take(&space, 10), *second = rf_code_take(&space, 20);
    fill(first, 10, 1);
    fill(second, 20, 2);
    rf_code_give(&space, NULL);
    rf_code_give(&space, first); /* the second lies behind it */
    rf_instruction *third = rf_code_take(&space, 5);
    assert_ptr_not_equal(third, first);
    fill(third, 5, 3);
    assert_filled(second, 20, 2);
    rf_code_give(&space, third);
    assert_filled(second, 20, 2);
    rf_code_give(&space, second); /* with the first, in front of it */
    rf_instruction *fourth = rf_code_take(&space, 40);
    assert_ptr_equal(fourth, first);
    fill(fourth, 40, 4);
    rf_code_release(&space);
}

static void more_code_than_a_span_has_further_spans(void **state)
{
    rf_instruction *blocks[9];
    rf_code_space space = {.has_counts = false};
    (void)state;
    for (uint32_t i = 0; i < RF_COUNT_OF(blocks); i++) blocks[i] = rf_code_take(&space, MANY);
    rf_code_count(&space);
    for (uint32_t i = 0; i < RF_COUNT_OF(blocks); i++) {
        fill(blocks[i], 10, i + 1);
        fill(&blocks[i][MANY - 10], 10, 100 + i);
    }
    for (uint32_t i = 0; i < RF_COUNT_OF(blocks); i++) {
        assert_filled(blocks[i], 10, i + 1);
        assert_filled(&blocks[i][MANY - 10], 10, 100 + i);
    }
    assert_int_equal(space.spans.count, 3);
    for (uint32_t i = 0; i < RF_COUNT_OF(blocks); i++) rf_code_give(&space, blocks[i]);
    rf_code_release(&space);
}

/* Of a small program: what is stored to is nowhere at the same place of a page as what is only read. */
static void code_is_apart_from_registers_and_counts(void **state)
{
    enum { SMALL = 100, DEEP = 10 };
    (void)state;
    rf_code_space space = {.has_counts = false};
    const rf_instruction *code = rf_code_take(&space, SMALL);
    const uintptr_t begin = (uintptr_t)code % RF_PAGE, end = begin + SMALL * sizeof *code;
    assert_true(end <= RF_REGISTERS_IN_PAGE && RF_REGISTERS_IN_PAGE < RF_FRAMES_IN_PAGE);
    assert_true(RF_FRAMES_IN_PAGE + DEEP * sizeof(rf_frame) <= RF_PAGE + begin);
    assert_in_range((uintptr_t)rf_code_jumps(code) % RF_PAGE, end, RF_PAGE - SMALL * sizeof *code);
    rf_code_release(&space);
}

static void the_main_task_has_its_place_in_a_page(void **state)
{
    (void)state;
    program *p = program_new();
    assert_null(rf_vm_state_of(p->isolate)->main);
    rf_vm_task *main = rf_vm_task_new(p->isolate), *other = rf_vm_task_new(p->isolate);
    assert_ptr_equal(rf_vm_state_of(p->isolate)->main, main);
    assert_int_equal((uintptr_t)main->root.base % RF_PAGE, RF_REGISTERS_IN_PAGE);
    assert_int_equal((uintptr_t)main->root.next % RF_PAGE, RF_FRAMES_IN_PAGE);
    assert_ptr_equal(main->root.next->previous, &main->root);
    assert_ptr_equal(other->root.next, &other->last);
    rf_vm_task_free(p->isolate, other);
    rf_vm_task_free(p->isolate, main);
    program_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_instruction_has_its_counts),
        cmocka_unit_test(what_is_given_back_is_taken_again_with_counts_of_0),
        cmocka_unit_test(more_code_than_a_span_has_further_spans),
        cmocka_unit_test(code_is_apart_from_registers_and_counts),
        cmocka_unit_test(the_main_task_has_its_place_in_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
