/* What the program and its helper ruff-jitc say to each other over a stream socket: records of the same machine, so
 * plain structs.  A request is a header, then its functions, the first being the one to compile and the others those
 * it calls; the answer is a header and the bytes of a relocatable object. */
#ifndef RF_JIT_WIRE_H
#define RF_JIT_WIRE_H

#include "base/base.h"
#include "jit/build.h"

enum {
    RF_WIRE_MAGIC = RF_JIT_BUILD, /* a helper of another build would know other objects */
    RF_WIRE_LARGEST = 120 * 1024, /* a request fits the socket's buffer, so that sending it never waits */
    RF_WIRE_LARGEST_ANSWER = 8 << 20,
    RF_WIRE_MOST_FUNCTIONS = 16,
    RF_WIRE_CALLEES = 4
};

typedef struct rf_wire_request {
    uint32_t magic, size;   /* of everything behind this header */
    uint32_t number;        /* comes back with the answer */
    uint32_t entry;         /* instruction the native code begins with */
    uint32_t function_count;
    uint32_t wraps;         /* integers wrap around */
    uint32_t is_traced;     /* print what is done */
    uint32_t is_forced;     /* even if it is not worth it */
    uint32_t optimisation;  /* of gcc: 1 or 2 */
    uint32_t dumps;         /* RF_WIRE_DUMP_...: texts wanted with the answer */
    uint32_t dump_pass;     /* behind which pass (pass.def) the intermediate form is shown */
    uint32_t counts_guards; /* native code counts the guards it tests */
    uint32_t stress;        /* every so many guards one fails on purpose; 0: none */
    uint32_t object_count;  /* addresses behind everything else */
    uint32_t is_profiled;   /* the object has a table of lines and of the sizes of frames */
    uint32_t makes_all;     /* every object is made, because they are counted */
} rf_wire_request;

enum { RF_WIRE_DUMP_IR = 1, RF_WIRE_DUMP_ASM = 2, RF_WIRE_DUMP_EXITS = 4, RF_WIRE_DUMP_GIMPLE = 8 };

/* What native code reaches in the program it reaches by names, so that it can be kept for other runs: the address of
 * ruff_code_K is the code of function K of the request, and so on; ruff_object_N is the object whose address is number N
 * in the request. */
#define RF_WIRE_BASE_CODE      "ruff_code_%u"
#define RF_WIRE_BASE_PROTO     "ruff_proto_%u"
#define RF_WIRE_BASE_CONSTANTS "ruff_constants_%u"
#define RF_WIRE_BASE_SLOTS     "ruff_slots_%u"
#define RF_WIRE_BASE_SITES     "ruff_sites_%u"
#define RF_WIRE_OBJECT         "ruff_object_%u"
#define RF_WIRE_ENTRY          "ruff_entry" /* the function to call */
#define RF_WIRE_LINES          "ruff_lines" /* while profiled: their number, then so many rf_wire_line */
#define RF_WIRE_ASSEMBLER      "/usr/bin/as"

/* Followed by: instructions, hints, constants, sites, live bits, captures, places (their steps behind each),
 * literals (their fields behind each), and kinds of the
 * registers at the entry (of the first function alone). */
typedef struct rf_wire_function {
    uint64_t proto, code, constants, slots; /* addresses in the program */
    uint32_t code_count, constant_count, site_count, place_count;
    uint32_t temp_base, register_count, param_count, words;
    uint32_t has_handlers, has_self, is_callable, is_hidden; /* is_callable: may be called natively */
    uint32_t has_captures, modifies_self;
    uint32_t literal_count, is_generator;
    uint32_t capture_count, unused;
} rf_wire_function;

typedef struct rf_wire_capture { /* where the function that makes the closure finds what it captures */
    uint32_t index;
    uint32_t is_local; /* a register; else a capture of its own closure */
} rf_wire_capture;

typedef struct rf_wire_hint { /* about one instruction: as rf_feedback, and */
    uint32_t seen[3], result, count, flags;
    int8_t callees[RF_WIRE_CALLEES]; /* functions of the request that it calls or resumes, -1: none */
    uint8_t calls_others;            /* and others */
    uint8_t builtin;                 /* rf_wire_builtin of CALLC, CALLC1, UPDATE */
    uint8_t unused[2];
} rf_wire_hint;

