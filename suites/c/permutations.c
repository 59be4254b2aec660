#include "rb.h"

typedef struct walk {
    int64_t items[32], size, acc;
} walk;

static void swap(int64_t *a, int64_t *b)
{
    int64_t t = *a;
    *a = *b;
    *b = t;
}

static void permute(walk *w, int64_t k)
{
    if (k == w->size) {
        int64_t total = 0;
        for (int64_t i = 0; i < w->size; i++) total += w->items[i] * (i + 1);
        w->acc = (w->acc * 31 + total) % 1000000007;
        return;
    }
    for (int64_t i = k; i < w->size; i++) {
        swap(&w->items[k], &w->items[i]);
        permute(w, k + 1);
        swap(&w->items[k], &w->items[i]);
    }
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1;
    walk w = {.size = size < 32 ? size : 32};
    for (int64_t i = 0; i < w.size; i++) {
        x = x * 48271 % 2147483647;
        w.items[i] = x % 100;
    }
    permute(&w, 0);
    rb_digest(digest, w.acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
