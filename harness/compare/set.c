#include "compare/set.h"

#include <string.h>

static int64_t elapsed(const store_results *results)
{
    const store_session_row *session = &results->session;
    int64_t end = session->ended_ns;
    for (size_t i = 0; i < results->samples.count && session->ended_ns <= 0; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->started_ns + sample->wall_ns > end) end = sample->started_ns + sample->wall_ns;
    }
    return end > session->started_ns ? end - session->started_ns : 0;
}

void compare_set_build(compare_set *set, const store_results *results,
                       const compare_options *options, const stats_trust *trust)
{
    const store_session_row *session = &results->session;
    *set = (compare_set){.session = session->id,
                         .seed = (uint64_t)session->seed,
                         .schedule = rf_strdup(session->schedule),
                         .state = rf_strdup(session->state),
                         .commit = rf_strdup(session->commit),
                         .dirty = rf_strdup(session->dirty),
                         .machine = rf_strdup(session->machine),
                         .started_ns = session->started_ns,
                         .elapsed_ns = elapsed(results),
                         .trust = *trust};
    for (size_t i = 0; i < results->params.count; i++) {
        compare_table table;
        compare_table_build(&table, results, results->params.data[i].id, options);
        rf_vector_push(&set->tables, table);
    }
}

bool compare_set_has_failures(const compare_set *set)
{
    for (size_t t = 0; t < set->tables.count; t++)
        for (size_t r = 0; r < set->tables.data[t].rows.count; r++) {
            const compare_row *row = &set->tables.data[t].rows.data[r];
            if (row->state == COMPARE_ABSENT ? row->outcome == RUN_BUILD : row->outcome != RUN_OK)
                return true;
        }
    return false;
}

bool compare_set_has_absent(const compare_set *set)
{
    for (size_t t = 0; t < set->tables.count; t++)
        for (size_t r = 0; r < set->tables.data[t].rows.count; r++)
            if (set->tables.data[t].rows.data[r].state == COMPARE_ABSENT) return true;
    return false;
}

void compare_set_release(compare_set *set)
{
    for (size_t i = 0; i < set->tables.count; i++) compare_table_release(&set->tables.data[i]);
    rf_vector_release(&set->tables);
    char *owned[] = {set->schedule, set->state, set->commit, set->dirty, set->machine};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(owned[i]);
}
