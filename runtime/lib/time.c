/* Clocks, and dates in UTC as text (BUILTINS 23). */
#include "lib/args.h"
#include "lib/builtins.h"
#include "value/error_value.h"
#include "value/operate.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { SECONDS_PER_DAY = 86400 };

/* ---- clocks ---- */

static int64_t wall_seconds(void)
{
    return rf_clock_wall_ns() / 1000000000;
}

rf_value rf_lib_now(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_float((double)wall_seconds());
}

rf_value rf_lib_now_unix(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_int(wall_seconds());
}

rf_value rf_lib_current_timestamp(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_int(rf_clock_wall_ns() / 1000000);
}

rf_value rf_lib_performance_now(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_float((double)rf_clock_monotonic_ns() / 1e6);
}

rf_value rf_lib_time_us(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_float((double)rf_clock_monotonic_ns() / 1e3);
}

rf_value rf_lib_time_ns(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)isolate, (void)args, (void)arg_count;
    return rf_float((double)rf_clock_monotonic_ns());
}

rf_value rf_lib_elapsed(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    double start, end;
    if (!rf_args_number(isolate, "elapsed", args, 0, &start) ||
        !rf_args_number(isolate, "elapsed", args, 1, &end))
        return rf_raised();
    return rf_float(end - start);
}

rf_value rf_lib_sleep(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t ms;
    if (!rf_args_whole(isolate, "sleep", args, 0, &ms)) return rf_raised();
    if (ms < 0)
        return rf_raise(isolate, "sleep expects a time that is not negative, got %lld",
                        (long long)ms);
    /* in slices where somebody may interrupt: a signal just before a sleep does not end it */
    const int64_t longest_ns = isolate->host->interrupted ? 50000000 : INT64_MAX;
    const int64_t now_ns = rf_clock_monotonic_ns();
    const int64_t until_ns = ms < (INT64_MAX - now_ns) / 1000000 ? now_ns + ms * 1000000 : INT64_MAX;
    for (int64_t left_ns; (left_ns = until_ns - rf_clock_monotonic_ns()) > 0;) {
        if (rf_ends_by_interrupt(isolate)) return rf_raised();
        if (left_ns > longest_ns) left_ns = longest_ns;
        const struct timespec left = {.tv_sec = left_ns / 1000000000, .tv_nsec = left_ns % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &left, NULL);
    }
    return rf_int(0);
}

/* ---- the calendar ---- */

typedef struct date {
    int64_t year;
    int month, day, hour, minute, second;
} date;

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar; years begin in March, so the
 * leap day is last. (Howard Hinnant, chrono-Compatible Low-Level Date Algorithms) */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t year_of_era = year - era * 400;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static date date_of(int64_t seconds)
{
    int64_t days = seconds / SECONDS_PER_DAY, rest = seconds % SECONDS_PER_DAY;
    if (rest < 0) {
        rest += SECONDS_PER_DAY;
        days--;
    }
    days += 719468;
    const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    const int64_t day_of_era = days - era * 146097;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month = (5 * day_of_year + 2) / 153; /* from March */
    date d = {.day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
              .month = (int)(month < 10 ? month + 3 : month - 9),
              .hour = (int)(rest / 3600),
              .minute = (int)(rest / 60 % 60),
              .second = (int)(rest % 60)};
    d.year = year_of_era + era * 400 + (d.month <= 2);
    return d;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* ---- formats ---- */

typedef enum date_part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, LITERAL } date_part;

/* The part that a format names at text, and its length; LITERAL: a byte that stands for itself. */
static date_part next_part(const char *text, size_t size, size_t *length)
{
    static const char *const names[] = {"YYYY", "MM", "DD", "HH", "mm", "ss"};
    for (int part = YEAR; part < LITERAL; part++) {
        *length = strlen(names[part]);
        if (size >= *length && memcmp(text, names[part], *length) == 0) return (date_part)part;
    }
    *length = 1;
    return LITERAL;
}

