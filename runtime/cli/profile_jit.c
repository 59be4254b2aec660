/* What the JIT noted, in the words of a profile: events by function, counters, and what each deopt cost. */
#include "cli/profile.h"

#ifdef RF_WITH_JIT
#include "jit/jit.h"
#endif

#include <stdlib.h>
#include <string.h>

#ifdef RF_WITH_JIT

static char *copy_text(const char *text)
{
    return text ? rf_strdup(text) : NULL;
}

static char *reason_of(const rf_jit_event *event)
{
    if (!event->left_line) return copy_text(event->reason);
    return rf_format_text("%s in line %u", event->reason, event->left_line);
}

static void add_event(rf_profile *profile, const rf_jit_event *event, uint64_t began_ns)
{
    const uint32_t file = event->file ? rf_profile_file(profile, event->file) : 0;
    const char *name = event->function ? event->function : "";
    const bool is_module = strcmp(name, "<module>") == 0;
    const uint32_t func = *name ? rf_profile_func(profile, RF_FUNC_SCRIPT, is_module ? "main" : name, file,
                                                  is_module ? 1 : event->line)
                                : 0;
    const uint64_t at = (uint64_t)event->at_ns;
    rf_vector_push(&profile->jit_events, ((rf_prof_jit_event){.at_ns = at > began_ns ? at - began_ns : 0,
                                                              .duration_ns = event->duration_ns,
                                                              .queue_ns = event->queue_ns,
                                                              .children_cpu_ns = event->children_cpu_ns,
                                                              .code_bytes = event->code_bytes,
                                                              .kind = rf_jit_event_name(event->kind),
                                                              .func = func,
                                                              .line = event->line,
                                                              .version = event->version,
                                                              .tier = event->tier,
                                                              .optimisation = event->optimisation,
                                                              .reason = reason_of(event),
                                                              .expected = copy_text(event->expected),
                                                              .seen = copy_text(event->seen)}));
}

/* Every isolate counts for itself: sums, but of the time until the first native code, which is 0 without any. */
static uint64_t join_counts(const char *name, uint64_t before, uint64_t value)
{
    if (before == RF_PROF_UNKNOWN) return value;
    if (value == RF_PROF_UNKNOWN) return before;
    if (strcmp(name, "jit.first_native_ns") != 0) return before + value;
    return before && (!value || before < value) ? before : value;
}

static void add_counter(rf_profile *profile, const char *name, uint64_t value, const char *unit)
{
    rf_profile_set_counter(profile, name, join_counts(name, rf_profile_counter(profile, name), value), unit);
}

void cli_profile_add_jit(rf_profile *profile, const rf_isolate *isolate, uint64_t began_ns)
{
    const ruff_jit_counters *counters = rf_jit_counters_of(isolate);
    const rf_jit_events *events = rf_jit_events_of(isolate);
#define RUFF_JIT_COUNTER(name, unit, meaning)                                                                          \
    if (counters) add_counter(profile, "jit." #name, counters->name, unit);
#include "ruff/jit_counter.def"
#undef RUFF_JIT_COUNTER
    for (uint32_t i = 0; events && i < rf_jit_events_kept(events); i++)
        add_event(profile, rf_jit_events_at(events, i), began_ns);
}

#else

void cli_profile_add_jit(rf_profile *profile, const rf_isolate *isolate, uint64_t began_ns)
{
    (void)profile, (void)isolate, (void)began_ns;
}

#endif

/* ---- what it means ---- */

static bool is_slow(uint8_t tier)
{
    return tier == RF_TIER_VM || tier == RF_TIER_AST;
}

static uint32_t leaf_func(const rf_profile *profile, const rf_prof_sample *sample, uint8_t *tier)
{
    const rf_prof_frame *frame = &profile->frames.data[profile->stacks.data[sample->stack].frame];
    *tier = frame->tier;
    return frame->func;
}

/* Time of a function in slow code between two moments, by slices. */
static uint64_t slow_time(const rf_profile *profile, uint32_t func, uint64_t from_ns, uint64_t to_ns)
{
    uint64_t sum = 0;
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        uint8_t tier;
        if (leaf_func(profile, sample, &tier) != func || !is_slow(tier) || sample->slice >= profile->slices.count) continue;
        const rf_prof_slice *slice = &profile->slices.data[sample->slice];
        if (slice->start_ns + slice->length_ns > from_ns && slice->start_ns < to_ns) sum += sample->cpu_ns;
    }
    return sum;
}

