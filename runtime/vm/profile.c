/* How the profiler sees frames of the VM, and the hooks of the profiled loops. */
#include "vm/profile.h"

#include "base/alloc.h"
#include "sched/sched.h"
#include "value/profiling.h"
#include "vm/jit_hook.h"

/* ---- hooks ---- */

static void put_labels(rf_prof_thread *thread, unsigned loop)
{
    for (unsigned op = 0; op < RF_OP_COUNT; op++)
        atomic_store_explicit(&thread->jumps[loop][op], thread->labels[loop][op], memory_order_relaxed);
}

void rf_vm_profile_loop(rf_prof_thread *thread, unsigned loop, const void *const *labels, const void *hook)
{
    if (RF_LIKELY(thread->labels[loop])) return;
    thread->labels[loop] = labels;
    thread->jump_count = RF_OP_COUNT;
    put_labels(thread, loop);
    atomic_store_explicit(&thread->hooks[loop], hook, memory_order_release);
}

/* The processor works on dozens of instructions at once and waits in the order of the program: of straight code nearly
 * always the same instruction would be found.  So when a cheap one is found the loop goes on for a few more, up to as many
 * as can be under way: within their reach each instruction is as likely as the next.  One that has saved its position may
 * have taken long, and the time is its own. */
enum { REACH = 64 };

static uint32_t draw_reach(rf_prof_thread *thread)
{
    thread->random = thread->random * 1664525u + 1013904223u; /* Knuth's; the high bits are good */
    return thread->random >> 26;
}
_Static_assert(REACH == 1 << (32 - 26), "the reach is drawn from the high bits");

void rf_vm_profile_hook(rf_isolate *isolate, rf_frame *fp, const rf_instruction *pc, unsigned loop)
{
    rf_prof_thread *thread = isolate->prof;
    const bool took_long = fp->pc == pc && pc != fp->proto->code;
    if (!thread->reach && atomic_load_explicit(&thread->has_pending, memory_order_relaxed)) {
        thread->reach = took_long ? 1 : 1 + draw_reach(thread);
        atomic_store_explicit(&thread->has_pending, false, memory_order_relaxed); /* by nobody else meanwhile */
    }
    if (thread->reach > 1) {
        thread->reach--;
        return;
    }
    put_labels(thread, loop);
    if (!took_long) fp->pc = pc + 1;
    if (thread->reach) rf_prof_drain(thread);
    thread->reach = 0;
}

void rf_vm_profile_point(rf_isolate *isolate, rf_frame *fp, const rf_instruction *pc)
{
    if (RF_LIKELY(!atomic_load_explicit(&isolate->prof->has_pending, memory_order_relaxed))) return;
    fp->pc = pc;
    rf_prof_drain(isolate->prof);
}

/* ---- frames ---- */

static uint32_t walk(void *context, const rf_prof_scope *scopes, rf_prof_place *places, uint32_t capacity)
{
    const rf_vm_state *state = rf_vm_state_of(context);
    uint32_t count = 0;
    if (!state || !state->task) return 0;
    for (const rf_frame *fp = state->task->fp; count < capacity; fp = fp->previous) {
        count += rf_prof_scopes_of(&scopes, fp, places + count, capacity - count);
        if (!fp->proto || count == capacity) break;
        places[count++] = (rf_prof_place){fp->proto, fp->pc - 1};
    }
    return count;
}

static const void *innermost(void *context)
{
    const rf_vm_state *state = rf_vm_state_of(context);
    return state && state->task ? state->task->fp : NULL;
}

static void name(void *context, rf_prof_place place, rf_prof_named *out)
{
    (void)context;
    const rf_proto *proto = place.code;
    const rf_instruction *at = place.at;
    if (at < proto->code) at = proto->code;
    rf_profiling_name(proto->func, rf_proto_pos(proto, (uint32_t)(at - proto->code)).line, RF_TIER_VM, out);
}

static uint32_t native(void *context, const void *address, rf_prof_place places[2], bool *has_frame)
{
    const rf_vm_state *state = rf_vm_state_of(context);
    return state && state->jit && state->jit->places_at ? state->jit->places_at(context, address, places, has_frame) : 0;
}

static uint32_t native_frame(void *context, const void *address)
{
    const rf_vm_state *state = rf_vm_state_of(context);
    return state && state->jit && state->jit->frame_at ? state->jit->frame_at(context, address) : 0;
}

/* ---- exact counts ---- */

/* Or had, or is about to. */
static bool has_native_code(const rf_vm_state *state)
{
    for (uint32_t i = 0; state->jit && i < state->bucket_count; i++)
        for (const rf_proto *proto = state->buckets[i]; proto; proto = proto->next)
            if (proto->native) return true;
    return false;
}

/* Native code makes generators and tasks without counting. */
static void forget_calls(const rf_vm_state *state)
{
    if (!has_native_code(state)) return;
    for (uint32_t i = 0; i < state->bucket_count; i++)
        for (rf_proto *proto = state->buckets[i]; proto; proto = proto->next)
            if (proto->func->is_generator || proto->func->is_async) proto->calls = RF_PROF_UNKNOWN;
}

static uint64_t calls_tallied(const rf_vm_state *state, const rf_proto *proto)
{
    return proto->tallied_calls + (state->code.has_counts && proto->code ? *rf_code_arrivals(proto->code) : 0);
}

