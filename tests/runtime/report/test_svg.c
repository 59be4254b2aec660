/* The flame graph as a picture. */
#include "report/svg.h"
#include "report/writer.h"
#include "support/profile_builder.h"
#include "support/ruff_test.h"

#include <string.h>

static char *drawn(const rf_profile *profile)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_report_svg(profile, &out);
    rf_buffer_append_text(&out, "");
    return rf_buffer_take(&out);
}

static void the_legend_has_the_tiers_that_are_drawn(void **state)
{
    (void)state;
    rf_profile profile;
    profile_builder_init(&profile);
    profile_builder_add(&profile, "main@1:4/vm;work@10:12/jit", 3000);
    profile_builder_add(&profile, "main@1:4/vm;push/blt", 500);
    profile_builder_add(&profile, "main@1:4/vm;gc/gc", 1); /* too narrow to be drawn */
    char *text = drawn(&profile);
    const char *const wanted[] = {">vm</text>", ">jit</text>", ">blt</text>"};
    const char *const others[] = {">gc</text>", ">ast</text>", ">io</text>"};
    for (size_t i = 0; i < RF_COUNT_OF(wanted); i++) assert_non_null(strstr(text, wanted[i]));
    for (size_t i = 0; i < RF_COUNT_OF(others); i++) assert_null(strstr(text, others[i]));
    rf_free(text);
    rf_profile_release(&profile);
}

static void few_ticks_are_told_in_the_picture(void **state)
{
    (void)state;
    for (uint64_t ticks = 199; ticks <= 200; ticks++) {
        rf_profile profile;
        profile_builder_init(&profile);
        profile_builder_add(&profile, "main@1:4/vm", ticks);
        char *text = drawn(&profile);
        assert_int_equal(strstr(text, "only 199 ticks") != NULL, ticks == 199);
        rf_free(text);
        rf_profile_release(&profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_legend_has_the_tiers_that_are_drawn),
        cmocka_unit_test(few_ticks_are_told_in_the_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
