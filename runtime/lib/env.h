/* The lock that the users of the process's environment share. */
#ifndef RF_LIB_ENV_H
#define RF_LIB_ENV_H

#include "value/string.h"

void rf_env_lock(rf_isolate *isolate);
void rf_env_unlock(rf_isolate *isolate);
bool rf_env_is_name(const rf_string *name); /* not empty, without = and NUL */

#endif
