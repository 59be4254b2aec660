/* One activation of a function, and the variables it can reach.
 *
 * A frame lives on the object heap of its isolate, so that a generator keeps it between steps.  It is linked to its
 * caller, which is all that a stack trace needs.  Slots hold values, or cells where the resolver says is_cell. */
#ifndef RF_INTERP_FRAME_H
#define RF_INTERP_FRAME_H

#include "value/engine.h"
#include "value/function.h"
#include "value/operate.h"

/* The declarations of a running block (LANGUAGE 4.5): executing the statement binds the same object again. */
typedef struct rf_interp_hoist {
    const rf_block *block;
    rf_value *objects; /* by block->hoisted */
    struct rf_interp_hoist *outer;
} rf_interp_hoist;

/* A `for` that runs. */
typedef struct rf_interp_walk {
    rf_iteration iteration;
    struct rf_interp_walk *outer;
} rf_interp_walk;

typedef struct rf_interp_frame {
    rf_isolate *isolate;
    struct rf_interp_frame *caller;
    const rf_func *func;
    rf_module *module;    /* borrowed from the closure, or from whoever runs the module */
    rf_function *closure; /* counted; NULL for the top level of a module */
    rf_pos pos;           /* of the running operation: what a raise is blamed on */
    rf_interp_hoist *hoisted;
    rf_interp_walk *walks; /* innermost first */
    struct rf_interp_generator *generator; /* whose body this is, or NULL */
    rf_value result;      /* of `return`, or what `?` returns */
    uint32_t try_depth;   /* bodies of `try` running in this frame */
    bool is_returning;    /* an expression (`?`) ended the function: RAISED travels without an error */
    bool self_modified;   /* LANGUAGE 9.4 */
    rf_value slots[];
} rf_interp_frame;

/* isolate->engine_state and task->engine_data: the innermost frame of the running task, and of a waiting one. */
typedef struct rf_interp_state {
    rf_interp_frame *frame;
} rf_interp_state;

static inline rf_interp_state *rf_interp_state_of(const rf_isolate *isolate)
{
    return isolate->engine_state;
}

/* Is the function part of call stacks and of the depth (LANGUAGE 8.4, 21.2)? */
static inline bool rf_interp_is_visible(const rf_func *func)
{
    return !func->is_hidden && func->kind != RF_FUNC_SPAWN && func->kind != RF_FUNC_TEST;
}

/* New frame with UNSET slots, not yet linked; retains closure (which may be NULL). */
rf_interp_frame *rf_interp_frame_new(rf_isolate *isolate, const rf_func *func, rf_module *module,
                                     rf_function *closure);
void rf_interp_frame_free(rf_interp_frame *frame);
/* Makes the frame the running one, or its caller again. */
void rf_interp_frame_push(rf_interp_frame *frame);
void rf_interp_frame_pop(rf_interp_frame *frame);

/* Scope entry: fresh cells, and UNSET where a read may come before the first assignment.  Parameters of the function
 * keep their values. */
void rf_interp_enter_scope(rf_interp_frame *frame, const rf_scope *scope);

/* The variable of ref: through its cell; NULL for NONE, BUILTIN and FIELD. */
rf_value *rf_interp_variable(rf_interp_frame *frame, const rf_ref *ref);
/* The variable that holds the instance of an implicit self (FIELD). */
rf_value *rf_interp_self(rf_interp_frame *frame, const rf_ref *ref);
/* Value of a name, new; raises Undefined variable blamed on pos. */
rf_value rf_interp_read(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos);
/* Value of a name, new; UNSET instead of raising. */
rf_value rf_interp_peek(rf_interp_frame *frame, const rf_ref *ref);
/* Plain assignment; steals v.  False after raising `Cannot reassign const binding` blamed on pos. */
bool rf_interp_assign(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos, rf_value v);
/* Gives a declared name its value, constants included; steals v. */
void rf_interp_declare(rf_interp_frame *frame, const rf_ref *ref, rf_value v);
/* Raises the `Cannot ... const binding` error when ref is a constant.  False after raising. */
bool rf_interp_check_const(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos, const char *verb);
/* To be called after a change of the variable of ref, or of a part of it: notes a modified self (LANGUAGE 9.4). */
void rf_interp_note_change(rf_interp_frame *frame, const rf_ref *ref);
/* Was self modified while this method ran, by itself or by a closure that captured it? */
bool rf_interp_self_was_modified(const rf_interp_frame *frame);

/* Raises with a position. */
rf_value rf_interp_raise_undefined(rf_interp_frame *frame, const rf_symbol *name, rf_pos pos);

static inline rf_string *rf_interp_name(const rf_interp_frame *frame, const rf_symbol *symbol)
{
    return frame->module->literals[symbol->literal].as.string;
}

void rf_interp_trace(rf_isolate *isolate, rf_trace *out);
void rf_interp_profile(rf_isolate *isolate, struct rf_prof_source *source); /* rf_engine.profile */
const void *rf_interp_where(rf_isolate *isolate, rf_where *out);

#endif
