/* One test of `ruff test-run` (LANGUAGE 20.2, steps 2 to 4): declarations of its groups, set-up, body, tear-down in one
 * frame. */
#include "interp/eval.h"
#include "value/error_value.h"

/* `return` ends one phase; nothing is left of it for the next. */
static rf_completion exec_phase(rf_interp_frame *frame, const rf_block *block)
{
    if (!block) return RF_COMPLETED;
    rf_completion completion = rf_interp_exec_block(frame, block);
    if (completion != RF_RETURNED) return completion;
    frame->is_returning = false;
    rf_store(frame->isolate, &frame->result, rf_unset());
    return RF_COMPLETED;
}

/* Errors in tear-downs are ignored; whatever was in flight travels on. */
static void exec_teardown(rf_interp_frame *frame, const rf_block *block)
{
    rf_isolate *isolate = frame->isolate;
    const rf_value error = rf_take(&isolate->error);
    const rf_completion completion = exec_phase(frame, block);
    if (!rf_is_catchable(isolate)) {
        rf_release(isolate, error);
        return;
    }
    if (completion == RF_FAILED) rf_release(isolate, rf_take_error(isolate));
    isolate->error = error;
}

rf_completion rf_interp_exec_test(rf_interp_frame *frame, const rf_node *node)
{
    rf_isolate *isolate = frame->isolate;
    rf_completion completion = exec_phase(frame, node->as.test.decls);
    if (completion == RF_COMPLETED) {
        completion = exec_phase(frame, node->as.test.setup);
        if (completion == RF_FAILED) isolate->failed_phase = RF_PHASE_SETUP;
    }
    if (completion == RF_COMPLETED) {
        completion = exec_phase(frame, node->as.test.body);
        if (completion == RF_FAILED) isolate->failed_phase = RF_PHASE_BODY;
    }
    if (rf_is_catchable(isolate)) exec_teardown(frame, node->as.test.teardown);
    return rf_is_catchable(isolate) ? completion : RF_FAILED;
}
