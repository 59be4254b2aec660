#include "rb.h"

static char *make_word(int64_t size, int64_t *x)
{
    char *word = rb_alloc((size_t)size);
    for (int64_t i = 0; i < size; i++) {
        *x = *x * 48271 % 2147483647;
        word[i] = "abcdefgh"[*x % 8];
    }
    return word;
}

static int64_t distance(const char *a, const char *b, int64_t size)
{
    int64_t *row = rb_alloc(((size_t)size + 1) * sizeof *row), acc = 0;
    for (int64_t j = 0; j <= size; j++) row[j] = j;
    for (int64_t i = 0; i < size; i++) {
        int64_t diagonal = row[0];
        row[0] = i + 1;
        for (int64_t j = 0; j < size; j++) {
            int64_t cost = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            int64_t best = diagonal + 1;
            if (row[j] + 1 < best) best = row[j] + 1;
            if (cost < best) best = cost;
            row[j + 1] = best;
        }
    }
    for (int64_t j = 0; j <= size; j++) acc = (acc * 31 + row[j]) % 1000000007;
    free(row);
    return acc;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1;
    char *a = make_word(size, &x), *b = make_word(size, &x);
    rb_digest(digest, distance(a, b, size));
    free(a);
    free(b);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
