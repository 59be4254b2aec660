/* The launcher process itself: small, single-threaded, one child at a time. */
#include "run/launch_wire.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TEXTS_MAX = 4096 };

/* The address sanitizer reserves terabytes; children of a sanitized build are sanitized too. */
#ifdef __SANITIZE_ADDRESS__
#define LIMITS_MEMORY false
#else
#define LIMITS_MEMORY true
#endif

typedef struct launch_server {
    int socket, signals, nothing; /* nothing: /dev/null, every child's standard input */
    char *message;                /* LAUNCH_MESSAGE_MAX */
    char *texts[TEXTS_MAX];       /* point into message */
} launch_server;

typedef struct launch_job {
    const launch_message *head;
    const char *program, *directory;
    char **argv, **env;
    int streams[2]; /* standard output and error of the child; -1 when closed */
} launch_job;

/* ---- the child's side, between vfork and exec: system calls only ---- */

static void limit(__rlimit_resource_t what, rlim_t most)
{
    struct rlimit limits = {most, most};
    setrlimit(what, &limits);
}

static void pin(uint64_t cpus)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (unsigned cpu = 0; cpu < 64; cpu++)
        if (cpus >> cpu & 1) CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

_Noreturn static void become(const launch_server *server, const launch_job *job,
                             volatile int *failure)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    if (dup2(server->nothing, STDIN_FILENO) >= 0 && dup2(job->streams[0], STDOUT_FILENO) >= 0 &&
        dup2(job->streams[1], STDERR_FILENO) >= 0 && chdir(job->directory) == 0) {
        limit(RLIMIT_CORE, 0);
        if (job->head->memory_bytes && LIMITS_MEMORY) limit(RLIMIT_DATA, job->head->memory_bytes);
        if (job->head->cpus) pin(job->head->cpus);
        signal(SIGINT, SIG_DFL); /* the launcher ignores these */
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(job->program, job->argv, job->env);
    }
    *failure = errno;
    _exit(127);
}

/* vfork shares memory, so the child reports a failed exec by writing to *failure. */
static pid_t start(const launch_server *server, const launch_job *job, int *failure)
{
    volatile int reported = 0;
    pid_t child = vfork();
    if (child == 0) become(server, job, &reported);
    *failure = child < 0 ? errno : reported;
    if (child > 0 && *failure) {
        waitpid(child, NULL, 0);
        child = -1;
    }
    return child;
}

/* ---- what the child leaves behind ---- */

