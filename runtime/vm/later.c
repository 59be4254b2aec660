/* What the thread and the isolate share belongs to whoever is last to let go of it: nobody waits for the thread, which on a
 * busy machine would take milliseconds. */
#include "vm/later.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/thread.h"
#include "vm/dispatch_variant.h"
#include "vm/jit_hook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

struct rf_later {
    pthread_mutex_t lock;
    pthread_cond_t is_over; /* the isolate has ended */
    unsigned owners;
    int64_t until_ns; /* of the monotonic clock */
    uint64_t used_ns;
    clockid_t clock; /* of the processor time of the isolate's thread */
    bool has_ended;
    atomic_bool is_time;
    unsigned running; /* plain loops of the isolate, those that wait for others too; its own */
    bool is_exchanged; /* it has its part in the exchange of labels */
};

rf_plain_loop rf_vm_plain_loop;

/* ---- labels ---- */

static pthread_mutex_t exchange_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned exchanges; /* isolates whose plain loops are to be left */

static void exchange(bool is_wanted)
{
    pthread_mutex_lock(&exchange_lock);
    const unsigned before = exchanges;
    exchanges += is_wanted ? 1u : -1u;
    const rf_plain_loop *loop = &rf_vm_plain_loop;
    for (unsigned op = 0; before + exchanges == 1 && op < RF_OP_COUNT; op++)
        __atomic_store_n(&loop->now[op], loop->labels[is_wanted ? RF_OP_COUNT : op], __ATOMIC_RELAXED);
    pthread_mutex_unlock(&exchange_lock);
}

/* Are the labels known and in their places? */
static bool find_labels(void)
{
    pthread_mutex_lock(&exchange_lock);
    if (!rf_vm_plain_loop.now) rf_vm_run_plain(NULL, NULL);
    const bool are_in_place = exchanges == 0;
    pthread_mutex_unlock(&exchange_lock);
    return are_in_place;
}

/* ---- the thread ---- */

static void let_go(rf_later *later)
{
    pthread_mutex_lock(&later->lock);
    const bool is_last = --later->owners == 0;
    pthread_mutex_unlock(&later->lock);
    if (!is_last) return;
    pthread_mutex_destroy(&later->lock);
    pthread_cond_destroy(&later->is_over);
    rf_free(later);
}

static int64_t ns_of(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* When to look again, by the monotonic clock; 0: it is time. */
static int64_t next_look(const rf_later *later)
{
    const int64_t now = rf_clock_monotonic_ns();
    if (now < later->until_ns) return later->until_ns;
    struct timespec used;
    if (!later->used_ns || clock_gettime(later->clock, &used) != 0 || (uint64_t)ns_of(used) >= later->used_ns) return 0;
    return now + (int64_t)later->used_ns - ns_of(used);
}

static void *wait(void *context)
{
    rf_later *later = context;
    int64_t look;
    pthread_mutex_lock(&later->lock);
    while (!later->has_ended && (look = next_look(later)) > 0) {
        const struct timespec until = {.tv_sec = look / 1000000000, .tv_nsec = look % 1000000000};
        pthread_cond_timedwait(&later->is_over, &later->lock, &until);
    }
    if (!later->has_ended) {
        later->is_exchanged = true;
        exchange(true); /* first: whoever sees that it is time runs no more plain code unasked */
        atomic_store_explicit(&later->is_time, true, memory_order_release);
    }
    pthread_mutex_unlock(&later->lock);
    let_go(later);
    return NULL;
}

/* ---- the isolate ---- */

static void put_back(rf_later *later)
{
    if (!later->is_exchanged) return;
    pthread_mutex_lock(&later->lock); /* the thread may be about to exchange them */
    exchange(false);
    later->is_exchanged = false;
    pthread_mutex_unlock(&later->lock);
}

bool rf_vm_count_later(rf_isolate *isolate, uint64_t after_ns, uint64_t used_ns)
{
    rf_vm_state *state = rf_vm_state_of(isolate);
#ifndef RF_VM_COMPUTED_GOTO
    return false; /* no labels */
#endif
    if (state->later || !find_labels()) return false;
    rf_later *later = rf_new(rf_later);
    later->owners = 2;
    later->until_ns = rf_clock_monotonic_ns() + (int64_t)after_ns;
    later->used_ns = used_ns;
    if (pthread_getcpuclockid(pthread_self(), &later->clock) != 0) later->used_ns = 0;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&later->lock, NULL);
    pthread_cond_init(&later->is_over, &monotonic);
    pthread_condattr_destroy(&monotonic);
    state->later = later;
    if (rf_thread_detach(wait, later)) return true;
    atomic_store_explicit(&later->is_time, true, memory_order_relaxed);
    later->owners = 1;
    return false;
}

static bool is_time(const rf_later *later)
{
    return atomic_load_explicit(&later->is_time, memory_order_acquire);
}

bool rf_vm_counts_later(const rf_vm_state *state)
{
    rf_later *later = state->later;
    if (!later || !is_time(later)) return later != NULL;
    if (!later->running) put_back(later); /* it was time when none ran */
    return false;
}

rf_value rf_vm_run_uncounted(rf_isolate *isolate, rf_vm_task *task)
{
    rf_later *later = rf_vm_state_of(isolate)->later;
    later->running++;
    const rf_value v = rf_vm_run_plain(isolate, task);
    if (--later->running == 0 && is_time(later)) put_back(later);
    return v;
}

void rf_vm_forget_later(rf_vm_state *state)
{
    rf_later *later = state->later;
    if (!later) return;
    state->later = NULL;
    pthread_mutex_lock(&later->lock);
    later->has_ended = true;
    pthread_cond_signal(&later->is_over);
    pthread_mutex_unlock(&later->lock);
    put_back(later);
    let_go(later);
}

/* ---- the task ---- */

int32_t rf_vm_range_around(const rf_proto *proto, uint32_t pc, uint32_t *last)
{
    while (*last < proto->code_count) {
        const uint32_t at = (*last)++;
        if (proto->code[at].op == RF_OP_RANGENEXT && rf_op_jump_target(proto->code, at) <= pc) return proto->code[at].a;
    }
    return -1;
}

void rf_vm_join_all_turns(const rf_frame *fp)
{
    const uint32_t pc = (uint32_t)(fp->pc - fp->proto->code);
    int32_t state;
    for (uint32_t last = pc; (state = rf_vm_range_around(fp->proto, pc, &last)) >= 0;) rf_vm_join_turns(fp->base + state);
}

/* In all frames up to where the loop was entered. */
static void join_all_frames(const rf_frame *fp)
{
    const rf_proto *without = NULL; /* a function without ranges: recursion has thousands of its frames */
    for (bool is_first = false; !is_first; fp = fp->previous) {
        is_first = (fp->flags & RF_FRAME_ENTRY) != 0;
        if (fp->proto == without) continue;
        uint32_t none = 0;
        if (rf_vm_range_around(fp->proto, UINT32_MAX, &none) < 0)
            without = fp->proto;
        else
            rf_vm_join_all_turns(fp);
    }
}

bool rf_vm_is_time_to_count(rf_isolate *isolate, rf_vm_task *task, const rf_instruction *pc)
{
    const rf_later *later = rf_vm_state_of(isolate)->later;
    if (!later || !is_time(later)) return false;
    task->fp->pc = pc;
    join_all_frames(task->fp);
    return true;
}
