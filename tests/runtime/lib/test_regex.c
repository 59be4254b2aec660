/* Regular expressions: BUILTINS 17. */
#include "lib_test.h"

#include "lib/regex_pattern.h"

static void the_examples_of_the_list(void **state)
{
    static const lib_case cases[] = {
        {"regex_match", "[\"hello\",\"^h\"]", "Bool(true)"},
        {"regex_match", "[\"hello\",\"x\"]", "Bool(false)"},
        {"regex_find_all", "[\"a1b22\",\"\\\\d+\"]", "Array[String(\"1\"), String(\"22\")]"},
        {"regex_replace", "[\"k=v\",\"(\\\\w)=(\\\\w)\",\"$2=$1\"]", "String(\"v=k\")"},
        {"regex_split", "[\"a, b;c\",\"[,;]\\\\s*\"]",
         "Array[String(\"a\"), String(\"b\"), String(\"c\")]"},
        {"regex_find_all", "[\"baac\",\"a*\"]",
         "Array[String(\"\"), String(\"aa\"), String(\"\")]"},
        {"regex_split", "[\"abc\",\"\"]",
         "Array[String(\"\"), String(\"a\"), String(\"b\"), String(\"c\"), String(\"\")]"},
        {"regex_split", "[\"\",\",\"]", "Array[String(\"\")]"},
        {"regex_replace_all", "[\"aa\",\"a\",\"b\"]", "String(\"bb\")"},
        {"regex_replace", "[\"abc\",\"x*\",\"-\"]", "String(\"-a-b-c-\")"},
        {"regex_replace", "[\"\\u00e9\\u00e9\",\"\",\"-\"]", "String(\"-\xC3\xA9-\xC3\xA9-\")"},
        {"regex_match", "[\"x\",\"(\"]", "Bool(false)"},
        {"regex_find_all", "[\"x\",\"(\"]", "Array[]"},
        {"regex_replace", "[\"x\",\"(\",\"y\"]", "String(\"x\")"},
        {"regex_split", "[\"x\",\"(\"]", "Array[String(\"x\")]"},
        {"regex_match", "[1,\"a\"]", "!regex_match expects string as argument 1, got int"},
        {"regex_replace", "[\"a\",\"a\",1]",
         "!regex_replace expects string as argument 3, got int"},
        {"regex_match", "[\"a\"]", "!regex_match expects 2 arguments, got 1"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void replacement_text_inserts_groups(void **state)
{
    static const lib_case cases[] = {
        {"regex_replace", "[\"ab\",\"(?P<x>a)(b)\",\"$x-${2}-$0-$$-$9-${nope}-$1a.\"]",
         "String(\"a-b-ab-$---.\")"},
        {"regex_replace", "[\"ab\",\"(?<x>a)|(b)\",\"[$x$2]\"]", "String(\"[a][b]\")"},
        {"regex_replace", "[\"a\",\"a\",\"$ $- ${ \\\\1 & $\"]", "String(\"$ $- ${ \\1 & $\")"},
        {"regex_replace", "[\"a\",\"(a)\",\"${1}1 $11\"]", "String(\"a1 \")"},
        {"regex_replace", "[\"a\",\"a\",\"${}x\"]", "String(\"x\")"},
        {"regex_replace", "[\"a\",\"a\",\"$99999999999999999999\"]", "String(\"\")"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void differences_of_the_engines_are_ruled(void **state)
{
    static const lib_case cases[] = {
        {"regex_match", "[\"a\\n\",\"a$\"]", "Bool(false)"},
        {"regex_find_all", "[\"a\\nb\\n\",\"(?m)^\"]",
         "Array[String(\"\"), String(\"\"), String(\"\")]"},
        {"regex_match", "[\"\\r\",\"^.$\"]", "Bool(true)"},
        {"regex_match", "[\"\\n\",\"^.$\"]", "Bool(false)"},
        {"regex_match", "[\"\\u00e9\",\"^\\\\w$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u0663\",\"^\\\\d$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u00c9\",\"(?i)^\\u00e9$\"]", "Bool(true)"},
        {"regex_match", "[\"a\",\"(?u)^a$\"]", "Bool(true)"},
        {"regex_match", "[\"A\",\"(?i-u:^a$)\"]", "Bool(true)"},
        {"regex_match", "[\"a\",\"(?-u)^\\\\w$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u00e9\",\"^\\\\u00E9$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u00e9\",\"^[\\\\u{E9}]$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u00e9\",\"^\\\\U000000E9$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u000b\",\"^\\\\v$\"]", "Bool(true)"},
        {"regex_match", "[\"\\u2028\",\"^\\\\v$\"]", "Bool(false)"},
        {"regex_find_all", "[\"one two\",\"\\\\<\\\\w\"]", "Array[String(\"o\"), String(\"t\")]"},
        {"regex_find_all", "[\"one two\",\"\\\\w\\\\>\"]", "Array[String(\"e\"), String(\"o\")]"},
        {"regex_find_all", "[\"one two\",\"\\\\b{start}\\\\w\"]",
         "Array[String(\"o\"), String(\"t\")]"},
        {"regex_find_all", "[\"one two\",\"\\\\w\\\\b{end}\"]",
         "Array[String(\"e\"), String(\"o\")]"},
        {"regex_find_all", "[\"aB1\",\"\\\\p{Uppercase_Letter}\"]", "Array[String(\"B\")]"},
        {"regex_find_all", "[\"aB1\",\"\\\\p{gc=Lu}|[\\\\p{Decimal Number}]\"]",
         "Array[String(\"B\"), String(\"1\")]"},
        {"regex_find_all", "[\"a\\u03b1\",\"\\\\p{sc=Greek}\"]", "Array[String(\"\xCE\xB1\")]"},
        {"regex_find_all", "[\"a\\u03b1\",\"\\\\p{Greek}\"]", "Array[String(\"\xCE\xB1\")]"},
        {"regex_find_all", "[\"a1B\",\"\\\\P{Letter}\"]", "Array[String(\"1\")]"},
        {"regex_match", "[\"a\",\"\\\\C\"]", "Bool(false)"},
        {"regex_find_all", "[\"abab\",\"(ab)\\\\1\"]", "Array[String(\"abab\")]"},
        {"regex_find_all", "[\"a{,5}\",\"a{,5}\"]", "Array[String(\"a{,5}\")]"},
        {"regex_find_all", "[\"a-b-c\",\"a--c\"]", "Array[]"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void class_arithmetic_is_rewritten(void **state)
{
    static const lib_case cases[] = {
        {"regex_find_all", "[\"abcxyz\",\"[a-z&&[^x-z]]\"]",
         "Array[String(\"a\"), String(\"b\"), String(\"c\")]"},
        {"regex_find_all", "[\"abcxyz\",\"[a-z--[b-y]]\"]", "Array[String(\"a\"), String(\"z\")]"},
        {"regex_find_all", "[\"abc1\",\"[a[bc]]+\"]", "Array[String(\"abc\")]"},
        {"regex_find_all", "[\"abcd\",\"[a-d&&a-c&&b-d]+\"]", "Array[String(\"bc\")]"},
        {"regex_find_all", "[\"abcd\",\"[^a-d&&b-c]\"]", "Array[String(\"a\"), String(\"d\")]"},
        {"regex_find_all", "[\"ab]-\",\"[]a]\"]", "Array[String(\"a\"), String(\"]\")]"},
        {"regex_find_all", "[\"ab]-\",\"[^]a]+\"]", "Array[String(\"b\"), String(\"-\")]"},
        {"regex_find_all", "[\"a-b\",\"[a-]+\"]", "Array[String(\"a-\")]"},
        {"regex_find_all", "[\"a-b\",\"[-b]+\"]", "Array[String(\"-b\")]"},
        {"regex_find_all", "[\"aZ1 \",\"[[:alpha:][:digit:]]+\"]", "Array[String(\"aZ1\")]"},
        {"regex_find_all", "[\"a&b\",\"[a&]+\"]", "Array[String(\"a&\")]"},
        {"regex_find_all", "[\"ab\",\"[a[^b]]\"]", "Array[]"},
        {"regex_find_all", "[\"ab\",\"[a~~b]\"]", "Array[]"},
        {"regex_find_all", "[\"ab\",\"[a&&]\"]", "Array[]"},
        {"regex_find_all", "[\"ab\",\"[\"]", "Array[]"},
        {"regex_find_all", "[\"[a]\",\"[\\\\[\\\\]]\"]", "Array[String(\"[\"), String(\"]\")]"},
        {"regex_find_all", "[\"a b#c\",\"(?x) a\\\\ b  # [ a comment\\n\"]",
         "Array[String(\"a b\")]"},
        {"regex_find_all", "[\"a#[b]\",\"(?x: a )#[\\\\[]\"]", "Array[String(\"a#[\")]"},
        {"regex_find_all", "[\"a[b\",\"\\\\Qa[\\\\Eb\"]", "Array[String(\"a[b\")]"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void running_into_the_limit_raises(void **state)
{
    static const lib_case cases[] = {
        {"regex_match", "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"^(a|aa|a)+$\"]",
         "!regex match limit exceeded"},
        {"regex_find_all", "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"^(a|aa|a)+$\"]",
         "!regex match limit exceeded"},
        {"regex_replace",
         "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"^(a|aa|a)+$\",\"\"]",
         "!regex match limit exceeded"},
        {"regex_split", "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\",\"^(a|aa|a)+$\"]",
         "!regex match limit exceeded"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static rf_value repeated(lib_test *t, const char *unit, int count)
{
    rf_value args[] = {rf_string_from(t->isolate, unit), rf_int(count)};
    return lib_call(t, "repeat", args, 2);
}

/* Each place is within the match limit; all places together would take from minutes to days. */
static void many_places_that_each_take_long_raise(void **state)
{
    lib_test *t = *state;
    static const struct {
        const char *name, *unit;
        int count;
        const char *pattern;
    } cases[] = {
        {"regex_match", "a", 100000, "^(a(?R)?)$|a(?R)?b"}, /* recursion */
        {"regex_match", "a", 4000, "a*a*a*[bc]$"},          /* cubic, in a short text */
        {"regex_find_all", " ", 300000, "\\s+[xy]"},        /* a loop that does not back up */
        {"regex_replace", "ab", 150000, "(?:ab)+[cd]"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value args[] = {repeated(t, cases[i].unit, cases[i].count),
                           rf_string_from(t->isolate, cases[i].pattern),
                           rf_string_from(t->isolate, "")};
        const uint32_t count = strcmp(cases[i].name, "regex_replace") == 0 ? 3 : 2;
        if (count == 2) rf_release(t->isolate, args[2]);
        char *text = lib_text(t, lib_call(t, cases[i].name, args, count));
        assert_string_equal(text, "!regex match limit exceeded");
        rf_free(text);
    }
}

/* A long text is searched window by window: matches are where they are in the same text in pieces
 * that are searched at once. */
static void long_texts_match_like_short_ones(void **state)
{
    lib_test *t = *state;
    static const char *const patterns[] = {
        "\\w+", "(?<=\xC3\xA9 )a*", "[^\xE2\x82\xAC]+$", "x*", "(?m)^.", "\\s(?=\\S)", "\\bq"};
    static const char unit[] = "h\xC3\xA9 aab \xE2\x82\xAC\xE2\x82\xAC, qx \xF0\x9F\x98\x80z\n";
    enum { UNITS = 10000 };
    for (size_t i = 0; i < RF_COUNT_OF(patterns); i++) {
        int64_t counts[3];
        static const int lengths[] = {2, 3, UNITS};
        for (size_t k = 0; k < 3; k++) {
            rf_value args[] = {repeated(t, unit, lengths[k]),
                               rf_string_from(t->isolate, patterns[i])};
            rf_value found = lib_call(t, "regex_find_all", args, 2);
            assert_int_equal(found.head, RF_ARRAY);
            counts[k] = found.as.array->length;
            rf_release(t->isolate, found);
        }
        assert_int_equal(counts[2], counts[0] + (counts[1] - counts[0]) * (UNITS - 2));
    }
}

static void a_long_text_may_hold_one_place_that_takes_long(void **state)
{
    lib_test *t = *state;
    rf_value parts[] = {repeated(t, "b", 100000), repeated(t, "a", 1000000),
                        rf_string_from(t->isolate, "c")};
    rf_value text = rf_string_format(t->isolate, "%s%s%s", parts[0].as.string->text,
                                     parts[1].as.string->text, parts[2].as.string->text);
    for (size_t i = 0; i < 3; i++) rf_release(t->isolate, parts[i]);
    rf_value args[] = {text, rf_string_from(t->isolate, "a(?:a|ab)*?c"),
                       rf_string_from(t->isolate, "-")};
    rf_value result = lib_call(t, "regex_replace", args, 3);
    assert_int_equal(result.head, RF_STRING);
    assert_int_equal(result.as.string->size, 100001);
    rf_release(t->isolate, result);
}

static void long_subjects_need_no_deep_stack(void **state)
{
    lib_test *t = *state;
    rf_value unit = rf_string_from(t->isolate, "ab");
    rf_value args[] = {unit, rf_int(500000)};
    rf_value text = lib_call(t, "repeat", args, 2);
    rf_value match[] = {text, rf_string_from(t->isolate, "^(?:a|b|(c))*$")};
    rf_value result = lib_call(t, "regex_match", match, 2);
    assert_int_equal(result.head, RF_BOOL);
    assert_true(result.as.i);
}

static void more_patterns_than_the_cache_holds_stay_right(void **state)
{
    lib_test *t = *state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 300; i++) {
            rf_value args[] = {rf_string_format(t->isolate, "x%dy", i),
                               rf_string_format(t->isolate, "^x%dy$", i)};
            assert_true(lib_call(t, "regex_match", args, 2).as.i);
        }
    }
}

static void any_pattern_compiles_or_counts_as_invalid(void **state)
{
    (void)state;
    static const char bytes[] = "[]^-&~()?:|*+{},\\<>pPuUvbQEx#iLa1=P!\n";
    uint64_t random = 99;
    for (int round = 0; round < 200000; round++) {
        char pattern[24];
        size_t size = 0;
        for (; size < sizeof pattern; size++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            pattern[size] = bytes[(random >> 33) % (sizeof bytes - 1)];
            if ((random >> 40) % 12 == 0) break;
        }
        rf_buffer out = RF_BUFFER_INIT;
        rf_regex_translate(pattern, size, &out);
        rf_buffer_release(&out);
    }
    rf_buffer nested = RF_BUFFER_INIT, out = RF_BUFFER_INIT;
    for (int i = 0; i < 1000000; i++) rf_buffer_append_byte(&nested, '[');
    assert_false(rf_regex_translate(nested.data, nested.size, &out));
    rf_buffer_release(&nested);
    rf_buffer_release(&out);
}

/* Patterns stay in the cache. */
static int teardown(void **state)
{
    lib_test *t = *state;
    lib_test_settle(t);
    return lib_test_teardown(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_examples_of_the_list),
        TEST(replacement_text_inserts_groups),
        TEST(differences_of_the_engines_are_ruled),
        TEST(class_arithmetic_is_rewritten),
        TEST(running_into_the_limit_raises),
        TEST(many_places_that_each_take_long_raise),
        TEST(long_texts_match_like_short_ones),
        TEST(a_long_text_may_hold_one_place_that_takes_long),
        TEST(long_subjects_need_no_deep_stack),
        TEST(more_patterns_than_the_cache_holds_stay_right),
        TEST(any_pattern_compiles_or_counts_as_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
