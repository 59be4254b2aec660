/* The functions of the tree-walker that its files call in each other.
 *
 * Evaluating returns a new value, or RAISED: an error is in isolate->error, or the frame is_returning because of `?`.
 * Executing returns how the statement ended. */
#ifndef RF_INTERP_EVAL_H
#define RF_INTERP_EVAL_H

#include "interp/frame.h"

typedef enum rf_completion {
    RF_COMPLETED,
    RF_BROKE,     /* break */
    RF_CONTINUED, /* continue */
    RF_RETURNED,  /* return or `?`: the value is in frame->result */
    RF_FAILED     /* an error is travelling */
} rf_completion;

/* ---- expressions: eval_expr.c, eval_literal.c ---- */

rf_value rf_interp_eval(rf_interp_frame *frame, const rf_node *node);
rf_value rf_interp_eval_array(rf_interp_frame *frame, const rf_node *node);
rf_value rf_interp_eval_dict(rf_interp_frame *frame, const rf_node *node);
rf_value rf_interp_eval_interpolation(rf_interp_frame *frame, const rf_node *node);
rf_value rf_interp_eval_struct(rf_interp_frame *frame, const rf_node *node);
rf_value rf_interp_eval_enum(rf_interp_frame *frame, const rf_node *node);

/* ---- calls: eval_call.c ---- */

/* A window of arguments: owned values, of which the callee may take some. */
typedef struct rf_interp_args {
    rf_isolate *isolate;
    uint32_t count; /* values so far */
    rf_value *values;
    rf_value few[6];
} rf_interp_args;

void rf_interp_args_init(rf_interp_args *args, rf_isolate *isolate, uint32_t capacity);
void rf_interp_args_add(rf_interp_args *args, rf_value v); /* steals v; within the capacity */
bool rf_interp_args_eval(rf_interp_args *args, rf_interp_frame *frame, rf_node *const *nodes, uint32_t count);
void rf_interp_args_release(rf_interp_args *args);

/* The call or method call of node.  `piped` is the left side of a pipe, which goes before the written arguments
 * (stolen), or UNSET.  `callee` and `receiver`: already evaluated, stolen. */
rf_value rf_interp_eval_call(rf_interp_frame *frame, const rf_node *node, rf_value callee, rf_value piped);
rf_value rf_interp_eval_method(rf_interp_frame *frame, const rf_node *node, rf_value receiver, rf_value piped);
rf_value rf_interp_eval_place_method(rf_interp_frame *frame, const rf_node *node, rf_value piped);

/* ---- calling: call.c ---- */

/* What happens to the self of a method call. */
typedef struct rf_interp_self_result {
    rf_value value; /* self at the normal end; UNSET when the call raised or kept it */
    bool is_modified;
} rf_interp_self_result;

/* Calls anything callable; args as for rf_builtin_function. */
rf_value rf_interp_invoke(rf_isolate *isolate, rf_value callee, rf_value *args, uint32_t count);
/* Calls a method; steals self.  `back` (may be NULL) receives it at the end. */
rf_value rf_interp_invoke_method(rf_isolate *isolate, rf_function *method, rf_value self, rf_value *args,
                                 uint32_t count, rf_interp_self_result *back);
/* The closure of func made here and now. */
rf_value rf_interp_closure(rf_interp_frame *frame, const rf_func *func);
/* Runs the body of a linked frame whose arguments are in place: its value or RAISED. */
rf_value rf_interp_run_body(rf_interp_frame *frame);
/* False after raising the depth limit or when interrupted: one more call of func is not possible. */
bool rf_interp_check_depth(rf_isolate *isolate, const rf_func *func);

/* ---- statements: exec_stmt.c, exec_loop.c, exec_test.c, declare.c ---- */

rf_completion rf_interp_exec(rf_interp_frame *frame, const rf_node *node);
/* Scope entry, hoisting, statements. */
rf_completion rf_interp_exec_block(rf_interp_frame *frame, const rf_block *block);
/* The same without scope entry: the caller has done it and bound names of the scope. */
rf_completion rf_interp_exec_entered(rf_interp_frame *frame, const rf_block *block);
/* How a statement ends whose expression gave RAISED. */
rf_completion rf_interp_abrupt(const rf_interp_frame *frame);
rf_completion rf_interp_exec_while(rf_interp_frame *frame, const rf_node *node);
rf_completion rf_interp_exec_for_in(rf_interp_frame *frame, const rf_node *node);
rf_completion rf_interp_exec_for_c(rf_interp_frame *frame, const rf_node *node);
rf_completion rf_interp_exec_match(rf_interp_frame *frame, const rf_node *node);
rf_completion rf_interp_exec_test(rf_interp_frame *frame, const rf_node *node);
/* Makes the hoisted declarations of hoist->block and binds them.  False after raising. */
bool rf_interp_hoist_declarations(rf_interp_frame *frame, rf_interp_hoist *hoist);
rf_completion rf_interp_exec_declaration(rf_interp_frame *frame, const rf_node *node);

/* ---- patterns: pattern.c ---- */

/* Binds the names of pattern to parts of v (borrowed): as new names of their scope, or by plain assignment.
 * False after raising. */
bool rf_interp_declare_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v);
bool rf_interp_assign_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v);
/* A pattern of match: 1 matches (names are bound), 0, or -1 after raising. */
int rf_interp_match_pattern(rf_interp_frame *frame, const rf_pattern *pattern, rf_value v);

/* ---- changing places: update.c ---- */

rf_completion rf_interp_exec_assign(rf_interp_frame *frame, const rf_node *node);
rf_completion rf_interp_exec_update(rf_interp_frame *frame, const rf_node *node);

/* ---- generators: generator.c ---- */

rf_value rf_interp_yield(rf_interp_frame *frame, rf_value v); /* steals v */
rf_value rf_interp_generator_next(rf_isolate *isolate, rf_generator *generator);
void rf_interp_generator_free(rf_isolate *isolate, rf_generator *generator);
void rf_interp_generator_visit(rf_isolate *isolate, rf_generator *generator,
                               void (*visit)(void *context, rf_value value), void *context);

#endif
