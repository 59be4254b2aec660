/* Stored profiles as reports see them: the newest of each benchmark, input and variant. */
#ifndef CLI_STORED_PROFILE_H
#define CLI_STORED_PROFILE_H

#include "cli/command.h"
#include "prof/profile.h"
#include "report/hot.h"

/* Whether a profile is wanted, by its benchmark, input and variant. */
typedef bool cli_profile_filter(const void *context, const report_hot *it);

/* The newest of each label, sorted; without shares yet.  The list is initialised by it in any case. */
RF_MUST_USE ruff_status cli_list_profiles(cli_context *cli, cli_profile_filter *takes, const void *context, report_hot_list *out,
                                          ruff_error *err);
/* The newest profile of the same label that another, earlier session kept; false when there is none. */
bool cli_find_earlier_profile(cli_context *cli, const report_hot *it, report_hot *earlier);
/* Fills the largest shares and the times.  profile: also left to the caller, who releases it in any case; may be NULL. */
RF_MUST_USE ruff_status cli_load_hot(cli_context *cli, report_hot *it, size_t most, rf_profile *profile, ruff_error *err);

#endif
