/* What ruffbench and its launcher say to each other, one message a packet over a SOCK_SEQPACKET
 * pair. */
#ifndef RUN_LAUNCH_WIRE_H
#define RUN_LAUNCH_WIRE_H

#include "run/launcher.h"

#define LAUNCH_MESSAGE_MAX (192 * 1024)

typedef enum launch_kind { LAUNCH_RUN, LAUNCH_KILL } launch_kind;

/* Followed by NUL-terminated texts: program, directory, argv..., env...; comes with the write ends
 * of the pipes for standard output and standard error. */
typedef struct launch_message {
    launch_kind kind;
    uint32_t argv_count, env_count;
    int64_t timeout_ns;
    uint64_t memory_bytes, cpus;
    bool counters;
} launch_message;

typedef struct launch_reply {
    bool ended;
    pid_t child;
    run_exit exit; /* when ended */
} launch_reply;

/* The launcher's life, in launch_server.c: serves until the other end closes. */
_Noreturn void launch_serve(int socket);

#endif
