/* What the terminal is like that a command writes to. */
#ifndef RF_CLI_TERMINAL_H
#define RF_CLI_TERMINAL_H

/* Columns: what COLUMNS says, else those of the terminal at fd; 0 when it is none. */
unsigned cli_terminal_columns(int fd);

#endif
