/* See loop_cost.h. */
#include "prof/loop_cost.h"

static double cost_of(const rf_prof_loop_price *price, double vm_ns, double calls, double builtins)
{
    return vm_ns * price->share / (1 + price->share) + calls * price->call_ns + builtins * price->builtin_ns;
}

uint64_t rf_prof_loop_cost(const rf_prof_loop_prices *prices, const rf_prof_loop_work *work)
{
    const double vm_ns = (double)work->vm_ns, builtins = (double)work->builtins, tallied = work->tallied_share;
    const double cost =
        cost_of(&prices->sampled, vm_ns * (1 - tallied), (double)work->calls, builtins * (1 - tallied)) +
        cost_of(&prices->tallied, vm_ns * tallied, (double)work->tallied_calls, builtins * tallied);
    return cost > 0 ? (uint64_t)cost : 0; /* where code lies can make such a loop the faster one */
}
