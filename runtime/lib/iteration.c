/* Functions that take arrays, generators and iterators alike (BUILTINS 8 and 11), the methods of
 * generators, and the internal built-ins of the prelude.  Functions that call back are in
 * prelude.ruff. */
#include <math.h>

#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "value/operate.h"

/* ---- walking in C ---- */

/* Drops what was gathered in *out, which becomes RAISED. */
static rf_value fail(rf_isolate *isolate, rf_value out)
{
    rf_release(isolate, out);
    return rf_raised();
}

/* Array of what `for` would yield from source, after the first `skip` and at most `limit` of it;
 * pulls no more than that. */
static rf_value gather(rf_isolate *isolate, rf_value source, int64_t skip, int64_t limit)
{
    rf_value out = rf_array_new(isolate, 0);
    rf_iteration walk;
    if (limit <= 0) return out;
    if (!rf_iteration_start(isolate, &walk, source)) return fail(isolate, out);
    for (int64_t at = 0; at - skip < limit; at++) {
        rf_value v = rf_iteration_next(isolate, &walk);
        if (v.head == RF_UNSET) break;
        if (!rf_is_raised(v) && at < skip)
            rf_release(isolate, v);
        else if (!rf_array_gather(isolate, &out, v))
            break;
    }
    rf_iteration_end(isolate, &walk);
    return out;
}

static rf_value gather_all(rf_isolate *isolate, rf_value source)
{
    return gather(isolate, source, 0, INT64_MAX);
}

rf_value rf_lib_collect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_value v = args[0];
    if (v.head == RF_ARRAY) return rf_take(&args[0]);
    if (v.head == RF_INT) return rf_array_of_range(isolate, 0, v.as.i, 1);
    if (v.head == RF_FLOAT && isfinite(v.as.d))
        return rf_array_of_range(isolate, 0, rf_float_to_int(v.as.d), 1);
    return gather_all(isolate, v);
}

/* Makes args[0], checked to be iterable, an array. */
static bool to_array(rf_isolate *isolate, rf_value *args)
{
    if (args[0].head == RF_ARRAY) return true;
    rf_value all = gather_all(isolate, args[0]);
    if (rf_is_raised(all)) return false;
    rf_store(isolate, &args[0], all);
    return true;
}

/* ---- functions of arrays and generators ---- */

rf_value rf_lib_take(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t count;
    if (!rf_args_iterable(isolate, "take", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "take", args, 1, &count)) return rf_raised();
    if (args[0].head != RF_ARRAY) return gather(isolate, args[0], 0, count);
    const rf_array *a = args[0].as.array;
    if (count <= 0) return rf_array_new(isolate, 0);
    if (count >= a->length) return rf_take(&args[0]);
    return rf_array_slice(isolate, a, 0, (uint32_t)count);
}

rf_value rf_lib_skip(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t count;
    if (!rf_args_iterable(isolate, "skip", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "skip", args, 1, &count)) return rf_raised();
    if (count < 0) count = 0;
    if (args[0].head != RF_ARRAY) return gather(isolate, args[0], count, INT64_MAX);
    const rf_array *a = args[0].as.array;
    if (count == 0) return rf_take(&args[0]);
    if (count >= a->length) return rf_array_new(isolate, 0);
    return rf_array_slice(isolate, a, (uint32_t)count, a->length);
}

rf_value rf_lib_enumerate(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_iterable(isolate, "enumerate", args, 0) || !to_array(isolate, args))
        return rf_raised();
    const rf_array *a = args[0].as.array;
    rf_value out = rf_array_new(isolate, a->length);
    for (uint32_t i = 0; i < a->length; i++)
        if (!rf_array_gather(isolate, &out, rf_array_new_pair(isolate, rf_int(i), rf_array_get(a, i))))
            break;
    return out;
}

/* Pulls the left side first, so that an exhausted right side leaves one value of the left lost
 * (LANGUAGE 11.4). */
static rf_value zip_walks(rf_isolate *isolate, rf_iteration *left, rf_iteration *right)
{
    rf_value out = rf_array_new(isolate, 0);
    for (;;) {
        rf_value x = rf_iteration_next(isolate, left);
        if (x.head == RF_UNSET) return out;
        if (rf_is_raised(x)) return fail(isolate, out);
        rf_value y = rf_iteration_next(isolate, right);
        if (y.head == RF_UNSET || rf_is_raised(y)) {
            rf_release(isolate, x);
            return y.head == RF_UNSET ? out : fail(isolate, out);
        }
        if (!rf_array_gather(isolate, &out, rf_array_new_pair(isolate, x, y))) return out;
    }
}

rf_value rf_lib_zip(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_iterable(isolate, "zip", args, 0)) return rf_raised();
    if (!rf_args_iterable(isolate, "zip", args, 1)) return rf_raised();
    rf_iteration left, right;
    if (!rf_iteration_start(isolate, &left, args[0])) return rf_raised();
    rf_value out = rf_raised();
    if (rf_iteration_start(isolate, &right, args[1])) {
        out = zip_walks(isolate, &left, &right);
        rf_iteration_end(isolate, &right);
    }
    rf_iteration_end(isolate, &left);
    return out;
}

rf_value rf_lib_flatten(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_iterable(isolate, "flatten", args, 0) || !to_array(isolate, args))
        return rf_raised();
    const rf_array *a = args[0].as.array;
    rf_value out = rf_array_new(isolate, a->length);
    for (uint32_t i = 0; i < a->length; i++) {
        const rf_value v = rf_array_peek(a, i);
        if (v.head != RF_ARRAY) {
            if (!rf_array_gather(isolate, &out, rf_copy(v))) return out;
        } else if (!rf_array_extend(isolate, out.as.array, v.as.array)) {
            return fail(isolate, out);
        }
    }
    return out;
}

