/* A growing array of one element type, as macros over three fields:
 *
 *     RF_VECTOR(rf_token) tokens;        // { T *data; size_t count, capacity; }
 *     rf_vector_push(&tokens, token);
 *
 * Start with {0}; end with rf_vector_release. */
#ifndef RF_BASE_VECTOR_H
#define RF_BASE_VECTOR_H

#include "base/alloc.h"

#define RF_VECTOR(T)                                                                             \
    struct {                                                                                     \
        T *data;                                                                                 \
        size_t count, capacity;                                                                  \
    }

void *rf_vector_grow(void *data, size_t *capacity, size_t element_size);

#define rf_vector_push(v, element)                                                               \
    do {                                                                                         \
        if ((v)->count == (v)->capacity)                                                         \
            (v)->data = rf_vector_grow((v)->data, &(v)->capacity, sizeof *(v)->data);            \
        (v)->data[(v)->count++] = (element);                                                     \
    } while (0)
#define rf_vector_pop(v) ((v)->data[--(v)->count])
#define rf_vector_last(v) ((v)->data[(v)->count - 1])
#define rf_vector_release(v)                                                                     \
    do {                                                                                         \
        rf_free((v)->data);                                                                      \
        (v)->data = NULL;                                                                        \
        (v)->count = (v)->capacity = 0;                                                          \
    } while (0)

#endif
