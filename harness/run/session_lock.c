#include "run/session_lock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

void run_session_lock_take(run_session_lock *lock, pid_t *other)
{
    char path[64], text[32];
    *other = 0;
    snprintf(path, sizeof path, "/tmp/ruffbench-%u.lock", (unsigned)getuid());
    lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock->fd < 0) return;
    if (flock(lock->fd, LOCK_EX | LOCK_NB) == 0) {
        int size = snprintf(text, sizeof text, "%d\n", (int)getpid());
        if (ftruncate(lock->fd, 0) == 0) (void)!pwrite(lock->fd, text, (size_t)size, 0);
        return;
    }
    ssize_t got = pread(lock->fd, text, sizeof text - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    *other = (pid_t)strtol(text, NULL, 10);
    close(lock->fd);
    lock->fd = -1;
}

void run_session_lock_release(run_session_lock *lock)
{
    if (lock->fd >= 0) close(lock->fd);
    lock->fd = -1;
}
