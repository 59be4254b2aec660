/* The resolved tree as text, for tests and `ruff dump --ast`.
 *
 * Functions are listed by number; where one is made stands #NUMBER.  A reference is NAME@WHERE: L3 the frame's slot 3,
 * C1 the closure's capture 1, M2 the module's slot 2, B a built-in, F1(L0) field 1 of self found at L0, - nothing;
 * behind it ~ when it is a cell and ? when the value may be missing.  A scope lists its variables by slot, again with
 * ~ for cells, and ! when entering must clear the slot, = for constants. */
#ifndef RF_SYNTAX_PRINTER_H
#define RF_SYNTAX_PRINTER_H

#include "syntax/unit.h"

void rf_unit_print(const rf_unit *unit, rf_buffer *out);
/* one expression or statement on a line of its own (no nested blocks), for messages and tests */
void rf_expression_print(const rf_unit *unit, const rf_node *node, rf_buffer *out);

#endif
