/* The engines by the names the command line uses. */
#ifndef RF_CLI_ENGINES_H
#define RF_CLI_ENGINES_H

#include "ruff/ruff.h"

typedef struct cli_engine {
    const char *name;   /* "vm": --runtime vm, --vm */
    const char *option; /* "--vm" */
    const char *title;  /* "VM" */
    ruff_engine engine;
} cli_engine;

enum { CLI_ENGINE_COUNT = 3 };
static const cli_engine cli_engines[CLI_ENGINE_COUNT] = {
    {"interpreter", "--interpreter", "Interpreter", RUFF_ENGINE_INTERPRETER},
    {"vm", "--vm", "VM", RUFF_ENGINE_VM},
    {"jit", "--jit", "JIT", RUFF_ENGINE_JIT},
};

#endif
