/* Sets, queues and stacks: value types that keep insertion order (BUILTINS 10). */
#ifndef RF_VALUE_COLLECTION_H
#define RF_VALUE_COLLECTION_H

#include "value/isolate.h"

/* Set: unique by the language's == without overloads; hash index over elements, order of insertion. */
typedef struct rf_set rf_set;
rf_value rf_set_new(rf_isolate *isolate);
uint32_t rf_set_count(const rf_set *s);
/* 1, 0; -1 after raising (nesting limit) */
int rf_set_has(rf_isolate *isolate, const rf_set *s, rf_value v);
bool rf_set_add(rf_isolate *isolate, rf_set *s, rf_value v);    /* borrows v; unique set; false: raised */
bool rf_set_remove(rf_isolate *isolate, rf_set *s, rf_value v); /* unique set; false: raised */
rf_set *rf_set_unique(rf_isolate *isolate, rf_value *slot);
bool rf_set_next(const rf_set *s, uint32_t *at, rf_value *element); /* borrows; insertion order */

/* Queue and stack: one structure, a ring of values (object.kind tells which). */
typedef struct rf_sequence rf_sequence;
rf_value rf_sequence_new(rf_isolate *isolate, unsigned tag); /* RF_QUEUE or RF_STACK */
uint32_t rf_sequence_count(const rf_sequence *s);
rf_value rf_sequence_peek(const rf_sequence *s, uint32_t index); /* borrows; 0 is the front or bottom */
bool rf_sequence_push(rf_isolate *isolate, rf_sequence *s, rf_value v); /* steals v, at the back or top */
rf_value rf_sequence_take_front(rf_isolate *isolate, rf_sequence *s);   /* moved out; count > 0 */
rf_value rf_sequence_take_back(rf_isolate *isolate, rf_sequence *s);
rf_sequence *rf_sequence_unique(rf_isolate *isolate, rf_value *slot);

#endif
