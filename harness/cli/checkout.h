/* Sides of a check: another commit built in a worktree of its own, a baseline's commit, or a build
 * that is there. */
#ifndef CLI_CHECKOUT_H
#define CLI_CHECKOUT_H

#include "cli/command.h"

typedef struct cli_side_build {
    char *directory; /* {build}; owned */
    char *name;      /* how reports call it: "main 3f2a91c"; owned */
    char *sha;       /* owned; NULL when it is no commit */
} cli_side_build;

/* name: a directory, an executable in some bin/, base:NAME, git:REF or REF.  A commit is checked
 * out under .ruffbench/worktrees/ and built with `checkout` of the suite, once.  NULL stands for
 * this build. */
cli_exit cli_prepare_side(cli_context *cli, const char *name, cli_side_build *side);
void cli_side_release(cli_side_build *side);

#endif
