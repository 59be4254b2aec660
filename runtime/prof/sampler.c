/* Ticks are absolute times on the monotonic clock, half to one and a half periods apart, so that no program can keep
 * step with them; one that comes late is not made up for but counted as lost.  At a tick each thread's state and
 * processor clock are read: reading another thread's clock costs that thread nothing. */
#include "prof/sampler.h"

#include "base/buffer.h"
#include "base/clock.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { WATCH_NS = 100000000, QUIET_WATCH_NS = 20000000, QUIET_NS = RF_PROF_SLICE_NS, DEFAULT_HZ = 1000, ONE_CORE_HZ = 250, SIGNAL_TRIES = 32 };

typedef struct slice_note {
    uint64_t live_bytes, resident_bytes;
} slice_note;

struct rf_prof_session {
    rf_prof_options options;
    uint64_t period_ns, random, began_ns, ended_ns;
    double ahead_ns; /* how much longer than as many periods the intervals were */
    int64_t began_cpu_ns;
    uint32_t cores;
    pthread_t sampler;
    bool has_sampler, has_signal;
    atomic_bool is_stopping;
    pthread_cond_t stopping; /* wakes a quiet sampler */
    struct sigaction signal_before;
    uint64_t signal_ns; /* what the system takes from a thread for one signal */
    pthread_mutex_t lock; /* of the list of threads, slices */
    RF_VECTOR(rf_prof_thread *) threads; /* owned */
    RF_VECTOR(slice_note) notes;
    uint64_t slice_ns;
    _Atomic uint64_t ticks, visits, lost;
    uint64_t busy_ticks; /* of threads that used the processor */
    uint64_t sampler_cpu_ns, next_watch_ns, noted_slice;
};

/* ---- the copy of a stack ---- */

#ifdef __x86_64__

static bool is_native(const rf_prof_native *visit, const void *address)
{
    return (const char *)address >= visit->code && (const char *)address < visit->code_end;
}

/* Where native code is, and the C stack from what belongs to that place on (rf_prof_take_copy follows the frames).  In a C function
 * that native code has called, the words on the stack are searched for the address where that goes on. */
__attribute__((no_sanitize("address"))) /* it reads frames of others */
static void copy_native(rf_prof_thread *thread, const void *context)
{
    enum { SEARCHED_WORDS = 128 };
    const greg_t *registers = ((const ucontext_t *)context)->uc_mcontext.gregs;
    const rf_prof_native visit = thread->native;
    const void *const volatile *at = (const void *const volatile *)registers[REG_RSP]; /* volatile: not by memcpy, which is watched */
    const void *const volatile *end = (const void *const volatile *)(const void *)visit.stack_top;
    const void *address = (const void *)registers[REG_RIP];
    thread->address_count = thread->stack_size = 0;
    if (rf_prof_state_tier(atomic_load_explicit(&thread->state, memory_order_relaxed)) != RF_TIER_JIT) return;
    if ((uintptr_t)at % sizeof(void *)) return;
    for (unsigned i = 0; i < SEARCHED_WORDS && at < end && !is_native(&visit, address); i++) address = *at++;
    if (!is_native(&visit, address)) return;
    const bool is_called = address != (const void *)registers[REG_RIP];
    thread->addresses[thread->address_count++] = (const char *)address - is_called; /* the call */
    while (at < end && thread->stack_size < RF_PROF_MOST_STACK) thread->stack[thread->stack_size++] = *at++;
}

#else

static void copy_native(rf_prof_thread *thread, const void *context)
{
    (void)context;
    thread->address_count = thread->stack_size = 0; /* no native code here */
}

#endif

/* ---- what a thread does ---- */

static bool needs_copy(rf_prof_tier tier)
{
    return tier == RF_TIER_AST || tier == RF_TIER_JIT;
}

/* State and task of one moment.  Switching takes a few instructions, so it is soon over, unless the thread was stopped
 * in the midst of it. */
