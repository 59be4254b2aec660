#include "support/ruff_test.h"

#include "base/alloc.h"
#include "jit/pack.h"

#include <string.h>

static const rf_hash128 build = {1, 2};

static rf_hash128 key_of(uint64_t number)
{
    return (rf_hash128){number, ~number};
}

/* A pack of three pieces, as a file. */
static void make(rf_buffer *out)
{
    rf_pack pack = {.maker = {.build = build}};
    for (uint64_t i = 0; i < 3; i++) rf_pack_put(&pack, key_of(i), &"piece one, two, three"[i], 18);
    rf_pack_write(&pack, out);
    rf_pack_release(&pack);
}

static bool reads(const void *bytes, size_t size, rf_pack *pack)
{
    rf_buffer copy = RF_BUFFER_INIT;
    rf_buffer_append(&copy, bytes, size);
    return rf_pack_read(pack, &copy, build);
}

static void pieces_come_back_as_they_were(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_pack pack;
    bool is_damaged;
    make(&bytes);
    assert_true(reads(bytes.data, bytes.size, &pack));
    const rf_pack_item *item = rf_pack_find(&pack, key_of(1), &is_damaged);
    assert_non_null(item);
    assert_int_equal(item->size, 18);
    assert_memory_equal(item->bytes, "iece one, two, thr", 18);
    assert_null(rf_pack_find(&pack, key_of(9), &is_damaged));
    assert_false(is_damaged);
    rf_pack_release(&pack);
    rf_buffer_release(&bytes);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_pack pack;
    make(&bytes);
    for (size_t size = 0; size < bytes.size; size++) assert_false(reads(bytes.data, size, &pack));
    rf_buffer_release(&bytes);
}

/* Any one changed bit: no pack at all, or the piece it is in is not given out. */
static void every_changed_bit_is_noticed(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    make(&bytes);
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        rf_pack pack;
        bool is_damaged = false, any = false;
        bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
        if (reads(bytes.data, bytes.size, &pack)) {
            for (uint64_t i = 0; i < 3; i++) {
                bool one;
                any |= rf_pack_find(&pack, key_of(i), &one) == NULL;
                is_damaged |= one;
            }
            assert_true(any && is_damaged);
        }
        rf_pack_release(&pack);
        bytes.data[bit / 8] = (char)(bytes.data[bit / 8] ^ 1 << bit % 8);
    }
    rf_buffer_release(&bytes);
}

static void a_pack_of_another_build_is_refused(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_pack pack;
    make(&bytes);
    assert_false(rf_pack_read(&pack, &bytes, (rf_hash128){1, 3}));
    assert_int_equal(pack.items.count, 0);
    rf_pack_release(&pack);
}

static void the_oldest_pieces_give_way(void **state)
{
    (void)state;
    rf_pack pack = {.maker = {.build = build}}, again;
    rf_buffer bytes = RF_BUFFER_INIT;
    bool is_damaged;
    for (uint64_t i = 0; i < RF_PACK_MOST_ITEMS + 5; i++) rf_pack_put(&pack, key_of(i), &i, sizeof i);
    rf_pack_write(&pack, &bytes);
    assert_true(reads(bytes.data, bytes.size, &again));
    assert_int_equal(again.items.count, RF_PACK_MOST_ITEMS);
    assert_null(rf_pack_find(&again, key_of(4), &is_damaged));
    assert_non_null(rf_pack_find(&again, key_of(5), &is_damaged));
    rf_pack_release(&pack);
    rf_pack_release(&again);
    rf_buffer_release(&bytes);
}

static void a_piece_can_be_replaced_and_removed(void **state)
{
    (void)state;
    rf_pack pack = {.maker = {.build = build}};
    bool is_damaged;
    rf_pack_put(&pack, key_of(1), "old", 3);
    rf_pack_put(&pack, key_of(2), "two", 3);
    rf_pack_put(&pack, key_of(1), "newer", 5);
    assert_int_equal(pack.items.count, 2);
    assert_int_equal(rf_pack_find(&pack, key_of(1), &is_damaged)->size, 5);
    assert_true(rf_pack_remove(&pack, key_of(1)));
    assert_false(rf_pack_remove(&pack, key_of(1)));
    assert_non_null(rf_pack_find(&pack, key_of(2), &is_damaged));
    rf_pack_release(&pack);
}

static void when_to_start_is_kept_also_without_pieces(void **state)
{
    (void)state;
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_pack pack = {.maker = {.build = build}, .start_ms = 30}, again;
    rf_pack_write(&pack, &bytes);
    rf_pack_release(&pack);
    assert_true(reads(bytes.data, bytes.size, &again));
    assert_int_equal(again.items.count, 0);
    assert_int_equal(again.start_ms, 30);
    rf_pack_release(&again);
    rf_buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_come_back_as_they_were),      cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_changed_bit_is_noticed),       cmocka_unit_test(a_pack_of_another_build_is_refused),
        cmocka_unit_test(the_oldest_pieces_give_way),         cmocka_unit_test(a_piece_can_be_replaced_and_removed),
        cmocka_unit_test(when_to_start_is_kept_also_without_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
