/* The suite of selftest: one benchmark, and a language for each character of selftest_peer.c. */
#include "cli/selftest_box.h"

#include "base/alloc.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const kinds[] = {"good", "twin", "slow2", "slow5", "slow10", "wrong",
                                    "fast", "long", "crash", "exit",  "mute",   "hang"};

static bool write_text(const char *root, const char *name, const char *text)
{
    char *path = rf_format_text("%s/%s", root, name);
    bool fine = rf_file_replace(path, text, strlen(text), NULL) == RUFF_OK;
    rf_free(path);
    return fine;
}

static bool write_suite(const char *root)
{
    static const char *const directories[] = {"suites", "suites/languages", "suites/peers"};
    bool fine = true;
    for (size_t i = 0; i < RF_COUNT_OF(directories); i++) {
        char *path = rf_format_text("%s/%s", root, directories[i]);
        fine = fine && mkdir(path, 0700) == 0;
        rf_free(path);
    }
    fine =
        fine &&
        write_text(
            root, "suites/suite.yaml",
            "project: selftest\nbenchmarks:\n  - name: spin\n    about: a loop\n    rules: a loop\n"
            "    sizes: { default: 5 }\n    unit: n\n    style: core\n"
            "    expect: { default: \"u64:155\" }\n    limits: { timeout: 3s }\n");
    for (size_t i = 0; i < RF_COUNT_OF(kinds) && fine; i++) {
        char *name = rf_format_text("suites/languages/%s.yaml", kinds[i]);
        char *source = rf_format_text("suites/peers/spin.%s", kinds[i]);
        char *text = rf_format_text("name: %s\next: %s\ndirectory: peers\n%s"
                                    "probe: { run: [\"{build}/bin/ruffbench\", --version], "
                                    "pattern: \"ruffbench ([0-9.]+)\" }\n"
                                    "run: [\"{build}/bin/ruffbench\", selftest, peer, %s, "
                                    "\"{size}\", \"{seed}\", \"{iters}\", "
                                    "\"{budget}\", \"--\", \"{src}\"]\n",
                                    kinds[i], kinds[i], i ? "" : "subject: true\n", kinds[i]);
        fine = write_text(root, name, text) && write_text(root, source, "");
        rf_free(name);
        rf_free(source);
        rf_free(text);
    }
    return fine;
}

bool selftest_box_open(selftest *test, selftest_box *box)
{
    const char *base = getenv("TMPDIR");
    box->root = rf_format_text("%s/ruffbench-selftest-XXXXXX", base ? base : "/tmp");
    box->cli = (cli_context){.command = "selftest",
                             .command_line = "ruffbench selftest",
                             .launcher = test->cli->launcher,
                             .out = test->cli->out,
                             .err = test->cli->err};
    cli_options_init(&box->cli.options);
    box->cli.options.quiet = true;
    box->cli.options.directory = box->root;
    bool fine = mkdtemp(box->root) && write_suite(box->root) &&
                cli_open_suite(&box->cli) == CLI_EXIT_DONE &&
                cli_open_store(&box->cli, STORE_WRITE) == CLI_EXIT_DONE;
    if (!fine) selftest_report(test, false, "cannot set up a suite in %s", box->root);
    return fine;
}

/* Removes what write_suite and a run have made: two levels of files. */
static void remove_tree(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        char *child = rf_format_text("%s/%s", path, entry->d_name);
        if (unlink(child) != 0 && (errno == EISDIR || errno == EPERM)) remove_tree(child);
        rf_free(child);
    }
    if (directory) closedir(directory);
    rmdir(path);
}

void selftest_box_close(selftest_box *box)
{
    store_close(box->cli.db);
    suite_free(box->cli.suite);
    char *owned[] = {box->cli.root, box->cli.build_directory, box->cli.state_directory,
                     box->cli.db_path};
    for (size_t i = 0; i < RF_COUNT_OF(owned); i++) rf_free(owned[i]);
    remove_tree(box->root);
    rf_free(box->root);
}
