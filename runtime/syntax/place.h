/* Expressions that denote places (LANGUAGE 3.1). */
#ifndef RF_SYNTAX_PLACE_H
#define RF_SYNTAX_PLACE_H

#include "syntax/ast.h"

/* The place that node denotes, in arena; NULL when it is none (parentheses make it none).  It shares the index nodes
 * and has the reference of the root as far as that is resolved. */
rf_place *rf_place_of(rf_arena *arena, const rf_node *node);

#endif
