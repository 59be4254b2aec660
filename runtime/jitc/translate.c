/* One instruction after the other, and whole functions; see translate.h. */
#include "jitc/core.h"
#include "jitc/families.h"
#include "jitc/lent.h"

#include "base/alloc.h"

enum { EXIT_COST = 25 }; /* instructions that leaving native code costs */

/* ---- moves and the rest ---- */

static void rf_do_copy(tr *t, bool is_move)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_known from = t->now[in.b];
    if (in.a == in.b) return;
    if (from.kind == RF_KIND_VIRTUAL) { /* a copy of a function is lent: rf_virtual_prepare */
        const bool is_copied = !is_move && rf_virtual_of(t, from)->kind == RF_KIND_STRUCT;
        if (is_copied) rf_virtual_retain(t, in.b, from);
        rf_virtual_copy(t, in.a, 0, in.b, 0, from);
        release_old(t, in.a);
        touch(t, in.a);
        t->now[in.a] = from;
        t->now[in.a].is_lent = is_move ? from.is_lent : !is_copied;
    } else if (from.kind == RF_KIND_FLOAT) {
        put_float(t, in.a, value_of(t, float_of(t, in.b)));
    } else if (is_in_variable(from.kind)) {
        put_int(t, in.a, as_int(t, in.b), from.kind);
    } else {
        const bool is_called = (from.kind == RF_KIND_MEMORY || from.kind == RF_KIND_FUNCTION) && rf_is_only_called(t, in.a, in.b);
        const bool is_lent = is_move ? from.is_lent : is_called || rf_is_only_looked_at(t, in.a, in.b);
        lvalue slot = reg_slot(t, in.b);
        rvalue head = keep(t, RF_IR_I64, EMITS ? value_of(t, slot_head(t, slot)) : NULL);
        rvalue bits = keep(t, RF_IR_POINTER, EMITS ? value_of(t, slot_object(t, slot)) : NULL);
        if (is_move)
            assign(t, slot_head(t, slot), constant(t, RF_UNSET));
        else if (!is_lent)
            retain(t, head, bits);
        put_value(t, in.a, head, bits);
        if (from.kind == RF_KIND_ARRAY || from.kind == RF_KIND_STRUCT) {
            assign(t, object_of(t, in.a), value_of(t, object_of(t, in.b)));
            t->now[in.a] = from;
            t->now[in.a].has_header = false;
            t->now[in.a].is_own &= is_move;
        }
        if (from.kind == RF_KIND_FUNCTION || from.kind == RF_KIND_STRING || from.kind == RF_KIND_DICT) t->now[in.a] = from;
        t->now[in.a].is_lent = is_lent;
    }
    if (is_move) t->now[in.b] = (rf_known){.kind = RF_KIND_CLEAN};
}

static void rf_do_unset(tr *t, bool is_drop)
{
    const rf_instruction in = t->s->code[t->at];
    for (uint32_t i = in.a; i < in.a + (uint32_t)in.b; i++) {
        if (may_count(t->now[i].kind)) release_slot(t, reg_slot(t, i));
        if (t->now[i].kind == RF_KIND_VIRTUAL) rf_virtual_drop(t, i);
        touch(t, i);
        t->now[i] = (rf_known){.kind = RF_KIND_CLEAN};
        if (is_drop) continue;
        if (EMITS) assign(t, slot_head(t, reg_slot(t, i)), constant(t, RF_UNSET));
        t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
    }
}

static void rf_do_null_jump(tr *t, bool sense)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->now[in.a].kind != RF_KIND_MEMORY) {
        go(t, sense ? t->at + 1 : jump_target(t));
        return;
    }
    rvalue is_null = EMITS ? test(t, RF_IR_EQ,
                                  value_of(t, slot_head(t, reg_slot(t, in.a))), constant(t, RF_NULL))
                           : NULL;
    if (sense)
        go_if(t, is_null, jump_target(t), t->at + 1);
    else
        go_if(t, is_null, t->at + 1, jump_target(t));
}

