#include "run/launcher.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "run/launch_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct run_launcher {
    int socket;
    pid_t pid;
    rf_buffer message; /* reused from child to child */
};

static ruff_status os_failure(const char *what, ruff_error *err)
{
    char text[128];
    return rf_error_set(err, RUFF_E_IO, "%s: %s", what, rf_os_error_text(errno, text, sizeof text));
}

ruff_status run_launcher_start(run_launcher **out, ruff_error *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return os_failure("socketpair", err);
    int size = 2 * LAUNCH_MESSAGE_MAX;
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    pid_t pid = fork();
    if (pid < 0) {
        ruff_status status = os_failure("cannot fork the launcher", err);
        close(pair[0]);
        close(pair[1]);
        return status;
    }
    if (pid == 0) {
        close(pair[0]);
        launch_serve(pair[1]);
    }
    close(pair[1]);
    run_launcher *launcher = rf_new(run_launcher);
    launcher->socket = pair[0];
    launcher->pid = pid;
    *out = launcher;
    return RUFF_OK;
}

pid_t run_launcher_pid(const run_launcher *launcher)
{
    return launcher->pid;
}

void run_launcher_stop(run_launcher *launcher)
{
    if (!launcher) return;
    close(launcher->socket);
    while (waitpid(launcher->pid, NULL, 0) < 0 && errno == EINTR) continue;
    rf_buffer_release(&launcher->message);
    rf_free(launcher);
}

/* ---- sending ---- */

static void append_text(rf_buffer *out, const char *text)
{
    rf_buffer_append(out, text, strlen(text) + 1);
}

static void write_message(rf_buffer *out, const run_command *command)
{
    launch_message head = {.kind = LAUNCH_RUN,
                           .timeout_ns = command->timeout_ns,
                           .memory_bytes = command->memory_bytes,
                           .cpus = command->cpus,
                           .counters = command->counters};
    while (command->argv[head.argv_count]) head.argv_count++;
    while (command->env[head.env_count]) head.env_count++;
    rf_buffer_clear(out);
    rf_buffer_append(out, &head, sizeof head);
    append_text(out, command->program);
    append_text(out, command->directory);
    for (uint32_t i = 0; i < head.argv_count; i++) append_text(out, command->argv[i]);
    for (uint32_t i = 0; i < head.env_count; i++) append_text(out, command->env[i]);
}

/* Sends the message with the write ends of the two pipes. */
static ruff_status send_job(run_launcher *launcher, const run_command *command,
                            const int streams[2], ruff_error *err)
{
    write_message(&launcher->message, command);
    if (launcher->message.size > LAUNCH_MESSAGE_MAX)
        return rf_error_set(err, RUFF_E_IO,
                            "%s: arguments and environment take %zu bytes, more than %d",
                            command->program, launcher->message.size, LAUNCH_MESSAGE_MAX);
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {launcher->message.data, launcher->message.size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(rights), streams, 2 * sizeof(int));
    if (sendmsg(launcher->socket, &message, MSG_NOSIGNAL) < 0)
        return os_failure("the launcher is gone", err);
    return RUFF_OK;
}

static void send_kill(const run_launcher *launcher)
{
    launch_message message = {.kind = LAUNCH_KILL};
    (void)!send(launcher->socket, &message, sizeof message, MSG_NOSIGNAL);
}

/* ---- listening ---- */

typedef struct launch_watch {
    run_launcher *launcher;
    const run_command *command;
    const run_listener *listener;
    int pipes[2]; /* read ends; -1 once the other side is closed */
    rf_buffer *streams[2];
    pid_t child;
    run_exit *ended;
} launch_watch;

/* Reads what is there.  Over the limit the child is killed and further output dropped. */
static void drain(launch_watch *watch, run_stream stream)
{
    rf_buffer *into = watch->streams[stream];
    for (;;) {
        rf_buffer_reserve(into, 65536);
        into->data[into->size] = '\0';
        ssize_t got =
            read(watch->pipes[stream], into->data + into->size, into->capacity - into->size - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return;
        if (got == 0) break;
        into->size += (size_t)got;
        into->data[into->size] = '\0';
        if (into->size > watch->command->output_bytes) {
            if (!watch->ended->flooded) send_kill(watch->launcher);
            watch->ended->flooded = true;
            into->size = watch->command->output_bytes;
        } else if (watch->listener) {
            watch->listener->hear(watch->listener->context, watch->child, stream, into,
                                  rf_clock_monotonic_ns());
        }
    }
    close(watch->pipes[stream]);
    watch->pipes[stream] = -1;
}

/* True when the child has ended. */
static bool take_reply(launch_watch *watch, ruff_status *status, ruff_error *err)
{
    launch_reply reply;
    ssize_t got = recv(watch->launcher->socket, &reply, sizeof reply, 0);
    if (got < 0 && errno == EINTR) return false;
    if (got != (ssize_t)sizeof reply) {
        *status = rf_error_set(err, RUFF_E_IO, "the launcher ended unexpectedly");
        return true;
    }
    watch->child = reply.child;
    if (!reply.ended) return false;
    bool flooded = watch->ended->flooded, interrupted = watch->ended->interrupted;
    *watch->ended = reply.exit;
    watch->ended->flooded = flooded;
    watch->ended->interrupted =
        interrupted; /* the launcher calls every kill one; only ours by signal counts */
    return true;
}

static ruff_status listen_to_end(launch_watch *watch, run_interrupt *interrupt, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (bool ended = false; !ended;) {
        struct pollfd watched[] = {
            {watch->launcher->socket, POLLIN, 0},
            {watch->pipes[0], POLLIN, 0},
            {watch->pipes[1], POLLIN, 0},
            {interrupt && !watch->ended->interrupted ? interrupt->fd : -1, POLLIN, 0}};
        if (poll(watched, RF_COUNT_OF(watched), -1) < 0) continue;
        /* The launcher's word first: it tells the child's id before its first output. */
        if (watched[0].revents) ended = take_reply(watch, &status, err);
        for (int i = 0; i < 2; i++)
            if (watched[1 + i].revents) drain(watch, (run_stream)i);
        if (watched[3].revents && run_interrupt_check(interrupt)) {
            watch->ended->interrupted = true;
            send_kill(watch->launcher);
        }
    }
    return status;
}

static ruff_status open_pipes(int read_ends[2], int write_ends[2], ruff_error *err)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) return os_failure("pipe", err);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        read_ends[i] = ends[0];
        write_ends[i] = ends[1];
    }
    return RUFF_OK;
}

static void close_both(const int fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0) close(fds[i]);
}

ruff_status run_launcher_run(run_launcher *launcher, const run_command *command,
                             const run_listener *listener, run_interrupt *interrupt, rf_buffer *out,
                             rf_buffer *errors, run_exit *ended, ruff_error *err)
{
    launch_watch watch = {.launcher = launcher,
                          .command = command,
                          .listener = listener,
                          .pipes = {-1, -1},
                          .streams = {out, errors},
                          .ended = ended};
    int write_ends[2] = {-1, -1};
    *ended = (run_exit){0};
    rf_buffer_clear(out);
    rf_buffer_clear(errors);
    ruff_status status = open_pipes(watch.pipes, write_ends, err);
    if (!status) status = send_job(launcher, command, write_ends, err);
    close_both(write_ends);
    if (!status) status = listen_to_end(&watch, interrupt, err);
    for (int i = 0; i < 2; i++)
        if (watch.pipes[i] >= 0) drain(&watch, (run_stream)i);
    close_both(watch.pipes);
    return status;
}
