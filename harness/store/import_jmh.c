/* JMH -rf json: [{"benchmark", "primaryMetric": {"scoreUnit", "rawData": [[fork 1], [fork 2]]}}]; a
 * fork is a process. Throughputs (ops/s) become times. */
#include "store/import_json.h"

#include <stdio.h>
#include <string.h>

/* ns of a score: "ns/op" is a time, "ops/ms" its inverse; 0 for a unit that is neither. */
static double score_ns(double score, const char *unit)
{
    char time[16];
    if (sscanf(unit, "%15[a-z]/op", time) == 1 && strstr(unit, "/op") &&
        strncmp(unit, "ops", 3) != 0)
        return score * import_unit_ns(time);
    if (strncmp(unit, "ops/", 4) == 0 && score > 0) return import_unit_ns(unit + 4) / score;
    return 0;
}

ruff_status import_jmh(const char *path, const char *text, size_t size, import_list *list,
                       ruff_error *err)
{
    json_t *document = import_parse_json(path, text, size, err);
    if (!document) return RUFF_E_SYNTAX;
    ruff_status status =
        json_is_array(document) ? RUFF_OK : import_misfit(path, "is no array of results", err);
    for (size_t i = 0; i < json_array_size(document) && !status; i++) {
        const json_t *result = json_array_get(document, i),
                     *metric = json_object_get(result, "primaryMetric");
        const json_t *forks = json_object_get(metric, "rawData");
        const char *name = json_string_value(json_object_get(result, "benchmark"));
        const char *unit = json_string_value(json_object_get(metric, "scoreUnit"));
        if (!name || !unit || !json_is_array(forks)) {
            status =
                import_misfit(path, "a result without `benchmark`, `scoreUnit` or `rawData`", err);
            break;
        }
        for (size_t f = 0; f < json_array_size(forks); f++) {
            const json_t *scores = json_array_get(forks, f);
            import_run *run = import_add(list, name, "java");
            for (size_t s = 0; s < json_array_size(scores); s++) {
                double ns = score_ns(json_number_value(json_array_get(scores, s)), unit);
                if (ns > 0) rf_vector_push(&run->times, ns);
            }
        }
    }
    json_decref(document);
    return status;
}
