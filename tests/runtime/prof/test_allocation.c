/* The memory instrument counts exactly, by line and type. */
#include "prof/allocation.h"
#include "support/ruff_test.h"

#include <stdlib.h>
#include <string.h>

enum { KIND_LIST = 3, KIND_TEXT = 4 };

typedef struct script { /* what "runs" */
    uint32_t line;
    unsigned questions, samples;
    uint64_t sampled;
} script;

static const void *where(void *context)
{
    const script *s = context;
    return (const void *)(uintptr_t)(s->line * 8u); /* never followed */
}

static void place(void *context, rf_allocation_place *out)
{
    script *s = context;
    s->questions++;
    *out = (rf_allocation_place){rf_strdup("f"), rf_strdup("a.ruff"), 1, s->line};
}

static const char *type(void *context, unsigned kind, const void *block)
{
    (void)context, (void)block;
    return kind == KIND_LIST ? "list" : "text";
}

static void sample(void *context, uint64_t bytes)
{
    script *s = context;
    s->samples++;
    s->sampled += bytes;
}

static rf_allocations *start(script *s)
{
    *s = (script){0};
    const rf_allocation_owner owner = {s, where, place, type, sample};
    return rf_allocations_new(&owner);
}

static void *make(rf_allocations *a, script *s, uint32_t line, unsigned kind, size_t size)
{
    s->line = line;
    return rf_allocation_take(a, size, kind);
}

static void end(rf_allocations *a, void *block)
{
    rf_allocation_give(a, block, rf_allocation_size(block));
}

/* All zero when there is none. */
static rf_prof_site site_at(const rf_profile *profile, uint32_t line, const char *name)
{
    for (size_t i = 0; i < profile->sites.count; i++)
        if (profile->sites.data[i].line == line && strcmp(profile->sites.data[i].type, name) == 0)
            return profile->sites.data[i];
    return (rf_prof_site){0};
}

