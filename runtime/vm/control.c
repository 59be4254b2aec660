/* `?` and imports. */
#include "modules/loader.h"
#include "value/error_value.h"
#include "value/format.h"
#include "vm/slow.h"

void rf_vm_raise_undefined(rf_isolate *isolate, rf_value name)
{
    rf_raise(isolate, "Undefined variable: %s", name.as.string->text);
}

static const rf_symbol *variable_name(const rf_frame *fp, rf_instruction in)
{
    const rf_func *func = fp->proto->func;
    switch (in.op) {
    case RF_OP_GETCELL_CHECKED:
    case RF_OP_CHAIN_GETCELL: return func->vars[in.b]->name;
    case RF_OP_GETMODULE_CHECKED:
    case RF_OP_CHAIN_GETMODULE: return fp->proto->module->unit->module_vars.data[in.wide]->name;
    default: return func->captures[in.wide].var->name;
    }
}

void rf_vm_raise_unset(rf_isolate *isolate, const rf_frame *fp, rf_instruction in)
{
    rf_raise(isolate, "Undefined variable: %s", variable_name(fp, in)->text);
}

/* `?` on Err or None outside any function (LANGUAGE 10.4) */
static void raise_unhandled(rf_isolate *isolate, rf_value v)
{
    if (v.head == RF_NONE) {
        rf_raise(isolate, "Unhandled None");
        return;
    }
    rf_value content = rf_unwrap_value(v);
    rf_value text = rf_to_string(isolate, content);
    rf_release(isolate, content);
    if (rf_is_raised(text)) return;
    rf_value message = rf_string_concat(isolate, rf_string_from(isolate, "Unhandled Err: "), text);
    rf_release(isolate, text);
    if (!rf_is_raised(message)) rf_raise_string(isolate, message);
}

bool rf_vm_try(rf_isolate *isolate, rf_frame *fp, rf_instruction in, bool *returns)
{
    rf_value *slot = &fp->base[in.a];
    const unsigned wrap = rf_wrap_of(*slot);
    *returns = false;
    if (wrap == RF_SOME || wrap == RF_OK_WRAP) {
        rf_store(isolate, slot, rf_unwrap_value(*slot));
        return true;
    }
    if (wrap != RF_ERR_WRAP && slot->head != RF_NONE) {
        rf_raise(isolate, "Try operator (?) can only be used on Result or Option values");
        return false;
    }
    if (in.op == RF_OP_TRYTOP) {
        raise_unhandled(isolate, *slot);
        return false;
    }
    *returns = true;
    return true;
}

bool rf_vm_import(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value module = rf_import(isolate, fp->proto->module, fp->proto->constants[in.b].as.string->text);
    if (rf_is_raised(module)) return false;
    rf_store(isolate, &fp->base[in.a], module);
    return true;
}

bool rf_vm_import_name(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_literal_info *literal = &fp->proto->literals[in.c];
    const rf_node *node = literal->syntax;
    const rf_symbol *name = node->as.import.names[literal->variant].name;
    rf_value v = rf_module_get(isolate, fp->base[in.b].as.module,
                               fp->proto->module->literals[name->literal].as.string);
    if (v.head == RF_UNSET) {
        rf_raise(isolate, "Symbol '%s' not found in module '%s'", name->text, node->as.import.path);
        return false;
    }
    rf_store(isolate, &fp->base[in.a], v);
    return true;
}
