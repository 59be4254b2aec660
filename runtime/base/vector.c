#include "base/vector.h"

void *rf_vector_grow(void *data, size_t *capacity, size_t element_size)
{
    *capacity = *capacity ? *capacity + *capacity / 2 + 1 : 8;
    return rf_realloc(data, rf_array_size(*capacity, element_size));
}
