/* Arrays, instances, variables outside the frame, chains of accesses, loops over arrays and ranges.
 */
#include "jitc/families.h"
#include "jitc/lent.h"
#include "jitc/objects.h"
#include "jitc/strings.h"

#include "base/alloc.h"

/* ---- chains: xs[i][j], bodies[i].x, self.items[0] ----
 * All instructions of a chain are one here: a guess that fails leaves before the first, nothing
 * having changed. */

static bool is_suffix(rf_instruction in, uint32_t reg)
{
    return (in.op == RF_OP_GETINDEX_T || in.op == RF_OP_GETINDEXI_T || in.op == RF_OP_GETFIELD_T ||
            in.op == RF_OP_LEN) &&
           in.b == reg && (in.op != RF_OP_GETINDEX_T || in.c != reg);
}

static void set_way(loaded *from, const object *o, rf_way way, uint32_t operand)
{
    if (o->fact == 0) return;
    from->way = way;
    from->parent = o->fact;
    from->operand = operand;
}

/* The same of a dict. */
static bool load_entry(tr *t, const object *o, uint32_t pc, loaded *out)
{
    const rf_instruction in = t->s->code[pc];
    *out = (loaded){.kind = RF_KIND_MEMORY};
    switch (in.op) {
    case RF_OP_LEN:
        *out = (loaded){.kind = RF_KIND_INT};
        if (EMITS) out->v = cast(t, value_of(t, part(t, o->p, offsetof(struct rf_dict, count), RF_IR_U32)), RF_IR_I64);
        return true;
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD:
        out->slot = entry_of(t, RF_FN(dict_field), o->p, rf_base_address(t, RF_WIRE_BASE_SITES, t->number, in.c * sizeof(rf_site)));
        return true;
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEXI:
        out->slot = entry_of(t, RF_FN(dict_number), o->p, constant(t, (int16_t)in.c));
        return true;
    default:
        if (t->now[in.c].kind == RF_KIND_INT)
            out->slot = entry_of(t, RF_FN(dict_number), o->p, as_int(t, in.c));
        else if (t->now[in.c].kind == RF_KIND_STRING)
            out->slot = entry_of(t, RF_FN(dict_string), o->p, object_at(t, in.c));
        else
            return false;
        return true;
    }
}

/* The same of a string. */
static bool load_character(tr *t, const object *o, uint32_t pc, loaded *out)
{
    const rf_instruction in = t->s->code[pc];
    *out = (loaded){.kind = RF_KIND_STRING};
    switch (in.op) {
    case RF_OP_LEN:
        *out = (loaded){.kind = RF_KIND_INT, .v = EMITS ? cast(t, string_length(t, o->p), RF_IR_I64) : NULL};
        return true;
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEXI:
        if ((int16_t)in.c < 0) return false;
        out->v = character_at(t, o->p, constant(t, (int16_t)in.c));
        return true;
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEX_T:
    case RF_OP_CHAIN_GETINDEX:
        if (t->now[in.c].kind != RF_KIND_INT) return false;
        out->v = character_at(t, o->p, as_int(t, in.c));
        return true;
    default: return false;
    }
}

/* A part of o, as instruction pc says (any GETINDEX, GETINDEXI, GETFIELD, LEN).  Typed index
 * operands only. */
static bool load_part(tr *t, const object *o, uint32_t pc, loaded *out)
{
    const rf_instruction in = t->s->code[pc];
    if (o->kind == RF_KIND_STRING) return load_character(t, o, pc, out);
    if (o->kind == RF_KIND_DICT) return load_entry(t, o, pc, out);
    switch (in.op) {
    case RF_OP_GETINDEX:
    case RF_OP_GETINDEX_T:
    case RF_OP_CHAIN_GETINDEX:
        if (o->kind != RF_KIND_ARRAY || t->now[in.c].kind != RF_KIND_INT) return false;
        check_index_once(t, o, as_int(t, in.c), RF_WAY_BOUND, in.c);
        *out = load_element(t, o, as_int(t, in.c));
        set_way(out, o, RF_WAY_INDEX, in.c);
        return true;
    case RF_OP_GETINDEXI:
    case RF_OP_GETINDEXI_T:
    case RF_OP_CHAIN_GETINDEXI:
        if (o->kind != RF_KIND_ARRAY || (int16_t)in.c < 0) return false;
        check_index_once(t, o, constant(t, (int16_t)in.c), RF_WAY_CONSTANT_BOUND, in.c);
        *out = load_element(t, o, constant(t, (int16_t)in.c));
        set_way(out, o, RF_WAY_CONSTANT, in.c);
        return true;
    case RF_OP_GETFIELD:
    case RF_OP_GETFIELD_T:
    case RF_OP_CHAIN_GETFIELD:
        if (o->kind != RF_KIND_STRUCT || o->layout != t->s->sites[in.c].layout) return false;
        *out = load_field(t, o, &t->s->sites[in.c]);
        set_way(out, o, RF_WAY_FIELD, t->s->sites[in.c].offset);
        return true;
    case RF_OP_LEN:
        if (o->kind != RF_KIND_ARRAY) return false;
        *out = (loaded){.kind = RF_KIND_INT, .v = length_of(t, o)};
        return true;
    default: return false;
    }
}

