#include "value_test.h"

#include "value/dict_layout.h"

static rf_value get(rf_isolate *isolate, rf_value d, const char *key)
{
    rf_value name = text(isolate, key);
    rf_value v = rf_dict_get(d.as.dict, key_of(name));
    rf_release(isolate, name);
    return v;
}

static rf_value remove_key(rf_isolate *isolate, rf_value d, const char *key)
{
    rf_value name = text(isolate, key);
    rf_value v = rf_dict_remove(isolate, d.as.dict, key_of(name));
    rf_release(isolate, name);
    return v;
}

/* the keys in order, separated by spaces */
static void assert_keys(rf_isolate *isolate, rf_value d, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_key key;
    rf_value value;
    uint32_t count = 0;
    for (uint32_t at = 0; rf_dict_next(d.as.dict, &at, &key, &value); count++) {
        char small[24];
        size_t size;
        const char *name = rf_key_text(key, small, &size);
        if (out.size) rf_buffer_append_byte(&out, ' ');
        rf_buffer_append(&out, name, size);
        assert_true(rf_dict_has(d.as.dict, key));
        rf_value v = rf_dict_peek(d.as.dict, key);
        assert_int_equal(rf_equal(isolate, v, value), 1);
    }
    assert_string_equal(out.data ? out.data : "", expected);
    assert_int_equal(rf_dict_count(d.as.dict), count);
    rf_buffer_release(&out);
}

static void int_and_its_text_are_one_key(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    rf_dict_set(isolate, d.as.dict, key_of(rf_int(7)), rf_int(1));
    put(isolate, d, "7", rf_int(2));
    put(isolate, d, "07", rf_int(3));
    put(isolate, d, "-5", rf_int(4));
    assert_int_equal(rf_dict_count(d.as.dict), 3);
    assert_is_int(rf_dict_get(d.as.dict, key_of(rf_int(7))), 2);
    assert_is_int(rf_dict_get(d.as.dict, key_of(rf_int(-5))), 4);
    assert_is_int(get(isolate, d, "07"), 3);
    assert_keys(isolate, d, "7 07 -5");
    rf_release(isolate, d);
}

/* What was looked for in vain is remembered, until it is there: by each way an entry gets in. */
static void missed_keys_are_found_once_they_are_there(void **state)
{
    rf_isolate *isolate = *state;
    const char *const keys[] = {"a", "key12345", "", "a text of more than eight bytes", "12", "x1234567"};
    for (size_t filled = 0; filled < 40; filled += 13) {
        rf_value d = rf_dict_new(isolate, 0);
        char name[16];
        for (size_t i = 0; i < filled; i++) {
            snprintf(name, sizeof name, "f%zu", i);
            put(isolate, d, name, rf_int(-1));
        }
        for (size_t i = 0; i < RF_COUNT_OF(keys); i++) {
            assert_int_equal(get(isolate, d, keys[i]).head, RF_UNSET);
            assert_int_equal(get(isolate, d, keys[i]).head, RF_UNSET);
            put(isolate, d, keys[i], rf_int((int64_t)i));
            assert_is_int(get(isolate, d, keys[i]), (int64_t)i);
            assert_is_int(get(isolate, d, keys[0]), 0);
            assert_int_equal(get(isolate, d, "missing").head, RF_UNSET);
        }
        assert_int_equal(rf_dict_count(d.as.dict), filled + RF_COUNT_OF(keys));
        for (size_t i = 0; i < RF_COUNT_OF(keys); i++) {
            assert_is_int(remove_key(isolate, d, keys[i]), (int64_t)i);
            assert_int_equal(get(isolate, d, keys[i]).head, RF_UNSET);
            rf_value other = rf_copy(d); /* a copy that gets it, and the dict, which does not */
            rf_dict_unique(isolate, &other);
            put(isolate, other, keys[i], rf_int(5));
            assert_is_int(get(isolate, other, keys[i]), 5);
            assert_int_equal(get(isolate, d, keys[i]).head, RF_UNSET);
            rf_release(isolate, other);
        }
        put(isolate, d, "missing", rf_int(9));
        assert_is_int(get(isolate, d, "missing"), 9);
        rf_release(isolate, d);
    }
    /* a text of eight zero bytes, which is the word 0 */
    const rf_value zeros = rf_string_new(isolate, "\0\0\0\0\0\0\0\0", 8);
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "other", rf_int(1));
    rf_dict_set(isolate, d.as.dict, key_of(zeros), rf_int(2));
    rf_dict_set(isolate, d.as.dict, key_of(zeros), rf_int(3));
    assert_int_equal(rf_dict_count(d.as.dict), 2);
    assert_is_int(rf_dict_get(d.as.dict, key_of(zeros)), 3);
    rf_release(isolate, zeros);
    rf_release(isolate, d);
}

