#include "rb.h"

typedef struct numbers {
    int64_t *data;
    size_t count, room;
} numbers;

static void push(numbers *list, int64_t v)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 16;
        list->data = realloc(list->data, list->room * sizeof *list->data);
        if (!list->data) exit(6);
    }
    list->data[list->count++] = v;
}

static numbers fill(int64_t size, int64_t seed)
{
    int64_t x = seed + 1;
    numbers out = {0};
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        push(&out, x);
    }
    return out;
}

static numbers map(const numbers *list, int64_t (*f)(int64_t))
{
    numbers out = {0};
    for (size_t i = 0; i < list->count; i++) push(&out, f(list->data[i]));
    return out;
}

static numbers filter(const numbers *list, int (*keep)(int64_t))
{
    numbers out = {0};
    for (size_t i = 0; i < list->count; i++)
        if (keep(list->data[i])) push(&out, list->data[i]);
    return out;
}

static int64_t reduce(const numbers *list, int64_t acc, int64_t (*f)(int64_t, int64_t))
{
    for (size_t i = 0; i < list->count; i++) acc = f(acc, list->data[i]);
    return acc;
}

static int64_t triple_plus_one(int64_t v) { return v * 3 + 1; }
static int is_even(int64_t v) { return v % 2 == 0; }
static int64_t mix(int64_t acc, int64_t v) { return (acc * 31 + v) % 1000000007; }

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    numbers values = fill(size, seed);
    numbers mapped = map(&values, triple_plus_one);
    numbers kept = filter(&mapped, is_even);
    rb_digest(digest, reduce(&kept, 7, mix));
    free(values.data);
    free(mapped.data);
    free(kept.data);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
