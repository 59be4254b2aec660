/* The launcher: exact usage, nothing left running, every ending told apart. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "run/launch_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct fixture {
    run_launcher *launcher;
    rf_buffer out, errors;
    run_exit ended;
} fixture;

static int set_up(void **state)
{
    fixture *it = rf_alloc_zero(sizeof *it);
    *state = it;
    return run_launcher_start(&it->launcher, NULL) == RUFF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *it = *state;
    run_launcher_stop(it->launcher);
    rf_buffer_release(&it->out);
    rf_buffer_release(&it->errors);
    rf_free(it);
    return 0;
}

static run_command shell(const char *const *argv)
{
    static const char *const env[] = {"PATH=/usr/bin:/bin", NULL};
    return (run_command){.program = argv[0],
                         .argv = argv,
                         .env = env,
                         .directory = "/",
                         .timeout_ns = (int64_t)60 * 1000000000,
                         .output_bytes = 1 << 20};
}

static void run(fixture *it, const char *script, int64_t timeout_ns)
{
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    run_command command = shell(argv);
    if (timeout_ns) command.timeout_ns = timeout_ns;
    assert_int_equal(run_launcher_run(it->launcher, &command, NULL, NULL, &it->out, &it->errors,
                                      &it->ended, NULL),
                     RUFF_OK);
}

static void output_and_exit_status_come_back(void **state)
{
    fixture *it = *state;
    run(it, "echo good; echo bad >&2; exit 3", 0);
    assert_string_equal(it->out.data, "good\n");
    assert_string_equal(it->errors.data, "bad\n");
    assert_true(WIFEXITED(it->ended.wait_status));
    assert_int_equal(WEXITSTATUS(it->ended.wait_status), 3);
    assert_true(it->ended.ended_ns > it->ended.started_ns);
}

static void a_trivial_child_is_small_under_a_large_harness(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    skip(); /* the sanitizer's own memory is in the launcher too */
#endif
    fixture *it = *state;
    size_t size = (size_t)300 << 20;
    char *ballast = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(ballast, MAP_FAILED);
    memset(ballast, 1, size);
    const char *argv[] = {"/bin/true", NULL};
    run_command command = shell(argv);
    assert_int_equal(run_launcher_run(it->launcher, &command, NULL, NULL, &it->out, &it->errors,
                                      &it->ended, NULL),
                     RUFF_OK);
    munmap(ballast, size);
    assert_true(it->ended.rss_peak_bytes > 0);
    assert_true(it->ended.rss_peak_bytes < (uint64_t)4 << 20);
}

static void a_program_that_is_not_there_is_a_start_error(void **state)
{
    fixture *it = *state;
    const char *argv[] = {"/no/such/program", NULL};
    run_command command = shell(argv);
    assert_int_equal(run_launcher_run(it->launcher, &command, NULL, NULL, &it->out, &it->errors,
                                      &it->ended, NULL),
                     RUFF_OK);
    assert_int_equal(it->ended.start_errno, ENOENT);
}

static pid_t pid_in(const rf_buffer *out)
{
    return (pid_t)strtol(out->data, NULL, 10);
}