static void only_strings_and_ints_are_keys(void **state)
{
    (void)state;
    rf_key key;
    assert_false(rf_key_from_value(rf_float(1.0), &key));
    assert_false(rf_key_from_value(rf_bool(true), &key));
    assert_false(rf_key_from_value(rf_null(), &key));
    assert_true(rf_key_from_value(rf_int(1), &key));
}

static void order_is_insertion_order(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "b", rf_int(1));
    put(isolate, d, "a", rf_int(2));
    put(isolate, d, "c", rf_int(3));
    put(isolate, d, "b", rf_int(9)); /* keeps its place */
    assert_keys(isolate, d, "b a c");
    assert_is_int(remove_key(isolate, d, "b"), 9);
    assert_keys(isolate, d, "a c");
    put(isolate, d, "b", rf_int(4)); /* comes back at the end */
    assert_keys(isolate, d, "a c b");
    assert_int_equal(remove_key(isolate, d, "zz").head, RF_UNSET);
    assert_int_equal(get(isolate, d, "zz").head, RF_UNSET);
    rf_release(isolate, d);
}

/* What a dict should be, kept the slow way. */
typedef struct model {
    char names[4000][16];
    int64_t values[4000];
    int count;
} model;

static int model_find(const model *m, const char *name)
{
    for (int i = 0; i < m->count; i++)
        if (strcmp(m->names[i], name) == 0) return i;
    return -1;
}

static void model_set(model *m, const char *name, int64_t value)
{
    int at = model_find(m, name);
    if (at < 0) {
        at = m->count++;
        snprintf(m->names[at], sizeof m->names[at], "%s", name);
    }
    m->values[at] = value;
}

static void model_remove(model *m, const char *name)
{
    int at = model_find(m, name);
    if (at < 0) return;
    m->count--;
    memmove(m->names[at], m->names[at + 1], (size_t)(m->count - at) * sizeof m->names[0]);
    memmove(&m->values[at], &m->values[at + 1], (size_t)(m->count - at) * sizeof m->values[0]);
}

