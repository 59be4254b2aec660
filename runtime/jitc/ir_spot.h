/* Where in memory things lie, as far as expressions tell, and what may lie over one another. */
#ifndef RF_JITC_IR_SPOT_H
#define RF_JITC_IR_SPOT_H

#include "jitc/ir.h"

typedef struct rf_ir_spot {
    uint8_t root;           /* form of what it is, or is a field of */
    uint8_t type;           /* that is read or written */
    bool is_array_field, is_value_field, has_index;
    uint8_t field;
    uint32_t variable;
    uint32_t base;          /* a number for the pointer, the same for the same; whoever asks gives it */
    int64_t index;          /* or offset */
} rf_ir_spot;

/* But for the base, and for indexes that are no numbers here. */
rf_ir_spot rf_ir_spot_of(const rf_ir_place *place);
/* By variable in memory: is its address taken?  To be freed. */
bool *rf_ir_shown(const rf_ir_function *f);
/* May storing at `to` change what lies at `at`? */
bool rf_ir_may_change(const bool *is_shown, const rf_ir_spot *to, const rf_ir_spot *at);

#endif
