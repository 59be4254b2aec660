/* Struct and enum declarations as values, and their instances. */
#include "value/struct_type.h"

#include "value/object.h"
#include "value/registry.h"

#include "base/alloc.h"

#include <string.h>

/* ---- layouts ---- */

static rf_layout *new_layout(rf_structdef *def)
{
    uint32_t count = def->field_count;
    uint8_t *kinds = rf_alloc_array_zero(uint8_t, count);
    uint32_t *offsets = rf_alloc_array(uint32_t, count);
    for (uint32_t i = 0; i < count; i++) offsets[i] = i * (uint32_t)sizeof(rf_value);
    rf_layout *layout = rf_new(rf_layout);
    layout->def = def;
    layout->field_count = count;
    layout->data_size = count * (uint32_t)sizeof(rf_value);
    layout->kinds = kinds;
    layout->offsets = offsets;
    def->layouts = rf_realloc(def->layouts, (def->layout_count + 1) * sizeof *def->layouts);
    def->layouts[def->layout_count++] = layout;
    return def->layout = layout;
}

static inline rf_value *field_slot(const rf_struct *s, uint32_t field)
{
    return (rf_value *)(void *)((char *)(uintptr_t)s->data + s->layout->offsets[field]);
}

/* ---- declarations ---- */

static rf_structdef *new_structdef(rf_isolate *isolate, rf_value name, uint32_t field_count, uint32_t method_count)
{
    rf_structdef *def = rf_object_new(isolate, sizeof *def, RF_STRUCTDEF, 0);
    rf_object header = def->object;
    memset(def, 0, sizeof *def);
    def->object = header;
    def->name = name;
    def->field_count = field_count;
    def->field_names = rf_alloc_array(rf_value, field_count);
    def->method_count = method_count;
    def->method_names = rf_alloc_array(rf_value, method_count);
    new_layout(def);
    return def;
}

static void find_operators(rf_structdef *def)
{
    static const char *const names[][2] = {
#define RF_OPERATOR(name, text, method, alias) {alias, method},
#include "syntax/operator.def"
#undef RF_OPERATOR
    };
    for (unsigned op = 0; op < RF_OPER_COUNT; op++) {
        def->operators[op] = rf_unset();
        for (unsigned which = 0; which < 2; which++) { /* the op_ name last, so that it wins */
            for (uint32_t i = 0; i < def->method_count; i++) {
                if (strcmp(def->method_names[i].as.string->text, names[op][which]) != 0) continue;
                def->operators[op] = def->methods[i];
                def->has_overloads = true;
            }
        }
    }
}

static rf_value intern_symbol(rf_isolate *isolate, const rf_symbol *symbol)
{
    return rf_string_intern(isolate, symbol->text, symbol->size);
}

rf_value rf_structdef_new_with_identity(rf_isolate *isolate, const rf_struct_decl *decl, struct rf_module *module,
                                        uint64_t identity)
{
    rf_structdef *def = new_structdef(isolate, intern_symbol(isolate, decl->name), decl->field_count,
                                      decl->method_count);
    def->decl = decl;
    def->module = module;
    if (module) rf_retain_object(&module->object);
    for (uint32_t i = 0; i < decl->field_count; i++)
        def->field_names[i] = intern_symbol(isolate, decl->fields[i].name);
    for (uint32_t i = 0; i < decl->method_count; i++)
        def->method_names[i] = intern_symbol(isolate, decl->methods[i]->name);
    def->identity = identity;
    rf_registry_add(isolate, identity, &def->object);
    return rf_object_value(RF_STRUCTDEF, def);
}

void rf_structdef_fill(rf_structdef *def, rf_value *methods, rf_value *defaults)
{
    def->methods = methods;
    def->defaults = defaults;
    find_operators(def);
}

rf_value rf_structdef_new(rf_isolate *isolate, const rf_struct_decl *decl, struct rf_module *module,
                          rf_value *methods, rf_value *defaults)
{
    rf_value v = rf_structdef_new_with_identity(isolate, decl, module, rf_registry_new_identity(isolate));
    rf_structdef_fill(v.as.structdef, methods, defaults);
    return v;
}

/* Built-in structs are the same in every isolate: their name is their identity. */
static uint64_t builtin_identity(const char *name)
{
    return (uint64_t)rf_hash_text(name, strlen(name)) << 1 | 1;
}

