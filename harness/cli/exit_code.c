#include "cli/exit_code.h"

cli_exit cli_exit_worse(cli_exit a, cli_exit b)
{
    static const cli_exit by_priority[] = {
#define CLI_EXIT(name, code, meaning) CLI_EXIT_##name,
#include "cli/exit_code.def"
#undef CLI_EXIT
    };
    for (unsigned i = 0; i < sizeof by_priority / sizeof *by_priority; i++)
        if (by_priority[i] == a || by_priority[i] == b) return by_priority[i];
    return CLI_EXIT_INTERNAL;
}
