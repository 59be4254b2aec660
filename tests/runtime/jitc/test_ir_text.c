/* The intermediate form as text. */
#include "support/ruff_test.h"

#include "base/base.h"
#include "jitc/ir.h"
#include "runtime/jitc/ir_assert.h"

#include <math.h>

enum { EXIT_GUARD = 1 }; /* in jit/exit.def */

static void a_guard_says_where_it_leaves_to(void **state)
{
    (void)state;
    rf_ir_unit unit = {NULL, NULL};
    rf_ir_function *f = rf_ir_function_new(&unit, "half", RF_IR_I64);
    rf_ir_param(f, RF_IR_I64);
    rf_ir_place *n = rf_ir_variable_new(f, RF_IR_I64, 0, "n");
    rf_ir_block *entry = rf_ir_block_new(f), *next = rf_ir_block_new(f), *exit = rf_ir_block_new(f);
    exit->is_exit = true;
    exit->exit_pc = 3;
    exit->exit_reason = EXIT_GUARD;
    rf_ir_assign(f, entry, 4, n, rf_ir_param_value(f, 0));
    rf_ir_guard(f, entry, 4, rf_ir_binary(f, RF_IR_GT, rf_ir_value_of(f, n), rf_ir_int(f, RF_IR_I64, 0)), next, exit);
    rf_ir_checked(f, next, 6, n, RF_IR_MUL, rf_ir_value_of(f, n), rf_ir_int(f, RF_IR_I64, 3), rf_ir_block_new(f), exit);
    rf_ir_return(f, next->last->yes, 6, rf_ir_binary(f, RF_IR_DIV, rf_ir_value_of(f, n), rf_ir_int(f, RF_IR_I64, 2)));
    rf_ir_return(f, exit, 4, rf_ir_int(f, RF_IR_I64, 0));
    assert_ir_text(f, "function half($0: i64) -> i64\n"
                      "  i64: n\n"
                      "b0:\n"
                      "  n = $0                                                    ; 3\n"
                      "  guard n > 0 to b1 else x2\n"
                      "b1:\n"
                      "  n = checked n * 3 to b3 else x2                           ; 5\n"
                      "x2: exit 3 guard\n"
                      "  return 0                                                  ; 3\n"
                      "b3:\n"
                      "  return n / 2                                              ; 5\n");
    rf_ir_ssa(f);
    assert_ir_text(f, "function half($0: i64) -> i64\n"
                      "  i64: n\n"
                      "b0:\n"
                      "  n.1 = $0                                                  ; 3\n"
                      "  guard n.1 > 0 to b1 else x2\n"
                      "b1: from b0\n"
                      "  n.2 = checked n.1 * 3 to b3 else x2                       ; 5\n"
                      "b3: from b1\n"
                      "  return n.2 / 2\n"
                      "x2: from b0 b1, exit 3 guard\n"
                      "  return 0                                                  ; 3\n");
    rf_ir_unit_release(&unit);
}

static void variables_of_one_name_are_told_apart(void **state)
{
    (void)state;
    rf_ir_unit unit = {NULL, NULL};
    rf_ir_function *f = rf_ir_function_new(&unit, "f", RF_IR_VOID);
    rf_ir_place *first = rf_ir_variable_new(f, RF_IR_I64, 0, "r"), *other = rf_ir_variable_new(f, RF_IR_I64, 0, "s");
    rf_ir_place *second = rf_ir_variable_new(f, RF_IR_F64, 0, "r");
    rf_ir_variable_new(f, RF_IR_F64, 0, "unused");
    rf_ir_block *b = rf_ir_block_new(f);
    rf_ir_assign(f, b, 0, first, rf_ir_int(f, RF_IR_I64, 1));
    rf_ir_assign(f, b, 0, other, rf_ir_value_of(f, first));
    rf_ir_assign(f, b, 0, second, rf_ir_unary(f, RF_IR_CAST, RF_IR_F64, rf_ir_value_of(f, other)));
    rf_ir_return(f, b, 0, NULL);
    assert_ir_text(f, "function f() -> void\n"
                      "  i64: r:0 s\n"
                      "  f64: r:2\n"
                      "b0:\n"
                      "  r:0 = 1\n"
                      "  s = r:0\n"
                      "  r:2 = s as f64\n"
                      "  return\n");
    rf_ir_unit_release(&unit);
}

