/* "did you mean": the known name nearest to an unknown one, at most two edits away. */
#ifndef RF_SYNTAX_SUGGEST_H
#define RF_SYNTAX_SUGGEST_H

#include <stddef.h>

typedef struct rf_suggestion {
    const char *wanted;
    size_t size;
    const char *name; /* the best so far, borrowed; NULL: none is near enough */
    size_t distance;
} rf_suggestion;

rf_suggestion rf_suggestion_start(const char *wanted, size_t size);
/* Considers name; of equally near ones the first tried wins. */
void rf_suggestion_try(rf_suggestion *suggestion, const char *name, size_t size);

#endif