static int64_t timeval_ns(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

/* What the kernel adds up for those that a program has waited for. */
static void add_usage(const struct rusage *usage, run_exit *exit)
{
    const uint64_t peak = (uint64_t)usage->ru_maxrss * 1024;
    exit->user_ns += timeval_ns(usage->ru_utime);
    exit->system_ns += timeval_ns(usage->ru_stime);
    if (exit->rss_peak_bytes < peak) exit->rss_peak_bytes = peak;
    exit->minor_faults += (uint64_t)usage->ru_minflt;
    exit->major_faults += (uint64_t)usage->ru_majflt;
    exit->voluntary_switches += (uint64_t)usage->ru_nvcsw;
    exit->involuntary_switches += (uint64_t)usage->ru_nivcsw;
}

/* Reaps what has ended, and adds what it used to that of the child; false when no child is left. */
static bool reap_ended(run_exit *exit)
{
    struct rusage usage;
    pid_t ended;
    while ((ended = wait4(-1, NULL, WNOHANG, &usage)) > 0) add_usage(&usage, exit);
    return ended == 0;
}

/* What the program has ended itself, as a JIT its assembler, takes a while to be gone on a busy machine. */
static bool reap_what_ends(run_exit *exit)
{
    enum { GRACE_MS = 200 };
    const struct timespec pause = {.tv_nsec = 1000000};
    for (int ms = 0; ms < GRACE_MS && reap_ended(exit); ms++) nanosleep(&pause, NULL);
    return reap_ended(exit);
}

static unsigned kill_children(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *list = fopen(path, "re");
    unsigned count = 0;
    if (!list) return 0;
    for (int pid; fscanf(list, "%d", &pid) == 1; count++) kill(pid, SIGKILL);
    fclose(list);
    return count;
}

/* Kills and reaps all descendants.  As a subreaper the launcher inherits every orphan, also those
 * that made their own process group; killing one may bring further ones.  Returns how many were
 * alive. */
static unsigned sweep(run_exit *exit)
{
    unsigned alive = 0;
    if (!reap_what_ends(exit)) return 0;
    while (reap_ended(exit)) {
        unsigned killed = kill_children();
        if (!killed) break; /* no /proc */
        alive += killed;
        struct rusage usage;
        for (unsigned i = 0; i < killed; i++)
            if (wait4(-1, NULL, 0, &usage) > 0) add_usage(&usage, exit);
    }
    return alive;
}

/* ---- one job ---- */

static struct timespec time_left(int64_t deadline)
{
    int64_t left = deadline - rf_clock_monotonic_ns();
    if (left < 0) left = 0;
    return (struct timespec){.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
}

/* ruffbench is gone: nothing of what it asked for outlives it. */
_Noreturn static void end_with(pid_t child)
{
    run_exit unheard = {0};
    kill(-child, SIGKILL);
    sweep(&unheard);
    _exit(0);
}

/* A word from ruffbench while a child runs: kill it, or the connection is gone. */
static void hear(const launch_server *server, pid_t child, run_exit *exit)
{
    char byte;
    ssize_t got = recv(server->socket, &byte, 1, MSG_DONTWAIT);
    if (got < 0) return;
    if (got == 0) end_with(child);
    kill(-child, SIGKILL);
    exit->interrupted = true;
}

static void wait_for(const launch_server *server, pid_t child, int64_t timeout_ns, run_exit *exit)
{
    struct pollfd watched[] = {{server->signals, POLLIN, 0}, {server->socket, POLLIN, 0}};
    int64_t deadline = timeout_ns > 0 ? exit->started_ns + timeout_ns : INT64_MAX;
    struct rusage usage;
    for (;;) {
        struct timespec left = time_left(deadline);
        int ready = ppoll(watched, RF_COUNT_OF(watched), &left, NULL);
        int64_t now = rf_clock_monotonic_ns();
        struct signalfd_siginfo info;
        if (read(server->signals, &info, sizeof info) > 0 &&
            wait4(child, &exit->wait_status, WNOHANG, &usage) == child) {
            exit->ended_ns = now;
            add_usage(&usage, exit);
            return;
        }
        if (ready > 0 && watched[1].revents) hear(server, child, exit);
        if (now >= deadline && !exit->timed_out) {
            exit->timed_out = true;
            kill(-child, SIGKILL);
            deadline = INT64_MAX;
        }
    }
}

/* False: ruffbench is gone, as receive will find, too. */
static bool reply(const launch_server *server, const launch_reply *message)
{
    return send(server->socket, message, sizeof *message, MSG_NOSIGNAL) >= 0;
}

static void run(const launch_server *server, launch_job *job)
{
    launch_reply answer = {0};
    run_counters counters;
    if (job->head->counters) run_counters_open(&counters);
    answer.exit.started_ns = rf_clock_monotonic_ns();
    answer.child = start(server, job, &answer.exit.start_errno);
    for (int i = 0; i < 2; i++) close(job->streams[i]);
    if (answer.child > 0) {
        if (!reply(server, &answer)) end_with(answer.child);
        wait_for(server, answer.child, job->head->timeout_ns, &answer.exit);
        if (job->head->counters) run_counters_read(&counters, answer.exit.counts);
        answer.exit.left_processes = sweep(&answer.exit);
        kill(-answer.child, SIGKILL); /* its group, in case there is no /proc to name its members */
    }
    answer.ended = true;
    reply(server, &answer);
}

/* ---- messages ---- */

/* Splits the texts behind the head; false when the message is not whole. */
static bool read_job(launch_server *server, size_t size, launch_job *job)
{
    const launch_message *head = (const launch_message *)(void *)server->message;
    char *at = server->message + sizeof *head, *end = server->message + size;
    size_t wanted = 2 + (size_t)head->argv_count + head->env_count, count = 0;
    if (wanted + 2 > TEXTS_MAX) return false;
    job->head = head;
    job->argv = server->texts + 2;
    job->env = job->argv + head->argv_count + 1;
    for (; count < wanted && at < end; at += strlen(at) + 1, count++)
        server->texts[count < 2 + head->argv_count ? count : count + 1] = at;
    job->argv[head->argv_count] = NULL;
    job->env[head->env_count] = NULL;
    job->program = server->texts[0];
    job->directory = server->texts[1];
    return count == wanted;
}

static bool receive(launch_server *server, launch_job *job)
{
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {server->message, LAUNCH_MESSAGE_MAX};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;
    do got = recvmsg(server->socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got <= 0) _exit(0);
    const struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (!rights || rights->cmsg_len < CMSG_LEN(sizeof job->streams))
        return false; /* a kill that came too late */
    memcpy(job->streams, CMSG_DATA(rights), sizeof job->streams);
    if ((size_t)got > sizeof(launch_message) && read_job(server, (size_t)got, job)) return true;
    launch_reply refusal = {.ended = true, .exit.start_errno = E2BIG};
    for (int i = 0; i < 2; i++) close(job->streams[i]);
    reply(server, &refusal);
    return false;
}

_Noreturn void launch_serve(int socket)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
    launch_server server = {.socket = socket};
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_SETMASK, &child, NULL);
    for (size_t i = 0; i < RF_COUNT_OF(ignored); i++) signal(ignored[i], SIG_IGN);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC); /* what ruffbench itself was given */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "ruffbench-start");
    server.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    server.nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    static char message[LAUNCH_MESSAGE_MAX]
        __attribute__((aligned(16))); /* pages appear as they are used */
    server.message = message;
    if (server.signals < 0 || server.nothing < 0) _exit(1);
    for (;;) {
        launch_job job;
        if (receive(&server, &job)) run(&server, &job);
    }
}