static bool has_index(unsigned op)
{
    return op == RF_OP_GETINDEX || op == RF_OP_GETINDEX_T || op == RF_OP_CHAIN_GETINDEX;
}
static uint64_t layout_for(const tr *t, rf_instruction in)
{
    if (in.op == RF_OP_LEN) return ONLY_LENGTH;
    const bool is_field = in.op == RF_OP_GETFIELD || in.op == RF_OP_GETFIELD_T ||
                          in.op == RF_OP_CHAIN_GETFIELD || in.op == RF_OP_SETFIELD;
    return is_field ? t->s->sites[in.c].layout : 0;
}

/* Will the index operand of pc be an int, or a string?  Tests it if it is in memory. */
static bool settle_index(tr *t, uint32_t pc)
{
    const rf_instruction in = t->s->code[pc];
    if (!has_index(in.op)) return true;
    rf_known *k = &t->now[in.c];
    if (k->kind == RF_KIND_INT || k->kind == RF_KIND_STRING) return true;
    lvalue slot = reg_slot(t, in.c);
    if (k->kind == RF_KIND_MEMORY && was_only(hints(t, pc)->seen[2], RF_STRING) &&
        !(hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST)) {
        guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, slot)) : NULL, constant(t, RF_STRING)));
        *k = (rf_known){.kind = RF_KIND_STRING};
        return true;
    }
    if (k->kind != RF_KIND_MEMORY || guessed(t, hints(t, pc)->seen[2]) != RF_KIND_INT) return false;
    guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, slot)) : NULL,
                  constant(t, RF_INT)));
    load_variable(t, in.c, RF_KIND_INT, slot);
    *k = (rf_known){.kind = RF_KIND_INT};
    return true;
}

/* Does the first instruction of what might be a chain read a temporary object? */
static bool reads_temporary(const tr *t, rf_instruction in)
{
    return in.op == RF_OP_GETINDEX_T || in.op == RF_OP_GETINDEXI_T || in.op == RF_OP_GETFIELD_T ||
           (in.op == RF_OP_LEN && is_temp(t, in.b));
}

static bool reads_local(unsigned op)
{
    return op == RF_OP_GETINDEX || op == RF_OP_GETINDEXI || op == RF_OP_GETFIELD || op == RF_OP_CHAIN_GETINDEX ||
           op == RF_OP_CHAIN_GETINDEXI || op == RF_OP_CHAIN_GETFIELD;
}

/* Goes on from a loaded value along the chain; the last part is delivered. False: not possible this
 * way. */
static bool follow_chain(tr *t, loaded from, uint32_t pc)
{
    uint32_t last = pc;
    const uint32_t reg = t->s->code[pc].a;
    for (;; pc++) {
        const bool goes_on =
            is_temp(t, reg) && pc + 1 < t->s->f.code_count && is_suffix(t->s->code[pc + 1], reg);
        last = pc;
        if (!goes_on) break;
        object o;
        const rf_instruction next = t->s->code[pc + 1];
        if (from.kind != RF_KIND_MEMORY || hints(t, pc + 1)->count == 0) return false;
        if (!look_along(t, &from, hints(t, pc + 1)->seen[1], layout_for(t, next), &o)) return false;
        if (!settle_index(t, pc + 1) || !load_part(t, &o, pc + 1, &from)) return false;
        if (next.a != reg) {
            last = pc + 1;
            break;
        }
    }
    const rf_instruction first = t->s->code[t->at];
    const uint64_t layout = reads_local(first.op) && from.kind == RF_KIND_MEMORY
                                ? rf_lent_receiver(t, last, t->s->code[last].a, first.b)
                                : 0;
    if (layout && !(has_index(first.op) && is_temp(t, first.c) && may_count(t->now[first.c].kind))) {
        if (has_index(first.op)) use(t, first.c);
        rf_lent_take(t, t->s->code[last].a, &from, layout, first.b);
        go(t, last + 1);
        return true;
    }
    settle(t, &from, hints(t, last)->result);
    /* what follows in a chain follows at once, so its indexes are variables: only the first instruction reads temporaries */
    lvalue index = has_index(first.op) ? take_dying(t, first.c) : NULL;
    lvalue container = reads_temporary(t, first) ? take_dying(t, first.b) : NULL;
    deliver_or_lend(t, t->s->code[last].a, from, !container && rf_lends_part(t, last));
    if (index) release_slot(t, index);
    if (container) release_slot(t, container);
    if (!t->is_ended) go(t, last + 1);
    return true;
}

/* Will all of the chain work?  Decided before anything is emitted: a half-done attempt must leave
 * no trace. */
