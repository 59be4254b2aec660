#include "rb.h"

static int64_t steps_of(int64_t n)
{
    int64_t steps = 0;
    while (n != 1) {
        if (n % 2 == 0)
            n /= 2;
        else
            n = n * 3 + 1;
        steps++;
    }
    return steps;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t first = seed % 1000 + 1, acc = 0;
    for (int64_t n = first; n < first + size; n++) acc = (acc * 31 + steps_of(n)) % 1000000007;
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
