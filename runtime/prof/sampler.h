/* The sampler: one thread that looks at all threads of the profiled program at jittered, absolute times.
 *
 *     session = rf_prof_session_new(&options);
 *     thread = rf_prof_thread_begin(session, &source);    on each thread that runs script code
 *     ... rf_prof_thread_end(thread) ...
 *     rf_prof_session_stop(session);
 *     rf_prof_session_collect(session, &profile);
 *     rf_prof_session_free(session);
 *
 * Nothing is taken from the threads but what a drain costs (thread.h); that is measured and reported as the own cost. */
#ifndef RF_PROF_SAMPLER_H
#define RF_PROF_SAMPLER_H

#include "prof/loop_cost.h"
#include "prof/thread.h"

enum {
    RF_PROF_SLICE_NS = 10000000, /* of the timeline at first; doubled when there are too many */
    RF_PROF_MOST_SLICES = 512,
    RF_PROF_EXACT_TICKS = 200 /* below this a report shows exact counts */
};

typedef struct rf_prof_session rf_prof_session;

typedef struct rf_prof_options {
    double hz;      /* 0: 1000, or 250 where only one core may be used */
    bool is_manual; /* no thread and no clocks: rf_prof_session_tick says what time it is; for tests */
    bool is_quiet;  /* no sampling at all: only exact counts */
    bool is_uncounted; /* not even those of instructions */
    uint64_t seed;  /* of the jitter; 0: from the clock */
    rf_prof_loop_prices prices; /* for the own cost */
    /* called by the sampler at most every 100 ms, and once is_interrupted was set; may be NULL */
    void (*watch)(void *context, rf_prof_session *session);
    void *watch_context;
} rf_prof_options;

rf_prof_session *rf_prof_session_new(const rf_prof_options *options);
void rf_prof_session_stop(rf_prof_session *session);
void rf_prof_session_free(rf_prof_session *session);

/* On the thread itself.  The thread's block lives as long as the session. */
rf_prof_thread *rf_prof_thread_begin(rf_prof_session *session, const rf_prof_source *source);
void rf_prof_thread_end(rf_prof_thread *thread);

/* One tick of a thread: the time and what its processor clock says. */
void rf_prof_session_tick(rf_prof_session *session, rf_prof_thread *thread, uint64_t wall_ns, uint64_t cpu_ns);

/* Once a tick: makes room in the timeline and notes what the heaps hold. */
void rf_prof_session_note(rf_prof_session *session, uint64_t now_ns);

/* What was found until now: samples, slices, exact counts, times and rates of the run.  With threads still running they
 * are held up meanwhile. */
void rf_prof_session_collect(rf_prof_session *session, rf_profile *profile);
/* Ticks of all threads so far. */
uint64_t rf_prof_session_ticks(const rf_prof_session *session);
/* The next interval for a period, by the session's jitter: 0.5 to 1.5 of it.  What the intervals were longer or shorter until
 * now is made up for, else a thousand of them were off by ten periods now and then. */
uint64_t rf_prof_session_interval(rf_prof_session *session, uint64_t period_ns);

#endif