/* How often each instruction ran: as often as the one before that falls through, but for its jumps, and what came from
 * elsewhere; new.  A push to an array falls through to behind the next one, which is for other receivers. */
static uint64_t *count_instructions(const rf_proto *proto)
{
    uint64_t *counts = rf_alloc_array_zero(uint64_t, proto->code_count + 2u);
    counts[0] = proto->tallied_calls;
    for (uint32_t i = 0; i < proto->code_count; i++) {
        const int64_t target = rf_op_jump_target(proto->code, i);
        if (target >= 0) counts[target] += *rf_code_jumps(&proto->code[i]);
    }
    for (uint32_t i = 0; i < proto->code_count; i++) {
        counts[i] += *rf_code_arrivals(&proto->code[i]);
        if (rf_op_falls_through(proto->code[i].op))
            counts[i + (proto->code[i].op == RF_OP_PUSH ? 2 : 1)] += counts[i] - *rf_code_jumps(&proto->code[i]);
    }
    return counts;
}

/* The instructions of a line add up; it was entered as often as its most frequent one. */
static void note_lines(rf_profile *profile, const rf_proto *proto, uint32_t func)
{
    uint64_t sum = 0, *counts = count_instructions(proto);
    rf_pos *positions = rf_proto_positions(proto);
    for (uint32_t i = 0; i < proto->code_count; i++) {
        if (!counts[i]) continue;
        sum += counts[i];
        if (!func) continue;
        rf_prof_line *line = rf_profile_line(profile, func, positions[i].line);
        if (line->instructions == RF_PROF_UNKNOWN) line->instructions = line->hits = 0;
        line->instructions += counts[i];
        if (counts[i] > line->hits) line->hits = counts[i];
    }
    rf_free(positions);
    rf_free(counts);
    uint64_t *all = &profile->funcs.data[func].instructions;
    if (func) *all = (*all == RF_PROF_UNKNOWN ? 0 : *all) + sum;
}

/* A loop at the beginning of a function enters native code more often than the function is called. */
static void note_native(rf_profile *profile, const rf_proto *proto, uint32_t func, uint64_t made)
{
    const uint64_t native = proto->native_calls + proto->native_entries;
    char *name = rf_profile_native_counter(profile, func);
    const uint64_t before = rf_profile_counter(profile, name);
    if (proto->calls != RF_PROF_UNKNOWN)
        rf_profile_set_counter(profile, name, (before == RF_PROF_UNKNOWN ? 0 : before) + (native < made ? native : made), "");
    rf_free(name);
}

static void count_proto(rf_profile *profile, const rf_vm_state *state, const rf_proto *proto, bool is_exact)
{
    rf_prof_named named;
    rf_profiling_name(proto->func, 0, RF_TIER_VM, &named);
    const uint32_t file = named.path ? rf_profile_file(profile, named.path) : 0;
    if (file && !profile->files.data[file].text) rf_profile_set_text(profile, file, named.source, named.source_size);
    const uint32_t func = rf_profile_func(profile, named.kind, named.name, file, named.declared);
    uint64_t *calls = &profile->funcs.data[func].calls;
    const uint64_t made = proto->calls + proto->native_calls + calls_tallied(state, proto);
    if (proto->calls != RF_PROF_UNKNOWN) *calls = (*calls == RF_PROF_UNKNOWN ? 0 : *calls) + made;
    if (proto->native || proto->native_calls) note_native(profile, proto, func, made);
    if (is_exact && state->code.has_counts && named.kind == RF_FUNC_SCRIPT) note_lines(profile, proto, func);
}

/* The calls of tasks that are not done have not returned. */
static void take_back_returns(void *engine_data, void *context)
{
    const rf_vm_task *task = engine_data;
    for (const rf_frame *fp = task->fp; fp != &task->root; fp = fp->previous) rf_vm_profile_no_return(context, fp);
}

static void count(void *context, rf_prof_thread *thread, rf_profile *profile)
{
    const rf_isolate *isolate = context;
    const rf_vm_state *state = rf_vm_state_of(isolate);
    const bool is_exact = !state->jit && !atomic_load_explicit(&thread->is_exact_over, memory_order_relaxed);
    thread->is_tallied = !state->jit;
    for (uint32_t i = 0; i < state->bucket_count; i++)
        for (const rf_proto *proto = state->buckets[i]; proto; proto = proto->next) {
            if (proto->calls != RF_PROF_UNKNOWN) thread->calls += proto->calls;
            thread->tallied_calls += calls_tallied(state, proto);
        }
    forget_calls(state);
    rf_sched_visit_tasks(isolate->sched, take_back_returns, isolate->engine_state);
    for (uint32_t i = 0; i < state->bucket_count; i++)
        for (const rf_proto *proto = state->buckets[i]; proto; proto = proto->next)
            if (proto->calls || proto->native_calls || calls_tallied(state, proto)) count_proto(profile, state, proto, is_exact);
}

void rf_vm_profile(rf_isolate *isolate, rf_prof_source *source)
{
    (void)isolate;
    source->walk = walk;
    source->innermost = innermost;
    source->name = name;
    source->native = native;
    source->native_frame = native_frame;
    source->count = count;
}
