#include "rb.h"

enum { LONGEST = 16 }; /* "key_2147483646" */

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1, acc = 0;
    char **keys = rb_alloc((size_t)size * sizeof *keys);
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        keys[i] = rb_alloc(LONGEST);
        snprintf(keys[i], LONGEST, "key_%" PRId64, x);
    }
    qsort(keys, (size_t)size, sizeof *keys, compare);
    for (int64_t i = 0; i < size; i += 100) acc = (acc * 31 + strtoll(keys[i] + 4, NULL, 10)) % 1000000007;
    for (int64_t i = 0; i < size; i++) free(keys[i]);
    free(keys);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
