/* Arrays (BUILTINS 8), all but sorting.  What changes an array takes it out of its argument slot
 * first: with no other reference left it is changed in place, else rf_array_unique copies it. */
#include "lib/arrays.h"

#include <math.h>
#include <string.h>

#include "lib/args.h"
#include "lib/builtins.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/operate.h"

/* ---- shared with other modules ---- */

static int64_t find_int(const rf_array *a, int64_t number)
{
    for (uint32_t i = 0; i < a->length; i++)
        if (a->as.ints[i] == number) return i;
    return RF_ARRAY_ABSENT;
}

static int64_t find_string(const rf_array *a, rf_string *s)
{
    for (uint32_t i = 0; i < a->length; i++)
        if (a->as.values[i].head == RF_STRING && rf_string_equal(a->as.values[i].as.string, s))
            return i;
    return RF_ARRAY_ABSENT;
}

int64_t rf_array_find(rf_isolate *isolate, const rf_array *a, rf_value v)
{
    if (a->object.info == RF_ARRAY_INTS && v.head == RF_INT) return find_int(a, v.as.i);
    if (a->object.info == RF_ARRAY_VALUES && v.head == RF_STRING)
        return find_string(a, v.as.string);
    for (uint32_t i = 0; i < a->length; i++) {
        const int equal = rf_equal(isolate, rf_array_peek(a, i), v);
        if (equal < 0) return RF_ARRAY_RAISED;
        if (equal) return i;
    }
    return RF_ARRAY_ABSENT;
}

bool rf_array_gather(rf_isolate *isolate, rf_value *out, rf_value v)
{
    if (!rf_is_raised(v) && rf_array_push(isolate, out->as.array, v)) return true;
    rf_release(isolate, *out);
    *out = rf_raised();
    return false;
}

/* ---- changing ---- */

rf_value rf_lib_push(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (!rf_args_array(isolate, "push", args, 0)) return rf_raised();
    rf_value result = rf_take(&args[0]);
    rf_array_unique(isolate, &result);
    for (uint32_t i = 1; i < arg_count; i++)
        if (!rf_array_gather(isolate, &result, rf_take(&args[i]))) break;
    return result;
}

rf_value rf_lib_pop(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "pop", args, 0)) return rf_raised();
    rf_value rest = rf_take(&args[0]);
    if (rest.as.array->length == 0) return rf_array_new_pair(isolate, rest, rf_int(0));
    rf_array *a = rf_array_unique(isolate, &rest);
    const rf_value last = rf_array_remove(isolate, a, a->length - 1);
    return rf_array_new_pair(isolate, rest, last);
}

rf_value rf_lib_insert(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t index;
    if (!rf_args_array(isolate, "insert", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "insert", args, 1, &index)) return rf_raised();
    const uint32_t length = args[0].as.array->length;
    if (index < 0 || index > length)
        return rf_raise(isolate, "insert index %lld is out of range for an array of length %u",
                        (long long)index, length);
    rf_value result = rf_take(&args[0]);
    rf_array *a = rf_array_unique(isolate, &result);
    if (rf_array_insert(isolate, a, (uint32_t)index, rf_take(&args[2]))) return result;
    rf_release(isolate, result);
    return rf_raised();
}

static rf_value remove_key(rf_isolate *isolate, rf_value *args)
{
    rf_key key;
    if (!rf_key_from_value(args[1], &key)) return rf_raise(isolate, "Invalid index operation");
    rf_value rest = rf_take(&args[0]);
    if (!rf_dict_has(rest.as.dict, key)) return rf_array_new_pair(isolate, rest, rf_int(0));
    const rf_value removed = rf_dict_remove(isolate, rf_dict_unique(isolate, &rest), key);
    return rf_array_new_pair(isolate, rest, removed);
}

rf_value rf_lib_remove(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_DICT) return remove_key(isolate, args);
    if (!rf_args_want(isolate, "remove", args, 0, RF_KIND(RF_ARRAY), "array or dict"))
        return rf_raised();
    const int64_t index = rf_array_find(isolate, args[0].as.array, args[1]);
    if (index == RF_ARRAY_RAISED) return rf_raised();
    rf_value result = rf_take(&args[0]);
    if (index == RF_ARRAY_ABSENT) return result;
    rf_release(isolate,
               rf_array_remove(isolate, rf_array_unique(isolate, &result), (uint32_t)index));
    return result;
}

