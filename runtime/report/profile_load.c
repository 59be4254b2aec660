/* Reading a profile back: interning in the order it had gives every index it had. */
#include "report/profile_store.h"

#include "report/profile_words.h"
#include "report/sql.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

typedef struct loading {
    rf_sql sql;
    rf_profile *profile;
    int64_t id;
    RF_VECTOR(int64_t) files, funcs, frames, stacks; /* id by index; 0 for none */
} loading;

static void fail(loading *it, const char *what)
{
    if (!it->sql.error) it->sql.error = rf_format_text("profile %lld is damaged: %s", (long long)it->id, what);
}

/* The order column: ids as varints, the first index is 1. */
#define UNPACK(it, list, statement, column)                                                                      \
    do {                                                                                                         \
        const unsigned char *bytes_ = sqlite3_column_blob(statement, column);                                    \
        const int size_ = sqlite3_column_bytes(statement, column);                                               \
        uint64_t value_ = 0;                                                                                     \
        unsigned shift_ = 0;                                                                                     \
        rf_vector_push(list, 0);                                                                                 \
        for (int i_ = 0; i_ < size_ && shift_ < 63; i_++) {                                                      \
            value_ |= (uint64_t)(bytes_[i_] & 0x7f) << shift_;                                                   \
            shift_ += 7;                                                                                         \
            if (bytes_[i_] & 0x80) continue;                                                                     \
            rf_vector_push(list, (int64_t)value_);                                                               \
            value_ = shift_ = 0;                                                                                 \
        }                                                                                                        \
        if (shift_) fail(it, "an order of rows ends within a number");                                           \
    } while (0)

typedef struct id_pair {
    int64_t id;
    uint32_t index;
} id_pair;

static int compare_pairs(const void *a, const void *b)
{
    const id_pair *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Indexes by id, for the rows that name shared ones. */
typedef struct id_map {
    id_pair *pairs;
    size_t count;
} id_map;

static id_map map_ids(const int64_t *ids, size_t count)
{
    id_map map = {rf_alloc_array(id_pair, count + 1), count};
    for (size_t i = 0; i < count; i++) map.pairs[i] = (id_pair){ids[i], (uint32_t)i};
    if (count) qsort(map.pairs, count, sizeof *map.pairs, compare_pairs);
    return map;
}

static uint32_t index_of(loading *it, const id_map *map, int64_t id)
{
    const id_pair key = {id, 0};
    const id_pair *found = bsearch(&key, map->pairs, map->count, sizeof key, compare_pairs);
    if (!found) fail(it, "a row names what the profile does not have");
    return found ? found->index : 0;
}

/* Kept by the profile, as if it were static. */
static const char *keep_text(loading *it, sqlite3_stmt *row, int column)
{
    char *text = rf_sql_text(row, column);
    for (size_t i = 0; i < it->profile->texts.count; i++)
        if (strcmp(it->profile->texts.data[i], text) == 0) {
            rf_free(text);
            return it->profile->texts.data[i];
        }
    rf_vector_push(&it->profile->texts, text);
    return text;
}

static rf_prof_tier take_tier(loading *it, sqlite3_stmt *row, int column)
{
    char *tag = rf_sql_text(row, column);
    const rf_prof_tier tier = rf_tier_of_tag(tag);
    rf_free(tag);
    if (tier < RF_TIER_COUNT) return tier;
    fail(it, "it has a tier this version does not know");
    return (rf_prof_tier)0;
}

static uint32_t take_number(sqlite3_stmt *row, int column) { return (uint32_t)sqlite3_column_int64(row, column); }

/* ---- the run and the orders ---- */

static void load_run(loading *it)
{
    rf_prof_run *run = &it->profile->run;
    sqlite3_stmt *row = rf_sql_prepare(
        &it->sql, "SELECT started, script, argv, script_digest, engine, version, host, cpu, kernel, allowed_cores, threads, mechanism, has_cpu, "
                  "has_memory, has_jit, was_interrupted, hz_asked, hz_got, wall_ns, cpu_ns, ticks, dropped, own_cost_ns, peak_live, "
                  "peak_at_ns, exit_live, peak_resident, allocs, frees, exit_status, file_order, func_order, frame_order, stack_order "
                  "FROM profile WHERE id = ?1");
    rf_sql_bind(&it->sql, row, "i", it->id);
    if (rf_sql_next(&it->sql, row)) {
        char **const texts[] = {&run->script, &run->arguments, NULL, &run->engine, &run->version, &run->host, &run->cpu, &run->kernel};
        uint64_t *const counts[] = {&run->wall_ns, &run->cpu_ns, &run->ticks, &run->lost_ticks, &run->own_cost_ns, &run->peak_live_bytes,
                                    &run->peak_at_ns, &run->exit_live_bytes, &run->peak_resident_bytes, &run->allocs, &run->frees};
        bool *const flags[] = {&run->has_cpu, &run->has_memory, &run->has_jit, &run->was_interrupted};
        run->started_unix = sqlite3_column_int64(row, 0);
        for (int i = 0; i < (int)RF_COUNT_OF(texts); i++)
            if (texts[i]) *texts[i] = rf_sql_text(row, 1 + i);
        char *digest = rf_sql_text(row, 3);
        run->script_digest = strtoull(digest, NULL, 16);
        rf_free(digest);
        run->allowed_cores = take_number(row, 9);
        run->threads = take_number(row, 10);
        run->mechanism = keep_text(it, row, 11);
        for (int i = 0; i < (int)RF_COUNT_OF(flags); i++) *flags[i] = sqlite3_column_int(row, 12 + i);
        run->asked_hz = sqlite3_column_double(row, 16);
        run->got_hz = sqlite3_column_double(row, 17);
        for (int i = 0; i < (int)RF_COUNT_OF(counts); i++) *counts[i] = rf_sql_count(row, 18 + i);
        run->exit_status = sqlite3_column_int(row, 29);
        UNPACK(it, &it->files, row, 30);
        UNPACK(it, &it->funcs, row, 31);
        UNPACK(it, &it->frames, row, 32);
        UNPACK(it, &it->stacks, row, 33);
    } else if (!it->sql.error) {
        it->sql.error = rf_format_text("there is no profile %lld", (long long)it->id);
    }
    sqlite3_finalize(row);
}

/* ---- shared rows ---- */

static void load_files(loading *it)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT path, digest, text FROM source_file WHERE id = ?1");
    for (size_t i = 1; i < it->files.count; i++) {
        rf_sql_bind(&it->sql, row, "i", it->files.data[i]);
        if (!rf_sql_next(&it->sql, row)) {
            fail(it, "a file is missing");
            break;
        }
        char *path = rf_sql_text(row, 0), *digest = rf_sql_text(row, 1);
        if (rf_profile_file(it->profile, path) != i) fail(it, "a file stands twice");
        rf_prof_file *file = &rf_vector_last(&it->profile->files);
        file->digest = strtoull(digest, NULL, 16);
        if (sqlite3_column_type(row, 2) != SQLITE_NULL && !file->text) {
            file->size = (size_t)sqlite3_column_bytes(row, 2);
            const char *text = sqlite3_column_blob(row, 2);
            file->text = rf_strndup(text ? text : "", file->size);
        }
        rf_free(path);
        rf_free(digest);
    }
    sqlite3_finalize(row);
}

