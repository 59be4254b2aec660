/* Numbers and tables as people read them. */
#include "support/ruff_test.h"

#include "report/grid.h"
#include "report/number.h"

#include <locale.h>
#include <string.h>

static void numbers_have_three_significant_digits(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{1.2149, "1.21"},  {21.43, "21.4"},     {148.4, "148"},  {1234.6, "1235"},
                 {0.6234, "0.623"}, {0.03121, "0.0312"}, {9.996, "10.0"}, {99.96, "100"},
                 {0.9996, "1.00"},  {0, "0.00"},         {1, "1.00"},     {75.88, "75.9"}};
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++) {
        char out[REPORT_NUMBER_SIZE];
        assert_string_equal(report_significant(cases[i].value, out), cases[i].text);
    }
}

static void durations_choose_their_unit(void **state)
{
    (void)state;
    char out[REPORT_NUMBER_SIZE];
    assert_string_equal(report_duration(9.84e9, out), "9.8 s");
    assert_string_equal(report_duration(22.2e6, out), "22 ms");
    assert_string_equal(report_duration(500, out), "500 ns");
}

static void columns_align_on_the_decimal_point(void **state)
{
    (void)state;
    static const report_align align[] = {REPORT_LEFT, REPORT_DECIMAL, REPORT_LEFT};
    report_grid grid = {.column_count = 3, .align = align, .gap = "  "};
    const report_terminal plain = {.width = 80};
    static const char *const cells[] = {"",       "steady", "",       "go",     "1.21", "faster",
                                        "python", "24.9",   "slower", "interp", "148",  "slower"};
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(&grid, REPORT_PLAIN, cells[i]);
    report_grid_add(&grid, REPORT_PLAIN, "ruby");
    report_grid_span(&grid, REPORT_PLAIN, "not found");
    report_grid_print(&grid, &plain, &out);
    assert_string_equal(out.data, "        steady\n"
                                  "──────────────────────\n"
                                  "go        1.21  faster\n"
                                  "python   24.9   slower\n"
                                  "interp  148     slower\n"
                                  "ruby    not found\n");
    rf_buffer_release(&out);
    report_grid_release(&grid);
}

static void no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT};
    report_grid grid = {.column_count = 2, .align = align, .gap = "  "};
    const report_terminal narrow = {.width = 40, .color = true};
    rf_buffer out = RF_BUFFER_INIT;
    for (int i = 0; i < 4; i++)
        report_grid_add(&grid, REPORT_BAD, "wörds that take up twenty-six c");
    report_grid_print(&grid, &narrow, &out);
    char *line = out.data;
    for (char *end; (end = strchr(line, '\n')); line = end + 1) {
        size_t width = 0;
        for (char *at = line; at < end; at++) {
            if (*at == '\033')
                at = strchr(at, 'm');
            else
                width += (*at & 0xc0) != 0x80;
        }
        assert_true(width <= 40);
    }
    rf_buffer_release(&out);
    report_grid_release(&grid);
}

static void nothing_is_lost_where_the_terminal_is_narrow(void **state)
{
    (void)state;
    static const report_align align[] = {REPORT_LEFT, REPORT_DECIMAL, REPORT_DECIMAL, REPORT_LEFT};
    static const char *const cells[] = {"benchmark", "steady", "first", "verdict",
                                        "fibonacci", "1.21",   "2.5",   "slower"};
    report_grid grid = {.column_count = 4, .align = align, .gap = "  "};
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(&grid, REPORT_PLAIN, cells[i]);
    report_grid_add(&grid, REPORT_PLAIN, "tak");
    report_grid_span(&grid, REPORT_PLAIN, "answers 5, expected 8");
    report_grid_print(&grid, &(const report_terminal){.width = 32}, &out); /* smaller gaps */
    assert_string_equal(out.data, "benchmark steady first verdict\n"
                                  "──────────────────────────────\n"
                                  "fibonacci   1.21   2.5 slower\n"
                                  "tak       answers 5, expected 8\n");
    rf_buffer_clear(&out);
    report_grid_print(&grid, &(const report_terminal){.width = 20}, &out); /* a second table */
    assert_string_equal(out.data, "benchmark  steady\n"
                                  "─────────────────\n"
                                  "fibonacci    1.21\n"
                                  "tak        answers\n"
                                  "           5,\n"
                                  "           expected\n"
                                  "           8\n"
                                  "\n"
                                  "benchmark  first\n"
                                  "────────────────\n"
                                  "fibonacci    2.5\n"
                                  "\n"
                                  "benchmark  verdict\n"
                                  "──────────────────\n"
                                  "fibonacci  slower\n");
    rf_buffer_release(&out);
    report_grid_release(&grid);
}

static void long_texts_are_broken_into_lines(void **state)
{
    (void)state;
    static const report_align align[] = {REPORT_LEFT, REPORT_LEFT};
    static const char *const cells[] = {"@", "command", "@1", "run tak --langs ruff,go --blocks 12 /a/word/without/any/end"};
    report_grid grid = {.column_count = 2, .align = align, .gap = "  "};
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(&grid, REPORT_PLAIN, cells[i]);
    report_grid_print(&grid, &(const report_terminal){.width = 24}, &out);
    assert_string_equal(out.data, "@   command\n"
                                  "────────────────────────\n"
                                  "@1  run tak --langs\n"
                                  "    ruff,go --blocks 12\n"
                                  "    /a/word/without/any/\n"
                                  "    end\n");
    rf_buffer_release(&out);
    report_grid_release(&grid);
}

/* A name of any length leaves room for the numbers beside it. */
static void long_names_are_cut_with_a_mark(void **state)
{
    (void)state;
    static const report_align align[] = {REPORT_LEFT, REPORT_DECIMAL};
    report_grid grid = {.column_count = 2, .align = align, .gap = "  "};
    const report_terminal plain = {.width = 40};
    static const char *const cells[] = {"", "ms", "a_name_that_goes_on_and_on_and_on_and_on_and_on", "1.21"};
    rf_buffer out = RF_BUFFER_INIT;
    for (size_t i = 0; i < RF_COUNT_OF(cells); i++) report_grid_add(&grid, REPORT_PLAIN, cells[i]);
    report_grid_print(&grid, &plain, &out);
    assert_non_null(strstr(out.data, "a_name_that_goes_on_and…  1.21\n"));
    rf_buffer_release(&out);
    report_grid_release(&grid);
}

static void wide_letters_take_two_columns(void **state)
{
    (void)state;
    if (!setlocale(LC_CTYPE, "C.UTF-8")) skip();
    assert_int_equal(report_width("日本語"), 6);
    assert_int_equal(report_width("e\xcc\x81t"), 2); /* a combining accent */
    assert_int_equal(report_width("×±●"), 3);
    assert_int_equal(report_fit("日本語", 5), 6); /* two letters of three bytes */
    rf_buffer out = RF_BUFFER_INIT;
    report_append_cut(&out, "日本語", 5);
    assert_string_equal(out.data, "日本…");
    rf_buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_names_are_cut_with_a_mark),
        cmocka_unit_test(wide_letters_take_two_columns),
        cmocka_unit_test(numbers_have_three_significant_digits),
        cmocka_unit_test(durations_choose_their_unit),
        cmocka_unit_test(columns_align_on_the_decimal_point),
        cmocka_unit_test(nothing_is_lost_where_the_terminal_is_narrow),
        cmocka_unit_test(long_texts_are_broken_into_lines),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
