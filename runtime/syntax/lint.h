/* Suspicious code (LANGUAGE 18.8): issues with their places, some with a fix. */
#ifndef RF_SYNTAX_LINT_H
#define RF_SYNTAX_LINT_H

#include "base/buffer.h"
#include "syntax/unit.h"

typedef enum rf_lint_severity { RF_LINT_WARNING, RF_LINT_ERROR } rf_lint_severity;

typedef struct rf_lint_issue {
    rf_lint_severity severity;
    const char *rule; /* "unused-variable" */
    rf_pos pos;
    char *message;    /* owned by the report */
    char *fix;        /* what the fix writes, for people; owned by the report, NULL when there is none */
} rf_lint_issue;

typedef struct rf_lint_edit { /* replaces bytes of the source */
    uint32_t offset, size;
    char *text; /* owned by the report */
} rf_lint_edit;

typedef struct rf_lint_report {
    RF_VECTOR(rf_lint_issue) issues; /* by place */
    RF_VECTOR(rf_lint_edit) edits;   /* of all fixes, by offset, each place once */
} rf_lint_report;

/* Fills in *report (start with {0}).  Load the unit with_tests, so that what only tests use counts as used. */
void rf_lint(const rf_unit *unit, const rf_front *front, rf_lint_report *report);
/* Appends source with all fixes made. */
void rf_lint_apply(const rf_lint_report *report, const char *source, size_t size, rf_buffer *out);
void rf_lint_report_release(rf_lint_report *report);

#endif
