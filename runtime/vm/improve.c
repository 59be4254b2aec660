/* Passes over the finished code.
 *
 * Backward liveness of locals.
 *
 * A local is live where some way leads to a read before a write.  An `except` may be reached from every instruction it
 * covers, so whatever is live at its start is live there too: a variable that a handler could look at is never
 * emptied.  Cells are shared, so they are left alone: what is copied out of them is copied by other instructions. */
#include "vm/improve.h"

#include "base/alloc.h"

#include <string.h>

/* Beyond this many bits (locals times instructions) the pass would cost more than it brings. */
enum { MOST_BITS = 1 << 24 };

typedef struct analysis {
    const rf_proto *proto;
    uint32_t limit; /* registers from here on are left out */
    uint32_t words;
    uint64_t *before; /* by pc: live before the instruction */
    uint64_t *now;
} analysis;

static uint64_t *row(const analysis *a, uint32_t pc)
{
    return a->before + (size_t)a->words * pc;
}

static void join(const analysis *a, uint32_t pc)
{
    const uint64_t *from = row(a, pc);
    for (uint32_t i = 0; i < a->words; i++) a->now[i] |= from[i];
}

static void set_live(const analysis *a, uint32_t reg, bool live)
{
    const uint64_t bit = (uint64_t)1 << (reg % 64);
    a->now[reg / 64] = live ? a->now[reg / 64] | bit : a->now[reg / 64] & ~bit;
}

static void undo_definition(void *context, uint32_t reg, rf_access_kind access)
{
    const analysis *a = context;
    if (reg < a->limit && access == RF_ACCESS_DEF) set_live(a, reg, false);
}

static void note_read(void *context, uint32_t reg, rf_access_kind access)
{
    const analysis *a = context;
    if (reg < a->limit && access != RF_ACCESS_DEF) set_live(a, reg, true);
}

/* Locals that an instruction reads without naming them: captures of closures, roots and indexes of places. */
static void note_hidden_reads(const analysis *a, rf_instruction in);

static void note_closure(const analysis *a, const rf_func *func)
{
    for (uint32_t i = 0; func && i < func->capture_count; i++)
        if (func->captures[i].source.kind == RF_REF_LOCAL && func->captures[i].source.index < a->limit)
            set_live(a, func->captures[i].source.index, true);
}

static void note_struct(const analysis *a, const rf_struct_decl *decl)
{
    for (uint32_t i = 0; i < decl->method_count; i++) note_closure(a, decl->methods[i]);
    for (uint32_t i = 0; i < decl->field_count; i++) note_closure(a, decl->fields[i].default_func);
}

static void note_place(const analysis *a, uint32_t index)
{
    if (index >= a->proto->place_count) return;
    const rf_place_info *place = a->proto->places[index];
    if (place->root == RF_REF_LOCAL && place->index < a->limit) set_live(a, place->index, true);
    for (uint32_t i = 0; i < place->count; i++)
        if (!place->steps[i].field && place->steps[i].reg < a->limit)
            set_live(a, place->steps[i].reg, true);
}

static void note_hidden_reads(const analysis *a, rf_instruction in)
{
    switch (in.op) {
    case RF_OP_CLOSURE: note_closure(a, a->proto->children[in.b]->func); break;
    case RF_OP_STRUCTDECL:
        note_struct(a, ((const rf_node *)a->proto->literals[in.b].syntax)->as.struct_decl.decl);
        break;
    case RF_OP_SETPLACE:
    case RF_OP_PUSHPLACE:
    case RF_OP_GETPLACE: note_place(a, in.b); break;
    case RF_OP_ADDPLACE: note_place(a, in.c); break;
    case RF_OP_CALLMETHOD:
    case RF_OP_UPDATE: note_place(a, a->proto->sites[in.b].place); break;
    case RF_OP_MARKSELF: set_live(a, 0, true); break;
    default: break;
    }
}

/* What is live behind the instruction, into a->now. */
static void live_behind(const analysis *a, uint32_t pc)
{
    const rf_proto *proto = a->proto;
    const rf_instruction in = proto->code[pc];
    const int64_t target = rf_op_jump_target(proto->code, pc);
    memset(a->now, 0, a->words * sizeof(uint64_t));
    if (target >= 0) join(a, (uint32_t)target);
    if (rf_op_falls_through(in.op) && pc + 1 < proto->code_count) join(a, pc + 1);
    uint32_t skip = 0;
    if (in.op == RF_OP_CALLMETHOD || in.op == RF_OP_UPDATE) skip = proto->sites[in.b].skip;
    if (in.op == RF_OP_PUSH) skip = 1;
    if (skip) join(a, pc + 1 + skip);
    /* self is handed back when a method returns */
    if (!rf_op_falls_through(in.op) && proto->func->has_self) set_live(a, 0, true);
}

