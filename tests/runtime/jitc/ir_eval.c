/* See ir_eval.h. */
#include "runtime/jitc/ir_eval.h"

#include "base/alloc.h"
#include "value/array.h"

#include <math.h>
#include <string.h>

enum { MOST_STATEMENTS = 20000, MOST_DEPTH = 100 };

typedef struct cell {
    ir_number number;
    bool is_made;    /* something was assigned, which may have been undefined itself */
    bool is_defined;
} cell;

typedef struct machine {
    const rf_ir_function *f;
    const ir_number *args;
    ir_eval_by by;
    cell *cells;            /* by variable or version */
    char **memory;          /* by variable */
    uint32_t depth;
    ir_outcome *outcome;
} machine;

static ir_number broken(machine *m, const char *why)
{
    if (!m->outcome->broken) m->outcome->broken = why;
    return (ir_number){0};
}

static void trace(machine *m, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) /* FNV-1a */
        m->outcome->trace = (m->outcome->trace ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
}

/* ---- numbers ---- */

/* What of a number a type holds. */
static ir_wide cut(uint8_t type, ir_wide i)
{
    switch (type) {
    case RF_IR_BOOL: return i != 0;
    case RF_IR_U8: return (uint8_t)i;
    case RF_IR_U16: return (uint16_t)i;
    case RF_IR_U32: return (uint32_t)i;
    case RF_IR_I32: return (int32_t)(uint32_t)i;
    case RF_IR_I64: return (int64_t)(uint64_t)i;
    case RF_IR_I128:
    case RF_IR_VALUE: return i;
    default: return (uint64_t)i;
    }
}

static size_t size_of(uint8_t type)
{
    switch (type) {
    case RF_IR_BOOL:
    case RF_IR_U8: return 1;
    case RF_IR_U16: return 2;
    case RF_IR_U32:
    case RF_IR_I32: return 4;
    case RF_IR_I128:
    case RF_IR_VALUE: return 16;
    case RF_IR_ARRAY: return sizeof(rf_array);
    default: return 8;
    }
}

__extension__ typedef unsigned __int128 unsigned_wide;

static ir_number on_floats(machine *m, rf_ir_op op, double a, double b)
{
    switch (op) {
    case RF_IR_ADD: return ir_float(a + b);
    case RF_IR_SUB: return ir_float(a - b);
    case RF_IR_MUL: return ir_float(a * b);
    case RF_IR_DIV: return ir_float(a / b);
    case RF_IR_EQ: return ir_int(a == b);
    case RF_IR_NE: return ir_int(a != b);
    case RF_IR_LT: return ir_int(a < b);
    case RF_IR_LE: return ir_int(a <= b);
    case RF_IR_GT: return ir_int(a > b);
    case RF_IR_GE: return ir_int(a >= b);
    default: return broken(m, "no operation of floats");
    }
}

static unsigned bits_of(uint8_t type)
{
    return (unsigned)size_of(type) * 8;
}

static ir_wide divided(machine *m, rf_ir_op op, uint8_t type, ir_wide a, ir_wide b)
{
    if (b == 0) return broken(m, "division by zero").i;
    if (b == -1 && a == INT64_MIN && type == RF_IR_I64) return broken(m, "a quotient that does not fit").i;
    return op == RF_IR_DIV ? a / b : a % b;
}

/* The type is that of the operands. */
static ir_wide on_ints(machine *m, rf_ir_op op, uint8_t type, ir_wide a, ir_wide b)
{
    switch (op) {
    case RF_IR_ADD: return (ir_wide)((unsigned_wide)a + (unsigned_wide)b);
    case RF_IR_SUB: return (ir_wide)((unsigned_wide)a - (unsigned_wide)b);
    case RF_IR_MUL: return (ir_wide)((unsigned_wide)a * (unsigned_wide)b);
    case RF_IR_DIV:
    case RF_IR_MOD: return divided(m, op, type, a, b);
    case RF_IR_AND:
    case RF_IR_BOTH: return a & b;
    case RF_IR_OR:
    case RF_IR_EITHER: return a | b;
    case RF_IR_SHL:
    case RF_IR_SHR:
        if (b < 0 || b >= (ir_wide)bits_of(type)) return broken(m, "a shift by more bits than there are").i;
        return op == RF_IR_SHR ? a >> (unsigned)b : (ir_wide)((unsigned_wide)a << (unsigned)b);
    case RF_IR_MIN: return a < b ? a : b;
    case RF_IR_EQ: return a == b;
    case RF_IR_NE: return a != b;
    case RF_IR_LT: return a < b;
    case RF_IR_LE: return a <= b;
    case RF_IR_GT: return a > b;
    case RF_IR_GE: return a >= b;
    default: return broken(m, "no operation of ints").i;
    }
}

