/* The contradictions that `ruff check` can prove from annotations (LANGUAGE 15). */
#ifndef RF_SYNTAX_TYPECHECK_H
#define RF_SYNTAX_TYPECHECK_H

#include "syntax/unit.h"

/* Calls warn once for each warning, in source order, with the whole text of it (two lines, ends in a newline). */
void rf_unit_typecheck(rf_unit *unit, const rf_front *front, void (*warn)(void *context, const char *text),
                       void *context);

#endif
