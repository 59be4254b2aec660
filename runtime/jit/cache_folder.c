/* Everything below the folder is reached through its descriptor and never through a link, so what was checked stays what is
 * used. */
#include "jit/cache_folder.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LEFT_BEHIND_SECONDS = 600, FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* A program that runs with more rights than its user must not read what the user could have written. */
static bool is_elevated(void)
{
    return getuid() != geteuid() || getgid() != getegid() || getauxval(AT_SECURE) != 0;
}

static bool is_ours(const struct stat *info, rf_folder_use use)
{
    const bool is_owner = info->st_uid == geteuid() || (use == RF_FOLDER_READ && info->st_uid == 0);
    return is_owner && (info->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Opens, and makes if needed, the folder `name` in `at`; -1. */
static int open_own(int at, const char *name, rf_folder_use use)
{
    struct stat info;
    if (use == RF_FOLDER_MAKE && mkdirat(at, name, 0700) != 0 && errno != EEXIST) return -1;
    const int file = openat(at, name, FOLDER_FLAGS);
    if (file < 0) return -1;
    if (fstat(file, &info) == 0 && is_ours(&info, use)) return file;
    close(file);
    return -1;
}

/* ~/.cache, or what XDG_CACHE_HOME says, which may be reached through links: that is the user's choice. */
static int open_user_cache(rf_folder_use use)
{
    char path[PATH_MAX];
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int written = -1;
    if (base && *base == '/')
        written = snprintf(path, sizeof path, "%s", base);
    else if (home && *home == '/')
        written = snprintf(path, sizeof path, "%s/.cache", home);
    if (written < 0 || (size_t)written >= sizeof path) return -1;
    if (use == RF_FOLDER_MAKE) mkdir(path, 0700); /* whether it worked is seen next */
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_default(rf_folder_use use)
{
    static const char *const names[] = {"ruff", "jit"};
    int file = open_user_cache(use);
    for (size_t i = 0; i < RF_COUNT_OF(names) && file >= 0; i++) {
        const int inner = open_own(file, names[i], use);
        close(file);
        file = inner;
    }
    return file;
}

bool rf_cache_folder_open(rf_cache_folder *folder, const char *path, rf_folder_use use)
{
    *folder = (rf_cache_folder){.file = -1, .use = use};
    if (is_elevated()) return false;
    folder->file = path ? open_own(AT_FDCWD, path, use) : open_default(use);
    return folder->file >= 0;
}

void rf_cache_folder_close(rf_cache_folder *folder)
{
    if (folder->file >= 0) close(folder->file);
    folder->file = -1;
}

static bool read_all(int file, size_t size, rf_buffer *out)
{
    rf_buffer_reserve(out, size);
    while (out->size < size) {
        const ssize_t got = read(file, out->data + out->size, size - out->size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        out->size += (size_t)got;
    }
    return true;
}

bool rf_cache_folder_read(const rf_cache_folder *folder, const char *name, size_t most, rf_buffer *out, bool *is_odd)
{
    struct stat info;
    const int file = openat(folder->file, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *is_odd = file < 0 && errno != ENOENT;
    if (file < 0) return false;
    *is_odd = fstat(file, &info) != 0 || !S_ISREG(info.st_mode) || !is_ours(&info, folder->use) ||
              info.st_size < 0 || (uint64_t)info.st_size > most;
    const bool is_read = !*is_odd && read_all(file, (size_t)info.st_size, out);
    *is_odd = !is_read;
    close(file);
    return is_read;
}

static bool write_all(int file, const rf_buffer *bytes)
{
    for (size_t done = 0; done < bytes->size;) {
        const ssize_t put = write(file, bytes->data + done, bytes->size - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        done += (size_t)put;
    }
    return true;
}

bool rf_cache_folder_write(const rf_cache_folder *folder, const char *name, const rf_buffer *bytes)
{
    char temporary[NAME_MAX];
    snprintf(temporary, sizeof temporary, "%.64s.%ld.tmp", name, (long)gettid()); /* unique in the system */
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int file = openat(folder->file, temporary, flags, 0600);
    if (file < 0 && errno == EEXIST && unlinkat(folder->file, temporary, 0) == 0) /* of a process that had our number */
        file = openat(folder->file, temporary, flags, 0600);
    if (file < 0) return false;
    bool is_written = write_all(file, bytes);
    is_written = close(file) == 0 && is_written;
    if (is_written && renameat(folder->file, temporary, folder->file, name) == 0) return true;
    unlinkat(folder->file, temporary, 0);
    return false;
}

typedef struct pack_file {
    char *name;
    uint64_t size;
    int64_t changed_ns;
} pack_file;

static int compare_age(const void *a, const void *b)
{
    const pack_file *x = a, *y = b;
    return (x->changed_ns > y->changed_ns) - (x->changed_ns < y->changed_ns);
}

static bool ends_with(const char *name, const char *end)
{
    const size_t size = strlen(name), length = strlen(end);
    return size > length && strcmp(name + size - length, end) == 0;
}

unsigned rf_cache_folder_trim(const rf_cache_folder *folder, uint64_t most, const char *kept)
{
    RF_VECTOR(pack_file) files = {0};
    uint64_t sum = 0;
    unsigned removed = 0;
    const int again = openat(folder->file, ".", FOLDER_FLAGS); /* with a position of its own */
    DIR *list = again < 0 ? NULL : fdopendir(again);
    if (!list && again >= 0) close(again);
    for (struct dirent *entry; list && (entry = readdir(list));) {
        struct stat info;
        if (fstatat(folder->file, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode)) continue;
        if (ends_with(entry->d_name, ".tmp") && info.st_mtime + LEFT_BEHIND_SECONDS < time(NULL))
            unlinkat(folder->file, entry->d_name, 0);
        if (!ends_with(entry->d_name, ".pack")) continue;
        sum += (uint64_t)info.st_size;
        if (strcmp(entry->d_name, kept) == 0) continue;
        const pack_file file = {rf_strdup(entry->d_name), (uint64_t)info.st_size,
                                (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec};
        rf_vector_push(&files, file);
    }
    if (list) closedir(list);
    if (files.count) qsort(files.data, files.count, sizeof *files.data, compare_age);
    for (size_t i = 0; i < files.count; i++) {
        if (sum > most && unlinkat(folder->file, files.data[i].name, 0) == 0) {
            sum -= files.data[i].size;
            removed++;
        }
        rf_free(files.data[i].name);
    }
    rf_vector_release(&files);
    return removed;
}
