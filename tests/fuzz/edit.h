/* Damage to a binary file, as a fuzzer's input says: the file itself is made by the target, so formats may change. */
#ifndef TESTS_FUZZ_EDIT_H
#define TESTS_FUZZ_EDIT_H

#include "base/buffer.h"

/* Groups of four bytes: place (two bytes), what, value.  Changes file->data[start .. end). */
void fuzz_edit(rf_buffer *file, size_t start, size_t end, const uint8_t *bytes, size_t size);

#endif
