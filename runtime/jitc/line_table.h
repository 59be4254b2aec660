/* Which instruction each piece of native code is of, for the profiler. */
#ifndef RF_JITC_LINE_TABLE_H
#define RF_JITC_LINE_TABLE_H

#include "base/buffer.h"

/* Turns the positions in an assembler text (`.loc`, whose line is the number of an instruction, from 1) and the sizes of its
 * frames (`.cfi_...`) into a table in the object itself, RF_WIRE_LINES (wire.h), and leaves out everything else that is there for
 * debuggers. */
void rf_line_table_make(rf_buffer *text);

#endif
