/* Reports: an overview on the terminal, regions of a Markdown document, one HTML file, a pull
 * request's comment. */
#include "cli/command.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/day.h"
#include "cli/measure.h"
#include "cli/stored_profile.h"
#include "report/document.h"
#include "report/html.h"

#include <string.h>
#include <unistd.h>

static ruff_status read_document(const char *path, bool may_be_new, rf_buffer *text,
                                 ruff_error *err)
{
    if (may_be_new && access(path, F_OK) != 0) {
        report_document_new(text);
        return RUFF_OK;
    }
    rf_buffer_append(text, "", 0);
    ruff_status status = rf_file_read(path, text, err);
    if (status) rf_error_wrap(err, "%s", path);
    return status;
}

static cli_exit write_document(cli_context *cli, const report_story *story, const char *path)
{
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer old = RF_BUFFER_INIT, now = RF_BUFFER_INIT;
    ruff_status status = read_document(path, true, &old, &err);
    if (!status && (status = report_document_fill(story, old.data, &now, &err)))
        rf_error_wrap(&err, "%s", path);
    bool same = !status && access(path, F_OK) == 0 && old.size == now.size &&
                !memcmp(old.data, now.data, now.size);
    if (!status && !same && (status = rf_file_replace(path, now.data, now.size, &err)))
        rf_error_wrap(&err, "%s", path);
    if (!status) cli_note(cli, "%s %s", path, same ? "was up to date" : "written");
    rf_buffer_release(&old);
    rf_buffer_release(&now);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit check_document(cli_context *cli, const report_story *story, const char *path)
{
    ruff_error err = RUFF_ERROR_INIT;
    char id[64];
    size_t line = 0;
    rf_buffer old = RF_BUFFER_INIT, now = RF_BUFFER_INIT;
    ruff_status status = read_document(path, false, &old, &err);
    if (!status && (status = report_document_fill(story, old.data, &now, &err)))
        rf_error_wrap(&err, "%s", path);
    if (!status) line = report_document_compare(old.data, now.data, id);
    if (line)
        printf("%s:%zu: region `%s` is not what the database says; run `ruffbench report --write "
               "%s`\n",
               path, line, id, path);
    rf_buffer_release(&old);
    rf_buffer_release(&now);
    return status ? cli_fail(cli, &err) : line ? CLI_EXIT_REGRESSION : CLI_EXIT_DONE;
}

static cli_exit save(cli_context *cli, rf_buffer *text)
{
    ruff_error err = RUFF_ERROR_INIT;
    const char *path = cli->options.output;
    if (!path) {
        cli_print(text);
        return CLI_EXIT_DONE;
    }
    ruff_status status = rf_file_replace(path, text->data, text->size, &err);
    if (status) rf_error_wrap(&err, "%s", path);
    if (!status) cli_note(cli, "%s written, %zu KiB", path, (text->size + 1023) / 1024);
    rf_buffer_release(text);
    return status ? cli_fail(cli, &err) : CLI_EXIT_DONE;
}

static cli_exit print(cli_context *cli, const report_story *story, const char *what)
{
    rf_buffer out = RF_BUFFER_INIT;
    if (cli->options.write) return write_document(cli, story, cli->options.write);
    if (cli->options.check_file) return check_document(cli, story, cli->options.check_file);
    if (!what)
        report_overview_text(story, &cli->out, &out);
    else if (!strcmp(what, "html"))
        report_html(story, &out);
    else
        report_pull_request(story, &out);
    return save(cli, &out);
}

/* ---- profiles ---- */

static bool is_of_book(const void *context, const report_hot *it)
{
    const report_book *book = context;
    for (size_t e = 0; e < book->entries.count; e++) {
        const report_entry *entry = &book->entries.data[e];
        if (!strcmp(entry->table->benchmark, it->benchmark) && !strcmp(entry->table->size_label, it->size)) return true;
    }
    return false;
}

/* Only the page shows them. */
static ruff_status load_profiles(cli_context *cli, const report_book *book, report_hot_list *hot, ruff_error *err)
{
    enum { MOST_FUNCTIONS = 5 };
    ruff_status status = cli_list_profiles(cli, is_of_book, book, hot, err);
    for (size_t i = 0; i < hot->list.count && !status; i++)
        status = cli_load_hot(cli, &hot->list.data[i], MOST_FUNCTIONS, NULL, err);
    return status;
}

static cli_exit run(cli_context *cli)
{
    ruff_error err = RUFF_ERROR_INIT;
    const char *what = cli->words.count ? cli->words.data[0] : NULL;
    compare_options options = COMPARE_OPTIONS_DEFAULT;
    report_choice choice = {0};
    if (what && strcmp(what, "html") != 0 && strcmp(what, "pr") != 0)
        return cli_usage_error(
            cli, "there is no report `%s`; use html or pr, or no word for an overview", what);
    if (cli->options.since && !cli_parse_day(cli->options.since, &choice.since_ns))
        return cli_usage_error(cli, "--since: `%s` is no day; write it like 2026-01-31",
                               cli->options.since);
    cli_exit code = cli_open_store(cli, STORE_READ);
    if (!code && cli->options.stored)
        code = cli_find_session(cli, cli->options.stored, &choice.session);
    if (code) return code;
    report_book book;
    report_story story;
    options.margin = cli->options.margin;
    if (report_book_load(cli->db, &choice, &options, &book, &err)) return cli_fail(cli, &err);
    report_story_init(&story, &book);
    report_hot_list hot = {0};
    const bool is_page = what && !strcmp(what, "html");
    if (is_page && load_profiles(cli, &book, &hot, &err))
        code = cli_fail(cli, &err);
    else {
        story.hot = &hot;
        code = print(cli, &story, what);
    }
    report_hot_list_release(&hot);
    report_story_release(&story);
    report_book_release(&book);
    return code;
}

static const cli_option_id options[] = {CLI_OPTION_write,  CLI_OPTION_check_file, CLI_OPTION_output,
                                        CLI_OPTION_stored, CLI_OPTION_since,      CLI_OPTION_margin,
                                        CLI_OPTION_END};

const cli_command cmd_report = {
    .name = "report",
    .summary = "overview, Markdown regions, HTML page, pull request text",
    .arguments = "[html|pr]",
    .about = "Reports what the database holds: for each benchmark the newest results of this "
             "machine. --write fills the regions "
             "of a Markdown file between <!-- ruffbench:begin ID --> and <!-- ruffbench:end -->; "
             "--check ends with 1 when "
             "they are stale.",
    .options = options,
    .examples = "ruffbench report\n"
                "ruffbench report --write docs/PERFORMANCE.md\n"
                "ruffbench report --check docs/PERFORMANCE.md\n"
                "ruffbench report html --output report.html\n"
                "ruffbench report --since 2026-01-31\n"
                "ruffbench report pr --stored latest",
    .run = run};
