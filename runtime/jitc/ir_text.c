/* The intermediate form as text, for people and for expected results of tests.
 *
 *   function half($0: i64) -> i64
 *     i64: n
 *   b0:
 *     n.1 = $0                        ; 3
 *     guard n.1 > 0 to b1 else x2
 *   b1: from b0
 *     return n.1 / 2
 *   x2: from b0, exit 3 guard
 *     return 0
 *
 * $N are parameters, bN blocks, xN exits, behind ; stands the instruction where it changes.  Versions are counted by
 * variable.  Names that several variables have get the number of the variable: r:12. */
#include "jitc/ir.h"

#include "base/alloc.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const type_texts[RF_IR_TYPES] = {
#define RF_IR_TYPE(name, text, bits) text,
#include "jitc/ir_type.def"
#undef RF_IR_TYPE
};
static const char *const field_texts[RF_IR_FIELDS] = {
#define RF_IR_FIELD(name, owner, text, type) text,
#include "jitc/ir_field.def"
#undef RF_IR_FIELD
};
static const char *const exit_texts[] = {
#define RF_EXIT(name, text, meaning) text,
#include "jit/exit.def"
#undef RF_EXIT
};

typedef struct printer {
    const rf_ir_function *f;
    rf_buffer *out;
    bool *is_shared;      /* by variable: its name is that of another one, too */
    bool *is_used;        /* by variable */
    uint32_t *numbers;    /* of versions among those of their variables; 0: undefined */
    uint32_t last_position;
} printer;

static void print(printer *p, const char *text)
{
    rf_buffer_append_text(p->out, text);
}

static void print_type(printer *p, uint8_t type)
{
    unsigned to = type / RF_IR_TO;
    const uint8_t target = type % RF_IR_TO;
    const bool is_any = target == RF_IR_VOID && to;
    print(p, is_any ? "pointer" : type_texts[target]);
    for (to -= is_any; to; to--) print(p, "*");
}

/* ---- variables ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp((*(const rf_ir_variable *const *)a)->name, (*(const rf_ir_variable *const *)b)->name);
}

static void find_shared_names(printer *p)
{
    const uint32_t count = p->f->variable_count;
    const rf_ir_variable **sorted = rf_alloc_array(const rf_ir_variable *, count + 1);
    for (uint32_t i = 0; i < count; i++) sorted[i] = &p->f->variables[i];
    if (count) qsort(sorted, count, sizeof *sorted, compare_names);
    for (uint32_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
            p->is_shared[sorted[i - 1] - p->f->variables] = p->is_shared[sorted[i] - p->f->variables] = true;
    rf_free(sorted);
}

static void number_versions(printer *p)
{
    uint32_t *last = rf_alloc_array_zero(uint32_t, p->f->variable_count + 1);
    for (uint32_t i = 1; i < p->f->version_count; i++) {
        const rf_ir_version *v = &p->f->versions[i];
        if (v->statement || v->phi) p->numbers[i] = ++last[v->variable];
    }
    rf_free(last);
}

static void print_variable(printer *p, uint32_t variable)
{
    print(p, p->f->variables[variable].name);
    if (p->is_shared[variable]) rf_buffer_format(p->out, ":%" PRIu32, variable);
}

static void print_version(printer *p, uint32_t variable, uint32_t version)
{
    print_variable(p, variable);
    if (!version) return;
    if (p->numbers[version])
        rf_buffer_format(p->out, ".%" PRIu32, p->numbers[version]);
    else
        print(p, ".undefined");
}

/* ---- expressions ---- */

static void print_expr(printer *p, const rf_ir_expr *e);

static bool is_compound(const rf_ir_expr *e)
{
    return rf_ir_op_operands[e->op] == 2 || e->op == RF_IR_CAST;
}

/* As an operand, in parentheses where it is made of operands itself. */
static void print_part(printer *p, const rf_ir_expr *e, bool has_parentheses)
{
    if (has_parentheses) print(p, "(");
    print_expr(p, e);
    if (has_parentheses) print(p, ")");
}

static void print_operand(printer *p, const rf_ir_expr *e)
{
    print_part(p, e, is_compound(e));
}

/* As what another sign stands in front of or a bracket behind. */
static void print_base(printer *p, const rf_ir_expr *e)
{
    print_part(p, e, is_compound(e) || e->op == RF_IR_NEG || e->op == RF_IR_NOT || e->op == RF_IR_ADDRESS || (e->op == RF_IR_INT && e->i < 0));
}

static bool is_array(const rf_ir_function *f, const rf_ir_expr *base)
{
    return base->op == RF_IR_ADDRESS && base->place->form == RF_IR_VARIABLE && f->variables[base->place->variable].elements;
}

