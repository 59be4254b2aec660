/* Listings of compiled programs. */
#ifndef RUFF_TEST_LISTING_H
#define RUFF_TEST_LISTING_H

#include "support/program.h"

#include "vm/chunk.h"

/* Compiles source without running it. */
rf_module *listing_load(program *p, const char *source);
/* The code of the function called name ("<module>" for the top level): borrowed. */
const rf_proto *listing_proto(program *p, const char *name);
const rf_proto *listing_proto_of(program *p, const rf_func *func);
/* "OP a b c" for each instruction, without line numbers: new text (rf_free). */
char *listing_of(program *p, const char *name);
/* Asserts that the function has exactly these instructions. */
void listing_expect(program *p, const char *source, const char *name, const char *text);
/* How often an opcode occurs in the function. */
unsigned listing_count(program *p, const char *name, unsigned op);

#endif
