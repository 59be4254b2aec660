/* cmocka with the headers it wants. */
#ifndef RUFF_TEST_H
#define RUFF_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
