/* Frames, scopes and variables (LANGUAGE 4). */
#include "interp/frame.h"

#include "base/alloc.h"
#include "value/error_value.h"
#include "value/struct_type.h"

enum { CELL_CHANGED = 1 }; /* flag of a cell that holds self: it was modified */

/* ---- frames ---- */

static size_t frame_size(const rf_func *func)
{
    return sizeof(rf_interp_frame) + rf_array_size(func->slot_count, sizeof(rf_value));
}

rf_interp_frame *rf_interp_frame_new(rf_isolate *isolate, const rf_func *func, rf_module *module,
                                     rf_function *closure)
{
    rf_interp_frame *frame = rf_heap_alloc(isolate, frame_size(func), RF_TAG_COUNT);
    *frame = (rf_interp_frame){.isolate = isolate,
                               .func = func,
                               .module = module,
                               .closure = closure,
                               .result = rf_unset()};
    for (uint32_t i = 0; i < func->slot_count; i++) frame->slots[i] = rf_unset();
    if (closure) rf_retain_object(&closure->object);
    return frame;
}

void rf_interp_frame_free(rf_interp_frame *frame)
{
    rf_isolate *isolate = frame->isolate;
    for (uint32_t i = 0; i < frame->func->slot_count; i++) rf_release(isolate, frame->slots[i]);
    rf_release(isolate, frame->result);
    const size_t size = frame_size(frame->func);
    rf_function *closure = frame->closure;
    rf_heap_free(isolate, frame, size);
    if (closure) rf_release_object(isolate, &closure->object);
}

void rf_interp_frame_push(rf_interp_frame *frame)
{
    rf_interp_state *state = rf_interp_state_of(frame->isolate);
    frame->caller = state->frame;
    state->frame = frame;
    if (rf_interp_is_visible(frame->func)) frame->isolate->depth++;
}

void rf_interp_frame_pop(rf_interp_frame *frame)
{
    rf_interp_state_of(frame->isolate)->frame = frame->caller;
    frame->caller = NULL;
    if (rf_interp_is_visible(frame->func)) frame->isolate->depth--;
}

void rf_interp_trace(rf_isolate *isolate, rf_trace *out)
{
    *out = (rf_trace){.file = NULL};
    const rf_interp_state *state = rf_interp_state_of(isolate);
    if (!state) return;
    for (const rf_interp_frame *frame = state->frame; frame; frame = frame->caller) {
        if (!out->file && !frame->func->unit->is_prelude) {
            out->file = frame->func->unit->path;
            out->pos = frame->pos;
        }
        out->count += rf_interp_is_visible(frame->func);
    }
    if (out->count == 0) return;
    out->names = rf_alloc_array(const char *, out->count);
    uint32_t at = out->count;
    for (const rf_interp_frame *frame = state->frame; frame; frame = frame->caller)
        if (rf_interp_is_visible(frame->func)) out->names[--at] = frame->func->display_name;
}

/* Functions and lines together make an address that nothing else has. */
const void *rf_interp_where(rf_isolate *isolate, rf_where *out)
{
    const rf_interp_state *state = rf_interp_state_of(isolate);
    const rf_interp_frame *frame = state ? state->frame : NULL;
    while (frame && frame->func->unit->is_prelude) frame = frame->caller;
    if (!frame) return NULL;
    if (out) *out = (rf_where){.func = frame->func, .pos = frame->pos};
    return (const void *)((uintptr_t)frame->func ^ (uintptr_t)frame->pos.line << 40);
}

/* ---- scopes ---- */

static bool is_argument(const rf_func *func, const rf_var *var)
{
    return var->slot < func->param_count + func->has_self;
}

void rf_interp_enter_scope(rf_interp_frame *frame, const rf_scope *scope)
{
    if (!scope) return;
    rf_isolate *isolate = frame->isolate;
    for (uint32_t i = 0; i < scope->var_count; i++) {
        const rf_var *var = scope->vars[i];
        if (var->home != RF_HOME_LOCAL) continue;
        rf_value *slot = &frame->slots[var->slot];
        const bool keeps_value = is_argument(frame->func, var);
        if (!keeps_value && !var->is_cell && !var->needs_reset && var->builtin < 0) continue;
        rf_value first = keeps_value         ? rf_take(slot)
                         : var->builtin >= 0 ? rf_copy(isolate->builtin_values[var->builtin])
                                             : rf_unset();
        rf_store(isolate, slot, var->is_cell ? rf_cell_new(isolate, first) : first);
    }
}

/* ---- variables ---- */