static uint32_t read_state(const rf_prof_thread *thread, uint32_t *label)
{
    enum { TRIES = 64 };
    uint32_t state = RF_PROF_SWITCHING;
    for (unsigned i = 0; i < TRIES; i++) {
        *label = atomic_load_explicit(&thread->label, memory_order_acquire);
        state = atomic_load_explicit(&thread->state, memory_order_acquire);
        if (state != RF_PROF_SWITCHING && atomic_load_explicit(&thread->label, memory_order_relaxed) == *label) break;
    }
    return state;
}

/* What the heap says goes before what the thread says. */
static uint32_t state_now(const rf_prof_thread *thread, rf_prof_tier *base, uint32_t *label)
{
    const uint32_t state = read_state(thread, label);
    *base = rf_prof_state_tier(state);
    if (*base > RF_TIER_REGEX) return state;
    const rf_prof_source *source = &thread->source;
    if (source->is_collecting && __atomic_load_n((const uint8_t *)source->is_collecting, __ATOMIC_RELAXED))
        return RF_PROF_STATE(RF_TIER_COLLECT, 0);
    if (source->is_allocating && __atomic_load_n((const uint8_t *)source->is_allocating, __ATOMIC_RELAXED))
        return RF_PROF_STATE(RF_TIER_ALLOC, 0);
    if (source->release_depth && __atomic_load_n(source->release_depth, __ATOMIC_RELAXED))
        return RF_PROF_STATE(RF_TIER_FREE, source->released_kind ? __atomic_load_n(source->released_kind, __ATOMIC_RELAXED) : 0);
    return state & ~RF_PROF_UNLINKED;
}

/* ---- stopping ---- */

/* Loops of the VM run the script's code, so it can be stopped; native code and the interpreter go on, and the stack is copied. */
static bool has_loops(const rf_prof_thread *thread)
{
    bool has = false;
    for (int i = 0; i < RF_PROF_LOOPS; i++) has |= atomic_load_explicit(&thread->hooks[i], memory_order_relaxed) != NULL;
    return has && !atomic_load_explicit(&thread->is_native, memory_order_relaxed);
}

/* The next instruction of the VM or the end of a built-in books what is pending. */
static void stop(rf_prof_thread *thread)
{
    atomic_store_explicit(&thread->has_pending, true, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst); /* the end of a built-in is near, and sees it before the loop gets stuck */
    for (int i = 0; i < RF_PROF_LOOPS; i++) {
        const void *hook = atomic_load_explicit(&thread->hooks[i], memory_order_acquire);
        const uint32_t count = hook ? thread->jump_count : 0;
        for (uint32_t op = 0; op < count; op++) atomic_store_explicit(&thread->jumps[i][op], hook, memory_order_relaxed);
    }
}

/* In the signal handler; so is what it calls. */
static void copy_stack(rf_prof_thread *thread, const void *context)
{
    copy_native(thread, context);
    thread->copy_count = rf_prof_walk(thread, thread->copy, RF_PROF_MOST_FRAMES);
    atomic_store_explicit(&thread->is_copied, true, memory_order_release);
}

static void catch_thread(rf_prof_thread *thread, const void *context)
{
    atomic_store_explicit(&thread->is_signalled, false, memory_order_relaxed);
    if (thread->is_ended) return;
    rf_prof_tier base;
    uint32_t label;
    const uint32_t state = state_now(thread, &base, &label);
    const bool goes_on = needs_copy(base);
    if (goes_on && atomic_load_explicit(&thread->is_copied, memory_order_acquire)) return; /* the copy before was not read yet */
    rf_prof_price *price = goes_on ? &thread->copy_price : &thread->stop_price;
    const int64_t began = rf_prof_begin_piece(price);
    if (state != RF_PROF_SWITCHING) atomic_store_explicit(&thread->caught, state, memory_order_relaxed);
    if (goes_on)
        copy_stack(thread, context);
    else
        stop(thread);
    const uint64_t took = rf_prof_end_piece(price, began) + thread->session->signal_ns;
    atomic_fetch_add_explicit(&thread->stolen_ns, took, memory_order_relaxed);
}

/* ---- the signal ---- */

static void take_signal(int number, siginfo_t *info, void *context)
{
    (void)number;
    if (info->si_code != SI_QUEUE || !info->si_value.sival_ptr) return;
    const int saved = errno;
    catch_thread(info->si_value.sival_ptr, context);
    errno = saved;
}

