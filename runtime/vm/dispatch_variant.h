/* What differs between the loops that dispatch.c is compiled to, as macros over its names: plain, counting heat,
 * observing (jit_hook.h), for the profiler (profile.h); with computed goto or a switch. */
#ifndef RF_VM_DISPATCH_VARIANT_H
#define RF_VM_DISPATCH_VARIANT_H

#include "vm/frame.h"

#if defined(__GNUC__) && !defined(RF_VM_SWITCH)
#define RF_VM_COMPUTED_GOTO
#endif

/* ---- heat and observation ---- */

#ifdef RF_VM_OBSERVES
#define OBSERVE()                                                                                \
    do {                                                                                         \
        if (RF_UNLIKELY(rf_vm_state_of(isolate)->to_observe <= 0)) {                             \
            SAVE();                                                                              \
            return RF_VALUE(RF_VM_OTHER_LOOP, bits, 0);                                          \
        }                                                                                        \
        rf_vm_state_of(isolate)->to_observe--;                                                   \
        rf_vm_observe(fp, pc);                                                                   \
        fp->pc = pc + 1; /* for profiles */                                                      \
    } while (0)
#define OBSERVED(op) rf_vm_unchained(op)
#else
#define OBSERVE() ((void)0)
#define OBSERVED(op) (op)
#endif

#ifdef RF_VM_COUNTS
#define COUNT_HEAT()                                                                             \
    do {                                                                                         \
        if (RF_UNLIKELY(--fp->proto->heat < 0)) goto hot;                                        \
    } while (0)
#define GO_BY(distance)                                                                          \
    do {                                                                                         \
        const int32_t by_ = (distance);                                                          \
        pc += by_;                                                                               \
        if (by_ < 0) COUNT_HEAT();                                                               \
    } while (0)
/* To the start of a loop turn. */
#define GO_BACK_BY(distance)                                                                     \
    do {                                                                                         \
        pc += (distance);                                                                        \
        COUNT_HEAT();                                                                            \
    } while (0)
#define GO_HOT() goto hot
#else
#define GO_HOT()             ((void)0)
#define COUNT_HEAT()         ((void)0)
#define GO_BY(distance)      JUMP_BY(distance)
#define GO_BACK_BY(distance) JUMP_BY(distance)
#endif

/* A range has been prepared.  What does not count takes all turns at once. */
#if defined(RF_VM_COUNTS) || defined(RF_VM_OBSERVES)
#define BEGIN_TURNS(state) ((void)0)
#define TAKE_TURNS rf_vm_count_turns
#else
#define BEGIN_TURNS(state)                                                                       \
    do {                                                                                         \
        (state)[RF_RANGE_TURNS].as.i = (state)[RF_RANGE_LEFT].as.i;                              \
        (state)[RF_RANGE_LEFT].as.i = 0;                                                         \
    } while (0)
#define TAKE_TURNS rf_vm_take_turns /* of a range that began in a loop that counts */
#endif

/* ---- what only the profiled loops do ---- */

/* Control comes to the first instruction of callee by a call. */
#if defined(RF_VM_TALLIES)
#define COUNT_CALL(callee) ((callee)->tallied_calls++)
#elif defined(RF_VM_PROFILES) || defined(RF_VM_OBSERVES)
#define COUNT_CALL(callee) ((callee)->calls++)
#else
#define COUNT_CALL(callee) ((void)0)
#endif
#ifdef RF_VM_PROFILES
/* The thread's block, by what the loop has at hand. */
#define PROF ((rf_prof_thread *)(void *)((char *)table - offsetof(rf_prof_thread, jumps[RF_VM_PROFILES])))
/* As rf_prof_enter and rf_prof_leave, but for the scope. */
#define BEGIN_BUILTIN(number)                                                                    \
    do {                                                                                         \
        PROF->builtin_calls[number]++;                                                           \
        rf_prof_tell(PROF, RF_PROF_STATE(RF_TIER_BUILTIN, number) | RF_PROF_UNLINKED);           \
    } while (0)
#define END_BUILTIN()                                                                            \
    do {                                                                                         \
        if (RF_UNLIKELY(atomic_load_explicit(&PROF->has_pending, memory_order_relaxed)))         \
            rf_prof_drain(PROF);                                                                 \
        rf_prof_tell(PROF, RF_PROF_STATE(RF_TIER_VM, 0));                                        \
    } while (0)
