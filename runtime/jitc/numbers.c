/* Arithmetic, comparisons, branches: on ints, floats and bools in variables; anything else goes the
 * long way. */
#include "jitc/core.h"
#include "jitc/families.h"
#include "jitc/strings.h"

/* ---- arithmetic ---- */

static bool constant_kind(const tr *t, uint32_t index, rf_kind *kind, const rf_wire_constant **k)
{
    *k = &t->s->constants[index];
    *kind = (*k)->head == RF_INT     ? RF_KIND_INT
            : (*k)->head == RF_FLOAT ? RF_KIND_FLOAT
                                     : RF_KIND_MEMORY;
    return *kind != RF_KIND_MEMORY;
}

typedef struct operand_value {
    rf_kind kind;
    rvalue i, d;
    bool is_constant;
    int64_t value;
} operand_value;

static operand_value of_int(tr *t, int64_t n)
{
    return (operand_value){.kind = RF_KIND_INT,
                           .i = constant(t, n),
                           .d = real(t, (double)n),
                           .is_constant = true,
                           .value = n};
}
static operand_value of_register(tr *t, uint32_t reg, unsigned index)
{
    operand_value n = {.kind = operand(t, reg, index)};
    if (n.kind == RF_KIND_INT || n.kind == RF_KIND_BOOL) n.i = as_int(t, reg);
    if (is_number(n.kind)) n.d = as_float(t, reg);
    return n;
}
static operand_value of_constant(tr *t, uint32_t index)
{
    const rf_wire_constant *k;
    operand_value n = {.kind = RF_KIND_MEMORY};
    if (!constant_kind(t, index, &n.kind, &k)) return n;
    if (n.kind == RF_KIND_INT) return of_int(t, (int64_t)k->bits);
    double d;
    memcpy(&d, &k->bits, sizeof d);
    n.d = real(t, d);
    return n;
}

static rvalue checked(tr *t, rf_ir_op op, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    if (t->all->unit->request.wraps) return keep(t, RF_IR_I64, binary(t, op, a, b));
    lvalue result = variable(t, RF_IR_I64, "r");
    rf_ir_block *next = new_block(t);
    watch_guard(t, RF_EXIT_GUARD);
    rf_ir_checked(F, t->block, t->here, result, op, a, b, next, exit_block(t, RF_EXIT_GUARD));
    t->block = next;
    return value_of(t, result);
}

static rf_ir_op divider_of(rf_op_kind op)
{
    return op == RF_OPER_DIV ? RF_IR_DIV : RF_IR_MOD;
}

__extension__ typedef unsigned __int128 wide_int;

/* Is division by it a multiplication? By powers of two it is a shift. */
static bool is_multiplied(int64_t divisor)
{
    return divisor > 2 && (divisor & (divisor - 1)) != 0;
}

/* x / divisor or x % divisor.  Most of what is divided is neither negative nor very large: that way is shorter than gcc's
 * for any int, by up to three of the steps in a row that loops wait for which carry a remainder from turn to turn. */
static rvalue divided(tr *t, rf_op_kind op, rvalue x, int64_t divisor)
{
    /* C: if ((uint64_t)x < 1 << 62) q = ((__int128)x * magic >> 64) >> (shift - 1), r = x - q * divisor;
     * With shift = floor(log2(divisor)) and magic = floor(2^(63 + shift) / divisor) + 1 < 2^63, magic * divisor exceeds
     * that power by at most divisor < 2^(shift + 1), so q is exact for x < 2^62 (Granlund and Montgomery, PLDI 1994). */
    if (!EMITS) return NULL;
    const unsigned shift = 63 - (unsigned)__builtin_clzll((uint64_t)divisor);
    const int64_t magic = (int64_t)(((wide_int)1 << (63 + shift)) / (uint64_t)divisor) + 1;
    const uint8_t wide = RF_IR_I128, u = RF_IR_U64;
    rf_ir_block *plain = new_block(t), *other = new_block(t), *next = new_block(t);
    lvalue result = variable(t, RF_IR_I64, "q");
    branch(t, likely(t, test(t, RF_IR_LT, cast(t, x, u), cast(t, constant(t, INT64_C(1) << 62), u))), plain, other);
    t->block = plain;
    rvalue product = binary(t, RF_IR_MUL, cast(t, x, wide), cast(t, constant(t, magic), wide));
    rvalue quotient = keep(t, RF_IR_I64, cast(t, binary(t, RF_IR_SHR, product, cast(t, constant(t, 63 + shift), wide)), RF_IR_I64));
    rvalue last = quotient;
    if (op == RF_OPER_MOD) last = binary(t, RF_IR_SUB, x, binary(t, RF_IR_MUL, quotient, constant(t, divisor)));
    if (op == RF_OPER_MOD && divisor <= UINT32_MAX) last = cast(t, cast(t, last, RF_IR_U32), RF_IR_I64); /* so gcc knows how large it is */
    assign(t, result, last);
    jump(t, next);
    t->block = other;
    assign(t, result, binary(t, divider_of(op), x, constant(t, divisor)));
    jump(t, next);
    t->block = next;
    return value_of(t, result);
}

