/* The process ruff-jitc: started shortly before the first request, asked without waiting, replaced when it dies. A thread of
 * its own starts and ends it (keeper.h). */
#ifndef RF_JIT_HELPER_H
#define RF_JIT_HELPER_H

#include "base/buffer.h"
#include "jit/keeper.h"
#include "jit/wire.h"

typedef struct rf_helper {
    int socket;        /* -1: not running */
    rf_keeper *keeper; /* owned; NULL: not running */
    bool is_heard;     /* its messages go where the program's go */
    uint32_t without;  /* RF_JIT_PART_...: for tests */
    uint32_t patience_ms;
    int64_t asked_ns;  /* when the request that is out was sent */
    uint32_t deaths, silences;
    const char *trouble; /* why there is none; NULL while there is hope */
    rf_buffer received;
    rf_wire_answer answer;
} rf_helper;

typedef enum rf_poll {
    RF_POLL_NOTHING,
    RF_POLL_ANSWER,
    RF_POLL_DIED,
    RF_POLL_ABSENT /* it could not be started, see trouble */
} rf_poll;

/* Why no helper can be had, as far as can be seen without starting it; NULL: all is there.  path: room for PATH_MAX
 * bytes, its path. */
const char *rf_helper_missing(uint32_t without, char *path);

void rf_helper_init(rf_helper *helper);
/* Its end takes one or two milliseconds: to be called ahead of rf_helper_stop. */
void rf_helper_kill(const rf_helper *helper);
/* waits: for its end, so that the time it used is seen by whoever measures the program. */
void rf_helper_stop(rf_helper *helper, bool waits);
/* It runs, or will soon.  False: no helper can be had, see trouble. */
bool rf_helper_start(rf_helper *helper);
/* Starts it if need be; false as above. */
bool rf_helper_send(rf_helper *helper, const void *bytes, size_t size);
/* ANSWER: helper->answer, and in helper->received.data the object, then the texts. */
rf_poll rf_helper_poll(rf_helper *helper, bool waits);

#endif
