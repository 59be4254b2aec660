/* Firefox Profiler's processed format, version 57: columns instead of rows, everything by index.
 *
 * Samples within a time slice are spread over it in the order they were added.  Events of the JIT become markers, live
 * bytes a counter.  Newer front ends upgrade the file when they load it. */
#include "report/writer.h"

#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/slice_order.h"

#include <string.h>



typedef void cell_writer(rf_buffer *out, const rf_profile *profile, uint32_t row);

/* "key":[cell, cell ...] */
static void append_column(rf_buffer *out, const char *key, const rf_profile *profile, uint32_t first, size_t end, cell_writer *write)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '[');
    for (uint32_t row = first; row < end; row++) {
        rf_json_comma(out);
        write(out, profile, row);
    }
    rf_buffer_append_byte(out, ']');
}

static void append_same(rf_buffer *out, const char *key, size_t count, const char *text)
{
    rf_json_key(out, key);
    rf_buffer_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) rf_buffer_format(out, "%s%s", i ? "," : "", text);
    rf_buffer_append_byte(out, ']');
}

static void append_categories(rf_buffer *out)
{
    static const char *const colors[] = {"yellow", "green", "blue", "purple", "orange", "red", "magenta", "grey"};
    rf_json_key(out, "categories");
    rf_buffer_append_text(out, "[{\"name\":\"Other\",\"color\":\"grey\",\"subcategories\":[\"Other\"]}");
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        rf_buffer_format(out, ",{\"name\":\"%s\",\"color\":\"%s\",\"subcategories\":[\"Other\"]}", rf_prof_tiers[tier].tag,
                         rf_prof_tiers[tier].is_wait ? "transparent" : colors[(size_t)tier % RF_COUNT_OF(colors)]);
    rf_buffer_append_byte(out, ']');
}

static void append_meta(rf_buffer *out, const rf_profile *profile)
{
    const rf_prof_run *run = &profile->run;
    rf_json_key(out, "meta");
    rf_buffer_append_byte(out, '{');
    rf_json_number(out, "interval", run->asked_hz > 0 ? 1000 / run->asked_hz : 1);
    rf_json_number(out, "startTime", (double)run->started_unix * 1000);
    rf_buffer_append_text(out, ",\"processType\":0,\"stackwalk\":0,\"version\":32,\"preprocessedProfileVersion\":57,"
                               "\"symbolicated\":true,\"debug\":false,\"extensions\":{\"id\":[],\"name\":[],\"baseURL\":[],\"length\":0}");
    rf_json_string(out, "product", "ruff");
    rf_json_string(out, "importedFrom", "ruff profile");
    rf_json_string(out, "platform", run->kernel ? run->kernel : "");
    rf_json_string(out, "oscpu", run->cpu ? run->cpu : "");
    rf_json_string(out, "misc", run->version ? run->version : "");
    rf_json_string(out, "abi", "");
    rf_json_string(out, "toolkit", "");
    append_categories(out);
    rf_buffer_append_text(
        out, ",\"sampleUnits\":{\"time\":\"ms\",\"eventDelay\":\"ms\",\"threadCPUDelta\":\"\xc2\xb5s\"},\"markerSchema\":[{"
             "\"name\":\"JIT\",\"display\":[\"marker-chart\",\"marker-table\",\"timeline-overview\"],"
             "\"tooltipLabel\":\"{marker.data.event} {marker.data.function}\",\"tableLabel\":\"{marker.data.event} "
             "{marker.data.function} {marker.data.reason}\",\"chartLabel\":\"{marker.data.function}\",\"fields\":["
             "{\"key\":\"event\",\"label\":\"Event\",\"format\":\"string\"},"
             "{\"key\":\"function\",\"label\":\"Function\",\"format\":\"string\"},"
             "{\"key\":\"reason\",\"label\":\"Reason\",\"format\":\"string\"},"
             "{\"key\":\"expected\",\"label\":\"Expected\",\"format\":\"string\"},"
             "{\"key\":\"seen\",\"label\":\"Seen\",\"format\":\"string\"}]}]}");
}