rf_value rf_lib_chunk(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t size;
    if (!rf_args_iterable(isolate, "chunk", args, 0)) return rf_raised();
    if (!rf_args_whole(isolate, "chunk", args, 1, &size) || !to_array(isolate, args))
        return rf_raised();
    const rf_array *a = args[0].as.array;
    rf_value out = rf_array_new(isolate, 0);
    if (size <= 0) {
        rf_array_gather(isolate, &out, rf_copy(args[0]));
        return out;
    }
    for (uint32_t at = 0; at < a->length;) {
        const uint32_t stop = size < a->length - at ? at + (uint32_t)size : a->length;
        if (!rf_array_gather(isolate, &out, rf_array_slice(isolate, a, at, stop))) break;
        at = stop;
    }
    return out;
}

/* ---- methods of generators and iterators ---- */

rf_value rf_lib_generator_next(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    rf_value v = isolate->engine->generator_next(isolate, args[0].as.generator);
    if (rf_is_raised(v)) return v;
    return v.head == RF_UNSET ? rf_none() : rf_wrap_value(isolate, RF_SOME, v);
}

rf_value rf_lib_generator_iter(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    return rf_take(&args[0]);
}

rf_value rf_lib_generator_collect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return gather_all(isolate, args[0]);
}

rf_value rf_lib_iterator_next(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return rf_lib_generator_next(isolate, args, arg_count);
}

rf_value rf_lib_iterator_iter(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return rf_lib_generator_iter(isolate, args, arg_count);
}

rf_value rf_lib_iterator_collect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return rf_lib_generator_collect(isolate, args, arg_count);
}

/* ---- internal built-ins of the prelude ---- */

/* Name of a method of this generator or iterator in messages, "Generator.map". */
static const char *method_name(rf_value generator, const char *method, char out[32])
{
    const bool is_iterator = generator.as.generator->is_iterator;
    size_t at = 0;
    for (const char *from = is_iterator ? "Iterator." : "Generator."; *from; from++)
        out[at++] = *from;
    for (; *method && at < 31; method++) out[at++] = *method;
    out[at] = '\0';
    return out;
}

/* __check(name, a, f): a is iterable, f callable */
rf_value rf_lib_internal_check(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *name = args[0].as.string->text;
    if (!rf_args_iterable(isolate, name, args + 1, 0)) return rf_raised();
    if (!rf_args_callable(isolate, name, args + 1, 1)) return rf_raised();
    return rf_null();
}

/* __is_swapped(name, a, init, f): checks the arguments of reduce (name null: of the method); true
 * when the function stands before the initial value */
rf_value rf_lib_internal_is_swapped(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    char small[32];
    const bool is_method = args[0].head == RF_NULL;
    const char *name = is_method ? method_name(args[1], "reduce", small) : args[0].as.string->text;
    if (!is_method && !rf_args_iterable(isolate, name, args + 1, 0)) return rf_raised();
    if (args[3].head == RF_FUNCTION) return rf_bool(false);
    if (args[2].head == RF_FUNCTION) return rf_bool(true);
    return rf_args_wrong(isolate, name, is_method ? 1 : 2, "function", args[3]);
}

/* A closure whose call makes a generator. */
static bool is_generator_function(rf_value v)
{
    return v.head == RF_FUNCTION && v.as.function->object.info == RF_FUNCTION_CLOSURE &&
           v.as.function->func->is_generator;
}

/* __is_generator(x): true for a generator or iterator, false for anything else that `for` walks;
 * else raises */
rf_value rf_lib_internal_is_generator(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head == RF_GENERATOR) return rf_bool(true);
    if (is_generator_function(args[0])) return rf_bool(false);
    rf_iteration walk;
    if (!rf_iteration_start(isolate, &walk, args[0])) return rf_raised();
    rf_iteration_end(isolate, &walk);
    return rf_bool(false);
}

/* __iterator(g): the generator of a prelude stage as an iterator */
rf_value rf_lib_internal_iterator(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    args[0].as.generator->is_iterator = true;
    return rf_take(&args[0]);
}

/* __check_stage(method, g, f): f is callable */
rf_value rf_lib_internal_check_stage(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    char small[32];
    if (args[2].head == RF_FUNCTION) return rf_null();
    return rf_args_wrong(isolate, method_name(args[1], args[0].as.string->text, small), 0,
                         "function", args[2]);
}

/* __check_other(g, other): other can be zipped with g */
rf_value rf_lib_internal_check_other(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    char small[32];
    if (!rf_args_iterable(isolate, method_name(args[0], "zip", small), args + 1, 0))
        return rf_raised();
    return rf_null();
}

/* __count(method, g, n): n as an int */
rf_value rf_lib_internal_count(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    char small[32];
    int64_t count;
    if (!rf_args_whole(isolate, method_name(args[1], args[0].as.string->text, small), args + 2, 0,
                       &count))
        return rf_raised();
    return rf_int(count);
}

/* __is_before(c): what a comparator's result says */
rf_value rf_lib_internal_is_before(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    switch (args[0].head) {
    case RF_BOOL: return args[0];
    case RF_INT: return rf_bool(args[0].as.i < 0);
    case RF_FLOAT: return rf_bool(args[0].as.d < 0);
    default: return rf_raise(isolate, "sort comparator must return a number or bool");
    }
}

/* __room(a): an empty array with room for as many elements as a has, if it is an array */
rf_value rf_lib_internal_room(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return rf_array_new(isolate, args[0].head == RF_ARRAY ? args[0].as.array->length : 0);
}
