/* The process ruff-jitc: started at the first request, asked without waiting, replaced when it dies. */
#ifndef RF_JIT_HELPER_H
#define RF_JIT_HELPER_H

#include "base/buffer.h"
#include "jit/wire.h"

#include <sys/types.h>

typedef struct rf_helper {
    int socket;        /* -1: not running */
    pid_t process;     /* and its process group */
    char folder[256];  /* for its files, private, made and removed with it */
    bool is_heard;     /* its messages go where the program's go */
    uint32_t deaths;
    const char *trouble; /* why there is none; NULL while there is hope */
    rf_buffer received;
    rf_wire_answer answer;
} rf_helper;

typedef enum rf_poll { RF_POLL_NOTHING, RF_POLL_ANSWER, RF_POLL_DIED } rf_poll;

void rf_helper_init(rf_helper *helper);
void rf_helper_stop(rf_helper *helper);
/* False: no helper can be had, see trouble. */
bool rf_helper_send(rf_helper *helper, const void *bytes, size_t size);
/* ANSWER: helper->answer, and the object in helper->received. */
rf_poll rf_helper_poll(rf_helper *helper, bool waits);

#endif
