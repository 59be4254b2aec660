/* speedscope's JSON: one "sampled" profile a measure, which its viewer offers as a choice. */
#include "report/writer.h"

#include "report/frame_name.h"
#include "report/json_writer.h"
#include "report/slice_order.h"

#include <string.h>

typedef uint64_t weight_of(const rf_prof_sample *sample);

static uint64_t cpu_weight(const rf_prof_sample *sample) { return sample->cpu_ns; }
static uint64_t wall_weight(const rf_prof_sample *sample) { return sample->wall_ns; }
static uint64_t alloc_weight(const rf_prof_sample *sample) { return sample->alloc_bytes; }

/* Frames are functions; where one is inlined it is a frame of its own: number 2 func, or 2 func + 1. */
static void append_frames(const rf_profile *profile, rf_buffer *out)
{
    rf_buffer label = RF_BUFFER_INIT;
    rf_json_key(out, "shared");
    rf_buffer_append_text(out, "{\"frames\":[");
    for (uint32_t func = 0; func < profile->funcs.count; func++) {
        const rf_prof_func *it = &profile->funcs.data[func];
        for (int is_inlined = 0; is_inlined < 2; is_inlined++) {
            rf_buffer_clear(&label);
            rf_report_append_name(&label, profile, func);
            if (is_inlined) rf_buffer_append_text(&label, " (inlined)");
            rf_json_comma(out);
            rf_buffer_append_byte(out, '{');
            rf_json_string(out, "name", label.data);
            if (it->file) {
                rf_json_string(out, "file", profile->files.data[it->file].path);
                if (it->line) rf_json_count(out, "line", it->line);
            }
            rf_buffer_append_byte(out, '}');
        }
        rf_buffer_append_byte(out, '\n');
        if (func + 1 < profile->funcs.count) rf_buffer_append_byte(out, ',');
    }
    rf_buffer_append_text(out, "]}");
    rf_buffer_release(&label);
}

static void append_samples(const rf_profile *profile, rf_buffer *out, const char *name, const char *unit, weight_of *weigh)
{
    size_t count;
    uint32_t *order = rf_report_order_samples(profile, &count);
    uint32_t *frames = rf_alloc_array(uint32_t, rf_report_max_depth(profile) + 1);
    rf_buffer weights = RF_BUFFER_INIT;
    uint64_t sum = 0;
    rf_buffer_append_text(out, "{\"type\":\"sampled\"");
    rf_json_string(out, "name", name);
    rf_json_string(out, "unit", unit);
    rf_buffer_append_text(out, ",\"startValue\":0,\"samples\":[");
    for (size_t i = 0; i < count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[order[i]];
        if (!weigh(sample)) continue;
        const uint32_t depth = profile->stacks.data[sample->stack].depth;
        rf_report_stack_frames(profile, sample->stack, frames);
        rf_json_comma(out);
        rf_buffer_append_byte(out, '[');
        for (uint32_t at = 0; at < depth; at++) {
            const rf_prof_frame *frame = &profile->frames.data[frames[at]];
            rf_buffer_format(out, "%s%u", at ? "," : "", frame->func * 2 + (frame->tier == RF_TIER_INLINED));
        }
        if (!depth) rf_buffer_append_byte(out, '0');
        rf_buffer_append_byte(out, ']');
        rf_buffer_format(&weights, "%s%llu", weights.size ? "," : "", (unsigned long long)weigh(sample));
        sum += weigh(sample);
    }
    rf_buffer_format(out, "],\"weights\":[%s]", weights.size ? weights.data : "");
    rf_json_count(out, "endValue", sum);
    rf_buffer_append_byte(out, '}');
    rf_buffer_release(&weights);
    rf_free(frames);
    rf_free(order);
}

/* Exact sites, each below its function: what was alive when the program was largest. */
static void append_live_at_peak(const rf_profile *profile, rf_buffer *out)
{
    rf_buffer weights = RF_BUFFER_INIT;
    uint64_t sum = 0;
    rf_buffer_append_text(out, ",{\"type\":\"sampled\",\"name\":\"live at peak\",\"unit\":\"bytes\",\"startValue\":0,\"samples\":[");
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        if (!site->peak_live_bytes) continue;
        rf_json_comma(out);
        rf_buffer_format(out, "[%u]", site->func * 2);
        rf_buffer_format(&weights, "%s%llu", weights.size ? "," : "", (unsigned long long)site->peak_live_bytes);
        sum += site->peak_live_bytes;
    }
    rf_buffer_format(out, "],\"weights\":[%s]", weights.size ? weights.data : "");
    rf_json_count(out, "endValue", sum);
    rf_buffer_append_byte(out, '}');
    rf_buffer_release(&weights);
}

void rf_report_speedscope(const rf_profile *profile, rf_buffer *out)
{
    uint64_t alloc_bytes = 0;
    for (size_t i = 1; i < profile->samples.count; i++) alloc_bytes += profile->samples.data[i].alloc_bytes;
    rf_buffer_append_text(out, "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\"");
    rf_json_string(out, "name", profile->run.script ? profile->run.script : "profile");
    rf_json_string(out, "exporter", "ruff profile");
    rf_json_count(out, "activeProfileIndex", 0);
    append_frames(profile, out);
    rf_json_key(out, "profiles");
    rf_buffer_append_byte(out, '[');
    append_samples(profile, out, "cpu", "nanoseconds", cpu_weight);
    rf_buffer_append_byte(out, ',');
    append_samples(profile, out, "wall", "nanoseconds", wall_weight);
    if (alloc_bytes) {
        rf_buffer_append_byte(out, ',');
        append_samples(profile, out, "allocated", "bytes", alloc_weight);
    }
    if (profile->run.has_memory) append_live_at_peak(profile, out);
    rf_buffer_append_text(out, "]}\n");
}
