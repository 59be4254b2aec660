/* Generators (LANGUAGE 11.3): a suspended body is a copy of the live part of its window and a position.  While it runs
 * it is an ordinary frame on the stack of whoever asked for the next value, so no C stack belongs to it. */
#include "base/alloc.h"
#include "sched/stack.h"
#include "value/error_value.h"
#include "vm/call.h"
#include "vm/compile.h"
#include "vm/later.h"

#include <string.h>

typedef rf_suspended suspended;

static size_t suspended_size(uint32_t capacity)
{
    return sizeof(suspended) + rf_array_size(capacity, sizeof(rf_value));
}

static void drop_frame(rf_isolate *isolate, rf_generator *generator)
{
    suspended *kept = generator->frame;
    if (!kept) return;
    generator->frame = NULL;
    const uint32_t live = kept->live;
    kept->live = 0;
    for (uint32_t i = 0; i < live; i++) rf_release(isolate, kept->registers[i]);
    rf_heap_free(isolate, kept, suspended_size(kept->capacity));
}

void rf_vm_finish_generator(rf_isolate *isolate, rf_generator *generator)
{
    generator->state = RF_GENERATOR_DONE;
    drop_frame(isolate, generator);
}

/* ---- resuming ---- */

static void put_arguments(rf_generator *generator, rf_value *base)
{
    for (uint32_t i = 0; i < generator->arg_count; i++) base[i] = rf_take(&generator->args[i]);
}

static void put_registers(rf_frame *fp, suspended *kept)
{
    for (uint32_t i = 0; i < kept->live; i++) fp->base[i] = kept->registers[i];
    kept->live = 0;
    fp->pc = kept->pc;
}

rf_outcome rf_vm_resume(rf_isolate *isolate, rf_vm_task *task, rf_generator *generator, uint32_t flags)
{
    if (generator->state == RF_GENERATOR_DONE) return RF_CALL_DONE;
    if (generator->state == RF_GENERATOR_RUNNING) {
        rf_raise(isolate, "Generator is already running");
        return RF_CALL_RAISED;
    }
    rf_function *closure = generator->function;
    rf_proto *proto = rf_vm_closure_proto(isolate, closure);
    if (!proto->is_compiled) rf_compile_proto(isolate, proto);
    rf_value *window = rf_vm_reserve(isolate, task, proto->register_count, &flags);
    const uint32_t reserved = flags;
    rf_frame *fp = rf_vm_push_frame(isolate, task, proto, closure, window, flags | RF_FRAME_GENERATOR);
    if (!fp) {
        rf_vm_unreserve(task, reserved);
        return RF_CALL_RAISED;
    }
    if (generator->state == RF_GENERATOR_NEW)
        put_arguments(generator, fp->base);
    else
        put_registers(fp, generator->frame);
    if (RF_UNLIKELY(rf_vm_state_of(isolate)->later != NULL)) {
        const bool is_uncounted = rf_vm_counts_later(rf_vm_state_of(isolate));
        if (generator->was_uncounted && !is_uncounted) rf_vm_join_all_turns(fp); /* it was suspended when the loops were left */
        generator->was_uncounted = is_uncounted;
    }
    generator->state = RF_GENERATOR_RUNNING;
    rf_retain_object(&generator->object);
    fp->generator = generator;
    return RF_CALL_PUSHED;
}

/* ---- suspending ---- */

static suspended *room_for(rf_isolate *isolate, rf_generator *generator, uint32_t live)
{
    suspended *kept = generator->frame;
    if (kept && kept->capacity >= live) return kept;
    if (kept) rf_heap_free(isolate, kept, suspended_size(kept->capacity));
    kept = rf_heap_alloc(isolate, suspended_size(live), RF_GENERATOR);
    kept->capacity = live;
    generator->frame = kept;
    return kept;
}

bool rf_vm_open_generator(rf_isolate *isolate, rf_generator *generator, const rf_proto *proto)
{
    const uint32_t count = proto->register_count;
    const bool is_new = generator->state == RF_GENERATOR_NEW;
    if (!is_new && generator->state != RF_GENERATOR_SUSPENDED) return false;
    suspended *kept = generator->frame;
    if (!kept || kept->capacity < count) {
        suspended *larger = rf_heap_alloc(isolate, suspended_size(count), RF_GENERATOR);
        *larger = (suspended){.pc = kept ? kept->pc : proto->code, .live = kept ? kept->live : 0, .capacity = count};
        for (uint32_t i = 0; i < larger->live; i++) larger->registers[i] = kept->registers[i];
        if (kept) rf_heap_free(isolate, kept, suspended_size(kept->capacity));
        generator->frame = kept = larger;
    }
    if (is_new) {
        put_arguments(generator, kept->registers);
        kept->live = generator->arg_count;
    }
    for (uint32_t i = kept->live; i < count; i++) kept->registers[i] = rf_unset();
    kept->live = count;
    generator->state = RF_GENERATOR_SUSPENDED;
    return true;
}

bool rf_vm_yield(rf_isolate *isolate, rf_vm_task *task, uint32_t reg, uint32_t live, rf_value *out)
{
    rf_frame *fp = task->fp;
    rf_generator *generator = fp->generator;
    const rf_value value = rf_take(&fp->base[reg]);
    fp->base[reg] = rf_null();
    const uint32_t count = fp->proto->register_count > RF_WIDE_BASE ? fp->proto->register_count : live;
    suspended *kept = room_for(isolate, generator, count);
    for (uint32_t i = 0; i < count; i++) kept->registers[i] = rf_take(&fp->base[i]);
    kept->live = count;
    kept->pc = fp->pc;
    generator->state = RF_GENERATOR_SUSPENDED;
    const uint32_t flags = fp->flags;
    rf_frame *consumer = fp->previous;
    rf_vm_pop_frame(task);
    rf_release_object(isolate, &generator->object);
    *out = value;
    if (flags & RF_FRAME_ENTRY) return true;
    const rf_instruction next = consumer->pc[-1]; /* FORNEXT */
    rf_store(isolate, &consumer->base[next.b], value);
    consumer->pc += (int16_t)next.c;
    return flags & RF_FRAME_NATIVE;
}

/* ---- for the rest of the runtime ---- */

typedef struct request {
    rf_isolate *isolate;
    rf_generator *generator;
    rf_value result;
} request;

static void step(void *context)
{
    request *r = context;
    rf_vm_task *task = rf_vm_state_of(r->isolate)->task;
    switch (rf_vm_resume(r->isolate, task, r->generator, RF_FRAME_ENTRY)) {
    case RF_CALL_PUSHED: r->result = rf_vm_run(r->isolate, task); break;
    case RF_CALL_DONE: r->result = rf_unset(); break;
    default: r->result = rf_raised(); break;
    }
}

rf_value rf_vm_generator_next(rf_isolate *isolate, rf_generator *generator)
{
    request r = {.isolate = isolate, .generator = generator};
    if (rf_stack_is_low(isolate))
        rf_stack_call(isolate, step, &r);
    else
        step(&r);
    return r.result;
}

void rf_vm_generator_free(rf_isolate *isolate, rf_generator *generator)
{
    drop_frame(isolate, generator);
}

void rf_vm_generator_visit(rf_isolate *isolate, rf_generator *generator,
                           void (*visit)(void *context, rf_value value), void *context)
{
    (void)isolate;
    const suspended *kept = generator->frame;
    if (!kept) return;
    for (uint32_t i = 0; i < kept->live; i++) visit(context, kept->registers[i]);
}
