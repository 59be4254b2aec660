/* parse_toml takes any text; what it accepts must read back the same after writing. */
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
static void check_round_trip(rf_isolate *isolate, rf_value v)
{
    rf_value text = call(isolate, "to_toml", rf_copy(v));
    if (text.head == RF_UNSET) return;
    rf_value back = call(isolate, "parse_toml", text);
    FUZZ_CHECK(back.head != RF_UNSET);
    FUZZ_CHECK(rf_equal(isolate, v, back) == 1);
    rf_release(isolate, back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    if (!rf_utf8_valid(text, size, NULL)) return 0;
    rf_isolate *isolate = fuzz_isolate_new();
    rf_value v = call(isolate, "parse_toml", rf_string_new(isolate, text, size));
    if (v.head != RF_UNSET) check_round_trip(isolate, v);
    rf_release(isolate, v);
    fuzz_isolate_free(isolate);
    return 0;
}
