/* What the loops made for profiling take more than the plain one: part of the profiler's own cost.
 *
 * It cannot be measured in the program, which runs in those loops alone. So the price of what they do more is measured
 * beforehand (cli/profile_cost.c), and what was done is counted. */
#ifndef RF_PROF_LOOP_COST_H
#define RF_PROF_LOOP_COST_H

#include <stdbool.h>
#include <stdint.h>

typedef struct rf_prof_loop_price {
    double share; /* of the plain loop's time, in code without calls */
    double call_ns, builtin_ns;
    double share_spread, call_ns_spread, builtin_ns_spread; /* so much more or less it is by the kind of code */
} rf_prof_loop_price;

typedef struct rf_prof_loop_prices { /* all 0: not known */
    rf_prof_loop_price sampled, tallied;
} rf_prof_loop_prices;

typedef struct rf_prof_loop_work {
    uint64_t calls, tallied_calls; /* in either loop */
    uint64_t builtins;
    uint64_t vm_ns;       /* time in either loop */
    double tallied_share; /* of that time and of built-ins */
} rf_prof_loop_work;

/* In nanoseconds; *spread_ns: more or less, because the work may be of another kind than what was priced. */
uint64_t rf_prof_loop_cost(const rf_prof_loop_prices *prices, const rf_prof_loop_work *work, uint64_t *spread_ns);

#endif
