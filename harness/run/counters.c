#include "run/counters.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name, *unit;
    uint32_t type;
    uint64_t config;
} rows[] = {
#define RUN_COUNTER(name, type, config, unit, meaning)                                             \
    {#name, unit, PERF_TYPE_##type, PERF_##config},
#include "run/counter.def"
#undef RUN_COUNTER
};

const char *run_counter_name(size_t id)
{
    return rows[id].name;
}

const char *run_counter_unit(size_t id)
{
    return rows[id].unit;
}

const char *run_counter_status_word(run_counter_status status)
{
    static const char *const words[] = {"unavailable", "ok", "scaled", "denied", "unsupported"};
    return words[status];
}

static run_counter_status failure_of(int error)
{
    if (error == EACCES || error == EPERM) return RUN_COUNTER_DENIED;
    return error == EMFILE || error == ENOMEM ? RUN_COUNTER_UNAVAILABLE : RUN_COUNTER_UNSUPPORTED;
}

/* Groups cannot be inherited and read, so each counter stands alone and says for how long it ran.
 */
void run_counters_open(run_counters *counters)
{
    for (size_t i = 0; i < RUN_COUNTER_COUNT; i++) {
        struct perf_event_attr attr = {.type = rows[i].type,
                                       .size = sizeof attr,
                                       .config = rows[i].config,
                                       .read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
                                                      PERF_FORMAT_TOTAL_TIME_RUNNING,
                                       .disabled = 1,
                                       .inherit = 1,
                                       .enable_on_exec = 1,
                                       .exclude_kernel = rows[i].type == PERF_TYPE_HARDWARE,
                                       .exclude_hv = 1};
        counters->fds[i] =
            (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
        counters->failures[i] = counters->fds[i] < 0 ? failure_of(errno) : RUN_COUNTER_OK;
    }
}

void run_counters_read(run_counters *counters, run_count counts[RUN_COUNTER_COUNT])
{
    for (size_t i = 0; i < RUN_COUNTER_COUNT; i++) {
        uint64_t values[3];
        counts[i] = (run_count){.status = counters->failures[i]};
        if (counters->fds[i] < 0) continue;
        if (read(counters->fds[i], values, sizeof values) != (ssize_t)sizeof values ||
            values[2] == 0)
            counts[i].status = RUN_COUNTER_UNAVAILABLE;
        else
            counts[i] = (run_count){values[2] < values[1] ? RUN_COUNTER_SCALED : RUN_COUNTER_OK,
                                    values[0], values[1], values[2]};
        close(counters->fds[i]);
    }
}

/* ---- energy ---- */

static bool read_number(const char *path, uint64_t *value, int *error)
{
    char text[32];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *error = errno;
        return false;
    }
    ssize_t got = read(fd, text, sizeof text - 1);
    *error = errno;
    close(fd);
    if (got <= 0) return false;
    text[got] = '\0';
    *value = strtoull(text, NULL, 10);
    return true;
}

void run_energy_read(run_energy *energy)
{
    *energy = (run_energy){.status = RUN_COUNTER_UNSUPPORTED};
    for (size_t i = 0; i < RUN_PACKAGES_MAX; i++) {
        char path[96];
        int error = 0;
        snprintf(path, sizeof path, "/sys/class/powercap/intel-rapl:%zu/energy_uj", i);
        if (!read_number(path, &energy->microjoule[i], &error)) {
            if (error == EACCES || error == EPERM) energy->status = RUN_COUNTER_DENIED;
            return;
        }
        snprintf(path, sizeof path, "/sys/class/powercap/intel-rapl:%zu/max_energy_range_uj", i);
        if (!read_number(path, &energy->range[i], &error)) energy->range[i] = 0;
        energy->package_count = i + 1;
        energy->status = RUN_COUNTER_OK;
    }
}
