#include "report/call_tree.h"

#include <stdlib.h>
#include <string.h>

typedef struct child_table { /* open addressing: node by (parent, func) */
    uint32_t *slots, mask;
} child_table;

static uint32_t hash_child(uint32_t parent, uint32_t func)
{
    return (uint32_t)((((uint64_t)parent << 32 | func) * 0x9e3779b97f4a7c15u) >> 32);
}

static void place_node(child_table *table, uint32_t parent, uint32_t func, uint32_t node)
{
    uint32_t slot = hash_child(parent, func) & table->mask;
    while (table->slots[slot]) slot = (slot + 1) & table->mask;
    table->slots[slot] = node;
}

static uint32_t child_of(rf_call_tree *tree, child_table *table, uint32_t parent, uint32_t func)
{
    uint32_t slot = hash_child(parent, func) & table->mask;
    for (; table->slots[slot]; slot = (slot + 1) & table->mask) {
        const rf_call_node *node = &tree->nodes.data[table->slots[slot]];
        if (node->parent == parent && node->func == func) return table->slots[slot];
    }
    const rf_call_node node = {.func = func, .parent = parent, .depth = tree->nodes.data[parent].depth + 1};
    rf_vector_push(&tree->nodes, node);
    if (node.depth > tree->max_depth) tree->max_depth = node.depth;
    const uint32_t added = (uint32_t)tree->nodes.count - 1;
    table->slots[slot] = added;
    if (added * 2u > table->mask) {
        rf_free(table->slots);
        table->mask = table->mask * 2 + 1;
        table->slots = rf_alloc_array_zero(uint32_t, table->mask + 1u);
        for (uint32_t i = 1; i <= added; i++)
            place_node(table, tree->nodes.data[i].parent, tree->nodes.data[i].func, i);
    }
    return added;
}

/* Stacks' parents have smaller indexes, so one pass places all that samples reach. */
static void place_stacks(rf_call_tree *tree, const rf_profile *profile)
{
    child_table table = {.mask = 255};
    bool *is_used = rf_alloc_array_zero(bool, profile->stacks.count);
    table.slots = rf_alloc_array_zero(uint32_t, table.mask + 1u);
    for (size_t i = 1; i < profile->samples.count; i++) is_used[profile->samples.data[i].stack] = true;
    for (size_t i = profile->stacks.count; i-- > 1;)
        if (is_used[i]) is_used[profile->stacks.data[i].parent] = true;
    for (size_t i = 1; i < profile->stacks.count; i++) {
        const rf_prof_stack *stack = &profile->stacks.data[i];
        const rf_prof_frame *frame = &profile->frames.data[stack->frame];
        if (is_used[i] && frame->tier != RF_TIER_PROFILER)
            tree->of_stack[i] = child_of(tree, &table, tree->of_stack[stack->parent], frame->func);
    }
    rf_free(is_used);
    rf_free(table.slots);
}

/* Time of each stack with what is below it, given to the tier of its frame in its node. */
static void choose_tiers(rf_call_tree *tree, const rf_profile *profile)
{
    uint64_t *below = rf_alloc_array_zero(uint64_t, profile->stacks.count);
    uint64_t(*by_tier)[RF_TIER_COUNT] = rf_alloc_zero(rf_array_size(tree->nodes.count, sizeof *by_tier));
    for (size_t i = 1; i < profile->samples.count; i++)
        below[profile->samples.data[i].stack] += profile->samples.data[i].cpu_ns + 1; /* waits count a little */
    for (size_t i = profile->stacks.count; i-- > 1;) {
        below[profile->stacks.data[i].parent] += below[i];
        by_tier[tree->of_stack[i]][profile->frames.data[profile->stacks.data[i].frame].tier] += below[i];
    }
    for (size_t i = 1; i < tree->nodes.count; i++)
        for (int tier = 0; tier < RF_TIER_COUNT; tier++)
            if (by_tier[i][tier] > by_tier[i][tree->nodes.data[i].tier]) tree->nodes.data[i].tier = (uint8_t)tier;
    rf_free(below);
    rf_free(by_tier);
}

typedef struct ordering {
    const char *name;
    uint32_t parent, func, node;
} ordering;

static int compare_siblings(const void *a, const void *b)
{
    const ordering *x = a, *y = b;
    if (x->parent != y->parent) return x->parent < y->parent ? -1 : 1;
    const int order = strcmp(x->name, y->name);
    return order ? order : (x->func > y->func) - (x->func < y->func);
}

static void link_children(rf_call_tree *tree, const rf_profile *profile)
{
    const size_t count = tree->nodes.count;
    ordering *order = rf_alloc_array(ordering, count);
    for (uint32_t i = 1; i < count; i++) {
        const rf_call_node *node = &tree->nodes.data[i];
        order[i] = (ordering){profile->funcs.data[node->func].name, node->parent, node->func, i};
    }
    if (count > 2) qsort(order + 1, count - 1, sizeof *order, compare_siblings);
    for (size_t i = count; i-- > 1;) { /* from the last: each becomes the first so far */
        rf_call_node *parent = &tree->nodes.data[order[i].parent];
        tree->nodes.data[order[i].node].next_sibling = parent->first_child;
        parent->first_child = order[i].node;
    }
    rf_free(order);
}

void rf_call_tree_init(rf_call_tree *tree, const rf_profile *profile)
{
    *tree = (rf_call_tree){0};
    rf_vector_push(&tree->nodes, ((rf_call_node){0}));
    tree->of_stack = rf_alloc_array_zero(uint32_t, profile->stacks.count);
    place_stacks(tree, profile);
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        const uint8_t tier = profile->frames.data[profile->stacks.data[sample->stack].frame].tier;
        if (sample->stack && tier == RF_TIER_PROFILER) continue;
        rf_call_node *node = &tree->nodes.data[tree->of_stack[sample->stack]];
        node->self_ns += sample->cpu_ns;
        node->self_wall_ns += sample->wall_ns;
        node->self_ticks += sample->ticks;
    }
    for (size_t i = tree->nodes.count; i-- > 0;) {
        rf_call_node *node = &tree->nodes.data[i];
        node->total_ns += node->self_ns;
        node->total_wall_ns += node->self_wall_ns;
        if (i == 0) break;
        tree->nodes.data[node->parent].total_ns += node->total_ns;
        tree->nodes.data[node->parent].total_wall_ns += node->total_wall_ns;
    }
    choose_tiers(tree, profile);
    link_children(tree, profile);
}

void rf_call_tree_release(rf_call_tree *tree)
{
    rf_vector_release(&tree->nodes);
    rf_free(tree->of_stack);
    *tree = (rf_call_tree){0};
}
