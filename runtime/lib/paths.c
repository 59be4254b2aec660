/* Paths as text, and directories (BUILTINS 20). */
#include "lib/os.h"

#include "lib/args.h"
#include "lib/builtins.h"
#include "value/string.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- text ---- */

rf_value rf_lib_join_path(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    for (uint32_t i = 0; i < arg_count; i++)
        if (!rf_args_string(isolate, "join_path", args, i)) return rf_raised();
    rf_buffer path = RF_BUFFER_INIT;
    for (uint32_t i = 0; i < arg_count; i++) {
        const rf_string *part = args[i].as.string;
        if (part->size && part->text[0] == '/')
            rf_buffer_clear(&path);
        else if (path.size && path.data[path.size - 1] != '/')
            rf_buffer_append_byte(&path, '/');
        rf_buffer_append(&path, part->text, part->size);
    }
    return rf_string_take_buffer(isolate, &path);
}

static size_t without_slashes(const char *text, size_t size)
{
    while (size && text[size - 1] == '/') size--;
    return size;
}

/* Where the last component of text[0..size) starts; size has no slashes at its end. */
static size_t start_of_last(const char *text, size_t size)
{
    while (size && text[size - 1] != '/') size--;
    return size;
}

rf_value rf_lib_dirname(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "dirname", args, 0)) return rf_raised();
    const rf_string *path = args[0].as.string;
    const size_t end = without_slashes(path->text, path->size);
    if (!end) return rf_string_new(isolate, "/", 1);
    const size_t start = start_of_last(path->text, end);
    const size_t size = without_slashes(path->text, start);
    if (start && !size) return rf_string_new(isolate, "/", 1);
    return rf_string_new(isolate, path->text, size);
}

/* The last component of a path, empty when it is `..`. */
static const char *last_component(const rf_string *path, size_t *size)
{
    const size_t end = without_slashes(path->text, path->size);
    const size_t start = start_of_last(path->text, end);
    *size = end - start;
    if (*size == 2 && memcmp(path->text + start, "..", 2) == 0) *size = 0;
    return path->text + start;
}

rf_value rf_lib_basename(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    size_t size;
    if (!rf_args_string(isolate, "basename", args, 0)) return rf_raised();
    const char *name = last_component(args[0].as.string, &size);
    return rf_string_new(isolate, name, size);
}

rf_value rf_lib_path_extension(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    size_t size;
    if (!rf_args_string(isolate, "path_extension", args, 0)) return rf_raised();
    const char *name = last_component(args[0].as.string, &size);
    size_t dot = size;
    while (dot && name[dot - 1] != '.') dot--;
    if (dot <= 1) return rf_string_new(isolate, "", 0); /* no dot, or only the first character */
    return rf_string_new(isolate, name + dot, size - dot);
}

/* ---- what is there ---- */

typedef enum entry_kind { ANY_ENTRY, DIRECTORY, REGULAR_FILE } entry_kind;

static rf_value test_entry(rf_isolate *isolate, const char *name, const rf_value *args,
                           entry_kind kind)
{
    struct stat info;
    const char *path = rf_os_path(isolate, name, args, 0);
    if (!path) return rf_raised();
    if (stat(path, &info) != 0) return rf_bool(false);
    return rf_bool(kind == ANY_ENTRY ||
                   (kind == DIRECTORY ? S_ISDIR(info.st_mode) : S_ISREG(info.st_mode)));
}

rf_value rf_lib_path_exists(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return test_entry(isolate, "path_exists", args, ANY_ENTRY);
}

rf_value rf_lib_path_is_dir(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return test_entry(isolate, "path_is_dir", args, DIRECTORY);
}

rf_value rf_lib_path_is_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    return test_entry(isolate, "path_is_file", args, REGULAR_FILE);
}

rf_value rf_lib_path_is_symlink(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    struct stat info;
    const char *path = rf_os_path(isolate, "path_is_symlink", args, 0);
    if (!path) return rf_raised();
    if (lstat(path, &info) != 0) return rf_os_raise(isolate, "Cannot inspect path", path, errno);
    return rf_bool(S_ISLNK(info.st_mode));
}

rf_value rf_lib_path_absolute(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "path_absolute", args, 0);
    if (!path) return rf_raised();
    char resolved[PATH_MAX];
    if (!realpath(path, resolved)) return rf_os_raise(isolate, "Cannot resolve path", path, errno);
    return rf_string_new_lossy(isolate, resolved, strlen(resolved));
}

/* ---- the working directory ---- */

rf_value rf_lib_os_getcwd(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)args;
    (void)arg_count;
    char path[PATH_MAX];
    if (!getcwd(path, sizeof path))
        return rf_os_raise(isolate, "Cannot find the working directory", ".", errno);
    return rf_string_new_lossy(isolate, path, strlen(path));
}

rf_value rf_lib_os_chdir(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "os_chdir", args, 0);
    if (!path) return rf_raised();
    if (chdir(path) != 0) return rf_os_raise(isolate, "Cannot change directory to", path, errno);
    return rf_bool(true);
}

rf_value rf_lib_os_rmdir(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "os_rmdir", args, 0);
    if (!path) return rf_raised();
    if (rmdir(path) != 0) return rf_os_raise(isolate, "Cannot remove directory", path, errno);
    return rf_bool(true);
}

rf_value rf_lib_os_environ(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    return rf_lib_env_list(isolate, args, arg_count);
}
