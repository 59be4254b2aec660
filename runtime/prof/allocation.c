/* Places and sites of the memory instrument: small tables by address, asked for every allocation, so the last answers
 * are kept in a direct-mapped cache. */
#include "prof/allocation.h"

#include <math.h>
#include <string.h>

enum {
    CACHE_SIZE = 1024,
    LIFE_CLASSES = 65,        /* powers of two of the distance in allocations */
    TEMPORARY_DISTANCE = 2,   /* freed before two further allocations */
    HISTORY_LIMIT = 80,       /* looks at all live sizes; when there are so many, every second is forgotten */
    FIRST_HISTORY_STEP = 64,  /* allocations between two looks */
    GROWTH_SLICES = 10, GROWTH_RISES = 8,
    SAMPLE_MEAN = 64 * 1024,
    UNFINISHED_OBJECTS = 16,  /* that a program may be making at any moment */
};

typedef struct place {
    const void *where;
    rf_allocation_place words;
} place;

typedef struct site {
    uint32_t place;
    uint8_t kind;
    const char *type; /* NULL until an object of it was looked at */
    uint64_t allocs, bytes, frees, freed_bytes;
    uint64_t peak_live, peak_live_bytes;
    uint64_t temporaries, growths, growth_from, growth_to;
    uint64_t copies, copy_bytes;
    uint32_t shared_by;
    uint64_t lives[LIFE_CLASSES];
} site;

typedef struct cached {
    const void *where;
    uint32_t kind, site;
} cached;

typedef RF_VECTOR(uint64_t) sizes; /* live bytes by site */

struct rf_allocations {
    rf_allocation_owner owner;
    rf_allocation_note *live;
    uint64_t sequence, frees, live_bytes, peak_bytes, snapshot_bytes;
    uint64_t history_step, next_look;
    int64_t until_sample;
    uint64_t sampled, random;
    RF_VECTOR(place) places; /* 0: unknown */
    RF_VECTOR(site) sites;   /* 0: none */
    uint32_t *slots;         /* of sites by place and kind, open addressing; 0 is free */
    uint32_t mask;
    RF_VECTOR(sizes) history;
    cached cache[CACHE_SIZE];
};

static void draw_sample(rf_allocations *allocations)
{
    allocations->random = allocations->random * 6364136223846793005u + 1442695040888963407u;
    const double u = ((double)(allocations->random >> 11) + 0.5) * 0x1p-53;
    allocations->until_sample = (int64_t)(-log(u) * SAMPLE_MEAN) + 1;
}

rf_allocations *rf_allocations_new(const rf_allocation_owner *owner)
{
    rf_allocations *allocations = rf_alloc_array_zero(rf_allocations, 1);
    allocations->owner = *owner;
    allocations->history_step = allocations->next_look = FIRST_HISTORY_STEP;
    allocations->random = 0x9e3779b97f4a7c15u; /* the same places are sampled in every run */
    draw_sample(allocations);
    rf_vector_push(&allocations->places, ((place){.words.function = rf_strdup("")}));
    rf_vector_push(&allocations->sites, ((site){0}));
    allocations->mask = 255;
    allocations->slots = rf_alloc_array_zero(uint32_t, allocations->mask + 1u);
    return allocations;
}

void rf_allocations_free(rf_allocations *allocations)
{
    if (!allocations) return;
    for (size_t i = 0; i < allocations->places.count; i++) {
        rf_free(allocations->places.data[i].words.function);
        rf_free(allocations->places.data[i].words.file);
    }
    for (size_t i = 0; i < allocations->history.count; i++) rf_vector_release(&allocations->history.data[i]);
    rf_vector_release(&allocations->places);
    rf_vector_release(&allocations->sites);
    rf_vector_release(&allocations->history);
    rf_free(allocations->slots);
    rf_free(allocations);
}

/* ---- places and sites ---- */

static uint64_t hash(const void *where, uint32_t kind)
{
    const uint64_t h = ((uint64_t)(uintptr_t)where + kind) * 0x9e3779b97f4a7c15u;
    return h >> 32;
}

static bool is_same_place(const rf_allocation_place *a, const rf_allocation_place *b)
{
    return a->line == b->line && a->function_line == b->function_line && strcmp(a->function, b->function) == 0 &&
           (a->file == b->file || (a->file && b->file && strcmp(a->file, b->file) == 0));
}

