/* The start of `for` loops, and steps over anything but arrays and ranges. */
#include "value/array.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "vm/filling.h"
#include "vm/slow.h"

#include <math.h>

/* Four registers hold the state of an iteration: source, position, number, limit; only the first may be counted. */

static void save(rf_value *state, const rf_iteration *it)
{
    state[0] = it->source;
    state[1] = rf_int(it->at);
    state[2] = rf_int(it->number);
    state[3] = rf_int(it->limit);
}

static rf_iteration load(const rf_value *state)
{
    return (rf_iteration){.source = state[0],
                          .at = (uint32_t)state[1].as.i,
                          .number = state[2].as.i,
                          .limit = state[3].as.i};
}

bool rf_vm_for_prep(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *state = &fp->base[in.a];
    rf_iteration it;
    if (!rf_iteration_start(isolate, &it, state[0])) return false;
    rf_release(isolate, state[0]);
    save(state, &it);
    return true;
}

rf_outcome rf_vm_for_next(rf_isolate *isolate, rf_vm_task *task, rf_instruction in, bool *jumps)
{
    rf_frame *fp = task->fp;
    rf_value *state = &fp->base[in.a];
    *jumps = false;
    if (state[0].head == RF_GENERATOR) {
        const rf_outcome outcome = rf_vm_resume(isolate, task, state[0].as.generator, 0);
        if (outcome == RF_CALL_DONE) rf_store(isolate, state, rf_unset());
        return outcome;
    }
    rf_iteration it = load(state);
    rf_value element = rf_iteration_next(isolate, &it);
    save(state, &it);
    if (rf_is_raised(element)) return RF_CALL_RAISED;
    *jumps = element.head != RF_UNSET;
    if (*jumps)
        rf_store(isolate, &fp->base[in.b], element);
    else
        rf_store(isolate, state, rf_unset());
    return RF_CALL_DONE;
}

/* ---- range(...) that is only iterated ---- */

enum { MOST_TURNS = 256 }; /* that are counted at once */

static void begin_range(rf_value *state, int64_t start, int64_t step, int64_t count)
{
    state[RF_RANGE_NEXT] = rf_int(start);
    state[RF_RANGE_TURNS] = rf_int(0);
    state[RF_RANGE_STEP] = rf_int(step);
    state[RF_RANGE_LEFT] = rf_int(count);
}

static bool number_of(rf_value v, int64_t *out)
{
    if (v.head == RF_INT) {
        *out = v.as.i;
        return true;
    }
    if (v.head != RF_FLOAT || !isfinite(v.as.d) || v.as.d >= 0x1p63 || v.as.d < -0x1p63) return false;
    *out = (int64_t)v.as.d;
    return true;
}

/* How many numbers from start by step stay before stop. */
static uint64_t count_of(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0) return start < stop ? ((uint64_t)stop - (uint64_t)start - 1) / (uint64_t)step + 1 : 0;
    return start > stop ? ((uint64_t)start - (uint64_t)stop - 1) / (0 - (uint64_t)step) + 1 : 0;
}

/* Numbers that are no 64-bit ints, a step of 0, too many numbers: the built-in knows whether that is an error.  What it
 * answers otherwise is an arithmetic progression. */
static bool call_range(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const int32_t row = rf_builtin_find(isolate, "range", 5, false);
    rf_value *state = &fp->base[in.a];
    rf_value result = rf_builtin_call(isolate, &isolate->builtins[row], state, in.b);
    if (rf_is_raised(result)) return false;
    for (uint32_t i = 0; i < in.b; i++) rf_store(isolate, &state[i], rf_unset());
    const rf_array *array = result.as.array;
    const int64_t start = array->length > 0 ? rf_array_peek(array, 0).as.i : 0;
    const int64_t second = array->length > 1 ? rf_array_peek(array, 1).as.i : start + 1;
    begin_range(state, start, second - start, array->length);
    rf_release(isolate, result);
    return true;
}

bool rf_vm_range_prep(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *state = &fp->base[in.a];
    int64_t numbers[3] = {0, 0, 1};
    int64_t given[3];
    for (uint32_t i = 0; i < in.b; i++)
        if (!number_of(state[i], &given[i])) return call_range(isolate, fp, in);
    if (in.b == 1) {
        numbers[1] = given[0];
    } else {
        for (uint32_t i = 0; i < in.b; i++) numbers[i] = given[i];
    }
    if (numbers[2] == 0) return call_range(isolate, fp, in);
    const uint64_t count = count_of(numbers[0], numbers[1], numbers[2]);
    if (count > INT32_MAX) return call_range(isolate, fp, in);
    begin_range(state, numbers[0], numbers[2], (int64_t)count);
    return true;
}

/* Begins the first of so many turns. */
static void begin_turns(rf_isolate *isolate, const rf_frame *fp, rf_instruction in, int64_t turns)
{
    rf_value *state = &fp->base[in.a];
    const int64_t i = state[RF_RANGE_NEXT].as.i;
    state[RF_RANGE_TURNS].as.i = turns - 1;
    state[RF_RANGE_LEFT].as.i -= turns;
    state[RF_RANGE_NEXT].as.i = (int64_t)((uint64_t)i + (uint64_t)state[RF_RANGE_STEP].as.i);
    rf_store(isolate, &fp->base[in.b], rf_int(i));
}

bool rf_vm_count_turns(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_proto *proto = fp->proto;
    const int64_t left = fp->base[in.a + RF_RANGE_LEFT].as.i;
    const bool is_hot = proto->heat <= 0;
    int64_t turns = is_hot ? 1 : proto->heat < MOST_TURNS ? proto->heat : MOST_TURNS;
    if (left < turns) turns = left;
    if (!is_hot) proto->heat -= (int32_t)turns;
    begin_turns(isolate, fp, in, turns);
    return is_hot;
}

bool rf_vm_take_turns(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    begin_turns(isolate, fp, in, fp->base[in.a + RF_RANGE_LEFT].as.i);
    return false;
}

void rf_vm_fill(rf_isolate *isolate, rf_frame *fp, const rf_instruction *next)
{
    rf_filling f;
    rf_value *state = &fp->base[next[-1].a];
    const int64_t count = state[RF_RANGE_LEFT].as.i - 1;
    if (count < RF_LEAST_FILLING || isolate->prof || isolate->heap.allocations || !rf_find_filling(next - 1, &f)) return;
    rf_value *slot = &fp->base[f.array];
    const rf_value v = !f.load                        ? fp->base[f.value]
                       : f.load->op == RF_OP_LOADI    ? rf_int(f.load->wide)
                       : f.load->op == RF_OP_LOADBOOL ? rf_bool(f.load->b != 0)
                                                      : fp->proto->constants[f.load->wide];
    const bool is_scalar = v.head == RF_INT || v.head == RF_FLOAT || v.head == RF_BOOL;
    if (slot->head != RF_ARRAY || !is_scalar || !rf_array_fill(isolate, rf_array_unique(isolate, slot), v, (size_t)count)) return;
    state[RF_RANGE_NEXT].as.i =
        (int64_t)((uint64_t)state[RF_RANGE_NEXT].as.i + (uint64_t)count * (uint64_t)state[RF_RANGE_STEP].as.i);
    state[RF_RANGE_LEFT].as.i = 1;
}