/* Signals to ourselves that do nothing show what one costs here. */
static void measure_signal(rf_prof_session *session)
{
    const int64_t began = rf_clock_thread_cpu_ns(); /* others may run meanwhile */
    for (int i = 0; i < SIGNAL_TRIES; i++) pthread_sigqueue(pthread_self(), SIGPROF, (union sigval){.sival_ptr = NULL});
    session->signal_ns = (uint64_t)(rf_clock_thread_cpu_ns() - began) / SIGNAL_TRIES;
}

/* ---- a tick ---- */

/* A signal finds what takes a few nanoseconds and takes 3 to 4 us of the thread.  At high rates that is too much, so the sampler
 * itself writes what the loops jump through; that takes lines of the cache from the thread, which gets stuck at a jump and is found
 * there (decision 0036).  Who waits is not to be woken. */
static bool can_catch(const rf_prof_session *session, const rf_prof_thread *thread, uint32_t state)
{
    enum { LEAST_PERIOD_NS = 200000 };
    const bool waits = state & RF_PROF_IDLE || rf_prof_tiers[rf_prof_state_tier(state)].is_wait;
    return session->has_signal && !waits && (session->period_ns >= LEAST_PERIOD_NS || !has_loops(thread));
}

static void send_signal(rf_prof_thread *thread)
{
    if (atomic_exchange_explicit(&thread->is_signalled, true, memory_order_relaxed)) return;
    if (pthread_sigqueue(thread->thread, SIGPROF, (union sigval){.sival_ptr = thread}) != 0)
        atomic_store_explicit(&thread->is_signalled, false, memory_order_relaxed);
}

static void tick(rf_prof_session *session, rf_prof_thread *thread, uint64_t wall_ns, uint64_t cpu_ns)
{
    rf_prof_tier base;
    rf_prof_pending p = {.ticks = 1};
    p.state = state_now(thread, &base, &p.label);
    p.at_ns = wall_ns - session->began_ns;
    p.wall_ns = wall_ns - thread->last_wall_ns;
    p.cpu_ns = cpu_ns - thread->last_cpu_ns;
    const uint64_t stolen = atomic_load_explicit(&thread->stolen_ns, memory_order_relaxed);
    const uint64_t own = stolen - thread->last_stolen_ns;
    p.cpu_ns -= own < p.cpu_ns ? own : p.cpu_ns;
    thread->last_wall_ns = wall_ns;
    if (p.cpu_ns < p.wall_ns / 8 && rf_prof_state_tier(p.state) == RF_TIER_BUILTIN) p.state |= RF_PROF_IDLE;
    if ((p.state & RF_PROF_IDLE) || rf_prof_tiers[rf_prof_state_tier(p.state)].is_wait) {
        p.cpu_ns = 0; /* the little there was goes to the next tick, so that waiting has none */
    } else {
        thread->last_cpu_ns = cpu_ns;
        thread->last_stolen_ns = stolen;
    }
    const bool is_caught = can_catch(session, thread, p.state);
    if (is_caught) p.state = RF_PROF_CAUGHT;
    pthread_mutex_lock(&thread->lock);
    if (atomic_load_explicit(&thread->is_copied, memory_order_acquire)) rf_prof_take_copy(thread);
    rf_prof_add_pending(thread, &p, session->slice_ns);
    pthread_mutex_unlock(&thread->lock);
    if (is_caught) /* now: it comes for the lock at once */
        send_signal(thread);
    else
        stop(thread);
    atomic_fetch_add_explicit(&session->ticks, 1, memory_order_relaxed);
    session->busy_ticks += p.cpu_ns > 0;
    if (session->busy_ticks >= RF_PROF_EXACT_TICKS) atomic_store_explicit(&thread->is_exact_over, true, memory_order_relaxed);
}

void rf_prof_session_tick(rf_prof_session *session, rf_prof_thread *thread, uint64_t wall_ns, uint64_t cpu_ns)
{
    pthread_mutex_lock(&session->lock);
    tick(session, thread, wall_ns, cpu_ns);
    pthread_mutex_unlock(&session->lock);
}

