/* Checks of arguments: the paths that are not inline. */
#include "lib/args.h"

#include "lib/state.h"

#include <math.h>
#include <string.h>

rf_value rf_args_wrong(rf_isolate *isolate, const char *name, uint32_t index, const char *expected,
                       rf_value got)
{
    return rf_raise(isolate, "%s expects %s as argument %u, got %s", name, expected, index + 1,
                    rf_type_name(got));
}

const char *rf_args_shown_text(rf_isolate *isolate, const char *text, size_t size)
{
    struct rf_lib_state *lib = isolate->lib;
    const char *nul = memchr(text, '\0', size);
    if (!nul) return text;
    rf_buffer *out = &lib->shown[lib->shown_count++ % RF_COUNT_OF(lib->shown)];
    rf_buffer_clear(out);
    for (; nul; nul = memchr(text, '\0', size)) {
        rf_buffer_append(out, text, (size_t)(nul - text));
        rf_buffer_append_text(out, "\\0");
        size -= (size_t)(nul - text) + 1;
        text = nul + 1;
    }
    rf_buffer_append(out, text, size);
    return out->data;
}

const char *rf_args_shown(rf_isolate *isolate, const rf_string *text)
{
    return rf_args_shown_text(isolate, text->text, text->size);
}

bool rf_args_number(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                    double *out)
{
    if (args[index].head == RF_FLOAT) {
        *out = args[index].as.d;
        return true;
    }
    if (args[index].head == RF_INT) {
        *out = (double)args[index].as.i;
        return true;
    }
    rf_args_wrong(isolate, name, index, "number", args[index]);
    return false;
}

bool rf_args_int(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                 int64_t *out)
{
    if (!rf_args_want(isolate, name, args, index, RF_KIND(RF_INT), "int")) return false;
    *out = args[index].as.i;
    return true;
}

int64_t rf_float_to_int(double number)
{
    if (isnan(number)) return 0;
    if (number >= 9223372036854775808.0) return INT64_MAX;
    if (number <= -9223372036854775808.0) return INT64_MIN;
    return (int64_t)number;
}

bool rf_args_whole(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                   int64_t *out)
{
    if (!rf_args_want(isolate, name, args, index, RF_KIND_NUMBER, "number")) return false;
    if (args[index].head == RF_INT) {
        *out = args[index].as.i;
        return true;
    }
    const double number = args[index].as.d;
    if (!isfinite(number)) {
        const char *text = isnan(number) ? "NaN" : number > 0 ? "inf" : "-inf";
        rf_raise(isolate, "%s expects a finite number as argument %u, got %s", name, index + 1,
                 text);
        return false;
    }
    *out = rf_float_to_int(number);
    return true;
}
