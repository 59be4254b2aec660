/* The programs of a directory. */
#ifndef RF_CLI_DIRECTORY_H
#define RF_CLI_DIRECTORY_H

#include "base/vector.h"

typedef struct cli_paths { char **data; size_t count, capacity; } cli_paths; /* owned texts */

/* Appends DIR/NAME of every *.ruff file directly in dir, sorted by name; false with errno set when dir cannot be read */
bool cli_list_programs(const char *dir, cli_paths *out);
void cli_paths_release(cli_paths *paths);

#endif
