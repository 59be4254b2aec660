/* Whole files. */
#ifndef RF_BASE_FILE_H
#define RF_BASE_FILE_H

#include "base/buffer.h"

/* Reads all of path (or standard input for "-") and appends it to out.  RUFF_E_IO: the message is the system's
 * text, "No such file or directory (os error 2)", without the path. */
RF_MUST_USE ruff_status rf_file_read(const char *path, rf_buffer *out, ruff_error *err);
/* Replaces path whole: temporary file beside it, then rename.  What is no file, such as /dev/null or a pipe, is written
 * to and stays. */
RF_MUST_USE ruff_status rf_file_replace(const char *path, const void *bytes, size_t size, ruff_error *err);

#endif
