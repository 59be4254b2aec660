/* Profiles as files: flame graphs and the formats of other tools, chosen by the file's extension (format.def).
 *
 * Nothing here measures.  A profile comes from a run, or from the store as it was then. */
#ifndef RF_REPORT_REPORT_H
#define RF_REPORT_REPORT_H

#include "prof/profile.h"

/* Writes the profile to path, whole or not at all (temporary file beside it, then rename).  False with *error (new,
 * rf_free) when the extension is none of format.def or the file cannot be written. */
RF_MUST_USE bool rf_report_write(const rf_profile *profile, const char *path, char **error);
/* Whether rf_report_write will find a format and a writable place: to be asked before a long run. */
RF_MUST_USE bool rf_report_check_path(const char *path, char **error);
/* The second part alone. */
RF_MUST_USE bool rf_report_check_folder(const char *path, char **error);

#endif
