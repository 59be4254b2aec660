/* Places and sites of the memory instrument, and the memory it hands out.
 *
 * What every block passes is in allocation_quick.h; here is the rest: finding the site of an instruction for the first
 * time, more memory, and what happens now and then (samples of stacks, looks at all live sizes). */
#include "prof/allocation_quick.h"

#include <math.h>
#include <string.h>

enum {
    HISTORY_LIMIT = 80,       /* looks at all live sizes; when there are so many, every second is forgotten */
    FIRST_HISTORY_STEP = 8192, /* bytes allocated between two looks: more than a start takes in all of them */
    GROWTH_SLICES = 10, GROWTH_RISES = 8,
    SAMPLE_MEAN = 64 * 1024,
    UNFINISHED_OBJECTS = 16,  /* that a program may be making at any moment */
    PAGE_SIZE = 8192,
    SHARES = RF_ALLOCATION_BUFFER - 1 /* the kind of sites that stand for a line that shares */
};

typedef struct place {
    const void *where;
    rf_allocation_place words;
} place;

typedef struct site {
    rf_allocation_counts counts; /* first: notes hold their address */
    uint32_t place;
    uint8_t kind;
    uint64_t peak_live, peak_live_bytes;
    uint64_t growths, growth_from, growth_to;
    uint64_t copies, copy_bytes;
    uint32_t shared_by;
} site;

typedef struct page { /* cells of one size follow */
    struct page *next;
    uint64_t cell_size;
} page;

typedef struct large { /* in front of the note of a block that is in no page */
    struct large *next, *previous;
    uint64_t size, unused;
} large;

typedef RF_VECTOR(uint64_t) sizes; /* live bytes by site */

struct rf_allocations {
    rf_allocation_quick quick; /* first: it is handed out for the whole */
    uint64_t peak_bytes, snapshot_bytes, next_event; /* next_event: in bytes allocated */
    rf_allocation_owner owner;
    page *pages;
    large *large;
    const void *nothing[2]; /* what is followed while nothing can be: leads to where no instruction is */
    uint64_t history_step, next_look, next_sample, sampled, random;
    RF_VECTOR(place) places; /* 0: unknown */
    RF_VECTOR(site *) sites; /* 0: none */
    uint32_t *slots;         /* of sites by place and kind, open addressing; 0 is free */
    uint32_t mask;
    RF_VECTOR(sizes) history;
};

/* ---- notes ---- */

enum { SIZE_ELSEWHERE = RF_ALLOCATION_IS_BUFFER - 1 };

static inline site *site_of(const rf_allocation_note *note)
{
    return (site *)rf_allocation_counts_of(note);
}

static inline bool is_buffer(const rf_allocation_note *note)
{
    return note->site_and_size & RF_ALLOCATION_IS_BUFFER;
}

/* What all notes of a site have in common. */
static uint64_t site_word(const site *s, bool is_buffer)
{
    return (uint64_t)(uintptr_t)s << RF_ALLOCATION_SIZE_BITS | (is_buffer ? RF_ALLOCATION_IS_BUFFER : 0);
}

static uint64_t with_size(uint64_t word, uint64_t size)
{
    return (word & ~(uint64_t)SIZE_ELSEWHERE) | (size < SIZE_ELSEWHERE ? size : SIZE_ELSEWHERE);
}

static large *large_of(const rf_allocation_note *note)
{
    return (large *)(uintptr_t)note - 1;
}

static uint64_t size_of(const rf_allocation_note *note)
{
    const uint64_t size = note->site_and_size & SIZE_ELSEWHERE;
    return size == SIZE_ELSEWHERE ? large_of(note)->size : size;
}

uint64_t rf_allocation_size(const void *block)
{
    return size_of(rf_allocation_note_of(block));
}

/* ---- totals ---- */

static uint64_t allocated(const rf_allocations *allocations)
{
    return allocations->next_event - (uint64_t)allocations->quick.to_event;
}