static bool arithmetic(tr *t, rf_op_kind op, uint32_t a, operand_value x, operand_value y,
                       uint32_t used1, uint32_t used2)
{
    if (!is_number(x.kind) || !is_number(y.kind)) return false;
    rvalue r = NULL;
    const bool on_ints = x.kind == RF_KIND_INT && y.kind == RF_KIND_INT;
    if (on_ints) {
        switch (op) {
        case RF_OPER_ADD: r = checked(t, RF_IR_ADD, x.i, y.i); break;
        case RF_OPER_SUB: r = checked(t, RF_IR_SUB, x.i, y.i); break;
        case RF_OPER_MUL: r = checked(t, RF_IR_MUL, x.i, y.i); break;
        default:
            if (y.is_constant && (y.value == 0 || y.value == -1)) return false;
            if (!y.is_constant) {
                guard(t, test(t, RF_IR_NE, y.i, constant(t, 0)));
                guard(t, test(t, RF_IR_NE, y.i, constant(t, -1)));
            }
            r = y.is_constant && is_multiplied(y.value) ? divided(t, op, x.i, y.value)
                                                        : binary(t, divider_of(op), x.i, y.i);
            break;
        }
    } else {
        switch (op) {
        case RF_OPER_ADD: r = binary(t, RF_IR_ADD, x.d, y.d); break;
        case RF_OPER_SUB: r = binary(t, RF_IR_SUB, x.d, y.d); break;
        case RF_OPER_MUL: r = binary(t, RF_IR_MUL, x.d, y.d); break;
        default:
            guard(t, test(t, RF_IR_NE, y.d, real(t, 0.0)));
            if (op == RF_OPER_DIV) {
                r = binary(t, RF_IR_DIV, x.d, y.d);
            } else if (EMITS) {
                rvalue args[] = {x.d, y.d};
                r = call_value(t, RF_FN(fmod), 2, args);
            }
            break;
        }
    }
    if (used1 != UINT32_MAX) use(t, used1);
    if (used2 != UINT32_MAX) use(t, used2);
    if (on_ints)
        put_int(t, a, r, RF_KIND_INT);
    else
        put_float(t, a, r);
    return true;
}

void rf_do_binary(tr *t, rf_op_kind op, unsigned form)
{
    const rf_instruction in = t->s->code[t->at];
    operand_value x = form == 3 ? of_constant(t, in.b) : of_register(t, in.b, 1);
    operand_value y = form == 1   ? of_int(t, (int16_t)in.c)
                      : form == 2 ? of_constant(t, in.c)
                                  : of_register(t, in.c, 2);
    if (!arithmetic(t, op, in.a, x, y, form == 3 ? UINT32_MAX : in.b,
                    form == 0 || form == 3 ? in.c : UINT32_MAX))
        long_way(t);
}

static rvalue negated(tr *t, rvalue condition)
{
    return EMITS ? unary(t, RF_IR_NOT, condition)
                 : NULL;
}

/* rf_floats_equal */
static rvalue floats_equal(tr *t, rvalue a, rvalue b)
{
    if (!EMITS) return NULL;
    rvalue x = keep(t, RF_IR_F64, a), y = keep(t, RF_IR_F64, b);
    rvalue difference = keep(t, RF_IR_F64, binary(t, RF_IR_SUB, x, y));
    rvalue below = test(t, RF_IR_LT, difference, real(t, 2.220446049250313e-16));
    rvalue above = test(t, RF_IR_GT, difference, real(t, -2.220446049250313e-16));
    rvalue near = binary(t, RF_IR_BOTH, below, above);
    return binary(t, RF_IR_EITHER, test(t, RF_IR_EQ, x, y), near);
}

