#include "suite/answer_edit.h"

#include "base/error.h"
#include "base/file.h"
#include "suite/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *answer_with_kind(const char *digest)
{
    size_t length = strlen(digest), sign = digest[0] == '-';
    if (length > sign && strspn(digest + sign, "0123456789") == length - sign)
        return rf_format_text("%s:%s", sign ? "i64" : "u64", digest);
    char *end;
    strtod(digest, &end);
    if (length && *end == '\0') return rf_format_text("f64:%s", digest);
    if (length && strspn(digest, "0123456789abcdef") == length)
        return rf_format_text("hex:%s", digest);
    return NULL;
}

/* ---- places in the text ---- */

static size_t offset_of(const rf_buffer *text, unsigned line, unsigned column)
{
    size_t at = 0;
    for (unsigned i = 1; i < line; i++) {
        const char *newline = memchr(text->data + at, '\n', text->size - at);
        if (!newline) return text->size;
        at = (size_t)(newline - text->data) + 1;
    }
    return at + column - 1 < text->size ? at + column - 1 : text->size;
}

static void insert(rf_buffer *text, size_t at, const char *piece)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append(&out, text->data, at);
    rf_buffer_append_text(&out, piece);
    rf_buffer_append(&out, text->data + at, text->size - at);
    rf_buffer_release(text);
    *text = out;
}

/* The index of a benchmark in the file; -1 when it is not there. */
static int find_benchmark(const place_index *places, const rf_buffer *text, const char *name)
{
    for (int i = 0;; i++) {
        char path[64];
        snprintf(path, sizeof path, "benchmarks[%d].name", i);
        const place_entry *entry = place_index_find(places, path);
        if (!entry) return -1;
        const char *value = text->data + offset_of(text, entry->line, entry->column);
        value += *value == '"' || *value == '\'';
        size_t length = strlen(name);
        if (strncmp(value, name, length) == 0 && strchr("\n\r \"',}#", value[length])) return i;
    }
}

/* ---- the three forms ---- */

/* expect: { small: "u64:1" } */
static bool insert_into_flow(rf_buffer *text, size_t open, const char *pair)
{
    const char *close = memchr(text->data + open, '}', text->size - open);
    if (!close) return false;
    size_t at = (size_t)(close - text->data);
    while (at > open + 1 && text->data[at - 1] == ' ') at--;
    char *piece = rf_format_text("%s%s", text->data[at - 1] == '{' ? " " : ", ", pair);
    insert(text, at, piece);
    rf_free(piece);
    return true;
}

static void insert_line(rf_buffer *text, size_t line_start, unsigned indent, const char *pair)
{
    char *piece = rf_format_text("%*s%s\n", (int)indent, "", pair);
    insert(text, line_start, piece);
    rf_free(piece);
}

static bool edit(rf_buffer *text, const place_index *places, int index, const char *size,
                 const char *answer)
{
    char path[64], *pair = rf_format_text("%s: \"%s\"", size, answer);
    snprintf(path, sizeof path, "benchmarks[%d].expect", index);
    const place_entry *expect = place_index_find(places, path);
    snprintf(path, sizeof path, "benchmarks[%d].style", index);
    const place_entry *style = place_index_find(places, path);
    bool fine = true;
    if (expect) {
        size_t value = offset_of(text, expect->line, expect->column);
        if (text->data[value] == '{')
            fine = insert_into_flow(text, value, pair);
        else
            insert_line(text, offset_of(text, expect->line, 1), expect->column - 1, pair);
    } else if (style && style->key_column > 1) {
        char *whole = rf_format_text("expect: { %s }", pair);
        insert_line(text, offset_of(text, style->line + 1, 1), style->key_column - 1, whole);
        rf_free(whole);
    } else {
        fine = false;
    }
    rf_free(pair);
    return fine;
}

ruff_status answer_insert(const char *path, const char *benchmark, const char *size,
                          const char *answer, ruff_error *err)
{
    rf_buffer text = RF_BUFFER_INIT;
    place_index places = {0};
    ruff_status status = rf_file_read(path, &text, err);
    if (!status) {
        place_index_build(&places, text.data ? text.data : "", text.size);
        int index = text.data ? find_benchmark(&places, &text, benchmark) : -1;
        if (index < 0 || !edit(&text, &places, index, size, answer))
            status = rf_error_set(err, RUFF_E_SYNTAX,
                                  "%s: cannot be edited here; add `expect: { %s: \"%s\" }` to %s",
                                  path, size, answer, benchmark);
        else
            status = rf_file_replace(path, text.data, text.size, err);
    }
    place_index_release(&places);
    rf_buffer_release(&text);
    return status;
}
