/* Words every room uses: attributes, assertions, the status type. */
#ifndef RF_BASE_BASE_H
#define RF_BASE_BASE_H

#include "ruff/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RF_MUST_USE __attribute__((warn_unused_result))
#define RF_PRINTF(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))
#define RF_LIKELY(x) __builtin_expect(!!(x), 1)
#define RF_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define RF_NOINLINE __attribute__((noinline))
#define RF_ALWAYS_INLINE inline __attribute__((always_inline))
#define RF_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* For what only our own defect can break; input is never asserted on. */
#ifdef RF_ASSERTS
#define rf_assert(cond) ((cond) ? (void)0 : rf_assert_failed(#cond, __FILE__, __LINE__))
#else
#define rf_assert(cond) ((void)sizeof(cond))
#endif
_Noreturn void rf_assert_failed(const char *what, const char *file, int line);
/* Memory is gone: "Out of memory" on standard error, exit 6 (LANGUAGE 21.2). */
_Noreturn void rf_out_of_memory(void);

#endif
