#include "rb.h"

#include <stdbool.h>

static bool is_prime(int64_t n)
{
    if (n % 2 == 0) return n == 2;
    for (int64_t d = 3; d * d <= n; d += 2)
        if (n % d == 0) return false;
    return n > 1;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t first = 100000 + seed % 1000 * 100, acc = 0;
    for (int64_t n = first; n < first + size; n++)
        if (is_prime(n)) acc = (acc * 31 + n) % 1000000007;
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
