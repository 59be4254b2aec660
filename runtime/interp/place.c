/* Reading and writing places. */
#include "interp/place.h"

#include "base/alloc.h"
#include "interp/eval.h"
#include "value/error_value.h"

void rf_interp_place_init(rf_interp_place *place, rf_interp_frame *frame, const rf_place *syntax)
{
    *place = (rf_interp_place){.frame = frame, .syntax = syntax, .is_storable = true};
    const uint32_t needed = syntax->count + 1;
    place->accesses =
        needed <= RF_COUNT_OF(place->few) ? place->few : rf_alloc_array(rf_access, needed);
}

void rf_interp_place_release(rf_interp_place *place)
{
    for (uint32_t i = 0; i < place->count; i++)
        rf_release(place->frame->isolate, place->accesses[i].key);
    if (place->accesses != place->few) rf_free(place->accesses);
}

static void add_field(rf_interp_place *place, const rf_symbol *name, rf_pos pos)
{
    const rf_value key = place->frame->module->literals[name->literal];
    place->accesses[place->count++] =
        (rf_access){.is_field = true, .pos = pos, .key = rf_copy(key)};
}

static bool add_step(rf_interp_place *place, const rf_step *step)
{
    if (step->is_field) {
        add_field(place, step->field, step->pos);
        return true;
    }
    rf_value key = rf_interp_eval(place->frame, step->index);
    if (rf_is_raised(key)) return false;
    place->accesses[place->count++] = (rf_access){.pos = step->pos, .key = key};
    return true;
}

static bool is_implicit_field(const rf_interp_place *place)
{
    return place->syntax->root.kind == RF_REF_FIELD;
}

static rf_value *root_variable(const rf_interp_place *place)
{
    const rf_ref *ref = &place->syntax->root;
    return is_implicit_field(place) ? rf_interp_self(place->frame, ref)
                                    : rf_interp_variable(place->frame, ref);
}

/* The root variable when it has a value, else NULL after raising; built-ins are never stored into. */
static rf_value *root_with_value(rf_interp_place *place)
{
    rf_value *variable = root_variable(place);
    if (variable && variable->head != RF_UNSET) return variable;
    rf_interp_raise_undefined(place->frame, place->syntax->root.name, place->syntax->pos);
    return NULL;
}

bool rf_interp_place_eval(rf_interp_place *place)
{
    if (is_implicit_field(place)) add_field(place, place->syntax->root.name, place->syntax->pos);
    for (uint32_t i = 0; i < place->syntax->count; i++)
        if (!add_step(place, &place->syntax->steps[i])) return false;
    return true;
}

static bool can_be_stored_into(rf_value container)
{
    return container.head == RF_ARRAY || container.head == RF_DICT || container.head == RF_STRUCT;
}

rf_value rf_interp_place_eval_reading(rf_interp_place *place)
{
    rf_interp_frame *frame = place->frame;
    rf_isolate *isolate = frame->isolate;
    if (is_implicit_field(place)) add_field(place, place->syntax->root.name, place->syntax->pos);
    rf_value v = rf_interp_read(frame, &place->syntax->root, place->syntax->pos);
    for (uint32_t i = 0; i < place->syntax->count && !rf_is_raised(v); i++) {
        if (!add_step(place, &place->syntax->steps[i])) {
            rf_release(isolate, v);
            return rf_raised();
        }
        const rf_access *access = &place->accesses[place->count - 1];
        frame->pos = access->pos;
        if (!can_be_stored_into(v)) place->is_storable = false;
        rf_value part = access->is_field ? rf_get_field(isolate, v, access->key.as.string)
                                         : rf_get_index(isolate, v, access->key);
        rf_release(isolate, v);
        v = part;
    }
    return v;
}

rf_value rf_interp_place_get(rf_interp_place *place)
{
    if (place->count == 0)
        return rf_interp_read(place->frame, &place->syntax->root, place->syntax->pos);
    const rf_value *root = root_with_value(place);
    if (!root) return rf_raised();
    return rf_get_place(place->frame->isolate, *root, place->accesses, place->count);
}

bool rf_interp_place_check_mutable(rf_interp_place *place)
{
    return rf_interp_check_const(place->frame, &place->syntax->root, place->syntax->pos, "mutate");
}

bool rf_interp_place_restore(rf_interp_place *place, rf_value v)
{
    rf_isolate *isolate = place->frame->isolate;
    if (place->count == 0) {
        rf_store(isolate, root_variable(place), v);
        return true;
    }
    rf_value *root = root_with_value(place);
    if (!root) {
        rf_release(isolate, v);
        return false;
    }
    return rf_set_place(isolate, root, place->accesses, place->count, v);
}

bool rf_interp_place_set(rf_interp_place *place, rf_value v)
{
    if (!rf_interp_place_restore(place, v)) return false;
    rf_interp_note_change(place->frame, &place->syntax->root);
    return true;
}

bool rf_interp_place_detach(rf_interp_place *place, rf_value held)
{
    rf_isolate *isolate = place->frame->isolate;
    rf_value *root = root_variable(place);
    if (!rf_is_heap(held) || !root || !place->is_storable || root->head == RF_UNSET) return false;
    if (place->count == 0) {
        if (root->head != held.head || root->as.o != held.as.o) return false;
        rf_store(isolate, root, rf_unset());
        return true;
    }
    rf_value now = rf_get_place(isolate, *root, place->accesses, place->count);
    if (rf_is_raised(now)) {
        rf_release(isolate, rf_take_error(isolate));
        return false;
    }
    const bool is_same = now.head == held.head && now.as.o == held.as.o;
    rf_release(isolate, now);
    if (!is_same) return false;
    rf_release(isolate, rf_take_place(isolate, root, place->accesses, place->count));
    return true;
}

bool rf_interp_place_is_private(const rf_interp_place *place)
{
    const rf_ref *root = &place->syntax->root;
    const unsigned kind = root->kind == RF_REF_FIELD ? root->self_kind : root->kind;
    return kind == RF_REF_LOCAL && !root->is_cell && root->var && !root->var->is_const &&
           place->frame->try_depth == 0 && place->frame->func->kind != RF_FUNC_TEST;
}
