#include "cli/option.h"

#include "base/alloc.h"
#include "base/error.h"
#include "suite/nearest.h"
#include "suite/quantity.h"

#include <popt.h>
#include <stdlib.h>
#include <string.h>

static const cli_option_row rows[] = {
    {0},
#define CLI_OPTION(member, kind, type, long_name, short_name, argument, initial, help)             \
    {long_name, argument, help, short_name, CLI_##kind, (initial) != 0,                            \
     offsetof(cli_options, member)},
#include "cli/option.def"
#undef CLI_OPTION
};

static const struct {
    cli_option_id id;
    const char *long_name;
} aliases[] = {
#define CLI_ALIAS(member, long_name) {CLI_OPTION_##member, long_name},
#include "cli/option_alias.def"
#undef CLI_ALIAS
};

const cli_option_id cli_global_options[] = {
    CLI_OPTION_directory, CLI_OPTION_db,    CLI_OPTION_build,   CLI_OPTION_color,
    CLI_OPTION_width,     CLI_OPTION_quiet, CLI_OPTION_verbose, CLI_OPTION_no_progress,
    CLI_OPTION_help,      CLI_OPTION_END};

const cli_option_row *cli_option_row_of(cli_option_id id)
{
    return &rows[id];
}

void cli_options_init(cli_options *options)
{
    *options = (cli_options){
#define CLI_OPTION(member, kind, type, long_name, short_name, argument, initial, help)             \
    .member = initial,
#include "cli/option.def"
#undef CLI_OPTION
    };
}

/* ---- values ---- */

static ruff_status refuse(const cli_option_row *row, const char *text, const char *wanted,
                          ruff_error *err)
{
    return rf_error_set(err, RUFF_E_MISUSE, "--%s: `%s` is no %s", row->long_name, text, wanted);
}

static ruff_status set_value(cli_options *options, const cli_option_row *row, const char *text,
                             ruff_error *err)
{
    void *member = (char *)options + row->offset;
    switch (row->kind) {
    case CLI_FLAG: *(bool *)member = true; return RUFF_OK;
    case CLI_TEXT: *(const char **)member = text; return RUFF_OK;
    case CLI_COUNT:
        if (!quantity_parse_count(text, member)) return refuse(row, text, "whole number", err);
        /* 0 stands for "not given" where no other number does. */
        return *(uint64_t *)member || row->has_initial
                   ? RUFF_OK
                   : refuse(row, text, "count; it has to be 1 or more", err);
    case CLI_TIME:
        return quantity_parse_duration(text, member) && *(int64_t *)member > 0
                   ? RUFF_OK
                   : refuse(row, text, "time; write it like 60s or 200ms", err);
    case CLI_PART:
        return quantity_parse_fraction(text, member) && *(double *)member < 1
                   ? RUFF_OK
                   : refuse(row, text, "part of one; write it like 2% or 0.02", err);
    }
    return RUFF_OK;
}

/* ---- popt ---- */

typedef RF_VECTOR(struct poptOption) popt_table;

static void add_row(popt_table *table, cli_option_id id, const char *long_name, char short_name)
{
    struct poptOption option = {.longName = long_name,
                                .shortName = short_name,
                                .argInfo =
                                    rows[id].kind == CLI_FLAG ? POPT_ARG_NONE : POPT_ARG_STRING,
                                .val = (int)id};
    rf_vector_push(table, option);
}

static void add_rows(popt_table *table, const cli_option_id *list)
{
    for (; list && *list != CLI_OPTION_END; list++) {
        add_row(table, *list, rows[*list].long_name, rows[*list].short_name);
        for (size_t i = 0; i < RF_COUNT_OF(aliases); i++)
            if (aliases[i].id == *list) add_row(table, *list, aliases[i].long_name, '\0');
    }
}

static ruff_status explain(poptContext context, int code, const popt_table *table, ruff_error *err)
{
    const char *bad = poptBadOption(context, POPT_BADOPTION_NOALIAS);
    if (code != POPT_ERROR_BADOPT)
        return rf_error_set(err, RUFF_E_MISUSE, "%s: %s", bad, poptStrerror(code));
    RF_VECTOR(const char *) names = {0};
    for (size_t i = 0; i + 1 < table->count; i++) rf_vector_push(&names, table->data[i].longName);
    char *word = rf_strndup(bad + strspn(bad, "-"), strcspn(bad + strspn(bad, "-"), "="));
    const char *meant = nearest_name(word, names.data, names.count);
    rf_error_set(err, RUFF_E_MISUSE, "there is no option `%s`%s%s%s", bad,
                 meant ? "; did you mean --" : "; see --help", meant ? meant : "",
                 meant ? "?" : "");
    rf_free(word);
    rf_vector_release(&names);
    return RUFF_E_MISUSE;
}

static const char *keep(cli_kept *kept, const char *text)
{
    char *copy = rf_strdup(text);
    rf_vector_push(kept, copy);
    return copy;
}

static void take_rest(poptContext context, cli_kept *kept, cli_words *rest)
{
    RF_VECTOR(const char *) words = {0};
    const char *word;
    while ((word = poptGetArg(context))) rf_vector_push(&words, keep(kept, word));
    rest->count = words.count;
    rf_vector_push(&words, NULL);
    rest->data = words.data;
}

void cli_kept_release(cli_kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) rf_free(kept->data[i]);
    rf_vector_release(kept);
}

ruff_status cli_options_parse(cli_options *options, const cli_option_id *list, int argc,
                              const char *const *argv, bool stop_at_word, cli_kept *kept,
                              cli_words *rest, ruff_error *err)
{
    popt_table table = {0};
    add_rows(&table, cli_global_options);
    add_rows(&table, list);
    struct poptOption end = POPT_TABLEEND;
    rf_vector_push(&table, end);
    poptContext context = poptGetContext("ruffbench", argc, (const char **)argv, table.data,
                                         stop_at_word ? POPT_CONTEXT_POSIXMEHARDER : 0);
    ruff_status status = RUFF_OK;
    int code = 0;
    while (!status && (code = poptGetNextOpt(context)) > 0) {
        const cli_option_row *row = &rows[code];
        char *text = poptGetOptArg(context);
        status = set_value(options, row, text ? keep(kept, text) : NULL, err);
        rf_free(text);
    }
    if (!status && code < -1) status = explain(context, code, &table, err);
    if (!status) take_rest(context, kept, rest);
    poptFreeContext(context);
    rf_vector_release(&table);
    return status;
}
