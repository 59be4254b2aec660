/* Structural equality (LANGUAGE 5.8).
 *
 * Containers are compared with an explicit stack of pairs, so the depth of data costs no C stack;
 * only sets, where an element has to be searched for, recurse, on a fresh stack segment when the
 * present one is nearly used up. */
#include "value/array.h"
#include "value/collection.h"
#include "value/error_value.h"
#include "value/object.h"
#include "value/operate.h"

#include "base/alloc.h"

#include <string.h>

enum { NESTING_LIMIT = 4096, INLINE_PAIRS = 16, DESCEND = 2 };

typedef struct pair {
    rf_value a, b; /* containers of one kind and size; borrowed */
    uint32_t at;   /* next part */
} pair;

typedef struct pair_stack {
    pair inline_pairs[INLINE_PAIRS];
    pair *pairs;
    uint32_t count, capacity;
} pair_stack;

static void push(pair_stack *stack, rf_value a, rf_value b)
{
    if (stack->count == stack->capacity) {
        pair *pairs = rf_alloc_array(pair, stack->capacity * 2);
        memcpy(pairs, stack->pairs, stack->count * sizeof(pair));
        if (stack->pairs != stack->inline_pairs) rf_free(stack->pairs);
        stack->pairs = pairs;
        stack->capacity *= 2;
    }
    stack->pairs[stack->count++] = (pair){a, b, 0};
}

static rf_value content_of(rf_value wrapped)
{
    wrapped.head &= 0xFF;
    return wrapped.head == RF_BOX ? wrapped.as.box->content : wrapped;
}

/* ---- without looking into parts ---- */

static int numbers_equal(rf_value a, rf_value b)
{
    if (a.head == RF_INT && b.head == RF_INT) return a.as.i == b.as.i;
    double x = a.head == RF_INT ? (double)a.as.i : a.as.d;
    double y = b.head == RF_INT ? (double)b.as.i : b.as.d;
    return rf_floats_equal(x, y);
}

static int arrays_equal(const rf_array *a, const rf_array *b)
{
    if (a == b && a->object.info != RF_ARRAY_VALUES && a->object.info != RF_ARRAY_FLOATS) return 1;
    if (a->length != b->length) return 0;
    if (!a->length) return 1;
    if (a->object.info != b->object.info || a->object.info == RF_ARRAY_VALUES) return DESCEND;
    switch (a->object.info) {
    case RF_ARRAY_INTS: return memcmp(a->as.ints, b->as.ints, a->length * sizeof(int64_t)) == 0;
    case RF_ARRAY_BOOLS: return memcmp(a->as.bools, b->as.bools, a->length) == 0;
    default:
        for (uint32_t i = 0; i < a->length; i++)
            if (!rf_floats_equal(a->as.floats[i], b->as.floats[i])) return 0;
        return 1;
    }
}

static int dicts_equal(const rf_dict *a, const rf_dict *b)
{
    if (rf_dict_count(a) != rf_dict_count(b)) return 0;
    rf_key key;
    rf_value value;
    if (a != b)
        for (uint32_t at = 0; rf_dict_next(a, &at, &key, &value);)
            if (!rf_dict_has(b, key)) return 0;
    return DESCEND;
}

static int functions_equal(const rf_function *a, const rf_function *b)
{
    if (a == b) return 1;
    return a->object.info == RF_FUNCTION_BUILTIN && b->object.info == RF_FUNCTION_BUILTIN &&
           strcmp(a->builtin->canonical, b->builtin->canonical) == 0;
}

static int enums_equal(const rf_enum *a, const rf_enum *b)
{
    if (a->def->identity != b->def->identity || a->variant != b->variant || a->count != b->count)
        return 0;
    return a->count ? DESCEND : 1;
}

static int channels_equal(rf_isolate *isolate, rf_value a, rf_value b)
{
    if (a.as.o == b.as.o) return 1;
    const rf_sched_hooks *hooks = isolate->sched_hooks;
    return hooks && hooks->same_channel && hooks->same_channel(a.as.channel, b.as.channel);
}

