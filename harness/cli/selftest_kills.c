/* Does a session survive `kill -9` at any moment?  A run and its resumptions are killed at random
 * points until enough kills have been survived; after each the file has to be sound, and nothing
 * that was stored may be gone or changed.  What comes out in the end is compared with the plan of a
 * session that nobody disturbed. */
#include "cli/selftest.h"
#include "cli/selftest_box.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "stats/random.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCKS = 100, SEED = 7, LONGEST_MS = 400 };

typedef struct stored {
    int64_t count, last,
        sum; /* invocations, the largest id of them, and a sum over what they say */
} stored;

static int64_t ask(sqlite3 *db, const char *sql, int64_t bound)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK) {
        if (sqlite3_bind_parameter_count(statement)) sqlite3_bind_int64(statement, 1, bound);
        if (sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

static const char sum_up_to[] =
    "SELECT coalesce(sum(seq * 31 + wall_ns), 0) FROM invocation WHERE id <= ?1";

/* What is in the file now; false while there is no file with tables yet. */
static bool look(const char *path, stored *seen)
{
    sqlite3 *db = NULL;
    *seen = (stored){0};
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return false;
    }
    sqlite3_busy_timeout(db, 5000);
    seen->last = ask(db, "SELECT coalesce(max(id), 0) FROM invocation", 0);
    seen->count = ask(db, "SELECT count(*) FROM invocation WHERE id <= ?1", seen->last);
    seen->sum = ask(db, sum_up_to, seen->last);
    sqlite3_close(db);
    bool there = seen->last >= 0;
    if (!there) *seen = (stored){0};
    return there;
}

/* NULL when the file is sound and still holds all of `before`, else what is wrong. */
static const char *complain(const char *path, const stored *before)
{
    sqlite3 *db = NULL;
    const char *wrong = NULL;
    if (access(path, F_OK) != 0) return before->count ? "the file is gone" : NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        wrong = "it cannot be opened";
    sqlite3_busy_timeout(db, 5000);
    if (!wrong && ask(db, "SELECT count(*) FROM sqlite_schema", 0) > 0) {
        static const struct {
            const char *sql, *complaint;
        } rules[] = {
            {"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
             "it is damaged"},
            {"SELECT count(*) FROM pragma_foreign_key_check", "a row points to nothing"},
            {"SELECT count(*) FROM plan_slot p WHERE state = 'done' AND NOT EXISTS (SELECT 1 FROM "
             "invocation i JOIN series s ON s.invocation_id = i.id WHERE i.session_id = "
             "p.session_id AND i.seq = p.seq)",
             "a finished process has no times"},
            {"SELECT count(*) FROM invocation i JOIN plan_slot p ON p.session_id = i.session_id "
             "AND p.seq = i.seq WHERE p.state = 'todo'",
             "a process is stored but not marked as done"}};
        for (size_t i = 0; i < RF_COUNT_OF(rules) && !wrong; i++)
            if (ask(db, rules[i].sql, 0) != 0) wrong = rules[i].complaint;
        if (!wrong && ask(db, "SELECT count(*) FROM invocation WHERE id <= ?1", before->last) !=
                          before->count)
            wrong = "a finished process is gone";
        if (!wrong && ask(db, sum_up_to, before->last) != before->sum)
            wrong = "a finished process has changed";
    } else if (!wrong && before->count) {
        wrong = "its tables are gone";
    }
    sqlite3_close(db);
    return wrong;
}

/* ---- children ---- */

static pid_t start(const selftest_box *box, const char *path, bool resume)
{
    char seed[16], blocks[16];
    snprintf(seed, sizeof seed, "%d", SEED);
    snprintf(blocks, sizeof blocks, "%d", BLOCKS);
    const char *run[] = {"ruffbench", "-C",        box->root,  "--db", path,      "run",
                         "--langs",   "good,twin", "--blocks", blocks, "--iters", "2",
                         "--budget",  "1ms",       "--seed",   seed,   "-q",      NULL};
    const char *again[] = {"ruffbench", "-C", box->root, "--db", path, "resume", "-q", NULL};
    posix_spawn_file_actions_t actions;
    extern char **environ;
    pid_t child = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&child, "/proc/self/exe", &actions, NULL, (char *const *)(resume ? again : run),
                    environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

static int finish(pid_t child)
{
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

/* Lets the child run for a while, notes what is stored, kills it; how it ended (waitpid). */
static int kill_later(pid_t child, const char *path, int64_t wait_ns, stored *before)
{
    struct timespec pause = {wait_ns / 1000000000, wait_ns % 1000000000};
    nanosleep(&pause, NULL);
    look(path, before);
    kill(child, SIGKILL);
    return finish(child);
}

/* Order of a session, as one text. */
static char *order_of(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    char *text = NULL;
    static const char sql[] =
        "SELECT group_concat(seq || ':' || block || ':' || language || ':' || size || ':' || "
        "env_pad || ':' || state) FROM (SELECT p.seq, p.block, l.name AS language, s.json AS size, "
        "i.env_pad, p.state FROM plan_slot p JOIN invocation i ON i.session_id = p.session_id AND "
        "i.seq = p.seq JOIN variant v ON v.id = p.variant_id JOIN implementation m ON m.id = "
        "v.implementation_id JOIN language l ON l.id = m.language_id JOIN param_set s ON s.id = "
        "p.param_set_id WHERE p.session_id = (SELECT max(id) FROM session) ORDER BY p.seq)";
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
        text = rf_strdup((const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

/* ---- the trial ---- */

typedef struct trial {
    const selftest_box *box;
    char *path; /* of the database that is in trouble; owned */
    stats_random random;
    uint64_t kills, wanted;
    const char *wrong;
} trial;

/* One session: killed again and again until it is complete or enough kills are made; then finished.
 */
static void torment(trial *it)
{
    stored before = {0}, now;
    bool begun = false;
    while (it->kills < it->wanted && !it->wrong) {
        pid_t child = start(it->box, it->path, begun);
        if (child < 0) it->wrong = "ruffbench cannot be started again";
        if (it->wrong) return;
        int64_t wait = (int64_t)stats_random_below(&it->random, (uint64_t)LONGEST_MS * 1000000);
        int status = kill_later(child, it->path, wait, &before);
        bool killed = WIFSIGNALED(status);
        it->kills += killed;
        it->wrong = complain(it->path, &before);
        if (!it->wrong && !killed && status != 0) it->wrong = "`resume` fails";
        begun = look(it->path, &now) && now.count > 0;
        if (!killed) return;
    }
    if (!it->wrong && finish(start(it->box, it->path, begun)) != 0) it->wrong = "`resume` fails";
}

static void remove_database(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RF_COUNT_OF(ends); i++) {
        char *name = rf_format_text("%s%s", path, ends[i]);
        unlink(name);
        rf_free(name);
    }
}

void selftest_kills(selftest *test)
{
    selftest_box box;
    trial it = {.wanted = test->cli->options.pairs};
    size_t sessions = 0;
    if (selftest_box_open(test, &box)) {
        char *whole = rf_format_text("%s/whole.db", box.root), *plan = NULL;
        it.box = &box;
        it.path = rf_format_text("%s/killed.db", box.root);
        stats_random_init(&it.random, (uint64_t)rf_clock_wall_ns());
        if (finish(start(&box, whole, false)) == 0) plan = order_of(whole);
        if (!plan) it.wrong = "a run that nobody disturbs fails";
        while (it.kills < it.wanted && !it.wrong && sessions < 10 + it.wanted) {
            remove_database(it.path);
            torment(&it);
            char *order = it.wrong ? NULL : order_of(it.path);
            if (!it.wrong && (!order || strcmp(order, plan) != 0))
                it.wrong = "what was resumed is not the plan it began with";
            rf_free(order);
            sessions++;
        }
        rf_free(plan);
        rf_free(whole);
        rf_free(it.path);
    }
    selftest_box_close(&box);
    selftest_report(test, !it.wrong && it.kills >= it.wanted,
                    "kills: %llu at random points in %zu sessions of %d processes: %s",
                    (unsigned long long)it.kills, sessions, 2 * BLOCKS,
                    it.wrong ? it.wrong
                             : "nothing stored was lost, every plan was completed unchanged");
}
