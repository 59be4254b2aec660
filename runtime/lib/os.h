/* What the modules that touch the operating system share: paths as arguments, failures as errors,
 * whole files.
 *
 * The functions that return an int give 0 or an errno value and know nothing of the isolate, so
 * that helper threads can call them. */
#ifndef RF_LIB_OS_H
#define RF_LIB_OS_H

#include "base/buffer.h"
#include "value/value.h"

#include <sys/types.h>

/* ---- arguments and errors ---- */

/* A string argument without NUL; NULL after raising. */
const char *rf_os_path(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index);
/* args[0], where args[1] must be of one of `kinds`: types are looked at before values. */
const char *rf_os_path_and(rf_isolate *isolate, const char *name, const rf_value *args,
                           uint32_t kinds, const char *expected);
/* "ACTION 'PATH': TEXT (os error N)" (BUILTINS 2.2); RAISED */
rf_value rf_os_raise(rf_isolate *isolate, const char *action, const char *path, int errno_value);

/* ---- reading ---- */

int rf_os_open(const char *path, int flags, int *fd); /* close-on-exec, mode 0666 */
/* Appends at most limit bytes from fd to out.  EFBIG when there is more and may_be_cut is false, of
 * a device already at 64 MiB: some never end (/dev/zero). */
int rf_os_read(int fd, rf_buffer *out, uint64_t limit, bool may_be_cut);
/* A whole file; EFBIG above what a string or bytes value can hold. */
int rf_os_read_file(const char *path, rf_buffer *out);
int rf_os_write(int fd, const void *bytes, size_t size); /* all of it */
int rf_os_copy(int from, int to,
               uint64_t limit); /* at most limit bytes, fewer at the end of from; UINT64_MAX: all,
                                   of a device as in rf_os_read */
/* What was read as a string: "ACTION 'PATH': not valid UTF-8 (byte N)" when it is not text.
 * Releases bytes. */
rf_value rf_os_text(rf_isolate *isolate, const char *action, const char *path, rf_buffer *bytes);

/* ---- replacing files whole or not at all ---- */

typedef enum rf_os_existing { RF_OS_REPLACE, RF_OS_REFUSE } rf_os_existing; /* REFUSE: EEXIST */

typedef struct rf_os_replacement {
    int fd;          /* write here */
    char *target;    /* the file itself, links followed */
    char *temporary; /* NULL: fd is the target, which cannot be replaced (a device, a directory
                        without access) */
    rf_os_existing existing;
} rf_os_replacement;

int rf_os_replace_begin(rf_os_replacement *replacement, const char *path, rf_os_existing existing);
/* Puts the new contents in place when failure is 0, else drops them; returns failure or what went
 * wrong now. */
int rf_os_replace_end(rf_os_replacement *replacement, int failure);
int rf_os_replace_file(const char *path, const void *bytes, size_t size, rf_os_existing existing);
int rf_os_append_file(const char *path, const void *bytes, size_t size);
/* The directory with its parents; an existing one is fine. */
int rf_os_create_directory(const char *path);

#endif