static void rf_do_check(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->now[in.a].kind != RF_KIND_MEMORY) return;
    guard(t, EMITS ? test(t, RF_IR_NE, value_of(t, slot_head(t, reg_slot(t, in.a))),
                          constant(t, RF_UNSET))
                   : NULL);
}

static void make_object(tr *t, rf_kind kind)
{
    execute(t);
    t->now[t->s->code[t->at].a] = (rf_known){.kind = (uint8_t)kind};
}

#define ARITHMETIC(name)                                                                           \
    case RF_OP_##name: rf_do_binary(t, RF_OPER_##name, 0); break;                                  \
    case RF_OP_##name##I: rf_do_binary(t, RF_OPER_##name, 1); break;                               \
    case RF_OP_##name##K:                                                                          \
        rf_do_binary(t, RF_OPER_##name, 2);                                                        \
        break;
#define COMPARISON(name)                                                                           \
    case RF_OP_##name: rf_do_compare(t, RF_OPER_##name); break;                                    \
    case RF_OP_J##name: rf_do_compare_jump(t, RF_OPER_##name, 0, true); break;                     \
    case RF_OP_J##name##I: rf_do_compare_jump(t, RF_OPER_##name, 1, true); break;                  \
    case RF_OP_J##name##K: rf_do_compare_jump(t, RF_OPER_##name, 2, true); break;                  \
    case RF_OP_JN##name: rf_do_compare_jump(t, RF_OPER_##name, 0, false); break;                   \
    case RF_OP_JN##name##I: rf_do_compare_jump(t, RF_OPER_##name, 1, false); break;                \
    case RF_OP_JN##name##K: rf_do_compare_jump(t, RF_OPER_##name, 2, false); break;

static void instruction(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    switch (in.op) {
    case RF_OP_COPY: rf_do_copy(t, false); break;
    case RF_OP_MOVE: rf_do_copy(t, true); break;
    case RF_OP_LOADK: rf_do_load_constant(t); break;
    case RF_OP_LOADI: put_int(t, in.a, constant(t, in.wide), RF_KIND_INT); break;
    case RF_OP_LOADBOOL: put_int(t, in.a, constant(t, in.b), RF_KIND_BOOL); break;
    case RF_OP_LOADNULL: put_value(t, in.a, constant(t, RF_NULL), rf_address(t, 0)); break;
    case RF_OP_UNSET: rf_do_unset(t, false); break;
    case RF_OP_DROP: rf_do_unset(t, true); break;
    case RF_OP_CHECK:
        rf_do_check(t);
        break;
        ARITHMETIC(ADD)
        ARITHMETIC(SUB) ARITHMETIC(MUL) ARITHMETIC(DIV) ARITHMETIC(MOD) case RF_OP_KADD
            : rf_do_binary(t, RF_OPER_ADD, 3);
        break;
    case RF_OP_KSUB: rf_do_binary(t, RF_OPER_SUB, 3); break;
    case RF_OP_KMUL: rf_do_binary(t, RF_OPER_MUL, 3); break;
    case RF_OP_KDIV:
        rf_do_binary(t, RF_OPER_DIV, 3);
        break;
        COMPARISON(EQ)
        COMPARISON(NE) COMPARISON(LT) COMPARISON(LE) COMPARISON(GT) COMPARISON(GE) case RF_OP_NEG
            : rf_do_negate(t);
        break;
    case RF_OP_NOT: rf_do_truth(t, true); break;
    case RF_OP_TRUTH: rf_do_truth(t, false); break;
    case RF_OP_ADDPLACE: rf_do_add_place(t); break;
    case RF_OP_JMP: go(t, jump_target(t)); break;
    case RF_OP_JTRUE: rf_do_truth_jump(t, true); break;
    case RF_OP_JFALSE: rf_do_truth_jump(t, false); break;
    case RF_OP_JNULL: rf_do_null_jump(t, true); break;
    case RF_OP_JNOTNULL: rf_do_null_jump(t, false); break;
    case RF_OP_JNOTEQUAL: rf_do_not_equal_jump(t); break;
    case RF_OP_GETMODULE:
    case RF_OP_GETMODULE_CHECKED:
    case RF_OP_CHAIN_GETMODULE:
    case RF_OP_GETCELL:
    case RF_OP_GETCELL_CHECKED:
    case RF_OP_CHAIN_GETCELL:
    case RF_OP_GETCAPTURE:
    case RF_OP_GETCAPTURE_CHECKED:
    case RF_OP_CHAIN_GETCAPTURE:
    case RF_OP_GETCAPCELL:
    case RF_OP_GETCAPCELL_CHECKED:
    case RF_OP_CHAIN_GETCAPCELL: rf_do_variable(t); break;
    case RF_OP_SETMODULE:
    case RF_OP_SETCELL:
    case RF_OP_SETCAPCELL: rf_do_store_variable(t); break;
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEX_T:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEX:
    case RF_OP_CHAIN_GETINDEXI:
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD:
    case RF_OP_LEN: rf_do_access(t); break;
    case RF_OP_SETINDEX: rf_do_set_index(t); break;
    case RF_OP_SETPLACE: rf_do_set_place(t); break;
    case RF_OP_PUSHPLACE: rf_do_push_place(t); break;
    case RF_OP_SETFIELD: rf_do_set_field(t); break;
    case RF_OP_PUSH: rf_do_push(t); break;
    case RF_OP_RANGEPREP: rf_do_range_prep(t); break;
    case RF_OP_RANGENEXT: rf_do_range_next(t); break;
    case RF_OP_FORNEXT: rf_do_for_next(t); break;
    case RF_OP_FORPREP: rf_do_for_prep(t); break;
    case RF_OP_YIELD: rf_do_yield(t); break;
    case RF_OP_CALL:
    case RF_OP_CALLFN:
    case RF_OP_CALLBUILTIN: rf_do_call(t); break;
    case RF_OP_CALLMETHOD:
    case RF_OP_CALLLOCAL:
    case RF_OP_UPDATE: rf_do_other_call(t); break;
    case RF_OP_CALLC1:
    case RF_OP_CALLC: rf_do_builtin(t); break;
    case RF_OP_CLOSURE: rf_do_closure(t); break;
    case RF_OP_NEWCELL: rf_do_cell(t, false); break;
    case RF_OP_WRAPCELL: rf_do_cell(t, true); break;
    case RF_OP_MAKESTRUCT: rf_do_make_struct(t); break;
    case RF_OP_NEWARRAY: rf_do_new_array(t); break;
    case RF_OP_MARKSELF: rf_do_mark_self(t); break;
    case RF_OP_RETURN: rf_do_return(t, true); break;
    case RF_OP_RETURNNULL: rf_do_return(t, false); break;
    case RF_OP_ITEM: rf_do_item(t); break;
    case RF_OP_ENTRYVALUE: rf_do_entry_value(t); break;
    case RF_OP_CONCAT:
        if (!rf_do_text_and_int(t)) make_object(t, RF_KIND_STRING);
        break;
    case RF_OP_NEWDICT:
    case RF_OP_NEWRECORD: make_object(t, RF_KIND_DICT); break;
    case RF_OP_JNOTARRAY:
    case RF_OP_JNOTENTRIES:
    case RF_OP_JNOTVARIANT: long_jump(t); break;
#define LONG(name) case RF_OP_##name:
        LONG(GETBUILTIN) LONG(ENTRIES) LONG(TEXT) LONG(EXTEND)
            LONG(SPREAD) LONG(DICTKEY) LONG(DICTSET) LONG(DICTPUT) LONG(DICTSPREAD)
                LONG(OPTFIELD) LONG(GETOWN) LONG(SETOWN) LONG(CHAIN_GETOWN) 
                    LONG(GETPLACE) LONG(STRUCTDECL)
                        LONG(ENUMDECL) LONG(STRUCTCHECK) LONG(FIELDCHECK) LONG(SPREADCHECK)
                             LONG(ENUMCHECK) LONG(MAKEENUM)
                                LONG(ITEMREST) LONG(ENTRY) LONG(ENTRYREST) LONG(PAYLOAD)
                                    long_way(t);
        break;
#undef LONG
    default: leave(t); break;
    }
    if (!t->is_ended) go(t, t->at + 1);
}

static void translate(tr *t, uint32_t pc)
{
    const size_t size = t->s->f.register_count * sizeof *t->now;
    t->at = pc;
    memcpy(t->now, t->before[pc], size);
    memcpy(t->start, t->before[pc], size);
    t->exit_count = 0;
    t->is_ended = false;
    if (!EMITS || t->ways_to[pc] != 1 || (t->went[0] != pc && t->went[1] != pc)) {
        t->fact_count = 0;
        rf_keep_standing(t, pc);
    }
    t->went[0] = t->went[1] = UINT32_MAX;
    if (EMITS) t->block = t->blocks[pc];
    t->here = pc + 1;
    t->gains += hints(t, pc)->count;
    if (hints(t, pc)->count == 0 && (pc != t->entry || t->is_generator))
        leave_for(t, RF_EXIT_COLD);
    else if (t->is_left[pc])
        leave(t);
    else {
        rf_lent_prepare(t);
        rf_virtual_prepare(t);
        instruction(t);
    }
}

/* ---- whole functions ---- */

static void set_entry_state(tr *t)
{
    const uint32_t count = t->s->f.register_count;
    for (uint32_t i = 0; i < count; i++) {
        t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
        if (!t->is_top) {
            t->now[i].kind = RF_KIND_CLEAN;
            if (i < t->s->f.param_count) t->now[i] = t->params[i];
            if (i < t->s->f.param_count && t->params[i].kind == RF_KIND_CLEAN)
                t->now[i].kind = RF_KIND_MEMORY; /* not known yet */
            continue;
        }
        if (!rf_source_is_live(t->s, t->entry, i)) {
            t->now[i].kind = RF_KIND_CLEAN;
            continue;
        }
        const rf_wire_entry *e = &t->all->unit->entry[i];
        if (e->head == RF_INT) t->now[i].kind = RF_KIND_INT;
        if (e->head == RF_FLOAT) t->now[i].kind = RF_KIND_FLOAT;
        if (e->head == RF_BOOL) t->now[i].kind = RF_KIND_BOOL;
        if (e->head == RF_ARRAY && e->array_kind != RF_ARRAY_EMPTY)
            t->now[i] = (rf_known){.kind = RF_KIND_ARRAY, .elements = (uint8_t)e->array_kind};
    }
}

static void flow_from_outside(tr *t)
{
    set_entry_state(t);
    t->at = UINT32_MAX;
    flow(t, t->begin);
    if (t->is_generator) rf_flow_from_yields(t);
}

static void start_analysis(tr *t)
{
    for (uint32_t i = 0; i < t->s->f.code_count; i++) {
        rf_free(t->before[i]);
        t->before[i] = NULL;
        t->is_queued[i] = false;
    }
    t->work_count = 0;
    flow_from_outside(t);
}

static void run_work(tr *t)
{
    while (t->work_count > 0) {
        const uint32_t pc = t->work[--t->work_count];
        t->is_queued[pc] = false;
        translate(t, pc);
    }
}

static void analyse(tr *t)
{
    start_analysis(t);
    run_work(t);
    t->gains = t->losses = 0; /* once more with the final kinds, each instruction once */
    t->is_settled = true;
    memset(t->is_noisy, 0, t->s->f.code_count * sizeof *t->is_noisy);
    memset(t->is_reached, 0, t->s->f.code_count * sizeof *t->is_reached);
    memset(t->ways_to, 0, t->s->f.code_count * sizeof *t->ways_to);
    flow_from_outside(t);
    run_work(t);
    t->is_settled = false;
}

static void init(tr *t, rf_compilation *c, uint32_t number, bool is_top, uint32_t entry)
{
    rf_source *s = &c->unit->functions[number];
    const uint32_t code = s->f.code_count, registers = s->f.register_count;
    *t = (tr){.all = c, .s = s, .number = number, .is_top = is_top, .entry = entry};
    t->before = rf_alloc_array_zero(rf_known *, code);
    t->work = rf_alloc_array_zero(uint32_t, code);
    t->is_queued = rf_alloc_array_zero(bool, code);
    t->is_reached = rf_alloc_array_zero(bool, code);
    t->is_noisy = rf_alloc_array_zero(bool, code);
    t->owns_callee = rf_alloc_array_zero(bool, code);
    t->callees = rf_alloc_array_zero(uint32_t, code);
    t->calls_itself = rf_alloc_array_zero(bool, code);
    t->is_left = rf_alloc_array_zero(bool, code);
    t->is_generator = !is_top && s->f.is_generator;
    t->now = rf_alloc_array_zero(rf_known, registers);
    t->start = rf_alloc_array_zero(rf_known, registers);
    t->ways_to = rf_alloc_array_zero(uint32_t, code);
    t->blocks = rf_alloc_array_zero(rf_ir_block *, code);
    t->ints = rf_alloc_array_zero(lvalue, registers);
    t->floats = rf_alloc_array_zero(lvalue, registers);
    t->objects = rf_alloc_array_zero(lvalue, registers);
    t->lengths = rf_alloc_array_zero(lvalue, registers);
    t->datas = rf_alloc_array_zero(lvalue, registers);
    t->ends = rf_alloc_array_zero(lvalue, registers);
    t->limits = rf_alloc_array_zero(lvalue, registers);
    t->leaves = rf_alloc_array_zero(lvalue *, registers + 1);
    rf_find_loops(t);
    t->begin = is_top ? rf_begin_of_loop(t, entry) : entry;
}

static void release(tr *t)
{
    for (uint32_t i = 0; t->before && i < t->s->f.code_count; i++) rf_free(t->before[i]);
    rf_free(t->before);
    rf_free(t->work);
    rf_free(t->is_queued);
    rf_free(t->is_reached);
    rf_free(t->is_noisy);
    rf_free(t->owns_callee);
    rf_free(t->callees);
    rf_free(t->calls_itself);
    rf_free(t->is_left);
    rf_free(t->now);
    rf_free(t->start);
    rf_free(t->ways_to);
    rf_free(t->blocks);
    rf_free(t->ints);
    rf_free(t->floats);
    rf_free(t->objects);
    rf_free(t->lengths);
    rf_free(t->datas);
    rf_free(t->ends);
    rf_free(t->limits);
    for (uint32_t i = 0; t->leaves && i <= t->s->f.register_count; i++) rf_free(t->leaves[i]);
    rf_free(t->leaves);
    for (uint32_t i = 0; i < t->loop_count; i++) {
        rf_free(t->loops[i].plan);
        rf_free(t->loops[i].is_written);
    }
    rf_free(t->loops);
}

/* Is it a closure, made or not, or not made at all, or lent? Then there is an instance for it alone. */
static bool is_special(rf_kind kind)
{
    return kind == RF_KIND_FUNCTION || kind == RF_KIND_VIRTUAL || kind == RF_KIND_LENT;
}

static bool is_for(const tr *t, uint32_t number, const rf_known *arguments, uint32_t count,
                   bool gives_self, rf_known running)
{
    if (t->number != number || t->gives_self != gives_self || !is_same(&t->running, &running)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].is_lent != t->params[i].is_lent) return false;
        if (!is_special(arguments[i].kind) && !is_special(t->params[i].kind)) continue;
        if (arguments[i].kind != t->params[i].kind || t->params[i].layout != arguments[i].layout ||
            arguments[i].is_in_place != t->params[i].is_in_place)
            return false;
    }
    return true;
}

