#include "suite/schema.h"

#include "base/file.h"
#include "base/utf8.h"
#include "suite/nearest.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>

const cyaml_schema_value_t schema_text = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED)};

/* What libcyaml said: its first line is the complaint, the first "(line: L, column: C)" after it
 * the place. */
typedef struct complaint {
    rf_buffer text;
    unsigned line, column;
} complaint;

static void RF_PRINTF(3, 0)
    note_complaint(cyaml_log_t level, void *context, const char *format, va_list args)
{
    (void)level;
    complaint *said = context;
    char line[512];
    vsnprintf(line, sizeof line, format, args);
    line[strcspn(line, "\n")] = '\0';
    const char *text = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
    const char *place = strstr(text, "(line: ");
    if (place && !said->line) {
        if (sscanf(place, "(line: %u, column: %u", &said->line, &said->column) != 2) said->line = 0;
    }
    if (!place && !said->text.size && strcmp(text, "Backtrace:") != 0)
        rf_buffer_append_text(&said->text, text);
}

/* All keys that any mapping of the schema knows; enough to guess what a misspelt one meant. */
typedef RF_VECTOR(const char *) key_list;

static void collect_keys(const cyaml_schema_value_t *schema, key_list *keys)
{
    if (schema->type == CYAML_SEQUENCE) {
        collect_keys(schema->sequence.entry, keys);
    } else if (schema->type == CYAML_MAPPING) {
        for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key; field++) {
            rf_vector_push(keys, field->key);
            collect_keys(&field->value, keys);
        }
    }
}

static void report_unknown_key(const char *path, const char *key, const complaint *said,
                               const cyaml_schema_value_t *schema, const place_index *places,
                               suite_problems *problems)
{
    key_list keys = {0};
    collect_keys(schema, &keys);
    const char *meant = nearest_name(key, keys.data, keys.count);
    const place_entry *place = place_index_find_key(places, key, said->line);
    suite_problems_add(problems, SUITE_ERROR, path, place ? place->key_line : said->line,
                       place ? place->key_column : said->column, "unknown key `%s`%s%s%s", key,
                       meant ? "; did you mean `" : "; remove it", meant ? meant : "",
                       meant ? "`?" : "");
    rf_vector_release(&keys);
}

/* libcyaml's wording is kept where it is clear; a misspelt or repeated key gets the place of the
 * key itself. */
static void report_complaint(const char *path, cyaml_err_t error, const complaint *said,
                             const cyaml_schema_value_t *schema, const place_index *places,
                             suite_problems *problems)
{
    static const char unknown[] = "Unexpected key: ", repeated[] = "Mapping field already seen: ",
                      missing[] = "Missing required mapping field: ";
    const char *text = said->text.data ? said->text.data : cyaml_strerror(error);
    unsigned line = said->line, column = said->column;
    if (!line) line = column = 1;
    const place_entry *second = place_index_find_repeated(places);
    if (strncmp(text, unknown, sizeof unknown - 1) == 0)
        report_unknown_key(path, text + sizeof unknown - 1, said, schema, places, problems);
    else if (strncmp(text, repeated, sizeof repeated - 1) == 0)
        suite_problems_add(problems, SUITE_ERROR, path, second ? second->key_line : line,
                           second ? second->key_column : column,
                           "key `%s` stands here a second time; keep one of them",
                           text + sizeof repeated - 1);
    else if (strncmp(text, missing, sizeof missing - 1) == 0)
        suite_problems_add(problems, SUITE_ERROR, path, line, column,
                           "required key `%s` is missing", text + sizeof missing - 1);
    else
        suite_problems_add(problems, SUITE_ERROR, path, line, column, "%s", text);
}

/* A syntax error of YAML: libyaml knows the place, libcyaml hides it. */
static void report_syntax(const char *path, const rf_buffer *text, suite_problems *problems)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) return;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text->data, text->size);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            suite_problems_add(problems, SUITE_ERROR, path, (unsigned)parser.problem_mark.line + 1,
                               (unsigned)parser.problem_mark.column + 1, "%s",
                               parser.problem ? parser.problem : "not valid YAML");
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

static bool read_text(const char *path, rf_buffer *text, suite_problems *problems)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* reading a pipe would wait for ever */
        suite_problems_add(problems, SUITE_ERROR, path, 0, 0, "this is no file that holds text");
        return false;
    }
    ruff_error err = RUFF_ERROR_INIT;
    size_t bad = 0;
    bool fine = false;
    if (rf_file_read(path, text, &err))
        suite_problems_add(problems, SUITE_ERROR, path, 0, 0, "%s", err.message);
    else if (text->size == 0)
        suite_problems_add(problems, SUITE_ERROR, path, 0, 0, "the file is empty");
    else if (!rf_utf8_valid(text->data, text->size, &bad))
        suite_problems_add(problems, SUITE_ERROR, path, 0, 0,
                           "byte %zu is not UTF-8; save the file as UTF-8", bad);
    else
        fine = true;
    ruff_error_release(&err);
    return fine;
}

static cyaml_config_t config_with(complaint *said)
{
    return (cyaml_config_t){.log_fn = said ? note_complaint : NULL,
                            .log_ctx = said,
                            .log_level = CYAML_LOG_WARNING,
                            .mem_fn = cyaml_mem,
                            .flags = CYAML_CFG_NO_ALIAS};
}

bool schema_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                 place_index *places, suite_problems *problems)
{
    rf_buffer text = RF_BUFFER_INIT;
    complaint said = {.text = RF_BUFFER_INIT};
    *out = NULL;
    bool fine = read_text(path, &text, problems);
    if (fine) {
        place_index_build(places, text.data, text.size);
        cyaml_config_t config = config_with(&said);
        cyaml_err_t error =
            cyaml_load_data((const uint8_t *)text.data, text.size, &config, schema, out, NULL);
        if (error == CYAML_ERR_LIBYAML_PARSER)
            report_syntax(path, &text, problems);
        else if (error)
            report_complaint(path, error, &said, schema, places, problems);
        else if (!*out)
            suite_problems_add(problems, SUITE_ERROR, path, 1, 1, "the file holds no keys");
        fine = !error && *out;
    }
    rf_buffer_release(&said.text);
    rf_buffer_release(&text);
    return fine;
}

void schema_free(const cyaml_schema_value_t *schema, void *data)
{
    cyaml_config_t config = config_with(NULL);
    if (data) cyaml_free(&config, schema, data, 0);
}
