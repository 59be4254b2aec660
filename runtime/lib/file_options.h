/* The third argument of write_file and write_binary_file (BUILTINS 18): a bool or {"overwrite":
 * bool}. */
#ifndef RF_LIB_FILE_OPTIONS_H
#define RF_LIB_FILE_OPTIONS_H

#include "lib/os.h"

/* The type of the argument, when there is one; false after raising. */
bool rf_file_options_want(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count);
/* Its value; false after raising. */
bool rf_file_options_read(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count, rf_os_existing *existing);

#endif
