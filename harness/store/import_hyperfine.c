/* hyperfine --export-json: {"results": [{"command": "...", "times": [seconds, ...]}]}, a process
 * each.  This file also holds what all adapters for JSON share. */
#include "store/import_json.h"

#include "base/error.h"

#include <string.h>

json_t *import_parse_json(const char *path, const char *text, size_t size, ruff_error *err)
{
    json_error_t problem;
    json_t *document = json_loadb(text, size, 0, &problem);
    if (!document)
        rf_error_set(err, RUFF_E_SYNTAX, "%s:%d:%d: %s", path, problem.line, problem.column,
                     problem.text);
    return document;
}

ruff_status import_misfit(const char *path, const char *what, ruff_error *err)
{
    return rf_error_set(err, RUFF_E_SYNTAX, "%s: %s", path, what);
}

void import_take_numbers(import_run *run, const json_t *array, double scale)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *number = json_array_get(array, i);
        if (json_is_number(number)) rf_vector_push(&run->times, json_number_value(number) * scale);
    }
}

double import_unit_ns(const char *unit)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1},  {"us", 1e3},     {"ms", 1e6},
                 {"s", 1e9}, {"second", 1e9}, {"nanoseconds", 1}};
    for (size_t i = 0; unit && i < RF_COUNT_OF(units); i++)
        if (strcmp(units[i].name, unit) == 0) return units[i].ns;
    return 0;
}

ruff_status import_hyperfine(const char *path, const char *text, size_t size, import_list *list,
                             ruff_error *err)
{
    json_t *document = import_parse_json(path, text, size, err);
    if (!document) return RUFF_E_SYNTAX;
    const json_t *results = json_object_get(document, "results");
    ruff_status status =
        json_is_array(results) ? RUFF_OK : import_misfit(path, "has no `results` array", err);
    for (size_t i = 0; i < json_array_size(results) && !status; i++) {
        const json_t *result = json_array_get(results, i),
                     *times = json_object_get(result, "times");
        const char *command = json_string_value(json_object_get(result, "command"));
        if (!command || !json_is_array(times))
            status = import_misfit(path, "a result without `command` or `times`", err);
        for (size_t t = 0; t < json_array_size(times) && !status; t++) {
            import_run *run = import_add(list, command, "hyperfine");
            rf_vector_push(&run->times, json_number_value(json_array_get(times, t)) * 1e9);
        }
    }
    json_decref(document);
    return status;
}
