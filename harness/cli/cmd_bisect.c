/* Which commit made it slower?  Each candidate is measured together with the good commit; "cannot
 * tell" is an answer, and such a commit is gone around.  What was found is kept, so that an
 * interrupted search goes on. */
#include "cli/checkout.h"
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "compare/gate.h"
#include "run/git.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BLOCKS = 12, MOST_TRIES = 3 };

typedef enum answer { UNASKED, GOOD, BAD, UNKNOWN } answer;

static const char *const answer_words[] = {"", "good", "bad", "unknown"};

typedef struct search {
    cli_context *cli;
    char *good, *bad;          /* full hashes; owned */
    RF_VECTOR(char *) commits; /* after good up to bad, oldest first; owned */
    RF_VECTOR(answer) answers;
    char *state_path; /* owned */
} search;

/* ---- the range ---- */

static cli_exit resolve(search *it, const char *reference, char **sha)
{
    ruff_error err = RUFF_ERROR_INIT;
    run_commit commit;
    ruff_status status =
        run_commit_resolve(it->cli->launcher, it->cli->root, reference, &commit, &err);
    if (!status) *sha = rf_strdup(commit.sha);
    run_commit_release(&commit);
    if (!status) return CLI_EXIT_DONE;
    fprintf(stderr, "ruffbench bisect: %s\n", err.message);
    ruff_error_release(&err);
    return CLI_EXIT_USAGE;
}

static cli_exit list_commits(search *it)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer out = RF_BUFFER_INIT;
    char *range = rf_format_text("%s..%s", it->good, it->bad);
    const char *words[] = {"rev-list", "--first-parent", "--reverse", range, NULL};
    ruff_status status = run_git(it->cli->launcher, it->cli->root, words, &out, &err);
    for (const char *at = out.data; !status && at && *at;) {
        size_t length = strcspn(at, "\n");
        char *sha = rf_strndup(at, length);
        rf_vector_push(&it->commits, sha);
        rf_vector_push(&it->answers, UNASKED);
        at += length + (at[length] == '\n');
    }
    rf_free(range);
    rf_buffer_release(&out);
    if (status) return cli_fail(it->cli, &err);
    if (!it->commits.count)
        return cli_usage_error(
            it->cli, "there are no commits after %s up to %s; is the good one the older one?",
            it->cli->options.good, it->cli->options.bad);
    rf_vector_last(&it->answers) = UNASKED;
    return CLI_EXIT_DONE;
}

/* ---- what is remembered ---- */

static void remember(const search *it)
{
    json_t *answers = json_object();
    for (size_t i = 0; i < it->commits.count; i++)
        if (it->answers.data[i] != UNASKED)
            json_object_set_new(answers, it->commits.data[i],
                                json_string(answer_words[it->answers.data[i]]));
    json_t *state =
        json_pack("{s:s,s:s,s:o}", "good", it->good, "bad", it->bad, "answers", answers);
    char *text = json_dumps(state, JSON_INDENT(1));
    if (text && rf_file_replace(it->state_path, text, strlen(text), NULL))
        cli_note(it->cli, "%s cannot be written: the search cannot be resumed", it->state_path);
    rf_free(text);
    json_decref(state);
}

/* Only what was found for the same two ends counts. */
static void recall(search *it)
{
    json_t *state = json_load_file(it->state_path, 0, NULL);
    const char *good = json_string_value(json_object_get(state, "good"));
    const char *bad = json_string_value(json_object_get(state, "bad"));
    bool same = good && bad && !strcmp(good, it->good) && !strcmp(bad, it->bad);
    size_t known = 0;
    for (size_t i = 0; i < it->commits.count && same; i++) {
        const char *word = json_string_value(
            json_object_get(json_object_get(state, "answers"), it->commits.data[i]));
        for (size_t a = 1; word && a < RF_COUNT_OF(answer_words); a++)
            if (!strcmp(word, answer_words[a])) it->answers.data[i] = (answer)a;
        known += it->answers.data[i] != UNASKED;
    }
    if (known) cli_note(it->cli, "going on: %zu commits are known", known);
    json_decref(state);
}