/* ---- places ---- */

static ir_number eval(machine *m, const rf_ir_expr *e);

static char *field_of(machine *m, const rf_ir_place *p, char *base)
{
    static const size_t offsets[RF_IR_FIELDS] = {
        [RF_IR_HEAD] = offsetof(rf_value, head),
        [RF_IR_AS_INT] = offsetof(rf_value, as),
        [RF_IR_AS_FLOAT] = offsetof(rf_value, as),
        [RF_IR_AS_OBJECT] = offsetof(rf_value, as),
        [RF_IR_COUNT] = offsetof(rf_array, object.count),
        [RF_IR_KIND] = offsetof(rf_array, object.kind),
        [RF_IR_FLAGS] = offsetof(rf_array, object.flags),
        [RF_IR_INFO] = offsetof(rf_array, object.info),
        [RF_IR_LENGTH] = offsetof(rf_array, length),
        [RF_IR_CAPACITY] = offsetof(rf_array, capacity),
        [RF_IR_DATA] = offsetof(rf_array, as),
    };
    if (!base) broken(m, "a field of nothing");
    return base ? base + offsets[p->field] : NULL;
}

static char *eval_pointer(machine *m, const rf_ir_expr *e)
{
    return (char *)(uintptr_t)eval(m, e).i;
}

/* NULL: it is broken. */
static char *address_of(machine *m, const rf_ir_place *p)
{
    char *base = NULL;
    if (p->form == RF_IR_VARIABLE) {
        base = m->memory[p->variable];
    } else if (p->of) {
        base = field_of(m, p, address_of(m, p->of));
    } else {
        base = eval_pointer(m, p->base);
        if (base && p->form == RF_IR_FIELD_OF) base = field_of(m, p, base);
        if (base && p->form == RF_IR_MEMORY) base += p->offset;
        if (base && p->form == RF_IR_ELEMENT) base += (int64_t)eval(m, p->index).i * (int64_t)size_of(p->type);
    }
    if (!base) broken(m, "no address");
    return base;
}

static ir_number load(machine *m, const rf_ir_place *p)
{
    const char *at = address_of(m, p);
    ir_number n = {0};
    if (!at) return n;
    memcpy(p->type == RF_IR_F64 ? (void *)&n.d : (void *)&n.i, at, size_of(p->type));
    n.i = cut(p->type, n.i);
    return n;
}

static bool is_own(const machine *m, const char *at)
{
    for (uint32_t v = 0; v < m->f->variable_count; v++) {
        const rf_ir_variable *variable = &m->f->variables[v];
        const size_t size = size_of(variable->type) * (variable->elements ? variable->elements : 1);
        if (m->memory[v] && at >= m->memory[v] && at < m->memory[v] + size) return true;
    }
    return false;
}

static void trace_number(machine *m, uint8_t type, const ir_number *n)
{
    if (type == RF_IR_F64)
        trace(m, &n->d, sizeof n->d);
    else if (type < RF_IR_TO) /* addresses are other ones each time */
        trace(m, &n->i, sizeof n->i);
}

static void store(machine *m, const rf_ir_place *p, ir_number n)
{
    char *at = address_of(m, p);
    if (!at) return;
    memcpy(at, p->type == RF_IR_F64 ? (void *)&n.d : (void *)&n.i, size_of(p->type));
    if (is_own(m, at)) return;
    trace(m, &at, sizeof at);
    trace_number(m, p->type, &n);
}

/* ---- expressions ---- */

static const cell *cell_of_version(machine *m, uint32_t number)
{
    if (!number || number >= m->f->version_count) {
        broken(m, "a read without version");
        number = 0;
    }
    const rf_ir_version *version = &m->f->versions[number];
    if (!m->cells[number].is_made && (version->statement || version->phi)) broken(m, "a version is read before it is made");
    return &m->cells[number];
}

static ir_number read_variable(machine *m, const rf_ir_expr *e)
{
    const cell *c = m->by == IR_BY_VERSIONS ? cell_of_version(m, e->read.version) : &m->cells[e->read.variable];
    if (!c->is_defined) m->outcome->is_undefined = true;
    return c->number;
}

static ir_number cast(machine *m, const rf_ir_expr *e)
{
    const rf_ir_expr *from = e->operands[0];
    const ir_number n = eval(m, from);
    if (from->type == RF_IR_F64 && e->type == RF_IR_F64) return n;
    if (e->type == RF_IR_F64) return ir_float((double)n.i);
    if (from->type != RF_IR_F64) return (ir_number){.i = cut(e->type, n.i)};
    if (!(fabs(n.d) < 0x1p63)) return ir_int(INT64_MIN); /* as x86 does */
    return (ir_number){.i = cut(e->type, (ir_wide)n.d)};
}

