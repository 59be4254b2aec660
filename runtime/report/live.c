/* The few lines that --watch shows again and again. */
#include "report/console_text.h"

#include "report/frame_name.h"

uint32_t rf_report_live(const rf_profile *profile, uint32_t top, rf_buffer *out)
{
    rf_console console = {.profile = profile, .options = {.top = top}, .out = out};
    uint32_t lines = 1;
    rf_report_summary_init(&console.summary, profile);
    const rf_report_summary *summary = &console.summary;
    rf_buffer_format(out, "%.1f s  %llu ticks ", (double)profile->run.wall_ns * 1e-9,
                     (unsigned long long)profile->run.ticks);
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        if (summary->tier_ns[tier] && !rf_prof_tiers[tier].is_wait)
            rf_buffer_format(out, " %s %.0f %%", rf_prof_tiers[tier].tag, 100 * rf_report_share(summary, summary->tier_ns[tier]));
    rf_buffer_append_byte(out, '\n');
    for (uint32_t i = 0; i < summary->funcs.count && i < top; i++, lines++) {
        const rf_report_func_row *row = &summary->funcs.data[i];
        rf_buffer_format(out, " %5.1f %%  ", 100 * rf_report_share(summary, row->self.cpu_ns));
        rf_report_append_label(out, profile, row->func);
        rf_buffer_append_byte(out, '\n');
    }
    rf_report_summary_release(&console.summary);
    return lines;
}
