/* The declarations of layouts are counted as long as native code may compare with their address: memory that is freed may
 * become another layout. */
#include "jit/binding.h"

#include "base/alloc.h"
#include "jit/native.h"

#include <stdio.h>
#include <string.h>

void rf_binding_note_layout(rf_binding *binding, uint32_t function, uint32_t site)
{
    rf_layout *layout = binding->protos[function]->sites[site].layout;
    rf_retain_object(&layout->def->object);
    const rf_bound_layout bound = {function, site, layout, false};
    rf_vector_push(&binding->layouts, bound);
}

void rf_binding_keep(rf_binding *binding, rf_layout *layout)
{
    const rf_bound_layout bound = {UINT32_MAX, UINT32_MAX, layout, false};
    rf_retain_object(&layout->def->object);
    rf_vector_push(&binding->layouts, bound);
}

void rf_binding_note_layouts(rf_binding *binding)
{
    for (uint32_t k = 0; k < binding->count; k++)
        for (uint32_t i = 0; i < binding->protos[k]->site_count; i++)
            if (binding->protos[k]->sites[i].layout) rf_binding_note_layout(binding, k, i);
}

bool rf_binding_has(const rf_binding *binding, const rf_proto *proto)
{
    for (uint32_t k = 0; k < binding->count; k++)
        if (binding->protos[k] == proto) return true;
    return false;
}

void rf_binding_release(rf_isolate *isolate, rf_binding *binding)
{
    for (size_t i = 0; i < binding->layouts.count; i++)
        rf_release_object(isolate, &binding->layouts.data[i].layout->def->object);
    rf_vector_release(&binding->layouts);
    *binding = (rf_binding){0};
}

/* The number behind prefix, all digits, at the end of the name. */
static bool number_behind(const char *name, const char *prefix, uint32_t *out)
{
    const size_t size = strlen(prefix);
    char again[48];
    if (strncmp(name, prefix, size) != 0) return false;
    if (sscanf(name + size, "%9u", out) != 1) return false;
    snprintf(again, sizeof again, "%s%u", prefix, *out);
    return strcmp(again, name) == 0;
}

static void *layout_named(rf_binding *binding, const char *name)
{
    uint32_t function, site;
    char again[48];
    if (sscanf(name, "ruff_layout_%9u_%9u", &function, &site) != 2) return NULL;
    snprintf(again, sizeof again, RF_WIRE_LAYOUT, function, site);
    if (strcmp(again, name) != 0) return NULL;
    for (size_t i = 0; i < binding->layouts.count; i++) {
        rf_bound_layout *bound = &binding->layouts.data[i];
        if (bound->function != function || bound->site != site) continue;
        bound->is_used = true;
        return bound->layout;
    }
    return NULL;
}

void *rf_binding_symbol(void *context, const char *name)
{
    rf_binding *binding = context;
    uint32_t k;
    if (strncmp(name, "ruff_", 5) != 0) return rf_native_symbol(NULL, name);
    if (number_behind(name, "ruff_code_", &k)) return k < binding->count ? (void *)binding->protos[k]->code : NULL;
    if (number_behind(name, "ruff_proto_", &k)) return k < binding->count ? (void *)binding->protos[k] : NULL;
    if (number_behind(name, "ruff_constants_", &k))
        return k < binding->count ? (void *)binding->protos[k]->constants : NULL;
    if (number_behind(name, "ruff_slots_", &k)) return k < binding->count ? (void *)binding->protos[k]->slots : NULL;
    return layout_named(binding, name);
}
