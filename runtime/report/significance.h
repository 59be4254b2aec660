/* Whether a difference is real. */
#ifndef RF_REPORT_SIGNIFICANCE_H
#define RF_REPORT_SIGNIFICANCE_H

#include <stddef.h>

/* Two-sided p of "a share of part_a in all_a ticks equals one of part_b in all_b" (pooled normal test). */
double rf_shares_p(double part_a, double all_a, double part_b, double all_b);
/* Two-sided p of Student's t. */
double rf_student_p(double t, double freedom);
/* Replaces p by what it is after controlling the false-discovery rate (Benjamini and Hochberg, JRSS B 57, 1995). */
void rf_adjust_p(double *p, size_t count);

#endif
