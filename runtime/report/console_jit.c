/* The JIT part of the console report. */
#include "report/console_text.h"

#include "report/frame_name.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t counter(const rf_console *console, const char *name)
{
    return rf_profile_counter(console->profile, name);
}

static void put_counter(rf_console *console, const char *before, const char *name)
{
    rf_buffer_append_text(console->out, before);
    rf_console_count(console->out, counter(console, name));
}

static void put_totals(rf_console *console)
{
    rf_buffer *out = console->out;
    put_counter(console, "  compiled ", "jit.compiled");
    put_counter(console, ", again ", "jit.recompiled");
    put_counter(console, ", not worth it ", "jit.refused");
    put_counter(console, ", failed ", "jit.failed");
    rf_buffer_append_text(out, " | compile ");
    rf_console_time(out, counter(console, "jit.compile_ns"));
    rf_buffer_append_text(out, " (");
    rf_console_time(out, counter(console, "jit.compile_cpu_ns"));
    rf_buffer_append_text(out, " CPU with its children), queue wait ");
    rf_console_time(out, counter(console, "jit.queue_ns"));
    rf_buffer_append_text(out, "\n  code ");
    rf_console_bytes(out, counter(console, "jit.code_bytes"));
    put_counter(console, " | entered ", "jit.entered");
    rf_buffer_append_text(out, " times | guards ");
    const uint64_t passed = counter(console, "jit.guards_passed"), failed = counter(console, "jit.guards_failed");
    if (passed == RF_PROF_UNKNOWN || failed == RF_PROF_UNKNOWN || passed + failed == 0) {
        rf_buffer_append_text(out, "n/a: none ran\n");
        return;
    }
    put_counter(console, "", "jit.guards_passed");
    put_counter(console, " passed, ", "jit.guards_failed");
    rf_buffer_format(out, " failed (%.2f %%)\n", 100.0 * (double)failed / (double)(passed + failed));
}

static int compare_calls(const void *a, const void *b)
{
    const rf_prof_func *x = *(const rf_prof_func *const *)a, *y = *(const rf_prof_func *const *)b;
    if (x->calls != y->calls) return x->calls < y->calls ? 1 : -1;
    return x < y ? -1 : 1;
}

static void put_share(rf_buffer *out, uint64_t native, uint64_t all)
{
    rf_buffer_format(out, " %5.1f %%", 100.0 * (double)native / (double)all);
}

/* Of every function that has native code, how many of its calls ran there from their beginning. */
static void put_native_calls(rf_console *console)
{
    const rf_profile *profile = console->profile;
    const rf_prof_func **funcs = rf_alloc_array(const rf_prof_func *, profile->funcs.count + 1);
    uint64_t native = 0, all = 0;
    size_t count = 0;
    for (uint32_t i = 1; i < profile->funcs.count; i++) {
        const rf_prof_func *func = &profile->funcs.data[i];
        const uint64_t calls = func->kind == RF_FUNC_SCRIPT ? rf_profile_native_calls(profile, i) : RF_PROF_UNKNOWN;
        if (calls == RF_PROF_UNKNOWN || func->calls == RF_PROF_UNKNOWN || (calls == 0 && func->calls <= 1)) continue;
        native += calls;
        all += func->calls;
        funcs[count++] = func;
    }
    if (native == 0) count = 0;
    if (count) qsort(funcs, count, sizeof *funcs, compare_calls);
    if (count) rf_buffer_append_text(console->out, "  CALLS THAT RAN AS NATIVE CODE                     calls      native\n");
    for (size_t i = 0; i < count && i < console->options.top; i++) {
        const uint32_t func = (uint32_t)(funcs[i] - profile->funcs.data);
        rf_buffer_append_text(console->out, "    ");
        rf_console_name_cell(console, 38, func, funcs[i]->line);
        rf_console_count_cell(console, 14, funcs[i]->calls);
        rf_buffer_append_text(console->out, "   ");
        put_share(console->out, rf_profile_native_calls(profile, func), funcs[i]->calls);
        rf_buffer_append_byte(console->out, '\n');
    }
    if (count > 1) {
        rf_buffer_format(console->out, "    %-38s", "all of them");
        rf_console_count_cell(console, 14, all);
        rf_buffer_append_text(console->out, "   ");
        put_share(console->out, native, all);
        rf_buffer_append_byte(console->out, '\n');
    }
    rf_free(funcs);
}

