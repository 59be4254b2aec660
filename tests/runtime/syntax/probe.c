#include "probe.h"

#include "syntax/printer.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <stdio.h>
#include <string.h>

static const char *const builtin_names[] = {"print", "push", "pop", "len", "keys", "sum", "sort", "remove",
                                            "add", "map", "type", "Ok", "Err", "Some", "None"};

static int32_t find_builtin(void *context, const char *name, size_t size)
{
    (void)context;
    for (size_t i = 0; i < RF_COUNT_OF(builtin_names); i++)
        if (strlen(builtin_names[i]) == size && memcmp(builtin_names[i], name, size) == 0) return (int32_t)i;
    return -1;
}

static const char *builtin_name(void *context, uint32_t number)
{
    (void)context;
    return number < RF_COUNT_OF(builtin_names) ? builtin_names[number] : NULL;
}

static bool module_exports(void *context, const rf_unit *unit, const char *path,
                           void (*add)(void *sink, const char *name, size_t size), void *sink)
{
    (void)context;
    (void)unit;
    bool is_shapes = strcmp(path, "shapes") == 0;
    if (!is_shapes && strcmp(path, "geo") != 0) return false;
    add(sink, "area", 4);
    if (is_shapes)
        add(sink, "shapes", 6);
    else
        add(sink, "PI", 2);
    return true;
}

rf_front probe_front(void)
{
    return (rf_front){NULL, find_builtin, module_exports, builtin_name};
}

static ruff_status load(const char *source, size_t size, const probe_options *options, rf_unit **unit, ruff_error *err)
{
    rf_front front = probe_front();
    rf_unit_options all = {.path = "t.ruff"};
    if (options) {
        all.with_tests = options->with_tests;
        all.is_repl = options->is_repl;
        all.is_prelude = options->is_prelude;
        all.previous = options->previous;
    }
    return rf_unit_load(source, size, &all, &front, unit, err);
}

rf_unit *probe_load(const char *source, const probe_options *options)
{
    rf_unit *unit = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    if (load(source, strlen(source), options, &unit, &err)) fail_msg("%s\n%s", source, err.report);
    return unit;
}

static char *describe(ruff_error *err)
{
    rf_buffer text = RF_BUFFER_INIT;
    char code[16] = "";
    sscanf(err->report, "[%15[^]]", code);
    rf_buffer_format(&text, "%u:%u %s (%s, exit %d)", err->line, err->column, err->message, code, err->exit_code);
    ruff_error_release(err);
    return rf_buffer_take(&text);
}

char *probe_dump(const char *source, const probe_options *options)
{
    rf_unit *unit = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    if (load(source, strlen(source), options, &unit, &err)) return describe(&err);
    rf_buffer text = RF_BUFFER_INIT;
    rf_unit_print(unit, &text);
    rf_unit_free(unit);
    return rf_buffer_take(&text);
}

char *probe_error(const char *source, size_t size)
{
    rf_unit *unit = NULL;
    ruff_error err = RUFF_ERROR_INIT;
    if (load(source, size, NULL, &unit, &err)) return describe(&err);
    rf_unit_free(unit);
    return rf_strdup("ok");
}

static void check(const probe_case *one, char *actual)
{
    if (strcmp(actual, one->expected) != 0)
        fail_msg("source:\n%s\nexpected:\n%s\nactual:\n%s", one->source, one->expected, actual);
    rf_free(actual);
}

void probe_check_errors(const probe_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) check(&cases[i], probe_error(cases[i].source, strlen(cases[i].source)));
}

void probe_check_dumps(const probe_case *cases, size_t count, const probe_options *options)
{
    for (size_t i = 0; i < count; i++) check(&cases[i], probe_dump(cases[i].source, options));
}