int32_t rf_compilation_instance(rf_compilation *c, uint32_t number, const rf_known *arguments,
                                uint32_t count, bool gives_self, rf_known running)
{
    for (uint32_t i = 0; i < c->instance_count; i++)
        if (is_for(&c->instances[i], number, arguments, count, gives_self, running)) return (int32_t)i;
    if (c->instance_count == RF_MOST_INSTANCES) return -1;
    tr *t = &c->instances[c->instance_count];
    init(t, c, number, false, 0);
    t->gives_self = gives_self;
    t->running = running;
    t->is_framed = !t->is_generator && t->s->f.has_handlers;
    for (uint32_t i = 0; i < count; i++) {
        if (is_special(arguments[i].kind)) t->params[i] = arguments[i];
        t->params[i].is_lent = arguments[i].is_lent;
    }
    return (int32_t)c->instance_count++;
}

static void analyse_all(rf_compilation *c)
{
    c->has_changed = false;
    memset(c->is_used, 0, sizeof c->is_used);
    memset(c->is_analysed, 0, sizeof c->is_analysed);
    analyse(&c->top);
    for (uint32_t i = 0; i < c->instance_count; i++) {
        if (!c->is_used[i] || c->is_analysed[i]) continue;
        c->is_analysed[i] = true;
        analyse(&c->instances[i]);
        i = UINT32_MAX; /* it may use one before it */
    }
}

