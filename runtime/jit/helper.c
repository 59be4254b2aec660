/* The helper's end of the socket is its file 3; nothing else of the program's files stays open there. It ends when the
 * socket does. */
#include "jit/helper.h"

#include "base/clock.h"
#include "jit/jit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
#define RF_JIT_TUNABLE(name, value, meaning) name = (value),
#include "jit/tunable.def"
#undef RF_JIT_TUNABLE
    MOST_SILENCES = 2, /* it is replaced once */
    LAST_FILES = 2     /* that the helper and its assembler may make when they are already killed: one each */
};

void rf_helper_init(rf_helper *helper)
{
    *helper = (rf_helper){.socket = -1, .received = RF_BUFFER_INIT, .patience_ms = PATIENCE_MS};
}

/* A private folder for the helper's files, in memory if possible. */
static bool make_folder(rf_kept_program *program)
{
    const char *const places[] = {program->places[0], "/dev/shm", program->places[1], "/tmp"};
    const size_t size = sizeof program->folder;
    for (size_t i = 0; i < RF_COUNT_OF(places); i++) {
        if (!places[i][0]) continue;
        const int written = snprintf(program->folder, size, "%s/ruff-jitc-XXXXXX", places[i]);
        if (written > 0 && (size_t)written < size && mkdtemp(program->folder)) return true;
    }
    program->folder[0] = '\0';
    return false;
}

void rf_helper_kill(const rf_helper *helper)
{
    if (helper->keeper) rf_keeper_kill(helper->keeper);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    remove(path);
    return 0;
}

/* A folder that is gone cannot be filled again. */
static bool remove_folder(const char *path)
{
    if (!path[0]) return true;
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return access(path, F_OK) != 0;
}

/* What it may be compiling is not wanted: it is ended with its assembler, and its files are removed. */
static void close_down(rf_helper *helper, bool waits)
{
    if (!helper->keeper) return;
    rf_keeper_kill(helper->keeper);
    close(helper->socket);
    helper->socket = -1;
    if (waits) rf_keeper_wait(helper->keeper);
    /* What is killed ends with the system call that it is in: each file made after a look into the folder is the last of
     * its process, and is found by the next look. */
    const char *folder = rf_keeper_folder(helper->keeper);
    if (!remove_folder(folder)) {
        rf_keeper_wait(helper->keeper);
        for (int i = 0; i < LAST_FILES && !remove_folder(folder); i++) continue;
    }
    rf_keeper_release(helper->keeper);
    helper->keeper = NULL;
    helper->received.size = 0;
}

static rf_poll died(rf_helper *helper)
{
    rf_keeper_kill(helper->keeper);
    rf_keeper_wait(helper->keeper);
    const char *failure = rf_keeper_failure(helper->keeper);
    const bool is_absent = failure != NULL;
    if (is_absent)
        helper->trouble = failure;
    else if (++helper->deaths == MOST_DEATHS && !helper->trouble)
        helper->trouble = "ruff-jitc died three times";
    close_down(helper, true);
    return is_absent ? RF_POLL_ABSENT : RF_POLL_DIED;
}

void rf_helper_stop(rf_helper *helper, bool waits)
{
    close_down(helper, waits);
    rf_buffer_release(&helper->received);
}

/* Beside the running program, or in the libexec of its installation. */
static bool find(char *path, size_t size)
{
    static const char *const places[] = {"ruff-jitc", "../libexec/ruff/ruff-jitc"};
    char self[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0) return false;
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    if (!slash) return false;
    slash[1] = '\0';
    for (size_t i = 0; i < RF_COUNT_OF(places); i++) {
        const int written = snprintf(path, size, "%s%s", self, places[i]);
        if (written < 0 || (size_t)written >= size) continue;
        if (access(path, X_OK) == 0) return true;
    }
    return false;
}

const char *rf_helper_missing(uint32_t without, char *path)
{
    if ((without & RF_JIT_PART_HELPER) || !find(path, PATH_MAX)) return "ruff-jitc not found";
    if ((without & RF_JIT_PART_ASSEMBLER) || access(RF_WIRE_ASSEMBLER, X_OK) != 0) return "as not found";
    return NULL;
}

