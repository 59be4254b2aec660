/* Where the file of a module is (LANGUAGE 13.2). */
#ifndef RF_MODULES_SEARCH_H
#define RF_MODULES_SEARCH_H

#include "base/base.h"

/* What the search depends on; all paths borrowed, NULL where there is none. */
typedef struct rf_search_origin {
    const char *file;  /* the importing file, as it was opened; NULL or without a slash: the working directory */
    const char *root;  /* the root in which the importing module was found */
    const char *entry; /* the entry script, as it was opened */
} rf_search_origin;

typedef enum rf_search_outcome { RF_SEARCH_FOUND, RF_SEARCH_MISSING, RF_SEARCH_UNSAFE } rf_search_outcome;

typedef struct rf_search_result {
    char *file; /* canonical; new (rf_free) unless MISSING */
    char *root; /* canonical; likewise */
} rf_search_result;

/* Looks for the module called name ("a.b.c").  UNSAFE: the first candidate, whose canonical path in result->file lies
 * outside its root. */
rf_search_outcome rf_search_module(const rf_search_origin *origin, const char *name, rf_search_result *result);

#endif
