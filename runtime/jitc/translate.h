/* From bytecode to gcc's intermediate form, with the kinds of values that are known at each
 * instruction.
 *
 * A register is either in memory as the VM has it (MEMORY), or its payload is in a variable of the
 * native function and what memory holds is stale but not counted (INT, FLOAT, BOOL), or it is in
 * memory and known to be an array of one element kind or an instance of one layout, a pointer to
 * which is in a variable (ARRAY, STRUCT).  CLEAN: dead, memory not counted.  Analysis finds the
 * kinds before each instruction by running the same code that emits, without emitting; where ways
 * meet, what differs goes to memory on the way. */
#ifndef RF_JITC_TRANSLATE_H
#define RF_JITC_TRANSLATE_H

#include "jitc/emit.h"
#include "jitc/unit.h"

#include "base/buffer.h"

typedef enum rf_kind {
    RF_KIND_CLEAN,
    RF_KIND_MEMORY,
    RF_KIND_INT,
    RF_KIND_FLOAT,
    RF_KIND_BOOL,
    RF_KIND_ARRAY,
    RF_KIND_STRUCT
} rf_kind;

typedef struct rf_known {   /* about a register */
    uint8_t kind, elements; /* rf_kind, rf_array_kind */
    uint64_t layout;
} rf_known;

typedef struct rf_exit_block { /* of the instruction being emitted */
    gcc_jit_block *block;
    unsigned reason;
} rf_exit_block;

typedef struct rf_translator { /* of one function */
    struct rf_compilation *all;
    rf_source *s;
    uint32_t number;
    bool is_top; /* runs in a frame; else it is a light call: parameters in, value out */
    uint32_t entry;
    rf_known **before; /* by instruction; NULL: not reached */
    uint32_t *work;
    uint32_t work_count;
    bool *is_queued, *is_reached;
    bool is_settled;
    rf_known *now, *start;      /* at this point; at the start of the instruction */
    uint32_t at;                /* the instruction */
    bool is_emitting, is_ended; /* is_ended: nothing follows in this instruction */
    rf_known params[16];
    rf_kind result;
    uint64_t gains, losses;
    bool has_light_calls;

    gcc_jit_function *function;
    gcc_jit_block **blocks; /* by instruction */
    gcc_jit_block *block;
    rf_exit_block exits[4];
    unsigned exit_count;
    lvalue *ints, *floats, *objects; /* by register */
    rvalue R, context, fp, room;
    unsigned name_count;
} rf_translator;

typedef struct rf_compilation {
    rf_unit_request *unit;
    rf_emit_types t;
    rf_translator top;
    rf_translator light[RF_WIRE_MOST_FUNCTIONS];
    bool is_light_used[RF_WIRE_MOST_FUNCTIONS];
    bool has_changed;
    bool is_bound;  /* an address of this run is in the code */
    rf_buffer exits; /* the ways out, as text, when they are wanted */
} rf_compilation;

/* Finds the kinds. False: native code would be left too often. */
bool rf_compilation_analyse(rf_compilation *c);
/* Into the gcc context of c->t. */
void rf_compilation_emit(rf_compilation *c);
void rf_compilation_release(rf_compilation *c);

#endif
