/* Calls that are more than pushing a frame: other callees than plain functions, methods, update statements.
 *
 * A method that may modify its receiver gets it back into the place it was called on (LANGUAGE 9.4).  When nobody can
 * look at the place meanwhile, the instance itself is moved in and out, so that it is not copied (RUNTIME 3); update
 * statements move what they update whenever the place still holds the object that was read. */
#include "vm/call.h"

#include "base/alloc.h"
#include "sched/sched.h"
#include "syntax/updater.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"

#include <string.h>

/* ---- results of C ---- */

static void release_args(rf_isolate *isolate, rf_value *window, uint32_t count)
{
    for (uint32_t i = 1; i <= count; i++)
        if (rf_is_heap(window[i])) rf_store(isolate, &window[i], rf_unset());
}

static rf_outcome deliver(rf_isolate *isolate, rf_value *window, uint32_t count, rf_value result)
{
    if (rf_is_raised(result)) return RF_CALL_RAISED;
    release_args(isolate, window, count);
    rf_store(isolate, &window[0], result);
    return RF_CALL_DONE;
}

/* ---- functions ---- */

static rf_outcome push(rf_isolate *isolate, rf_vm_task *task, rf_proto *proto, rf_function *function,
                       rf_value *window, uint32_t flags)
{
    return rf_vm_push_frame(isolate, task, proto, function, window, flags) ? RF_CALL_PUSHED : RF_CALL_RAISED;
}

static rf_outcome raise_arity(rf_isolate *isolate, const rf_func *func, uint32_t got)
{
    const int expected = (int)func->param_count;
    rf_raise_arity(isolate, func->display_name, expected, expected, got);
    return RF_CALL_RAISED;
}

static rf_value async_body(rf_isolate *isolate, rf_function *function, const rf_value *args, uint32_t count)
{
    const uint32_t self_count = function->func->has_self;
    return rf_vm_enter_closure(isolate, function, self_count ? args : NULL, args + self_count, count - self_count);
}

/* isolate->depth is what the running task inherited; the new task inherits the calls active here too. */
static rf_value call_async(rf_isolate *isolate, rf_vm_task *task, rf_function *function, const rf_value *args,
                           uint32_t count)
{
    const uint32_t own = rf_vm_own_depth(task);
    if (own + isolate->depth >= isolate->max_depth)
        return rf_raise(isolate, "Maximum call stack depth of %u exceeded while calling %s", isolate->max_depth,
                        function->func->display_name);
    isolate->depth += own;
    rf_value promise = rf_async_call(isolate, function, args, count, async_body);
    isolate->depth -= own;
    return promise;
}

rf_value rf_vm_call_async(rf_isolate *isolate, rf_vm_task *task, rf_function *function, const rf_value *self,
                          const rf_value *args, uint32_t count)
{
    if (!self) return call_async(isolate, task, function, args, count);
    rf_value *window = rf_alloc_array(rf_value, count + 1); /* borrows */
    window[0] = *self;
    for (uint32_t i = 0; i < count; i++) window[i + 1] = args[i];
    rf_value promise = call_async(isolate, task, function, window, count + 1);
    rf_free(window);
    return promise;
}

/* A closure, or a method's function with self in window[1]; count without self. */
static rf_outcome call_closure(rf_isolate *isolate, rf_vm_task *task, rf_function *function, rf_value *window,
                               uint32_t count, uint32_t flags)
{
    const rf_func *func = function->func;
    const uint32_t in_window = count + func->has_self;
    if (count != func->param_count) return raise_arity(isolate, func, count);
    if (func->is_generator)
        return deliver(isolate, window, in_window, rf_generator_new(isolate, function, window + 1, count));
    if (func->is_async)
        return deliver(isolate, window, in_window, call_async(isolate, task, function, window + 1, in_window));
    return push(isolate, task, rf_vm_closure_proto(isolate, function),
                func->capture_count ? function : NULL, window, flags);
}

