/* See loop_cost.h. */
#include "prof/loop_cost.h"

#include <math.h>

/* Built-ins are counted by themselves: how much of the code their calls are matters in no price. */
static double sum_of(const double work[RF_PROF_WORKS])
{
    double sum = 0;
    for (int i = 0; i < RF_PROF_WORKS; i++)
        if (i != RF_PROF_BUILTINS) sum += work[i];
    return sum;
}

/* 0: made alike; 1: they have nothing in common, or one is not known. */
static double distance(const double a[RF_PROF_WORKS], const double b[RF_PROF_WORKS])
{
    const double all_a = sum_of(a), all_b = sum_of(b);
    if (all_a <= 0 || all_b <= 0) return 1;
    double sum = 0;
    for (int i = 0; i < RF_PROF_WORKS; i++)
        if (i != RF_PROF_BUILTINS) sum += fabs(a[i] / all_a - b[i] / all_b);
    return sum / 2;
}

/* A bell: who differs in that part of its instructions says little, in twice of it next to nothing. */
static double weight_of(const rf_prof_code_price *code, const double work[RF_PROF_WORKS])
{
    const double width = 0.15, away = distance(code->work, work) / width;
    return exp(-away * away);
}

double rf_prof_loop_price(const rf_prof_price_list *list, rf_prof_loop loop, const double work[RF_PROF_WORKS], double *spread)
{
    double weights = 0, sum = 0, squares = 0;
    *spread = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const double weight = weight_of(&list->codes[i], work), price = list->codes[i].price[loop];
        weights += weight;
        sum += weight * price;
        squares += weight * price * price;
    }
    if (weights <= 0) return 0;
    const double mean = sum / weights, variance = squares / weights - mean * mean;
    *spread = variance > 0 ? sqrt(variance) : 0;
    return mean;
}

double rf_prof_loop_cost(const rf_prof_loop_prices *prices, const rf_prof_loop_work *work, double *spread_ns)
{
    double cost = 0;
    *spread_ns = 0;
    for (rf_prof_loop loop = 0; loop < RF_PROF_PRICED; loop++) {
        double share_spread, builtin_spread;
        const double part = loop == RF_PROF_TALLIED ? work->tallied_share : 1 - work->tallied_share;
        const double share = rf_prof_loop_price(&prices->shares, loop, work->work, &share_spread);
        const double builtin_ns = rf_prof_loop_price(&prices->builtins, loop, work->work, &builtin_spread);
        const double plain_ns = (double)work->vm_ns * part / (1 + share), builtins = (double)work->builtins * part;
        cost += plain_ns * share + builtins * builtin_ns;
        *spread_ns += hypot(plain_ns * share_spread, builtins * builtin_spread);
    }
    return cost;
}