typedef enum rf_wire_builtin { /* built-ins that native code does itself */
    RF_WIRE_NO_BUILTIN,
    RF_WIRE_SQRT,
    RF_WIRE_ABS,
    RF_WIRE_GET,    /* with two or three arguments */
    RF_WIRE_HAS_KEY,
    RF_WIRE_REMOVE, /* of UPDATE: remove(place, key) */
    RF_WIRE_IS_BEFORE /* what a comparator's result says */
} rf_wire_builtin;

typedef struct rf_wire_place { /* a root and steps from there */
    uint8_t root, is_cell, is_usable, marks_self; /* is_usable: no constant, no wide local; marks_self: when pushed to */
    uint32_t index, count;
    uint32_t unused; /* what follows lies at a multiple of 8 */
} rf_wire_place;
typedef struct rf_wire_literal { /* a struct literal, followed by its fields; field_count 0: nothing is known */
    uint64_t def, layout;
    uint32_t field_count, data_size;
} rf_wire_literal;
typedef struct rf_wire_field {
    uint32_t offset, kind; /* rf_field_kind */
    int64_t entry;         /* number of the entry, -1: its default, which is */
    uint64_t head, bits;
} rf_wire_field;

typedef struct rf_wire_step {
    uint64_t layout;   /* a field of an instance of this layout; 0: an element, or nothing is known */
    uint32_t is_field, offset, field_kind;
    uint32_t reg;      /* of the index */
} rf_wire_step;

typedef struct rf_wire_line { /* native code from here on is of that instruction */
    uint64_t address;
    uint64_t number; /* from 1, those of all functions of the request one after the other; or RF_WIRE_FRAME + bytes */
} rf_wire_line;
/* From here on so many bytes lie between the stack pointer and the end of the return address; 0: that is not known. */
#define RF_WIRE_FRAME ((uint64_t)1 << 32)
typedef struct rf_wire_constant { uint64_t head, bits; } rf_wire_constant; /* bits: 0 for what is counted */
typedef struct rf_wire_site {
    uint64_t layout; /* address */
    uint64_t call_layout; /* of a call whose method is known: what instances of its declaration get now */
    uint32_t offset;
    uint16_t arg_count, skip;
    uint8_t field_kind, flags, unused[2];
    uint32_t place; /* of the receiver: its number, or none that large */
} rf_wire_site;
typedef struct rf_wire_entry { /* a register at the entry */
    uint64_t head;
    uint64_t layout;
    uint32_t array_kind, unused;
} rf_wire_entry;

typedef enum rf_wire_status {
    RF_WIRE_COMPILED,
    RF_WIRE_NOT_WORTH_IT, /* would leave native code too often */
    RF_WIRE_FAILED
} rf_wire_status;

typedef struct rf_wire_answer {
    uint32_t magic, size; /* of the object that follows */
    uint32_t number;
    uint32_t status;      /* rf_wire_status */
    uint32_t microseconds;
    uint32_t frame_bytes; /* largest C frame of a light function */
    uint32_t most_registers; /* by which a light call moves the window at most */
    uint32_t cpu_microseconds; /* of the helper and its assembler */
    uint32_t text_size;   /* of the texts wanted, behind the object */
    uint32_t is_bound;    /* holds addresses: of no use to another run */
    char library[108];    /* path of libgccjit */
} rf_wire_answer;

/* ---- what native code and its callers share ---- */

/* Result of native code; also the reason of an exit, in the low bits of rf_native_context.exit. */
enum { RF_NATIVE_GOES_ON, RF_NATIVE_RAISED };
enum {
#define RF_EXIT(name, text, meaning) RF_EXIT_##name,
#include "jit/exit.def"
#undef RF_EXIT
    RF_EXIT_REASONS
};
enum { RF_FEEDBACK_DISTRUST = 1 }; /* rf_feedback.flags: its guess failed often */

#endif
