/* Loops (LANGUAGE 7.4, 11.1) and match (LANGUAGE 10.3).
 *
 * Every iteration enters the scope of the body anew, so closures of one iteration do not see the next. */
#include "interp/eval.h"
#include "value/operate.h"

/* How the loop goes on after its body: true means it ends, with *completion as its own. */
static bool ends_loop(rf_completion *completion)
{
    switch (*completion) {
    case RF_COMPLETED:
    case RF_CONTINUED: return false;
    case RF_BROKE: *completion = RF_COMPLETED; return true;
    default: return true;
    }
}

/* 1 or 0 by truthiness, -1 when the expression ended abruptly. */
static int eval_condition(rf_interp_frame *frame, const rf_node *condition)
{
    rf_value v = rf_interp_eval(frame, condition);
    if (rf_is_raised(v)) return -1;
    const int holds = rf_truthy(v);
    rf_release(frame->isolate, v);
    return holds;
}

rf_completion rf_interp_exec_while(rf_interp_frame *frame, const rf_node *node)
{
    for (;;) {
        const int holds = node->as.branch.condition ? eval_condition(frame, node->as.branch.condition) : 1;
        if (holds < 0) return rf_interp_abrupt(frame);
        if (!holds) return RF_COMPLETED;
        rf_completion completion = rf_interp_exec_block(frame, node->as.branch.body);
        if (ends_loop(&completion)) return completion;
    }
}

rf_completion rf_interp_exec_for_c(rf_interp_frame *frame, const rf_node *node)
{
    rf_interp_enter_scope(frame, node->as.for_c.scope);
    rf_completion completion = rf_interp_exec(frame, node->as.for_c.init);
    while (completion == RF_COMPLETED) {
        const int holds = eval_condition(frame, node->as.for_c.condition);
        if (holds < 0) return rf_interp_abrupt(frame);
        if (!holds) break;
        completion = rf_interp_exec_block(frame, node->as.for_c.body);
        if (ends_loop(&completion)) break;
        completion = rf_interp_exec(frame, node->as.for_c.step);
    }
    return completion;
}

/* One iteration; steals element. */
static rf_completion exec_iteration(rf_interp_frame *frame, const rf_node *node, rf_value element)
{
    const rf_block *body = node->as.for_in.body;
    rf_interp_enter_scope(frame, body->scope);
    const bool is_bound = rf_interp_declare_pattern(frame, node->as.for_in.pattern, element);
    rf_release(frame->isolate, element);
    return is_bound ? rf_interp_exec_entered(frame, body) : RF_FAILED;
}

static rf_completion iterate(rf_interp_frame *frame, const rf_node *node, rf_iteration *iteration)
{
    for (;;) {
        frame->pos = node->as.for_in.iterable->start;
        rf_value element = rf_iteration_next(frame->isolate, iteration);
        if (rf_is_raised(element)) return RF_FAILED;
        if (element.head == RF_UNSET) return RF_COMPLETED;
        rf_completion completion = exec_iteration(frame, node, element);
        if (ends_loop(&completion)) return completion;
    }
}

rf_completion rf_interp_exec_for_in(rf_interp_frame *frame, const rf_node *node)
{
    rf_value source = rf_interp_eval(frame, node->as.for_in.iterable);
    if (rf_is_raised(source)) return rf_interp_abrupt(frame);
    frame->pos = node->as.for_in.iterable->start;
    rf_interp_walk walk = {.outer = frame->walks};
    const bool is_started = rf_iteration_start(frame->isolate, &walk.iteration, source);
    rf_release(frame->isolate, source);
    if (!is_started) return RF_FAILED;
    frame->walks = &walk;
    rf_completion completion = iterate(frame, node, &walk.iteration);
    frame->walks = walk.outer;
    rf_iteration_end(frame->isolate, &walk.iteration);
    return completion;
}

/* ---- match ---- */

/* Does the case apply?  1, 0, -1 when it ended abruptly; names are bound in its scope. */
static int try_case(rf_interp_frame *frame, const rf_case *candidate, rf_value subject)
{
    rf_interp_enter_scope(frame, candidate->body->scope);
    const int outcome = rf_interp_match_pattern(frame, candidate->pattern, subject);
    return outcome == 1 && candidate->guard ? eval_condition(frame, candidate->guard) : outcome;
}

rf_completion rf_interp_exec_match(rf_interp_frame *frame, const rf_node *node)
{
    rf_value subject = rf_interp_eval(frame, node->as.match.subject);
    if (rf_is_raised(subject)) return rf_interp_abrupt(frame);
    const rf_case *chosen = NULL;
    int outcome = 0;
    for (uint32_t i = 0; outcome == 0 && i < node->as.match.count; i++) {
        chosen = &node->as.match.cases[i];
        outcome = try_case(frame, chosen, subject);
    }
    rf_release(frame->isolate, subject);
    if (outcome < 0) return rf_interp_abrupt(frame);
    if (outcome > 0) return rf_interp_exec_entered(frame, chosen->body);
    const rf_block *otherwise = node->as.match.default_body;
    return otherwise ? rf_interp_exec_block(frame, otherwise) : RF_COMPLETED;
}
