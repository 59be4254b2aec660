#include "runtime/modules/folder.h"

#include "support/ruff_test.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX], before[PATH_MAX];

const char *folder_path(void) { return folder; }

int folder_setup(void **state)
{
    (void)state;
    char made[] = "/tmp/ruff-modules-XXXXXX";
    assert_non_null(getcwd(before, sizeof before));
    assert_non_null(mkdtemp(made));
    assert_non_null(realpath(made, folder));
    assert_int_equal(chdir(folder), 0);
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

int folder_teardown(void **state)
{
    (void)state;
    assert_int_equal(chdir(before), 0);
    assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    return 0;
}

void folder_make(const char *path)
{
    char part[PATH_MAX];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdir(part, 0777);
    }
}

void folder_write(const char *path, const char *text)
{
    folder_make(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

void folder_link(const char *target, const char *path)
{
    folder_make(path);
    assert_int_equal(symlink(target, path), 0);
}
