/* Strings (BUILTINS 7): the list's examples and edges, and naive versions over generated text. */
#include "lib_test.h"

#include "base/utf8.h"

static void the_examples_of_the_list(void **state)
{
    static const lib_case cases[] = {
        {"upper", "[\"a\\u00f1\"]", "String(\"A\xC3\x91\")"},
        {"upper", "[\"stra\\u00dfe z\"]",
         "String(\"STRA\xC3\x9F"
         "E Z\")"},
        {"lower_case", "[\"ABC\"]", "String(\"abc\")"},
        {"capitalize", "[\"hELLO wORLD\"]", "String(\"Hello world\")"},
        {"capitalize", "[\"\"]", "String(\"\")"},
        {"trim", "[\"  a b \"]", "String(\"a b\")"},
        {"trim", "[\"\\u00a0\\u2003x\\u3000\\t\"]", "String(\"x\")"},
        {"trim_start", "[\" a \"]", "String(\"a \")"},
        {"trim_end", "[\" a \"]", "String(\" a\")"},
        {"substring", "[\"hello\",1,4]", "String(\"ell\")"},
        {"substr", "[\"hello\",-3,99]", "String(\"hello\")"},
        {"substring", "[\"hello\",3,1]", "String(\"\")"},
        {"substring", "[\"h\\u00e9llo\",1.9,2.9]", "String(\"\xC3\xA9\")"},
        {"char_at", "[\"ruff\",1]", "String(\"u\")"},
        {"char_at", "[\"ruff\",4]", "String(\"\")"},
        {"char_at", "[\"ruff\",-9]", "String(\"r\")"},
        {"char_at", "[\"\",0]", "String(\"\")"},
        {"index_of", "[\"hello\",\"l\"]", "Int(2)"},
        {"index_of", "[\"\\u00e9\\u00e9l\",\"l\"]", "Int(2)"},
        {"index_of", "[\"hello\",\"x\"]", "Int(-1)"},
        {"index_of", "[\"hello\",\"\"]", "Int(0)"},
        {"contains", "[\"abc\",\"bc\"]", "Int(1)"},
        {"contains", "[\"abc\",\"\"]", "Int(1)"},
        {"contains", "[\"abc\",\"x\"]", "Int(0)"},
        {"contains", "[\"abc\",1]", "!contains expects string as argument 2, got int"},
        {"contains", "[1,1]", "!contains expects string or array or dict as argument 1, got int"},
        {"starts_with", "[\"a.txt\",\"a.\"]", "Bool(true)"},
        {"ends_with", "[\"a.txt\",\".txt\"]", "Bool(true)"},
        {"ends_with", "[\"a\",\"aa\"]", "Bool(false)"},
        {"replace", "[\"a-b-c\",\"-\",\"+\"]", "String(\"a+b+c\")"},
        {"replace", "[\"aaa\",\"aa\",\"b\"]", "String(\"ba\")"},
        {"replace_str", "[\"a\\u00e9\",\"\",\"-\"]", "String(\"-a-\xC3\xA9-\")"},
        {"replace", "[\"abc\",\"b\",\"\"]", "String(\"ac\")"},
        {"replace", "[\"abc\",1,\"\"]", "!replace expects string as argument 2, got int"},
        {"repeat", "[\"ab\",3]", "String(\"ababab\")"},
        {"repeat", "[\"ab\",-1]", "String(\"\")"},
        {"repeat", "[\"ab\",2000000000]", "!String too large"},
        {"repeat", "[\"\",2000000000]", "String(\"\")"},
        {"split", "[\"a,,b\",\",\"]", "Array[String(\"a\"), String(\"\"), String(\"b\")]"},
        {"split", "[\"ab\",\"\"]",
         "Array[String(\"\"), String(\"a\"), String(\"b\"), String(\"\")]"},
        {"split", "[\"\",\",\"]", "Array[String(\"\")]"},
        {"split", "[\"a::b\",\"::\"]", "Array[String(\"a\"), String(\"b\")]"},
        {"join", "[[\"a\",1,null],\"-\"]", "String(\"a-1-null\")"},
        {"join", "[[\"a\",\"b\"],\", \"]", "String(\"a, b\")"},
        {"join", "[[1,2],\"\"]", "String(\"12\")"},
        {"join", "[[],\"x\"]", "String(\"\")"},
        {"join", "[\"ab\",\"x\"]", "!join expects array as argument 1, got string"},
        {"lines", "[\"a\\r\\nb\\n\"]", "Array[String(\"a\"), String(\"b\")]"},
        {"lines", "[\"a\\rb\\n\\nc\"]", "Array[String(\"a\rb\"), String(\"\"), String(\"c\")]"},
        {"lines", "[\"\"]", "Array[]"},
        {"words", "[\" one  two \"]", "Array[String(\"one\"), String(\"two\")]"},
        {"words", "[\" \\t\"]", "Array[]"},
        {"pad_left", "[\"7\",3,\"0\"]", "String(\"007\")"},
        {"pad_start", "[\"7\",-3,\"0\"]", "String(\"7\")"},
        {"pad_left", "[\"7\",3,\"\"]", "String(\"  7\")"},
        {"pad_left", "[\"7\",3,\"\\u00e9x\"]",
         "String(\"\xC3\xA9\xC3\xA9"
         "7\")"},
        {"pad_right", "[\"ab\",4,\".\"]", "String(\"ab..\")"},
        {"pad_end", "[\"ab\",1e18,\".\"]", "!String too large"},
        {"truncate", "[\"Hello World\",8,\"...\"]", "String(\"Hello...\")"},
        {"truncate", "[\"Ruff\",2,\"...\"]", "String(\"...\")"},
        {"truncate", "[\"Ruff\",4,\"...\"]", "String(\"Ruff\")"},
        {"truncate", "[\"Ruff\",-1,\"...\"]", "String(\"Ruff\")"},
        {"str_reverse", "[\"a\\u00e9c\"]",
         "String(\"c\xC3\xA9"
         "a\")"},
        {"slugify", "[\"My Blog Post - Part 1\"]", "String(\"my-blog-post-part-1\")"},
        {"slugify", "[\"  --Hello, W_orld!  \"]", "String(\"hello-w-orld\")"},
        {"to_camel_case", "[\"my-var name\"]", "String(\"myVarName\")"},
        {"to_camel_case", "[\"  HTTP server\"]", "String(\"httpServer\")"},
        {"to_snake_case", "[\"HTTPServer v2Beta\"]", "String(\"httpserver_v2_beta\")"},
        {"to_snake_case", "[\"My Blog\"]", "String(\"my_blog\")"},
        {"to_snake_case", "[\"_a--b!c_\"]", "String(\"a_bc\")"},
        {"to_kebab_case", "[\"userName\"]", "String(\"user-name\")"},
        {"is_empty", "[\"\"]", "Bool(true)"},
        {"is_empty", "[[0]]", "Bool(false)"},
        {"is_empty", "[null]",
         "!is_empty expects string or bytes or array or dict or set or queue or stack as argument "
         "1, got null"},
        {"count_chars", "[\"a\\u00f1\"]", "Int(2)"},
        {"substring", "[5,1,2]", "!substring expects string as argument 1, got int"},
        {"substring", "[\"a\",\"1\",2]", "!substring expects number as argument 2, got string"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

static void format_fills_placeholders(void **state)
{
    static const lib_case cases[] = {
        {"format", "[\"%s: %d%%\",\"cpu\",95]", "String(\"cpu: 95%\")"},
        {"format", "[\"%f\",1.5]", "String(\"1.5\")"},
        {"format", "[\"%f\",3]", "String(\"3\")"},
        {"format", "[\"%.2f\",3.14159]", "String(\"3.14\")"},
        {"format", "[\"%.2f\",7]", "String(\"7.00\")"},
        {"format", "[\"%05d\",42]", "String(\"00042\")"},
        {"format", "[\"%05d\",-42]", "String(\"-0042\")"},
        {"format", "[\"%-5d|\",42]", "String(\"42   |\")"},
        {"format", "[\"%+d %+d\",42,-1]", "String(\"+42 -1\")"},
        {"format", "[\"%5s|%-5s|\",\"ab\",\"\\u00e9\"]", "String(\"   ab|\xC3\xA9    |\")"},
        {"format", "[\"%.2s\",\"\\u00e9bc\"]",
         "String(\"\xC3\xA9"
         "b\")"},
        {"format", "[\"%08.3f\",-3.14159]", "String(\"-003.142\")"},
        {"format", "[\"%.3d\",7]", "String(\"007\")"},
        {"format", "[\"%d %d\",true,3.9]", "String(\"1 3\")"},
        {"format", "[\"50% done\"]", "String(\"50% done\")"},
        {"format", "[\"100%\"]", "String(\"100%\")"},
        {"format", "[\"%x %5q %\",1]", "String(\"%x %5q %\")"},
        {"format", "[\"%s\"]", "!format() missing argument for placeholder %s"},
        {"format", "[\"%5.1f\"]", "!format() missing argument for placeholder %f"},
        {"format", "[\"no\",1,2]", "String(\"no\")"},
        {"format", "[\"%d\",\"x\"]",
         "!format expects number or bool for placeholder %d, got string"},
        {"format", "[\"%f\",true]", "!format expects number for placeholder %f, got bool"},
        {"format", "[5]", "!format expects string as argument 1, got int"},
        {"format", "[\"%99999999999d\",1]", "!String too large"},
        {"format", "[\"%s %s\",[1,\"a\"],{\"k\":null}]", "String(\"[1, a] {\"k\": null}\")"},
    };
    LIB_CHECK((lib_test *)*state, cases);
}

/* ---- naive versions over generated text ---- */

typedef struct random_text {
    uint64_t state;
} random_text;

static uint32_t next_random(random_text *r, uint32_t below)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(r->state >> 33) % below;
}

/* few different characters, so that needles occur; of all widths */
static const char *const alphabet[] = {
    "a", "b", "A", " ", "-", "_", "\xC3\xA9", "\xC3\x89", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "1"};

static rf_value make_text(lib_test *t, random_text *r, uint32_t longest)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (uint32_t n = next_random(r, longest + 1); n > 0; n--)
        rf_buffer_append_text(&text, alphabet[next_random(r, RF_COUNT_OF(alphabet))]);
    return rf_string_take_buffer(t->isolate, &text);
}

static bool is_at(const rf_string *s, size_t at, const rf_string *part)
{
    return s->size - at >= part->size && memcmp(s->text + at, part->text, part->size) == 0;
}

static int64_t naive_index(const rf_string *s, const rf_string *part)
{
    for (size_t at = 0; at + part->size <= s->size; at++)
        if (is_at(s, at, part)) return (int64_t)rf_utf8_count(s->text, at);
    return -1;
}

static void naive_replace(const rf_string *s, const rf_string *from, const rf_string *to,
                          rf_buffer *out)
{
    for (size_t at = 0; at < s->size;) {
        if (is_at(s, at, from)) {
            rf_buffer_append(out, to->text, to->size);
            at += from->size;
        } else {
            rf_buffer_append_byte(out, s->text[at++]);
        }
    }
}

static rf_value call2(lib_test *t, const char *name, rf_value a, rf_value b)
{
    rf_value args[] = {rf_copy(a), rf_copy(b)};
    return lib_call(t, name, args, 2);
}

static void searching_agrees_with_naive_search(void **state)
{
    lib_test *t = *state;
    random_text r = {1};
    for (int round = 0; round < 3000; round++) {
        rf_value s = make_text(t, &r, 40), part = make_text(t, &r, 2), to = make_text(t, &r, 3);
        const int64_t index = naive_index(s.as.string, part.as.string);
        assert_int_equal(call2(t, "index_of", s, part).as.i, index);
        assert_int_equal(call2(t, "contains", s, part).as.i, index >= 0);
        if (part.as.string->size) {
            rf_buffer want = RF_BUFFER_INIT;
            rf_buffer_append_text(&want, "");
            naive_replace(s.as.string, part.as.string, to.as.string, &want);
            rf_value args[] = {rf_copy(s), rf_copy(part), rf_copy(to)};
            rf_value got = lib_call(t, "replace", args, 3);
            assert_string_equal(got.as.string->text, want.data);
            assert_int_equal(got.as.string->length, rf_utf8_count(want.data, want.size));
            rf_release(t->isolate, got);
            rf_buffer_release(&want);
        }
        rf_release(t->isolate, s);
        rf_release(t->isolate, part);
        rf_release(t->isolate, to);
    }
}

static void joining_what_was_split_gives_the_text_back(void **state)
{
    lib_test *t = *state;
    random_text r = {2};
    for (int round = 0; round < 3000; round++) {
        rf_value s = make_text(t, &r, 40), separator = make_text(t, &r, 2);
        rf_value parts = call2(t, "split", s, separator);
        rf_value joined = call2(t, "join", parts, separator);
        if (separator.as.string->size) {
            assert_true(rf_string_equal(joined.as.string, s.as.string));
            for (uint32_t i = 0; i < parts.as.array->length; i++)
                assert_int_equal(
                    naive_index(rf_array_peek(parts.as.array, i).as.string, separator.as.string),
                    -1);
        } else {
            assert_int_equal(parts.as.array->length, s.as.string->length + 2);
        }
        rf_release(t->isolate, s);
        rf_release(t->isolate, separator);
        rf_release(t->isolate, parts);
        rf_release(t->isolate, joined);
    }
}

static void reversing_twice_and_slicing_agree_with_characters(void **state)
{
    lib_test *t = *state;
    random_text r = {3};
    for (int round = 0; round < 2000; round++) {
        rf_value s = make_text(t, &r, 100);
        rf_value once = rf_copy(s);
        once = lib_call(t, "str_reverse", &once, 1);
        const uint32_t length = s.as.string->length;
        assert_int_equal(once.as.string->length, length);
        for (uint32_t i = 0; i < length; i++) {
            rf_value a = rf_string_at(t->isolate, s.as.string, i);
            rf_value b = rf_string_at(t->isolate, once.as.string, length - 1 - i);
            assert_true(rf_string_equal(a.as.string, b.as.string));
            rf_release(t->isolate, a);
            rf_release(t->isolate, b);
        }
        const uint32_t from = next_random(&r, length + 1),
                       to = from + next_random(&r, length - from + 1);
        rf_value args[] = {rf_copy(s), rf_int(from), rf_int(to)};
        rf_value part = lib_call(t, "substring", args, 3);
        const size_t start = rf_utf8_offset(s.as.string->text, s.as.string->size, from);
        const size_t stop = rf_utf8_offset(s.as.string->text, s.as.string->size, to);
        assert_int_equal(part.as.string->size, stop - start);
        assert_memory_equal(part.as.string->text, s.as.string->text + start, stop - start);
        rf_release(t->isolate, part);
        once = lib_call(t, "str_reverse", &once, 1);
        assert_true(rf_string_equal(once.as.string, s.as.string));
        rf_release(t->isolate, once);
        rf_release(t->isolate, s);
    }
}

static void every_ascii_character_has_the_case_of_c(void **state)
{
    lib_test *t = *state;
    for (int c = 0; c < 128; c++) {
        char text[2] = {(char)c, 'x'};
        const char upper = c >= 'a' && c <= 'z' ? (char)(c - 32) : (char)c;
        const char lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
        rf_value s = rf_string_new(t->isolate, text, 2);
        s = lib_call(t, "to_upper", &s, 1);
        assert_int_equal(s.as.string->text[0], upper);
        rf_release(t->isolate, s);
        s = rf_string_new(t->isolate, text, 2);
        s = lib_call(t, "to_lower", &s, 1);
        assert_int_equal(s.as.string->text[0], lower);
        rf_release(t->isolate, s);
        s = rf_string_new(t->isolate, text, 1);
        s = lib_call(t, "trim", &s, 1);
        const bool is_space = c == ' ' || (c >= 9 && c <= 13);
        assert_int_equal(s.as.string->size, is_space ? 0 : 1);
        rf_release(t->isolate, s);
    }
}

/* Long enough for the words of eight bytes and a rest behind them. */
static void the_case_of_long_texts_changes_byte_by_byte(void **state)
{
    lib_test *t = *state;
    char text[128], upper[128];
    for (int c = 0; c < 127; c++) {
        text[c] = (char)(c + 1);
        upper[c] = text[c] >= 'a' && text[c] <= 'z' ? (char)(text[c] - 32) : text[c];
    }
    rf_value s = rf_string_new(t->isolate, text, 127);
    s = lib_call(t, "to_upper", &s, 1);
    assert_int_equal(s.as.string->size, 127);
    assert_memory_equal(s.as.string->text, upper, 127);
    rf_release(t->isolate, s);
}

static void a_text_somebody_else_holds_keeps_its_case(void **state)
{
    lib_test *t = *state;
    const rf_value kept = rf_string_from(t->isolate, "Mixed Case");
    rf_value s = rf_copy(kept);
    s = lib_call(t, "to_upper", &s, 1);
    assert_string_equal(s.as.string->text, "MIXED CASE");
    assert_string_equal(kept.as.string->text, "Mixed Case");
    rf_release(t->isolate, s);
    rf_release(t->isolate, kept);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, lib_test_setup, lib_test_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_examples_of_the_list),
        TEST(format_fills_placeholders),
        TEST(searching_agrees_with_naive_search),
        TEST(joining_what_was_split_gives_the_text_back),
        TEST(reversing_twice_and_slicing_agree_with_characters),
        TEST(every_ascii_character_has_the_case_of_c),
        TEST(the_case_of_long_texts_changes_byte_by_byte),
        TEST(a_text_somebody_else_holds_keeps_its_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