static void join_handlers(const analysis *a, uint32_t pc)
{
    if (!rf_op_can_raise(a->proto->code[pc].op)) return;
    const rf_handler *handler = rf_proto_handler(a->proto, pc);
    if (handler) join(a, handler->target);
}

static bool update(const analysis *a, uint32_t pc)
{
    const rf_instruction in = a->proto->code[pc];
    live_behind(a, pc);
    rf_op_visit_registers(a->proto, in, false, undo_definition, (void *)(uintptr_t)a);
    rf_op_visit_registers(a->proto, in, false, note_read, (void *)(uintptr_t)a);
    note_hidden_reads(a, in);
    join_handlers(a, pc);
    if (memcmp(a->now, row(a, pc), a->words * sizeof(uint64_t)) == 0) return false;
    memcpy(row(a, pc), a->now, a->words * sizeof(uint64_t));
    return true;
}

/* Cells stay in their register as long as the frame lives. */
static bool may_move(const rf_proto *proto, uint32_t reg)
{
    const rf_var *var = proto->func->vars ? proto->func->vars[reg] : NULL;
    return !var || !var->is_cell;
}

static void convert(const analysis *a, rf_proto *proto)
{
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        rf_instruction *in = &proto->code[pc];
        if (in->op != RF_OP_COPY || in->b >= proto->temp_base || in->a == in->b || !may_move(proto, in->b)) continue;
        live_behind(a, pc);
        join_handlers(a, pc); /* COPY raises nothing, but what follows may, before the next read */
        if (!(a->now[in->b / 64] >> (in->b % 64) & 1)) in->op = RF_OP_MOVE;
    }
}

static void analyse(analysis *a)
{
    const rf_proto *proto = a->proto;
    a->before = rf_alloc_array_zero(uint64_t, (size_t)a->words * (proto->code_count + 1));
    a->now = a->before + (size_t)a->words * proto->code_count;
    for (bool is_changing = true; is_changing;) {
        is_changing = false;
        for (uint32_t pc = proto->code_count; pc-- > 0;)
            if (update(a, pc)) is_changing = true;
    }
}

void rf_vm_move_dying_locals(rf_proto *proto)
{
    const uint32_t words = proto->temp_base / 64 + 1;
    if ((uint64_t)proto->temp_base * proto->code_count > MOST_BITS || proto->temp_base == 0) return;
    if (proto->func->kind == RF_FUNC_TEST || proto->page_count) return; /* indexes need their page to be understood */
    analysis a = {.proto = proto, .limit = proto->temp_base, .words = words};
    analyse(&a);
    convert(&a, proto);
    rf_free(a.before);
}

uint64_t *rf_vm_live_registers(const rf_proto *proto, uint32_t *words)
{
    *words = proto->register_count / 64 + 1;
    analysis a = {.proto = proto, .limit = proto->register_count, .words = *words};
    analyse(&a);
    return a.before;
}

/* ---- chains ---- */

static bool looks_only(rf_instruction next, uint32_t reg)
{
    const bool is_suffix = next.op == RF_OP_GETINDEX_T || next.op == RF_OP_GETINDEXI_T ||
                           next.op == RF_OP_GETFIELD_T || next.op == RF_OP_LEN;
    /* the index must be there already, and not be the value itself */
    return is_suffix && next.b == reg && (next.op != RF_OP_GETINDEX_T || next.c != reg);
}

void rf_vm_mark_chains(rf_proto *proto)
{
    static const uint16_t starts[RF_OP_COUNT] = {
        [RF_OP_GETINDEX] = RF_OP_CHAIN_GETINDEX,     [RF_OP_GETINDEXI] = RF_OP_CHAIN_GETINDEXI,
        [RF_OP_GETFIELD] = RF_OP_CHAIN_GETFIELD,     [RF_OP_GETOWN] = RF_OP_CHAIN_GETOWN,
        [RF_OP_GETCELL] = RF_OP_CHAIN_GETCELL,       [RF_OP_GETCAPTURE] = RF_OP_CHAIN_GETCAPTURE,
        [RF_OP_GETCAPCELL] = RF_OP_CHAIN_GETCAPCELL, [RF_OP_GETMODULE] = RF_OP_CHAIN_GETMODULE,
        [RF_OP_GETCELL_CHECKED] = RF_OP_CHAIN_GETCELL,
        [RF_OP_GETCAPTURE_CHECKED] = RF_OP_CHAIN_GETCAPTURE,
        [RF_OP_GETCAPCELL_CHECKED] = RF_OP_CHAIN_GETCAPCELL,
        [RF_OP_GETMODULE_CHECKED] = RF_OP_CHAIN_GETMODULE,
    };
    for (uint32_t pc = 0; pc + 1 < proto->code_count; pc++) {
        rf_instruction *in = &proto->code[pc];
        if (starts[in->op] && in->a >= proto->temp_base && looks_only(proto->code[pc + 1], in->a))
            in->op = starts[in->op];
    }
}
