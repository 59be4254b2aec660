/* A flame graph as one SVG: frames narrower than a thousandth are left out, colours are tiers, a small script zooms and
 * searches.  Without scripts it is a picture with tooltips.
 *
 * The picture of a difference has the shape of both sides: a frame is as wide as it is after, one that is gone keeps the
 * width it had and is hatched.  Colours say more or less, where the difference is significant. */
#include "report/svg.h"
#include "report/writer.h"

#include "report/frame_name.h"
#include "report/markup_text.h"
#include "report/slice_order.h"

#include <math.h>
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
    const rf_svg_diff *diff; /* NULL: one run */
    rf_buffer *out;
    const double *widths; /* of each node, in nanoseconds */
    double scale;         /* pixels a nanosecond */
    uint32_t depth;       /* of the deepest frame drawn */
    uint32_t tiers;       /* of the frames drawn, a bit each */
} drawing;

/* What a frame is called in the style sheet. */
static void append_class(const drawing *it, uint32_t at)
{
    const rf_call_node *node = &it->tree->nodes.data[at];
    if (!it->diff) {
        rf_buffer_format(it->out, "t%d", node->depth ? node->tier : RF_TIER_IO);
        return;
    }
    const double before = it->diff->before_ns[at] * it->diff->scale, after = it->diff->after_ns[at];
    const bool is_marked = node->depth && it->diff->q[at] < 0.05;
    rf_buffer_append_text(it->out, !is_marked ? "same" : after > before ? "more" : "less");
    if (node->depth && after <= 0) rf_buffer_append_text(it->out, " gone");
    if (node->depth && before <= 0) rf_buffer_append_text(it->out, " new");
}

static void append_numbers(const drawing *it, uint32_t at)
{
    const rf_call_node *node = &it->tree->nodes.data[at];
    if (it->diff) {
        const double before = it->diff->before_ns[at], after = it->diff->after_ns[at];
        const double before_share = before / it->diff->before_ns[0], after_share = after / it->diff->after_ns[0];
        rf_buffer_format(it->out, "before %.2f %% (%.1f ms), after %.2f %% (%.1f ms), %+.2f points", 100 * before_share, before / 1e6, 100 * after_share,
                         after / 1e6, 100 * (after_share - before_share));
        if (node->depth) rf_buffer_format(it->out, ", %ssignificant (adjusted p %.2g)", it->diff->q[at] < 0.05 ? "" : "not ", it->diff->q[at]);
        return;
    }
    const double share = (double)node->total_ns / (double)it->tree->nodes.data[0].total_ns;
    rf_buffer_format(it->out, "%.2f %% of CPU time, %.1f ms (self %.1f ms)", 100 * share, (double)node->total_ns / 1e6, (double)node->self_ns / 1e6);
    if (node->depth) rf_buffer_format(it->out, ", %s", rf_prof_tiers[node->tier].tag);
}

