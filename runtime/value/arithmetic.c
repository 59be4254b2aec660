/* Operators: numbers, concatenation, ordering, overloads (LANGUAGE 5.8 to 5.10, 6.2, 9.6). */
#include "value/operate.h"

#include "value/array.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/struct_type.h"

#include <math.h>
#include <string.h>

static const char *const operator_texts[] = {
#define RF_OPERATOR(name, text, method, alias) text,
#include "syntax/operator.def"
#undef RF_OPERATOR
};

static rf_value raise_binary(rf_isolate *isolate, rf_op_kind op, rf_value a, rf_value b)
{
    return rf_raise(isolate, "Invalid binary operation: %s %s %s", rf_type_name(a),
                    operator_texts[op], rf_type_name(b));
}

static rf_value raise_overflow(rf_isolate *isolate, rf_op_kind op, int64_t a, int64_t b)
{
    return rf_raise(isolate, "Integer overflow: %lld %s %lld", (long long)a, operator_texts[op],
                    (long long)b);
}

/* ---- numbers ---- */

static rf_value divide(rf_isolate *isolate, rf_op_kind op, int64_t a, int64_t b)
{
    bool is_division = op == RF_OPER_DIV;
    if (b == 0) return rf_raise(isolate, is_division ? "Division by zero" : "Modulo by zero");
    if (b == -1) { /* the processor traps on the least int */
        if (a == INT64_MIN && !isolate->wrap_integers) return raise_overflow(isolate, op, a, b);
        return rf_int(is_division ? (int64_t)(0 - (uint64_t)a) : 0);
    }
    return rf_int(is_division ? a / b : a % b);
}

static rf_value int_arithmetic(rf_isolate *isolate, rf_op_kind op, int64_t a, int64_t b)
{
    int64_t result;
    bool overflows;
    switch (op) {
    case RF_OPER_ADD: overflows = __builtin_add_overflow(a, b, &result); break;
    case RF_OPER_SUB: overflows = __builtin_sub_overflow(a, b, &result); break;
    case RF_OPER_MUL: overflows = __builtin_mul_overflow(a, b, &result); break;
    default: return divide(isolate, op, a, b);
    }
    if (RF_UNLIKELY(overflows) && !isolate->wrap_integers) return raise_overflow(isolate, op, a, b);
    return rf_int(result); /* the builtins store the wrapped result */
}

static rf_value float_arithmetic(rf_isolate *isolate, rf_op_kind op, double a, double b)
{
    switch (op) {
    case RF_OPER_ADD: return rf_float(a + b);
    case RF_OPER_SUB: return rf_float(a - b);
    case RF_OPER_MUL: return rf_float(a * b);
    case RF_OPER_DIV:
        if (b == 0.0) return rf_raise(isolate, "Division by zero");
        return rf_float(a / b);
    default:
        if (b == 0.0) return rf_raise(isolate, "Modulo by zero");
        return rf_float(fmod(a, b));
    }
}

static inline bool is_number(rf_value v)
{
    return v.head == RF_INT || v.head == RF_FLOAT;
}

static inline double as_double(rf_value v)
{
    return v.head == RF_INT ? (double)v.as.i : v.as.d;
}

/* ---- strings and arrays ---- */

static rf_value repeat(rf_isolate *isolate, rf_string *s, int64_t times)
{
    if (times <= 0 || !s->size) return rf_string_new(isolate, "", 0);
    size_t size, length;
    if (__builtin_mul_overflow((size_t)s->size, (size_t)times, &size) || size > RF_STRING_LARGEST)
        return rf_raise_string_too_large(isolate);
    length = (size_t)s->length * (size_t)times;
    rf_value v = rf_string_new_raw(isolate, size, length);
    if (rf_is_raised(v)) return v;
    char *text = v.as.string->text;
    memcpy(text, s->text, s->size);
    for (size_t done = s->size; done < size;) { /* doubling what is there */
        size_t more = done < size - done ? done : size - done;
        memcpy(text + done, text, more);
        done += more;
    }
    return v;
}

static rf_value join_arrays(rf_isolate *isolate, rf_value a, rf_value b)
{
    rf_value joined = rf_array_new(isolate, (size_t)a.as.array->length + b.as.array->length);
    if (rf_array_extend(isolate, joined.as.array, a.as.array) &&
        rf_array_extend(isolate, joined.as.array, b.as.array))
        return joined;
    rf_release(isolate, joined);
    return rf_raised();
}

/* ---- overloads ---- */

/* The method of a's struct for op (borrowed), UNSET when there is none. */
static rf_value overload(rf_op_kind op, rf_value a)
{
    if (a.head != RF_STRUCT) return rf_unset();
    const rf_structdef *def = a.as.instance->layout->def;
    return def->has_overloads ? def->operators[op] : rf_unset();
}

static rf_value call_overload(rf_isolate *isolate, rf_value method, rf_value a,
                              const rf_value *args, uint32_t count)
{
    return isolate->engine->call_method(isolate, method, a, args, count);
}

static rf_value to_bool(rf_isolate *isolate, rf_value v, bool negated)
{
    if (rf_is_raised(v)) return v;
    bool truth = rf_truthy(v) != negated;
    rf_release(isolate, v);
    return rf_bool(truth);
}

