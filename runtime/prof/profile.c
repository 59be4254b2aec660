/* Interning for profiles: one open-addressing table of indexes a kind; the entries themselves are the keys. */
#include "prof/profile.h"

#include "base/buffer.h"

#include <string.h>

const rf_prof_tier_info rf_prof_tiers[RF_TIER_COUNT] = {
#define PROF_TIER(name, tag, is_wait, meaning) {tag, meaning, is_wait},
#include "prof/tier.def"
#undef PROF_TIER
};

typedef struct index_table {
    uint32_t *slots; /* index, 0 for free: entry 0 of every kind is never looked up */
    uint32_t mask, used;
} index_table;

struct rf_prof_index {
    index_table files, funcs, frames, stacks, labels, samples;
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    for (; *text; text++) hash = mix(hash, (unsigned char)*text);
    return hash;
}

typedef uint64_t hash_of(const rf_profile *profile, uint32_t at);

static uint64_t hash_file(const rf_profile *profile, uint32_t at)
{
    return mix_text(1, profile->files.data[at].path);
}

static uint64_t hash_func(const rf_profile *profile, uint32_t at)
{
    const rf_prof_func *func = &profile->funcs.data[at];
    return mix_text(mix(mix(func->kind, func->file), func->line), func->name);
}

static uint64_t hash_frame(const rf_profile *profile, uint32_t at)
{
    const rf_prof_frame *frame = &profile->frames.data[at];
    return mix(mix(mix(1, frame->func), frame->line), frame->tier);
}

static uint64_t hash_stack(const rf_profile *profile, uint32_t at)
{
    return mix(mix(1, profile->stacks.data[at].parent), profile->stacks.data[at].frame);
}

static uint64_t hash_label(const rf_profile *profile, uint32_t at)
{
    return mix_text(1, profile->labels.data[at]);
}

static uint64_t hash_sample(const rf_profile *profile, uint32_t at)
{
    const rf_prof_sample *sample = &profile->samples.data[at];
    return mix(mix(mix(mix(1, sample->stack), sample->thread), sample->slice), sample->label);
}

static void insert(index_table *table, uint64_t hash, uint32_t at)
{
    uint32_t slot = (uint32_t)(hash & table->mask);
    while (table->slots[slot]) slot = (slot + 1) & table->mask;
    table->slots[slot] = at;
    table->used++;
}

/* Room for one more entry; the table is at most half full. */
static void make_room(const rf_profile *profile, index_table *table, hash_of *hash)
{
    if (table->slots && table->used * 2 < table->mask) return;
    index_table larger = {.mask = table->slots ? table->mask * 2 + 1 : 63};
    larger.slots = rf_alloc_array_zero(uint32_t, larger.mask + 1u);
    for (uint32_t i = 0; table->slots && i <= table->mask; i++)
        if (table->slots[i]) insert(&larger, hash(profile, table->slots[i]), table->slots[i]);
    rf_free(table->slots);
    *table = larger;
}

/* The index of the entry that EQUAL (an expression over `at`) finds; 0 when there is none. */
#define FIND(table, hash, found, equal)                                                          \
    for (uint32_t slot_ = (table)->slots ? (uint32_t)((hash) & (table)->mask) : 0;               \
         (table)->slots && (table)->slots[slot_]; slot_ = (slot_ + 1) & (table)->mask) {         \
        const uint32_t at = (table)->slots[slot_];                                               \
        if (equal) {                                                                             \
            found = at;                                                                          \
            break;                                                                               \
        }                                                                                        \
    }

void rf_profile_init(rf_profile *profile)
{
    *profile = (rf_profile){.index = rf_alloc_array_zero(struct rf_prof_index, 1)};
    rf_vector_push(&profile->files, ((rf_prof_file){.path = rf_strdup("")}));
    rf_vector_push(&profile->funcs, ((rf_prof_func){.kind = RF_FUNC_RUNTIME, .name = rf_strdup("")}));
    rf_vector_push(&profile->frames, ((rf_prof_frame){0}));
    rf_vector_push(&profile->stacks, ((rf_prof_stack){0}));
    rf_vector_push(&profile->labels, rf_strdup(""));
    rf_vector_push(&profile->samples, ((rf_prof_sample){0})); /* see rf_profile_add */
}