/* ---- one commit ---- */

static cli_exit judge_sides(search *it, const cli_side_build *good, const cli_side_build *side,
                            uint32_t blocks, answer *result)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_plan_choice choice;
    cli_selection selection;
    store_results results;
    compare_gate gate;
    int64_t session = 0;
    it->cli->options.blocks = blocks;
    cli_exit code = cli_choose_plan(it->cli, &choice);
    if (code) return code;
    code = cli_select_pairs(it->cli, "default", good->directory, side->directory, &selection);
    if (!code) code = cli_measure(it->cli, &selection, &choice, &session);
    cli_selection_release(&selection);
    if (code) return code;
    *result = UNKNOWN;
    if (!session) return CLI_EXIT_DONE;
    if (store_load_results(it->cli->db, session, &results, &err)) return cli_fail(it->cli, &err);
    compare_gate_build(&gate, &results, COMPARE_STEADY, it->cli->options.margin,
                       it->cli->options.alpha);
    if (compare_gate_count(&gate, STATS_SLOWER))
        *result = BAD;
    else if (!compare_gate_count(&gate, STATS_UNSURE) && !compare_gate_failures(&gate))
        *result = GOOD;
    compare_gate_release(&gate);
    store_results_release(&results);
    return CLI_EXIT_DONE;
}

/* A commit that does not build, crashes or stays unsure is `unknown`. */
static cli_exit ask(search *it, const cli_side_build *good, size_t index)
{
    cli_side_build side;
    answer result = UNKNOWN;
    char *reference = rf_format_text("git:%s", it->commits.data[index]);
    cli_exit code = cli_prepare_side(it->cli, reference, &side);
    rf_free(reference);
    if (code == CLI_EXIT_USAGE) {
        code = CLI_EXIT_DONE;
    } else if (!code) {
        for (uint32_t i = 0; i < MOST_TRIES && !code && result == UNKNOWN; i++)
            code = judge_sides(it, good, &side, (uint32_t)FIRST_BLOCKS << i, &result);
    }
    cli_side_release(&side);
    if (code) return code;
    it->answers.data[index] = result;
    printf("%.9s  %s\n", it->commits.data[index], answer_words[result]);
    fflush(stdout);
    remember(it);
    return CLI_EXIT_DONE;
}

/* ---- the search ---- */

/* Last good and first bad commit; good is SIZE_MAX while only the given one is known. */
static void bounds(const search *it, size_t *good, size_t *bad)
{
    *good = SIZE_MAX;
    *bad = it->commits.count - 1;
    for (size_t i = it->commits.count; i-- > 0;)
        if (it->answers.data[i] == BAD) *bad = i;
    for (size_t i = 0; i < *bad; i++)
        if (it->answers.data[i] == GOOD) *good = i;
}

/* The commit nearest to the middle that was not asked yet; SIZE_MAX when none is left. */
static size_t next_to_ask(const search *it, size_t good, size_t bad)
{
    size_t low = good == SIZE_MAX ? 0 : good + 1, middle = low + (bad - low) / 2, best = SIZE_MAX,
           distance = SIZE_MAX;
    for (size_t i = low; i < bad; i++) {
        size_t off = i > middle ? i - middle : middle - i;
        if (it->answers.data[i] == UNASKED && off < distance) {
            best = i;
            distance = off;
        }
    }
    return best;
}

static void print_commit(const search *it, const char *sha)
{
    rf_buffer out = RF_BUFFER_INIT;
    const char *words[] = {"log", "-1", "--format=%h %an %ad  %s", "--date=short", sha, NULL};
    if (!run_git(it->cli->launcher, it->cli->root, words, &out, NULL)) fputs(out.data, stdout);
    rf_buffer_release(&out);
}