/* ---- tables: frames, functions and stacks keep the numbers of the profile, stacks start at 0 for its 1 ---- */

static void cell_stack_frame(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_format(out, "%u", profile->stacks.data[row].frame);
}
static void cell_stack_prefix(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    const uint32_t parent = profile->stacks.data[row].parent;
    if (parent)
        rf_buffer_format(out, "%u", parent - 1);
    else
        rf_buffer_append_text(out, "null");
}
static void cell_frame_func(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_format(out, "%u", profile->frames.data[row].func);
}
static void cell_frame_depth(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_append_byte(out, profile->frames.data[row].tier == RF_TIER_INLINED ? '1' : '0');
}
static void cell_frame_category(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_format(out, "%d", 1 + profile->frames.data[row].tier);
}
static void cell_frame_line(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    if (profile->frames.data[row].line)
        rf_buffer_format(out, "%u", profile->frames.data[row].line);
    else
        rf_buffer_append_text(out, "null");
}
/* Strings: 0 is the name of markers, then the functions' names, then the files' paths. */
static void cell_func_name(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    (void)profile;
    rf_buffer_format(out, "%u", 1 + row);
}
static void cell_func_is_script(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_append_text(out, profile->funcs.data[row].kind == RF_FUNC_SCRIPT ? "true" : "false");
}
static void cell_func_file(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    if (profile->funcs.data[row].file)
        rf_buffer_format(out, "%zu", 1 + profile->funcs.count + profile->funcs.data[row].file);
    else
        rf_buffer_append_text(out, "null");
}
static void cell_func_line(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    if (profile->funcs.data[row].line)
        rf_buffer_format(out, "%u", profile->funcs.data[row].line);
    else
        rf_buffer_append_text(out, "null");
}

static void append_strings(rf_buffer *out, const rf_profile *profile)
{
    rf_buffer name = RF_BUFFER_INIT;
    rf_json_key(out, "shared");
    rf_buffer_append_text(out, "{\"stringArray\":[\"JIT\"");
    for (uint32_t i = 0; i < profile->funcs.count; i++) {
        rf_buffer_clear(&name);
        rf_report_append_name(&name, profile, i);
        rf_json_comma(out);
        rf_json_text(out, name.data);
    }
    for (uint32_t i = 0; i < profile->files.count; i++) {
        rf_json_comma(out);
        rf_json_text(out, profile->files.data[i].path);
    }
    rf_buffer_append_text(out, "],\"sources\":{\"length\":0,\"uuid\":[],\"filename\":[]}}");
    rf_buffer_release(&name);
}

static void append_tables(rf_buffer *out, const rf_profile *profile)
{
    const size_t stacks = profile->stacks.count, frames = profile->frames.count, funcs = profile->funcs.count;
    rf_json_key(out, "stackTable");
    rf_buffer_append_byte(out, '{');
    append_column(out, "frame", profile, 1, stacks, cell_stack_frame);
    append_column(out, "prefix", profile, 1, stacks, cell_stack_prefix);
    rf_json_count(out, "length", stacks - 1);
    rf_buffer_append_text(out, "},\"frameTable\":{");
    append_same(out, "address", frames, "-1");
    append_column(out, "inlineDepth", profile, 0, frames, cell_frame_depth);
    append_column(out, "category", profile, 0, frames, cell_frame_category);
    append_same(out, "subcategory", frames, "0");
    append_column(out, "func", profile, 0, frames, cell_frame_func);
    append_same(out, "nativeSymbol", frames, "null");
    append_same(out, "innerWindowID", frames, "null");
    append_column(out, "line", profile, 0, frames, cell_frame_line);
    append_same(out, "column", frames, "null");
    rf_json_count(out, "length", frames);
    rf_buffer_append_text(out, "},\"funcTable\":{");
    append_column(out, "name", profile, 0, funcs, cell_func_name);
    append_column(out, "isJS", profile, 0, funcs, cell_func_is_script);
    append_same(out, "relevantForJS", funcs, "false");
    append_same(out, "resource", funcs, "-1");
    append_column(out, "fileName", profile, 0, funcs, cell_func_file);
    append_column(out, "lineNumber", profile, 0, funcs, cell_func_line);
    append_same(out, "columnNumber", funcs, "null");
    rf_json_count(out, "length", funcs);
    rf_buffer_append_text(out, "},\"resourceTable\":{\"lib\":[],\"name\":[],\"host\":[],\"type\":[],\"length\":0},\"nativeSymbols\":"
                               "{\"libIndex\":[],\"address\":[],\"name\":[],\"functionSize\":[],\"length\":0}");
}