static bool is_float_function(const rf_ir_call *call, const ir_number *args, ir_number *result)
{
    if (call->outside == RF_FN(sqrt))
        *result = ir_float(sqrt(args[0].d));
    else if (call->outside == RF_FN(fabs))
        *result = ir_float(fabs(args[0].d));
    else if (call->outside == RF_FN(fmod))
        *result = ir_float(fmod(args[0].d, args[1].d));
    else
        return false;
    return true;
}

static ir_number call_inside(machine *m, const rf_ir_function *f, const ir_number *args);

static ir_number call(machine *m, const rf_ir_expr *e)
{
    const rf_ir_call *c = e->call;
    ir_number result = {0}, *args = rf_alloc_array(ir_number, c->count + 1);
    for (uint32_t i = 0; i < c->count; i++) args[i] = eval(m, c->args[i]);
    if (c->inside) {
        result = call_inside(m, c->inside, args);
    } else if (!c->outside || !is_float_function(c, args, &result)) {
        const uint64_t before = m->outcome->trace;
        const bool is_pure = c->outside && c->outside->is_pure;
        if (is_pure) m->outcome->trace = 0;
        if (c->outside) trace(m, c->outside->name, strlen(c->outside->name));
        for (uint32_t i = 0; i < c->count; i++) trace_number(m, c->args[i]->type, &args[i]);
        result = e->type == RF_IR_F64 ? ir_float((double)(m->outcome->trace % 1000)) : (ir_number){.i = cut(e->type, (ir_wide)m->outcome->trace)};
        if (is_pure) m->outcome->trace = before;
    }
    rf_free(args);
    return result;
}

static ir_number eval_binary(machine *m, const rf_ir_expr *e)
{
    const uint8_t type = e->operands[0]->type;
    const ir_number a = eval(m, e->operands[0]), b = eval(m, e->operands[1]);
    if (type == RF_IR_F64) return on_floats(m, (rf_ir_op)e->op, a.d, b.d);
    return (ir_number){.i = cut(e->type, on_ints(m, (rf_ir_op)e->op, type, a.i, b.i))};
}

static ir_number eval(machine *m, const rf_ir_expr *e)
{
    switch (e->op) {
    case RF_IR_INT: return (ir_number){.i = cut(e->type, e->i)};
    case RF_IR_FLOAT: return ir_float(e->d);
    case RF_IR_OUTSIDE: {
        uint64_t number = 1;
        for (const char *c = e->name; *c; c++) number = number * 31 + (unsigned char)*c;
        return (ir_number){.i = number};
    }
    case RF_IR_PARAM: return m->args[e->i];
    case RF_IR_READ: return read_variable(m, e);
    case RF_IR_LOAD: return load(m, e->place);
    case RF_IR_ADDRESS: return ir_pointer(address_of(m, e->place));
    case RF_IR_NEG: {
        const ir_number n = eval(m, e->operands[0]);
        return (ir_number){.i = cut(e->type, -n.i), .d = -n.d};
    }
    case RF_IR_NOT: return ir_int(!eval(m, e->operands[0]).i);
    case RF_IR_CAST: return cast(m, e);
    case RF_IR_LIKELY: return eval(m, e->operands[0]);
    case RF_IR_CALL: return call(m, e);
    default: return eval_binary(m, e);
    }
}

/* ---- statements ---- */

static void assign(machine *m, const rf_ir_statement *s, ir_number n)
{
    if (!rf_ir_has_versions(m->f, s->place)) {
        store(m, s->place, n);
    } else if (m->by == IR_BY_VERSIONS && !s->version) {
        broken(m, "an assignment without version");
    } else {
        m->cells[m->by == IR_BY_VERSIONS ? s->version : s->place->variable] = (cell){n, true, true};
    }
}

/* Does it fit? If not, the place holds nothing. */
static bool assign_checked(machine *m, const rf_ir_statement *s)
{
    const rf_ir_expr *e = s->value;
    const ir_number a = eval(m, e->operands[0]), b = eval(m, e->operands[1]);
    const ir_wide exact = on_ints(m, (rf_ir_op)e->op, RF_IR_I64, a.i, b.i), held = cut(RF_IR_I64, exact);
    assign(m, s, (ir_number){.i = held});
    if (held == exact) return true;
    m->cells[m->by == IR_BY_VERSIONS ? s->version : s->place->variable].is_defined = false;
    return false;
}

