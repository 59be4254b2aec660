/* Texts are owned by the ring because functions and files may be gone when it is read. */
#include "prof/jit_event.h"

#include "base/alloc.h"
#include "base/clock.h"

static const char *const names[RF_JIT_EVENT_COUNT] = {
#define RF_JIT_EVENT(name, text, meaning) text,
#include "prof/jit_event.def"
#undef RF_JIT_EVENT
};

static void release_texts(const rf_jit_event *event)
{
    rf_free((void *)(uintptr_t)event->function);
    rf_free((void *)(uintptr_t)event->file);
    rf_free((void *)(uintptr_t)event->reason);
    rf_free((void *)(uintptr_t)event->expected);
    rf_free((void *)(uintptr_t)event->seen);
}

void rf_jit_events_release(rf_jit_events *events)
{
    for (uint32_t i = 0; i < rf_jit_events_kept(events); i++) release_texts(&events->ring[i]);
    rf_free(events->ring);
    *events = (rf_jit_events){NULL, 0};
}

static const char *copy_of(const char *text)
{
    return text ? rf_strdup(text) : NULL;
}

const rf_jit_event *rf_jit_events_add(rf_jit_events *events, const rf_jit_event *event)
{
    if (!events->ring) events->ring = rf_alloc_array_zero(rf_jit_event, RF_JIT_EVENTS_KEPT);
    rf_jit_event *slot = &events->ring[events->count++ % RF_JIT_EVENTS_KEPT];
    release_texts(slot);
    *slot = *event;
    slot->function = copy_of(event->function);
    slot->file = copy_of(event->file);
    slot->reason = copy_of(event->reason);
    slot->expected = copy_of(event->expected);
    slot->seen = copy_of(event->seen);
    if (!slot->at_ns) slot->at_ns = rf_clock_monotonic_ns();
    return slot;
}

uint32_t rf_jit_events_kept(const rf_jit_events *events)
{
    return events->count < RF_JIT_EVENTS_KEPT ? (uint32_t)events->count : RF_JIT_EVENTS_KEPT;
}

const rf_jit_event *rf_jit_events_at(const rf_jit_events *events, uint32_t index)
{
    const uint64_t first = events->count - rf_jit_events_kept(events);
    return &events->ring[(first + index) % RF_JIT_EVENTS_KEPT];
}

const char *rf_jit_event_name(rf_jit_event_kind kind)
{
    return names[kind];
}
