#include "cli/command.h"

#include <sqlite3.h>

static cli_exit run(cli_context *cli)
{
    (void)cli;
    printf("ruffbench %s\n", RUFFBENCH_VERSION);
    printf("schema %d, SQLite %s\n", STORE_SCHEMA_VERSION, sqlite3_libversion());
    return CLI_EXIT_DONE;
}

const cli_command cmd_version = {.name = "version",
                                 .summary = "print the version",
                                 .arguments = "",
                                 .about =
                                     "Prints the version of ruffbench and of its database schema.",
                                 .examples = "ruffbench version",
                                 .run = run};