rf_value rf_lib_remove_at(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t index;
    if (!rf_args_array(isolate, "remove_at", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "remove_at", args, 1, &index)) return rf_raised();
    const uint32_t length = args[0].as.array->length;
    if (index < 0 || index >= length)
        return rf_raise(isolate, "remove_at index %lld is out of range for an array of length %u",
                        (long long)index, length);
    rf_value rest = rf_take(&args[0]);
    const rf_value removed =
        rf_array_remove(isolate, rf_array_unique(isolate, &rest), (uint32_t)index);
    return rf_array_new_pair(isolate, rest, removed);
}

rf_value rf_lib_clear(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_DICT) return rf_dict_new(isolate, 0);
    if (!rf_args_want(isolate, "clear", args, 0, RF_KIND(RF_ARRAY), "array or dict"))
        return rf_raised();
    return rf_array_new(isolate, 0);
}

/* ---- parts ---- */

/* A position of slice: negative counts from the end, both clamp. */
static uint32_t slice_position(int64_t position, uint32_t length)
{
    if (position < 0) position = position < -(int64_t)length ? 0 : position + length;
    return position > length ? length : (uint32_t)position;
}

rf_value rf_lib_slice(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t start, end;
    const uint32_t kinds = RF_KIND(RF_ARRAY) | RF_KIND(RF_BYTES) | RF_KIND(RF_STRING);
    if (!rf_args_want(isolate, "slice", args, 0, kinds, "array or bytes or string"))
        return rf_raised();
    if (!rf_args_whole(isolate, "slice", args, 1, &start)) return rf_raised();
    if (!rf_args_whole(isolate, "slice", args, 2, &end)) return rf_raised();
    const rf_value v = args[0];
    const uint32_t length = v.head == RF_ARRAY   ? v.as.array->length
                            : v.head == RF_BYTES ? v.as.bytes->size
                                                 : v.as.string->length;
    const uint32_t from = slice_position(start, length);
    uint32_t to = slice_position(end, length);
    if (to < from) to = from;
    if (from == 0 && to == length) return rf_take(&args[0]);
    if (v.head == RF_ARRAY) return rf_array_slice(isolate, v.as.array, from, to);
    if (v.head == RF_BYTES) return rf_bytes_new(isolate, v.as.bytes->data + from, to - from);
    return rf_string_slice(isolate, v.as.string, from, to);
}

rf_value rf_lib_concat(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "concat", args, 0)) return rf_raised();
    if (!rf_args_array(isolate, "concat", args, 1)) return rf_raised();
    rf_value result = rf_take(&args[0]);
    rf_array *a = rf_array_unique(isolate, &result);
    if (rf_array_extend(isolate, a, args[1].as.array)) return result;
    rf_release(isolate, result);
    return rf_raised();
}

rf_value rf_lib_windows(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t size;
    if (!rf_args_array(isolate, "windows", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "windows", args, 1, &size)) return rf_raised();
    const rf_array *a = args[0].as.array;
    if (size <= 0 || size > a->length) return rf_array_new(isolate, 0);
    const uint32_t width = (uint32_t)size;
    rf_value result = rf_array_new(isolate, a->length - width + 1);
    for (uint32_t i = 0; i + width <= a->length; i++)
        if (!rf_array_gather(isolate, &result, rf_array_slice(isolate, a, i, i + width))) break;
    return result;
}

/* ---- whole arrays ---- */

static void reverse_in_place(rf_array *a)
{
    const uint32_t n = a->length;
    switch (a->object.info) {
    case RF_ARRAY_INTS:
    case RF_ARRAY_FLOATS: /* both are eight bytes */
        for (uint32_t i = 0; i < n / 2; i++) {
            const int64_t swap = a->as.ints[i];
            a->as.ints[i] = a->as.ints[n - 1 - i];
            a->as.ints[n - 1 - i] = swap;
        }
        break;
    case RF_ARRAY_BOOLS:
        for (uint32_t i = 0; i < n / 2; i++) {
            const uint8_t swap = a->as.bools[i];
            a->as.bools[i] = a->as.bools[n - 1 - i];
            a->as.bools[n - 1 - i] = swap;
        }
        break;
    default:
        for (uint32_t i = 0; i < n / 2; i++) {
            const rf_value swap = a->as.values[i];
            a->as.values[i] = a->as.values[n - 1 - i];
            a->as.values[n - 1 - i] = swap;
        }
    }
}

