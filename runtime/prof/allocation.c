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
    FIRST_CELLS = 4, PAGE_SIZE = 8192, /* pages of a group hold twice as many cells each time, at most so many bytes */
    SHARES = RF_ALLOCATION_KINDS,     /* the kind of sites that stand for a line that shares */
    SITE = RF_ALLOCATION_SIZES - 1    /* in place of a size: the site itself is meant */
};

#define NO_KEY UINT64_MAX
#define FREE (RF_ALLOCATION_ALIVE - 1) /* link of free cells while live ones are walked */

typedef struct rf_allocation_site {
    rf_allocation_group *groups;
    const char *type; /* NULL until an object of it was looked at */
    uint32_t place;
    uint8_t kind;
    uint64_t bytes, freed_bytes; /* beyond what groups count: of large blocks, and lost by shrinking */
    uint64_t peak_live, peak_live_bytes;
    uint64_t growths, growth_from, growth_to;
    uint64_t copies, copy_bytes;
    uint32_t shared_by;
} site;

typedef struct page { /* cells follow */
    struct page *next;
    uint32_t cells, cell_size;
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
    rf_allocation_entry *all; /* what the cache in quick cannot hold, too: open addressing; NO_KEY is free */
    size_t all_count, all_mask;
    RF_VECTOR(rf_allocation_place) places; /* 0: unknown */
    RF_VECTOR(site *) sites; /* 0: none */
    uint32_t *slots;         /* of sites by place and kind, open addressing; 0 is free */
    uint32_t mask;
    RF_VECTOR(sizes) history;
};

/* ---- notes ---- */

static inline site *site_of(const rf_allocation_note *note)
{
    return note->group->site;
}

static large *large_of(const rf_allocation_note *note)
{
    return (large *)(uintptr_t)note - 1;
}

static uint64_t size_of(const rf_allocation_note *note)
{
    return note->group->size == RF_ALLOCATION_LARGE ? large_of(note)->size : note->group->size;
}

uint64_t rf_allocation_size(const void *block)
{
    return size_of(rf_allocation_note_of(block));
}

/* ---- what is known of keys ---- */

static size_t first_entry(const rf_allocations *allocations, uint64_t key)
{
    return (size_t)(key * 0x9e3779b97f4a7c15u >> 32) & allocations->all_mask;
}

static rf_allocation_entry *entry_in_all(const rf_allocations *allocations, uint64_t key)
{
    size_t i = first_entry(allocations, key);
    while (allocations->all[i].key != key && allocations->all[i].key != NO_KEY) i = (i + 1) & allocations->all_mask;
    return &allocations->all[i];
}

static void make_all(rf_allocations *allocations, size_t mask)
{
    allocations->all_mask = mask;
    allocations->all = rf_alloc_array(rf_allocation_entry, mask + 1);
    for (size_t i = 0; i <= mask; i++) allocations->all[i].key = NO_KEY;
}

static void grow_all(rf_allocations *allocations)
{
    const size_t old = allocations->all_mask;
    rf_allocation_entry *entries = allocations->all;
    make_all(allocations, old * 2 + 1);
    for (size_t i = 0; i <= old; i++)
        if (entries[i].key != NO_KEY) *entry_in_all(allocations, entries[i].key) = entries[i];
    rf_free(entries);
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
    for (size_t i = 0; i < RF_ALLOCATION_CACHE; i++) allocations->quick.cache[i].key = NO_KEY;
    make_all(allocations, 255);
    allocations->nothing[0] = &allocations->nothing[1];
    allocations->nothing[1] = allocations;
    rf_allocation_follow(allocations, NULL);
    allocations->history_step = allocations->next_look = FIRST_HISTORY_STEP;
    allocations->random = 0x9e3779b97f4a7c15u; /* the same places are sampled in every run */
    draw_sample(allocations);
    choose_next_event(allocations);
    rf_vector_push(&allocations->places, ((rf_allocation_place){.function = rf_strdup("")}));
    rf_vector_push(&allocations->sites, rf_new(site));
    allocations->mask = 255;
    allocations->slots = rf_alloc_array_zero(uint32_t, allocations->mask + 1u);
    return allocations;
}