static void a_hanging_child_is_killed_with_its_children(void **state)
{
    fixture *it = *state;
    run(it, "sleep 1000 & echo $!; wait", 100000000);
    assert_true(it->ended.timed_out);
    assert_int_equal(kill(pid_in(&it->out), 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void a_child_that_leaves_another_behind_does_not_hold_us_up(void **state)
{
    fixture *it = *state;
    run(it, "sleep 1000 & echo $!", 0);
    assert_false(it->ended.timed_out);
    assert_int_equal(it->ended.left_processes, 1);
    assert_int_equal(kill(pid_in(&it->out), 0), -1);
}

/* As the assembler of a JIT that was killed a moment ago. */
static void what_is_about_to_end_is_not_left_behind(void **state)
{
    fixture *it = *state;
    run(it, "sleep 0.02 & :", 0);
    assert_int_equal(it->ended.left_processes, 0);
    run(it, "sleep 1000 & kill -9 $!", 0);
    assert_int_equal(it->ended.left_processes, 0);
}

/* Nobody has waited for it, but it was part of what ran: here it has 30 MB when the child ends. */
static void what_is_left_behind_counts_as_used(void **state)
{
    fixture *it = *state;
    run(it,
        "t=$(mktemp -u); { x=$(head -c 30000000 /dev/zero | tr '\\0' x); : > $t; exec >&- 2>&-; sleep 1000; : $x; } & "
        "while [ ! -e $t ]; do :; done; rm $t",
        0);
    assert_int_equal(it->ended.wait_status, 0);
    assert_true(it->ended.rss_peak_bytes > 30000000);
}

static void a_grandchild_in_its_own_session_is_found(void **state)
{
    fixture *it = *state;
    run(it,
        "setsid sh -c 'echo $$; exec >&- 2>&-; exec sleep 1000' & while ! read x < /proc/$!/stat; "
        "do :; done; "
        "sleep 0.2",
        0);
    assert_int_equal(it->ended.left_processes, 1);
    assert_int_equal(kill(pid_in(&it->out), 0), -1);
}

/* What the launcher is asked to run; it holds the write end of the pipe, which is given twice. */
static void ask_for(int socket, const char *script, int write_end)
{
    const char *texts[] = {"/bin/sh", "/", "/bin/sh", "-c", script};
    const launch_message head = {.kind = LAUNCH_RUN, .argv_count = 3};
    const int streams[] = {write_end, write_end};
    rf_buffer bytes = RF_BUFFER_INIT;
    union {
        char bytes[CMSG_SPACE(sizeof streams)];
        struct cmsghdr align;
    } control = {0};
    rf_buffer_append(&bytes, &head, sizeof head);
    for (size_t i = 0; i < RF_COUNT_OF(texts); i++)
        rf_buffer_append(&bytes, texts[i], strlen(texts[i]) + 1);
    struct iovec part = {bytes.data, bytes.size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    *CMSG_FIRSTHDR(&message) = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                                                .cmsg_type = SCM_RIGHTS,
                                                .cmsg_len = CMSG_LEN(sizeof streams)};
    memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), streams, sizeof streams);
    assert_int_equal(sendmsg(socket, &message, MSG_NOSIGNAL), bytes.size);
    rf_buffer_release(&bytes);
}

static void who_is_gone_before_the_child_has_started_leaves_nothing(void **state)
{
    enum { PATIENCE_MS = 20000 };
    (void)state;
    int ends[2], output[2];
    char byte;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    ask_for(ends[0], "sleep 1000 & sleep 1000", output[1]);
    close(ends[0]);
    const pid_t launcher = fork();
    if (launcher == 0) launch_serve(ends[1]);
    close(ends[1]);
    close(output[1]);
    struct pollfd end = {.fd = output[0], .events = POLLIN};
    assert_int_equal(poll(&end, 1, PATIENCE_MS), 1); /* nobody holds the other end */
    assert_int_equal(read(output[0], &byte, 1), 0);
    close(output[0]);
    assert_int_equal(waitpid(launcher, NULL, 0), launcher);
}

static void closing_output_early_is_waited_for(void **state)
{
    fixture *it = *state;
    run(it, "echo begin; exec >&- 2>&-; sleep 0.05; exit 7", 0);
    assert_int_equal(WEXITSTATUS(it->ended.wait_status), 7);
    assert_string_equal(it->out.data, "begin\n");
}

static void endless_output_is_cut_off(void **state)
{
    fixture *it = *state;
    run(it, "yes", 0);
    assert_true(it->ended.flooded);
    assert_false(it->ended.interrupted);
    assert_int_equal(it->out.size, 1 << 20);
}

static void standard_input_is_empty(void **state)
{
    fixture *it = *state;
    run(it, "cat; echo end", 0);
    assert_string_equal(it->out.data, "end\n");
}

static void a_signal_ends_the_child_and_is_told_apart(void **state)
{
    fixture *it = *state;
    const char *argv[] = {"/bin/sh", "-c", "kill -INT $PPID; sleep 1000", NULL};
    run_command command = shell(argv);
    run_interrupt interrupt;
    assert_int_equal(run_interrupt_open(&interrupt, NULL), RUFF_OK);
    kill(getpid(), SIGINT);
    assert_int_equal(run_launcher_run(it->launcher, &command, NULL, &interrupt, &it->out,
                                      &it->errors, &it->ended, NULL),
                     RUFF_OK);
    run_interrupt_close(&interrupt);
    assert_true(it->ended.interrupted);
    assert_true(interrupt.requested);
    run(it, "echo again", 0); /* and the launcher goes on */
    assert_string_equal(it->out.data, "again\n");
}

static void nothing_of_the_harness_is_open_in_the_child(void **state)
{
    fixture *it = *state;
    run(it, "ls /proc/self/fd | wc -l", 0);
    assert_string_equal(it->out.data, "4\n"); /* 0, 1, 2 and the one ls reads the directory with */
}

static void a_command_longer_than_a_message_is_refused(void **state)
{
    fixture *it = *state;
    char *word = rf_alloc_zero(1 << 20);
    memset(word, 'x', (1 << 20) - 1);
    const char *argv[] = {"/bin/true", word, NULL};
    run_command command = shell(argv);
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(run_launcher_run(it->launcher, &command, NULL, NULL, &it->out, &it->errors,
                                      &it->ended, &err),
                     RUFF_E_IO);
    assert_non_null(strstr(err.message, "arguments and environment take"));
    ruff_error_release(&err);
    rf_free(word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(output_and_exit_status_come_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_trivial_child_is_small_under_a_large_harness, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_is_not_there_is_a_start_error, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_hanging_child_is_killed_with_its_children, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_about_to_end_is_not_left_behind,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_that_leaves_another_behind_does_not_hold_us_up,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_left_behind_counts_as_used, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_grandchild_in_its_own_session_is_found, set_up,
                                        tear_down),
        cmocka_unit_test(who_is_gone_before_the_child_has_started_leaves_nothing),
        cmocka_unit_test_setup_teardown(closing_output_early_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(endless_output_is_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standard_input_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_ends_the_child_and_is_told_apart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nothing_of_the_harness_is_open_in_the_child, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_command_longer_than_a_message_is_refused, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
