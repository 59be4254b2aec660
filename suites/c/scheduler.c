#include "rb.h"

typedef enum kind { PRODUCER, WORKER, ROUTER, DEVICE } kind;

typedef struct packet {
    int64_t value, hops;
} packet;

typedef struct task {
    kind kind;
    int priority;
    int64_t peer;
    packet **inbox;
    size_t head, count, room;
    int64_t state, handled;
} task;

enum { TASKS = 7 };

typedef struct scheduler {
    int64_t x, left, sum, switches;
    task tasks[TASKS];
} scheduler;

static packet *new_packet(int64_t value, int64_t hops)
{
    packet *p = rb_alloc(sizeof *p);
    *p = (packet){value, hops};
    return p;
}

static int is_ready(const task *t)
{
    return t->head < t->count;
}

static packet *receive(task *t)
{
    packet *p = t->inbox[t->head++];
    if (t->head == t->count) t->head = t->count = 0;
    t->handled++;
    return p;
}

static void send(scheduler *s, int64_t to, packet *p)
{
    task *t = &s->tasks[to];
    p->hops++;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 4;
        t->inbox = realloc(t->inbox, t->room * sizeof *t->inbox);
        if (!t->inbox) exit(6);
    }
    t->inbox[t->count++] = p;
}

static int pick(const scheduler *s)
{
    int best = -1;
    for (int i = 0; i < TASKS; i++) {
        const task *t = &s->tasks[i];
        if (is_ready(t) && (best < 0 || t->priority > s->tasks[best].priority)) best = i;
    }
    return best;
}

/* A producer drops the packet that woke it. */
static void produce(scheduler *s, const task *t, packet *p)
{
    if (s->left > 0) {
        s->left--;
        s->x = s->x * 48271 % 2147483647;
        send(s, t->peer, new_packet(s->x, p->hops));
        if (s->x % 3 == 0 && s->left > 0) {
            s->left--;
            send(s, t->peer, new_packet(s->x / 3, 0));
        }
    }
    free(p);
}

static void step(scheduler *s, int index)
{
    task *t = &s->tasks[index];
    packet *p = receive(t);
    switch (t->kind) {
    case PRODUCER: produce(s, t, p); break;
    case ROUTER: send(s, t->peer + p->value % 3, p); break;
    case WORKER:
        t->state = (t->state * 31 + p->value) % 65536;
        p->value = (p->value + t->state) % 2147483647;
        send(s, t->peer, p);
        break;
    case DEVICE:
        s->sum = (s->sum * 31 + p->value + p->hops) % 1000000007;
        t->state++;
        send(s, t->peer, p);
        break;
    }
}

static void run(int64_t size, int64_t seed, char digest[RB_DIGEST_SIZE])
{
    scheduler s = {
        .x = seed % 2147483646 + 1,
        .left = size,
        .tasks = {{.kind = PRODUCER, .priority = 1, .peer = 1},
                  {.kind = ROUTER, .priority = 3, .peer = 2},
                  {.kind = WORKER, .priority = 2, .peer = 5},
                  {.kind = WORKER, .priority = 2, .peer = 6},
                  {.kind = WORKER, .priority = 4, .peer = 5},
                  {.kind = DEVICE, .priority = 5, .peer = 0},
                  {.kind = DEVICE, .priority = 6, .peer = 0}}};
    send(&s, 0, new_packet(0, 0));
    for (int index = pick(&s); index >= 0; index = pick(&s)) {
        s.switches++;
        step(&s, index);
    }
    int64_t acc = s.sum;
    for (int i = 0; i < TASKS; i++) {
        acc = (acc * 31 + s.tasks[i].handled * 7 + s.tasks[i].state) % 1000000007;
        free(s.tasks[i].inbox);
    }
    rb_digest(digest, (acc * 31 + s.switches) % 1000000007);
}

int main(int argc, char **argv)
{
    return rb_measure(argc, argv, run);
}
