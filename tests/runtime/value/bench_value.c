/* What one operation on values costs, in nanoseconds of processor time: the best of several rounds.  Built with the
 * tests, run by hand:
 *
 *     build/dev/bin/bench_value
 */
#include "value_test.h"

#include "base/clock.h"

enum { ROUNDS = 5 };

static void report(const char *what, double nanoseconds)
{
    printf("%-44s %9.2f ns\n", what, nanoseconds);
}

/* Runs code `count` times a round with `i` counting. */
#define MEASURE(what, count, before, code, after)                                                  \
    do {                                                                                           \
        double best_ = 1e300;                                                                      \
        for (int round_ = 0; round_ < ROUNDS; round_++) {                                          \
            before;                                                                                \
            int64_t start_ = rf_clock_cpu_ns();                                              \
            for (int64_t i = 0; i < (count); i++) code;                                            \
            double taken_ = (double)(rf_clock_cpu_ns() - start_) / (double)(count);          \
            if (taken_ < best_) best_ = taken_;                                                    \
            after;                                                                                 \
        }                                                                                          \
        report((what), best_);                                                                     \
    } while (0)

static void bench_heap(rf_isolate *isolate)
{
    MEASURE("allocate and release a cell", 5000000, (void)0,
            rf_release(isolate, rf_cell_new(isolate, rf_int(i))), (void)0);
    MEASURE("allocate and release an empty array", 5000000, (void)0,
            rf_release(isolate, rf_array_new(isolate, 0)), (void)0);
    static rf_value cells[1000];
    MEASURE(
        "allocate 1000, release 1000 (per object)", 1000000, (void)0,
        {
            rf_value *slot = &cells[i % 1000];
            if (slot->head) rf_release(isolate, *slot);
            *slot = rf_cell_new(isolate, rf_int(i));
        },
        (void)0);
    for (int i = 0; i < 1000; i++) rf_store(isolate, &cells[i], rf_unset());
}

static rf_value tree(rf_isolate *isolate, int depth)
{
    rf_value node = rf_array_new(isolate, 2);
    if (depth) {
        rf_array_push(isolate, node.as.array, tree(isolate, depth - 1));
        rf_array_push(isolate, node.as.array, tree(isolate, depth - 1));
    }
    return node;
}

static void bench_strings(rf_isolate *isolate)
{
    rf_value s = rf_unset();
    MEASURE("append to a string (100,000 times)", 100000, s = text(isolate, ""),
            s = rf_string_append(isolate, s, "x", 1), rf_release(isolate, s));
    rf_value parts[4] = {text(isolate, "item "), rf_int(0), text(isolate, ": "),
                         text(isolate, "value")};
    MEASURE(
        "concatenate text, int, text, text", 1000000, (void)0,
        {
            parts[1] = rf_int(i);
            rf_release(isolate, rf_concat(isolate, parts, 4));
        },
        (void)0);
    for (int i = 0; i < 4; i++) rf_release(isolate, parts[i]);
    MEASURE("make and release a string of 12 bytes", 2000000, (void)0,
            rf_release(isolate, rf_string_new(isolate, "twelve bytes", 12)), (void)0);
    rf_buffer out = RF_BUFFER_INIT;
    MEASURE("display a float such as 1234.5", 1000000, rf_buffer_clear(&out),
            rf_format_float((double)i + 0.5, &out), (void)0);
    MEASURE("display a float of 16 digits", 100000, rf_buffer_clear(&out),
            rf_format_float((double)i / 3.0, &out), (void)0);
    rf_buffer_release(&out);
}

static void store_in_grid(rf_isolate *isolate, rf_value *grid, int64_t i)
{
    const rf_access steps[2] = {{.key = rf_int(i % 100)}, {.key = rf_int(i / 100 % 100)}};
    rf_set_place(isolate, grid, steps, 2, rf_int(i));
}

static void bench_arrays(rf_isolate *isolate)
{
    rf_value a = rf_unset();
    MEASURE("push an int", 1000000, a = rf_array_new(isolate, 0),
            rf_array_push(isolate, a.as.array, rf_int(i)), rf_release(isolate, a));
    MEASURE("push a float", 1000000, a = rf_array_new(isolate, 0),
            rf_array_push(isolate, a.as.array, rf_float((double)i)), rf_release(isolate, a));
    rf_value word = text(isolate, "word");
    MEASURE("push a string", 1000000, a = rf_array_new(isolate, 0),
            rf_array_push(isolate, a.as.array, rf_copy(word)), rf_release(isolate, a));
    rf_release(isolate, word);
    rf_value grid = rf_array_new(isolate, 100);
    for (int i = 0; i < 100; i++) {
        rf_value row = rf_array_new_ints(isolate, 100);
        memset(row.as.array->as.ints, 0, 100 * sizeof(int64_t));
        rf_array_push(isolate, grid.as.array, row);
    }
    MEASURE("store to a place grid[i][j]", 2000000, (void)0, store_in_grid(isolate, &grid, i),
            (void)0);
    rf_release(isolate, grid);
    int64_t start = rf_clock_cpu_ns();
    rf_release(isolate, tree(isolate, 18));
    report("build and free a tree of arrays (per node)",
           (double)(rf_clock_cpu_ns() - start) / (1 << 19));
}

