/* Building code: constants, positions, handlers. */
#include "support/program.h"

#include "base/alloc.h"
#include "vm/chunk.h"

static void equal_constants_are_one(void **state)
{
    program *p = *state;
    rf_chunk chunk;
    rf_chunk_init(&chunk, p->isolate);
    rf_value text = rf_string_intern(p->isolate, "abc", 3);
    const uint32_t first = rf_chunk_add_constant(&chunk, text);
    assert_int_equal(rf_chunk_add_constant(&chunk, rf_int(7)), first + 1);
    assert_int_equal(rf_chunk_add_constant(&chunk, text), first);
    assert_int_equal(rf_chunk_add_constant(&chunk, rf_float(7)), first + 2);
    assert_int_equal(rf_chunk_add_constant(&chunk, rf_float(0.0)), first + 3);
    assert_int_equal(rf_chunk_add_constant(&chunk, rf_float(-0.0)), first + 4);
    rf_release(p->isolate, text);
    rf_chunk_release(&chunk);
}

static void many_constants_are_found_again(void **state)
{
    program *p = *state;
    rf_chunk chunk;
    rf_chunk_init(&chunk, p->isolate);
    for (int64_t i = 0; i < 5000; i++) assert_int_equal(rf_chunk_add_constant(&chunk, rf_int(i * 977)), i);
    for (int64_t i = 0; i < 5000; i++) assert_int_equal(rf_chunk_add_constant(&chunk, rf_int(i * 977)), i);
    rf_chunk_release(&chunk);
}

/* A proto with one instruction for each position. */
static rf_proto *proto_with(program *p, const rf_pos *positions, size_t count)
{
    rf_chunk chunk;
    rf_chunk_init(&chunk, p->isolate);
    for (size_t i = 0; i < count; i++) {
        chunk.pos = positions[i];
        rf_chunk_emit(&chunk, RF_OP_RETURNNULL, 0, 0, 0);
    }
    rf_proto *proto = rf_new(rf_proto);
    rf_chunk_finish(&chunk, proto, 0);
    return proto;
}

static void every_instruction_keeps_its_position(void **state)
{
    static const rf_pos positions[] = {{1, 1},   {1, 1},     {1, 200}, {1, 3},  {900, 1}, {900, 1},
                                       {12, 70}, {100000, 9}, {1, 65536}, {1, 1}, {2, 1}};
    rf_proto *proto = proto_with(*state, positions, RF_COUNT_OF(positions));
    rf_pos *all = rf_proto_positions(proto);
    for (uint32_t pc = 0; pc < RF_COUNT_OF(positions); pc++) {
        const rf_pos pos = rf_proto_pos(proto, pc);
        assert_int_equal(pos.line, positions[pc].line);
        assert_int_equal(pos.column, positions[pc].column);
        assert_memory_equal(&all[pc], &positions[pc], sizeof(rf_pos));
    }
    rf_free(all);
    rf_proto_free(((program *)*state)->isolate, proto);
}

static void one_line_of_code_costs_one_entry(void **state)
{
    static const rf_pos same[] = {{5, 5}, {5, 5}, {5, 5}, {5, 5}};
    rf_proto *proto = proto_with(*state, same, RF_COUNT_OF(same));
    assert_int_equal(proto->line_size, 3);
    rf_proto_free(((program *)*state)->isolate, proto);
}

static void the_innermost_handler_catches(void **state)
{
    program *p = *state;
    static const rf_handler handlers[] = {{.start = 3, .end = 5, .target = 1},
                                          {.start = 6, .end = 7, .target = 2},
                                          {.start = 6, .end = 9, .target = 3},
                                          {.start = 1, .end = 10, .target = 4},
                                          {.start = 12, .end = 14, .target = 5},
                                          {.start = 10, .end = 12, .target = 6}};
    static const uint32_t targets[] = {0, 4, 4, 1, 1, 4, 2, 3, 3, 4, 6, 6, 5, 5, 0};
    rf_chunk chunk;
    rf_chunk_init(&chunk, p->isolate);
    for (size_t i = 0; i < RF_COUNT_OF(handlers); i++) rf_vector_push(&chunk.handlers, handlers[i]);
    rf_proto *proto = rf_new(rf_proto);
    rf_chunk_finish(&chunk, proto, 0);
    for (uint32_t pc = 0; pc < RF_COUNT_OF(targets); pc++) {
        const rf_handler *handler = rf_proto_handler(proto, pc);
        assert_int_equal(handler ? handler->target : 0, targets[pc]);
    }
    rf_proto_free(p->isolate, proto);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_constants_are_one, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(many_constants_are_found_again, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(every_instruction_keeps_its_position, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(one_line_of_code_costs_one_entry, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(the_innermost_handler_catches, program_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
