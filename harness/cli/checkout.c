#include "cli/checkout.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "run/git.h"
#include "run/tool.h"
#include "store/results.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PREPARE_TIMEOUT_S = 3600, SHORT_SHA = 7, WORKTREE_SHA = 12 };

void cli_side_release(cli_side_build *side)
{
    rf_free(side->directory);
    rf_free(side->name);
    rf_free(side->sha);
    *side = (cli_side_build){0};
}

/* ---- a build that is there ---- */

/* A directory is {build} itself; an executable stands in {build}/bin/. */
static bool take_existing(const char *name, cli_side_build *side)
{
    struct stat info;
    char *path = realpath(name, NULL);
    bool fits = path && stat(path, &info) == 0 && (S_ISDIR(info.st_mode) || S_ISREG(info.st_mode));
    if (fits && S_ISREG(info.st_mode))
        for (int i = 0; i < 2; i++) {
            char *slash = strrchr(path, '/');
            if (slash) *slash = '\0';
        }
    if (fits) {
        side->directory = rf_strdup(path);
        side->name = rf_strdup(name);
    }
    rf_free(path);
    return fits;
}

static cli_exit take_own(cli_context *cli, cli_side_build *side)
{
    run_commit commit;
    run_commit_read(cli->launcher, cli->root, &commit);
    side->directory = rf_strdup(cli->build_directory);
    side->sha = commit.sha ? rf_strdup(commit.sha) : NULL;
    side->name = commit.sha ? rf_format_text("%.*s%s", SHORT_SHA, commit.sha,
                                             *commit.dirty ? "+changes" : "")
                            : rf_strdup("this build");
    run_commit_release(&commit);
    return CLI_EXIT_DONE;
}

/* ---- a commit ---- */

static ruff_status add_worktree(cli_context *cli, const char *path, const char *sha,
                                ruff_error *err)
{
    rf_buffer out = RF_BUFFER_INIT;
    const char *prune[] = {"worktree", "prune", NULL};
    const char *add[] = {"worktree", "add", "--force", "--detach", path, sha, NULL};
    ruff_status status = run_git(cli->launcher, cli->root, prune, &out, err);
    if (!status && access(path, F_OK) != 0)
        status = run_git(cli->launcher, cli->root, add, &out, err);
    rf_buffer_release(&out);
    return status;
}

static ruff_status prepare(cli_context *cli, const char *path, ruff_error *err)
{
    const suite_checkout *checkout = cli->suite->file->checkout;
    rf_buffer out = RF_BUFFER_INIT;
    const char **argv = rf_alloc_array_zero(const char *, (size_t)checkout->prepare_count + 1);
    for (unsigned i = 0; i < checkout->prepare_count; i++) argv[i] = checkout->prepare[i];
    run_tool_job job = {
        .argv = argv, .directory = path, .timeout_ns = (int64_t)PREPARE_TIMEOUT_S * 1000000000};
    ruff_status status =
        checkout->prepare_count ? run_tool(cli->launcher, &job, &out, NULL, err) : RUFF_OK;
    if (status) rf_error_wrap(err, "building it in %s", path);
    rf_free(argv);
    rf_buffer_release(&out);
    return status;
}

/* A file beside the worktree says that its build is finished, and by which command. */
static ruff_status make_worktree(cli_context *cli, const char *sha, char **path, ruff_error *err)
{
    char *directory = cli_state_directory(cli, "worktrees", err);
    if (!directory) return RUFF_E_IO;
    rf_buffer done = RF_BUFFER_INIT, wanted = RF_BUFFER_INIT;
    const suite_checkout *checkout = cli->suite->file->checkout;
    *path = rf_format_text("%s/%.*s", directory, WORKTREE_SHA, sha);
    char *marker = rf_format_text("%s.ready", *path);
    for (unsigned i = 0; i < checkout->prepare_count; i++)
        rf_buffer_format(&wanted, "%s\n", checkout->prepare[i]);
    rf_buffer_append_text(&wanted, "ready\n");
    bool ready = rf_file_read(marker, &done, NULL) == RUFF_OK && done.data &&
                 strcmp(done.data, wanted.data) == 0 && access(*path, F_OK) == 0;
    ruff_status status = RUFF_OK;
    if (!ready) {
        cli_note(cli, "building %.*s in %s", SHORT_SHA, sha, *path);
        status = add_worktree(cli, *path, sha, err);
        if (!status) status = prepare(cli, *path, err);
        if (!status) status = rf_file_replace(marker, wanted.data, wanted.size, err);
    }
    rf_buffer_release(&done);
    rf_buffer_release(&wanted);
    rf_free(marker);
    rf_free(directory);
    return status;
}

static cli_exit take_commit(cli_context *cli, const char *reference, const char *shown,
                            cli_side_build *side)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_commit commit;
    char *path = NULL;
    if (!cli->suite->file->checkout)
        return cli_usage_error(
            cli,
            "suites/suite.yaml has no `checkout`, so the commit `%s` cannot be built; add it, or "
            "name a build directory",
            shown);
    ruff_status status = run_commit_resolve(cli->launcher, cli->root, reference, &commit, &err);
    if (!status) status = make_worktree(cli, commit.sha, &path, &err);
    if (!status) {
        side->directory = rf_format_text("%s/%s", path, cli->suite->file->checkout->build);
        side->name = rf_format_text("%s %.*s", shown, SHORT_SHA, commit.sha);
        side->sha = rf_strdup(commit.sha);
    }
    rf_free(path);
    run_commit_release(&commit);
    if (!status) return CLI_EXIT_DONE;
    fprintf(stderr, "ruffbench %s: %s\n", cli->command, err.message ? err.message : "failed");
    ruff_error_release(&err);
    return CLI_EXIT_USAGE;
}

static cli_exit take_baseline(cli_context *cli, const char *name, cli_side_build *side)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_session_row session;
    int64_t id = 0;
    if (store_run_for_id(cli->db, STORE_QUERY_find_baseline, &id, &err, "s", name))
        return cli_fail(cli, &err);
    if (!id)
        return cli_usage_error(
            cli, "there is no baseline `%s`; make one with `ruffbench run --baseline %s`", name,
            name);
    if (store_find_session(cli->db, id, &session, &err)) return cli_fail(cli, &err);
    cli_exit code =
        *session.commit
            ? take_commit(cli, session.commit, name, side)
            : cli_usage_error(cli,
                              "baseline `%s` was measured outside of git, so it cannot be "
                              "built again",
                              name);
    store_session_row_release(&session);
    return code;
}

cli_exit cli_prepare_side(cli_context *cli, const char *name, cli_side_build *side)
{
    *side = (cli_side_build){0};
    if (!name) return take_own(cli, side);
    if (strncmp(name, "base:", 5) == 0) return take_baseline(cli, name + 5, side);
    if (strncmp(name, "git:", 4) == 0) return take_commit(cli, name + 4, name + 4, side);
    if (take_existing(name, side)) return CLI_EXIT_DONE;
    return take_commit(cli, name, name, side);
}
