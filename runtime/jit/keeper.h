/* The thread that starts the process ruff-jitc and waits for its end, so that the program does neither: on a busy machine a
 * new process is first run after milliseconds, and its end takes one or two. */
#ifndef RF_JIT_KEEPER_H
#define RF_JIT_KEEPER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct rf_keeper rf_keeper;

typedef struct rf_kept_program {
    uint32_t without; /* RF_JIT_PART_...: for tests */
    bool is_heard;    /* its messages go where the program's go */
    char places[2][256]; /* where folders may be, from the environment, which is for the program's own threads; or empty */
    /* what is prepared */
    char path[PATH_MAX];
    char folder[256]; /* for its files, private; empty: none was made */
} rf_kept_program;

/* Finds the program and makes its folder: what looks at many files is for the thread.  NULL, or why there is none. */
typedef const char *(*rf_keeper_prepare)(rf_kept_program *program);

/* Prepares and runs the program with the name of its folder; socket, which is closed here in any case, is its file 3.  NULL:
 * there is no thread to be had. */
rf_keeper *rf_keeper_start(const rf_kept_program *program, rf_keeper_prepare prepare, int socket);
/* Ends the process and those that it started; one that does not run yet never will. */
void rf_keeper_kill(rf_keeper *keeper);
/* Waits until the process has ended and is not known to the system any more. */
void rf_keeper_wait(rf_keeper *keeper);
/* Why the process could not be started, NULL: it was; after rf_keeper_wait. */
const char *rf_keeper_failure(const rf_keeper *keeper);
/* After rf_keeper_kill; whoever calls it removes the folder. */
const char *rf_keeper_folder(const rf_keeper *keeper);
/* The thread goes on until the process has ended. */
void rf_keeper_release(rf_keeper *keeper);

#endif
