#include "rb.h"

enum { ROUNDS = 20 };

typedef struct particle {
    int64_t x, y, vx, vy, hits;
} particle;

static void move(particle *p)
{
    p->x += p->vx;
    if (p->x < 0 || p->x >= 1000) {
        p->vx = -p->vx;
        p->x += p->vx;
        p->hits++;
    }
    p->y += p->vy;
    if (p->y < 0 || p->y >= 1000) {
        p->vy = -p->vy;
        p->y += p->vy;
        p->hits++;
    }
}

static int64_t weight(const particle *p)
{
    return p->x * 1000 + p->y + p->hits;
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    int64_t x = seed % 2147483646 + 1, acc = 0;
    particle *particles = rb_alloc((size_t)size * sizeof *particles);
    for (int64_t i = 0; i < size; i++) {
        x = x * 48271 % 2147483647;
        particles[i] = (particle){x % 1000, x / 1000 % 1000, x / 7 % 41 - 20, x / 11 % 41 - 20, 0};
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int64_t i = 0; i < size; i++) move(&particles[i]);
        for (int64_t i = 0; i < size; i++) acc = (acc * 31 + weight(&particles[i])) % 1000000007;
    }
    free(particles);
    rb_digest(digest, acc);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
