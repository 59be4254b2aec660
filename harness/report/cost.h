/* What n calls cost in all, and from how many on another variant is the better choice. */
#ifndef REPORT_COST_H
#define REPORT_COST_H

#include "compare/table.h"

/* Build, start-up, first call, and the rest at steady speed; ns. */
double report_cost_of(const compare_row *row, double calls);
/* Calls from which later costs less than sooner; 0 when it never does, or does from the first call
 * on. */
double report_cost_crossing(const compare_row *sooner, const compare_row *later);
/* The same block by block, with an order-statistics interval over the blocks in which there is a
 * crossing; *blocks is how many have both variants.  interval->value 0: fewer than half of them
 * cross. */
void report_cost_crossing_interval(const store_results *results, int64_t param, int64_t sooner,
                                   int64_t later, double alpha, stats_interval *interval,
                                   size_t *blocks);

#endif
