/* Update statements (LANGUAGE 7.8): which calls they are, and carrying them out. */
#ifndef RF_INTERP_UPDATE_H
#define RF_INTERP_UPDATE_H

#include "interp/eval.h"
#include "interp/place.h"

typedef enum rf_interp_updating {
    RF_INTERP_NO_UPDATE,    /* an ordinary call */
    RF_INTERP_UPDATE_VALUE, /* the result is stored */
    RF_INTERP_UPDATE_PAIR   /* the first element of the result is stored */
} rf_interp_updating;

/* updater: the bits of the node.  name: of the method, so that a dict's own entry is preferred; NULL in the function
 * form. */
rf_interp_updating rf_interp_updating_of(rf_value receiver, uint32_t updater, rf_string *name);
/* place.B(...) with args[0] the receiver: null or RAISED. */
rf_value rf_interp_update_by_method(rf_interp_place *place, const rf_node *node, rf_interp_updating updating,
                                    rf_interp_args *args);

#endif
