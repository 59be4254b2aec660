#include "suite/fairness.h"

#include "base/file.h"
#include "suite/nearest.h"
#include "suite/place.h"
#include "suite/template.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { SIZE_FACTOR = 4, RULES_LEAST = 30 };

/* ---- files ---- */

static bool is_helper(const suite_language *language, const char *name)
{
    for (unsigned i = 0; i < language->helper_count; i++)
        if (strcmp(language->helper[i], name) == 0) return true;
    return false;
}

/* "fibonacci" of "fibonacci.go" in dir; false when the file is no program of the language. */
static bool program_name(const suite_language *language, const char *file, char *name, size_t size)
{
    size_t length = strlen(file), ext = strlen(language->ext);
    if (length <= ext + 1 || length - ext - 1 >= size || file[length - ext - 1] != '.' ||
        strcmp(file + length - ext, language->ext) != 0 || is_helper(language, file))
        return false;
    memcpy(name, file, length - ext - 1);
    name[length - ext - 1] = '\0';
    return true;
}

static void report_stranger(const suite_catalog *suite, const char *path, const char *name,
                            suite_problems *problems)
{
    RF_VECTOR(const char *) names = {0};
    for (unsigned i = 0; i < suite->file->benchmarks_count; i++)
        rf_vector_push(&names, suite->file->benchmarks[i].name);
    const char *meant = nearest_name(name, names.data, names.count);
    suite_problems_add(problems, SUITE_WARNING, path, 0, 0,
                       "belongs to no benchmark of suite.yaml%s%s%s",
                       meant ? "; did you mean `" : "", meant ? meant : "", meant ? "`?" : "");
    rf_vector_release(&names);
}

void fairness_check_files(const suite_catalog *suite, suite_problems *problems)
{
    for (size_t i = 0; i < suite->languages.count; i++) {
        const suite_language *language = suite->languages.data[i];
        char *directory = suite_language_directory(suite, language);
        bool shared = language->directory && *language->directory; /* its owner reports */
        DIR *stream = shared ? NULL : opendir(directory);
        struct dirent *entry;
        while (stream && (entry = readdir(stream))) {
            char name[128];
            if (!program_name(language, entry->d_name, name, sizeof name) ||
                suite_find_benchmark(suite, name))
                continue;
            char *path = rf_format_text("%s/%s", directory, entry->d_name);
            report_stranger(suite, path, name, problems);
            rf_free(path);
        }
        if (stream) closedir(stream);
        rf_free(directory);
    }
}

/* ---- benchmarks ---- */

/* A file of the suite, and where in it things stand. */
typedef struct checked_file {
    const suite_catalog *suite;
    const char *path;
    place_index places;
    suite_problems *problems;
} checked_file;

static void open_checked(checked_file *it, const suite_catalog *suite, const char *path,
                         suite_problems *problems)
{
    rf_buffer text = RF_BUFFER_INIT;
    *it = (checked_file){.suite = suite, .path = path, .problems = problems};
    if (rf_file_read(path, &text, NULL) == RUFF_OK)
        place_index_build(&it->places, text.data ? text.data : "", text.size);
    rf_buffer_release(&text);
}

/* A warning at the value that `where` leads to, or at the nearest thing around it that is there. */
static void warn(checked_file *it, const char *where, const char *format, ...) RF_PRINTF(3, 4);

static void warn(checked_file *it, const char *where, const char *format, ...)
{
    rf_buffer message = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&message, format, args);
    va_end(args);
    char *path = rf_strdup(where);
    const place_entry *place = place_index_find(&it->places, path);
    for (char *dot; !place && (dot = strrchr(path, '.'));
         place = place_index_find(&it->places, path))
        *dot = '\0';
    suite_problems_add(it->problems, SUITE_WARNING, it->path, place ? place->line : 0,
                       place ? place->column : 0, "%s", message.data);
    rf_free(path);
    rf_buffer_release(&message);
}

static void check_sizes(checked_file *it, unsigned number, const suite_benchmark *benchmark)
{
    const suite_catalog *suite = it->suite;
    const suite_language *smallest = NULL, *largest = NULL;
    off_t least = 0, most = 0;
    for (size_t i = 0; i < suite->languages.count; i++) {
        struct stat info;
        char *path = suite_source_path(suite, suite->languages.data[i], benchmark);
        bool there = stat(path, &info) == 0;
        rf_free(path);
        if (!there) continue;
        if (!smallest || info.st_size < least) {
            smallest = suite->languages.data[i];
            least = info.st_size;
        }
        if (!largest || info.st_size > most) {
            largest = suite->languages.data[i];
            most = info.st_size;
        }
    }
    char where[64];
    snprintf(where, sizeof where, "benchmarks[%u].name", number);
    if (smallest && most > SIZE_FACTOR * least)
        warn(it, where,
             "%s: the program in %s is %.1f times as long as the one in %s; is it the same "
             "algorithm? (F23)",
             benchmark->name, largest->name, (double)most / (double)least, smallest->name);
}