/* R[0] keeps the closure of the running function alive. */
static void hold_closure(rf_isolate *isolate, rf_value *window, rf_function *function)
{
    rf_retain_object(&function->object);
    rf_store(isolate, &window[0], rf_object_value(RF_FUNCTION, function));
}

static rf_outcome call_bound(rf_isolate *isolate, rf_vm_task *task, rf_function *bound, rf_value *window,
                             uint32_t count)
{
    rf_function *method = bound->method.as.function;
    for (uint32_t i = count; i > 0; i--) window[i + 1] = rf_take(&window[i]);
    window[1] = rf_copy(bound->self);
    hold_closure(isolate, window, method); /* bound is gone */
    return call_closure(isolate, task, method, window, count, 0);
}

rf_outcome rf_vm_call(rf_isolate *isolate, rf_vm_task *task, rf_value *window, uint32_t count)
{
    if (window[0].head != RF_FUNCTION) {
        rf_raise(isolate, "Cannot call non-function; the value being called is not callable. "
                          "Pass a function, closure, or imported callable value instead.");
        return RF_CALL_RAISED;
    }
    rf_function *function = window[0].as.function;
    switch (function->object.info) {
    case RF_FUNCTION_BUILTIN: return rf_vm_call_row(isolate, task, function->builtin, window, count, 0, 0);
    case RF_FUNCTION_BOUND: return call_bound(isolate, task, function, window, count);
    default: return call_closure(isolate, task, function, window, count, 0);
    }
}

/* ---- built-ins ---- */

/* The prelude function that a call of row can enter directly; NULL: rf_builtin_call does everything. */
static rf_function *direct_prelude(rf_isolate *isolate, const rf_builtin *row, uint32_t count)
{
    if (row->function || row->host || !row->prelude || row->capability) return NULL;
    if ((int32_t)count < row->min_args || (row->max_args >= 0 && (int32_t)count > row->max_args)) return NULL;
    const rf_value found = rf_prelude_function(isolate, row);
    if (found.head != RF_FUNCTION || found.as.function->object.info != RF_FUNCTION_CLOSURE) return NULL;
    rf_function *function = found.as.function;
    const rf_func *func = function->func;
    return func->param_count == count && !func->is_generator && !func->is_async ? function : NULL;
}

rf_outcome rf_vm_call_row(rf_isolate *isolate, rf_vm_task *task, const rf_builtin *row, rf_value *window,
                          uint32_t count, uint32_t flags, uint32_t skip)
{
    rf_function *prelude = direct_prelude(isolate, row, count);
    if (prelude) {
        const rf_outcome outcome = call_closure(isolate, task, prelude, window, count, flags);
        if (outcome == RF_CALL_PUSHED) task->fp->skip = skip;
        return outcome;
    }
    if (isolate->error.head != RF_UNSET) return RF_CALL_RAISED; /* loading the prelude failed */
    rf_outcome outcome = deliver(isolate, window, count, rf_builtin_call(isolate, row, window + 1, count));
    if (outcome == RF_CALL_DONE && (flags & RF_FRAME_SKIP)) task->fp->pc += skip;
    return outcome;
}

/* ---- which calls are update statements ---- */

typedef enum updating { NO_UPDATE, UPDATE_VALUE, UPDATE_PAIR } updating;

static uint32_t receiver_bit(rf_value v)
{
    switch (v.head) {
    case RF_ARRAY: return RF_UPDATES_ARRAY;
    case RF_DICT: return RF_UPDATES_DICT;
    case RF_SET: return RF_UPDATES_SET;
    case RF_QUEUE: return RF_UPDATES_QUEUE;
    case RF_STACK: return RF_UPDATES_STACK;
    case RF_STRUCT: {
        const rf_structdef *def = v.as.instance->layout->def;
        const bool is_parser = !def->decl && strcmp(def->name.as.string->text, "ArgParser") == 0;
        return is_parser ? RF_UPDATES_PARSER : 0;
    }
    default: return 0;
    }
}

