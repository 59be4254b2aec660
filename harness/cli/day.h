/* Days as people write them: 2026-12-31. */
#ifndef CLI_DAY_H
#define CLI_DAY_H

#include "base/base.h"

/* The first moment of the day, UTC, in nanoseconds since 1970; false when it is no day. */
bool cli_parse_day(const char *text, int64_t *ns);

#endif
