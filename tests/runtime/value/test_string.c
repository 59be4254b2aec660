#include "value_test.h"

#include <math.h>

static rf_string *string_of(rf_value v)
{
    assert_int_equal(v.head, RF_STRING);
    return v.as.string;
}

static void ascii_characters_exist_once(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = text(isolate, "a"), b = text(isolate, "banana");
    rf_value c = rf_string_at(isolate, b.as.string, 1);
    assert_ptr_equal(a.as.string, c.as.string);
    assert_ptr_equal(rf_string_intern(isolate, "a", 1).as.string, a.as.string);
    assert_ptr_equal(text(isolate, "").as.string, rf_string_intern(isolate, "", 0).as.string);
    assert_true(a.as.o->count < 0);
    rf_release(isolate, b);
}

static void interned_text_is_one_object(void **state)
{
    rf_isolate *isolate = *state;
    char name[32];
    rf_string *first[1000];
    for (int i = 0; i < 1000; i++) {
        size_t size = (size_t)snprintf(name, sizeof name, "name_%d", i);
        first[i] = rf_string_intern(isolate, name, size).as.string;
    }
    for (int i = 0; i < 1000; i++) {
        size_t size = (size_t)snprintf(name, sizeof name, "name_%d", i);
        assert_ptr_equal(rf_string_intern(isolate, name, size).as.string, first[i]);
    }
    rf_value copy = text(isolate, "name_7");
    assert_true(copy.as.string != first[7]);
    assert_true(rf_string_equal(copy.as.string, first[7]));
    assert_int_equal(rf_string_hash(copy.as.string), first[7]->hash);
    rf_release(isolate, copy);
}

static void both_sizes_are_known(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v = text(isolate, "h\u00e9\u20ac\U0001F600");
    assert_int_equal(v.as.string->size, 10);
    assert_int_equal(v.as.string->length, 4);
    assert_false(rf_string_is_ascii(v.as.string));
    assert_int_equal(v.as.string->text[10], 0);
    rf_release(isolate, v);
}

static void text_may_hold_nul(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_string_new(isolate, "a\0b", 3), b = rf_string_new(isolate, "a\0c", 3);
    assert_int_equal(a.as.string->length, 3);
    assert_false(rf_string_equal(a.as.string, b.as.string));
    assert_true(rf_string_compare(a.as.string, b.as.string) < 0);
    rf_release(isolate, a);
    rf_release(isolate, b);
}

static void order_is_by_code_point_and_prefix_first(void **state)
{
    rf_isolate *isolate = *state;
    const char *const sorted[] = {"", "a", "ab", "b", "\u00e9", "\uffff", "\U00010000"};
    for (size_t i = 0; i < RF_COUNT_OF(sorted); i++) {
        for (size_t k = 0; k < RF_COUNT_OF(sorted); k++) {
            rf_value a = text(isolate, sorted[i]), b = text(isolate, sorted[k]);
            int order = rf_string_compare(a.as.string, b.as.string);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
            rf_release(isolate, a);
            rf_release(isolate, b);
        }
    }
}

static void append_grows_a_sole_reference_in_place(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "start");
    size_t moves = 0;
    for (int i = 0; i < 100000; i++) {
        rf_string *before = s.as.string;
        s = rf_string_append(isolate, s, "0123456789", 10);
        moves += s.as.string != before;
    }
    assert_int_equal(string_of(s)->size, 1000005);
    assert_int_equal(s.as.string->length, 1000005);
    assert_true(moves < 40);
    assert_memory_equal(s.as.string->text + 999995, "0123456789", 11);
    rf_release(isolate, s);
}

static void append_leaves_a_shared_string_alone(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "shared");
    rf_value longer = rf_string_append(isolate, rf_copy(s), "!", 1);
    assert_shows(isolate, longer, "shared!");
    assert_shows(isolate, s, "shared");
    assert_shows(isolate, rf_string_append(isolate, text(isolate, "x"), "yz", 2), "xyz");
    assert_shows(isolate, text(isolate, "x"), "x");
}

static void append_forgets_what_was_known_of_the_text(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = rf_string_append(isolate, text(isolate, "12"), "3", 1);
    int64_t number;
    rf_string_hash(s.as.string);
    assert_true(rf_string_int_key(s.as.string, &number));
    s = rf_string_append(isolate, s, "x", 1);
    assert_false(rf_string_int_key(s.as.string, &number));
    rf_value other = text(isolate, "123x");
    assert_int_equal(rf_string_hash(s.as.string), rf_string_hash(other.as.string));
    rf_release(isolate, other);
    rf_release(isolate, s);
}

static void string_appends_itself(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "ab\u00e9");
    for (int i = 0; i < 6; i++)
        s = rf_string_append(isolate, s, s.as.string->text, s.as.string->size);
    assert_int_equal(s.as.string->length, 3 * 64);
    rf_value c = rf_string_at(isolate, s.as.string, 191);
    assert_shows(isolate, c, "\u00e9");
    rf_release(isolate, s);
}

static void concat_joins(void **state)
{
    rf_isolate *isolate = *state;
    rf_value b = text(isolate, "two");
    assert_shows(isolate, rf_string_concat(isolate, text(isolate, "one "), b), "one two");
    rf_value same = rf_string_concat(isolate, text(isolate, ""), b);
    assert_ptr_equal(same.as.string, b.as.string);
    rf_release(isolate, same);
    rf_release(isolate, b);
}