rf_value rf_structdef_new_builtin(rf_isolate *isolate, const char *name, const char *const *fields, uint32_t count)
{
    rf_structdef *def = new_structdef(isolate, rf_string_intern(isolate, name, strlen(name)), count, 0);
    def->defaults = rf_alloc_array(rf_value, count);
    for (uint32_t i = 0; i < count; i++) {
        def->field_names[i] = rf_string_intern(isolate, fields[i], strlen(fields[i]));
        def->defaults[i] = rf_unset();
    }
    for (unsigned op = 0; op < RF_OPER_COUNT; op++) def->operators[op] = rf_unset();
    def->identity = builtin_identity(name);
    rf_registry_add(isolate, def->identity, &def->object);
    return rf_object_value(RF_STRUCTDEF, def);
}

static int32_t find_name(const rf_value *names, uint32_t count, const rf_string *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (names[i].as.string == name) return (int32_t)i;
    if (name->object.flags & RF_STRING_INTERNED) return -1;
    for (uint32_t i = 0; i < count; i++) {
        const rf_string *s = names[i].as.string;
        if (s->size == name->size && memcmp(s->text, name->text, s->size) == 0) return (int32_t)i;
    }
    return -1;
}

int32_t rf_structdef_find_field(const rf_structdef *def, const rf_string *name)
{
    return find_name(def->field_names, def->field_count, name);
}

int32_t rf_structdef_find_method(const rf_structdef *def, const rf_string *name)
{
    return find_name(def->method_names, def->method_count, name);
}

void rf_structdef_visit(rf_structdef *def, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; def->methods && i < def->method_count; i++) visit(context, def->methods[i]);
    for (uint32_t i = 0; def->defaults && i < def->field_count; i++) visit(context, def->defaults[i]);
    if (def->module) visit(context, rf_object_value(RF_MODULE, def->module));
}

void rf_structdef_free(rf_isolate *isolate, rf_structdef *def)
{
    rf_registry_remove(isolate, def->identity, &def->object);
    for (uint32_t i = 0; def->methods && i < def->method_count; i++) rf_release(isolate, def->methods[i]);
    for (uint32_t i = 0; def->defaults && i < def->field_count; i++) rf_release(isolate, def->defaults[i]);
    rf_free(def->methods);
    rf_free(def->defaults);
    rf_free(def->field_names);
    rf_free(def->method_names);
    for (uint32_t i = 0; i < def->layout_count; i++) {
        rf_free((void *)(uintptr_t)def->layouts[i]->kinds);
        rf_free((void *)(uintptr_t)def->layouts[i]->offsets);
        rf_free(def->layouts[i]);
    }
    rf_free(def->layouts);
    if (def->module) rf_release_object(isolate, &def->module->object);
    rf_object_free(isolate, def, sizeof *def);
}

/* ---- instances: each counts its declaration ---- */

static size_t memory_size(const rf_layout *layout)
{
    return sizeof(rf_struct) + layout->data_size;
}

static rf_struct *allocate(rf_isolate *isolate, rf_layout *layout)
{
    rf_struct *s = rf_object_new(isolate, memory_size(layout), RF_STRUCT, 0);
    s->layout = layout;
    rf_retain_object(&layout->def->object);
    return s;
}

rf_value rf_struct_new(rf_isolate *isolate, rf_structdef *def)
{
    rf_struct *s = allocate(isolate, def->layout);
    for (uint32_t i = 0; i < def->field_count; i++) *field_slot(s, i) = rf_null();
    return rf_object_value(RF_STRUCT, s);
}

rf_value rf_struct_peek(const rf_struct *s, uint32_t field)
{
    return *field_slot(s, field);
}

rf_value rf_struct_get(const rf_struct *s, uint32_t field)
{
    return rf_copy(rf_struct_peek(s, field));
}

void rf_struct_set(rf_isolate *isolate, rf_value *slot, uint32_t field, rf_value v)
{
    rf_store(isolate, field_slot(slot->as.instance, field), v);
}

rf_value rf_struct_take(rf_isolate *isolate, rf_value *slot, uint32_t field)
{
    (void)isolate;
    rf_value *at = field_slot(slot->as.instance, field);
    rf_value v = *at;
    *at = rf_null();
    return v;
}

