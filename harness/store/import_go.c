/* go test -bench: "BenchmarkName-8   1000   12345 ns/op ..." lines.  With -count, lines of one name
 * come from one process, so they are its iterations. */
#include "store/import.h"

#include "base/buffer.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static import_run *find_run(import_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->data[i].benchmark, name) == 0) return &list->data[i];
    return import_add(list, name, "go");
}

/* Our own export names "BenchmarkFibonacci/lang=ruff/mode=vm": that becomes bench@lang:mode again.
 */
static char *our_name(const char *name)
{
    char bench[128], language[64], mode[64] = "";
    if (sscanf(name, "%127[^/]/lang=%63[^/]/mode=%63[^/]", bench, language, mode) < 2)
        return rf_strdup(name);
    return rf_format_text("%s@%s%s%s", bench, language, *mode ? ":" : "", mode);
}

static void read_line(import_list *list, const char *line)
{
    char name[256];
    double rounds, ns;
    if (sscanf(line, "Benchmark%255s %lf %lf ns/op", name, &rounds, &ns) != 3) return;
    char *dash = strrchr(name, '-');
    if (dash && dash[1] && strspn(dash + 1, "0123456789") == strlen(dash + 1)) *dash = '\0';
    char *ours = our_name(name);
    import_run *run = strchr(ours, '@') ? import_add(list, ours, "go") : find_run(list, ours);
    rf_vector_push(&run->times, ns);
    rf_free(ours);
}

ruff_status import_go(const char *path, const char *text, size_t size, import_list *list,
                      ruff_error *err)
{
    for (const char *at = text, *end = text + size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        char *line = rf_strndup(at, length);
        read_line(list, line);
        rf_free(line);
        at += length + 1;
    }
    if (list->count) return RUFF_OK;
    return rf_error_set(err, RUFF_E_SYNTAX, "%s: has no `Benchmark... ns/op` lines", path);
}
