/* The layout of `ruff format` (LANGUAGE 18.8). */
#include "probe.h"

#include "syntax/format.h"
#include "syntax/lexer.h"

#include "base/alloc.h"
#include "base/file.h"
#include "support/ruff_test.h"

#include <fts.h>
#include <string.h>

static char *format(const char *source, const rf_format_options *options)
{
    rf_buffer out = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer_append_text(&out, "");
    if (rf_source_format(source, strlen(source), "t.ruff", options, &out, &err)) {
        rf_buffer_append_text(&out, err.report);
        ruff_error_release(&err);
    }
    return rf_buffer_take(&out);
}

/* Formatting must also change nothing the second time. */
static void check(const probe_case *cases, size_t count, const rf_format_options *options)
{
    for (size_t i = 0; i < count; i++) {
        char *once = format(cases[i].source, options);
        if (strcmp(once, cases[i].expected) != 0)
            fail_msg("source:\n%s\nexpected:\n%s\nactual:\n%s", cases[i].source, cases[i].expected, once);
        char *twice = format(once, options);
        assert_string_equal(twice, once);
        rf_free(twice);
        rf_free(once);
    }
}

static const rf_format_options defaults = RF_FORMAT_OPTIONS_DEFAULT;

static void spaces_surround_operators_and_follow_commas(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x:=a+b*-c", "x := a + b * -c\n"},
        {"x = a -b;y+=1", "x = a - b; y += 1\n"},
        {"f (a,b ,c)( 1 ) [ 2 ] . d ?. e", "f(a, b, c)(1)[2].d?.e\n"},
        {"return (a) ", "return (a)\n"},
        {"a := [ 1,2 ,...b ] ; c := { x :1 , \"y\":2 }; d := {}", "a := [1, 2, ...b]; c := {x: 1, \"y\": 2}; d := {}\n"},
        {"p := P{x:1}  q := P {}", "p := P { x: 1 } q := P {}\n"},
        {"f := |a,b|a+b g := ||1 h := | | 2", "f := |a, b| a + b g := || 1 h := | | 2\n"},
        {"func* g ( a ){yield - 1} fn h(){} x := func (a) { }", "func* g(a) { yield -1 } fn h() {} x := func(a) {}\n"},
        {"let x :Array < int>? [ ]|null=y", "let x: Array<int>?[] | null = y\n"},
        {"func f(a:func ( int )->R)->int[]{}", "func f(a: func(int) -> R) -> int[] {}\n"},
        {"a := f()?  .g", "a := f()? .g\n"},
        {"a := !b and not c||d", "a := !b and not c || d\n"},
        {"if(a){b}else if c{d}else{e}", "if (a) { b } else if c { d } else { e }\n"},
        {"x := if a{1}else{2}", "x := if a { 1 } else { 2 }\n"},
        {"E :: V ( 1 )|>f", "E::V(1) |> f\n"},
        {"match v{case - 1 :a case V ( x ) if x>1 :{b}default :c}",
         "match v { case -1: a case V(x) if x > 1: { b } default: c }\n"},
        {"{a,b:[ c ,...d]}:=e", "{a, b: [c, ...d]} := e\n"},
        {"enum E{A,B( int ),}", "enum E { A, B(int), }\n"},
        {"struct S{a:int=1;b,func m( self ){}}", "struct S { a: int = 1; b, func m(self) {} }\n"},
        {"for i:=0;i<3;i+=1{}", "for i := 0; i < 3; i += 1 {}\n"},
        {"5 .abs() - - 1", "5.abs() - -1\n"},
        {"x.if.match - 1", "x.if.match - 1\n"},
        {"import  a . b", "import a.b\n"},
    };
    check(cases, RF_COUNT_OF(cases), &defaults);
}

static void lines_are_indented_by_their_brackets(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"func f() {\nif a {\nb\n} else {\nc\n}\n}", "func f() {\n    if a {\n        b\n    } else {\n        c\n    }\n}\n"},
        {"      a\n\t b", "a\nb\n"},
        {"x := [\n1,\n[\n2\n]\n]", "x := [\n    1,\n    [\n        2\n    ]\n]\n"},
        {"f({\na: 1\n})", "f({\n    a: 1\n})\n"},
        {"f(a,\nb, func() {\nc\n})", "f(a,\n    b, func() {\n        c\n})\n"},
        {"func f(a,\nb) {\nc\n}", "func f(a,\n    b) {\n    c\n}\n"},
        {"x := y\n.map(f)\n.filter(func(a) {\nreturn a\n})", "x := y\n    .map(f)\n    .filter(func(a) {\n        return a\n    })\n"},
        {"x :=\n1 +\n2\n&& 3", "x :=\n    1 +\n    2\n    && 3\n"},
        {"match v {\ncase 1: a\ncase 2: {\nb\n}\n}", "match v {\n    case 1: a\n    case 2: {\n        b\n    }\n}\n"},
        {"struct S {\na,\nb\n}", "struct S {\n    a,\n    b\n}\n"},
        {"from a import b,\nc", "from a import b,\n    c\n"},
        {"if a\n{\nb\n}", "if a\n{\n    b\n}\n"},
    };
    check(cases, RF_COUNT_OF(cases), &defaults);
    static const rf_format_options two = {2, 100, true};
    static const probe_case narrow[] = {{"if a {\nb\n}", "if a {\n  b\n}\n"}};
    check(narrow, RF_COUNT_OF(narrow), &two);
}

