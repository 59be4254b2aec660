/* Keeping profiles and judging them, after the run. */
#ifndef RF_CLI_PROFILE_KEEP_H
#define RF_CLI_PROFILE_KEEP_H

#include "prof/profile.h"

/* Where profiles are kept: the path of --db, of $RUFF_PROFILE_DB, or the user's data folder; new. */
char *cli_profile_db_path(const char *option);
/* Whether a run is kept without being asked: when $RUFF_PROFILE_DB names a file. */
bool cli_profile_keeps_all(void);
/* Saves the profile; its number, or false with *error (new). */
bool cli_profile_keep(const rf_profile *profile, const char *db_option, const char *label, int64_t *id, char **error);
/* Checks the profile against the limits of a file; prints what is broken on standard error.  *broken counts. */
bool cli_profile_check_gate(const rf_profile *profile, const char *path, size_t *broken, char **error);
bool cli_profile_write_gate(const rf_profile *profile, const char *path, char **error);

#endif