/* name: of the method, so that a dict's own entry is preferred; NULL in the function form. */
static updating updating_of(rf_value receiver, uint32_t updater, rf_string *name)
{
    const uint32_t bit = updater ? receiver_bit(receiver) : 0;
    if (bit == 0) return NO_UPDATE;
    if (bit == RF_UPDATES_DICT && name && rf_dict_has(receiver.as.dict, rf_key_from_string(name)))
        return NO_UPDATE;
    if (updater & bit) return UPDATE_VALUE;
    return updater & bit << RF_UPDATES_PAIR_SHIFT ? UPDATE_PAIR : NO_UPDATE;
}

/* A function among the arguments may be called (`sort`), unless the row takes any number of values (`push`). */
static bool runs_no_user_code(const rf_builtin *row, const rf_value *args, uint32_t count)
{
    if (!row->function || row->prelude) return false;
    for (uint32_t i = 0; row->max_args >= 0 && i < count; i++)
        if (args[i].head == RF_FUNCTION) return false;
    return true;
}

static rf_value first_of_pair(rf_isolate *isolate, rf_value pair)
{
    rf_value first = rf_array_get(pair.as.array, 0);
    rf_release(isolate, pair);
    return first;
}

/* ---- methods ---- */

/* The declared method that receiver.name(...) calls, borrowed; NULL when there is none. */
static rf_function *declared_method(rf_value receiver, const rf_string *name)
{
    const rf_structdef *def = receiver.as.instance->layout->def;
    const int32_t index = rf_structdef_find_method(def, name);
    return index < 0 ? NULL : def->methods[index].as.function;
}

static rf_place_info *site_place(const rf_frame *fp, const rf_site *site)
{
    return site->place == RF_NO_PLACE ? NULL : rf_site_place(fp->proto, site);
}

/* Lets the next call on an instance of this declaration be dispatched at once. */
static void remember_method(rf_isolate *isolate, rf_site *site, rf_structdef *def, rf_function *method)
{
    rf_proto *proto = rf_vm_closure_proto(isolate, method);
    const bool fits = proto->is_direct && method->func->capture_count == 0 && proto->param_count == site->arg_count + 1u;
    if (!fits) return;
    rf_retain_object(&def->object);
    if (site->def) rf_release_object(isolate, &site->def->object);
    site->def = def;
    site->method = proto;
}

/* The caller goes on behind the store-back code.  A visible callee takes the blame for what it raises, so the caller may
 * move on at once; for a hidden one the position of the call is still needed. */
static void skip_after(rf_vm_task *task, rf_frame *caller, const rf_site *site)
{
    if (task->fp->proto->is_visible) {
        caller->pc += site->skip;
    } else {
        task->fp->flags |= RF_FRAME_SKIP;
        task->fp->skip = site->skip;
    }
}

/* receiver.name(...) where the receiver is no instance with such a method: window[1] holds it. */
static rf_outcome call_undeclared(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window)
{
    rf_value *receiver = &window[1];
    rf_method_target target = {.kind = RF_METHOD_BUILTIN, .row = site->row};
    if (site->tag == 0 || receiver->head != site->tag) {
        target.kind = RF_METHOD_VALUE;
        target.callee = rf_unset();
        if (receiver->head == RF_STRUCT) {
            const rf_struct *instance = receiver->as.instance;
            const int32_t field = rf_structdef_find_field(instance->layout->def, site->name);
            if (field >= 0) target.callee = rf_struct_get(instance, (uint32_t)field);
        }
        if (target.callee.head == RF_UNSET) target = rf_method_find(isolate, *receiver, site->name);
        if (target.kind == RF_METHOD_NONE) return RF_CALL_RAISED;
        if (target.kind == RF_METHOD_BUILTIN && receiver->head >= RF_BOOL && receiver->head <= RF_STACK &&
            receiver->head != RF_DICT) {
            site->tag = (uint8_t)receiver->head;
            site->row = target.row;
        }
    }
    if (target.kind == RF_METHOD_BUILTIN)
        return rf_vm_call_row(isolate, task, target.row, window, site->arg_count + 1u,
                              site->skip ? RF_FRAME_SKIP : 0, site->skip);
    rf_store(isolate, receiver, rf_unset());
    for (uint32_t i = 1; i <= site->arg_count; i++) window[i] = rf_take(&window[i + 1]);
    rf_store(isolate, &window[0], target.callee);
    rf_frame *caller = task->fp;
    const rf_outcome outcome = rf_vm_call(isolate, task, window, site->arg_count);
    if (outcome == RF_CALL_DONE) caller->pc += site->skip;
    if (outcome == RF_CALL_PUSHED) skip_after(task, caller, site);
    return outcome;
}

