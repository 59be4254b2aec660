/* V8's .cpuprofile, which browsers' developer tools and editors open.  A sample lasts until the next one, so each group of
 * samples becomes one that lasts as long as all of them together. */
#include "report/writer.h"

#include "report/call_tree.h"
#include "report/json_writer.h"
#include "report/frame_name.h"
#include "report/slice_order.h"

#include <string.h>

typedef struct line_ticks {
    uint32_t line, next; /* next: entry + 1 of the same node */
    uint64_t ticks;
} line_ticks;

typedef struct tick_lists {
    RF_VECTOR(line_ticks) entries;
    uint32_t *of_node; /* first entry + 1 */
} tick_lists;

static void collect_lines(tick_lists *lists, const rf_profile *profile, const rf_call_tree *tree)
{
    lists->of_node = rf_alloc_array_zero(uint32_t, tree->nodes.count);
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        const rf_prof_frame *frame = &profile->frames.data[profile->stacks.data[sample->stack].frame];
        uint32_t *link = &lists->of_node[tree->of_stack[sample->stack]];
        if (!frame->line || !sample->ticks || frame->tier == RF_TIER_PROFILER) continue;
        while (*link && lists->entries.data[*link - 1].line != frame->line) link = &lists->entries.data[*link - 1].next;
        if (*link) {
            lists->entries.data[*link - 1].ticks += sample->ticks;
            continue;
        }
        *link = (uint32_t)lists->entries.count + 1; /* before the vector moves */
        const line_ticks entry = {frame->line, 0, sample->ticks};
        rf_vector_push(&lists->entries, entry);
    }
}

static void append_node(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, uint32_t number,
                        const tick_lists *lists, rf_buffer *name)
{
    const rf_call_node *node = &tree->nodes.data[number];
    const rf_prof_func *func = &profile->funcs.data[node->func];
    rf_buffer_clear(name);
    if (number)
        rf_report_append_name(name, profile, node->func);
    else
        rf_buffer_append_text(name, "(root)");
    rf_json_comma(out);
    rf_buffer_append_byte(out, '{');
    rf_json_count(out, "id", number + 1u);
    rf_json_key(out, "callFrame");
    rf_buffer_append_byte(out, '{');
    rf_json_string(out, "functionName", name->data);
    rf_buffer_format(out, ",\"scriptId\":\"%u\"", func->file);
    rf_json_string(out, "url", profile->files.data[func->file].path);
    rf_buffer_format(out, ",\"lineNumber\":%d,\"columnNumber\":-1}", (int)func->line - 1); /* from 0 */
    rf_json_count(out, "hitCount", node->self_ticks);
    rf_json_key(out, "children");
    rf_buffer_append_byte(out, '[');
    for (uint32_t child = node->first_child; child; child = tree->nodes.data[child].next_sibling) {
        rf_json_comma(out);
        rf_buffer_format(out, "%u", child + 1);
    }
    rf_buffer_append_byte(out, ']');
    if (lists->of_node[number]) {
        rf_json_key(out, "positionTicks");
        rf_buffer_append_byte(out, '[');
        for (uint32_t at = lists->of_node[number]; at; at = lists->entries.data[at - 1].next) {
            const line_ticks *entry = &lists->entries.data[at - 1];
            rf_json_comma(out);
            rf_buffer_format(out, "{\"line\":%u,\"ticks\":%llu}", entry->line, (unsigned long long)entry->ticks);
        }
        rf_buffer_append_byte(out, ']');
    }
    rf_buffer_append_text(out, "}\n");
}

/* Samples and how long the one before each lasted, in microseconds without rounding away the sum. */
static uint64_t append_samples(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree)
{
    size_t count;
    uint32_t *order = rf_report_order_samples(profile, &count);
    rf_buffer deltas = RF_BUFFER_INIT;
    uint64_t sum_ns = 0, written_us = 0;
    rf_json_key(out, "samples");
    rf_buffer_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[order[i]];
        rf_buffer_format(out, "%s%u", i ? "," : "", tree->of_stack[sample->stack] + 1);
        rf_buffer_format(&deltas, "%s%llu", i ? "," : "", (unsigned long long)(sum_ns / 1000 - written_us));
        written_us = sum_ns / 1000;
        sum_ns += sample->wall_ns ? sample->wall_ns : sample->cpu_ns;
    }
    rf_buffer_format(out, "],\"timeDeltas\":[%s]", deltas.size ? deltas.data : "");
    rf_buffer_release(&deltas);
    rf_free(order);
    return sum_ns / 1000;
}

void rf_report_cpuprofile(const rf_profile *profile, rf_buffer *out)
{
    rf_call_tree tree;
    tick_lists lists = {0};
    rf_buffer name = RF_BUFFER_INIT;
    rf_call_tree_init(&tree, profile);
    collect_lines(&lists, profile, &tree);
    rf_buffer_append_text(out, "{\"nodes\":[");
    for (uint32_t i = 0; i < tree.nodes.count; i++) append_node(out, profile, &tree, i, &lists, &name);
    rf_buffer_append_byte(out, ']');
    rf_json_count(out, "startTime", 0);
    const uint64_t end_us = append_samples(out, profile, &tree);
    rf_json_count(out, "endTime", end_us);
    rf_buffer_append_text(out, "}\n");
    rf_vector_release(&lists.entries);
    rf_free(lists.of_node);
    rf_buffer_release(&name);
    rf_call_tree_release(&tree);
}
