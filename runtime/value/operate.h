/* The meaning of every operator and access, once, for both engines: the slow paths they share.
 * All raise with the messages of LANGUAGE 22 and return RAISED / false.  Operands are borrowed, results new. */
#ifndef RF_VALUE_OPERATE_H
#define RF_VALUE_OPERATE_H

#include "value/string.h"

/* Binary operator including overloads (called through the engine), concatenation, comparison. */
rf_value rf_binary(rf_isolate *isolate, rf_op_kind op, rf_value a, rf_value b);
/* `a + b` where a may be grown in place: steals a. */
rf_value rf_add_stealing(rf_isolate *isolate, rf_value a, rf_value b);
rf_value rf_unary(rf_isolate *isolate, rf_op_kind op, rf_value a);
/* Two numbers as floats: NaN never, infinities exactly, else within 2^-52 (LANGUAGE 5.8). */
static inline bool rf_floats_equal(double a, double b)
{
    if (a == b) return true;
    double difference = a - b; /* infinite or NaN when an operand is: then no comparison below holds */
    return difference < 2.220446049250313e-16 && difference > -2.220446049250313e-16;
}
/* Structural equality without overloads (LANGUAGE 5.8): 1, 0, or -1 after raising the nesting limit. */
int rf_equal(rf_isolate *isolate, rf_value a, rf_value b);
/* Interpolation and n-ary `+`: the display forms joined, sized once. */
rf_value rf_concat(rf_isolate *isolate, const rf_value *parts, uint32_t count);
rf_value rf_concat_text_and_int(rf_isolate *isolate, const rf_string *text, int64_t number); /* "text${number}" */

rf_value rf_get_index(rf_isolate *isolate, rf_value object, rf_value index);           /* a[i], LANGUAGE 6.6 */
rf_value rf_get_field(rf_isolate *isolate, rf_value object, const rf_string *name);    /* a.name, 6.7 */
rf_value rf_get_field_optional(rf_isolate *isolate, rf_value object, const rf_string *name); /* a?.name, 6.4 */

rf_value rf_raise_out_of_bounds(rf_isolate *isolate, rf_value index); /* Index out of bounds: I */
rf_value rf_raise_missing_key(rf_isolate *isolate, rf_value key);     /* Missing map key: K; string or int */

/* Place access (LANGUAGE 5.3): steps with evaluated indexes. */
typedef struct rf_access {
    bool is_field;
    rf_pos pos;        /* blamed when this step fails (through isolate->blame) */
    rf_value key;      /* index value, or the field name as string; borrowed */
} rf_access;
/* Value of root steps[0..count), new. */
rf_value rf_get_place(rf_isolate *isolate, rf_value root, const rf_access *steps, uint32_t count);
/* Stores v (stolen) at root steps[0..count), count > 0, making every level unique on the way; on failure nothing has
 * changed, v is released, false.  Errors are found in reading order before anything is copied. */
bool rf_set_place(rf_isolate *isolate, rf_value *root, const rf_access *steps, uint32_t count, rf_value v);
/* Moves the value at the place out so that it can be changed in place and stored back with rf_set_place (which then
 * finds a null placeholder).  Only for roots that may be emptied (RUNTIME 3). RAISED when reading fails. */
rf_value rf_take_place(rf_isolate *isolate, rf_value *root, const rf_access *steps, uint32_t count);

/* Iteration over anything `for` accepts (LANGUAGE 11.1), generators through the engine. */
typedef struct rf_iteration {
    rf_value source;  /* owned */
    uint32_t at;
    int64_t number, limit;
} rf_iteration;
bool rf_iteration_start(rf_isolate *isolate, rf_iteration *it, rf_value source); /* borrows; false: raised */
/* Next element, new; UNSET at the end; RAISED. */
rf_value rf_iteration_next(rf_isolate *isolate, rf_iteration *it);
void rf_iteration_end(rf_isolate *isolate, rf_iteration *it);

/* Names of an enum, result or option value for match: variant name (text, NULL when v is none of these) and enum name
 * ("Result", "Option" for the built-in ones). */
const char *rf_variant_name(rf_value v, const char **enum_name);
/* Payload i of an enum/result/option value: new; null when missing. */
rf_value rf_variant_payload(rf_value v, uint32_t index);

#endif
