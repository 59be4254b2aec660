/* Making instances: of a declaration that was seen, in the layout its instances get now. */
#include "jitc/families.h"
#include "jitc/objects.h"

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
    guard(t, test(t, GCC_JIT_COMPARISON_EQ, EMITS ? value_of(slot_head(t, slot)) : NULL,
                  constant(t, head_of(wanted))));
    load_variable(t, reg, wanted, slot);
    t->now[reg] = (rf_known){.kind = (uint8_t)wanted};
    return true;
}

/* *to = the entry, moved, or the default */
static void fill(tr *t, rvalue p, uint32_t window, const rf_wire_field *field)
{
    const uint64_t offset = offsetof(rf_struct, data) + field->offset;
    const uint32_t reg = window + 1 + (uint32_t)field->entry;
    const rf_kind kind = field->entry < 0 ? RF_KIND_MEMORY : t->now[reg].kind;
    const bool is_whole = field->kind == RF_FIELD_VALUE;
    lvalue slot = part(t, p, offset, T->value);
    rvalue head = NULL, bits = NULL;
    if (field->entry < 0) {
        head = constant(t, (int64_t)field->head);
        bits = constant(t, (int64_t)field->bits);
    } else if (kind == RF_KIND_FLOAT) {
        assign(t, is_whole ? slot_float(t, slot) : part(t, p, offset, T->f64), value_of(float_of(t, reg)));
        if (is_whole) assign(t, slot_head(t, slot), constant(t, RF_FLOAT));
        return;
    } else if (is_in_variable(kind)) {
        head = constant(t, head_of(kind));
        bits = as_int(t, reg);
    } else {
        lvalue from = reg_slot(t, reg);
        head = keep(t, T->i64, value_of(slot_head(t, from)));
        bits = value_of(slot_int(t, from));
        assign(t, slot_head(t, from), constant(t, RF_UNSET));
    }
    if (!is_whole) {
        assign(t, part(t, p, offset, T->i64), bits);
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
    rvalue def = EMITS ? keep(t, T->pointer, value_of(slot_object(t, slot))) : NULL;
    if (EMITS) {
        guard(t, test(t, GCC_JIT_COMPARISON_EQ, def, address(t, l->def)));
        guard(t, test(t, GCC_JIT_COMPARISON_EQ,
                      value_of(part(t, def, offsetof(rf_structdef, layout), T->pointer)),
                      address(t, l->layout)));
    }
    for (uint32_t i = 0; i < l->field_count; i++)
        if (!fits(t, in.a, &literal->fields[i])) {
            long_way(t);
            return;
        }
    if (EMITS) {
        rvalue args[] = {t->context, address(t, l->layout)};
        rvalue p = keep(t, T->array_pointer, cast(t, call_value(t, T->struct_new, 2, args), T->array_pointer));
        for (uint32_t i = 0; i < l->field_count; i++) fill(t, p, in.a, &literal->fields[i]);
        assign(t, slot_head(t, slot), constant(t, RF_STRUCT));
        assign(t, slot_object(t, slot), cast(t, p, T->pointer));
        assign(t, object_of(t, in.a), p);
    }
    for (uint32_t i = 1; i <= in.b; i++) t->now[in.a + i] = (rf_known){.kind = RF_KIND_CLEAN};
    touch(t, in.a);
    t->now[in.a] = (rf_known){.kind = RF_KIND_STRUCT, .layout = l->layout};
}
