/* Counters of the kernel for one child: perf events where they are allowed, and a status where they
 * are not. */
#ifndef RUN_COUNTERS_H
#define RUN_COUNTERS_H

#include "base/base.h"

typedef enum run_counter_id {
#define RUN_COUNTER(name, type, config, unit, meaning) RUN_COUNTER_##name,
#include "run/counter.def"
#undef RUN_COUNTER
    RUN_COUNTER_COUNT
} run_counter_id;

/* ok: counted all the time; scaled: shared its hardware; the others: no value. */
typedef enum run_counter_status {
    RUN_COUNTER_UNAVAILABLE, /* not asked for, or lost */
    RUN_COUNTER_OK,
    RUN_COUNTER_SCALED,
    RUN_COUNTER_DENIED,     /* perf_event_paranoid, or file permissions */
    RUN_COUNTER_UNSUPPORTED /* this machine cannot count it */
} run_counter_status;

typedef struct run_count {
    run_counter_status status;
    uint64_t value, enabled_ns, running_ns;
} run_count;

const char *run_counter_name(size_t id);
const char *run_counter_unit(size_t id);
const char *run_counter_status_word(run_counter_status status);

typedef struct run_counters {
    int fds[RUN_COUNTER_COUNT]; /* -1 where there is none */
    run_counter_status failures[RUN_COUNTER_COUNT];
} run_counters;

/* Opens them disabled on this process; a child that is started next inherits them and they count
 * from its exec on. */
void run_counters_open(run_counters *counters);
/* After the child was waited for; closes them. */
void run_counters_read(run_counters *counters, run_count counts[RUN_COUNTER_COUNT]);

/* Energy of all packages (RAPL), for a difference before and after. */
enum { RUN_PACKAGES_MAX = 8 };
typedef struct run_energy {
    run_counter_status status;
    size_t package_count;
    uint64_t microjoule[RUN_PACKAGES_MAX], range[RUN_PACKAGES_MAX];
} run_energy;

void run_energy_read(run_energy *energy);

#endif
