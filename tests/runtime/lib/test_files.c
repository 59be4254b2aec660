/* Files, binary files, paths: BUILTINS 18 to 20. */
#include "host_test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_text_written_is_read_back(void **state)
{
    host_test *t = *state;
    host_expect(t, "write_file", "[\"a.txt\", \"h\\u00e9\\n\"]", "Bool(true)");
    host_expect(t, "read_file", "[\"a.txt\"]", "String(\"h\xC3\xA9\n\")");
    host_expect(t, "file_size", "[\"a.txt\"]", "Int(4)");
    host_expect(t, "append_file", "[\"a.txt\", \"x\\r\\ny\"]", "Bool(true)");
    host_expect(t, "read_lines", "[\"a.txt\"]",
                "Array[String(\"h\xC3\xA9\"), String(\"x\"), String(\"y\")]");
    host_expect(t, "append_file", "[\"new.txt\", \"1\"]", "Bool(true)");
    host_expect(t, "read_file", "[\"new.txt\"]", "String(\"1\")");
}

static void devices_without_end_are_given_up(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"read_file", "[\"/dev/zero\"]",
         "!Cannot read file '/dev/zero': File too large (os error 27)"},
        {"read_lines", "[\"/dev/zero\"]",
         "!Cannot read file '/dev/zero': File too large (os error 27)"},
        {"read_file_lossy", "[\"/dev/urandom\"]",
         "!Cannot read file '/dev/urandom': File too large (os error 27)"},
        {"read_binary_file", "[\"/dev/zero\"]",
         "!Cannot read file '/dev/zero': File too large (os error 27)"},
        {"io_seek_read", "[\"/dev/zero\", 5]",
         "!Cannot read file '/dev/zero': File too large (os error 27)"},
        {"io_read_at", "[\"/dev/zero\", 5, 1e300]",
         "!Cannot read file '/dev/zero': File too large (os error 27)"},
        {"copy_file", "[\"/dev/zero\", \"copy\"]",
         "!Cannot copy file '/dev/zero' to 'copy': File too large (os error 27)"},
        {"file_exists", "[\"copy\"]", "Bool(false)"},
        {"read_file", "[\"/dev/null\"]", "String(\"\")"},
        {"io_read_bytes", "[\"/dev/zero\", 70000000]", "Bytes(70000000 bytes)"},
        {"io_copy_range", "[\"/dev/zero\", \"some\", 0, 100]", "Bool(true)"},
        {"file_size", "[\"some\"]", "Int(100)"},
    };
    for (size_t i = 0; i < RF_COUNT_OF(cases); i++)
        host_expect(t, cases[i].name, cases[i].args, cases[i].want);
    char *text = host_call(t, "read_file", "[\"/proc/self/status\"]");
    assert_non_null(strstr(text, "Name:"));
    rf_free(text);
}

