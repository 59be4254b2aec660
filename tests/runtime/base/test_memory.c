/* arena, vector, file, error: what owns memory and what fails. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/vector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void arena_memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    rf_arena arena = RF_ARENA_INIT;
    char *pieces[500];
    for (size_t i = 0; i < 500; i++) {
        const size_t size = 1 + i * 37 % 3000 + (i == 250 ? 100000 : 0);
        pieces[i] = rf_arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        for (size_t k = 0; k < size; k++) assert_int_equal(pieces[i][k], 0);
        memset(pieces[i], (int)(i % 255) + 1, size);
    }
    for (size_t i = 0; i < 500; i++) assert_int_equal((unsigned char)pieces[i][0], i % 255 + 1);
    assert_string_equal(rf_arena_copy(&arena, "text and more", 4), "text");
    rf_arena_release(&arena);
    assert_null(arena.blocks);
}

static void a_vector_keeps_what_was_pushed(void **state)
{
    (void)state;
    RF_VECTOR(int64_t) numbers = {0};
    for (int64_t i = 0; i < 1000; i++) rf_vector_push(&numbers, i * i);
    for (int64_t i = 0; i < 1000; i++) assert_int_equal(numbers.data[i], i * i);
    assert_int_equal(rf_vector_last(&numbers), 999 * 999);
    assert_int_equal(rf_vector_pop(&numbers), 999 * 999);
    assert_int_equal(numbers.count, 999);
    rf_vector_release(&numbers);
    assert_int_equal(numbers.count, 0);
}

static void a_file_is_replaced_whole_or_not_at_all(void **state)
{
    (void)state;
    char folder[] = "/tmp/ruff-base-XXXXXX";
    char path[64], absent[64];
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer content = RF_BUFFER_INIT;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a", folder);
    snprintf(absent, sizeof absent, "%s/no/b", folder);
    assert_int_equal(rf_file_replace(path, "first", 5, &err), RUFF_OK);
    assert_int_equal(rf_file_replace(path, "second\0x", 8, &err), RUFF_OK);
    assert_int_equal(rf_file_read(path, &content, &err), RUFF_OK);
    assert_int_equal(content.size, 8);
    assert_memory_equal(content.data, "second\0x", 8);
    assert_int_equal(rf_file_replace(absent, "x", 1, &err), RUFF_E_IO);
    assert_string_equal(err.message, "No such file or directory (os error 2)");
    assert_int_equal(rf_file_read(folder, &content, &err), RUFF_E_IO);
    assert_string_equal(err.message, "Is a directory (os error 21)");
    unlink(path);
    assert_int_equal(rmdir(folder), 0); /* no temporary file is left */
    rf_buffer_release(&content);
    ruff_error_release(&err);
}

static void messages_are_set_wrapped_and_released(void **state)
{
    (void)state;
    ruff_error err = RUFF_ERROR_INIT;
    assert_int_equal(rf_error_set(&err, RUFF_E_LIMIT, "%d is too many", 9), RUFF_E_LIMIT);
    rf_error_wrap(&err, "reading %s", "x.yaml");
    rf_error_place(&err, "x.yaml", 3, 4);
    assert_string_equal(err.message, "reading x.yaml: 9 is too many");
    assert_string_equal(err.file, "x.yaml");
    assert_int_equal(err.status, RUFF_E_LIMIT);
    assert_string_equal(ruff_status_name(err.status), "LIMIT");
    ruff_error_release(&err);
    assert_null(err.message);
    assert_int_equal(rf_error_set(NULL, RUFF_E_IO, "nobody listens"), RUFF_E_IO);
    rf_error_wrap(NULL, "still nobody");
    char text[64];
    assert_string_equal(rf_os_error_text(EACCES, text, sizeof text), "Permission denied (os error 13)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(a_vector_keeps_what_was_pushed),
        cmocka_unit_test(a_file_is_replaced_whole_or_not_at_all),
        cmocka_unit_test(messages_are_set_wrapped_and_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
