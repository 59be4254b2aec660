/* What to change next: each advice names a line, the evidence and the most it could save. */
#ifndef RF_REPORT_ADVICE_H
#define RF_REPORT_ADVICE_H

#include "report/summary.h"

typedef struct rf_report_advice_item {
    char *text;  /* owned */
    double gain; /* share of the CPU time that goes away at most: the lower end of its interval is above nothing */
    uint32_t func, line;
} rf_report_advice_item;

typedef struct rf_report_advice {
    RF_VECTOR(rf_report_advice_item) items; /* by gain */
} rf_report_advice;

void rf_report_advice_init(rf_report_advice *advice, const rf_profile *profile, const rf_report_summary *summary);
void rf_report_advice_release(rf_report_advice *advice);

#endif
