/* A flame graph as one SVG: frames narrower than a thousandth are left out, colours are tiers, a small script zooms and
 * searches.  Without scripts it is a picture with tooltips. */
#include "report/writer.h"

#include "report/call_tree.h"
#include "report/frame_name.h"
#include "report/markup_text.h"
#include "report/summary.h"

#include <string.h>

static const char style[] = {
#include "report/graph_css.inc"
};
static const char script[] = {
#include "report/graph_js.inc"
};

enum { WIDTH = 1200, MARGIN = 10, ROW = 18, HEAD = 64, WEAK_TICKS = 200 };
static const double CUT_OFF = 0.001;

static void append_tier_colors(rf_buffer *out)
{
#define REPORT_TIER_COLOR(tier, light, dark) rf_buffer_format(out, ".t%d rect{fill:%s}", RF_TIER_##tier, light);
#include "report/tier_color.def"
#undef REPORT_TIER_COLOR
    rf_buffer_append_text(out, "\n@media (prefers-color-scheme: dark){");
#define REPORT_TIER_COLOR(tier, light, dark) rf_buffer_format(out, ".t%d rect{fill:%s}", RF_TIER_##tier, dark);
#include "report/tier_color.def"
#undef REPORT_TIER_COLOR
    rf_buffer_append_text(out, "}\n");
}

typedef struct drawing {
    const rf_profile *profile;
    const rf_call_tree *tree;
    rf_buffer *out;
    double scale; /* pixels a nanosecond */
    uint32_t depth; /* of the deepest frame drawn */
} drawing;

static void append_frame(const drawing *it, const rf_call_node *node, double x, double width)
{
    rf_buffer label = RF_BUFFER_INIT;
    const double share = (double)node->total_ns / (double)it->tree->nodes.data[0].total_ns;
    const double y = HEAD + (double)(it->depth - node->depth) * ROW;
    if (node->depth)
        rf_report_append_label(&label, it->profile, node->func);
    else
        rf_buffer_append_text(&label, "all");
    rf_buffer_format(it->out, "<g class=\"f t%d\"><title>", node->depth ? node->tier : RF_TIER_IO);
    rf_report_append_markup(it->out, label.data);
    rf_buffer_format(it->out, "\n%.2f %% of CPU time, %.1f ms (self %.1f ms)", 100 * share, (double)node->total_ns / 1e6,
                     (double)node->self_ns / 1e6);
    if (node->depth) rf_buffer_format(it->out, ", %s", rf_prof_tiers[node->tier].tag);
    rf_buffer_format(it->out, "</title><rect x=\"%.2f\" y=\"%.0f\" width=\"%.2f\" height=\"%d\" rx=\"1\"/>", x, y, width, ROW - 1);
    rf_buffer_format(it->out, "<text x=\"%.2f\" y=\"%.0f\" data-n=\"", x + 3, y + 12.5);
    rf_report_append_markup(it->out, label.data);
    rf_buffer_append_text(it->out, "\">");
    const size_t room = width > 26 ? (size_t)((width - 6) / 6.7) : 0;
    if (room && strlen(label.data) <= room)
        rf_report_append_markup(it->out, label.data);
    else if (room > 3)
        rf_report_append_clipped(it->out, label.data, room);
    rf_buffer_append_text(it->out, "</text></g>\n");
    rf_buffer_release(&label);
}

/* Walks the frames wide enough, outermost first; draws them when it->out is set, and finds the deepest. */
static void walk_frames(drawing *it, bool draws)
{
    const rf_call_node *nodes = it->tree->nodes.data;
    double *left = rf_alloc_array(double, it->tree->max_depth + 2u); /* where the next child begins, by depth */
    uint32_t at = 0;
    left[0] = MARGIN;
    for (;;) {
        const rf_call_node *node = &nodes[at];
        const double width = (double)node->total_ns * it->scale, x = left[node->depth];
        const bool is_wide = node->total_ns && width >= CUT_OFF * (WIDTH - 2 * MARGIN);
        if (is_wide && !draws && node->depth > it->depth) it->depth = node->depth;
        if (is_wide && draws) append_frame(it, node, x, width);
        left[node->depth] = x + width;
        if (is_wide && node->first_child) {
            left[node->depth + 1] = x;
            at = node->first_child;
            continue;
        }
        while (at && !nodes[at].next_sibling) at = nodes[at].parent;
        if (!at) break;
        at = nodes[at].next_sibling;
    }
    rf_free(left);
}

static void append_head(const drawing *it, uint64_t ticks)
{
    rf_buffer *out = it->out;
    const rf_prof_run *run = &it->profile->run;
    const int height = HEAD + (int)(it->depth + 1) * ROW + MARGIN;
    rf_buffer_format(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                     "width=\"%d\" height=\"%d\" style=\"max-width:100%%;height:auto\" data-width=\"%d\">\n<style>",
                     WIDTH, height, WIDTH, height, WIDTH);
    rf_buffer_append_text(out, style);
    append_tier_colors(out);
    rf_buffer_format(out, "</style>\n<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n<text class=\"head\" x=\"%d\" y=\"22\">", WIDTH, height,
                     MARGIN);
    rf_report_append_markup(out, run->script ? run->script : "profile");
    rf_buffer_format(out, "</text>\n<text class=\"note\" x=\"%d\" y=\"40\">CPU time %.3f s, %llu ticks, ", MARGIN,
                     (double)it->tree->nodes.data[0].total_ns / 1e9, (unsigned long long)ticks);
    rf_report_append_markup(out, run->engine ? run->engine : "");
    rf_buffer_format(out, "</text>\n<text class=\"button\" id=\"search\" x=\"%d\" y=\"22\" text-anchor=\"end\">Search</text>\n",
                     WIDTH - MARGIN);
    if (ticks < WEAK_TICKS)
        rf_buffer_format(out, "<text class=\"warn\" x=\"%d\" y=\"56\">only %llu ticks: shares are weak evidence</text>\n", MARGIN,
                         (unsigned long long)ticks);
}

void rf_report_svg(const rf_profile *profile, rf_buffer *out)
{
    rf_call_tree tree;
    rf_call_tree_init(&tree, profile);
    uint64_t ticks = 0;
    for (size_t i = 1; i < profile->samples.count; i++)
        if (profile->samples.data[i].cpu_ns) ticks += profile->samples.data[i].ticks;
    const uint64_t all_ns = tree.nodes.data[0].total_ns;
    drawing it = {.profile = profile, .tree = &tree, .out = out, .scale = all_ns ? (WIDTH - 2 * MARGIN) / (double)all_ns : 0};
    walk_frames(&it, false);
    append_head(&it, ticks);
    walk_frames(&it, true);
    rf_buffer_append_text(out, "<script><![CDATA[\n");
    rf_buffer_append_text(out, script);
    rf_buffer_append_text(out, "]]></script>\n</svg>\n");
    rf_call_tree_release(&tree);
}
