/* Writes the tokens and comments of a source anew, with indentation and spaces by rule.  The parser says what a token
 * is used as where its kind leaves that open; the result is read once more and compared, so that a mistake here can
 * spoil the looks of a program but not its meaning. */
#include "syntax/format.h"

#include "base/utf8.h"
#include "syntax/format_piece.h"
#include "syntax/read.h"

#include <string.h>

typedef struct open_bracket {
    uint32_t level;  /* indentation of the line that opened it */
    bool is_body;
} open_bracket;

typedef struct layout {
    const rf_format_options *options;
    const rf_piece_list *pieces;
    rf_buffer *out;
    RF_VECTOR(open_bracket) brackets;
    const rf_piece *last_token; /* written so far, comments aside */
    uint32_t level;  /* of the current line; less once it has closed brackets of outer lines */
    size_t column;   /* characters on the current line */
} layout;

static bool is_opener(const rf_piece *p)
{
    return p->kind == RF_TOKEN_LEFT_PAREN || p->kind == RF_TOKEN_LEFT_BRACKET || p->kind == RF_TOKEN_LEFT_BRACE;
}

static bool is_closer(const rf_piece *p)
{
    return p->kind == RF_TOKEN_RIGHT_PAREN || p->kind == RF_TOKEN_RIGHT_BRACKET || p->kind == RF_TOKEN_RIGHT_BRACE;
}

static bool is_assign(const rf_piece *p)
{
    return p->kind >= RF_TOKEN_DEFINE && p->kind <= RF_TOKEN_MOD_ASSIGN;
}

/* ---- the pieces of the source ---- */

static void measure_gap(rf_piece *p, const char *from)
{
    const char *line = from;
    for (const char *at = from; at < p->text; at++) {
        if (*at != '\n' && *at != '\r') continue;
        if (*at == '\r' && at + 1 < p->text && at[1] == '\n') at++;
        p->breaks++;
        line = at + 1;
    }
    p->spaces = (uint32_t)(p->text - line);
}

static void collect_pieces(const rf_reader *reader, const uint8_t *roles, rf_piece_list *pieces)
{
    const char *source = reader->unit->source, *end = source;
    const rf_lexed *lexed = &reader->lexed;
    size_t comment = 0;
    for (size_t i = 0; i + 1 < lexed->tokens.count || comment < lexed->comments.count;) {
        const rf_token *token = &lexed->tokens.data[i];
        bool takes_comment = comment < lexed->comments.count &&
                             (token->kind == RF_TOKEN_EOF || lexed->comments.data[comment].offset < token->offset);
        rf_piece p = {.kind = RF_TOKEN_EOF};
        if (takes_comment) {
            p.text = source + lexed->comments.data[comment].offset;
            p.size = lexed->comments.data[comment++].size;
        } else {
            uint32_t next = rf_parser_after_string(&reader->parser, (uint32_t)i); /* one on, past a whole template */
            const rf_token *last = &lexed->tokens.data[next - 1];
            p = (rf_piece){.kind = token->kind, .role = roles[i], .word = token->word, .text = source + token->offset,
                        .size = last->offset + last->size - token->offset};
            i = next;
            while (comment < lexed->comments.count && source + lexed->comments.data[comment].offset < p.text + p.size)
                comment++; /* inside the interpolation */
        }
        measure_gap(&p, end);
        end = p.text + p.size;
        rf_vector_push(pieces, p);
    }
}

/* ---- spaces between two pieces of a line ---- */

/* Would the two tokens be read as one, or as a comment, without a space? */
static bool would_merge(const rf_piece *a, const rf_piece *b)
{
    static const char *const pairs[] = {"?.", "??", "||", "|>", "::", ":=", "..", "==", "!=", "<=", ">=", "+=", "-=",
                                        "*=", "/=", "%=", "->", "&&", "//", "/*"};
    if (a->kind >= RF_TOKEN_NAME || b->kind >= RF_TOKEN_NAME) return a->kind >= RF_TOKEN_NAME && b->kind >= RF_TOKEN_NAME;
    const char joined[2] = {a->text[a->size - 1], b->text[0]};
    for (size_t i = 0; i < RF_COUNT_OF(pairs); i++)
        if (memcmp(pairs[i], joined, 2) == 0) return true;
    return false;
}

/* the bracket whose inside touches nothing: () [] {} and the braces of dicts and patterns */
static bool is_tight(const layout *l)
{
    return l->brackets.count == 0 || !rf_vector_last(&l->brackets).is_body;
}