static bool try_chain(tr *t, bool (*start)(tr *, loaded *))
{
    const bool emits = t->is_emitting;
    const uint32_t count = t->s->f.register_count;
    rf_known *before = rf_alloc_array(rf_known, count);
    memcpy(before, t->now, count * sizeof *before);
    const uint64_t gains = t->gains, losses = t->losses;
    t->is_emitting = false;
    loaded from = {0};
    bool works = start(t, &from);
    uint32_t pc = t->at;
    const uint32_t reg = t->s->code[pc].a;
    while (works && is_temp(t, reg) && pc + 1 < t->s->f.code_count &&
           is_suffix(t->s->code[pc + 1], reg)) {
        object o;
        const rf_instruction next = t->s->code[pc + 1];
        works = from.kind == RF_KIND_MEMORY && hints(t, pc + 1)->count > 0 &&
                look_at(t, from.slot, hints(t, pc + 1)->seen[1], layout_for(t, next), &o) &&
                settle_index(t, pc + 1) && load_part(t, &o, pc + 1, &from);
        pc++;
        if (next.a != reg) break;
    }
    t->is_emitting = emits;
    t->is_ended = false;
    memcpy(t->now, before, count * sizeof *before);
    t->gains = gains;
    t->losses = losses;
    rf_free(before);
    if (!works) return false;
    from = (loaded){0};
    start(t, &from);
    return follow_chain(t, from, t->at);
}

static bool start_access(tr *t, loaded *out) /* of R[b] */
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    if (!settle_index(t, t->at)) return false;
    return object_in(t, in.b, hints(t, t->at)->seen[1], layout_for(t, in), &o) &&
           load_part(t, &o, t->at, out);
}

static rf_way way_of(unsigned op)
{
    switch (op) {
    case RF_OP_GETMODULE:
    case RF_OP_GETMODULE_CHECKED:
    case RF_OP_CHAIN_GETMODULE: return RF_WAY_MODULE;
    case RF_OP_GETCELL:
    case RF_OP_GETCELL_CHECKED:
    case RF_OP_CHAIN_GETCELL: return RF_WAY_CELL;
    case RF_OP_GETCAPTURE:
    case RF_OP_GETCAPTURE_CHECKED:
    case RF_OP_CHAIN_GETCAPTURE: return RF_WAY_CAPTURE;
    default: return RF_WAY_CAPTURE_CELL;
    }
}

static bool is_capture(unsigned op)
{
    return op == RF_OP_GETCAPTURE || op == RF_OP_GETCAPTURE_CHECKED || op == RF_OP_CHAIN_GETCAPTURE;
}

/* A number that a closure which was not made has captured. */
static bool start_capture(tr *t, loaded *out)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_known k = is_capture(in.op) ? rf_capture_known(t, in.b) : (rf_known){.kind = RF_KIND_MEMORY};
    if (!is_in_variable(k.kind)) return false;
    *out = (loaded){.kind = k.kind, .v = value_of(t, rf_capture_slot(t, in.b))};
    return true;
}

static bool start_variable(tr *t, loaded *out) /* a cell, capture or module variable */
{
    const rf_instruction in = t->s->code[t->at];
    lvalue slot = NULL;
    if (start_capture(t, out)) return true;
    if (EMITS) {
        switch (in.op) {
        case RF_OP_GETMODULE:
        case RF_OP_GETMODULE_CHECKED:
        case RF_OP_CHAIN_GETMODULE:
            slot = part(t, rf_base_address(t, RF_WIRE_BASE_SLOTS, t->number, 0),
                        (uint64_t)in.wide * sizeof(rf_value), RF_IR_VALUE);
            break;
        case RF_OP_GETCELL:
        case RF_OP_GETCELL_CHECKED:
        case RF_OP_CHAIN_GETCELL:
            slot = part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, reg_slot(t, in.b)))),
                        offsetof(rf_cell, value), RF_IR_VALUE);
            break;
        default:
            slot = rf_capture_slot(t, in.b);
            if (in.op == RF_OP_GETCAPCELL || in.op == RF_OP_GETCAPCELL_CHECKED ||
                in.op == RF_OP_CHAIN_GETCAPCELL)
                slot = part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot))),
                            offsetof(rf_cell, value), RF_IR_VALUE);
            break;
        }
        const bool is_unchecked = in.op == RF_OP_GETMODULE || in.op == RF_OP_GETCELL ||
                                  in.op == RF_OP_GETCAPCELL || in.op == RF_OP_GETCAPTURE;
        const rf_way way = way_of(in.op);
        if (!is_unchecked && !find_fact(t, 0, way, way == RF_WAY_MODULE ? (uint32_t)in.wide : in.b))
            guard(t, test(t, RF_IR_NE, value_of(t, slot_head(t, slot)),
                          constant(t, RF_UNSET)));
    }
    *out = (loaded){.kind = RF_KIND_MEMORY, .slot = slot, .way = way_of(in.op)};
    out->operand = out->way == RF_WAY_MODULE ? (uint32_t)in.wide : in.b;
    return true;
}

void rf_do_access(tr *t)
{
    if (rf_virtual_get_field(t)) return;
    if (!try_chain(t, start_access)) long_way(t);
}

/* What is known of the value that a closure which was not made has captured is known of its copy. */
static void learn_capture(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (in.op == RF_OP_CHAIN_GETCAPTURE || !is_capture(in.op) || t->now[in.a].kind != RF_KIND_MEMORY) return;
    const rf_known k = rf_capture_known(t, in.b);
    if (k.kind == RF_KIND_FUNCTION || k.kind == RF_KIND_STRING || k.kind == RF_KIND_DICT) t->now[in.a] = k;
}

