/* The declarations of layouts are counted as long as native code may compare with their address: memory that is freed may
 * become another layout. */
#include "jit/binding.h"

#include "base/alloc.h"
#include "jit/native.h"
#include "vm/slow.h"

#include <stdio.h>
#include <string.h>

/* The layout at a site is what instances are in from now on. */
static void settle_site(rf_site *site)
{
    if (!site->layout || site->layout->def != site->def) return;
    rf_structdef_settle(site->def);
    if (site->layout == site->def->layouts[0] && site->layout != site->def->layout)
        rf_vm_renew_site(site, site->def->layout);
}

/* False: nothing of that kind is there.  Native code relies on layouts, so they are settled now. */
static bool locate(const rf_proto *proto, rf_bound *b)
{
    rf_structdef *def = NULL;
    switch ((rf_bound_kind)b->kind) {
    case RF_BOUND_SITE:
        if (b->index >= proto->site_count) return false;
        settle_site(&proto->sites[b->index]);
        b->layout = proto->sites[b->index].layout;
        b->address = b->layout;
        return b->layout != NULL;
    case RF_BOUND_RECEIVER:
        if (b->index >= proto->site_count || !proto->sites[b->index].method) return false;
        def = proto->sites[b->index].def;
        break;
    case RF_BOUND_MADE:
    case RF_BOUND_DECLARATION:
        if (b->index >= proto->literal_count) return false;
        def = proto->literals[b->index].def;
        break;
    case RF_BOUND_STEP:
        if (b->index >= proto->place_count || b->step >= proto->places[b->index]->count) return false;
        def = proto->places[b->index]->steps[b->step].def;
        break;
    default: return false;
    }
    if (!def) return false;
    rf_structdef_settle(def);
    b->layout = def->layout;
    b->address = b->kind == RF_BOUND_DECLARATION ? (void *)def->layout->def : (void *)def->layout;
    return true;
}

const rf_bound *rf_binding_note(rf_binding *binding, rf_bound where)
{
    where.is_used = false;
    if (where.function >= binding->count || !locate(binding->protos[where.function], &where)) return NULL;
    rf_retain_object(&where.layout->def->object);
    rf_vector_push(&binding->objects, where);
    return &binding->objects.data[binding->objects.count - 1];
}

static void note_once(rf_binding *binding, rf_bound where)
{
    if (!locate(binding->protos[where.function], &where)) return;
    for (size_t i = 0; i < binding->objects.count; i++)
        if (binding->objects.data[i].address == where.address) return;
    where.number = (uint32_t)binding->objects.count;
    rf_binding_note(binding, where);
}

void rf_binding_note_all(rf_binding *binding)
{
    for (uint32_t k = 0; k < binding->count; k++) {
        const rf_proto *proto = binding->protos[k];
        for (uint32_t i = 0; i < proto->site_count; i++) {
            note_once(binding, (rf_bound){.kind = RF_BOUND_SITE, .function = k, .index = i});
            note_once(binding, (rf_bound){.kind = RF_BOUND_RECEIVER, .function = k, .index = i});
        }
        for (uint32_t i = 0; i < proto->literal_count; i++) {
            note_once(binding, (rf_bound){.kind = RF_BOUND_MADE, .function = k, .index = i});
            note_once(binding, (rf_bound){.kind = RF_BOUND_DECLARATION, .function = k, .index = i});
        }
        for (uint32_t i = 0; i < proto->place_count; i++)
            for (uint32_t step = 0; step < proto->places[i]->count; step++)
                note_once(binding, (rf_bound){.kind = RF_BOUND_STEP, .function = k, .index = i, .step = step});
    }
}

bool rf_binding_has(const rf_binding *binding, const rf_proto *proto)
{
    for (uint32_t k = 0; k < binding->count; k++)
        if (binding->protos[k] == proto) return true;
    return false;
}

void rf_binding_release(rf_isolate *isolate, rf_binding *binding)
{
    for (size_t i = 0; i < binding->objects.count; i++)
        rf_release_object(isolate, &binding->objects.data[i].layout->def->object);
    rf_vector_release(&binding->objects);
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

static void *object_numbered(const rf_binding *binding, uint32_t number)
{
    for (size_t i = 0; i < binding->objects.count; i++) {
        rf_bound *bound = &binding->objects.data[i];
        if (bound->number != number) continue;
        bound->is_used = true;
        return bound->address;
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
    if (number_behind(name, "ruff_sites_", &k)) return k < binding->count ? (void *)binding->protos[k]->sites : NULL;
    if (number_behind(name, "ruff_slots_", &k)) return k < binding->count ? (void *)binding->protos[k]->slots : NULL;
    return number_behind(name, "ruff_object_", &k) ? object_numbered(binding, k) : NULL;
}
