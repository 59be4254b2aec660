/* Random numbers (BUILTINS 24) and base64 (25). */
#include "host_test.h"

static void seed(host_test *t, const char *number)
{
    char args[40];
    snprintf(args, sizeof args, "[%s]", number);
    host_expect(t, "set_random_seed", args, "Null");
}

static void the_seeded_stream_is_the_recorded_one(void **state)
{
    host_test *t = *state;
    static const int first[] = {53, 55, 64, 41, 4, 42};
    seed(t, "42");
    host_expect(t, "random", "[]", "Float(0.5265574090027738)");
    seed(t, "42");
    for (int i = 0; i < 6; i++) {
        char want[20];
        snprintf(want, sizeof want, "Int(%d)", first[i]);
        host_expect(t, "random_int", "[1, 100]", want);
    }
    seed(t, "42.9");
    host_expect(t, "random_id", "[8]", "String(\"tb0a7sof\")");
    seed(t, "12345");
    host_expect(t, "random", "[]", "Float(0.3059322923730783)");
    host_expect(t, "random_int", "[1, 10]", "Int(6)");
    host_expect(t, "random_int", "[-5, 5]", "Int(-2)");
    host_expect(t, "random_choice", "[[0, 1, 2, 3, 4]]", "Int(2)");
    host_expect(t, "random_choice", "[[0, 1, 2, 3, 4]]", "Int(4)");
}

static void numbers_stay_in_their_range(void **state)
{
    host_test *t = *state;
    bool seen[3] = {false};
    for (int i = 0; i < 200; i++) {
        rf_value f = lib_call(t->lib, "random", NULL, 0);
        assert_true(f.as.d >= 0 && f.as.d < 1);
        rf_value n = HOST_VALUES(t, "random_int", rf_int(-1), rf_float(1.9));
        assert_true(n.as.i >= -1 && n.as.i <= 1);
        seen[n.as.i + 1] = true;
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    rf_value whole = HOST_VALUES(t, "random_int", rf_int(INT64_MIN), rf_int(INT64_MAX));
    assert_int_equal(whole.head, RF_INT);
    static const lib_case cases[] = {
        {"random_int", "[7, 7]", "Int(7)"},
        {"random_int", "[2, 1]", "!random_int expects lo <= hi, got 2 and 1"},
        {"random_choice", "[[]]", "Int(0)"},
        {"random_choice", "[\"abc\"]", "!random_choice expects array as argument 1, got string"},
        {"random_id", "[0]", "String(\"\")"},
        {"random_id", "[-1]", "!random_id expects a length that is not negative, got -1"},
        {"random_id", "[1.5]", "!random_id expects int as argument 1, got float"},
    };
    LIB_CHECK(t->lib, cases);
}

static void without_a_seed_numbers_differ(void **state)
{
    host_test *t = *state;
    seed(t, "-1");
    char *seeded = host_call(t, "random_id", "[20]");
    host_expect(t, "clear_random_seed", "[]", "Null");
    char *first = host_call(t, "random_id", "[20]"), *second = host_call(t, "random_id", "[20]");
    assert_string_not_equal(first, second);
    seed(t, "-1");
    char *again = host_call(t, "random_id", "[20]");
    assert_string_equal(seeded, again);
    rf_free(seeded);
    rf_free(first);
    rf_free(second);
    rf_free(again);
}

static void uuids_are_of_version_4_and_ignore_the_seed(void **state)
{
    host_test *t = *state;
    seed(t, "1");
    char *first = host_call(t, "uuid_v4", "[]");
    seed(t, "1");
    char *second = host_call(t, "uuid_v4", "[]");
    assert_string_not_equal(first, second);
    const char *text = first + strlen("String(\"");
    assert_int_equal(strspn(text, "0123456789abcdef-"), 36);
    assert_int_equal(text[14], '4');
    assert_non_null(strchr("89ab", text[19]));
    rf_free(first);
    rf_free(second);
}

/* vectors of RFC 4648 */
static void base64_is_canonical(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"encode_base64", "[\"\"]", "String(\"\")"},
        {"encode_base64", "[\"f\"]", "String(\"Zg==\")"},
        {"encode_base64", "[\"fo\"]", "String(\"Zm8=\")"},
        {"encode_base64", "[\"foo\"]", "String(\"Zm9v\")"},
        {"encode_base64", "[\"foob\"]", "String(\"Zm9vYg==\")"},
        {"encode_base64", "[\"ruff!\"]", "String(\"cnVmZiE=\")"},
        {"encode_base64", "[7]", "!encode_base64 expects string or bytes as argument 1, got int"},
        {"decode_base64", "[\"cnVmZiE=\"]", "Bytes(5 bytes)"},
        {"decode_base64", "[\"\"]", "Bytes(0 bytes)"},
        {"decode_base64", "[\"Zg\"]", "!decode_base64: not base64: 'Zg'"},
        {"decode_base64", "[\"Zh==\"]", "!decode_base64: not base64: 'Zh=='"},
        {"decode_base64", "[\"Zm9=\"]", "!decode_base64: not base64: 'Zm9='"},
        {"decode_base64", "[\"Z===\"]", "!decode_base64: not base64: 'Z==='"},
        {"decode_base64", "[\"====\"]", "!decode_base64: not base64: '===='"},
        {"decode_base64", "[\"Zg==Zg==\"]", "!decode_base64: not base64: 'Zg==Zg=='"},
        {"decode_base64", "[\"Zm9v\\n\"]", "!decode_base64: not base64: 'Zm9v\n'"},
        {"decode_base64", "[\"Zm_v\"]", "!decode_base64: not base64: 'Zm_v'"},
    };
    LIB_CHECK(t->lib, cases);
    uint8_t all[256];
    for (int i = 0; i < 256; i++) all[i] = (uint8_t)i;
    for (size_t size = 250; size <= 256; size++) {
        rf_value text = HOST_VALUES(t, "encode_base64", host_bytes(t, all, size));
        rf_value bytes = HOST_VALUES(t, "decode_base64", text);
        assert_int_equal(bytes.as.bytes->size, size);
        assert_memory_equal(bytes.as.bytes->data, all, size);
        rf_release(t->lib->isolate, bytes);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_seeded_stream_is_the_recorded_one),
        TEST(numbers_stay_in_their_range),
        TEST(without_a_seed_numbers_differ),
        TEST(uuids_are_of_version_4_and_ignore_the_seed),
        TEST(base64_is_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