bool rf_compilation_analyse(rf_compilation *c)
{
    init(&c->top, c, 0, true, c->unit->request.entry);
    enum { MOST_ROUNDS = 60 };
    for (unsigned round = 0; round < MOST_ROUNDS; round++) {
        analyse_all(c);
        if (!c->has_changed) break;
        if (round + 1 == MOST_ROUNDS) return false;
    }
    rf_find_quiet(c);
    uint64_t gains = c->top.gains, losses = c->top.losses;
    bool recurses = false;
    for (uint32_t i = 0; i < c->instance_count; i++) {
        if (!c->is_used[i]) continue;
        gains += c->instances[i].gains;
        losses += c->instances[i].losses;
        recurses |= c->instances[i].number == 0;
    }
    if (recurses) losses -= c->top.losses; /* few of its returns end a visit */
    return c->unit->request.is_forced || (gains > losses * EXIT_COST && gains > 0);
}

static void make_blocks(tr *t)
{
    for (uint32_t pc = 0; pc < t->s->f.code_count; pc++)
        if (t->is_reached[pc]) t->blocks[pc] = new_block(t);
}

static void emit_body(tr *t)
{
    for (uint32_t pc = 0; pc < t->s->f.code_count; pc++)
        if (t->is_reached[pc]) translate(t, pc);
}

