/* The samples as one tree of functions: lines and tiers of a function in one place of the stack are one node. */
#ifndef RF_REPORT_CALL_TREE_H
#define RF_REPORT_CALL_TREE_H

#include "prof/profile.h"

typedef struct rf_call_node {
    uint32_t func, parent, depth;
    uint32_t first_child, next_sibling; /* ordered by name, then function; 0 ends */
    uint64_t self_ns, total_ns;         /* CPU time */
    uint64_t self_wall_ns, total_wall_ns;
    uint64_t self_ticks;
    uint8_t tier; /* in which its frames spent most, themselves and below */
} rf_call_node;

typedef struct rf_call_tree {
    RF_VECTOR(rf_call_node) nodes; /* node 0 is the root: everything; parents stand before children */
    uint32_t *of_stack;            /* node of each stack of the profile */
    uint32_t max_depth;
} rf_call_tree;

/* The profiler's own time is left out. */
void rf_call_tree_init(rf_call_tree *tree, const rf_profile *profile);
void rf_call_tree_release(rf_call_tree *tree);

#endif
