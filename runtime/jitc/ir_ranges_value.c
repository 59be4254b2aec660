/* Intervals of expressions, and what they make simpler. */
#include "jitc/ir_ranges.h"

#include "base/base.h"

/* Sums of offsets stay far from where they would overflow. */
static const rf_interval offsets = {-(INT64_C(1) << 61), INT64_C(1) << 61};

#define UNKNOWN ((rf_interval){RF_WIDE_MIN, RF_WIDE_MAX})

rf_interval rf_ranges_of_version(const ranges *p, uint32_t version)
{
    const range_version *v = rf_ranges_version(p, version);
    if (!v->base) return v->now;
    const rf_interval base = rf_interval_exact(RF_IR_ADD, p->versions[v->base].now, rf_interval_one(v->offset));
    const rf_interval r = rf_interval_meet(v->now, base);
    return rf_interval_is_empty(r) ? v->now : r; /* where nothing comes */
}

rf_interval rf_ranges_peek(ranges *p, rf_ir_expr *e)
{
    const bool rewrites = p->rewrites;
    p->rewrites = false;
    const rf_interval r = rf_ranges_of(p, e);
    p->rewrites = rewrites;
    return r;
}

static bool is_sum(const rf_ir_expr *e)
{
    return e->op == RF_IR_ADD || e->op == RF_IR_SUB || e->op == RF_IR_MUL;
}

rf_interval rf_ranges_as_signed(ranges *p, rf_ir_expr *e)
{
    if (e->type == RF_IR_U64 && is_sum(e))
        return rf_interval_binary(e->op, RF_IR_I64, rf_ranges_as_signed(p, e->operands[0]), rf_ranges_as_signed(p, e->operands[1]));
    if (e->op == RF_IR_CAST && e->type == RF_IR_U64 && e->operands[0]->type == RF_IR_I64) return rf_ranges_peek(p, e->operands[0]);
    return rf_interval_wrap(RF_IR_I64, rf_ranges_peek(p, e));
}

/* ---- linear expressions and facts ---- */

static bool shifted(range_linear a, rf_interval by, bool is_minus, range_linear *out)
{
    if (!rf_interval_is_one(by) || !rf_interval_has(offsets, by)) return false;
    const rf_wide offset = a.offset + (is_minus ? -by.lo : by.lo);
    if (!rf_interval_has(offsets, rf_interval_one(offset))) return false;
    *out = (range_linear){a.base, (int64_t)offset};
    return true;
}

bool rf_ranges_linear_sum(ranges *p, rf_ir_expr *e, range_linear *out)
{
    if (e->op != RF_IR_ADD && e->op != RF_IR_SUB) return false;
    rf_ir_expr *a = e->operands[0], *b = e->operands[1];
    const rf_interval more = rf_ranges_peek(p, b);
    if (rf_interval_is_one(more)) return rf_ranges_linear(p, a, out) && shifted(*out, more, e->op == RF_IR_SUB, out);
    return e->op == RF_IR_ADD && rf_ranges_linear(p, b, out) && shifted(*out, rf_ranges_peek(p, a), false, out);
}

bool rf_ranges_linear(ranges *p, rf_ir_expr *e, range_linear *out)
{
    if (!rf_interval_is_type(e->type)) return false;
    const rf_interval all = rf_interval_of_type(e->type);
    switch (e->op) {
    case RF_IR_INT:
        *out = (range_linear){0, e->i};
        return rf_interval_has(offsets, rf_ranges_peek(p, e));
    case RF_IR_READ: {
        const range_version *v = rf_ranges_version(p, e->read.version);
        *out = v->base ? (range_linear){v->base, v->offset} : (range_linear){(uint32_t)(v - p->versions), 0};
        return true;
    }
    case RF_IR_CAST:
        return rf_interval_is_type(e->operands[0]->type) && rf_interval_has(all, rf_ranges_peek(p, e->operands[0])) &&
               rf_ranges_linear(p, e->operands[0], out);
    case RF_IR_ADD:
    case RF_IR_SUB:
        return rf_interval_has(all, rf_interval_exact(e->op, rf_ranges_peek(p, e->operands[0]), rf_ranges_peek(p, e->operands[1]))) &&
               rf_ranges_linear_sum(p, e, out);
    default: return false;
    }
}