/* 1, 0, or DESCEND when the parts decide. */
static int compare(rf_isolate *isolate, rf_value a, rf_value b)
{
    bool a_is_number = a.head == RF_INT || a.head == RF_FLOAT;
    if (a_is_number && (b.head == RF_INT || b.head == RF_FLOAT)) return numbers_equal(a, b);
    if (rf_wrap_of(a) || rf_wrap_of(b)) return rf_wrap_of(a) == rf_wrap_of(b) ? DESCEND : 0;
    if (a.head != b.head) return 0;
    switch (rf_tag_of(a)) {
    case RF_UNSET:
    case RF_NULL:
    case RF_NONE: return 1;
    case RF_BOOL: return a.as.i == b.as.i;
    case RF_STRING: return rf_string_equal(a.as.string, b.as.string);
    case RF_BYTES:
        return a.as.bytes->size == b.as.bytes->size &&
               memcmp(a.as.bytes->data, b.as.bytes->data, a.as.bytes->size) == 0;
    case RF_ARRAY: return arrays_equal(a.as.array, b.as.array);
    case RF_DICT: return dicts_equal(a.as.dict, b.as.dict);
    case RF_SET: return rf_set_count(a.as.set) == rf_set_count(b.as.set) ? DESCEND : 0;
    case RF_QUEUE:
    case RF_STACK:
        return rf_sequence_count(a.as.sequence) == rf_sequence_count(b.as.sequence) ? DESCEND : 0;
    case RF_STRUCT:
        return a.as.instance->layout->def->identity == b.as.instance->layout->def->identity
                   ? DESCEND
                   : 0;
    case RF_ENUM: return enums_equal(a.as.variant, b.as.variant);
    case RF_ERROR: return a.as.error->line == b.as.error->line ? DESCEND : 0;
    case RF_FUNCTION: return functions_equal(a.as.function, b.as.function);
    case RF_STRUCTDEF: return a.as.structdef->identity == b.as.structdef->identity;
    case RF_ENUMDEF: return a.as.enumdef->identity == b.as.enumdef->identity;
    case RF_CHANNEL: return channels_equal(isolate, a, b);
    default: return a.as.o == b.as.o;
    }
}

/* ---- parts ---- */

static bool error_part(const rf_error *a, const rf_error *b, uint32_t at, rf_value *x, rf_value *y)
{
    switch (at) {
    case 0: *x = a->message, *y = b->message; return true;
    case 1: *x = a->stack, *y = b->stack; return true;
    case 2: *x = a->cause, *y = b->cause; return true;
    case 3: *x = a->value, *y = b->value; return true;
    default: return false;
    }
}

/* The next two parts to compare (borrowed); false at the end.  Not for sets. */
static bool next_parts(pair *p, rf_value *x, rf_value *y)
{
    rf_value a = p->a, b = p->b;
    if (rf_wrap_of(a)) {
        *x = content_of(a);
        *y = content_of(b);
        return p->at++ == 0;
    }
    switch (rf_tag_of(a)) {
    case RF_ARRAY:
        if (p->at == a.as.array->length) return false;
        *x = rf_array_peek(a.as.array, p->at);
        *y = rf_array_peek(b.as.array, p->at++);
        return true;
    case RF_DICT: {
        rf_key key;
        if (!rf_dict_next(a.as.dict, &p->at, &key, x)) return false;
        *y = rf_dict_peek(b.as.dict, key);
        return true;
    }
    case RF_STRUCT:
        if (p->at == a.as.instance->layout->field_count) return false;
        *x = rf_struct_peek(a.as.instance, p->at);
        *y = rf_struct_peek(b.as.instance, p->at++);
        return true;
    case RF_ENUM:
        if (p->at == a.as.variant->count) return false;
        *x = a.as.variant->payload[p->at];
        *y = b.as.variant->payload[p->at++];
        return true;
    case RF_ERROR: return error_part(a.as.error, b.as.error, p->at++, x, y);
    default: /* queue, stack */
        if (p->at == rf_sequence_count(a.as.sequence)) return false;
        *x = rf_sequence_peek(a.as.sequence, p->at);
        *y = rf_sequence_peek(b.as.sequence, p->at++);
        return true;
    }
}