uint64_t rf_allocations_live(const rf_allocations *allocations)
{
    const uint64_t peak = __atomic_load_n(&allocations->peak_bytes, __ATOMIC_RELAXED);
    const uint64_t to_peak = (uint64_t)__atomic_load_n(&allocations->quick.to_peak, __ATOMIC_RELAXED);
    return to_peak > peak ? peak : peak - to_peak; /* while the peak is being raised */
}

/* ---- life ---- */

static void choose_next_event(rf_allocations *allocations)
{
    const uint64_t now = allocated(allocations);
    allocations->next_event =
        allocations->next_look < allocations->next_sample ? allocations->next_look : allocations->next_sample;
    allocations->quick.to_event = (int64_t)(allocations->next_event - now);
}

static void draw_sample(rf_allocations *allocations)
{
    allocations->random = allocations->random * 6364136223846793005u + 1442695040888963407u;
    const double u = ((double)(allocations->random >> 11) + 0.5) * 0x1p-53;
    allocations->next_sample = allocated(allocations) + (uint64_t)(-log(u) * SAMPLE_MEAN) + 1;
}

rf_allocations *rf_allocations_new(const rf_allocation_owner *owner)
{
    rf_allocations *allocations = rf_alloc_array_zero(rf_allocations, 1);
    allocations->owner = *owner;
    for (size_t i = 0; i < RF_ALLOCATION_CACHE; i++) allocations->quick.keys[i] = UINT64_MAX; /* of nothing */
    allocations->nothing[0] = &allocations->nothing[1];
    allocations->nothing[1] = allocations;
    rf_allocation_follow(allocations, NULL);
    allocations->history_step = allocations->next_look = FIRST_HISTORY_STEP;
    allocations->random = 0x9e3779b97f4a7c15u; /* the same places are sampled in every run */
    draw_sample(allocations);
    choose_next_event(allocations);
    rf_vector_push(&allocations->places, ((place){.words.function = rf_strdup("")}));
    rf_vector_push(&allocations->sites, rf_new(site));
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
    for (size_t i = 0; i < allocations->sites.count; i++) rf_free(allocations->sites.data[i]);
    for (size_t i = 0; i < allocations->history.count; i++) rf_vector_release(&allocations->history.data[i]);
    while (allocations->pages) {
        page *p = allocations->pages;
        allocations->pages = p->next;
        rf_free(p);
    }
    rf_vector_release(&allocations->places);
    rf_vector_release(&allocations->sites);
    rf_vector_release(&allocations->history);
    rf_free(allocations->slots);
    rf_free(allocations);
}

void rf_allocation_follow(rf_allocations *allocations, const void *running)
{
    allocations->quick.running = running ? running : allocations->nothing;
}

/* ---- places and sites ---- */

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

static uint32_t first_slot(const rf_allocations *allocations, uint32_t at, uint32_t kind)
{
    return (uint32_t)((at * 256u + kind) * 0x9e3779b97f4a7c15u >> 32) & allocations->mask;
}

static void insert(rf_allocations *allocations, uint32_t at)
{
    const site *s = allocations->sites.data[at];
    uint32_t slot = first_slot(allocations, s->place, s->kind);
    while (allocations->slots[slot]) slot = (slot + 1) & allocations->mask;
    allocations->slots[slot] = at;
}

static site *site_at(rf_allocations *allocations, uint32_t at, unsigned kind)
{
    uint32_t slot = first_slot(allocations, at, kind);
    for (; allocations->slots[slot]; slot = (slot + 1) & allocations->mask) {
        site *s = allocations->sites.data[allocations->slots[slot]];
        if (s->place == at && s->kind == kind) return s;
    }
    if (allocations->sites.count * 2 > allocations->mask) {
        rf_free(allocations->slots);
        allocations->mask = allocations->mask * 2 + 1;
        allocations->slots = rf_alloc_array_zero(uint32_t, allocations->mask + 1u);
        for (uint32_t i = 1; i < allocations->sites.count; i++) insert(allocations, i);
    }
    site *made = rf_new(site);
    made->place = at;
    made->kind = (uint8_t)kind;
    rf_vector_push(&allocations->sites, made);
    insert(allocations, (uint32_t)allocations->sites.count - 1);
    return made;
}

