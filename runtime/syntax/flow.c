/* Definite assignment: which variables surely have a value at a point of the text.
 *
 * Assigned variables carry a flag and stand on a trail; leaving a branch takes the flags of what it assigned off
 * again, and joining gives them back to what every arm assigned.  A loop body may run never, so nothing it assigns is
 * certain behind it.  The answer may err only towards "perhaps unset". */
#include "syntax/resolve.h"

void rf_flow_assign(resolver *r, resolve_var *var)
{
    if (var->is_assigned || var->scope->frame != r->frame) return;
    var->is_assigned = true;
    var->assigned_at = r->now;
    rf_vector_push(&r->trail, var);
}

void rf_flow_undo(resolver *r, size_t mark)
{
    while (r->trail.count > mark) rf_vector_pop(&r->trail)->is_assigned = false;
}

flow_merge rf_flow_begin(resolver *r)
{
    flow_merge merge = {r->trail.count, r->merging.count, 0, r->is_dead};
    r->is_dead = false;
    return merge;
}

void rf_flow_end_arm(resolver *r, flow_merge *merge)
{
    if (!r->is_dead) {
        merge->arms++;
        for (size_t i = merge->mark; i < r->trail.count; i++) rf_vector_push(&r->merging, r->trail.data[i]);
    }
    rf_flow_undo(r, merge->mark);
    r->is_dead = false;
}

void rf_flow_join(resolver *r, const flow_merge *merge)
{
    uint32_t round = ++r->merge_round;
    for (size_t i = merge->base; i < r->merging.count; i++) {
        resolve_var *var = r->merging.data[i];
        if (var->merge_round != round) {
            var->merge_round = round;
            var->merge_count = 0;
        }
        if (++var->merge_count == merge->arms) rf_flow_assign(r, var);
    }
    r->merging.count = merge->base;
    r->is_dead = merge->was_dead || !merge->arms;
}
