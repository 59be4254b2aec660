/* Returns that do more than hand over a result, and unwinding. */
#include "vm/call.h"

#include "value/array.h"
#include "value/error_value.h"
#include "vm/profile.h"

enum { CELL_CHANGED = 1 }; /* flag of a cell that holds self: it was modified (dispatch.c sets it) */

/* ---- self ---- */

typedef struct self_state {
    rf_value value; /* UNSET: nothing goes back */
    bool is_modified;
} self_state;

/* Was self modified, and what is it now?  Moves it out of the frame when it goes back. */
static self_state take_self(rf_frame *fp)
{
    self_state self = {.value = rf_unset()};
    if (!(fp->flags & (RF_FRAME_SELF_BACK | RF_FRAME_SELF_LOCAL))) return self;
    rf_value *slot = &fp->base[0];
    const bool is_cell = slot->head == RF_CELL;
    self.is_modified = (fp->flags & RF_FRAME_MARKED) || (is_cell && (slot->as.o->flags & CELL_CHANGED));
    if (self.is_modified || (fp->flags & RF_FRAME_SELF_TAKEN))
        self.value = is_cell ? rf_copy(slot->as.cell->value) : rf_take(slot);
    return self;
}

static void mark_caller(const rf_frame *fp)
{
    if (fp->flags & RF_FRAME_MARKS_CALLER) fp->previous->flags |= RF_FRAME_MARKED;
}

/* home: of the call's window. */
static void give_self_back(rf_isolate *isolate, rf_frame *fp, rf_value *home, self_state self)
{
    rf_frame *caller = fp->previous;
    if (fp->flags & RF_FRAME_SELF_LOCAL) {
        if (self.value.head == RF_UNSET) return;
        rf_store(isolate, &caller->base[fp->self_register], self.value);
        if (self.is_modified) mark_caller(fp);
    } else if (self.is_modified) {
        rf_store(isolate, &home[1], self.value); /* the code that follows stores it */
    } else {
        if (self.value.head != RF_UNSET) /* moved in, not modified: as if nothing had happened */
            rf_vm_store_place(isolate, caller, rf_vm_receiver_place(caller), self.value);
        caller->pc += fp->skip;
    }
}

/* ---- returning ---- */

static rf_value take_result(rf_frame *fp, uint32_t reg)
{
    if (reg == RF_NO_RESULT) return rf_null();
    const bool is_self = reg == 0 && (fp->flags & (RF_FRAME_SELF_BACK | RF_FRAME_SELF_LOCAL));
    return is_self ? rf_copy(fp->base[0]) : rf_take(&fp->base[reg]);
}

static void deliver(rf_isolate *isolate, rf_frame *fp, rf_value *home, rf_value result)
{
    rf_frame *caller = fp->previous;
    const uint32_t flags = fp->flags;
    if (flags & RF_FRAME_RESULT_FIRST) {
        rf_value first = rf_array_get(result.as.array, 0);
        rf_release(isolate, result);
        result = first;
    }
    if (flags & RF_FRAME_RESULT_BACK) {
        rf_store(isolate, &home[1], result);
        rf_store(isolate, home, rf_null());
    } else if (flags & (RF_FRAME_RESULT_LOCAL | RF_FRAME_RESULT_REG)) {
        rf_store(isolate, home, flags & RF_FRAME_RESULT_LOCAL ? rf_null() : rf_unset());
        rf_store(isolate, &caller->base[fp->self_register], result);
        mark_caller(fp);
    } else {
        rf_store(isolate, home, result);
    }
}

/* The body of a generator has ended; whoever asked for its next value hears that there is none. */
static bool end_generator(rf_isolate *isolate, rf_vm_task *task, rf_frame *fp, rf_value result)
{
    rf_generator *generator = fp->generator;
    const uint32_t flags = fp->flags;
    const bool is_entry = flags & RF_FRAME_ENTRY;
    rf_frame *consumer = fp->previous;
    rf_release(isolate, result);
    rf_vm_finish_generator(isolate, generator);
    rf_vm_pop_frame(task);
    if (!is_entry) { /* FORNEXT falls through */
        rf_value *state = &consumer->base[consumer->pc[-1].a];
        rf_store(isolate, state, rf_unset());
    }
    rf_release_object(isolate, &generator->object);
    return flags & (RF_FRAME_ENTRY | RF_FRAME_NATIVE);
}

bool rf_vm_return(rf_isolate *isolate, rf_vm_task *task, uint32_t reg, uint32_t live, rf_value *out)
{
    rf_frame *fp = task->fp;
    const rf_value result = take_result(fp, reg);
    const self_state self = take_self(fp);
    const uint32_t count = live == RF_OPERAND_LIMIT ? fp->proto->register_count : live;
    *out = rf_unset();
    rf_vm_release_registers(isolate, fp, 0, count);
    if (fp->flags & RF_FRAME_GENERATOR) return end_generator(isolate, task, fp, result);
    rf_value *home = &fp->base[-1];
    if (fp->flags & RF_FRAME_MOVED) {
        rf_store(isolate, home, rf_unset());
        home = fp->home;
    }
    rf_vm_pop_frame(task);
    if (fp->flags & RF_FRAME_ENTRY) {
        if (!(fp->flags & RF_FRAME_MOVED)) rf_store(isolate, home, rf_unset());
        rf_release(isolate, self.value);
        *out = result;
        return true;
    }
    deliver(isolate, fp, home, result);
    if (fp->flags & RF_FRAME_SKIP) fp->previous->pc += fp->skip;
    if (fp->flags & (RF_FRAME_SELF_BACK | RF_FRAME_SELF_LOCAL)) give_self_back(isolate, fp, home, self);
    return fp->flags & RF_FRAME_NATIVE;
}

/* ---- unwinding ---- */

static bool enter_handler(rf_isolate *isolate, rf_frame *fp)
{
    if (!rf_is_catchable(isolate)) return false;
    const rf_proto *proto = fp->proto;
    const rf_handler *handler = rf_proto_handler(proto, (uint32_t)(fp->pc - proto->code) - 1);
    if (!handler) return false;
    const uint32_t end = proto->register_count < RF_WIDE_BASE ? proto->register_count : RF_WIDE_BASE; /* locals live on */
    rf_vm_release_registers(isolate, fp, handler->level, end);
    fp->pc = proto->code + handler->target;
    fp->proto = rf_proto_page(fp->proto, 0);
    return true;
}

bool rf_vm_unwind(rf_isolate *isolate, rf_vm_task *task)
{
    for (;;) {
        rf_frame *fp = task->fp;
        if (enter_handler(isolate, fp)) return true;
        rf_vm_release_registers(isolate, fp, 0, fp->proto->register_count);
        const uint32_t flags = fp->flags;
        if (flags & (RF_FRAME_MOVED | RF_FRAME_ENTRY)) rf_store(isolate, &fp->base[-1], rf_unset());
        rf_generator *generator = flags & RF_FRAME_GENERATOR ? fp->generator : NULL;
        rf_vm_profile_no_return(rf_vm_state_of(isolate), fp);
        rf_vm_pop_frame(task);
        if (generator) {
            rf_vm_finish_generator(isolate, generator);
            rf_release_object(isolate, &generator->object);
        }
        if (flags & (RF_FRAME_ENTRY | RF_FRAME_NATIVE)) return false;
    }
}