static void load_funcs(loading *it)
{
    const id_map files = map_ids(it->files.data, it->files.count);
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT f.file, f.name, f.line, f.kind, c.calls, c.instructions FROM func f LEFT JOIN func_count c "
                                                 "ON c.profile = ?2 AND c.func = f.id WHERE f.id = ?1");
    for (size_t i = 1; i < it->funcs.count && !it->sql.error; i++) {
        rf_sql_bind(&it->sql, row, "ii", it->funcs.data[i], it->id);
        if (!rf_sql_next(&it->sql, row)) {
            fail(it, "a function is missing");
            break;
        }
        char *name = rf_sql_text(row, 1), *kind = rf_sql_text(row, 3);
        const size_t which = rf_word_index(rf_prof_kind_words, RF_FUNC_KIND_COUNT, kind);
        const uint32_t at = rf_profile_func(it->profile, which < RF_FUNC_KIND_COUNT ? (rf_prof_func_kind)which : RF_FUNC_RUNTIME, name,
                                            index_of(it, &files, sqlite3_column_int64(row, 0)), take_number(row, 2));
        it->profile->funcs.data[at].calls = rf_sql_count(row, 4);
        it->profile->funcs.data[at].instructions = rf_sql_count(row, 5);
        rf_free(name);
        rf_free(kind);
    }
    sqlite3_finalize(row);
    rf_free(files.pairs);
}

static void load_frames(loading *it, const id_map *funcs)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT func, line, tier FROM frame WHERE id = ?1");
    for (size_t i = 1; i < it->frames.count && !it->sql.error; i++) {
        rf_sql_bind(&it->sql, row, "i", it->frames.data[i]);
        if (!rf_sql_next(&it->sql, row)) {
            fail(it, "a frame is missing");
            break;
        }
        rf_profile_frame(it->profile, index_of(it, funcs, sqlite3_column_int64(row, 0)), take_number(row, 1), take_tier(it, row, 2));
    }
    sqlite3_finalize(row);
}

