/* Visiting a whole tree in the order of its text, functions where they stand, however deep its chains are. */
#ifndef RF_SYNTAX_WALK_H
#define RF_SYNTAX_WALK_H

#include "syntax/ast.h"

typedef struct rf_visitor {
    void *context;
    /* before the parts of node; of a chain that leans to the left the outermost link comes first.  May be NULL. */
    void (*enter)(void *context, rf_node *node);
    void (*leave)(void *context, rf_node *node); /* after them; may be NULL */
    void (*enter_func)(void *context, rf_func *func); /* around the parameters and the body; may be NULL */
    void (*leave_func)(void *context, rf_func *func);
    void (*block)(void *context, rf_block *block); /* before its statements; may be NULL */
} rf_visitor;

void rf_walk_func(const rf_visitor *visitor, rf_func *func);
void rf_walk_expression(const rf_visitor *visitor, rf_node *node);

#endif