static void comments_blank_lines_and_strings_are_kept(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"#!/usr/bin/ruff\n# a  \n\n\nx  # b\n", "#!/usr/bin/ruff\n# a\n\n\nx  # b\n"},
        {"if a {\n# b\nc# d\n    /// e\n}", "if a {\n    # b\n    c # d\n    /// e\n}\n"},
        {"/* a  \n   b */x/* c */+/* d */y", "/* a\n   b */ x /* c */ + /* d */ y\n"},
        {"x := 'a  \n   b  '+\"\\n${ 1+2 }\"", "x := 'a  \n   b  ' + \"\\n${ 1+2 }\"\n"},
        {"x := \"${\"a${  b # c\n}\"}\"", "x := \"${\"a${  b # c\n}\"}\"\n"},
        {"a\r\nb\rc", "a\nb\nc\n"},
        {"", ""},
        {"\n\n", ""},
        {"# only", "# only\n"},
        {"\xEF\xBB\xBFx", "x\n"},
        {"a\n\n\n", "a\n"},
        {"// x\n/* y */\nz", "// x\n/* y */\nz\n"},
    };
    check(cases, RF_COUNT_OF(cases), &defaults);
}

static void long_lines_are_broken_after_commas(void **state)
{
    (void)state;
    static const rf_format_options narrow = {4, 20, true};
    static const probe_case cases[] = {
        {"f(aaaaaa, bbbbbb, cccccc)", "f(aaaaaa, bbbbbb,\n    cccccc)\n"},
        {"f(aaaaaa, bbbbbb, c)", "f(aaaaaa, bbbbbb, c)\n"},
        {"f(aaaaaa, bbbbbb, cc)", "f(aaaaaa, bbbbbb,\n    cc)\n"},
        {"x := [1, 2, 3, 4, 5, 6, 7, 8, 9]", "x := [1, 2, 3, 4, 5,\n    6, 7, 8, 9]\n"},
        {"ffffffffffffffffffffffffff(a)", "ffffffffffffffffffffffffff(a)\n"},
        {"f(a, \"long string, with comma\", b)", "f(a,\n    \"long string, with comma\",\n    b)\n"},
        {"if x {\nf(aaaaaa, bbbbbb, {a: 1, b: 2})\n}",
         "if x {\n    f(aaaaaa,\n        bbbbbb,\n        {a: 1,\n            b: 2})\n}\n"},
        {"f(a, b) # a long comment, with a comma", "f(a, b) # a long comment, with a comma\n"},
        {"from mmmmmmmm import a, b", "from mmmmmmmm import a,\n    b\n"},
    };
    check(cases, RF_COUNT_OF(cases), &narrow);
}

static void leading_imports_are_sorted(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"import b\nimport a.c\nimport a\nx", "import a\nimport a.c\nimport b\nx\n"},
        {"# head\n\nfrom b import x, y # why\nimport a\n\nimport A", "# head\n\nimport a\nfrom b import x, y # why\n\nimport A\n"},
        {"import b\n# c\nimport a", "import b\n# c\nimport a\n"},
        {"x\nimport b\nimport a", "x\nimport b\nimport a\n"},
        /* their order says which x is bound */
        {"from b import x\nfrom a import x", "from b import x\nfrom a import x\n"},
        {"from b import x\nimport a.x", "from b import x\nimport a.x\n"},
        {"import b\nimport a\n.c", "import b\nimport a\n    .c\n"},
        {"import b import a", "import b import a\n"},
        {"from := 1\nimport a", "from := 1\nimport a\n"},
    };
    check(cases, RF_COUNT_OF(cases), &defaults);
    static const rf_format_options unsorted = {4, 100, false};
    static const probe_case kept[] = {{"import b\nimport a", "import b\nimport a\n"}};
    check(kept, RF_COUNT_OF(kept), &unsorted);
}