static void failures_name_the_file_and_the_reason(void **state)
{
    host_test *t = *state;
    host_write("bad.txt", "ab\xFF", 3);
    assert_int_equal(mkdir("dir", 0777), 0);
    static const lib_case cases[] = {
        {"read_file", "[\"no.txt\"]",
         "!Cannot read file 'no.txt': No such file or directory (os error 2)"},
        {"read_file", "[\"dir\"]", "!Cannot read file 'dir': Is a directory (os error 21)"},
        {"read_file", "[\"bad.txt\"]", "!Cannot read file 'bad.txt': not valid UTF-8 (byte 2)"},
        {"read_lines", "[\"bad.txt\"]", "!Cannot read file 'bad.txt': not valid UTF-8 (byte 2)"},
        {"read_file_lossy", "[\"bad.txt\"]", "String(\"ab\xEF\xBF\xBD\")"},
        {"write_file", "[\"no/a.txt\", \"\"]",
         "!Cannot write file 'no/a.txt': No such file or directory (os error 2)"},
        {"write_file", "[\"dir\", \"\"]", "!Cannot write file 'dir': Is a directory (os error 21)"},
        {"append_file", "[\"dir\", \"\"]",
         "!Cannot append to file 'dir': Is a directory (os error 21)"},
        {"delete_file", "[\"no.txt\"]",
         "!Cannot delete file 'no.txt': No such file or directory (os error 2)"},
        {"delete_file", "[\"dir\"]", "!Cannot delete file 'dir': Is a directory (os error 21)"},
        {"file_size", "[\"no.txt\"]",
         "!Cannot get file size for 'no.txt': No such file or directory (os error 2)"},
        {"rename_file", "[\"no\", \"b\"]",
         "!Cannot rename file 'no' to 'b': No such file or directory (os error 2)"},
        {"copy_file", "[\"no\", \"b\"]",
         "!Cannot copy file 'no' to 'b': No such file or directory (os error 2)"},
        {"copy_file", "[\"dir\", \"b\"]",
         "!Cannot copy file 'dir' to 'b': Is a directory (os error 21)"},
        {"list_dir", "[\"no\"]",
         "!Cannot list directory 'no': No such file or directory (os error 2)"},
        {"create_dir", "[\"bad.txt\"]",
         "!Cannot create directory 'bad.txt': File exists (os error 17)"},
        {"create_dir", "[\"bad.txt/x\"]",
         "!Cannot create directory 'bad.txt/x': Not a directory (os error 20)"},
        {"os_rmdir", "[\"no\"]",
         "!Cannot remove directory 'no': No such file or directory (os error 2)"},
        {"os_chdir", "[\"no\"]",
         "!Cannot change directory to 'no': No such file or directory (os error 2)"},
        {"read_file", "[\"a\\u0000b\"]", "!read_file: argument 1 contains a NUL character"},
        {"read_file", "[1]", "!read_file expects string as argument 1, got int"},
        {"write_file", "[\"a\", 1]", "!write_file expects string as argument 2, got int"},
        {"write_file", "[\"a\", \"b\", 1]",
         "!write_file expects bool or dict as argument 3, got int"},
        {"write_file", "[\"a\", \"b\", {\"overwrit\": true}]",
         "!write_file: unknown option 'overwrit'"},
        {"write_file", "[\"a\", \"b\", {\"overwrite\": 1}]",
         "!write_file expects bool as option 'overwrite', got int"},
        {"read_file", "[]", "!read_file expects 1 arguments, got 0"},
    };
    LIB_CHECK(t->lib, cases);
}

static void an_existing_file_can_be_refused(void **state)
{
    host_test *t = *state;
    host_write_text("old", "old");
    host_expect(t, "write_file", "[\"old\", \"new\", false]",
                "!Cannot write file 'old': File exists (os error 17)");
    host_expect(t, "write_file", "[\"old\", \"new\", {\"overwrite\": false}]",
                "!Cannot write file 'old': File exists (os error 17)");
    host_expect(t, "read_file", "[\"old\"]", "String(\"old\")");
    host_expect(t, "write_file", "[\"fresh\", \"new\", false]", "Bool(true)");
    host_expect(t, "read_file", "[\"fresh\"]", "String(\"new\")");
    host_expect(t, "write_file", "[\"old\", \"new\", {\"overwrite\": true}]", "Bool(true)");
    host_expect(t, "list_dir", "[\".\"]", "Array[String(\"fresh\"), String(\"old\")]");
}

