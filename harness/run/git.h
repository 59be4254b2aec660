/* The commit a session measures.  Without git, or outside of a repository, there is none, and that
 * is fine. */
#ifndef RUN_GIT_H
#define RUN_GIT_H

#include "run/launcher.h"
#include "run/sha256.h"

typedef struct run_commit {
    char *sha; /* owned; NULL when there is no commit */
    char *parent, *branch, *subject;
    int64_t author_ns, commit_ns;
    int64_t first_parent_pos;    /* commits before it on its first-parent line */
    char dirty[RUN_SHA256_SIZE]; /* digest of the changes in the tree; "" when it is clean */
} run_commit;

/* The commit checked out in directory. */
void run_commit_read(run_launcher *launcher, const char *directory, run_commit *commit);
/* The commit that a reference names; false with a message when there is none. */
RF_MUST_USE ruff_status run_commit_resolve(run_launcher *launcher, const char *directory,
                                           const char *reference, run_commit *commit,
                                           ruff_error *err);
void run_commit_release(run_commit *commit);
/* Runs git with these words (ends with NULL); out gets its output. */
RF_MUST_USE ruff_status run_git(run_launcher *launcher, const char *directory,
                                const char *const *words, rf_buffer *out, ruff_error *err);

#endif