static bool wants_space(const layout *l, const rf_piece *a, const rf_piece *b)
{
    if (is_opener(a)) return !is_closer(b) && a->kind == RF_TOKEN_LEFT_BRACE && a->role == RF_ROLE_BODY;
    if (is_closer(b)) return b->kind == RF_TOKEN_RIGHT_BRACE && !is_tight(l);
    switch (b->kind) {
    case RF_TOKEN_COMMA: case RF_TOKEN_SEMICOLON: case RF_TOKEN_COLON: case RF_TOKEN_DOT: case RF_TOKEN_OPTIONAL_DOT:
    case RF_TOKEN_PATH: return false;
    case RF_TOKEN_LESS: case RF_TOKEN_GREATER:
        if (b->role == RF_ROLE_TYPE) return false;
        break;
    case RF_TOKEN_LEFT_PAREN: case RF_TOKEN_LEFT_BRACKET:
        if (b->role == RF_ROLE_TYPE) return a->role != RF_ROLE_TYPE;
        break;
    default: break;
    }
    if (b->role == RF_ROLE_SUFFIX || b->role == RF_ROLE_LAMBDA_CLOSE) return b->kind == RF_TOKEN_OR_OR;
    if (b->kind == RF_TOKEN_QUESTION) return false;
    switch (a->kind) {
    case RF_TOKEN_DOT: case RF_TOKEN_OPTIONAL_DOT: case RF_TOKEN_PATH: case RF_TOKEN_ELLIPSIS: return false;
    case RF_TOKEN_LESS: return a->role != RF_ROLE_TYPE;
    default: break;
    }
    return a->role != RF_ROLE_PREFIX && a->role != RF_ROLE_LAMBDA_OPEN;
}

static size_t space_between(const layout *l, const rf_piece *a, const rf_piece *b)
{
    if (rf_piece_is_comment(b)) return b->spaces ? b->spaces : 1;
    if (rf_piece_is_comment(a)) return 1;
    return wants_space(l, a, b) || would_merge(a, b);
}

/* ---- writing ---- */

static size_t count_columns(const char *text, size_t size)
{
    return rf_utf8_count(text, size);
}

/* Line ends become LF; of comments, spaces at the end of a line are dropped. */
static void put_text(layout *l, const rf_piece *p)
{
    size_t line = l->out->size;
    for (uint32_t i = 0; i < p->size; i++) {
        char c = p->text[i];
        bool is_end = c == '\n' || c == '\r';
        if (c == '\r' && i + 1 < p->size && p->text[i + 1] == '\n') i++;
        if (!is_end) {
            rf_buffer_append_byte(l->out, c);
            continue;
        }
        while (rf_piece_is_comment(p) && l->out->size > line && strchr(" \t", l->out->data[l->out->size - 1])) l->out->size--;
        rf_buffer_append_byte(l->out, '\n');
        line = l->out->size;
        l->column = 0;
    }
    while (rf_piece_is_comment(p) && l->out->size > line && strchr(" \t", l->out->data[l->out->size - 1])) l->out->size--;
    l->column += count_columns(l->out->data + line, l->out->size - line);
}

static bool continues_line(const layout *l, size_t index)
{
    const rf_piece *p = &l->pieces->data[index];
    if (p->kind == RF_TOKEN_DOT || p->kind == RF_TOKEN_OPTIONAL_DOT || p->role == RF_ROLE_BINARY) return true;
    const rf_piece *before = l->last_token;
    if (!before) return false;
    bool goes_on = before->kind == RF_TOKEN_COMMA && !l->brackets.count; /* names of an import */
    return before->role == RF_ROLE_BINARY || is_assign(before) || goes_on;
}

/* The level of a line that begins with piece `index`: one more than the line that opened the innermost bracket, or
 * as much as that line when the bracket is closed at once. */
static uint32_t level_of_line(const layout *l, size_t index)
{
    size_t depth = l->brackets.count;
    for (size_t i = index; i < l->pieces->count && depth && is_closer(&l->pieces->data[i]); i++) {
        if (i > index && l->pieces->data[i].breaks) break;
        depth--;
    }
    if (depth < l->brackets.count) return l->brackets.data[depth].level;
    uint32_t level = depth ? l->brackets.data[depth - 1].level + 1 : 0;
    return level + continues_line(l, index);
}

static void start_line(layout *l, size_t index, uint32_t breaks)
{
    for (uint32_t i = 0; i < breaks; i++) rf_buffer_append_byte(l->out, '\n');
    l->level = level_of_line(l, index);
    l->column = (size_t)l->level * (size_t)l->options->indent;
    for (size_t i = 0; i < l->column; i++) rf_buffer_append_byte(l->out, ' ');
}

/* Characters of the pieces from index up to the next comma or the end of their line. */
static size_t chunk_width(const layout *l, size_t index)
{
    size_t width = 0;
    for (size_t i = index; i < l->pieces->count; i++) {
        const rf_piece *p = &l->pieces->data[i];
        if (i > index && (p->breaks || rf_piece_is_comment(p))) break;
        if (i > index) width += space_between(l, p - 1, p);
        const char *end = memchr(p->text, '\n', p->size);
        width += count_columns(p->text, end ? (size_t)(end - p->text) : p->size);
        if (p->kind == RF_TOKEN_COMMA || end) break;
    }
    return width;
}