static void replacing_keeps_links_and_permissions(void **state)
{
    host_test *t = *state;
    struct stat info;
    host_write_text("real", "1");
    assert_int_equal(chmod("real", 0640), 0);
    assert_int_equal(symlink("real", "soft"), 0);
    host_expect(t, "write_file", "[\"soft\", \"2\"]", "Bool(true)");
    host_expect(t, "path_is_symlink", "[\"soft\"]", "Bool(true)");
    host_expect(t, "read_file", "[\"real\"]", "String(\"2\")");
    assert_int_equal(stat("real", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    assert_int_equal(link("real", "hard"), 0);
    host_expect(t, "write_file", "[\"hard\", \"3\"]", "Bool(true)");
    host_expect(t, "read_file", "[\"real\"]", "String(\"3\")");
    assert_int_equal(symlink("later", "dangling"), 0);
    host_expect(t, "write_file", "[\"dangling\", \"4\"]", "Bool(true)");
    host_expect(t, "path_is_symlink", "[\"dangling\"]", "Bool(true)");
    host_expect(t, "read_file", "[\"later\"]", "String(\"4\")");
}

static void a_device_is_written_and_not_replaced(void **state)
{
    host_test *t = *state;
    struct stat info;
    host_expect(t, "write_file", "[\"/dev/null\", \"text\"]", "Bool(true)");
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void a_new_file_gets_the_mode_the_process_asks_for(void **state)
{
    host_test *t = *state;
    struct stat info;
    const mode_t mask = umask(027);
    host_expect(t, "write_file", "[\"a\", \"\"]", "Bool(true)");
    umask(mask);
    assert_int_equal(stat("a", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void files_are_copied_renamed_and_deleted(void **state)
{
    host_test *t = *state;
    struct stat info;
    host_write("a", "x\0y", 3);
    assert_int_equal(chmod("a", 0750), 0);
    host_write_text("b", "longer than a");
    host_expect(t, "copy_file", "[\"a\", \"b\"]", "Bool(true)");
    assert_int_equal(stat("b", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0750);
    assert_int_equal(info.st_size, 3);
    host_expect(t, "rename_file", "[\"b\", \"a\"]", "Bool(true)");
    host_expect(t, "file_exists", "[\"b\"]", "Bool(false)");
    host_expect(t, "file_exists", "[\".\"]", "Bool(true)");
    host_expect(t, "delete_file", "[\"a\"]", "Bool(true)");
    host_expect(t, "file_exists", "[\"a\"]", "Bool(false)");
}

static void directories_are_made_listed_and_removed(void **state)
{
    host_test *t = *state;
    host_expect(t, "create_dir", "[\"d/e/f\"]", "Bool(true)");
    host_expect(t, "ensure_directory", "[\"d/e/f/\"]", "Bool(true)");
    host_write_text("d/Z", "");
    host_write_text("d/a", "");
    host_write_text("d/\xC3\xA9", "");
    host_write_text("d/\xFF", "");
    host_expect(t, "list_dir", "[\"d\"]",
                "Array[String(\"Z\"), String(\"a\"), String(\"e\"), String(\"\xC3\xA9\")]");
    host_expect(t, "os_rmdir", "[\"d/e/f\"]", "Bool(true)");
    host_expect(t, "os_rmdir", "[\"d\"]",
                "!Cannot remove directory 'd': Directory not empty (os error 39)");
    host_expect(t, "os_chdir", "[\"d/e\"]", "Bool(true)");
    char cwd[200], want[260];
    assert_non_null(getcwd(cwd, sizeof cwd));
    snprintf(want, sizeof want, "String(\"%s\")", cwd);
    host_expect(t, "os_getcwd", "[]", want);
}

/* ---- binary files ---- */

static void bytes_are_read_and_written_in_parts(void **state)
{
    host_test *t = *state;
    host_expect_value(
        t, HOST_VALUES(t, "write_binary_file", host_string(t, "b"), host_bytes(t, "\0\1\2\3\4", 5)),
        "Bool(true)");
    host_expect(t, "read_binary_file", "[\"b\"]", "Bytes(5 bytes)");
    host_expect(t, "io_read_bytes", "[\"b\", 3]", "Bytes(3 bytes)");
    host_expect(t, "io_read_bytes", "[\"b\", 9.9]", "Bytes(5 bytes)");
    host_expect(t, "io_read_at", "[\"b\", 4, 10]", "Bytes(1 bytes)");
    host_expect(t, "io_read_at", "[\"b\", 40, 10]", "Bytes(0 bytes)");
    host_expect(t, "io_seek_read", "[\"b\", 2]", "Bytes(3 bytes)");
    host_expect_value(
        t, HOST_VALUES(t, "io_write_at", host_string(t, "b"), host_bytes(t, "xy", 2), rf_int(7)),
        "Bool(true)");
    host_expect_value(t,
                      HOST_VALUES(t, "io_append_bytes", host_string(t, "b"), host_bytes(t, "z", 1)),
                      "Bool(true)");
    char *bytes = host_read("b");
    assert_memory_equal(bytes, "\0\1\2\3\4\0\0xyz", 10);
    rf_free(bytes);
    host_expect(t, "io_truncate", "[\"b\", 2]", "Bool(true)");
    host_expect(t, "io_truncate", "[\"b\", 4]", "Bool(true)");
    bytes = host_read("b");
    assert_memory_equal(bytes, "\0\1\0\0", 4);
    rf_free(bytes);
    host_write_text("text", "0123456789");
    host_expect(t, "io_copy_range", "[\"text\", \"part\", 3, 4]", "Bool(true)");
    host_expect(t, "read_file", "[\"part\"]", "String(\"3456\")");
    host_expect(t, "io_copy_range", "[\"text\", \"text\", 8, 400]", "Bool(true)");
    host_expect(t, "read_file", "[\"text\"]", "String(\"89\")");
    host_expect_value(
        t, HOST_VALUES(t, "io_write_bytes", host_string(t, "text"), host_bytes(t, "!", 1)),
        "Bool(true)");
    host_expect(t, "read_file", "[\"text\"]", "String(\"!\")");
}

static void binary_failures_name_the_file(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"read_binary_file", "[\"no\"]",
         "!Cannot read file 'no': No such file or directory (os error 2)"},
        {"io_read_at", "[\"no\", 0, 1]",
         "!Cannot read file 'no': No such file or directory (os error 2)"},
        {"io_truncate", "[\"no\", 1]",
         "!Cannot write file 'no': No such file or directory (os error 2)"},
        {"io_copy_range", "[\"no\", \"b\", 0, 1]",
         "!Cannot read file 'no': No such file or directory (os error 2)"},
        {"io_file_metadata", "[\"no\"]",
         "!Cannot read metadata of file 'no': No such file or directory (os error 2)"},
        {"io_read_bytes", "[\"no\", -1]",
         "!io_read_bytes expects a number that is not negative as argument 2, got -1"},
        {"write_binary_file", "[\"a\", \"text\"]",
         "!write_binary_file expects bytes as argument 2, got string"},
    };
    LIB_CHECK(t->lib, cases);
    host_expect_value(
        t, HOST_VALUES(t, "io_write_at", host_string(t, "no"), host_bytes(t, "x", 1), rf_int(0)),
        "!Cannot write file 'no': No such file or directory (os error 2)");
}

static rf_value entry(rf_value dict, rf_isolate *isolate, const char *name)
{
    rf_value key = rf_string_intern(isolate, name, strlen(name));
    return rf_dict_peek(dict.as.dict, rf_key_from_string(key.as.string));
}

static void metadata_tells_kind_size_and_times(void **state)
{
    host_test *t = *state;
    rf_isolate *isolate = t->lib->isolate;
    host_write_text("a", "123");
    assert_int_equal(chmod("a", 0444), 0);
    rf_value dict = HOST_VALUES(t, "io_file_metadata", host_string(t, "a"));
    assert_int_equal(entry(dict, isolate, "size").as.i, 3);
    assert_true(rf_truthy(entry(dict, isolate, "is_file")));
    assert_false(rf_truthy(entry(dict, isolate, "is_dir")));
    assert_true(rf_truthy(entry(dict, isolate, "readonly")));
    assert_true(entry(dict, isolate, "modified").as.i > 1600000000);
    assert_int_equal(entry(dict, isolate, "accessed").head, RF_INT);
    rf_release(isolate, dict);
}

/* ---- paths ---- */

static void paths_are_taken_apart_and_joined(void **state)
{
    host_test *t = *state;
    static const lib_case cases[] = {
        {"join_path", "[\"a\", \"b\", \"c.txt\"]", "String(\"a/b/c.txt\")"},
        {"path_join", "[\"a/\", \"b\"]", "String(\"a/b\")"},
        {"join_path", "[\"a\", \"/b\"]", "String(\"/b\")"},
        {"join_path", "[\"a\", \"\"]", "String(\"a/\")"},
        {"join_path", "[\"\"]", "String(\"\")"},
        {"join_path", "[\"\", \"b\"]", "String(\"b\")"},
        {"join_path", "[\"a\", \"..\", \"./b\"]", "String(\"a/.././b\")"},
        {"join_path", "[]", "!join_path expects at least 1 arguments, got 0"},
        {"join_path", "[\"a\", 1]", "!join_path expects string as argument 2, got int"},
        {"dirname", "[\"/x/y.txt\"]", "String(\"/x\")"},
        {"dirname", "[\"/x/y/\"]", "String(\"/x\")"},
        {"dirname", "[\"a//b\"]", "String(\"a\")"},
        {"dirname", "[\"bare\"]", "String(\"\")"},
        {"dirname", "[\"/bare\"]", "String(\"/\")"},
        {"dirname", "[\"/\"]", "String(\"/\")"},
        {"dirname", "[\"\"]", "String(\"/\")"},
        {"basename", "[\"/x/docs/\"]", "String(\"docs\")"},
        {"basename", "[\"a\"]", "String(\"a\")"},
        {"basename", "[\"/\"]", "String(\"\")"},
        {"basename", "[\"a/..\"]", "String(\"\")"},
        {"path_extension", "[\"a.tar.gz\"]", "String(\"gz\")"},
        {"path_extension", "[\"d.x/file\"]", "String(\"\")"},
        {"path_extension", "[\".bashrc\"]", "String(\"\")"},
        {"path_extension", "[\"a.\"]", "String(\"\")"},
        {"path_extension", "[\"..\"]", "String(\"\")"},
    };
    LIB_CHECK(t->lib, cases);
}

static void paths_are_looked_up(void **state)
{
    host_test *t = *state;
    assert_int_equal(mkdir("d", 0777), 0);
    host_write_text("f", "");
    assert_int_equal(symlink("nowhere", "broken"), 0);
    static const lib_case cases[] = {
        {"path_exists", "[\"d\"]", "Bool(true)"},
        {"path_exists", "[\"broken\"]", "Bool(false)"},
        {"path_is_dir", "[\"d\"]", "Bool(true)"},
        {"path_is_dir", "[\"f\"]", "Bool(false)"},
        {"path_is_dir", "[\"\"]", "Bool(false)"},
        {"path_is_file", "[\"f\"]", "Bool(true)"},
        {"path_is_file", "[\"no\"]", "Bool(false)"},
        {"path_is_symlink", "[\"broken\"]", "Bool(true)"},
        {"path_is_symlink", "[\"f\"]", "Bool(false)"},
        {"path_is_symlink", "[\"no\"]",
         "!Cannot inspect path 'no': No such file or directory (os error 2)"},
        {"path_absolute", "[\"no\"]",
         "!Cannot resolve path 'no': No such file or directory (os error 2)"},
        {"path_exists", "[5]", "!path_exists expects string as argument 1, got int"},
    };
    LIB_CHECK(t->lib, cases);
    char want[200], real[100];
    assert_non_null(realpath(".", real));
    snprintf(want, sizeof want, "String(\"%s/f\")", real);
    host_expect(t, "path_absolute", "[\"d/.././f\"]", want);
}

static void a_capability_that_is_missing_is_named(void **state)
{
    host_test *t = *state;
    t->lib->host.capabilities = 1u << RF_CAP_FS_READ_BIT;
    host_expect(t, "write_file", "[\"a\", \"b\"]",
                "!Capability denied: filesystem-write required for write_file; rerun with "
                "--allow-fs-write");
    host_expect(t, "delete_file", "[\"a\"]",
                "!Capability denied: filesystem-delete required for delete_file; rerun with "
                "--allow-fs-delete");
    host_expect(t, "path_exists", "[\"a\"]", "Bool(false)");
    host_expect(t, "dirname", "[\"a/b\"]", "String(\"a\")");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, host_test_setup, host_test_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_text_written_is_read_back),
        TEST(devices_without_end_are_given_up),
        TEST(failures_name_the_file_and_the_reason),
        TEST(an_existing_file_can_be_refused),
        TEST(replacing_keeps_links_and_permissions),
        TEST(a_device_is_written_and_not_replaced),
        TEST(a_new_file_gets_the_mode_the_process_asks_for),
        TEST(files_are_copied_renamed_and_deleted),
        TEST(directories_are_made_listed_and_removed),
        TEST(bytes_are_read_and_written_in_parts),
        TEST(binary_failures_name_the_file),
        TEST(metadata_tells_kind_size_and_times),
        TEST(paths_are_taken_apart_and_joined),
        TEST(paths_are_looked_up),
        TEST(a_capability_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