rf_value rf_lib_reverse(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "reverse", args, 0)) return rf_raised();
    rf_value result = rf_take(&args[0]);
    reverse_in_place(rf_array_unique(isolate, &result));
    return result;
}

/* Ints are kept apart from the rest, because a set takes 1 and 1.0 for the same. */
rf_value rf_lib_unique(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "unique", args, 0)) return rf_raised();
    const rf_array *a = args[0].as.array;
    rf_value result = rf_array_new(isolate, 0);
    const rf_value ints = rf_set_new(isolate), others = rf_set_new(isolate);
    for (uint32_t i = 0; i < a->length; i++) {
        const rf_value v = rf_array_peek(a, i);
        rf_set *seen = v.head == RF_INT ? ints.as.set : others.as.set;
        const uint32_t before = rf_set_count(seen);
        if (!rf_set_add(isolate, seen, v)) {
            rf_release(isolate, result);
            result = rf_raised();
            break;
        }
        if (rf_set_count(seen) > before && !rf_array_gather(isolate, &result, rf_copy(v))) break;
    }
    rf_release(isolate, ints);
    rf_release(isolate, others);
    return result;
}

/* ---- numbers ---- */

static rf_value sum_ints(rf_isolate *isolate, const rf_array *a)
{
    int64_t total = 0;
    for (uint32_t i = 0; i < a->length; i++) {
        const int64_t number = a->as.ints[i], before = total;
        if (__builtin_add_overflow(total, number, &total))
            return rf_raise(isolate, "Integer overflow: %lld + %lld", (long long)before,
                            (long long)number);
    }
    return rf_int(total);
}

static rf_value sum_values(rf_isolate *isolate, const rf_array *a)
{
    int64_t whole = 0;
    double real = 0;
    bool is_real = false;
    for (uint32_t i = 0; i < a->length; i++) {
        const rf_value v = rf_array_peek(a, i);
        if (v.head == RF_FLOAT) {
            real = is_real ? real + v.as.d : (double)whole + v.as.d;
            is_real = true;
        } else if (v.head == RF_INT && is_real) {
            real += (double)v.as.i;
        } else if (v.head == RF_INT) {
            const int64_t before = whole;
            if (__builtin_add_overflow(whole, v.as.i, &whole))
                return rf_raise(isolate, "Integer overflow: %lld + %lld", (long long)before,
                                (long long)v.as.i);
        }
    }
    return is_real ? rf_float(real) : rf_int(whole);
}

rf_value rf_lib_sum(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "sum", args, 0)) return rf_raised();
    const rf_array *a = args[0].as.array;
    return a->object.info == RF_ARRAY_INTS ? sum_ints(isolate, a) : sum_values(isolate, a);
}

/* How many numbers start, start + step, ... lie before stop. */
static uint64_t range_count(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0 ? start >= stop : start <= stop) return 0;
    const uint64_t distance =
        step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    const uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    return (distance - 1) / stride + 1;
}

rf_value rf_array_of_range(rf_isolate *isolate, int64_t start, int64_t stop, int64_t step)
{
    const uint64_t count = range_count(start, stop, step);
    if (count > INT32_MAX) return rf_raise(isolate, "Collection too large");
    if (count == 0) return rf_array_new(isolate, 0);
    rf_value result = rf_array_new_ints(isolate, count);
    if (rf_is_raised(result)) return result;
    int64_t *numbers = result.as.array->as.ints;
    uint64_t number = (uint64_t)start; /* the step after the last may leave the range of int64_t */
    for (uint64_t i = 0; i < count; i++, number += (uint64_t)step) numbers[i] = (int64_t)number;
    return result;
}

rf_value rf_lib_range(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    int64_t start = 0, stop, step = 1;
    if (arg_count == 1) {
        if (!rf_args_whole(isolate, "range", args, 0, &stop)) return rf_raised();
    } else {
        if (!rf_args_whole(isolate, "range", args, 0, &start)) return rf_raised();
        if (!rf_args_whole(isolate, "range", args, 1, &stop)) return rf_raised();
        if (arg_count == 3 && !rf_args_whole(isolate, "range", args, 2, &step)) return rf_raised();
    }
    if (step == 0) return rf_raise(isolate, "range step must not be 0");
    return rf_array_of_range(isolate, start, stop, step);
}