/* Does the cell of a capture hold the function that runs, as it did, and is that only called?  Then the caller, who keeps it,
 * lends it. */
static bool lend_running(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    loaded from;
    if ((in.op != RF_OP_GETCAPCELL && in.op != RF_OP_GETCAPCELL_CHECKED) || !rf_calls_running(t, t->at, in.a)) return false;
    start_variable(t, &from);
    const rf_fact *f = find_fact(t, 0, RF_WAY_CAPTURE_CELL, in.b);
    const bool is_known = f && f->known.kind == RF_KIND_FUNCTION;
    if (!is_known) {
        guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, from.slot)) : NULL, constant(t, RF_FUNCTION)));
        guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_object(t, from.slot)) : NULL, t->closure));
    }
    put_value(t, in.a, constant(t, RF_FUNCTION), t->closure);
    t->now[in.a] = (rf_known){.kind = RF_KIND_FUNCTION, .elements = 1, .layout = t->number, .is_lent = true};
    return true;
}

void rf_do_variable(tr *t)
{
    loaded from;
    if (rf_virtual_capture(t) || lend_running(t)) return;
    if (try_chain(t, start_variable)) {
        learn_capture(t);
        return;
    }
    if (start_variable(t, &from)) /* no chain, then */
        deliver(t, t->s->code[t->at].a, from, hints(t, t->at)->result);
    else
        leave(t);
}

static bool is_dict(tr *t, uint32_t reg, uint32_t seen)
{
    if (t->now[reg].kind == RF_KIND_DICT) return true;
    if (t->now[reg].kind != RF_KIND_MEMORY || !was_only(seen, RF_DICT) || (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST))
        return false;
    guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, reg_slot(t, reg))) : NULL, constant(t, RF_DICT)));
    t->now[reg] = (rf_known){.kind = RF_KIND_DICT};
    return true;
}

/* R[a][R[b]] = R[c], a dict and a string; the value is moved or copied into the entry. */
static bool set_entry(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (!is_string_operand(t, in.b, 1)) return false;
    const rf_kind kind = operand(t, in.c, 2);
    if (!needs_frame(t)) {
        forget_results(t);
        return true;
    }
    save_pc(t, t->at + 1);
    lvalue slot = reg_slot(t, in.c), moved = slot;
    if (is_in_variable(kind)) {
        write_back(t, in.c, kind);
    } else if (!is_temp(t, in.c)) {
        moved = variable(t, RF_IR_VALUE, "moved");
        assign(t, moved, value_of(t, slot));
        if (EMITS) count_up(t, value_of(t, slot_head(t, moved)), value_of(t, slot_object(t, moved)));
    }
    if (EMITS) {
        rvalue args[] = {t->context, slot_address(t, reg_slot(t, in.a)), object_at(t, in.b), slot_address(t, moved)};
        raise_unless(t, test(t, RF_IR_NE, call_value(t, RF_FN(dict_set), 4, args), constant(t, 0)));
    }
    forget_facts(t);
    disown_facts(t);
    if (is_temp(t, in.c)) t->now[in.c] = (rf_known){.kind = RF_KIND_CLEAN};
    drop_value(t, in.b);
    t->now[in.a] = (rf_known){.kind = RF_KIND_DICT};
    return true;
}

void rf_do_set_index(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    if (is_dict(t, in.a, hints(t, t->at)->seen[0]) && set_entry(t)) return;
    const rf_kind index = operand(t, in.b, 1), value = operand(t, in.c, 2);
    if (index != RF_KIND_INT || !object_in(t, in.a, hints(t, t->at)->seen[0], 0, &o) ||
        o.kind != RF_KIND_ARRAY) {
        long_way(t);
        return;
    }
    const rf_kind wanted = kind_of_elements(o.elements);
    if (wanted != RF_KIND_MEMORY && wanted != value) {
        long_way(t);
        return;
    }
    check_index_once(t, &o, as_int(t, in.b), RF_WAY_BOUND, in.b);
    if (wanted == RF_KIND_MEMORY &&
        may_count(value)) /* an array stored into itself is copied first */
        guard(t, test(t, RF_IR_NE,
                      EMITS ? value_of(t, slot_object(t, reg_slot(t, in.c))) : NULL,
                      cast(t, o.p, RF_IR_POINTER)));
    if (!t->now[in.a].is_own) {
        make_unique(t, in.a, RF_FN(array_copy));
        o.p = value_of(t, object_of(t, in.a));
        o.length = o.data = NULL;
        t->now[in.a].is_own = true;
        if (t->now[in.a].has_header) load_header(t, in.a);
    }
    lvalue at = element_at(t, &o, as_int(t, in.b));
    if (wanted == RF_KIND_MEMORY) {
        forget_facts(t);
        store_operand(t, at, in.c);
    } else {
        store_scalar(t, at, o.elements, in.c);
        use(t, in.c);
    }
    use(t, in.b);
}

