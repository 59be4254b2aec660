/* Index and field access beyond the short ways, and filling the inline caches. */
#include "value/array.h"
#include "value/dict.h"
#include "value/dict_layout.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "vm/slow.h"

/* ---- index ---- */

bool rf_vm_get_index(rf_isolate *isolate, rf_frame *fp, uint32_t a, uint32_t b, rf_value index, uint32_t c)
{
    const rf_value object = fp->base[b];
    rf_key key;
    rf_value result = rf_unset();
    if (object.head == RF_DICT && rf_key_from_value(index, &key)) result = rf_copy(rf_dict_peek(object.as.dict, key));
    if (RF_UNLIKELY(result.head == RF_UNSET)) result = rf_get_index(isolate, object, index);
    if (RF_UNLIKELY(rf_is_raised(result))) return false;
    rf_vm_use(isolate, fp, b);
    rf_vm_use(isolate, fp, c);
    rf_store(isolate, &fp->base[a], result);
    return true;
}

bool rf_vm_set_index(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *root = &fp->base[in.a];
    const rf_value index = fp->base[in.b];
    uint32_t at;
    rf_key key;
    bool is_done;
    if (root->head == RF_ARRAY && rf_index_normalise(index, root->as.array->length, &at)) {
        const rf_value v = rf_vm_take_operand(fp, in.c);
        rf_array_set(isolate, rf_array_unique(isolate, root), at, v);
        is_done = true;
    } else if (root->head == RF_DICT && rf_key_from_value(index, &key)) {
        const rf_value v = rf_vm_take_operand(fp, in.c);
        is_done = rf_dict_set(isolate, rf_dict_unique(isolate, root), key, v);
    } else {
        const rf_access access = {.key = index};
        is_done = rf_set_place(isolate, root, &access, 1, rf_vm_take_operand(fp, in.c));
    }
    if (is_done) rf_vm_use(isolate, fp, in.b);
    return is_done;
}

/* ---- field ---- */

void rf_vm_renew_site(rf_site *site, rf_layout *layout)
{
    site->layout = layout;
    site->offset = layout->offsets[site->field];
    site->field_kind = layout->kinds[site->field];
}

/* Remembers where the struct's field lies. */
static void fill_field_cache(rf_isolate *isolate, rf_site *site, rf_layout *layout, uint32_t field)
{
    rf_structdef *def = layout->def;
    if (site->def != def) {
        rf_retain_object(&def->object);
        if (site->def) rf_release_object(isolate, &site->def->object);
        site->def = def;
    }
    site->field = field;
    rf_vm_renew_site(site, layout);
}

bool rf_vm_get_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_site *site = &fp->proto->sites[in.c];
    const rf_value object = fp->base[in.b];
    rf_value result = rf_unset();
    if (object.head == RF_STRUCT) {
        rf_layout *layout = object.as.instance->layout;
        const int32_t field = rf_structdef_find_field(layout->def, site->name);
        if (field >= 0) {
            fill_field_cache(isolate, site, layout, (uint32_t)field);
            result = rf_struct_get(object.as.instance, (uint32_t)field);
        }
    } else if (object.head == RF_DICT) {
        const rf_value *at = rf_dict_named(object.as.dict, site->name, &site->entry);
        result = at ? rf_copy(*at) : rf_null();
    }
    if (result.head == RF_UNSET) result = rf_get_field(isolate, object, site->name);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, in.b);
    rf_store(isolate, &fp->base[in.a], result);
    return true;
}

bool rf_vm_opt_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_site *site = &fp->proto->sites[in.c];
    rf_value result = rf_get_field_optional(isolate, fp->base[in.b], site->name);
    if (rf_is_raised(result)) return false;
    rf_vm_use(isolate, fp, in.b);
    rf_store(isolate, &fp->base[in.a], result);
    return true;
}

bool rf_vm_set_field(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_site *site = &fp->proto->sites[in.c];
    rf_value *root = &fp->base[in.a];
    const rf_value v = rf_vm_take_operand(fp, in.b);
    if (root->head == RF_STRUCT) {
        const int32_t field = rf_structdef_find_field(root->as.instance->layout->def, site->name);
        if (field >= 0) {
            if (in.a == 0) rf_vm_claim_self(isolate, fp, fp->pc, (uint32_t)field, v);
            rf_struct_unique(isolate, root);
            rf_struct_set(isolate, root, (uint32_t)field, v);
            fill_field_cache(isolate, site, root->as.instance->layout, (uint32_t)field);
            return true;
        }
    } else if (root->head == RF_DICT) {
        return rf_dict_set(isolate, rf_dict_unique(isolate, root), rf_key_from_string(site->name), v);
    }
    const rf_access access = {.is_field = true, .key = rf_object_value(RF_STRING, site->name)};
    return rf_set_place(isolate, root, &access, 1, v);
}

void rf_vm_set_own(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *self = &fp->base[in.a];
    const rf_value v = rf_vm_take_operand(fp, in.b);
    if (in.a == 0) rf_vm_claim_self(isolate, fp, fp->pc, in.c, v);
    rf_struct_unique(isolate, self);
    rf_struct_set(isolate, self, in.c, v);
}

/* ---- len ---- */

bool rf_vm_length(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value arg = rf_vm_take_operand(fp, in.b);
    const int32_t number = rf_builtin_find(isolate, "len", 3, false);
    rf_value result = rf_builtin_call(isolate, &isolate->builtins[number], &arg, 1);
    rf_release(isolate, arg);
    if (rf_is_raised(result)) return false;
    rf_store(isolate, &fp->base[in.a], result);
    return true;
}
