/* The suite: what is benchmarked (suites/suite.yaml) and in which languages (suites/languages/). */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include "suite/language.h"
#include "suite/problem.h"

typedef enum suite_size {
#define SUITE_SIZE(member, name, meaning) SUITE_SIZE_##member,
#include "suite/size.def"
#undef SUITE_SIZE
    SUITE_SIZE_COUNT
} suite_size;

typedef struct suite_sizes {
#define SUITE_SIZE(member, name, meaning) uint64_t member; /* 0 when the benchmark has none */
#include "suite/size.def"
#undef SUITE_SIZE
} suite_sizes;

typedef struct suite_answers {
#define SUITE_SIZE(member, name, meaning)                                                          \
    char *member; /* "u64:6765", for the suite's seed; may be NULL */
#include "suite/size.def"
#undef SUITE_SIZE
} suite_answers;

typedef struct suite_limits {
    char *timeout; /* of one process */
    char *memory;
} suite_limits;

typedef struct suite_benchmark {
    char *name;
    char *about; /* one line: what it does and what it measures */
    char *rules; /* the algorithm every language follows, and what is forbidden */
    char **tags;
    unsigned tags_count;
    suite_sizes sizes;
    char *unit;  /* what SIZE counts */
    char *style; /* core, idiomatic or library; styles never share a row */
    suite_answers expect;
    suite_limits limits;
    char *review; /* who compared the implementations, and when */

    int64_t timeout_ns; /* from limits, or the default */
    uint64_t memory_bytes;
} suite_benchmark;

/* How another commit of the project is built, for `check` and `bisect`. */
typedef struct suite_checkout {
    char **prepare; /* run in a worktree of that commit; empty: nothing to build */
    unsigned prepare_count;
    char *build; /* {build} in it, relative to its root */
} suite_checkout;

typedef struct suite_file {
    char *project;
    suite_checkout *checkout; /* may be NULL */
    uint64_t seed;            /* SEED that the expected answers belong to */
    suite_benchmark *benchmarks;
    unsigned benchmarks_count;
} suite_file;

typedef struct suite_catalog {
    char *root;  /* absolute; holds suites/ */
    char *build; /* absolute; {build} */
    char *path;  /* of suite.yaml */
    suite_file *file;
    RF_VECTOR(suite_language *) languages; /* sorted by name */
} suite_catalog;

/* The nearest directory at or above start that holds suites/suite.yaml; new (rf_free), NULL when
 * there is none. */
char *suite_find_root(const char *start);
/* Loads all of it.  NULL when there were errors; problems then says which.  build_directory is
 * copied. */
suite_catalog *suite_load(const char *root, const char *build_directory, suite_problems *problems);
void suite_free(suite_catalog *suite);

const suite_benchmark *suite_find_benchmark(const suite_catalog *suite, const char *name);
const suite_language *suite_find_language(const suite_catalog *suite, const char *name);
/* "small", "default", "large"; false for another text. */
bool suite_find_size(const char *name, suite_size *size);
const char *suite_size_name(suite_size size);
uint64_t suite_size_of(const suite_benchmark *benchmark, suite_size size); /* 0 when it has none */
/* "u64:6765"; NULL when the suite has none for it. */
const char *suite_answer(const suite_benchmark *benchmark, suite_size size);
/* The answer behind the kind: "6765" of "u64:6765". */
const char *suite_answer_digest(const char *answer);
/* suites/DIRECTORY, new; and the source of a benchmark in it, new.  The file need not exist. */
char *suite_language_directory(const suite_catalog *suite, const suite_language *language);
char *suite_source_path(const suite_catalog *suite, const suite_language *language,
                        const suite_benchmark *benchmark);

#endif
