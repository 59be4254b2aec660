#include "support/wire_request.h"

#include "jit/native.h"
#include "vm/opcode.h"

enum { REGISTERS = 5 };

void wire_request_build(rf_buffer *out, rf_wire_request *request)
{
    const rf_instruction code[] = {{.op = RF_OP_ADDI, .a = 1, .b = 0, .c = 1}, {.op = RF_OP_RETURN, .a = 1, .b = 1}};
    const rf_wire_function f = {.code_count = 2, .temp_base = 1, .register_count = REGISTERS, .param_count = 1, .words = 1, .place_count = 1};
    const rf_wire_hint hints[2] = {{.count = 1}, {.count = 1}};
    const rf_wire_place place = {.root = 0, .is_usable = true, .count = 1};
    const rf_wire_step step = {.reg = 0};
    const uint64_t live[2] = {1, 2};
    const rf_wire_entry entry[REGISTERS] = {{.head = RF_INT}};
    out->size = 0;
    rf_buffer_append(out, &f, sizeof f);
    rf_buffer_append(out, code, sizeof code);
    rf_buffer_append(out, hints, sizeof hints);
    rf_buffer_append(out, live, sizeof live);
    rf_buffer_append(out, &place, sizeof place);
    rf_buffer_append(out, &step, sizeof step);
    rf_buffer_append(out, entry, sizeof entry);
    *request = (rf_wire_request){.magic = RF_WIRE_MAGIC, .size = (uint32_t)out->size, .function_count = 1};
}
