#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "jitc/unit.h"

#include <string.h>

enum { REGISTERS = 5 };

/* A request for `return R[0] + 1`. */
static void build(rf_buffer *out, rf_wire_request *request)
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

static bool reads(const rf_wire_request *request, const char *bytes)
{
    rf_unit_request unit;
    const bool is_read = rf_unit_read(&unit, request, bytes);
    rf_unit_release(&unit);
    return is_read;
}

static void a_whole_request_is_read(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_wire_request request;
    build(&bytes, &request);
    assert_true(reads(&request, bytes.data));
    rf_buffer_release(&bytes);
}

static void every_truncated_request_is_refused(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_wire_request request;
    build(&bytes, &request);
    for (uint32_t size = 0; size < bytes.size; size++) {
        char *copy = rf_alloc(size + 1); /* exact, so that a sanitizer sees reads behind the end */
        memcpy(copy, bytes.data, size);
        request.size = size;
        assert_false(reads(&request, copy));
        rf_free(copy);
    }
    rf_buffer_release(&bytes);
}

static void an_entry_outside_the_code_is_refused(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_wire_request request;
    build(&bytes, &request);
    request.entry = 2;
    assert_false(reads(&request, bytes.data));
    rf_buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_request_is_read),
        cmocka_unit_test(every_truncated_request_is_refused),
        cmocka_unit_test(an_entry_outside_the_code_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
