/* Making closures, declarations, containers, instances and enum values. */
#include "base/alloc.h"
#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/operate.h"
#include "value/struct_type.h"
#include "vm/slow.h"

#include <string.h>

/* ---- closures ---- */

rf_value rf_vm_new_closure(rf_isolate *isolate, rf_proto *proto, const rf_value *base, const rf_function *running)
{
    const rf_func *func = proto->func;
    rf_value closure = rf_closure_new(isolate, func, proto->module);
    rf_function *function = closure.as.function;
    function->code = proto;
    for (uint32_t i = 0; i < func->capture_count; i++) {
        const rf_ref *source = &func->captures[i].source;
        const bool is_wide = source->kind == RF_REF_LOCAL && source->index >= RF_LOCAL_LIMIT;
        const uint32_t index = is_wide ? RF_WIDE_BASE + (source->index - RF_LOCAL_LIMIT) : source->index;
        function->captures[i] = rf_copy(source->kind == RF_REF_LOCAL ? base[index] : running->captures[index]);
    }
    return closure;
}

void rf_vm_closure(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_store(isolate, &fp->base[in.a],
             rf_vm_new_closure(isolate, fp->proto->children[in.b], fp->base, fp->function));
}

/* ---- declarations ---- */

static rf_value literal_value(const rf_frame *fp, const rf_node *node)
{
    switch (node->kind) {
    case RF_NODE_BOOL: return rf_bool(node->as.integer);
    case RF_NODE_INT: return rf_int(node->as.integer);
    case RF_NODE_FLOAT: return rf_float(node->as.number);
    case RF_NODE_STRING: return rf_copy(fp->proto->module->literals[node->as.literal]);
    default: return rf_null();
    }
}

static rf_value method_closure(rf_isolate *isolate, rf_frame *fp, const rf_func *func)
{
    return rf_vm_new_closure(isolate, rf_vm_proto(isolate, fp->proto->module, func), fp->base, fp->function);
}

static rf_value default_of(rf_isolate *isolate, rf_frame *fp, const rf_field_decl *field)
{
    if (field->default_literal) return literal_value(fp, field->default_literal);
    return field->default_func ? method_closure(isolate, fp, field->default_func) : rf_unset();
}

void rf_vm_struct_decl(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_node *node = fp->proto->literals[in.b].syntax;
    const rf_struct_decl *decl = node->as.struct_decl.decl;
    rf_value *methods = rf_alloc_array(rf_value, decl->method_count);
    rf_value *defaults = rf_alloc_array(rf_value, decl->field_count);
    for (uint32_t i = 0; i < decl->method_count; i++) methods[i] = method_closure(isolate, fp, decl->methods[i]);
    for (uint32_t i = 0; i < decl->field_count; i++) defaults[i] = default_of(isolate, fp, &decl->fields[i]);
    rf_store(isolate, &fp->base[in.a], rf_structdef_new(isolate, decl, fp->proto->module, methods, defaults));
}

void rf_vm_enum_decl(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_node *node = fp->proto->literals[in.b].syntax;
    rf_store(isolate, &fp->base[in.a], rf_enumdef_new(isolate, node->as.enum_decl.decl, fp->proto->module));
}

/* ---- arrays ---- */

static void release_run(rf_isolate *isolate, rf_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (rf_is_heap(values[i])) rf_store(isolate, &values[i], rf_unset());
}

void rf_vm_new_array(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_value *values = &fp->base[in.b];
    rf_value array = in.c ? rf_array_from(isolate, values, in.c) : rf_array_new(isolate, 0);
    release_run(isolate, values, in.c);
    rf_store(isolate, &fp->base[in.a], array);
}

void rf_vm_unpack(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value array = rf_take(&fp->base[in.a]);
    for (uint32_t i = 0; i < in.b; i++)
        rf_store(isolate, &fp->base[in.a + i], rf_array_get(array.as.array, i));
    rf_release(isolate, array);
}

bool rf_vm_extend(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_array *array = fp->base[in.a].as.array;
    for (uint32_t i = 0; i < in.c; i++)
        if (!rf_array_push(isolate, array, rf_take(&fp->base[in.b + i]))) return false;
    return true;
}

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

bool rf_vm_spread(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_array *array = fp->base[in.a].as.array;
    const rf_value v = fp->base[in.b];
    if (!can_be_spread(v)) {
        rf_raise(isolate, "Can only spread arrays");
        return false;
    }
    bool is_fine = true;
    if (v.head == RF_ARRAY) {
        is_fine = rf_array_extend(isolate, array, v.as.array);
    } else {
        rf_iteration iteration;
        if (!rf_iteration_start(isolate, &iteration, v)) return false;
        rf_value element;
        while (is_fine && (element = rf_iteration_next(isolate, &iteration)).head != RF_UNSET)
            is_fine = !rf_is_raised(element) && rf_array_push(isolate, array, element);
        rf_iteration_end(isolate, &iteration);
    }
    if (is_fine) rf_vm_use(isolate, fp, in.b);
    return is_fine;
}

/* ---- dicts ---- */

