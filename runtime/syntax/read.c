#include "syntax/read.h"

#include "syntax/diagnostic.h"

#include <string.h>

enum { MAX_SOURCE_SIZE = 1048576 };

static rf_unit *new_unit(const char *path, const char *source, size_t size)
{
    rf_unit *unit = rf_new(rf_unit);
    unit->path = rf_arena_copy(&unit->arena, path, strlen(path));
    unit->source = rf_arena_copy(&unit->arena, source, size);
    unit->source_size = size;
    return unit;
}

static ruff_status report_size(size_t size, const char *path, ruff_error *err)
{
    rf_buffer message = RF_BUFFER_INIT;
    rf_buffer_format(&message, "Source size %zu bytes exceeds maximum allowed %d bytes", size, MAX_SOURCE_SIZE);
    ruff_status status = rf_report_parse_error(message.data, path, (rf_pos){1, 1}, err);
    rf_buffer_release(&message);
    return status;
}

ruff_status rf_reader_open(rf_reader *reader, const char *source, size_t size, const char *path, ruff_error *err)
{
    *reader = (rf_reader){0};
    if (size > MAX_SOURCE_SIZE) return report_size(size, path, err);
    reader->unit = new_unit(path, source, size);
    rf_literal_pool_init(&reader->pool, reader->unit);
    return RUFF_OK;
}

ruff_status rf_reader_lex(rf_reader *reader, bool keep_comments, ruff_error *err)
{
    const rf_unit *unit = reader->unit;
    rf_lex(unit->source, unit->source_size, &reader->pool, keep_comments, &reader->lexed);
    return reader->lexed.errors.count ? rf_report_lex_errors(&reader->lexed, unit->path, unit->source, err) : RUFF_OK;
}

ruff_status rf_reader_parse(rf_reader *reader, const rf_unit_options *options, uint8_t *roles, ruff_error *err)
{
    rf_parser *parser = &reader->parser;
    parser->unit = reader->unit;
    parser->pool = &reader->pool;
    parser->tokens = parser->token = reader->lexed.tokens.data;
    parser->is_repl = options->is_repl;
    parser->roles = roles;
    if (rf_parse_program(parser, options->with_tests)) return RUFF_OK;
    return rf_report_parse_error(parser->error.text.data, reader->unit->path, parser->error.pos, err);
}

rf_unit *rf_reader_take(rf_reader *reader)
{
    rf_unit *unit = reader->unit;
    reader->unit = NULL;
    return unit;
}

void rf_reader_close(rf_reader *reader)
{
    rf_parser_release(&reader->parser);
    rf_lexed_release(&reader->lexed);
    rf_literal_pool_release(&reader->pool);
    rf_unit_free(reader->unit);
    *reader = (rf_reader){0};
}
