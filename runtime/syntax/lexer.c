/* The lexer: one pass over the source, tokens appended to one vector.
 *
 * A string with interpolation becomes HEAD expr MIDDLE expr ... TAIL in the token stream; a stack of open templates
 * with their brace depth says whether a `}` goes on with the string.  Opening brackets learn the index of their
 * partner, so that the parser can look past a pair in one step.  Nothing stops at an error: all are collected, one
 * a token, and sorted at the end because an unclosed string is noticed at the end but blamed on its quote. */
#include "syntax/lexer.h"

#include "base/utf8.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_IDENTIFIER = 256, MAX_NUMBER = 512, MAX_SEGMENT = 8192 };

typedef struct open_template {
    rf_pos open;
    uint32_t open_offset;
    uint32_t braces;
    uint32_t bracket_base; /* brackets below this index belong to the text around the template */
    bool is_too_long;
} open_template;

typedef struct lexer {
    const char *source;
    const char *at, *end;
    const char *line_start;
    uint32_t line;
    uint32_t continuation; /* bytes of this line so far that start no character */
    bool after_break;
    bool keep_comments;
    rf_literal_pool *pool;
    rf_lexed *out;
    rf_buffer text; /* of the string being read, when it differs from the source */
    RF_VECTOR(open_template) templates;
    RF_VECTOR(uint32_t) brackets;
    locale_t c_locale; /* made at the first float that needs strtod_l */
} lexer;

/* ---- characters ---- */

enum { SPACE = 1, LINE = 2, DIGIT = 4, LETTER = 8, QUOTE_STOP = 16 };

