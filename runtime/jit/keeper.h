/* The thread that starts the process ruff-jitc and waits for its end, so that the program does neither: on a busy machine a
 * new process is first run after milliseconds, and its end takes one or two. */
#ifndef RF_JIT_KEEPER_H
#define RF_JIT_KEEPER_H

#include <stdbool.h>

typedef struct rf_keeper rf_keeper;

/* Runs the program at path with the name of its folder; socket, which is closed here in any case, is its file 3.  NULL: there
 * is no thread to be had. */
rf_keeper *rf_keeper_start(const char *path, const char *folder, int socket, bool is_heard);
/* Ends the process and those that it started, now or as soon as it runs. */
void rf_keeper_kill(rf_keeper *keeper);
/* Waits until the process has ended and is not known to the system any more. */
void rf_keeper_wait(rf_keeper *keeper);
/* The process could not be started; after rf_keeper_wait. */
bool rf_keeper_has_failed(const rf_keeper *keeper);
/* The thread goes on until the process has ended. */
void rf_keeper_release(rf_keeper *keeper);

#endif