static void load_stacks(loading *it, const id_map *stacks)
{
    const id_map frames = map_ids(it->frames.data, it->frames.count);
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT parent, frame FROM stack WHERE id = ?1");
    for (size_t i = 1; i < it->stacks.count && !it->sql.error; i++) {
        rf_sql_bind(&it->sql, row, "i", it->stacks.data[i]);
        if (!rf_sql_next(&it->sql, row)) {
            fail(it, "a stack is missing");
            break;
        }
        const uint32_t parent = index_of(it, stacks, sqlite3_column_int64(row, 0));
        if (parent >= i)
            fail(it, "a stack stands before its caller");
        else
            rf_profile_stack(it->profile, parent, index_of(it, &frames, sqlite3_column_int64(row, 1)));
    }
    sqlite3_finalize(row);
    rf_free(frames.pairs);
}

/* ---- the profile's own rows ---- */

static void load_samples(loading *it, const id_map *stacks)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT stack, thread, slice, label, ticks, cpu_ns, wall_ns, alloc_count, alloc_bytes FROM sample_agg "
                                                 "WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        char *label = rf_sql_text(row, 3);
        const rf_prof_sample sample = {.stack = index_of(it, stacks, sqlite3_column_int64(row, 0)),
                                       .thread = take_number(row, 1),
                                       .slice = take_number(row, 2),
                                       .label = rf_profile_label(it->profile, label),
                                       .ticks = rf_sql_count(row, 4),
                                       .cpu_ns = rf_sql_count(row, 5),
                                       .wall_ns = rf_sql_count(row, 6),
                                       .alloc_count = rf_sql_count(row, 7),
                                       .alloc_bytes = rf_sql_count(row, 8)};
        rf_free(label);
        rf_profile_add(it->profile, &sample);
    }
    sqlite3_finalize(row);
}

static void load_timeline(loading *it)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT start_ns, length_ns, live, resident, tiers FROM timeline WHERE profile = ?1 ORDER BY bucket");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        rf_prof_slice slice = {.start_ns = rf_sql_count(row, 0),
                               .length_ns = rf_sql_count(row, 1),
                               .live_bytes = rf_sql_count(row, 2),
                               .resident_bytes = rf_sql_count(row, 3)};
        char *tiers = rf_sql_text(row, 4);
        for (char *at = tiers; *at;) {
            char *colon = strchr(at, ':');
            if (!colon) break;
            *colon = '\0';
            const rf_prof_tier tier = rf_tier_of_tag(at);
            const uint64_t ns = strtoull(colon + 1, &at, 10);
            if (tier < RF_TIER_COUNT) slice.tier_ns[tier] = ns;
            while (*at == ' ') at++;
        }
        rf_free(tiers);
        rf_vector_push(&it->profile->slices, slice);
    }
    sqlite3_finalize(row);
}

static void load_counts(loading *it, const id_map *funcs)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT func, line, hits, instructions FROM line_count WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_line line = {index_of(it, funcs, sqlite3_column_int64(row, 0)), take_number(row, 1), rf_sql_count(row, 2), rf_sql_count(row, 3)};
        rf_vector_push(&it->profile->lines, line);
    }
    sqlite3_finalize(row);
    row = rf_sql_prepare(&it->sql, "SELECT name, value, unit FROM profile_counter WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_counter counter = {rf_sql_text(row, 0), rf_sql_count(row, 1), keep_text(it, row, 2)};
        rf_vector_push(&it->profile->counters, counter);
    }
    sqlite3_finalize(row);
}

