/* Binary files: whole, in parts, and what is known about a file (BUILTINS 19). */
#include "lib/args.h"
#include "lib/builtins.h"
#include "lib/file_options.h"
#include "value/dict.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READING "Cannot read file"
#define WRITING "Cannot write file"

/* ---- arguments ---- */

/* A path and bytes; *bytes and the result borrow, NULL after raising. */
static const char *want_path_and_bytes(rf_isolate *isolate, const char *name, const rf_value *args,
                                       const rf_bytes **bytes)
{
    const char *path = rf_os_path_and(isolate, name, args, RF_KIND(RF_BYTES), "bytes");
    if (path) *bytes = args[1].as.bytes;
    return path;
}

static const char *want_path_and_number(rf_isolate *isolate, const char *name, const rf_value *args)
{
    return rf_os_path_and(isolate, name, args, RF_KIND_NUMBER, "number");
}

/* Types of two numbers, at index and index + 1. */
static bool want_numbers(rf_isolate *isolate, const char *name, const rf_value *args,
                         uint32_t index)
{
    return rf_args_want(isolate, name, args, index, RF_KIND_NUMBER, "number") &&
           rf_args_want(isolate, name, args, index + 1, RF_KIND_NUMBER, "number");
}

/* A size or place in a file: not negative, floats truncated. */
static bool want_offset(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index,
                        int64_t *out)
{
    if (!rf_args_whole(isolate, name, args, index, out)) return false;
    if (*out >= 0) return true;
    rf_raise(isolate, "%s expects a number that is not negative as argument %u, got %lld", name,
             index + 1, (long long)*out);
    return false;
}

/* ---- reading ---- */

/* Goes to offset; with count 0 when no file reaches that far, which is past its end. */
static int seek_to(int fd, int64_t offset, uint64_t *count)
{
    if (!offset || lseek(fd, offset, SEEK_SET) >= 0) return 0;
    if (errno != EINVAL) return errno;
    *count = 0;
    return 0;
}

/* Bytes offset .. offset + count of a file, fewer at its end. */
static int read_range(const char *path, int64_t offset, uint64_t count, bool may_be_cut,
                      rf_buffer *out)
{
    int fd;
    int failure = rf_os_open(path, O_RDONLY, &fd);
    if (failure) return failure;
    failure = seek_to(fd, offset, &count);
    if (count && !failure) failure = rf_os_read(fd, out, count, may_be_cut);
    close(fd);
    return failure;
}

static rf_value bytes_of_range(rf_isolate *isolate, const char *path, int64_t offset, int64_t count)
{
    const bool is_limited = count < INT32_MAX;
    rf_buffer bytes = RF_BUFFER_INIT;
    const int failure =
        read_range(path, offset, is_limited ? (uint64_t)count : INT32_MAX, is_limited, &bytes);
    rf_value result = failure ? rf_os_raise(isolate, READING, path, failure)
                              : rf_bytes_new(isolate, bytes.data, bytes.size);
    rf_buffer_release(&bytes);
    return result;
}

rf_value rf_lib_read_binary_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const char *path = rf_os_path(isolate, "read_binary_file", args, 0);
    return path ? bytes_of_range(isolate, path, 0, INT64_MAX) : rf_raised();
}

rf_value rf_lib_io_read_bytes(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t count;
    const char *path = want_path_and_number(isolate, "io_read_bytes", args);
    if (!path || !want_offset(isolate, "io_read_bytes", args, 1, &count)) return rf_raised();
    return bytes_of_range(isolate, path, 0, count);
}

rf_value rf_lib_io_read_at(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t offset, count;
    static const char name[] = "io_read_at";
    if (!rf_args_string(isolate, name, args, 0) || !want_numbers(isolate, name, args, 1))
        return rf_raised();
    const char *path = rf_os_path(isolate, name, args, 0);
    if (!path || !want_offset(isolate, name, args, 1, &offset) ||
        !want_offset(isolate, name, args, 2, &count))
        return rf_raised();
    return bytes_of_range(isolate, path, offset, count);
}

rf_value rf_lib_io_seek_read(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t offset;
    const char *path = want_path_and_number(isolate, "io_seek_read", args);
    if (!path || !want_offset(isolate, "io_seek_read", args, 1, &offset)) return rf_raised();
    return bytes_of_range(isolate, path, offset, INT64_MAX);
}

/* ---- writing ---- */

static rf_value write_whole(rf_isolate *isolate, const char *path, const rf_bytes *bytes,
                            rf_os_existing existing)
{
    const int failure = rf_os_replace_file(path, bytes->data, bytes->size, existing);
    return failure ? rf_os_raise(isolate, WRITING, path, failure) : rf_bool(true);
}

rf_value rf_lib_write_binary_file(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    rf_os_existing existing;
    static const char name[] = "write_binary_file";
    if (!rf_args_string(isolate, name, args, 0) ||
        !rf_args_want(isolate, name, args, 1, RF_KIND(RF_BYTES), "bytes") ||
        !rf_file_options_want(isolate, name, args, arg_count))
        return rf_raised();
    const char *path = rf_os_path(isolate, name, args, 0);
    if (!path || !rf_file_options_read(isolate, name, args, arg_count, &existing))
        return rf_raised();
    return write_whole(isolate, path, args[1].as.bytes, existing);
}

