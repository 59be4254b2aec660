#include "value_test.h"

#include "value/object.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void memory_is_reused_by_size(void **state)
{
#ifndef RF_HEAP_EXACT
    rf_isolate *isolate = *state;
    void *a = rf_heap_alloc(isolate, 40, RF_ARRAY);
    rf_heap_free(isolate, a, 40);
    void *b = rf_heap_alloc(isolate, 48, RF_ARRAY); /* the same class */
    assert_ptr_equal(a, b);
    rf_heap_free(isolate, b, 48);
#else
    (void)state;
#endif
}

static void live_bytes_come_back_to_where_they_were(void **state)
{
    rf_isolate *isolate = *state;
    size_t before = isolate->heap.live_bytes;
    void *memory[600];
    for (size_t size = 0; size < 600; size++) {
        memory[size] = rf_heap_alloc(isolate, size, RF_ARRAY);
        memset(memory[size], 1, size);
        assert_int_equal((uintptr_t)memory[size] % 16, 0);
    }
    for (size_t size = 0; size < 600; size++) rf_heap_free(isolate, memory[size], size);
    assert_int_equal(isolate->heap.live_bytes, before);
    assert_true(isolate->heap.peak_bytes > before);
}

static void resize_keeps_the_contents(void **state)
{
    rf_isolate *isolate = *state;
    const size_t sizes[] = {16, 400, 2000, 5000, 3000000, 9000000, 3000000, 600, 100, 8};
    unsigned char *memory = rf_heap_alloc(isolate, 8, RF_ARRAY);
    for (unsigned i = 0; i < 8; i++) memory[i] = (unsigned char)i;
    size_t size = 8;
    for (size_t i = 0; i < RF_COUNT_OF(sizes); i++) {
        memory = rf_heap_resize(isolate, memory, size, sizes[i]);
        size = sizes[i];
        for (unsigned k = 0; k < 8; k++) assert_int_equal(memory[k], k);
    }
    rf_heap_free(isolate, memory, size);
}

static void ten_million_nested_arrays_are_freed(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v = rf_array_new(isolate, 0);
#if defined(RF_HEAP_EXACT)
    const int levels = 300000;
#else
    const int levels = 10000000;
#endif
    for (int i = 0; i < levels; i++) {
        rf_value outer = rf_array_new(isolate, 1);
        rf_array_push(isolate, outer.as.array, v);
        v = outer;
    }
    rf_release(isolate, v);
    assert_int_equal(isolate->heap.work.count, 0);
}

static void nested_results_and_dicts_are_freed(void **state)
{
    rf_isolate *isolate = *state;
    rf_value v = rf_int(1);
    for (int i = 0; i < 200000; i++) {
        v = rf_wrap_value(isolate, RF_OK_WRAP, v);
        rf_value d = rf_dict_new(isolate, 0);
        rf_dict_set(isolate, d.as.dict, (rf_key){.number = 1}, v);
        v = d;
    }
    rf_release(isolate, v);
}

/* ---- cycles ---- */

static const rf_func no_captures = {.display_name = "f"};
static const rf_func one_capture = {.display_name = "g", .capture_count = 1};

static rf_value closure_over(rf_isolate *isolate, rf_value cell)
{
    rf_value f = rf_closure_new(isolate, &one_capture, NULL);
    f.as.function->captures[0] = rf_copy(cell);
    return f;
}

static void cell_and_closure_that_hold_each_other_are_collected(void **state)
{
    rf_isolate *isolate = *state;
    uint64_t before = isolate->heap.object_count;
    rf_value cell = rf_cell_new(isolate, rf_unset());
    rf_value f = closure_over(isolate, cell);
    rf_store(isolate, &cell.as.cell->value, rf_copy(f));
    rf_release(isolate, cell);
    rf_release(isolate, f);
    assert_int_equal(isolate->heap.object_count, before + 2);
    rf_heap_collect(isolate);
    assert_int_equal(isolate->heap.object_count, before);
}

static void cycle_through_containers_is_collected(void **state)
{
    rf_isolate *isolate = *state;
    uint64_t before = isolate->heap.object_count;
    rf_value cell = rf_cell_new(isolate, rf_unset());
    rf_value f = closure_over(isolate, cell);
    rf_value d = rf_dict_new(isolate, 0);
    put(isolate, d, "handlers", LIST(isolate, f, text(isolate, "some text")));
    rf_value wrapped = rf_wrap_value(isolate, RF_OK_WRAP, rf_wrap_value(isolate, RF_SOME, d));
    rf_store(isolate, &cell.as.cell->value, wrapped);
    rf_release(isolate, cell);
    rf_heap_collect(isolate);
    assert_int_equal(isolate->heap.object_count, before);
}

static void cycle_is_collected_when_only_a_container_of_it_was_held(void **state)
{
    rf_isolate *isolate = *state;
    const uint64_t before = isolate->heap.object_count;
    const rf_value cell = rf_cell_new(isolate, rf_unset());
    const rf_value held = LIST(isolate, closure_over(isolate, cell));
    rf_store(isolate, &cell.as.cell->value, rf_copy(held));
    rf_release(isolate, cell);
    rf_heap_collect(isolate); /* sees the cell, which the list keeps alive */
    assert_int_equal(isolate->heap.object_count, before + 3);
    rf_release(isolate, held);
    rf_heap_collect(isolate);
    assert_int_equal(isolate->heap.object_count, before);
}

