/* Bits of `updater` in METHOD and UPDATE nodes. */
#ifndef RF_SYNTAX_UPDATER_H
#define RF_SYNTAX_UPDATER_H

#include <stddef.h>
#include <stdint.h>

enum { /* receiver types; the second half of the word says "store the first element of the pair" */
    RF_UPDATES_ARRAY = 1, RF_UPDATES_DICT = 2, RF_UPDATES_SET = 4, RF_UPDATES_QUEUE = 8, RF_UPDATES_STACK = 16,
    RF_UPDATES_PARSER = 32,
    RF_UPDATES_PAIR_SHIFT = 8
};

/* The receivers that `name` updates: bits as above, pairs shifted by RF_UPDATES_PAIR_SHIFT; 0 when it is no updater.
 * Function form excludes receivers that only the method form accepts. */
uint32_t rf_updater_find(const char *name, size_t size, int is_method);

#endif
