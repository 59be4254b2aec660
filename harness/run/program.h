/* Finding a program the way a shell would. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

/* Absolute path of an executable file; a name without '/' is looked for in PATH, another one
 * relative to directory.  New (rf_free); NULL when there is none. */
char *run_program_find(const char *name, const char *directory);

#endif
