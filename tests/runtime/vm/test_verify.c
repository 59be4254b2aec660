/* The verifier finds what would break the invariants of registers. */
#include "listing.h"

#include "base/alloc.h"
#include "vm/opcode.h"
#include "vm/verify.h"

#include <string.h>

static const char source[] = "func f(x, xs) {\n"
                             "    total := 0\n"
                             "    for v in xs { if v > x { total := total + g(v, [v]) } }\n"
                             "    return total\n"
                             "}\n"
                             "func g(a, b) { return a + len(b) }\n";

/* A copy of f's proto whose code may be spoiled. */
static rf_proto spoiled(program *p)
{
    listing_load(p, source);
    rf_proto proto = *listing_proto(p, "f");
    rf_instruction *code = rf_alloc_array(rf_instruction, proto.code_count);
    memcpy(code, proto.code, proto.code_count * sizeof *code);
    proto.code = code;
    return proto;
}

static rf_instruction *first(rf_proto *proto, unsigned op)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++)
        if (proto->code[pc].op == op) return &proto->code[pc];
    fail_msg("no %s", rf_op_infos[op].name);
    return proto->code; /* not reached */
}

static void expect_fault(rf_proto *proto, const char *part)
{
    char *fault = rf_vm_find_fault(proto);
    if (!fault) fail_msg("nothing found, expected: %s", part);
    if (!strstr(fault, part)) fail_msg("found: %s, expected: %s", fault, part);
    rf_free(fault);
    rf_free(proto->code);
}

static void sound_code_passes(void **state)
{
    rf_proto proto = spoiled(*state);
    assert_null(rf_vm_find_fault(&proto));
    rf_free(proto.code);
}

static void a_dead_temporary_is_not_read(void **state)
{
    rf_proto proto = spoiled(*state);
    first(&proto, RF_OP_NEWARRAY)->op = RF_OP_ITEMREST; /* looks, writes, uses nothing */
    expect_fault(&proto, "temporar");
}

static void a_live_temporary_is_not_overwritten(void **state)
{
    rf_proto proto = spoiled(*state);
    rf_instruction *in = first(&proto, RF_OP_CALLFN);
    in[0] = (rf_instruction){.op = RF_OP_LOADNULL, .a = (uint16_t)(in->a + 1)};
    expect_fault(&proto, "overwrites the live temporary");
}

static void ways_that_meet_agree(void **state)
{
    rf_proto proto = spoiled(*state);
    rf_instruction *jump = first(&proto, RF_OP_JNGT);
    jump->c = (uint16_t)(jump->c + 1); /* behind FORNEXT, where the state of the loop is gone */
    expect_fault(&proto, "meets another way");
}

static void jumps_stay_inside(void **state)
{
    rf_proto proto = spoiled(*state);
    first(&proto, RF_OP_JNGT)->c = 1000;
    expect_fault(&proto, "jumps outside");
}

static void operands_are_in_range(void **state)
{
    rf_proto proto = spoiled(*state);
    first(&proto, RF_OP_CALLFN)->c = 77;
    expect_fault(&proto, "no such function");
    proto = spoiled(*state);
    first(&proto, RF_OP_RETURN)->a = 5000;
    expect_fault(&proto, "no such register");
}

static void code_does_not_run_past_its_end(void **state)
{
    rf_proto proto = spoiled(*state);
    proto.code[proto.code_count - 1] = (rf_instruction){.op = RF_OP_LOADNULL, .a = 0};
    first(&proto, RF_OP_RETURN)->op = RF_OP_CHECK;
    proto.constant_count = 100;
    expect_fault(&proto, "runs past the end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sound_code_passes, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_dead_temporary_is_not_read, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(a_live_temporary_is_not_overwritten, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(ways_that_meet_agree, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(jumps_stay_inside, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(operands_are_in_range, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(code_does_not_run_past_its_end, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