static void release_run(rf_prof_run *run)
{
    rf_free(run->script);
    rf_free(run->arguments);
    rf_free(run->engine);
    rf_free(run->version);
    rf_free(run->host);
    rf_free(run->cpu);
    rf_free(run->kernel);
}

void rf_profile_release(rf_profile *profile)
{
    release_run(&profile->run);
    for (size_t i = 0; i < profile->files.count; i++) {
        rf_free(profile->files.data[i].path);
        rf_free(profile->files.data[i].text);
    }
    for (size_t i = 0; i < profile->funcs.count; i++) rf_free(profile->funcs.data[i].name);
    for (size_t i = 0; i < profile->labels.count; i++) rf_free(profile->labels.data[i]);
    for (size_t i = 0; i < profile->sites.count; i++) rf_free(profile->sites.data[i].type);
    for (size_t i = 0; i < profile->leaks.count; i++) {
        rf_free(profile->leaks.data[i].type);
        rf_free(profile->leaks.data[i].path);
    }
    for (size_t i = 0; i < profile->counters.count; i++) rf_free(profile->counters.data[i].name);
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        rf_free(profile->jit_events.data[i].reason);
        rf_free(profile->jit_events.data[i].expected);
        rf_free(profile->jit_events.data[i].seen);
    }
    for (size_t i = 0; i < profile->guards.count; i++) rf_free(profile->guards.data[i].expectation);
    for (size_t i = 0; i < profile->refusals.count; i++) rf_free(profile->refusals.data[i].reason);
    for (size_t i = 0; i < profile->texts.count; i++) rf_free(profile->texts.data[i]);
    rf_vector_release(&profile->texts);
    rf_vector_release(&profile->files);
    rf_vector_release(&profile->funcs);
    rf_vector_release(&profile->frames);
    rf_vector_release(&profile->stacks);
    rf_vector_release(&profile->labels);
    rf_vector_release(&profile->samples);
    rf_vector_release(&profile->slices);
    rf_vector_release(&profile->lines);
    rf_vector_release(&profile->sites);
    rf_vector_release(&profile->leaks);
    rf_vector_release(&profile->jit_events);
    rf_vector_release(&profile->guards);
    rf_vector_release(&profile->refusals);
    rf_vector_release(&profile->counters);
    index_table *tables[] = {&profile->index->files,  &profile->index->funcs,  &profile->index->frames,
                             &profile->index->stacks, &profile->index->labels, &profile->index->samples};
    for (size_t i = 0; i < RF_COUNT_OF(tables); i++) rf_free(tables[i]->slots);
    rf_free(profile->index);
    *profile = (rf_profile){0};
}

uint32_t rf_profile_file(rf_profile *profile, const char *path)
{
    if (!*path) return 0;
    index_table *table = &profile->index->files;
    const uint64_t hash = mix_text(1, path);
    uint32_t found = 0;
    FIND(table, hash, found, strcmp(profile->files.data[at].path, path) == 0)
    if (found) return found;
    make_room(profile, table, hash_file);
    rf_vector_push(&profile->files, ((rf_prof_file){.path = rf_strdup(path)}));
    found = (uint32_t)profile->files.count - 1;
    insert(table, hash, found);
    return found;
}

uint32_t rf_profile_func(rf_profile *profile, rf_prof_func_kind kind, const char *name, uint32_t file, uint32_t line)
{
    index_table *table = &profile->index->funcs;
    const uint64_t hash = mix_text(mix(mix(kind, file), line), name);
    uint32_t found = 0;
    FIND(table, hash, found,
         profile->funcs.data[at].kind == kind && profile->funcs.data[at].file == file &&
             profile->funcs.data[at].line == line && strcmp(profile->funcs.data[at].name, name) == 0)
    if (found) return found;
    make_room(profile, table, hash_func);
    rf_vector_push(&profile->funcs, ((rf_prof_func){.file = file,
                                                    .line = line,
                                                    .kind = kind,
                                                    .name = rf_strdup(name),
                                                    .calls = RF_PROF_UNKNOWN,
                                                    .instructions = RF_PROF_UNKNOWN}));
    found = (uint32_t)profile->funcs.count - 1;
    insert(table, hash, found);
    return found;
}

