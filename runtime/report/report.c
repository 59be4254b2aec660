/* Finding the format of a path, and replacing the file whole. */
#include "report/report.h"
#include "report/writer.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

typedef struct file_format {
    const char *extension;
    rf_report_writer *write;
} file_format;

static const file_format formats[] = {
#define REPORT_FORMAT(writer, extension, what) {extension, rf_report_##writer},
#include "report/format.def"
#undef REPORT_FORMAT
};

/* NULL with *error when there is none. */
static const file_format *find_format(const char *path, char **error)
{
    const file_format *found = NULL;
    const size_t length = strlen(path);
    for (size_t i = 0; i < RF_COUNT_OF(formats); i++) {
        const size_t size = strlen(formats[i].extension);
        if (length > size && strcmp(path + length - size, formats[i].extension) == 0 &&
            (!found || size > strlen(found->extension)))
            found = &formats[i];
    }
    if (found) return found;
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "%s: no profile format has this extension (known: ", path);
    for (size_t i = 0; i < RF_COUNT_OF(formats); i++)
        rf_buffer_format(&text, "%s%s", i ? " " : "", formats[i].extension);
    rf_buffer_append_byte(&text, ')');
    *error = rf_buffer_take(&text);
    return NULL;
}

bool rf_report_check_folder(const char *path, char **error)
{
    const char *slash = strrchr(path, '/');
    char *directory = !slash ? rf_strdup(".") : slash == path ? rf_strdup("/") : rf_strndup(path, (size_t)(slash - path));
    const bool can_write = access(directory, W_OK | X_OK) == 0;
    if (!can_write) *error = rf_format_text("%s: cannot write into %s: %s", path, directory, strerror(errno));
    rf_free(directory);
    return can_write;
}

bool rf_report_check_path(const char *path, char **error)
{
    return find_format(path, error) && rf_report_check_folder(path, error);
}

bool rf_report_write(const rf_profile *profile, const char *path, char **error)
{
    const file_format *format = find_format(path, error);
    if (!format) return false;
    rf_buffer out = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    format->write(profile, &out);
    const ruff_status status = rf_file_replace(path, out.data, out.size, &err);
    if (status) *error = rf_format_text("cannot write %s: %s", path, err.message);
    ruff_error_release(&err);
    rf_buffer_release(&out);
    return !status;
}
