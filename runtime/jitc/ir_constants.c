/* What operations come to when operands are constant, the same or neutral; see ir.h.
 *
 * Floats are computed only where the program would get the same bits; nothing is reassociated, and x + 0.0 is not x, since
 * -0.0 + 0.0 is 0.0.  Operations of types wider than 64 bits stay: an INT does not hold them. */
#include "jitc/ir.h"

#include <math.h>

static const uint8_t type_bits[RF_IR_TYPES] = {
#define RF_IR_TYPE(name, text, bits) bits,
#include "jitc/ir_type.def"
#undef RF_IR_TYPE
};

enum { BITS = 64 };

static unsigned bits_of(uint8_t type) /* 0: no number that an INT holds */
{
    return type & RF_IR_TO ? BITS : type_bits[type];
}

static bool is_int(uint8_t type) /* that can be computed with */
{
    return !(type & RF_IR_TO) && type_bits[type] > 1;
}

static bool is_signed(uint8_t type)
{
    return type == RF_IR_I32 || type == RF_IR_I64;
}

/* What the type keeps of it, as the 64 bits that an INT holds. */
static int64_t cut(uint8_t type, uint64_t i)
{
    const unsigned away = BITS - bits_of(type);
    return is_signed(type) ? (int64_t)(i << away) >> away : (int64_t)(i << away >> away);
}

static bool is_constant(const rf_ir_expr *e)
{
    return e->op == RF_IR_INT && bits_of(e->type);
}

static bool is_int_of(const rf_ir_expr *e, int64_t i)
{
    return is_constant(e) && cut(e->type, (uint64_t)e->i) == cut(e->type, (uint64_t)i);
}

static void become_int(rf_ir_expr *e, uint8_t type, int64_t i)
{
    *e = (rf_ir_expr){.op = RF_IR_INT, .type = type, .i = i};
}

static void become_float(rf_ir_expr *e, double d)
{
    *e = (rf_ir_expr){.op = RF_IR_FLOAT, .type = RF_IR_F64, .d = d};
}

static void become_bool(rf_ir_expr *e, bool is_true)
{
    become_int(e, RF_IR_BOOL, is_true);
}

/* ---- constant operands ---- */

static bool compare_bits(unsigned op, bool is_less, bool is_equal)
{
    switch (op) {
    case RF_IR_EQ: return is_equal;
    case RF_IR_NE: return !is_equal;
    case RF_IR_LT: return is_less;
    case RF_IR_LE: return is_less || is_equal;
    case RF_IR_GT: return !is_less && !is_equal;
    default: return !is_less;
    }
}

static bool compare_ints(unsigned op, uint8_t type, int64_t a, int64_t b)
{
    return compare_bits(op, is_signed(type) ? a < b : (uint64_t)a < (uint64_t)b, a == b);
}

static bool compare_floats(unsigned op, double a, double b)
{
    if (isnan(a) || isnan(b)) return op == RF_IR_NE;
    return compare_bits(op, a < b, a == b);
}

static bool divide(unsigned op, uint8_t type, int64_t a, int64_t b, uint64_t *result)
{
    if (b == 0 || (is_signed(type) && b == -1)) return false; /* traps, or may */
    if (is_signed(type))
        *result = (uint64_t)(op == RF_IR_DIV ? a / b : a % b);
    else
        *result = op == RF_IR_DIV ? (uint64_t)a / (uint64_t)b : (uint64_t)a % (uint64_t)b;
    return true;
}

static bool shift(unsigned op, uint8_t type, int64_t a, int64_t by, uint64_t *result)
{
    if ((uint64_t)by >= bits_of(type)) return false; /* has no meaning */
    *result = op == RF_IR_SHL ? (uint64_t)a << by : is_signed(type) ? (uint64_t)(a >> by) : (uint64_t)a >> by;
    return true;
}

static bool compute_ints(unsigned op, uint8_t type, int64_t a, int64_t b, uint64_t *result)
{
    const uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch (op) {
    case RF_IR_ADD: *result = x + y; return true;
    case RF_IR_SUB: *result = x - y; return true;
    case RF_IR_MUL: *result = x * y; return true;
    case RF_IR_AND: *result = x & y; return true;
    case RF_IR_OR: *result = x | y; return true;
    case RF_IR_DIV:
    case RF_IR_MOD: return divide(op, type, a, b, result);
    case RF_IR_SHL:
    case RF_IR_SHR: return shift(op, type, a, b, result);
    default: return false;
    }
}

static bool compute_floats(unsigned op, double a, double b, double *result)
{
    switch (op) {
    case RF_IR_ADD: *result = a + b; break;
    case RF_IR_SUB: *result = a - b; break;
    case RF_IR_MUL: *result = a * b; break;
    case RF_IR_DIV: *result = a / b; break;
    default: return false;
    }
    return !isnan(*result); /* which bits it has is the machine's choice */
}