/* Of what runs now.  Instructions of one line are one place: found by search, once an instruction. */
static uint32_t place_now(rf_allocations *allocations)
{
    place made = {.where = allocations->owner.where(allocations->owner.context)};
    if (!made.where) return 0;
    allocations->owner.place(allocations->owner.context, &made.words);
    for (uint32_t i = 1; i < allocations->places.count; i++) {
        if (!is_same_place(&allocations->places.data[i].words, &made.words)) continue;
        rf_free(made.words.function);
        rf_free(made.words.file);
        return i;
    }
    rf_vector_push(&allocations->places, made);
    return (uint32_t)allocations->places.count - 1;
}

static uint64_t site_hash(uint32_t at, uint32_t kind)
{
    return hash((const void *)(uintptr_t)(at * 16u), kind);
}

static void insert(rf_allocations *allocations, uint32_t at)
{
    const site *s = &allocations->sites.data[at];
    uint32_t slot = (uint32_t)site_hash(s->place, s->kind) & allocations->mask;
    while (allocations->slots[slot]) slot = (slot + 1) & allocations->mask;
    allocations->slots[slot] = at;
}

static uint32_t site_at(rf_allocations *allocations, uint32_t at, unsigned kind)
{
    uint32_t slot = (uint32_t)site_hash(at, kind) & allocations->mask;
    for (; allocations->slots[slot]; slot = (slot + 1) & allocations->mask) {
        const site *s = &allocations->sites.data[allocations->slots[slot]];
        if (s->place == at && s->kind == kind) return allocations->slots[slot];
    }
    if (allocations->sites.count * 2 > allocations->mask) {
        rf_free(allocations->slots);
        allocations->mask = allocations->mask * 2 + 1;
        allocations->slots = rf_alloc_array_zero(uint32_t, allocations->mask + 1u);
        for (uint32_t i = 1; i < allocations->sites.count; i++) insert(allocations, i);
    }
    rf_vector_push(&allocations->sites, ((site){.place = at, .kind = (uint8_t)kind}));
    insert(allocations, (uint32_t)allocations->sites.count - 1);
    return (uint32_t)allocations->sites.count - 1;
}

static inline uint32_t site_now(rf_allocations *allocations, unsigned kind)
{
    const void *where = allocations->owner.where(allocations->owner.context);
    cached *c = &allocations->cache[hash(where, kind) % CACHE_SIZE];
    if (RF_UNLIKELY(c->where != where || c->kind != kind || !c->site))
        *c = (cached){where, kind, site_at(allocations, place_now(allocations), kind)};
    return c->site;
}

static uint64_t live_of(const site *s)
{
    return s->bytes - s->freed_bytes;
}

/* ---- peak and history ---- */

static void take_snapshot(rf_allocations *allocations)
{
    for (uint32_t i = 1; i < allocations->sites.count; i++) {
        site *s = &allocations->sites.data[i];
        s->peak_live = s->allocs - s->frees;
        s->peak_live_bytes = live_of(s);
    }
    allocations->snapshot_bytes = allocations->live_bytes;
}

static void note_peak(rf_allocations *allocations)
{
    if (allocations->live_bytes <= allocations->peak_bytes) return;
    allocations->peak_bytes = allocations->live_bytes;
    if (allocations->peak_bytes > allocations->snapshot_bytes + allocations->snapshot_bytes / 100)
        take_snapshot(allocations);
}

static void look(rf_allocations *allocations)
{
    if (allocations->history.count == HISTORY_LIMIT) {
        for (size_t i = 0; i < HISTORY_LIMIT; i += 2) {
            rf_vector_release(&allocations->history.data[i]);
            allocations->history.data[i / 2] = allocations->history.data[i + 1];
        }
        allocations->history.count = HISTORY_LIMIT / 2;
        allocations->history_step *= 2;
    }
    sizes now = {0};
    for (uint32_t i = 0; i < allocations->sites.count; i++)
        rf_vector_push(&now, live_of(&allocations->sites.data[i]));
    rf_vector_push(&allocations->history, now);
    allocations->next_look = allocations->sequence + allocations->history_step;
}

/* ---- notes ---- */

