/* Handlers of arithmetic and comparisons, as macros over the names of dispatch.c: ints with their overflow check first,
 * then floats, then the long way of slow.h. */
#ifndef RF_VM_DISPATCH_ARITH_H
#define RF_VM_DISPATCH_ARITH_H

#include "value/operate.h"
#include "vm/slow.h"

#include <math.h>

/* ---- arithmetic ---- */

#define BINARY_SLOW(oper, right, reg)                                                            \
    do {                                                                                         \
        SAVE();                                                                                  \
        if (RF_UNLIKELY(!rf_vm_binary(isolate, fp, oper, IN.a, IN.b, right, reg))) goto raise;   \
        NEXT();                                                                                  \
    } while (0)

/* Both numbers as floats; false when one is no number or both are ints. */
static RF_ALWAYS_INLINE bool as_floats(const rf_value *b, const rf_value *c, double *x, double *y)
{
    if (b->head == RF_FLOAT) {
        *x = b->as.d;
        if (c->head == RF_FLOAT)
            *y = c->as.d;
        else if (c->head == RF_INT)
            *y = (double)c->as.i;
        else
            return false;
        return true;
    }
    if (b->head != RF_INT || c->head != RF_FLOAT) return false;
    *x = (double)b->as.i;
    *y = c->as.d;
    return true;
}

/* R[a] = left op right by the short ways; falls through when there is none */
#define TRY_INTS(left, right, checked)                                                           \
    if (RF_LIKELY((left)->head == RF_INT && (right)->head == RF_INT)) {                          \
        int64_t r;                                                                               \
        if (RF_LIKELY(!checked((left)->as.i, (right)->as.i, &r))) {                              \
            PUT_INT(&R[IN.a], r);                                                                \
            NEXT();                                                                              \
        }                                                                                        \
    }
#define TRY_FLOATS(left, right, op)                                                              \
    if ((left)->head == RF_FLOAT && (right)->head == RF_FLOAT) {                                 \
        PUT_FLOAT(&R[IN.a], (left)->as.d op (right)->as.d);                                      \
        NEXT();                                                                                  \
    } else {                                                                                     \
        double x, y;                                                                             \
        if (as_floats(left, right, &x, &y)) {                                                    \
            PUT_FLOAT(&R[IN.a], x op y);                                                         \
            NEXT();                                                                              \
        }                                                                                        \
    }

/* + - *: ints with overflow check, floats */
#define ARITH(name, oper, checked, op)                                                           \
    CASE(name) : {                                                                               \
        const rf_value *b = &R[IN.b], *c = &R[IN.c];                                             \
        TRY_INTS(b, c, checked)                                                                  \
        TRY_FLOATS(b, c, op)                                                                     \
        BINARY_SLOW(oper, *c, IN.c);                                                             \
    }                                                                                            \
    CASE(name##I) : {                                                                            \
        const rf_value *b = &R[IN.b];                                                            \
        const int64_t i = (int16_t)IN.c;                                                         \
        int64_t r;                                                                               \
        if (RF_LIKELY(b->head == RF_INT) && RF_LIKELY(!checked(b->as.i, i, &r))) {               \
            PUT_INT(&R[IN.a], r);                                                                \
            NEXT();                                                                              \
        }                                                                                        \
        if (b->head == RF_FLOAT) {                                                               \
            const double d = b->as.d op (double)i;                                               \
            PUT_FLOAT(&R[IN.a], d);                                                              \
            NEXT();                                                                              \
        }                                                                                        \
        BINARY_SLOW(oper, rf_int(i), RF_NO_RESULT);                                              \
    }                                                                                            \
    CASE(name##K) : {                                                                            \
        const rf_value *b = &R[IN.b], *k = &K[IN.c];                                             \
        TRY_INTS(b, k, checked)                                                                  \
        TRY_FLOATS(b, k, op)                                                                     \
        BINARY_SLOW(oper, *k, RF_NO_RESULT);                                                     \
    }                                                                                            \
    CASE(K##name) : {                                                                            \
        const rf_value *k = &K[IN.b], *c = &R[IN.c];                                             \
        TRY_INTS(k, c, checked)                                                                  \
        TRY_FLOATS(k, c, op)                                                                     \
        SAVE();                                                                                  \
        if (RF_UNLIKELY(!rf_vm_constant_left(isolate, fp, oper, IN))) goto raise;                \
        NEXT();                                                                                  \
    }

/* / and %: a divisor of 0 raises, -1 may overflow */
#define TRY_DIVIDE(left, right, op, on_floats)                                                   \
    if (RF_LIKELY((left)->head == RF_INT && (right)->head == RF_INT)) {                          \
        if (RF_LIKELY((uint64_t)(right)->as.i + 1 > 1)) {                                        \
            const int64_t r = (left)->as.i op (right)->as.i;                                     \
            PUT_INT(&R[IN.a], r);                                                                \
            NEXT();                                                                              \
        }                                                                                        \
    } else {                                                                                     \
        double x, y;                                                                             \
        if (as_floats(left, right, &x, &y) && y != 0) {                                          \
            PUT_FLOAT(&R[IN.a], on_floats(x, y));                                                \
            NEXT();                                                                              \
        }                                                                                        \
    }
