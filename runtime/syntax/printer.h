/* The resolved tree as text, for tests and `ruff dump --ast`. */
#ifndef RF_SYNTAX_PRINTER_H
#define RF_SYNTAX_PRINTER_H

#include "base/buffer.h"
#include "syntax/unit.h"

void rf_unit_print(const rf_unit *unit, rf_buffer *out);

#endif
