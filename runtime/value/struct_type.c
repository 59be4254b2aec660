/* Struct declarations as values. */
#include "value/struct_type.h"

#include "value/layout.h"
#include "value/object.h"
#include "value/names.h"
#include "value/registry.h"

#include "base/alloc.h"

#include <string.h>

static rf_structdef *new_structdef(rf_isolate *isolate, rf_value name, uint32_t field_count,
                                   uint32_t method_count)
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
    rf_layout_init(def);
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

rf_value rf_structdef_new_with_identity(rf_isolate *isolate, const rf_struct_decl *decl,
                                        struct rf_module *module, uint64_t identity)
{
    rf_structdef *def = new_structdef(isolate, rf_names_intern(isolate, decl->name),
                                      decl->field_count, decl->method_count);
    def->decl = decl;
    def->module = module;
    if (module) rf_retain_object(&module->object);
    for (uint32_t i = 0; i < decl->field_count; i++)
        def->field_names[i] = rf_names_intern(isolate, decl->fields[i].name);
    for (uint32_t i = 0; i < decl->method_count; i++)
        def->method_names[i] = rf_names_intern(isolate, decl->methods[i]->name);
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
    rf_value v =
        rf_structdef_new_with_identity(isolate, decl, module, rf_registry_new_identity(isolate));
    rf_structdef_fill(v.as.structdef, methods, defaults);
    return v;
}

/* Built-in structs are the same in every isolate: their name is their identity. */
static uint64_t builtin_identity(const char *name)
{
    return (uint64_t)rf_hash_text(name, strlen(name)) << 1 | 1;
}

rf_value rf_structdef_new_builtin(rf_isolate *isolate, const char *name, const char *const *fields,
                                  uint32_t count)
{
    rf_structdef *def =
        new_structdef(isolate, rf_string_intern(isolate, name, strlen(name)), count, 0);
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

int32_t rf_structdef_find_field(const rf_structdef *def, const rf_string *name)
{
    return rf_names_find(def->field_names, def->field_count, name);
}

int32_t rf_structdef_find_method(const rf_structdef *def, const rf_string *name)
{
    return rf_names_find(def->method_names, def->method_count, name);
}

void rf_structdef_visit(rf_structdef *def, rf_visitor visit, void *context)
{
    for (uint32_t i = 0; def->methods && i < def->method_count; i++)
        visit(context, def->methods[i]);
    for (uint32_t i = 0; def->defaults && i < def->field_count; i++)
        visit(context, def->defaults[i]);
    if (def->module) visit(context, rf_object_value(RF_MODULE, def->module));
}

void rf_structdef_free(rf_isolate *isolate, rf_structdef *def)
{
    rf_registry_remove(isolate, def->identity, &def->object);
    for (uint32_t i = 0; def->methods && i < def->method_count; i++)
        rf_release(isolate, def->methods[i]);
    for (uint32_t i = 0; def->defaults && i < def->field_count; i++)
        rf_release(isolate, def->defaults[i]);
    rf_free(def->methods);
    rf_free(def->defaults);
    rf_free(def->field_names);
    rf_free(def->method_names);
    rf_layout_release(def);
    if (def->module) rf_release_object(isolate, &def->module->object);
    rf_object_free(isolate, def, sizeof *def);
}
