/* Owned memory.  The only callers of malloc, realloc and free are in alloc.c.
 *
 * rf_alloc never returns NULL: exhaustion ends the process as LANGUAGE 21.2 says. */
#ifndef RF_BASE_ALLOC_H
#define RF_BASE_ALLOC_H

#include "base/base.h"

void *rf_alloc(size_t size);                          /* uninitialised; new, rf_free */
void *rf_alloc_zero(size_t size);                     /* zeroed */
void *rf_realloc(void *memory, size_t size);
void rf_free(void *memory);                           /* NULL is allowed */
void *rf_alloc_try(size_t size);                      /* NULL when there is none: for sizes a program chooses */
void *rf_realloc_try(void *memory, size_t size);
char *rf_strdup(const char *text);
char *rf_strndup(const char *text, size_t size);
/* size of count elements; ends the process on overflow */
size_t rf_array_size(size_t count, size_t element_size);
#define rf_alloc_array(T, count) ((T *)rf_alloc(rf_array_size((count), sizeof(T))))
#define rf_alloc_array_zero(T, count) ((T *)rf_alloc_zero(rf_array_size((count), sizeof(T))))
#define rf_new(T) ((T *)rf_alloc_zero(sizeof(T)))

#endif
