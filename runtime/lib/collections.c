/* Sets, queues and stacks (BUILTINS 10).  Given another kind they answer an empty set, queue or
 * stack, null, false or
 * [], except where the list says that they raise. */
#include "value/collection.h"

#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"

/* Releases what was made so far; RAISED. */
static rf_value fail(rf_isolate *isolate, rf_value made)
{
    rf_release(isolate, made);
    return rf_raised();
}

/* ---- sets ---- */

rf_value rf_lib_Set(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    if (arg_count && !rf_args_array(isolate, "Set", args, 0)) return rf_raised();
    rf_value result = rf_set_new(isolate);
    const uint32_t count = arg_count ? args[0].as.array->length : 0;
    for (uint32_t i = 0; i < count; i++)
        if (!rf_set_add(isolate, result.as.set, rf_array_peek(args[0].as.array, i)))
            return fail(isolate, result);
    return result;
}

/* Would changing the set copy it?  Then look first whether there is anything to change. */
static bool is_shared(rf_value v)
{
    return v.as.o->count != 1;
}

rf_value rf_lib_set_add(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_SET) return rf_set_new(isolate);
    const int has = is_shared(args[0]) ? rf_set_has(isolate, args[0].as.set, args[1]) : 0;
    if (has < 0) return rf_raised();
    rf_value result = rf_take(&args[0]);
    if (has) return result;
    if (!rf_set_add(isolate, rf_set_unique(isolate, &result), args[1]))
        return fail(isolate, result);
    return result;
}

rf_value rf_lib_set_has(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_SET) return rf_bool(false);
    const int has = rf_set_has(isolate, args[0].as.set, args[1]);
    return has < 0 ? rf_raised() : rf_bool(has);
}

rf_value rf_lib_set_remove(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_SET) return rf_set_new(isolate);
    const int has = is_shared(args[0]) ? rf_set_has(isolate, args[0].as.set, args[1]) : 1;
    if (has < 0) return rf_raised();
    rf_value result = rf_take(&args[0]);
    if (!has) return result;
    if (!rf_set_remove(isolate, rf_set_unique(isolate, &result), args[1]))
        return fail(isolate, result);
    return result;
}

rf_value rf_lib_set_union(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_SET || args[1].head != RF_SET) return rf_set_new(isolate);
    rf_value result = rf_take(&args[0]);
    rf_set *s = rf_set_unique(isolate, &result);
    rf_value element;
    for (uint32_t at = 0; rf_set_next(args[1].as.set, &at, &element);)
        if (!rf_set_add(isolate, s, element)) return fail(isolate, result);
    return result;
}

/* The elements of args[0] that are (or are not) in args[1]. */
static rf_value select_elements(rf_isolate *isolate, const rf_value *args, bool wanted)
{
    if (args[0].head != RF_SET || args[1].head != RF_SET) return rf_set_new(isolate);
    rf_value result = rf_set_new(isolate);
    rf_value element;
    for (uint32_t at = 0; rf_set_next(args[0].as.set, &at, &element);) {
        const int has = rf_set_has(isolate, args[1].as.set, element);
        if (has < 0) return fail(isolate, result);
        if ((has == 1) == wanted && !rf_set_add(isolate, result.as.set, element))
            return fail(isolate, result);
    }
    return result;
}

rf_value rf_lib_set_intersect(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return select_elements(isolate, args, true);
}

rf_value rf_lib_set_difference(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return select_elements(isolate, args, false);
}

rf_value rf_lib_set_to_array(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (args[0].head != RF_SET) return rf_array_new(isolate, 0);
    rf_value result = rf_array_new(isolate, rf_set_count(args[0].as.set));
    rf_value element;
    for (uint32_t at = 0; rf_set_next(args[0].as.set, &at, &element);)
        if (!rf_array_gather(isolate, &result, rf_copy(element))) break;
    return result;
}

/* ---- what queues and stacks share ---- */

static rf_value sequence_from(rf_isolate *isolate, rf_value *args, uint32_t arg_count, unsigned tag)
{
    rf_value result = rf_sequence_new(isolate, tag);
    if (!arg_count || args[0].head != RF_ARRAY) return result;
    const rf_array *a = args[0].as.array;
    for (uint32_t i = 0; i < a->length; i++)
        if (!rf_sequence_push(isolate, result.as.sequence, rf_array_get(a, i)))
            return fail(isolate, result);
    return result;
}

