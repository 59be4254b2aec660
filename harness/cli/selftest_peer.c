/* The programs that selftest measures, all in one: honest, slow by a known amount, wrong, lying,
 * hanging, crashing. */
#include "cli/selftest.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS_PER_SIZE = 20000, SAMPLES = 10000 };

/* Work that takes time in proportion to rounds and cannot be left out. */
static uint64_t work(uint64_t rounds, uint64_t seed)
{
    uint64_t x = seed + 1;
    for (uint64_t i = 0; i < rounds; i++) x = x * 6364136223846793005u + 1442695040888963407u;
    return x;
}

typedef struct character {
    const char *kind;
    unsigned percent; /* of the honest one's work */
} character;

static const character characters[] = {
    {"good", 100}, {"twin", 100}, {"slow2", 102}, {"slow5", 105}, {"slow10", 110}, {"wrong", 100},
    {"fast", 100}, {"long", 100}, {"crash", 100}, {"exit", 100},  {"mute", 100}};

static const character *find_character(const char *kind)
{
    for (size_t i = 0; i < RF_COUNT_OF(characters); i++)
        if (strcmp(characters[i].kind, kind) == 0) return &characters[i];
    return NULL;
}

static int64_t reported(const char *kind, int64_t ns)
{
    if (strcmp(kind, "fast") == 0) return ns / 1000;
    return strcmp(kind, "long") == 0 ? ns * 1000 : ns;
}

static void report(const char *kind, const int64_t *times, size_t count, uint64_t digest)
{
    for (size_t i = 0; i < count; i++)
        printf("@i %lld %llu\n", (long long)reported(kind, times[i]), (unsigned long long)digest);
    if (strcmp(kind, "mute") != 0) printf("@end %zu\n", count);
}

int selftest_peer(const cli_words *words)
{
    if (words->count < 6) return 2;
    const char *kind = words->data[1];
    const character *it = find_character(kind);
    uint64_t size = strtoull(words->data[2], NULL, 10), seed = strtoull(words->data[3], NULL, 10);
    size_t iterations = strtoull(words->data[4], NULL, 10), count = 0;
    int64_t budget = (int64_t)strtoull(words->data[5], NULL, 10) * 1000000, spent = 0;
    static int64_t times[SAMPLES];
    if (strcmp(kind, "hang") == 0)
        for (;;) pause();
    if (!it || iterations > SAMPLES) return 2;
    printf("@rb 1 selftest\n");
    fflush(stdout);
    uint64_t rounds = size * ROUNDS_PER_SIZE * it->percent / 100, digest = 0;
    while (count < iterations && (count < 2 || spent < budget)) {
        int64_t start = rf_clock_monotonic_ns();
        uint64_t result = work(rounds, seed);
        times[count] = rf_clock_monotonic_ns() - start;
        spent += times[count++];
        digest = result == 0 ? 0 : size * 31 + seed % 1000; /* the same for every amount of work */
    }
    if (strcmp(kind, "crash") == 0) abort();
    if (strcmp(kind, "exit") == 0) return 3;
    report(kind, times, count, digest + (strcmp(kind, "wrong") == 0));
    return 0;
}
