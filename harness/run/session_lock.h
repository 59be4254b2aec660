/* Noticing that two ruffbench measure at once: their numbers would disturb each other. */
#ifndef RUN_SESSION_LOCK_H
#define RUN_SESSION_LOCK_H

#include "base/base.h"

#include <sys/types.h>

typedef struct run_session_lock {
    int fd; /* -1: not held */
} run_session_lock;

/* Takes the lock of this user on this machine if it is free.  *other is the process that holds it,
 * 0 when nobody does or when it cannot be told. */
void run_session_lock_take(run_session_lock *lock, pid_t *other);
void run_session_lock_release(run_session_lock *lock);

#endif
