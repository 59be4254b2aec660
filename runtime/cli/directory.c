#include "cli/directory.h"

#include "base/buffer.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool cli_list_programs(const char *dir, cli_paths *out)
{
    DIR *stream = opendir(dir);
    if (!stream) return false;
    size_t dir_size = strlen(dir);
    const char *separator = dir_size && dir[dir_size - 1] == '/' ? "" : "/";
    for (const struct dirent *entry; (entry = readdir(stream));) {
        size_t size = strlen(entry->d_name);
        if (size < 6 || strcmp(entry->d_name + size - 5, ".ruff") != 0) continue;
        rf_buffer path = RF_BUFFER_INIT;
        rf_buffer_format(&path, "%s%s%s", dir, separator, entry->d_name);
        struct stat info;
        if (stat(path.data, &info) == 0 && S_ISREG(info.st_mode))
            rf_vector_push(out, rf_buffer_take(&path));
        else
            rf_buffer_release(&path);
    }
    closedir(stream);
    if (out->count) qsort(out->data, out->count, sizeof *out->data, compare_paths);
    return true;
}

void cli_paths_release(cli_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++) rf_free(paths->data[i]);
    rf_vector_release(paths);
}
