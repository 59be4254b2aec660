#include "run/protocol.h"

#include "base/buffer.h"
#include "base/error.h"
#include "run/sha256.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST_MAX = 128, LINE_SHOWN = 60 };

typedef struct reader {
    run_sample *sample;
    ruff_error *err;
    size_t line_number;
    bool started, ended;
} reader;

static ruff_status broken(const reader *read, const char *line, const char *why)
{
    return rf_error_set(read->err, RUFF_E_SYNTAX, "line %zu of its output, `%.*s`: %s",
                        read->line_number, LINE_SHOWN, line, why);
}

/* A non-negative whole number; *at moves behind it and the blanks that follow. */
static bool take_number(const char **at, int64_t *number)
{
    if (**at < '0' || **at > '9') return false;
    char *end;
    errno = 0;
    *number = strtoll(*at, &end, 10);
    if (errno || (*end && *end != ' ')) return false;
    while (*end == ' ') end++;
    *at = end;
    return true;
}

/* Digests and names end up in reports: printable ASCII without blanks. */
static bool is_word(const char *text)
{
    size_t length = 0;
    while (text[length] > ' ' && text[length] < 0x7f) length++;
    return length > 0 && length <= DIGEST_MAX && text[length] == '\0';
}

static void note_digest(run_sample *sample, const char *digest, size_t iteration)
{
    if (!sample->digest) {
        sample->digest = rf_strdup(digest);
    } else if (!sample->other_digest && strcmp(sample->digest, digest) != 0) {
        sample->other_digest = rf_strdup(digest);
        sample->other_iteration = iteration;
    }
}

/* ---- the lines of the protocol ---- */

static ruff_status read_start(reader *read, const char *line, const char *at)
{
    int64_t version;
    if (!take_number(&at, &version)) return broken(read, line, "expected `@rb 1 LANGUAGE`");
    if (version != 1) return broken(read, line, "this ruffbench speaks protocol 1 only");
    if (read->started) return broken(read, line, "a second start; call measure once");
    read->started = true;
    return RUFF_OK;
}

static ruff_status read_iteration(reader *read, const char *line, const char *at)
{
    int64_t ns;
    if (!take_number(&at, &ns) || !is_word(at))
        return broken(read, line, "expected `@i NANOSECONDS DIGEST`");
    rf_vector_push(&read->sample->times, ns);
    note_digest(read->sample, at, read->sample->times.count);
    return RUFF_OK;
}

static ruff_status read_counter(reader *read, const char *line, const char *at)
{
    size_t length = strcspn(at, " ");
    const char *rest = at + length + (at[length] == ' ');
    int64_t value;
    if (length == 0 || !take_number(&rest, &value) || *rest)
        return broken(read, line, "expected `@c NAME NUMBER`");
    run_counter counter = {rf_strndup(at, length), value};
    rf_vector_push(&read->sample->counters, counter);
    return is_word(counter.name) ? RUFF_OK
                                 : broken(read, line, "a counter is named in printable ASCII");
}

static ruff_status read_end(reader *read, const char *line, const char *at)
{
    int64_t count;
    if (!take_number(&at, &count) || *at) return broken(read, line, "expected `@end COUNT`");
    if ((size_t)count != read->sample->times.count)
        return broken(read, line, "another count than there were @i lines");
    if (count == 0) return broken(read, line, "not one iteration was timed");
    read->ended = true;
    return RUFF_OK;
}

static ruff_status read_line(reader *read, const char *line)
{
    size_t word = strcspn(line, " ");
    const char *at = line + word + strspn(line + word, " ");
    bool is_start = word == 3 && memcmp(line, "@rb", 3) == 0;
    if (line[0] != '@') return RUFF_OK;
    if (is_start) return read_start(read, line, at);
    if (!read->started) return RUFF_OK; /* ordinary output of a program that speaks no protocol */
    if (word == 2 && line[1] == 'c') return read_counter(read, line, at);
    if (read->ended) return broken(read, line, "nothing but counters may follow @end");
    if (word == 2 && line[1] == 'i') return read_iteration(read, line, at);
    if (word == 4 && memcmp(line, "@end", 4) == 0) return read_end(read, line, at);
    if (word == 6 && memcmp(line, "@clock", 6) == 0)
        return take_number(&at, &read->sample->clock_ns) && !*at
                   ? RUFF_OK
                   : broken(read, line, "expected `@clock NANOSECONDS`");
    return broken(read, line, "not a line of protocol 1 (@rb @clock @i @c @end)");
}

/* ---- the plain forms ---- */

static bool ends_with(const char *text, size_t size, const char *end)
{
    size_t length = strlen(end);
    return size > length && memcmp(text + size - length, end, length) == 0;
}

