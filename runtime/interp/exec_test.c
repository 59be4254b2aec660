/* One test of `ruff test-run` (LANGUAGE 20.2, steps 2 to 4): declarations of its groups, set-ups, body, tear-downs in
 * one frame and one scope. */
#include "interp/eval.h"
#include "value/error_value.h"

/* `return` ends what it stands in; nothing is left of it for what comes next. */
static rf_completion without_return(rf_interp_frame *frame, rf_completion completion)
{
    if (completion != RF_RETURNED) return completion;
    frame->is_returning = false;
    rf_store(frame->isolate, &frame->result, rf_unset());
    return RF_COMPLETED;
}

static rf_completion exec_setups(rf_interp_frame *frame, const rf_block *setups)
{
    rf_completion completion = RF_COMPLETED;
    for (uint32_t i = 0; completion == RF_COMPLETED && i < setups->count; i++)
        completion = without_return(frame, rf_interp_exec(frame, setups->statements[i]));
    return completion;
}

/* Errors in tear-downs are ignored; whatever was in flight travels on. */
static void exec_teardowns(rf_interp_frame *frame, const rf_block *teardowns)
{
    rf_isolate *isolate = frame->isolate;
    const rf_value error = rf_take(&isolate->error);
    for (uint32_t i = 0; rf_is_catchable(isolate) && i < teardowns->count; i++) {
        const rf_completion completion = rf_interp_exec(frame, teardowns->statements[i]);
        if (without_return(frame, completion) == RF_FAILED && rf_is_catchable(isolate))
            rf_release(isolate, rf_take_error(isolate));
    }
    if (rf_is_catchable(isolate))
        isolate->error = error;
    else
        rf_release(isolate, error);
}

rf_completion rf_interp_exec_test(rf_interp_frame *frame, const rf_node *node)
{
    rf_isolate *isolate = frame->isolate;
    rf_completion completion = rf_interp_exec_block(frame, node->as.test.decls);
    completion = without_return(frame, completion);
    if (completion == RF_COMPLETED) {
        completion = exec_setups(frame, node->as.test.setup);
        if (completion == RF_FAILED) isolate->failed_phase = RF_PHASE_SETUP;
    }
    if (completion == RF_COMPLETED) {
        completion = without_return(frame, rf_interp_exec_block(frame, node->as.test.body));
        if (completion == RF_FAILED) isolate->failed_phase = RF_PHASE_BODY;
    }
    if (rf_is_catchable(isolate)) exec_teardowns(frame, node->as.test.teardown);
    return rf_is_catchable(isolate) ? completion : RF_FAILED;
}