/* A method of the receiver's struct, on a place with store-back code. */
static rf_outcome call_declared(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_function *method,
                                rf_value *window)
{
    rf_frame *caller = task->fp;
    const rf_func *func = method->func;
    const bool gives_back = site->skip && func->modifies_self && !func->is_async;
    uint32_t flags = 0;
    remember_method(isolate, site, window[1].as.instance->layout->def, method);
    if (gives_back) {
        flags = RF_FRAME_SELF_BACK;
        const bool may_move = (site->flags & RF_SITE_MAY_EMPTY) && func->param_count == site->arg_count;
        if (may_move && rf_vm_detach(isolate, caller, site_place(caller, site), window[1]))
            flags |= RF_FRAME_SELF_TAKEN;
    }
    if (func->capture_count) hold_closure(isolate, window, method);
    const rf_outcome outcome = call_closure(isolate, task, method, window, site->arg_count, flags);
    if (outcome == RF_CALL_PUSHED && gives_back) task->fp->skip = site->skip;
    if (outcome == RF_CALL_PUSHED && !gives_back) skip_after(task, caller, site);
    if (outcome == RF_CALL_DONE) caller->pc += site->skip;
    if (outcome == RF_CALL_RAISED && (flags & RF_FRAME_SELF_TAKEN)) /* too deep: the caller may catch that */
        rf_vm_store_place(isolate, caller, site_place(caller, site), rf_take(&window[1]));
    return outcome;
}

/* place.B(...) as update statement: the updated value is left in window[1] for the store-back code. */
static rf_outcome update_place(rf_isolate *isolate, rf_vm_task *task, rf_site *site, const rf_builtin *row,
                               updating kind, rf_value *window)
{
    rf_frame *caller = task->fp;
    const uint32_t count = site->arg_count + 1u;
    rf_place_info *place = site_place(caller, site);
    if (!runs_no_user_code(row, window + 2, site->arg_count)) {
        const uint32_t first = kind == UPDATE_PAIR ? RF_FRAME_RESULT_FIRST : 0;
        const rf_outcome outcome = rf_vm_call_row(isolate, task, row, window, count, RF_FRAME_RESULT_BACK | first, 0);
        if (outcome != RF_CALL_DONE) return outcome;
        window[1] = rf_take(&window[0]);
    } else {
        const rf_value unknown = rf_unset();
        const bool is_claimed = place && caller->pc->op == RF_OP_SETPLACE &&
                                rf_vm_claim_for(isolate, caller, place, caller->pc + 1, &unknown);
        const bool is_detached = place && rf_vm_detach(isolate, caller, place, window[1]);
        if (is_claimed && !is_detached) rf_vm_unclaim_self(isolate, caller);
        rf_value result = rf_builtin_call(isolate, row, window + 1, count);
        if (rf_is_raised(result)) {
            if (is_detached) {
                rf_assert(window[1].head != RF_UNSET);
                rf_vm_store_place(isolate, caller, place, rf_take(&window[1]));
                if (is_claimed) rf_vm_unclaim_self(isolate, caller);
            }
            return RF_CALL_RAISED;
        }
        release_args(isolate, window, count);
        window[1] = result;
    }
    if (kind == UPDATE_PAIR) window[1] = first_of_pair(isolate, window[1]);
    rf_store(isolate, &window[0], rf_null());
    return RF_CALL_DONE;
}

