/* Math (BUILTINS 6): results are floats, except those of the bit operations. */
#include <math.h>

#include "lib/args.h"
#include "lib/builtins.h"
#include "value/format.h"

#define FUNCTION_OF_ONE(name, c_function)                                                          \
    rf_value rf_lib_##name(rf_isolate *isolate, rf_value *args, uint32_t arg_count)                \
    {                                                                                              \
        (void)arg_count;                                                                           \
        double x;                                                                                  \
        if (!rf_args_number(isolate, #name, args, 0, &x)) return rf_raised();                      \
        return rf_float(c_function(x));                                                            \
    }
#define FUNCTION_OF_TWO(name, c_function)                                                          \
    rf_value rf_lib_##name(rf_isolate *isolate, rf_value *args, uint32_t arg_count)                \
    {                                                                                              \
        (void)arg_count;                                                                           \
        double x, y;                                                                               \
        if (!rf_args_number(isolate, #name, args, 0, &x)) return rf_raised();                      \
        if (!rf_args_number(isolate, #name, args, 1, &y)) return rf_raised();                      \
        return rf_float(c_function(x, y));                                                         \
    }

FUNCTION_OF_ONE(abs, fabs)
FUNCTION_OF_ONE(floor, floor)
FUNCTION_OF_ONE(ceil, ceil)
FUNCTION_OF_ONE(round, round) /* C's round goes away from zero at halves, as BUILTINS wants */
FUNCTION_OF_ONE(sin, sin)
FUNCTION_OF_ONE(cos, cos)
FUNCTION_OF_ONE(tan, tan)
FUNCTION_OF_ONE(exp, exp)
FUNCTION_OF_TWO(pow, pow)
FUNCTION_OF_TWO(min, fmin) /* fmin and fmax ignore a NaN in favour of the other argument */
FUNCTION_OF_TWO(max, fmax)

static rf_value outside_domain(rf_isolate *isolate, const char *what, double x)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_format_float(x, &text);
    rf_raise(isolate, "%s: %s", what, text.data);
    rf_buffer_release(&text);
    return rf_raised();
}

rf_value rf_lib_sqrt(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    double x;
    if (!rf_args_number(isolate, "sqrt", args, 0, &x)) return rf_raised();
    if (x < 0) return outside_domain(isolate, "sqrt of a negative number", x);
    return rf_float(sqrt(x));
}

rf_value rf_lib_log(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    double x;
    if (!rf_args_number(isolate, "log", args, 0, &x)) return rf_raised();
    if (x <= 0) return outside_domain(isolate, "log of a number that is not positive", x);
    return rf_float(log(x));
}

#define BIT_OPERATION(name, operator)                                                              \
    rf_value rf_lib_##name(rf_isolate *isolate, rf_value *args, uint32_t arg_count)                \
    {                                                                                              \
        (void)arg_count;                                                                           \
        int64_t a, b;                                                                              \
        if (!rf_args_int(isolate, #name, args, 0, &a)) return rf_raised();                         \
        if (!rf_args_int(isolate, #name, args, 1, &b)) return rf_raised();                         \
        return rf_int(a operator b);                                                               \
    }

BIT_OPERATION(bit_and, &)
BIT_OPERATION(bit_or, |)
BIT_OPERATION(bit_xor, ^)

rf_value rf_lib_bit_not(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t a;
    if (!rf_args_int(isolate, "bit_not", args, 0, &a)) return rf_raised();
    return rf_int(~a);
}

/* The operands of a shift; n from 0 to 63. */
static bool shift_operands(rf_isolate *isolate, const char *name, const rf_value *args, int64_t *a,
                           unsigned *n)
{
    int64_t distance;
    if (!rf_args_int(isolate, name, args, 0, a)) return false;
    if (!rf_args_int(isolate, name, args, 1, &distance)) return false;
    if (distance < 0 || distance > 63) {
        rf_raise(isolate, "%s expects a shift from 0 to 63, got %lld", name, (long long)distance);
        return false;
    }
    *n = (unsigned)distance;
    return true;
}

rf_value rf_lib_bit_shl(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t a;
    unsigned n;
    if (!shift_operands(isolate, "bit_shl", args, &a, &n)) return rf_raised();
    return rf_int((int64_t)((uint64_t)a << n));
}

rf_value rf_lib_bit_shr(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t a;
    unsigned n;
    if (!shift_operands(isolate, "bit_shr", args, &a, &n)) return rf_raised();
    return rf_int(a >> n); /* arithmetic in every compiler we build with */
}
