/* The key-value store (BUILTINS 37) and HTTP responses (29). */
#include "host_test.h"

#include "value/function.h"

#include <stdlib.h>

static void entries_are_kept_in_a_sorted_file(void **state)
{
    host_test *t = *state;
    unsetenv("RUFF_KV_PATH");
    host_expect(t, "kv_get", "[\"a\"]", "Null");
    host_expect(t, "kv_set", "[\"b\", \"2\"]", "Bool(true)");
    host_expect(t, "kv_set", "[\"a\", \"\\u00e9\"]", "Bool(true)");
    host_expect(t, "kv_set", "[\"7\", \"int key\"]", "Bool(true)");
    host_expect(t, "kv_get", "[\"a\"]", "String(\"\xC3\xA9\")");
    host_expect(t, "kv_get", "[\"7\"]", "String(\"int key\")");
    char *text = host_read(".ruff_kv.json");
    assert_string_equal(text,
                        "{\n  \"7\": \"int key\",\n  \"a\": \"\xC3\xA9\",\n  \"b\": \"2\"\n}");
    rf_free(text);
    host_expect(t, "list_dir", "[\".\"]", "Array[String(\".ruff_kv.json\")]");
}

static void the_store_is_where_the_environment_says(void **state)
{
    host_test *t = *state;
    setenv("RUFF_KV_PATH", "deep/er/store.json", 1);
    host_expect(t, "kv_set", "[\"k\", \"v\"]", "Bool(true)");
    host_expect(t, "kv_get", "[\"k\"]", "String(\"v\")");
    host_expect(t, "file_exists", "[\"deep/er/store.json\"]", "Bool(true)");
    unsetenv("RUFF_KV_PATH");
}

static void a_damaged_store_raises_and_stays(void **state)
{
    host_test *t = *state;
    host_write_text(".ruff_kv.json", "{\"a\": 1}");
    host_expect(t, "kv_get", "[\"a\"]",
                "!The key-value store '.ruff_kv.json' is damaged: not an object of strings");
    host_expect(t, "kv_set", "[\"a\", \"b\"]",
                "!The key-value store '.ruff_kv.json' is damaged: not an object of strings");
    host_write_text(".ruff_kv.json", "{");
    char *text = host_call(t, "kv_get", "[\"a\"]");
    assert_non_null(strstr(text, "!The key-value store '.ruff_kv.json' is damaged: "));
    rf_free(text);
    text = host_read(".ruff_kv.json");
    assert_string_equal(text, "{");
    rf_free(text);
    host_expect(t, "kv_set", "[\"a\", 1]", "!kv_set expects string as argument 2, got int");
}

/* ---- responses ---- */

static void responses_are_handles_that_are_copied(void **state)
{
    host_test *t = *state;
    rf_isolate *isolate = t->lib->isolate;
    rf_value a = HOST_VALUES(t, "http_response", rf_int(200), host_string(t, "hi"));
    assert_string_equal(rf_type_name(a), "httpresponse");
    rf_value b =
        HOST_VALUES(t, "set_header", rf_copy(a), host_string(t, "X-A"), host_string(t, "1"));
    assert_ptr_not_equal(a.as.o, b.as.o);
    rf_value c =
        HOST_VALUES(t, "set_headers", b, lib_value(t->lib, "{\"x-a\": \"2\", \"X-B\": 5}"));
    host_expect_value(t, c, "HttpResponse(status: 200)");
    rf_release(isolate, a);
    host_expect(t, "json_response", "[404, {\"a\": [1]}]", "HttpResponse(status: 404)");
    host_expect(t, "json_response", "[{}]", "HttpResponse(status: 200)");
    host_expect(t, "html_response", "[500, \"<p>\"]", "HttpResponse(status: 500)");
    host_expect(t, "redirect_response", "[\"/x\", {\"X-C\": \"1\"}]", "HttpResponse(status: 302)");
}

static void bad_responses_are_refused(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"http_response", "[99, \"\"]", "!http_response expects a status of 100 to 599, got 99"},
        {"http_response", "[600, \"\"]", "!http_response expects a status of 100 to 599, got 600"},
        {"http_response", "[200, 5]", "!http_response expects string as argument 2, got int"},
        {"redirect_response", "[\"a\\r\\nSet-Cookie: x\"]",
         "!redirect_response: 'a\r\nSet-Cookie: x' is no address"},
        {"redirect_response", "[\"/x\", {\"A\": \"b\\nc\"}]",
         "!redirect_response: 'A: b\nc' is no header"},
        {"redirect_response", "[\"/x\", 5]",
         "!redirect_response expects dict as argument 2, got int"},
        {"set_header", "[5, \"a\", \"b\"]",
         "!set_header expects httpresponse as argument 1, got int"},
        {"http_server", "[80]",
         "!http_server is not available in this build (needs libmicrohttpd)"},
    };
    LIB_CHECK(t->lib, cases);
    host_expect_value(t, HOST_VALUES(t, "json_response", rf_float(1.0 / 0.0)),
                      "!to_json cannot write inf as JSON");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(entries_are_kept_in_a_sorted_file), TEST(the_store_is_where_the_environment_says),
        TEST(a_damaged_store_raises_and_stays),  TEST(responses_are_handles_that_are_copied),
        TEST(bad_responses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
