/* See loop_cost.h. */
#include "prof/loop_cost.h"

static double cost_of(const rf_prof_loop_price *price, double vm_ns, double calls, double builtins)
{
    return vm_ns * price->share / (1 + price->share) + calls * price->call_ns + builtins * price->builtin_ns;
}

static double spread_of(const rf_prof_loop_price *price, double vm_ns, double calls, double builtins)
{
    return vm_ns * price->share_spread / (1 + price->share) + calls * price->call_ns_spread +
           builtins * price->builtin_ns_spread;
}

uint64_t rf_prof_loop_cost(const rf_prof_loop_prices *prices, const rf_prof_loop_work *work, uint64_t *spread_ns)
{
    const rf_prof_loop_price *sampled = &prices->sampled, *tallied = &prices->tallied;
    const double vm_ns = (double)work->vm_ns, builtins = (double)work->builtins, share = work->tallied_share;
    const double calls = (double)work->calls, tallied_calls = (double)work->tallied_calls;
    const double cost = cost_of(sampled, vm_ns * (1 - share), calls, builtins * (1 - share)) +
                        cost_of(tallied, vm_ns * share, tallied_calls, builtins * share);
    *spread_ns = (uint64_t)(spread_of(sampled, vm_ns * (1 - share), calls, builtins * (1 - share)) +
                            spread_of(tallied, vm_ns * share, tallied_calls, builtins * share));
    return cost > 0 ? (uint64_t)cost : 0; /* where code lies can make such a loop the faster one */
}
