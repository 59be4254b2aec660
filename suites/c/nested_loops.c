#include "rb.h"

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t shift = seed % 1000, acc = 0;
    for (int64_t i = 0; i < size; i++)
        for (int64_t j = 0; j < size; j++)
            for (int64_t k = 0; k < size; k++) acc = (acc * 31 + i * j + k + shift) % 1000003;
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
