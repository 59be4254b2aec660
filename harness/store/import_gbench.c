/* Google Benchmark: {"benchmarks": [{"name", "run_type": "iteration", "real_time", "time_unit"}]};
 * repetitions are iterations of one process, aggregates are left out. */
#include "store/import_json.h"

#include <string.h>

static import_run *find_run(import_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->data[i].benchmark, name) == 0) return &list->data[i];
    return import_add(list, name, "cpp");
}

ruff_status import_gbench(const char *path, const char *text, size_t size, import_list *list,
                          ruff_error *err)
{
    json_t *document = import_parse_json(path, text, size, err);
    if (!document) return RUFF_E_SYNTAX;
    const json_t *benchmarks = json_object_get(document, "benchmarks");
    ruff_status status =
        json_is_array(benchmarks) ? RUFF_OK : import_misfit(path, "has no `benchmarks` array", err);
    for (size_t i = 0; i < json_array_size(benchmarks) && !status; i++) {
        const json_t *row = json_array_get(benchmarks, i);
        const char *name = json_string_value(json_object_get(row, "name"));
        const char *kind = json_string_value(json_object_get(row, "run_type"));
        double unit = import_unit_ns(json_string_value(json_object_get(row, "time_unit")));
        if (kind && strcmp(kind, "iteration") != 0) continue;
        if (!name || unit <= 0) {
            status = import_misfit(
                path, "a benchmark without `name` or with an unknown `time_unit`", err);
        } else {
            import_run *run = find_run(list, name);
            rf_vector_push(&run->times,
                           json_number_value(json_object_get(row, "real_time")) * unit);
        }
    }
    json_decref(document);
    return status;
}
