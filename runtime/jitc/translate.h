/* From bytecode to the intermediate form (ir.h), with the kinds of values that are known at each
 * instruction.
 *
 * A register is either in memory as the VM has it (MEMORY), or its payload is in a variable of the
 * native function and what memory holds is stale but not counted (INT, FLOAT, BOOL), or it is in
 * memory and known to be an array of one element kind or an instance of one layout, a pointer to
 * which is in a variable (ARRAY, STRUCT).  FUNCTION, STRING, DICT: in memory, and that is what it is.  VIRTUAL: not
 * made, its parts are in variables (virtual.h).  LENT: an instance that is owned elsewhere, a pointer to it is in a
 * variable, memory as CLEAN (lent.h).  CLEAN: dead, memory not counted.  Analysis finds the kinds before each instruction by running the same code that emits, without
 * emitting; where ways meet, what differs goes to memory on the way. */
#ifndef RF_JITC_TRANSLATE_H
#define RF_JITC_TRANSLATE_H

#include "jitc/ir.h"
#include "jitc/unit.h"

#include "base/buffer.h"

typedef rf_ir_expr *rvalue; /* both of the function that is emitted; NULL while it is only analysed */
typedef rf_ir_place *lvalue;

typedef enum rf_kind {
    RF_KIND_CLEAN,
    RF_KIND_MEMORY,
    RF_KIND_INT,
    RF_KIND_FLOAT,
    RF_KIND_BOOL,
    RF_KIND_VIRTUAL,  /* not made: its parts are in variables, its shape is number `layout` (virtual.h) */
    RF_KIND_LENT,     /* an instance of `layout` that another register keeps alive (lent.h) */
    RF_KIND_ARRAY,
    RF_KIND_STRUCT,
    RF_KIND_FUNCTION, /* in memory: a closure of the function `layout` of the unit; elements 1: the one that runs */
    RF_KIND_STRING,   /* in memory; elements 1: of one ASCII character, immortal (strings.h) */
    RF_KIND_DICT      /* in memory */
} rf_kind;

enum { RF_MOST_PARAMS = 16, RF_MOST_INSTANCES = 24, RF_MOST_OUTSIDE = 128 };

typedef struct rf_known {   /* about a register */
    uint8_t kind, elements; /* rf_kind, rf_array_kind */
    bool has_header;        /* ARRAY: its length and where its elements are are in variables; INT: the numbers that are left
                             * of a range by 1, and where that ends is in a variable (loops.c) */
    bool is_own;            /* ARRAY: the register is its only owner */
    bool is_lent;           /* what is there is owned elsewhere until it has been called or looked at; of a parameter: throughout */
    bool is_in_place;       /* LENT: the self of a method, which it may change where it stands */
    uint16_t lender;        /* LENT: the register from which it is reached; RF_NO_LENDER: the caller's */
    uint64_t layout;
} rf_known;

enum { RF_MOST_PARTS = 8, RF_MOST_LEAVES = 12, RF_MOST_DEPTH = 3, RF_MOST_VIRTUALS = 96 };

enum { RF_MOST_NATIVE_PARAMS = 8 + RF_MOST_PARAMS + (RF_MOST_PARAMS + 1) * RF_MOST_LEAVES };

typedef struct rf_virtual { /* of what is not made */
    rf_kind kind;         /* FUNCTION, STRUCT: what it would be */
    uint32_t depth, part_count, leaf_count; /* leaves: parts that are not virtual themselves, of all levels */
    uint64_t layout;      /* FUNCTION: number of the function in the unit; STRUCT: the layout */
    uint64_t def;         /* STRUCT: the declaration, of which it owns a reference */
    rf_known parts[RF_MOST_PARTS]; /* captures, fields */
    struct { uint32_t offset, kind; } fields[RF_MOST_PARTS]; /* rf_field_kind */
} rf_virtual;

typedef enum rf_way { /* a step to a value */
    RF_WAY_NONE,
    RF_WAY_CAPTURE_CELL, /* of a capture */
    RF_WAY_CAPTURE,
    RF_WAY_MODULE,
    RF_WAY_CELL,     /* in a register */
    RF_WAY_REGISTER,
    RF_WAY_INDEX,    /* by a register */
    RF_WAY_CONSTANT, /* index */
    RF_WAY_FIELD,    /* at an offset */
    RF_WAY_BOUND,    /* only: the register is an index within */
    RF_WAY_CONSTANT_BOUND
} rf_way;

typedef struct rf_fact { /* objects.h */
    rf_way way;
    uint32_t operand, parent, id; /* ids begin with 1; a root's parent is 0 */
    rf_known known;
    rvalue p, length, data; /* length and data: NULL, or of an array in a standing fact */
    bool is_own, stands;
} rf_fact;

enum { RF_MOST_FACTS = 48, RF_MOST_STANDING = 6 };

typedef struct rf_standing { /* what is in a variable outside the frame that a quiet loop looks at (loops.c) */
    rf_way way;
    uint32_t operand, elements;
    bool is_stored_into;
    bool is_running; /* no array, but the closure that runs */
} rf_standing;

typedef struct rf_loop { /* code[first .. last], the last jumping back to the first */
    uint32_t first, last;
    rf_known *plan;     /* by register: what it is to be when the loop is entered; loops.c */
    bool *is_written;   /* by register */
    rf_standing standing[RF_MOST_STANDING];
    uint32_t standing_count;
    bool is_quiet;      /* nothing in it runs code that is not quiet, or gives containers other owners or contents that count */
} rf_loop;

typedef struct rf_exit_block { /* of the instruction being emitted */
    rf_ir_block *block;
    unsigned reason;
} rf_exit_block;