#define DIVIDE(name, oper, op, on_floats)                                                        \
    CASE(name) : {                                                                               \
        const rf_value *b = &R[IN.b], *c = &R[IN.c];                                             \
        TRY_DIVIDE(b, c, op, on_floats)                                                          \
        BINARY_SLOW(oper, *c, IN.c);                                                             \
    }                                                                                            \
    CASE(name##I) : {                                                                            \
        const rf_value *b = &R[IN.b];                                                            \
        const int64_t i = (int16_t)IN.c;                                                         \
        if (RF_LIKELY(b->head == RF_INT && (uint64_t)i + 1 > 1)) {                               \
            PUT_INT(&R[IN.a], b->as.i op i);                                                     \
            NEXT();                                                                              \
        }                                                                                        \
        if (b->head == RF_FLOAT && i != 0) {                                                     \
            PUT_FLOAT(&R[IN.a], on_floats(b->as.d, (double)i));                                  \
            NEXT();                                                                              \
        }                                                                                        \
        BINARY_SLOW(oper, rf_int(i), RF_NO_RESULT);                                              \
    }                                                                                            \
    CASE(name##K) : {                                                                            \
        const rf_value *b = &R[IN.b], *k = &K[IN.c];                                             \
        TRY_DIVIDE(b, k, op, on_floats)                                                          \
        BINARY_SLOW(oper, *k, RF_NO_RESULT);                                                     \
    }
#define QUOTIENT(x, y)  ((x) / (y))
#define REMAINDER(x, y) fmod(x, y)

/* ---- comparisons ---- */

#define COMPARE_SLOW(oper, reg, right, right_reg, then)                                          \
    do {                                                                                         \
        SAVE();                                                                                  \
        const int holds = rf_vm_compare(isolate, fp, oper, reg, right, right_reg);               \
        if (RF_UNLIKELY(holds < 0)) goto raise;                                                  \
        then;                                                                                    \
    } while (0)

#define FLOATS_ORDERED(x, op, y) ((x)op(y))
#define FLOATS_EQUAL(x, op, y)   (rf_floats_equal(x, y)op 1)

/* name: to a register; the jumps: sense 1 (J) and 0 (JN), right operand register, int, constant */
#define COMPARE(name, oper, op, floats, float_op)                                                \
    CASE(name) : {                                                                               \
        const rf_value *b = &R[IN.b], *c = &R[IN.c];                                             \
        if (RF_LIKELY(b->head == RF_INT && c->head == RF_INT)) {                                 \
            const bool holds = b->as.i op c->as.i;                                               \
            PUT_BOOL(&R[IN.a], holds);                                                           \
            NEXT();                                                                              \
        }                                                                                        \
        COMPARE_SLOW(oper, IN.b, *c, IN.c, PUT_BOOL(&R[IN.a], holds); NEXT());                   \
    }                                                                                            \
    COMPARE_JUMP(J##name, oper, op, floats, float_op, 1)                                         \
    COMPARE_JUMP(JN##name, oper, op, floats, float_op, 0)

#define COMPARE_JUMP(name, oper, op, floats, float_op, sense)                                    \
    CASE(name) : {                                                                               \
        const rf_value *a = &R[IN.a], *b = &R[IN.b];                                             \
        if (RF_LIKELY(a->head == RF_INT && b->head == RF_INT))                                   \
            TAKES_JUMP((a->as.i op b->as.i) == sense);                                           \
        if (a->head == RF_FLOAT && b->head == RF_FLOAT)                                          \
            TAKES_JUMP(floats(a->as.d, float_op, b->as.d) == sense);                             \
        COMPARE_SLOW(oper, IN.a, *b, IN.b, TAKES_JUMP(holds == sense));                          \
    }                                                                                            \
    CASE(name##I) : {                                                                            \
        const rf_value *a = &R[IN.a];                                                            \
        if (RF_LIKELY(a->head == RF_INT)) TAKES_JUMP((a->as.i op(int16_t) IN.b) == sense);       \
        if (a->head == RF_FLOAT)                                                                 \
            TAKES_JUMP(floats(a->as.d, float_op, (double)(int16_t)IN.b) == sense);               \
        COMPARE_SLOW(oper, IN.a, rf_int((int16_t)IN.b), RF_NO_RESULT, TAKES_JUMP(holds == sense)); \
    }                                                                                            \
    CASE(name##K) : {                                                                            \
        const rf_value *a = &R[IN.a], *k = &K[IN.b];                                             \
        if (a->head == RF_FLOAT && k->head == RF_FLOAT)                                          \
            TAKES_JUMP(floats(a->as.d, float_op, k->as.d) == sense);                             \
        if (a->head == RF_INT && k->head == RF_INT) TAKES_JUMP((a->as.i op k->as.i) == sense);   \
        COMPARE_SLOW(oper, IN.a, *k, RF_NO_RESULT, TAKES_JUMP(holds == sense));                  \
    }

#endif
