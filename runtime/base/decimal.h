/* Ints as decimal text. */
#ifndef RF_BASE_DECIMAL_H
#define RF_BASE_DECIMAL_H

#include "base/base.h"

enum { RF_DECIMAL_MOST = 20 }; /* characters of the longest */

size_t rf_decimal_size(int64_t number);
/* size: that of number; no end mark is written */
void rf_decimal_write(char *at, size_t size, int64_t number);

#endif