uint32_t rf_profile_frame(rf_profile *profile, uint32_t func, uint32_t line, rf_prof_tier tier)
{
    index_table *table = &profile->index->frames;
    const rf_prof_frame frame = {.func = func, .line = line, .tier = (uint8_t)tier};
    const uint64_t hash = mix(mix(mix(1, func), line), tier);
    uint32_t found = 0;
    FIND(table, hash, found,
         profile->frames.data[at].func == func && profile->frames.data[at].line == line &&
             profile->frames.data[at].tier == tier)
    if (found) return found;
    make_room(profile, table, hash_frame);
    rf_vector_push(&profile->frames, frame);
    found = (uint32_t)profile->frames.count - 1;
    insert(table, hash, found);
    return found;
}

uint32_t rf_profile_stack(rf_profile *profile, uint32_t parent, uint32_t frame)
{
    index_table *table = &profile->index->stacks;
    const uint64_t hash = mix(mix(1, parent), frame);
    uint32_t found = 0;
    FIND(table, hash, found, profile->stacks.data[at].parent == parent && profile->stacks.data[at].frame == frame)
    if (found) return found;
    make_room(profile, table, hash_stack);
    const rf_prof_stack stack = {parent, frame, profile->stacks.data[parent].depth + 1};
    rf_vector_push(&profile->stacks, stack);
    found = (uint32_t)profile->stacks.count - 1;
    insert(table, hash, found);
    return found;
}

uint32_t rf_profile_label(rf_profile *profile, const char *label)
{
    if (!*label) return 0;
    index_table *table = &profile->index->labels;
    const uint64_t hash = mix_text(1, label);
    uint32_t found = 0;
    FIND(table, hash, found, strcmp(profile->labels.data[at], label) == 0)
    if (found) return found;
    make_room(profile, table, hash_label);
    rf_vector_push(&profile->labels, rf_strdup(label));
    found = (uint32_t)profile->labels.count - 1;
    insert(table, hash, found);
    return found;
}

void rf_profile_add(rf_profile *profile, const rf_prof_sample *sample)
{
    index_table *table = &profile->index->samples;
    const uint64_t hash = mix(mix(mix(mix(1, sample->stack), sample->thread), sample->slice), sample->label);
    uint32_t found = 0;
    FIND(table, hash, found,
         profile->samples.data[at].stack == sample->stack && profile->samples.data[at].thread == sample->thread &&
             profile->samples.data[at].slice == sample->slice && profile->samples.data[at].label == sample->label)
    if (!found) {
        make_room(profile, table, hash_sample);
        rf_vector_push(&profile->samples, *sample);
        insert(table, hash, (uint32_t)profile->samples.count - 1);
        return;
    }
    rf_prof_sample *sum = &profile->samples.data[found];
    sum->ticks += sample->ticks;
    sum->cpu_ns += sample->cpu_ns;
    sum->wall_ns += sample->wall_ns;
    sum->alloc_count += sample->alloc_count;
    sum->alloc_bytes += sample->alloc_bytes;
}

void rf_profile_set_text(rf_profile *profile, uint32_t file, const char *text, size_t size)
{
    rf_prof_file *it = &profile->files.data[file];
    rf_free(it->text);
    it->text = rf_strndup(text, size);
    it->size = size;
    it->digest = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < size; i++) it->digest = (it->digest ^ (unsigned char)text[i]) * 0x100000001b3u;
}

void rf_profile_join_slices(rf_profile *profile)
{
    const rf_prof_sample *old = profile->samples.data;
    const size_t count = profile->samples.count;
    profile->samples.data = NULL;
    profile->samples.count = profile->samples.capacity = 0;
    rf_free(profile->index->samples.slots);
    profile->index->samples = (index_table){0};
    rf_vector_push(&profile->samples, ((rf_prof_sample){0}));
    for (size_t i = 1; i < count; i++) {
        rf_prof_sample sample = old[i];
        sample.slice /= 2;
        rf_profile_add(profile, &sample);
    }
    rf_free((void *)(uintptr_t)old);
}

/* ---- merging ---- */

static void add_count(uint64_t *sum, uint64_t count)
{
    if (count != RF_PROF_UNKNOWN) *sum = *sum == RF_PROF_UNKNOWN ? count : *sum + count;
}

