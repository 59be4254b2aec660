/* Error values and raising (LANGUAGE 12).
 *
 * Raising sets isolate->error and returns RAISED.  The error is stamped with position and stack at once, from
 * engine->trace (or isolate->blame for the position when that is set): engines keep the position of the running operation where trace can find it before they call
 * anything that may raise. */
#ifndef RF_VALUE_ERROR_VALUE_H
#define RF_VALUE_ERROR_VALUE_H

#include "value/isolate.h"

typedef struct rf_error {
    rf_object object;
    rf_value message; /* string */
    rf_value stack;   /* array of strings, outermost first */
    rf_value cause;
    rf_value value;
    rf_value file;    /* string or null: for reports */
    uint32_t line, column; /* 0: never raised */
} rf_error;

rf_value rf_raise(rf_isolate *isolate, const char *format, ...) RF_PRINTF(2, 3);
rf_value rf_raise_string(rf_isolate *isolate, rf_value message); /* steals message */
/* `throw v` (LANGUAGE 12.2); steals v */
rf_value rf_raise_value(rf_isolate *isolate, rf_value v);
/* Raises an existing error value unchanged (await, rethrow); steals */
rf_value rf_raise_error(rf_isolate *isolate, rf_value error);
/* Error value that is not raised (line 0, empty stack). */
rf_value rf_error_value_new(rf_isolate *isolate, rf_value message);
/* Takes the error in flight out (isolate->error becomes UNSET).  NULL result never: call only after RAISED. */
rf_value rf_take_error(rf_isolate *isolate);
static inline bool rf_is_interrupted(const rf_isolate *isolate)
{
    return isolate->host->interrupted && atomic_load_explicit(isolate->host->interrupted, memory_order_relaxed);
}
/* Asks for the end of what runs when it is interrupted; true: the caller returns RAISED. */
static inline bool rf_ends_by_interrupt(rf_isolate *isolate)
{
    if (RF_LIKELY(!rf_is_interrupted(isolate))) return false;
    isolate->exit_requested = true;
    isolate->exit_code = 130;
    return true;
}

/* May the error in flight be caught by `except`?  Not exit() and not abandoning. */
static inline bool rf_is_catchable(const rf_isolate *isolate)
{
    return !isolate->exit_requested && !isolate->abandoning;
}
/* The report of LANGUAGE 12.5 for an uncaught error, with call stack. */
void rf_error_report(rf_isolate *isolate, const rf_error *error, rf_buffer *out);
/* The JSON form of LANGUAGE 12.6. */
void rf_error_report_json(rf_isolate *isolate, const rf_error *error, rf_buffer *out);

#endif
