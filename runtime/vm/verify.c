/* The verifier.
 *
 * Operands are checked one by one.  Temporaries are followed along every way through the code: a register above the
 * locals is dead until an instruction writes it, must then be read by exactly one consuming operand, and has to be in
 * the same state wherever two ways meet.  That is the invariant on which unwinding and writing without release rest. */
#include "vm/verify.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <string.h>

typedef struct state { /* what is known before an instruction: one bit a temporary */
    uint64_t *live;
    bool is_reached;
} state;

typedef struct checker {
    const rf_proto *proto;
    uint32_t words;        /* of a state */
    state *states;         /* by pc */
    uint64_t *bits;        /* all states */
    RF_VECTOR(uint32_t) work;
    uint64_t *now;         /* state being changed */
    uint32_t pc;
    char *fault;
} checker;

static void report(checker *k, const char *what, uint32_t reg)
{
    if (k->fault) return;
    rf_buffer text = RF_BUFFER_INIT;
    const char *name = k->proto->func->display_name;
    rf_buffer_format(&text, "%s: %u %s: %s %u", name ? name : "<module>", k->pc,
                     rf_op_infos[k->proto->code[k->pc].op].name, what, reg);
    k->fault = rf_buffer_take(&text);
}

static bool is_live(const checker *k, uint32_t temp)
{
    return k->now[temp / 64] >> (temp % 64) & 1;
}

static void set_live(checker *k, uint32_t temp, bool live)
{
    const uint64_t bit = (uint64_t)1 << (temp % 64);
    k->now[temp / 64] = live ? k->now[temp / 64] | bit : k->now[temp / 64] & ~bit;
}

static void apply_access(void *context, uint32_t reg, rf_access_kind access)
{
    checker *k = context;
    if (reg >= k->proto->register_count) {
        report(k, "no such register", reg);
        return;
    }
    if (reg < k->proto->temp_base) return;
    const uint32_t temp = reg - k->proto->temp_base;
    if (access == RF_ACCESS_DEF) {
        if (is_live(k, temp)) report(k, "overwrites the live temporary", reg);
        set_live(k, temp, true);
        return;
    }
    if (!is_live(k, temp)) report(k, "reads the dead temporary", reg);
    if (access == RF_ACCESS_USE || access == RF_ACCESS_TAKE) set_live(k, temp, false);
}

/* ---- operands that are no registers ---- */

static void check_index(checker *k, uint32_t index, uint32_t count, const char *what)
{
    if (index >= count) report(k, what, index);
}

static void check_operand(checker *k, unsigned kind, uint32_t value, rf_instruction in)
{
    const rf_proto *proto = k->proto;
    switch (kind) {
    case RF_OPERAND_CONST: check_index(k, value, proto->constant_count, "no such constant"); break;
    case RF_OPERAND_SITE: check_index(k, value, proto->site_count, "no such site"); break;
    case RF_OPERAND_CHILD: check_index(k, value, proto->child_count, "no such function"); break;
    case RF_OPERAND_PLACE: check_index(k, value, proto->place_count, "no such place"); break;
    case RF_OPERAND_LITERAL: check_index(k, value, proto->literal_count, "no such literal"); break;
    case RF_OPERAND_CONST32: check_index(k, (uint32_t)in.wide, proto->constant_count, "no such constant"); break;
    case RF_OPERAND_SLOT32: check_index(k, (uint32_t)in.wide, proto->module->slot_count, "no such slot"); break;
    case RF_OPERAND_CAPTURE32: check_index(k, (uint32_t)in.wide, proto->func->capture_count, "no such capture"); break;
    case RF_OPERAND_PAGE32: check_index(k, (uint32_t)in.wide, proto->page_count + 1, "no such page"); break;
    case RF_OPERAND_WIDE32: check_index(k, (uint32_t)in.wide, proto->register_count, "no such register"); break;
    default: break;
    }
}

static void check_operands(checker *k)
{
    const rf_instruction in = k->proto->code[k->pc];
    if (in.op >= RF_OP_COUNT) {
        report(k, "no such opcode", in.op);
        return;
    }
    const uint32_t values[3] = {in.a, in.b, in.c};
    for (unsigned i = 0; i < 3; i++) check_operand(k, rf_op_infos[in.op].operands[i], values[i], in);
    const int64_t target = rf_op_jump_target(k->proto->code, k->pc);
    const bool jumps = rf_op_infos[in.op].operands[1] == RF_OPERAND_JUMP32 ||
                       rf_op_infos[in.op].operands[2] == RF_OPERAND_JUMP;
    if (jumps && (target < 0 || target >= (int64_t)k->proto->code_count))
        report(k, "jumps outside, to", (uint32_t)target);
}