typedef struct rf_translator { /* of one function */
    struct rf_compilation *all;
    rf_source *s;
    uint32_t number;
    bool is_top; /* entered from the VM; else an instance, called natively: parameters in, value out */
    bool gives_self; /* a method whose self stays in R[0] for its caller (vm/frame.h, RF_FRAME_SELF_...) */
    bool is_generator; /* an instance that is resumed by a FORNEXT (generators.c); never framed */
    bool is_unfit;     /* the VM would carry out too much of it */
    bool *is_left;     /* by instruction: left to the VM, because it needs a frame */
    bool is_framed; /* an instance that needs its frame, which its caller pushes; others are light */
    uint32_t entry; /* where the VM is when it is entered */
    uint32_t begin; /* and where it begins: the same, or the RANGENEXT that the VM has just carried out, once more */
    rf_known **before; /* by instruction; NULL: not reached */
    uint32_t *work;
    uint32_t work_count;
    bool *is_queued, *is_reached;
    bool *is_noisy; /* by instruction: not of a quiet loop */
    bool *owns_callee; /* by instruction: a CALL that needs to own what it calls */
    uint32_t *callees; /* by instruction: the instances it calls with numbers, a bit each, if it calls nothing else; 0: else */
    bool *calls_itself; /* by instruction: if it calls the function that it is of, it calls the closure that runs */
    bool is_quiet;     /* an instance: as a quiet loop, to callers that are the same closure; stores only numbers in variables */
    bool is_pure;      /* an instance: is_quiet, and it stores nothing in variables outside its frame: to all callers */
    bool is_settled;
    rf_known *now, *start;      /* at this point; at the start of the instruction */
    uint32_t at;                /* the instruction */
    bool is_emitting, is_ended; /* is_ended: nothing follows in this instruction */
    rf_known params[RF_MOST_PARAMS];
    rf_known running; /* an instance: VIRTUAL: the closure that runs, which was not made; else CLEAN */
    rf_known result; /* CLEAN: none was seen yet */
    bool makes_result; /* it calls itself: what it returns is made, an instance in an instance would be made there */
    rf_known self;   /* gives_self: what the caller gets back, as result */
    uint64_t gains, losses;
    bool has_light_calls;
    bool gives_value; /* some of its returns do; the others give null */

    rf_ir_function *function;
    uint32_t here; /* the instruction, and one */
    rf_ir_block **blocks; /* by instruction */
    rf_ir_block *block;
    rf_exit_block exits[4];
    unsigned exit_count;
    struct {
        rf_way way;
        uint32_t operand;
        lvalue p, length, data;
    } standing[RF_MOST_STANDING * 2]; /* variables */
    uint32_t standing_count;
    lvalue *ints, *floats, *objects, *lengths, *datas, *ends, *limits; /* by register */
    lvalue **leaves; /* by register, and one more for the closure that runs: variables of parts (virtual.c) */
    rf_loop *loops;
    uint32_t loop_count;
    rvalue R, context, fp, room, closure; /* closure: the running one, of a function with captures */
    rvalue area, self_area; /* of the caller, for the leaves of a result and of a self that are virtual */
    lvalue calls[RF_WIRE_MOST_FUNCTIONS]; /* while profiled: how often it called each function since it was entered; variables */
    struct {
        uint32_t number; /* the built-in's */
        lvalue calls;    /* while profiled, if there are any; a variable */
    } instead[2];        /* of square root and amount, which are instructions of the machine */
    lvalue marked; /* of a light method that gives_self: 1 when it has modified self (RF_FRAME_MARKED) */
    rvalue generator, kept; /* is_generator: which one, and its rf_suspended */
    unsigned name_count;
    rf_fact facts[RF_MOST_FACTS];
    uint32_t fact_count, fact_ids;
    uint32_t went[2], *ways_to; /* where the last instruction goes; how many ways lead to each */
} rf_translator;

typedef struct rf_compilation {
    rf_unit_request *unit;
    rf_ir_unit code;
    char outside[RF_MOST_OUTSIDE][32]; /* names of what the code reaches */
    uint32_t outside_count;
    rf_translator top;
    rf_translator instances[RF_MOST_INSTANCES]; /* of functions, for the closures they are called with */
    uint32_t instance_count;
    rf_virtual virtuals[RF_MOST_VIRTUALS];
    uint32_t virtual_count;
    uint32_t made_captures[RF_WIRE_MOST_FUNCTIONS]; /* by function: bits of captures that may not be virtual functions */
    bool needs_closure[RF_WIRE_MOST_FUNCTIONS];     /* by function: its code needs the closure it runs for */
    bool moves_self[RF_WIRE_MOST_FUNCTIONS];        /* by function: it does more with self than work on it in place */
    bool owns_self[RF_WIRE_MOST_FUNCTIONS];         /* by function: a self that is lent to it may get another owner */
    bool is_used[RF_MOST_INSTANCES], is_analysed[RF_MOST_INSTANCES];
    bool has_changed;
    bool is_bound;  /* an address of this run is in the code */
    bool recurses;  /* a function calls itself */
    rf_buffer exits; /* the ways out, as text, when they are wanted */
} rf_compilation;

/* The instance of function `number` for these arguments. -1 when there are too many already. */
int32_t rf_compilation_instance(rf_compilation *c, uint32_t number, const rf_known *arguments, uint32_t count,
                                bool gives_self, rf_known running);
/* Finds the kinds. False: native code would be left too often. */
bool rf_compilation_analyse(rf_compilation *c);
/* Into c->code. */
void rf_compilation_emit(rf_compilation *c);
void rf_compilation_release(rf_compilation *c);

#endif
