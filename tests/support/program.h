/* A Ruff program in an isolate of its own, with what it printed.
 *
 * Link the rooms base syntax value sched modules lib, support/program.c and the room of the engine: interp, or the one
 * of PROGRAM_ENGINE (a compile definition). */
#ifndef RUFF_TEST_PROGRAM_H
#define RUFF_TEST_PROGRAM_H

#include "support/ruff_test.h"

#include "modules/loader.h"
#include "value/isolate.h"

typedef struct program {
    rf_host host;
    rf_isolate *isolate;
    rf_buffer out;    /* both streams and echoed values, in order */
    uint64_t objects; /* live before the first program */
    rf_value module;  /* of the last program */
} program;

program *program_new(void);
program *program_new_in(const rf_engine *engine);
/* Fails the test when objects are left. */
void program_free(program *p);
int program_setup(void **state); /* *state: a program */
int program_teardown(void **state);

/* Runs source to its end and appends the report of an uncaught error to out. */
void program_run(program *p, const char *source);
/* The next input of a REPL. */
void program_input(program *p, const char *source);
/* Runs every test of source, with one line "NAME: passed" or "NAME: [setup] MESSAGE" for each. */
void program_tests(program *p, const char *source);
/* Asserts and empties what was printed. */
void program_expect(program *p, const char *text);
/* program_run and program_expect. */
void program_prints(program *p, const char *source, const char *text);

#endif
