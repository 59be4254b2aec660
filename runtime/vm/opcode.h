/* The instruction set as data: everything that is known of an opcode comes from opcode.def. */
#ifndef RF_VM_OPCODE_H
#define RF_VM_OPCODE_H

#include "vm/instruction.h"

typedef enum rf_op {
#define RF_OP(name, a, b, c, effect, meaning) RF_OP_##name,
#include "vm/opcode.def"
#undef RF_OP
    RF_OP_COUNT
} rf_op;

typedef enum rf_operand_kind {
    RF_OPERAND_NONE,
    /* one register */
    RF_OPERAND_DEF,  /* written */
    RF_OPERAND_USE,  /* read; a temporary dies */
    RF_OPERAND_PEEK, /* read; a temporary lives on */
    RF_OPERAND_MOD,  /* read and written */
    RF_OPERAND_TAKE, /* read and left unset */
    RF_OPERAND_PUSHED, /* read; a temporary dies when the instruction jumps */
    /* several registers */
    RF_OPERAND_RUN,       /* R[b .. b+c), used */
    RF_OPERAND_RESET,     /* R[a .. a+b), written */
    RF_OPERAND_DROPS,     /* R[a .. a+b), used */
    RF_OPERAND_WINDOW,    /* R[a] written, R[a+1 ..] used: b of them, or what the site says */
    RF_OPERAND_CALLEE,    /* the same, R[a] is used too */
    RF_OPERAND_LOCALCALL, /* the same, R[a+1] is not yet filled, R[a+2 ..] used */
    RF_OPERAND_UNPACKED,  /* R[a] used, R[a .. a+b) written */
    RF_OPERAND_ITERATE,   /* R[a] used, R[a .. a+4) written */
    RF_OPERAND_RANGE,     /* R[a .. a+b) used, R[a .. a+4) written: RF_RANGE_... */
    RF_OPERAND_NEXT,      /* R[a .. a+4) used at the end of the loop, changed otherwise */
    /* numbers */
    RF_OPERAND_NUM,
    RF_OPERAND_COUNT,
    RF_OPERAND_INT,     /* signed 16-bit */
    RF_OPERAND_CONST,   /* index of a constant */
    RF_OPERAND_SITE,    /* index of a call or field site */
    RF_OPERAND_CHILD,   /* index of a function */
    RF_OPERAND_BUILTIN, /* number of a built-in */
    RF_OPERAND_PLACE,   /* index of a place description */
    RF_OPERAND_LITERAL, /* index of a node or pattern */
    RF_OPERAND_JUMP,    /* signed 16-bit distance from the next instruction */
    /* numbers over b and c */
    RF_OPERAND_INT32,
    RF_OPERAND_CONST32,
    RF_OPERAND_SLOT32,
    RF_OPERAND_WIDE32,
    RF_OPERAND_CAPTURE32, /* index of a capture */
    RF_OPERAND_PAGE32,
    RF_OPERAND_JUMP32,
    RF_OPERAND_WIDE /* c, when b holds both */
} rf_operand_kind;

/* The state of a range that is iterated, R[a ..], all ints.  The VM divides the turns that are left, so that it counts them
 * for the JIT some at a time and has one test for that and for the end; native code has 0 in TURNS. */
enum {
    RF_RANGE_NEXT,  /* the next number */
    RF_RANGE_TURNS, /* so many turns until the VM looks at LEFT */
    RF_RANGE_STEP,
    RF_RANGE_LEFT   /* turns behind these */
};

typedef enum rf_effect {
    RF_EFFECT_PURE,
    RF_EFFECT_RAISES,
    RF_EFFECT_CALL,
    RF_EFFECT_GOES, /* does not fall through */
    RF_EFFECT_ENDS  /* leaves the function or raises */
} rf_effect;

typedef struct rf_op_info {
    const char *name;
    uint8_t operands[3]; /* rf_operand_kind of a, b, c */
    uint8_t effect;      /* rf_effect */
    const char *meaning;
} rf_op_info;

extern const rf_op_info rf_op_infos[RF_OP_COUNT];

/* The register effects of one instruction in the order they happen: uses first. */
typedef enum rf_access_kind { RF_ACCESS_PEEK, RF_ACCESS_USE, RF_ACCESS_MOD, RF_ACCESS_TAKE, RF_ACCESS_DEF }
    rf_access_kind;
struct rf_proto;
typedef void (*rf_register_visitor)(void *context, uint32_t reg, rf_access_kind access);
/* `at_exit` tells which of the two effects of a loop instruction is wanted: leaving the loop or going on; and of
 * PUSHPLACE: going on or jumping. */
void rf_op_visit_registers(const struct rf_proto *proto, rf_instruction in, bool at_exit,
                           rf_register_visitor visit, void *context);
/* Where the instruction at pc may jump to, or -1. */
int64_t rf_op_jump_target(const rf_instruction *code, uint32_t pc);
bool rf_op_falls_through(unsigned op);
bool rf_op_can_raise(unsigned op);

#endif
