/* Folded stacks: `root;...;leaf MICROSECONDS`, sorted, for the usual flame-graph tools.
 *
 * One line a stack of functions; the lines executed within a function are summed.  Counts are whole microseconds of CPU
 * time; what rounding takes from one line it gives to the next, so that the sum is exact.  `;` and control characters in
 * names are written as \xNN.  Native code is marked _[j], callees inlined into it _[i]. */
#include "report/writer.h"

#include "report/frame_name.h"

#include <stdlib.h>
#include <string.h>

typedef struct line {
    char *text; /* owned */
    uint64_t cpu_ns;
} line;

typedef RF_VECTOR(line) line_list;

static void append_escaped(rf_buffer *out, const char *text)
{
    for (; *text; text++)
        if (*text == ';' || (unsigned char)*text < ' ' || *text == 0x7f)
            rf_buffer_format(out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            rf_buffer_append_byte(out, *text);
}

/* The stack's text, its callers' before it; texts holds what was made already, by stack. */
static const char *fold(const rf_profile *profile, uint32_t stack, char **texts)
{
    if (!stack) return "";
    /* Parents have smaller indexes, but recursion may be deep: build from the nearest known ancestor downward. */
    uint32_t *path = rf_alloc_array(uint32_t, profile->stacks.data[stack].depth);
    size_t depth = 0;
    uint32_t at = stack;
    for (; at && !texts[at]; at = profile->stacks.data[at].parent) path[depth++] = at;
    const char *above = at ? texts[at] : "";
    rf_buffer name = RF_BUFFER_INIT;
    while (depth) {
        const uint32_t next = path[--depth];
        const rf_prof_frame *frame = &profile->frames.data[profile->stacks.data[next].frame];
        rf_buffer text = RF_BUFFER_INIT;
        rf_buffer_append_text(&text, above);
        if (*above) rf_buffer_append_byte(&text, ';');
        rf_buffer_clear(&name);
        rf_report_append_label(&name, profile, frame->func);
        append_escaped(&text, name.data);
        if (frame->tier == RF_TIER_JIT) rf_buffer_append_text(&text, "_[j]");
        if (frame->tier == RF_TIER_INLINED) rf_buffer_append_text(&text, "_[i]");
        above = texts[next] = rf_buffer_take(&text);
    }
    rf_buffer_release(&name);
    rf_free(path);
    return above;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(((const line *)a)->text, ((const line *)b)->text);
}

void rf_report_folded(const rf_profile *profile, rf_buffer *out)
{
    char **texts = rf_alloc_array_zero(char *, profile->stacks.count);
    line_list lines = {0};
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        if (!sample->cpu_ns) continue;
        const char *text = sample->stack ? fold(profile, sample->stack, texts) : "(no stack) [runtime]";
        const line entry = {rf_strdup(text), sample->cpu_ns};
        rf_vector_push(&lines, entry);
    }
    if (lines.count) qsort(lines.data, lines.count, sizeof *lines.data, compare_lines);
    uint64_t rest_ns = 0;
    for (size_t i = 0; i < lines.count;) {
        size_t same = i;
        for (; same < lines.count && strcmp(lines.data[same].text, lines.data[i].text) == 0; same++)
            rest_ns += lines.data[same].cpu_ns;
        if (rest_ns >= 1000)
            rf_buffer_format(out, "%s %llu\n", lines.data[i].text, (unsigned long long)(rest_ns / 1000));
        rest_ns %= 1000;
        i = same;
    }
    for (size_t i = 0; i < lines.count; i++) rf_free(lines.data[i].text);
    rf_vector_release(&lines);
    for (size_t i = 0; i < profile->stacks.count; i++) rf_free(texts[i]);
    rf_free(texts);
}
