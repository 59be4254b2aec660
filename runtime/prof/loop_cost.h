/* What the loops made for profiling take more than the plain one: part of the profiler's own cost.
 *
 * It cannot be measured in the program, which runs in those loops alone. So the price of what they do more is measured
 * beforehand (cli/profile_cost.c), and what was done is counted: built-ins by the piece, the rest as a share of its
 * time. Prices differ by the kind of code, as the compiler had other registers left and the code lies elsewhere, and may
 * be negative. So several codes are priced, and the run pays most what those take that are made of the same kinds of
 * instructions. */
#ifndef RF_PROF_LOOP_COST_H
#define RF_PROF_LOOP_COST_H

#include <stdbool.h>
#include <stdint.h>

typedef enum rf_prof_work { /* kinds of instructions */
    RF_PROF_VALUES,   /* arithmetic, moves and whatever is none of the others */
    RF_PROF_JUMPS,
    RF_PROF_PARTS,    /* elements, entries and fields are read and written */
    RF_PROF_MAKING,   /* containers, strings and instances are made */
    RF_PROF_CALLS,    /* and returns */
    RF_PROF_BUILTINS, /* are called */
    RF_PROF_WORKS
} rf_prof_work;

typedef enum rf_prof_loop { RF_PROF_SAMPLED, RF_PROF_TALLIED, RF_PROF_PRICED } rf_prof_loop;

typedef struct rf_prof_code_price {
    double work[RF_PROF_WORKS]; /* how many instructions of each kind the code is made of */
    double price[RF_PROF_PRICED];
} rf_prof_code_price;

enum { RF_PROF_MOST_CODES = 20 };

typedef struct rf_prof_price_list {
    rf_prof_code_price codes[RF_PROF_MOST_CODES];
    uint32_t count;
} rf_prof_price_list;

typedef struct rf_prof_loop_prices { /* all 0: not known */
    rf_prof_price_list shares;   /* so much more is taken of the plain loop's time, in codes without built-ins */
    rf_prof_price_list builtins; /* nanoseconds a call besides, in codes with built-ins */
} rf_prof_loop_prices;

typedef struct rf_prof_loop_work {
    uint64_t builtins;
    double work[RF_PROF_WORKS]; /* as far as it was counted; all 0: not known */
    uint64_t vm_ns;             /* time in either loop */
    double tallied_share;       /* of that time and of built-ins */
} rf_prof_loop_work;

/* Of code that is made so; *spread: so much more or less it is among codes that are made alike. */
double rf_prof_loop_price(const rf_prof_price_list *list, rf_prof_loop loop, const double work[RF_PROF_WORKS], double *spread);
/* In nanoseconds, negative when the loops are the faster ones; *spread_ns: more or less. */
double rf_prof_loop_cost(const rf_prof_loop_prices *prices, const rf_prof_loop_work *work, double *spread_ns);

#endif
