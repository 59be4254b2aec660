/* Function, struct and enum declarations, hoisted to the entry of their block (LANGUAGE 4.5). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "value/error_value.h"
#include "value/struct_type.h"

static rf_value make_default(rf_interp_frame *frame, const rf_field_decl *field)
{
    if (field->default_literal) return rf_interp_eval(frame, field->default_literal);
    return field->default_func ? rf_interp_closure(frame, field->default_func) : rf_unset();
}

static rf_value make_struct(rf_interp_frame *frame, const rf_struct_decl *decl)
{
    rf_isolate *isolate = frame->isolate;
    rf_value *methods = rf_alloc_array(rf_value, decl->method_count);
    rf_value *defaults = rf_alloc_array(rf_value, decl->field_count);
    for (uint32_t i = 0; i < decl->method_count; i++)
        methods[i] = rf_interp_closure(frame, decl->methods[i]);
    for (uint32_t i = 0; i < decl->field_count; i++) defaults[i] = make_default(frame, &decl->fields[i]);
    return rf_structdef_new(isolate, decl, frame->module, methods, defaults);
}

static rf_value make_declared(rf_interp_frame *frame, const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_FUNC_DECL: return rf_interp_closure(frame, node->as.func_decl.func);
    case RF_NODE_STRUCT_DECL: return make_struct(frame, node->as.struct_decl.decl);
    default: return rf_enumdef_new(frame->isolate, node->as.enum_decl.decl, frame->module);
    }
}

static const rf_ref *declared_ref(const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_FUNC_DECL: return &node->as.func_decl.ref;
    case RF_NODE_STRUCT_DECL: return &node->as.struct_decl.ref;
    default: return &node->as.enum_decl.ref;
    }
}

static bool check_duplicate(rf_interp_frame *frame, const rf_node *node)
{
    if (!node->flag) return true;
    frame->pos = node->pos;
    rf_raise(frame->isolate, "Duplicate declaration in the same scope: %s",
             declared_ref(node)->name->text);
    return false;
}

bool rf_interp_hoist_declarations(rf_interp_frame *frame, rf_interp_hoist *hoist)
{
    const rf_block *block = hoist->block;
    for (uint32_t i = 0; i < block->hoisted_count; i++) {
        const rf_node *node = block->hoisted[i];
        if (!check_duplicate(frame, node)) return false;
        hoist->objects[i] = make_declared(frame, node);
        rf_interp_declare(frame, declared_ref(node), rf_copy(hoist->objects[i]));
    }
    return true;
}

/* The object that node's block made of it on entry, borrowed; UNSET when a later declaration of the same name. */
static rf_value hoisted_object(const rf_interp_frame *frame, const rf_node *node)
{
    for (const rf_interp_hoist *hoist = frame->hoisted; hoist; hoist = hoist->outer)
        for (uint32_t i = 0; i < hoist->block->hoisted_count; i++)
            if (hoist->block->hoisted[i] == node) return hoist->objects[i];
    return rf_unset();
}

rf_completion rf_interp_exec_declaration(rf_interp_frame *frame, const rf_node *node)
{
    if (!check_duplicate(frame, node)) return RF_FAILED;
    const rf_value made = hoisted_object(frame, node);
    rf_interp_declare(frame, declared_ref(node),
                      made.head == RF_UNSET ? make_declared(frame, node) : rf_copy(made));
    return RF_COMPLETED;
}
