#include "bench_run.h"

#include "base/alloc.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int bench_set_up(void **state)
{
    (void)state;
    char path[] = "/tmp/ruffbench-test-XXXXXX";
    if (!mkdtemp(path)) return -1;
    setenv("T", path, 1);
    setenv("FIXTURES", BENCH_FIXTURES, 1);
    setenv("RUFFBENCH", BENCH_PROGRAM, 1);
    setenv("COLUMNS", "80", 1);
    unsetenv("NO_COLOR");
    unsetenv("RUFFBENCH_DB");
    int code = system("cp -r \"$FIXTURES/peers\" \"$T/peers\"");
    char *program = rf_format_text("%s -C %s/peers", BENCH_PROGRAM, path);
    setenv("B", program, 1);
    rf_free(program);
    return code;
}

int bench_tear_down(void **state)
{
    (void)state;
    return system("rm -rf \"$T\"");
}

void bench(bench_run *run, const char *command)
{
    char *line = rf_format_text("{ %s\n} > \"$T/out\" 2> \"$T/err\" < /dev/null", command);
    char *out = rf_format_text("%s/out", getenv("T")), *err = rf_format_text("%s/err", getenv("T"));
    int status = system(line);
    run->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    rf_buffer_clear(&run->out);
    rf_buffer_clear(&run->err);
    rf_buffer_append(&run->out, "", 0);
    rf_buffer_append(&run->err, "", 0);
    assert_int_equal(rf_file_read(out, &run->out, NULL), RUFF_OK);
    assert_int_equal(rf_file_read(err, &run->err, NULL), RUFF_OK);
    rf_free(line);
    rf_free(out);
    rf_free(err);
}

void bench_release(bench_run *run)
{
    rf_buffer_release(&run->out);
    rf_buffer_release(&run->err);
}
