/* Sorting the imports at the head of a program by module, where that cannot change what a name means. */
#include "syntax/format_piece.h"

#include <stdlib.h>
#include <string.h>

typedef struct import_line {
    size_t first, count; /* pieces */
    size_t path, path_end;
} import_line;

static size_t skip_kinds(const rf_piece_list *pieces, size_t at, size_t end, rf_token_kind a, rf_token_kind b)
{
    while (at < end && (pieces->data[at].kind == a || pieces->data[at].kind == b)) at++;
    return at;
}

/* Is the line that begins at piece `first` one whole import statement, at most with a comment behind it? */
static bool match_import(const rf_piece_list *pieces, size_t first, import_line *line)
{
    const rf_piece *p = pieces->data;
    size_t end = first + 1;
    while (end < pieces->count && !p[end].breaks) end++;
    *line = (import_line){first, end - first, first + 1, first + 1};
    bool goes_on = end < pieces->count && (p[end].kind == RF_TOKEN_DOT || p[end].kind == RF_TOKEN_COMMA);
    bool is_from = p[first].word == RF_WORD_FROM;
    if (goes_on || (!is_from && p[first].kind != RF_TOKEN_IMPORT)) return false;
    size_t last = rf_piece_is_comment(&p[end - 1]) ? end - 1 : end;
    size_t at = line->path_end = skip_kinds(pieces, first + 1, last, RF_TOKEN_NAME, RF_TOKEN_DOT);
    if (at == first + 1 || p[at - 1].kind != RF_TOKEN_NAME) return false;
    if (is_from) {
        if (at == last || p[at].kind != RF_TOKEN_IMPORT) return false;
        at = skip_kinds(pieces, at + 1, last, RF_TOKEN_NAME, RF_TOKEN_COMMA);
    }
    return at == last && p[last - 1].kind == RF_TOKEN_NAME;
}

static int compare_paths(const rf_piece_list *pieces, const import_line *a, const import_line *b)
{
    size_t i = a->path, j = b->path;
    for (; i < a->path_end && j < b->path_end; i++, j++) {
        const rf_piece *x = &pieces->data[i], *y = &pieces->data[j];
        size_t size = x->size < y->size ? x->size : y->size;
        int order = memcmp(x->text, y->text, size);
        if (order) return order;
        if (x->size != y->size) return x->size < y->size ? -1 : 1;
    }
    return (i < a->path_end) - (j < b->path_end);
}

typedef RF_VECTOR(import_line) import_list;

static int compare_texts(const void *left, const void *right)
{
    const rf_piece *a = *(const rf_piece *const *)left, *b = *(const rf_piece *const *)right;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* A name that two of them bind makes their order matter. */
static bool binds_twice(const rf_piece_list *pieces, const import_list *lines)
{
    RF_VECTOR(const rf_piece *) names = {0};
    bool found = false;
    for (size_t i = 0; i < lines->count; i++) {
        const import_line *line = &lines->data[i];
        for (size_t k = line->path_end; k < line->first + line->count; k++)
            if (pieces->data[k].kind == RF_TOKEN_NAME) rf_vector_push(&names, &pieces->data[k]);
        if (pieces->data[line->first].kind == RF_TOKEN_IMPORT)
            rf_vector_push(&names, &pieces->data[line->path_end - 1]);
    }
    qsort(names.data, names.count, sizeof *names.data, compare_texts);
    for (size_t i = 1; i < names.count && !found; i++) found = compare_texts(&names.data[i - 1], &names.data[i]) == 0;
    rf_vector_release(&names);
    return found;
}

static void sort_lines(const rf_piece_list *pieces, import_list *lines)
{
    for (size_t i = 1; i < lines->count; i++) { /* by insertion: stable, and the block is short */
        import_line line = lines->data[i];
        size_t at = i;
        for (; at && compare_paths(pieces, &lines->data[at - 1], &line) > 0; at--) lines->data[at] = lines->data[at - 1];
        lines->data[at] = line;
    }
}

/* Moves the pieces of lines into the order of lines, in place. */
static void move_pieces(rf_piece_list *pieces, size_t first, const import_list *lines)
{
    rf_piece_list sorted = {0};
    uint32_t breaks = pieces->data[first].breaks;
    for (size_t i = 0; i < lines->count; i++)
        for (size_t k = 0; k < lines->data[i].count; k++) {
            rf_piece p = pieces->data[lines->data[i].first + k];
            if (!k) p.breaks = i ? 1 : breaks;
            rf_vector_push(&sorted, p);
        }
    memcpy(&pieces->data[first], sorted.data, sorted.count * sizeof *sorted.data);
    rf_vector_release(&sorted);
}

enum { MOST_LINES = 1000 }; /* sorting by insertion: more is no program by hand */

void rf_piece_sort_imports(rf_piece_list *pieces)
{
    size_t first = 0;
    while (first < pieces->count && rf_piece_is_comment(&pieces->data[first])) first++;
    if (first && first < pieces->count && !pieces->data[first].breaks) return;
    import_list lines = {0};
    import_line line;
    for (size_t at = first; at < pieces->count && match_import(pieces, at, &line); at += line.count) {
        if (at > first && pieces->data[at].breaks != 1) break;
        rf_vector_push(&lines, line);
    }
    if (lines.count > 1 && lines.count <= MOST_LINES && !binds_twice(pieces, &lines)) {
        sort_lines(pieces, &lines);
        move_pieces(pieces, first, &lines);
    }
    rf_vector_release(&lines);
}