static void link_note(rf_allocations *allocations, rf_allocation_note *note)
{
    note->previous = NULL;
    note->next = allocations->live;
    if (note->next) note->next->previous = note;
    allocations->live = note;
}

void rf_allocation_begin(rf_allocations *allocations, rf_allocation_note *note, uint64_t size, unsigned kind,
                         bool is_buffer)
{
    const uint32_t at = site_now(allocations, kind);
    site *s = &allocations->sites.data[at];
    s->allocs++;
    s->bytes += size;
    note->site = at << 1 | is_buffer;
    note->shared_by = note->mark = 0;
    note->size = size;
    note->sequence = allocations->sequence++;
    link_note(allocations, note);
    allocations->live_bytes += size;
    note_peak(allocations);
    if (RF_UNLIKELY(allocations->sequence == allocations->next_look)) look(allocations);
    allocations->sampled += size;
    allocations->until_sample -= (int64_t)size;
    if (RF_UNLIKELY(allocations->until_sample <= 0)) {
        if (allocations->owner.sample) allocations->owner.sample(allocations->owner.context, allocations->sampled);
        allocations->sampled = 0;
        draw_sample(allocations);
    }
}

static site *site_of(rf_allocations *allocations, const rf_allocation_note *note)
{
    return &allocations->sites.data[note->site >> 1];
}

static bool is_buffer(const rf_allocation_note *note)
{
    return note->site & 1;
}

static void *block_of(rf_allocation_note *note)
{
    return (char *)note + RF_ALLOCATION_NOTE_SIZE;
}

void rf_allocation_end(rf_allocations *allocations, rf_allocation_note *note)
{
    site *s = site_of(allocations, note);
    s->frees++;
    s->freed_bytes += note->size;
    const uint64_t life = allocations->sequence - note->sequence - 1;
    s->temporaries += life < TEMPORARY_DISTANCE;
    s->lives[life ? 64 - __builtin_clzll(life) : 0]++;
    if (RF_UNLIKELY(!s->type) && !is_buffer(note))
        s->type = allocations->owner.type(allocations->owner.context, s->kind, block_of(note));
    allocations->live_bytes -= note->size;
    allocations->frees++;
    if (note->next) note->next->previous = note->previous;
    if (note->previous)
        note->previous->next = note->next;
    else
        allocations->live = note->next;
}

void rf_allocation_resize(rf_allocations *allocations, rf_allocation_note *note, uint64_t new_size)
{
    if (note->next) note->next->previous = note;
    if (note->previous)
        note->previous->next = note;
    else
        allocations->live = note;
    site *s = site_of(allocations, note);
    if (new_size > note->size) {
        if (!s->growths || note->size < s->growth_from) s->growth_from = note->size;
        if (new_size > s->growth_to) s->growth_to = new_size;
        s->growths++;
        s->bytes += new_size - note->size;
    } else {
        s->freed_bytes += note->size - new_size;
    }
    allocations->live_bytes += new_size - note->size;
    note->size = new_size;
    note_peak(allocations);
}

void rf_allocation_copy(rf_allocations *allocations, const rf_allocation_note *note, unsigned kind, uint64_t bytes)
{
    const uint32_t at = site_now(allocations, kind); /* may move the sites */
    site *s = &allocations->sites.data[at];
    s->copies++;
    s->copy_bytes += bytes;
    if (note->shared_by) s->shared_by = note->shared_by;
}

void rf_allocation_share(rf_allocations *allocations, rf_allocation_note *note)
{
    const uint32_t at = site_now(allocations, UINT8_MAX);
    note->shared_by = allocations->sites.data[at].place;
}

uint64_t rf_allocation_live_bytes(const rf_allocations *allocations)
{
    return allocations->live_bytes;
}

void rf_allocation_each(rf_allocations *allocations, void (*visit)(void *context, void *block, unsigned kind),
                        void *context)
{
    for (rf_allocation_note *note = allocations->live; note; note = note->next)
        if (!is_buffer(note)) visit(context, block_of(note), site_of(allocations, note)->kind);
}

const rf_allocation_place *rf_allocation_made(const rf_allocations *allocations, const rf_allocation_note *note)
{
    return &allocations->places.data[allocations->sites.data[note->site >> 1].place].words;
}

/* ---- findings ---- */

