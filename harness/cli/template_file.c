#include "cli/template_file.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/templates.inc"

const cli_template *cli_templates(size_t *count)
{
    *count = RF_COUNT_OF(templates);
    return templates;
}

bool cli_has_template(const char *group)
{
    for (size_t i = 0; i < RF_COUNT_OF(templates); i++)
        if (strcmp(templates[i].group, group) == 0) return true;
    return false;
}

static void replace(const char *text, const char *word, const char *value, rf_buffer *out)
{
    const char *found;
    while (word && value && (found = strstr(text, word))) {
        rf_buffer_append(out, text, (size_t)(found - text));
        rf_buffer_append_text(out, value);
        text = found + strlen(word);
    }
    rf_buffer_append_text(out, text);
}

static ruff_status make_parents(const char *path, ruff_error *err)
{
    char *copy = rf_strdup(path), text[128];
    ruff_status status = RUFF_OK;
    for (char *slash = strchr(copy + 1, '/'); slash && !status; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            status = rf_error_set(err, RUFF_E_IO, "%s: cannot make this directory: %s", copy,
                                  rf_os_error_text(errno, text, sizeof text));
        *slash = '/';
    }
    rf_free(copy);
    return status;
}

static ruff_status write_one(const char *root, const cli_template *file, const char *word,
                             const char *value, ruff_error *err)
{
    rf_buffer name = RF_BUFFER_INIT, text = RF_BUFFER_INIT;
    rf_buffer_format(&name, "%s/", root);
    replace(file->name, word, value, &name);
    ruff_status status = RUFF_OK;
    if (access(name.data, F_OK) == 0) {
        printf("kept    %s\n", name.data + strlen(root) + 1);
    } else {
        replace(file->text, word, value, &text);
        status = make_parents(name.data, err);
        if (!status) status = rf_file_replace(name.data, text.data, text.size, err);
        if (!status) printf("written %s\n", name.data + strlen(root) + 1);
    }
    rf_buffer_release(&name);
    rf_buffer_release(&text);
    return status;
}

ruff_status cli_write_templates(const char *root, const char *group, const char *word,
                                const char *value, ruff_error *err)
{
    ruff_status status = RUFF_OK;
    for (size_t i = 0; i < RF_COUNT_OF(templates) && !status; i++)
        if (strcmp(templates[i].group, group) == 0)
            status = write_one(root, &templates[i], word, value, err);
    return status;
}