static bool must_break(const layout *l, size_t index)
{
    const rf_piece *p = &l->pieces->data[index];
    if (p[-1].kind != RF_TOKEN_COMMA || rf_piece_is_comment(p) || is_closer(p)) return false;
    return l->column + 1 + chunk_width(l, index) > (size_t)l->options->line_length;
}

static void track_brackets(layout *l, const rf_piece *p)
{
    if (is_opener(p)) {
        bool is_body = p->kind == RF_TOKEN_LEFT_BRACE && p->role == RF_ROLE_BODY;
        rf_vector_push(&l->brackets, ((open_bracket){l->level, is_body}));
    } else if (is_closer(p) && l->brackets.count) {
        open_bracket closed = rf_vector_pop(&l->brackets);
        if (closed.level < l->level) l->level = closed.level;
    }
}

static void put_piece(layout *l, size_t index)
{
    const rf_piece *p = &l->pieces->data[index];
    if (!index) {
        start_line(l, index, 0);
    } else if (p->breaks) {
        start_line(l, index, p->breaks);
    } else if (must_break(l, index)) {
        start_line(l, index, 1);
    } else {
        size_t spaces = space_between(l, p - 1, p);
        for (size_t i = 0; i < spaces; i++) rf_buffer_append_byte(l->out, ' ');
        l->column += spaces;
    }
    put_text(l, p);
    track_brackets(l, p);
    if (!rf_piece_is_comment(p)) l->last_token = p;
}

/* ---- the same program? ---- */

static bool is_same_text(const rf_piece *a, const rf_piece *b)
{
    uint32_t i = 0, k = 0;
    while (i < a->size && k < b->size) {
        char c = a->text[i++], d = b->text[k++];
        if (c == '\r') {
            i += i < a->size && a->text[i] == '\n';
            c = '\n';
        }
        if (c != d) return false;
    }
    return i == a->size && k == b->size;
}

/* The tokens must be the same, and stand on new lines where they did; only behind a comma a line may be broken. */
static bool has_same_tokens(const rf_piece_list *wanted, const rf_piece_list *written)
{
    size_t k = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        const rf_piece *a = &wanted->data[i];
        if (rf_piece_is_comment(a)) continue;
        while (k < written->count && rf_piece_is_comment(&written->data[k])) k++;
        if (k == written->count) return false;
        const rf_piece *b = &written->data[k++];
        if (a->kind != b->kind || !is_same_text(a, b)) return false;
        bool is_broken = (a->breaks == 0) != (b->breaks == 0);
        if (i && is_broken && a[-1].kind != RF_TOKEN_COMMA) return false;
    }
    while (k < written->count && rf_piece_is_comment(&written->data[k])) k++;
    return k == written->count;
}

static bool is_same_program(const rf_piece_list *wanted, const char *text, size_t size)
{
    rf_reader reader;
    rf_piece_list written = {0};
    bool is_same = false;
    if (!rf_reader_open(&reader, text, size, "", NULL) && !rf_reader_lex(&reader, true, NULL)) {
        uint8_t *roles = rf_alloc_zero(reader.lexed.tokens.count);
        reader.parser.tokens = reader.lexed.tokens.data;
        collect_pieces(&reader, roles, &written);
        is_same = has_same_tokens(wanted, &written);
        rf_free(roles);
    }
    rf_vector_release(&written);
    rf_reader_close(&reader);
    return is_same;
}

/* ---- the whole source ---- */

static void write_all(const rf_piece_list *pieces, const rf_format_options *options, rf_buffer *out)
{
    layout l = {.options = options, .pieces = pieces, .out = out};
    size_t start = out->size;
    for (size_t i = 0; i < pieces->count; i++) put_piece(&l, i);
    if (out->size > start) rf_buffer_append_byte(out, '\n');
    rf_vector_release(&l.brackets);
}

ruff_status rf_source_format(const char *source, size_t size, const char *path, const rf_format_options *options,
                             rf_buffer *out, ruff_error *err)
{
    const rf_unit_options unit_options = {.path = path};
    rf_reader reader;
    uint8_t *roles = NULL;
    rf_piece_list pieces = {0};
    ruff_status status = rf_reader_open(&reader, source, size, path, err);
    if (status) goto done;
    status = rf_reader_lex(&reader, true, err);
    if (status) goto done;
    roles = rf_alloc_zero(reader.lexed.tokens.count);
    status = rf_reader_parse(&reader, &unit_options, roles, err);
    if (status) goto done;
    collect_pieces(&reader, roles, &pieces);
    if (options->sort_imports) rf_piece_sort_imports(&pieces);
    rf_buffer_reserve(out, 1); /* so that there is text even when it is empty */
    size_t start = out->size;
    write_all(&pieces, options, out);
    if (!is_same_program(&pieces, out->data + start, out->size - start)) { /* rather leave it as it is */
        out->size = start;
        rf_buffer_append(out, source, size);
    }
done:
    rf_vector_release(&pieces);
    rf_free(roles);
    rf_reader_close(&reader);
    return status;
}
