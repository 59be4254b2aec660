/* Files of the operating system without Ruff values, and the errors made of their failures. */
#include "lib/os.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"
#include "lib/args.h"
#include "value/string.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 65536, DEVICE_LIMIT = 64 << 20 };
#define LARGEST_VALUE ((uint64_t)INT32_MAX) /* bytes of a string (LANGUAGE 21.2) */

/* ---- arguments and errors ---- */

const char *rf_os_path(rf_isolate *isolate, const char *name, const rf_value *args, uint32_t index)
{
    if (!rf_args_string(isolate, name, args, index)) return NULL;
    const rf_string *path = args[index].as.string;
    if (strlen(path->text) == path->size) return path->text;
    rf_raise(isolate, "%s: argument %u contains a NUL character", name, index + 1);
    return NULL;
}

const char *rf_os_path_and(rf_isolate *isolate, const char *name, const rf_value *args,
                           uint32_t kinds, const char *expected)
{
    if (!rf_args_string(isolate, name, args, 0) ||
        !rf_args_want(isolate, name, args, 1, kinds, expected))
        return NULL;
    return rf_os_path(isolate, name, args, 0);
}

rf_value rf_os_raise(rf_isolate *isolate, const char *action, const char *path, int errno_value)
{
    char text[256];
    return rf_raise(isolate, "%s '%s': %s", action, path,
                    rf_os_error_text(errno_value, text, sizeof text));
}

/* ---- reading and writing ---- */

int rf_os_open(const char *path, int flags, int *fd)
{
    do *fd = open(path, flags | O_CLOEXEC, 0666);
    while (*fd < 0 && errno == EINTR);
    return *fd < 0 ? errno : 0;
}

static bool is_device(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISCHR(info.st_mode);
}

int rf_os_read(int fd, rf_buffer *out, uint64_t limit, bool may_be_cut)
{
    struct stat info;
    uint64_t expected = CHUNK;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) expected = (uint64_t)info.st_size + 1;
    rf_buffer_reserve(out, (size_t)(expected < limit ? expected : limit) + 1);
    if (!may_be_cut && limit > DEVICE_LIMIT && is_device(fd)) limit = DEVICE_LIMIT;
    const size_t start = out->size;
    for (;;) {
        const uint64_t left = limit - (out->size - start);
        if (!left && may_be_cut) return 0;
        if (out->capacity - out->size < 2) rf_buffer_reserve(out, CHUNK);
        size_t room = out->capacity - out->size - 1;
        if (left && room > left) room = (size_t)left;
        ssize_t got = read(fd, out->data + out->size, left ? room : 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) break;
        if (!left) return EFBIG;
        out->size += (size_t)got;
    }
    out->data[out->size] = '\0';
    return 0;
}

int rf_os_read_file(const char *path, rf_buffer *out)
{
    int fd;
    int failure = rf_os_open(path, O_RDONLY, &fd);
    if (failure) return failure;
    failure = rf_os_read(fd, out, LARGEST_VALUE, false);
    close(fd);
    return failure;
}

int rf_os_write(int fd, const void *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t wrote = write(fd, (const char *)bytes + at, size - at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return errno;
        at += (size_t)wrote;
    }
    return 0;
}

int rf_os_copy(int from, int to, uint64_t limit)
{
    char *chunk = rf_alloc(CHUNK);
    int failure = 0;
    const bool may_be_endless = limit == UINT64_MAX && is_device(from);
    if (may_be_endless) limit = DEVICE_LIMIT;
    while (!failure && limit) {
        ssize_t got = read(from, chunk, limit < CHUNK ? (size_t)limit : CHUNK);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failure = errno;
        if (got <= 0) break;
        limit -= (uint64_t)got;
        failure = rf_os_write(to, chunk, (size_t)got);
    }
    rf_free(chunk);
    return may_be_endless && !limit && !failure ? EFBIG : failure;
}

rf_value rf_os_text(rf_isolate *isolate, const char *action, const char *path, rf_buffer *bytes)
{
    size_t bad;
    if (rf_utf8_valid(bytes->data ? bytes->data : "", bytes->size, &bad))
        return rf_string_take_buffer(isolate, bytes);
    rf_buffer_release(bytes);
    return rf_raise(isolate, "%s '%s': not valid UTF-8 (byte %zu)", action, path, bad);
}

/* ---- replacing ---- */

/* May a new file take the place of this one?  Not of a device or pipe, not when other names or
 * another owner would be lost. */