void rf_do_set_field(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_wire_site *site = &t->s->sites[in.c];
    object o;
    if (rf_virtual_set_field(t)) return;
    const rf_kind value = operand(t, in.b, 1);
    const rf_kind wanted = site->field_kind == RF_FIELD_INT     ? RF_KIND_INT
                           : site->field_kind == RF_FIELD_FLOAT ? RF_KIND_FLOAT
                           : site->field_kind == RF_FIELD_BOOL  ? RF_KIND_BOOL
                                                                : RF_KIND_MEMORY;
    if ((wanted != RF_KIND_MEMORY && wanted != value) ||
        !object_in(t, in.a, hints(t, t->at)->seen[0], site->layout, &o) ||
        o.kind != RF_KIND_STRUCT) {
        long_way(t);
        return;
    }
    if (wanted == RF_KIND_MEMORY && may_count(value))
        guard(t, test(t, RF_IR_NE,
                      EMITS ? value_of(t, slot_object(t, reg_slot(t, in.b))) : NULL,
                      cast(t, o.p, RF_IR_POINTER)));
    if (t->now[in.a].kind != RF_KIND_LENT) make_unique(t, in.a, RF_FN(struct_copy)); /* else in place, its only owner */
    if (EMITS) o.p = value_of(t, object_of(t, in.a));
    const uint64_t offset = offsetof(rf_struct, data) + site->offset;
    if (wanted == RF_KIND_MEMORY) {
        forget_facts(t);
        store_operand(t, part(t, o.p, offset, RF_IR_VALUE), in.b);
        return;
    }
    if (EMITS) {
        if (wanted == RF_KIND_FLOAT)
            assign(t, part(t, o.p, offset, RF_IR_F64), value_of(t, float_of(t, in.b)));
        else
            assign(t, part(t, o.p, offset, RF_IR_I64), as_int(t, in.b));
    }
    use(t, in.b);
}

/* boxed = R[reg], which is used; moves: and unset */
static lvalue boxed_operand(tr *t, uint32_t reg, bool moves)
{
    const rf_kind kind = t->now[reg].kind;
    lvalue boxed = variable(t, RF_IR_VALUE, "boxed");
    if (!EMITS) return NULL;
    if (is_in_variable(kind)) {
        assign(t, slot_head(t, boxed), constant(t, head_of(kind)));
        if (kind == RF_KIND_FLOAT)
            assign(t, slot_float(t, boxed), value_of(t, float_of(t, reg)));
        else
            assign(t, slot_int(t, boxed), as_int(t, reg));
        return boxed;
    }
    lvalue from = reg_slot(t, reg);
    rvalue head = keep(t, RF_IR_I64, value_of(t, slot_head(t, from)));
    rvalue bits = keep(t, RF_IR_POINTER, value_of(t, slot_object(t, from)));
    if (moves)
        assign(t, slot_head(t, from), constant(t, RF_UNSET));
    else
        count_up(t, head, bits);
    assign(t, slot_head(t, boxed), head);
    assign(t, slot_object(t, boxed), bits);
    return boxed;
}

static rvalue both(tr *t, rvalue a, rvalue b)
{
    return EMITS ? binary(t, RF_IR_BOTH, a, b)
                 : NULL;
}

bool rf_is_moved(const tr *t, uint32_t reg, uint32_t pc)
{
    if (is_temp(t, reg)) return true;
    const bool is_self = t->gives_self && reg == 0; /* which the caller gets back */
    return !has_frame(t) && !t->is_generator && !is_self && !t->now[reg].is_lent && !is_in_variable(t->now[reg].kind) &&
           !rf_source_is_live(t->s, pc, reg);
}

/* Appends R[reg] to the array in slot, which is known to be one.  Short way: only owner, room, same kind of elements; the
 * first push to an empty array decides its kind, so nothing is assumed of it. */
void rf_push_into(tr *t, lvalue slot, uint32_t reg, bool moves)
{
    const rf_kind value = t->now[reg].kind;
    const unsigned elements = value == RF_KIND_INT     ? RF_ARRAY_INTS
                              : value == RF_KIND_FLOAT ? RF_ARRAY_FLOATS
                              : value == RF_KIND_BOOL  ? RF_ARRAY_BOOLS
                                                       : RF_ARRAY_VALUES;
    object o = {.kind = RF_KIND_ARRAY, .elements = elements};
    rf_ir_block *fast = new_block(t), *slow = new_block(t), *next = new_block(t);
    o.p = keep(t, RF_IR_OBJECT, cast(t, value_of(t, slot_object(t, slot)), RF_IR_OBJECT));
    rvalue length = value_of(t, array_part(t, o.p, RF_IR_LENGTH));
    rvalue has_room =
        test(t, RF_IR_LT, length, value_of(t, array_part(t, o.p, RF_IR_CAPACITY)));
    rvalue is_own = test(t, RF_IR_EQ, value_of(t, array_part(t, o.p, RF_IR_COUNT)),
                         number(t, RF_IR_I32, 1));
    rvalue is_short = both(t, both(t, is_own, info_is(t, o.p, elements)), has_room);
    if (elements == RF_ARRAY_VALUES) { /* a number among values may make them an array of numbers; itself: a copy of it */
        is_short = both(t, is_short, counts(t, value_of(t, slot_head(t, reg_slot(t, reg)))));
        is_short = both(t, is_short, test(t, RF_IR_NE, value_of(t, slot_object(t, reg_slot(t, reg))),
                                          cast(t, o.p, RF_IR_POINTER)));
    }
    branch(t, likely(t, is_short), fast, slow);
    t->block = fast;
    lvalue at = element_at(t, &o, length_of(t, &o));
    if (elements == RF_ARRAY_VALUES) {
        lvalue boxed = boxed_operand(t, reg, moves);
        assign(t, at, value_of(t, boxed));
    } else {
        store_scalar(t, at, elements, reg);
    }
    assign(t, array_part(t, o.p, RF_IR_LENGTH),
           binary(t, RF_IR_ADD, length, number(t, RF_IR_U32, 1)));
    jump(t, next);
    t->block = slow;
    if (!has_frame(t)) /* cannot raise: the VM says that it is too large */
        guard(t, test(t, RF_IR_LT, cast(t, length, RF_IR_I64), constant(t, INT32_MAX)));
    lvalue boxed = boxed_operand(t, reg, moves);
    if (has_frame(t)) save_pc(t, t->at + 1);
    rvalue args[] = {t->context, slot_address(t, slot), slot_address(t, boxed)};
    rvalue fits = keep(t, RF_IR_I64, call_value(t, RF_FN(array_push), 3, args));
    if (has_frame(t)) raise_unless(t, test(t, RF_IR_NE, fits, constant(t, 0)));
    jump(t, next);
    t->block = next;
}