static rf_value sequence_push(rf_isolate *isolate, rf_value *args, unsigned tag)
{
    if (args[0].head != tag) return rf_sequence_new(isolate, tag);
    rf_value result = rf_take(&args[0]);
    rf_sequence *s = rf_sequence_unique(isolate, &result);
    if (!rf_sequence_push(isolate, s, rf_take(&args[1]))) return fail(isolate, result);
    return result;
}

/* The pair of what is left and the element taken, null when there is none. */
static rf_value sequence_take(rf_isolate *isolate, rf_value *args, unsigned tag,
                              rf_value (*take)(rf_isolate *isolate, rf_sequence *s))
{
    if (args[0].head != tag)
        return rf_array_new_pair(isolate, rf_sequence_new(isolate, tag), rf_null());
    rf_value rest = rf_take(&args[0]);
    if (rf_sequence_count(rest.as.sequence) == 0) return rf_array_new_pair(isolate, rest, rf_null());
    const rf_value taken = take(isolate, rf_sequence_unique(isolate, &rest));
    return rf_array_new_pair(isolate, rest, taken);
}

static rf_value sequence_is_empty(rf_value v, unsigned tag)
{
    return rf_bool(v.head == tag && rf_sequence_count(v.as.sequence) == 0);
}

static rf_value sequence_to_array(rf_isolate *isolate, rf_value v, unsigned tag)
{
    if (v.head != tag) return rf_array_new(isolate, 0);
    const uint32_t count = rf_sequence_count(v.as.sequence);
    rf_value result = rf_array_new(isolate, count);
    for (uint32_t i = 0; i < count; i++)
        if (!rf_array_gather(isolate, &result, rf_copy(rf_sequence_peek(v.as.sequence, i)))) break;
    return result;
}

/* ---- queues ---- */

rf_value rf_lib_Queue(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return sequence_from(isolate, args, arg_count, RF_QUEUE);
}

rf_value rf_lib_queue_enqueue(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_push(isolate, args, RF_QUEUE);
}

rf_value rf_lib_queue_dequeue(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_take(isolate, args, RF_QUEUE, rf_sequence_take_front);
}

rf_value rf_lib_queue_peek(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    if (args[0].head != RF_QUEUE || rf_sequence_count(args[0].as.sequence) == 0) return rf_null();
    return rf_copy(rf_sequence_peek(args[0].as.sequence, 0));
}

rf_value rf_lib_queue_is_empty(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    return sequence_is_empty(args[0], RF_QUEUE);
}

rf_value rf_lib_queue_size(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "queue_size", args, 0, RF_KIND(RF_QUEUE), "queue"))
        return rf_raised();
    return rf_int(rf_sequence_count(args[0].as.sequence));
}

rf_value rf_lib_queue_to_array(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_to_array(isolate, args[0], RF_QUEUE);
}

/* ---- stacks ---- */

rf_value rf_lib_Stack(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return sequence_from(isolate, args, arg_count, RF_STACK);
}

rf_value rf_lib_stack_push(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_push(isolate, args, RF_STACK);
}

rf_value rf_lib_stack_pop(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_take(isolate, args, RF_STACK, rf_sequence_take_back);
}

rf_value rf_lib_stack_peek(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    if (args[0].head != RF_STACK) return rf_null();
    const uint32_t count = rf_sequence_count(args[0].as.sequence);
    return count ? rf_copy(rf_sequence_peek(args[0].as.sequence, count - 1)) : rf_null();
}

rf_value rf_lib_stack_is_empty(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate;
    (void)arg_count;
    return sequence_is_empty(args[0], RF_STACK);
}

rf_value rf_lib_stack_size(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_want(isolate, "stack_size", args, 0, RF_KIND(RF_STACK), "stack"))
        return rf_raised();
    return rf_int(rf_sequence_count(args[0].as.sequence));
}

rf_value rf_lib_stack_to_array(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return sequence_to_array(isolate, args[0], RF_STACK);
}