static void what_cannot_be_read_is_reported(void **state)
{
    (void)state;
    static const probe_case cases[] = {
        {"x := (", "[RUFPARSE001] [parser] error: Expected expression but found Eof\n  --> t.ruff:1:7\n"
                   "  = help: Fix the parse error and rerun Ruff.\n"},
        {"\"", "[RUFLEX003] [lexer] error: Unterminated string literal\n  --> t.ruff:1:1\n"
              "  = help: Fix the lexical error in source and run again.\n"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char *text = format(cases[i].source, &defaults);
        assert_string_equal(text, cases[i].expected);
        rf_free(text);
    }
    /* a front-end error is no matter of layout */
    char *text = format("break", &defaults);
    assert_string_equal(text, "break\n");
    rf_free(text);
}

/* ---- every program there is ---- */

/* Every line ending in a string means LF, and is written so. */
static void append_token(rf_buffer *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const bool is_pair = text[i] == '\r' && i + 1 < size && text[i + 1] == '\n';
        if (!is_pair) rf_buffer_append_byte(out, text[i] == '\r' ? '\n' : text[i]);
    }
}

/* The tokens of source with `gap` between two on one line, without comments and indentation. */
static char *respace(const char *source, size_t size, const char *gap)
{
    rf_unit unit = {.arena = RF_ARENA_INIT};
    rf_literal_pool pool;
    rf_lexed lexed;
    rf_buffer out = RF_BUFFER_INIT;
    const char *copy = rf_arena_copy(&unit.arena, source, size);
    rf_literal_pool_init(&pool, &unit);
    rf_lex(copy, size, &pool, false, &lexed);
    uint32_t end = 0;
    unsigned templates = 0; /* open around this token: their text is kept */
    for (size_t i = 0; i + 1 < lexed.tokens.count; i++) {
        const rf_token *token = &lexed.tokens.data[i];
        if (templates)
            rf_buffer_append(&out, copy + end, token->offset - end);
        else if (token->after_break)
            rf_buffer_append_text(&out, "\n");
        else
            rf_buffer_append_text(&out, gap);
        append_token(&out, copy + token->offset, token->size);
        templates += token->kind == RF_TOKEN_TEMPLATE_HEAD;
        templates -= token->kind == RF_TOKEN_TEMPLATE_TAIL;
        end = token->offset + token->size;
    }
    rf_buffer_append_text(&out, "");
    rf_lexed_release(&lexed);
    rf_literal_pool_release(&pool);
    rf_vector_release(&unit.literals);
    rf_arena_release(&unit.arena);
    return rf_buffer_take(&out);
}

static void check_program(const char *path, const rf_format_options *options)
{
    rf_buffer source = RF_BUFFER_INIT, formatted = RF_BUFFER_INIT, again = RF_BUFFER_INIT;
    assert_int_equal(rf_file_read(path, &source, NULL), RUFF_OK);
    if (rf_source_format(source.data, source.size, path, options, &formatted, NULL) == RUFF_OK && formatted.size) {
        assert_int_equal(rf_source_format(formatted.data, formatted.size, path, options, &again, NULL), RUFF_OK);
        if (strcmp(formatted.data, again.data) != 0) fail_msg("%s is formatted differently the second time", path);
        char *before = respace(source.data, source.size, " "), *after = respace(formatted.data, formatted.size, " ");
        char *wide = respace(source.data, source.size, " \t  ");
        if (options->line_length > 1000) {
            if (strcmp(before, after) != 0) fail_msg("%s: the tokens have changed", path);
            char *tight = format(before, options), *loose = format(wide, options);
            if (strcmp(tight, loose) != 0) fail_msg("%s: spaces between tokens survive", path);
            rf_free(tight);
            rf_free(loose);
        }
        rf_free(before);
        rf_free(after);
        rf_free(wide);
    }
    rf_buffer_release(&source);
    rf_buffer_release(&formatted);
    rf_buffer_release(&again);
}

static void every_program_is_stable_under_formatting(void **state)
{
    (void)state;
    char root[] = RF_TEST_PROGRAMS;
    char *const roots[] = {root, NULL};
    static const rf_format_options widths[] = {{4, 100, true}, {2, 30, true}, {4, 100000, false}};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    size_t count = 0;
    assert_non_null(tree);
    for (FTSENT *entry; (entry = fts_read(tree));) {
        size_t length = strlen(entry->fts_path);
        if (entry->fts_info != FTS_F || length < 5 || strcmp(entry->fts_path + length - 5, ".ruff") != 0) continue;
        for (size_t i = 0; i < RF_COUNT_OF(widths); i++) check_program(entry->fts_path, &widths[i]);
        count++;
    }
    fts_close(tree);
    assert_true(count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spaces_surround_operators_and_follow_commas),
        cmocka_unit_test(lines_are_indented_by_their_brackets),
        cmocka_unit_test(comments_blank_lines_and_strings_are_kept),
        cmocka_unit_test(long_lines_are_broken_after_commas),
        cmocka_unit_test(leading_imports_are_sorted),
        cmocka_unit_test(what_cannot_be_read_is_reported),
        cmocka_unit_test(every_program_is_stable_under_formatting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