/* ---- the timeline ---- */

static uint64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long long pages = 0, resident = 0;
    if (file) {
        if (fscanf(file, "%llu %llu", &pages, &resident) != 2) resident = 0;
        fclose(file);
    }
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void join_notes(rf_prof_session *session)
{
    for (size_t i = 0; i < session->notes.count; i += 2) {
        slice_note joined = session->notes.data[i];
        if (i + 1 < session->notes.count) {
            const slice_note *next = &session->notes.data[i + 1];
            if (next->live_bytes > joined.live_bytes) joined.live_bytes = next->live_bytes;
            if (next->resident_bytes > joined.resident_bytes) joined.resident_bytes = next->resident_bytes;
        }
        session->notes.data[i / 2] = joined;
    }
    session->notes.count = (session->notes.count + 1) / 2;
    session->slice_ns *= 2;
}

/* The resident size once a slice: asking takes a system call. */
void rf_prof_session_note(rf_prof_session *session, uint64_t now_ns)
{
    const uint64_t at_ns = now_ns - session->began_ns;
    while (at_ns / session->slice_ns >= RF_PROF_MOST_SLICES) join_notes(session);
    const uint64_t slice = at_ns / session->slice_ns;
    uint64_t live = 0;
    for (size_t i = 0; i < session->threads.count; i++) {
        const rf_prof_thread *thread = session->threads.data[i];
        if (!thread->is_ended && thread->source.live_bytes)
            live += thread->source.live_bytes(thread->source.context);
    }
    const bool is_new = session->notes.count <= slice;
    while (session->notes.count <= slice) rf_vector_push(&session->notes, ((slice_note){0}));
    slice_note *note = &session->notes.data[slice];
    if (live > note->live_bytes) note->live_bytes = live;
    if (is_new) note->resident_bytes = resident_bytes();
}

/* ---- the thread ---- */

uint64_t rf_prof_session_interval(rf_prof_session *session, uint64_t period_ns)
{
    session->random ^= session->random << 13; /* xorshift, Marsaglia 2003 */
    session->random ^= session->random >> 7;
    session->random ^= session->random << 17;
    enum { CALM = 32 }; /* intervals until most of it is made up for */
    double interval = (double)period_ns * (0.5 + (double)(session->random >> 11) * 0x1p-53) - session->ahead_ns / CALM;
    if (interval < (double)period_ns * 0.5) interval = (double)period_ns * 0.5;
    if (interval > (double)period_ns * 1.5) interval = (double)period_ns * 1.5;
    session->ahead_ns += interval - (double)period_ns;
    return (uint64_t)interval;
}

static uint64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) return 0;
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void visit_threads(rf_prof_session *session)
{
    pthread_mutex_lock(&session->lock);
    const uint64_t now = (uint64_t)rf_clock_monotonic_ns();
    for (size_t i = 0; i < session->threads.count; i++) {
        rf_prof_thread *thread = session->threads.data[i];
        if (thread->is_ended) continue;
        tick(session, thread, (uint64_t)rf_clock_monotonic_ns(), clock_ns(thread->cpu_clock));
    }
    rf_prof_session_note(session, now);
    session->sampler_cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    pthread_mutex_unlock(&session->lock);
    atomic_fetch_add_explicit(&session->visits, 1, memory_order_relaxed);
    if (session->options.watch && now >= session->next_watch_ns) {
        session->next_watch_ns = now + WATCH_NS;
        session->options.watch(session->options.watch_context, session);
    }
}

/* Without samples there is only somebody to be waited for, and the sizes of the heaps to be noted. */
static void wait_quietly(rf_prof_session *session)
{
    while (!atomic_load_explicit(&session->is_stopping, memory_order_relaxed)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += QUIET_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_mutex_lock(&session->lock);
        if (!atomic_load_explicit(&session->is_stopping, memory_order_relaxed))
            pthread_cond_timedwait(&session->stopping, &session->lock, &until);
        const uint64_t now = (uint64_t)rf_clock_monotonic_ns();
        rf_prof_session_note(session, now);
        session->sampler_cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        pthread_mutex_unlock(&session->lock);
        if (!session->options.watch || now < session->next_watch_ns) continue;
        session->next_watch_ns = now + QUIET_WATCH_NS;
        session->options.watch(session->options.watch_context, session);
    }
}

