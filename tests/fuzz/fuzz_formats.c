/* parse_toml and parse_yaml take any text; what they accept must read back the same after
 * writing. */
#include "base/utf8.h"
#include "fuzz/lib_isolate.h"
#include "fuzz/replay.h"
#include "value/operate.h"
#include "value/string.h"

static rf_value call(rf_isolate *isolate, const char *name, rf_value arg)
{
    return fuzz_call(isolate, name, &arg, 1);
}

/* Some values hold floats that cannot be written. */
static void check(rf_isolate *isolate, const char *reader, const char *writer, rf_value text)
{
    rf_value v = call(isolate, reader, text);
    if (v.head == RF_UNSET) return;
    rf_value written = call(isolate, writer, rf_copy(v));
    if (written.head != RF_UNSET) {
        rf_value back = call(isolate, reader, written);
        FUZZ_CHECK(back.head != RF_UNSET);
        FUZZ_CHECK(rf_equal(isolate, v, back) == 1);
        rf_release(isolate, back);
    }
    rf_release(isolate, v);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    if (!rf_utf8_valid(text, size, NULL)) return 0;
    rf_isolate *isolate = fuzz_isolate_new();
    check(isolate, "parse_toml", "to_toml", rf_string_new(isolate, text, size));
    check(isolate, "parse_yaml", "to_yaml", rf_string_new(isolate, text, size));
    fuzz_isolate_free(isolate);
    return 0;
}