/* x op y; false when it is no matter of numbers of one kind (the VM knows) */
static bool comparison(tr *t, rf_op_kind op, operand_value x, operand_value y, rvalue *holds)
{
    static const rf_ir_op tests[] = {
        [RF_OPER_EQ] = RF_IR_EQ, [RF_OPER_NE] = RF_IR_NE,
        [RF_OPER_LT] = RF_IR_LT, [RF_OPER_LE] = RF_IR_LE,
        [RF_OPER_GT] = RF_IR_GT, [RF_OPER_GE] = RF_IR_GE};
    const bool is_equality = op == RF_OPER_EQ || op == RF_OPER_NE;
    if (x.kind == RF_KIND_INT && y.kind == RF_KIND_INT) {
        *holds = test(t, tests[op], x.i, y.i);
        return true;
    }
    if (is_equality && x.kind == RF_KIND_BOOL && y.kind == RF_KIND_BOOL) {
        *holds = test(t, tests[op], x.i, y.i);
        return true;
    }
    if (!is_number(x.kind) || !is_number(y.kind)) return false;
    if (x.kind != y.kind && !(x.kind == RF_KIND_FLOAT && y.is_constant)) return false;
    if (is_equality) {
        *holds = floats_equal(t, x.d, y.d);
        if (op == RF_OPER_NE) *holds = negated(t, *holds);
    } else {
        *holds = test(t, tests[op], x.d, y.d);
    }
    return true;
}

/* Texts: x == y, x != y. form 0: R[y], 2: K[y]. False: not both are strings. */
static bool text_comparison(tr *t, rf_op_kind op, uint32_t x, unsigned x_field, uint32_t y, unsigned form, rvalue *holds)
{
    if (op != RF_OPER_EQ && op != RF_OPER_NE) return false;
    if (form == 2 && t->s->constants[y].head != RF_STRING) return false;
    if (!is_string_operand(t, x, x_field)) return false;
    if (form == 0 && !is_string_operand(t, y, x_field + 1)) return false;
    rvalue a = object_at(t, x), b = NULL;
    if (form == 0)
        b = object_at(t, y);
    else if (EMITS)
        b = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, part(t, rf_base_address(t, RF_WIRE_BASE_CONSTANTS, t->number, 0),
                                                             y * sizeof(rf_value), RF_IR_VALUE))));
    const bool are_characters = form == 0 && is_character(&t->now[x]) && is_character(&t->now[y]);
    *holds = are_characters ? test(t, RF_IR_EQ, a, b) : strings_equal(t, a, b);
    if (op == RF_OPER_NE) *holds = negated(t, *holds);
    *holds = keep(t, RF_IR_BOOL, *holds);
    return true;
}

/* R[x] == null, R[x] != null, by the head alone unless x may be an instance whose declaration says what `==` is.
 * False: it is no such comparison. */
static bool null_comparison(tr *t, rf_op_kind op, uint32_t x, uint32_t y, unsigned form, rvalue *holds)
{
    if ((op != RF_OPER_EQ && op != RF_OPER_NE) || form != 2 || t->s->constants[y].head != RF_NULL) return false;
    if (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST) return false;
    const rf_kind kind = t->now[x].kind;
    const bool may_be_null = kind == RF_KIND_MEMORY;
    if (EMITS && (may_be_null || kind == RF_KIND_STRUCT)) {
        /* C: if (head == RF_STRUCT && instance->layout->def->has_overloads) leave */
        lvalue slot = reg_slot(t, x);
        rf_ir_block *instance = new_block(t), *next = new_block(t);
        branch(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_STRUCT)), instance, next);
        t->block = instance;
        rvalue layout = value_of(t, part(t, value_of(t, slot_object(t, slot)), offsetof(rf_struct, layout), RF_IR_POINTER));
        rvalue def = value_of(t, part(t, layout, offsetof(rf_layout, def), RF_IR_POINTER));
        guard(t, test(t, RF_IR_EQ, value_of(t, part(t, def, offsetof(rf_structdef, has_overloads), RF_IR_U8)),
                      number(t, RF_IR_U8, 0)));
        jump(t, next);
        t->block = next;
    }
    if (!EMITS) return true;
    *holds = may_be_null ? test(t, RF_IR_EQ, value_of(t, slot_head(t, reg_slot(t, x))), constant(t, RF_NULL))
                         : test(t, RF_IR_EQ, constant(t, 0), constant(t, 1));
    if (op == RF_OPER_NE) *holds = negated(t, *holds);
    *holds = keep(t, RF_IR_BOOL, *holds);
    return true;
}

void rf_do_compare(tr *t, rf_op_kind op)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue holds = NULL;
    if (text_comparison(t, op, in.b, 1, in.c, 0, &holds)) {
        drop_value(t, in.b);
        drop_value(t, in.c);
        put_bool(t, in.a, holds);
        return;
    }
    operand_value x = of_register(t, in.b, 1), y = of_register(t, in.c, 2);
    if (!comparison(t, op, x, y, &holds)) {
        long_way(t);
        return;
    }
    holds = keep(t, RF_IR_BOOL, holds);
    use(t, in.b);
    use(t, in.c);
    put_bool(t, in.a, holds);
}