static bool of_constants(rf_ir_expr *e)
{
    const rf_ir_expr *a = e->operands[0], *b = e->operands[1];
    if (a->op == RF_IR_FLOAT && b->op == RF_IR_FLOAT) {
        double d;
        if (rf_ir_is_comparison(e->op))
            become_bool(e, compare_floats(e->op, a->d, b->d));
        else if (compute_floats(e->op, a->d, b->d, &d))
            become_float(e, d);
        else
            return false;
        return true;
    }
    if (!is_constant(a) || !is_constant(b) || a->type != b->type) return false;
    const int64_t x = cut(a->type, (uint64_t)a->i), y = cut(b->type, (uint64_t)b->i);
    uint64_t i;
    if (rf_ir_is_comparison(e->op))
        become_bool(e, compare_ints(e->op, a->type, x, y));
    else if (is_int(e->type) && compute_ints(e->op, e->type, x, y, &i))
        become_int(e, e->type, cut(e->type, i));
    else
        return false;
    return true;
}

/* ---- neutral operands, and the same twice ---- */

static bool become(rf_ir_expr *e, rf_ir_expr *operand)
{
    *e = *operand;
    return true;
}

/* e, whose operands need not be evaluated, is i. */
static bool be(rf_ir_expr *e, int64_t i)
{
    if (rf_ir_does_something(e)) return false;
    become_int(e, e->type, cut(e->type, (uint64_t)i));
    return true;
}

static bool with_neutral(rf_ir_expr *e)
{
    rf_ir_expr *a = e->operands[0], *b = e->operands[1];
    switch (e->op) {
    case RF_IR_ADD:
    case RF_IR_SUB:
    case RF_IR_SHL:
    case RF_IR_SHR: return is_int_of(b, 0) && become(e, a);
    case RF_IR_OR: return is_int_of(b, 0) ? become(e, a) : is_int_of(b, -1) && be(e, -1);
    case RF_IR_AND: return is_int_of(b, -1) ? become(e, a) : is_int_of(b, 0) && be(e, 0);
    case RF_IR_MUL: return is_int_of(b, 1) ? become(e, a) : is_int_of(b, 0) && be(e, 0);
    case RF_IR_DIV: return is_int_of(b, 1) && become(e, a);
    case RF_IR_MOD: return is_int_of(b, 1) && be(e, 0);
    default: return false;
    }
}

static bool with_same(rf_ir_expr *e)
{
    const rf_ir_expr *a = e->operands[0];
    const bool is_sum = e->op == RF_IR_SUB, is_set = e->op == RF_IR_AND || e->op == RF_IR_OR;
    if (!is_sum && !is_set && !rf_ir_is_comparison(e->op)) return false;
    if (!bits_of(a->type) || !rf_ir_is_pure(a) || !rf_ir_is_same(a, e->operands[1])) return false;
    if (is_set) return become(e, e->operands[0]);
    if (is_sum)
        become_int(e, e->type, 0);
    else
        become_bool(e, compare_bits(e->op, false, true));
    return true;
}

static unsigned swapped(unsigned op) /* b swapped(op) a is a op b; RF_IR_OPS: there is none */
{
    switch (op) {
    case RF_IR_LT: return RF_IR_GT;
    case RF_IR_LE: return RF_IR_GE;
    case RF_IR_GT: return RF_IR_LT;
    case RF_IR_GE: return RF_IR_LE;
    case RF_IR_ADD:
    case RF_IR_MUL:
    case RF_IR_AND:
    case RF_IR_OR:
    case RF_IR_EQ:
    case RF_IR_NE: return op;
    default: return RF_IR_OPS;
    }
}

/* A constant int stands behind. */
static void put_constant_behind(rf_ir_expr *e)
{
    rf_ir_expr *a = e->operands[0];
    if (!is_constant(a) || is_constant(e->operands[1]) || swapped(e->op) == RF_IR_OPS) return;
    e->op = (uint8_t)swapped(e->op);
    e->operands[0] = e->operands[1];
    e->operands[1] = a;
}

/* ---- bools ---- */

static bool negation(rf_ir_expr *e)
{
    rf_ir_expr *a = e->operands[0];
    if (is_constant(a)) {
        become_bool(e, !is_int_of(a, 1));
    } else if (a->op == RF_IR_NOT) {
        *e = *a->operands[0];
    } else if (rf_ir_is_comparison(a->op) && bits_of(a->operands[0]->type)) {
        a->op = rf_ir_negated(a->op);
        *e = *a;
    } else {
        return false;
    }
    return true;
}

/* x && y, x || y; `decides` is the constant that makes the other one vain. */
static bool connection(rf_ir_expr *e, bool decides)
{
    for (unsigned i = 0; i < 2; i++) {
        rf_ir_expr *a = e->operands[i], *other = e->operands[1 - i];
        if (!is_constant(a)) continue;
        if (!is_int_of(a, decides)) return become(e, other);
        if (rf_ir_does_something(other)) continue;
        become_bool(e, decides);
        return true;
    }
    const rf_ir_expr *a = e->operands[0];
    return rf_ir_is_pure(a) && rf_ir_is_same(a, e->operands[1]) && become(e, e->operands[0]);
}