/* ---- sets ---- */

typedef struct set_pair {
    rf_isolate *isolate;
    const rf_set *a, *b;
    int result;
} set_pair;

static void compare_sets(void *context)
{
    set_pair *p = context;
    rf_value element;
    p->result = 1;
    for (uint32_t at = 0; p->result == 1 && rf_set_next(p->a, &at, &element);)
        p->result = rf_set_has(p->isolate, p->b, element);
}

static int sets_equal(rf_isolate *isolate, const rf_set *a, const rf_set *b, uint32_t depth)
{
    set_pair p = {isolate, a, b, 0};
    uint32_t outer = isolate->compare_depth;
    isolate->compare_depth = depth;
    const rf_sched_hooks *hooks = isolate->sched_hooks;
    bool is_low = (char *)__builtin_frame_address(0) < isolate->stack_limit;
    if (is_low && hooks && hooks->stack_call)
        hooks->stack_call(isolate, compare_sets, &p);
    else
        compare_sets(&p);
    isolate->compare_depth = outer;
    return p.result;
}

/* ---- all ---- */

/* Is v a level of data nesting (LANGUAGE 21.2)? */
static bool is_level(rf_value v)
{
    if (rf_wrap_of(v)) return true;
    switch (rf_tag_of(v)) {
    case RF_ARRAY:
    case RF_DICT:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK:
    case RF_STRUCT:
    case RF_ERROR: return true;
    case RF_ENUM: return v.as.variant->count != 0;
    default: return false;
    }
}

static int raise_nesting(rf_isolate *isolate)
{
    rf_raise(isolate, "Maximum data nesting depth of %d exceeded", NESTING_LIMIT);
    return -1;
}

/* Compares parts of the topmost pair until one decides, or has to be descended into. */
static int compare_parts(rf_isolate *isolate, pair *top, bool is_deepest, rf_value *x, rf_value *y)
{
    int result = 1;
    while (result == 1 && next_parts(top, x, y)) {
        if (RF_UNLIKELY(is_deepest) && is_level(*x) && rf_tag_of(*x) == rf_tag_of(*y))
            return raise_nesting(isolate);
        result = compare(isolate, *x, *y);
    }
    return result;
}

static int walk(rf_isolate *isolate, pair_stack *stack)
{
    while (stack->count) {
        uint32_t depth = isolate->compare_depth + stack->count;
        pair *top = &stack->pairs[stack->count - 1];
        rf_value x, y;
        int result = top->a.head == RF_SET
                         ? sets_equal(isolate, top->a.as.set, top->b.as.set, depth)
                         : compare_parts(isolate, top, depth == NESTING_LIMIT, &x, &y);
        if (result <= 0) return result;
        if (result == DESCEND)
            push(stack, x, y);
        else
            stack->count--;
    }
    return 1;
}

int rf_equal(rf_isolate *isolate, rf_value a, rf_value b)
{
    if (RF_UNLIKELY(isolate->compare_depth == NESTING_LIMIT) && is_level(a) && is_level(b))
        return raise_nesting(isolate);
    int result = compare(isolate, a, b);
    if (result != DESCEND) return result;
    pair_stack stack;
    stack.pairs = stack.inline_pairs;
    stack.count = 0;
    stack.capacity = INLINE_PAIRS;
    push(&stack, a, b);
    result = walk(isolate, &stack);
    if (stack.pairs != stack.inline_pairs) rf_free(stack.pairs);
    return result;
}
