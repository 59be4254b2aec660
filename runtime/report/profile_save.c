/* Writing a profile: shared rows are found or made, the profile keeps their ids in its own order. */
#include "report/profile_store.h"

#include "report/profile_words.h"
#include "report/sql.h"

#include "base/buffer.h"

#include <string.h>

typedef struct saving {
    rf_sql sql;
    const rf_profile *profile;
    int64_t id;
    int64_t *files, *funcs, *frames, *stacks; /* ids by index; 0 for none */
} saving;

static void append_varint(rf_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) rf_buffer_append_byte(out, (char)(value | 0x80));
    rf_buffer_append_byte(out, (char)value);
}

static void pack_ids(rf_buffer *out, const int64_t *ids, size_t count)
{
    for (size_t i = 1; i < count; i++) append_varint(out, (uint64_t)ids[i]);
}

static char *hex(uint64_t digest) { return rf_format_text("%016llx", (unsigned long long)digest); }

/* ---- shared rows ---- */

static void put_files(saving *it)
{
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO source_file (path, digest, text) VALUES (?1, ?2, ?3) ON CONFLICT (path, digest) "
                                                 "DO UPDATE SET text = coalesce(text, excluded.text) RETURNING id");
    for (size_t i = 1; i < it->profile->files.count; i++) {
        const rf_prof_file *file = &it->profile->files.data[i];
        char *digest = hex(file->digest);
        it->files[i] = file->text ? rf_sql_run(&it->sql, put, "ssb", file->path, digest, (const void *)file->text, file->size)
                                  : rf_sql_run(&it->sql, put, "sss", file->path, digest, (const char *)NULL);
        rf_free(digest);
    }
    sqlite3_finalize(put);
}

static void put_funcs(saving *it)
{
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO func (file, name, line, kind) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
                                                 "(file, name, line, kind) DO UPDATE SET kind = kind RETURNING id");
    for (size_t i = 1; i < it->profile->funcs.count; i++) {
        const rf_prof_func *func = &it->profile->funcs.data[i];
        it->funcs[i] = rf_sql_run(&it->sql, put, "isis", it->files[func->file], func->name, (int64_t)func->line, rf_prof_kind_words[func->kind]);
    }
    sqlite3_finalize(put);
}

static void put_frames(saving *it)
{
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO frame (func, line, tier) VALUES (?1, ?2, ?3) ON CONFLICT (func, line, tier) "
                                                 "DO UPDATE SET line = line RETURNING id");
    for (size_t i = 1; i < it->profile->frames.count; i++) {
        const rf_prof_frame *frame = &it->profile->frames.data[i];
        it->frames[i] = rf_sql_run(&it->sql, put, "iis", it->funcs[frame->func], (int64_t)frame->line, rf_prof_tiers[frame->tier].tag);
    }
    sqlite3_finalize(put);
}

static void put_stacks(saving *it)
{
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO stack (parent, frame, depth) VALUES (?1, ?2, ?3) ON CONFLICT (parent, frame) "
                                                 "DO UPDATE SET depth = depth RETURNING id");
    for (size_t i = 1; i < it->profile->stacks.count; i++) {
        const rf_prof_stack *stack = &it->profile->stacks.data[i];
        it->stacks[i] = rf_sql_run(&it->sql, put, "iii", it->stacks[stack->parent], it->frames[stack->frame], (int64_t)stack->depth);
    }
    sqlite3_finalize(put);
}

/* ---- the profile's own rows ---- */

