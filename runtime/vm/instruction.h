/* One instruction: 8 bytes, three 16-bit fields or one and a signed 32-bit one. */
#ifndef RF_VM_INSTRUCTION_H
#define RF_VM_INSTRUCTION_H

#include "base/base.h"

typedef struct rf_instruction {
    uint16_t op; /* rf_op */
    uint16_t a;
    union {
        struct {
            uint16_t b, c;
        };
        int32_t wide; /* operands of kind ...32 */
    };
} rf_instruction;

_Static_assert(sizeof(rf_instruction) == 8, "instructions are one word");

enum {
    RF_LOCAL_LIMIT = 32768,   /* locals beyond have no register number: GETWIDE, SETWIDE */
    RF_REGISTER_LIMIT = 65000, /* registers an instruction can name, with room for the state of a loop */
    RF_OPERAND_LIMIT = 65535,
    RF_WIDE_BASE = 1 << 17    /* register of the first of those locals, behind the longest list (UNPACK) */
};

#endif
