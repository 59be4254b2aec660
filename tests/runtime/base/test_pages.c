/* pages: large memory and what is kept of it. */
#include "support/ruff_test.h"

#include "base/pages.h"

#include <string.h>

enum { MIB = 1024 * 1024 };

static void fill(unsigned char *memory, size_t from, size_t to)
{
    for (size_t i = from; i < to; i += 1000) memory[i] = (unsigned char)(i / 1000 % 251);
}

static void check(const unsigned char *memory, size_t size)
{
    for (size_t i = 0; i < size; i += 1000) assert_int_equal(memory[i], i / 1000 % 251);
}

static void a_block_that_grows_and_shrinks_keeps_its_contents(void **state)
{
    (void)state;
    rf_pages pages = {0};
    const size_t sizes[] = {MIB, 3 * MIB / 2, 9 * MIB, 9 * MIB + 1, 40 * MIB, 39 * MIB, 2 * MIB, 5 * MIB};
    unsigned char *memory = rf_pages_take(&pages, sizes[0]), *neighbour = rf_pages_take(&pages, sizes[0]);
    fill(memory, 0, sizes[0]);
    fill(neighbour, 0, sizes[0]);
    for (size_t i = 1; i < sizeof sizes / sizeof *sizes; i++) {
        memory = rf_pages_resize(memory, sizes[i]);
        assert_int_equal((uintptr_t)memory % 64, 0);
        check(memory, sizes[i] < sizes[i - 1] ? sizes[i] : sizes[i - 1]);
        fill(memory, 0, sizes[i]);
        memory[sizes[i] - 1] = 1;
    }
    check(neighbour, sizes[0]);
    rf_pages_give(&pages, neighbour);
    rf_pages_give(&pages, memory);
    rf_pages_release(&pages);
}

static void the_smallest_block_that_fits_is_used_again(void **state)
{
    (void)state;
    rf_pages pages = {0};
    char *small = rf_pages_take(&pages, 2 * MIB), *middle = rf_pages_take(&pages, 6 * MIB),
         *large = rf_pages_take(&pages, 30 * MIB);
    rf_pages_give(&pages, large);
    rf_pages_give(&pages, small);
    rf_pages_give(&pages, middle);
    assert_ptr_equal(rf_pages_take(&pages, 5 * MIB), middle);
    assert_ptr_equal(rf_pages_take(&pages, 5 * MIB), large);
    assert_ptr_equal(rf_pages_take(&pages, MIB), small);
    assert_int_equal(pages.spare_count, 0);
    assert_int_equal(pages.spare_bytes, 0);
    rf_pages_give(&pages, middle);
    rf_pages_give(&pages, large);
    rf_pages_give(&pages, small);
    rf_pages_release(&pages);
}

static void no_block_is_used_for_a_twentieth_of_it(void **state)
{
    (void)state;
    rf_pages pages = {0};
    char *large = rf_pages_take(&pages, 40 * MIB);
    rf_pages_give(&pages, large);
    char *small = rf_pages_take(&pages, 2 * MIB);
    assert_int_equal(pages.spare_count, 1);
    rf_pages_give(&pages, small);
    rf_pages_release(&pages);
}

static void the_reserve_is_bounded(void **state)
{
    (void)state;
    rf_pages pages = {0};
    void *blocks[8];
    for (size_t i = 0; i < 8; i++) blocks[i] = rf_pages_take(&pages, (1 + 5 * i) * MIB);
    for (size_t i = 0; i < 8; i++) {
        rf_pages_give(&pages, blocks[i]);
        assert_in_range(pages.spare_count, 1, RF_PAGES_SPARES);
        assert_in_range(pages.spare_bytes, MIB, RF_PAGES_RESERVE);
    }
    rf_pages_give(&pages, rf_pages_take(&pages, (size_t)2 * RF_PAGES_RESERVE));
    assert_in_range(pages.spare_bytes, MIB, RF_PAGES_RESERVE);
    rf_pages_release(&pages);
    assert_int_equal(pages.spare_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_that_grows_and_shrinks_keeps_its_contents),
        cmocka_unit_test(the_smallest_block_that_fits_is_used_again),
        cmocka_unit_test(no_block_is_used_for_a_twentieth_of_it),
        cmocka_unit_test(the_reserve_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
