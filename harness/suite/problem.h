/* What is wrong with a suite, and where: a list of findings that lint prints and every other
 * command refuses on. */
#ifndef SUITE_PROBLEM_H
#define SUITE_PROBLEM_H

#include "base/buffer.h"
#include "base/vector.h"

typedef enum suite_grade {
    SUITE_ERROR,  /* the suite cannot be used: exit 2 */
    SUITE_WARNING /* a rule of fairness is not kept */
} suite_grade;

typedef struct suite_problem {
    suite_grade grade;
    char *file;            /* as the user would open it; owned */
    unsigned line, column; /* 1-based; 0 when the whole file is meant */
    char *message;         /* what and what to do; owned */
} suite_problem;

typedef struct suite_problems {
    RF_VECTOR(suite_problem) list;
} suite_problems;

void suite_problems_add(suite_problems *problems, suite_grade grade, const char *file,
                        unsigned line, unsigned column, const char *format, ...) RF_PRINTF(6, 7);
size_t suite_problems_count(const suite_problems *problems, suite_grade grade);
/* "FILE:LINE:COL: error: MESSAGE", then the line of the file and a caret under the column. */
void suite_problem_format(const suite_problem *problem, rf_buffer *out);
void suite_problems_release(suite_problems *problems);

#endif