static rf_value format_seconds(rf_isolate *isolate, int64_t seconds, const char *format,
                               size_t size)
{
    const date d = date_of(seconds);
    const int parts[] = {0, d.month, d.day, d.hour, d.minute, d.second};
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t at = 0, length; at < size; at += length) {
        const date_part part = next_part(format + at, size - at, &length);
        if (part == LITERAL)
            rf_buffer_append_byte(&text, format[at]);
        else if (part == YEAR)
            rf_buffer_format(&text, "%04lld", (long long)d.year);
        else
            rf_buffer_format(&text, "%02d", parts[part]);
    }
    return rf_string_take_buffer(isolate, &text);
}

rf_value rf_lib_now_utc(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const char format[] = "YYYY-MM-DDTHH:mm:ssZ";
    (void)args, (void)arg_count;
    return format_seconds(isolate, wall_seconds(), format, sizeof format - 1);
}

rf_value rf_lib_format_date(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    static const double latest = 8.2e12; /* about 260,000 years either way */
    (void)arg_count;
    double stamp;
    if (!rf_args_number(isolate, "format_date", args, 0, &stamp) ||
        !rf_args_string(isolate, "format_date", args, 1))
        return rf_raised();
    const rf_string *format = args[1].as.string;
    if (fabs(stamp) <= latest)
        return format_seconds(isolate, (int64_t)stamp, format->text, format->size);
    rf_value text = rf_string_from(isolate, "Invalid timestamp: ");
    return rf_add_stealing(isolate, text, args[0]);
}

/* One number of at most `most` digits at *at; -1 when there is none. */
static int64_t parse_digits(const rf_string *text, size_t *at, size_t most)
{
    int64_t number = 0;
    const size_t start = *at;
    while (*at < text->size && *at - start < most && text->text[*at] >= '0' &&
           text->text[*at] <= '9')
        number = number * 10 + (text->text[(*at)++] - '0');
    return *at == start ? -1 : number;
}

/* False when text does not fit format or means no date. */
static bool parse_by_format(const rf_string *text, const rf_string *format, date *d)
{
    int *const parts[] = {NULL, &d->month, &d->day, &d->hour, &d->minute, &d->second};
    size_t at = 0;
    for (size_t from = 0, length; from < format->size; from += length) {
        const date_part part = next_part(format->text + from, format->size - from, &length);
        if (part == LITERAL) {
            if (at == text->size || text->text[at++] != format->text[from]) return false;
            continue;
        }
        const int64_t number = parse_digits(text, &at, length);
        if (number < 0) return false;
        if (part == YEAR)
            d->year = number;
        else
            *parts[part] = (int)number;
    }
    return at == text->size && d->month >= 1 && d->month <= 12 && d->day >= 1 &&
           d->day <= days_in_month(d->year, d->month) && d->hour < 24 && d->minute < 60 &&
           d->second < 60;
}

rf_value rf_lib_parse_date(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_date", args, 0) ||
        !rf_args_string(isolate, "parse_date", args, 1))
        return rf_raised();
    const rf_string *text = args[0].as.string, *format = args[1].as.string;
    date d = {.year = 1970, .month = 1, .day = 1};
    if (!parse_by_format(text, format, &d))
        return rf_raise(isolate, "parse_date: '%s' is no date in the format '%s'",
                        rf_args_shown(isolate, text), rf_args_shown(isolate, format));
    const int64_t days = days_of(d.year, d.month, d.day);
    return rf_float((double)(days * SECONDS_PER_DAY + d.hour * 3600 + d.minute * 60 + d.second));
}

/* ---- durations ---- */

rf_value rf_lib_format_duration(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    double ms;
    if (!rf_args_number(isolate, "format_duration", args, 0, &ms)) return rf_raised();
    if (isnan(ms)) return rf_string_from(isolate, "NaNns");
    if (ms >= 1000) return rf_string_format(isolate, "%.2fs", ms / 1000);
    if (ms >= 1) return rf_string_format(isolate, "%.2fms", ms);
    if (ms >= 0.001) return rf_string_format(isolate, "%.2f\xCE\xBCs", ms * 1000);
    return rf_string_format(isolate, "%.0fns", ms * 1000000);
}
