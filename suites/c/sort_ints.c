#include "rb.h"

static int compare(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1, acc = 0;
    int64_t *numbers = rb_alloc((size_t)size * sizeof *numbers);
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        numbers[i] = x;
    }
    qsort(numbers, (size_t)size, sizeof *numbers, compare);
    for (int64_t i = 0; i < size; i += 100) acc = (acc * 31 + numbers[i]) % 1000000007;
    free(numbers);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