/* What runs is not what can be read, or allocates for the first time. */
static uint64_t word_asked(rf_allocations *allocations, unsigned kind)
{
    const void *where = allocations->owner.where(allocations->owner.context);
    const uint64_t key = rf_allocation_key(where, rf_allocation_mark(kind));
    rf_allocation_quick *quick = &allocations->quick;
    if (*rf_allocation_entry(quick->keys, key) == key) return *rf_allocation_entry(quick->words, key);
    const bool is_buffer = kind & RF_ALLOCATION_BUFFER;
    const site *s = site_at(allocations, place_now(allocations), kind & ~(unsigned)RF_ALLOCATION_BUFFER);
    *rf_allocation_entry(quick->keys, key) = key;
    return *rf_allocation_entry(quick->words, key) = site_word(s, is_buffer);
}

static site *site_now(rf_allocations *allocations, unsigned kind)
{
    rf_allocation_quick *quick = &allocations->quick;
    const uint64_t key = rf_allocation_key_now(quick, rf_allocation_mark(kind));
    const bool is_known = *rf_allocation_entry(quick->keys, key) == key;
    const uint64_t word = is_known ? *rf_allocation_entry(quick->words, key) : word_asked(allocations, kind);
    return (site *)(uintptr_t)(word >> RF_ALLOCATION_SIZE_BITS);
}

static uint64_t frees_of(const site *s)
{
    uint64_t sum = 0;
    for (int i = 0; i < RF_ALLOCATION_LIVES; i++) sum += s->counts.lives[i];
    return sum;
}

static uint64_t live_of(const site *s)
{
    return s->counts.bytes - s->counts.freed_bytes;
}

/* ---- peak and history ---- */

static void raise_peak(rf_allocations *allocations)
{
    __atomic_store_n(&allocations->peak_bytes, allocations->peak_bytes - (uint64_t)allocations->quick.to_peak, __ATOMIC_RELAXED);
    rf_allocation_add_live(&allocations->quick, allocations->quick.to_peak);
    if (allocations->peak_bytes <= allocations->snapshot_bytes + allocations->snapshot_bytes / 100) return;
    for (uint32_t i = 1; i < allocations->sites.count; i++) {
        site *s = allocations->sites.data[i];
        s->peak_live = s->counts.allocs - frees_of(s);
        s->peak_live_bytes = live_of(s);
    }
    allocations->snapshot_bytes = allocations->peak_bytes;
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
    for (uint32_t i = 0; i < allocations->sites.count; i++) rf_vector_push(&now, live_of(allocations->sites.data[i]));
    rf_vector_push(&allocations->history, now);
    allocations->next_look = allocated(allocations) + allocations->history_step;
}

void *rf_allocation_event(rf_allocation_quick *quick, size_t size, void *block)
{
    (void)size;
    rf_allocations *allocations = (rf_allocations *)quick;
    const uint64_t now = allocated(allocations);
    if (now >= allocations->next_look) look(allocations);
    if (now >= allocations->next_sample) {
        if (allocations->owner.sample) allocations->owner.sample(allocations->owner.context, now - allocations->sampled);
        allocations->sampled = now;
        draw_sample(allocations);
    }
    choose_next_event(allocations);
    return block;
}

void *rf_allocation_peaked(rf_allocation_quick *quick, size_t size, void *block)
{
    raise_peak((rf_allocations *)quick);
    quick->to_event -= (int64_t)size;
    return quick->to_event < 0 ? rf_allocation_event(quick, size, block) : block;
}

