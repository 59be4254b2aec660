/* A language as suites/languages/NAME.yaml describes it: how to find it, build for it and start it.
 */
#ifndef SUITE_LANGUAGE_H
#define SUITE_LANGUAGE_H

#include "suite/problem.h"

typedef struct suite_mode {
    char *name;
    char **args; /* what {mode} becomes */
    unsigned args_count;
    char **env; /* NAME=VALUE, added to the child's environment */
    unsigned env_count;
    bool jit; /* compiles while it runs, and is given more time to get steady */
} suite_mode;

typedef struct suite_probe {
    char **run; /* prints the version */
    unsigned run_count;
    char *pattern; /* extended regular expression: group 1 is the version, group 2 (if any) the
                      executable */
} suite_probe;

typedef struct suite_language {
    char *name;
    char **aliases;
    unsigned alias_count;
    char *ext;       /* of source files, without the dot */
    char *directory; /* under suites/; the name when not given */
    suite_probe *probe;
    char **build; /* empty when sources run as they are */
    unsigned build_count;
    char **run;
    unsigned run_count;
    suite_mode *modes;
    unsigned mode_count;
    char **
        helper; /* files in directory that every program of the language uses; part of its digest */
    unsigned helper_count;
    char **env; /* NAME passes a variable through, NAME=VALUE sets it */
    unsigned env_count;
    bool subject;   /* the project makes this one: its toolchain may change within an epoch of its
                       history */
    bool jit;       /* as in suite_mode, for all modes */
    char *clock;    /* that its programs time iterations by: "wall" (also when not given) or "cpu" */
    char *startup;  /* a program that does nothing; "" may be one */
    char *perf_map; /* how a profiler can name frames */
    char **clean;   /* removes what a build leaves behind */
    unsigned clean_count;

    char *path; /* of the file; set by language_load */
} suite_language;

/* NULL and errors in problems when the file cannot be used; free with language_free. */
suite_language *language_load(const char *path, suite_problems *problems);
void language_free(suite_language *language);
bool language_is_called(const suite_language *language, const char *name); /* by name or alias */
/* Whether iterations are timed in CPU time, which does not go on while a process waits. */
bool language_has_cpu_clock(const suite_language *language);
/* NULL for a language without modes, or without that one. */
const suite_mode *language_find_mode(const suite_language *language, const char *name);

#endif
