/* What the adapters for JSON share. */
#ifndef STORE_IMPORT_JSON_H
#define STORE_IMPORT_JSON_H

#include "store/import.h"

#include <jansson.h>

/* The document; new reference, NULL with err set (line and column) when it cannot be read. */
json_t *import_parse_json(const char *path, const char *text, size_t size, ruff_error *err);
/* Says what is missing and ends the reading. */
ruff_status import_misfit(const char *path, const char *what, ruff_error *err);
/* Appends all numbers of an array, times scale. */
void import_take_numbers(import_run *run, const json_t *array, double scale);
/* Nanoseconds of "ns", "us", "ms", "s"; 0 for another text. */
double import_unit_ns(const char *unit);

#endif