/* The row of an updater method; NULL after raising. */
static const rf_builtin *updater_row(rf_isolate *isolate, rf_site *site, rf_value receiver)
{
    if (site->tag && receiver.head == site->tag) return site->row;
    const rf_method_target target = rf_method_find(isolate, receiver, site->name);
    if (target.kind != RF_METHOD_BUILTIN) return NULL;
    if (receiver.head == RF_ARRAY) {
        site->tag = RF_ARRAY;
        site->row = target.row;
    }
    return target.row;
}

rf_outcome rf_vm_call_method(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window)
{
    const rf_value receiver = window[1];
    if (receiver.head == RF_STRUCT) {
        rf_function *method = declared_method(receiver, site->name);
        if (method) return call_declared(isolate, task, site, method, window);
    }
    const updating kind = updating_of(receiver, site->updater, site->name);
    if (kind == NO_UPDATE || site->skip == 0) return call_undeclared(isolate, task, site, window);
    if (site->flags & RF_SITE_CONST_ROOT) return RF_CALL_DONE; /* into the code that raises */
    const rf_builtin *row = updater_row(isolate, site, receiver);
    return row ? update_place(isolate, task, site, row, kind, window) : RF_CALL_RAISED;
}

/* ---- methods on a local ---- */

static rf_outcome call_declared_on_local(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_function *method,
                                         rf_value *window, uint32_t reg)
{
    rf_value *local = &task->fp->base[reg];
    const rf_func *func = method->func;
    uint32_t flags = 0;
    remember_method(isolate, site, local->as.instance->layout->def, method);
    if (func->modifies_self && !func->is_async) {
        flags = RF_FRAME_SELF_LOCAL;
        if (site->flags & RF_SITE_MARKS_SELF) flags |= RF_FRAME_MARKS_CALLER;
        if ((site->flags & RF_SITE_MAY_EMPTY) && func->param_count == site->arg_count) flags |= RF_FRAME_SELF_TAKEN;
    }
    if (func->capture_count) hold_closure(isolate, window, method);
    window[1] = flags & RF_FRAME_SELF_TAKEN ? rf_take(local) : rf_copy(*local);
    const rf_outcome outcome = call_closure(isolate, task, method, window, site->arg_count, flags);
    if (outcome == RF_CALL_PUSHED) task->fp->self_register = reg;
    if (outcome == RF_CALL_RAISED && (flags & RF_FRAME_SELF_TAKEN)) *local = rf_take(&window[1]);
    return outcome;
}

/* Updates a local by a built-in. */
static rf_outcome update_local(rf_isolate *isolate, rf_vm_task *task, rf_site *site, const rf_builtin *row,
                               updating kind, rf_value *window, uint32_t reg)
{
    rf_frame *caller = task->fp;
    rf_value *local = &caller->base[reg];
    const uint32_t count = site->arg_count + 1u;
    const uint32_t marks = site->flags & RF_SITE_MARKS_SELF ? RF_FRAME_MARKS_CALLER : 0;
    if (!runs_no_user_code(row, window + 2, site->arg_count)) {
        const uint32_t first = kind == UPDATE_PAIR ? RF_FRAME_RESULT_FIRST : 0;
        window[1] = rf_copy(*local);
        const rf_outcome outcome =
            rf_vm_call_row(isolate, task, row, window, count, RF_FRAME_RESULT_LOCAL | first | marks, 0);
        if (outcome == RF_CALL_PUSHED) task->fp->self_register = reg;
        if (outcome != RF_CALL_DONE) return outcome;
        rf_store(isolate, local, rf_take(&window[0]));
    } else {
        window[1] = rf_take(local);
        rf_value result = rf_builtin_call(isolate, row, window + 1, count);
        if (rf_is_raised(result)) {
            rf_assert(window[1].head != RF_UNSET);
            *local = rf_take(&window[1]);
            return RF_CALL_RAISED;
        }
        release_args(isolate, window, count);
        *local = result;
    }
    if (kind == UPDATE_PAIR) *local = first_of_pair(isolate, *local);
    if (marks) caller->flags |= RF_FRAME_MARKED;
    rf_store(isolate, &window[0], rf_null());
    return RF_CALL_DONE;
}

