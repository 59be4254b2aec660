/* The loader of native code: whatever happened to an object, loading it writes nothing but its own memory and reaches nothing
 * that it may not name.  What comes out is not run. */
#include "base/file.h"
#include "fuzz/edit.h"
#include "fuzz/replay.h"
#include "jit/loader.h"

#include <string.h>

static const long allowed = 1000;

static void *resolve(void *context, const char *name)
{
    (void)context;
    return strncmp(name, "outside_", 8) == 0 ? (void *)(uintptr_t)&allowed : NULL;
}

static void check_symbol(void *context, const char *name, void *address)
{
    const rf_code_region *region = context;
    FUZZ_CHECK(strlen(name) < 1 << 20);
    FUZZ_CHECK((char *)address >= region->start && (char *)address <= region->start + region->used);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rf_buffer file = RF_BUFFER_INIT;
    rf_code_region region;
    rf_native_code code;
    FUZZ_CHECK(rf_file_read(LOADER_SAMPLE, &file, NULL) == RUFF_OK);
    FUZZ_CHECK(rf_code_region_open(&region, (size_t)1 << 20));
    const bool is_cut = size > 2 && bytes[0] & 2;
    fuzz_edit(&file, 0, file.size, bytes + (size > 0), size - (size > 0));
    if (is_cut) file.size = (bytes[1] | (size_t)bytes[2] << 8) % (file.size + 1);
    rf_buffer exact = RF_BUFFER_INIT; /* so that a sanitizer sees reads behind the end */
    rf_buffer_reserve(&exact, file.size);
    rf_buffer_append(&exact, file.data, file.size);
    if (rf_native_load(&region, (const uint8_t *)exact.data, exact.size, resolve, NULL, check_symbol, &region, &code,
                       NULL) == RUFF_OK)
        FUZZ_CHECK(code.memory >= region.start && code.memory + code.size <= region.start + region.used);
    rf_code_region_close(&region);
    rf_buffer_release(&exact);
    rf_buffer_release(&file);
    return 0;
}
