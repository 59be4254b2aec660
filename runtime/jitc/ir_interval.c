/* Arithmetic of intervals; see ir_interval.h. */
#include "jitc/ir_interval.h"

#include "base/base.h"

static const uint8_t type_bits[RF_IR_TYPES] = {
#define RF_IR_TYPE(name, text, bits) bits,
#include "jitc/ir_type.def"
#undef RF_IR_TYPE
};

#define EVERYTHING ((rf_interval){RF_WIDE_MIN, RF_WIDE_MAX})

#define SIGNED(bits) {-((rf_wide)1 << ((bits) - 1)), ((rf_wide)1 << ((bits) - 1)) - 1}
#define UNSIGNED(bits) {0, ((rf_wide)1 << (bits)) - 1}
const rf_interval rf_interval_types[RF_IR_TYPES] = {
    [RF_IR_BOOL] = UNSIGNED(1), [RF_IR_U8] = UNSIGNED(8),   [RF_IR_U16] = UNSIGNED(16),
    [RF_IR_U32] = UNSIGNED(32), [RF_IR_U64] = UNSIGNED(64), [RF_IR_I32] = SIGNED(32),
    [RF_IR_I64] = SIGNED(64),   [RF_IR_I128] = {RF_WIDE_MIN, RF_WIDE_MAX},
};

static bool multiply(rf_interval a, rf_interval b, rf_interval *out)
{
    const rf_wide xs[] = {a.lo, a.lo, a.hi, a.hi}, ys[] = {b.lo, b.hi, b.lo, b.hi};
    *out = RF_INTERVAL_EMPTY;
    for (int i = 0; i < 4; i++) {
        rf_wide product;
        if (__builtin_mul_overflow(xs[i], ys[i], &product)) return false;
        *out = rf_interval_join(*out, rf_interval_one(product));
    }
    return true;
}

rf_interval rf_interval_exact(uint8_t op, rf_interval a, rf_interval b)
{
    rf_interval r;
    bool is_known;
    if (op == RF_IR_ADD)
        is_known = !__builtin_add_overflow(a.lo, b.lo, &r.lo) && !__builtin_add_overflow(a.hi, b.hi, &r.hi);
    else if (op == RF_IR_SUB)
        is_known = !__builtin_sub_overflow(a.lo, b.hi, &r.lo) && !__builtin_sub_overflow(a.hi, b.lo, &r.hi);
    else
        is_known = multiply(a, b, &r);
    return is_known ? r : EVERYTHING;
}

rf_interval rf_interval_wrap(uint8_t type, rf_interval a)
{
    const rf_interval all = rf_interval_of_type(type);
    if (rf_interval_has(all, a) || type == RF_IR_I128) return a;
    const rf_wide size = (rf_wide)1 << type_bits[type];
    rf_wide width;
    if (__builtin_sub_overflow(a.hi, a.lo, &width) || width >= size) return all;
    rf_wide lo = a.lo & (size - 1); /* as of the unsigned type */
    if (lo > all.hi) lo -= size;
    return lo + width <= all.hi ? (rf_interval){lo, lo + width} : all;
}

/* ---- operations ---- */

static rf_interval divide(rf_interval a, rf_interval b)
{
    const rf_interval parts[] = {rf_interval_meet(b, (rf_interval){RF_WIDE_MIN, -1}), rf_interval_meet(b, (rf_interval){1, RF_WIDE_MAX})};
    rf_interval r = RF_INTERVAL_EMPTY; /* the divisor is never 0; it goes one way on each side of it, so the ends tell */
    for (int i = 0; i < 2; i++) {
        const rf_interval d = parts[i];
        if (rf_interval_is_empty(d)) continue;
        const rf_wide ends[] = {a.lo / d.lo, a.lo / d.hi, a.hi / d.lo, a.hi / d.hi};
        for (int k = 0; k < 4; k++) r = rf_interval_join(r, rf_interval_one(ends[k]));
    }
    return r;
}

static rf_wide magnitude(rf_wide n)
{
    return n < 0 ? -n : n;
}

static rf_interval remainder_of(rf_interval a, rf_interval b)
{
    const rf_wide x = magnitude(b.lo), y = magnitude(b.hi), most = (x > y ? x : y) - 1;
    const rf_wide least = b.lo > 0 ? b.lo : b.hi < 0 ? -b.hi : 1; /* of the magnitude of the divisor */
    if (rf_interval_is_one(a) && rf_interval_is_one(b) && b.lo != 0) return rf_interval_one(a.lo % b.lo);
    if (a.lo > -least && a.hi < least) return a;
    return (rf_interval){a.lo >= 0 ? 0 : a.lo > -most ? a.lo : -most, a.hi <= 0 ? 0 : a.hi < most ? a.hi : most};
}