static bool is_shown(const rf_prof_jit_event *event)
{
    static const char *const kinds[] = {"compile", "load", "fail", "deopt", "invalidate", "blacklist", "absent"};
    for (size_t i = 0; i < RF_COUNT_OF(kinds); i++)
        if (strcmp(event->kind, kinds[i]) == 0) return true;
    return false;
}

static void put_event(rf_console *console, const rf_prof_jit_event *event)
{
    rf_buffer *out = console->out;
    rf_buffer_format(out, "  t=%.2f s  %-10s ", (double)event->at_ns * 1e-9, event->kind);
    rf_report_append_name(out, console->profile, event->func);
    if (event->line) rf_buffer_format(out, ":%u", event->line);
    if (event->duration_ns) {
        rf_buffer_append_text(out, "  ");
        rf_console_time(out, event->duration_ns);
    }
    if (event->code_bytes) {
        rf_buffer_append_text(out, "  ");
        rf_console_bytes(out, event->code_bytes);
    }
    if (event->optimisation) rf_buffer_format(out, "  -O%u", event->optimisation);
    if (event->reason) rf_buffer_format(out, "  %s", event->reason);
    if (event->expected) rf_buffer_format(out, "  guard \"%s\"", event->expected);
    if (event->seen) rf_buffer_format(out, " saw %s", event->seen);
    if (event->lost_ns) {
        rf_buffer_append_text(out, "   cost ");
        rf_console_time(out, event->lost_ns);
        rf_buffer_append_text(out, " in slower code");
    }
    rf_buffer_append_byte(out, '\n');
}

static int compare_loss(const void *a, const void *b)
{
    const rf_prof_jit_event *x = *(const rf_prof_jit_event *const *)a, *y = *(const rf_prof_jit_event *const *)b;
    if (x->lost_ns != y->lost_ns) return x->lost_ns < y->lost_ns ? 1 : -1;
    return x < y ? -1 : 1;
}

/* Those that cost most come first, then all others in their order. */
static void put_events(rf_console *console)
{
    const rf_profile *profile = console->profile;
    const rf_prof_jit_event **events = rf_alloc_array(const rf_prof_jit_event *, profile->jit_events.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < profile->jit_events.count; i++)
        if (is_shown(&profile->jit_events.data[i])) events[count++] = &profile->jit_events.data[i];
    qsort(events, count, sizeof *events, compare_loss);
    for (size_t i = 0; i < count && i < console->options.top; i++) put_event(console, events[i]);
    if (count > console->options.top) rf_buffer_format(console->out, "  ... %zu more events\n", count - console->options.top);
    rf_free(events);
}

static void put_refusals(rf_console *console)
{
    const rf_profile *profile = console->profile;
    for (size_t i = 0; i < profile->refusals.count && i < console->options.top; i++) {
        const rf_prof_refusal *refusal = &profile->refusals.data[i];
        if (i == 0) rf_buffer_append_text(console->out, "  HOT, NOT COMPILED\n");
        rf_buffer_append_text(console->out, "    ");
        rf_console_name_cell(console, 34, refusal->func, refusal->line);
        rf_buffer_format(console->out, " %s\n", refusal->reason);
    }
}

void rf_console_jit(rf_console *console)
{
    rf_console_section(console, "JIT", NULL);
    put_totals(console);
    put_native_calls(console);
    put_events(console);
    put_refusals(console);
    rf_console_end_section(console);
}
