/* Where the code of an isolate lies.
 *
 * Profiles that count exactly (profile.h) have two counts an instruction, each as far from it as every other one's: the
 * loop counts a jump with one instruction of the processor, and wherever code lies there is room for its counts.
 * That takes addresses; memory is only what code and counts that are used need. */
#ifndef RF_VM_CODE_SPACE_H
#define RF_VM_CODE_SPACE_H

#include "base/vector.h"
#include "vm/instruction.h"

/* How long a span of addresses for code is, and how far behind an instruction its counts are.
 * A load waits for an earlier store to the same place of another page.  So what the loops use all the time has its place in
 * a page: first what is only read, their tables (dispatch.c, prof/thread.h) and the code of a program, then what the profiler is
 * told, then registers and frames.
 * Those of small programs are apart; frames grow faster than windows of registers, so these do not catch up with them. */
enum {
    RF_PAGE = 4096,
    RF_CODE_IN_PAGE = 0x10,
    RF_REGISTERS_IN_PAGE = 0x840,
    RF_FRAMES_IN_PAGE = 0xac0,
    RF_CODE_SPAN = 16 * 1024 * 1024, /* a function takes less: a source of 1 MiB was not compiled to more than 4.4 MB */
    RF_CODE_JUMPS = RF_CODE_SPAN + 1536,
    RF_CODE_ARRIVALS = 2 * RF_CODE_SPAN + 4096 + 1536
};

typedef struct rf_code_span {
    char *start;
    size_t used, ready; /* bytes from start: taken; of memory */
    uint32_t last;      /* words of the last block */
} rf_code_span;

typedef struct rf_code_space { /* all 0: empty */
    RF_VECTOR(rf_code_span) spans;
    bool has_counts;
} rf_code_space;

/* Room for count instructions, uninitialised, with counts of 0; given back with rf_code_give.  Never NULL: exhaustion ends
 * the process, as in base/alloc.h. */
rf_instruction *rf_code_take(rf_code_space *space, size_t count);
void rf_code_give(rf_code_space *space, rf_instruction *code); /* NULL is allowed */
/* From now on there are counts, 0 at first. */
void rf_code_count(rf_code_space *space);
void rf_code_release(rf_code_space *space); /* everything */

static inline uint64_t *rf_code_jumps(const rf_instruction *at)
{
    return (uint64_t *)((uintptr_t)at + RF_CODE_JUMPS);
}

static inline uint64_t *rf_code_arrivals(const rf_instruction *at)
{
    return (uint64_t *)((uintptr_t)at + RF_CODE_ARRIVALS);
}

#endif
