/* Suspicious code (LANGUAGE 18.8). */
#ifndef RF_SYNTAX_LINT_H
#define RF_SYNTAX_LINT_H

#include "base/buffer.h"
#include "base/vector.h"
#include "syntax/unit.h"

typedef enum rf_lint_severity { RF_LINT_WARNING, RF_LINT_ERROR } rf_lint_severity;

typedef struct rf_lint_issue {
    rf_lint_severity severity;
    const char *rule; /* "unused-variable" ... */
    rf_pos pos;
    char *message;    /* owned */
    char *fix;        /* what would mend it, in words ("prefix the name with _"); owned, NULL when there is none */
    size_t fix_start, fix_end; /* byte range of the source that --fix replaces; equal: insertion */
    char *fix_text;   /* replacement, owned; NULL: --fix cannot do it */
} rf_lint_issue;

typedef struct rf_lint_report {
    RF_VECTOR(rf_lint_issue) issues; /* by position */
} rf_lint_report;

/* unit must come from exactly this source. */
void rf_lint(rf_unit *unit, const rf_front *front, rf_lint_report *out);
/* source with every fix applied that has a replacement. */
void rf_lint_apply(const rf_lint_report *report, const char *source, size_t size, rf_buffer *out);
void rf_lint_report_release(rf_lint_report *report);

#endif
