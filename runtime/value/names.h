/* Lists of names of declarations: interned strings, searched by identity first. */
#ifndef RF_VALUE_NAMES_H
#define RF_VALUE_NAMES_H

#include "value/string.h"

#include <string.h>

static inline rf_value rf_names_intern(rf_isolate *isolate, const rf_symbol *symbol)
{
    return rf_string_intern(isolate, symbol->text, symbol->size);
}

/* Index of name in names, -1 when it is not among them. */
static inline int32_t rf_names_find(const rf_value *names, uint32_t count, const rf_string *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (names[i].as.string == name) return (int32_t)i;
    if (name->object.flags & RF_STRING_INTERNED) return -1;
    for (uint32_t i = 0; i < count; i++) {
        const rf_string *s = names[i].as.string;
        if (s->size == name->size && memcmp(s->text, name->text, s->size) == 0) return (int32_t)i;
    }
    return -1;
}

#endif
