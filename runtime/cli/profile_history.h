/* ruff profile list, show, diff, trend: what was kept. */
#ifndef RF_CLI_PROFILE_HISTORY_H
#define RF_CLI_PROFILE_HISTORY_H

#include "cli/command.h"

/* Whether the word is one of them; a program of that name is ./list. */
bool cli_is_profile_history(const char *word);
int cli_profile_history(const cli_command *self, int argc, const char *const *argv);

int cli_profile_list(const cli_command *self, int argc, const char *const *argv);
int cli_profile_show(const cli_command *self, int argc, const char *const *argv);
int cli_profile_diff(const cli_command *self, int argc, const char *const *argv);
int cli_profile_trend(const cli_command *self, int argc, const char *const *argv);

#endif