static void assert_like_model(rf_isolate *isolate, rf_value d, const model *m)
{
    rf_key key;
    rf_value value;
    int count = 0;
    for (uint32_t at = 0; rf_dict_next(d.as.dict, &at, &key, &value); count++) {
        char small[24];
        size_t size;
        const char *name = rf_key_text(key, small, &size);
        assert_true(count < m->count);
        assert_int_equal(size, strlen(m->names[count]));
        assert_memory_equal(name, m->names[count], size);
        assert_is_int(value, m->values[count]);
        rf_value found = rf_dict_get(d.as.dict, key);
        assert_is_int(found, m->values[count]);
    }
    assert_int_equal(count, m->count);
    (void)isolate;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Random sets and removes, in mixes that go through every representation and the changes between
 * them. */
static void behaves_like_the_model(void **state)
{
    rf_isolate *isolate = *state;
    static model m;
    const char *const patterns[] = {"%u", "k%u", "mixed", "-%u", "dense"};
    for (uint32_t seed = 1; seed <= 60; seed++) {
        uint32_t random = seed * 7919;
        m.count = 0;
        rf_value d = rf_dict_new(isolate, seed % 3 ? 0 : seed);
        const char *pattern = patterns[seed % RF_COUNT_OF(patterns)];
        uint32_t range = 1 + seed * seed / 8, dense = 0;
        for (int step = 0; step < 1200; step++) {
            char name[16];
            uint32_t number = next_random(&random) % range;
            if (strcmp(pattern, "mixed") == 0)
                snprintf(name, sizeof name, next_random(&random) % 2 ? "%u" : "k%u", number);
            else if (strcmp(pattern, "dense") == 0)
                snprintf(name, sizeof name, "%u", next_random(&random) % 8 ? dense++ : number);
            else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(name, sizeof name, pattern, number);
#pragma GCC diagnostic pop
            uint32_t action = next_random(&random) % 10;
            if (action < (seed % 2 ? 3u : 1u)) {
                rf_release(isolate, remove_key(isolate, d, name));
                model_remove(&m, name);
            } else if (action == 9) {
                rf_value shared = rf_copy(d);
                rf_dict_unique(isolate, &d);
                rf_release(isolate, shared);
            } else {
                put(isolate, d, name, rf_int(step));
                model_set(&m, name, step);
            }
            if (step % 97 == 0) assert_like_model(isolate, d, &m);
        }
        assert_like_model(isolate, d, &m);
        rf_release(isolate, d);
    }
}

static void values_of_all_kinds_replace_each_other(void **state)
{
    rf_isolate *isolate = *state;
    for (int kind = 0; kind < 3; kind++) { /* dense ints, scattered ints, strings */
        rf_value d = rf_dict_new(isolate, 0);
        for (int i = 0; i < 40; i++) {
            rf_value name =
                kind == 2 ? rf_string_format(isolate, "k%d", i) : rf_int(kind ? i * 1000 : i);
            rf_dict_set(isolate, d.as.dict, key_of(name), rf_int(i));
            rf_release(isolate, name);
        }
        for (int i = 0; i < 40; i += 3) {
            rf_value name =
                kind == 2 ? rf_string_format(isolate, "k%d", i) : rf_int(kind ? i * 1000 : i);
            rf_dict_set(isolate, d.as.dict, key_of(name),
                        i % 2 ? text(isolate, "text") : rf_float(0.5));
            rf_release(isolate, name);
        }
        int64_t sum = 0;
        uint32_t floats = 0, texts = 0;
        rf_key key;
        rf_value value;
        for (uint32_t at = 0; rf_dict_next(d.as.dict, &at, &key, &value);) {
            if (value.head == RF_INT) sum += value.as.i;
            floats += value.head == RF_FLOAT;
            texts += value.head == RF_STRING;
        }
        assert_int_equal(sum, 780 - 273);
        assert_int_equal(floats, 7);
        assert_int_equal(texts, 7);
        rf_release(isolate, d);
    }
}

static void unique_copies_only_what_is_shared(void **state)
{
    rf_isolate *isolate = *state;
    rf_value a = rf_dict_new(isolate, 0);
    put(isolate, a, "x", LIST(isolate, rf_int(1)));
    put(isolate, a, "y", rf_int(2));
    rf_dict *before = a.as.dict;
    assert_ptr_equal(rf_dict_unique(isolate, &a), before);
    rf_value b = rf_copy(a);
    rf_dict_unique(isolate, &b);
    assert_true(b.as.dict != before);
    put(isolate, b, "y", rf_int(3));
    put(isolate, b, "z", rf_int(4));
    assert_shows(isolate, a, "{\"x\": [1], \"y\": 2}");
    assert_shows(isolate, b, "{\"x\": [1], \"y\": 3, \"z\": 4}");
}

static void taking_leaves_a_hole_that_set_fills(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "a", LIST(isolate, rf_int(1)));
    put(isolate, d, "b", rf_int(2));
    rf_value name = text(isolate, "a");
    rf_value v = rf_dict_take(isolate, d.as.dict, key_of(name));
    assert_int_equal(v.as.o->count, 1);
    rf_array_push(isolate, v.as.array, rf_int(5));
    rf_dict_set(isolate, d.as.dict, key_of(name), v);
    assert_keys(isolate, d, "a b");
    assert_int_equal(rf_dict_take(isolate, d.as.dict, key_of(rf_int(1))).head, RF_UNSET);
    rf_release(isolate, name);
    assert_shows(isolate, d, "{\"a\": [1, 5], \"b\": 2}");
}