/* ---- expressions: each assigned to x, of some type ---- */

typedef struct sample {
    rf_ir_unit unit;
    rf_ir_function *f, *other;
    rf_ir_place *i, *d, *b, *v, *a;
    rf_ir_expr *values, *object, *builtin;
} sample;

static void make(sample *s)
{
    *s = (sample){.unit = {NULL, NULL}};
    s->f = rf_ir_function_new(&s->unit, "f", RF_IR_VOID);
    s->other = rf_ir_function_new(&s->unit, "other", RF_IR_I64);
    rf_ir_param(s->f, RF_IR_VALUE + RF_IR_TO);
    rf_ir_param(s->f, RF_IR_ARRAY + RF_IR_TO);
    rf_ir_param(s->f, RF_IR_BUILTIN + RF_IR_TO);
    rf_ir_param(s->f, RF_IR_POINTER + RF_IR_TO);
    s->values = rf_ir_param_value(s->f, 0);
    s->object = rf_ir_param_value(s->f, 1);
    s->builtin = rf_ir_param_value(s->f, 2);
    s->i = rf_ir_variable_new(s->f, RF_IR_I64, 0, "i");
    s->d = rf_ir_variable_new(s->f, RF_IR_F64, 0, "d");
    s->b = rf_ir_variable_new(s->f, RF_IR_BOOL, 0, "b");
    s->v = rf_ir_variable_new(s->f, RF_IR_VALUE, 0, "v");
    s->a = rf_ir_variable_new(s->f, RF_IR_VALUE, 9, "a");
}

/* What the statement `place = value` prints between the equal sign and the end of its line. */
static void assert_value(sample *s, rf_ir_place *place, rf_ir_expr *value, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT, line = RF_BUFFER_INIT;
    rf_ir_block *b = rf_ir_block_new(s->f);
    if (place)
        rf_ir_assign(s->f, b, 0, place, value);
    else
        rf_ir_eval(s->f, b, 0, value);
    rf_ir_print(s->f, &out);
    rf_buffer_format(&line, "\nb%u:\n  %s\n", b->number, expected);
    const size_t size = line.size < out.size ? line.size : out.size;
    assert_string_equal(out.data + out.size - size, line.data);
    rf_buffer_release(&out);
    rf_buffer_release(&line);
}

static rf_ir_expr *binary(sample *s, rf_ir_op op, rf_ir_expr *a, rf_ir_expr *b)
{
    return rf_ir_binary(s->f, op, a, b);
}

static void operands_made_of_operands_stand_in_parentheses(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_expr *i = rf_ir_value_of(s.f, s.i), *seven = rf_ir_int(s.f, RF_IR_I64, -7), *sum = binary(&s, RF_IR_ADD, i, seven);
    rf_ir_expr *b = rf_ir_value_of(s.f, s.b), *less = binary(&s, RF_IR_LT, sum, i);
    assert_value(&s, s.i, sum, "i = i + -7");
    assert_value(&s, s.i, binary(&s, RF_IR_MUL, sum, binary(&s, RF_IR_SHR, i, i)), "i = (i + -7) * (i >> i)");
    assert_value(&s, s.i, rf_ir_unary(s.f, RF_IR_NEG, RF_IR_I64, sum), "i = -(i + -7)");
    assert_value(&s, s.i, rf_ir_unary(s.f, RF_IR_NEG, RF_IR_I64, seven), "i = -(-7)");
    assert_value(&s, s.b, rf_ir_unary(s.f, RF_IR_NOT, RF_IR_BOOL, b), "b = !b");
    assert_value(&s, s.b, binary(&s, RF_IR_EITHER, less, binary(&s, RF_IR_BOTH, b, rf_ir_int(s.f, RF_IR_BOOL, 1))),
                 "b = ((i + -7) < i) || (b && true)");
    assert_value(&s, s.b, rf_ir_unary(s.f, RF_IR_LIKELY, RF_IR_BOOL, less), "b = likely((i + -7) < i)");
    assert_value(&s, s.d, rf_ir_unary(s.f, RF_IR_CAST, RF_IR_F64, rf_ir_unary(s.f, RF_IR_CAST, RF_IR_U8, sum)), "d = ((i + -7) as u8) as f64");
    rf_ir_unit_release(&s.unit);
}