/* ---- memory ---- */

static rf_allocation_cell *add_page(rf_allocations *allocations, size_t class)
{
    const size_t size = (class ? class : 1) * RF_ALLOCATION_GRAIN + sizeof(rf_allocation_note);
    page *p = rf_alloc(PAGE_SIZE);
    *p = (page){allocations->pages, size};
    allocations->pages = p;
    rf_allocation_cell *next = NULL;
    for (size_t at = sizeof *p + (PAGE_SIZE - sizeof *p) / size * size; at > sizeof *p;) { /* in address order */
        at -= size;
        rf_allocation_cell *c = (rf_allocation_cell *)(void *)((char *)p + at + sizeof(rf_allocation_note));
        c->next = next;
        next = c;
    }
    allocations->quick.free[class] = next;
    return next;
}

static void link_large(rf_allocations *allocations, large *block)
{
    block->previous = NULL;
    block->next = allocations->large;
    if (block->next) block->next->previous = block;
    allocations->large = block;
}

static void unlink_large(rf_allocations *allocations, const large *block)
{
    if (block->next) block->next->previous = block->previous;
    if (block->previous)
        block->previous->next = block->next;
    else
        allocations->large = block->next;
}

static rf_allocation_note *take_large(rf_allocations *allocations, size_t size)
{
    large *block = rf_alloc(sizeof *block + sizeof(rf_allocation_note) + size);
    block->size = size;
    link_large(allocations, block);
    return (rf_allocation_note *)(void *)(block + 1);
}

static void give_large(rf_allocations *allocations, rf_allocation_note *note)
{
    unlink_large(allocations, large_of(note));
    rf_free(large_of(note));
}

static rf_allocation_note *take_memory(rf_allocations *allocations, size_t size)
{
    if (size > RF_ALLOCATION_SMALL) return take_large(allocations, size);
    const size_t class = rf_allocation_class(size);
    rf_allocation_cell *c = allocations->quick.free[class];
    if (!c) c = add_page(allocations, class);
    allocations->quick.free[class] = c->next;
    return rf_allocation_note_of(c);
}

static void give_memory(rf_allocations *allocations, rf_allocation_note *note, size_t size)
{
    if (size > RF_ALLOCATION_SMALL)
        give_large(allocations, note);
    else
        rf_allocation_give_cell(&allocations->quick, note + 1, size);
}

/* ---- blocks ---- */

void *rf_allocation_take_slowly(rf_allocations *allocations, size_t size, uint64_t mark)
{
    const unsigned kind = rf_allocation_kind(mark);
    const site *s = site_now(allocations, kind);
    rf_allocation_note *note = take_memory(allocations, size);
    return rf_allocation_begin(&allocations->quick, note + 1, with_size(site_word(s, kind & RF_ALLOCATION_BUFFER), size), size);
}

void *rf_allocation_take(rf_allocations *allocations, size_t size, unsigned kind)
{
    const uint64_t mark = rf_allocation_mark(kind);
    if (size > RF_ALLOCATION_SMALL) return rf_allocation_take_slowly(allocations, size, mark);
    return rf_allocation_take_quickly(allocations, size, mark);
}

static void find_type(rf_allocations *allocations, site *s, rf_allocation_note *note)
{
    s->counts.type = allocations->owner.type(allocations->owner.context, s->kind, is_buffer(note) ? NULL : note + 1);
    s->counts.quick = RF_ALLOCATION_SMALL;
}

void rf_allocation_give_slowly(rf_allocation_quick *quick, void *block, size_t size)
{
    rf_allocations *allocations = (rf_allocations *)quick;
    rf_allocation_note *note = rf_allocation_note_of(block);
    site *s = site_of(note);
    if (!s->counts.type) find_type(allocations, s, note);
    rf_allocation_end(quick, note, &s->counts, size);
    give_memory(allocations, note, size);
}

