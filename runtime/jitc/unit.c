/* The request comes from the program that started us, yet sizes are checked: a bug there must not
 * become a wrong answer. */
#include "jitc/unit.h"

#include "base/alloc.h"

#include <string.h>

typedef struct cursor {
    const char *at, *end;
} cursor;

static const void *take(cursor *c, size_t count, size_t size)
{
    const char *at = c->at;
    if (count > (size_t)(c->end - at) / size) return NULL;
    c->at += count * size;
    return at;
}

static bool read_places(cursor *c, rf_source *s)
{
    if (s->f.place_count > (size_t)(c->end - c->at) / sizeof(rf_wire_place)) return false;
    s->places = rf_alloc_array_zero(rf_source_place, s->f.place_count + 1);
    for (uint32_t i = 0; i < s->f.place_count; i++) {
        const void *place = take(c, 1, sizeof s->places[i].p);
        if (!place) return false;
        memcpy(&s->places[i].p, place, sizeof s->places[i].p);
        s->places[i].steps = take(c, s->places[i].p.count, sizeof(rf_wire_step));
        if (!s->places[i].steps) return false;
    }
    return true;
}

static bool read_literals(cursor *c, rf_source *s)
{
    if (s->f.literal_count > (size_t)(c->end - c->at) / sizeof(rf_wire_literal)) return false;
    s->literals = rf_alloc_array_zero(rf_source_literal, s->f.literal_count + 1);
    for (uint32_t i = 0; i < s->f.literal_count; i++) {
        const void *literal = take(c, 1, sizeof s->literals[i].l);
        if (!literal) return false;
        memcpy(&s->literals[i].l, literal, sizeof s->literals[i].l);
        s->literals[i].fields = take(c, s->literals[i].l.field_count, sizeof(rf_wire_field));
        if (!s->literals[i].fields) return false;
    }
    return true;
}

static bool read_function(cursor *c, rf_source *s)
{
    const void *header = take(c, 1, sizeof s->f);
    if (!header) return false;
    memcpy(&s->f, header, sizeof s->f);
    const rf_wire_function *f = &s->f;
    if (f->register_count > 4096 || f->code_count == 0 || f->words != f->register_count / 64 + 1)
        return false;
    s->code = take(c, f->code_count, sizeof *s->code);
    s->hints = s->code ? take(c, f->code_count, sizeof *s->hints) : NULL;
    s->constants = s->hints ? take(c, f->constant_count, sizeof *s->constants) : NULL;
    s->sites = s->constants ? take(c, f->site_count, sizeof *s->sites) : NULL;
    s->live = s->sites ? take(c, (size_t)f->code_count * f->words, sizeof *s->live) : NULL;
    s->captures = s->live ? take(c, f->capture_count, sizeof *s->captures) : NULL;
    if (!s->captures || !read_places(c, s) || !read_literals(c, s)) return false;
    for (uint32_t i = 0; i < f->code_count; i++) {
        if (s->code[i].op >= RF_OP_COUNT) return false;
        const int64_t target = rf_op_jump_target(s->code, i);
        if (target >= (int64_t)f->code_count) return false;
    }
    s->shape = rf_new(struct rf_proto);
    s->shape->temp_base = f->temp_base;
    s->shape->sites = rf_alloc_array_zero(rf_site, f->site_count + 1);
    for (uint32_t i = 0; i < f->site_count; i++) {
        s->shape->sites[i].arg_count = s->sites[i].arg_count;
        s->shape->sites[i].skip = s->sites[i].skip;
    }
    return true;
}

bool rf_unit_read(rf_unit_request *unit, const rf_wire_request *request, const char *bytes)
{
    memset(unit, 0, sizeof *unit);
    unit->request = *request;
    cursor c = {bytes, bytes + request->size};
    if (request->function_count == 0 || request->function_count > RF_WIRE_MOST_FUNCTIONS)
        return false;
    for (uint32_t i = 0; i < request->function_count; i++)
        if (!read_function(&c, &unit->functions[i])) return false;
    unit->entry = take(&c, unit->functions[0].f.register_count, sizeof *unit->entry);
    unit->objects = unit->entry ? take(&c, request->object_count, sizeof *unit->objects) : NULL;
    return unit->objects && request->entry < unit->functions[0].f.code_count;
}

void rf_unit_release(rf_unit_request *unit)
{
    for (uint32_t i = 0; i < unit->request.function_count; i++) {
        struct rf_proto *shape = unit->functions[i].shape;
        rf_free(unit->functions[i].places);
        rf_free(unit->functions[i].literals);
        if (!shape) continue;
        rf_free(shape->sites);
        rf_free(shape);
    }
}
