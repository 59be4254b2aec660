/* libgccjit in short words.  Every function that emits does nothing, and returns NULL, while a
 * function is only analysed: then there is no block.  Above each emission in translate.c stands the
 * C it means. */
#ifndef RF_JITC_EMIT_H
#define RF_JITC_EMIT_H

#include "vm/opcode.h"

#include <libgccjit.h>
#include <stdbool.h>
#include <stdint.h>

typedef gcc_jit_rvalue *rvalue;
typedef gcc_jit_lvalue *lvalue;

typedef struct rf_emit_types { /* of one gcc context */
    gcc_jit_context *gcc;
    gcc_jit_type *i64, *i32, *u32, *u16, *u8, *f64, *pointer, *boolean;
    gcc_jit_struct *value_struct, *array_struct;
    gcc_jit_type *value, *value_pointer, *array_pointer, *union_type;
    gcc_jit_field *head, *as, *as_int, *as_float, *as_object;
    gcc_jit_field *a_count, *a_kind, *a_flags, *a_info, *a_length, *a_capacity, *a_data;
    gcc_jit_function *add_overflow, *sub_overflow, *mul_overflow, *expect, *fmod;
    gcc_jit_function *execute, *release, *copy, *array_new, *array_renew, *array_copy, *array_push, *array_fill, *struct_copy, *deopt,
        *native_call, *struct_new, *closure_new, *closure_bare, *cell_new, *deopt_self, *same_text, *dict_field, *dict_number, *dict_string, *dict_entry, *dict_set, *dict_remove, *dict_next, *text_and_int, *detach, *give_back,
        *open_generator, *end_generator, *sqrt, *fabs;
    gcc_jit_function *direct[RF_OP_COUNT]; /* by instruction, as far as they were wanted; direct.def */
    gcc_jit_type *builtin; /* pointer to a built-in */
    struct { char name[32]; rvalue address; } outside[128]; /* rf_emit_outside */
    unsigned outside_count;
} rf_emit_types;

void rf_emit_types_init(rf_emit_types *t, gcc_jit_context *gcc);
/* The function that carries out instructions like this, NULL: there is none; *raises: it answers whether it went well. */
gcc_jit_function *rf_emit_direct(rf_emit_types *t, unsigned op, bool *raises);
/* The address of what the program knows by name (wire.h) and was named in the request. */
rvalue rf_emit_outside(rf_emit_types *t, const char *name);

#endif
