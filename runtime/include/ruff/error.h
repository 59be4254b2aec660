/* Status codes and the error object that every fallible public call fills in.
 *
 * SPDX-License-Identifier: MIT */
#ifndef RUFF_ERROR_H
#define RUFF_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef RUFF_API
#define RUFF_API __attribute__((visibility("default")))
#endif

typedef enum ruff_status {
#define RUFF_STATUS(name, meaning) RUFF_E_##name,
#include "ruff/status.def"
#undef RUFF_STATUS
    RUFF_STATUS_COUNT,
    RUFF_OK = RUFF_E_OK
} ruff_status;

/** What went wrong.  Caller-owned: start with RUFF_ERROR_INIT, end with ruff_error_release().
 *  A call fills it in only when it fails; passing NULL where an error is taken is allowed. */
typedef struct ruff_error {
    ruff_status status;
    int exit_code;     /**< what the `ruff` program would exit with (LANGUAGE 18.1) */
    char *message;     /**< what failed, on what, why; UTF-8, owned, NULL when unset */
    char *report;      /**< the full diagnostic as `ruff` prints it, ends in a newline; owned, may be NULL */
    char *file;        /**< source file blamed, owned, may be NULL */
    unsigned line;     /**< 1-based, 0 when there is no place */
    unsigned column;   /**< 1-based, in characters */
} ruff_error;

#define RUFF_ERROR_INIT {RUFF_OK, 0, 0, 0, 0, 0, 0}

/** Name of @p status in upper case ("SYNTAX"); never NULL. */
RUFF_API const char *ruff_status_name(ruff_status status);
/** Frees what @p err owns and sets it to RUFF_ERROR_INIT; NULL is allowed. */
RUFF_API void ruff_error_release(ruff_error *err);

#ifdef __cplusplus
}
#endif
#endif
