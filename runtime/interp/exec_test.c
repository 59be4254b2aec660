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

/* The error in flight, told apart from one of the body. */
static void mark_setup_error(rf_isolate *isolate)
{
    if (!rf_is_catchable(isolate)) return;
    rf_error *error = isolate->error.as.error;
    rf_value prefix = rf_string_from(isolate, "Setup failed: ");
    rf_value message = rf_string_concat(isolate, prefix, error->message);
    if (!rf_is_raised(message)) rf_store(isolate, &error->message, message);
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
    rf_completion completion = exec_phase(frame, node->as.test.decls);
    if (completion == RF_COMPLETED) {
        completion = exec_phase(frame, node->as.test.setup);
        if (completion == RF_FAILED) mark_setup_error(frame->isolate);
    }
    if (completion == RF_COMPLETED) completion = exec_phase(frame, node->as.test.body);
    if (rf_is_catchable(frame->isolate)) exec_teardown(frame, node->as.test.teardown);
    return rf_is_catchable(frame->isolate) ? completion : RF_FAILED;
}
