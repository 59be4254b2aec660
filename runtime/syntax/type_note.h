/* Type annotations as written (LANGUAGE 15).  Only `ruff check` reads them.
 *
 * Chains can be long, and walkers must follow them in a loop: T????.. through items[0], func() -> func() -> ..
 * through result. */
#ifndef RF_SYNTAX_TYPE_NOTE_H
#define RF_SYNTAX_TYPE_NOTE_H

#include "syntax/ast.h"

typedef enum rf_type_kind {
    RF_TYPE_NAME,     /* name, with items as its arguments: Array<T> */
    RF_TYPE_FUNC,     /* func(items) -> result; has_params when the parentheses are written */
    RF_TYPE_ARRAY,    /* items[0] [] */
    RF_TYPE_OPTIONAL, /* items[0] ? */
    RF_TYPE_UNION     /* items joined by | */
} rf_type_kind;

struct rf_type_note {
    uint8_t kind; /* rf_type_kind */
    bool has_params;
    rf_pos pos;
    const rf_symbol *name;
    rf_type_note **items;
    uint32_t count;
    rf_type_note *result; /* FUNC, may be NULL */
};

#endif
