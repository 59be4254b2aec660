/* Literals that build values: arrays, dicts, interpolations, struct instances, enum values (LANGUAGE 2.7, 6.9, 9.2,
 * 10.1). */
#include "base/alloc.h"
#include "interp/eval.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"

/* ---- arrays ---- */

static bool can_be_spread(rf_value v)
{
    switch (v.head) {
    case RF_ARRAY:
    case RF_SET:
    case RF_QUEUE:
    case RF_STACK:
    case RF_STRING:
    case RF_BYTES:
    case RF_GENERATOR: return true;
    default: return false;
    }
}

/* Appends the elements of v (borrowed). */
static bool spread_into(rf_interp_frame *frame, rf_value array, rf_value v, rf_pos pos)
{
    rf_isolate *isolate = frame->isolate;
    frame->pos = pos;
    if (!can_be_spread(v)) {
        rf_raise(isolate, "Can only spread arrays");
        return false;
    }
    rf_iteration iteration;
    if (!rf_iteration_start(isolate, &iteration, v)) return false;
    rf_value element;
    bool is_fine = true;
    while (is_fine && (element = rf_iteration_next(isolate, &iteration)).head != RF_UNSET)
        is_fine = !rf_is_raised(element) && rf_array_push(isolate, array.as.array, element);
    rf_iteration_end(isolate, &iteration);
    return is_fine;
}

static bool add_element(rf_interp_frame *frame, rf_value array, const rf_node *item)
{
    const bool is_spread = item->kind == RF_NODE_SPREAD;
    rf_value v = rf_interp_eval(frame, is_spread ? item->as.operand : item);
    if (rf_is_raised(v)) return false;
    if (!is_spread) return rf_array_push(frame->isolate, array.as.array, v);
    const bool is_fine = spread_into(frame, array, v, item->pos);
    rf_release(frame->isolate, v);
    return is_fine;
}

rf_value rf_interp_eval_array(rf_interp_frame *frame, const rf_node *node)
{
    frame->pos = node->start;
    rf_value array = rf_array_new(frame->isolate, node->as.list.count);
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        if (add_element(frame, array, node->as.list.items[i])) continue;
        rf_release(frame->isolate, array);
        return rf_raised();
    }
    return array;
}

/* ---- dicts ---- */

static bool spread_dict(rf_isolate *isolate, rf_value dict, const rf_dict *source)
{
    rf_key key;
    rf_value v;
    for (uint32_t at = 0; rf_dict_next(source, &at, &key, &v);)
        if (!rf_dict_set(isolate, dict.as.dict, key, rf_copy(v))) return false;
    return true;
}

static bool spread_struct(rf_isolate *isolate, rf_value dict, const rf_struct *source)
{
    const rf_structdef *def = source->layout->def;
    for (uint32_t i = 0; i < def->field_count; i++) {
        const rf_key key = rf_key_from_string(def->field_names[i].as.string);
        if (!rf_dict_set(isolate, dict.as.dict, key, rf_struct_get(source, i))) return false;
    }
    return true;
}

static bool add_spread_entries(rf_interp_frame *frame, rf_value dict, const rf_entry *entry)
{
    rf_isolate *isolate = frame->isolate;
    rf_value source = rf_interp_eval(frame, entry->value);
    if (rf_is_raised(source)) return false;
    frame->pos = entry->pos;
    bool is_fine = false;
    if (source.head == RF_DICT)
        is_fine = spread_dict(isolate, dict, source.as.dict);
    else if (source.head == RF_STRUCT)
        is_fine = spread_struct(isolate, dict, source.as.instance);
    else
        rf_raise(isolate, "Can only spread dicts");
    rf_release(isolate, source);
    return is_fine;
}

static bool add_entry(rf_interp_frame *frame, rf_value dict, const rf_entry *entry)
{
    rf_isolate *isolate = frame->isolate;
    rf_value name = entry->word ? rf_copy(frame->module->literals[entry->word->literal])
                                : rf_interp_eval(frame, entry->key);
    if (rf_is_raised(name)) return false;
    frame->pos = entry->pos;
    rf_key key;
    bool is_fine = rf_key_from_value(name, &key);
    if (!is_fine) rf_raise(isolate, "Invalid dictionary key type: %s", rf_type_name(name));
    rf_value v = is_fine ? rf_interp_eval(frame, entry->value) : rf_raised();
    is_fine = !rf_is_raised(v) && rf_dict_set(isolate, dict.as.dict, key, v);
    rf_release(isolate, name);
    return is_fine;
}

rf_value rf_interp_eval_dict(rf_interp_frame *frame, const rf_node *node)
{
    frame->pos = node->start;
    rf_value dict = rf_dict_new(frame->isolate, node->as.dict.count);
    for (uint32_t i = 0; i < node->as.dict.count; i++) {
        const rf_entry *entry = &node->as.dict.entries[i];
        const bool is_fine = entry->is_spread ? add_spread_entries(frame, dict, entry)
                                              : add_entry(frame, dict, entry);
        if (is_fine) continue;
        rf_release(frame->isolate, dict);
        return rf_raised();
    }
    return dict;
}

/* ---- interpolated strings ---- */

rf_value rf_interp_eval_interpolation(rf_interp_frame *frame, const rf_node *node)
{
    rf_interp_args parts;
    rf_interp_args_init(&parts, frame->isolate, node->as.list.count);
    rf_value text = rf_raised();
    if (rf_interp_args_eval(&parts, frame, node->as.list.items, node->as.list.count)) {
        frame->pos = node->pos;
        text = rf_concat(frame->isolate, parts.values, parts.count);
    }
    rf_interp_args_release(&parts);
    return text;
}

