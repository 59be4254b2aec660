/* bench[/size][@lang[:mode]]: which rows a command is about.  Each part may be a glob, and {a,b}
 * stands for alternatives: fib*@{ruff:jit,node}. */
#ifndef SUITE_SELECTOR_H
#define SUITE_SELECTOR_H

#include "base/vector.h"

typedef struct selector_language {
    char *language, *mode; /* patterns, owned; mode NULL: any */
} selector_language;

typedef struct suite_selector {
    char *benchmark;                        /* pattern, owned */
    char *size;                             /* owned; NULL: not given */
    RF_VECTOR(selector_language) languages; /* empty: any */
} suite_selector;

/* RUFF_E_SYNTAX when it cannot be read. */
RF_MUST_USE ruff_status selector_parse(suite_selector *selector, const char *text, ruff_error *err);
void selector_release(suite_selector *selector);
bool selector_takes_benchmark(const suite_selector *selector, const char *benchmark);
/* mode "" for a language without modes. */
bool selector_takes_variant(const suite_selector *selector, const char *language, const char *mode);
/* Whether name matches a comma-separated list of patterns. */
bool selector_list_takes(const char *list, const char *name);

#endif
