/* What is installed: the version of a language and the executable behind it, found by its probe. */
#ifndef RUN_TOOLCHAIN_H
#define RUN_TOOLCHAIN_H

#include "run/launcher.h"
#include "run/sha256.h"
#include "suite/suite.h"

typedef struct run_toolchain {
    const suite_language *language;
    bool found;
    char *reason;      /* why not; owned, NULL when found */
    char *version;     /* "3.11.7" */
    char *version_raw; /* all the probe printed */
    char *executable;  /* absolute, links resolved: what runs or builds programs */
    char executable_sha256[RUN_SHA256_SIZE];
} run_toolchain;

/* build_directory is {build}.  Always sets out; free it with run_toolchain_release. */
void run_toolchain_probe(run_launcher *launcher, const suite_catalog *suite,
                         const suite_language *language, const char *build_directory,
                         run_toolchain *out);
void run_toolchain_release(run_toolchain *toolchain);

#endif
