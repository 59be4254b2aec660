/* Loops over a range that only append one value, again and again: how programs make arrays of a size. */
#ifndef RF_VM_FILLING_H
#define RF_VM_FILLING_H

#include "vm/opcode.h"

#include <stdbool.h>
#include <stddef.h>

enum { RF_LEAST_FILLING = 16 }; /* elements that are worth it */

typedef struct rf_filling {
    const rf_instruction *load; /* what gives R[value] its value in each turn; NULL: it keeps it */
    uint8_t array, value;
} rf_filling;

/* Could the loop that prep, a RANGEPREP, begins be one, by its length? */
static inline bool rf_is_short_range(rf_instruction prep)
{
    return (uint16_t)(prep.c - 2) <= 2;
}

/* [DROP] [LOADI, LOADBOOL, LOADK] PUSH DROP RANGENEXT */
static inline bool rf_find_filling(const rf_instruction *prep, rf_filling *f)
{
    if (!rf_is_short_range(*prep)) return false;
    const rf_instruction *at = prep + 1, *next = at + prep->c;
    if (at->op == RF_OP_DROP) at++;
    f->load = at->op == RF_OP_LOADI || at->op == RF_OP_LOADBOOL || at->op == RF_OP_LOADK ? at++ : NULL;
    if (at + 2 != next || at->op != RF_OP_PUSH || at[1].op != RF_OP_DROP || next->op != RF_OP_RANGENEXT || next->a != prep->a)
        return false;
    f->array = (uint8_t)at->a;
    f->value = (uint8_t)at->b;
    const bool is_steady = f->load ? f->load->a == at->b : at->b != next->b;
    return is_steady && at->a != next->b && at->a != at->b;
}

#endif
