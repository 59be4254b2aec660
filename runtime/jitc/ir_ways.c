/* The ways between blocks: which blocks the entry leads to, from where, and which of them all ways to a block lead by.
 *
 * Dominators are found as Cooper, Harvey and Kennedy do (A simple, fast dominance algorithm, 2001): by going round in reverse
 * postorder until nothing changes, which is twice for what has no ways into the middle of loops. */
#include "jitc/ir.h"

#include "base/alloc.h"

#include <string.h>

static unsigned ways_of(const rf_ir_block *b, rf_ir_block *ways[2])
{
    unsigned count = 0;
    if (b->last && b->last->yes) ways[count++] = b->last->yes;
    if (b->last && b->last->no) ways[count++] = b->last->no;
    return count;
}

/* ---- reached blocks ---- */

typedef struct step {
    rf_ir_block *block;
    unsigned left; /* ways that are still to be gone */
} step;

/* What a block leaves by is gone first, so that it comes last: exits stand behind all that goes on. */
static void order_blocks(rf_ir_function *f)
{
    for (rf_ir_block *b = f->first; b; b = b->next) b->is_reached = false;
    f->reached = rf_realloc(f->reached, rf_array_size(f->block_count, sizeof *f->reached));
    step *steps = rf_alloc_array(step, f->block_count);
    rf_ir_block *ways[2];
    uint32_t depth = 0, place = f->block_count;
    f->first->is_reached = true;
    steps[depth++] = (step){f->first, ways_of(f->first, ways)};
    while (depth) {
        step *top = &steps[depth - 1];
        if (!top->left) {
            f->reached[--place] = top->block;
            depth--;
            continue;
        }
        ways_of(top->block, ways);
        rf_ir_block *to = ways[--top->left];
        if (to->is_reached) continue;
        to->is_reached = true;
        steps[depth++] = (step){to, ways_of(to, ways)};
    }
    rf_free(steps);
    f->reached_count = f->block_count - place;
    memmove(f->reached, f->reached + place, f->reached_count * sizeof *f->reached);
    for (uint32_t i = 0; i < f->reached_count; i++) f->reached[i]->order = i;
}

/* ---- predecessors ---- */

typedef struct old_ways { /* of a block, while the new ones are found */
    rf_ir_block **predecessors;
    uint32_t count;
} old_ways;

static void find_predecessors(rf_ir_function *f, old_ways *old)
{
    rf_ir_block *ways[2];
    for (rf_ir_block *b = f->first; b; b = b->next) {
        old[b->number] = (old_ways){b->predecessors, b->predecessor_count};
        b->predecessors = NULL;
        b->predecessor_count = 0;
        if (!b->is_reached) b->phis = NULL;
    }
    uint32_t total = 0;
    for (uint32_t i = 0; i < f->reached_count; i++)
        for (unsigned k = ways_of(f->reached[i], ways); k--; total++) ways[k]->predecessor_count++;
    rf_ir_block **room = rf_ir_alloc(f, (total + 1) * sizeof *room);
    for (uint32_t i = 0; i < f->reached_count; i++) {
        rf_ir_block *b = f->reached[i];
        b->predecessors = room;
        room += b->predecessor_count;
        b->predecessor_count = 0;
    }
    for (uint32_t i = 0; i < f->reached_count; i++) {
        const unsigned count = ways_of(f->reached[i], ways);
        for (unsigned k = 0; k < count; k++) ways[k]->predecessors[ways[k]->predecessor_count++] = f->reached[i];
    }
}

/* The arguments of a block's phis for the predecessors it has now; place_of is zero, by number of block. */
static void keep_phis_in_step(rf_ir_function *f, rf_ir_block *b, const old_ways *old, uint32_t *place_of)
{
    const uint32_t count = b->predecessor_count;
    if (count == old->count && memcmp(b->predecessors, old->predecessors, count * sizeof *b->predecessors) == 0) return;
    for (uint32_t i = 0; i < old->count; i++) place_of[old->predecessors[i]->number] = i + 1;
    for (rf_ir_phi *phi = b->phis; phi; phi = phi->next) {
        uint32_t *args = rf_ir_alloc(f, (count + 1) * sizeof *args);
        for (uint32_t i = 0; i < count; i++) {
            const uint32_t place = place_of[b->predecessors[i]->number];
            rf_assert(place);
            args[i] = phi->args[place - 1];
        }
        phi->args = args;
    }
    for (uint32_t i = 0; i < old->count; i++) place_of[old->predecessors[i]->number] = 0;
}

/* ---- dominators ---- */

/* The last block that all ways to b lead by, as far as its predecessors' dominators are known.  What a predecessor's climb
 * came by (seen) leads to the meeting point: that each block is climbed over once keeps a block that a thousand guards
 * leave by from costing a million steps. */
static rf_ir_block *meeting_point(const rf_ir_block *b, const rf_ir_block *entry, uint32_t *seen, uint32_t turn)
{
    rf_ir_block *meet = NULL;
    for (uint32_t i = 0; i < b->predecessor_count; i++) {
        rf_ir_block *p = b->predecessors[i];
        if (p != entry && !p->dominator) continue; /* not known yet */
        if (!meet) meet = p;
        while (p != meet && seen[p->order] != turn) {
            rf_ir_block **deeper = p->order > meet->order ? &p : &meet;
            seen[(*deeper)->order] = turn;
            *deeper = (*deeper)->dominator;
        }
    }
    return meet;
}

static void find_dominators(rf_ir_function *f)
{
    uint32_t *seen = rf_alloc_array_zero(uint32_t, f->reached_count), turn = 0;
    for (uint32_t i = 0; i < f->reached_count; i++) f->reached[i]->dominator = NULL;
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t i = 1; i < f->reached_count; i++) {
            rf_ir_block *b = f->reached[i], *meet = meeting_point(b, f->first, seen, ++turn);
            if (b->dominator != meet) is_changed = true;
            b->dominator = meet;
        }
    }
    rf_free(seen);
}

static void make_tree(rf_ir_function *f)
{
    for (uint32_t i = 0; i < f->reached_count; i++) f->reached[i]->dominated = f->reached[i]->next_dominated = NULL;
    for (uint32_t i = f->reached_count; --i;) {
        rf_ir_block *b = f->reached[i];
        b->next_dominated = b->dominator->dominated;
        b->dominator->dominated = b;
    }
    uint32_t time = 0;
    rf_ir_block *b = f->first;
    b->dominator_enter = time++;
    for (;;) {
        if (b->dominated) {
            b = b->dominated;
        } else {
            while (b && !b->next_dominated) {
                b->dominator_leave = time++;
                b = b->dominator;
            }
            if (!b) return;
            b->dominator_leave = time++;
            b = b->next_dominated;
        }
        b->dominator_enter = time++;
    }
}

void rf_ir_ways_changed(rf_ir_function *f)
{
    old_ways *old = rf_alloc_array(old_ways, f->block_count);
    uint32_t *place_of = rf_alloc_array_zero(uint32_t, f->block_count);
    order_blocks(f);
    find_predecessors(f, old);
    for (uint32_t i = 0; i < f->reached_count; i++)
        if (f->reached[i]->phis) keep_phis_in_step(f, f->reached[i], &old[f->reached[i]->number], place_of);
    find_dominators(f);
    make_tree(f);
    rf_free(place_of);
    rf_free(old);
}
