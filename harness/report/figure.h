/* A figure as data: panels with axes and marks.  What a chart shows is decided once, in its kind
 * (chart_kind.def); gnuplot scripts, the figures inside the HTML page and charts on a terminal are
 * three ways to draw the same thing. */
#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include "base/vector.h"
#include "report/terminal.h"

typedef enum figure_scale {
    FIGURE_LINEAR,
    FIGURE_WHOLE, /* linear, of whole numbers */
    FIGURE_SHARE, /* linear from 0 to 1, whatever is drawn */
    FIGURE_LOG,
    FIGURE_NAMES /* places 1, 2 ... with a name each; 1 is at the bottom or left */
} figure_scale;

typedef struct figure_axis {
    char *label; /* owned, may be NULL */
    figure_scale scale;
    RF_VECTOR(char *) names;
} figure_axis;

typedef enum figure_mark {
    FIGURE_POINTS, /* x, y; interval low..high along x when low < high */
    FIGURE_LINE,   /* x, y */
    FIGURE_STEPS,  /* x, y */
    FIGURE_BAND,   /* x, low..high along y */
    FIGURE_BOXES,  /* low..high along x, at the place y */
    FIGURE_CELLS,  /* places x, y; shade is -1..1, label is printed on it */
    FIGURE_LABELS, /* label at x, y */
    FIGURE_RULE    /* vertical line at x, through the whole panel */
} figure_mark;

typedef struct figure_point {
    double x, y, low, high, shade;
    char *label; /* owned, may be NULL */
} figure_point;

typedef struct figure_series {
    char *name; /* owned; "" : not in the key */
    figure_mark mark;
    unsigned color; /* 1 to 8; 0: ink */
    RF_VECTOR(figure_point) points;
} figure_series;

typedef struct figure_panel {
    char *title; /* owned, may be NULL */
    figure_axis x, y;
    RF_VECTOR(figure_series) series;
    bool key; /* names of series in a corner; else they are labelled directly or not at all */
} figure_panel;

typedef struct figure {
    char *name;             /* file name without extension; owned */
    char *title, *subtitle; /* owned */
    size_t columns;         /* of panels */
    unsigned height;        /* of the drawing, in pixels; 0: 420 */
    RF_VECTOR(figure_panel) panels;
} figure;

/* All three are borrowed until the figure gets another part. */
figure_panel *figure_add_panel(figure *it, const char *title, const char *x_label, figure_scale x,
                               const char *y_label, figure_scale y);
figure_series *figure_add_series(figure_panel *panel, figure_mark mark, unsigned color,
                                 const char *name);
figure_point *figure_add_point(figure_series *series, double x, double y);
void figure_add_label(figure_panel *panel, unsigned color, double x, double y, const char *text);
void figure_add_rule(figure_panel *panel, double x);
void figure_release(figure *it);

/* Smallest and largest of what is drawn along an axis, with room at both ends; false when nothing
 * is. */
bool figure_range(const figure_panel *panel, bool vertical, double *low, double *high);
/* Up to eight values that read well: 1, 2 or 5 times a power of ten. Returns how many. */
enum { FIGURE_TICS_MOST = 8 };
size_t figure_tics(figure_scale scale, double low, double high, double tics[FIGURE_TICS_MOST]);
/* 0..1 of a value between low and high. */
double figure_place(figure_scale scale, double low, double high, double value);
/* -1 blue, 0 white, 1 orange, as 0xRRGGBB; what stands on it is readable in *ink. */
unsigned figure_shade(double shade, unsigned *ink);

/* The data file and the script; session and command are named in both. */
void figure_gnuplot(const figure *it, const char *rebuild, rf_buffer *data, rf_buffer *script);
void figure_text(const figure *it, const report_terminal *terminal, rf_buffer *out);
/* An <svg> without colours of its own: classes s0 to s8 are coloured by the page. */
void figure_svg(const figure *it, unsigned width, unsigned height, rf_buffer *out);

#endif
