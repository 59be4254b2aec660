/* What a plain scalar of YAML means (BUILTINS 15): the core schema without octal decimals. */
#ifndef RF_LIB_YAML_SCALAR_H
#define RF_LIB_YAML_SCALAR_H

#include "value/value.h"

/* Null, a bool, an int or a float; UNSET: the text is a string. */
rf_value rf_yaml_resolve(const char *text, size_t size);

#endif
