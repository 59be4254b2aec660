/* A main for a fuzz target without libFuzzer: PROGRAM CORPUS COUNT [SEED] runs every file of the folder and then COUNT
 * inputs made from them by mutation, the same for the same seed (1 if none is given). */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
/* What the target checks and finds violated ends the process, which is what libFuzzer looks for. */
#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) __builtin_trap();                                                                            \
    } while (0)

#endif