bool rf_vm_dict_key(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value key = fp->base[in.a];
    if (key.head == RF_STRING || key.head == RF_INT) return true;
    rf_raise(isolate, "Invalid dictionary key type: %s", rf_type_name(key));
    return false;
}

bool rf_vm_dict_set(rf_isolate *isolate, rf_frame *fp, uint32_t a, rf_value key_value, uint32_t key_reg, uint32_t c)
{
    rf_key key;
    rf_key_from_value(key_value, &key);
    if (!rf_dict_set(isolate, fp->base[a].as.dict, key, rf_vm_take_operand(fp, c))) return false;
    rf_vm_use(isolate, fp, key_reg);
    return true;
}

static bool spread_struct(rf_isolate *isolate, rf_dict *dict, const rf_struct *source)
{
    const rf_structdef *def = source->layout->def;
    for (uint32_t i = 0; i < def->field_count; i++) {
        const rf_key key = rf_key_from_string(def->field_names[i].as.string);
        if (!rf_dict_set(isolate, dict, key, rf_struct_get(source, i))) return false;
    }
    return true;
}

bool rf_vm_dict_spread(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_dict *dict = fp->base[in.a].as.dict;
    const rf_value source = fp->base[in.b];
    bool is_fine = true;
    if (source.head == RF_DICT) {
        rf_key key;
        rf_value v;
        for (uint32_t at = 0; is_fine && rf_dict_next(source.as.dict, &at, &key, &v);)
            is_fine = rf_dict_set(isolate, dict, key, rf_copy(v));
    } else if (source.head == RF_STRUCT) {
        is_fine = spread_struct(isolate, dict, source.as.instance);
    } else {
        rf_raise(isolate, "Can only spread dicts");
        is_fine = false;
    }
    if (is_fine) rf_vm_use(isolate, fp, in.b);
    return is_fine;
}

/* ---- struct instances ---- */

bool rf_vm_struct_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    if (fp->base[in.a].head == RF_STRUCTDEF) return true;
    rf_raise(isolate, "Undefined struct: %s", fp->proto->constants[in.b].as.string->text);
    return false;
}

bool rf_vm_field_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_structdef *def = fp->base[in.a].as.structdef;
    const rf_string *name = fp->proto->constants[in.b].as.string;
    if (rf_structdef_find_field(def, name) >= 0) return true;
    rf_raise(isolate, "Unknown field '%s' for struct %s", name->text, def->name.as.string->text);
    return false;
}

bool rf_vm_spread_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_value source = fp->base[in.a];
    const rf_structdef *def = fp->base[in.b].as.structdef;
    if (source.head == RF_STRUCT && source.as.instance->layout->def->identity == def->identity) return true;
    rf_raise(isolate, "Can only spread instances of %s", def->name.as.string->text);
    return false;
}

/* Does every field of def stand in the literal, once? */
static bool gives_each_once(const rf_structdef *def, const rf_node *node, const uint32_t *fields)
{
    const uint32_t count = node->as.instance.count;
    if (count != def->field_count) return false;
    bool *given = rf_alloc_array_zero(bool, count + 1);
    bool is_whole = true;
    for (uint32_t i = 0; is_whole && i < count; i++) {
        is_whole = !node->as.instance.entries[i].is_spread && fields[i] < count && !given[fields[i]];
        if (is_whole) given[fields[i]] = true;
    }
    rf_free(given);
    return is_whole;
}

/* Which field each entry of the literal gives, and behind them whether that is each field once. */
static const uint32_t *field_map(rf_isolate *isolate, rf_frame *fp, rf_literal_info *literal, rf_structdef *def)
{
    if (RF_LIKELY(literal->def == def)) return literal->fields;
    const rf_node *node = literal->syntax;
    const uint32_t count = node->as.instance.count;
    if (!literal->fields) literal->fields = rf_alloc_array(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const rf_entry *entry = &node->as.instance.entries[i];
        if (entry->is_spread) continue;
        const rf_string *name = fp->proto->module->literals[entry->word->literal].as.string;
        literal->fields[i] = (uint32_t)rf_structdef_find_field(def, name);
    }
    rf_retain_object(&def->object);
    if (literal->def) rf_release_object(isolate, &literal->def->object);
    literal->def = def;
    literal->fields[count] = gives_each_once(def, node, literal->fields);
    return literal->fields;
}

/* The default of a field that is not given; RAISED. */
static rf_value field_default(rf_isolate *isolate, const rf_structdef *def, uint32_t field)
{
    const rf_value fallback = def->defaults ? def->defaults[field] : rf_unset();
    if (fallback.head == RF_UNSET) return rf_null();
    if (fallback.head == RF_FUNCTION) return rf_vm_enter_closure(isolate, fallback.as.function, NULL, NULL, 0);
    return rf_copy(fallback);
}

static void put_spread(rf_isolate *isolate, rf_value *instance, const rf_struct *source, uint64_t *given)
{
    const uint32_t count = source->layout->field_count;
    for (uint32_t i = 0; i < count; i++) rf_struct_set(isolate, instance, i, rf_struct_get(source, i));
    for (uint32_t i = 0; i < (count + 63) / 64; i++) given[i] = UINT64_MAX;
}

