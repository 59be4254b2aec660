/* Loads one relocatable object (ELF64, x86-64) into the code region.
 *
 * The object comes from another process or from a file, so nothing in it is believed: every offset, size, index and
 * alignment is checked, and an undefined symbol may only name what `resolve` knows. */
#ifndef RF_JIT_LOADER_H
#define RF_JIT_LOADER_H

#include "jit/code_region.h"

typedef struct rf_native_code {
    char *memory; /* in the region: text, constants, table of addresses */
    size_t size;
} rf_native_code;

/* Address of an allowed symbol, NULL for any other. */
typedef void *(*rf_symbol_resolver)(void *context, const char *name);
/* Called for each global symbol and each function the object defines. */
typedef void (*rf_symbol_visitor)(void *context, const char *name, void *address);

/* RUFF_E_MISUSE with the reason in err when the object is malformed or wants what it may not have; RUFF_E_NOMEM when
 * the region is full.  The bytes are borrowed and need no alignment. */
RF_MUST_USE ruff_status rf_native_load(rf_code_region *region, const uint8_t *bytes, size_t size,
                                       rf_symbol_resolver resolve, void *resolve_context, rf_symbol_visitor defined,
                                       void *defined_context, rf_native_code *out, ruff_error *err);

#endif