static void *run_sampler(void *context)
{
    rf_prof_session *session = context;
    if (session->options.is_quiet) {
        wait_quietly(session);
        return NULL;
    }
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    uint64_t due = (uint64_t)rf_clock_monotonic_ns();
    while (!atomic_load_explicit(&session->is_stopping, memory_order_relaxed)) {
        due += rf_prof_session_interval(session, session->period_ns);
        const uint64_t now = (uint64_t)rf_clock_monotonic_ns();
        while (due + session->period_ns < now) { /* its time is booked with the next one */
            due += rf_prof_session_interval(session, session->period_ns);
            atomic_fetch_add_explicit(&session->lost, 1, memory_order_relaxed);
        }
        const struct timespec until = {.tv_sec = (time_t)(due / 1000000000), .tv_nsec = (long)(due % 1000000000)};
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) continue;
        visit_threads(session);
    }
    return NULL;
}

/* ---- life ---- */

static uint32_t count_cores(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

static void start_sampler(rf_prof_session *session)
{
    const struct sigaction action = {.sa_sigaction = take_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    session->has_signal = sigaction(SIGPROF, &action, &session->signal_before) == 0;
    measure_signal(session);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    session->has_sampler = pthread_create(&session->sampler, NULL, run_sampler, session) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

rf_prof_session *rf_prof_session_new(const rf_prof_options *options)
{
    rf_prof_session *session = rf_new(rf_prof_session);
    session->options = *options;
    session->cores = count_cores();
    if (session->options.hz <= 0) session->options.hz = session->cores > 1 ? DEFAULT_HZ : ONE_CORE_HZ;
    session->period_ns = (uint64_t)(1e9 / session->options.hz);
    session->slice_ns = RF_PROF_SLICE_NS;
    session->began_ns = options->is_manual ? 0 : (uint64_t)rf_clock_monotonic_ns();
    session->began_cpu_ns = rf_clock_cpu_ns();
    session->random = options->seed ? options->seed : (session->began_ns ^ (uint64_t)getpid() << 32) | 1;
    pthread_mutex_init(&session->lock, NULL);
    pthread_cond_init(&session->stopping, NULL);
    if (!options->is_manual) start_sampler(session);
    return session;
}

void rf_prof_session_stop(rf_prof_session *session)
{
    if (session->ended_ns) return;
    session->ended_ns = (uint64_t)rf_clock_monotonic_ns();
    pthread_mutex_lock(&session->lock);
    atomic_store_explicit(&session->is_stopping, true, memory_order_relaxed);
    pthread_cond_signal(&session->stopping);
    pthread_mutex_unlock(&session->lock);
    if (session->has_sampler) pthread_join(session->sampler, NULL);
    if (!session->has_signal) return;
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGPROF, &ignored, NULL); /* takes back what a thread that still runs has not received: it would end the process */
    sigaction(SIGPROF, &session->signal_before, NULL);
}

void rf_prof_session_free(rf_prof_session *session)
{
    if (!session) return;
    for (size_t i = 0; i < session->threads.count; i++) {
        rf_prof_thread_release(session->threads.data[i]);
        rf_free(session->threads.data[i]->memory);
    }
    rf_vector_release(&session->threads);
    rf_vector_release(&session->notes);
    pthread_cond_destroy(&session->stopping);
    pthread_mutex_destroy(&session->lock);
    rf_free(session);
}

static rf_prof_thread *new_thread(const rf_prof_source *source)
{
    char *memory = rf_alloc(sizeof(rf_prof_thread) + source->builtin_count * sizeof(uint64_t) + RF_PROF_PAGE);
    rf_prof_thread *thread = (rf_prof_thread *)(void *)(memory + (0 - (uintptr_t)memory) % RF_PROF_PAGE);
    rf_prof_thread_init(thread, source);
    thread->memory = memory;
    return thread;
}

/* Workers begin with all signals blocked. */
static void let_signal_in(void)
{
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPROF);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}

rf_prof_thread *rf_prof_thread_begin(rf_prof_session *session, const rf_prof_source *source)
{
    rf_prof_thread *thread = new_thread(source);
    if (session->has_signal) let_signal_in();
    thread->session = session;
    thread->is_exact_over = session->options.is_uncounted;
    thread->is_quiet = session->options.is_uncounted && session->options.is_quiet;
    thread->thread = pthread_self();
    if (pthread_getcpuclockid(thread->thread, &thread->cpu_clock) != 0) thread->cpu_clock = CLOCK_THREAD_CPUTIME_ID;
    pthread_mutex_lock(&session->lock);
    thread->last_wall_ns = session->options.is_manual ? 0 : (uint64_t)rf_clock_monotonic_ns();
    thread->last_cpu_ns = session->options.is_manual ? 0 : clock_ns(thread->cpu_clock);
    rf_vector_push(&session->threads, thread);
    thread->number = (uint32_t)session->threads.count;
    if (thread->number > 1) thread->label = rf_profile_label(&thread->found, "worker"); /* what a program tells of all of them */
    pthread_mutex_unlock(&session->lock);
    return thread;
}

static void note_amounts(rf_prof_thread *thread)
{
    for (size_t i = 1; i < thread->amounts.count; i++) {
        if (!thread->amounts.data[i]) continue;
        char *name = rf_format_text("regex.bytes %s", thread->texts.data[i]);
        rf_profile_set_counter(&thread->found, name, thread->amounts.data[i], "bytes");
        rf_free(name);
    }
}

/* What has passed since the last tick goes to the stack seen last: time without ticks, so that nothing is missing. */
static void book_rest(rf_prof_thread *thread)
{
    const rf_prof_session *session = thread->session;
    if (session->options.is_manual || !thread->last_stack) return;
    const uint64_t wall = (uint64_t)rf_clock_monotonic_ns(), cpu = clock_ns(thread->cpu_clock);
    const rf_prof_stack *stack = &thread->found.stacks.data[thread->last_stack];
    const bool waits = rf_prof_tiers[thread->found.frames.data[stack->frame].tier].is_wait;
    const rf_prof_sample rest = {.stack = thread->last_stack,
                                 .thread = thread->number,
                                 .slice = (uint32_t)((wall - session->began_ns) / thread->slice_ns),
                                 .label = atomic_load_explicit(&thread->label, memory_order_relaxed),
                                 .cpu_ns = waits ? 0 : cpu - thread->last_cpu_ns,
                                 .wall_ns = wall - thread->last_wall_ns};
    rf_profile_add(&thread->found, &rest);
}

void rf_prof_thread_end(rf_prof_thread *thread)
{
    rf_prof_session *session = thread->session;
    pthread_mutex_lock(&session->lock);
    if (!session->options.is_manual) rf_prof_session_note(session, (uint64_t)rf_clock_monotonic_ns()); /* short runs, too */
    pthread_mutex_lock(&thread->lock);
    if (atomic_load_explicit(&thread->is_copied, memory_order_acquire)) rf_prof_take_copy(thread);
    pthread_mutex_unlock(&thread->lock);
    thread->is_ended = true;
    pthread_mutex_unlock(&session->lock);
    rf_prof_drain(thread);
    book_rest(thread);
    note_amounts(thread);
    if (thread->source.count) thread->source.count(thread->source.context, thread, &thread->found);
}

uint64_t rf_prof_session_ticks(const rf_prof_session *session)
{
    return atomic_load_explicit(&session->ticks, memory_order_relaxed);
}

/* ---- collecting ---- */

/* What ran in loops made for profiling; calls and built-ins only of threads that have ended. */
static uint64_t loops_cost(const rf_prof_session *session, const rf_profile *profile, uint64_t *spread_ns)
{
    rf_prof_loop_work work = {0};
    bool is_tallied = false;
    for (size_t i = 0; i < session->threads.count; i++) {
        const rf_prof_thread *thread = session->threads.data[i];
        if (!thread->is_ended) continue;
        is_tallied |= thread->is_tallied;
        work.calls += thread->calls;
        work.tallied_calls += thread->tallied_calls;
        for (uint32_t n = 0; n < thread->source.builtin_count; n++) work.builtins += thread->builtin_calls[n];
    }
    if (is_tallied)
        work.tallied_share =
            session->busy_ticks > RF_PROF_EXACT_TICKS ? (double)RF_PROF_EXACT_TICKS / (double)session->busy_ticks : 1;
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        if (profile->frames.data[profile->stacks.data[sample->stack].frame].tier == RF_TIER_VM)
            work.vm_ns += sample->cpu_ns;
    }
    return rf_prof_loop_cost(&session->options.prices, &work, spread_ns);
}