static rf_value *through_cell(rf_value *slot, bool is_cell)
{
    if (!is_cell) return slot;
    rf_assert(slot->head == RF_CELL);
    return &slot->as.cell->value;
}

static rf_value *slot_of(rf_interp_frame *frame, unsigned kind, uint32_t index)
{
    return kind == RF_REF_LOCAL ? &frame->slots[index] : &frame->closure->captures[index];
}

rf_value *rf_interp_variable(rf_interp_frame *frame, const rf_ref *ref)
{
    switch (ref->kind) {
    case RF_REF_LOCAL:
    case RF_REF_CAPTURE: return through_cell(slot_of(frame, ref->kind, ref->index), ref->is_cell);
    case RF_REF_MODULE: return &frame->module->slots[ref->index];
    default: return NULL;
    }
}

rf_value *rf_interp_self(rf_interp_frame *frame, const rf_ref *ref)
{
    return through_cell(slot_of(frame, ref->self_kind, ref->index), ref->is_cell);
}

rf_value rf_interp_peek(rf_interp_frame *frame, const rf_ref *ref)
{
    switch (ref->kind) {
    case RF_REF_BUILTIN: return rf_copy(frame->isolate->builtin_values[ref->index]);
    case RF_REF_FIELD: return rf_struct_get(rf_interp_self(frame, ref)->as.instance, ref->field);
    default: break;
    }
    const rf_value *variable = rf_interp_variable(frame, ref);
    return variable ? rf_copy(*variable) : rf_unset();
}

rf_value rf_interp_raise_undefined(rf_interp_frame *frame, const rf_symbol *name, rf_pos pos)
{
    frame->pos = pos;
    return rf_raise(frame->isolate, "Undefined variable: %s", name->text);
}

rf_value rf_interp_read(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos)
{
    rf_value v = rf_interp_peek(frame, ref);
    return v.head == RF_UNSET ? rf_interp_raise_undefined(frame, ref->name, pos) : v;
}

/* Built-ins are never assigned (LANGUAGE 4.8): where an assignment means one, it behaves as a constant. */
static bool is_constant(const rf_ref *ref)
{
    if (ref->kind == RF_REF_FIELD) return false;
    return ref->kind == RF_REF_BUILTIN || (ref->var && ref->var->is_const);
}

bool rf_interp_check_const(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos, const char *verb)
{
    if (!is_constant(ref)) return true;
    frame->pos = pos;
    rf_raise(frame->isolate, "Cannot %s const binding: %s", verb, ref->name->text);
    return false;
}

/* Self is the variable in slot 0 of a method.  A closure reaches it through the cell they share: the mark is put there,
 * where the method finds it when it returns. */
void rf_interp_note_change(rf_interp_frame *frame, const rf_ref *ref)
{
    const rf_var *var = ref->var;
    if (!var || var->home != RF_HOME_LOCAL || var->slot != 0 || !var->func->has_self) return;
    const unsigned kind = ref->kind == RF_REF_FIELD ? ref->self_kind : ref->kind;
    if (ref->is_cell)
        slot_of(frame, kind, ref->index)->as.o->flags |= CELL_CHANGED;
    else
        frame->self_modified = true;
}

bool rf_interp_self_was_modified(const rf_interp_frame *frame)
{
    const rf_value self = frame->slots[0];
    return frame->self_modified || (self.head == RF_CELL && (self.as.o->flags & CELL_CHANGED));
}

void rf_interp_declare(rf_interp_frame *frame, const rf_ref *ref, rf_value v)
{
    rf_value *variable = rf_interp_variable(frame, ref);
    rf_assert(variable);
    if (variable) rf_store(frame->isolate, variable, v);
    if (RF_UNLIKELY(frame->isolate->heap.allocations != NULL) && ref->is_cell && rf_is_heap(v))
        rf_heap_note_store(frame->isolate, slot_of(frame, ref->kind, ref->index)->as.cell);
    rf_interp_note_change(frame, ref);
}

bool rf_interp_assign(rf_interp_frame *frame, const rf_ref *ref, rf_pos pos, rf_value v)
{
    if (!rf_interp_check_const(frame, ref, pos, "reassign")) {
        rf_release(frame->isolate, v);
        return false;
    }
    if (ref->kind != RF_REF_FIELD) {
        rf_interp_declare(frame, ref, v);
        return true;
    }
    rf_value *self = rf_interp_self(frame, ref);
    rf_struct_unique(frame->isolate, self);
    rf_struct_set(frame->isolate, self, ref->field, v);
    rf_interp_note_change(frame, ref);
    return true;
}
