/* Random numbers and identifiers (BUILTINS 24).
 *
 * One generator, ChaCha with 12 rounds: with a seed it gives the stream that recorded outputs show,
 * without one its key comes from the system.  It is shared by all workers, as the seed is. */
#include "lib/args.h"
#include "lib/builtins.h"
#include "sched/sched.h"
#include "value/array.h"
#include "value/string.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

enum { KEY_WORDS = 8, BLOCK_WORDS = 16, ROUNDS = 12 };

typedef struct generator {
    uint32_t key[KEY_WORDS];
    uint64_t counter;            /* of the next block */
    uint32_t block[BLOCK_WORDS]; /* consumed from the front */
    uint32_t used;               /* words of block; BLOCK_WORDS: make the next */
    bool is_ready;               /* has a key */
} generator;

/* ---- the generator ---- */

static uint32_t rotate_left(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void quarter_round(uint32_t *x, int a, int b, int c, int d)
{
    x[a] += x[b], x[d] = rotate_left(x[d] ^ x[a], 16);
    x[c] += x[d], x[b] = rotate_left(x[b] ^ x[c], 12);
    x[a] += x[b], x[d] = rotate_left(x[d] ^ x[a], 8);
    x[c] += x[d], x[b] = rotate_left(x[b] ^ x[c], 7);
}

static void make_block(generator *g)
{
    uint32_t start[BLOCK_WORDS] = {0x61707865, 0x3320646e, 0x79622d32,
                                   0x6b206574}; /* "expand 32-byte k" */
    memcpy(start + 4, g->key, sizeof g->key);
    start[12] = (uint32_t)g->counter;
    start[13] = (uint32_t)(g->counter >> 32); /* 14 and 15: the nonce, zero */
    memcpy(g->block, start, sizeof start);
    for (int round = 0; round < ROUNDS; round += 2) {
        for (int i = 0; i < 4; i++) quarter_round(g->block, i, 4 + i, 8 + i, 12 + i);
        for (int i = 0; i < 4; i++)
            quarter_round(g->block, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
    for (int i = 0; i < BLOCK_WORDS; i++) g->block[i] += start[i];
    g->counter++;
    g->used = 0;
}

static uint32_t next_word(generator *g)
{
    if (g->used == BLOCK_WORDS) make_block(g);
    return g->block[g->used++];
}

static uint64_t next_u64(generator *g)
{
    const uint64_t low = next_word(g);
    return low | (uint64_t)next_word(g) << 32;
}

static void restart(generator *g)
{
    g->counter = 0;
    g->used = BLOCK_WORDS;
    g->is_ready = true;
}

/* The key is made of the seed by eight steps of PCG-XSH-RR. */
static void seed_with(generator *g, uint64_t seed)
{
    for (int i = 0; i < KEY_WORDS; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(11634580027462260723);
        const uint32_t mixed = (uint32_t)(((seed >> 18) ^ seed) >> 27);
        const unsigned turn = (unsigned)(seed >> 59);
        g->key[i] = mixed >> turn | mixed << (-turn & 31);
    }
    restart(g);
}

static void fill_from_system(void *bytes, size_t size)
{
    if (getrandom(bytes, size, 0) == (ssize_t)size)
        return; /* at most 256 bytes: all or a failure */
    int64_t clocks[2] = {rf_clock_monotonic_ns(), rf_clock_wall_ns()};
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)(clocks[i & 1] >> (i * 7 % 48));
}

static generator *lock_generator(rf_isolate *isolate)
{
    generator *g = rf_shared_lock(isolate, RF_SHARED_RANDOM, sizeof *g, NULL);
    if (!g->is_ready) {
        fill_from_system(g->key, sizeof g->key);
        restart(g);
    }
    return g;
}

__extension__ typedef unsigned __int128 wide;

/* An int in lo..hi, every one as likely (Lemire, ACM TOMACS 2019, with the zone of the recorded
 * stream). */
static int64_t draw(generator *g, int64_t lo, int64_t hi)
{
    const uint64_t range = (uint64_t)hi - (uint64_t)lo + 1;
    if (!range) return (int64_t)next_u64(g);
    const uint64_t zone = (range << __builtin_clzll(range)) - 1;
    for (;;) {
        const wide product = (wide)next_u64(g) * range;
        if ((uint64_t)product <= zone) return (int64_t)((uint64_t)lo + (uint64_t)(product >> 64));
    }
}

/* ---- the built-ins ---- */

rf_value rf_lib_random(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    const uint64_t bits = next_u64(lock_generator(isolate));
    rf_shared_unlock(isolate);
    return rf_float((double)(bits >> 11) * 0x1p-53);
}

static int64_t draw_locked(rf_isolate *isolate, int64_t lo, int64_t hi)
{
    const int64_t number = draw(lock_generator(isolate), lo, hi);
    rf_shared_unlock(isolate);
    return number;
}

rf_value rf_lib_random_int(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t lo, hi;
    if (!rf_args_whole(isolate, "random_int", args, 0, &lo) ||
        !rf_args_whole(isolate, "random_int", args, 1, &hi))
        return rf_raised();
    if (lo > hi)
        return rf_raise(isolate, "random_int expects lo <= hi, got %lld and %lld", (long long)lo,
                        (long long)hi);
    return rf_int(draw_locked(isolate, lo, hi));
}

rf_value rf_lib_random_choice(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "random_choice", args, 0)) return rf_raised();
    const rf_array *a = args[0].as.array;
    if (!a->length) return rf_int(0);
    return rf_array_get(a, (uint32_t)draw_locked(isolate, 0, (int64_t)a->length - 1));
}

rf_value rf_lib_random_id(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    (void)arg_count;
    int64_t n;
    if (!rf_args_int(isolate, "random_id", args, 0, &n)) return rf_raised();
    if (n < 0)
        return rf_raise(isolate, "random_id expects a length that is not negative, got %lld",
                        (long long)n);
    rf_value id = rf_string_new_raw(isolate, (size_t)n, (size_t)n);
    if (rf_is_raised(id)) return id;
    generator *g = lock_generator(isolate);
    for (int64_t i = 0; i < n; i++) id.as.string->text[i] = letters[draw(g, 0, 35)];
    rf_shared_unlock(isolate);
    return id;
}

rf_value rf_lib_uuid_v4(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    uint8_t b[16];
    fill_from_system(b, sizeof b);
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40); /* version 4 */
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80); /* variant of RFC 4122 */
    return rf_string_format(
        isolate, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
        b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

rf_value rf_lib_set_random_seed(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t seed;
    if (!rf_args_whole(isolate, "set_random_seed", args, 0, &seed)) return rf_raised();
    generator *g = rf_shared_lock(isolate, RF_SHARED_RANDOM, sizeof *g, NULL);
    seed_with(g, (uint64_t)seed);
    rf_shared_unlock(isolate);
    return rf_null();
}

rf_value rf_lib_clear_random_seed(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args, (void)arg_count;
    generator *g = rf_shared_lock(isolate, RF_SHARED_RANDOM, sizeof *g, NULL);
    g->is_ready = false; /* the next draw takes a key from the system */
    rf_shared_unlock(isolate);
    return rf_null();
}
