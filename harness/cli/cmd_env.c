/* The machine a session was measured on, and how two of them differ. */
#include "cli/measure.h"

#include "base/alloc.h"
#include "base/error.h"
#include "report/grid.h"
#include "report/json.h"
#include "run/machine.h"
#include "store/results.h"

#include <string.h>

typedef struct fact {
    char *key, *value; /* owned */
} fact;

typedef RF_VECTOR(fact) fact_list;

static void add_fact(fact_list *list, const char *key, const char *value)
{
    fact one = {rf_strdup(key), rf_strdup(value)};
    rf_vector_push(list, one);
}

static void release_facts(fact_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        rf_free(list->data[i].key);
        rf_free(list->data[i].value);
    }
    rf_vector_release(list);
}

static const char *find_fact(const fact_list *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->data[i].key, key) == 0) return list->data[i].value;
    return NULL;
}

/* The same keys as the store's. */
static void current_facts(fact_list *list)
{
    run_machine machine;
    char text[64];
    run_machine_capture(&machine);
    for (size_t i = 0; i < machine.facts.count; i++)
        add_fact(list, machine.facts.data[i].key, machine.facts.data[i].value);
    add_fact(list, "os", machine.os);
    add_fact(list, "kernel", machine.kernel);
    add_fact(list, "libc", machine.libc);
    snprintf(text, sizeof text, "%.12s", machine.fingerprint);
    add_fact(list, "machine", text);
    add_fact(list, "cpu", machine.cpu_model);
    snprintf(text, sizeof text, "%u/%u", machine.cores_physical, machine.cores_logical);
    add_fact(list, "cores", text);
    snprintf(text, sizeof text, "%llu", (unsigned long long)(machine.memory_bytes >> 20));
    add_fact(list, "memory_mib", text);
    add_fact(list, "virtualisation", machine.virtualisation);
    run_machine_release(&machine);
}

static cli_exit stored_facts(cli_context *cli, const char *point, fact_list *list)
{
    ruff_error err = RUFF_ERROR_INIT;
    store_session_row session;
    int64_t id;
    cli_exit code = cli_find_session(cli, point, &id);
    if (code) return code;
    if (store_find_session(cli->db, id, &session, &err)) return cli_fail(cli, &err);
    ruff_status status;
    sqlite3_stmt *row =
        store_bind(cli->db, STORE_QUERY_environment_facts, &err, "i", session.environment_id);
    while (store_next(cli->db, row, &status, &err))
        add_fact(list, store_text(row, 0), store_text(row, 1));
    store_session_row_release(&session);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static void print_facts(const cli_context *cli, const fact_list *list, rf_buffer *out)
{
    json_t *facts = json_object();
    for (size_t i = 0; i < list->count; i++) {
        json_object_set_new(facts, list->data[i].key, json_string(list->data[i].value));
        if (!cli->options.json)
            rf_buffer_format(out, "%-20s %s\n", list->data[i].key,
                             *list->data[i].value ? list->data[i].value : "none");
    }
    if (cli->options.json) {
        json_t *document = report_json_document("env");
        json_object_set(document, "facts", facts);
        report_json_print(document, out);
    }
    json_decref(facts);
}

/* Lines of keys whose values differ; returns how many. */
static size_t print_differences(const cli_context *cli, const fact_list *a, const fact_list *b,
                                rf_buffer *out)
{
    size_t count = 0;
    json_t *differences = json_array();
    for (size_t i = 0; i < a->count + b->count; i++) {
        const char *key = i < a->count ? a->data[i].key : b->data[i - a->count].key;
        const char *left = find_fact(a, key), *right = find_fact(b, key);
        if ((i >= a->count && left) || (left && right && !strcmp(left, right))) continue;
        count++;
        json_array_append_new(
            differences, json_pack("{s:s,s:s?,s:s?}", "key", key, "before", left, "after", right));
        if (!cli->options.json)
            rf_buffer_format(out, "%-20s %s -> %s\n", key, left ? left : "-", right ? right : "-");
    }
    if (cli->options.json) {
        json_t *document = report_json_document("env-diff");
        json_object_set(document, "differences", differences);
        report_json_print(document, out);
    } else if (!count) {
        rf_buffer_append_text(out, "no differences\n");
    }
    json_decref(differences);
    return count;
}

static cli_exit run(cli_context *cli)
{
    fact_list a = {0}, b = {0};
    rf_buffer out = RF_BUFFER_INIT;
    const cli_words *words = &cli->words;
    bool diff = words->count && strcmp(words->data[0], "diff") == 0;
    cli_exit code = CLI_EXIT_DONE;
    if (diff ? words->count < 2 || words->count > 3 : words->count > 1)
        return cli_usage_error(
            cli, "write `env`, `env @N`, `env diff A B` or `env diff A` (with this machine)");
    if (words->count) code = cli_open_store(cli, STORE_READ);
    if (!code && words->count) code = stored_facts(cli, words->data[diff], &a);
    if (!code && diff && words->count == 3) code = stored_facts(cli, words->data[2], &b);
    if (!code && (!words->count || (diff && words->count == 2))) current_facts(diff ? &b : &a);
    size_t differences = 0;
    if (!code && diff) differences = print_differences(cli, &a, &b, &out);
    if (!code && !diff) print_facts(cli, &a, &out);
    cli_print(&out);
    release_facts(&a);
    release_facts(&b);
    if (!code && differences && cli->options.exit_code) code = CLI_EXIT_REGRESSION;
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_json, CLI_OPTION_exit_code, CLI_OPTION_END};

const cli_command cmd_env = {
    .name = "env",
    .summary = "the machine, and how two differ",
    .arguments = "[@N | diff A [B]]",
    .about = "Prints what is known about this machine or about the one of a session, or how the "
             "machines of two sessions differ.",
    .options = options,
    .examples = "ruffbench env --json\n"
                "ruffbench env diff @40 @41\n"
                "ruffbench env diff latest",
    .starts_children = true,
    .run = run};
