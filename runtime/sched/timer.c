/* Timers of an isolate: a binary heap by due time, equal times in the order started. */
#include "sched/task.h"

#include "base/alloc.h"
#include "base/clock.h"

struct rf_timer_entry {
    int64_t due_ns;
    uint64_t sequence;
    size_t place; /* in the heap */
    void (*fire)(rf_isolate *isolate, void *context);
    void (*drop)(rf_isolate *isolate, void *context);
    void *context;
};

static bool is_before(const rf_timer_entry *a, const rf_timer_entry *b)
{
    return a->due_ns < b->due_ns || (a->due_ns == b->due_ns && a->sequence < b->sequence);
}

static void put(rf_sched *sched, size_t place, rf_timer_entry *entry)
{
    sched->timers.data[place] = entry;
    entry->place = place;
}

static void sift_up(rf_sched *sched, size_t place)
{
    rf_timer_entry *entry = sched->timers.data[place];
    while (place > 0) {
        size_t above = (place - 1) / 2;
        if (!is_before(entry, sched->timers.data[above])) break;
        put(sched, place, sched->timers.data[above]);
        place = above;
    }
    put(sched, place, entry);
}

static void sift_down(rf_sched *sched, size_t place)
{
    rf_timer_entry *entry = sched->timers.data[place];
    for (;;) {
        size_t below = 2 * place + 1;
        if (below >= sched->timers.count) break;
        if (below + 1 < sched->timers.count &&
            is_before(sched->timers.data[below + 1], sched->timers.data[below]))
            below++;
        if (!is_before(sched->timers.data[below], entry)) break;
        put(sched, place, sched->timers.data[below]);
        place = below;
    }
    put(sched, place, entry);
}

static void take_out(rf_sched *sched, rf_timer_entry *entry)
{
    const size_t place = entry->place;
    rf_timer_entry *last = rf_vector_pop(&sched->timers);
    if (last == entry) return;
    put(sched, place, last);
    sift_down(sched, place);
    sift_up(sched, last->place);
}

static int64_t due_time(double ms)
{
    const int64_t now = rf_clock_monotonic_ns();
    const double delay = ms * 1e6;
    if (!(delay > 0)) return now;
    return delay < (double)(INT64_MAX - now) ? now + (int64_t)delay : INT64_MAX;
}

rf_timer_entry *rf_timer_start(rf_isolate *isolate, double ms,
                               void (*fire)(rf_isolate *isolate, void *context),
                               void (*drop)(rf_isolate *isolate, void *context), void *context)
{
    rf_sched *sched = isolate->sched;
    rf_timer_entry *entry = rf_new(rf_timer_entry);
    *entry = (rf_timer_entry){.due_ns = due_time(ms),
                              .sequence = sched->timer_sequence++,
                              .fire = fire,
                              .drop = drop,
                              .context = context};
    rf_vector_push(&sched->timers, entry);
    sift_up(sched, sched->timers.count - 1);
    return entry;
}

void rf_timer_stop(rf_isolate *isolate, rf_timer_entry *entry)
{
    take_out(isolate->sched, entry);
    entry->drop(isolate, entry->context);
    rf_free(entry);
}

int64_t rf_timer_next_ns(const rf_sched *sched)
{
    return sched->timers.count ? sched->timers.data[0]->due_ns : INT64_MAX;
}

void rf_timer_fire_due(rf_isolate *isolate, int64_t now_ns)
{
    rf_sched *sched = isolate->sched;
    while (sched->timers.count && sched->timers.data[0]->due_ns <= now_ns) {
        rf_timer_entry *entry = sched->timers.data[0];
        take_out(sched, entry);
        entry->fire(isolate, entry->context);
        rf_free(entry);
    }
}

void rf_timer_drop_all(rf_isolate *isolate)
{
    rf_sched *sched = isolate->sched;
    while (sched->timers.count) {
        rf_timer_entry *entry = rf_vector_pop(&sched->timers);
        entry->drop(isolate, entry->context);
        rf_free(entry);
    }
    rf_vector_release(&sched->timers);
}

/* ---- promises that resolve by time ---- */

typedef struct delayed_value {
    rf_value promise, value;
} delayed_value;

static void drop_delayed(rf_isolate *isolate, void *context)
{
    delayed_value *delayed = context;
    rf_release(isolate, delayed->promise);
    rf_release(isolate, delayed->value);
    rf_free(delayed);
}

static void resolve_delayed(rf_isolate *isolate, void *context)
{
    delayed_value *delayed = context;
    rf_promise_resolve(isolate, delayed->promise.as.promise, rf_take(&delayed->value));
    drop_delayed(isolate, delayed);
}

rf_value rf_timer(rf_isolate *isolate, double ms, rf_value v)
{
    rf_value promise = rf_promise_new(isolate);
    delayed_value *delayed = rf_new(delayed_value);
    *delayed = (delayed_value){rf_copy(promise), v};
    rf_timer_start(isolate, ms, resolve_delayed, drop_delayed, delayed);
    return promise;
}
