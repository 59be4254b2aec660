/* Places: a variable and the path of indexes and fields into its value (LANGUAGE 3.1, 5.3).
 *
 * A field of an implicit self is treated as what it stands for: the place self.field. */
#ifndef RF_INTERP_PLACE_H
#define RF_INTERP_PLACE_H

#include "interp/frame.h"
#include "value/operate.h"

typedef struct rf_interp_place {
    rf_interp_frame *frame;
    const rf_place *syntax;
    uint32_t count;       /* accesses evaluated so far; their keys are owned */
    rf_access *accesses;
    rf_access few[4];
    bool is_storable;     /* every container that was read through can be stored into */
} rf_interp_place;

/* Prepares place without evaluating anything; end with rf_interp_place_release. */
void rf_interp_place_init(rf_interp_place *place, rf_interp_frame *frame, const rf_place *syntax);
void rf_interp_place_release(rf_interp_place *place);
/* Evaluates the index expressions.  False after raising. */
bool rf_interp_place_eval(rf_interp_place *place);
/* Evaluates the place as an expression, left to right, keeping its indexes: the value, new, or RAISED. */
rf_value rf_interp_place_eval_reading(rf_interp_place *place);
/* The present value, new, or RAISED; after one of the above. */
rf_value rf_interp_place_get(rf_interp_place *place);
/* Stores v (stolen).  False after raising. */
bool rf_interp_place_set(rf_interp_place *place, rf_value v);
/* The same for a value that was detached and not modified: does not count as a change of self. */
bool rf_interp_place_restore(rf_interp_place *place, rf_value v);
/* False after raising `Cannot mutate const binding`. */
bool rf_interp_place_check_mutable(rf_interp_place *place);
/* If the place still holds the very object of `held`, drops the place's reference to it (leaving a placeholder that
 * only rf_interp_place_set may meet), so that the holder can change the object without copying it.  True when it
 * did: then something must be stored back. */
bool rf_interp_place_detach(rf_interp_place *place, rf_value held);
/* Can nobody but this frame look at the place while a call runs, and will nobody look after the call raised
 * (RUNTIME 3)? */
bool rf_interp_place_is_private(const rf_interp_place *place);

#endif