rf_struct *rf_struct_unique(rf_isolate *isolate, rf_value *slot)
{
    rf_struct *s = slot->as.instance;
    if (s->object.count == 1) return s;
    rf_struct *copy = allocate(isolate, s->layout);
    for (uint32_t i = 0; i < s->layout->field_count; i++) *field_slot(copy, i) = rf_struct_get(s, i);
    rf_store(isolate, slot, rf_object_value(RF_STRUCT, copy));
    return copy;
}

void rf_struct_visit(rf_struct *s, rf_visitor visit, void *context)
{
    visit(context, rf_object_value(RF_STRUCTDEF, s->layout->def));
    for (uint32_t i = 0; i < s->layout->field_count; i++) visit(context, rf_struct_peek(s, i));
}

void rf_struct_free(rf_isolate *isolate, rf_struct *s)
{
    rf_layout *layout = s->layout;
    for (uint32_t i = 0; i < layout->field_count; i++) rf_release(isolate, rf_struct_peek(s, i));
    rf_object_free(isolate, s, memory_size(layout));
    rf_release_object(isolate, &layout->def->object);
}

/* ---- enums ---- */

rf_value rf_enumdef_new_with_identity(rf_isolate *isolate, const rf_enum_decl *decl, struct rf_module *module,
                                      uint64_t identity)
{
    rf_enumdef *def = rf_object_new(isolate, sizeof *def, RF_ENUMDEF, 0);
    def->decl = decl;
    def->module = module;
    if (module) rf_retain_object(&module->object);
    def->name = intern_symbol(isolate, decl->name);
    def->identity = identity;
    def->variant_count = decl->variant_count;
    def->variant_names = rf_alloc_array(rf_value, def->variant_count);
    def->singletons = rf_alloc_array(rf_value, def->variant_count);
    for (uint32_t i = 0; i < def->variant_count; i++) {
        def->variant_names[i] = intern_symbol(isolate, decl->variants[i]);
        def->singletons[i] = rf_unset();
    }
    rf_registry_add(isolate, def->identity, &def->object);
    return rf_object_value(RF_ENUMDEF, def);
}

rf_value rf_enumdef_new(rf_isolate *isolate, const rf_enum_decl *decl, struct rf_module *module)
{
    return rf_enumdef_new_with_identity(isolate, decl, module, rf_registry_new_identity(isolate));
}

int32_t rf_enumdef_find_variant(const rf_enumdef *def, const rf_string *name)
{
    return find_name(def->variant_names, def->variant_count, name);
}

void rf_enumdef_free(rf_isolate *isolate, rf_enumdef *def)
{
    rf_registry_remove(isolate, def->identity, &def->object);
    rf_free(def->variant_names);
    rf_free(def->singletons);
    if (def->module) rf_release_object(isolate, &def->module->object);
    rf_object_free(isolate, def, sizeof *def);
}

rf_value rf_enum_new(rf_isolate *isolate, rf_enumdef *def, uint32_t variant, const rf_value *payload, uint32_t count)
{
    rf_value *singleton = &def->singletons[variant];
    if (!count && singleton->head == RF_ENUM) return rf_copy(*singleton);
    rf_enum *e = rf_object_new(isolate, sizeof *e + count * sizeof(rf_value), RF_ENUM, 0);
    e->def = def;
    rf_retain_object(&def->object);
    e->variant = variant;
    e->count = count;
    for (uint32_t i = 0; i < count; i++) e->payload[i] = rf_copy(payload[i]);
    if (!count) *singleton = rf_object_value(RF_ENUM, e); /* not counted: rf_enum_free takes it out */
    return rf_object_value(RF_ENUM, e);
}

void rf_enum_visit(rf_enum *e, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; i < e->count; i++) visit(context, e->payload[i]);
}

void rf_enum_free(rf_isolate *isolate, rf_enum *e)
{
    for (uint32_t i = 0; i < e->count; i++) rf_release(isolate, e->payload[i]);
    rf_enumdef *def = e->def;
    if (!e->count) def->singletons[e->variant] = rf_unset();
    rf_object_free(isolate, e, sizeof *e + e->count * sizeof(rf_value));
    rf_release_object(isolate, &def->object);
}
