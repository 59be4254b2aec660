#include "support/ruff_test.h"

#include "base/alloc.h"
#include "jit/cache_folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct fixture {
    char root[64], path[96];
} fixture;

static int set_up(void **state)
{
    fixture *f = rf_new(fixture);
    *state = f;
    snprintf(f->root, sizeof f->root, "/tmp/ruff-cache-test-XXXXXX");
    if (!mkdtemp(f->root)) return 1;
    snprintf(f->path, sizeof f->path, "%s/jit", f->root);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", f->root);
    const int result = system(command); /* a path of our own making */
    rf_free(f);
    return result;
}

static void put(const rf_cache_folder *folder, const char *name, size_t size)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    for (size_t i = 0; i < size; i++) rf_buffer_append_byte(&bytes, 'x');
    assert_true(rf_cache_folder_write(folder, name, &bytes));
    rf_buffer_release(&bytes);
}

static bool can_read(const rf_cache_folder *folder, const char *name, bool *is_odd)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    const bool is_read = rf_cache_folder_read(folder, name, 1000, &bytes, is_odd);
    rf_buffer_release(&bytes);
    return is_read;
}

static void the_folder_and_its_files_are_private(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    struct stat info;
    char file[128];
    bool is_odd;
    umask(0);
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    put(&folder, "a.pack", 10);
    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    snprintf(file, sizeof file, "%s/a.pack", f->path);
    assert_int_equal(stat(file, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(can_read(&folder, "a.pack", &is_odd));
    assert_false(can_read(&folder, "absent.pack", &is_odd));
    assert_false(is_odd);
    rf_cache_folder_close(&folder);
}

static void a_folder_that_others_may_write_is_refused(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    mkdir(f->path, 0700);
    chmod(f->path, 0770);
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    chmod(f->path, 0702);
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_READ));
    chmod(f->path, 0755);
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    rf_cache_folder_close(&folder);
}

static void a_link_in_place_of_the_folder_is_refused(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    char other[96];
    snprintf(other, sizeof other, "%s/other", f->root);
    mkdir(other, 0700);
    assert_int_equal(symlink(other, f->path), 0);
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_READ));
}

static void links_fifos_folders_and_foreign_files_are_not_read(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    char name[128];
    bool is_odd;
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    put(&folder, "good", 10);
    snprintf(name, sizeof name, "%s/link", f->path);
    assert_int_equal(symlink("good", name), 0);
    snprintf(name, sizeof name, "%s/fifo", f->path);
    assert_int_equal(mkfifo(name, 0600), 0);
    snprintf(name, sizeof name, "%s/folder", f->path);
    assert_int_equal(mkdir(name, 0700), 0);
    put(&folder, "open", 10);
    snprintf(name, sizeof name, "%s/open", f->path);
    chmod(name, 0666);
    put(&folder, "large", 2000);
    static const char *const odd[] = {"link", "fifo", "folder", "open", "large"};
    for (size_t i = 0; i < RF_COUNT_OF(odd); i++) {
        assert_false(can_read(&folder, odd[i], &is_odd));
        assert_true(is_odd);
    }
    if (geteuid() == 0) { /* only root can give files away */
        snprintf(name, sizeof name, "%s/good", f->path);
        assert_int_equal(chown(name, 12345, 12345), 0);
        assert_false(can_read(&folder, "good", &is_odd));
        assert_true(is_odd);
    }
    rf_cache_folder_close(&folder);
}

static void writing_replaces_a_link_and_not_what_it_points_to(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    char victim[128], name[128];
    struct stat info;
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    snprintf(victim, sizeof victim, "%s/victim", f->root);
    close(open(victim, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    snprintf(name, sizeof name, "%s/a.pack", f->path);
    assert_int_equal(symlink(victim, name), 0);
    put(&folder, "a.pack", 10);
    assert_int_equal(stat(victim, &info), 0);
    assert_int_equal(info.st_size, 0);
    assert_int_equal(lstat(name, &info), 0);
    assert_true(S_ISREG(info.st_mode));
    rf_cache_folder_close(&folder);
}

static void a_folder_that_is_only_read_is_neither_made_nor_written(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    struct stat info;
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_READ));
    assert_false(rf_cache_folder_open(&folder, f->path, RF_FOLDER_USE));
    assert_int_not_equal(stat(f->path, &info), 0);
}

static void the_oldest_packs_go_and_the_kept_one_stays(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    bool is_odd;
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    static const char *const names[] = {"0.pack", "1.pack", "2.pack", "3.pack"};
    for (size_t i = 0; i < RF_COUNT_OF(names); i++) {
        put(&folder, names[i], 100);
        const struct timespec times[2] = {{1000 + (time_t)i, 0}, {1000 + (time_t)i, 0}};
        assert_int_equal(utimensat(folder.file, names[i], times, 0), 0);
    }
    put(&folder, "left.tmp", 1);
    const struct timespec old[2] = {{1, 0}, {1, 0}};
    utimensat(folder.file, "left.tmp", old, 0);
    put(&folder, "other", 1000);
    assert_int_equal(rf_cache_folder_trim(&folder, 250, "0.pack"), 2);
    assert_true(can_read(&folder, "0.pack", &is_odd));
    assert_false(can_read(&folder, "1.pack", &is_odd));
    assert_false(can_read(&folder, "2.pack", &is_odd));
    assert_true(can_read(&folder, "3.pack", &is_odd));
    assert_false(can_read(&folder, "left.tmp", &is_odd));
    assert_true(can_read(&folder, "other", &is_odd));
    rf_cache_folder_close(&folder);
}

/* Whoever reads while others write sees one whole file or another, never a mixture. */
static void concurrent_writers_leave_a_whole_file(void **state)
{
    const fixture *f = *state;
    rf_cache_folder folder;
    assert_true(rf_cache_folder_open(&folder, f->path, RF_FOLDER_MAKE));
    put(&folder, "a", 500);
    pid_t writers[3];
    for (int w = 0; w < 3; w++) {
        writers[w] = fork();
        if (writers[w] == 0) {
            rf_buffer bytes = RF_BUFFER_INIT;
            for (int i = 0; i < 500; i++) rf_buffer_append_byte(&bytes, (char)('a' + w));
            for (int i = 0; i < 200; i++) rf_cache_folder_write(&folder, "a", &bytes);
            _exit(0);
        }
    }
    for (int i = 0; i < 500; i++) {
        rf_buffer bytes = RF_BUFFER_INIT;
        bool is_odd;
        assert_true(rf_cache_folder_read(&folder, "a", 1000, &bytes, &is_odd));
        assert_int_equal(bytes.size, 500);
        for (size_t k = 1; k < 500; k++) assert_int_equal(bytes.data[k], bytes.data[0]);
        rf_buffer_release(&bytes);
    }
    for (int w = 0; w < 3; w++) assert_int_equal(waitpid(writers[w], NULL, 0), writers[w]);
    rf_cache_folder_close(&folder);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(the_folder_and_its_files_are_private),
        IN_A_FOLDER(a_folder_that_others_may_write_is_refused),
        IN_A_FOLDER(a_link_in_place_of_the_folder_is_refused),
        IN_A_FOLDER(links_fifos_folders_and_foreign_files_are_not_read),
        IN_A_FOLDER(writing_replaces_a_link_and_not_what_it_points_to),
        IN_A_FOLDER(a_folder_that_is_only_read_is_neither_made_nor_written),
        IN_A_FOLDER(the_oldest_packs_go_and_the_kept_one_stays),
        IN_A_FOLDER(concurrent_writers_leave_a_whole_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