static void append_frame(const drawing *it, uint32_t at, double x, double width)
{
    rf_buffer label = RF_BUFFER_INIT;
    const rf_call_node *node = &it->tree->nodes.data[at];
    const double y = HEAD + (double)(it->depth - node->depth) * ROW;
    if (node->depth)
        rf_report_append_label(&label, it->profile, node->func);
    else
        rf_buffer_append_text(&label, "all");
    rf_buffer_append_text(it->out, "<g class=\"f ");
    append_class(it, at);
    rf_buffer_append_text(it->out, "\"><title>");
    rf_report_append_markup(it->out, label.data);
    rf_buffer_append_byte(it->out, '\n');
    append_numbers(it, at);
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
        const double width = it->widths[at] * it->scale, x = left[node->depth];
        const bool is_wide = width > 0 && width >= CUT_OFF * (WIDTH - 2 * MARGIN);
        if (is_wide && !draws && node->depth > it->depth) it->depth = node->depth;
        if (is_wide && node->depth) it->tiers |= 1u << node->tier;
        if (is_wide && draws) append_frame(it, at, x, width);
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

/* What the colours of the frames mean. */
static void append_legend(const drawing *it, double y)
{
    double x = MARGIN;
    for (int tier = 0; tier < RF_TIER_COUNT; tier++) {
        if (!(it->tiers & 1u << tier)) continue;
        const char *tag = rf_prof_tiers[tier].tag;
        rf_buffer_format(it->out, "<g class=\"t%d\"><title>%s</title><rect x=\"%.0f\" y=\"%.0f\" width=\"10\" height=\"10\" rx=\"1\"/>",
                         tier, rf_prof_tiers[tier].meaning, x, y - 9);
        rf_buffer_format(it->out, "<text x=\"%.0f\" y=\"%.0f\">%s</text></g>\n", x + 14, y, tag);
        x += 32 + 6.7 * (double)strlen(tag);
    }
}

static void append_head(const drawing *it, uint64_t ticks, const rf_svg_words *words)
{
    rf_buffer *out = it->out;
    const rf_prof_run *run = &it->profile->run;
    const int height = HEAD + (int)(it->depth + 1) * ROW + MARGIN;
    rf_buffer_format(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                     "width=\"%d\" height=\"%d\" style=\"max-width:100%%;height:auto\" data-width=\"%d\">\n",
                     WIDTH, height, WIDTH, height, WIDTH);
    if (words->about) {
        rf_buffer_append_text(out, "<desc>");
        rf_report_append_markup(out, words->about);
        rf_buffer_append_text(out, "</desc>\n");
    }
    rf_buffer_append_text(out, "<style>");
    rf_buffer_append_text(out, style);
    append_tier_colors(out);
    rf_buffer_append_text(out, "</style>\n");
    if (it->diff)
        rf_buffer_append_text(out, "<defs><pattern id=\"gone\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
                                   "patternTransform=\"rotate(45)\"><rect class=\"less-fill\" width=\"7\" height=\"7\"/><path d=\"M0 "
                                   "0V7\" stroke=\"#444\" stroke-width=\"2\"/></pattern></defs>\n");
    rf_buffer_format(out, "<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n<text class=\"head\" x=\"%d\" y=\"22\">", WIDTH, height,
                     MARGIN);
    rf_report_append_markup(out, words->title ? words->title : run->script ? run->script : "profile");
    rf_buffer_format(out, "</text>\n<text class=\"note\" x=\"%d\" y=\"40\">", MARGIN);
    if (it->diff) {
        rf_report_append_markup(out, it->diff->title);
        rf_buffer_append_text(out, "; red more, blue less, grey not significant, hatched gone");
    } else {
        rf_buffer_format(out, "CPU time %.3f s, %llu ticks, ", (double)it->tree->nodes.data[0].total_ns / 1e9, (unsigned long long)ticks);
        rf_report_append_markup(out, run->engine ? run->engine : "");
        if (words->note) {
            rf_buffer_append_text(out, ", ");
            rf_report_append_markup(out, words->note);
        }
    }
    rf_buffer_format(out, "</text>\n<text class=\"button\" id=\"search\" x=\"%d\" y=\"22\" text-anchor=\"end\">Search</text>\n",
                     WIDTH - MARGIN);
    if (!it->diff) append_legend(it, 56);
    if (ticks && ticks < WEAK_TICKS) /* exact profilers have none */
        rf_buffer_format(out, "<text class=\"warn\" x=\"%d\" y=\"40\" text-anchor=\"end\">only %llu ticks: shares are weak evidence</text>\n",
                         WIDTH - MARGIN, (unsigned long long)ticks);
}

/* As wide as after; what is gone as wide as before; at least as wide as what is inside. */
static void unite_widths(const rf_call_tree *tree, const rf_svg_diff *diff, double *widths)
{
    double *inside = rf_alloc_array_zero(double, tree->nodes.count);
    for (size_t i = tree->nodes.count; i-- > 0;) {
        widths[i] = diff->after_ns[i] > 0 ? fmax(diff->after_ns[i], inside[i]) : diff->before_ns[i] * diff->scale;
        if (i) inside[tree->nodes.data[i].parent] += widths[i];
    }
    rf_free(inside);
}

void rf_report_append_svg(rf_buffer *out, const rf_profile *profile, const rf_call_tree *tree, const rf_svg_diff *diff,
                          const rf_svg_words *words)
{
    uint64_t ticks = 0;
    double *widths = rf_alloc_array(double, tree->nodes.count);
    for (size_t i = 1; i < profile->samples.count; i++)
        if (!rf_prof_tiers[rf_report_sample_tier(profile, &profile->samples.data[i])].is_wait) ticks += profile->samples.data[i].ticks;
    for (size_t i = 0; i < tree->nodes.count; i++) widths[i] = (double)tree->nodes.data[i].total_ns;
    if (diff) unite_widths(tree, diff, widths);
    drawing it = {.profile = profile, .tree = tree, .diff = diff, .out = out, .widths = widths,
                  .scale = widths[0] > 0 ? (WIDTH - 2 * MARGIN) / widths[0] : 0};
    walk_frames(&it, false);
    append_head(&it, ticks, words ? words : &(rf_svg_words){0});
    walk_frames(&it, true);
    rf_buffer_append_text(out, "<script><![CDATA[\n");
    rf_buffer_append_text(out, script);
    rf_buffer_append_text(out, "]]></script>\n</svg>\n");
    rf_free(widths);
}

void rf_report_svg_with(rf_buffer *out, const rf_profile *profile, const rf_svg_words *words)
{
    rf_call_tree tree;
    rf_call_tree_init(&tree, profile);
    rf_report_append_svg(out, profile, &tree, NULL, words);
    rf_call_tree_release(&tree);
}

void rf_report_svg(const rf_profile *profile, rf_buffer *out)
{
    rf_report_svg_with(out, profile, NULL);
}