static void load_memory(loading *it, const id_map *funcs)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT func, line, type, allocs, bytes, frees, freed_bytes, peak_live, peak_live_bytes, temporaries, growths, "
                                                 "growth_from, growth_to, copies, copy_bytes, shared_func, shared_line, median_life FROM alloc_site "
                                                 "WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_site site = {.func = index_of(it, funcs, sqlite3_column_int64(row, 0)),
                                   .line = take_number(row, 1),
                                   .type = rf_sql_text(row, 2),
                                   .allocs = rf_sql_count(row, 3),
                                   .bytes = rf_sql_count(row, 4),
                                   .frees = rf_sql_count(row, 5),
                                   .freed_bytes = rf_sql_count(row, 6),
                                   .peak_live = rf_sql_count(row, 7),
                                   .peak_live_bytes = rf_sql_count(row, 8),
                                   .temporaries = rf_sql_count(row, 9),
                                   .growths = rf_sql_count(row, 10),
                                   .growth_from = rf_sql_count(row, 11),
                                   .growth_to = rf_sql_count(row, 12),
                                   .copies = rf_sql_count(row, 13),
                                   .copy_bytes = rf_sql_count(row, 14),
                                   .shared_func = index_of(it, funcs, sqlite3_column_int64(row, 15)),
                                   .shared_line = take_number(row, 16),
                                   .median_life = rf_sql_count(row, 17)};
        rf_vector_push(&it->profile->sites, site);
    }
    sqlite3_finalize(row);
    row = rf_sql_prepare(&it->sql, "SELECT verdict, func, line, type, count, bytes, retained, path FROM leak WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        char *verdict = rf_sql_text(row, 0);
        const rf_prof_leak leak = {.verdict = (rf_prof_verdict)(rf_word_index(rf_prof_verdict_words, 4, verdict) % 4),
                                   .func = index_of(it, funcs, sqlite3_column_int64(row, 1)),
                                   .line = take_number(row, 2),
                                   .type = rf_sql_text(row, 3),
                                   .count = rf_sql_count(row, 4),
                                   .bytes = rf_sql_count(row, 5),
                                   .retained_bytes = rf_sql_count(row, 6),
                                   .path = rf_sql_text(row, 7)};
        rf_free(verdict);
        rf_vector_push(&it->profile->leaks, leak);
    }
    sqlite3_finalize(row);
}

static void load_jit(loading *it, const id_map *funcs)
{
    sqlite3_stmt *row = rf_sql_prepare(&it->sql, "SELECT at_ns, duration_ns, queue_ns, children_cpu_ns, code_bytes, kind, func, line, version, tier, "
                                                 "optimisation, reason, expected, seen, lost_ns FROM jit_event WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_jit_event event = {.at_ns = rf_sql_count(row, 0),
                                         .duration_ns = rf_sql_count(row, 1),
                                         .queue_ns = rf_sql_count(row, 2),
                                         .children_cpu_ns = rf_sql_count(row, 3),
                                         .code_bytes = rf_sql_count(row, 4),
                                         .kind = keep_text(it, row, 5),
                                         .func = index_of(it, funcs, sqlite3_column_int64(row, 6)),
                                         .line = take_number(row, 7),
                                         .version = take_number(row, 8),
                                         .tier = (uint8_t)take_tier(it, row, 9),
                                         .optimisation = (uint8_t)take_number(row, 10),
                                         .reason = rf_sql_text_or_null(row, 11),
                                         .expected = rf_sql_text_or_null(row, 12),
                                         .seen = rf_sql_text_or_null(row, 13),
                                         .lost_ns = rf_sql_count(row, 14)};
        rf_vector_push(&it->profile->jit_events, event);
    }
    sqlite3_finalize(row);
    row = rf_sql_prepare(&it->sql, "SELECT func, line, expectation, pass, fail FROM jit_guard WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_guard guard = {index_of(it, funcs, sqlite3_column_int64(row, 0)), take_number(row, 1), rf_sql_text(row, 2), rf_sql_count(row, 3),
                                     rf_sql_count(row, 4)};
        rf_vector_push(&it->profile->guards, guard);
    }
    sqlite3_finalize(row);
    row = rf_sql_prepare(&it->sql, "SELECT func, line, reason FROM jit_refusal WHERE profile = ?1 ORDER BY seq");
    rf_sql_bind(&it->sql, row, "i", it->id);
    while (rf_sql_next(&it->sql, row)) {
        const rf_prof_refusal refusal = {index_of(it, funcs, sqlite3_column_int64(row, 0)), take_number(row, 1), rf_sql_text(row, 2)};
        rf_vector_push(&it->profile->refusals, refusal);
    }
    sqlite3_finalize(row);
}

bool rf_profile_store_load(sqlite3 *db, int64_t id, rf_profile *out, char **error)
{
    loading it = {.sql.db = db, .profile = out, .id = id};
    rf_profile_init(out);
    load_run(&it);
    if (!it.sql.error) {
        const id_map funcs = map_ids(it.funcs.data, it.funcs.count), stacks = map_ids(it.stacks.data, it.stacks.count);
        load_files(&it);
        load_funcs(&it);
        load_frames(&it, &funcs);
        load_stacks(&it, &stacks);
        load_samples(&it, &stacks);
        load_timeline(&it);
        load_counts(&it, &funcs);
        load_memory(&it, &funcs);
        load_jit(&it, &funcs);
        rf_free(funcs.pairs);
        rf_free(stacks.pairs);
    }
    rf_vector_release(&it.files);
    rf_vector_release(&it.funcs);
    rf_vector_release(&it.frames);
    rf_vector_release(&it.stacks);
    *error = it.sql.error;
    return !it.sql.error;
}