static void too_large_a_string_raises(void **state)
{
    rf_isolate *isolate = *state;
    assert_raises(isolate, rf_string_new_raw(isolate, (size_t)INT32_MAX + 1, 1),
                  "String too large");
}

static void positions_in_text_that_is_not_ascii(void **state)
{
    rf_isolate *isolate = *state;
    rf_buffer out = RF_BUFFER_INIT;
    for (uint32_t i = 0; i < 5000; i++)
        rf_buffer_append_utf8(&out, i % 3 ? 0x4E00 + i : 'a' + i % 26);
    rf_value s = rf_string_take_buffer(isolate, &out);
    uint32_t offset = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(rf_string_offset(isolate, s.as.string, i), offset);
        offset += i % 3 ? 3 : 1;
    }
    assert_int_equal(rf_string_offset(isolate, s.as.string, 5000), s.as.string->size);
    assert_true(s.as.o->flags & RF_STRING_BREADCRUMBS);
    rf_value part = rf_string_slice(isolate, s.as.string, 100, 103);
    assert_int_equal(part.as.string->length, 3);
    assert_memory_equal(part.as.string->text,
                        s.as.string->text + rf_string_offset(isolate, s.as.string, 100),
                        part.as.string->size);
    rf_release(isolate, part);
    rf_release(isolate, s);
}

static void appending_after_indexing_keeps_positions_right(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "\u00fc");
    for (uint32_t i = 0; i < 1000; i++) {
        s = rf_string_append(isolate, s, i % 2 ? "\u00e4" : "b", i % 2 ? 2 : 1);
        if (i % 7 == 0 || i > 900) {
            rf_value last = rf_string_at(isolate, s.as.string, s.as.string->length - 1);
            assert_string_equal(last.as.string->text, i % 2 ? "\u00e4" : "b");
            rf_release(isolate, last);
            assert_int_equal(rf_string_offset(isolate, s.as.string, 1), 2);
        }
    }
    rf_release(isolate, s);
}

static void slices(void **state)
{
    rf_isolate *isolate = *state;
    rf_value s = text(isolate, "h\u00e9llo");
    assert_shows(isolate, rf_string_slice(isolate, s.as.string, 1, 4), "\u00e9ll");
    assert_shows(isolate, rf_string_slice(isolate, s.as.string, 3, 3), "");
    rf_value whole = rf_string_slice(isolate, s.as.string, 0, 5);
    assert_ptr_equal(whole.as.string, s.as.string);
    rf_release(isolate, whole);
    rf_release(isolate, s);
}

static void canonical_ints_are_int_keys(void **state)
{
    rf_isolate *isolate = *state;
    const struct {
        const char *text;
        bool is_int;
        int64_t number;
    } cases[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"-12", true, -12},
        {"007", false, 0},
        {"-0", false, 0},
        {"+1", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1.0", false, 0},
        {" 1", false, 0},
        {"12a", false, 0},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        rf_value s = text(isolate, cases[i].text);
        for (int again = 0; again < 2; again++) {
            int64_t number = 0;
            assert_int_equal(rf_string_int_key(s.as.string, &number), cases[i].is_int);
            assert_int_equal(number, cases[i].number);
        }
        rf_release(isolate, s);
    }
}

static void bad_bytes_become_replacement_characters(void **state)
{
    rf_isolate *isolate = *state;
    assert_shows(isolate, rf_string_new_lossy(isolate, "ok", 2), "ok");
    assert_shows(isolate,
                 rf_string_new_lossy(isolate,
                                     "a\xff"
                                     "b\xc3",
                                     4),
                 "a\uFFFD"
                 "b\uFFFD");
}

static void bytes_are_copied_or_zeroed(void **state)
{
    rf_isolate *isolate = *state;
    rf_value b = rf_bytes_new(isolate, "\x01\x02", 2), zero = rf_bytes_new(isolate, NULL, 3);
    assert_int_equal(b.as.bytes->data[1], 2);
    assert_int_equal(zero.as.bytes->data[2], 0);
    rf_release(isolate, b);
    rf_release(isolate, zero);
}

static void formatted_text(void **state)
{
    rf_isolate *isolate = *state;
    assert_shows(isolate, rf_string_format(isolate, "%d-%s", 5, "x"), "5-x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(ascii_characters_exist_once),
        value_test(interned_text_is_one_object),
        value_test(both_sizes_are_known),
        value_test(text_may_hold_nul),
        value_test(order_is_by_code_point_and_prefix_first),
        value_test(append_grows_a_sole_reference_in_place),
        value_test(append_leaves_a_shared_string_alone),
        value_test(append_forgets_what_was_known_of_the_text),
        value_test(string_appends_itself),
        value_test(concat_joins),
        value_test(too_large_a_string_raises),
        value_test(positions_in_text_that_is_not_ascii),
        value_test(appending_after_indexing_keeps_positions_right),
        value_test(slices),
        value_test(canonical_ints_are_int_keys),
        value_test(bad_bytes_become_replacement_characters),
        value_test(bytes_are_copied_or_zeroed),
        value_test(formatted_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