static void clear_empties(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 100);
    for (int i = 0; i < 50; i++)
        rf_dict_set(isolate, d.as.dict, key_of(rf_int(i)), text(isolate, "text"));
    rf_dict_clear(isolate, d.as.dict);
    assert_int_equal(rf_dict_count(d.as.dict), 0);
    put(isolate, d, "x", rf_int(1));
    assert_shows(isolate, d, "{\"x\": 1}");
}

static void keys_sort_by_number_or_by_text(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    const char *const names[] = {"10", "2", "-3", "1"};
    for (size_t i = 0; i < RF_COUNT_OF(names); i++) put(isolate, d, names[i], rf_int((int64_t)i));
    rf_key *keys = rf_dict_sorted_keys(isolate, d.as.dict, false);
    const int64_t by_number[] = {-3, 1, 2, 10}, by_text[] = {-3, 1, 10, 2};
    for (size_t i = 0; i < 4; i++) assert_int_equal(keys[i].number, by_number[i]);
    rf_free(keys);
    keys = rf_dict_sorted_keys(isolate, d.as.dict, true);
    for (size_t i = 0; i < 4; i++) assert_int_equal(keys[i].number, by_text[i]);
    rf_free(keys);
    put(isolate, d, "02", rf_int(9));
    assert_shows(isolate, rf_copy(d), "{\"-3\": 2, \"02\": 9, \"1\": 3, \"10\": 0, \"2\": 1}");
    rf_release(isolate, d);
}

static void key_becomes_its_text(void **state)
{
    rf_isolate *isolate = *state;
    const int64_t numbers[] = {0, 5, -1, INT64_MAX, INT64_MIN};
    const char *const texts[] = {"0", "5", "-1", "9223372036854775807", "-9223372036854775808"};
    for (size_t i = 0; i < RF_COUNT_OF(numbers); i++)
        assert_shows(isolate, rf_key_to_string(isolate, key_of(rf_int(numbers[i]))), texts[i]);
}

static void one_lookup_reads_and_writes(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0), name = text(isolate, "count");
    assert_int_equal(rf_dict_find(d.as.dict, key_of(name)), -1);
    put(isolate, d, "first", rf_int(1));
    put(isolate, d, "count", rf_int(5));
    int64_t position = rf_dict_find(d.as.dict, key_of(name));
    assert_int_equal(position, 1);
    assert_is_int(rf_dict_at(d.as.dict, 1), 5);
    rf_dict_set_at(isolate, d.as.dict, 1, text(isolate, "six"));
    assert_shows(isolate, rf_dict_get(d.as.dict, key_of(name)), "six");
    rf_value ints = rf_dict_new(isolate, 0); /* a position survives the change to boxed values */
    for (int i = 0; i < 30; i++)
        rf_dict_set(isolate, ints.as.dict, key_of(rf_int(i * 100)), rf_int(i));
    position = rf_dict_find(ints.as.dict, key_of(rf_int(700)));
    assert_is_int(rf_dict_at(ints.as.dict, (uint32_t)position), 7);
    rf_dict_set_at(isolate, ints.as.dict, (uint32_t)position, rf_null());
    assert_int_equal(rf_dict_at(ints.as.dict, (uint32_t)position).head, RF_NULL);
    assert_is_int(rf_dict_get(ints.as.dict, key_of(rf_int(800))), 8);
    rf_release(isolate, ints);
    rf_release(isolate, name);
    rf_release(isolate, d);
}

static rf_dict_kind kind_of(rf_value d)
{
    return d.as.dict->object.info;
}

