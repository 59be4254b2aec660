/* What the thread and the program share belongs to whoever is last to let go of it.  A process is signalled only before it
 * was reaped, which one lock sees to: afterwards its number may be another's. */
#include "jit/keeper.h"

#include "base/alloc.h"
#include "base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct rf_keeper {
    pthread_mutex_t lock;
    pthread_cond_t has_ended;
    unsigned owners;
    pid_t process; /* 0: not there yet, or not any more */
    bool is_unwanted, is_over;
    const char *failure;
    int socket;
    rf_keeper_prepare prepare;
    rf_kept_program program;
};

static bool spawn(const rf_keeper *keeper, pid_t *process)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, keeper->socket, 3);
    /* whoever reads the program's output must not wait for the helper's end */
    for (int file = 0; file < (keeper->program.is_heard ? 2 : 3); file++)
        posix_spawn_file_actions_addopen(&actions, file, "/dev/null", O_RDWR, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0); /* a group of its own, so that its assembler ends with it */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    const rf_kept_program *program = &keeper->program;
    char temporary[sizeof program->folder + 8];
    snprintf(temporary, sizeof temporary, "TMPDIR=%s", program->folder);
    char *arguments[] = {(char *)(uintptr_t)program->path, (char *)(uintptr_t)program->folder, NULL};
    char *environment[] = {temporary, (char *)(uintptr_t)"LC_ALL=C", NULL};
    const bool is_started = posix_spawn(process, program->path, &actions, &attributes, arguments, environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return is_started;
}

static void let_go(rf_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    const bool is_last = --keeper->owners == 0;
    pthread_mutex_unlock(&keeper->lock);
    if (!is_last) return;
    pthread_mutex_destroy(&keeper->lock);
    pthread_cond_destroy(&keeper->has_ended);
    rf_free(keeper);
}

/* False: there is nothing to run, or it is not wanted any more. */
static bool prepare(rf_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock); /* who ends it meanwhile waits, and finds the folder or none */
    if (!keeper->is_unwanted) keeper->failure = keeper->prepare(&keeper->program);
    const bool is_wanted = !keeper->is_unwanted && !keeper->failure;
    pthread_mutex_unlock(&keeper->lock);
    return is_wanted;
}

static void *keep(void *context)
{
    rf_keeper *keeper = context;
    pid_t process = 0;
    const bool is_ready = prepare(keeper), is_started = is_ready && spawn(keeper, &process);
    close(keeper->socket);
    if (is_started) {
        pthread_mutex_lock(&keeper->lock);
        keeper->process = process;
        if (keeper->is_unwanted) kill(-process, SIGKILL);
        pthread_mutex_unlock(&keeper->lock);
        siginfo_t info;
        while (waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
    }
    pthread_mutex_lock(&keeper->lock);
    if (is_started) kill(-process, SIGKILL); /* the assembler of a helper that died */
    keeper->process = 0;
    if (is_ready && !is_started) keeper->failure = "ruff-jitc cannot be started";
    if (is_started) waitpid(process, NULL, 0);
    keeper->is_over = true;
    pthread_cond_signal(&keeper->has_ended);
    pthread_mutex_unlock(&keeper->lock);
    let_go(keeper);
    return NULL;
}

rf_keeper *rf_keeper_start(const rf_kept_program *program, rf_keeper_prepare prepare_it, int socket)
{
    rf_keeper *keeper = rf_new(rf_keeper);
    keeper->owners = 2;
    keeper->socket = socket;
    keeper->program = *program;
    keeper->prepare = prepare_it;
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_cond_init(&keeper->has_ended, NULL);
    if (rf_thread_detach(keep, keeper)) return keeper;
    close(socket);
    keeper->owners = 1;
    let_go(keeper);
    return NULL;
}

void rf_keeper_kill(rf_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    keeper->is_unwanted = true;
    if (keeper->process) kill(-keeper->process, SIGKILL);
    pthread_mutex_unlock(&keeper->lock);
}

void rf_keeper_wait(rf_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    while (!keeper->is_over) pthread_cond_wait(&keeper->has_ended, &keeper->lock);
    pthread_mutex_unlock(&keeper->lock);
}

const char *rf_keeper_failure(const rf_keeper *keeper)
{
    return keeper->failure;
}

const char *rf_keeper_folder(const rf_keeper *keeper)
{
    return keeper->program.folder;
}

void rf_keeper_release(rf_keeper *keeper)
{
    let_go(keeper);
}