/* push(R[a], R[b]): then the next instruction is skipped. */
void rf_do_push(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    operand(t, in.b, 1);
    const rf_kind known = t->now[in.a].kind;
    const bool is_known = known == RF_KIND_ARRAY;
    if (!is_known && (known != RF_KIND_MEMORY || !was_only(hints(t, t->at)->seen[0], RF_ARRAY))) {
        leave(t);
        return;
    }
    if (t->all->unit->request.makes_all) needs_frame(t); /* an allocation that is measured is that of the frame's line */
    const bool moves = rf_is_moved(t, in.b, t->at + 2);
    if (EMITS) {
        lvalue slot = reg_slot(t, in.a);
        if (!is_known)
            guard(t, test(t, RF_IR_EQ, value_of(t, slot_head(t, slot)), constant(t, RF_ARRAY)));
        rf_push_into(t, slot, in.b, moves);
    }
    share(t, in.b);
    use(t, in.b);
    if (moves) t->now[in.b] = (rf_known){.kind = RF_KIND_CLEAN};
    touch(t, in.a);
    t->now[in.a] = (rf_known){.kind = RF_KIND_MEMORY};
    go(t, t->at + 2);
}

/* ---- loops ---- */

void rf_do_range_prep(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    bool are_ints = in.b <= 2;
    for (uint32_t i = 0; i < in.b && are_ints; i++)
        are_ints = (i == 0 ? operand(t, in.a, 0) : t->now[in.a + i].kind) == RF_KIND_INT;
    if (!are_ints) {
        execute(t);
        if (t->is_ended) return;
        for (uint32_t i = 0; i < 4; i++) {
            load_variable(t, in.a + i, RF_KIND_INT, reg_slot(t, in.a + i));
            t->now[in.a + i] = (rf_known){.kind = RF_KIND_INT};
        }
        go(t, jump_target(t));
        return;
    }
    /* count = start < stop ? stop - start : 0, at most INT32_MAX */
    rvalue start = keep(t, RF_IR_I64, in.b == 1 ? constant(t, 0) : as_int(t, in.a));
    rvalue stop = keep(t, RF_IR_I64, as_int(t, in.b == 2 ? in.a + 1u : in.a));
    lvalue count = variable(t, RF_IR_I64, "count");
    if (EMITS) {
        uint8_t u = RF_IR_U64;
        rf_ir_block *some = new_block(t), *none = new_block(t), *next = new_block(t);
        branch(t, test(t, RF_IR_LT, start, stop), some, none);
        t->block = none;
        assign(t, count, constant(t, 0));
        jump_from(t, none, next);
        t->block = some;
        assign(t, count,
               cast(t, binary(t, RF_IR_SUB, cast(t, stop, u), cast(t, start, u)),
                    RF_IR_I64));
        jump_from(t, some, next);
        t->block = next;
        guard(t, test(t, RF_IR_LE, unsigned_of(t, value_of(t, count)),
                      unsigned_of(t, constant(t, INT32_MAX))));
    }
    rvalue filled = rf_fill_by_loop(t, count);
    if (filled) start = binary(t, RF_IR_ADD, start, filled);
    put_int(t, in.a + RF_RANGE_NEXT, start, RF_KIND_INT);
    put_int(t, in.a + RF_RANGE_TURNS, constant(t, 0), RF_KIND_INT);
    put_int(t, in.a + RF_RANGE_STEP, constant(t, 1), RF_KIND_INT);
    put_int(t, in.a + RF_RANGE_LEFT, value_of(t, count), RF_KIND_INT);
    go(t, jump_target(t));
}