static void kind_follows_the_content(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    assert_int_equal(kind_of(d), RF_DICT_EMPTY);
    for (int i = 0; i < 20; i++) rf_dict_set(isolate, d.as.dict, key_of(rf_int(i)), rf_int(i));
    assert_int_equal(kind_of(d), RF_DICT_DENSE_INTS);
    rf_value other = rf_copy(d);
    rf_dict_set(isolate, rf_dict_unique(isolate, &other), key_of(rf_int(20)), rf_null());
    assert_int_equal(kind_of(other), RF_DICT_DENSE_VALUES);
    rf_dict_set(isolate, other.as.dict, key_of(rf_int(-1)), rf_null());
    assert_int_equal(kind_of(other), RF_DICT_INT_VALUES);
    put(isolate, other, "word", rf_null());
    assert_int_equal(kind_of(other), RF_DICT_HASH);
    assert_int_equal(rf_dict_count(other.as.dict), 23);
    rf_release(isolate, other);
    rf_dict_set(isolate, d.as.dict, key_of(rf_int(22)), rf_int(1)); /* a gap */
    assert_int_equal(kind_of(d), RF_DICT_INT_INTS);
    assert_is_int(rf_dict_remove(isolate, d.as.dict, key_of(rf_int(5))), 5);
    assert_int_equal(kind_of(d), RF_DICT_INT_VALUES);
    rf_dict_clear(isolate, d.as.dict);
    rf_dict_set(isolate, d.as.dict, key_of(rf_int(0)), rf_float(0.5));
    assert_int_equal(kind_of(d), RF_DICT_DENSE_FLOATS);
    rf_release(isolate, rf_dict_remove(isolate, d.as.dict, key_of(rf_int(0))));
    assert_int_equal(rf_dict_count(d.as.dict), 0);
    rf_release(isolate, d);
}

static void removing_most_entries_gives_room_back(void **state)
{
    rf_isolate *isolate = *state;
    rf_value d = rf_dict_new(isolate, 0);
    for (int i = 0; i < 10000; i++)
        rf_dict_set(isolate, d.as.dict, key_of(rf_int(i * 3 + 1)), rf_int(i));
    size_t full = isolate->heap.live_bytes;
    for (int i = 0; i < 9990; i++)
        assert_is_int(rf_dict_remove(isolate, d.as.dict, key_of(rf_int(i * 3 + 1))), i);
    assert_true(isolate->heap.live_bytes + 200000 < full);
    assert_keys(isolate, d, "29971 29974 29977 29980 29983 29986 29989 29992 29995 29998");
    rf_release(isolate, d);
}

/* A short key is its text and nothing that is behind it in memory, not even zeros. */
static void keys_of_all_short_sizes_differ(void **state)
{
    rf_isolate *isolate = *state;
    enum { LONGEST = 10 };
    const char zeros[LONGEST + 1] = "";
    rf_value d = rf_dict_new(isolate, 0);
    for (size_t size = 0; size <= LONGEST; size++) {
        const rf_value letters = rf_string_new(isolate, "abcdefghijk", size), nothing = rf_string_new(isolate, zeros, size);
        assert_true(rf_dict_set(isolate, d.as.dict, key_of(letters), rf_int((int64_t)size)));
        assert_true(rf_dict_set(isolate, d.as.dict, key_of(nothing), rf_int(100 + (int64_t)size)));
        rf_release(isolate, letters);
        rf_release(isolate, nothing);
    }
    assert_int_equal(rf_dict_count(d.as.dict), 2 * LONGEST + 1); /* the empty text twice */
    for (size_t size = 1; size <= LONGEST; size++) {
        const rf_value used = rf_string_new(isolate, "~~~~~~~~~~", size < 8 ? 7 : LONGEST);
        rf_release(isolate, used); /* so that its cell, which the key gets, holds other text */
        const rf_value letters = rf_string_new(isolate, "abcdefghijk", size), nothing = rf_string_new(isolate, zeros, size);
        assert_is_int(rf_dict_get(d.as.dict, key_of(letters)), (int64_t)size);
        assert_is_int(rf_dict_get(d.as.dict, key_of(nothing)), 100 + (int64_t)size);
        rf_release(isolate, letters);
        rf_release(isolate, nothing);
    }
    rf_release(isolate, d);
}