/* ---- operators ---- */

static rf_value compare_equal(rf_isolate *isolate, bool negated, rf_value a, rf_value b)
{
    rf_value method = overload(negated ? RF_OPER_NE : RF_OPER_EQ, a);
    if (method.head != RF_UNSET)
        return to_bool(isolate, call_overload(isolate, method, a, &b, 1), false);
    if (negated && (method = overload(RF_OPER_EQ, a)).head != RF_UNSET)
        return to_bool(isolate, call_overload(isolate, method, a, &b, 1), true);
    int equal = rf_equal(isolate, a, b);
    return equal < 0 ? rf_raised() : rf_bool((equal == 1) != negated);
}

static bool is_ordered(rf_op_kind op, int order)
{
    switch (op) {
    case RF_OPER_LT: return order < 0;
    case RF_OPER_LE: return order <= 0;
    case RF_OPER_GT: return order > 0;
    default: return order >= 0;
    }
}

static rf_value compare_order(rf_isolate *isolate, rf_op_kind op, rf_value a, rf_value b)
{
    if (a.head == RF_INT && b.head == RF_INT)
        return rf_bool(is_ordered(op, (a.as.i > b.as.i) - (a.as.i < b.as.i)));
    if (is_number(a) && is_number(b)) {
        double x = as_double(a), y = as_double(b);
        return rf_bool(!isnan(x) && !isnan(y) && is_ordered(op, (x > y) - (x < y)));
    }
    if (a.head == RF_STRING && b.head == RF_STRING)
        return rf_bool(is_ordered(op, rf_string_compare(a.as.string, b.as.string)));
    rf_value method = overload(op, a);
    if (method.head == RF_UNSET) return raise_binary(isolate, op, a, b);
    return to_bool(isolate, call_overload(isolate, method, a, &b, 1), false);
}

rf_value rf_binary(rf_isolate *isolate, rf_op_kind op, rf_value a, rf_value b)
{
    if (op == RF_OPER_EQ || op == RF_OPER_NE) return compare_equal(isolate, op == RF_OPER_NE, a, b);
    if (op >= RF_OPER_LT && op <= RF_OPER_GE) return compare_order(isolate, op, a, b);
    if (a.head == RF_INT && b.head == RF_INT) return int_arithmetic(isolate, op, a.as.i, b.as.i);
    if (is_number(a) && is_number(b))
        return float_arithmetic(isolate, op, as_double(a), as_double(b));
    rf_value method = overload(op, a);
    if (method.head != RF_UNSET) return call_overload(isolate, method, a, &b, 1);
    if (op == RF_OPER_ADD && (a.head == RF_STRING || b.head == RF_STRING)) {
        rf_value parts[2] = {a, b};
        return rf_concat(isolate, parts, 2);
    }
    if (op == RF_OPER_ADD && a.head == RF_ARRAY && b.head == RF_ARRAY)
        return join_arrays(isolate, a, b);
    if (op == RF_OPER_MUL && a.head == RF_STRING && b.head == RF_INT)
        return repeat(isolate, a.as.string, b.as.i);
    return raise_binary(isolate, op, a, b);
}

rf_value rf_add_stealing(rf_isolate *isolate, rf_value a, rf_value b)
{
    if (a.head == RF_STRING) {
        if (b.head == RF_STRING) return rf_string_concat(isolate, a, b);
        if (b.head == RF_INT) {
            char small[24];
            size_t size;
            const char *text =
                rf_key_text((rf_key){.string = NULL, .number = b.as.i}, small, &size);
            return rf_string_append(isolate, a, text, size);
        }
        rf_value text = rf_to_string(isolate, b);
        if (rf_is_raised(text)) {
            rf_release(isolate, a);
            return text;
        }
        a = rf_string_concat(isolate, a, text);
        rf_release(isolate, text);
        return a;
    }
    if (a.head == RF_ARRAY && b.head == RF_ARRAY) {
        rf_array *array = rf_array_unique(isolate, &a);
        if (rf_array_extend(isolate, array, b.as.array)) return a;
        rf_release(isolate, a);
        return rf_raised();
    }
    rf_value sum = rf_binary(isolate, RF_OPER_ADD, a, b);
    rf_release(isolate, a);
    return sum;
}

rf_value rf_unary(rf_isolate *isolate, rf_op_kind op, rf_value a)
{
    if (op == RF_OPER_NEG && a.head == RF_INT) {
        if (a.as.i == INT64_MIN && !isolate->wrap_integers)
            return rf_raise(isolate, "Integer overflow: -(%lld)", (long long)a.as.i);
        return rf_int((int64_t)(0 - (uint64_t)a.as.i));
    }
    if (op == RF_OPER_NEG && a.head == RF_FLOAT) return rf_float(-a.as.d);
    rf_value method = overload(op, a);
    if (method.head != RF_UNSET) return call_overload(isolate, method, a, NULL, 0);
    if (op == RF_OPER_NOT) return rf_bool(!rf_truthy(a));
    return rf_raise(isolate, "Invalid unary operation: %s %s", operator_texts[op], rf_type_name(a));
}
