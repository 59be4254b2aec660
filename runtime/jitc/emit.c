/* Types and outside functions. */
#include "jitc/emit.h"

#include "base/base.h"

#include <stdio.h>
#include <string.h>

static gcc_jit_function *import(rf_emit_types *t, const char *name, gcc_jit_type *result,
                                gcc_jit_type *const *types, int count)
{
    gcc_jit_param *params[5];
    for (int i = 0; i < count; i++)
        params[i] = gcc_jit_context_new_param(t->gcc, NULL, types[i], "p");
    return gcc_jit_context_new_function(t->gcc, NULL, GCC_JIT_FUNCTION_IMPORTED, result, name,
                                        count, params, 0);
}

static gcc_jit_field *field(rf_emit_types *t, gcc_jit_type *type, const char *name)
{
    return gcc_jit_context_new_field(t->gcc, NULL, type, name);
}

void rf_emit_types_init(rf_emit_types *t, gcc_jit_context *gcc)
{
    t->gcc = gcc;
    memset(t->direct, 0, sizeof t->direct);
    t->i64 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_LONG_LONG);
    t->i32 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_INT);
    t->u32 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_UNSIGNED_INT);
    t->u16 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_UNSIGNED_SHORT);
    t->u8 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_UNSIGNED_CHAR);
    t->f64 = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_DOUBLE);
    t->pointer = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_VOID_PTR);
    t->boolean = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_BOOL);

    t->as_int = field(t, t->i64, "i");
    t->as_float = field(t, t->f64, "d");
    t->as_object = field(t, t->pointer, "o");
    gcc_jit_field *payloads[] = {t->as_int, t->as_float, t->as_object};
    t->union_type = gcc_jit_context_new_union_type(gcc, NULL, "payload", 3, payloads);
    t->head = field(t, t->i64, "head");
    t->as = field(t, t->union_type, "as");
    gcc_jit_field *fields[] = {t->head, t->as};
    t->value_struct = gcc_jit_context_new_struct_type(gcc, NULL, "value", 2, fields);
    t->value = gcc_jit_struct_as_type(t->value_struct);
    t->value_pointer = gcc_jit_type_get_pointer(t->value);

    t->a_count = field(t, t->i32, "count");
    t->a_kind = field(t, t->u8, "kind");
    t->a_flags = field(t, t->u8, "flags");
    t->a_info = field(t, t->u16, "info");
    t->a_length = field(t, t->u32, "length");
    t->a_capacity = field(t, t->u32, "capacity");
    t->a_data = field(t, t->pointer, "data");
    gcc_jit_field *array[] = {t->a_count,  t->a_kind,     t->a_flags, t->a_info,
                              t->a_length, t->a_capacity, t->a_data};
    t->array_struct = gcc_jit_context_new_struct_type(gcc, NULL, "array", 7, array);
    t->array_pointer = gcc_jit_type_get_pointer(gcc_jit_struct_as_type(t->array_struct));

    gcc_jit_type *none = gcc_jit_context_get_type(gcc, GCC_JIT_TYPE_VOID);
    gcc_jit_type *p = t->pointer, *i = t->i64, *d = t->f64;
    t->add_overflow = gcc_jit_context_get_builtin_function(gcc, "__builtin_saddll_overflow");
    t->sub_overflow = gcc_jit_context_get_builtin_function(gcc, "__builtin_ssubll_overflow");
    t->mul_overflow = gcc_jit_context_get_builtin_function(gcc, "__builtin_smulll_overflow");
    t->expect = gcc_jit_context_get_builtin_function(gcc, "__builtin_expect");
    t->fmod = import(t, "fmod", d, (gcc_jit_type *[]){d, d}, 2);
    t->execute = import(t, "rf_native_execute", i, (gcc_jit_type *[]){p, p, i}, 3);
    t->release = import(t, "rf_native_release", none, (gcc_jit_type *[]){p, p}, 2);
    t->copy = import(t, "rf_native_copy", none, (gcc_jit_type *[]){p, p, p}, 3);
    t->array_new = import(t, "rf_native_array_new", p, (gcc_jit_type *[]){p, p, i}, 3);
    t->array_renew = import(t, "rf_native_array_renew", none, (gcc_jit_type *[]){p, p}, 2);
    t->array_copy = import(t, "rf_native_array_copy", p, (gcc_jit_type *[]){p, p}, 2);
    t->array_push = import(t, "rf_native_array_push", i, (gcc_jit_type *[]){p, p, p}, 3);
    t->array_fill = import(t, "rf_native_array_fill", i, (gcc_jit_type *[]){p, p, p, i}, 4);
    t->struct_copy = import(t, "rf_native_struct_copy", p, (gcc_jit_type *[]){p, p}, 2);
    t->deopt = import(t, "rf_native_deopt", none, (gcc_jit_type *[]){p, p, p, p, i}, 5);
    t->deopt_self = import(t, "rf_native_deopt_self", none, (gcc_jit_type *[]){p, i, i}, 3);
    t->native_call = import(t, "rf_native_call", i, (gcc_jit_type *[]){p, p, i}, 3);
    t->struct_new = import(t, "rf_native_struct_new", p, (gcc_jit_type *[]){p, p}, 2);
    t->closure_new = import(t, "rf_native_closure_new", p, (gcc_jit_type *[]){p, p, p, p}, 4);
    t->closure_bare = import(t, "rf_native_closure_bare", p, (gcc_jit_type *[]){p, p}, 2);
    t->cell_new = import(t, "rf_native_cell_new", p, (gcc_jit_type *[]){p, p}, 2);
    t->detach = import(t, "rf_native_detach", i, (gcc_jit_type *[]){p, p, i}, 3);
    t->give_back = import(t, "rf_native_give_back", none, (gcc_jit_type *[]){p, p, i}, 3);
    t->open_generator = import(t, "rf_native_open_generator", i, (gcc_jit_type *[]){p, p, p}, 3);
    t->end_generator = import(t, "rf_native_end_generator", none, (gcc_jit_type *[]){p, p}, 2);
    t->same_text = import(t, "rf_native_same_text", i, (gcc_jit_type *[]){p, p}, 2);
    t->dict_field = import(t, "rf_native_dict_field", t->value, (gcc_jit_type *[]){p, p}, 2);
    t->dict_number = import(t, "rf_native_dict_number", t->value, (gcc_jit_type *[]){p, i}, 2);
    t->dict_string = import(t, "rf_native_dict_string", t->value, (gcc_jit_type *[]){p, p}, 2);
    t->text_and_int = import(t, "rf_native_text_and_int", p, (gcc_jit_type *[]){p, p, i}, 3);
    t->dict_remove = import(t, "rf_native_dict_remove", i, (gcc_jit_type *[]){p, p, p}, 3);
    t->dict_set = import(t, "rf_native_dict_set", i, (gcc_jit_type *[]){p, p, p, p}, 4);
    t->dict_entry = import(t, "rf_native_dict_entry", t->value, (gcc_jit_type *[]){p, i}, 2);
    t->dict_next = import(t, "rf_native_dict_next", t->value, (gcc_jit_type *[]){p, p}, 2);
    gcc_jit_type *builtin[] = {p, p, t->u32};
    t->builtin = gcc_jit_context_new_function_ptr_type(gcc, NULL, t->value, 3, builtin, 0);
    t->sqrt = gcc_jit_context_get_builtin_function(gcc, "__builtin_sqrt");
    t->fabs = gcc_jit_context_get_builtin_function(gcc, "__builtin_fabs");
}

