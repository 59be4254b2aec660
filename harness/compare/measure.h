/* Turning one process into one number. */
#ifndef COMPARE_MEASURE_H
#define COMPARE_MEASURE_H

#include "stats/warmup.h"
#include "store/results.h"

typedef enum compare_measure {
#define COMPARE_MEASURE(name, word, metric, phase, unit, meaning) COMPARE_##name,
#include "compare/measure.def"
#undef COMPARE_MEASURE
    COMPARE_MEASURE_COUNT
} compare_measure;

typedef struct compare_measure_row {
    const char *word, *metric, *phase, *unit, *meaning;
} compare_measure_row;

const compare_measure_row *compare_measure_row_of(compare_measure measure);
/* By its word; false for another text. */
bool compare_measure_find(const char *word, compare_measure *measure);

/* Why a measure has no value in a sample: unavailable unless the kernel said something better. */
run_counter_status compare_status_of(const store_sample *sample, compare_measure measure);
/* Warm-up class of one process. */
stats_warmup compare_classify(const store_sample *sample);
/* The number of a sample that is ok, in the measure's unit; negative when it was not measured.
 * warmup is what compare_classify said. */
double compare_value_of(const store_sample *sample, const stats_warmup *warmup,
                        compare_measure measure);

#endif