static void read_plain_line(run_sample *sample, const char *line)
{
    const char *equals = strchr(line, '=');
    if (!equals) return;
    size_t name = (size_t)(equals - line);
    if (ends_with(line, name, "_MS")) {
        char *end;
        double ms = strtod(equals + 1, &end);
        if (*end || !isfinite(ms) || ms < 0 || ms > 1e12) return;
        rf_vector_push(&sample->times, (int64_t)(ms * 1e6));
    } else if (ends_with(line, name, "_CHECKSUM") && is_word(equals + 1)) {
        note_digest(sample, equals + 1, sample->times.count ? sample->times.count : 1);
    }
}

/* Takes "@c NAME NUMBER" out of the output of a program that speaks no protocol: what the runtime
 * counts by itself is no answer. */
static bool take_loose_counter(run_sample *sample, const char *text, size_t size)
{
    if (size < 3 || memcmp(text, "@c ", 3) != 0) return false;
    run_sample loose = {0};
    char *line = rf_strndup(text, size);
    const bool is_counter = !read_counter(&(reader){.sample = &loose}, line, line + 3);
    if (is_counter) rf_vector_push(&sample->counters, loose.counters.data[0]);
    if (is_counter) loose.counters.count = 0;
    run_sample_release(&loose);
    rf_free(line);
    return is_counter;
}

static void take_loose_counters(run_sample *sample, const char *text, size_t size, rf_buffer *rest)
{
    for (const char *at = text, *end = text + size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop + 1 : end) - at);
        if (!take_loose_counter(sample, at, stop ? length - 1 : length)) rf_buffer_append(rest, at, length);
        at += length;
    }
}

/* One short word is its own digest, so that answers stay readable; anything else is hashed. */
static char *digest_of_output(const char *text, size_t size)
{
    while (size && (text[size - 1] == '\n' || text[size - 1] == '\r')) size--;
    char *word = rf_strndup(text, size <= 64 ? size : 0);
    if (is_word(word) && strlen(word) == size) return word;
    rf_free(word);
    char hex[RUN_SHA256_SIZE];
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add(&digest, text, size);
    run_sha256_finish(&digest, hex);
    return rf_strdup(hex);
}

/* ---- whole output ---- */

/* Calls take with each line, NUL-terminated, without line ending, until it fails. */
static ruff_status each_line(reader *read, const char *text, size_t size,
                             ruff_status (*take)(reader *, const char *))
{
    ruff_status status = RUFF_OK;
    for (const char *at = text, *end = text + size; at < end && !status;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        char *line = rf_strndup(at, length && at[length - 1] == '\r' ? length - 1 : length);
        read->line_number++;
        status = take(read, line);
        rf_free(line);
        at += length + 1;
    }
    return status;
}

static ruff_status take_plain(reader *read, const char *line)
{
    read_plain_line(read->sample, line);
    return RUFF_OK;
}

ruff_status run_protocol_parse(const char *text, size_t size, run_sample *sample, ruff_error *err)
{
    reader read = {.sample = sample, .err = err};
    ruff_status status = each_line(&read, text, size, read_line);
    if (read.started) {
        sample->level = RUN_LEVEL_FULL;
        if (!status && !read.ended)
            status = rf_error_set(err, RUFF_E_SYNTAX,
                                  "its report stops after %zu iterations, without @end",
                                  sample->times.count);
        return status;
    }
    if (status) return status;
    status = each_line(&read, text, size, take_plain);
    sample->level = sample->times.count && sample->digest ? RUN_LEVEL_PLAIN : RUN_LEVEL_NONE;
    if (sample->level == RUN_LEVEL_NONE) {
        sample->times.count = 0;
        rf_free(sample->digest);
        rf_buffer rest = RF_BUFFER_INIT;
        take_loose_counters(sample, text, size, &rest);
        sample->digest = digest_of_output(rest.data ? rest.data : "", rest.size);
        rf_buffer_release(&rest);
    }
    return status;
}

bool run_protocol_has_started(const char *text, size_t size, size_t *scanned)
{
    for (const char *at = text + *scanned, *end = text + size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop) return false;
        if (stop - at > 4 && memcmp(at, "@rb ", 4) == 0) return true;
        at = stop + 1;
        *scanned = (size_t)(at - text);
    }
    return false;
}

void run_sample_release(run_sample *sample)
{
    for (size_t i = 0; i < sample->counters.count; i++) rf_free(sample->counters.data[i].name);
    rf_vector_release(&sample->counters);
    rf_vector_release(&sample->times);
    rf_free(sample->digest);
    rf_free(sample->other_digest);
    *sample = (run_sample){0};
}