#elif defined(RF_VM_OBSERVES)
#define BEGIN_BUILTIN(number)                                                                    \
    do {                                                                                         \
        if (isolate->prof) isolate->prof->builtin_calls[number]++;                               \
    } while (0)
#define END_BUILTIN() ((void)0)
#else
#define BEGIN_BUILTIN(number) ((void)0)
#define END_BUILTIN()         ((void)0)
#endif
#if defined(RF_VM_PROFILES) && !defined(RF_VM_COMPUTED_GOTO)
#define HOOK()                                                                                   \
    do {                                                                                         \
        if (RF_UNLIKELY(atomic_load_explicit(&PROF->has_pending, memory_order_relaxed)))         \
            rf_vm_profile_hook(isolate, fp, pc, RF_VM_PROFILES);                                 \
    } while (0)
#else
#define HOOK() ((void)0)
#endif
/* Where control goes other than to the next instruction, for exact counts (profile.h): by the jump of the instruction
 * at pc[-1], or from pc, where it would have gone on, to anywhere but the start of a function.  Calls return, so the
 * caller counts as going on. */
#ifdef RF_VM_TALLIES
#define LEAVE()        ((*rf_code_arrivals(pc))--)
#define ARRIVE()       ((*rf_code_arrivals(pc))++)
#define JUMP_BY(distance) ((*rf_code_jumps(pc - 1))++, pc += (distance))
#define MOVE_BY(distance) (LEAVE(), pc += (distance), ARRIVE())
/* A call has left its frame where it goes on: behind a call, mostly. */
#define FOLLOW_CALL()                                                                            \
    do {                                                                                         \
        if (RF_UNLIKELY(fp->pc != pc)) {                                                         \
            LEAVE();                                                                             \
            pc = fp->pc;                                                                         \
            ARRIVE();                                                                            \
        }                                                                                        \
    } while (0)
/* A push to an array goes on behind the next instruction and counts as such; this one goes on there. */
#define DOES_NOT_SKIP() ((*rf_code_arrivals(pc + 1))--, ARRIVE())
/* The caller may go on elsewhere than behind the call. */
#define RETURNS_ANYWHERE() rf_vm_profile_no_return(rf_vm_state_of(isolate), fp)
#define RAISES()                                                                                 \
    do {                                                                                         \
        if (rf_op_falls_through(IN.op)) LEAVE();                                                 \
    } while (0)
#else
#define LEAVE()           ((void)0)
#define ARRIVE()          ((void)0)
#define JUMP_BY(distance) (pc += (distance))
#define MOVE_BY(distance) (pc += (distance))
#define FOLLOW_CALL()     ((void)0)
#define DOES_NOT_SKIP()   ((void)0)
#define RETURNS_ANYWHERE() ((void)0)
#define RAISES()          ((void)0)
#endif

/* For what is allocated without SAVE. */
#if defined(RF_VM_PROFILES) || defined(RF_VM_NOTES)
#define NOTE() SAVE()
#else
#define NOTE() ((void)0)
#endif

/* ---- from instruction to instruction ---- */

#ifdef RF_VM_COMPUTED_GOTO
#define CASE(name) op_##name
#if defined(RF_VM_OBSERVES)
#define NEXT() goto observe
#elif defined(RF_VM_PROFILES)
#define NEXT() goto *atomic_load_explicit(&table[(pc++)->op], memory_order_relaxed)
#elif defined(RF_VM_PLAIN)
#define NEXT() goto *__atomic_load_n(&table[(pc++)->op], __ATOMIC_RELAXED)
#else
#define NEXT() goto *table[(pc++)->op]
#endif
#define GO(name)   goto op_##name
#define BEGIN()    NEXT();
#define END()
#else
#define CASE(name) case RF_OP_##name
#define NEXT()     goto next
#define GO(name)   /* to another handler with the same instruction */                           \
    do {                                                                                         \
        op = RF_OP_##name;                                                                       \
        goto again;                                                                              \
    } while (0)
#define BEGIN()                                                                                  \
    unsigned op;                                                                                 \
    next:                                                                                        \
    OBSERVE();                                                                                   \
    HOOK();                                                                                      \
    op = OBSERVED((pc++)->op);                                                                   \
    again:                                                                                       \
    switch (op) {
#define END()                                                                                    \
    default: rf_assert(!"an opcode"); goto raise;                                                \
    }
#endif

#endif