static void print_place(printer *p, const rf_ir_place *place)
{
    switch (place->form) {
    case RF_IR_VARIABLE: print_variable(p, place->variable); break;
    case RF_IR_ELEMENT:
        if (is_array(p->f, place->base)) /* &a[0] */
            print_variable(p, place->base->place->variable);
        else
            print_base(p, place->base);
        print(p, "[");
        print_expr(p, place->index);
        print(p, "]");
        break;
    case RF_IR_MEMORY:
        print(p, "*(");
        print_type(p, place->type);
        print(p, " *)(");
        print_operand(p, place->base);
        rf_buffer_format(p->out, " + %" PRIu64 ")", place->offset);
        break;
    case RF_IR_FIELD_OF:
        if (place->of)
            print_place(p, place->of);
        else
            print_base(p, place->base);
        print(p, place->of ? "." : "->");
        print(p, field_texts[place->field]);
        break;
    }
}

static void print_int(printer *p, const rf_ir_expr *e)
{
    if (e->type == RF_IR_BOOL) {
        print(p, e->i ? "true" : "false");
        return;
    }
    rf_buffer_append_int(p->out, e->i);
    if (e->type == RF_IR_I64) return;
    print(p, ":");
    print_type(p, e->type);
}

static void print_float(printer *p, double d)
{
    const size_t start = p->out->size;
    rf_buffer_format(p->out, "%.17g", d);
    if (isfinite(d) && !strpbrk(p->out->data + start, ".e")) print(p, ".0");
}

static void print_call(printer *p, const rf_ir_call *call)
{
    if (call->through) {
        print(p, "(*");
        print_base(p, call->through);
        print(p, ")");
    } else {
        print(p, call->outside ? call->outside->name : call->inside->name);
    }
    print(p, "(");
    for (uint32_t i = 0; i < call->count; i++) {
        if (i) print(p, ", ");
        print_expr(p, call->args[i]);
    }
    print(p, ")");
}

static void print_expr(printer *p, const rf_ir_expr *e)
{
    switch (e->op) {
    case RF_IR_INT: print_int(p, e); break;
    case RF_IR_FLOAT: print_float(p, e->d); break;
    case RF_IR_OUTSIDE: rf_buffer_format(p->out, "@%s", e->name); break;
    case RF_IR_PARAM: rf_buffer_format(p->out, "$%" PRId64, e->i); break;
    case RF_IR_READ: print_version(p, e->read.variable, e->read.version); break;
    case RF_IR_LOAD: print_place(p, e->place); break;
    case RF_IR_ADDRESS:
        print(p, "&");
        print_place(p, e->place);
        break;
    case RF_IR_NEG:
    case RF_IR_NOT:
        print(p, rf_ir_op_texts[e->op]);
        print_base(p, e->operands[0]);
        break;
    case RF_IR_CAST:
        print_operand(p, e->operands[0]);
        print(p, " as ");
        print_type(p, e->type);
        break;
    case RF_IR_LIKELY:
        print(p, "likely(");
        print_expr(p, e->operands[0]);
        print(p, ")");
        break;
    case RF_IR_CALL: print_call(p, e->call); break;
    default:
        print_operand(p, e->operands[0]);
        rf_buffer_format(p->out, " %s ", rf_ir_op_texts[e->op]);
        print_operand(p, e->operands[1]);
    }
}

/* ---- statements and blocks ---- */

static void print_name(printer *p, const rf_ir_block *b)
{
    if (b)
        rf_buffer_format(p->out, "%c%" PRIu32, b->is_exit ? 'x' : 'b', b->number);
    else
        print(p, "nowhere");
}

static void print_target(printer *p, const rf_ir_statement *s)
{
    if (rf_ir_has_versions(p->f, s->place))
        print_version(p, s->place->variable, s->version);
    else
        print_place(p, s->place);
    print(p, s->kind == RF_IR_CHECKED ? " = checked " : " = ");
}

static void print_ways(printer *p, const rf_ir_statement *s)
{
    print(p, " to ");
    print_name(p, s->yes);
    if (s->kind == RF_IR_JUMP) return;
    print(p, " else ");
    print_name(p, s->no);
}

enum { POSITION_COLUMN = 60 };

static void print_statement(printer *p, const rf_ir_statement *s)
{
    static const char *const starts[] = {[RF_IR_JUMP] = "jump",
                                         [RF_IR_BRANCH] = "branch ",
                                         [RF_IR_GUARD] = "guard ",
                                         [RF_IR_RETURN] = "return"};
    const size_t start = p->out->size;
    print(p, "  ");
    if (s->place)
        print_target(p, s);
    else if (s->kind != RF_IR_EVAL)
        print(p, starts[s->kind]);
    if (s->kind == RF_IR_RETURN && s->value) print(p, " ");
    if (s->value) print_expr(p, s->value);
    if (rf_ir_ends(s) && s->kind != RF_IR_RETURN) print_ways(p, s);
    if (s->position && s->position != p->last_position) {
        const size_t width = p->out->size - start;
        rf_buffer_format(p->out, "%*s; %" PRIu32, width < POSITION_COLUMN ? (int)(POSITION_COLUMN - width) : 1, "", s->position - 1);
        p->last_position = s->position;
    }
    print(p, "\n");
}