static uint64_t next_install(const rf_profile *profile, size_t event)
{
    const rf_prof_jit_event *left = &profile->jit_events.data[event];
    for (size_t i = event + 1; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *later = &profile->jit_events.data[i];
        const bool is_install = strcmp(later->kind, "install") == 0 || strcmp(later->kind, "load") == 0;
        if (is_install && later->func == left->func) return later->at_ns;
    }
    return UINT64_MAX;
}

/* The last thing the JIT said about a function; NULL: nothing, it was never hot enough or its code was or is still made. */
static const char *last_word(const rf_profile *profile, uint32_t func, bool *was_asked_for)
{
    const char *word = NULL;
    *was_asked_for = false;
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *event = &profile->jit_events.data[i];
        if (event->func != func && strcmp(event->kind, "absent") != 0) continue;
        *was_asked_for |= strcmp(event->kind, "absent") != 0;
        if (event->reason) word = event->reason;
    }
    return word;
}

/* Every function with at least 3 % of the time in slow code. */
static void find_refusals(rf_profile *profile, const uint64_t *slow_ns, uint64_t all_ns)
{
    for (uint32_t func = 1; func < profile->funcs.count; func++) {
        bool was_asked_for;
        if (profile->funcs.data[func].kind != RF_FUNC_SCRIPT || !all_ns) continue;
        const double share = (double)slow_ns[func] / (double)all_ns;
        if (share < 0.03) continue;
        const char *word = last_word(profile, func, &was_asked_for);
        char *reason = rf_format_text("%.1f %% in slow code: %s", 100 * share,
                                      word            ? word
                                      : was_asked_for ? "before its native code was there"
                                                      : "not hot long enough to be compiled");
        const rf_prof_refusal refusal = {func, profile->funcs.data[func].line, reason};
        rf_vector_push(&profile->refusals, refusal);
    }
}

static int compare_moments(const void *a, const void *b)
{
    const rf_prof_jit_event *x = *(const rf_prof_jit_event *const *)a, *y = *(const rf_prof_jit_event *const *)b;
    if (x->at_ns != y->at_ns) return x->at_ns < y->at_ns ? -1 : 1;
    return x < y ? -1 : 1;
}

/* Those of workers and of the main isolate come in one order. */
static void sort_events(rf_profile *profile)
{
    const size_t count = profile->jit_events.count;
    const rf_prof_jit_event **order = rf_alloc_array(const rf_prof_jit_event *, count + 1);
    rf_prof_jit_event *sorted = rf_alloc_array(rf_prof_jit_event, count + 1);
    for (size_t i = 0; i < count; i++) order[i] = &profile->jit_events.data[i];
    qsort(order, count, sizeof *order, compare_moments);
    for (size_t i = 0; i < count; i++) sorted[i] = *order[i];
    if (count) memcpy(profile->jit_events.data, sorted, count * sizeof *sorted);
    rf_free(sorted);
    rf_free(order);
}

void cli_profile_rate_jit(rf_profile *profile)
{
    sort_events(profile);
    uint64_t *slow_ns = rf_alloc_array_zero(uint64_t, profile->funcs.count);
    uint64_t all_ns = 0;
    for (size_t i = 1; i < profile->samples.count; i++) {
        uint8_t tier;
        const uint32_t func = leaf_func(profile, &profile->samples.data[i], &tier);
        all_ns += profile->samples.data[i].cpu_ns;
        if (is_slow(tier)) slow_ns[func] += profile->samples.data[i].cpu_ns;
    }
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        rf_prof_jit_event *event = &profile->jit_events.data[i];
        if (strcmp(event->kind, "deopt") == 0)
            event->lost_ns = slow_time(profile, event->func, event->at_ns, next_install(profile, i));
    }
    find_refusals(profile, slow_ns, all_ns);
    rf_free(slow_ns);
}
