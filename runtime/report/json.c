/* The report as JSON: the same numbers as the console report, all rows, fixed keys; what nobody counted is null. */
#include "report/advice.h"
#include "report/console.h"
#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/summary.h"

static void put_time(rf_buffer *out, const char *key, const rf_report_time *time)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '{');
    rf_json_count(out, "ticks", time->ticks);
    rf_json_count(out, "cpu_ns", time->cpu_ns);
    rf_json_count(out, "wall_ns", time->wall_ns);
    rf_buffer_append_byte(out, '}');
}

static void put_share(rf_buffer *out, const rf_report_summary *summary, const rf_report_time *time)
{
    double low, high;
    rf_report_interval((double)time->ticks, (double)summary->all.ticks, &low, &high);
    rf_json_number(out, "share", rf_report_share(summary, time->cpu_ns));
    rf_json_number(out, "low", low);
    rf_json_number(out, "high", high);
}

static void put_tiers(rf_buffer *out, const uint64_t *tier_ns)
{
    rf_json_key(out, "tiers");
    rf_buffer_append_byte(out, '{');
    for (int i = 0; i < RF_TIER_COUNT; i++)
        if (tier_ns[i]) rf_json_count(out, rf_prof_tiers[i].tag, tier_ns[i]);
    rf_buffer_append_byte(out, '}');
}

static void put_place(rf_buffer *out, const rf_profile *profile, uint32_t func, uint32_t line)
{
    const rf_prof_func *it = &profile->funcs.data[func];
    rf_buffer name = RF_BUFFER_INIT;
    rf_report_append_name(&name, profile, func);
    rf_json_string(out, "function", name.data);
    rf_json_string(out, "file", it->file ? profile->files.data[it->file].path : NULL);
    rf_json_count(out, "line", line ? line : RF_PROF_UNKNOWN);
    rf_buffer_release(&name);
}

static void open_list(rf_buffer *out, const char *key)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '[');
}

static void open_item(rf_buffer *out)
{
    rf_json_comma(out);
    rf_buffer_append_text(out, "\n{");
}

static void put_run(rf_buffer *out, const rf_profile *profile)
{
    const rf_prof_run *run = &profile->run;
    rf_json_key(out, "run");
    rf_buffer_append_byte(out, '{');
    rf_json_string(out, "script", run->script);
    rf_json_string(out, "arguments", run->arguments);
    rf_json_string(out, "engine", run->engine);
    rf_json_string(out, "version", run->version);
    rf_json_count(out, "wall_ns", run->wall_ns);
    rf_json_count(out, "cpu_ns", run->cpu_ns);
    rf_json_number(out, "exit_status", run->exit_status);
    rf_json_bool(out, "was_interrupted", run->was_interrupted);
    rf_json_bool(out, "has_cpu", run->has_cpu);
    rf_json_bool(out, "has_memory", run->has_memory);
    rf_json_bool(out, "has_jit", run->has_jit);
    rf_json_string(out, "mechanism", run->mechanism);
    rf_json_number(out, "asked_hz", run->asked_hz);
    rf_json_number(out, "got_hz", run->got_hz);
    rf_json_count(out, "ticks", run->ticks);
    rf_json_count(out, "lost_ticks", run->lost_ticks);
    rf_json_count(out, "own_cost_ns", run->own_cost_ns);
    rf_json_count(out, "threads", run->threads);
    rf_json_count(out, "allowed_cores", run->allowed_cores);
    rf_buffer_append_byte(out, '}');
}

