/* Register segments, the chain of frames, stack traces.
 *
 * Calls only compare two numbers; everything else happens here, when a comparison fails: the chain is extended, the
 * depth limit is computed anew (it depends on hidden frames and on what a task inherited from its starter, LANGUAGE
 * 21.2), a window that does not fit moves to a further segment. */
#include "vm/frame.h"

#include "base/alloc.h"
#include "value/error_value.h"
#include "vm/compile.h"

#include <string.h>

enum {
#ifdef RF_STRESS
    MAIN_SEGMENT = 512, /* values */
#else
    MAIN_SEGMENT = 1 << 17, /* address space until it is touched: native recursion stays in one segment */
#endif
    FIRST_SEGMENT = 512, /* of other tasks */
    LARGEST_SEGMENT = 1 << 20,
    FRAME_CHUNK = 32
};

/* ---- tasks ---- */

static rf_segment *begin_segment(void *memory, rf_segment *previous, size_t count)
{
    rf_segment *segment = memory;
    segment->previous = previous;
    segment->end = segment->values + count;
    return segment;
}

static rf_segment *new_segment(rf_segment *previous, size_t count)
{
    return begin_segment(rf_alloc_zero(sizeof(rf_segment) + rf_array_size(count, sizeof(rf_value))), previous, count);
}

static void link_frames(rf_vm_task *task, rf_frame *fp, rf_frame *chunk)
{
    for (uint32_t i = 0; i < FRAME_CHUNK; i++) {
        chunk[i].previous = i ? &chunk[i - 1] : fp;
        chunk[i].next = i + 1 < FRAME_CHUNK ? &chunk[i + 1] : &task->last;
        chunk[i].index = fp->index + 1 + i;
    }
    fp->next = chunk;
}

/* Of the main task: the first frames and the first segment, each at its place in a page (code_space.h). */
static void place_registers(rf_vm_task *task)
{
    task->memory = rf_alloc_zero(4 * RF_PAGE + rf_array_size(MAIN_SEGMENT, sizeof(rf_value)));
    char *page = (char *)task->memory + (-(uintptr_t)task->memory) % RF_PAGE;
    link_frames(task, &task->root, (rf_frame *)(void *)(page + RF_FRAMES_IN_PAGE));
    task->segment = begin_segment(page + 2 * RF_PAGE + RF_REGISTERS_IN_PAGE - offsetof(rf_segment, values), NULL, MAIN_SEGMENT);
}
_Static_assert(RF_FRAMES_IN_PAGE + FRAME_CHUNK * sizeof(rf_frame) <= 2 * RF_PAGE + RF_REGISTERS_IN_PAGE - offsetof(rf_segment, values),
               "the frames end before the registers");

rf_vm_task *rf_vm_task_new(rf_isolate *isolate)
{
    rf_vm_task *task = rf_new(rf_vm_task);
    rf_vm_state *state = rf_vm_state_of(isolate);
    task->root.next = &task->last;
    task->last.index = UINT32_MAX;
    task->fp = &task->root;
    if (state->home && !state->main) {
        state->main = task;
        place_registers(task);
    } else {
        task->memory = task->segment = new_segment(NULL, FIRST_SEGMENT);
    }
    task->limit = task->segment->end;
    task->root.base = task->segment->values;
    return task;
}

void rf_vm_task_free(rf_isolate *isolate, rf_vm_task *task)
{
    if (!task) return;
    while (task->fp != &task->root) {
        rf_frame *fp = task->fp;
        rf_vm_release_registers(isolate, fp, 0, fp->proto->register_count);
        rf_store(isolate, fp->base - 1, rf_unset());
        if (fp->flags & RF_FRAME_GENERATOR) rf_release_object(isolate, &fp->generator->object);
        rf_vm_pop_frame(task);
    }
    for (size_t i = 0; i < task->chunks.count; i++) rf_free(task->chunks.data[i]);
    rf_vector_release(&task->chunks);
    rf_segment *segment = task->segment;
    while (segment->next) segment = segment->next;
    for (rf_segment *previous; (previous = segment->previous); segment = previous) rf_free(segment);
    rf_free(task->memory);
    if (rf_vm_state_of(isolate)->main == task) rf_vm_state_of(isolate)->main = NULL;
    rf_free(task);
}

/* ---- segments ---- */

static rf_value *enter_segment(rf_vm_task *task, uint32_t count)
{
    rf_segment *segment = task->segment;
    const size_t needed = (size_t)count + 1;
    if (segment->next && (size_t)(segment->next->end - segment->next->values) < needed) {
        for (rf_segment *next = segment->next, *after; next; next = after) {
            after = next->next;
            rf_free(next);
        }
        segment->next = NULL;
    }
    if (!segment->next) {
        size_t size = (size_t)(segment->end - segment->values) * 2;
        if (size > LARGEST_SEGMENT) size = LARGEST_SEGMENT;
        if (size < needed * 2) size = needed * 2;
        segment->next = new_segment(segment, size);
    }
    task->segment = segment->next;
    task->limit = task->segment->end;
    return task->segment->values;
}

static void leave_segment(rf_vm_task *task)
{
    task->segment = task->segment->previous;
    task->limit = task->segment->end;
}