static uint64_t own_cost(const rf_prof_session *session, const rf_profile *profile, uint64_t *spread_ns)
{
    uint64_t cost = session->cores > 1 ? 0 : session->sampler_cpu_ns;
    for (size_t i = 0; i < session->threads.count; i++)
        cost += atomic_load_explicit(&session->threads.data[i]->stolen_ns, memory_order_relaxed);
    return cost + loops_cost(session, profile, spread_ns);
}

static void fill_slices(const rf_prof_session *session, rf_profile *profile)
{
    for (size_t i = 0; i < session->notes.count; i++)
        rf_vector_push(&profile->slices, ((rf_prof_slice){.start_ns = i * session->slice_ns,
                                                          .length_ns = session->slice_ns,
                                                          .live_bytes = session->notes.data[i].live_bytes,
                                                          .resident_bytes = session->notes.data[i].resident_bytes}));
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        const rf_prof_tier tier =
            (rf_prof_tier)profile->frames.data[profile->stacks.data[sample->stack].frame].tier;
        if (sample->slice >= profile->slices.count) continue;
        profile->slices.data[sample->slice].tier_ns[tier] +=
            rf_prof_tiers[tier].is_wait ? sample->wall_ns : sample->cpu_ns;
    }
    uint64_t *peak = &profile->run.peak_resident_bytes;
    for (size_t i = 0; i < profile->slices.count; i++)
        if (profile->slices.data[i].resident_bytes > *peak) *peak = profile->slices.data[i].resident_bytes;
}