rf_outcome rf_vm_call_local(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window, uint32_t reg)
{
    rf_value *local = &task->fp->base[reg];
    if (local->head == RF_STRUCT) {
        rf_function *method = declared_method(*local, site->name);
        if (method) return call_declared_on_local(isolate, task, site, method, window, reg);
    }
    const updating kind = updating_of(*local, site->updater, site->name);
    if (kind != NO_UPDATE) {
        const rf_builtin *row = updater_row(isolate, site, *local);
        return row ? update_local(isolate, task, site, row, kind, window, reg) : RF_CALL_RAISED;
    }
    window[1] = rf_copy(*local);
    return call_undeclared(isolate, task, site, window);
}

/* ---- B(place, ...) as a statement ---- */

static rf_outcome call_no_update(rf_isolate *isolate, rf_vm_task *task, rf_site *site, const rf_builtin *row,
                                 rf_value *window)
{
    const uint32_t count = site->arg_count + 1u;
    if (!(site->flags & RF_SITE_ECHO))
        return rf_vm_call_row(isolate, task, row, window, count, site->skip ? RF_FRAME_SKIP : 0, site->skip);
    const rf_outcome outcome = deliver(isolate, window, count, rf_builtin_call(isolate, row, window + 1, count));
    if (outcome == RF_CALL_RAISED) return outcome;
    if (isolate->echo && window[0].head != RF_NULL) isolate->echo(isolate, window[0]);
    task->fp->pc += site->skip;
    return outcome;
}

rf_outcome rf_vm_update(rf_isolate *isolate, rf_vm_task *task, rf_site *site, rf_value *window)
{
    const rf_builtin *row = &isolate->builtins[site->builtin];
    if (site->flags & RF_SITE_ASSIGNS) return update_place(isolate, task, site, row, UPDATE_VALUE, window);
    const updating kind = updating_of(window[1], site->updater, NULL);
    if (kind == NO_UPDATE || site->skip == 0) return call_no_update(isolate, task, site, row, window);
    if (site->flags & RF_SITE_CONST_ROOT) return RF_CALL_DONE; /* into the code that raises */
    return update_place(isolate, task, site, row, kind, window);
}

rf_outcome rf_vm_push_slow(rf_isolate *isolate, rf_vm_task *task, rf_site *site, uint32_t reg, uint32_t value)
{
    rf_frame *fp = task->fp;
    rf_value *window = &fp->base[site->window];
    rf_value *arg = &fp->base[value];
    window[2] = value >= fp->proto->temp_base ? rf_take(arg) : rf_copy(*arg);
    /* the method form goes on with the next instruction, which drops the result, as the skip of its site is for PUSH */
    rf_site plain = *site;
    plain.skip = 0;
    rf_outcome outcome;
    if (site->builtin == RF_NO_BUILTIN) {
        outcome = rf_vm_call_local(isolate, task, &plain, window, reg);
    } else {
        const rf_builtin *row = &isolate->builtins[site->builtin];
        const updating kind = updating_of(fp->base[reg], site->updater, NULL);
        if (kind != NO_UPDATE) {
            outcome = update_local(isolate, task, &plain, row, kind, window, reg);
        } else {
            window[1] = rf_copy(fp->base[reg]);
            outcome = rf_vm_call_row(isolate, task, row, window, site->arg_count + 1u, 0, 0);
        }
    }
    site->tag = plain.tag;
    site->row = plain.row;
    site->def = plain.def;
    site->method = plain.method;
    return outcome;
}