void rf_allocation_give(rf_allocations *allocations, void *block, size_t size)
{
    rf_allocation_give_quickly(allocations, block, size);
}

static void note_resize(rf_allocations *allocations, site *s, uint64_t old_size, uint64_t new_size)
{
    if (new_size > old_size) {
        if (!s->growths || old_size < s->growth_from) s->growth_from = old_size;
        if (new_size > s->growth_to) s->growth_to = new_size;
        s->growths++;
        s->counts.bytes += new_size - old_size;
    } else {
        s->counts.freed_bytes += old_size - new_size;
    }
    if (rf_allocation_add_live(&allocations->quick, (int64_t)(new_size - old_size)) < 0) raise_peak(allocations);
}

void *rf_allocation_resize(rf_allocations *allocations, void *block, size_t old_size, size_t new_size)
{
    rf_allocation_note *note = rf_allocation_note_of(block);
    site *s = site_of(note);
    if (old_size > RF_ALLOCATION_SMALL && new_size > RF_ALLOCATION_SMALL) {
        unlink_large(allocations, large_of(note));
        large *moved = rf_realloc(large_of(note), sizeof *moved + sizeof *note + new_size);
        moved->size = new_size;
        link_large(allocations, moved);
        note = (rf_allocation_note *)(void *)(moved + 1);
    } else {
        rf_allocation_note *moved = take_memory(allocations, new_size);
        memcpy(moved, note, sizeof *note + (old_size < new_size ? old_size : new_size));
        give_memory(allocations, note, old_size);
        note = moved;
    }
    note->site_and_size = with_size(note->site_and_size, new_size);
    note_resize(allocations, s, old_size, new_size);
    return note + 1;
}

void rf_allocation_copy(rf_allocations *allocations, const void *block, unsigned kind, uint64_t bytes)
{
    site *s = site_now(allocations, kind);
    s->copies++;
    s->copy_bytes += bytes;
    if (rf_allocation_note_of(block)->link) s->shared_by = rf_allocation_note_of(block)->link;
}

void rf_allocation_share(rf_allocations *allocations, const void *block)
{
    rf_allocation_note_of(block)->link = site_now(allocations, SHARES)->place;
}

/* ---- what lives ---- */

typedef void visit_note(rf_allocations *allocations, rf_allocation_note *note, void *context);

/* Their notes still tell what was there. */
static void forget_free_cells(rf_allocations *allocations)
{
    for (size_t class = 0; class < RF_ALLOCATION_CLASSES; class++)
        for (const rf_allocation_cell *c = allocations->quick.free[class]; c; c = c->next)
            rf_allocation_note_of(c)->site_and_size = 0;
}

static void each_note(rf_allocations *allocations, visit_note *visit, void *context)
{
    forget_free_cells(allocations);
    for (page *p = allocations->pages; p; p = p->next)
        for (size_t at = sizeof *p; at + p->cell_size <= PAGE_SIZE; at += p->cell_size) {
            rf_allocation_note *note = (rf_allocation_note *)(void *)((char *)p + at);
            if (note->site_and_size) visit(allocations, note, context);
        }
    for (large *block = allocations->large; block; block = block->next)
        visit(allocations, (rf_allocation_note *)(void *)(block + 1), context);
}

typedef struct object_visit {
    void (*visit)(void *context, void *block, unsigned kind);
    void *context;
} object_visit;

static void visit_object(rf_allocations *allocations, rf_allocation_note *note, void *context)
{
    (void)allocations;
    const object_visit *wanted = context;
    if (!is_buffer(note)) wanted->visit(wanted->context, note + 1, site_of(note)->kind);
}

void rf_allocation_each(rf_allocations *allocations, void (*visit)(void *context, void *block, unsigned kind),
                        void *context)
{
    object_visit wanted = {visit, context};
    each_note(allocations, visit_object, &wanted);
}

