/* Events become lines of --trace=jit as they are noted, so there is one list of what can happen (prof/jit_event.def). */
#include "jit/state.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const reasons[RF_EXIT_REASONS] = {
#define RF_EXIT(name, text, meaning) text,
#include "jit/exit.def"
#undef RF_EXIT
};

const char *rf_jit_exit_reason(unsigned reason)
{
    return reason < RF_EXIT_REASONS ? reasons[reason] : "unknown";
}

static void print_ms(const char *what, uint64_t ns)
{
    if (ns) fprintf(stderr, " %s %.3f ms", what, (double)ns / 1e6);
}

static void print(const rf_jit *j, const rf_jit_event *event)
{
    fprintf(stderr, "jit: %8.3f ms %-10s", (double)(event->at_ns - j->started_ns) / 1e6,
            rf_jit_event_name(event->kind));
    if (event->function) fprintf(stderr, " %s:%" PRIu32 " at %" PRIu32, event->function, event->line, event->pc);
    if (event->version) fprintf(stderr, " version %" PRIu32, event->version);
    if (event->optimisation) fprintf(stderr, " O%u", event->optimisation);
    print_ms("took", event->duration_ns);
    print_ms("waited", event->queue_ns);
    print_ms("cpu", event->children_cpu_ns);
    if (event->code_bytes) fprintf(stderr, " %" PRIu64 " bytes", event->code_bytes);
    if (event->reason) fprintf(stderr, " (%s)", event->reason);
    fputc('\n', stderr);
}

void rf_jit_note(rf_jit *j, rf_jit_event what, const rf_proto *proto, const rf_entry_point *entry)
{
    if (proto) {
        what.function = proto->func->display_name ? rf_func_profile_name(proto->func) : "<module>";
        what.file = proto->module->unit ? proto->module->unit->path : NULL;
        what.line = proto->func->pos.line;
    }
    if (entry) {
        what.pc = entry->pc;
        what.version = entry->version;
    }
    const rf_jit_event *noted = rf_jit_events_add(&j->events, &what);
    if (j->options.notice == RUFF_JIT_TRACE) print(j, noted);
}

void rf_jit_tell_absence(rf_jit *j, const char *reason)
{
    if (j->has_told_absence || !reason) return;
    j->has_told_absence = true;
    rf_jit_note(j, (rf_jit_event){.kind = RF_JIT_EVENT_ABSENT, .reason = reason}, NULL, NULL);
    if (j->options.notice == RUFF_JIT_ABSENCE) fprintf(stderr, "JIT: unavailable (%s)\n", reason);
}

void rf_jit_trace_counters(const rf_jit *j)
{
    const struct {
        const char *name;
        const char *unit;
        uint64_t value;
    } rows[] = {
#define RUFF_JIT_COUNTER(name, unit, meaning) {#name, unit, j->counters.name},
#include "ruff/jit_counter.def"
#undef RUFF_JIT_COUNTER
    };
    fputs("jit: counters", stderr);
    for (size_t i = 0; i < RF_COUNT_OF(rows); i++)
        if (rows[i].value && rows[i].value != UINT64_MAX)
            fprintf(stderr, " %s %" PRIu64 "%s%s", rows[i].name, rows[i].value, rows[i].unit[0] ? " " : "",
                    rows[i].unit);
    fputc('\n', stderr);
}
