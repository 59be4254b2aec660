#include "suite/suite.h"

#include "suite/nearest.h"
#include "suite/quantity.h"
#include "suite/schema.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const size_names[] = {
#define SUITE_SIZE(member, name, meaning) name,
#include "suite/size.def"
#undef SUITE_SIZE
};

enum { DEFAULT_TIMEOUT_S = 60 };
static const uint64_t default_memory_bytes = (uint64_t)4 << 30;

/* ---- the schema ---- */

static const cyaml_schema_field_t size_fields[] = {
#define SUITE_SIZE(member, name, meaning)                                                          \
    CYAML_FIELD_UINT(name, CYAML_FLAG_OPTIONAL, suite_sizes, member),
#include "suite/size.def"
#undef SUITE_SIZE
    CYAML_FIELD_END};

static const cyaml_schema_field_t answer_fields[] = {
#define SUITE_SIZE(member, name, meaning) SCHEMA_TEXT_OPTIONAL(name, suite_answers, member),
#include "suite/size.def"
#undef SUITE_SIZE
    CYAML_FIELD_END};

static const cyaml_schema_field_t limit_fields[] = {
    SCHEMA_TEXT_OPTIONAL("timeout", suite_limits, timeout),
    SCHEMA_TEXT_OPTIONAL("memory", suite_limits, memory), CYAML_FIELD_END};

static const cyaml_schema_field_t benchmark_fields[] = {
    SCHEMA_TEXT("name", suite_benchmark, name),
    SCHEMA_TEXT("about", suite_benchmark, about),
    SCHEMA_TEXT("rules", suite_benchmark, rules),
    SCHEMA_TEXTS("tags", CYAML_FLAG_OPTIONAL, suite_benchmark, tags),
    CYAML_FIELD_MAPPING("sizes", CYAML_FLAG_DEFAULT, suite_benchmark, sizes, size_fields),
    SCHEMA_TEXT("unit", suite_benchmark, unit),
    SCHEMA_TEXT("style", suite_benchmark, style),
    CYAML_FIELD_MAPPING("expect", CYAML_FLAG_OPTIONAL, suite_benchmark, expect, answer_fields),
    CYAML_FIELD_MAPPING("limits", CYAML_FLAG_OPTIONAL, suite_benchmark, limits, limit_fields),
    SCHEMA_TEXT_OPTIONAL("review", suite_benchmark, review),
    CYAML_FIELD_END};
static const cyaml_schema_value_t benchmark_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, suite_benchmark, benchmark_fields)};

static const cyaml_schema_field_t checkout_fields[] = {
    SCHEMA_TEXTS("prepare", CYAML_FLAG_OPTIONAL, suite_checkout, prepare),
    SCHEMA_TEXT("build", suite_checkout, build), CYAML_FIELD_END};

static const cyaml_schema_field_t file_fields[] = {
    SCHEMA_TEXT("project", suite_file, project),
    CYAML_FIELD_MAPPING_PTR("checkout", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, suite_file,
                            checkout, checkout_fields),
    CYAML_FIELD_UINT("seed", CYAML_FLAG_OPTIONAL, suite_file, seed),
    CYAML_FIELD_SEQUENCE("benchmarks", CYAML_FLAG_POINTER, suite_file, benchmarks,
                         &benchmark_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, suite_file, file_fields)};

/* ---- sizes and answers ---- */

bool suite_find_size(const char *name, suite_size *size)
{
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++)
        if (strcmp(name, size_names[i]) == 0) {
            *size = (suite_size)i;
            return true;
        }
    return false;
}

const char *suite_size_name(suite_size size)
{
    return size_names[size];
}

uint64_t suite_size_of(const suite_benchmark *benchmark, suite_size size)
{
    const uint64_t values[] = {
#define SUITE_SIZE(member, name, meaning) benchmark->sizes.member,
#include "suite/size.def"
#undef SUITE_SIZE
    };
    return values[size];
}

const char *suite_answer(const suite_benchmark *benchmark, suite_size size)
{
    const char *const values[] = {
#define SUITE_SIZE(member, name, meaning) benchmark->expect.member,
#include "suite/size.def"
#undef SUITE_SIZE
    };
    return values[size];
}

const char *suite_answer_digest(const char *answer)
{
    const char *colon = strchr(answer, ':');
    return colon ? colon + 1 : answer;
}

/* "u64:" and digits, "i64:" with a sign allowed, "f64:" a number, "hex:" hexadecimal digits. */
static bool answer_is_well_formed(const char *answer)
{
    const char *digest = suite_answer_digest(answer);
    size_t length = strlen(digest);
    if (length == 0) return false;
    if (strncmp(answer, "u64:", 4) == 0) return strspn(digest, "0123456789") == length;
    if (strncmp(answer, "i64:", 4) == 0) {
        digest += *digest == '-';
        return *digest && strspn(digest, "0123456789") == strlen(digest);
    }
    if (strncmp(answer, "f64:", 4) == 0) return strspn(digest, "0123456789.+-einfa") == length;
    return strncmp(answer, "hex:", 4) == 0 && strspn(digest, "0123456789abcdef") == length;
}

