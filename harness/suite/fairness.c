#include "suite/fairness.h"

#include "suite/nearest.h"
#include "suite/template.h"

#include <dirent.h>
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

static void check_sizes(const suite_catalog *suite, const suite_benchmark *benchmark,
                        suite_problems *problems)
{
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
    if (smallest && most > SIZE_FACTOR * least)
        suite_problems_add(
            problems, SUITE_WARNING, suite->path, 0, 0,
            "%s: the program in %s is %.1f times as long as the one in %s; is it the "
            "same algorithm? (F23)",
            benchmark->name, largest->name, (double)most / (double)least, smallest->name);
}

static void check_benchmark(const suite_catalog *suite, const suite_benchmark *benchmark,
                            suite_problems *problems)
{
    if (strlen(benchmark->rules) < RULES_LEAST)
        suite_problems_add(
            problems, SUITE_WARNING, suite->path, 0, 0,
            "%s: `rules` does not say which algorithm is meant and what is forbidden "
            "(F1)",
            benchmark->name);
    if (!strstr(benchmark->rules, "SEED"))
        suite_problems_add(problems, SUITE_WARNING, suite->path, 0, 0,
                           "%s: `rules` does not say how the input depends on SEED (F4)",
                           benchmark->name);
    if (!benchmark->review)
        suite_problems_add(problems, SUITE_WARNING, suite->path, 0, 0,
                           "%s: no `review`: who has compared the programs, and when? (F23)",
                           benchmark->name);
    check_sizes(suite, benchmark, problems);
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

static void check_language(const suite_language *language, suite_problems *problems)
{
    static const char *const compilers[] = {"gcc", "cc", "clang", "g++", "clang++", "rustc", "zig"};
    for (size_t i = 0; i < RF_COUNT_OF(compilers) && language->build_count; i++)
        if (strcmp(language->build[0], compilers[i]) == 0 && !has_optimiser(language))
            suite_problems_add(problems, SUITE_WARNING, language->path, 0, 0,
                               "`build` runs %s without an optimisation flag (F12)", compilers[i]);
}

void fairness_check(const suite_catalog *suite, suite_problems *problems)
{
    for (unsigned i = 0; i < suite->file->benchmarks_count; i++)
        check_benchmark(suite, &suite->file->benchmarks[i], problems);
    for (size_t i = 0; i < suite->languages.count; i++)
        check_language(suite->languages.data[i], problems);
}