/* ---- flow ---- */

static void flow_to(checker *k, uint32_t target)
{
    if (k->fault) return;
    if (target >= k->proto->code_count) {
        report(k, "runs past the end, to", target);
        return;
    }
    state *there = &k->states[target];
    const size_t size = k->words * sizeof(uint64_t);
    if (!there->is_reached) {
        there->is_reached = true;
        memcpy(there->live, k->now, size);
        rf_vector_push(&k->work, target);
    } else if (memcmp(there->live, k->now, size) != 0) {
        report(k, "meets another way with other temporaries alive at", target);
    }
}

static void load_state(checker *k)
{
    memcpy(k->now, k->states[k->pc].live, k->words * sizeof(uint64_t));
}

/* The code behind a call with a store-back: the modified receiver is alive there, or it is skipped. */
static void flow_store_back(checker *k, const rf_site *site, uint32_t window)
{
    const uint32_t temp = window + 1 - k->proto->temp_base;
    if (!(site->flags & RF_SITE_ASSIGNS)) flow_to(k, k->pc + 1 + site->skip);
    set_live(k, temp, true);
    flow_to(k, k->pc + 1);
}

static void flow_push(checker *k, const rf_site *site)
{
    flow_to(k, k->pc + 2);
    set_live(k, site->window - k->proto->temp_base, true);
    flow_to(k, k->pc + 1);
}

static void step(checker *k)
{
    const rf_instruction in = k->proto->code[k->pc];
    const int64_t target = rf_op_jump_target(k->proto->code, k->pc);
    load_state(k);
    rf_op_visit_registers(k->proto, in, false, apply_access, k);
    if (target >= 0) flow_to(k, (uint32_t)target);
    if (!rf_op_falls_through(in.op) || k->fault) return;
    if (rf_op_infos[in.op].operands[0] == RF_OPERAND_NEXT || in.op == RF_OP_PUSHPLACE) {
        load_state(k);
        rf_op_visit_registers(k->proto, in, true, apply_access, k);
    } else if (in.op == RF_OP_FORPREP || in.op == RF_OP_RANGEPREP) {
        return; /* always jumps */
    }
    const bool has_site = in.op == RF_OP_CALLMETHOD || in.op == RF_OP_UPDATE;
    if (in.op == RF_OP_PUSH)
        flow_push(k, &k->proto->sites[in.c]);
    else if (has_site && k->proto->sites[in.b].skip)
        flow_store_back(k, &k->proto->sites[in.b], in.a);
    else
        flow_to(k, k->pc + 1);
}

/* At the entry of a handler the temporaries above its level have been released. */
static void flow_handlers(checker *k)
{
    for (uint32_t i = 0; i < k->proto->handler_count; i++) {
        const rf_handler *handler = &k->proto->handlers[i];
        k->pc = handler->target;
        memset(k->now, 0, k->words * sizeof(uint64_t));
        for (uint32_t reg = k->proto->temp_base; reg < handler->level; reg++)
            set_live(k, reg - k->proto->temp_base, true);
        flow_to(k, handler->target);
    }
}

char *rf_vm_find_fault(const rf_proto *proto)
{
    checker k = {.proto = proto};
    k.words = (proto->register_count - proto->temp_base) / 64 + 1;
    if (proto->page_count || (uint64_t)k.words * proto->code_count > 16u << 20) return NULL; /* a giant: too much to follow */
    k.states = rf_alloc_array_zero(state, proto->code_count);
    k.bits = rf_alloc_array_zero(uint64_t, (size_t)k.words * (proto->code_count + 1));
    k.now = k.bits + (size_t)k.words * proto->code_count;
    for (uint32_t i = 0; i < proto->code_count; i++) k.states[i].live = k.bits + (size_t)k.words * i;
    for (k.pc = 0; k.pc < proto->code_count && !k.fault; k.pc++) check_operands(&k);
    k.pc = 0;
    flow_to(&k, 0);
    flow_handlers(&k);
    while (k.work.count && !k.fault) {
        k.pc = rf_vector_pop(&k.work);
        step(&k);
    }
    rf_vector_release(&k.work);
    rf_free(k.states);
    rf_free(k.bits);
    return k.fault;
}
