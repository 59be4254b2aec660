/* CSV (BUILTINS 16): comma-separated, fields with special characters in quotes, quotes in them
 * doubled. */
#include <string.h>

#include "base/vector.h"
#include "lib/args.h"
#include "lib/arrays.h"
#include "lib/builtins.h"
#include "value/dict.h"
#include "value/format.h"

/* ---- reading ---- */

typedef struct reader {
    rf_isolate *isolate;
    const char *at, *end;
    rf_buffer field;      /* the field being read, when it is not a plain part of the text */
    bool ends_record;     /* the field read last ended its record */
    size_t record_number; /* 1 for the header */
} reader;

/* Passes over a line end at r->at. */
static void skip_line_end(reader *r)
{
    if (*r->at++ == '\r' && r->at < r->end && *r->at == '\n') r->at++;
}

/* Passes over the separator or line end after a field. */
static void end_field(reader *r)
{
    r->ends_record = r->at == r->end || *r->at != ',';
    if (r->at == r->end) return;
    if (*r->at == ',')
        r->at++;
    else
        skip_line_end(r);
}

static size_t plain_size(const reader *r)
{
    const char *at = r->at;
    while (at < r->end && *at != ',' && *at != '\n' && *at != '\r') at++;
    return (size_t)(at - r->at);
}

/* The text of the field at r->at, borrowed from the source or r->field. */
static const char *read_field(reader *r, size_t *size)
{
    const char *text = r->at;
    if (r->at == r->end || *r->at != '"') {
        *size = plain_size(r);
        r->at += *size;
        end_field(r);
        return text;
    }
    rf_buffer_clear(&r->field);
    r->at++;
    for (;;) {
        const char *quote = memchr(r->at, '"', (size_t)(r->end - r->at));
        const char *stop = quote ? quote : r->end; /* a quote that is never closed takes the rest */
        rf_buffer_append(&r->field, r->at, (size_t)(stop - r->at));
        r->at = quote ? quote + 1 : r->end;
        if (!quote || r->at == r->end || *r->at != '"') break;
        rf_buffer_append_byte(&r->field, '"');
        r->at++;
    }
    const size_t rest =
        plain_size(r); /* what stands after the closing quote belongs to the field */
    rf_buffer_append(&r->field, r->at, rest);
    r->at += rest;
    end_field(r);
    *size = r->field.size;
    return r->field.data ? r->field.data : "";
}

/* Only digits, signs, a point and an exponent: keeps words such as "inf" strings, and text with
 * spaces. */
static bool looks_numeric(const char *text, size_t size)
{
    bool has_digit = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            has_digit = true;
        else if (!text[i] || !strchr("+-.eE", text[i]))
            return false;
    }
    return has_digit;
}

static rf_value field_value(rf_isolate *isolate, const char *text, size_t size)
{
    int64_t whole;
    double real;
    if (looks_numeric(text, size)) {
        if (rf_parse_int(text, size, &whole)) return rf_int(whole);
        if (rf_parse_float(text, size, &real)) return rf_float(real);
    }
    return rf_string_new(isolate, text, size);
}

static void skip_blank_lines(reader *r)
{
    while (r->at < r->end && (*r->at == '\n' || *r->at == '\r')) skip_line_end(r);
}

/* The column names: an array of strings. */
static rf_value read_header(reader *r)
{
    rf_value names = rf_array_new(r->isolate, 0);
    do {
        size_t size;
        const char *text = read_field(r, &size);
        if (!rf_array_gather(r->isolate, &names, rf_string_new(r->isolate, text, size))) break;
    } while (!r->ends_record);
    return names;
}

static rf_value read_record(reader *r, const rf_array *names)
{
    rf_value record = rf_dict_new(r->isolate, names->length);
    uint32_t count = 0;
    do {
        size_t size;
        const char *text = read_field(r, &size);
        if (count < names->length) {
            const rf_key key = rf_key_from_string(names->as.values[count].as.string);
            if (!rf_dict_set(r->isolate, record.as.dict, key,
                             field_value(r->isolate, text, size))) {
                rf_release(r->isolate, record);
                return rf_raised();
            }
        }
        count++;
    } while (!r->ends_record);
    if (count == names->length) return record;
    rf_release(r->isolate, record);
    return rf_raise(r->isolate, "CSV parse error: record %zu has %u fields, the header has %u",
                    r->record_number, count, names->length);
}

rf_value rf_lib_parse_csv(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "parse_csv", args, 0)) return rf_raised();
    const rf_string *s = args[0].as.string;
    reader r = {.isolate = isolate, .at = s->text, .end = s->text + s->size, .record_number = 1};
    rf_value records = rf_array_new(isolate, 0);
    skip_blank_lines(&r);
    if (r.at < r.end) {
        rf_value names = read_header(&r);
        for (skip_blank_lines(&r); r.at < r.end; skip_blank_lines(&r)) {
            r.record_number++;
            if (!rf_array_gather(isolate, &records, read_record(&r, names.as.array))) break;
        }
        rf_release(isolate, names);
    }
    rf_buffer_release(&r.field);
    return records;
}

