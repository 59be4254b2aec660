#include "base/file.h"

#include "base/alloc.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ruff_status os_failure(ruff_error *err)
{
    char text[256];
    return rf_error_set(err, RUFF_E_IO, "%s", rf_os_error_text(errno, text, sizeof text));
}

ruff_status rf_file_read(const char *path, rf_buffer *out, ruff_error *err)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return os_failure(err);
    ruff_status status = RUFF_OK;
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) rf_buffer_reserve(out, (size_t)info.st_size + 1);
    for (;;) {
        rf_buffer_reserve(out, 4096);
        ssize_t got = read(fd, out->data + out->size, out->capacity - out->size - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) status = os_failure(err);
        if (got <= 0) break;
        out->size += (size_t)got;
    }
    if (out->data) out->data[out->size] = '\0';
    if (!is_stdin) close(fd);
    return status;
}

static ruff_status write_all(int fd, const void *bytes, size_t size, ruff_error *err)
{
    for (size_t at = 0; at < size;) {
        ssize_t wrote = write(fd, (const char *)bytes + at, size - at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return os_failure(err);
        at += (size_t)wrote;
    }
    return RUFF_OK;
}

/* A device, pipe or socket: replacing it would take /dev/null away from everybody. */
static bool must_stay(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

ruff_status rf_file_replace(const char *path, const void *bytes, size_t size, ruff_error *err)
{
    rf_buffer temporary = RF_BUFFER_INIT;
    const bool stays = must_stay(path);
    rf_buffer_format(&temporary, "%s.tmp.%ld", path, (long)getpid());
    ruff_status status = RUFF_OK;
    int fd = stays ? open(path, O_WRONLY | O_CLOEXEC)
                   : open(temporary.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        status = os_failure(err);
        goto done;
    }
    status = write_all(fd, bytes, size, err);
    if (close(fd) != 0 && !status) status = os_failure(err);
    if (!stays && !status && rename(temporary.data, path) != 0) status = os_failure(err);
    if (!stays && status) unlink(temporary.data);
done:
    rf_buffer_release(&temporary);
    return status;
}