/* A bool, or what one was cast to, compared with a constant: the bool, its negation, or known. */
static bool comparison_of_bool(rf_ir_expr *e)
{
    rf_ir_expr *a = e->operands[0];
    const rf_ir_expr *b = e->operands[1];
    rf_ir_expr *flag = a->op == RF_IR_CAST ? a->operands[0] : a;
    if (!is_constant(b) || flag->type != RF_IR_BOOL || !bits_of(a->type)) return false;
    const int64_t i = cut(b->type, (uint64_t)b->i);
    const bool of_false = compare_ints(e->op, a->type, 0, i), of_true = compare_ints(e->op, a->type, 1, i);
    if (of_false == of_true) {
        if (rf_ir_does_something(flag)) return false;
        become_bool(e, of_true);
    } else if (of_true) {
        *e = *flag;
    } else {
        *e = (rf_ir_expr){.op = RF_IR_NOT, .type = RF_IR_BOOL, .operands = {flag}};
        rf_ir_simplify(e);
    }
    return true;
}

/* ---- casts ---- */

static bool cast_of_constant(rf_ir_expr *e)
{
    const rf_ir_expr *a = e->operands[0];
    if (a->op == RF_IR_FLOAT && e->type == RF_IR_I64) {
        if (!(a->d >= -0x1p63 && a->d < 0x1p63)) return false; /* the machine's choice */
        become_int(e, RF_IR_I64, (int64_t)a->d);
        return true;
    }
    if (!is_constant(a)) return false;
    const int64_t i = cut(a->type, (uint64_t)a->i);
    if (e->type == RF_IR_F64 && is_int(a->type))
        become_float(e, a->type == RF_IR_U64 ? (double)(uint64_t)i : (double)i);
    else if (e->type == RF_IR_BOOL)
        become_bool(e, i != 0);
    else if (bits_of(e->type))
        become_int(e, e->type, cut(e->type, (uint64_t)i));
    else
        return false;
    return true;
}

static bool is_pointer(uint8_t type)
{
    return (type & RF_IR_TO) != 0;
}

/* (outer)(inner)x, where (outer)x is the same */
static bool cast_of_cast(rf_ir_expr *e)
{
    const rf_ir_expr *a = e->operands[0];
    if (a->op != RF_IR_CAST) return false;
    const uint8_t outer = e->type, inner = a->type, type = a->operands[0]->type;
    const bool is_bool = type == RF_IR_BOOL && is_int(inner) && (is_int(outer) || outer == RF_IR_BOOL);
    const bool is_cut = is_int(type) && is_int(inner) && is_int(outer) && bits_of(outer) <= bits_of(inner);
    if (!is_bool && !is_cut && !(is_pointer(type) && is_pointer(inner) && is_pointer(outer))) return false;
    e->operands[0] = a->operands[0];
    return true;
}

static bool cast(rf_ir_expr *e)
{
    if (cast_of_constant(e)) return true;
    const bool is_changed = cast_of_cast(e);
    if (e->operands[0]->type == e->type) return become(e, e->operands[0]);
    return is_changed;
}

/* ---- one operation ---- */

static bool sign_change(rf_ir_expr *e)
{
    const rf_ir_expr *a = e->operands[0];
    if (a->op == RF_IR_FLOAT)
        become_float(e, -a->d);
    else if (is_constant(a) && is_int(a->type))
        become_int(e, a->type, cut(a->type, -(uint64_t)a->i));
    else if (a->op == RF_IR_NEG)
        *e = *a->operands[0];
    else
        return false;
    return true;
}

void rf_ir_simplify(rf_ir_expr *e)
{
    switch (e->op) {
    case RF_IR_CAST: cast(e); return;
    case RF_IR_NEG: sign_change(e); return;
    case RF_IR_NOT: negation(e); return;
    case RF_IR_BOTH: connection(e, false); return;
    case RF_IR_EITHER: connection(e, true); return;
    case RF_IR_LIKELY:
        if (is_constant(e->operands[0]) || e->operands[0]->op == RF_IR_LIKELY) *e = *e->operands[0];
        return;
    default: break;
    }
    if (rf_ir_op_operands[e->op] != 2 || of_constants(e)) return;
    put_constant_behind(e);
    if (rf_ir_is_comparison(e->op) && comparison_of_bool(e)) return;
    if (!with_neutral(e)) with_same(e);
}

bool rf_ir_simplify_end(rf_ir_statement *s)
{
    if (s->kind != RF_IR_BRANCH && s->kind != RF_IR_GUARD) return false;
    while (s->kind == RF_IR_BRANCH && s->value->op == RF_IR_NOT) {
        rf_ir_block *yes = s->yes;
        s->yes = s->no;
        s->no = yes;
        s->value = s->value->operands[0];
    }
    if (!is_constant(s->value)) return false;
    if (!is_int_of(s->value, 1)) s->yes = s->no;
    s->kind = RF_IR_JUMP;
    s->value = NULL;
    s->no = NULL;
    return true;
}