static const uint8_t char_class[256] = {
    [' '] = SPACE, ['\t'] = SPACE, ['\n'] = LINE | QUOTE_STOP, ['\r'] = LINE | QUOTE_STOP,
    ['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT, ['4'] = DIGIT, ['5'] = DIGIT,
    ['6'] = DIGIT, ['7'] = DIGIT, ['8'] = DIGIT, ['9'] = DIGIT, ['_'] = LETTER,
    ['A'] = LETTER, ['B'] = LETTER, ['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER, ['F'] = LETTER,
    ['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER, ['K'] = LETTER, ['L'] = LETTER,
    ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER, ['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER,
    ['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER, ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER,
    ['Y'] = LETTER, ['Z'] = LETTER, ['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER,
    ['e'] = LETTER, ['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER,
    ['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER,
    ['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER, ['v'] = LETTER,
    ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER, ['z'] = LETTER,
    [0] = QUOTE_STOP, ['"'] = QUOTE_STOP, ['\''] = QUOTE_STOP, ['\\'] = QUOTE_STOP, ['$'] = QUOTE_STOP,
};

static bool has_class(char c, unsigned wanted)
{
    return (char_class[(unsigned char)c] & wanted) != 0;
}

/* the code points beyond ASCII that may continue an identifier (LANGUAGE 2.2) */
static bool continues_identifier(uint32_t c)
{
    return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x2BFF) &&
           !(c >= 0x3000 && c <= 0x303F) && !(c >= 0xFE00 && c <= 0xFE0F) &&
           !(c >= 0x1F000 && c <= 0x1FAFF);
}

static rf_pos here(const lexer *x)
{
    return (rf_pos){x->line, (uint32_t)(x->at - x->line_start) - x->continuation + 1};
}

static uint32_t offset_of(const lexer *x, const char *at)
{
    return (uint32_t)(at - x->source);
}

static void add_error(lexer *x, rf_lex_fault fault, rf_pos pos, const char *at, size_t size)
{
    rf_vector_push(&x->out->errors, ((rf_lex_error){fault, pos, offset_of(x, at), (uint32_t)size}));
}

/* Steps over one character that is neither ASCII nor a line end; a bad byte counts as one. */
static uint32_t skip_wide(lexer *x)
{
    uint32_t code_point = 0;
    unsigned width = rf_utf8_decode(x->at, (size_t)(x->end - x->at), &code_point);
    if (!width) {
        x->at++;
        return 0;
    }
    x->at += width;
    x->continuation += width - 1;
    return code_point;
}

/* at a line end: steps over it (CRLF is one) */
static void skip_line_end(lexer *x)
{
    if (*x->at == '\r' && x->at + 1 < x->end && x->at[1] == '\n') x->at++;
    x->at++;
    x->line++;
    x->line_start = x->at;
    x->continuation = 0;
    x->after_break = true;
}

static rf_token *add_token(lexer *x, rf_token_kind kind, rf_pos pos, const char *start)
{
    rf_token token = {.kind = (uint8_t)kind, .after_break = x->after_break, .pos = pos,
                      .offset = offset_of(x, start), .size = (uint32_t)(x->at - start)};
    x->after_break = false;
    rf_vector_push(&x->out->tokens, token);
    return &rf_vector_last(&x->out->tokens);
}

/* ---- comments ---- */

static void skip_line_comment(lexer *x)
{
    while (x->at < x->end) {
        char c = *x->at;
        if (has_class(c, LINE)) return;
        if ((unsigned char)c >= 0x80) {
            skip_wide(x);
            continue;
        }
        if (c == '\0') add_error(x, RF_LEX_NULL_BYTE, here(x), x->at, 1);
        x->at++;
    }
}

static void skip_block_comment(lexer *x)
{
    rf_pos pos = here(x);
    const char *start = x->at;
    x->at += 2;
    while (x->at < x->end) {
        char c = *x->at;
        if (c == '*' && x->at + 1 < x->end && x->at[1] == '/') {
            x->at += 2;
            return;
        }
        if (has_class(c, LINE)) {
            skip_line_end(x);
            continue;
        }
        if ((unsigned char)c >= 0x80) {
            skip_wide(x);
            continue;
        }
        if (c == '\0') add_error(x, RF_LEX_NULL_BYTE, here(x), x->at, 1);
        x->at++;
    }
    add_error(x, RF_LEX_OPEN_COMMENT, pos, start, 0);
}

/* Steps over white space and comments; false at the end. */
static bool skip_blank(lexer *x)
{
    for (;;) {
        while (x->at < x->end && has_class(*x->at, SPACE)) x->at++;
        if (x->at >= x->end) return false;
        char c = *x->at;
        if (has_class(c, LINE)) {
            skip_line_end(x);
            continue;
        }
        char next = x->at + 1 < x->end ? x->at[1] : '\0';
        bool is_line = c == '#' || (c == '/' && next == '/');
        if (!is_line && !(c == '/' && next == '*')) return true;
        const char *start = x->at;
        rf_pos pos = here(x);
        if (is_line)
            skip_line_comment(x);
        else
            skip_block_comment(x);
        if (x->keep_comments)
            rf_vector_push(&x->out->comments, ((rf_comment){pos, offset_of(x, start),
                                                            (uint32_t)(x->at - start)}));
    }
}

/* ---- words and numbers ---- */

/* Steps over letters, digits and what else continues an identifier; the number of characters. */
static size_t skip_word(lexer *x)
{
    size_t count = 0;
    for (;;) {
        const char *start = x->at;
        while (x->at < x->end && has_class(*x->at, LETTER | DIGIT)) x->at++;
        count += (size_t)(x->at - start);
        if (x->at >= x->end || (unsigned char)*x->at < 0x80) return count;
        uint32_t code_point;
        unsigned width = rf_utf8_decode(x->at, (size_t)(x->end - x->at), &code_point);
        if (!width || !continues_identifier(code_point)) return count;
        x->at += width;
        x->continuation += width - 1;
        count++;
    }
}

static void lex_word(lexer *x)
{
    rf_pos pos = here(x);
    const char *start = x->at;
    if (skip_word(x) > MAX_IDENTIFIER) add_error(x, RF_LEX_LONG_IDENTIFIER, pos, start, 0);
    const rf_pool_entry *entry = rf_literal_pool_intern(x->pool, start, (size_t)(x->at - start));
    rf_token *token = add_token(x, entry->kind, pos, start);
    token->word = entry->word;
    token->as.symbol = entry->symbol;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

static bool is_digit_at(const lexer *x, const char *at, int base)
{
    return at < x->end && digit_value(*at) < base;
}

/* digits of base, `_` allowed between two of them */
static const char *skip_digits(const lexer *x, const char *at, int base)
{
    while (is_digit_at(x, at, base) || (at < x->end && *at == '_' && is_digit_at(x, at + 1, base))) at++;
    return at;
}

static int prefix_base(const lexer *x)
{
    if (*x->at != '0' || x->at + 1 >= x->end) return 10;
    int base = 10;
    switch (x->at[1]) {
    case 'x': case 'X': base = 16; break;
    case 'b': case 'B': base = 2; break;
    case 'o': case 'O': base = 8; break;
    default: break;
    }
    return is_digit_at(x, x->at + 2, base) ? base : 10;
}

/* false on overflow */
static bool parse_integer(const char *at, const char *end, int base, int64_t *out)
{
    int64_t value = 0;
    for (; at < end; at++) {
        if (*at == '_') continue;
        if (__builtin_mul_overflow(value, base, &value)) return false;
        if (__builtin_add_overflow(value, digit_value(*at), &value)) return false;
    }
    *out = value;
    return true;
}

/* The host may have chosen another decimal point, so plain strtod will not do. */
static double parse_float(lexer *x, const char *at, const char *end)
{
    char text[MAX_NUMBER + 1];
    size_t size = 0;
    for (; at < end && size < MAX_NUMBER; at++)
        if (*at != '_') text[size++] = *at;
    text[size] = '\0';
    if (!x->c_locale) x->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return strtod_l(text, NULL, x->c_locale);
}

typedef struct number_form {
    const char *digits, *end; /* without the prefix; the end of what is well formed */
    int base;
    bool is_float;
} number_form;

static number_form scan_number(const lexer *x)
{
    number_form form = {.digits = x->at, .base = prefix_base(x)};
    if (form.base != 10) form.digits += 2;
    const char *at = skip_digits(x, form.digits, form.base);
    if (form.base == 10 && at < x->end && *at == '.' && is_digit_at(x, at + 1, 10)) {
        form.is_float = true;
        at = skip_digits(x, at + 1, 10);
    }
    if (form.base == 10 && at < x->end && (*at == 'e' || *at == 'E')) {
        const char *exponent = at + 1;
        if (exponent < x->end && (*exponent == '+' || *exponent == '-')) exponent++;
        if (is_digit_at(x, exponent, 10)) {
            form.is_float = true;
            at = skip_digits(x, exponent, 10);
        }
    }
    form.end = at;
    return form;
}

static void lex_number(lexer *x)
{
    rf_pos pos = here(x);
    const char *start = x->at;
    const number_form form = scan_number(x);
    x->at = form.end;
    size_t length = (size_t)(form.end - start) + skip_word(x);
    rf_token *token = add_token(x, form.is_float ? RF_TOKEN_FLOAT : RF_TOKEN_INT, pos, start);
    bool fits = true;
    if (length > MAX_NUMBER) {
        add_error(x, RF_LEX_LONG_NUMBER, pos, start, 0);
    } else if (x->at != form.end) {
        add_error(x, RF_LEX_MALFORMED_NUMBER, pos, start, (size_t)(x->at - start));
    } else if (form.is_float) {
        token->as.number = parse_float(x, start, form.end);
        fits = !isinf(token->as.number);
    } else {
        fits = parse_integer(form.digits, form.end, form.base, &token->as.integer);
    }
    if (!fits) add_error(x, RF_LEX_NUMBER_OVERFLOW, pos, start, (size_t)(x->at - start));
}

/* ---- strings ---- */

/* Up to `most` hexadecimal digits; how many were read. */
static unsigned read_hex(lexer *x, unsigned most, uint32_t *value)
{
    unsigned count = 0;
    *value = 0;
    for (; count < most && is_digit_at(x, x->at + count, 16); count++)
        *value = *value << 4 | (uint32_t)digit_value(x->at[count]);
    return count;
}

static bool read_unicode_escape(lexer *x, uint32_t *value)
{
    if (x->at < x->end && *x->at == '{') {
        x->at++;
        unsigned count = read_hex(x, 6, value);
        x->at += count;
        if (!count || x->at >= x->end || *x->at != '}') return false;
        x->at++;
    } else {
        if (read_hex(x, 4, value) != 4) return false;
        x->at += 4;
    }
    return *value <= 0x10FFFF && !(*value >= 0xD800 && *value < 0xE000);
}

/* After the backslash: steps over the escape and appends its character.  On a bad one the string goes on after
 * the character that follows the backslash. */
static size_t lex_escape(lexer *x)
{
    if (x->at >= x->end) return 0;
    rf_pos pos = here(x);
    const char *start = x->at;
    uint32_t value = 0;
    bool is_valid = true;
    x->at++;
    switch (*start) {
    case 'n': value = '\n'; break;
    case 't': value = '\t'; break;
    case 'r': value = '\r'; break;
    case '0': value = '\0'; break;
    case '\\': case '"': case '\'': case '$': value = (unsigned char)*start; break;
    case 'x':
        is_valid = read_hex(x, 2, &value) == 2;
        if (is_valid) x->at += 2;
        break;
    case 'u': is_valid = read_unicode_escape(x, &value); break;
    default: is_valid = false; break;
    }
    if (is_valid) {
        rf_buffer_append_utf8(&x->text, value);
        return 1;
    }
    x->at = start;
    if (has_class(*start, LINE))
        skip_line_end(x);
    else if ((unsigned char)*start >= 0x80)
        skip_wide(x);
    else
        x->at++;
    add_error(x, RF_LEX_INVALID_ESCAPE, pos, start, (size_t)(x->at - start));
    return 0;
}

typedef enum segment_end { SEGMENT_CLOSED, SEGMENT_OPENS_EXPRESSION, SEGMENT_UNTERMINATED } segment_end;

/* Reads string text up to the quote or `${` and past that; *literal is its text. */
static segment_end lex_segment(lexer *x, char quote, uint32_t *literal, bool *is_too_long)
{
    const char *run = x->at; /* start of what has not been copied to x->text */
    size_t length = 0;
    bool is_copied = false;
    bool had_break = x->after_break; /* breaks inside a string do not separate tokens */
    segment_end result = SEGMENT_UNTERMINATED;
    const char *stop = x->end;
    rf_buffer_clear(&x->text);
    while (x->at < x->end) {
        char c = *x->at;
        if ((unsigned char)c >= 0x80) {
            skip_wide(x);
            length++;
            continue;
        }
        if (!has_class(c, QUOTE_STOP)) {
            x->at++;
            length++;
            continue;
        }
        if (c == quote) {
            result = SEGMENT_CLOSED;
            stop = x->at++;
            break;
        }
        if (c == '$' && quote == '"' && x->at + 1 < x->end && x->at[1] == '{') {
            result = SEGMENT_OPENS_EXPRESSION;
            stop = x->at;
            x->at += 2;
            break;
        }
        if (c == '\0') add_error(x, RF_LEX_NULL_BYTE, here(x), x->at, 1);
        if (c != '\\' && c != '\r') {
            length++;
            if (c == '\n')
                skip_line_end(x);
            else
                x->at++;
            continue;
        }
        rf_buffer_append(&x->text, run, (size_t)(x->at - run));
        is_copied = true;
        if (c == '\\') {
            x->at++;
            length += lex_escape(x);
        } else {
            skip_line_end(x);
            rf_buffer_append_byte(&x->text, '\n');
            length++;
        }
        run = x->at;
    }
    x->after_break = had_break;
    if (length > MAX_SEGMENT) *is_too_long = true;
    if (is_copied) {
        rf_buffer_append(&x->text, run, (size_t)(stop - run));
        *literal = rf_literal_pool_intern(x->pool, x->text.data, x->text.size)->symbol->literal;
    } else {
        *literal = rf_literal_pool_intern(x->pool, run, (size_t)(stop - run))->symbol->literal;
    }
    return result;
}

static void report_string(lexer *x, const open_template *string, bool is_unterminated, rf_lex_fault fault)
{
    const char *at = x->source + string->open_offset;
    if (string->is_too_long)
        add_error(x, RF_LEX_LONG_STRING, string->open, at, 0);
    else if (is_unterminated)
        add_error(x, fault, string->open, at, 0);
}

/* at the opening quote */
static void lex_string(lexer *x)
{
    open_template string = {.open = here(x), .open_offset = offset_of(x, x->at)};
    const char *start = x->at;
    char quote = *x->at++;
    uint32_t literal;
    segment_end end = lex_segment(x, quote, &literal, &string.is_too_long);
    bool is_head = end == SEGMENT_OPENS_EXPRESSION;
    add_token(x, is_head ? RF_TOKEN_TEMPLATE_HEAD : RF_TOKEN_STRING, string.open, start)->as.literal = literal;
    if (is_head) {
        string.bracket_base = (uint32_t)x->brackets.count;
        rf_vector_push(&x->templates, string);
    } else {
        report_string(x, &string, end == SEGMENT_UNTERMINATED, RF_LEX_OPEN_STRING);
    }
}

/* at the `}` that ends an interpolated expression */
static void lex_template_rest(lexer *x)
{
    open_template *string = &rf_vector_last(&x->templates);
    rf_pos pos = here(x);
    const char *start = x->at++;
    uint32_t literal;
    segment_end end = lex_segment(x, '"', &literal, &string->is_too_long);
    bool is_middle = end == SEGMENT_OPENS_EXPRESSION;
    add_token(x, is_middle ? RF_TOKEN_TEMPLATE_MIDDLE : RF_TOKEN_TEMPLATE_TAIL, pos, start)->as.literal = literal;
    x->brackets.count = string->bracket_base;
    if (is_middle) return;
    report_string(x, string, end == SEGMENT_UNTERMINATED, RF_LEX_OPEN_STRING);
    x->templates.count--;
}

/* ---- punctuation ---- */

static void open_bracket(lexer *x, rf_token_kind kind, rf_pos pos)
{
    const char *start = x->at++;
    rf_vector_push(&x->brackets, (uint32_t)x->out->tokens.count);
    if (kind == RF_TOKEN_LEFT_BRACE && x->templates.count) rf_vector_last(&x->templates).braces++;
    add_token(x, kind, pos, start);
}

static void close_bracket(lexer *x, rf_token_kind kind, rf_pos pos)
{
    if (kind == RF_TOKEN_RIGHT_BRACE && x->templates.count) {
        open_template *string = &rf_vector_last(&x->templates);
        if (!string->braces) {
            lex_template_rest(x);
            return;
        }
        string->braces--;
    }
    const char *start = x->at++;
    uint32_t base = x->templates.count ? rf_vector_last(&x->templates).bracket_base : 0;
    if (x->brackets.count > base) {
        rf_token *opener = &x->out->tokens.data[rf_vector_last(&x->brackets)];
        if (opener->kind == kind - 1) { /* the list of tokens has each closer after its opener */
            opener->as.partner = (uint32_t)x->out->tokens.count;
            x->brackets.count--;
        }
    }
    add_token(x, kind, pos, start);
}

_Static_assert(RF_TOKEN_RIGHT_PAREN == RF_TOKEN_LEFT_PAREN + 1 &&
                   RF_TOKEN_RIGHT_BRACKET == RF_TOKEN_LEFT_BRACKET + 1 &&
                   RF_TOKEN_RIGHT_BRACE == RF_TOKEN_LEFT_BRACE + 1,
               "close_bracket finds the opener by number");

/* The operator at x->at by longest match and its size; EOF when there is none. */
static rf_token_kind find_operator(const lexer *x, unsigned *size)
{
    char c = *x->at;
    char n = x->at + 1 < x->end ? x->at[1] : '\0';
    char m = x->at + 2 < x->end ? x->at[2] : '\0';
#define TWO(next, kind)                                                                          \
    if (n == (next)) return *size = 2, RF_TOKEN_##kind
#define ONE(kind) return *size = 1, RF_TOKEN_##kind
    switch (c) {
    case '+': TWO('=', ADD_ASSIGN); ONE(PLUS);
    case '-': TWO('=', SUB_ASSIGN); TWO('>', ARROW); ONE(MINUS);
    case '*': TWO('=', MUL_ASSIGN); ONE(STAR);
    case '/': TWO('=', DIV_ASSIGN); ONE(SLASH);
    case '%': TWO('=', MOD_ASSIGN); ONE(PERCENT);
    case '=': TWO('=', EQUAL); ONE(ASSIGN);
    case '!': TWO('=', NOT_EQUAL); ONE(BANG);
    case '<': TWO('=', LESS_EQUAL); ONE(LESS);
    case '>': TWO('=', GREATER_EQUAL); ONE(GREATER);
    case '&': TWO('&', AND_AND); break;
    case '|': TWO('|', OR_OR); TWO('>', PIPE); ONE(BAR);
    case '?': TWO('?', COALESCE); TWO('.', OPTIONAL_DOT); ONE(QUESTION);
    case ':': TWO('=', DEFINE); TWO(':', PATH); ONE(COLON);
    case '.':
        if (n == '.' && m == '.') return *size = 3, RF_TOKEN_ELLIPSIS;
        ONE(DOT);
    case ',': ONE(COMMA);
    case ';': ONE(SEMICOLON);
    default: break;
    }
#undef TWO
#undef ONE
    *size = 0;
    return RF_TOKEN_EOF;
}

static void lex_other(lexer *x)
{
    rf_pos pos = here(x);
    const char *start = x->at;
    unsigned size;
    rf_token_kind kind = find_operator(x, &size);
    if (size) {
        x->at += size;
        add_token(x, kind, pos, start);
        return;
    }
    if ((unsigned char)*x->at < 0x80) {
        x->at++;
        add_error(x, *start == '\0' ? RF_LEX_NULL_BYTE : RF_LEX_INVALID_CHARACTER, pos, start, 1);
    } else if (skip_wide(x)) {
        add_error(x, RF_LEX_INVALID_CHARACTER, pos, start, (size_t)(x->at - start));
    } /* else a bad byte: the text has been reported as invalid already */
}

static void lex_token(lexer *x)
{
    char c = *x->at;
    if (has_class(c, LETTER)) {
        lex_word(x);
        return;
    }
    if (has_class(c, DIGIT)) {
        lex_number(x);
        return;
    }
    switch (c) {
    case '"': case '\'': lex_string(x); return;
    case '(': open_bracket(x, RF_TOKEN_LEFT_PAREN, here(x)); return;
    case '[': open_bracket(x, RF_TOKEN_LEFT_BRACKET, here(x)); return;
    case '{': open_bracket(x, RF_TOKEN_LEFT_BRACE, here(x)); return;
    case ')': close_bracket(x, RF_TOKEN_RIGHT_PAREN, here(x)); return;
    case ']': close_bracket(x, RF_TOKEN_RIGHT_BRACKET, here(x)); return;
    case '}': close_bracket(x, RF_TOKEN_RIGHT_BRACE, here(x)); return;
    default: lex_other(x); return;
    }
}

/* ---- the whole text ---- */

static size_t byte_order_mark_size(const char *source, size_t size)
{
    return size >= 3 && memcmp(source, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

static int compare_errors(const void *left, const void *right)
{
    const rf_lex_error *a = left, *b = right;
    if (a->offset != b->offset) return a->offset < b->offset ? -1 : 1;
    return (a->fault > b->fault) - (a->fault < b->fault);
}

void rf_lex(const char *source, size_t size, rf_literal_pool *pool, bool keep_comments, rf_lexed *out)
{
    size_t mark = byte_order_mark_size(source, size);
    lexer x = {.source = source, .at = source + mark, .end = source + size, .line_start = source + mark,
               .line = 1, .keep_comments = keep_comments, .pool = pool, .out = out};
    *out = (rf_lexed){0};
    size_t bad;
    if (!rf_utf8_valid(source, size, &bad))
        add_error(&x, RF_LEX_INVALID_UTF8, rf_position_at(source, size, bad), source + bad, 0);
    while (skip_blank(&x)) lex_token(&x);
    for (size_t i = 0; i < x.templates.count; i++)
        report_string(&x, &x.templates.data[i], true, RF_LEX_OPEN_TEMPLATE);
    add_token(&x, RF_TOKEN_EOF, here(&x), x.at);
    if (out->errors.count > 1)
        qsort(out->errors.data, out->errors.count, sizeof *out->errors.data, compare_errors);
    rf_buffer_release(&x.text);
    rf_vector_release(&x.templates);
    rf_vector_release(&x.brackets);
    if (x.c_locale) freelocale(x.c_locale);
}

void rf_lexed_release(rf_lexed *lexed)
{
    rf_vector_release(&lexed->tokens);
    rf_vector_release(&lexed->errors);
    rf_vector_release(&lexed->comments);
}

static const struct {
    const char *code, *text;
} faults[] = {
#define RF_LEX_FAULT(name, code, text) {code, text},
#include "syntax/lex_fault.def"
#undef RF_LEX_FAULT
};

const char *rf_lex_error_code(const rf_lex_error *error)
{
    return faults[error->fault].code;
}

void rf_lex_error_format(const rf_lex_error *error, const char *source, rf_buffer *out)
{
    rf_buffer_append_text(out, faults[error->fault].text);
    if (error->fault == RF_LEX_NULL_BYTE || !error->size) return;
    bool has_quotes = error->fault == RF_LEX_INVALID_CHARACTER;
    if (has_quotes) rf_buffer_append_byte(out, '\'');
    rf_buffer_append(out, source + error->offset, error->size);
    if (has_quotes) rf_buffer_append_byte(out, '\'');
}

rf_pos rf_position_at(const char *source, size_t size, size_t offset)
{
    rf_pos pos = {1, 1};
    size_t at = byte_order_mark_size(source, size);
    while (at < offset && at < size) {
        uint32_t code_point;
        if (source[at] == '\n' || source[at] == '\r') {
            at += source[at] == '\r' && at + 1 < size && source[at + 1] == '\n' ? 2 : 1;
            pos = (rf_pos){pos.line + 1, 1};
            continue;
        }
        unsigned width = rf_utf8_decode(source + at, size - at, &code_point);
        at += width ? width : 1;
        pos.column++;
    }
    return pos;
}