/* Moves the values into the fields of a new instance. */
static void put_each(rf_isolate *isolate, rf_value *instance, const uint32_t *fields, rf_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const rf_layout *layout = instance->as.instance->layout;
        const unsigned kind = layout->kinds[fields[i]];
        const rf_value v = rf_take(&values[i]);
        void *at = instance->as.instance->data + layout->offsets[fields[i]];
        if (RF_UNLIKELY(layout->is_observed || (kind != RF_FIELD_VALUE && v.head != rf_field_head(kind))))
            rf_struct_set(isolate, instance, fields[i], v);
        else if (kind == RF_FIELD_VALUE)
            *(rf_value *)at = v; /* it was null */
        else
            memcpy(at, &v.as, sizeof v.as);
    }
}

static void put_entries(rf_isolate *isolate, rf_frame *fp, rf_instruction in, rf_value *instance, uint64_t *given)
{
    rf_literal_info *literal = &fp->proto->literals[in.c];
    const rf_node *node = literal->syntax;
    rf_value *values = &fp->base[in.a + 1u];
    const uint32_t *fields = field_map(isolate, fp, literal, fp->base[in.a].as.structdef);
    for (uint32_t i = 0; i < in.b; i++) {
        if (node->as.instance.entries[i].is_spread) {
            put_spread(isolate, instance, values[i].as.instance, given);
            rf_store(isolate, &values[i], rf_unset());
        } else {
            rf_struct_set(isolate, instance, fields[i], rf_take(&values[i]));
            given[fields[i] / 64] |= (uint64_t)1 << (fields[i] % 64);
        }
    }
}

static bool put_defaults(rf_isolate *isolate, const rf_structdef *def, rf_value *instance, const uint64_t *given)
{
    for (uint32_t i = 0; i < def->field_count; i++) {
        if (given[i / 64] >> (i % 64) & 1) continue;
        rf_value v = field_default(isolate, def, i);
        if (rf_is_raised(v)) return false;
        rf_struct_set(isolate, instance, i, v);
    }
    return true;
}

bool rf_vm_make_struct(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_structdef *def = fp->base[in.a].as.structdef;
    const uint32_t *fields = field_map(isolate, fp, &fp->proto->literals[in.c], def);
    rf_value instance = rf_struct_new(isolate, def);
    if (RF_LIKELY(fields[in.b])) {
        put_each(isolate, &instance, fields, &fp->base[in.a + 1u], in.b);
        rf_store(isolate, &fp->base[in.a], instance);
        return true;
    }
    uint64_t few[4] = {0};
    const uint32_t words = def->field_count / 64 + 1;
    uint64_t *given = words <= RF_COUNT_OF(few) ? few : rf_alloc_array_zero(uint64_t, words);
    put_entries(isolate, fp, in, &instance, given);
    const bool is_complete = put_defaults(isolate, def, &instance, given);
    if (given != few) rf_free(given);
    if (is_complete)
        rf_store(isolate, &fp->base[in.a], instance);
    else
        rf_release(isolate, instance);
    return is_complete;
}

/* ---- enum values ---- */

bool rf_vm_enum_check(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    rf_literal_info *literal = &fp->proto->literals[in.b];
    const rf_node *node = literal->syntax;
    const rf_value def = fp->base[in.a];
    if (def.head == RF_ENUMDEF && literal->enum_def == def.as.enumdef) return true;
    const char *enum_name = node->as.variant.ref.name->text;
    if (def.head != RF_ENUMDEF) {
        rf_raise(isolate, "Undefined enum: %s", enum_name);
        return false;
    }
    const rf_string *name = fp->proto->module->literals[node->as.variant.variant->literal].as.string;
    const int32_t variant = rf_enumdef_find_variant(def.as.enumdef, name);
    if (variant < 0) {
        rf_raise(isolate, "Undefined enum variant: %s::%s", enum_name, name->text);
        return false;
    }
    rf_retain_object(def.as.o);
    if (literal->enum_def) rf_release_object(isolate, &literal->enum_def->object);
    literal->enum_def = def.as.enumdef;
    literal->variant = (uint32_t)variant;
    return true;
}

void rf_vm_make_enum(rf_isolate *isolate, rf_frame *fp, rf_instruction in)
{
    const rf_literal_info *literal = &fp->proto->literals[in.c];
    rf_enumdef *def = fp->base[in.a].as.enumdef;
    uint32_t variant = literal->variant;
    if (RF_UNLIKELY(literal->enum_def != def)) { /* the arguments ran the same literal with another declaration */
        const rf_node *node = literal->syntax;
        const rf_string *name = fp->proto->module->literals[node->as.variant.variant->literal].as.string;
        variant = (uint32_t)rf_enumdef_find_variant(def, name);
    }
    rf_value *payload = &fp->base[in.a + 1u];
    rf_value v = rf_enum_new(isolate, def, variant, payload, in.b);
    release_run(isolate, payload, in.b);
    rf_store(isolate, &fp->base[in.a], v);
}
