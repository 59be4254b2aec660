#include "run/interrupt.h"

#include "base/error.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <unistd.h>

ruff_status run_interrupt_open(run_interrupt *interrupt, ruff_error *err)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    interrupt->requested = false;
    sigprocmask(SIG_BLOCK, &wanted, &interrupt->mask);
    interrupt->fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (interrupt->fd >= 0) return RUFF_OK;
    char text[128];
    rf_os_error_text(errno, text, sizeof text);
    sigprocmask(SIG_SETMASK, &interrupt->mask, NULL);
    return rf_error_set(err, RUFF_E_IO, "cannot watch for signals: %s", text);
}

bool run_interrupt_check(run_interrupt *interrupt)
{
    struct signalfd_siginfo info;
    while (interrupt->fd >= 0 && read(interrupt->fd, &info, sizeof info) == (ssize_t)sizeof info)
        interrupt->requested = true;
    return interrupt->requested;
}

void run_interrupt_close(run_interrupt *interrupt)
{
    if (interrupt->fd < 0) return;
    run_interrupt_check(interrupt);
    close(interrupt->fd);
    interrupt->fd = -1;
    sigprocmask(SIG_SETMASK, &interrupt->mask, NULL);
}