static void print_phi(printer *p, const rf_ir_block *b, const rf_ir_phi *phi)
{
    print(p, "  ");
    print_version(p, phi->variable, phi->version);
    print(p, " = phi");
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        print(p, i ? ", " : " ");
        print_version(p, phi->variable, phi->args[i]);
        print(p, " ");
        print_name(p, b->predecessors[i]);
    }
    print(p, "\n");
}

static void print_block(printer *p, const rf_ir_block *b)
{
    print_name(p, b);
    print(p, ":");
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        print(p, i ? " " : " from ");
        print_name(p, b->predecessors[i]);
    }
    if (b->is_exit) {
        rf_buffer_format(p->out, "%s exit %" PRIu32 " %s", b->predecessor_count ? "," : "", b->exit_pc,
                         b->exit_reason < RF_COUNT_OF(exit_texts) ? exit_texts[b->exit_reason] : "?");
    }
    print(p, "\n");
    for (const rf_ir_phi *phi = b->phis; phi; phi = phi->next) print_phi(p, b, phi);
    for (const rf_ir_statement *s = b->first; s; s = s->next) print_statement(p, s);
}

/* ---- the function ---- */

static void print_head(printer *p)
{
    rf_buffer_format(p->out, "function %s(", p->f->name);
    for (uint32_t i = 0; i < p->f->param_count; i++) {
        rf_buffer_format(p->out, "%s$%" PRIu32 ": ", i ? ", " : "", i);
        print_type(p, p->f->params[i]);
    }
    print(p, ") -> ");
    print_type(p, p->f->result);
    print(p, "\n");
}

static void mark_place(printer *p, const rf_ir_place *place)
{
    while (place->of) place = place->of;
    if (place->form == RF_IR_VARIABLE) p->is_used[place->variable] = true;
}

static void mark_expr(void *context, rf_ir_expr *e)
{
    printer *p = context;
    if (e->op == RF_IR_READ) p->is_used[e->read.variable] = true;
    if (e->op == RF_IR_LOAD || e->op == RF_IR_ADDRESS) mark_place(p, e->place);
}

static void mark_block(printer *p, rf_ir_block *b)
{
    for (rf_ir_phi *phi = b->phis; phi; phi = phi->next) p->is_used[phi->variable] = true;
    for (rf_ir_statement *s = b->first; s; s = s->next) {
        rf_ir_visit_statement(s, mark_expr, p);
        if (s->place) mark_place(p, s->place);
    }
}

/* Which variables of which type there are, a line a type. */
static void print_variables(printer *p)
{
    const rf_ir_function *f = p->f;
    for (unsigned type = 0; type <= UINT8_MAX; type++) {
        bool is_first = true;
        for (uint32_t v = 0; v < f->variable_count; v++) {
            if (f->variables[v].type != type || !p->is_used[v]) continue;
            if (is_first) {
                print(p, "  ");
                print_type(p, (uint8_t)type);
                print(p, ":");
            }
            is_first = false;
            print(p, " ");
            print_variable(p, v);
            if (f->variables[v].elements) rf_buffer_format(p->out, "[%" PRIu32 "]", f->variables[v].elements);
        }
        if (!is_first) print(p, "\n");
    }
}

void rf_ir_print(const rf_ir_function *f, rf_buffer *out)
{
    printer p = {.f = f,
                 .out = out,
                 .is_shared = rf_alloc_array_zero(bool, f->variable_count + 1),
                 .is_used = rf_alloc_array_zero(bool, f->variable_count + 1),
                 .numbers = rf_alloc_array_zero(uint32_t, f->version_count)};
    find_shared_names(&p);
    number_versions(&p);
    print_head(&p);
    if (f->is_ssa) {
        for (uint32_t i = 0; i < f->reached_count; i++) mark_block(&p, f->reached[i]);
        print_variables(&p);
        for (uint32_t i = 0; i < f->reached_count; i++) print_block(&p, f->reached[i]);
    } else {
        for (rf_ir_block *b = f->first; b; b = b->next) mark_block(&p, b);
        print_variables(&p);
        for (const rf_ir_block *b = f->first; b; b = b->next) print_block(&p, b);
    }
    rf_free(p.is_shared);
    rf_free(p.is_used);
    rf_free(p.numbers);
}
