/* pyperf -o: {"benchmarks": [{"metadata": {"name"}, "runs": [{"values": [seconds]}]}], "metadata":
 * {...}}; a run is a process, calibration runs have no values. */
#include "store/import_json.h"

ruff_status import_pyperf(const char *path, const char *text, size_t size, import_list *list,
                          ruff_error *err)
{
    json_t *document = import_parse_json(path, text, size, err);
    if (!document) return RUFF_E_SYNTAX;
    const json_t *benchmarks = json_object_get(document, "benchmarks");
    const char *common =
        json_string_value(json_object_get(json_object_get(document, "metadata"), "name"));
    ruff_status status =
        json_is_array(benchmarks) ? RUFF_OK : import_misfit(path, "has no `benchmarks` array", err);
    for (size_t i = 0; i < json_array_size(benchmarks) && !status; i++) {
        const json_t *benchmark = json_array_get(benchmarks, i),
                     *runs = json_object_get(benchmark, "runs");
        const char *name =
            json_string_value(json_object_get(json_object_get(benchmark, "metadata"), "name"));
        if (!name) name = common;
        if (!name || !json_is_array(runs))
            status = import_misfit(path, "a benchmark without a name or `runs`", err);
        for (size_t r = 0; r < json_array_size(runs) && !status; r++) {
            const json_t *values = json_object_get(json_array_get(runs, r), "values");
            if (json_array_size(values))
                import_take_numbers(import_add(list, name, "python"), values, 1e9);
        }
    }
    json_decref(document);
    return status;
}
