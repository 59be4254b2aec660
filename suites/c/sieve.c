#include "rb.h"

#include <stdbool.h>

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t shift = seed % 1000, acc = 0;
    bool *composite = rb_alloc((size_t)size + 1);
    memset(composite, 0, (size_t)size + 1);
    for (int64_t p = 2; p * p <= size; p++) {
        if (composite[p]) continue;
        for (int64_t multiple = p * p; multiple <= size; multiple += p) composite[multiple] = true;
    }
    for (int64_t n = 2; n <= size; n++)
        if (!composite[n]) acc = (acc * 31 + n + shift) % 1000000007;
    free(composite);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
