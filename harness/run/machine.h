/* What machine this is and what state it is in, read from /proc and /sys.  What cannot be read is
 * left out or unknown, never made up. */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

#include "base/vector.h"
#include "run/sha256.h"

typedef struct run_fact {
    char *key, *value; /* owned */
    const char *grade; /* fatal, warn or info */
} run_fact;

typedef struct run_machine {
    char fingerprint[RUN_SHA256_SIZE]; /* CPU model, its flags, core counts, memory, virtualisation
                                        */
    char isa[RUN_SHA256_SIZE];         /* of the CPU flags */
    char *name, *cpu_model, *virtualisation; /* owned; virtualisation is "" on bare metal */
    unsigned cores_physical, cores_logical;
    uint64_t memory_bytes;             /* rounded to 256 MiB */
    char *os, *kernel, *libc;          /* owned */
    char environment[RUN_SHA256_SIZE]; /* digest of the facts that compare must find equal */
    RF_VECTOR(run_fact) facts;
} run_machine;

void run_machine_capture(run_machine *machine);
void run_machine_release(run_machine *machine);
/* The first 5 digits of the fingerprint: how screens call a machine. */
void run_machine_short_name(const char *fingerprint, char out[8]);
/* Value of a fact; NULL when it is not known. */
const char *run_machine_fact(const run_machine *machine, const char *key);

/* Readings that change from moment to moment; negative when not told. */
int64_t run_machine_steal_ns(void);   /* since boot, over all CPUs */
double run_machine_pressure_us(void); /* total of PSI cpu some, since boot */
double run_machine_load(void);        /* of the last minute */
int64_t run_machine_throttle_count(void); /* of all CPUs, since boot */
double run_machine_frequency_khz(void);   /* of the fastest CPU, now */
/* Hardware counters can be opened by this user on this machine. */
bool run_machine_has_counters(void);

#endif
