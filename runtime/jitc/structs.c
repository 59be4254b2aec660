/* Making instances, of a declaration that was seen, in the layout its instances get now; and arrays. */
#include "jitc/families.h"
#include "jitc/objects.h"

#ifdef RF_HEAP_EXACT
enum { IS_HEAP_EXACT = 1 };
#else
enum { IS_HEAP_EXACT = 0 };
#endif

static rf_kind kind_of_field(uint32_t field_kind)
{
    return field_kind == RF_FIELD_INT     ? RF_KIND_INT
           : field_kind == RF_FIELD_FLOAT ? RF_KIND_FLOAT
           : field_kind == RF_FIELD_BOOL  ? RF_KIND_BOOL
                                          : RF_KIND_MEMORY;
}

/* Does what goes into the field fit it?  Tests what is in memory. */
static bool fits(tr *t, uint32_t window, const rf_wire_field *field)
{
    const rf_kind wanted = kind_of_field(field->kind);
    if (wanted == RF_KIND_MEMORY) return true;
    if (field->entry < 0) return field->head == (uint64_t)head_of(wanted);
    const uint32_t reg = window + 1 + (uint32_t)field->entry;
    if (t->now[reg].kind != RF_KIND_MEMORY) return t->now[reg].kind == wanted;
    lvalue slot = reg_slot(t, reg);
    guard(t, test(t, RF_IR_EQ, EMITS ? value_of(t, slot_head(t, slot)) : NULL,
                  constant(t, head_of(wanted))));
    load_variable(t, reg, wanted, slot);
    t->now[reg] = (rf_known){.kind = (uint8_t)wanted};
    return true;
}

/* C: heap->free[class], if there is one, or rf_native_struct_new(context, layout) */
rvalue rf_new_instance(tr *t, uint64_t layout, uint32_t data_size)
{
    if (!EMITS) return NULL;
    rvalue args[] = {t->context, rf_address(t, layout)};
    rvalue made = call_value(t, RF_FN(struct_new), 2, args);
    const size_t size = sizeof(rf_struct) + data_size;
    if (IS_HEAP_EXACT || size > RF_HEAP_SMALL || t->all->unit->request.makes_all)
        return keep(t, RF_IR_OBJECT, cast(t, made, RF_IR_OBJECT));
    const size_t cells = offsetof(rf_isolate, heap) + offsetof(rf_heap, free) +
                         (size + RF_HEAP_GRAIN - 1) / RF_HEAP_GRAIN * sizeof(rf_free_cell *);
    const size_t counted[] = {offsetof(rf_isolate, heap) + offsetof(rf_heap, live_bytes),
                              offsetof(rf_isolate, heap) + offsetof(rf_heap, object_count)};
    rvalue isolate = keep(t, RF_IR_POINTER, value_of(t, context_part(t, offsetof(rf_native_context, isolate), RF_IR_POINTER)));
    lvalue p = variable(t, RF_IR_OBJECT, "made");
    rf_ir_block *ready = new_block(t), *none = new_block(t), *next = new_block(t);
    assign(t, p, value_of(t, part(t, isolate, cells, RF_IR_OBJECT)));
    branch(t, likely(t, test(t, RF_IR_NE, value_of(t, p), number(t, RF_IR_OBJECT, 0))), ready, none);
    t->block = ready;
    assign(t, part(t, isolate, cells, RF_IR_OBJECT), value_of(t, part(t, value_of(t, p), 0, RF_IR_OBJECT)));
    for (unsigned i = 0; i < RF_COUNT_OF(counted); i++) {
        lvalue at = part(t, isolate, counted[i], RF_IR_I64);
        assign(t, at, binary(t, RF_IR_ADD, value_of(t, at), constant(t, i == 0 ? (int64_t)size : 1)));
    }
    assign(t, array_part(t, value_of(t, p), RF_IR_COUNT), number(t, RF_IR_I32, 1));
    assign(t, array_part(t, value_of(t, p), RF_IR_KIND), number(t, RF_IR_U8, RF_STRUCT));
    assign(t, array_part(t, value_of(t, p), RF_IR_FLAGS), number(t, RF_IR_U8, 0));
    assign(t, array_part(t, value_of(t, p), RF_IR_INFO), number(t, RF_IR_U16, 0));
    assign(t, part(t, value_of(t, p), offsetof(rf_struct, layout), RF_IR_POINTER), rf_address(t, layout));
    add_to_part(t, offsetof(rf_native_context, made), 1);
    jump(t, next);
    t->block = none;
    assign(t, p, cast(t, made, RF_IR_OBJECT));
    jump(t, next);
    t->block = next;
    return value_of(t, p);
}

/* *to = the entry, moved, or the default */
static void fill(tr *t, rvalue p, uint32_t window, const rf_wire_field *field)
{
    const uint64_t offset = offsetof(rf_struct, data) + field->offset;
    const uint32_t reg = window + 1 + (uint32_t)field->entry;
    const rf_kind kind = field->entry < 0 ? RF_KIND_MEMORY : t->now[reg].kind;
    const bool is_whole = field->kind == RF_FIELD_VALUE;
    lvalue slot = part(t, p, offset, RF_IR_VALUE);
    rvalue head = NULL, bits = NULL;
    if (field->entry < 0) {
        head = constant(t, (int64_t)field->head);
        bits = constant(t, (int64_t)field->bits);
    } else if (kind == RF_KIND_FLOAT) {
        assign(t, is_whole ? slot_float(t, slot) : part(t, p, offset, RF_IR_F64), value_of(t, float_of(t, reg)));
        if (is_whole) assign(t, slot_head(t, slot), constant(t, RF_FLOAT));
        return;
    } else if (is_in_variable(kind)) {
        head = constant(t, head_of(kind));
        bits = as_int(t, reg);
    } else {
        lvalue from = reg_slot(t, reg);
        head = keep(t, RF_IR_I64, value_of(t, slot_head(t, from)));
        bits = value_of(t, slot_int(t, from));
        assign(t, slot_head(t, from), constant(t, RF_UNSET));
    }
    if (!is_whole) {
        assign(t, part(t, p, offset, RF_IR_I64), bits);
        return;
    }
    assign(t, slot_head(t, slot), head);
    assign(t, slot_int(t, slot), bits);
}

