/* S11 to S13: how much to measure. */
#ifndef STATS_PLANNING_H
#define STATS_PLANNING_H

#include "stats/paired.h"

#include <stdbool.h>
#include <stddef.h>

#define STATS_PILOT_BLOCKS     8
#define STATS_MOST_MORE_BLOCKS 200

/* S11: r* = ceil(sqrt((process_cost / iteration_cost) (within / between))), clipped to 1..1000;
 * 1000 when between is 0, 1 when within is 0. Costs in the same unit of time. Source: Kalibera and
 * Jones, ISMM 2013. */
size_t stats_iterations_per_process(double process_cost, double iteration_cost, double within,
                                    double between);

/* S12, Stein's two stages: blocks in all for half-width h on the log scale (default delta / 2),
 * max(pilot_count, ceil((t_{pilot_count-1,1-alpha/2} s / h)^2)) with s of the pilot.
 * Source: Stein 1945, Annals of Mathematical Statistics 16. */
size_t stats_blocks_for_half_width(double pilot_sd, size_t pilot_count, double half_width,
                                   double alpha);
/* The interval that goes with it: m over all blocks, s and degrees of freedom of the pilot (the
 * first pilot_count of d). count >= pilot_count >= 2. */
stats_ratio stats_ratio_two_stage(const double *d, size_t count, size_t pilot_count, double alpha);

typedef struct stats_more {
    size_t needed;  /* blocks in all that would settle it; SIZE_MAX when m is on the margin */
    bool too_close; /* needed > 200, or m within 0.1 s of D: say so instead of a number */
    double smallest_margin; /* the smallest delta (a fraction) that 200 blocks would settle */
} stats_more;

/* S13: n_need = ceil(((t_{n-1,.975} + t_{n-1,.8}) s / ||m| - D|)^2) of an unsure S3 ratio. */
stats_more stats_blocks_to_settle(const stats_ratio *paired, double delta);

#endif
