/* Files that ruffbench brings along: languages to add, a first suite, a workflow. */
#ifndef CLI_TEMPLATE_FILE_H
#define CLI_TEMPLATE_FILE_H

#include "base/base.h"

typedef struct cli_template {
    const char *group; /* a language, or "suite", "ci", "skeleton" */
    const char *name;  /* where it goes, relative to the project */
    const char *text;
    size_t size;
} cli_template;

/* All of them; *count is set. */
const cli_template *cli_templates(size_t *count);
bool cli_has_template(const char *group);
/* Writes the files of a group that are not there yet under root, WORD replaced by value in each
 * (both may be NULL). Says what it does on standard output. */
RF_MUST_USE ruff_status cli_write_templates(const char *root, const char *group, const char *word,
                                            const char *value, ruff_error *err);

#endif
