/* Loading one YAML file through libcyaml, with every complaint turned into a finding with a place.
 */
#ifndef SUITE_SCHEMA_H
#define SUITE_SCHEMA_H

#include "suite/place.h"
#include "suite/problem.h"

#include <cyaml/cyaml.h>

/* Short forms for the tables: required and optional text, and lists of text. */
#define SCHEMA_TEXT(key, structure, member)                                                        \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, CYAML_UNLIMITED)
#define SCHEMA_TEXT_OPTIONAL(key, structure, member)                                               \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, structure, member, 0,    \
                           CYAML_UNLIMITED)
#define SCHEMA_TEXTS(key, flags, structure, member)                                                \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | (flags), structure, member, &schema_text, 0,    \
                         CYAML_UNLIMITED)

extern const cyaml_schema_value_t schema_text; /* an element of a list of text */

/* Reads path into a new structure as schema says (free with schema_free) and indexes its places.
 * False and at least one error in problems when it cannot be used; *out is then NULL. */
bool schema_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                 place_index *places, suite_problems *problems);
void schema_free(const cyaml_schema_value_t *schema, void *data);

#endif