typedef struct columns {
    rf_buffer stack, time, cpu, weight;
    size_t count;
} columns;

static void append_sample(columns *to, const rf_prof_sample *sample, double at_ms)
{
    const char *comma = to->count++ ? "," : "";
    if (sample->stack)
        rf_buffer_format(&to->stack, "%s%u", comma, sample->stack - 1);
    else
        rf_buffer_format(&to->stack, "%snull", comma);
    rf_buffer_format(&to->time, "%s%.3f", comma, at_ms);
    rf_buffer_format(&to->cpu, "%s%llu", comma, (unsigned long long)(sample->cpu_ns / 1000));
    rf_buffer_format(&to->weight, "%s%llu", comma, (unsigned long long)sample->ticks);
}

static void append_samples(rf_buffer *out, const rf_profile *profile, uint32_t thread, const uint32_t *order, size_t count)
{
    columns to = {0};
    double at_ms = 0;
    uint32_t slice = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[order[i]];
        if (sample->thread != thread) continue;
        if (sample->slice != slice && sample->slice < profile->slices.count) {
            slice = sample->slice;
            if (at_ms < (double)profile->slices.data[slice].start_ns / 1e6) at_ms = (double)profile->slices.data[slice].start_ns / 1e6;
        }
        append_sample(&to, sample, at_ms);
        at_ms += (double)(sample->wall_ns ? sample->wall_ns : sample->cpu_ns) / 1e6;
    }
    rf_json_key(out, "samples");
    rf_buffer_format(out, "{\"stack\":[%s],\"time\":[%s],\"threadCPUDelta\":[%s],\"weight\":[%s],\"weightType\":\"samples\"",
                     to.count ? to.stack.data : "", to.count ? to.time.data : "", to.count ? to.cpu.data : "",
                     to.count ? to.weight.data : "");
    append_same(out, "eventDelay", to.count, "0");
    rf_json_count(out, "length", to.count);
    rf_buffer_append_byte(out, '}');
    rf_buffer_release(&to.stack);
    rf_buffer_release(&to.time);
    rf_buffer_release(&to.cpu);
    rf_buffer_release(&to.weight);
}

static void cell_event_data(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    const rf_prof_jit_event *event = &profile->jit_events.data[row];
    rf_buffer_append_text(out, "{\"type\":\"JIT\"");
    rf_json_string(out, "event", event->kind);
    rf_json_string(out, "function", profile->funcs.data[event->func].name);
    if (event->reason) rf_json_string(out, "reason", event->reason);
    if (event->expected) rf_json_string(out, "expected", event->expected);
    if (event->seen) rf_json_string(out, "seen", event->seen);
    rf_buffer_append_byte(out, '}');
}
static void cell_event_start(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    const rf_prof_jit_event *event = &profile->jit_events.data[row]; /* noted at its end */
    rf_buffer_format(out, "%.3f", (double)(event->at_ns > event->duration_ns ? event->at_ns - event->duration_ns : 0) / 1e6);
}
static void cell_event_end(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    const rf_prof_jit_event *event = &profile->jit_events.data[row];
    if (event->duration_ns)
        rf_buffer_format(out, "%.3f", (double)event->at_ns / 1e6);
    else
        rf_buffer_append_text(out, "null");
}
static void cell_event_phase(rf_buffer *out, const rf_profile *profile, uint32_t row)
{
    rf_buffer_append_byte(out, profile->jit_events.data[row].duration_ns ? '1' : '0'); /* interval or instant */
}

