#include "cli/day.h"

#include <time.h>

bool cli_parse_day(const char *text, int64_t *ns)
{
    struct tm day = {0};
    const char *end = strptime(text, "%Y-%m-%d", &day);
    if (!end || *end) return false;
    *ns = (int64_t)timegm(&day) * 1000000000;
    return true;
}