/* Short keys of removed entries are released with the table they were in, long ones at once. */
static void keys_of_removed_entries_are_released(void **state)
{
    rf_isolate *isolate = *state;
    enum { COUNT = 1000, KEPT = 10 };
    rf_value names[2][COUNT], d = rf_dict_new(isolate, 0);
    const uint64_t before = isolate->heap.object_count;
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < 2; k++) {
            char name[32];
            snprintf(name, sizeof name, "%s%d", k ? "a longer key " : "k", i);
            names[k][i] = text(isolate, name);
            rf_dict_set(isolate, d.as.dict, key_of(names[k][i]), rf_int(i));
        }
    }
    for (int i = 0; i < COUNT - KEPT; i++)
        for (int k = 0; k < 2; k++) assert_is_int(rf_dict_remove(isolate, d.as.dict, key_of(names[k][i])), i);
    assert_int_equal(names[1][0].as.string->object.count, 1);
    assert_string_equal(names[0][0].as.string->text, "k0"); /* whatever the table does with its own reference */
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < 2; k++) rf_release(isolate, names[k][i]);
    assert_int_equal(rf_dict_count(d.as.dict), 2 * KEPT);
    assert_true(isolate->heap.object_count >= before + 2 * KEPT);
    assert_true(isolate->heap.object_count < before + 8 * KEPT);
    rf_value copy = rf_copy(d); /* of what was removed it holds nothing */
    rf_release(isolate, rf_dict_remove(isolate, rf_dict_unique(isolate, &copy), key_of(rf_int(0))));
    rf_release(isolate, d);
    rf_release(isolate, copy);
    assert_int_equal(isolate->heap.object_count, before - 1);
}

/* ---- records ---- */

static void interned(rf_isolate *isolate, uint32_t count, const char *const *names, rf_string **out)
{
    for (uint32_t i = 0; i < count; i++)
        out[i] = rf_string_intern(isolate, names[i], strlen(names[i])).as.string;
}

static void records_share_their_shape(void **state)
{
    rf_isolate *isolate = *state;
    const char *const names[] = {"name", "age", "tags"};
    rf_string *keys[3];
    interned(isolate, 3, names, keys);
    rf_shape *shape = rf_shape_new(keys, 3);
    rf_value values[3] = {text(isolate, "Ann"), rf_int(30), LIST(isolate, rf_int(1))};
    rf_value d = rf_dict_new_record(isolate, shape, values), fresh = text(isolate, "age");
    rf_value copy = rf_copy(d), plain = rf_dict_new(isolate, 0);
    rf_shape_release(shape); /* the dicts keep it */
    assert_int_equal(kind_of(d), RF_DICT_RECORD);
    assert_keys(isolate, d, "name age tags");
    assert_is_int(rf_dict_get(d.as.dict, key_of(fresh)), 30); /* not the interned string itself */
    assert_int_equal(rf_dict_get(d.as.dict, key_of(rf_int(1))).head, RF_UNSET);
    rf_dict_set(isolate, rf_dict_unique(isolate, &copy), key_of(fresh), rf_int(31));
    assert_int_equal(kind_of(copy), RF_DICT_RECORD);
    assert_int_equal(rf_equal(isolate, d, copy), 0);
    put(isolate, plain, "age", rf_int(30));
    put(isolate, plain, "tags", INTS(isolate, 1));
    put(isolate, plain, "name", text(isolate, "Ann"));
    assert_int_equal(rf_equal(isolate, d, plain), 1);
    put(isolate, copy, "city", rf_null()); /* a new key ends the record */
    assert_int_equal(kind_of(copy), RF_DICT_HASH);
    assert_keys(isolate, copy, "name age tags city");
    assert_is_int(remove_key(isolate, d, "age"), 30);
    assert_keys(isolate, d, "name tags");
    rf_release(isolate, fresh);
    rf_release(isolate, plain);
    rf_release(isolate, copy);
    assert_shows(isolate, d, "{\"name\": Ann, \"tags\": [1]}");
}

