#include "run/git.h"

#include "base/alloc.h"
#include "base/error.h"
#include "run/tool.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16 };

ruff_status run_git(run_launcher *launcher, const char *directory, const char *const *words,
                    rf_buffer *out, ruff_error *err)
{
    const char *argv[WORDS_MAX + 4] = {"git", "-C", directory};
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++) argv[3 + i] = words[i];
    run_tool_job job = {.argv = argv, .directory = "/", .timeout_ns = (int64_t)120 * 1000000000};
    return run_tool(launcher, &job, out, NULL, err);
}

/* Cuts the text at its first newline and returns what follows. */
static char *cut_line(char *text)
{
    char *newline = strchr(text, '\n');
    if (!newline) return text + strlen(text);
    *newline = '\0';
    return newline + 1;
}

static int64_t seconds_ns(const char *text)
{
    return (int64_t)strtoll(text, NULL, 10) * 1000000000;
}

ruff_status run_commit_resolve(run_launcher *launcher, const char *directory, const char *reference,
                               run_commit *commit, ruff_error *err)
{
    *commit = (run_commit){.first_parent_pos = -1};
    rf_buffer out = RF_BUFFER_INIT;
    const char *show[] = {"log", "-1", "--format=%H%n%P%n%at%n%ct%n%s", reference, "--", NULL};
    ruff_status status = run_git(launcher, directory, show, &out, err);
    if (!status) {
        char *parent = cut_line(out.data), *author = cut_line(parent),
             *committed = cut_line(author), *subject = cut_line(committed);
        cut_line(subject);
        parent[strcspn(parent, " ")] = '\0';
        commit->sha = rf_strdup(out.data);
        commit->parent = rf_strdup(parent);
        commit->author_ns = seconds_ns(author);
        commit->commit_ns = seconds_ns(committed);
        commit->subject = rf_strdup(subject);
        const char *count[] = {"rev-list", "--first-parent", "--count", commit->sha, NULL};
        if (!run_git(launcher, directory, count, &out, NULL))
            commit->first_parent_pos = strtoll(out.data, NULL, 10) - 1;
    } else {
        rf_error_wrap(err, "commit `%s`", reference);
    }
    rf_buffer_release(&out);
    return status;
}

/* The digest of what differs from the commit, new files included by name. */
static void digest_changes(run_launcher *launcher, const char *directory, run_commit *commit)
{
    const char *list[] = {"status", "--porcelain", NULL}, *diff[] = {"diff", "HEAD", NULL};
    rf_buffer out = RF_BUFFER_INIT;
    run_sha256 digest;
    if (!run_git(launcher, directory, list, &out, NULL) && out.size) {
        run_sha256_init(&digest);
        run_sha256_add(&digest, out.data, out.size);
        if (!run_git(launcher, directory, diff, &out, NULL))
            run_sha256_add(&digest, out.data, out.size);
        run_sha256_finish(&digest, commit->dirty);
    }
    rf_buffer_release(&out);
}

void run_commit_read(run_launcher *launcher, const char *directory, run_commit *commit)
{
    if (run_commit_resolve(launcher, directory, "HEAD", commit, NULL)) return;
    rf_buffer out = RF_BUFFER_INIT;
    const char *name[] = {"rev-parse", "--abbrev-ref", "HEAD", NULL};
    if (!run_git(launcher, directory, name, &out, NULL)) {
        cut_line(out.data);
        commit->branch = rf_strdup(out.data);
    }
    digest_changes(launcher, directory, commit);
    rf_buffer_release(&out);
}

void run_commit_release(run_commit *commit)
{
    rf_free(commit->sha);
    rf_free(commit->parent);
    rf_free(commit->branch);
    rf_free(commit->subject);
    *commit = (run_commit){0};
}
