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
 * A load waits for an earlier store to the same place of another page.  So in their pages the registers of a program come
 * first, then its code, then the counts of jumps: those of small programs are apart. */
enum {
    RF_CODE_SPAN = 16 * 1024 * 1024, /* a function takes less: a source of 1 MiB was not compiled to more than 4.4 MB */
    RF_CODE_BEHIND = 1088, /* the beginning of the registers */
    RF_CODE_JUMPS = RF_CODE_SPAN + 1280,
    RF_CODE_ARRIVALS = 2 * RF_CODE_SPAN + 4096 + 1280
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
 * the process, as in base/alloc.h.  registers: those of the task that will run it. */
rf_instruction *rf_code_take(rf_code_space *space, size_t count, const void *registers);
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