static void some_keys_make_no_record(void **state)
{
    rf_isolate *isolate = *state;
    const char *const with_int[] = {"a", "12"}, *const twice[] = {"a", "b", "a"};
    rf_string *keys[20];
    interned(isolate, 2, with_int, keys);
    assert_null(rf_shape_new(keys, 2));
    assert_null(rf_shape_new(keys, 0));
    interned(isolate, 3, twice, keys);
    assert_null(rf_shape_new(keys, 3));
    rf_value fresh = text(isolate, "fresh");
    keys[0] = fresh.as.string;
    assert_null(rf_shape_new(keys, 1));
    rf_release(isolate, fresh);
    for (int i = 0; i < 17; i++) {
        char name[8];
        snprintf(name, sizeof name, "k%d", i);
        keys[i] = rf_string_intern(isolate, name, strlen(name)).as.string;
    }
    assert_null(rf_shape_new(keys, 17));
    rf_shape_release(rf_shape_new(keys, 16));
}

/* the value at a guess, UNSET when the guess is wrong */
static rf_value guessed(rf_value d, const rf_string *key, uint32_t guess)
{
    const rf_value *slot = rf_dict_at_guess(d.as.dict, key, guess);
    return slot ? *slot : rf_unset();
}

static void guesses_are_verified(void **state)
{
    rf_isolate *isolate = *state;
    const char *const names[] = {"x", "y"};
    rf_string *keys[2];
    interned(isolate, 2, names, keys);
    rf_shape *shape = rf_shape_new(keys, 2);
    const rf_value values[2] = {rf_int(1), rf_int(2)};
    rf_value record = rf_dict_new_record(isolate, shape, values), hash = rf_dict_new(isolate, 0);
    rf_shape_release(shape);
    rf_dict_set(isolate, hash.as.dict, key_of(rf_object_value(RF_STRING, keys[1])), rf_int(7));
    assert_is_int(guessed(record, keys[1], 1), 2);
    assert_int_equal(guessed(record, keys[1], 0).head, RF_UNSET);
    assert_int_equal(guessed(record, keys[1], 99).head, RF_UNSET);
    assert_is_int(guessed(hash, keys[1], 0), 7);
    assert_int_equal(guessed(hash, keys[0], 0).head, RF_UNSET);
    assert_is_int(remove_key(isolate, hash, "y"), 7);
    assert_int_equal(guessed(hash, keys[1], 0).head, RF_UNSET);
    rf_release(isolate, record);
    rf_release(isolate, hash);
}

static void keys_far_apart_do_not_pile_up(void **state)
{
    rf_isolate *isolate = *state;
    for (int shift = 0; shift < 52;
         shift += 4) { /* multiples of a power of two differ in high bits only */
        rf_value d = rf_dict_new(isolate, 0);
        for (int64_t i = 1; i < 2000; i++)
            rf_dict_set(isolate, d.as.dict, key_of(rf_int(i << shift)), rf_int(i));
        uint32_t longest = 0, run = 0;
        for (uint32_t at = 0; at < UINT32_C(1) << (32 - d.as.dict->shift); at++) {
            run = d.as.dict->by.index[at] ? run + 1 : 0;
            if (run > longest) longest = run;
        }
        assert_true(longest < 64);
        rf_release(isolate, d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(int_and_its_text_are_one_key),
        value_test(missed_keys_are_found_once_they_are_there),
        value_test(only_strings_and_ints_are_keys),
        value_test(order_is_insertion_order),
        value_test(behaves_like_the_model),
        value_test(values_of_all_kinds_replace_each_other),
        value_test(unique_copies_only_what_is_shared),
        value_test(taking_leaves_a_hole_that_set_fills),
        value_test(clear_empties),
        value_test(keys_sort_by_number_or_by_text),
        value_test(key_becomes_its_text),
        value_test(one_lookup_reads_and_writes),
        value_test(kind_follows_the_content),
        value_test(removing_most_entries_gives_room_back),
        value_test(keys_of_all_short_sizes_differ),
        value_test(keys_of_removed_entries_are_released),
        value_test(records_share_their_shape),
        value_test(some_keys_make_no_record),
        value_test(guesses_are_verified),
        value_test(keys_far_apart_do_not_pile_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
