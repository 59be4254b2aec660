/* Files: whole texts in and out, names of files (BUILTINS 18). */
#include "lib/os.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/file_options.h"
#include "value/array.h"
#include "value/dict.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading ---- */

rf_value rf_lib_read_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "read_file", args, 0);
    if (!path) return rf_raised();
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure = rf_os_read_file(path, &bytes);
    if (!failure) return rf_os_text(isolate, "Cannot read file", path, &bytes);
    rf_buffer_release(&bytes);
    return rf_os_raise(isolate, "Cannot read file", path, failure);
}

rf_value rf_lib_read_file_lossy(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "read_file_lossy", args, 0);
    if (!path) return rf_raised();
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure = rf_os_read_file(path, &bytes);
    rf_value result = failure ? rf_os_raise(isolate, "Cannot read file", path, failure)
                              : rf_string_new_lossy(isolate, bytes.data, bytes.size);
    rf_buffer_release(&bytes);
    return result;
}

rf_value rf_lib_read_lines(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "read_lines", args, 0);
    if (!path) return rf_raised();
    rf_value text = rf_lib_read_file(isolate, args, 1);
    if (rf_is_raised(text)) return text;
    rf_value lines = rf_lib_lines(isolate, &text, 1);
    rf_release(isolate, text);
    return lines;
}

/* ---- writing ---- */

/* The value of the only key an options dict may have; false after raising. */
static bool read_overwrite_option(rf_isolate *isolate, const char *name, const rf_dict *options,
                                  bool *overwrite)
{
    rf_key key;
    rf_value value;
    for (uint32_t at = 0; rf_dict_next(options, &at, &key, &value);) {
        char small[24];
        size_t size;
        const char *text = rf_key_text(key, small, &size);
        if (size != 9 || memcmp(text, "overwrite", 9) != 0) {
            rf_raise(isolate, "%s: unknown option '%s'", name,
                     rf_args_shown_text(isolate, text, size));
            return false;
        }
        if (value.head != RF_BOOL) {
            rf_raise(isolate, "%s expects bool as option 'overwrite', got %s", name,
                     rf_type_name(value));
            return false;
        }
        *overwrite = value.as.i != 0;
    }
    return true;
}

bool rf_file_options_want(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count)
{
    const uint32_t kinds = RF_KIND(RF_BOOL) | RF_KIND(RF_DICT);
    return arg_count < 3 || rf_args_want(isolate, name, args, 2, kinds, "bool or dict");
}

bool rf_file_options_read(rf_isolate *isolate, const char *name, const rf_value *args,
                          uint32_t arg_count, rf_os_existing *existing)
{
    bool overwrite = true;
    if (arg_count > 2 && args[2].head == RF_DICT) {
        if (!read_overwrite_option(isolate, name, args[2].as.dict, &overwrite)) return false;
    } else if (arg_count > 2) {
        overwrite = args[2].as.i != 0;
    }
    *existing = overwrite ? RF_OS_REPLACE : RF_OS_REFUSE;
    return true;
}

rf_value rf_lib_write_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    rf_os_existing existing;
    static const char name[] = "write_file";
    if (!rf_args_string(isolate, name, args, 0) || !rf_args_string(isolate, name, args, 1) ||
        !rf_file_options_want(isolate, name, args, arg_count))
        return rf_raised();
    const char *path = rf_os_path(isolate, name, args, 0);
    if (!path || !rf_file_options_read(isolate, name, args, arg_count, &existing))
        return rf_raised();
    const rf_string *text = args[1].as.string;
    const int failure = rf_os_replace_file(path, text->text, text->size, existing);
    return failure ? rf_os_raise(isolate, "Cannot write file", path, failure) : rf_bool(true);
}

rf_value rf_lib_append_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path_and(isolate, "append_file", args, RF_KIND(RF_STRING), "string");
    if (!path) return rf_raised();
    const rf_string *text = args[1].as.string;
    const int failure = rf_os_append_file(path, text->text, text->size);
    return failure ? rf_os_raise(isolate, "Cannot append to file", path, failure) : rf_bool(true);
}

/* ---- names ---- */