enum { MOST_FACTS = 8, MOST_STEPS = 2 }; /* that a question looks at: of a version, and one behind another */

static bool is_not_above(const ranges *p, uint32_t a, uint32_t b, rf_wide more, unsigned steps)
{
    if (a == b) return more >= 0;
    unsigned count = 0;
    for (uint32_t i = p->versions[a].facts; i && count < MOST_FACTS; i = p->facts.data[i - 1].next, count++) {
        const range_fact *fact = &p->facts.data[i - 1];
        if (fact->other == b && fact->more <= more) return true;
        if (steps && is_not_above(p, fact->other, b, more - fact->more, steps - 1)) return true;
    }
    return false;
}

bool rf_ranges_not_above(const ranges *p, range_linear a, range_linear b, int64_t more)
{
    return a.base && b.base && is_not_above(p, a.base, b.base, (rf_wide)b.offset - a.offset + more, MOST_STEPS);
}

static rf_interval compare(ranges *p, const rf_ir_expr *e, const rf_interval x[2])
{
    rf_interval r = rf_interval_compare(e->op, x[0], x[1]);
    range_linear a, b;
    if (p->phase == RANGES_GROW || rf_interval_is_one(r) || rf_interval_is_one(x[0]) || rf_interval_is_one(x[1])) return r;
    if (!rf_ranges_linear(p, e->operands[0], &a) || !rf_ranges_linear(p, e->operands[1], &b)) return r;
    /* What is known of a - b, as an interval of its sign. */
    const rf_interval sign = {rf_ranges_not_above(p, b, a, -1) ? 1 : rf_ranges_not_above(p, b, a, 0) ? 0 : -1,
                              rf_ranges_not_above(p, a, b, -1) ? -1 : rf_ranges_not_above(p, a, b, 0) ? 0 : 1};
    return rf_interval_is_empty(sign) ? r : rf_interval_compare(e->op, sign, rf_interval_one(0));
}

/* ---- remainders of divisions that are multiplications ---- */

static bool are_same(const ranges *p, const rf_ir_expr *a, const rf_ir_expr *b)
{
    if (a->op == RF_IR_READ && b->op == RF_IR_READ) return rf_ranges_version(p, a->read.version) == rf_ranges_version(p, b->read.version);
    return rf_ir_is_same(a, b);
}

/* Is x * magic >> shift x / d, for x up to hi?  With magic * d = 2^shift + error that is so while x * error < 2^shift. */
static bool is_exact(rf_wide hi, rf_wide magic, rf_wide shift, rf_wide d)
{
    const rf_wide power = (rf_wide)1 << shift;
    rf_wide whole, all;
    if (__builtin_mul_overflow(magic, d, &whole) || whole <= power) return false;
    return !__builtin_mul_overflow(hi, whole - power, &all) && all < power;
}

/* Is e x / d, written so? */
static bool is_quotient(ranges *p, const rf_ir_expr *e, const rf_ir_expr *x, rf_interval range, rf_wide d)
{
    if (e->op == RF_IR_READ) e = rf_ranges_definition(p, e->read.version);
    if (!e || e->op != RF_IR_CAST || e->operands[0]->op != RF_IR_SHR || e->operands[0]->type != RF_IR_I128) return false;
    const rf_ir_expr *product = e->operands[0]->operands[0];
    const rf_interval shift = rf_ranges_peek(p, e->operands[0]->operands[1]);
    if (product->op != RF_IR_MUL || product->operands[0]->op != RF_IR_CAST || !are_same(p, product->operands[0]->operands[0], x)) return false;
    const rf_interval magic = rf_ranges_peek(p, product->operands[1]);
    if (!rf_interval_is_one(shift) || !rf_interval_is_one(magic) || shift.lo < 0 || shift.lo >= 126) return false;
    return is_exact(range.hi, magic.lo, shift.lo, d);
}

/* x - x / d * d */
static bool is_remainder(ranges *p, const rf_ir_expr *e, rf_interval x, rf_interval *out)
{
    const rf_ir_expr *product = e->operands[1];
    if (e->type != RF_IR_I64 || x.lo < 0 || product->op != RF_IR_MUL) return false;
    const rf_interval d = rf_ranges_peek(p, product->operands[1]);
    if (!rf_interval_is_one(d) || d.lo <= 0 || !is_quotient(p, product->operands[0], e->operands[0], x, d.lo)) return false;
    *out = rf_interval_binary(RF_IR_MOD, RF_IR_I64, x, d);
    return true;
}