/* A register at the entry is not as it was: nothing happens. The exit tells which. */
static rf_ir_block *entry_failure(tr *t, uint32_t reg)
{
    rf_ir_block *here = t->block, *failed = new_block(t);
    mark_exit(failed, reg, RF_EXIT_ENTRY);
    t->block = failed;
    assign(t, context_part(t, offsetof(rf_native_context, exit), RF_IR_I64),
           constant(t, (int64_t)reg << 8 | RF_EXIT_ENTRY));
    return_value(t, constant(t, RF_NATIVE_GOES_ON));
    t->block = here;
    return failed;
}

static lvalue int_at(tr *t, uint32_t reg)
{
    return t->now[reg].kind == RF_KIND_INT ? int_of(t, reg) : slot_int(t, reg_slot(t, reg));
}

/* The state of a range before the number at hand, which the RANGENEXT at `begin` takes once more. */
static void rewind_range(tr *t)
{
    const uint32_t state = t->s->code[t->begin].a;
    lvalue next = int_at(t, state), left = int_at(t, state + RF_RANGE_LEFT);
    assign(t, next, binary(t, RF_IR_SUB, value_of(t, next), constant(t, 1)));
    assign(t, left, binary(t, RF_IR_ADD, value_of(t, left), constant(t, 1)));
}

