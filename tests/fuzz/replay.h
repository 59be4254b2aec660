/* A main for a fuzz target without libFuzzer: PROGRAM CORPUS COUNT runs every file of the folder and then COUNT
 * inputs made from them by mutation from a fixed seed, the same in every run. */
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
