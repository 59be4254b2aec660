/* Module objects: the variables of one unit in one isolate. */
#include "value/function.h"
#include "value/object.h"
#include "value/registry.h"

#include "base/alloc.h"

#include <string.h>

static uint64_t registry_key(const rf_unit *unit)
{
    return (uint64_t)(uintptr_t)unit;
}

static rf_module *new_module(rf_isolate *isolate, rf_value name)
{
    rf_module *m = rf_object_new(isolate, sizeof *m, RF_MODULE, 0);
    rf_object header = m->object;
    memset(m, 0, sizeof *m);
    m->object = header;
    m->name = rf_copy(name);
    return m;
}

/* What a module variable holds before anything runs: a built-in of that name or nothing
 * (LANGUAGE 4.4). */
static rf_value first_value(rf_isolate *isolate, const rf_var *var)
{
    bool has_builtin = var && var->builtin >= 0 && (uint32_t)var->builtin < isolate->builtin_count;
    return has_builtin ? rf_copy(isolate->builtin_values[var->builtin]) : rf_unset();
}

static void make_literals(rf_isolate *isolate, rf_module *m)
{
    m->literal_count = (uint32_t)m->unit->literals.count;
    m->literals = rf_alloc_array(rf_value, m->literal_count);
    for (uint32_t i = 0; i < m->literal_count; i++) {
        const rf_literal *literal = &m->unit->literals.data[i];
        m->literals[i] = rf_string_intern(isolate, literal->text, literal->size);
    }
}

rf_value rf_module_new(rf_isolate *isolate, rf_unit *unit, rf_value name)
{
    rf_module *m = new_module(isolate, name);
    m->unit = unit;
    m->slot_count = (uint32_t)unit->module_vars.count;
    m->slots = rf_alloc_array(rf_value, m->slot_count);
    for (uint32_t i = 0; i < m->slot_count; i++)
        m->slots[i] = first_value(isolate, unit->module_vars.data[i]);
    make_literals(isolate, m);
    rf_registry_add(isolate, registry_key(unit), &m->object);
    return rf_object_value(RF_MODULE, m);
}

rf_value rf_module_new_builtin(rf_isolate *isolate, const char *name, const char *const *names,
                               const rf_value *values, uint32_t count)
{
    rf_module *m = new_module(isolate, rf_string_intern(isolate, name, strlen(name)));
    m->slot_count = count;
    m->slots = rf_alloc_array(rf_value, count);
    m->names = rf_alloc_array(rf_value, count);
    for (uint32_t i = 0; i < count; i++) {
        m->slots[i] = values[i];
        m->names[i] = rf_string_intern(isolate, names[i], strlen(names[i]));
    }
    m->is_evaluated = true;
    return rf_object_value(RF_MODULE, m);
}

void rf_module_extend(rf_isolate *isolate, rf_module *module, rf_unit *unit)
{
    uint32_t slot_count = (uint32_t)unit->module_vars.count;
    if (slot_count > module->slot_count) {
        module->slots = rf_realloc(module->slots, rf_array_size(slot_count, sizeof(rf_value)));
        for (uint32_t i = module->slot_count; i < slot_count; i++)
            module->slots[i] = first_value(isolate, unit->module_vars.data[i]);
        module->slot_count = slot_count;
    }
    if (module->unit) rf_registry_remove(isolate, registry_key(module->unit), &module->object);
    module->unit = unit;
    rf_registry_add(isolate, registry_key(unit), &module->object);
    rf_free(module->literals); /* interned, so immortal */
    make_literals(isolate, module);
}

rf_value rf_module_get(rf_isolate *isolate, rf_module *module, const rf_string *name)
{
    (void)isolate;
    if (!module->unit) {
        for (uint32_t i = 0; i < module->slot_count; i++) {
            const rf_string *s = module->names[i].as.string;
            if (s == name || (s->size == name->size && memcmp(s->text, name->text, s->size) == 0))
                return rf_copy(module->slots[i]);
        }
        return rf_unset();
    }
    for (size_t i = 0; i < module->unit->exports.count; i++) {
        const rf_var *var = module->unit->exports.data[i];
        if (var->name->size == name->size && memcmp(var->name->text, name->text, name->size) == 0)
            return rf_copy(module->exported ? module->exported[i] : module->slots[var->slot]);
    }
    return rf_unset();
}

void rf_module_seal(rf_isolate *isolate, rf_module *module)
{
    (void)isolate;
    const size_t count = module->unit->exports.count;
    module->exported = rf_alloc_array(rf_value, count);
    for (size_t i = 0; i < count; i++)
        module->exported[i] = rf_copy(module->slots[module->unit->exports.data[i]->slot]);
}

void rf_module_clear(rf_isolate *isolate, rf_module *module)
{
    for (uint32_t i = 0; i < module->slot_count; i++)
        rf_store(isolate, &module->slots[i], rf_unset());
    for (size_t i = 0; module->exported && i < module->unit->exports.count; i++)
        rf_store(isolate, &module->exported[i], rf_unset());
}

void rf_module_free(rf_isolate *isolate, rf_module *m)
{
    if (isolate->engine && isolate->engine->release_module)
        isolate->engine->release_module(isolate, m);
    if (m->unit) rf_registry_remove(isolate, registry_key(m->unit), &m->object);
    rf_module_clear(isolate, m);
    rf_release(isolate, m->name);
    rf_free(m->slots);
    rf_free(m->literals);
    rf_free(m->names);
    rf_free(m->exported);
    rf_object_free(isolate, m, sizeof *m);
}