/* ---- intervals ---- */

static rf_interval cast(ranges *p, rf_ir_expr *e, rf_interval x)
{
    rf_ir_expr *from = e->operands[0];
    if (!rf_interval_is_type(from->type)) return rf_interval_of_type(e->type);
    if (e->type == RF_IR_BOOL) return rf_interval_compare(RF_IR_NE, x, rf_interval_one(0));
    const rf_interval r = rf_interval_wrap(e->type, x);
    if (e->type != RF_IR_I64 || from->type != RF_IR_U64 || rf_interval_is_one(r)) return r;
    const rf_interval both = rf_interval_meet(r, rf_ranges_as_signed(p, from)); /* (i64)((u64)a + (u64)b) is a + b */
    return rf_interval_is_empty(both) ? r : both;
}

static rf_interval of_operation(ranges *p, rf_ir_expr *e, const rf_interval x[2])
{
    rf_interval r;
    switch (e->op) {
    case RF_IR_INT: return rf_interval_wrap(e->type, rf_interval_one(e->i));
    case RF_IR_READ: return rf_ranges_of_version(p, e->read.version);
    case RF_IR_SUB:
        if (is_remainder(p, e, x[0], &r)) return r;
        return rf_interval_binary(e->op, e->type, x[0], x[1]);
    case RF_IR_ADD:
    case RF_IR_MUL:
    case RF_IR_DIV:
    case RF_IR_MOD:
    case RF_IR_AND:
    case RF_IR_OR:
    case RF_IR_SHL:
    case RF_IR_SHR:
    case RF_IR_MIN: return rf_interval_binary(e->op, e->type, x[0], x[1]);
    case RF_IR_NEG: return rf_interval_binary(RF_IR_SUB, e->type, rf_interval_one(0), x[0]);
    case RF_IR_BOTH: return (rf_interval){x[0].lo & x[1].lo, x[0].hi & x[1].hi};
    case RF_IR_EITHER: return (rf_interval){x[0].lo | x[1].lo, x[0].hi | x[1].hi};
    case RF_IR_NOT: return (rf_interval){1 - x[0].hi, 1 - x[0].lo};
    case RF_IR_LIKELY: return x[0];
    case RF_IR_CAST: return cast(p, e, x[0]);
    default: break;
    }
    if (rf_ir_is_comparison(e->op) && rf_interval_is_type(e->operands[0]->type)) return compare(p, e, x);
    return rf_interval_of_type(e->type);
}

/* ---- simpler expressions ---- */

static bool is_power(rf_wide n)
{
    return n > 1 && (n & (n - 1)) == 0;
}

/* x / 2^n is x >> n and x % 2^n is x & (2^n - 1) while x is not negative. */
static void rewrite_division(rf_ir_expr *e, const rf_interval x[2])
{
    if (x[0].lo < 0 || x[1].lo <= 0) return;
    rf_ir_expr *by = e->operands[1];
    if (e->op == RF_IR_MOD && x[0].hi < x[1].lo && !rf_ir_does_something(by)) {
        *e = *e->operands[0];
        return;
    }
    if (by->op != RF_IR_INT || !is_power(x[1].lo)) return;
    const int64_t n = (int64_t)x[1].lo;
    by->i = e->op == RF_IR_DIV ? __builtin_ctzll((uint64_t)n) : n - 1;
    e->op = e->op == RF_IR_DIV ? RF_IR_SHR : RF_IR_AND;
}

/* (i128)x * magic >> shift, which is x / d, in 64 bits: gcc makes variables of loops of the products, and those of 128 bits are
 * dear.  With 2^shift > hi * d any multiplier up to 2^shift / d + 1 is exact, and times hi it is below 2 * hi * hi + hi. */