/* R[a] = instance of the declaration R[a] with the values R[a+1 .. a+b] */
void rf_do_make_struct(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    const rf_source_literal *literal = &t->s->literals[in.c];
    const rf_wire_literal *l = &literal->l;
    if (rf_virtual_struct(t, literal)) return;
    if (l->field_count == 0 || t->now[in.a].kind != RF_KIND_MEMORY ||
        (hints(t, t->at)->flags & RF_FEEDBACK_DISTRUST)) {
        long_way(t);
        return;
    }
    lvalue slot = reg_slot(t, in.a);
    rvalue def = EMITS ? keep(t, RF_IR_POINTER, value_of(t, slot_object(t, slot))) : NULL;
    if (EMITS) {
        guard(t, test(t, RF_IR_EQ, def, rf_address(t, l->def)));
        guard(t, test(t, RF_IR_EQ,
                      value_of(t, part(t, def, offsetof(rf_structdef, layout), RF_IR_POINTER)),
                      rf_address(t, l->layout)));
    }
    for (uint32_t i = 0; i < l->field_count; i++)
        if (!fits(t, in.a, &literal->fields[i])) {
            long_way(t);
            return;
        }
    if (EMITS) {
        rvalue p = rf_new_instance(t, l->layout, l->data_size);
        for (uint32_t i = 0; i < l->field_count; i++) fill(t, p, in.a, &literal->fields[i]);
        assign(t, slot_head(t, slot), constant(t, RF_STRUCT));
        assign(t, slot_object(t, slot), cast(t, p, RF_IR_POINTER));
        assign(t, object_of(t, in.a), p);
    }
    for (uint32_t i = 1; i <= in.b; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    touch(t, in.a);
    t->now[in.a] = (rf_known){.kind = RF_KIND_STRUCT, .layout = l->layout};
}

/* ---- arrays ---- */

/* Is the next instruction R[..].field = R[a], of an instance that is known already? */
static bool fills_field(const tr *t)
{
    const rf_instruction in = t->s->code[t->at], next = t->s->code[t->at + 1];
    if (!is_temp(t, in.a) || next.op != RF_OP_SETFIELD || next.b != in.a || next.a == in.a) return false;
    const rf_wire_hint *hint = hints(t, t->at + 1);
    const rf_wire_site *site = &t->s->sites[next.c];
    const rf_known k = t->now[next.a];
    const bool is_instance = k.kind == RF_KIND_STRUCT || (k.kind == RF_KIND_LENT && k.is_in_place);
    return hint->count > 0 && !(hint->flags & RF_FEEDBACK_DISTRUST) && is_instance && site->layout == k.layout &&
           site->field_kind == RF_FIELD_VALUE;
}

/* R[..].field = [], without an array that is made first; and so for a local. */
static bool renew(tr *t)
{
    const rf_instruction in = t->s->code[t->at], next = t->s->code[t->at + 1];
    const rf_kind kind = t->now[in.a].kind;
    lvalue slot = reg_slot(t, in.a);
    if (in.c) return false;
    const bool is_field = fills_field(t);
    if (!is_field && (is_temp(t, in.a) || (kind != RF_KIND_MEMORY && kind != RF_KIND_ARRAY))) return false;
    if (is_field) {
        if (t->now[next.a].kind == RF_KIND_STRUCT) make_unique(t, next.a, RF_FN(struct_copy));
        rvalue p = value_of(t, object_of(t, next.a));
        slot = part(t, p, offsetof(rf_struct, data) + t->s->sites[next.c].offset, RF_IR_VALUE);
    }
    rvalue args[] = {t->context, slot_address(t, slot)};
    call(t, RF_FN(array_renew), 2, args);
    forget_facts(t);
    touch(t, in.a);
    t->now[in.a] = (rf_known){.kind = is_field ? RF_KIND_CLEAN : RF_KIND_MEMORY};
    go(t, t->at + (is_field ? 2u : 1u));
    return true;
}

/* R[a] = array of R[b ..], c values, which are moved */
void rf_do_new_array(tr *t)
{
    const rf_instruction in = t->s->code[t->at];
    if (t->all->unit->request.makes_all) { /* an allocation that is measured is that of the frame's line */
        long_way(t);
        return;
    }
    if (renew(t)) return;
    flush_operands(t);
    rvalue p = NULL;
    if (EMITS) {
        rvalue args[] = {t->context, slot_address(t, reg_slot(t, in.b)), constant(t, in.c)};
        p = keep(t, RF_IR_POINTER, call_value(t, RF_FN(array_new), 3, args));
    }
    release_old(t, in.a);
    forget_results(t);
    assign(t, slot_head(t, reg_slot(t, in.a)), constant(t, RF_ARRAY));
    assign(t, slot_object(t, reg_slot(t, in.a)), p);
    touch(t, in.a);
    t->now[in.a] = (rf_known){.kind = RF_KIND_MEMORY};
}
