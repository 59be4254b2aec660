/* Parentheses move `start` of what they enclose to the left, so a chain is free of them when each of its links starts
 * where its root does. */
#include "syntax/place.h"

#include "base/alloc.h"

static bool starts_at(const rf_node *node, rf_pos pos)
{
    return node->start.line == pos.line && node->start.column == pos.column;
}

static const rf_node *find_root(const rf_node *node, uint32_t *count)
{
    rf_pos start = node->start;
    for (*count = 0; starts_at(node, start); ++*count) {
        if (node->kind == RF_NODE_FIELD && !node->flag)
            node = node->as.field.object;
        else if (node->kind == RF_NODE_INDEX)
            node = node->as.index.object;
        else
            return node->kind == RF_NODE_NAME && !node->flag && starts_at(node, node->pos) ? node : NULL;
    }
    return NULL;
}

rf_place *rf_place_of(rf_arena *arena, const rf_node *node)
{
    uint32_t count;
    const rf_node *root = find_root(node, &count);
    if (!root) return NULL;
    rf_place *place = rf_arena_new(arena, rf_place);
    place->root = root->as.ref;
    place->pos = root->pos;
    place->count = count;
    place->steps = count ? rf_arena_array(arena, rf_step, count) : NULL;
    for (; count; count--) {
        rf_step *step = &place->steps[count - 1];
        step->pos = node->pos;
        step->is_field = node->kind == RF_NODE_FIELD;
        if (step->is_field) {
            step->field = node->as.field.name;
            node = node->as.field.object;
        } else {
            step->index = node->as.index.index;
            node = node->as.index.object;
        }
    }
    return place;
}
