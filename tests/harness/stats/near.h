/* assert_near: doubles with a stated absolute tolerance (cmocka's assert_float_equal has single
 * precision). */
#ifndef TEST_STATS_NEAR_H
#define TEST_STATS_NEAR_H

#include "support/ruff_test.h"

#include <math.h>
#include <stdbool.h>

static inline void assert_near_at(double actual, double expected, double tolerance,
                                  const char *file, int line)
{
    if (fabs(actual - expected) <= tolerance) return;
    print_error("%.17g is not within %g of %.17g\n", actual, tolerance, expected);
    _fail(file, line);
}

#define assert_near(actual, expected, tolerance)                                                   \
    assert_near_at((actual), (expected), (tolerance), __FILE__, __LINE__)

#endif
