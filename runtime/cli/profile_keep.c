#include "cli/profile_keep.h"

#include "base/alloc.h"
#include "base/file.h"
#include "report/profile_gate.h"
#include "report/profile_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *cli_profile_db_path(const char *option)
{
    const char *path = option ? option : getenv("RUFF_PROFILE_DB");
    return path && *path ? rf_strdup(path) : rf_profile_store_default_path();
}

bool cli_profile_keeps_all(void)
{
    const char *path = getenv("RUFF_PROFILE_DB");
    return path && *path;
}

/* ---- the revision of the sources: what .git/HEAD names, without running git ---- */

/* The file's first line; new, NULL when it cannot be read. */
static char *first_line(const char *path)
{
    rf_buffer text = RF_BUFFER_INIT;
    char *line = NULL;
    if (rf_file_read(path, &text, NULL) == RUFF_OK && text.data) line = rf_strndup(text.data, strcspn(text.data, "\r\n"));
    rf_buffer_release(&text);
    return line;
}

/* What a name stands for in packed-refs; new or NULL. */
static char *packed_revision(const char *git, const char *name)
{
    rf_buffer text = RF_BUFFER_INIT;
    char *path = rf_format_text("%s/packed-refs", git), *found = NULL;
    if (rf_file_read(path, &text, NULL) == RUFF_OK && text.data)
        for (char *line = text.data; line && !found; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
            const size_t size = strcspn(line, "\n");
            if (size > 41 && strlen(name) == size - 41 && strncmp(line + 41, name, size - 41) == 0) found = rf_strndup(line, 40);
        }
    rf_free(path);
    rf_buffer_release(&text);
    return found;
}

/* New; NULL outside of a repository. */
static char *find_revision(const char *script)
{
    char *folder = realpath(script, NULL), *revision = NULL;
    for (char *slash = folder ? strrchr(folder, '/') : NULL; slash && !revision; slash = strrchr(folder, '/')) {
        *slash = '\0';
        char *git = rf_format_text("%s/.git", folder), *head_path = rf_format_text("%s/HEAD", git), *head = first_line(head_path);
        if (head && strncmp(head, "ref: ", 5) == 0) {
            char *path = rf_format_text("%s/%s", git, head + 5);
            revision = first_line(path);
            if (!revision) revision = packed_revision(git, head + 5);
            rf_free(path);
        } else if (head) {
            revision = rf_strdup(head);
        }
        rf_free(head);
        rf_free(head_path);
        rf_free(git);
    }
    rf_free(folder); /* realpath allocates as base/alloc does */
    return revision;
}

bool cli_profile_keep(const rf_profile *profile, const char *db_option, const char *label, int64_t *id, char **error)
{
    char *path = cli_profile_db_path(db_option), *revision = find_revision(profile->run.script);
    sqlite3 *db = NULL;
    const rf_profile_tags tags = {.label = label, .git_revision = revision};
    const bool is_kept = rf_profile_store_open(path, RF_PROFILE_WRITE, &db, error) && rf_profile_store_save(db, profile, &tags, id, error);
    sqlite3_close(db);
    rf_free(path);
    rf_free(revision);
    return is_kept;
}

bool cli_profile_check_gate(const rf_profile *profile, const char *path, size_t *broken, char **error)
{
    rf_gate gate;
    rf_buffer text = RF_BUFFER_INIT;
    const bool is_read = rf_gate_read(path, &gate, error);
    if (is_read) {
        *broken = rf_gate_check(&gate, profile, &text);
        fputs(text.data, stderr);
    }
    rf_gate_release(&gate);
    rf_buffer_release(&text);
    return is_read;
}

bool cli_profile_write_gate(const rf_profile *profile, const char *path, char **error)
{
    rf_buffer text = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    rf_gate_write(profile, &text);
    const bool is_written = rf_file_replace(path, text.data, text.size, &err) == RUFF_OK;
    if (!is_written) *error = rf_format_text("cannot write %s: %s", path, err.message);
    ruff_error_release(&err);
    rf_buffer_release(&text);
    return is_written;
}
