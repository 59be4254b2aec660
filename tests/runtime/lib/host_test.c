#include "host_test.h"

#include <dirent.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int count_descriptors(void)
{
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    assert_non_null(directory);
    while (readdir(directory)) count++;
    closedir(directory);
    return count;
}

int host_test_setup(void **state)
{
    host_test *t = rf_new(host_test);
    t->descriptors = count_descriptors();
    t->lib = lib_test_new();
    strcpy(t->directory, "/tmp/ruff_test_XXXXXX");
    assert_non_null(mkdtemp(t->directory));
    assert_int_equal(chdir(t->directory), 0);
    *state = t;
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

int host_test_teardown(void **state)
{
    host_test *t = *state;
    lib_test_free(t->lib);
    assert_int_equal(count_descriptors(), t->descriptors);
    assert_int_equal(chdir("/"), 0);
    nftw(t->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    rf_free(t);
    return 0;
}

void host_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

void host_write_text(const char *path, const char *text)
{
    host_write(path, text, strlen(text));
}

char *host_read(const char *path)
{
    rf_buffer out = RF_BUFFER_INIT;
    char chunk[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    rf_buffer_append_text(&out, "");
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) rf_buffer_append(&out, chunk, got);
    fclose(file);
    return rf_buffer_take(&out);
}

char *host_call(host_test *t, const char *name, const char *args)
{
    rf_value list = lib_value(t->lib, args);
    rf_value window[8];
    const uint32_t count = list.as.array->length;
    assert_true(count <= 8);
    for (uint32_t i = 0; i < count; i++) window[i] = rf_array_get(list.as.array, i);
    rf_release(t->lib->isolate, list);
    return lib_text(t->lib, lib_call(t->lib, name, window, count));
}

void host_expect(host_test *t, const char *name, const char *args, const char *want)
{
    char *text = host_call(t, name, args);
    if (strcmp(text, want) != 0)
        fail_msg("%s(%s)\n  is     %s\n  wanted %s", name, args, text, want);
    rf_free(text);
}

rf_value host_string(host_test *t, const char *text)
{
    return rf_string_from(t->lib->isolate, text);
}

rf_value host_bytes(host_test *t, const void *bytes, size_t size)
{
    return rf_bytes_new(t->lib->isolate, bytes, size);
}

void host_expect_value(host_test *t, rf_value v, const char *want)
{
    char *text = lib_text(t->lib, v);
    assert_string_equal(text, want);
    rf_free(text);
}
