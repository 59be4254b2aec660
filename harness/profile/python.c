/* Python by cProfile, which traces every call: times of small functions come out too large, and stacks are one call deep
 * (a function below its caller), because that is what cProfile keeps. */
#include "profile/adapter.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Prints, between tabs: name, file, line, calls, nanoseconds, caller's name, file, line. */
static const char convert[] =
    "import pstats, sys\n"
    "def place(f):\n"
    "    return f[2], '' if f[0] == '~' else f[0], str(f[1])\n"
    "for f, (_, calls, self, _, callers) in pstats.Stats(sys.argv[1]).stats.items():\n"
    "    if not callers:\n"
    "        print(*place(f), calls, round(self * 1e9), '', '', 0, sep='\\t')\n"
    "    for caller, (_, calls, self, _) in callers.items():\n"
    "        print(*place(f), calls, round(self * 1e9), *place(caller), sep='\\t')\n";

enum { FIELDS = 8 };

static bool split_fields(char *line, char *fields[FIELDS])
{
    size_t count = 0;
    for (char *at = line; at && count < FIELDS; count++) {
        fields[count] = at;
        at = strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    return count == FIELDS;
}

static void take_line(rf_profile *out, const profile_job *job, char *line)
{
    char *fields[FIELDS];
    if (!split_fields(line, fields)) return;
    const uint32_t line_number = (uint32_t)strtoul(fields[2], NULL, 10),
                   caller_line = (uint32_t)strtoul(fields[7], NULL, 10);
    const uint32_t func = profile_add_func(out, job, fields[0], fields[1], line_number);
    uint32_t stack = 0;
    if (*fields[5]) {
        const uint32_t caller = profile_add_func(out, job, fields[5], fields[6], caller_line);
        stack = rf_profile_stack(out, 0, rf_profile_frame(out, caller, caller_line, RF_TIER_VM));
    }
    const rf_prof_tier tier = *fields[1] ? RF_TIER_VM : RF_TIER_BUILTIN;
    stack = rf_profile_stack(out, stack, rf_profile_frame(out, func, line_number, tier));
    rf_prof_func *counted = &out->funcs.data[func];
    counted->calls = (counted->calls == RF_PROF_UNKNOWN ? 0 : counted->calls) + strtoull(fields[3], NULL, 10);
    profile_add_time(out, stack, 0, strtoull(fields[4], NULL, 10));
}

ruff_status profile_run_python(run_launcher *launcher, const profile_job *job, rf_profile *out,
                               ruff_error *err)
{
    char *path = rf_format_text("%s/python.pstats", job->scratch);
    template_words run = {0};
    rf_buffer text = RF_BUFFER_INIT;
    run_variant_argv(job->variant, &job->input, job->suite, &run);
    RF_VECTOR(const char *) argv = {0};
    const char *const with[] = {"-m", "cProfile", "-o", path};
    rf_vector_push(&argv, run.data[0]);
    for (size_t i = 0; i < RF_COUNT_OF(with); i++) rf_vector_push(&argv, with[i]);
    for (size_t i = 1; i < run.count; i++) rf_vector_push(&argv, run.data[i]);
    rf_vector_push(&argv, NULL);
    const char *const print[] = {run.data[0], "-c", convert, path, NULL};
    ruff_status status = profile_run_tool(launcher, job, argv.data, &text, err);
    rf_buffer_clear(&text);
    if (!status) status = profile_run_tool(launcher, job, print, &text, err);
    if (!status) {
        profile_describe(out, job, "cProfile", 0);
        for (char *line = text.data, *next; line && *line; line = next) {
            next = strchr(line, '\n');
            if (next) *next++ = '\0';
            take_line(out, job, line);
        }
    }
    unlink(path);
    rf_vector_release(&argv);
    template_words_release(&run);
    rf_buffer_release(&text);
    rf_free(path);
    return status;
}