/* Behind the last number; what follows is for those before, in `more`. */
static void end_range(tr *t, uint32_t state, rf_ir_block *more)
{
    rf_known *kept = rf_alloc_array(rf_known, t->s->f.register_count);
    memcpy(kept, t->now, t->s->f.register_count * sizeof *kept);
    for (uint32_t i = 0; i < 4; i++) t->now[state + i] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    memcpy(t->now, kept, t->s->f.register_count * sizeof *kept);
    rf_free(kept);
    t->is_ended = false;
    t->block = more;
}

/* R[b] = the next number of a range by 1 whose end is in a variable.  Turns up to the limit are known to be within the bounds
 * of what they index; behind it the VM goes on.  How many numbers are left is of interest only where native code is left. */
static void next_up_to_end(tr *t)
{
    /* C: if (next < limit) i = next++; else if (next >= end) end the loop; else leave */
    const rf_instruction in = t->s->code[t->at];
    rf_ir_block *more = new_block(t), *out = new_block(t), *done = new_block(t);
    rvalue end = value_of(t, end_variable(t, in.a)), next = as_int(t, in.a);
    assign(t, int_of(t, in.a + RF_RANGE_LEFT), binary(t, RF_IR_SUB, end, next));
    branch(t, test(t, RF_IR_LT, next, value_of(t, limit_variable(t, in.a))), more, out);
    t->block = out;
    if (EMITS) rf_ir_guard(F, out, t->here, test(t, RF_IR_GE, next, end), done, exit_block(t, RF_EXIT_GUARD));
    t->block = done;
    end_range(t, in.a, more);
    rvalue i = keep(t, RF_IR_I64, next);
    assign(t, int_of(t, in.a), binary(t, RF_IR_ADD, i, constant(t, 1)));
    assign(t, int_of(t, in.a + RF_RANGE_LEFT), binary(t, RF_IR_SUB, end, next));
    put_int(t, in.b, i, RF_KIND_INT);
    go(t, jump_target(t));
}

/* The state of a range, which is always ints, is in variables, as native code has it; false: this code is not reached.
 * What is in memory may be of the VM: a generator that it resumed. */
static bool load_range(tr *t, uint32_t reg)
{
    for (uint32_t i = 0; i < 4; i++)
        if (t->now[reg + i].kind != RF_KIND_INT && t->now[reg + i].kind != RF_KIND_MEMORY) return false;
    const bool is_joined = t->now[reg + RF_RANGE_TURNS].kind == RF_KIND_INT;
    for (uint32_t i = 0; i < 4; i++) {
        if (t->now[reg + i].kind == RF_KIND_INT) continue;
        load_variable(t, reg + i, RF_KIND_INT, reg_slot(t, reg + i));
        t->now[reg + i] = (rf_known){.kind = RF_KIND_INT};
    }
    if (is_joined) return true;
    /* C: left += turns, turns = 0 */
    const uint32_t left = reg + RF_RANGE_LEFT, turns = reg + RF_RANGE_TURNS;
    assign(t, int_of(t, left), binary(t, RF_IR_ADD, as_int(t, left), as_int(t, turns)));
    put_int(t, turns, constant(t, 0), RF_KIND_INT);
    return true;
}

void rf_do_range_next(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (!load_range(t, in.a)) {
        leave(t);
        return;
    }
    const uint32_t left = in.a + RF_RANGE_LEFT;
    const bool has_end = t->now[left].has_header && !(hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST);
    if (has_end && rf_counts_by_one(t, t->at)) {
        next_up_to_end(t);
        return;
    }
    t->now[left].has_header = false;
    rf_ir_block *more = new_block(t), *end = new_block(t);
    branch(t, test(t, RF_IR_GT, as_int(t, left), constant(t, 0)), more, end);
    t->block = end;
    end_range(t, in.a, more);
    rvalue i = keep(t, RF_IR_I64, as_int(t, in.a));
    if (EMITS) {
        uint8_t u = RF_IR_U64;
        assign(t, int_of(t, left), binary(t, RF_IR_SUB, as_int(t, left), constant(t, 1)));
        assign(t, int_of(t, in.a + RF_RANGE_NEXT),
               cast(t, binary(t, RF_IR_ADD, cast(t, i, u), cast(t, as_int(t, in.a + RF_RANGE_STEP), u)), RF_IR_I64));
    }
    put_int(t, in.b, i, RF_KIND_INT);
    go(t, jump_target(t));
}

/* R[reg], where the walk over the dict in R[reg-1] is */
static void store_position(tr *t, uint32_t reg)
{
    if (is_in_variable(t->now[reg].kind)) write_back(t, reg, t->now[reg].kind);
    t->now[reg] = (rf_known){.kind = RF_KIND_MEMORY};
}

/* The loop whose state is R[reg ..] ends at `end`; its next turn begins at `more`. */
static void end_loop(tr *t, uint32_t reg, rf_ir_block *end, rf_ir_block *more)
{
    rf_known *kept = rf_alloc_array(rf_known, t->s->f.register_count);
    memcpy(kept, t->now, t->s->f.register_count * sizeof *kept);
    t->block = end;
    rf_lent_return(t, reg, t->at + 1);
    release_slot(t, reg_slot(t, reg));
    for (uint32_t k = 0; k < 4; k++) t->now[reg + k] = (rf_known){.kind = RF_KIND_CLEAN};
    go(t, t->at + 1);
    memcpy(t->now, kept, t->s->f.register_count * sizeof *kept);
    rf_free(kept);
    t->is_ended = false;
    t->block = more;
}