static void narrow_quotient(ranges *p, rf_ir_expr *e)
{
    rf_ir_expr *product = e->operands[0];
    if (product->op != RF_IR_MUL || product->operands[0]->op != RF_IR_CAST) return;
    rf_ir_expr *x = product->operands[0]->operands[0];
    const rf_interval range = rf_ranges_peek(p, x), old = rf_ranges_peek(p, e->operands[1]), magic = rf_ranges_peek(p, product->operands[1]);
    if (x->type != RF_IR_I64 || range.lo < 0 || range.hi > INT32_MAX || !rf_interval_is_one(old) || !rf_interval_is_one(magic)) return;
    if (old.lo < 0 || old.lo >= 126 || magic.lo <= 1) return;
    const rf_wide d = (((rf_wide)1 << old.lo) + magic.lo - 1) / magic.lo;
    if (d > UINT32_MAX || !is_exact(range.hi, magic.lo, old.lo, d)) return;
    int shift = 0;
    while ((rf_wide)1 << shift <= range.hi * d) shift++;
    rf_ir_expr *narrow = rf_ir_binary(p->f, RF_IR_MUL, x, rf_ir_int(p->f, RF_IR_I64, (int64_t)(((rf_wide)1 << shift) / d) + 1));
    narrow = rf_ir_binary(p->f, RF_IR_SHR, narrow, rf_ir_int(p->f, RF_IR_I64, shift));
    *e = (rf_ir_expr){.op = RF_IR_CAST, .type = RF_IR_I128, .operands = {narrow}};
}

static void rewrite(ranges *p, rf_ir_expr *e, rf_interval r, const rf_interval x[2], bool has_new_operand)
{
    if (e->op == RF_IR_INT) return;
    if (e->op == RF_IR_SHR && e->type == RF_IR_I128) {
        narrow_quotient(p, e);
        return;
    }
    if (rf_interval_is_one(r) && e->type != RF_IR_I128 && !rf_ir_does_something(e)) {
        *e = (rf_ir_expr){.op = RF_IR_INT, .type = e->type, .i = (int64_t)r.lo};
        p->made++;
        return;
    }
    if ((e->op == RF_IR_DIV || e->op == RF_IR_MOD) && e->type != RF_IR_I128)
        rewrite_division(e, x);
    else if (e->op == RF_IR_AND && e->operands[1]->op == RF_IR_INT && is_power(x[1].lo + 1) && x[0].lo >= 0 && x[0].hi <= x[1].lo)
        *e = *e->operands[0];
    else if (e->op == RF_IR_MIN && x[0].hi <= x[1].lo && !rf_ir_does_something(e->operands[1]))
        *e = *e->operands[0];
    else if (has_new_operand)
        rf_ir_simplify(e);
}

void rf_ranges_of_place(ranges *p, rf_ir_place *place)
{
    if (place->of) rf_ranges_of_place(p, place->of);
    if (place->base) rf_ranges_of(p, place->base);
    if (place->index) rf_ranges_of(p, place->index);
}

static void rewrite_inside(ranges *p, rf_ir_expr *e)
{
    if (e->op == RF_IR_LOAD || e->op == RF_IR_ADDRESS) rf_ranges_of_place(p, e->place);
    if (e->op != RF_IR_CALL) return;
    if (e->call->through) rf_ranges_of(p, e->call->through);
    for (uint32_t i = 0; i < e->call->count; i++) rf_ranges_of(p, e->call->args[i]);
}

static rf_interval of_tree(ranges *p, rf_ir_expr *e)
{
    const bool is_int = rf_interval_is_type(e->type);
    const uint32_t made = p->made;
    rf_interval x[2] = {UNKNOWN, UNKNOWN};
    if (!is_int && !p->rewrites) return UNKNOWN;
    for (unsigned i = 0; i < rf_ir_op_operands[e->op]; i++) x[i] = rf_ranges_of(p, e->operands[i]);
    if (p->rewrites) rewrite_inside(p, e);
    if (!is_int) return UNKNOWN;
    const rf_interval r = of_operation(p, e, x);
    if (p->rewrites) rewrite(p, e, r, x, p->made != made);
    return r;
}

rf_interval rf_ranges_of(ranges *p, rf_ir_expr *e)
{
    if (e->op == RF_IR_INT && e->type == RF_IR_I64) return rf_interval_one(e->i);
    if (e->op == RF_IR_READ && !p->rewrites) return rf_ranges_of_version(p, e->read.version);
    return of_tree(p, e);
}
