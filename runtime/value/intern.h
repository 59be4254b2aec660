/* Interned strings of an isolate and the strings of at most one ASCII character: one object for each text, immortal. */
#ifndef RF_VALUE_INTERN_H
#define RF_VALUE_INTERN_H

#include "value/string.h"

typedef struct rf_intern {
    rf_string *empty;
    rf_string *ascii[128]; /* by character */
    rf_string **slots;     /* open addressing, linear probing; at most half full */
    size_t mask, count;
} rf_intern;

void rf_intern_init(rf_isolate *isolate);
void rf_intern_release(rf_isolate *isolate);

#endif
