#include "run/program.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

static char *program_in(const char *directory, size_t size, const char *name)
{
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "%.*s/%s", (int)size, directory, name);
    if (is_program(path.data)) return rf_buffer_take(&path);
    rf_buffer_release(&path);
    return NULL;
}

char *run_program_find(const char *name, const char *directory)
{
    if (name[0] == '/') return is_program(name) ? rf_strdup(name) : NULL;
    if (strchr(name, '/')) return program_in(directory, strlen(directory), name);
    const char *path = getenv("PATH");
    for (const char *at = path ? path : "/usr/bin:/bin"; at && *at;) {
        size_t size = strcspn(at, ":");
        char *found = size && *at == '/' ? program_in(at, size, name) : NULL;
        if (found) return found;
        at += size + (at[size] == ':');
    }
    return NULL;
}
