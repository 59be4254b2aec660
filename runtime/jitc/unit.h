/* A request, read and checked: the functions that are compiled together. */
#ifndef RF_JITC_UNIT_H
#define RF_JITC_UNIT_H

#include "jit/native.h"

typedef struct rf_source_place {
    rf_wire_place p;
    const rf_wire_step *steps;
} rf_source_place;

typedef struct rf_source_literal {
    rf_wire_literal l;
    const rf_wire_field *fields;
} rf_source_literal;

typedef struct rf_source { /* one function; everything points into the request */
    rf_wire_function f;
    const rf_instruction *code;
    const rf_wire_hint *hints;
    const rf_wire_constant *constants;
    const rf_wire_site *sites;
    const uint64_t *live;
    const rf_wire_capture *captures;
    rf_source_place *places;
    rf_source_literal *literals;
    struct rf_proto *shape; /* just enough for rf_op_visit_registers */
} rf_source;

typedef struct rf_unit_request {
    rf_wire_request request;
    rf_source functions[RF_WIRE_MOST_FUNCTIONS];
    const rf_wire_entry *entry; /* by register of functions[0] */
    const uint64_t *objects;    /* addresses by number */
} rf_unit_request;

/* False: malformed. bytes live as long as the unit. */
bool rf_unit_read(rf_unit_request *unit, const rf_wire_request *request, const char *bytes);
void rf_unit_release(rf_unit_request *unit);

static inline bool rf_source_is_live(const rf_source *s, uint32_t pc, uint32_t reg)
{
    return s->live[(size_t)pc * s->f.words + reg / 64] >> (reg % 64) & 1;
}

#endif
