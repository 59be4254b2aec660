/* What the counting loop asks when a function has used up its heat: whether the program is interrupted. */
#include "vm/interrupt.h"

#include "value/error_value.h"
#include "vm/jit_hook.h"
#include "vm/state.h"

enum { TURNS = 1000 }; /* of calls and loops between two looks */

static rf_hot_outcome look(rf_isolate *isolate, rf_vm_task *task)
{
    task->fp->proto->heat = TURNS;
    return rf_ends_by_interrupt(isolate) ? RF_HOT_RAISED : RF_HOT_GOES_ON;
}

static void stop(rf_isolate *isolate)
{
    rf_vm_state_of(isolate)->jit = NULL;
}

static const rf_jit_hook hook = {.first_heat = TURNS, .hot = look, .stop = stop};

void rf_vm_watch_interrupts(rf_isolate *isolate)
{
    rf_vm_state_of(isolate)->jit = &hook;
}
