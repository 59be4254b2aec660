#include "cli/day.h"

#include <time.h>

#define DAY_NS ((int64_t)86400 * 1000000000) /* room for the end of that day */

bool cli_parse_day(const char *text, int64_t *ns)
{
    struct tm day = {0};
    const char *end = strptime(text, "%Y-%m-%d", &day);
    if (!end || *end) return false;
    time_t seconds = timegm(&day);
    if (seconds < 0) return false;
    /* Nanoseconds end in the year 2262; what lies beyond is never reached. */
    *ns = seconds < INT64_MAX / 1000000000 ? (int64_t)seconds * 1000000000 : INT64_MAX - DAY_NS;
    return true;
}
