/* Runner protocol 1 of ruffbench: PROGRAM SIZE SEED ITERS BUDGET_MS. */
#ifndef RB_H
#define RB_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RB_DIGEST_SIZE = 64 };

/* Writes the answer as text into digest. */
typedef void (*rb_run)(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE]);

static int64_t rb_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t rb_resolution(void)
{
    int64_t least = INT64_MAX;
    for (int i = 0; i < 20; i++) {
        int64_t start = rb_now(), later = rb_now();
        while (later == start) later = rb_now();
        if (later - start < least) least = later - start;
    }
    return least;
}

static inline void *rb_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        fputs("out of memory\n", stderr);
        exit(6);
    }
    return memory;
}

static inline void rb_digest(char digest[RB_DIGEST_SIZE], int64_t answer)
{
    snprintf(digest, RB_DIGEST_SIZE, "%" PRId64, answer);
}

typedef struct rb_sample {
    int64_t took;
    char digest[RB_DIGEST_SIZE];
} rb_sample;

/* Times up to ITERS calls of run; nothing is printed between them. */
static int rb_measure(int argc, char **argv, rb_run run)
{
    if (argc < 5) {
        fputs("usage: program SIZE SEED ITERS BUDGET_MS\n", stderr);
        return 2;
    }
    int64_t size = strtoll(argv[1], NULL, 10), seed = strtoll(argv[2], NULL, 10);
    int64_t iters = strtoll(argv[3], NULL, 10), budget = strtoll(argv[4], NULL, 10) * 1000000;
    puts("@rb 1 c");
    fflush(stdout);
    rb_sample *samples = NULL;
    int64_t count = 0, spent = 0, room = 0;
    while (count < iters && (count < 2 || spent < budget)) {
        if (count == room) {
            room = room ? 2 * room : 16;
            samples = realloc(samples, (size_t)room * sizeof *samples);
            if (!samples) return 6;
        }
        int64_t start = rb_now();
        run(size, seed, samples[count].digest);
        samples[count].took = rb_now() - start;
        spent += samples[count++].took;
    }
    printf("@clock %" PRId64 "\n", rb_resolution());
    for (int64_t i = 0; i < count; i++)
        printf("@i %" PRId64 " %s\n", samples[i].took, samples[i].digest);
    printf("@end %" PRId64 "\n", count);
    free(samples);
    return 0;
}

#endif