/* The registers at the entry are as they were, or nothing happens. */
static void emit_top_entry(tr *t)
{
    const uint32_t count = t->s->f.register_count;
    rf_known *entry = t->before[t->begin];
    set_entry_state(t);
    for (uint32_t i = 0; i < count; i++) {
        const rf_known k = t->now[i];
        const bool is_tested = is_in_variable(k.kind) || k.kind == RF_KIND_ARRAY;
        if (!is_tested || is_same(&entry[i], &(rf_known){.kind = RF_KIND_MEMORY})) {
            if (is_tested) t->now[i] = (rf_known){.kind = RF_KIND_MEMORY};
            continue;
        }
        lvalue slot = reg_slot(t, i);
        rf_ir_block *next = new_block(t);
        rf_ir_block *failed = entry_failure(t, i);
        const int64_t head = k.kind == RF_KIND_ARRAY ? RF_ARRAY : head_of(k.kind);
        rf_ir_guard(F, t->block, t->here, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, head)), next, failed);
        t->block = next;
        if (k.kind != RF_KIND_ARRAY) {
            load_variable(t, i, k.kind, slot);
            continue;
        }
        assign(t, object_of(t, i), cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
        next = new_block(t);
        rf_ir_guard(F, t->block, t->here, info_is(t, value_of(t, object_of(t, i)), k.elements), next, failed);
        t->block = next;
    }
    for (uint32_t i = 0; i < count; i++) /* dead locals give up what they hold */
        if (t->now[i].kind == RF_KIND_CLEAN && !is_temp(t, i)) release_slot(t, reg_slot(t, i));
    if (t->begin != t->entry) rewind_range(t);
    t->at = UINT32_MAX;
    rf_enter_loops(t, t->begin);
    adapt(t, t->begin);
    jump(t, t->blocks[t->begin]);
}