/* ---- checks beyond the schema ---- */

typedef struct checker {
    const char *path;
    const place_index *places;
    suite_problems *problems;
    unsigned index; /* of the benchmark */
} checker;

/* Blames benchmarks[index].key, or the benchmark when it has no such key. */
static void RF_PRINTF(3, 4) complain(const checker *check, const char *key, const char *format, ...)
{
    char path[96];
    snprintf(path, sizeof path, "benchmarks[%u].%s", check->index, key);
    const place_entry *place = place_index_find(check->places, path);
    if (!place) {
        snprintf(path, sizeof path, "benchmarks[%u]", check->index);
        place = place_index_find(check->places, path);
    }
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    suite_problems_add(check->problems, SUITE_ERROR, check->path, place ? place->line : 1,
                       place ? place->column : 1, "%s", text.data);
    rf_buffer_release(&text);
}

static void check_limits(const checker *check, suite_benchmark *benchmark)
{
    const suite_limits *limits = &benchmark->limits;
    benchmark->timeout_ns = (int64_t)DEFAULT_TIMEOUT_S * 1000000000;
    benchmark->memory_bytes = default_memory_bytes;
    if (limits->timeout && (!quantity_parse_duration(limits->timeout, &benchmark->timeout_ns) ||
                            benchmark->timeout_ns <= 0))
        complain(check, "limits.timeout", "`%s` is no duration; write it like 60s or 500ms",
                 limits->timeout);
    if (limits->memory && (!quantity_parse_bytes(limits->memory, &benchmark->memory_bytes) ||
                           benchmark->memory_bytes == 0))
        complain(check, "limits.memory",
                 "`%s` is no amount of memory; write it like 512MiB or 2GiB", limits->memory);
}

static void check_sizes(const checker *check, const suite_benchmark *benchmark)
{
    if (benchmark->sizes.normal == 0) complain(check, "sizes", "`sizes` needs a `default` over 0");
    for (size_t i = 0; i < SUITE_SIZE_COUNT; i++) {
        const char *answer = suite_answer(benchmark, (suite_size)i);
        char key[32];
        snprintf(key, sizeof key, "expect.%s", size_names[i]);
        if (!answer) continue;
        if (suite_size_of(benchmark, (suite_size)i) == 0)
            complain(check, key, "an answer for size `%s`, which `sizes` does not have",
                     size_names[i]);
        if (!answer_is_well_formed(answer))
            complain(check, key, "`%s` is no answer; write u64:6765, i64:-3, f64:0.5 or hex:09af",
                     answer);
    }
}

enum { NAME_MOST = 40 };

static void check_benchmark(const checker *check, const suite_file *file)
{
    static const char *const styles[] = {"core", "idiomatic", "library"};
    suite_benchmark *benchmark = &file->benchmarks[check->index];
    if (strspn(benchmark->name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(benchmark->name))
        complain(check, "name", "`%s` may hold only a-z, 0-9 and _: it names the source files",
                 benchmark->name);
    if (strlen(benchmark->name) > NAME_MOST)
        complain(check, "name", "the name has %zu letters; tables have room for %d",
                 strlen(benchmark->name), NAME_MOST);
    if (strlen(benchmark->unit) > NAME_MOST)
        complain(check, "unit", "the unit has %zu bytes; titles have room for %d",
                 strlen(benchmark->unit), NAME_MOST);
    for (unsigned i = 0; i < benchmark->tags_count; i++)
        if (!*benchmark->tags[i] || strpbrk(benchmark->tags[i], " ,\t\n"))
            complain(check, "tags", "tag `%s` has to be one word: --tag and classes take it by name",
                     benchmark->tags[i]);
    for (unsigned other = 0; other < check->index; other++)
        if (strcmp(file->benchmarks[other].name, benchmark->name) == 0)
            complain(check, "name", "there is a benchmark `%s` already; choose another name",
                     benchmark->name);
    size_t style = 0;
    while (style < RF_COUNT_OF(styles) && strcmp(styles[style], benchmark->style) != 0) style++;
    if (style == RF_COUNT_OF(styles))
        complain(check, "style", "`%s` is no style; use core, idiomatic or library",
                 benchmark->style);
    check_sizes(check, benchmark);
    check_limits(check, benchmark);
}

static bool load_file(suite_catalog *suite, suite_problems *problems)
{
    place_index places = {0};
    void *data;
    bool fine = schema_load(suite->path, &file_schema, &data, &places, problems);
    if (fine) {
        suite->file = data;
        if (suite->file->seed > INT32_MAX) {
            const place_entry *place = place_index_find(&places, "seed");
            suite_problems_add(problems, SUITE_ERROR, suite->path, place ? place->line : 1,
                               place ? place->column : 1,
                               "`seed` is over 2147483647, the most every language holds");
        }
        for (unsigned i = 0; i < suite->file->benchmarks_count; i++) {
            checker check = {suite->path, &places, problems, i};
            check_benchmark(&check, suite->file);
        }
    }
    place_index_release(&places);
    return fine;
}

/* ---- languages ---- */

static int is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot && strcmp(dot, ".yaml") == 0;
}

