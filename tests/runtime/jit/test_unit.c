#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "jitc/unit.h"
#include "support/wire_request.h"

#include <string.h>

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
    wire_request_build(&bytes, &request);
    assert_true(reads(&request, bytes.data));
    rf_buffer_release(&bytes);
}

static void every_truncated_request_is_refused(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_wire_request request;
    wire_request_build(&bytes, &request);
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
    wire_request_build(&bytes, &request);
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
