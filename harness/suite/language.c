#include "suite/language.h"

#include "suite/nearest.h"
#include "suite/schema.h"
#include "suite/template.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

/* ---- the schema ---- */

static const cyaml_schema_field_t mode_fields[] = {
    SCHEMA_TEXT("name", suite_mode, name),
    SCHEMA_TEXTS("args", CYAML_FLAG_OPTIONAL, suite_mode, args),
    SCHEMA_TEXTS("env", CYAML_FLAG_OPTIONAL, suite_mode, env),
    CYAML_FIELD_BOOL("jit", CYAML_FLAG_OPTIONAL, suite_mode, jit), CYAML_FIELD_END};
static const cyaml_schema_value_t mode_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, suite_mode, mode_fields)};

static const cyaml_schema_field_t probe_fields[] = {
    SCHEMA_TEXTS("run", CYAML_FLAG_DEFAULT, suite_probe, run),
    SCHEMA_TEXT("pattern", suite_probe, pattern), CYAML_FIELD_END};

static const cyaml_schema_field_t language_fields[] = {
    SCHEMA_TEXT("name", suite_language, name),
    CYAML_FIELD_SEQUENCE_COUNT("aliases", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, suite_language,
                               aliases, alias_count, &schema_text, 0, CYAML_UNLIMITED),
    SCHEMA_TEXT("ext", suite_language, ext),
    SCHEMA_TEXT_OPTIONAL("directory", suite_language, directory),
    CYAML_FIELD_MAPPING_PTR("probe", CYAML_FLAG_POINTER, suite_language, probe, probe_fields),
    SCHEMA_TEXTS("build", CYAML_FLAG_OPTIONAL, suite_language, build),
    SCHEMA_TEXTS("run", CYAML_FLAG_DEFAULT, suite_language, run),
    CYAML_FIELD_SEQUENCE_COUNT("modes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, suite_language,
                               modes, mode_count, &mode_schema, 0, CYAML_UNLIMITED),
    SCHEMA_TEXTS("helper", CYAML_FLAG_OPTIONAL, suite_language, helper),
    SCHEMA_TEXTS("env", CYAML_FLAG_OPTIONAL, suite_language, env),
    CYAML_FIELD_BOOL("subject", CYAML_FLAG_OPTIONAL, suite_language, subject),
    CYAML_FIELD_BOOL("jit", CYAML_FLAG_OPTIONAL, suite_language, jit),
    SCHEMA_TEXT_OPTIONAL("clock", suite_language, clock),
    SCHEMA_TEXT_OPTIONAL("startup", suite_language, startup),
    SCHEMA_TEXT_OPTIONAL("perf_map", suite_language, perf_map),
    SCHEMA_TEXTS("clean", CYAML_FLAG_OPTIONAL, suite_language, clean),
    CYAML_FIELD_END};
static const cyaml_schema_value_t language_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, suite_language, language_fields)};

/* ---- checks beyond the schema ---- */

typedef struct checker {
    const char *path;
    const place_index *places;
    suite_problems *problems;
} checker;

static void RF_PRINTF(3, 4)
    complain(const checker *check, const char *where, const char *format, ...)
{
    rf_buffer text = RF_BUFFER_INIT;
    va_list args;
    va_start(args, format);
    rf_buffer_format_list(&text, format, args);
    va_end(args);
    const place_entry *place = place_index_find(check->places, where);
    suite_problems_add(check->problems, SUITE_ERROR, check->path, place ? place->line : 1,
                       place ? place->column : 1, "%s", text.data);
    rf_buffer_release(&text);
}

static void check_templates(const checker *check, const char *where, char *const *words,
                            unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char name[64], place[128];
        if (!template_unknown(words[i], name, sizeof name)) continue;
        snprintf(place, sizeof place, "%s[%u]", where, i);
        const char *meant = nearest_name(name, template_names(), TEMPLATE_COUNT);
        complain(check, place, "{%s} is not a template%s%s%s", name,
                 meant ? "; did you mean {" : "", meant ? meant : "", meant ? "}?" : "");
    }
}

/* F15: compile time is a metric of its own, so a command that compiles and runs cannot be timed. */
static void check_run(const checker *check, const suite_language *language)
{
    static const char *const builders[][2] = {
        {"go", "run"}, {"cargo", "run"}, {"dotnet", "run"}, {"zig", "run"}};
    char *const *run = language->run;
    if (language->run_count == 0) {
        complain(check, "run",
                 "`run` is empty; give the command that starts a program, for example [\"{src}\"]");
        return;
    }
    for (size_t i = 0; i < RF_COUNT_OF(builders) && language->run_count > 1; i++)
        if (!strcmp(run[0], builders[i][0]) && !strcmp(run[1], builders[i][1]))
            complain(check, "run",
                     "`%s %s` compiles inside the timed command; move the compiler to `build` and "
                     "run {out}",
                     run[0], run[1]);
    bool uses_out = template_uses(run, language->run_count, TEMPLATE_out);
    if (!uses_out && !template_uses(run, language->run_count, TEMPLATE_src))
        complain(check, "run",
                 "`run` names neither {src} nor {out}, so it cannot start a benchmark");
    if (uses_out && language->build_count == 0)
        complain(check, "run", "`run` starts {out} but there is no `build` that writes it");
    if (language->mode_count && !template_uses(run, language->run_count, TEMPLATE_mode)) {
        for (unsigned m = 0; m < language->mode_count; m++)
            if (language->modes[m].args_count)
                complain(check, "run",
                         "mode `%s` has arguments but `run` has no {mode} to put them",
                         language->modes[m].name);
    }
}

