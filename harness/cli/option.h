/* Options of all commands: read through popt, described by one table, and walked for help and
 * completion. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "base/vector.h"

typedef struct cli_options {
#define CLI_OPTION(member, kind, type, long_name, short_name, argument, initial, help) type member;
#include "cli/option.def"
#undef CLI_OPTION
} cli_options;

typedef enum cli_option_id {
    CLI_OPTION_END, /* ends a list */
#define CLI_OPTION(member, kind, type, long_name, short_name, argument, initial, help)             \
    CLI_OPTION_##member,
#include "cli/option.def"
#undef CLI_OPTION
    CLI_OPTION_COUNT
} cli_option_id;

typedef enum cli_option_kind { CLI_FLAG, CLI_TEXT, CLI_COUNT, CLI_TIME, CLI_PART } cli_option_kind;

typedef struct cli_option_row {
    const char *long_name, *argument, *help;
    char short_name;
    cli_option_kind kind;
    bool has_initial; /* without it a count of 0 says "not given" */
    size_t offset;    /* in cli_options */
} cli_option_row;

const cli_option_row *cli_option_row_of(cli_option_id id);
/* The ones every command takes. */
extern const cli_option_id cli_global_options[];

typedef struct cli_words {
    const char **data; /* end with NULL */
    size_t count;
} cli_words;

typedef RF_VECTOR(char *) cli_kept; /* texts that options and words point to; owned */

void cli_kept_release(cli_kept *kept);
void cli_options_init(cli_options *options);
/* Reads argv (argv[0] is skipped) with the global options and those of list (may be NULL).  Words
 * that are no options go to rest (free rest->data); with stop_at_word the first one ends the
 * options.  All texts live in kept. RUFF_E_MISUSE with a message and a suggestion. */
RF_MUST_USE ruff_status cli_options_parse(cli_options *options, const cli_option_id *list, int argc,
                                          const char *const *argv, bool stop_at_word,
                                          cli_kept *kept, cli_words *rest, ruff_error *err);

#endif
