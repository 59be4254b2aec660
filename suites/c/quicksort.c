#include "rb.h"

static void quicksort(int64_t *values, int64_t low, int64_t high)
{
    int64_t pivot = values[(low + high) / 2], i = low, j = high;
    while (i <= j) {
        while (values[i] < pivot) i++;
        while (values[j] > pivot) j--;
        if (i <= j) {
            int64_t swap = values[i];
            values[i] = values[j];
            values[j] = swap;
            i++;
            j--;
        }
    }
    if (low < j) quicksort(values, low, j);
    if (i < high) quicksort(values, i, high);
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1, acc = 0;
    int64_t *values = rb_alloc((size_t)size * sizeof *values);
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        values[i] = x;
    }
    quicksort(values, 0, size - 1);
    for (int64_t i = 0; i < size; i++) acc = (acc * 31 + values[i]) % 1000000007;
    free(values);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