static cli_exit conclude(const search *it, size_t good, size_t bad)
{
    size_t first = good == SIZE_MAX ? 0 : good + 1;
    if (first == bad) {
        printf("\nthe first bad commit is\n");
        print_commit(it, it->commits.data[bad]);
        unlink(it->state_path);
        return CLI_EXIT_DONE;
    }
    printf("\nit is one of these; the others could not be told apart:\n");
    for (size_t i = first; i <= bad; i++) print_commit(it, it->commits.data[i]);
    return CLI_EXIT_UNSURE;
}

static cli_exit search_between(search *it, const cli_side_build *good_side)
{
    size_t last = it->commits.count - 1, good, bad, next;
    cli_exit code = it->answers.data[last] == UNASKED ? ask(it, good_side, last) : CLI_EXIT_DONE;
    if (code) return code;
    if (it->answers.data[last] != BAD) {
        printf("%s is not slower than %s beyond the margin: nothing to look for\n",
               it->cli->options.bad, it->cli->options.good);
        return it->answers.data[last] == GOOD ? CLI_EXIT_DONE : CLI_EXIT_UNSURE;
    }
    for (;;) {
        bounds(it, &good, &bad);
        next = next_to_ask(it, good, bad);
        if (next == SIZE_MAX) return conclude(it, good, bad);
        code = ask(it, good_side, next);
        if (code) return code;
    }
}

static cli_exit prepare(search *it, cli_side_build *good_side)
{
    ruff_error err = RUFF_ERROR_INIT;
    cli_exit code = resolve(it, it->cli->options.good, &it->good);
    if (!code) code = resolve(it, it->cli->options.bad, &it->bad);
    if (!code) code = list_commits(it);
    if (code) return code;
    char *directory = cli_state_directory(it->cli, "bisect", &err);
    if (!directory) return cli_fail(it->cli, &err);
    it->state_path = rf_format_text("%s/state.json", directory);
    rf_free(directory);
    recall(it);
    char *reference = rf_format_text("git:%s", it->good);
    code = cli_prepare_side(it->cli, reference, good_side);
    rf_free(reference);
    return code;
}

static cli_exit run(cli_context *cli)
{
    search it = {.cli = cli};
    cli_side_build good_side = {0};
    if (!cli->options.good || !cli->options.bad)
        return cli_usage_error(cli, "name both ends: --good REF --bad REF");
    if (!cli->words.count)
        return cli_usage_error(cli,
                               "name what became slower: bisect --good A --bad B BENCH@LANG:MODE");
    cli_exit code = cli_open_suite(cli);
    if (!code) code = cli_open_store(cli, STORE_WRITE);
    if (!code) code = prepare(&it, &good_side);
    if (!code) code = search_between(&it, &good_side);
    cli_side_release(&good_side);
    for (size_t i = 0; i < it.commits.count; i++) rf_free(it.commits.data[i]);
    rf_vector_release(&it.commits);
    rf_vector_release(&it.answers);
    rf_free(it.state_path);
    rf_free(it.good);
    rf_free(it.bad);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_good,    CLI_OPTION_bad,   CLI_OPTION_margin,
                                        CLI_OPTION_alpha,   CLI_OPTION_iters, CLI_OPTION_budget,
                                        CLI_OPTION_timeout, CLI_OPTION_END};

const cli_command cmd_bisect = {
    .name = "bisect",
    .summary = "find the commit that made something slower",
    .arguments = "BENCH[/SIZE][@LANG[:MODE]]",
    .about =
        "Builds commits between a good and a bad one, measures each together with the good one, "
        "and narrows down. A "
        "commit that cannot be decided is gone around; an interrupted search goes on where it was.",
    .options = options,
    .examples = "ruffbench bisect --good v0.1 --bad main nested_loops@ruff:vm\n"
                "ruffbench bisect --good HEAD~20 --bad HEAD fibonacci --margin 5%",
    .starts_children = true,
    .run = run};
