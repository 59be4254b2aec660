/* Where a program's print goes: one lock, a buffer in front of standard output. */
#ifndef RF_CAPI_OUTPUT_H
#define RF_CAPI_OUTPUT_H

#include "base/buffer.h"
#include "ruff/ruff.h"

#include <pthread.h>

typedef struct rf_output {
    pthread_mutex_t lock;
    rf_buffer pending;      /* of standard output, not yet written */
    ruff_write_function write; /* the embedding program's, NULL: file descriptors 1 and 2 */
    void *write_context;
    bool is_terminal;
    int error; /* errno of the first write to standard output that failed; nothing is written any more */
    void (*when_failed)(int error); /* called then, if set; need not return */
} rf_output;

void rf_output_init(rf_output *output, ruff_write_function write, void *write_context);
void rf_output_release(rf_output *output); /* flushes */
/* One indivisible unit; context is an rf_output.  Standard error flushes standard output first. */
void rf_output_write(void *context, int stream, const char *bytes, size_t size);
void rf_output_flush(void *context);

#endif
