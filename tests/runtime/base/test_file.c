/* Files are replaced whole; what is no file stays what it is. */
#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/ruff-file-test-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char *name = rf_format_text("%s/name", folder);
    unlink(name);
    rf_free(name);
    return rmdir(folder);
}

static void a_file_is_replaced_and_nothing_is_left_beside_it(void **state)
{
    (void)state;
    rf_buffer text = RF_BUFFER_INIT;
    char *name = rf_format_text("%s/name", folder);
    assert_int_equal(rf_file_replace(name, "first, longer", 13, NULL), RUFF_OK);
    assert_int_equal(rf_file_replace(name, "second", 6, NULL), RUFF_OK);
    assert_int_equal(rf_file_read(name, &text, NULL), RUFF_OK);
    assert_string_equal(text.data, "second");
    assert_int_equal(unlink(name), 0);
    assert_int_equal(rmdir(folder), 0); /* it was the only one */
    assert_int_equal(mkdir(folder, 0700), 0);
    rf_buffer_release(&text);
    rf_free(name);
}

static void a_pipe_is_written_and_stays_a_pipe(void **state)
{
    (void)state;
    char got[8] = "";
    struct stat info;
    char *name = rf_format_text("%s/name", folder);
    assert_int_equal(mkfifo(name, 0600), 0);
    int reader = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    assert_int_equal(rf_file_replace(name, "through", 7, NULL), RUFF_OK);
    assert_int_equal(read(reader, got, 7), 7);
    assert_string_equal(got, "through");
    assert_int_equal(stat(name, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    close(reader);
    unlink(name);
    rf_free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_and_nothing_is_left_beside_it),
        cmocka_unit_test(a_pipe_is_written_and_stays_a_pipe),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
