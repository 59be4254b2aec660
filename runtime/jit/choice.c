/* Heat is what a function used up, in calls and loop turns, whether it was asked about or not; so of two that wait, the
 * one with more has run longer. */
#include "jit/choice.h"

#include "base/alloc.h"

static bool has_code_at(const rf_native_proto *native, uint32_t pc)
{
    for (uint32_t i = 0; i < native->count; i++)
        if (native->entries[i]->pc == pc && native->entries[i]->code) return true;
    return false;
}

uint32_t rf_jit_best_entry(const rf_proto *proto, uint32_t pc)
{
    if (!proto->feedback || pc == 0) return pc;
    if (proto->feedback[0].count >= RF_JIT_OFTEN_CALLED || has_code_at(proto->native, 0)) return 0;
    uint32_t best = pc;
    for (uint32_t last = pc; last < proto->code_count; last++) {
        const int64_t first = rf_op_jump_target(proto->code, last);
        if (first < 0 || first >= pc) continue;
        if (has_code_at(proto->native, (uint32_t)first)) return 0; /* what leads to it is all that is missing */
        if (first < best && proto->feedback[last].count > 0) best = (uint32_t)first;
    }
    return best;
}

rf_loop_range rf_jit_inner_loop(const rf_proto *proto, uint32_t pc)
{
    rf_loop_range loop = {pc, 0};
    bool is_inner = false;
    for (uint32_t last = pc; last < proto->code_count; last++) {
        const int64_t first = rf_op_jump_target(proto->code, last);
        if (first == pc) loop.last = last;
        is_inner |= first >= 0 && first < pc;
    }
    return is_inner ? loop : (rf_loop_range){pc, 0};
}

static void note_register(void *context, uint32_t reg, rf_access_kind access)
{
    uint64_t *used = context;
    (void)access;
    if (reg < 256) used[reg / 64] |= (uint64_t)1 << (reg % 64);
}

void rf_jit_distrust_unused(rf_entry_point *entry, const rf_proto *proto)
{
    uint64_t used[RF_COUNT_OF(entry->distrusted)] = {0};
    const rf_loop_range inner = rf_jit_inner_loop(proto, entry->pc);
    if (entry->pc > 0 && !inner.last) return;
    for (uint32_t i = 0; entry->pc == 0 && i < proto->param_count; i++) note_register(used, i, RF_ACCESS_USE);
    for (uint32_t pc = inner.first; entry->pc > 0 && pc <= inner.last; pc++)
        rf_op_visit_registers(proto, proto->code[pc], false, note_register, used);
    for (size_t i = 0; i < RF_COUNT_OF(used); i++) entry->distrusted[i] |= ~used[i];
}

bool rf_jit_sample(rf_entry_point *entry, const rf_frame *fp, uint64_t now_ticks)
{
    const uint32_t most = sizeof entry->distrusted * 8;
    const uint32_t count = fp->proto->register_count < most ? fp->proto->register_count : most;
    if (!entry->heads) entry->heads = rf_alloc(most);
    for (uint32_t i = 0; i < count; i++) {
        const rf_value v = fp->base[i];
        const uint8_t head = (uint8_t)(v.head == RF_ARRAY ? 128 | v.as.o->info : v.head);
        if (entry->samples && head != entry->heads[i]) entry->distrusted[i / 64] |= (uint64_t)1 << (i % 64);
        entry->heads[i] = head;
    }
    if (!entry->samples++) entry->sampled_ticks = now_ticks;
    return entry->samples >= RF_JIT_SAMPLES || now_ticks - entry->sampled_ticks > RF_JIT_SAMPLE_TICKS;
}

bool rf_jit_yields_often(const rf_proto *proto)
{
    uint64_t yields = 0, all = 0;
    if (!proto->func->is_generator || !proto->feedback) return false;
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        all += proto->feedback[pc].count;
        if (proto->code[pc].op == RF_OP_YIELD) yields += proto->feedback[pc].count;
    }
    return yields * RF_JIT_YIELD_COST >= all;
}

static bool has_several(uint32_t kinds)
{
    const uint32_t heads = kinds & (RF_SEEN_WRAPPED - 1), arrays = kinds >> RF_SEEN_ARRAY_SHIFT;
    return (heads & (heads - 1)) || (arrays & (arrays - 1));
}

bool rf_jit_is_mixed(const rf_feedback *seen)
{
    return has_several(seen->seen[0]) || has_several(seen->seen[1]) || has_several(seen->seen[2]) ||
           has_several(seen->result);
}

bool rf_jit_has_turn(rf_jit *j, const rf_proto *proto, uint64_t now_ticks)
{
    const rf_native_proto *native = proto->native, *hottest = j->hottest ? j->hottest->native : NULL;
    /* observing costs something: the turn goes to what is clearly hotter */
    if (!hottest || native->used / 2 > hottest->used || now_ticks - j->hottest_ticks > RF_JIT_TURN_TICKS)
        j->hottest = proto;
    if (j->hottest != proto) return false;
    j->hottest_ticks = now_ticks;
    return true;
}

void rf_jit_lose_turn(rf_jit *j, const rf_proto *proto)
{
    if (j->hottest == proto) j->hottest = NULL;
}