static rvalue param_of(tr *t, int index)
{
    return rf_ir_param_value(F, (uint32_t)index);
}

static void emit_top(tr *t)
{
    t->function = rf_ir_function_new(&t->all->code, RF_WIRE_ENTRY, RF_IR_I64);
    t->function->is_entry = true;
    t->function->number = t->number;
    rf_ir_param(F, RF_IR_POINTER);
    t->is_emitting = true;
    t->here = 0;
    rf_ir_block *first = new_block(t);
    make_blocks(t);
    t->block = first;
    t->context = param_of(t, 0);
    t->fp =
        keep(t, RF_IR_POINTER, value_of(t, context_part(t, offsetof(rf_native_context, fp), RF_IR_POINTER)));
    t->R = keep(
        t, RF_IR_VALUES,
        cast(t, value_of(t, part(t, t->fp, offsetof(rf_frame, base), RF_IR_POINTER)), RF_IR_VALUES));
    t->closure = keep(t, RF_IR_POINTER, value_of(t, part(t, t->fp, offsetof(rf_frame, function), RF_IR_POINTER)));
    t->room = keep(t, RF_IR_I64, value_of(t, context_part(t, offsetof(rf_native_context, room), RF_IR_I64)));
    rf_begin_calls(t);
    emit_top_entry(t);
    emit_body(t);
}

