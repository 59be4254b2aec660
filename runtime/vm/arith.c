/* Operators on anything but two ints or two floats. */
#include "value/array.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/operate.h"
#include "value/string_grow.h"
#include "vm/slow.h"

/* ---- sums that may grow their left operand ---- */

/* Joining b to a cannot fail and runs no user code. */
static bool can_grow(rf_value a, rf_value b)
{
    const uint32_t limit = 1u << 30;
    if (a.head == RF_STRING && a.as.string->size < limit)
        return b.head == RF_STRING ? b.as.string->size < limit : b.head < RF_HEAP_FIRST;
    return a.head == RF_ARRAY && b.head == RF_ARRAY && a.as.array->length < limit &&
           b.as.array->length < limit;
}

/* R[a] = R[b] + right where R[b] may be given away: a temporary, or the local that gets the result. */
static bool add(rf_isolate *isolate, rf_frame *fp, uint32_t a, uint32_t b, rf_value right, uint32_t c)
{
    rf_value *left = &fp->base[b];
    const bool is_temp = b >= fp->proto->temp_base;
    rf_value result;
    if (c != b && (is_temp || (a == b && can_grow(*left, right))))
        result = rf_add_stealing(isolate, rf_take(left), right);
    else
        result = rf_binary(isolate, RF_OPER_ADD, *left, right);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, b);
    rf_vm_use(isolate, fp, c);
    rf_store(isolate, &fp->base[a], result);
    return true;
}

static bool is_growable(rf_value v)
{
    return v.head == RF_STRING || v.head == RF_ARRAY;
}

bool rf_vm_binary(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t a, uint32_t b, rf_value right,
                  uint32_t c)
{
    const rf_value left = fp->base[b];
    if (op == RF_OPER_ADD && a == b && left.head == RF_STRING && right.head == RF_STRING &&
        rf_string_append_in_place(left.as.string, right.as.string)) {
        if (c != b) rf_vm_use(isolate, fp, c);
        return true;
    }
    if (op == RF_OPER_ADD && is_growable(left)) return add(isolate, fp, a, b, right, c);
    rf_value result = rf_binary(isolate, op, left, right);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, b);
    rf_vm_use(isolate, fp, c);
    rf_store(isolate, &fp->base[a], result);
    return true;
}

bool rf_vm_constant_left(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, rf_instruction in)
{
    rf_value result = rf_binary(isolate, op, fp->proto->constants[in.b], fp->base[in.c]);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, in.c);
    rf_store(isolate, &fp->base[in.a], result);
    return true;
}

bool rf_vm_add_place(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *left = &fp->base[in.a];
    const rf_value right = fp->base[in.b];
    rf_place_info *place = fp->proto->places[in.c];
    const bool is_own_root = place->root == RF_REF_LOCAL && place->index == in.b; /* xs[0] += xs: looked at, not held */
    if (can_grow(*left, right) && left->as.o != right.as.o && !is_own_root) rf_vm_detach(isolate, fp, place, *left);
    return rf_vm_binary(isolate, fp, RF_OPER_ADD, in.a, in.a, right, in.b);
}

/* ---- comparisons ---- */

int rf_vm_compare(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t b, rf_value right, uint32_t c)
{
    rf_value result = rf_binary(isolate, op, fp->base[b], right);
    if (rf_is_raised(result)) return -1;
    rf_vm_use(isolate, fp, b);
    rf_vm_use(isolate, fp, c);
    const int outcome = rf_truthy(result);
    rf_release(isolate, result);
    return outcome;
}

bool rf_vm_unary(rf_isolate *isolate, rf_frame *fp, rf_op_kind op, uint32_t a, uint32_t b)
{
    rf_value result = rf_unary(isolate, op, fp->base[b]);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, b);
    rf_store(isolate, &fp->base[a], result);
    return true;
}

bool rf_vm_truth(rf_isolate *isolate, rf_frame *fp, uint32_t reg)
{
    const bool truth = rf_truthy(fp->base[reg]);
    rf_vm_use(isolate, fp, reg);
    return truth;
}

/* ---- texts ---- */

/* The first part is a long text that nobody else holds, as in s := "${s}${x},": the others go behind it. */
static bool can_take_more(rf_value first, uint32_t count)
{
    enum { LONG = 256 };
    return first.head == RF_STRING && first.as.o->count == 1 && count > 1 && first.as.string->size >= LONG;
}

static rf_value append_parts(rf_isolate *isolate, rf_value *parts, uint32_t count)
{
    rf_value rest = rf_concat(isolate, parts + 1, count - 1);
    if (rf_is_raised(rest)) return rest;
    const rf_value result = rf_string_concat(isolate, rf_take(&parts[0]), rest);
    rf_release(isolate, rest);
    return result;
}

bool rf_vm_concat(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *parts = &fp->base[in.b];
    rf_value result = can_take_more(parts[0], in.c) ? append_parts(isolate, parts, in.c) : rf_concat(isolate, parts, in.c);
    if (rf_is_raised(result)) return false;
    for (uint32_t i = 0; i < in.c; i++)
        if (rf_is_heap(parts[i])) rf_store(isolate, &parts[i], rf_unset());
    rf_store(isolate, &fp->base[in.a], result);
    return true;
}

bool rf_vm_text(rf_isolate *isolate, rf_value *slot)
{
    if (slot->head < RF_HEAP_FIRST || slot->head == RF_STRING) return true;
    rf_value text = rf_to_string(isolate, *slot);
    if (rf_is_raised(text)) return false;
    rf_store(isolate, slot, text);
    return true;
}
