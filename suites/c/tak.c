#include "rb.h"

static int64_t tak(int64_t x, int64_t y, int64_t z)
{
    if (y >= x) return z;
    return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t shift = seed % 1000;
    rb_digest(digest, tak(size + shift, size * 2 / 3 + shift, size / 3 + shift));
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