/* ---- writing ---- */

static void write_quoted(rf_buffer *out, const char *text, size_t size)
{
    rf_buffer_append_byte(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"') rf_buffer_append_byte(out, '"');
        rf_buffer_append_byte(out, text[i]);
    }
    rf_buffer_append_byte(out, '"');
}

static void write_text(rf_buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r') {
            write_quoted(out, text, size);
            return;
        }
    }
    rf_buffer_append(out, text, size);
}

static bool is_empty_field(rf_value v)
{
    return rf_is_kind(v, RF_KIND(RF_UNSET) | RF_KIND(RF_NULL) | RF_KIND(RF_ARRAY) |
                             RF_KIND(RF_DICT) | RF_KIND(RF_SET) | RF_KIND(RF_QUEUE) |
                             RF_KIND(RF_STACK) | RF_KIND(RF_STRUCT));
}

static bool write_field(rf_isolate *isolate, rf_value v, rf_buffer *out)
{
    if (is_empty_field(v)) return true;
    if (v.head == RF_STRING) {
        write_text(out, v.as.string->text, v.as.string->size);
        return true;
    }
    rf_value text = rf_to_string(isolate, v);
    if (rf_is_raised(text)) return false;
    write_text(out, text.as.string->text, text.as.string->size);
    rf_release(isolate, text);
    return true;
}

/* A record that consists of one empty field would be a blank line, which readers skip. */
static void end_record(rf_buffer *out, size_t start, uint32_t field_count)
{
    if (field_count == 1 && out->size == start) rf_buffer_append_text(out, "\"\"");
    rf_buffer_append_byte(out, '\n');
}

static bool write_array(rf_isolate *isolate, const rf_array *row, rf_buffer *out)
{
    const size_t start = out->size;
    for (uint32_t i = 0; i < row->length; i++) {
        if (i) rf_buffer_append_byte(out, ',');
        if (!write_field(isolate, rf_array_peek(row, i), out)) return false;
    }
    end_record(out, start, row->length);
    return true;
}

static bool write_dict(rf_isolate *isolate, const rf_dict *row, const rf_key *keys,
                       uint32_t key_count, rf_buffer *out)
{
    const size_t start = out->size;
    for (uint32_t i = 0; i < key_count; i++) {
        if (i) rf_buffer_append_byte(out, ',');
        rf_value v = rf_dict_get(row, keys[i]);
        const bool ok = write_field(isolate, v, out);
        rf_release(isolate, v);
        if (!ok) return false;
    }
    end_record(out, start, key_count);
    return true;
}

static void write_header(const rf_key *keys, uint32_t key_count, rf_buffer *out)
{
    const size_t start = out->size;
    for (uint32_t i = 0; i < key_count; i++) {
        if (i) rf_buffer_append_byte(out, ',');
        char small[24];
        size_t size;
        const char *text = rf_key_text(keys[i], small, &size);
        write_text(out, text, size);
    }
    end_record(out, start, key_count);
}

/* Rows are all of the kind of the first. */
static bool check_rows(rf_isolate *isolate, const rf_array *rows)
{
    if (rows->length == 0) {
        rf_raise(isolate, "to_csv expects at least one row");
        return false;
    }
    const uint64_t kind = rf_array_peek(rows, 0).head;
    for (uint32_t i = 0; i < rows->length; i++) {
        const rf_value row = rf_array_peek(rows, i);
        if (rf_is_kind(row, RF_KIND(RF_ARRAY) | RF_KIND(RF_DICT)) && row.head == kind) continue;
        rf_raise(isolate, "to_csv expects rows that are all dicts or all arrays, got %s as row %u",
                 rf_type_name(row), i + 1);
        return false;
    }
    return true;
}

static bool write_rows(rf_isolate *isolate, const rf_array *rows, rf_buffer *out)
{
    const rf_value first = rf_array_peek(rows, 0);
    rf_key *keys = NULL;
    uint32_t key_count = 0;
    if (first.head == RF_DICT) {
        keys = rf_dict_sorted_keys(isolate, first.as.dict, true);
        key_count = rf_dict_count(first.as.dict);
        write_header(keys, key_count, out);
    }
    bool ok = true;
    for (uint32_t i = 0; i < rows->length && ok; i++) {
        const rf_value row = rf_array_peek(rows, i);
        ok = row.head == RF_DICT ? write_dict(isolate, row.as.dict, keys, key_count, out)
                                 : write_array(isolate, row.as.array, out);
    }
    rf_free(keys);
    return ok;
}

rf_value rf_lib_to_csv(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_array(isolate, "to_csv", args, 0)) return rf_raised();
    if (!check_rows(isolate, args[0].as.array)) return rf_raised();
    rf_buffer out = RF_BUFFER_INIT;
    if (write_rows(isolate, args[0].as.array, &out)) return rf_string_take_buffer(isolate, &out);
    rf_buffer_release(&out);
    return rf_raised();
}
