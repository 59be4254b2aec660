/* Preloaded into ruffbench: after a few readings its wall clock is set back by an hour, while the
 * monotonic clock goes on. */
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CALM_READINGS = 3, JUMP_S = 3600 };

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now)
{
    static int readings;
    int code = (int)syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME && code == 0 && ++readings > CALM_READINGS) now->tv_sec -= JUMP_S;
    return code;
}
