#include "rb.h"

static int64_t fib(int64_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    rb_digest(digest, fib(size) + fib(seed % 16));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
