/* Tokens and lexical errors: LANGUAGE 1 and 2. */
#include "syntax/lexer.h"

#include "base/alloc.h"
#include "support/ruff_test.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
#define RF_TOKEN(name, text) #name,
#define RF_KEYWORD(name, text) "kw-" text,
#include "syntax/token.def"
};

static void append_token(rf_buffer *out, const rf_unit *unit, const rf_token *token)
{
    rf_buffer_format(out, "%s%s%s", out->size ? " " : "", token->after_break ? "/" : "", kind_names[token->kind]);
    switch (token->kind) {
    case RF_TOKEN_INT: rf_buffer_format(out, ":%lld", (long long)token->as.integer); break;
    case RF_TOKEN_FLOAT: rf_buffer_format(out, ":%.17g", token->as.number); break;
    case RF_TOKEN_NAME: rf_buffer_format(out, ":%s", token->as.symbol->text); break;
    case RF_TOKEN_STRING: case RF_TOKEN_TEMPLATE_HEAD: case RF_TOKEN_TEMPLATE_MIDDLE: case RF_TOKEN_TEMPLATE_TAIL: {
        const rf_literal *text = &unit->literals.data[token->as.literal];
        rf_buffer_append_byte(out, ':');
        for (uint32_t i = 0; i < text->size; i++) {
            unsigned char c = (unsigned char)text->text[i];
            if (c < 0x20)
                rf_buffer_format(out, "<%X>", c);
            else
                rf_buffer_append_byte(out, (char)c);
        }
        break;
    }
    default: break;
    }
}

typedef struct lexed_text {
    rf_buffer tokens, errors, positions;
} lexed_text;

static lexed_text lex(const char *source, size_t size)
{
    lexed_text result = {RF_BUFFER_INIT, RF_BUFFER_INIT, RF_BUFFER_INIT};
    rf_unit unit = {.arena = RF_ARENA_INIT};
    char *copy = rf_arena_copy(&unit.arena, source, size);
    rf_literal_pool pool;
    rf_lexed lexed;
    rf_literal_pool_init(&pool, &unit);
    rf_lex(copy, size, &pool, false, &lexed);
    for (size_t i = 0; i < lexed.tokens.count; i++) {
        const rf_token *token = &lexed.tokens.data[i];
        if (token->kind != RF_TOKEN_EOF) append_token(&result.tokens, &unit, token);
        rf_buffer_format(&result.positions, "%s%u:%u", i ? " " : "", token->pos.line, token->pos.column);
    }
    for (size_t i = 0; i < lexed.errors.count; i++) {
        const rf_lex_error *error = &lexed.errors.data[i];
        rf_buffer_format(&result.errors, "%s%s %u:%u ", i ? "|" : "", rf_lex_error_code(error) + 6, error->pos.line,
                         error->pos.column);
        rf_lex_error_format(error, copy, &result.errors);
    }
    rf_buffer_append_text(&result.tokens, "");
    rf_buffer_append_text(&result.errors, "");
    rf_lexed_release(&lexed);
    rf_literal_pool_release(&pool);
    rf_vector_release(&unit.literals);
    rf_arena_release(&unit.arena);
    return result;
}

static void release(lexed_text *text)
{
    rf_buffer_release(&text->tokens);
    rf_buffer_release(&text->errors);
    rf_buffer_release(&text->positions);
}

static void check(const char *what, const char *source, const char *expected, const rf_buffer *actual)
{
    const char *text = actual->data ? actual->data : "";
    if (strcmp(text, expected) != 0)
        fail_msg("%s of\n%s\nexpected: %s\nactual:   %s", what, source, expected, text);
}

typedef struct lex_case {
    const char *source, *expected;
} lex_case;

static void check_tokens(const lex_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lexed_text text = lex(cases[i].source, strlen(cases[i].source));
        check("errors", cases[i].source, "", &text.errors);
        check("tokens", cases[i].source, cases[i].expected, &text.tokens);
        release(&text);
    }
}

static void check_errors(const lex_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        lexed_text text = lex(cases[i].source, strlen(cases[i].source));
        check("errors", cases[i].source, cases[i].expected, &text.errors);
        release(&text);
    }
}