static void put_cpu(rf_buffer *out, const rf_profile *profile, const rf_report_summary *summary)
{
    put_time(out, "all", &summary->all);
    put_tiers(out, summary->tier_ns);
    open_list(out, "functions");
    for (size_t i = 0; i < summary->funcs.count; i++) {
        const rf_report_func_row *row = &summary->funcs.data[i];
        open_item(out);
        put_place(out, profile, row->func, profile->funcs.data[row->func].line);
        put_time(out, "self", &row->self);
        put_time(out, "own", &row->own);
        put_time(out, "total", &row->total);
        put_share(out, summary, &row->self);
        put_tiers(out, row->tier_ns);
        rf_json_count(out, "calls", profile->funcs.data[row->func].calls);
        rf_json_count(out, "native_calls", rf_profile_native_calls(profile, row->func));
        rf_json_count(out, "instructions", profile->funcs.data[row->func].instructions);
        rf_json_count(out, "allocs", row->allocs);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    open_list(out, "lines");
    for (size_t i = 0; i < summary->lines.count; i++) {
        const rf_report_line_row *row = &summary->lines.data[i];
        open_item(out);
        put_place(out, profile, row->func, row->line);
        put_time(out, "own", &row->own);
        put_time(out, "total", &row->total);
        put_share(out, summary, &row->own);
        put_tiers(out, row->tier_ns);
        rf_json_count(out, "hits", row->hits);
        rf_json_count(out, "instructions", row->instructions);
        rf_json_count(out, "allocs", row->allocs);
        rf_json_count(out, "alloc_bytes", row->alloc_bytes);
        rf_json_count(out, "copies", row->copies);
        rf_json_count(out, "copy_bytes", row->copy_bytes);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
}

static void put_tasks(rf_buffer *out, const rf_profile *profile)
{
    rf_report_time *times = rf_report_label_times(profile);
    open_list(out, "tasks");
    for (size_t i = 0; i < profile->labels.count; i++) {
        if (!times[i].ticks) continue;
        open_item(out);
        rf_json_string(out, "task", i ? profile->labels.data[i] : "main");
        put_time(out, "own", &times[i]);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    rf_free(times);
}

/* Tiers: processor time in a slice, waiting in wall time. */
static void put_timeline(rf_buffer *out, const rf_profile *profile)
{
    open_list(out, "timeline");
    for (size_t i = 0; i < profile->slices.count; i++) {
        const rf_prof_slice *slice = &profile->slices.data[i];
        open_item(out);
        rf_json_count(out, "start_ns", slice->start_ns);
        rf_json_count(out, "length_ns", slice->length_ns);
        rf_json_count(out, "live_bytes", slice->live_bytes);
        rf_json_count(out, "resident_bytes", slice->resident_bytes);
        put_tiers(out, slice->tier_ns);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
}

static void put_memory(rf_buffer *out, const rf_profile *profile)
{
    const rf_prof_run *run = &profile->run;
    rf_json_count(out, "allocs", run->allocs);
    rf_json_count(out, "frees", run->frees);
    rf_json_count(out, "peak_live_bytes", run->peak_live_bytes);
    rf_json_count(out, "peak_at_ns", run->peak_at_ns);
    rf_json_count(out, "exit_live_bytes", run->exit_live_bytes);
    rf_json_count(out, "peak_resident_bytes", run->peak_resident_bytes);
    open_list(out, "sites");
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        open_item(out);
        put_place(out, profile, site->func, site->line);
        rf_json_string(out, "type", site->type);
        rf_json_count(out, "allocs", site->allocs);
        rf_json_count(out, "bytes", site->bytes);
        rf_json_count(out, "frees", site->frees);
        rf_json_count(out, "freed_bytes", site->freed_bytes);
        rf_json_count(out, "peak_live_bytes", site->peak_live_bytes);
        rf_json_count(out, "temporaries", site->temporaries);
        rf_json_count(out, "growths", site->growths);
        rf_json_count(out, "growth_from", site->growths ? site->growth_from : RF_PROF_UNKNOWN);
        rf_json_count(out, "growth_to", site->growths ? site->growth_to : RF_PROF_UNKNOWN);
        rf_json_count(out, "copies", site->copies);
        rf_json_count(out, "copy_bytes", site->copy_bytes);
        rf_json_count(out, "shared_line", site->shared_line ? site->shared_line : RF_PROF_UNKNOWN);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    open_list(out, "leaks");
    for (size_t i = 0; i < profile->leaks.count; i++) {
        static const char *const verdicts[] = {"unreachable", "native", "reachable", "growing"};
        const rf_prof_leak *leak = &profile->leaks.data[i];
        open_item(out);
        rf_json_string(out, "verdict", verdicts[leak->verdict]);
        put_place(out, profile, leak->func, leak->line);
        rf_json_string(out, "type", leak->type);
        rf_json_count(out, "count", leak->count);
        rf_json_count(out, "bytes", leak->bytes);
        rf_json_count(out, "retained_bytes", leak->retained_bytes);
        rf_json_string(out, "path", leak->path);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
}

static void put_jit(rf_buffer *out, const rf_profile *profile)
{
    open_list(out, "events");
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *event = &profile->jit_events.data[i];
        open_item(out);
        rf_json_count(out, "at_ns", event->at_ns);
        rf_json_string(out, "kind", event->kind);
        put_place(out, profile, event->func, event->line);
        rf_json_count(out, "duration_ns", event->duration_ns);
        rf_json_count(out, "code_bytes", event->code_bytes);
        rf_json_string(out, "reason", event->reason);
        rf_json_string(out, "expected", event->expected);
        rf_json_string(out, "seen", event->seen);
        rf_json_count(out, "lost_ns", event->lost_ns);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    open_list(out, "guards");
    for (size_t i = 0; i < profile->guards.count; i++) {
        open_item(out);
        put_place(out, profile, profile->guards.data[i].func, profile->guards.data[i].line);
        rf_json_string(out, "expectation", profile->guards.data[i].expectation);
        rf_json_count(out, "passed", profile->guards.data[i].passed);
        rf_json_count(out, "failed", profile->guards.data[i].failed);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    open_list(out, "not_compiled");
    for (size_t i = 0; i < profile->refusals.count; i++) {
        open_item(out);
        put_place(out, profile, profile->refusals.data[i].func, profile->refusals.data[i].line);
        rf_json_string(out, "reason", profile->refusals.data[i].reason);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
}

static void put_advice(rf_buffer *out, const rf_profile *profile, const rf_report_summary *summary)
{
    rf_report_advice advice;
    rf_report_advice_init(&advice, profile, summary);
    open_list(out, "next");
    for (size_t i = 0; i < advice.items.count; i++) {
        open_item(out);
        rf_json_string(out, "advice", advice.items.data[i].text);
        rf_json_number(out, "gain", advice.items.data[i].gain);
        rf_buffer_append_byte(out, '}');
    }
    rf_buffer_append_byte(out, ']');
    rf_report_advice_release(&advice);
}

static void open_part(rf_buffer *out, const char *key)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '{');
}

void rf_report_json(const rf_profile *profile, rf_buffer *out)
{
    rf_report_summary summary;
    rf_report_summary_init(&summary, profile);
    rf_buffer_append_byte(out, '{');
    rf_json_count(out, "schema_version", 1);
    put_run(out, profile);
    if (profile->run.has_cpu) {
        open_part(out, "cpu");
        put_cpu(out, profile, &summary);
        put_tasks(out, profile);
        rf_buffer_append_byte(out, '}');
    }
    if (profile->run.has_memory) {
        open_part(out, "memory");
        put_memory(out, profile);
        rf_buffer_append_byte(out, '}');
    }
    if (profile->run.has_jit) {
        open_part(out, "jit");
        put_jit(out, profile);
        rf_buffer_append_byte(out, '}');
    }
    put_timeline(out, profile);
    open_part(out, "counters");
    for (size_t i = 0; i < profile->counters.count; i++)
        rf_json_count(out, profile->counters.data[i].name, profile->counters.data[i].value);
    rf_buffer_append_byte(out, '}');
    put_advice(out, profile, &summary);
    rf_buffer_append_text(out, "}\n");
    rf_report_summary_release(&summary);
}
