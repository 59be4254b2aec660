/* Checks of arguments, with the texts of BUILTINS 2.2.  Every check returns false after raising. */
#ifndef RF_LIB_ARGS_H
#define RF_LIB_ARGS_H

#include "value/error_value.h"
#include "value/string.h"

/* sets of kinds: bit 1 << tag */
#define RF_KIND(tag)   (1u << (tag))
#define RF_KIND_NUMBER (RF_KIND(RF_INT) | RF_KIND(RF_FLOAT))
#define RF_KIND_SIZED                                                                              \
    (RF_KIND(RF_STRING) | RF_KIND(RF_BYTES) | RF_KIND(RF_ARRAY) | RF_KIND(RF_DICT) |               \
     RF_KIND(RF_SET) | RF_KIND(RF_QUEUE) | RF_KIND(RF_STACK))
_Static_assert(RF_TAG_COUNT <= 32, "a set of kinds is one word");

static inline bool rf_is_kind(rf_value v, uint32_t kinds)
{
    return v.head < RF_TAG_COUNT && (kinds >> v.head & 1);
}

/* "NAME expects EXPECTED as argument INDEX + 1, got TYPE"; RAISED */
rf_value rf_args_wrong(rf_isolate *isolate, const char *name, uint32_t index, const char *expected,
                       rf_value got);

static inline bool rf_args_want(rf_isolate *isolate, const char *name, const rf_value *args,
                                uint32_t index, uint32_t kinds, const char *expected)
{
    if (RF_LIKELY(rf_is_kind(args[index], kinds))) return true;
    rf_args_wrong(isolate, name, index, expected, args[index]);
    return false;
}

static inline bool rf_args_string(rf_isolate *isolate, const char *name, const rf_value *args,
                                  uint32_t index)
{
    return rf_args_want(isolate, name, args, index, RF_KIND(RF_STRING), "string");
}

static inline bool rf_args_array(rf_isolate *isolate, const char *name, const rf_value *args,
                                 uint32_t index)
{
    return rf_args_want(isolate, name, args, index, RF_KIND(RF_ARRAY), "array");
}

/* array, generator or iterator */
static inline bool rf_args_iterable(rf_isolate *isolate, const char *name, const rf_value *args,
                                    uint32_t index)
{
    return rf_args_want(isolate, name, args, index, RF_KIND(RF_ARRAY) | RF_KIND(RF_GENERATOR),
                        "array");
}

static inline bool rf_args_callable(rf_isolate *isolate, const char *name, const rf_value *args,
                                    uint32_t index)
{
    return rf_args_want(isolate, name, args, index, RF_KIND(RF_FUNCTION), "function");
}

/* A text as error messages quote it: NUL written as \0, where C texts would end.  Valid until some
 * more of these are made: only for the arguments of the next rf_raise. */
const char *rf_args_shown(rf_isolate *isolate, const rf_string *text);
const char *rf_args_shown_text(rf_isolate *isolate, const char *text, size_t size);

/* int or float, as a double */
bool rf_args_number(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                    double *out);
bool rf_args_int(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                 int64_t *out);
/* int or finite float, truncated toward zero (saturated to 64 bits); NaN and infinities raise */
bool rf_args_whole(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                   int64_t *out);
/* float toward zero, NaN 0, saturated */
int64_t rf_float_to_int(double number);

#endif
