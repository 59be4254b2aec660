#include "report/frame_name.h"

#include <string.h>

const char *rf_report_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

void rf_report_append_name(rf_buffer *out, const rf_profile *profile, uint32_t func)
{
    const rf_prof_func *it = &profile->funcs.data[func];
    if (it->kind == RF_FUNC_REGEX)
        rf_buffer_format(out, "regex /%s/", it->name);
    else
        rf_buffer_append_text(out, *it->name ? it->name : "(unknown)");
}

void rf_report_append_label(rf_buffer *out, const rf_profile *profile, uint32_t func)
{
    static const char *const kinds[RF_FUNC_KIND_COUNT] = {
        [RF_FUNC_SCRIPT] = "script",   [RF_FUNC_BUILTIN] = "builtin", [RF_FUNC_REGEX] = "regex",
        [RF_FUNC_RUNTIME] = "runtime", [RF_FUNC_NATIVE] = "native"};
    const rf_prof_func *it = &profile->funcs.data[func];
    rf_report_append_name(out, profile, func);
    if (it->file)
        rf_buffer_format(out, " (%s:%u)", rf_report_base_name(profile->files.data[it->file].path), it->line);
    else
        rf_buffer_format(out, " [%s]", kinds[it->kind]);
}
