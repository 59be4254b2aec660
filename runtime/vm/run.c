/* Chooses the loop, and what the observing loop notes. */
#include "vm/jit_hook.h"

#include "base/alloc.h"
#include "value/array.h"
#include "vm/later.h"
#include "vm/profile.h"
#include "vm/vm.h"

/* As rf_vm_run while profiled.  The frame entered counts as a call unless it is resumed. */
static RF_NOINLINE rf_value run_profiled(rf_isolate *isolate, rf_vm_task *task)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
    rf_prof_thread *thread = isolate->prof;
    if (thread->is_quiet && !state->jit) return rf_vm_run_noted(isolate, task);
    rf_prof_scope builtin = {.outer = thread->scopes, .frame = task->fp->previous}; /* that runs this code */
    const uint32_t before = rf_prof_run_code(thread, RF_TIER_VM);
    if (before & RF_PROF_UNLINKED) {
        builtin.state = before & ~RF_PROF_UNLINKED;
        atomic_signal_fence(memory_order_release);
        thread->scopes = &builtin;
    }
    rf_proto *proto = task->fp->proto;
    bool is_tallied = !state->jit && !atomic_load_explicit(&thread->is_exact_over, memory_order_relaxed);
    if (!is_tallied) proto->calls += task->fp->pc == proto->code; /* that loop does it itself */
    if (is_tallied) rf_code_count(&state->code);
    rf_value v;
    do {
        v = state->to_observe > 0 ? rf_vm_run_observed(isolate, task)
            : is_tallied          ? rf_vm_run_tallied(isolate, task)
            : state->jit          ? rf_vm_run_profiled_counted(isolate, task)
                                  : rf_vm_run_profiled(isolate, task);
        is_tallied = false;
    } while (v.head == RF_VM_OTHER_LOOP);
    thread->scopes = builtin.outer;
    atomic_signal_fence(memory_order_release);
    rf_prof_resume(thread, before);
    return v;
}

rf_value rf_vm_run(rf_isolate *isolate, rf_vm_task *task)
{
    const rf_vm_state *state = rf_vm_state_of(isolate);
    if (RF_UNLIKELY(isolate->prof != NULL)) return run_profiled(isolate, task);
    if (!state->jit && RF_LIKELY(state->to_observe <= 0)) return rf_vm_run_plain(isolate, task);
    rf_value v;
    do
        v = state->to_observe > 0       ? rf_vm_run_observed(isolate, task)
            : rf_vm_counts_later(state) ? rf_vm_run_uncounted(isolate, task)
            : state->jit                ? rf_vm_run_counted(isolate, task)
                                        : rf_vm_run_plain(isolate, task);
    while (v.head == RF_VM_OTHER_LOOP);
    return v;
}

void rf_vm_observe_all(rf_isolate *isolate)
{
    rf_vm_state_of(isolate)->to_observe = INT32_MAX;
}

static inline uint32_t kind_of(rf_value v)
{
    if (v.head >> 8) return RF_SEEN_WRAPPED;
    uint32_t kind = 1u << v.head;
    if (v.head == RF_ARRAY) kind |= 1u << (RF_SEEN_ARRAY_SHIFT + v.as.array->object.info);
    return kind;
}

uint32_t rf_vm_kind_of(rf_value v)
{
    return kind_of(v);
}

#define NAMES_REGISTER(operand) ((operand) >= RF_OPERAND_DEF && (operand) < RF_OPERAND_NUM)

enum { IN_A = 1, IN_B = 2, IN_C = 4 };
static const uint8_t registers_of[RF_OP_COUNT] = { /* which fields name a register */
#define RF_OP(name, a, b, c, effect, meaning)                                                    \
    [RF_OP_##name] = NAMES_REGISTER(RF_OPERAND_##a) * IN_A + NAMES_REGISTER(RF_OPERAND_##b) * IN_B + \
                     NAMES_REGISTER(RF_OPERAND_##c) * IN_C,
#include "vm/opcode.def"
#undef RF_OP
};

static void note_callee(rf_feedback *now, rf_value callee)
{
    if (callee.head == RF_FUNCTION && callee.as.o->info == RF_FUNCTION_CLOSURE) {
        rf_proto *proto = callee.as.function->code;
        for (unsigned i = 0; i < RF_SEEN_CALLEES; i++) {
            if (!proto || now->callees[i] == proto) return; /* NULL: not called before */
            if (now->callees[i]) continue;
            now->callees[i] = proto;
            return;
        }
    }
    now->calls_others = true;
}

void rf_vm_observe(rf_frame *fp, const rf_instruction *pc)
{
    rf_proto *proto = rf_proto_page(fp->proto, 0);
    if (!proto->feedback) proto->feedback = rf_alloc_array_zero(rf_feedback, proto->code_count);
    const uint32_t at = (uint32_t)(pc - proto->code);
    rf_feedback *now = &proto->feedback[at];
    const unsigned fields = registers_of[pc->op];
    const rf_value *R = fp->base;
    now->count++;
    if (fields & IN_A) now->seen[0] |= kind_of(R[pc->a]);
    if (fields & IN_B) now->seen[1] |= kind_of(R[pc->b]);
    if (fields & IN_C) now->seen[2] |= kind_of(R[pc->c]);
    if (pc->op == RF_OP_CALL) note_callee(now, fp->base[pc->a]);
    if (pc->op == RF_OP_FORNEXT && fp->base[pc->a].head == RF_GENERATOR)
        note_callee(now, rf_object_value(RF_FUNCTION, fp->base[pc->a].as.generator->function));
    /* whoever jumps here finds something else in R[a]: then it is only a bad hint */
    if (at > 0 && (registers_of[pc[-1].op] & IN_A)) now[-1].result |= kind_of(R[pc[-1].a]);
}

unsigned rf_vm_unchained(unsigned op)
{
    switch (op) {
    case RF_OP_CHAIN_GETINDEX: return RF_OP_GETINDEX;
    case RF_OP_CHAIN_GETINDEXI: return RF_OP_GETINDEXI;
    case RF_OP_CHAIN_GETFIELD: return RF_OP_GETFIELD;
    case RF_OP_CHAIN_GETOWN: return RF_OP_GETOWN;
    case RF_OP_CHAIN_GETCELL: return RF_OP_GETCELL_CHECKED;
    case RF_OP_CHAIN_GETCAPTURE: return RF_OP_GETCAPTURE_CHECKED;
    case RF_OP_CHAIN_GETCAPCELL: return RF_OP_GETCAPCELL_CHECKED;
    case RF_OP_CHAIN_GETMODULE: return RF_OP_GETMODULE_CHECKED;
    default: return op;
    }
}
