/* Threads for the runtime's own use. */
#ifndef RF_BASE_THREAD_H
#define RF_BASE_THREAD_H

#include <stdbool.h>

/* Runs run(context) on a thread that nobody waits for, with a small stack and every signal blocked: signals are for the
 * program's own threads.  False: there is no thread to be had. */
bool rf_thread_detach(void *(*run)(void *context), void *context);

#endif
