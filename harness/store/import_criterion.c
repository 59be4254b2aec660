/* criterion's BENCH/new/sample.json: {"iters": [...], "times": [...]}, ns for so many iterations;
 * all in one process. */
#include "store/import_json.h"

#include <string.h>

/* The directory above new/, or that of the file. */
static char *name_from(const char *path)
{
    const char *end = strrchr(path, '/');
    if (!end) return rf_strdup("criterion");
    if (end - path >= 4 && memcmp(end - 4, "/new", 4) == 0) end -= 4;
    const char *begin = end;
    while (begin > path && begin[-1] != '/') begin--;
    return rf_strndup(begin, (size_t)(end - begin));
}

ruff_status import_criterion(const char *path, const char *text, size_t size, import_list *list,
                             ruff_error *err)
{
    json_t *document = import_parse_json(path, text, size, err);
    if (!document) return RUFF_E_SYNTAX;
    const json_t *iterations = json_object_get(document, "iters"),
                 *times = json_object_get(document, "times");
    size_t count = json_array_size(times);
    ruff_status status =
        count && json_array_size(iterations) == count
            ? RUFF_OK
            : import_misfit(path, "has no `iters` and `times` arrays of the same length", err);
    if (!status) {
        char *name = name_from(path);
        import_run *run = import_add(list, name, "rust");
        for (size_t i = 0; i < count; i++) {
            double rounds = json_number_value(json_array_get(iterations, i));
            if (rounds > 0)
                rf_vector_push(&run->times, json_number_value(json_array_get(times, i)) / rounds);
        }
        rf_free(name);
    }
    json_decref(document);
    return status;
}
