/* One way to run one benchmark: a language in one of its modes, with its source, toolchain and
 * built program. */
#ifndef RUN_VARIANT_H
#define RUN_VARIANT_H

#include "run/toolchain.h"
#include "suite/template.h"

typedef enum run_variant_state {
    RUN_VARIANT_READY,
    RUN_VARIANT_MISSING, /* language or source not there */
    RUN_VARIANT_BUILD    /* the build step failed */
} run_variant_state;

typedef struct run_variant {
    char *label;      /* "go", "ruff:vm", "ruff:vm base"; owned */
    const char *role; /* "base" for the other side of a check, else "" */
    const suite_benchmark *benchmark;
    const suite_language *language;
    const suite_mode *mode;         /* NULL without modes */
    const run_toolchain *toolchain; /* borrowed */
    char *build_directory;          /* {build}; owned */
    char *directory;                /* of the sources; the child's working directory */
    char *source;
    bool has_source; /* there is such a file */
    uint64_t source_bytes;
    char source_sha256[RUN_SHA256_SIZE]; /* of source and helpers */
    run_variant_state state;
    char *reason;     /* why it is not ready; owned */
    char *built;      /* {out}; NULL without a build step */
    int64_t build_ns; /* of the build that made it; -1 without */
} run_variant;

typedef struct run_variant_request {
    const suite_catalog *suite;
    const suite_benchmark *benchmark;
    const suite_mode *mode;
    const run_toolchain *toolchain;
    const char *build_directory;
    const char *role;   /* NULL: "" */
    const char *source; /* NULL: the suite's; another one stands alone, without helpers */
} run_variant_request;

/* Finds the source and takes its digest; does not build. */
void run_variant_init(run_variant *variant, const run_variant_request *request);
/* Builds into cache_directory unless a build of the same sources, command and toolchain is there
 * already. */
void run_variant_build(run_variant *variant, run_launcher *launcher, const suite_catalog *suite,
                       const char *cache_directory, run_interrupt *interrupt);
void run_variant_release(run_variant *variant);
/* Digest of everything that makes two variants different to compare: sources, toolchain, mode,
 * commands. */
void run_variant_digest(const run_variant *variant, char hex[RUN_SHA256_SIZE]);
const char *run_variant_mode_name(const run_variant *variant); /* "" without modes */

typedef struct run_input {
    uint64_t size, seed, iterations;
    int64_t budget_ms;
} run_input;

/* The command line of a process. */
void run_variant_argv(const run_variant *variant, const run_input *input,
                      const suite_catalog *suite, template_words *out);

#endif