/* ---- struct instances ---- */

/* An instance being built: given fields first, then defaults. */
typedef struct instance {
    rf_interp_frame *frame;
    const rf_node *node;
    rf_structdef *def;
    rf_value *values; /* by field; UNSET: not given */
} instance;

static bool copy_fields(instance *it, const rf_entry *entry)
{
    rf_isolate *isolate = it->frame->isolate;
    rf_value source = rf_interp_eval(it->frame, entry->value);
    if (rf_is_raised(source)) return false;
    const bool is_same = source.head == RF_STRUCT &&
                         source.as.instance->layout->def->identity == it->def->identity;
    it->frame->pos = it->node->pos;
    if (!is_same)
        rf_raise(isolate, "Can only spread instances of %s", it->def->name.as.string->text);
    for (uint32_t i = 0; is_same && i < it->def->field_count; i++)
        rf_store(isolate, &it->values[i], rf_struct_get(source.as.instance, i));
    rf_release(isolate, source);
    return is_same;
}

static bool set_field(instance *it, const rf_entry *entry)
{
    rf_interp_frame *frame = it->frame;
    const int32_t field = rf_structdef_find_field(it->def, rf_interp_name(frame, entry->word));
    if (field < 0) {
        frame->pos = it->node->pos;
        rf_raise(frame->isolate, "Unknown field '%s' for struct %s", entry->word->text,
                 it->def->name.as.string->text);
        return false;
    }
    rf_value v = rf_interp_eval(frame, entry->value);
    if (rf_is_raised(v)) return false;
    rf_store(frame->isolate, &it->values[field], v);
    return true;
}

/* A default that is not a plain literal is a function of its own (RF_FUNC_DEFAULT). */
static bool set_default(instance *it, uint32_t field)
{
    const rf_value fallback = it->def->defaults ? it->def->defaults[field] : rf_unset();
    rf_value v = rf_copy(fallback);
    if (fallback.head == RF_UNSET) {
        v = rf_null();
    } else if (fallback.head == RF_FUNCTION) {
        rf_release(it->frame->isolate, v);
        it->frame->pos = it->node->pos;
        v = rf_interp_invoke(it->frame->isolate, fallback, NULL, 0);
    }
    if (rf_is_raised(v)) return false;
    it->values[field] = v;
    return true;
}

static bool fill_instance(instance *it)
{
    const rf_node *node = it->node;
    for (uint32_t i = 0; i < node->as.instance.count; i++) {
        const rf_entry *entry = &node->as.instance.entries[i];
        if (!(entry->is_spread ? copy_fields(it, entry) : set_field(it, entry))) return false;
    }
    for (uint32_t i = 0; i < it->def->field_count; i++)
        if (it->values[i].head == RF_UNSET && !set_default(it, i)) return false;
    return true;
}

static rf_value build_instance(rf_interp_frame *frame, const rf_node *node, rf_structdef *def)
{
    rf_isolate *isolate = frame->isolate;
    instance it = {.frame = frame, .node = node, .def = def};
    it.values = rf_alloc_array(rf_value, def->field_count);
    for (uint32_t i = 0; i < def->field_count; i++) it.values[i] = rf_unset();
    rf_value result = rf_raised();
    if (fill_instance(&it)) {
        frame->pos = node->start;
        result = rf_struct_new(isolate, def);
        for (uint32_t i = 0; i < def->field_count; i++)
            rf_struct_set(isolate, &result, i, rf_take(&it.values[i]));
    }
    for (uint32_t i = 0; i < def->field_count; i++) rf_release(isolate, it.values[i]);
    rf_free(it.values);
    return result;
}

rf_value rf_interp_eval_struct(rf_interp_frame *frame, const rf_node *node)
{
    rf_value def = rf_interp_peek(frame, &node->as.instance.ref);
    rf_value result;
    if (def.head == RF_STRUCTDEF) {
        result = build_instance(frame, node, def.as.structdef);
    } else {
        frame->pos = node->pos;
        result = rf_raise(frame->isolate, "Undefined struct: %s", node->as.instance.ref.name->text);
    }
    rf_release(frame->isolate, def);
    return result;
}

/* ---- enum values ---- */

static rf_value build_variant(rf_interp_frame *frame, const rf_node *node, rf_enumdef *def)
{
    rf_isolate *isolate = frame->isolate;
    const int32_t variant =
        rf_enumdef_find_variant(def, rf_interp_name(frame, node->as.variant.variant));
    if (variant < 0) {
        frame->pos = node->pos;
        return rf_raise(isolate, "Undefined enum variant: %s::%s", node->as.variant.ref.name->text,
                        node->as.variant.variant->text);
    }
    rf_interp_args payload;
    rf_interp_args_init(&payload, isolate, node->as.variant.count);
    rf_value result = rf_raised();
    if (rf_interp_args_eval(&payload, frame, node->as.variant.args, node->as.variant.count))
        result = rf_enum_new(isolate, def, (uint32_t)variant, payload.values, payload.count);
    rf_interp_args_release(&payload);
    return result;
}

rf_value rf_interp_eval_enum(rf_interp_frame *frame, const rf_node *node)
{
    rf_value def = rf_interp_peek(frame, &node->as.variant.ref);
    rf_value result;
    if (def.head == RF_ENUMDEF) {
        result = build_variant(frame, node, def.as.enumdef);
    } else {
        frame->pos = node->pos;
        result = rf_raise(frame->isolate, "Undefined enum: %s", node->as.variant.ref.name->text);
    }
    rf_release(frame->isolate, def);
    return result;
}