rf_prof_line *rf_profile_line(rf_profile *profile, uint32_t func, uint32_t line)
{
    for (size_t i = profile->lines.count; i-- > 0;) /* the last one, mostly: they come in runs */
        if (profile->lines.data[i].func == func && profile->lines.data[i].line == line) return &profile->lines.data[i];
    const rf_prof_line added = {.func = func, .line = line, .hits = RF_PROF_UNKNOWN, .instructions = RF_PROF_UNKNOWN};
    rf_vector_push(&profile->lines, added);
    return &profile->lines.data[profile->lines.count - 1];
}

static uint32_t *merge_funcs(rf_profile *into, const rf_profile *from)
{
    uint32_t *funcs = rf_alloc_array_zero(uint32_t, from->funcs.count);
    for (size_t i = 1; i < from->funcs.count; i++) {
        const rf_prof_func *func = &from->funcs.data[i];
        const rf_prof_file *file = &from->files.data[func->file];
        const uint32_t at = rf_profile_file(into, file->path);
        if (at && file->text && !into->files.data[at].text) rf_profile_set_text(into, at, file->text, file->size);
        funcs[i] = rf_profile_func(into, func->kind, func->name, at, func->line);
        add_count(&into->funcs.data[funcs[i]].calls, func->calls);
        add_count(&into->funcs.data[funcs[i]].instructions, func->instructions);
    }
    return funcs;
}

void rf_profile_merge(rf_profile *into, const rf_profile *from)
{
    uint32_t *funcs = merge_funcs(into, from);
    uint32_t *stacks = rf_alloc_array_zero(uint32_t, from->stacks.count);
    for (size_t i = 1; i < from->stacks.count; i++) { /* parents come first */
        const rf_prof_frame *frame = &from->frames.data[from->stacks.data[i].frame];
        const uint32_t merged = rf_profile_frame(into, funcs[frame->func], frame->line, (rf_prof_tier)frame->tier);
        stacks[i] = rf_profile_stack(into, stacks[from->stacks.data[i].parent], merged);
    }
    for (size_t i = 1; i < from->samples.count; i++) {
        rf_prof_sample sample = from->samples.data[i];
        sample.stack = stacks[sample.stack];
        sample.label = rf_profile_label(into, from->labels.data[sample.label]);
        rf_profile_add(into, &sample);
    }
    for (size_t i = 0; i < from->lines.count; i++) {
        const rf_prof_line *line = &from->lines.data[i];
        rf_prof_line *sum = rf_profile_line(into, funcs[line->func], line->line);
        add_count(&sum->hits, line->hits);
        add_count(&sum->instructions, line->instructions);
    }
    for (size_t i = 0; i < from->counters.count; i++) {
        const rf_prof_counter *counter = &from->counters.data[i];
        const uint64_t before = rf_profile_counter(into, counter->name);
        if (counter->value != RF_PROF_UNKNOWN)
            rf_profile_set_counter(into, counter->name, (before == RF_PROF_UNKNOWN ? 0 : before) + counter->value, counter->unit);
    }
    rf_free(stacks);
    rf_free(funcs);
}

char *rf_profile_native_counter(const rf_profile *profile, uint32_t func)
{
    const rf_prof_func *it = &profile->funcs.data[func];
    return rf_format_text("native.calls %s %s:%u", it->name, it->file ? profile->files.data[it->file].path : "", it->line);
}

uint64_t rf_profile_native_calls(const rf_profile *profile, uint32_t func)
{
    char *name = rf_profile_native_counter(profile, func);
    const uint64_t calls = rf_profile_counter(profile, name);
    rf_free(name);
    return calls;
}

uint64_t rf_profile_counter(const rf_profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->counters.count; i++)
        if (strcmp(profile->counters.data[i].name, name) == 0) return profile->counters.data[i].value;
    return RF_PROF_UNKNOWN;
}

void rf_profile_set_counter(rf_profile *profile, const char *name, uint64_t value, const char *unit)
{
    for (size_t i = 0; i < profile->counters.count; i++)
        if (strcmp(profile->counters.data[i].name, name) == 0) {
            profile->counters.data[i].value = value;
            return;
        }
    rf_vector_push(&profile->counters, ((rf_prof_counter){rf_strdup(name), value, unit}));
}