static void check_answers(checked_file *it, unsigned number, const suite_benchmark *benchmark)
{
    char where[64];
    snprintf(where, sizeof where, "benchmarks[%u].sizes", number);
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++)
        if (suite_size_of(benchmark, (suite_size)i) && !suite_answer(benchmark, (suite_size)i))
            warn(it, where,
                 "%s: no answer for size %s; `ruffbench verify %s --sizes %s --record` writes what "
                 "two languages agree on (F3)",
                 benchmark->name, suite_size_name((suite_size)i), benchmark->name,
                 suite_size_name((suite_size)i));
}

static void check_benchmark(checked_file *it, unsigned number, const suite_benchmark *benchmark)
{
    char rules[64], name[64];
    snprintf(rules, sizeof rules, "benchmarks[%u].rules", number);
    snprintf(name, sizeof name, "benchmarks[%u].name", number);
    if (strlen(benchmark->rules) < RULES_LEAST)
        warn(it, rules,
             "%s: `rules` does not say which algorithm is meant and what is forbidden (F1)",
             benchmark->name);
    if (!strstr(benchmark->rules, "SEED"))
        warn(it, rules, "%s: `rules` does not say how the input depends on SEED (F4)",
             benchmark->name);
    if (!benchmark->review)
        warn(it, name, "%s: no `review`: who has compared the programs, and when? (F23)",
             benchmark->name);
    check_answers(it, number, benchmark);
    check_sizes(it, number, benchmark);
}

/* ---- languages ---- */

static bool has_optimiser(const suite_language *language)
{
    static const char *const flags[] = {"-O1",    "-O2", "-O3",       "-Os",
                                        "-Ofast", "-O",  "--release", "-Doptimize=ReleaseFast"};
    for (unsigned w = 0; w < language->build_count; w++)
        for (size_t f = 0; f < RF_COUNT_OF(flags); f++)
            if (strcmp(language->build[w], flags[f]) == 0) return true;
    return false;
}

/* Words that turn what others run by default: where they stand for the whole language, the
 * comparison is with a tuned peer. */
static const char *find_setting(char *const *words, unsigned count)
{
    static const char *const settings[] = {
        "GOGC=",           "GOMEMLIMIT=", "-Xmx",     "-Xms", "--max-old-space-size",
        "--max-heap-size", "PYTHONGC=",   "RUBY_GC_", "--gc-"};
    for (unsigned w = 0; w < count; w++)
        for (size_t i = 0; i < RF_COUNT_OF(settings); i++)
            if (strstr(words[w], settings[i])) return words[w];
    return NULL;
}

static void check_language(checked_file *it, const suite_language *language)
{
    static const char *const compilers[] = {"gcc", "cc", "clang", "g++", "clang++", "rustc", "zig"};
    for (size_t i = 0; i < RF_COUNT_OF(compilers) && language->build_count; i++)
        if (strcmp(language->build[0], compilers[i]) == 0 && !has_optimiser(language))
            warn(it, "build", "`build` runs %s without an optimisation flag (F12)", compilers[i]);
    if (!language->startup)
        warn(it, "name",
             "no `startup`: without an empty program its start-up cost is not known (F8)");
    const char *setting = find_setting(language->env, language->env_count);
    if (setting)
        warn(it, "env", "`%s` tunes memory for every row; make it a mode of its own (F13)",
             setting);
    setting = find_setting(language->run, language->run_count);
    if (setting)
        warn(it, "run", "`%s` tunes memory for every row; make it a mode of its own (F13)",
             setting);
}

void fairness_check(const suite_catalog *suite, suite_problems *problems)
{
    checked_file it;
    open_checked(&it, suite, suite->path, problems);
    for (unsigned i = 0; i < suite->file->benchmarks_count; i++)
        check_benchmark(&it, i, &suite->file->benchmarks[i]);
    place_index_release(&it.places);
    for (size_t i = 0; i < suite->languages.count; i++) {
        open_checked(&it, suite, suite->languages.data[i]->path, problems);
        check_language(&it, suite->languages.data[i]);
        place_index_release(&it.places);
    }
}