static void numbers_tell_their_types(void **state)
{
    (void)state;
    sample s;
    make(&s);
    assert_value(&s, s.d, rf_ir_float(s.f, 2), "d = 2.0");
    assert_value(&s, s.d, rf_ir_float(s.f, -0.0), "d = -0.0");
    assert_value(&s, s.d, rf_ir_float(s.f, 1e300), "d = 1.0000000000000001e+300");
    assert_value(&s, s.d, rf_ir_float(s.f, (double)INFINITY), "d = inf");
    assert_value(&s, s.b, rf_ir_int(s.f, RF_IR_BOOL, 0), "b = false");
    assert_value(&s, s.i, rf_ir_unary(s.f, RF_IR_CAST, RF_IR_I64, rf_ir_int(s.f, RF_IR_U8, 3)), "i = 3:u8 as i64");
    rf_ir_unit_release(&s.unit);
}

static void places_read_as_in_c(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_expr *i = rf_ir_value_of(s.f, s.i);
    rf_ir_place *element = rf_ir_element(s.f, s.values, i), *local = rf_ir_element(s.f, rf_ir_address_of(s.f, s.a), i);
    assert_value(&s, rf_ir_value_field(s.f, element, RF_IR_HEAD), i, "$0[i].head = i");
    assert_value(&s, rf_ir_value_field(s.f, s.v, RF_IR_AS_INT), i, "v.i = i");
    assert_value(&s, rf_ir_value_field(s.f, local, RF_IR_AS_INT), i, "a[i].i = i");
    assert_value(&s, s.v, rf_ir_value_of(s.f, element), "v = $0[i]");
    assert_value(&s, s.v, rf_ir_value_of(s.f, rf_ir_element(s.f, rf_ir_address_of(s.f, s.v), i)), "v = (&v)[i]");
    assert_value(&s, s.i, rf_ir_value_of(s.f, rf_ir_memory(s.f, s.object, 24, RF_IR_I64)), "i = *(i64 *)($1 + 24)");
    assert_value(&s, s.i, rf_ir_unary(s.f, RF_IR_CAST, RF_IR_I64, rf_ir_value_of(s.f, rf_ir_array_field(s.f, s.object, RF_IR_LENGTH))),
                 "i = $1->length as i64");
    rf_ir_unit_release(&s.unit);
}

static void calls_name_what_they_call(void **state)
{
    (void)state;
    sample s;
    make(&s);
    rf_ir_expr *where = rf_ir_outside(s.f, "rf_native_pool");
    rf_ir_expr *args[] = {where, rf_ir_address_of(s.f, s.v), rf_ir_int(s.f, RF_IR_U32, 2)};
    assert_value(&s, NULL, rf_ir_call_outside(s.f, RF_FN(release), 2, args), "rf_native_release(@rf_native_pool, &v)");
    assert_value(&s, s.i, rf_ir_call_inside(s.f, s.other, 0, args), "i = other()");
    assert_value(&s, s.v, rf_ir_call_through(s.f, s.builtin, 3, args), "v = (*$2)(@rf_native_pool, &v, 2:u32)");
    rf_ir_unit_release(&s.unit);
}

static void types_of_parameters_are_named(void **state)
{
    (void)state;
    sample s;
    make(&s);
    assert_ir_text(s.f, "function f($0: value*, $1: array*, $2: builtin*, $3: pointer*) -> void\n");
    rf_ir_unit_release(&s.unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_guard_says_where_it_leaves_to),
        cmocka_unit_test(variables_of_one_name_are_told_apart),
        cmocka_unit_test(operands_made_of_operands_stand_in_parentheses),
        cmocka_unit_test(numbers_tell_their_types),
        cmocka_unit_test(places_read_as_in_c),
        cmocka_unit_test(calls_name_what_they_call),
        cmocka_unit_test(types_of_parameters_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
