/* Calls without frames, and their returns.  A light call that cannot go on notes where it was and
 * returns DEOPT; each caller does the same, and in the end all of them are made frames of the VM
 * (jit/operations.c). */
#include "jitc/core.h"
#include "jitc/families.h"

/* ---- calls ---- */

static rf_known known_argument(const tr *t, uint32_t reg)
{
    rf_known k = t->now[reg];
    if (!is_in_variable(k.kind)) k = (rf_known){.kind = RF_KIND_MEMORY};
    return k;
}

static bool is_light_callee(const tr *t, int32_t number, uint32_t count)
{
    if (number < 0) return false;
    const rf_wire_function *f = &t->all->unit->functions[number].f;
    return f->is_light && f->param_count == count && count <= RF_COUNT_OF(((tr *)0)->params);
}

void rf_do_call_function(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const int32_t number = t->s->children[in.c];
    if (!is_light_callee(t, number, in.b)) {
        leave(t);
        return;
    }
    tr *callee = &t->all->light[number];
    t->all->is_light_used[number] = true;
    t->has_light_calls = true;
    for (uint32_t i = 0; i < in.b && !EMITS; i++) {
        const rf_known k = known_argument(t, in.a + 1 + i);
        rf_known *p = &callee->params[i];
        const rf_known m = p->kind == RF_KIND_CLEAN ? k : meet(p, &k, true);
        if (!is_same(&m, p)) t->all->has_changed = true;
        *p = m;
    }
    if (callee->result == RF_KIND_CLEAN) { /* not known yet: another round will tell */
        t->is_ended = true;
        if (EMITS) leave_with(t, t->start, t->at, RF_EXIT_LEAVES);
        return;
    }
    rvalue result_head = NULL, result_bits = NULL, result_float = NULL, result_object = NULL;
    if (EMITS) {
        guard_for(t, test(t, GCC_JIT_COMPARISON_GT, t->room, constant(t, 0)), RF_EXIT_ROOM);
        rvalue args[3 + RF_COUNT_OF(t->params)];
        int count = 0;
        args[count++] = t->context;
        args[count++] = gcc_jit_lvalue_get_address(reg_slot(t, in.a + 1u), NULL);
        args[count++] = binary(t, GCC_JIT_BINARY_OP_MINUS, t->room, constant(t, 1));
        for (uint32_t i = 0; i < in.b; i++) {
            const rf_known k = t->now[in.a + 1 + i];
            const rf_kind wanted = callee->params[i].kind;
            if (wanted == RF_KIND_FLOAT)
                args[count++] = value_of(float_of(t, in.a + 1 + i));
            else if (is_in_variable(wanted))
                args[count++] = as_int(t, in.a + 1 + i);
            else if (is_in_variable(k.kind))
                write_back(t, in.a + 1 + i, k.kind);
        }
        lvalue result = variable(t, T->value, "result");
        assign(t, result, gcc_jit_context_new_call(GCC, NULL, callee->function, count, args));
        result_head = value_of(slot_head(t, result));
        result_bits = value_of(slot_int(t, result));
        result_float = value_of(slot_float(t, result));
        result_object = value_of(slot_object(t, result));
    }
    for (uint32_t i = 0; i <= in.b; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    if (EMITS) {
        gcc_jit_block *next = new_block(t), *lost = new_block(t);
        branch(t,
               likely(t, test(t, GCC_JIT_COMPARISON_NE, result_head, constant(t, RF_DEOPT_HEAD))),
               next, lost);
        t->block = lost; /* the callee goes on in the VM, and this function behind the call */
        write_back_live(t, t->now, t->at + 1);
        end_in_vm(t, t->at + 1);
        t->block = next;
    }
    if (callee->result == RF_KIND_FLOAT)
        put_float(t, in.a, result_float);
    else if (is_in_variable(callee->result))
        put_int(t, in.a, result_bits, callee->result);
    else
        put_value(t, in.a, result_head, result_object);
}

void rf_do_return(tr *t, bool has_value)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->is_top) {
        leave(t);
        return;
    }
    if (has_value) operand(t, in.a, 0);
    const rf_kind kind =
        has_value && is_in_variable(t->now[in.a].kind) ? t->now[in.a].kind : RF_KIND_MEMORY;
    if (!EMITS) {
        const rf_kind m = t->result == RF_KIND_CLEAN || t->result == kind ? kind : RF_KIND_MEMORY;
        if (m != t->result) t->all->has_changed = true;
        t->result = m;
        t->is_ended = true;
        return;
    }
    lvalue out = variable(t, T->value, "out");
    if (!has_value) {
        assign(t, slot_head(t, out), constant(t, RF_NULL));
        assign(t, slot_int(t, out), constant(t, 0));
    } else if (is_in_variable(kind)) {
        assign(t, slot_head(t, out), constant(t, head_of(kind)));
        if (kind == RF_KIND_FLOAT)
            assign(t, slot_float(t, out), value_of(float_of(t, in.a)));
        else
            assign(t, slot_int(t, out), as_int(t, in.a));
    } else {
        lvalue slot = reg_slot(t, in.a);
        assign(t, slot_head(t, out), value_of(slot_head(t, slot)));
        assign(t, slot_object(t, out), value_of(slot_object(t, slot)));
        assign(t, slot_head(t, slot), constant(t, RF_UNSET));
    }
    for (uint32_t i = 0; i < in.b && i < t->s->f.register_count; i++)
        if (may_count(t->now[i].kind)) release_slot(t, reg_slot(t, i));
    gcc_jit_block_end_with_return(t->block, NULL, value_of(out));
    t->is_ended = true;
}
