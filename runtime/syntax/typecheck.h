/* What `ruff check` can prove wrong about annotations and calls (LANGUAGE 15).  Nothing of it affects running. */
#ifndef RF_SYNTAX_TYPECHECK_H
#define RF_SYNTAX_TYPECHECK_H

#include "syntax/unit.h"

/* One contradiction, with its place.  message is borrowed for the call: "Type mismatch: variable 'age' ..." */
typedef struct rf_type_warning {
    rf_pos pos;
    const char *message;
} rf_type_warning;

/* Calls sink for each contradiction in the order of the text. */
void rf_unit_find_mismatches(const rf_unit *unit, const rf_front *front,
                             void (*sink)(void *context, const rf_type_warning *warning), void *context);
/* The same as complete texts: "warning: MESSAGE\n  --> FILE:LINE:COLUMN\n". */
void rf_unit_typecheck(const rf_unit *unit, const rf_front *front, void (*sink)(void *context, const char *text),
                       void *context);

#endif