static void check_probe(const checker *check, const suite_probe *probe)
{
    regex_t pattern;
    int error = regcomp(&pattern, probe->pattern, REG_EXTENDED);
    if (error) {
        char text[128];
        regerror(error, &pattern, text, sizeof text);
        complain(check, "probe.pattern", "not an extended regular expression: %s", text);
        return;
    }
    if (pattern.re_nsub == 0)
        complain(check, "probe.pattern", "the pattern needs a group (...) around the version");
    regfree(&pattern);
    if (probe->run_count == 0)
        complain(check, "probe.run", "`run` is empty; give the command that prints the version");
}

enum { NAME_MOST = 40 };

static void check_modes(const checker *check, const suite_language *language)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+.-";
    for (unsigned m = 0; m < language->mode_count; m++) {
        char where[64];
        const char *name = language->modes[m].name;
        snprintf(where, sizeof where, "modes[%u].name", m);
        if (name[strspn(name, letters)] || strlen(name) > NAME_MOST)
            complain(check, where, "mode `%.60s` may hold only up to %d of a-z, A-Z, 0-9, _, +, . and -", name,
                     NAME_MOST);
        snprintf(where, sizeof where, "modes[%u].args", m);
        check_templates(check, where, language->modes[m].args, language->modes[m].args_count);
        for (unsigned other = 0; other < m; other++)
            if (!strcmp(language->modes[m].name, language->modes[other].name)) {
                snprintf(where, sizeof where, "modes[%u].name", m);
                complain(check, where, "mode `%s` is there already", language->modes[m].name);
            }
    }
}

static void check_clock(const checker *check, const suite_language *language)
{
    if (language->clock && strcmp(language->clock, "wall") != 0 && strcmp(language->clock, "cpu") != 0)
        complain(check, "clock", "no clock `%s`: programs read wall (the default) or cpu", language->clock);
}

static void check_name(const checker *check, const suite_language *language)
{
    const char *base = strrchr(check->path, '/');
    base = base ? base + 1 : check->path;
    size_t length = strlen(language->name);
    if (length > NAME_MOST)
        complain(check, "name", "the name has %zu letters; tables have room for %d", length, NAME_MOST);
    else if (strspn(language->name, "abcdefghijklmnopqrstuvwxyz0123456789_+-") != length)
        complain(check, "name", "`%s` may hold only a-z, 0-9, _, + and -", language->name);
    else if (strncmp(base, language->name, length) != 0 || strcmp(base + length, ".yaml") != 0)
        complain(check, "name", "the file is %s, so the name should be `%.*s`", base,
                 (int)strcspn(base, "."), base);
}

suite_language *language_load(const char *path, suite_problems *problems)
{
    place_index places = {0};
    void *data;
    suite_language *language = NULL;
    size_t before = suite_problems_count(problems, SUITE_ERROR);
    if (schema_load(path, &language_schema, &data, &places, problems)) {
        language = data;
        checker check = {path, &places, problems};
        check_name(&check, language);
        check_probe(&check, language->probe);
        check_run(&check, language);
        check_modes(&check, language);
        check_clock(&check, language);
        check_templates(&check, "probe.run", language->probe->run, language->probe->run_count);
        check_templates(&check, "build", language->build, language->build_count);
        check_templates(&check, "run", language->run, language->run_count);
        language->path = rf_strdup(path);
    }
    if (suite_problems_count(problems, SUITE_ERROR) > before) {
        language_free(language);
        language = NULL;
    }
    place_index_release(&places);
    return language;
}

void language_free(suite_language *language)
{
    if (!language) return;
    rf_free(language->path);
    schema_free(&language_schema, language);
}

bool language_is_called(const suite_language *language, const char *name)
{
    if (strcmp(language->name, name) == 0) return true;
    for (unsigned i = 0; i < language->alias_count; i++)
        if (strcmp(language->aliases[i], name) == 0) return true;
    return false;
}

bool language_has_cpu_clock(const suite_language *language)
{
    return language->clock && strcmp(language->clock, "cpu") == 0;
}

const suite_mode *language_find_mode(const suite_language *language, const char *name)
{
    for (unsigned i = 0; i < language->mode_count; i++)
        if (strcmp(language->modes[i].name, name) == 0) return &language->modes[i];
    return NULL;
}