static void cycle_that_is_held_from_outside_stays(void **state)
{
    rf_isolate *isolate = *state;
    rf_value cell = rf_cell_new(isolate, rf_unset());
    rf_value f = closure_over(isolate, cell);
    rf_value both = LIST(isolate, rf_copy(f), rf_int(5));
    rf_store(isolate, &cell.as.cell->value, both);
    rf_release(isolate, cell);
    rf_retain(f);
    rf_release(isolate, f); /* a candidate now */
    rf_heap_collect(isolate);
    assert_int_equal(f.as.function->captures[0].as.cell->value.head, RF_ARRAY);
    assert_is_int(rf_array_peek(f.as.function->captures[0].as.cell->value.as.array, 1), 5);
    assert_int_equal(f.as.o->count, 2);
    rf_release(isolate, f);
}

static void candidate_that_dies_by_itself_is_forgotten(void **state)
{
    rf_isolate *isolate = *state;
    rf_value f = rf_closure_new(isolate, &no_captures, NULL);
    rf_retain(f);
    rf_release(isolate, f);
    assert_int_equal(isolate->heap.candidates.count, 1);
    rf_release(isolate, f);
    rf_heap_collect(isolate);
    assert_int_equal(isolate->heap.candidates.count, 0);
}

static void struct_declaration_in_its_own_method_is_collected(void **state)
{
    rf_isolate *isolate = *state;
    const char *const method_names[] = {"make"};
    rf_struct_decl *decl = struct_decl("Node", 0, NULL, 1, method_names);
    rf_value cell = rf_cell_new(isolate, rf_unset());
    rf_value *methods = rf_alloc_array(rf_value, 1);
    methods[0] = closure_over(isolate, cell);
    rf_value def = rf_structdef_new(isolate, decl, NULL, methods, rf_alloc_array(rf_value, 0));
    rf_store(isolate, &cell.as.cell->value, def);
    rf_release(isolate, cell);
    rf_heap_collect(isolate);
    free_struct_decl(decl);
}

static void many_cycles_are_collected_on_the_way(void **state)
{
    rf_isolate *isolate = *state;
    for (int i = 0; i < 100000; i++) {
        rf_value cell = rf_cell_new(isolate, rf_unset());
        rf_store(isolate, &cell.as.cell->value, closure_over(isolate, cell));
        rf_release(isolate, cell);
    }
    assert_true(isolate->heap.object_count < 60000);
}

static void few_cycles_that_hold_much_are_collected_on_the_way(void **state)
{
    rf_isolate *isolate = *state;
    for (int i = 0; i < 300; i++) {
        rf_value cell = rf_cell_new(isolate, rf_unset());
        const rf_value both = LIST(isolate, closure_over(isolate, cell), rf_bytes_new(isolate, NULL, 1 << 20));
        rf_store(isolate, &cell.as.cell->value, both);
        rf_release(isolate, cell);
        assert_true(isolate->heap.live_bytes < RF_HEAP_LEAST_BYTES + (4u << 20));
    }
}

static void generator_arguments_take_part_in_cycles(void **state)
{
    rf_isolate *isolate = *state;
    rf_value f = rf_closure_new(isolate, &no_captures, NULL);
    rf_value cell = rf_cell_new(isolate, rf_unset());
    rf_value arg = LIST(isolate, rf_copy(cell));
    rf_store(isolate, &cell.as.cell->value, rf_generator_new(isolate, f.as.function, &arg, 1));
    rf_release(isolate, arg);
    rf_release(isolate, f);
    rf_release(isolate, cell);
    rf_heap_collect(isolate);
}

static void exhausted_memory_ends_the_process_with_exit_code_6(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    (void)state; /* its shadow memory does not fit the limit */
#else
    rf_isolate *isolate = *state;
    int report[2];
    assert_int_equal(pipe(report), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit limit = {512u << 20, 512u << 20};
        setrlimit(RLIMIT_AS, &limit);
        dup2(report[1], STDERR_FILENO);
        rf_value all = rf_array_new(isolate, 0);
        for (;;) rf_array_push(isolate, all.as.array, rf_bytes_new(isolate, NULL, 1 << 20));
    }
    close(report[1]);
    char message[64] = "";
    ssize_t size = read(report[0], message, sizeof message - 1);
    close(report[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 6);
    assert_true(size > 0);
    assert_string_equal(message, "Out of memory\n");
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        value_test(memory_is_reused_by_size),
        value_test(live_bytes_come_back_to_where_they_were),
        value_test(resize_keeps_the_contents),
        value_test(ten_million_nested_arrays_are_freed),
        value_test(nested_results_and_dicts_are_freed),
        value_test(cell_and_closure_that_hold_each_other_are_collected),
        value_test(cycle_through_containers_is_collected),
        value_test(cycle_is_collected_when_only_a_container_of_it_was_held),
        value_test(cycle_that_is_held_from_outside_stays),
        value_test(candidate_that_dies_by_itself_is_forgotten),
        value_test(struct_declaration_in_its_own_method_is_collected),
        value_test(many_cycles_are_collected_on_the_way),
        value_test(few_cycles_that_hold_much_are_collected_on_the_way),
        value_test(generator_arguments_take_part_in_cycles),
        value_test(exhausted_memory_ends_the_process_with_exit_code_6),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