static void sites_are_lines_and_types(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    void *kept = make(a, &s, 7, KIND_LIST, 100);
    end(a, make(a, &s, 7, KIND_TEXT, 10));
    end(a, make(a, &s, 7, KIND_LIST, 50));
    end(a, make(a, &s, 8, KIND_LIST, 1));
    rf_allocations_finish(a, &profile);
    assert_int_equal(profile.sites.count, 3);
    const rf_prof_site lists = site_at(&profile, 7, "list");
    assert_int_equal(lists.allocs, 2);
    assert_int_equal(lists.bytes, 150);
    assert_int_equal(lists.frees, 1);
    assert_int_equal(lists.freed_bytes, 50);
    assert_string_equal(profile.funcs.data[lists.func].name, "f");
    assert_int_equal(profile.run.allocs, 4);
    assert_int_equal(profile.run.frees, 3);
    assert_int_equal(profile.run.exit_live_bytes, 100);
    assert_int_equal(s.questions, 3); /* asked once a line and kind, not once an allocation */
    end(a, kept);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

/* More lines and sizes than are found quickly, and each size gives back what it took. */
static void any_number_of_lines_and_sizes_is_counted_exactly(void **state)
{
    (void)state;
    enum { LINES = 60, SIZES = 540, ROUNDS = 3 };
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    void *kept[LINES];
    for (unsigned round = 0; round < ROUNDS; round++)
        for (size_t size = 0; size < SIZES; size++) {
            for (uint32_t i = 0; i < LINES; i++) kept[i] = memset(make(a, &s, i + 1, KIND_TEXT, size + i), 0xff, size + i);
            for (uint32_t i = 0; i < LINES; i++) {
                assert_int_equal(rf_allocation_size(kept[i]), size + i);
                end(a, kept[i]);
            }
        }
    rf_allocations_finish(a, &profile);
    assert_int_equal(s.questions, LINES);
    for (uint32_t i = 0; i < LINES; i++) {
        const rf_prof_site found = site_at(&profile, i + 1, "text");
        assert_int_equal(found.allocs, ROUNDS * SIZES);
        assert_int_equal(found.frees, ROUNDS * SIZES);
        assert_int_equal(found.bytes, ROUNDS * (SIZES * (SIZES - 1) / 2 + SIZES * i));
        assert_int_equal(found.freed_bytes, found.bytes);
    }
    assert_int_equal(profile.run.exit_live_bytes, 0);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void large_blocks_belong_to_their_line(void **state)
{
    (void)state;
    const size_t sizes[] = {513, 32766, 32767, 32768, 65536, 8000000};
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    for (uint32_t i = 0; i < RF_COUNT_OF(sizes); i++) {
        void *block = make(a, &s, i + 1, i % 2 ? KIND_TEXT : KIND_LIST, sizes[i]);
        assert_int_equal(rf_allocation_size(block), sizes[i]);
        end(a, block);
    }
    rf_allocations_finish(a, &profile);
    for (uint32_t i = 0; i < RF_COUNT_OF(sizes); i++) {
        const rf_prof_site found = site_at(&profile, i + 1, i % 2 ? "text" : "list");
        assert_int_equal(found.bytes, sizes[i]);
        assert_int_equal(found.freed_bytes, sizes[i]);
    }
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void what_lives_at_the_peak_adds_up_to_it(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    void *notes[200];
    for (size_t i = 0; i < 100; i++) notes[i] = make(a, &s, 1, KIND_LIST, 1000);
    for (size_t i = 0; i < 60; i++) end(a, notes[i]);
    for (size_t i = 0; i < 100; i++) notes[100 + i] = make(a, &s, 2, KIND_TEXT, 1000);
    for (size_t i = 60; i < 200; i++) end(a, notes[i]);
    rf_allocations_finish(a, &profile);
    const uint64_t peak = profile.run.peak_live_bytes;
    assert_int_equal(peak, 140 * 1000);
    const uint64_t sum = site_at(&profile, 1, "list").peak_live_bytes + site_at(&profile, 2, "text").peak_live_bytes;
    assert_true(sum <= peak && sum * 100 >= peak * 99);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void temporaries_die_before_two_further_allocations(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    end(a, make(a, &s, 1, KIND_LIST, 8));
    void *one = make(a, &s, 2, KIND_LIST, 8), *two = make(a, &s, 3, KIND_LIST, 8);
    end(a, one); /* one allocation later */
    void *three = make(a, &s, 4, KIND_LIST, 8), *four = make(a, &s, 5, KIND_LIST, 8);
    end(a, two); /* two allocations later */
    end(a, three);
    end(a, four);
    rf_allocations_finish(a, &profile);
    assert_int_equal(site_at(&profile, 1, "list").temporaries, 1);
    assert_int_equal(site_at(&profile, 2, "list").temporaries, 1);
    assert_int_equal(site_at(&profile, 3, "list").temporaries, 0);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void count_block(void *context, void *block, unsigned kind)
{
    (void)block, (void)kind;
    ++*(size_t *)context;
}

static size_t count_live(rf_allocations *a)
{
    size_t count = 0;
    rf_allocation_each(a, count_block, &count);
    return count;
}

static void what_lives_can_be_walked(void **state)
{
    (void)state;
    enum { BLOCKS = 3000 };
    static void *blocks[BLOCKS];
    script s;
    rf_allocations *a = start(&s);
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = make(a, &s, 1, KIND_LIST, i % 700);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        memset(blocks[i], 0xff, i % 700);
    }
    void *buffer = rf_allocation_take(a, 100, KIND_LIST | RF_ALLOCATION_BUFFER); /* no object */
    assert_int_equal(count_live(a), BLOCKS);
    for (size_t i = 0; i < BLOCKS; i += 3) end(a, blocks[i]);
    assert_int_equal(count_live(a), BLOCKS - BLOCKS / 3);
    for (size_t i = 0; i < BLOCKS; i++)
        if (i % 3) end(a, blocks[i]);
    end(a, buffer);
    assert_int_equal(count_live(a), 0);
    rf_allocations_free(a);
}

static void growth_belongs_to_the_line_that_made_the_block(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    void *other = make(a, &s, 1, KIND_TEXT, 16), *list = make(a, &s, 2, KIND_LIST, 64),
         *last = make(a, &s, 3, KIND_TEXT, 16);
    memset(list, 'x', 64);
    for (size_t size = 128; size <= 2048; size *= 2) { /* from cell to cell, to a block of its own, to a longer one */
        s.line = 9;
        list = rf_allocation_resize(a, list, size / 2, size);
        assert_int_equal(rf_allocation_size(list), size);
        assert_memory_equal(list, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 64);
    }
    list = rf_allocation_resize(a, list, 2048, 1024);
    assert_int_equal(count_live(a), 3);
    end(a, list);
    end(a, other);
    end(a, last);
    rf_allocations_finish(a, &profile);
    const rf_prof_site site = site_at(&profile, 2, "list");
    assert_int_equal(site.growths, 5);
    assert_int_equal(site.growth_from, 64);
    assert_int_equal(site.growth_to, 2048);
    assert_int_equal(site.bytes, 2048);
    assert_int_equal(site.freed_bytes, 2048);
    assert_int_equal(profile.run.exit_live_bytes, 0);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void a_copy_names_the_line_that_copies_and_the_one_that_shared(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    void *list = make(a, &s, 1, KIND_LIST, 500);
    s.line = 39;
    rf_allocation_share(a, list);
    s.line = 44;
    rf_allocation_copy(a, list, KIND_LIST, 500);
    rf_allocation_copy(a, list, KIND_LIST, 500);
    end(a, list);
    rf_allocations_finish(a, &profile);
    const rf_prof_site site = site_at(&profile, 44, "list");
    assert_int_equal(site.copies, 2);
    assert_int_equal(site.copy_bytes, 1000);
    assert_int_equal(site.shared_line, 39);
    assert_null(site_at(&profile, 39, "list").type); /* sharing allocates nothing */
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void only_sites_that_rise_all_the_time_grow(void **state)
{
    (void)state;
    script s;
    rf_profile profile;
    rf_allocations *a = start(&s);
    rf_profile_init(&profile);
    enum { ROUNDS = 20000 };
    void **kept = calloc(ROUNDS, sizeof *kept), *cache = NULL;
    for (size_t i = 0; i < ROUNDS; i++) {
        kept[i] = make(a, &s, 1, KIND_LIST, 32);
        if (cache) end(a, cache);
        cache = make(a, &s, 2, KIND_LIST, 32);
    }
    rf_allocations_finish(a, &profile);
    assert_int_equal(profile.leaks.count, 1);
    assert_int_equal(profile.leaks.data[0].verdict, RF_LEAK_GROWING);
    assert_int_equal(profile.leaks.data[0].line, 1);
    for (size_t i = 0; i < ROUNDS; i++) end(a, kept[i]);
    end(a, cache);
    free(kept);
    rf_allocations_free(a);
    rf_profile_release(&profile);
}

static void samples_stand_for_all_bytes(void **state)
{
    (void)state;
    static const size_t sizes[] = {64, 640}; /* a cell, a block of its own */
    for (size_t i = 0; i < 2; i++) {
        script s;
        rf_allocations *a = start(&s);
        for (size_t bytes = 0; bytes < 64000000; bytes += sizes[i]) end(a, make(a, &s, 1, KIND_LIST, sizes[i]));
        assert_true(s.samples > 800 && s.samples < 1200); /* 64 MB at a mean of 64 KiB: 977, standard deviation 31 */
        assert_true(s.sampled <= 64000000 && s.sampled > 63000000);
        rf_allocations_free(a);
    }
}

static void the_median_life_is_within_a_factor_of_two(void **state)
{
    (void)state;
    static const unsigned lives[] = {0, 1, 2, 3, 7, 15, 16, 100, 5000};
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        script s;
        rf_profile profile;
        rf_allocations *a = start(&s);
        rf_profile_init(&profile);
        void *block = make(a, &s, 1, KIND_LIST, 8);
        for (unsigned n = 0; n < lives[i]; n++) end(a, make(a, &s, 2, KIND_TEXT, 8));
        end(a, block);
        rf_allocations_finish(a, &profile);
        const uint64_t median = site_at(&profile, 1, "list").median_life;
        assert_true(median <= lives[i] && 2 * median >= lives[i]);
        rf_allocations_free(a);
        rf_profile_release(&profile);
    }
}

static void what_lives_is_known_at_any_time(void **state)
{
    (void)state;
    script s;
    rf_allocations *a = start(&s);
    assert_int_equal(rf_allocations_live(a), 0);
    void *first = make(a, &s, 1, KIND_LIST, 100), *second = make(a, &s, 1, KIND_LIST, 1000);
    assert_int_equal(rf_allocations_live(a), 1100);
    end(a, first);
    assert_int_equal(rf_allocations_live(a), 1000);
    second = rf_allocation_resize(a, second, 1000, 50);
    assert_int_equal(rf_allocations_live(a), 50);
    end(a, second);
    assert_int_equal(rf_allocations_live(a), 0);
    rf_allocations_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_are_lines_and_types),
        cmocka_unit_test(any_number_of_lines_and_sizes_is_counted_exactly),
        cmocka_unit_test(large_blocks_belong_to_their_line),
        cmocka_unit_test(what_lives_at_the_peak_adds_up_to_it),
        cmocka_unit_test(temporaries_die_before_two_further_allocations),
        cmocka_unit_test(what_lives_can_be_walked),
        cmocka_unit_test(growth_belongs_to_the_line_that_made_the_block),
        cmocka_unit_test(a_copy_names_the_line_that_copies_and_the_one_that_shared),
        cmocka_unit_test(only_sites_that_rise_all_the_time_grow),
        cmocka_unit_test(samples_stand_for_all_bytes),
        cmocka_unit_test(the_median_life_is_within_a_factor_of_two),
        cmocka_unit_test(what_lives_is_known_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
