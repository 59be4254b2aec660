#include "rb.h"

static int64_t ackermann(int64_t m, int64_t n)
{
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    rb_digest(digest, ackermann(3, size) + ackermann(2, seed % 32));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