static uint64_t median_life(const site *s)
{
    uint64_t before = 0;
    for (int i = 0; i < LIFE_CLASSES; i++) {
        before += s->lives[i];
        if (before * 2 >= s->frees && before) return i ? (uint64_t)1 << (i - 1) : 0;
    }
    return 0;
}

static uint64_t looked(const rf_allocations *allocations, size_t when, uint32_t at)
{
    const sizes *then = &allocations->history.data[when];
    return at < then->count ? then->data[at] : 0;
}

/* Does it rise in 8 of 10 equal slices of the run, the last tenth left out? */
static bool is_growing(const rf_allocations *allocations, uint32_t at)
{
    const size_t count = allocations->history.count - allocations->history.count / 10;
    if (count < GROWTH_SLICES + 1) return false;
    unsigned rises = 0;
    for (size_t i = 0; i < GROWTH_SLICES; i++)
        rises += looked(allocations, (i + 1) * (count - 1) / GROWTH_SLICES, at) >
                 looked(allocations, i * (count - 1) / GROWTH_SLICES, at);
    return rises >= GROWTH_RISES;
}

static uint32_t profile_func(rf_profile *profile, const rf_allocation_place *words)
{
    if (!words->file) return rf_profile_func(profile, RF_FUNC_RUNTIME, "runtime", 0, 0);
    return rf_profile_func(profile, RF_FUNC_SCRIPT, words->function, rf_profile_file(profile, words->file),
                           words->function_line);
}

static const char *type_of(rf_allocations *allocations, site *s)
{
    if (!s->type) s->type = allocations->owner.type(allocations->owner.context, s->kind, NULL);
    return s->type;
}

static void find_live_types(rf_allocations *allocations, uint32_t newest_left_out)
{
    uint32_t seen = 0;
    for (rf_allocation_note *note = allocations->live; note; note = note->next) {
        site *s = site_of(allocations, note);
        if (seen++ < newest_left_out) continue;
        if (!s->type && !is_buffer(note))
            s->type = allocations->owner.type(allocations->owner.context, s->kind, block_of(note));
    }
}

static void add_site(rf_allocations *allocations, uint32_t at, rf_profile *profile)
{
    site *s = &allocations->sites.data[at];
    const rf_allocation_place *words = &allocations->places.data[s->place].words;
    const rf_allocation_place *sharer = &allocations->places.data[s->shared_by].words;
    const rf_prof_site found = {
        .func = profile_func(profile, words), .line = words->line, .type = rf_strdup(type_of(allocations, s)),
        .allocs = s->allocs, .bytes = s->bytes, .frees = s->frees, .freed_bytes = s->freed_bytes,
        .peak_live = s->peak_live, .peak_live_bytes = s->peak_live_bytes, .temporaries = s->temporaries,
        .growths = s->growths, .growth_from = s->growth_from, .growth_to = s->growth_to,
        .copies = s->copies, .copy_bytes = s->copy_bytes,
        .shared_func = s->shared_by ? profile_func(profile, sharer) : 0, .shared_line = s->shared_by ? sharer->line : 0,
        .median_life = median_life(s),
    };
    rf_vector_push(&profile->sites, found);
    if (live_of(s) && is_growing(allocations, at)) {
        const rf_prof_leak leak = {.verdict = RF_LEAK_GROWING, .func = found.func, .line = found.line,
                                   .type = rf_strdup(found.type), .count = s->allocs - s->frees,
                                   .bytes = live_of(s), .retained_bytes = live_of(s)};
        rf_vector_push(&profile->leaks, leak);
    }
}

static void add_findings(rf_allocations *allocations, rf_profile *profile)
{
    for (uint32_t i = 1; i < allocations->sites.count; i++)
        if (allocations->sites.data[i].kind != UINT8_MAX) add_site(allocations, i, profile);
    rf_prof_run *run = &profile->run;
    run->allocs += allocations->sequence;
    run->frees += allocations->frees;
    run->exit_live_bytes += allocations->live_bytes;
    run->peak_live_bytes += allocations->peak_bytes;
}

void rf_allocations_finish(rf_allocations *allocations, rf_profile *profile)
{
    find_live_types(allocations, 0);
    add_findings(allocations, profile);
}

void rf_allocations_finish_early(rf_allocations *allocations, rf_profile *profile)
{
    find_live_types(allocations, UNFINISHED_OBJECTS);
    add_findings(allocations, profile);
}
