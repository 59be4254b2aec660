/* The layouts of a struct declaration; private to struct_type.c and instance.c. */
#ifndef RF_VALUE_LAYOUT_H
#define RF_VALUE_LAYOUT_H

#include "value/struct_type.h"

void rf_layout_init(rf_structdef *def);    /* the first layout: every field a value, observed */
void rf_layout_release(rf_structdef *def); /* all layouts */

#endif
