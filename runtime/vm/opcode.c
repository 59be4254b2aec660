/* Derives everything known about opcodes from opcode.def: names, operand kinds, register effects, jumps. */
#include "vm/opcode.h"

#include "vm/chunk.h"

const rf_op_info rf_op_infos[RF_OP_COUNT] = {
#define RF_OP(name, a, b, c, effect, meaning)                                                    \
    {#name, {RF_OPERAND_##a, RF_OPERAND_##b, RF_OPERAND_##c}, RF_EFFECT_##effect, meaning},
#include "vm/opcode.def"
#undef RF_OP
};

enum { LOOP_STATE = 4 };

static void visit_run(uint32_t first, uint32_t count, rf_access_kind access, rf_register_visitor visit,
                      void *context)
{
    for (uint32_t i = 0; i < count; i++) visit(context, first + i, access);
}

/* How many registers behind R[a] a call window has. */
static uint32_t window_count(const rf_proto *proto, rf_instruction in)
{
    const rf_op_info *info = &rf_op_infos[in.op];
    if (info->operands[1] == RF_OPERAND_SITE) return proto->sites[in.b].arg_count + 1u;
    return in.b;
}

static void visit_uses(const rf_proto *proto, unsigned kind, uint32_t value, rf_instruction in, bool at_exit,
                       rf_register_visitor visit, void *context)
{
    switch (kind) {
    case RF_OPERAND_USE: visit(context, value, RF_ACCESS_USE); break;
    case RF_OPERAND_PEEK: visit(context, value, RF_ACCESS_PEEK); break;
    case RF_OPERAND_TAKE: visit(context, value, RF_ACCESS_TAKE); break;
    case RF_OPERAND_MOD: visit(context, value, RF_ACCESS_MOD); break;
    case RF_OPERAND_PUSHED: visit(context, value, at_exit ? RF_ACCESS_PEEK : RF_ACCESS_USE); break;
    case RF_OPERAND_RUN: visit_run(value, in.c, RF_ACCESS_USE, visit, context); break;
    case RF_OPERAND_DROPS: visit_run(value, in.b, RF_ACCESS_USE, visit, context); break;
    case RF_OPERAND_CALLEE: visit(context, value, RF_ACCESS_USE); /* fall through */
    case RF_OPERAND_WINDOW:
        visit_run(value + 1, window_count(proto, in), RF_ACCESS_USE, visit, context);
        break;
    case RF_OPERAND_LOCALCALL:
        visit_run(value + 2, window_count(proto, in) - 1, RF_ACCESS_USE, visit, context);
        break;
    case RF_OPERAND_UNPACKED:
    case RF_OPERAND_ITERATE: visit(context, value, RF_ACCESS_USE); break;
    case RF_OPERAND_RANGE: visit_run(value, in.b, RF_ACCESS_USE, visit, context); break;
    case RF_OPERAND_NEXT:
        visit_run(value, LOOP_STATE, at_exit ? RF_ACCESS_USE : RF_ACCESS_MOD, visit, context);
        break;
    default: break;
    }
}

static void visit_defs(unsigned kind, uint32_t value, rf_instruction in, rf_register_visitor visit,
                       void *context)
{
    switch (kind) {
    case RF_OPERAND_DEF:
    case RF_OPERAND_WINDOW:
    case RF_OPERAND_CALLEE:
    case RF_OPERAND_LOCALCALL: visit(context, value, RF_ACCESS_DEF); break;
    case RF_OPERAND_UNPACKED:
    case RF_OPERAND_RESET: visit_run(value, in.b, RF_ACCESS_DEF, visit, context); break;
    case RF_OPERAND_ITERATE:
    case RF_OPERAND_RANGE: visit_run(value, LOOP_STATE, RF_ACCESS_DEF, visit, context); break;
    default: break;
    }
}

void rf_op_visit_registers(const rf_proto *proto, rf_instruction in, bool at_exit, rf_register_visitor visit,
                           void *context)
{
    const rf_op_info *info = &rf_op_infos[in.op];
    const uint32_t values[3] = {in.a, in.b, in.c};
    for (unsigned i = 0; i < 3; i++)
        visit_uses(proto, info->operands[i], values[i], in, at_exit, visit, context);
    bool is_next = info->operands[0] == RF_OPERAND_NEXT;
    for (unsigned i = 0; i < 3; i++)
        if (!is_next || !at_exit) visit_defs(info->operands[i], values[i], in, visit, context);
    /* a call with a store-back leaves the receiver in R[a+1] for the code that follows: see rf_site.skip */
}

int64_t rf_op_jump_target(const rf_instruction *code, uint32_t pc)
{
    const rf_instruction in = code[pc];
    const rf_op_info *info = &rf_op_infos[in.op];
    if (info->operands[1] == RF_OPERAND_JUMP32) return (int64_t)pc + 1 + in.wide;
    if (info->operands[2] == RF_OPERAND_JUMP) return (int64_t)pc + 1 + (int16_t)in.c;
    return -1;
}

bool rf_op_falls_through(unsigned op)
{
    return rf_op_infos[op].effect < RF_EFFECT_GOES;
}

bool rf_op_can_raise(unsigned op)
{
    unsigned effect = rf_op_infos[op].effect;
    return effect == RF_EFFECT_RAISES || effect == RF_EFFECT_CALL || effect == RF_EFFECT_ENDS;
}