/* Where it goes on; NULL: it returned. */
static const rf_ir_block *run(machine *m, const rf_ir_statement *s)
{
    switch ((rf_ir_statement_kind)s->kind) {
    case RF_IR_ASSIGN: assign(m, s, eval(m, s->value)); return NULL;
    case RF_IR_EVAL: eval(m, s->value); return NULL;
    case RF_IR_JUMP: return s->yes;
    case RF_IR_BRANCH:
    case RF_IR_GUARD: return eval(m, s->value).i ? s->yes : s->no;
    case RF_IR_CHECKED: return assign_checked(m, s) ? s->yes : s->no;
    case RF_IR_RETURN:
        if (s->value) m->outcome->result = eval(m, s->value);
        return NULL;
    }
    broken(m, "an unknown statement");
    return NULL;
}

/* All at once: they may read each other. */
static void take_phis(machine *m, const rf_ir_block *b, const rf_ir_block *from)
{
    uint32_t way = 0, count = 0;
    while (way < b->predecessor_count && b->predecessors[way] != from) way++;
    if (way == b->predecessor_count) {
        broken(m, "a way that no predecessor goes");
        return;
    }
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) count++;
    cell *taken = rf_alloc_array(cell, count + 1);
    count = 0;
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) {
        taken[count] = *cell_of_version(m, phi->args[way]);
        taken[count++].is_made = true;
    }
    count = 0;
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) m->cells[phi->version] = taken[count++];
    rf_free(taken);
}

static void enter(machine *m, const rf_ir_block *b, const rf_ir_block *from)
{
    if (b->is_exit && m->outcome->end == IR_RETURNED && !m->depth) {
        m->outcome->end = IR_LEFT;
        m->outcome->exit_pc = b->exit_pc;
        m->outcome->exit_reason = b->exit_reason;
    }
    if (m->by == IR_BY_VERSIONS && b->phis) take_phis(m, b, from);
}

static void run_blocks(machine *m)
{
    const rf_ir_block *from = NULL, *to;
    for (const rf_ir_block *b = m->f->first; b && !m->outcome->broken; from = b, b = to) {
        enter(m, b, from);
        to = NULL;
        if (!b->last || !rf_ir_ends(b->last)) broken(m, "a block without end");
        for (const rf_ir_statement *s = b->first; s; s = s->next) {
            if (++m->outcome->statements > MOST_STATEMENTS) {
                m->outcome->end = IR_ENDLESS;
                return;
            }
            to = run(m, s);
        }
    }
    if (m->outcome->broken) m->outcome->end = IR_BROKEN;
}

/* ---- functions ---- */

static void run_function(machine *m)
{
    const rf_ir_function *f = m->f;
    const uint32_t cells = m->by == IR_BY_VERSIONS ? f->version_count : f->variable_count;
    m->cells = rf_alloc_array_zero(cell, cells + 1);
    m->memory = rf_alloc_array_zero(char *, f->variable_count + 1);
    for (uint32_t v = 0; v < f->variable_count; v++) {
        const rf_ir_variable *variable = &f->variables[v];
        if (variable->is_memory) m->memory[v] = rf_alloc_zero(size_of(variable->type) * (variable->elements ? variable->elements : 1));
    }
    run_blocks(m);
    for (uint32_t v = 0; v < f->variable_count; v++) rf_free(m->memory[v]);
    rf_free(m->memory);
    rf_free(m->cells);
}

static ir_number call_inside(machine *m, const rf_ir_function *f, const ir_number *args)
{
    if (m->depth + 1 == MOST_DEPTH) return broken(m, "calls too deep");
    const ir_number before = m->outcome->result;
    machine callee = {.f = f, .args = args, .by = f->is_ssa ? m->by : IR_BY_VARIABLES, .depth = m->depth + 1, .outcome = m->outcome};
    run_function(&callee);
    const ir_number result = m->outcome->result;
    m->outcome->result = before;
    return result;
}

ir_outcome ir_eval(const rf_ir_function *f, const ir_number *args, ir_eval_by by)
{
    ir_outcome outcome = {.end = IR_RETURNED, .trace = UINT64_C(0xcbf29ce484222325)};
    machine m = {.f = f, .args = args, .by = by, .outcome = &outcome};
    run_function(&m);
    return outcome;
}

bool ir_is_same_outcome(const rf_ir_function *f, const ir_outcome *before, const ir_outcome *after)
{
    if (before->end == IR_BROKEN || after->end == IR_BROKEN) return false;
    if (before->is_undefined || before->end == IR_ENDLESS) return true;
    if (before->end != after->end || before->trace != after->trace) return false;
    if (after->is_undefined || before->exit_pc != after->exit_pc || before->exit_reason != after->exit_reason) return false;
    if (f->result == RF_IR_F64) return memcmp(&before->result.d, &after->result.d, sizeof before->result.d) == 0;
    return f->result >= RF_IR_TO || before->result.i == after->result.i;
}