void rf_do_compare_jump(tr *t, rf_op_kind op, unsigned form, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue holds = NULL;
    if (null_comparison(t, op, in.a, in.b, form, &holds) ||
        (form != 1 && text_comparison(t, op, in.a, 0, in.b, form, &holds))) {
        drop_value(t, in.a);
        if (form == 0) drop_value(t, in.b);
        if (sense)
            go_if(t, holds, jump_target(t), t->at + 1);
        else
            go_if(t, holds, t->at + 1, jump_target(t));
        return;
    }
    operand_value x = of_register(t, in.a, 0);
    operand_value y = form == 0   ? of_register(t, in.b, 1)
                      : form == 1 ? of_int(t, (int16_t)in.b)
                                  : of_constant(t, in.b);
    if (!comparison(t, op, x, y, &holds)) {
        long_jump(t);
        return;
    }
    holds = keep(t, RF_IR_BOOL, holds);
    use(t, in.a);
    if (form == 0) use(t, in.b);
    if (sense)
        go_if(t, holds, jump_target(t), t->at + 1);
    else
        go_if(t, holds, t->at + 1, jump_target(t));
}

void rf_do_truth_jump(tr *t, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.a, 0);
    if (kind != RF_KIND_BOOL && kind != RF_KIND_INT) {
        long_jump(t);
        return;
    }
    rvalue holds =
        keep(t, RF_IR_BOOL, test(t, RF_IR_NE, as_int(t, in.a), constant(t, 0)));
    use(t, in.a);
    if (sense)
        go_if(t, holds, jump_target(t), t->at + 1);
    else
        go_if(t, holds, t->at + 1, jump_target(t));
}

void rf_do_load_constant(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const operand_value n = of_constant(t, (uint32_t)in.wide);
    if (n.kind == RF_KIND_INT) {
        put_int(t, in.a, n.i, RF_KIND_INT);
    } else if (n.kind == RF_KIND_FLOAT) {
        put_float(t, in.a, n.d);
    } else {
        lvalue slot = part(t, rf_base_address(t, RF_WIRE_BASE_CONSTANTS, t->number, 0),
                           (uint64_t)in.wide * sizeof(rf_value), RF_IR_VALUE);
        deliver_or_lend(t, in.a, (loaded){.kind = RF_KIND_MEMORY, .slot = slot}, rf_is_only_looked_at(t, in.a, UINT32_MAX));
        if (t->s->constants[in.wide].head == RF_STRING) t->now[in.a].kind = RF_KIND_STRING;
    }
}

void rf_do_negate(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.b, 1);
    if (kind == RF_KIND_INT) {
        guard(t, test(t, RF_IR_NE, as_int(t, in.b), constant(t, INT64_MIN)));
        rvalue r = keep(t, RF_IR_I64,
                        EMITS ? unary(t, RF_IR_NEG, as_int(t, in.b))
                              : NULL);
        use(t, in.b);
        put_int(t, in.a, r, RF_KIND_INT);
    } else if (kind == RF_KIND_FLOAT) {
        rvalue r = keep(t, RF_IR_F64,
                        EMITS ? unary(t, RF_IR_NEG, as_float(t, in.b))
                              : NULL);
        use(t, in.b);
        put_float(t, in.a, r);
    } else {
        long_way(t);
    }
}

void rf_do_truth(tr *t, bool negates)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_kind kind = operand(t, in.b, 1);
    if (kind != RF_KIND_BOOL && kind != RF_KIND_INT) {
        long_way(t);
        return;
    }
    rvalue holds = keep(t, RF_IR_BOOL,
                        test(t, negates ? RF_IR_EQ : RF_IR_NE,
                             as_int(t, in.b), constant(t, 0)));
    use(t, in.b);
    put_bool(t, in.a, holds);
}

/* R[a] += R[b], where R[a] was read from a place */
void rf_do_add_place(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const operand_value x = of_register(t, in.a, 0), y = of_register(t, in.b, 1);
    if (x.kind != y.kind || !arithmetic(t, RF_OPER_ADD, in.a, x, y, in.b, UINT32_MAX)) long_way(t);
}

void rf_do_not_equal_jump(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    rvalue holds = NULL;
    if (text_comparison(t, RF_OPER_NE, in.a, 0, in.b, 2, &holds)) {
        go_if(t, holds, jump_target(t), t->at + 1);
        return;
    }
    const operand_value x = of_register(t, in.a, 0), y = of_constant(t, in.b);
    if (x.kind != RF_KIND_INT || y.kind != RF_KIND_INT) {
        long_jump(t);
        return;
    }
    go_if(t, test(t, RF_IR_NE, x.i, y.i), jump_target(t), t->at + 1);
}
