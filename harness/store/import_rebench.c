/* ReBench data files: comment lines, then tab-separated invocation, iteration, value, unit,
 * criterion, benchmark, executor, ...  An invocation is a process; only the criterion `total` is
 * taken. */
#include "store/import_json.h"

#include "base/buffer.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 7 };

/* Cuts line at its tabs; false when there are too few. */
static bool split(char *line, char **columns)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        columns[i] = line;
        char *tab = strchr(line, '\t');
        if (!tab) return i + 1 == COLUMNS;
        *tab = '\0';
        line = tab + 1;
    }
    return true;
}

typedef struct reader {
    import_list *list;
    char *last; /* "benchmark executor invocation" of the run that is being filled; owned */
} reader;

static void read_line(reader *read, char *line)
{
    char *columns[COLUMNS];
    if (*line == '#' || !split(line, columns) || strcmp(columns[4], "total") != 0) return;
    double unit = import_unit_ns(columns[3]), value = strtod(columns[2], NULL);
    char *key = rf_format_text("%s\t%s\t%s", columns[5], columns[6], columns[0]);
    if (!read->last || strcmp(read->last, key) != 0) {
        char *name = rf_format_text("%s@%s", columns[5], columns[6]);
        import_add(read->list, name, "rebench");
        rf_free(name);
        rf_free(read->last);
        read->last = rf_strdup(key);
    }
    rf_free(key);
    import_run *run = &rf_vector_last(read->list);
    if (unit > 0 && value > 0) rf_vector_push(&run->times, value * unit);
}

ruff_status import_rebench(const char *path, const char *text, size_t size, import_list *list,
                           ruff_error *err)
{
    reader read = {.list = list};
    for (const char *at = text, *end = text + size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        char *line = rf_strndup(at, length);
        read_line(&read, line);
        rf_free(line);
        at += length + 1;
    }
    rf_free(read.last);
    if (list->count) return RUFF_OK;
    return rf_error_set(err, RUFF_E_SYNTAX,
                        "%s: has no tab-separated lines with the criterion `total`", path);
}
