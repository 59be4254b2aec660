/* Loading small programs for the tests of the front end. */
#ifndef TESTS_SYNTAX_PROBE_H
#define TESTS_SYNTAX_PROBE_H

#include "syntax/unit.h"

/* The front that the probes use: the built-ins are print, push, pop, len, keys, sum, sort, remove, add, map, type, Ok,
 * Err, Some and None; module "shapes" exports area and shapes, "geo" exports area and PI; others are unknown. */
rf_front probe_front(void);

typedef struct probe_options {
    bool with_tests, is_repl, is_prelude;
    rf_unit *previous;
} probe_options;

/* The unit of source, which must load; new, rf_unit_free. */
rf_unit *probe_load(const char *source, const probe_options *options);
/* The dump of source, or "LINE:COLUMN MESSAGE (CODE, exit N)" of the first error; new, rf_free. */
char *probe_dump(const char *source, const probe_options *options);
/* The error of source alone, "ok" when there is none; new, rf_free. */
char *probe_error(const char *source, size_t size);

/* An array of (source, expected) pairs: fails with the source when a result differs. */
typedef struct probe_case {
    const char *source, *expected;
} probe_case;
void probe_check_errors(const probe_case *cases, size_t count);
void probe_check_dumps(const probe_case *cases, size_t count, const probe_options *options);

#endif