static const struct {
    const char *name; /* NULL: none */
    bool raises;
} directs[RF_OP_COUNT] = {
#define RF_DIRECT(op, function, raises) [RF_OP_##op] = {#function, raises},
#include "jitc/direct.def"
#undef RF_DIRECT
};

/* C: bool or void name(rf_isolate *, rf_frame *, rf_instruction) */
gcc_jit_function *rf_emit_direct(rf_emit_types *t, unsigned op, bool *raises)
{
    const char *name = directs[op].name;
    *raises = directs[op].raises;
    if (!name) return NULL;
    for (unsigned other = 0; other < RF_OP_COUNT && !t->direct[op]; other++) /* several may share it */
        if (t->direct[other] && strcmp(directs[other].name, name) == 0) t->direct[op] = t->direct[other];
    gcc_jit_type *none = gcc_jit_context_get_type(t->gcc, GCC_JIT_TYPE_VOID);
    if (!t->direct[op])
        t->direct[op] = import(t, name, *raises ? t->boolean : none, (gcc_jit_type *[]){t->pointer, t->pointer, t->i64}, 3);
    return t->direct[op];
}

/* extern char name[]; (void *)name */
rvalue rf_emit_outside(rf_emit_types *t, const char *name)
{
    for (unsigned i = 0; i < t->outside_count; i++)
        if (strcmp(t->outside[i].name, name) == 0) return t->outside[i].address;
    rf_assert(t->outside_count < RF_COUNT_OF(t->outside));
    gcc_jit_type *bytes = gcc_jit_context_new_array_type(t->gcc, NULL, t->u8, 1 << 28);
    lvalue object = gcc_jit_context_new_global(t->gcc, NULL, GCC_JIT_GLOBAL_IMPORTED, bytes, name);
    rvalue address = gcc_jit_context_new_cast(t->gcc, NULL, gcc_jit_lvalue_get_address(object, NULL), t->pointer);
    snprintf(t->outside[t->outside_count].name, sizeof t->outside[0].name, "%s", name);
    t->outside[t->outside_count++].address = address;
    return address;
}
