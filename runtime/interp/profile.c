/* How the profiler sees activations: by function and line, the line being that of the operation that runs.  The tree
 * has no places where it could be stopped, so the sampler copies the chain of frames by a signal (prof/thread.h). */
#include "interp/frame.h"
#include "interp/interp.h"
#include "value/profiling.h"

static uint32_t walk(void *context, const rf_prof_scope *scopes, rf_prof_place *places, uint32_t capacity)
{
    const rf_interp_state *state = rf_interp_state_of(context);
    uint32_t count = 0;
    if (!state) return 0;
    for (const rf_interp_frame *frame = state->frame; count < capacity; frame = frame->caller) {
        count += rf_prof_scopes_of(&scopes, frame, places + count, capacity - count);
        if (!frame || count == capacity) break;
        places[count++] = (rf_prof_place){frame->func, (const void *)(uintptr_t)frame->pos.line};
    }
    return count;
}

static const void *innermost(void *context)
{
    const rf_interp_state *state = rf_interp_state_of(context);
    return state ? state->frame : NULL;
}

static void name(void *context, rf_prof_place place, rf_prof_named *out)
{
    (void)context;
    const rf_func *func = place.code;
    const uint32_t line = (uint32_t)(uintptr_t)place.at;
    rf_profiling_name(func, line ? line : func->pos.line, RF_TIER_AST, out);
}

void rf_interp_profile(rf_isolate *isolate, rf_prof_source *source)
{
    (void)isolate;
    source->walk = walk;
    source->innermost = innermost;
    source->name = name;
}