rf_value rf_lib_file_exists(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    struct stat info;
    const char *path = rf_os_path(isolate, "file_exists", args, 0);
    if (!path) return rf_raised();
    return rf_bool(stat(path, &info) == 0);
}

rf_value rf_lib_file_size(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    struct stat info;
    const char *path = rf_os_path(isolate, "file_size", args, 0);
    if (!path) return rf_raised();
    if (stat(path, &info) != 0)
        return rf_os_raise(isolate, "Cannot get file size for", path, errno);
    return rf_int(info.st_size);
}

rf_value rf_lib_delete_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "delete_file", args, 0);
    if (!path) return rf_raised();
    if (unlink(path) != 0) return rf_os_raise(isolate, "Cannot delete file", path, errno);
    return rf_bool(true);
}

/* "ACTION file 'FROM' to 'TO': TEXT (os error N)" */
static rf_value raise_pair(rf_isolate *isolate, const char *action, const char *from,
                           const char *to, int failure)
{
    rf_buffer start = RF_BUFFER_INIT;
    rf_buffer_format(&start, "%s file '%s' to", action, from);
    rf_value raised = rf_os_raise(isolate, start.data, to, failure);
    rf_buffer_release(&start);
    return raised;
}

rf_value rf_lib_rename_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *from = rf_os_path_and(isolate, "rename_file", args, RF_KIND(RF_STRING), "string");
    const char *to = from ? rf_os_path(isolate, "rename_file", args, 1) : NULL;
    if (!to) return rf_raised();
    if (rename(from, to) != 0) return raise_pair(isolate, "Cannot rename", from, to, errno);
    return rf_bool(true);
}

static int copy_file(const char *from, const char *to)
{
    int source;
    struct stat info;
    rf_os_replacement target;
    int failure = rf_os_open(from, O_RDONLY, &source);
    if (failure) return failure;
    if (fstat(source, &info) == 0 && S_ISDIR(info.st_mode)) failure = EISDIR;
    if (!failure) failure = rf_os_replace_begin(&target, to, RF_OS_REPLACE);
    if (!failure) {
        failure = rf_os_copy(source, target.fd, UINT64_MAX);
        if (!failure && target.temporary && fchmod(target.fd, info.st_mode & 07777) != 0)
            failure = errno;
        failure = rf_os_replace_end(&target, failure);
    }
    close(source);
    return failure;
}

rf_value rf_lib_copy_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *from = rf_os_path_and(isolate, "copy_file", args, RF_KIND(RF_STRING), "string");
    const char *to = from ? rf_os_path(isolate, "copy_file", args, 1) : NULL;
    if (!to) return rf_raised();
    const int failure = copy_file(from, to);
    return failure ? raise_pair(isolate, "Cannot copy", from, to, failure) : rf_bool(true);
}

/* ---- directories ---- */

rf_value rf_lib_create_dir(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "create_dir", args, 0);
    if (!path) return rf_raised();
    const int failure = rf_os_create_directory(path);
    return failure ? rf_os_raise(isolate, "Cannot create directory", path, failure) : rf_bool(true);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

typedef RF_VECTOR(char *) name_list;

static int read_names(const char *path, name_list *names)
{
    DIR *directory = opendir(path); /* close-on-exec in the C library */
    if (!directory) return errno;
    struct dirent *entry;
    while ((errno = 0, entry = readdir(directory))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            !rf_utf8_valid(name, strlen(name), NULL))
            continue;
        rf_vector_push(names, rf_strdup(name));
    }
    const int failure = errno;
    closedir(directory);
    return failure;
}

rf_value rf_lib_list_dir(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "list_dir", args, 0);
    if (!path) return rf_raised();
    name_list names = {0};
    const int failure = read_names(path, &names);
    if (names.count) qsort(names.data, names.count, sizeof *names.data, compare_names);
    rf_value result = failure ? rf_os_raise(isolate, "Cannot list directory", path, failure)
                              : rf_array_new(isolate, names.count);
    for (size_t i = 0; i < names.count; i++) {
        if (!failure)
            rf_array_push(isolate, result.as.array, rf_string_from(isolate, names.data[i]));
        rf_free(names.data[i]);
    }
    rf_vector_release(&names);
    return result;
}
