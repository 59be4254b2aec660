/* Appending without a call, for string.c and the engines' loops. */
#ifndef RF_VALUE_STRING_GROW_H
#define RF_VALUE_STRING_GROW_H

#include "value/string.h"

#include <string.h>

/* a grows by `more`: ASCII behind ASCII in a string that has one owner and room, which is what a loop that appends does
 * nearly always; false: nothing has happened. */
static inline bool rf_string_append_in_place(rf_string *a, const rf_string *more)
{
    const size_t size = (size_t)a->size + more->size;
    if (a->object.count != 1 || size > a->capacity) return false;
    if (!rf_string_is_ascii(a) || !rf_string_is_ascii(more)) return false;
    if (more->size == 1)
        a->text[a->size] = more->text[0];
    else
        memcpy(a->text + a->size, more->text, more->size);
    a->size = a->length = (uint32_t)size;
    a->text[size] = '\0';
    a->hash = 0;
    a->object.flags = 0;
    return true;
}

#endif
