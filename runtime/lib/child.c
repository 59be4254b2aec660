#include "lib/child.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

typedef struct pipeline {
    const rf_child_options *options;
    rf_child_result *result;
    pid_t *processes;
    pid_t group;        /* with a time limit: of the processes */
    int started, ended; /* of processes, from the front */
    int64_t end_by_ns;  /* INT64_MAX: never */
    int out, err;       /* our ends; -1 when closed */
    bool was_killed;
} pipeline;

static void close_end(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static void kill_all(pipeline *p)
{
    if (p->was_killed) return;
    p->was_killed = true;
    for (int i = p->ended; i < p->started; i++) kill(p->processes[i], SIGKILL);
    /* what they started goes, too; the group exists as long as one of its processes has not been
     * waited for */
    if (p->group && p->ended < p->started) kill(-p->group, SIGKILL);
}

/* ---- starting ---- */

static int set_attributes(const pipeline *p, posix_spawnattr_t *attributes)
{
    sigset_t none, pipe_signal;
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &pipe_signal);
    if (p->options->timeout_ms) {
        posix_spawnattr_setpgroup(attributes, p->group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    return posix_spawnattr_setflags(attributes, flags);
}

/* input -1: /dev/null, or inherited as the options say */
static int start(pipeline *p, char *const *argv, int input, int output, int errors)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int failure = set_attributes(p, &attributes);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    else if (p->options->input == RF_CHILD_NO_INPUT)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    char *const *environment = p->options->environment ? p->options->environment : environ;
    if (!failure)
        failure = posix_spawnp(&p->processes[p->started], argv[0], &actions, &attributes, argv,
                               environment);
    if (!failure) p->started++;
    if (p->options->timeout_ms && p->started == 1) p->group = p->processes[0];
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Starts all programs; p->out and p->err become our ends of the last one's output and of
 * everybody's errors. */
static int start_all(pipeline *p, char *const *const *argvs, int count)
{
    int errors[2] = {-1, -1}, input = -1;
    int failure = pipe2(errors, O_CLOEXEC) == 0 ? 0 : errno;
    for (int i = 0; i < count && !failure; i++) {
        int ends[2] = {-1, -1};
        failure = pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
        if (!failure) failure = start(p, argvs[i], input, ends[WRITE_END], errors[WRITE_END]);
        close_end(&input);
        close_end(&ends[WRITE_END]);
        input = ends[READ_END];
    }
    close_end(&errors[WRITE_END]);
    p->out = input;
    p->err = errors[READ_END];
    return failure;
}

/* ---- reading ---- */

static void keep(pipeline *p, rf_buffer *kept, bool *is_truncated, const char *bytes, size_t size)
{
    const size_t room = p->options->max_output_bytes - kept->size;
    rf_buffer_append(kept, bytes, size < room ? size : room);
    if (size <= room) return;
    *is_truncated = true;
    if (p->options->stops_at_limit) kill_all(p);
}

static void read_some(pipeline *p, int *fd, rf_buffer *kept, bool *is_truncated)
{
    char bytes[16384];
    const ssize_t got = read(*fd, bytes, sizeof bytes);
    if (got > 0)
        keep(p, kept, is_truncated, bytes, (size_t)got);
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        close_end(fd);
}

/* Milliseconds for poll until the time limit, rounded up; -1: wait for ever. */
static int time_left_ms(const pipeline *p)
{
    if (p->end_by_ns == INT64_MAX) return -1;
    const int64_t left_ns = p->end_by_ns - rf_clock_monotonic_ns();
    if (left_ns <= 0) return 0;
    return left_ns < INT64_C(1000000000000) ? (int)((left_ns + 999999) / 1000000) : 1000000;
}

/* Until both streams have ended, or the time is over. */
static void read_all(pipeline *p)
{
    rf_child_result *result = p->result;
    while ((p->out >= 0 || p->err >= 0) && !p->was_killed) {
        struct pollfd fds[2] = {{.fd = p->out, .events = POLLIN}, {.fd = p->err, .events = POLLIN}};
        const int ready = poll(fds, 2, time_left_ms(p));
        if (ready < 0 && errno == EINTR) continue;
        if (ready < 0) break;
        if (ready == 0 && time_left_ms(p) == 0) {
            result->timed_out = true;
            kill_all(p);
        }
        if (fds[0].revents) read_some(p, &p->out, &result->out, &result->out_truncated);
        if (fds[1].revents) read_some(p, &p->err, &result->err, &result->err_truncated);
    }
}

/* ---- ending ---- */

/* Waits for one program; kills all when the time is over. */
static int wait_for(pipeline *p, pid_t process)
{
    int status = 0;
    for (;;) {
        const bool has_limit = p->end_by_ns != INT64_MAX && !p->was_killed;
        const pid_t ended = waitpid(process, &status, has_limit ? WNOHANG : 0);
        if (ended == process) return status;
        if (ended < 0 && errno != EINTR) return 0;
        if (ended != 0) continue;
        if (time_left_ms(p) == 0) {
            p->result->timed_out = true;
            kill_all(p);
        } else {
            poll(NULL, 0, 2); /* it has closed its streams and lives on, which is rare */
        }
    }
}

static void wait_for_all(pipeline *p, int count)
{
    rf_child_result *result = p->result;
    for (int i = 0; i < p->started; i++) {
        const int status = wait_for(p, p->processes[i]);
        p->ended++;
        const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        const bool is_last = i == count - 1;
        const bool is_cut_off = !is_last && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE;
        if (is_last) result->exit_code = code;
        if (code == 0 || is_cut_off || result->failed_stage >= 0) continue;
        result->failed_stage = i;
        result->failed_code = code;
    }
}

int rf_child_run(char *const *const *argvs, int count, const rf_child_options *options,
                 rf_child_result *result)
{
    *result = (rf_child_result){.exit_code = -1, .failed_stage = -1};
    pipeline p = {.options = options,
                  .result = result,
                  .processes = rf_alloc_array(pid_t, (size_t)count),
                  .end_by_ns = INT64_MAX,
                  .out = -1,
                  .err = -1};
    const int64_t now_ns = rf_clock_monotonic_ns();
    if (options->timeout_ms && options->timeout_ms < (INT64_MAX - now_ns) / 1000000)
        p.end_by_ns = now_ns + options->timeout_ms * 1000000;
    const int failure = start_all(&p, argvs, count);
    if (failure)
        kill_all(&p);
    else
        read_all(&p);
    close_end(&p.out);
    close_end(&p.err);
    wait_for_all(&p, count);
    if (failure) result->failed_stage = p.started;
    rf_free(p.processes);
    return failure;
}

void rf_child_release(rf_child_result *result)
{
    rf_buffer_release(&result->out);
    rf_buffer_release(&result->err);
}
