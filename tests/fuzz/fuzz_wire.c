/* Requests for native code: whatever happened to one, the helper reads within it or refuses it. */
#include "fuzz/edit.h"
#include "fuzz/replay.h"
#include "jitc/unit.h"
#include "support/wire_request.h"

#include "base/alloc.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rf_buffer file = RF_BUFFER_INIT;
    rf_wire_request request;
    rf_unit_request unit;
    wire_request_build(&file, &request);
    if (size > 0) request.function_count = 1 + (bytes[0] >> 2) % 3;
    fuzz_edit(&file, 0, file.size, bytes + (size > 0), size - (size > 0));
    if (size > 2 && (bytes[0] & 2)) file.size = (bytes[1] | (size_t)bytes[2] << 8) % (file.size + 1);
    char *exact = rf_alloc(file.size); /* so that a sanitizer sees reads behind the end */
    memcpy(exact, file.data, file.size);
    request.size = (uint32_t)file.size;
    if (rf_unit_read(&unit, &request, exact))
        for (uint32_t k = 0; k < request.function_count; k++) {
            const rf_source *s = &unit.functions[k];
            FUZZ_CHECK(s->f.code_count > 0 && s->shape);
            for (uint32_t pc = 0; pc < s->f.code_count; pc++) {
                FUZZ_CHECK(s->code[pc].op < RF_OP_COUNT);
                FUZZ_CHECK(rf_op_jump_target(s->code, pc) < (int64_t)s->f.code_count);
            }
        }
    rf_unit_release(&unit);
    rf_free(exact);
    rf_buffer_release(&file);
    return 0;
}