/* for key in a dict */
static void next_key(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    store_position(t, in.a + 1);
    lvalue key = variable(t, RF_IR_VALUE, "key");
    if (EMITS) {
        rvalue args[] = {t->context, slot_address(t, reg_slot(t, in.a))};
        assign(t, key, call_value(t, RF_FN(dict_next), 2, args));
    }
    rf_ir_block *more = new_block(t), *end = new_block(t);
    branch(t, EMITS ? test(t, RF_IR_NE, value_of(t, slot_head(t, key)), constant(t, RF_UNSET)) : NULL, more, end);
    end_loop(t, in.a, end, more);
    disown_facts(t);
    put_value(t, in.b, constant(t, RF_STRING), EMITS ? value_of(t, slot_object(t, key)) : NULL);
    t->now[in.b] = (rf_known){.kind = RF_KIND_STRING};
    go(t, jump_target(t));
}

/* R[a] = value of the entry whose key the loop with the state R[b ..] got last */
void rf_do_entry_value(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    lvalue entry = variable(t, RF_IR_VALUE, "entry");
    if (EMITS) {
        rvalue args[] = {object_at(t, in.b),
                         is_in_variable(t->now[in.b + 1].kind) ? as_int(t, in.b + 1u) : value_of(t, slot_int(t, reg_slot(t, in.b + 1u)))};
        assign(t, entry, call_value(t, RF_FN(dict_entry), 2, args));
    }
    deliver(t, in.a, (loaded){.kind = RF_KIND_MEMORY, .slot = entry}, hints(t, t->at)->result);
}

/* for x in an array, or what is no array */
void rf_do_for_next(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    rf_known *position = &t->now[in.a + 1];
    if (is_dict(t, in.a, hints(t, t->at)->seen[0])) {
        next_key(t);
        return;
    }
    if (!object_in(t, in.a, hints(t, t->at)->seen[0], 0, &o) || o.kind != RF_KIND_ARRAY) {
        rf_do_generator_next(t);
        return;
    }
    if (position->kind != RF_KIND_INT && position->kind != RF_KIND_MEMORY) {
        leave(t);
        return;
    }
    if (position->kind == RF_KIND_MEMORY) {
        load_variable(t, in.a + 1, RF_KIND_INT, reg_slot(t, in.a + 1));
        *position = (rf_known){.kind = RF_KIND_INT};
    }
    rvalue i = keep(t, RF_IR_I64, as_int(t, in.a + 1));
    rf_ir_block *more = new_block(t), *end = new_block(t);
    branch(t, test(t, RF_IR_LT, unsigned_of(t, i), unsigned_of(t, length_of(t, &o))),
           more, end);
    end_loop(t, in.a, end, more);
    loaded from = load_element(t, &o, i);
    const uint64_t layout = from.kind == RF_KIND_MEMORY ? rf_lent_by_loop(t) : 0;
    if (layout)
        rf_lent_take(t, in.b, &from, layout, in.a);
    else
        deliver_or_lend(t, in.b, from, rf_loop_only_calls(t));
    assign(t, int_of(t, in.a + 1), binary(t, RF_IR_ADD, i, constant(t, 1)));
    go(t, jump_target(t));
}

/* R[a] = element c of R[b], an array that has one */
void rf_do_item(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    object o;
    if (!object_in(t, in.b, hints(t, t->at)->seen[1], 0, &o) || o.kind != RF_KIND_ARRAY) {
        long_way(t);
        return;
    }
    check_index_once(t, &o, constant(t, in.c), RF_WAY_CONSTANT_BOUND, in.c);
    loaded from = load_element(t, &o, constant(t, in.c));
    deliver(t, in.a, from, hints(t, t->at)->result);
}

void rf_do_store_variable(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    uint32_t reg = in.a, operand = in.b;
    rf_way way = RF_WAY_CAPTURE_CELL;
    lvalue slot = NULL;
    if (in.op == RF_OP_SETMODULE) {
        way = RF_WAY_MODULE;
        operand = (uint32_t)in.wide;
        slot =
            part(t, rf_base_address(t, RF_WIRE_BASE_SLOTS, t->number, 0),
                 (uint64_t)in.wide * sizeof(rf_value), RF_IR_VALUE);
    } else if (in.op == RF_OP_SETCELL) {
        reg = in.b;
        way = RF_WAY_CELL;
        operand = in.a;
        if (EMITS)
            slot = part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, reg_slot(t, in.a)))),
                        offsetof(rf_cell, value), RF_IR_VALUE);
    } else if (EMITS) {
        lvalue capture = rf_capture_slot(t, in.b);
        slot = part(t, keep(t, RF_IR_POINTER, value_of(t, slot_object(t, capture))),
                    offsetof(rf_cell, value), RF_IR_VALUE);
    }
    if (is_in_variable(t->now[reg].kind))
        forget_variable(t, way, operand);
    else
        forget_facts(t);
    store_operand(t, slot, reg);
}