static bool can_be_replaced(const struct stat *info)
{
    return S_ISREG(info->st_mode) && info->st_nlink == 1 && info->st_uid == geteuid();
}

/* A new file beside the target, made with the mode any new file gets. */
static int open_temporary(rf_os_replacement *r)
{
    uint64_t number;
    rf_buffer name = RF_BUFFER_INIT;
    int failure;
    do {
        if (getrandom(&number, sizeof number, 0) != sizeof number)
            number = (uint64_t)rf_clock_monotonic_ns();
        rf_buffer_clear(&name);
        rf_buffer_format(&name, "%s.%016llx", r->target, (unsigned long long)number);
        failure = rf_os_open(name.data, O_WRONLY | O_CREAT | O_EXCL, &r->fd);
    } while (failure == EEXIST);
    if (failure)
        rf_buffer_release(&name);
    else
        r->temporary = rf_buffer_take(&name);
    return failure;
}

static bool is_link(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

int rf_os_replace_begin(rf_os_replacement *r, const char *path, rf_os_existing existing)
{
    struct stat info;
    *r = (rf_os_replacement){.fd = -1, .existing = existing};
    const bool exists = stat(path, &info) == 0;
    if (!exists && errno != ENOENT) return errno;
    if (exists && existing == RF_OS_REFUSE) return EEXIST;
    if (exists && S_ISDIR(info.st_mode)) return EISDIR;
    if (exists && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0) return errno;
    char resolved[PATH_MAX];
    r->target = rf_strdup(exists && realpath(path, resolved) ? resolved : path);
    if (exists ? can_be_replaced(&info) : !is_link(path)) {
        const int failure = open_temporary(r);
        if (!failure && exists) fchmod(r->fd, info.st_mode & 07777);
        if (!failure) return 0;
        if (failure != EACCES && failure != EPERM && failure != ENAMETOOLONG) {
            rf_free(r->target);
            return failure;
        }
    }
    /* also when the directory takes no other file, or the name is as long as names can be */
    const int flags = O_WRONLY | O_CREAT | (existing == RF_OS_REFUSE ? O_EXCL : O_TRUNC);
    const int failure = rf_os_open(r->target, flags, &r->fd);
    if (failure) rf_free(r->target);
    return failure;
}

static int move_into_place(const rf_os_replacement *r)
{
    if (r->existing == RF_OS_REPLACE) return rename(r->temporary, r->target) == 0 ? 0 : errno;
    if (link(r->temporary, r->target) == 0) return 0; /* fails when the target has come to exist */
    if (errno != EPERM && errno != EOPNOTSUPP) return errno;
    return rename(r->temporary, r->target) == 0 ? 0 : errno; /* a file system without links */
}

int rf_os_replace_end(rf_os_replacement *r, int failure)
{
    if (close(r->fd) != 0 && !failure) failure = errno;
    if (r->temporary) {
        if (!failure) failure = move_into_place(r);
        if (failure || r->existing == RF_OS_REFUSE) unlink(r->temporary);
    }
    rf_free(r->temporary);
    rf_free(r->target);
    return failure;
}

int rf_os_replace_file(const char *path, const void *bytes, size_t size, rf_os_existing existing)
{
    rf_os_replacement replacement;
    int failure = rf_os_replace_begin(&replacement, path, existing);
    if (failure) return failure;
    return rf_os_replace_end(&replacement, rf_os_write(replacement.fd, bytes, size));
}

int rf_os_append_file(const char *path, const void *bytes, size_t size)
{
    int fd;
    int failure = rf_os_open(path, O_WRONLY | O_APPEND | O_CREAT, &fd);
    if (failure) return failure;
    failure = rf_os_write(fd, bytes, size);
    if (close(fd) != 0 && !failure) failure = errno;
    return failure;
}

static int make_one(const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) == 0) return 0;
    const int failure = errno;
    if (failure == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return 0;
    return failure;
}

int rf_os_create_directory(const char *path)
{
    char *copy = rf_strdup(path);
    int failure = 0;
    for (char *at = copy; *at && !failure; at++) {
        if (*at != '/' || at == copy) continue;
        *at = '\0';
        failure = make_one(copy);
        if (failure == EEXIST) failure = ENOTDIR; /* a file where a parent should be */
        *at = '/';
    }
    if (!failure) failure = make_one(path);
    rf_free(copy);
    return failure;
}