/* C: rf_value light_N_I(context, R or generator, room, ...) */
static void declare_instance(tr *t)
{
    char name[32];
    snprintf(name, sizeof name, "%s_%u_%u", t->is_framed ? "framed" : "light", t->number, (unsigned)(t - t->all->instances));
    t->function = rf_ir_function_new(&t->all->code, name, RF_IR_VALUE);
    t->function->number = t->number;
    rf_ir_param(F, RF_IR_POINTER);
    rf_ir_param(F, t->is_generator ? RF_IR_POINTER : RF_IR_VALUES);
    rf_ir_param(F, RF_IR_I64);
    if (t->running.kind == RF_KIND_VIRTUAL)
        rf_leaf_parameters(t, t->running);
    else if (t->s->f.has_captures && !t->is_generator)
        rf_ir_param(F, RF_IR_POINTER);
    if (t->is_framed) rf_ir_param(F, RF_IR_POINTER);
    for (uint32_t i = 0; i < t->s->f.param_count && !t->is_generator; i++) {
        if (is_in_variable(t->params[i].kind)) rf_ir_param(F, t->params[i].kind == RF_KIND_FLOAT ? RF_IR_F64 : RF_IR_I64);
        if (t->params[i].kind == RF_KIND_VIRTUAL) rf_leaf_parameters(t, t->params[i]);
        if (t->params[i].kind == RF_KIND_LENT) rf_ir_param(F, RF_IR_OBJECT);
    }
    if (t->result.kind == RF_KIND_VIRTUAL && rf_leaves_of(t, t->result) > 0) rf_ir_param(F, RF_IR_VALUES);
    if (t->self.kind == RF_KIND_VIRTUAL && rf_leaves_of(t, t->self) > 0) rf_ir_param(F, RF_IR_VALUES);
}

static void receive_parameters(tr *t)
{
    if (t->gives_self && !t->is_framed) {
        t->marked = variable(t, RF_IR_I64, "marked");
        assign(t, t->marked, constant(t, 0));
    }
    int count = 3;
    t->R = param_of(t, 1);
    if (t->running.kind == RF_KIND_VIRTUAL)
        count += rf_receive_leaves(t, rf_running(t), t->running, count);
    else if (t->s->f.has_captures)
        t->closure = param_of(t, count++);
    if (t->is_framed) t->fp = param_of(t, count++);
    for (uint32_t i = 0; i < t->s->f.param_count; i++) {
        if (t->params[i].kind == RF_KIND_VIRTUAL) count += rf_receive_leaves(t, i, t->params[i], count);
        if (t->params[i].kind == RF_KIND_LENT) assign(t, object_of(t, i), param_of(t, count++));
        if (!is_in_variable(t->params[i].kind)) continue;
        rvalue p = param_of(t, count++);
        assign(t, t->params[i].kind == RF_KIND_FLOAT ? float_of(t, i) : int_of(t, i), p);
    }
    if (t->result.kind == RF_KIND_VIRTUAL && rf_leaves_of(t, t->result) > 0) t->area = param_of(t, count++);
    if (t->self.kind == RF_KIND_VIRTUAL && rf_leaves_of(t, t->self) > 0) t->self_area = param_of(t, count++);
    for (uint32_t i = 0; i < t->s->f.param_count; i++)
        if (t->params[i].kind == RF_KIND_ARRAY || t->params[i].kind == RF_KIND_STRUCT)
            assign(t, object_of(t, i), cast(t, value_of(t, slot_object(t, reg_slot(t, i))), RF_IR_OBJECT));
}

static void emit_instance(tr *t)
{
    t->is_emitting = true;
    t->here = 0;
    rf_ir_block *first = new_block(t);
    make_blocks(t);
    t->block = first;
    t->context = param_of(t, 0);
    t->room = param_of(t, 2);
    rf_begin_calls(t);
    if (t->is_generator) {
        t->generator = param_of(t, 1);
        rf_resume_body(t);
    } else {
        receive_parameters(t);
    }
    set_entry_state(t);
    t->at = UINT32_MAX;
    rf_enter_loops(t, 0);
    adapt(t, 0);
    jump(t, t->blocks[0]);
    emit_body(t);
}

void rf_compilation_emit(rf_compilation *c)
{
    for (uint32_t i = 0; i < c->instance_count; i++)
        if (c->is_used[i]) declare_instance(&c->instances[i]);
    for (uint32_t i = 0; i < c->instance_count; i++)
        if (c->is_used[i]) emit_instance(&c->instances[i]);
    emit_top(&c->top);
}

void rf_compilation_release(rf_compilation *c)
{
    rf_ir_unit_release(&c->code);
    release(&c->top);
    rf_buffer_release(&c->exits);
    for (uint32_t i = 0; i < c->instance_count; i++) release(&c->instances[i]);
}
