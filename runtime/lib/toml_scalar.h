/* Scalars of TOML: strings, numbers, bools, dates; the other half of toml_parse.c. */
#ifndef RF_LIB_TOML_SCALAR_H
#define RF_LIB_TOML_SCALAR_H

#include "value/value.h"

typedef struct rf_toml_text {
    rf_isolate *isolate;
    const char *start, *at, *end;
} rf_toml_text;

typedef enum rf_toml_lines { RF_TOML_ONE_LINE, RF_TOML_ANY_LINES } rf_toml_lines;

/* RAISED: "TOML parse error: PROBLEM at line L column C" */
rf_value rf_toml_fail(const rf_toml_text *t, const char *where, const char *problem);
/* The same at t->at, where the text may have ended. */
rf_value rf_toml_fail_here(const rf_toml_text *t, const char *expected);
/* A string, t->at on its quote; ANY_LINES: also one in three quotes. */
rf_value rf_toml_string(rf_toml_text *t, rf_toml_lines lines);
/* Any value but an array or inline table. */
rf_value rf_toml_scalar(rf_toml_text *t);

#endif
