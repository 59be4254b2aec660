#include "rb.h"

typedef struct record {
    int64_t key, id;
} record;

static int compare(const void *left, const void *right)
{
    const record *a = *(record *const *)left, *b = *(record *const *)right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return b->id < a->id ? -1 : b->id > a->id;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1, acc = 0;
    record **records = rb_alloc((size_t)size * sizeof *records);
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        records[i] = rb_alloc(sizeof **records);
        *records[i] = (record){x % (size / 4 + 1), i};
    }
    qsort(records, (size_t)size, sizeof *records, compare);
    for (int64_t i = 0; i < size; i++) {
        acc = (acc * 31 + records[i]->key * 7 + records[i]->id) % 1000000007;
        free(records[i]);
    }
    free(records);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