static void check_aliases(const suite_catalog *suite, const suite_language *language,
                          suite_problems *problems)
{
    for (size_t i = 0; i < suite->languages.count; i++)
        for (unsigned a = 0; a < language->alias_count; a++)
            if (language_is_called(suite->languages.data[i], language->aliases[a]))
                suite_problems_add(problems, SUITE_ERROR, language->path, 1, 1,
                                   "alias `%s` is also a name of language %s; remove one",
                                   language->aliases[a], suite->languages.data[i]->name);
}

static void load_languages(suite_catalog *suite, suite_problems *problems)
{
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "%s/suites/languages", suite->root);
    struct dirent **entries = NULL;
    int count = scandir(path.data, &entries, is_yaml, alphasort);
    if (count <= 0)
        suite_problems_add(problems, SUITE_ERROR, path.data, 0, 0,
                           "no language files here; add one with `ruffbench lang add NAME`");
    for (int i = 0; i < count; i++) {
        rf_buffer_clear(&path);
        rf_buffer_format(&path, "%s/suites/languages/%s", suite->root, entries[i]->d_name);
        suite_language *language = language_load(path.data, problems);
        if (language) {
            check_aliases(suite, language, problems);
            rf_vector_push(&suite->languages, language);
        }
        rf_free(entries[i]);
    }
    rf_free(entries);
    rf_buffer_release(&path);
}

/* ---- whole suite ---- */

char *suite_find_root(const char *start)
{
    char *absolute = realpath(start, NULL);
    char *found = NULL;
    rf_buffer path = RF_BUFFER_INIT;
    while (absolute && !found) {
        rf_buffer_clear(&path);
        rf_buffer_format(&path, "%s/suites/suite.yaml", absolute);
        if (access(path.data, F_OK) == 0) found = rf_strdup(absolute);
        char *slash = strrchr(absolute, '/');
        if (slash == absolute && absolute[1] == '\0') break;
        if (slash == absolute)
            absolute[1] = '\0';
        else
            *slash = '\0';
    }
    rf_buffer_release(&path);
    rf_free(absolute);
    return found;
}

suite_catalog *suite_load(const char *root, const char *build_directory, suite_problems *problems)
{
    suite_catalog *suite = rf_alloc_zero(sizeof *suite);
    size_t before = suite_problems_count(problems, SUITE_ERROR);
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "%s/suites/suite.yaml", root);
    suite->root = rf_strdup(root);
    suite->build = rf_strdup(build_directory);
    suite->path = rf_buffer_take(&path);
    load_file(suite, problems);
    load_languages(suite, problems);
    if (suite_problems_count(problems, SUITE_ERROR) == before) return suite;
    suite_free(suite);
    return NULL;
}

void suite_free(suite_catalog *suite)
{
    if (!suite) return;
    for (size_t i = 0; i < suite->languages.count; i++) language_free(suite->languages.data[i]);
    rf_vector_release(&suite->languages);
    schema_free(&file_schema, suite->file);
    rf_free(suite->path);
    rf_free(suite->build);
    rf_free(suite->root);
    rf_free(suite);
}

const suite_benchmark *suite_find_benchmark(const suite_catalog *suite, const char *name)
{
    for (unsigned i = 0; i < suite->file->benchmarks_count; i++)
        if (strcmp(suite->file->benchmarks[i].name, name) == 0) return &suite->file->benchmarks[i];
    return NULL;
}

const suite_language *suite_find_language(const suite_catalog *suite, const char *name)
{
    for (size_t i = 0; i < suite->languages.count; i++)
        if (language_is_called(suite->languages.data[i], name)) return suite->languages.data[i];
    return NULL;
}

char *suite_language_directory(const suite_catalog *suite, const suite_language *language)
{
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "%s/suites/%s", suite->root,
                     language->directory && *language->directory ? language->directory
                                                                 : language->name);
    return rf_buffer_take(&path);
}

char *suite_source_path(const suite_catalog *suite, const suite_language *language,
                        const suite_benchmark *benchmark)
{
    rf_buffer path = RF_BUFFER_INIT;
    rf_buffer_format(&path, "%s/suites/%s/%s.%s", suite->root,
                     language->directory && *language->directory ? language->directory
                                                                 : language->name,
                     benchmark->name, language->ext);
    return rf_buffer_take(&path);
}
