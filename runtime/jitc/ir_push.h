/* Lists of the form and of its passes that grow. */
#ifndef RF_JITC_IR_PUSH_H
#define RF_JITC_IR_PUSH_H

#include "base/alloc.h"

/* list[count++] = the value; whoever has the list frees it. */
#define RF_IR_PUSH(list, count, capacity, ...)                                                                         \
    do {                                                                                                               \
        if ((count) == (capacity)) {                                                                                   \
            (capacity) = (capacity) ? (capacity) * 2 : 64;                                                             \
            (list) = rf_realloc((list), rf_array_size((capacity), sizeof *(list)));                                    \
        }                                                                                                              \
        (list)[(count)++] = __VA_ARGS__;                                                                               \
    } while (0)

#endif