static void append_markers(rf_buffer *out, const rf_profile *profile, bool has_events)
{
    const size_t count = has_events ? profile->jit_events.count : 0;
    rf_json_key(out, "markers");
    rf_buffer_append_byte(out, '{');
    append_column(out, "data", profile, 0, count, cell_event_data);
    append_same(out, "name", count, "0");
    append_column(out, "startTime", profile, 0, count, cell_event_start);
    append_column(out, "endTime", profile, 0, count, cell_event_end);
    append_column(out, "phase", profile, 0, count, cell_event_phase);
    append_same(out, "category", count, "0");
    rf_json_count(out, "length", count);
    rf_buffer_append_byte(out, '}');
}

static void append_counters(rf_buffer *out, const rf_profile *profile)
{
    rf_json_key(out, "counters");
    rf_buffer_append_byte(out, '[');
    if (profile->run.has_memory && profile->slices.count) {
        rf_buffer_append_text(out, "{\"name\":\"live bytes\",\"category\":\"Memory\",\"description\":\"bytes of script values\","
                                   "\"pid\":\"1\",\"mainThreadIndex\":0,\"samples\":{\"time\":[");
        for (size_t i = 0; i < profile->slices.count; i++)
            rf_buffer_format(out, "%s%.3f", i ? "," : "", (double)profile->slices.data[i].start_ns / 1e6);
        rf_buffer_append_text(out, "],\"count\":["); /* differences */
        uint64_t before = 0;
        for (size_t i = 0; i < profile->slices.count; i++) {
            const uint64_t live = profile->slices.data[i].live_bytes;
            rf_buffer_format(out, "%s%lld", i ? "," : "", (long long)(live - before));
            before = live;
        }
        rf_buffer_format(out, "],\"length\":%zu}}", profile->slices.count);
    }
    rf_buffer_append_byte(out, ']');
}

static void append_thread(rf_buffer *out, const rf_profile *profile, uint32_t thread, const uint32_t *order, size_t count)
{
    rf_json_comma(out);
    rf_buffer_append_byte(out, '{');
    char *name = thread ? rf_format_text("worker %u", thread) : rf_strdup("main");
    rf_json_string(out, "name", name);
    rf_free(name);
    rf_json_bool(out, "isMainThread", thread == 0);
    rf_buffer_format(out, ",\"pid\":\"1\",\"tid\":%u,\"processType\":\"default\"", thread + 1);
    rf_json_string(out, "processName", profile->run.script ? profile->run.script : "ruff");
    rf_buffer_append_text(out, ",\"processStartupTime\":0,\"processShutdownTime\":null,\"registerTime\":0,\"unregisterTime\":null,"
                               "\"pausedRanges\":[]");
    append_samples(out, profile, thread, order, count);
    append_tables(out, profile);
    append_markers(out, profile, thread == 0);
    rf_buffer_append_text(out, "}\n");
}

void rf_report_firefox(const rf_profile *profile, rf_buffer *out)
{
    size_t count;
    uint32_t *order = rf_report_order_samples(profile, &count), threads = 0;
    for (size_t i = 0; i < count; i++)
        if (profile->samples.data[order[i]].thread > threads) threads = profile->samples.data[order[i]].thread;
    rf_buffer_append_byte(out, '{');
    append_meta(out, profile);
    rf_buffer_append_text(out, ",\"libs\":[],\"pages\":[]");
    append_counters(out, profile);
    append_strings(out, profile);
    rf_json_key(out, "threads");
    rf_buffer_append_byte(out, '[');
    for (uint32_t thread = 0; thread <= threads; thread++) append_thread(out, profile, thread, order, count);
    rf_buffer_append_text(out, "]}\n");
    rf_free(order);
}