static void free_site(site *s)
{
    while (s->groups) {
        rf_allocation_group *group = s->groups;
        s->groups = group->next;
        rf_free(group);
    }
    rf_free(s);
}

void rf_allocations_free(rf_allocations *allocations)
{
    if (!allocations) return;
    for (size_t i = 0; i < allocations->places.count; i++) {
        rf_free(allocations->places.data[i].function);
        rf_free(allocations->places.data[i].file);
    }
    for (size_t i = 0; i < allocations->sites.count; i++) free_site(allocations->sites.data[i]);
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
    rf_free(allocations->all);
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
    if (!allocations->owner.where(allocations->owner.context)) return 0;
    rf_allocation_place made;
    allocations->owner.place(allocations->owner.context, &made);
    for (uint32_t i = 1; i < allocations->places.count; i++) {
        if (!is_same_place(&allocations->places.data[i], &made)) continue;
        rf_free(made.function);
        rf_free(made.file);
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

/* What is known of what runs; NULL: nothing yet, or it cannot be read. */
static inline void *find_now(rf_allocations *allocations, uint64_t mark)
{
    rf_allocation_quick *quick = &allocations->quick;
    const uint64_t key = rf_allocation_key_now(quick, mark);
    const rf_allocation_entry *entry = rf_allocation_entry_of(quick, key);
    return RF_LIKELY(entry->key == key) ? entry->found : NULL;
}

/* The same by asking. */
static void *find_asked(rf_allocations *allocations, uint64_t mark)
{
    const uint64_t key = rf_allocation_key(allocations->owner.where(allocations->owner.context), mark);
    rf_allocation_entry *entry = rf_allocation_entry_of(&allocations->quick, key);
    if (entry->key == key) return entry->found;
    const rf_allocation_entry *kept = entry_in_all(allocations, key);
    if (kept->key != key) return NULL;
    *entry = *kept;
    return kept->found;
}

static void *keep(rf_allocations *allocations, uint64_t mark, void *found)
{
    const uint64_t key = rf_allocation_key(allocations->owner.where(allocations->owner.context), mark);
    if (++allocations->all_count * 2 > allocations->all_mask) grow_all(allocations);
    *entry_in_all(allocations, key) = *rf_allocation_entry_of(&allocations->quick, key) = (rf_allocation_entry){key, found};
    return found;
}

static RF_NOINLINE site *site_asked(rf_allocations *allocations, unsigned kind, uint64_t mark)
{
    site *s = find_asked(allocations, mark);
    return s ? s : keep(allocations, mark, site_at(allocations, place_now(allocations), kind));
}

static inline site *site_now(rf_allocations *allocations, unsigned kind)
{
    const uint64_t mark = rf_allocation_mark(kind) + rf_allocation_size_mark(SITE);
    site *s = find_now(allocations, mark);
    return RF_LIKELY(s != NULL) ? s : site_asked(allocations, kind, mark);
}

/* The one asked for last comes first. */
static rf_allocation_group *group_of(site *s, bool is_buffer, size_t size)
{
    if (size > RF_ALLOCATION_SMALL) size = RF_ALLOCATION_LARGE;
    rf_allocation_group **at = &s->groups;
    while (*at && ((*at)->size != size || (*at)->is_buffer != is_buffer)) at = &(*at)->next;
    rf_allocation_group *group = *at;
    if (group) {
        *at = group->next;
    } else {
        group = rf_new(rf_allocation_group);
        group->site = s;
        group->size = (uint32_t)size;
        group->is_buffer = is_buffer;
        group->cells = FIRST_CELLS;
        group->is_quick = s->type && size <= RF_ALLOCATION_SMALL;
    }
    group->next = s->groups;
    return s->groups = group;
}

static rf_allocation_group *group_now(rf_allocations *allocations, size_t size, uint64_t mark)
{
    const uint64_t whole = mark + rf_allocation_size_mark(size > RF_ALLOCATION_SMALL ? RF_ALLOCATION_LARGE : size);
    rf_allocation_group *group = find_now(allocations, whole);
    if (!group) group = find_asked(allocations, whole);
    if (group) return group;
    const unsigned kind = rf_allocation_kind(mark);
    site *s = site_now(allocations, kind & ~(unsigned)RF_ALLOCATION_BUFFER);
    return keep(allocations, whole, group_of(s, kind & RF_ALLOCATION_BUFFER, size));
}

static uint64_t frees_of(const rf_allocation_group *group)
{
    uint64_t sum = 0;
    for (int i = 0; i < RF_ALLOCATION_LIVES; i++) sum += group->lives[i];
    return sum;
}

typedef struct counts {
    uint64_t allocs, bytes, frees, freed_bytes;
} counts;

static counts counts_of(const site *s)
{
    counts all = {.bytes = s->bytes, .freed_bytes = s->freed_bytes};
    for (const rf_allocation_group *group = s->groups; group; group = group->next) {
        const uint64_t frees = frees_of(group), size = group->size == RF_ALLOCATION_LARGE ? 0 : group->size;
        all.allocs += group->allocs;
        all.frees += frees;
        all.bytes += group->allocs * size;
        all.freed_bytes += frees * size;
    }
    return all;
}

/* Released blocks by their life. */
static uint64_t lives_of(const site *s, int life)
{
    uint64_t sum = 0;
    for (const rf_allocation_group *group = s->groups; group; group = group->next) sum += group->lives[life];
    return sum;
}

/* ---- peak and history ---- */

static void raise_peak(rf_allocations *allocations)
{
    __atomic_store_n(&allocations->peak_bytes, allocations->peak_bytes - (uint64_t)allocations->quick.to_peak, __ATOMIC_RELAXED);
    rf_allocation_add_live(&allocations->quick, allocations->quick.to_peak);
    if (allocations->peak_bytes <= allocations->snapshot_bytes + allocations->snapshot_bytes / 100) return;
    for (uint32_t i = 1; i < allocations->sites.count; i++) {
        site *s = allocations->sites.data[i];
        const counts now = counts_of(s);
        s->peak_live = now.allocs - now.frees;
        s->peak_live_bytes = now.bytes - now.freed_bytes;
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
    for (uint32_t i = 0; i < allocations->sites.count; i++) {
        const counts all = counts_of(allocations->sites.data[i]);
        rf_vector_push(&now, all.bytes - all.freed_bytes);
    }
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

static void add_page(rf_allocations *allocations, rf_allocation_group *group)
{
    const size_t class = (group->size + RF_ALLOCATION_GRAIN - 1) / RF_ALLOCATION_GRAIN;
    const size_t size = (class ? class : 1) * RF_ALLOCATION_GRAIN + sizeof(rf_allocation_note);
    page *p = rf_alloc(sizeof *p + group->cells * size);
    *p = (page){allocations->pages, group->cells, (uint32_t)size};
    allocations->pages = p;
    for (uint32_t i = group->cells; i-- > 0;) { /* in address order */
        rf_allocation_note *note = (rf_allocation_note *)(void *)((char *)(p + 1) + i * size);
        note->group = group;
        rf_allocation_give_cell(group, note + 1);
    }
    if (2 * group->cells * size <= PAGE_SIZE) group->cells *= 2;
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

static rf_allocation_note *take_large(rf_allocations *allocations, rf_allocation_group *group, size_t size)
{
    large *block = rf_alloc(sizeof *block + sizeof(rf_allocation_note) + size);
    block->size = size;
    link_large(allocations, block);
    rf_allocation_note *note = (rf_allocation_note *)(void *)(block + 1);
    note->group = group;
    return note;
}

static void give_large(rf_allocations *allocations, rf_allocation_note *note)
{
    unlink_large(allocations, large_of(note));
    rf_free(large_of(note));
}

static rf_allocation_note *take_memory(rf_allocations *allocations, rf_allocation_group *group, size_t size)
{
    if (group->size == RF_ALLOCATION_LARGE) return take_large(allocations, group, size);
    if (!group->free) add_page(allocations, group);
    rf_allocation_cell *c = group->free;
    group->free = c->next;
    return rf_allocation_note_of(c);
}

static void give_memory(rf_allocations *allocations, rf_allocation_note *note)
{
    if (note->group->size == RF_ALLOCATION_LARGE)
        give_large(allocations, note);
    else
        rf_allocation_give_cell(note->group, note + 1);
}

/* ---- blocks ---- */

void *rf_allocation_take_slowly(rf_allocations *allocations, size_t size, uint64_t mark)
{
    rf_allocation_group *group = group_now(allocations, size, mark);
    rf_allocation_note *note = take_memory(allocations, group, size);
    if (group->size == RF_ALLOCATION_LARGE) group->site->bytes += size;
    return rf_allocation_begin(&allocations->quick, group, note + 1, size);
}

void *rf_allocation_take(rf_allocations *allocations, size_t size, unsigned kind)
{
    const uint64_t mark = rf_allocation_mark(kind);
    if (size > RF_ALLOCATION_SMALL) return rf_allocation_take_slowly(allocations, size, mark);
    return rf_allocation_take_quickly(allocations, size, mark);
}

static void find_type(rf_allocations *allocations, site *s, rf_allocation_note *note)
{
    s->type = allocations->owner.type(allocations->owner.context, s->kind, note->group->is_buffer ? NULL : note + 1);
    for (rf_allocation_group *group = s->groups; group; group = group->next) group->is_quick = group->size != RF_ALLOCATION_LARGE;
}

void rf_allocation_give_slowly(rf_allocation_quick *quick, void *block, size_t size)
{
    rf_allocations *allocations = (rf_allocations *)quick;
    rf_allocation_note *note = rf_allocation_note_of(block);
    site *s = site_of(note);
    if (!s->type) find_type(allocations, s, note);
    if (note->group->size == RF_ALLOCATION_LARGE) s->freed_bytes += size;
    rf_allocation_end(quick, note, note->group, size);
    give_memory(allocations, note);
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
    } else { /* groups count it as if it had always been so small */
        s->bytes += old_size - new_size;
        s->freed_bytes += old_size - new_size;
    }
    if (rf_allocation_add_live(&allocations->quick, (int64_t)(new_size - old_size)) < 0) raise_peak(allocations);
}

/* A block of the group more or, by -1, less. */
static void count_block(rf_allocation_group *group, int64_t more, uint64_t size)
{
    group->allocs += (uint64_t)more;
    if (group->size == RF_ALLOCATION_LARGE) group->site->bytes += (uint64_t)more * size;
}

void *rf_allocation_resize(rf_allocations *allocations, void *block, size_t old_size, size_t new_size)
{
    rf_allocation_note *note = rf_allocation_note_of(block);
    rf_allocation_group *old = note->group, *group = group_of(old->site, old->is_buffer, new_size);
    if (old->size == RF_ALLOCATION_LARGE && group == old) {
        unlink_large(allocations, large_of(note));
        large *moved = rf_realloc(large_of(note), sizeof *moved + sizeof *note + new_size);
        moved->size = new_size;
        link_large(allocations, moved);
        note = (rf_allocation_note *)(void *)(moved + 1);
    } else {
        rf_allocation_note *moved = take_memory(allocations, group, new_size);
        moved->sequence = note->sequence;
        moved->link = note->link;
        memcpy(moved + 1, block, old_size < new_size ? old_size : new_size);
        give_memory(allocations, note);
        note = moved;
    }
    count_block(old, -1, old_size);
    count_block(group, 1, new_size);
    note_resize(allocations, group->site, old_size, new_size);
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

static void mark_free_cells(rf_allocations *allocations)
{
    for (size_t i = 0; i < allocations->sites.count; i++)
        for (const rf_allocation_group *group = allocations->sites.data[i]->groups; group; group = group->next)
            for (const rf_allocation_cell *c = group->free; c; c = c->next) rf_allocation_note_of(c)->link = FREE;
}

static void each_note(rf_allocations *allocations, visit_note *visit, void *context)
{
    mark_free_cells(allocations);
    for (page *p = allocations->pages; p; p = p->next)
        for (uint32_t i = 0; i < p->cells; i++) {
            rf_allocation_note *note = (rf_allocation_note *)(void *)((char *)(p + 1) + i * (size_t)p->cell_size);
            if (note->link != FREE) visit(allocations, note, context);
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
    if (!note->group->is_buffer) wanted->visit(wanted->context, note + 1, site_of(note)->kind);
}

void rf_allocation_each(rf_allocations *allocations, void (*visit)(void *context, void *block, unsigned kind),
                        void *context)
{
    object_visit wanted = {visit, context};
    each_note(allocations, visit_object, &wanted);
}

const rf_allocation_place *rf_allocation_made(const rf_allocations *allocations, const void *block)
{
    return &allocations->places.data[site_of(rf_allocation_note_of(block))->place];
}

const rf_allocation_place *rf_allocation_place_at(const rf_allocations *allocations, uint32_t number)
{
    return &allocations->places.data[number];
}

/* ---- findings ---- */

static uint64_t median_life(const site *s, uint64_t frees)
{
    uint64_t before = 0;
    for (int i = 0; i < RF_ALLOCATION_LIVES; i++) {
        before += lives_of(s, i);
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
    if (!s->type) s->type = allocations->owner.type(allocations->owner.context, s->kind, NULL);
    return s->type;
}

/* newest_left_out: so many of the newest blocks are not looked at. */
static void find_live_type(rf_allocations *allocations, rf_allocation_note *note, void *context)
{
    const uint32_t *newest_left_out = context;
    site *s = site_of(note);
    if (!s->type && allocations->quick.sequence - note->sequence >= *newest_left_out) find_type(allocations, s, note);
}

static void add_site(rf_allocations *allocations, uint32_t at, rf_profile *profile)
{
    site *s = allocations->sites.data[at];
    const rf_allocation_place *words = &allocations->places.data[s->place];
    const rf_allocation_place *sharer = &allocations->places.data[s->shared_by];
    const counts all = counts_of(s);
    const uint64_t live_bytes = all.bytes - all.freed_bytes;
    const rf_prof_site found = {
        .func = profile_func(profile, words), .line = words->line, .type = rf_strdup(type_of(allocations, s)),
        .allocs = all.allocs, .bytes = all.bytes, .frees = all.frees, .freed_bytes = all.freed_bytes,
        .peak_live = s->peak_live, .peak_live_bytes = s->peak_live_bytes,
        .temporaries = lives_of(s, 0) + lives_of(s, 1), /* freed before two further allocations */
        .growths = s->growths, .growth_from = s->growth_from, .growth_to = s->growth_to,
        .copies = s->copies, .copy_bytes = s->copy_bytes,
        .shared_func = s->shared_by ? profile_func(profile, sharer) : 0, .shared_line = s->shared_by ? sharer->line : 0,
        .median_life = median_life(s, all.frees),
    };
    rf_vector_push(&profile->sites, found);
    if (live_bytes && is_growing(allocations, at)) {
        const rf_prof_leak leak = {.verdict = RF_LEAK_GROWING, .func = found.func, .line = found.line,
                                   .type = rf_strdup(found.type), .count = all.allocs - all.frees,
                                   .bytes = live_bytes, .retained_bytes = live_bytes};
        rf_vector_push(&profile->leaks, leak);
    }
}

static void add_findings(rf_allocations *allocations, rf_profile *profile)
{
    for (uint32_t i = 1; i < allocations->sites.count; i++)
        if (allocations->sites.data[i]->kind != SHARES) add_site(allocations, i, profile);
    rf_prof_run *run = &profile->run;
    for (uint32_t i = 1; i < allocations->sites.count; i++) {
        const counts all = counts_of(allocations->sites.data[i]);
        run->allocs += all.allocs;
        run->frees += all.frees;
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
