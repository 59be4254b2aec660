/* buffer, utf8: the text every room writes and reads. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void an_appended_buffer_is_always_terminated(void **state)
{
    (void)state;
    rf_buffer buffer = RF_BUFFER_INIT;
    for (int i = 0; i < 1000; i++) {
        rf_buffer_append_byte(&buffer, (char)('a' + i % 26));
        assert_int_equal(buffer.data[buffer.size], '\0');
    }
    assert_int_equal(buffer.size, 1000);
    assert_memory_equal(buffer.data + 26, "abcdefghijklmnopqrstuvwxyz", 26);
    rf_buffer_clear(&buffer);
    assert_string_equal(buffer.data, "");
    rf_buffer_release(&buffer);
    assert_null(buffer.data);
}

static void numbers_are_written_to_the_last_digit(void **state)
{
    (void)state;
    rf_buffer buffer = RF_BUFFER_INIT;
    rf_buffer_append_int(&buffer, 0);
    rf_buffer_append_byte(&buffer, ' ');
    rf_buffer_append_int(&buffer, INT64_MIN);
    rf_buffer_append_byte(&buffer, ' ');
    rf_buffer_append_int(&buffer, INT64_MAX);
    rf_buffer_format(&buffer, "|%s %d", "x", 7);
    assert_string_equal(buffer.data, "0 -9223372036854775808 9223372036854775807|x 7");
    rf_buffer_release(&buffer);
}

static void ints_around_every_power_of_ten_are_written_as_printf_does(void **state)
{
    (void)state;
    int64_t power = 1;
    for (int exponent = 0; exponent < 19; exponent++, power *= exponent < 19 ? 10 : 1) {
        const int64_t numbers[] = {power - 1, power, power + 1, -power + 1, -power, -power - 1};
        for (size_t i = 0; i < RF_COUNT_OF(numbers); i++) {
            char wanted[32];
            rf_buffer buffer = RF_BUFFER_INIT;
            snprintf(wanted, sizeof wanted, "%lld", (long long)numbers[i]);
            rf_buffer_append_int(&buffer, numbers[i]);
            assert_string_equal(buffer.data, wanted);
            rf_buffer_release(&buffer);
        }
    }
}

static void taking_an_empty_buffer_gives_an_empty_text(void **state)
{
    (void)state;
    rf_buffer buffer = RF_BUFFER_INIT;
    char *text = rf_buffer_take(&buffer);
    assert_string_equal(text, "");
    rf_free(text);
}

static void every_scalar_value_survives_encoding(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char bytes[4];
        uint32_t back = 0;
        unsigned width = rf_utf8_encode(c, bytes);
        assert_int_equal(rf_utf8_decode(bytes, width, &back), width);
        assert_int_equal(back, c);
        assert_int_equal(rf_utf8_width((unsigned char)bytes[0]), width);
        if (width > 1) assert_int_equal(rf_utf8_decode(bytes, width - 1, &back), 0);
    }
}

static void what_is_not_utf8_is_found_at_its_first_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size, bad;
    } cases[] = {
        {"abc\x80", 4, 3},                      /* lone continuation */
        {"abcdefgh\xC3", 9, 8},                 /* cut off behind a full word */
        {"\xC0\x80", 2, 0},                     /* overlong */
        {"\xE0\x9F\xBF", 3, 0},                 /* overlong */
        {"x\xED\xA0\x80", 4, 1},                /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0},             /* above U+10FFFF */
        {"\xF0\x8F\xBF\xBF", 4, 0},             /* overlong */
        {"\xFF", 1, 0},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        size_t bad = 999;
        assert_false(rf_utf8_valid(cases[i].text, cases[i].size, &bad));
        assert_int_equal(bad, cases[i].bad);
    }
    assert_true(rf_utf8_valid("h\xC3\xA9llo \xF0\x9F\x98\x80 and more", 20, NULL));
}

static void counts_and_offsets_agree_with_walking(void **state)
{
    (void)state;
    rf_buffer text = RF_BUFFER_INIT;
    static const uint32_t samples[] = {'a', 0xE9, 0x20AC, 0x1F600, 'z', 0x7FF, 0xFFFF};
    for (size_t n = 0; n < 200; n++) {
        assert_int_equal(rf_utf8_count(text.data ? text.data : "", text.size), n);
        size_t at = 0;
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(rf_utf8_offset(text.data, text.size, i), at);
            at += rf_utf8_width((unsigned char)text.data[at]);
        }
        rf_buffer_append_utf8(&text, samples[n % RF_COUNT_OF(samples)]);
    }
    rf_buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_appended_buffer_is_always_terminated),
        cmocka_unit_test(numbers_are_written_to_the_last_digit),
        cmocka_unit_test(ints_around_every_power_of_ten_are_written_as_printf_does),
        cmocka_unit_test(taking_an_empty_buffer_gives_an_empty_text),
        cmocka_unit_test(every_scalar_value_survives_encoding),
        cmocka_unit_test(what_is_not_utf8_is_found_at_its_first_byte),
        cmocka_unit_test(counts_and_offsets_agree_with_walking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