static void comments_and_breaks_separate_tokens(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"", ""},
        {"#!/usr/bin/ruff\nx", "/NAME:x"},
        {"a # c\nb // c\rc /// doc\r\nd", "NAME:a /NAME:b /NAME:c /NAME:d"},
        {"a /* x */ b", "NAME:a NAME:b"},
        {"a /* x\n */ b", "NAME:a /NAME:b"},
        {"a /* /* */ b", "NAME:a NAME:b"},
        {"\"# // /*\" x", "STRING:# // /* NAME:x"},
        {"a\tb  c", "NAME:a NAME:b NAME:c"},
        {"\xEF\xBB\xBFx", "NAME:x"},
        /* a string over several lines is no line break between its neighbours */
        {"\"a\nb\" c", "STRING:a<A>b NAME:c"},
        {"x /= 2 / 3", "NAME:x DIV_ASSIGN INT:2 SLASH INT:3"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void words_are_names_or_keywords(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"x _ _a A1 let lets", "NAME:x NAME:_ NAME:_a NAME:A1 kw-let NAME:lets"},
        {"and async await break const continue else enum except export false for func",
         "kw-and kw-async kw-await kw-break kw-const kw-continue kw-else kw-enum kw-except kw-export kw-false kw-for "
         "kw-func"},
        {"if import in let loop match mut not null or return self spawn struct throw true try while yield",
         "kw-if kw-import kw-in kw-let kw-loop kw-match kw-mut kw-not kw-null kw-or kw-return kw-self kw-spawn "
         "kw-struct kw-throw kw-true kw-try kw-while kw-yield"},
        /* words only in some places */
        {"case default from test fn pub Ok None", "NAME:case NAME:default NAME:from NAME:test NAME:fn NAME:pub NAME:Ok "
                                                 "NAME:None"},
        {"na\xC3\xAFve \x61\xC3\xA9", "NAME:na\xC3\xAFve NAME:a\xC3\xA9"},
        {"x\xE6\xBC\xA2", "NAME:x\xE6\xBC\xA2"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void numbers_have_their_values(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"0 42 1_000_000 007", "INT:0 INT:42 INT:1000000 INT:7"},
        {"0xFF 0Xff 0b1010 0B1 0o17 0O7 0xF_F", "INT:255 INT:255 INT:10 INT:1 INT:15 INT:7 INT:255"},
        {"9223372036854775807 0x7FFFFFFFFFFFFFFF", "INT:9223372036854775807 INT:9223372036854775807"},
        {"3.5 0.5 1e3 2E-2 1E+5 1_0.2_5", "FLOAT:3.5 FLOAT:0.5 FLOAT:1000 FLOAT:0.02 FLOAT:100000 FLOAT:10.25"},
        {"6.02e23 1e-400", "FLOAT:6.02e+23 FLOAT:0"},
        {"5.abs() 5. 1..2", "INT:5 DOT NAME:abs LEFT_PAREN RIGHT_PAREN INT:5 DOT INT:1 DOT DOT INT:2"},
        {"-1 a-1", "MINUS INT:1 NAME:a MINUS INT:1"},
        {"0.1", "FLOAT:0.10000000000000001"},
        {"1.7976931348623157e308", "FLOAT:1.7976931348623157e+308"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void strings_process_escapes(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"\"\" ''", "STRING: STRING:"},
        {"'a\"b' \"a'b\"", "STRING:a\"b STRING:a'b"},
        {"\"\\n\\t\\r\\0\\\\\\\"\\'\\$\"", "STRING:<A><9><D><0>\\\"'$"},
        {"'\\x41\\xe9\\u00e9\\u{1F600}\\u{41}'", "STRING:A\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80"
                                                 "A"},
        {"'a\r\nb\rc\nd'", "STRING:a<A>b<A>c<A>d"},
        {"\"a$b $ $\" '${x}'", "STRING:a$b $ $ STRING:${x}"},
        {"\"\xE6\xBC\xA2\"", "STRING:\xE6\xBC\xA2"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void interpolation_is_token_aware(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"\"a${x}b\"", "TEMPLATE_HEAD:a NAME:x TEMPLATE_TAIL:b"},
        {"\"${x}${y}\"", "TEMPLATE_HEAD: NAME:x TEMPLATE_MIDDLE: NAME:y TEMPLATE_TAIL:"},
        {"\"${f(\"}\")}\"", "TEMPLATE_HEAD: NAME:f LEFT_PAREN STRING:} RIGHT_PAREN TEMPLATE_TAIL:"},
        {"\"${{a: 1}}\"", "TEMPLATE_HEAD: LEFT_BRACE NAME:a COLON INT:1 RIGHT_BRACE TEMPLATE_TAIL:"},
        {"\"${ \"x${y}\" }\"", "TEMPLATE_HEAD: TEMPLATE_HEAD:x NAME:y TEMPLATE_TAIL: TEMPLATE_TAIL:"},
        {"\"${a /* } */ }\"", "TEMPLATE_HEAD: NAME:a TEMPLATE_TAIL:"},
        {"\"${a # }\n}\"", "TEMPLATE_HEAD: NAME:a /TEMPLATE_TAIL:"},
        {"\"\\${a}\"", "STRING:${a}"},
        {"\"$${a}\"", "TEMPLATE_HEAD:$ NAME:a TEMPLATE_TAIL:"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void operators_are_longest_matches(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {":= = += -= *= /= %=", "DEFINE ASSIGN ADD_ASSIGN SUB_ASSIGN MUL_ASSIGN DIV_ASSIGN MOD_ASSIGN"},
        {"+ - * / %", "PLUS MINUS STAR SLASH PERCENT"},
        {"== != < <= > >=", "EQUAL NOT_EQUAL LESS LESS_EQUAL GREATER GREATER_EQUAL"},
        {"&& || ! ?? ?. ? |> ...", "AND_AND OR_OR BANG COALESCE OPTIONAL_DOT QUESTION PIPE ELLIPSIS"},
        {"-> :: . , : ; | ( ) [ ] { }",
         "ARROW PATH DOT COMMA COLON SEMICOLON BAR LEFT_PAREN RIGHT_PAREN LEFT_BRACKET RIGHT_BRACKET LEFT_BRACE "
         "RIGHT_BRACE"},
        {"a?.b a??b ::= <=> .... ..", "NAME:a OPTIONAL_DOT NAME:b NAME:a COALESCE NAME:b PATH ASSIGN LESS_EQUAL GREATER "
                                     "ELLIPSIS DOT DOT DOT"},
    };
    check_tokens(cases, RF_COUNT_OF(cases));
}

static void errors_name_code_text_and_place(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"x @ y", "001 1:3 Invalid character: '@'"},
        {"a & b ^ c ~ ` \\", "001 1:3 Invalid character: '&'|001 1:7 Invalid character: '^'|001 1:11 Invalid character: "
                             "'~'|001 1:13 Invalid character: '`'|001 1:15 Invalid character: '\\'"},
        {"\xC3\xA9", "001 1:1 Invalid character: '\xC3\xA9'"},
        {"a\xC2\xA0z", "001 1:2 Invalid character: '\xC2\xA0'"},
        {"a\fb", "001 1:2 Invalid character: '\f'"},
        {"x\n  \xFFy\xFE", "001 2:3 Invalid UTF-8 in source"},
        {"# \xFF", "001 1:3 Invalid UTF-8 in source"},
        {"\"\xC3\"", "001 1:2 Invalid UTF-8 in source"},
        {"x := \"abc", "003 1:6 Unterminated string literal"},
        {"'abc\"", "003 1:1 Unterminated string literal"},
        {"\"a${b", "003 1:1 Unterminated interpolated string expression"},
        {"\"a${b}", "003 1:1 Unterminated string literal"},
        {"\"a${\"b", "003 1:1 Unterminated interpolated string expression|003 1:5 Unterminated string literal"},
        {"a /* b\n", "004 1:3 Unterminated block comment"},
        {"\"\\q\\w\"", "005 1:3 Invalid escape sequence: \\q|005 1:5 Invalid escape sequence: \\w"},
        {"\"\\x4\\u12\\u{}\\u{110000}\\u{D800}\\ud800\"",
         "005 1:3 Invalid escape sequence: \\x|005 1:6 Invalid escape sequence: \\u|005 1:10 Invalid escape sequence: "
         "\\u|005 1:14 Invalid escape sequence: \\u|005 1:24 Invalid escape sequence: \\u|005 1:32 Invalid escape "
         "sequence: \\u"},
        {"'\\\xC3\xA9'", "005 1:3 Invalid escape sequence: \\\xC3\xA9"},
        {"'\\q", "003 1:1 Unterminated string literal|005 1:3 Invalid escape sequence: \\q"},
        {"9223372036854775808", "006 1:1 Numeric literal overflow: 9223372036854775808"},
        {"0x8000000000000000", "006 1:1 Numeric literal overflow: 0x8000000000000000"},
        {"1e309", "006 1:1 Numeric literal overflow: 1e309"},
        {"12abc", "007 1:1 Malformed numeric literal: 12abc"},
        {"0b12 1__0 1_ 0x 1e 1e+ 1.5x 0b2",
         "007 1:1 Malformed numeric literal: 0b12|007 1:6 Malformed numeric literal: 1__0|007 1:11 Malformed numeric "
         "literal: 1_|007 1:14 Malformed numeric literal: 0x|007 1:17 Malformed numeric literal: 1e|007 1:20 Malformed "
         "numeric literal: 1e|007 1:24 Malformed numeric literal: 1.5x|007 1:29 Malformed numeric literal: 0b2"},
        /* form before overflow */
        {"99999999999999999999x", "007 1:1 Malformed numeric literal: 99999999999999999999x"},
    };
    check_errors(cases, RF_COUNT_OF(cases));
}

static void null_bytes_are_errors_everywhere(void **state)
{
    (void)state;
    static const char source[] = "a \0 # \0\n'\0' /*\0*/";
    lexed_text text = lex(source, sizeof source - 1);
    check("errors", "NULs",
          "002 1:3 Null byte is not allowed in source|002 1:7 Null byte is not allowed in source|002 2:2 Null byte is "
          "not allowed in source|002 2:7 Null byte is not allowed in source",
          &text.errors);
    release(&text);
}

/* `count` copies of one character between a prefix and a suffix */
static char *repeat(const char *prefix, const char *unit, size_t count, const char *suffix)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_append_text(&text, prefix);
    for (size_t i = 0; i < count; i++) rf_buffer_append_text(&text, unit);
    rf_buffer_append_text(&text, suffix);
    return rf_buffer_take(&text);
}

static void check_limit(char *source, const char *expected)
{
    lexed_text text = lex(source, strlen(source));
    check("errors", "a long token", expected, &text.errors);
    release(&text);
    rf_free(source);
}

static void lengths_are_limited_in_characters(void **state)
{
    (void)state;
    check_limit(repeat("", "x", 256, ""), "");
    check_limit(repeat("", "x", 257, ""), "008 1:1 Identifier exceeds max length of 256 characters");
    check_limit(repeat("x", "\xC3\xA9", 255, ""), "");
    check_limit(repeat("x", "\xC3\xA9", 256, ""), "008 1:1 Identifier exceeds max length of 256 characters");
    check_limit(repeat("", "0", 512, ""), "");
    check_limit(repeat("", "0", 513, ""), "010 1:1 Numeric literal exceeds max length of 512 characters");
    check_limit(repeat("1", "z", 512, ""), "010 1:1 Numeric literal exceeds max length of 512 characters");
    check_limit(repeat("'", "\xC3\xA9", 8192, "'"), "");
    check_limit(repeat(" '", "y", 8193, "'"), "009 1:2 String literal exceeds max length of 8192 characters");
    check_limit(repeat("'", "\\n", 8192, "'"), "");
    check_limit(repeat("\"", "y", 8192, "${1}z\""), "");
    check_limit(repeat("\"a${1}", "y", 8193, "\""), "009 1:1 String literal exceeds max length of 8192 characters");
    /* one error a token: length first */
    check_limit(repeat("'", "y", 8193, ""), "009 1:1 String literal exceeds max length of 8192 characters");
}

static void errors_are_ordered_by_place(void **state)
{
    (void)state;
    static const lex_case cases[] = {
        {"\"${ @ ", "003 1:1 Unterminated interpolated string expression|001 1:5 Invalid character: '@'"},
    };
    check_errors(cases, RF_COUNT_OF(cases));
}

static void columns_count_characters(void **state)
{
    (void)state;
    static const char source[] = "\t\xC3\xA9 a"; /* the letter is an error, but a column of its own */
    lexed_text text = lex(source, sizeof source - 1);
    check("positions", source, "1:4 1:5", &text.positions);
    release(&text);
    static const char many[] = "'\xE6\xBC\xA2' a\r\n/* \xC3\xA9\n\xC3\xA9 */ b\rc";
    text = lex(many, sizeof many - 1);
    check("positions", many, "1:1 1:5 3:6 4:1 4:2", &text.positions);
    release(&text);
    static const char marked[] = "\xEF\xBB\xBF"
                                 "x y";
    text = lex(marked, sizeof marked - 1);
    check("positions", marked, "1:1 1:3 1:4", &text.positions);
    release(&text);
}

static void position_at_agrees_with_the_lexer(void **state)
{
    (void)state;
    static const char source[] = "a\r\n\xC3\xA9 b\rc\n";
    assert_int_equal(rf_position_at(source, sizeof source - 1, 6).line, 2);
    assert_int_equal(rf_position_at(source, sizeof source - 1, 6).column, 3);
    assert_int_equal(rf_position_at(source, sizeof source - 1, 8).line, 3);
    assert_int_equal(rf_position_at(source, sizeof source - 1, sizeof source - 1).line, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_and_breaks_separate_tokens),
        cmocka_unit_test(words_are_names_or_keywords),
        cmocka_unit_test(numbers_have_their_values),
        cmocka_unit_test(strings_process_escapes),
        cmocka_unit_test(interpolation_is_token_aware),
        cmocka_unit_test(operators_are_longest_matches),
        cmocka_unit_test(errors_name_code_text_and_place),
        cmocka_unit_test(null_bytes_are_errors_everywhere),
        cmocka_unit_test(lengths_are_limited_in_characters),
        cmocka_unit_test(errors_are_ordered_by_place),
        cmocka_unit_test(columns_count_characters),
        cmocka_unit_test(position_at_agrees_with_the_lexer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
