/* Intervals of integers, as the pass `ranges` computes with them.
 *
 * An interval is in the numbers of mathematics, wide enough for each type: a U64 is never negative here.  That of an I128
 * which may be anything has the ends of the wide type; so has what is too large to be written. */
#ifndef RF_JITC_IR_INTERVAL_H
#define RF_JITC_IR_INTERVAL_H

#include "jitc/ir.h"

__extension__ typedef __int128 rf_wide;

typedef struct rf_interval { /* empty: lo > hi */
    rf_wide lo, hi;
} rf_interval;

#define RF_WIDE_MAX ((rf_wide)(~(__extension__(unsigned __int128)0) >> 1))
#define RF_WIDE_MIN (-RF_WIDE_MAX - 1)
#define RF_INTERVAL_EMPTY ((rf_interval){1, 0})
#define RF_INTERVAL_BOOL ((rf_interval){0, 1})

static inline bool rf_interval_is_type(uint8_t type) /* one that has intervals */
{
    return type >= RF_IR_BOOL && type <= RF_IR_I128;
}
extern const rf_interval rf_interval_types[RF_IR_TYPES];
static inline rf_interval rf_interval_of_type(uint8_t type)
{
    return rf_interval_types[type];
}
static inline rf_interval rf_interval_one(rf_wide n)
{
    return (rf_interval){n, n};
}
static inline bool rf_interval_is_empty(rf_interval a)
{
    return a.lo > a.hi;
}
static inline bool rf_interval_is_one(rf_interval a)
{
    return a.lo == a.hi;
}
static inline bool rf_interval_is(rf_interval a, rf_wide n)
{
    return a.lo == n && a.hi == n;
}
/* All of b is in a; neither is empty. */
static inline bool rf_interval_has(rf_interval a, rf_interval b)
{
    return a.lo <= b.lo && b.hi <= a.hi;
}
static inline rf_interval rf_interval_join(rf_interval a, rf_interval b)
{
    if (rf_interval_is_empty(a)) return b;
    if (rf_interval_is_empty(b)) return a;
    return (rf_interval){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi};
}
static inline rf_interval rf_interval_meet(rf_interval a, rf_interval b)
{
    return (rf_interval){a.lo > b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
}

/* ADD, SUB or MUL that goes beyond no type; all of the wide numbers when that cannot be written. */
rf_interval rf_interval_exact(uint8_t op, rf_interval a, rf_interval b);
/* What is left of a, when what goes beyond the type is cut off. */
rf_interval rf_interval_wrap(uint8_t type, rf_interval a);
/* Of two ints of the type: ADD ... SHR */
rf_interval rf_interval_binary(uint8_t op, uint8_t type, rf_interval a, rf_interval b);
/* EQ ... GE: [0, 0], [1, 1] or either */
rf_interval rf_interval_compare(uint8_t op, rf_interval a, rf_interval b);
/* One end at least moved from `before` to `now`: it moves on to the next of a few numbers, so that it does so rarely. */
rf_interval rf_interval_widen(uint8_t type, rf_interval before, rf_interval now);

#endif
