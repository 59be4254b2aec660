#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

typedef enum cli_exit {
#define CLI_EXIT(name, code, meaning) CLI_EXIT_##name = code,
#include "cli/exit_code.def"
#undef CLI_EXIT
} cli_exit;

/* Of two that apply, the one to end with. */
cli_exit cli_exit_worse(cli_exit a, cli_exit b);

#endif
