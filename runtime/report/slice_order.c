#include "report/slice_order.h"

#include <stdlib.h>

typedef struct timed {
    uint32_t slice, sample;
} timed;

static int compare_timed(const void *a, const void *b)
{
    const timed *x = a, *y = b;
    if (x->slice != y->slice) return x->slice < y->slice ? -1 : 1;
    return (x->sample > y->sample) - (x->sample < y->sample);
}

rf_prof_tier rf_report_sample_tier(const rf_profile *profile, const rf_prof_sample *sample)
{
    return (rf_prof_tier)profile->frames.data[profile->stacks.data[sample->stack].frame].tier;
}

uint32_t *rf_report_order_samples(const rf_profile *profile, size_t *count)
{
    timed *order = rf_alloc_array(timed, profile->samples.count);
    size_t kept = 0;
    for (uint32_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        if (!sample->stack || rf_report_sample_tier(profile, sample) != RF_TIER_PROFILER)
            order[kept++] = (timed){sample->slice, i};
    }
    if (kept) qsort(order, kept, sizeof *order, compare_timed);
    uint32_t *samples = rf_alloc_array(uint32_t, kept + 1);
    for (size_t i = 0; i < kept; i++) samples[i] = order[i].sample;
    rf_free(order);
    *count = kept;
    return samples;
}

void rf_report_stack_frames(const rf_profile *profile, uint32_t stack, uint32_t *out)
{
    for (uint32_t at = stack; at; at = profile->stacks.data[at].parent)
        out[profile->stacks.data[at].depth - 1] = profile->stacks.data[at].frame;
}

uint32_t rf_report_max_depth(const rf_profile *profile)
{
    uint32_t depth = 0;
    for (size_t i = 0; i < profile->stacks.count; i++)
        if (profile->stacks.data[i].depth > depth) depth = profile->stacks.data[i].depth;
    return depth;
}