rf_value rf_lib_io_write_bytes(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_bytes *bytes;
    const char *path = want_path_and_bytes(isolate, "io_write_bytes", args, &bytes);
    return path ? write_whole(isolate, path, bytes, RF_OS_REPLACE) : rf_raised();
}

rf_value rf_lib_io_append_bytes(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    const rf_bytes *bytes;
    const char *path = want_path_and_bytes(isolate, "io_append_bytes", args, &bytes);
    if (!path) return rf_raised();
    const int failure = rf_os_append_file(path, bytes->data, bytes->size);
    return failure ? rf_os_raise(isolate, "Cannot append to file", path, failure) : rf_bool(true);
}

static int write_at(const char *path, const rf_bytes *bytes, int64_t offset)
{
    int fd;
    int failure = rf_os_open(path, O_WRONLY, &fd);
    if (failure) return failure;
    if (lseek(fd, offset, SEEK_SET) < 0) failure = errno;
    if (!failure) failure = rf_os_write(fd, bytes->data, bytes->size);
    if (close(fd) != 0 && !failure) failure = errno;
    return failure;
}

rf_value rf_lib_io_write_at(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t offset;
    static const char name[] = "io_write_at";
    if (!rf_args_string(isolate, name, args, 0) ||
        !rf_args_want(isolate, name, args, 1, RF_KIND(RF_BYTES), "bytes") ||
        !rf_args_want(isolate, name, args, 2, RF_KIND_NUMBER, "number"))
        return rf_raised();
    const char *path = rf_os_path(isolate, name, args, 0);
    if (!path || !want_offset(isolate, name, args, 2, &offset)) return rf_raised();
    const int failure = write_at(path, args[1].as.bytes, offset);
    return failure ? rf_os_raise(isolate, WRITING, path, failure) : rf_bool(true);
}

rf_value rf_lib_io_truncate(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t size;
    const char *path = want_path_and_number(isolate, "io_truncate", args);
    if (!path || !want_offset(isolate, "io_truncate", args, 1, &size)) return rf_raised();
    if (truncate(path, size) != 0) return rf_os_raise(isolate, WRITING, path, errno);
    return rf_bool(true);
}

/* *blames_source: the failure is of reading */
static int copy_range(const char *source, const char *target, int64_t offset, int64_t count,
                      bool *blames_source)
{
    int fd;
    rf_os_replacement copy;
    *blames_source = true;
    int failure = rf_os_open(source, O_RDONLY, &fd);
    if (failure) return failure;
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) failure = EISDIR;
    uint64_t left = (uint64_t)count;
    if (!failure) failure = seek_to(fd, offset, &left);
    if (!failure) {
        *blames_source = false;
        failure = rf_os_replace_begin(&copy, target, RF_OS_REPLACE);
        if (!failure) failure = rf_os_replace_end(&copy, rf_os_copy(fd, copy.fd, left));
    }
    close(fd);
    return failure;
}

rf_value rf_lib_io_copy_range(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t offset, count;
    bool blames_source;
    static const char name[] = "io_copy_range";
    if (!rf_args_string(isolate, name, args, 0) || !rf_args_string(isolate, name, args, 1) ||
        !want_numbers(isolate, name, args, 2))
        return rf_raised();
    const char *source = rf_os_path(isolate, name, args, 0);
    const char *target = source ? rf_os_path(isolate, name, args, 1) : NULL;
    if (!target || !want_offset(isolate, name, args, 2, &offset) ||
        !want_offset(isolate, name, args, 3, &count))
        return rf_raised();
    const int failure = copy_range(source, target, offset, count, &blames_source);
    if (!failure) return rf_bool(true);
    return blames_source ? rf_os_raise(isolate, READING, source, failure)
                         : rf_os_raise(isolate, WRITING, target, failure);
}

/* ---- what is known about a file ---- */

static void put(rf_isolate *isolate, rf_value dict, const char *name, rf_value v)
{
    rf_value key = rf_string_intern(isolate, name, strlen(name));
    rf_dict_set(isolate, dict.as.dict, rf_key_from_string(key.as.string), v);
}

rf_value rf_lib_io_file_metadata(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    struct statx info;
    const char *path = rf_os_path(isolate, "io_file_metadata", args, 0);
    if (!path) return rf_raised();
    if (statx(AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_BTIME, &info) != 0)
        return rf_os_raise(isolate, "Cannot read metadata of file", path, errno);
    rf_value dict = rf_dict_new(isolate, 7);
    put(isolate, dict, "size", rf_int((int64_t)info.stx_size));
    put(isolate, dict, "is_file", rf_bool(S_ISREG(info.stx_mode)));
    put(isolate, dict, "is_dir", rf_bool(S_ISDIR(info.stx_mode)));
    put(isolate, dict, "readonly", rf_bool(!(info.stx_mode & 0222)));
    put(isolate, dict, "modified", rf_int(info.stx_mtime.tv_sec));
    put(isolate, dict, "accessed", rf_int(info.stx_atime.tv_sec));
    if (info.stx_mask & STATX_BTIME) put(isolate, dict, "created", rf_int(info.stx_btime.tv_sec));
    return dict;
}
