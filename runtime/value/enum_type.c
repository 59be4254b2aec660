/* Enum declarations as values, and enum values. */
#include "value/struct_type.h"

#include "value/names.h"
#include "value/object.h"
#include "value/registry.h"

#include "base/alloc.h"

rf_value rf_enumdef_new_with_identity(rf_isolate *isolate, const rf_enum_decl *decl,
                                      struct rf_module *module, uint64_t identity)
{
    rf_enumdef *def = rf_object_new(isolate, sizeof *def, RF_ENUMDEF, 0);
    def->decl = decl;
    def->module = module;
    if (module) rf_retain_object(&module->object);
    def->name = rf_names_intern(isolate, decl->name);
    def->identity = identity;
    def->variant_count = decl->variant_count;
    def->variant_names = rf_alloc_array(rf_value, def->variant_count);
    def->singletons = rf_alloc_array(rf_value, def->variant_count);
    for (uint32_t i = 0; i < def->variant_count; i++) {
        def->variant_names[i] = rf_names_intern(isolate, decl->variants[i]);
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
    return rf_names_find(def->variant_names, def->variant_count, name);
}

void rf_enumdef_free(rf_isolate *isolate, rf_enumdef *def)
{
    rf_registry_remove(isolate, def->identity, &def->object);
    rf_free(def->variant_names);
    rf_free(def->singletons);
    if (def->module) rf_release_object(isolate, &def->module->object);
    rf_object_free(isolate, def, sizeof *def);
}

rf_value rf_enum_new(rf_isolate *isolate, rf_enumdef *def, uint32_t variant,
                     const rf_value *payload, uint32_t count)
{
    rf_value *singleton = &def->singletons[variant];
    if (!count && singleton->head == RF_ENUM) return rf_copy(*singleton);
    rf_enum *e = rf_object_new(isolate, sizeof *e + count * sizeof(rf_value), RF_ENUM, 0);
    e->def = def;
    rf_retain_object(&def->object);
    e->variant = variant;
    e->count = count;
    for (uint32_t i = 0; i < count; i++) e->payload[i] = rf_copy(payload[i]);
    if (!count)
        *singleton = rf_object_value(RF_ENUM, e); /* not counted: rf_enum_free takes it out */
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