void rf_prof_session_collect(rf_prof_session *session, rf_profile *profile)
{
    rf_prof_run *run = &profile->run;
    pthread_mutex_lock(&session->lock);
    const uint64_t now = session->options.is_manual ? 0 : (uint64_t)rf_clock_monotonic_ns();
    run->wall_ns = (session->ended_ns ? session->ended_ns : now) - session->began_ns;
    run->mechanism = "sampler thread";
    run->asked_hz = session->options.hz;
    const uint64_t visits = atomic_load_explicit(&session->visits, memory_order_relaxed);
    run->got_hz = run->wall_ns ? (double)visits * 1e9 / (double)run->wall_ns : 0;
    run->ticks = atomic_load_explicit(&session->ticks, memory_order_relaxed);
    run->lost_ticks = atomic_load_explicit(&session->lost, memory_order_relaxed);
    run->threads = (uint32_t)session->threads.count;
    run->allowed_cores = session->cores;
    run->cpu_ns = (uint64_t)(rf_clock_cpu_ns() - session->began_cpu_ns);
    run->cpu_ns -= session->sampler_cpu_ns < run->cpu_ns ? session->sampler_cpu_ns : run->cpu_ns;
    for (size_t i = 0; i < session->threads.count; i++) {
        rf_prof_thread *thread = session->threads.data[i];
        pthread_mutex_lock(&thread->lock);
        while (thread->slice_ns < session->slice_ns) {
            rf_profile_join_slices(&thread->found);
            thread->slice_ns *= 2;
        }
        rf_profile_merge(profile, &thread->found);
        pthread_mutex_unlock(&thread->lock);
    }
    fill_slices(session, profile);
    uint64_t spread_ns = 0;
    run->own_cost_ns = own_cost(session, profile, &spread_ns);
    if (spread_ns) rf_profile_set_counter(profile, RF_PROF_OWN_COST_SPREAD, spread_ns, "ns");
    pthread_mutex_unlock(&session->lock);
}
