/* Values as an embedding program sees them: opaque references into one VM.
 *
 * Every ruff_value* a call returns is new: free it with ruff_value_release(), before its VM is freed.  Arguments are
 * borrowed.  A value may be used only with the VM it came from, on one thread at a time.
 *
 * SPDX-License-Identifier: MIT */
#ifndef RUFF_VALUE_H
#define RUFF_VALUE_H

#include "ruff/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ruff_vm ruff_vm;
typedef struct ruff_value ruff_value;

/** The kinds an embedding program can look into; everything else is RUFF_KIND_OTHER (see ruff_value_type_name). */
typedef enum ruff_kind {
    RUFF_KIND_NULL,
    RUFF_KIND_BOOL,
    RUFF_KIND_INT,
    RUFF_KIND_FLOAT,
    RUFF_KIND_STRING,
    RUFF_KIND_ARRAY,
    RUFF_KIND_DICT,
    RUFF_KIND_FUNCTION,
    RUFF_KIND_OTHER
} ruff_kind;

/** New values.  Strings are copied; RUFF text is UTF-8: what is not becomes U+FFFD. */
RUFF_API ruff_value *ruff_value_null(ruff_vm *vm);
RUFF_API ruff_value *ruff_value_bool(ruff_vm *vm, bool truth);
RUFF_API ruff_value *ruff_value_int(ruff_vm *vm, int64_t number);
RUFF_API ruff_value *ruff_value_float(ruff_vm *vm, double number);
RUFF_API ruff_value *ruff_value_string(ruff_vm *vm, const char *text, size_t size);
RUFF_API ruff_value *ruff_value_array(ruff_vm *vm);
RUFF_API ruff_value *ruff_value_dict(ruff_vm *vm);
/** One more reference to the same value. */
RUFF_API ruff_value *ruff_value_copy(const ruff_value *value);
/** Gives the reference back; NULL is allowed. */
RUFF_API void ruff_value_release(ruff_value *value);

RUFF_API ruff_kind ruff_value_kind(const ruff_value *value);
/** What type(v) answers in Ruff; valid for the life of the program. */
RUFF_API const char *ruff_value_type_name(const ruff_value *value);
/** The payload.  Asking for another kind than the value has gives false, 0, 0.0 or NULL. */
RUFF_API bool ruff_value_as_bool(const ruff_value *value);
RUFF_API int64_t ruff_value_as_int(const ruff_value *value);
/** An int is converted. */
RUFF_API double ruff_value_as_float(const ruff_value *value);
/** Borrows: valid as long as @p value; NUL-terminated.  @p size (may be NULL) gets the number of bytes. */
RUFF_API const char *ruff_value_as_string(const ruff_value *value, size_t *size);
/** The display form (LANGUAGE 17).  New, free with ruff_text_free(); NULL when nested too deeply. */
RUFF_API char *ruff_value_display(const ruff_value *value, size_t *size);
RUFF_API void ruff_text_free(char *text);

/** Elements of an array or entries of a dict; 0 for other kinds. */
RUFF_API size_t ruff_value_count(const ruff_value *value);
/** Element @p index of an array; NULL when out of range or not an array. */
RUFF_API ruff_value *ruff_array_get(const ruff_value *array, size_t index);
/** Appends.  Values are values: other references to the same array do not see it. */
RUFF_API ruff_status ruff_array_push(ruff_value *array, const ruff_value *element, ruff_error *err);
/** Entry of a dict; NULL when missing or not a dict. */
RUFF_API ruff_value *ruff_dict_get(const ruff_value *dict, const char *key);
RUFF_API ruff_status ruff_dict_set(ruff_value *dict, const char *key, const ruff_value *value, ruff_error *err);

#ifdef __cplusplus
}
#endif
#endif