static const char *prepare(rf_kept_program *program)
{
    const char *missing = rf_helper_missing(program->without, program->path);
    if (missing) return missing;
    return !(program->without & RF_JIT_PART_FOLDER) && make_folder(program) ? NULL : "no folder for temporary files";
}

/* One that is too long is none. */
static void name_place(rf_kept_program *program, unsigned index, const char *variable)
{
    const char *value = getenv(variable);
    const size_t size = value ? strlen(value) + 1 : 0;
    if (value && size <= sizeof program->places[index]) memcpy(program->places[index], value, size);
}

bool rf_helper_start(rf_helper *helper)
{
    int ends[2];
    if (helper->socket >= 0) return true;
    if (helper->trouble) return false;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        helper->trouble = "no socket";
        return false;
    }
    rf_kept_program program = {.without = helper->without, .is_heard = helper->is_heard};
    name_place(&program, 0, "XDG_RUNTIME_DIR");
    name_place(&program, 1, "TMPDIR");
    if (helper->without & RF_JIT_PART_PROCESS)
        close(ends[1]);
    else
        helper->keeper = rf_keeper_start(&program, prepare, ends[1]);
    if (!helper->keeper) {
        close(ends[0]);
        helper->trouble = "ruff-jitc cannot be started";
        return false;
    }
    helper->socket = ends[0];
    return true;
}

bool rf_helper_send(rf_helper *helper, const void *bytes, size_t size)
{
    if (!rf_helper_start(helper)) return false;
    const int room = RF_WIRE_LARGEST * 2;
    setsockopt(helper->socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    const ssize_t sent = send(helper->socket, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    helper->asked_ns = rf_clock_monotonic_ns();
    if (sent == (ssize_t)size) return true;
    died(helper);
    return false;
}

static bool is_of_other_build(const rf_helper *helper)
{
    const uint32_t own = RF_WIRE_MAGIC;
    return helper->received.size >= sizeof own && memcmp(helper->received.data, &own, sizeof own) != 0;
}

static bool is_complete(rf_helper *helper)
{
    if (helper->received.size < sizeof helper->answer) return false;
    memcpy(&helper->answer, helper->received.data, sizeof helper->answer);
    return helper->received.size >= sizeof helper->answer + helper->answer.size + (size_t)helper->answer.text_size;
}

static bool is_silent(const rf_helper *helper)
{
    return rf_clock_monotonic_ns() - helper->asked_ns > helper->patience_ms * (int64_t)1000000;
}


rf_poll rf_helper_poll(rf_helper *helper, bool waits)
{
    char chunk[16384];
    while (helper->socket >= 0) {
        if (waits) {
            struct pollfd fd = {.fd = helper->socket, .events = POLLIN};
            const int ready = poll(&fd, 1, (int)helper->patience_ms + 1);
            if (ready < 0 && errno != EINTR) return died(helper);
        }
        const ssize_t got = recv(helper->socket, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
            if (is_silent(helper)) {
                if (++helper->silences == MOST_SILENCES) helper->trouble = "ruff-jitc does not answer";
                return died(helper);
            }
            if (waits) continue;
            return RF_POLL_NOTHING;
        }
        if (got <= 0) return died(helper);
        rf_buffer_append(&helper->received, chunk, (size_t)got);
        if (is_of_other_build(helper)) {
            helper->trouble = "ruff-jitc is not of this build";
            return died(helper);
        }
        if (is_complete(helper)) {
            const bool is_sane =
                helper->answer.size <= RF_WIRE_LARGEST_ANSWER &&
                helper->answer.text_size <= RF_WIRE_LARGEST_ANSWER &&
                helper->received.size ==
                    sizeof helper->answer + helper->answer.size + (size_t)helper->answer.text_size;
            if (!is_sane) return died(helper);
            memmove(helper->received.data, helper->received.data + sizeof helper->answer,
                    helper->answer.size + (size_t)helper->answer.text_size);
            helper->received.size = 0; /* the object stays in data until the next poll */
            return RF_POLL_ANSWER;
        }
        if (helper->received.size > 2 * RF_WIRE_LARGEST_ANSWER + sizeof helper->answer) return died(helper);
    }
    return RF_POLL_DIED;
}
