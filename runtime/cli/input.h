/* Lines of the REPL: libedit on a terminal, plain reading otherwise; and the test for a complete input. */
#ifndef RF_CLI_INPUT_H
#define RF_CLI_INPUT_H

#include "base/buffer.h"

#include <stdatomic.h>

typedef struct cli_input cli_input;

cli_input *cli_input_new(void); /* new, cli_input_free */
void cli_input_free(cli_input *input);
bool cli_input_is_terminal(const cli_input *input);
/* Not 0 after Ctrl-C, until the next line is read; NULL: no terminal, an interrupt ends the process. */
const atomic_int *cli_input_interrupted(const cli_input *input);
typedef enum cli_line { CLI_LINE, CLI_LINE_END, CLI_LINE_INTERRUPTED } cli_line;
/* Next line without its end, appended to line. */
cli_line cli_input_read(cli_input *input, const char *prompt, rf_buffer *line);
/* Remembers a complete input in the history. */
void cli_input_remember(cli_input *input, const char *text);

/* LANGUAGE 19: brackets closed and no string or block comment open, strings and comments skipped. */
bool cli_is_complete(const char *text, size_t size);

#endif
