#include "run/tune.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* path may be a glob below the root. */
static const struct {
    const char *path, *wanted;
} settings[] = {
    {"sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor", "performance"},
    {"sys/devices/system/cpu/intel_pstate/no_turbo", "1"},
    {"sys/devices/system/cpu/cpufreq/boost", "0"},
    {"proc/sys/kernel/perf_event_max_sample_rate", "1"},
};

static char *read_value(const char *path)
{
    rf_buffer text = RF_BUFFER_INIT;
    if (rf_file_read(path, &text, NULL) || !text.data) {
        rf_buffer_release(&text);
        return NULL;
    }
    text.size = strcspn(text.data, "\n");
    text.data[text.size] = '\0';
    return rf_buffer_take(&text);
}

static ruff_status write_value(const char *path, const char *value, ruff_error *err)
{
    char text[128], *line = rf_format_text("%s\n", value);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_TRUNC);
    ssize_t size = (ssize_t)strlen(line);
    bool fine = fd >= 0 && write(fd, line, (size_t)size) == size;
    int failure = errno;
    rf_free(line);
    if (fd >= 0 && close(fd) != 0 && fine) {
        fine = false;
        failure = errno;
    }
    if (fine) return RUFF_OK;
    return rf_error_set(err, RUFF_E_IO, "%s cannot be set to %s: %s", path, value,
                        rf_os_error_text(failure, text, sizeof text));
}

const char *run_tune_journal(void)
{
    const char *path = getenv("RUFFBENCH_TUNE_JOURNAL");
    return path ? path : "/var/tmp/ruffbench-tune.journal";
}

void run_tune_plan(const char *root, run_tuning_list *list)
{
    for (size_t i = 0; i < RF_COUNT_OF(settings); i++) {
        glob_t found;
        char *pattern = rf_format_text("%s/%s", root, settings[i].path);
        bool any = glob(pattern, 0, NULL, &found) == 0;
        for (size_t f = 0; any && f < found.gl_pathc; f++) {
            char *before = read_value(found.gl_pathv[f]);
            if (before && strcmp(before, settings[i].wanted) != 0) {
                run_tuning tuning = {rf_strdup(found.gl_pathv[f]), before,
                                     rf_strdup(settings[i].wanted)};
                rf_vector_push(list, tuning);
            } else {
                rf_free(before);
            }
        }
        if (any) globfree(&found);
        rf_free(pattern);
    }
}

/* One "PATH<tab>BEFORE" a line, on the disk before anything is changed. */
static ruff_status write_journal(const run_tuning_list *list, const char *journal, ruff_error *err)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t i = 0; i < list->count; i++)
        rf_buffer_format(&text, "%s\t%s\n", list->data[i].path, list->data[i].before);
    ruff_status status = rf_file_replace(journal, text.data ? text.data : "", text.size, err);
    int fd = status ? -1 : open(journal, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (fsync(fd) != 0) status = rf_error_set(err, RUFF_E_IO, "%s cannot be synced", journal);
        close(fd);
    }
    rf_buffer_release(&text);
    return status;
}

ruff_status run_tune_apply(const run_tuning_list *list, const char *journal, ruff_error *err)
{
    if (access(journal, F_OK) == 0)
        return rf_error_set(err, RUFF_E_MISUSE,
                            "%s: the machine is tuned already; run `ruffbench restore` first",
                            journal);
    ruff_status status = write_journal(list, journal, err);
    for (size_t i = 0; i < list->count && !status; i++)
        status = write_value(list->data[i].path, list->data[i].after, err);
    size_t restored;
    if (status && run_tune_restore(journal, &restored, NULL))
        return status; /* the journal is kept for another try */
    return status;
}

static ruff_status restore_line(char *line, ruff_error *err)
{
    char *tab = strchr(line, '\t');
    if (!tab) return rf_error_set(err, RUFF_E_SYNTAX, "`%s` is no line of a journal", line);
    *tab = '\0';
    ruff_status status = write_value(line, tab + 1, err);
    char *now = read_value(line);
    if (!status && (!now || strcmp(now, tab + 1) != 0))
        status = rf_error_set(err, RUFF_E_IO, "%s is %s, not %s as before", line,
                              now ? now : "unreadable", tab + 1);
    rf_free(now);
    return status;
}

ruff_status run_tune_restore(const char *journal, size_t *restored, ruff_error *err)
{
    rf_buffer text = RF_BUFFER_INIT;
    *restored = 0;
    if (access(journal, F_OK) != 0) return RUFF_OK;
    ruff_status status = rf_file_read(journal, &text, err), first = RUFF_OK;
    if (status) rf_error_wrap(err, "%s", journal);
    while (!status && text.size) { /* last line first */
        while (text.size && text.data[text.size - 1] == '\n') text.data[--text.size] = '\0';
        if (!text.size) break;
        size_t begin = text.size;
        while (begin && text.data[begin - 1] != '\n') begin--;
        ruff_status one = restore_line(text.data + begin, first ? NULL : err);
        if (one && !first) first = one;
        *restored += !one;
        text.size = begin;
    }
    if (!status && !first) unlink(journal);
    rf_buffer_release(&text);
    return status ? status : first;
}

void run_tuning_list_release(run_tuning_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        rf_free(list->data[i].path);
        rf_free(list->data[i].before);
        rf_free(list->data[i].after);
    }
    rf_vector_release(list);
}