static rf_interval both_bits(rf_interval a, rf_interval b, rf_interval all)
{
    if (a.lo < 0 && b.lo < 0) return all;
    if (rf_interval_is_one(a) && rf_interval_is_one(b)) return rf_interval_one(a.lo & b.lo);
    /* What is not negative bounds the result, whatever the bits of the other. */
    const rf_wide most = a.lo < 0 ? b.hi : b.lo < 0 ? a.hi : a.hi < b.hi ? a.hi : b.hi;
    return (rf_interval){0, most};
}

static rf_interval shift_right(rf_interval a, rf_interval by)
{
    if (rf_interval_is_one(by) && by.lo >= 0 && by.lo < 127) return (rf_interval){a.lo >> by.lo, a.hi >> by.lo};
    return (rf_interval){a.lo < 0 ? a.lo : 0, a.hi < 0 ? -1 : a.hi};
}

static rf_interval either_bits(rf_interval a, rf_interval b, rf_interval all)
{
    if (a.lo < 0 || b.lo < 0) return all;
    rf_wide most = a.hi > b.hi ? a.hi : b.hi;
    for (unsigned by = 1; by < 64; by *= 2) most |= most >> by; /* all bits below the highest one */
    return (rf_interval){a.lo > b.lo ? a.lo : b.lo, most};
}

static rf_interval shift_left(uint8_t type, rf_interval a, rf_interval by)
{
    if (!rf_interval_is_one(by) || by.lo < 0 || by.lo >= 64) return rf_interval_of_type(type);
    return rf_interval_wrap(type, rf_interval_exact(RF_IR_MUL, a, rf_interval_one((rf_wide)1 << by.lo)));
}

rf_interval rf_interval_binary(uint8_t op, uint8_t type, rf_interval a, rf_interval b)
{
    const rf_interval all = rf_interval_of_type(type);
    rf_interval r = all;
    switch (op) {
    case RF_IR_ADD:
    case RF_IR_SUB:
    case RF_IR_MUL: return rf_interval_wrap(type, rf_interval_exact(op, a, b));
    case RF_IR_DIV:
        if (type != RF_IR_I128) r = divide(a, b);
        break;
    case RF_IR_MOD:
        if (type != RF_IR_I128) r = remainder_of(a, b);
        break;
    case RF_IR_AND: r = both_bits(a, b, all); break;
    case RF_IR_OR:
        if (type != RF_IR_I128) r = either_bits(a, b, all);
        break;
    case RF_IR_MIN: return (rf_interval){a.lo < b.lo ? a.lo : b.lo, a.hi < b.hi ? a.hi : b.hi};
    case RF_IR_SHL: return shift_left(type, a, b);
    case RF_IR_SHR: r = shift_right(a, b); break;
    default: break;
    }
    r = rf_interval_meet(r, all);
    return rf_interval_is_empty(r) ? all : r; /* of what never happens */
}

rf_interval rf_interval_compare(uint8_t op, rf_interval a, rf_interval b)
{
    const bool below = a.hi < b.lo, not_above = a.hi <= b.lo, above = a.lo > b.hi, not_below = a.lo >= b.hi;
    bool holds = false, fails = false;
    switch (op) {
    case RF_IR_LT: holds = below, fails = not_below; break;
    case RF_IR_LE: holds = not_above, fails = above; break;
    case RF_IR_GT: holds = above, fails = not_above; break;
    case RF_IR_GE: holds = not_below, fails = below; break;
    case RF_IR_EQ: holds = not_above && not_below, fails = below || above; break;
    case RF_IR_NE: holds = below || above, fails = not_above && not_below; break;
    default: break;
    }
    return holds ? rf_interval_one(1) : fails ? rf_interval_one(0) : RF_INTERVAL_BOOL;
}

rf_interval rf_interval_widen(uint8_t type, rf_interval before, rf_interval now)
{
    /* 1 and 0: loops divide by what they count, or take remainders; -1: they count down to 0 */
    static const int64_t stops[] = {1, 0, -1};
    const rf_interval all = rf_interval_of_type(type);
    rf_interval r = before;
    if (now.lo < before.lo) {
        r.lo = all.lo;
        for (size_t i = RF_COUNT_OF(stops); i-- > 0;)
            if (stops[i] <= now.lo) r.lo = stops[i];
    }
    if (now.hi > before.hi) r.hi = now.hi <= 0 ? 0 : all.hi;
    return r;
}