const rf_allocation_place *rf_allocation_made(const rf_allocations *allocations, const void *block)
{
    return &allocations->places.data[site_of(rf_allocation_note_of(block))->place].words;
}

const rf_allocation_place *rf_allocation_place_at(const rf_allocations *allocations, uint32_t number)
{
    return &allocations->places.data[number].words;
}

/* ---- findings ---- */

static uint64_t median_life(const site *s)
{
    const uint64_t frees = frees_of(s);
    uint64_t before = 0;
    for (int i = 0; i < RF_ALLOCATION_LIVES; i++) {
        before += s->counts.lives[i];
        if (before * 2 >= frees && before) return i ? (uint64_t)1 << (i - 1) : 0;
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
    if (!s->counts.type) s->counts.type = allocations->owner.type(allocations->owner.context, s->kind, NULL);
    return s->counts.type;
}

/* newest_left_out: so many of the newest blocks are not looked at. */
static void find_live_type(rf_allocations *allocations, rf_allocation_note *note, void *context)
{
    const uint32_t *newest_left_out = context;
    site *s = site_of(note);
    if (!s->counts.type && allocations->quick.sequence - note->sequence >= *newest_left_out) find_type(allocations, s, note);
}

static void add_site(rf_allocations *allocations, uint32_t at, rf_profile *profile)
{
    site *s = allocations->sites.data[at];
    const rf_allocation_place *words = &allocations->places.data[s->place].words;
    const rf_allocation_place *sharer = &allocations->places.data[s->shared_by].words;
    const rf_prof_site found = {
        .func = profile_func(profile, words), .line = words->line, .type = rf_strdup(type_of(allocations, s)),
        .allocs = s->counts.allocs, .bytes = s->counts.bytes, .frees = frees_of(s), .freed_bytes = s->counts.freed_bytes,
        .peak_live = s->peak_live, .peak_live_bytes = s->peak_live_bytes,
        .temporaries = s->counts.lives[0] + s->counts.lives[1], /* freed before two further allocations */
        .growths = s->growths, .growth_from = s->growth_from, .growth_to = s->growth_to,
        .copies = s->copies, .copy_bytes = s->copy_bytes,
        .shared_func = s->shared_by ? profile_func(profile, sharer) : 0, .shared_line = s->shared_by ? sharer->line : 0,
        .median_life = median_life(s),
    };
    rf_vector_push(&profile->sites, found);
    if (live_of(s) && is_growing(allocations, at)) {
        const rf_prof_leak leak = {.verdict = RF_LEAK_GROWING, .func = found.func, .line = found.line,
                                   .type = rf_strdup(found.type), .count = s->counts.allocs - frees_of(s),
                                   .bytes = live_of(s), .retained_bytes = live_of(s)};
        rf_vector_push(&profile->leaks, leak);
    }
}

static void add_findings(rf_allocations *allocations, rf_profile *profile)
{
    for (uint32_t i = 1; i < allocations->sites.count; i++)
        if (allocations->sites.data[i]->kind != SHARES) add_site(allocations, i, profile);
    rf_prof_run *run = &profile->run;
    for (uint32_t i = 1; i < allocations->sites.count; i++) {
        run->allocs += allocations->sites.data[i]->counts.allocs;
        run->frees += frees_of(allocations->sites.data[i]);
    }
    run->exit_live_bytes += rf_allocations_live(allocations);
    run->peak_live_bytes += allocations->peak_bytes;
}

static void finish(rf_allocations *allocations, rf_profile *profile, uint32_t newest_left_out)
{
    each_note(allocations, find_live_type, &newest_left_out);
    add_findings(allocations, profile);
}

void rf_allocations_finish(rf_allocations *allocations, rf_profile *profile)
{
    finish(allocations, profile, 0);
}

void rf_allocations_finish_early(rf_allocations *allocations, rf_profile *profile)
{
    finish(allocations, profile, UNFINISHED_OBJECTS);
}