rf_value *rf_vm_reserve(rf_isolate *isolate, rf_vm_task *task, uint32_t count, uint32_t *flags)
{
    (void)isolate;
    rf_value *window = rf_vm_top(task);
    if (count + 1 <= (size_t)(task->limit - window)) return window;
    *flags |= RF_FRAME_MOVED;
    return enter_segment(task, count);
}

void rf_vm_unreserve(rf_vm_task *task, uint32_t flags)
{
    if (flags & RF_FRAME_MOVED) leave_segment(task);
}

/* ---- frames ---- */

static void extend_chain(rf_vm_task *task, rf_frame *fp)
{
    rf_frame *chunk = rf_alloc_array_zero(rf_frame, FRAME_CHUNK);
    rf_vector_push(&task->chunks, chunk);
    link_frames(task, fp, chunk);
}

/* isolate->depth is what the running task inherited. */
static void compute_limit(const rf_isolate *isolate, rf_vm_task *task)
{
    const uint32_t inherited = isolate->depth < isolate->max_depth ? isolate->depth : isolate->max_depth;
    task->frame_limit = isolate->max_depth - inherited + task->hidden_count;
}

static bool check_depth(rf_isolate *isolate, rf_vm_task *task, const rf_proto *proto)
{
    compute_limit(isolate, task);
    if (!proto->is_visible || task->fp->index + 1 <= task->frame_limit) return true;
    rf_raise(isolate, "Maximum call stack depth of %u exceeded while calling %s", isolate->max_depth,
             proto->func->display_name);
    return false;
}

/* The window with result and arguments moves to another segment. */
static rf_value *move_window(rf_vm_task *task, const rf_proto *proto, rf_value *window)
{
    rf_value *moved = enter_segment(task, proto->register_count);
    moved[0] = rf_take(&window[0]);
    for (uint32_t i = 1; i <= proto->param_count; i++) moved[i] = rf_take(&window[i]);
    return moved;
}

rf_frame *rf_vm_push_frame(rf_isolate *isolate, rf_vm_task *task, rf_proto *proto, rf_function *function,
                           rf_value *window, uint32_t flags)
{
    if (!check_depth(isolate, task, proto)) return NULL;
    if (!proto->is_compiled) rf_compile_proto(isolate, proto);
    rf_frame *caller = task->fp;
    if (caller->next == &task->last) extend_chain(task, caller);
    rf_frame *fp = caller->next;
    fp->home = window;
    if ((size_t)(task->limit - window) < (size_t)proto->register_count + 1) {
        window = move_window(task, proto, window);
        flags |= RF_FRAME_MOVED;
    }
    if (!proto->is_visible) {
        flags |= RF_FRAME_HIDDEN;
        task->hidden_count++;
        task->frame_limit++;
    }
    fp->proto = proto;
    fp->function = function;
    fp->base = window + 1;
    fp->pc = proto->code;
    fp->flags = flags;
    fp->generator = NULL;
    task->fp = fp;
    return fp;
}

void rf_vm_release_registers(rf_isolate *isolate, rf_frame *fp, uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < count; i++) {
        rf_value *slot = &fp->base[i];
        if (rf_is_heap(*slot)) rf_store(isolate, slot, rf_unset());
    }
}

void rf_vm_pop_frame(rf_vm_task *task)
{
    rf_frame *fp = task->fp;
    if (fp->flags & RF_FRAME_MOVED) leave_segment(task);
    if (fp->flags & RF_FRAME_HIDDEN) {
        task->hidden_count--;
        task->frame_limit--;
    }
    task->fp = fp->previous;
}

/* ---- traces ---- */

/* Position of the instruction that runs in fp. */
static rf_pos frame_pos(const rf_frame *fp)
{
    return rf_proto_pos(fp->proto, (uint32_t)(fp->pc - fp->proto->code) - 1);
}

void rf_vm_trace(rf_isolate *isolate, rf_trace *out)
{
    *out = (rf_trace){.file = NULL};
    const rf_vm_state *state = rf_vm_state_of(isolate);
    if (!state || !state->task) return;
    const rf_vm_task *task = state->task;
    for (const rf_frame *fp = task->fp; fp != &task->root; fp = fp->previous) {
        if (!out->file && !fp->proto->func->unit->is_prelude) {
            out->file = fp->proto->func->unit->path;
            out->pos = frame_pos(fp);
        }
        out->count += fp->proto->is_visible;
    }
    if (out->count == 0) return;
    out->names = rf_alloc_array(const char *, out->count);
    uint32_t at = out->count;
    for (const rf_frame *fp = task->fp; fp != &task->root; fp = fp->previous)
        if (fp->proto->is_visible) out->names[--at] = fp->proto->func->display_name;
}

const void *rf_vm_where(rf_isolate *isolate, rf_where *out)
{
    const rf_vm_state *state = rf_vm_state_of(isolate);
    if (!state || !state->task) return NULL;
    const rf_frame *fp = state->task->fp;
    while (fp != &state->task->root && fp->proto->func->unit->is_prelude) fp = fp->previous;
    if (fp == &state->task->root) return NULL;
    if (out) *out = (rf_where){.func = fp->proto->func, .pos = frame_pos(fp)};
    return fp->pc;
}
