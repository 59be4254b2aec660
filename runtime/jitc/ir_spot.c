/* See ir_spot.h.  Objects are headers, then values or numbers: what lies in a header is never read as part of a value, nor as an element. */
#include "jitc/ir_spot.h"

#include "base/alloc.h"

enum { VALUE_SIZE = 16 };

static unsigned size_of(uint8_t type)
{
    static const uint8_t bits[RF_IR_TYPES] = {
#define RF_IR_TYPE(name, text, bits) bits,
#include "jitc/ir_type.def"
#undef RF_IR_TYPE
    };
    if (type & RF_IR_TO) return sizeof(void *);
    if (type == RF_IR_F64) return sizeof(double);
    return bits[type] ? (bits[type] + 7u) / 8 : VALUE_SIZE;
}

rf_ir_spot rf_ir_spot_of(const rf_ir_place *place)
{
    rf_ir_spot at = {.type = place->type};
    const rf_ir_place *root = place;
    if (place->form == RF_IR_FIELD_OF) {
        at.field = place->field;
        at.is_array_field = !place->of;
        at.is_value_field = !at.is_array_field;
        if (place->of) root = place->of;
    }
    at.root = root->form;
    at.variable = root->variable;
    if (root->form == RF_IR_MEMORY) {
        at.has_index = true;
        at.index = (int64_t)root->offset;
    } else if (root->form == RF_IR_ELEMENT && root->index->op == RF_IR_INT) {
        at.has_index = true;
        at.index = root->index->i;
    }
    return at;
}

/* ---- what is shown ---- */

static void note_shown(void *context, rf_ir_expr *e)
{
    bool *is_shown = context;
    if (e->op != RF_IR_ADDRESS) return;
    const rf_ir_place *p = e->place;
    while (p->of) p = p->of;
    if (p->form == RF_IR_VARIABLE) is_shown[p->variable] = true;
}

bool *rf_ir_shown(const rf_ir_function *f)
{
    bool *is_shown = rf_alloc_array_zero(bool, f->variable_count + 1);
    for (uint32_t i = 0; i < f->reached_count; i++)
        for (rf_ir_statement *s = f->reached[i]->first; s; s = s->next) rf_ir_visit_statement(s, note_shown, is_shown);
    return is_shown;
}

/* ---- what may lie over one another ---- */

/* Is it an element of an array, which never lies in a header, nor over a part of a value? */
static bool is_element(const rf_ir_spot *at)
{
    return at->root == RF_IR_ELEMENT && at->type != RF_IR_U8;
}

static bool is_of_value(const rf_ir_spot *at)
{
    return at->is_value_field || at->type == RF_IR_VALUE;
}

/* Of an array of numbers, whose memory has no values as long as it is that. */
static bool is_number(const rf_ir_spot *at)
{
    return at->root == RF_IR_ELEMENT && !is_of_value(at) && (at->type == RF_IR_I64 || at->type == RF_IR_F64);
}

/* Is it in the header of an object, or in what the program keeps of it? */
static bool is_of_header(const rf_ir_spot *at)
{
    return at->root == RF_IR_MEMORY && !is_of_value(at) && ((at->type & RF_IR_TO) || at->type == RF_IR_U32);
}

static bool are_of_other_kinds(const rf_ir_spot *x, const rf_ir_spot *y)
{
    if (is_number(x)) return is_of_value(y) || is_of_header(y);
    return is_of_value(x) && is_of_header(y);
}

static bool may_overlap_variable(const bool *is_shown, const rf_ir_spot *variable, const rf_ir_spot *other)
{
    if (other->root == RF_IR_VARIABLE) return variable->variable == other->variable;
    return is_shown[variable->variable] && !other->is_array_field;
}

/* Both of the same form, behind the same pointer, at places that are known. */
static bool are_apart(const rf_ir_spot *x, const rf_ir_spot *y)
{
    if (x->root != y->root || x->base != y->base || !x->has_index || !y->has_index) return false;
    if (x->root == RF_IR_ELEMENT) return x->index != y->index && is_of_value(x) == is_of_value(y);
    const rf_ir_spot *first = x->index < y->index ? x : y, *second = first == x ? y : x;
    return second->index - first->index >= (first->is_value_field ? VALUE_SIZE : (int64_t)size_of(first->type));
}

bool rf_ir_may_change(const bool *is_shown, const rf_ir_spot *to, const rf_ir_spot *at)
{
    if (to->root == RF_IR_VARIABLE || at->root == RF_IR_VARIABLE) {
        const bool is_of_to = to->root == RF_IR_VARIABLE;
        if (!may_overlap_variable(is_shown, is_of_to ? to : at, is_of_to ? at : to)) return false;
    }
    if (to->is_array_field && at->is_array_field) return to->field == at->field;
    if (to->is_array_field != at->is_array_field) {
        const rf_ir_spot *other = to->is_array_field ? at : to;
        if (is_of_value(other) || is_element(other)) return false;
    }
    if (size_of(to->type) < size_of(at->type)) return false;
    if (to->is_value_field && at->is_value_field && (to->field == RF_IR_HEAD) != (at->field == RF_IR_HEAD)) return false;
    if (to->type == RF_IR_F64 && at->is_value_field && at->field == RF_IR_HEAD) return false;
    return !are_of_other_kinds(to, at) && !are_of_other_kinds(at, to) && !are_apart(to, at);
}
