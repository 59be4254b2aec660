/* Generators (LANGUAGE 11.3) as coroutines: the body runs on a C stack of its own and leaves it at `yield`.
 *
 * An unfinished generator that is freed is entered once more with `abandoning` set: its yield answers RAISED, which
 * no `except` catches, so that everything its C stack holds is released.  No code of the program runs. */
#include "base/alloc.h"
#include "interp/eval.h"
#include "sched/stack.h"
#include "value/error_value.h"

typedef struct rf_interp_generator { /* generator->frame, from the first step to the end */
    rf_interp_frame *frame;
    rf_stack *stack;
    rf_value transfer; /* what was yielded; at the end RAISED when an error ended it */
    bool is_abandoned;
} rf_interp_generator;

static void run_generator(void *context)
{
    rf_interp_generator *self = context;
    rf_value result = rf_interp_run_body(self->frame);
    rf_release(self->frame->isolate, result);
    self->transfer = rf_is_raised(result) ? result : rf_unset();
}

rf_value rf_interp_yield(rf_interp_frame *frame, rf_value v)
{
    rf_interp_generator *self = frame->generator;
    self->transfer = v;
    rf_stack_leave(frame->isolate, self->stack);
    return self->is_abandoned ? rf_raised() : rf_null();
}

static void start(rf_isolate *isolate, rf_generator *generator)
{
    rf_function *closure = generator->function;
    rf_interp_frame *frame = rf_interp_frame_new(isolate, closure->func, closure->module, closure);
    for (uint32_t i = 0; i < generator->arg_count; i++) frame->slots[i] = rf_take(&generator->args[i]);
    rf_interp_generator *self = rf_new(rf_interp_generator);
    self->frame = frame;
    self->transfer = rf_unset();
    self->stack = rf_stack_new(isolate, run_generator, self);
    frame->generator = self;
    generator->frame = self;
}

static void finish(rf_isolate *isolate, rf_generator *generator)
{
    rf_interp_generator *self = generator->frame;
    generator->frame = NULL;
    generator->state = RF_GENERATOR_DONE;
    rf_stack_free(isolate, self->stack);
    rf_interp_frame_free(self->frame);
    rf_free(self);
}

/* Runs the body up to its next yield or its end. */
static rf_value step(rf_isolate *isolate, rf_generator *generator)
{
    if (generator->state == RF_GENERATOR_NEW) start(isolate, generator);
    rf_interp_generator *self = generator->frame;
    generator->state = RF_GENERATOR_RUNNING;
    rf_interp_frame_push(self->frame);
    const bool is_unfinished = rf_stack_enter(isolate, self->stack);
    rf_interp_frame_pop(self->frame);
    rf_value v = rf_take(&self->transfer);
    if (is_unfinished)
        generator->state = RF_GENERATOR_SUSPENDED;
    else
        finish(isolate, generator);
    return v;
}

rf_value rf_interp_generator_next(rf_isolate *isolate, rf_generator *generator)
{
    if (generator->state == RF_GENERATOR_DONE) return rf_unset();
    if (generator->state == RF_GENERATOR_RUNNING)
        return rf_raise(isolate, "Generator is already running");
    if (!rf_interp_check_depth(isolate, generator->function->func)) return rf_raised();
    rf_retain_object(&generator->object);
    rf_value v = step(isolate, generator);
    rf_release_object(isolate, &generator->object);
    return v;
}

void rf_interp_generator_free(rf_isolate *isolate, rf_generator *generator)
{
    rf_interp_generator *self = generator->frame;
    if (!self) return;
    const bool was_abandoning = isolate->abandoning;
    const rf_value error = rf_take(&isolate->error);
    isolate->abandoning = true;
    self->is_abandoned = true;
    const bool is_unfinished = rf_stack_enter(isolate, self->stack);
    rf_assert(!is_unfinished);
    (void)is_unfinished;
    rf_release(isolate, rf_take(&isolate->error));
    isolate->abandoning = was_abandoning;
    isolate->error = error;
    finish(isolate, generator);
}

void rf_interp_generator_visit(rf_isolate *isolate, rf_generator *generator,
                               void (*visit)(void *context, rf_value value), void *context)
{
    (void)isolate;
    const rf_interp_generator *self = generator->frame;
    if (!self) return;
    const rf_interp_frame *frame = self->frame;
    for (uint32_t i = 0; i < frame->func->slot_count; i++) visit(context, frame->slots[i]);
    for (const rf_interp_walk *walk = frame->walks; walk; walk = walk->outer) visit(context, walk->iteration.source);
    for (const rf_interp_hoist *hoist = frame->hoisted; hoist; hoist = hoist->outer)
        for (uint32_t i = 0; i < hoist->block->hoisted_count; i++) visit(context, hoist->objects[i]);
    if (frame->closure) visit(context, rf_object_value(RF_FUNCTION, frame->closure));
}