static void count_up(rf_isolate *isolate, rf_dict *d, rf_value key)
{
    rf_key k;
    rf_key_from_value(key, &k);
    int64_t position = rf_dict_find(d, k);
    if (position < 0)
        rf_dict_set(isolate, d, k, rf_int(1));
    else
        rf_dict_set_at(isolate, d, (uint32_t)position,
                       rf_int(rf_dict_at(d, (uint32_t)position).as.i + 1));
}

static void bench_dicts(rf_isolate *isolate)
{
    rf_value d = rf_unset();
    enum { KEYS = 100000 };
    MEASURE("dict: insert 0, 1, 2, ...", 1000000, d = rf_dict_new(isolate, 0),
            rf_dict_set(isolate, d.as.dict, key_of(rf_int(i)), rf_int(i)), rf_release(isolate, d));
    d = rf_dict_new(isolate, 0);
    for (int i = 0; i < 1000000; i++) rf_dict_set(isolate, d.as.dict, key_of(rf_int(i)), rf_int(i));
    MEASURE("dict: read 0, 1, 2, ...", 1000000, (void)0, rf_dict_get(d.as.dict, key_of(rf_int(i))),
            (void)0);
    rf_release(isolate, d);
    d = rf_dict_new(isolate, 0);
    MEASURE("dict: count scattered ints (100,000 keys)", 2000000, (void)0,
            count_up(isolate, d.as.dict, rf_int((i * 7919 % KEYS) * 1000003)), (void)0);
    rf_release(isolate, d);
    static rf_value names[1000];
    for (int i = 0; i < 1000; i++) {
        char name[24];
        size_t size = (size_t)snprintf(name, sizeof name, "name_%d", i);
        names[i] = rf_string_intern(isolate, name, size);
    }
    d = rf_dict_new(isolate, 0);
    for (int i = 0; i < 1000; i++) rf_dict_set(isolate, d.as.dict, key_of(names[i]), rf_int(i));
    MEASURE("dict: look up 1000 interned strings", 5000000, (void)0,
            rf_dict_peek(d.as.dict, key_of(names[i % 1000])), (void)0);
    MEASURE("dict: count with interned strings", 5000000, (void)0,
            count_up(isolate, d.as.dict, names[i % 1000]), (void)0);
    rf_value fresh[1000];
    for (int i = 0; i < 1000; i++) fresh[i] = rf_string_format(isolate, "name_%d", i);
    MEASURE("dict: look up strings that are not interned", 5000000, (void)0,
            rf_dict_peek(d.as.dict, key_of(fresh[i % 1000])), (void)0);
    for (int i = 0; i < 1000; i++) rf_release(isolate, fresh[i]);
    MEASURE(
        "dict: make one with 4 constant keys", 1000000, (void)0,
        {
            rf_value record = rf_dict_new(isolate, 4);
            for (int k = 0; k < 4; k++)
                rf_dict_set(isolate, record.as.dict, key_of(names[k]), rf_int(k));
            rf_release(isolate, record);
        },
        (void)0);
    rf_release(isolate, d);
    rf_string *keys[4];
    for (int i = 0; i < 4; i++) keys[i] = names[i].as.string;
    rf_shape *shape = rf_shape_new(keys, 4);
    const rf_value values[4] = {rf_int(1), rf_int(2), rf_int(3), rf_int(4)};
    MEASURE("dict: make the same as a record", 1000000, (void)0,
            rf_release(isolate, rf_dict_new_record(isolate, shape, values)), (void)0);
    rf_shape_release(shape);
}

static void bench_structs(rf_isolate *isolate)
{
    const char *const fields[] = {"x", "y"};
    rf_struct_decl *decl = struct_decl("P", 2, fields, 0, NULL);
    rf_value def = plain_struct(isolate, decl);
    MEASURE(
        "make, fill and release a struct of two ints", 2000000, (void)0,
        {
            rf_value v = rf_struct_new(isolate, def.as.structdef);
            rf_struct_set(isolate, &v, 0, rf_int(i));
            rf_struct_set(isolate, &v, 1, rf_int(i));
            rf_release(isolate, v);
        },
        (void)0);
    size_t before = isolate->heap.live_bytes;
    rf_value all = rf_array_new(isolate, 0);
    for (int i = 0; i < 1000000; i++) {
        rf_value v = rf_struct_new(isolate, def.as.structdef);
        rf_struct_set(isolate, &v, 0, rf_int(i));
        rf_struct_set(isolate, &v, 1, rf_int(i));
        rf_array_push(isolate, all.as.array, v);
    }
    printf("%-44s %9.2f MB\n", "array of 1,000,000 structs of two ints",
           (double)(isolate->heap.live_bytes - before) / 1e6);
    rf_release(isolate, all);
    rf_release(isolate, def);
    free_struct_decl(decl);
}

int main(void)
{
    void *state;
    open_isolate(&state);
    bench_heap(state);
    bench_strings(state);
    bench_arrays(state);
    bench_dicts(state);
    bench_structs(state);
    return close_isolate(&state);
}