static void put_profile(saving *it, const rf_profile_tags *tags)
{
    const rf_profile *profile = it->profile;
    const rf_prof_run *run = &profile->run;
    rf_buffer files = RF_BUFFER_INIT, funcs = RF_BUFFER_INIT, frames = RF_BUFFER_INIT, stacks = RF_BUFFER_INIT;
    pack_ids(&files, it->files, profile->files.count);
    pack_ids(&funcs, it->funcs, profile->funcs.count);
    pack_ids(&frames, it->frames, profile->frames.count);
    pack_ids(&stacks, it->stacks, profile->stacks.count);
    char *digest = hex(run->script_digest);
    sqlite3_stmt *put = rf_sql_prepare(
        &it->sql, "INSERT INTO profile (label, git_revision, bench_run, started, script, argv, script_digest, engine, version, host, cpu, "
                  "kernel, allowed_cores, threads, mechanism, has_cpu, has_memory, has_jit, was_interrupted, hz_asked, hz_got, wall_ns, cpu_ns, "
                  "ticks, dropped, own_cost_ns, peak_live, peak_at_ns, exit_live, peak_resident, allocs, frees, exit_status, file_order, "
                  "func_order, frame_order, stack_order) VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
                  "?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37) RETURNING id");
#define TEXT(value) ((value) ? (value) : "")
    it->id = rf_sql_run(&it->sql, put, "ssiissssssssiisiiiidduuuuuuuuuuuibbbb", TEXT(tags->label), TEXT(tags->git_revision), tags->bench_run,
                        run->started_unix, TEXT(run->script), TEXT(run->arguments), digest, TEXT(run->engine), TEXT(run->version),
                        TEXT(run->host), TEXT(run->cpu), TEXT(run->kernel), (int64_t)run->allowed_cores, (int64_t)run->threads,
                        TEXT(run->mechanism), (int64_t)run->has_cpu, (int64_t)run->has_memory, (int64_t)run->has_jit,
                        (int64_t)run->was_interrupted, run->asked_hz, run->got_hz, run->wall_ns, run->cpu_ns, run->ticks, run->lost_ticks,
                        run->own_cost_ns, run->peak_live_bytes, run->peak_at_ns, run->exit_live_bytes, run->peak_resident_bytes, run->allocs,
                        run->frees, (int64_t)run->exit_status, (const void *)files.data, files.size, (const void *)funcs.data, funcs.size,
                        (const void *)frames.data, frames.size, (const void *)stacks.data, stacks.size);
    sqlite3_finalize(put);
    rf_free(digest);
    rf_buffer_release(&files);
    rf_buffer_release(&funcs);
    rf_buffer_release(&frames);
    rf_buffer_release(&stacks);
}

static void put_samples(saving *it)
{
    const rf_profile *profile = it->profile;
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO sample_agg VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        rf_sql_run(&it->sql, put, "iiiiisuuuuu", it->id, (int64_t)i, it->stacks[sample->stack], (int64_t)sample->thread, (int64_t)sample->slice,
                   profile->labels.data[sample->label], sample->ticks, sample->cpu_ns, sample->wall_ns, sample->alloc_count, sample->alloc_bytes);
    }
    sqlite3_finalize(put);
}

static void put_timeline(saving *it)
{
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO timeline VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    rf_buffer tiers = RF_BUFFER_INIT;
    for (size_t i = 0; i < it->profile->slices.count; i++) {
        const rf_prof_slice *slice = &it->profile->slices.data[i];
        rf_buffer_clear(&tiers);
        rf_buffer_append_text(&tiers, "");
        for (int tier = 0; tier < RF_TIER_COUNT; tier++)
            if (slice->tier_ns[tier])
                rf_buffer_format(&tiers, "%s%s:%llu", tiers.size ? " " : "", rf_prof_tiers[tier].tag, (unsigned long long)slice->tier_ns[tier]);
        rf_sql_run(&it->sql, put, "iiuuuus", it->id, (int64_t)i, slice->start_ns, slice->length_ns, slice->live_bytes, slice->resident_bytes,
                   tiers.data ? tiers.data : "");
    }
    rf_buffer_release(&tiers);
    sqlite3_finalize(put);
}

static void put_counts(saving *it)
{
    const rf_profile *profile = it->profile;
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO func_count VALUES (?1, ?2, ?3, ?4)");
    for (size_t i = 1; i < profile->funcs.count; i++) {
        const rf_prof_func *func = &profile->funcs.data[i];
        if (func->calls != RF_PROF_UNKNOWN || func->instructions != RF_PROF_UNKNOWN)
            rf_sql_run(&it->sql, put, "iiuu", it->id, it->funcs[i], func->calls, func->instructions);
    }
    sqlite3_finalize(put);
    put = rf_sql_prepare(&it->sql, "INSERT INTO line_count VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (size_t i = 0; i < profile->lines.count; i++) {
        const rf_prof_line *line = &profile->lines.data[i];
        rf_sql_run(&it->sql, put, "iiiiuu", it->id, (int64_t)i, it->funcs[line->func], (int64_t)line->line, line->hits, line->instructions);
    }
    sqlite3_finalize(put);
    put = rf_sql_prepare(&it->sql, "INSERT INTO profile_counter VALUES (?1, ?2, ?3, ?4, ?5)");
    for (size_t i = 0; i < profile->counters.count; i++) {
        const rf_prof_counter *counter = &profile->counters.data[i];
        rf_sql_run(&it->sql, put, "iisus", it->id, (int64_t)i, counter->name, counter->value, TEXT(counter->unit));
    }
    sqlite3_finalize(put);
}

static void put_memory(saving *it)
{
    const rf_profile *profile = it->profile;
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO alloc_site VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                                                 "?15, ?16, ?17, ?18, ?19, ?20)");
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *s = &profile->sites.data[i];
        rf_sql_run(&it->sql, put, "iiiisuuuuuuuuuuuuiiu", it->id, (int64_t)i, it->funcs[s->func], (int64_t)s->line, TEXT(s->type), s->allocs,
                   s->bytes, s->frees, s->freed_bytes, s->peak_live, s->peak_live_bytes, s->temporaries, s->growths, s->growth_from, s->growth_to,
                   s->copies, s->copy_bytes, it->funcs[s->shared_func], (int64_t)s->shared_line, s->median_life);
    }
    sqlite3_finalize(put);
    put = rf_sql_prepare(&it->sql, "INSERT INTO leak VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const rf_prof_leak *leak = &profile->leaks.data[i];
        rf_sql_run(&it->sql, put, "iiiissuuus", it->id, (int64_t)i, it->funcs[leak->func], (int64_t)leak->line, TEXT(leak->type),
                   rf_prof_verdict_words[leak->verdict], leak->count, leak->bytes, leak->retained_bytes, TEXT(leak->path));
    }
    sqlite3_finalize(put);
}

static void put_jit(saving *it)
{
    const rf_profile *profile = it->profile;
    sqlite3_stmt *put = rf_sql_prepare(&it->sql, "INSERT INTO jit_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                                                 "?15, ?16, ?17)");
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *e = &profile->jit_events.data[i];
        rf_sql_run(&it->sql, put, "iiusiiisiuuuuusss", it->id, (int64_t)i, e->at_ns, TEXT(e->kind), it->funcs[e->func], (int64_t)e->line,
                   (int64_t)e->version, rf_prof_tiers[e->tier].tag, (int64_t)e->optimisation, e->duration_ns, e->queue_ns, e->children_cpu_ns,
                   e->code_bytes, e->lost_ns, e->reason, e->expected, e->seen);
    }
    sqlite3_finalize(put);
    put = rf_sql_prepare(&it->sql, "INSERT INTO jit_guard VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (size_t i = 0; i < profile->guards.count; i++) {
        const rf_prof_guard *guard = &profile->guards.data[i];
        rf_sql_run(&it->sql, put, "iiiisuu", it->id, (int64_t)i, it->funcs[guard->func], (int64_t)guard->line, TEXT(guard->expectation), guard->passed,
                   guard->failed);
    }
    sqlite3_finalize(put);
    put = rf_sql_prepare(&it->sql, "INSERT INTO jit_refusal VALUES (?1, ?2, ?3, ?4, ?5)");
    for (size_t i = 0; i < profile->refusals.count; i++) {
        const rf_prof_refusal *refusal = &profile->refusals.data[i];
        rf_sql_run(&it->sql, put, "iiiis", it->id, (int64_t)i, it->funcs[refusal->func], (int64_t)refusal->line, TEXT(refusal->reason));
    }
    sqlite3_finalize(put);
}

/* The bulk of a profile is its timeline; aggregates stay for ever. */
static void drop_old_timelines(saving *it)
{
    enum { KEPT = 1000 };
    sqlite3_stmt *drop = rf_sql_prepare(&it->sql, "DELETE FROM timeline WHERE profile <= ?1");
    rf_sql_run(&it->sql, drop, "i", it->id - KEPT);
    sqlite3_finalize(drop);
}

bool rf_profile_store_save(sqlite3 *db, const rf_profile *profile, const rf_profile_tags *tags, int64_t *id, char **error)
{
    saving it = {.sql.db = db, .profile = profile};
    const bool is_own = sqlite3_get_autocommit(db);
    it.files = rf_alloc_array_zero(int64_t, profile->files.count);
    it.funcs = rf_alloc_array_zero(int64_t, profile->funcs.count);
    it.frames = rf_alloc_array_zero(int64_t, profile->frames.count);
    it.stacks = rf_alloc_array_zero(int64_t, profile->stacks.count);
    if (is_own) rf_sql_exec(&it.sql, "BEGIN IMMEDIATE");
    put_files(&it);
    put_funcs(&it);
    put_frames(&it);
    put_stacks(&it);
    put_profile(&it, tags);
    put_samples(&it);
    put_timeline(&it);
    put_counts(&it);
    put_memory(&it);
    put_jit(&it);
    drop_old_timelines(&it);
    if (is_own) {
        rf_sql_exec(&it.sql, "COMMIT");
        if (it.sql.error) sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    rf_free(it.files);
    rf_free(it.funcs);
    rf_free(it.frames);
    rf_free(it.stacks);
    *id = it.id;
    *error = it.sql.error;
    return !it.sql.error;
}
