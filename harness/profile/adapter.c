#include "profile/adapter.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "run/child_env.h"

#include <string.h>

static const profile_adapter adapters[] = {
#define PROFILE_ADAPTER(language, tool, needs) {#language, tool, needs, profile_run_##language},
#include "profile/adapter.def"
#undef PROFILE_ADAPTER
};

const profile_adapter *profile_find_adapter(const char *language)
{
    for (size_t i = 0; i < RF_COUNT_OF(adapters); i++)
        if (strcmp(adapters[i].language, language) == 0) return &adapters[i];
    return NULL;
}

char *profile_adapter_names(void)
{
    rf_buffer text = RF_BUFFER_INIT;
    for (size_t i = 0; i < RF_COUNT_OF(adapters); i++)
        rf_buffer_format(&text, "%s%s", i ? ", " : "", adapters[i].language);
    return rf_buffer_take(&text);
}

ruff_status profile_run_tool(run_launcher *launcher, const profile_job *job,
                             const char *const *argv, rf_buffer *out, ruff_error *err)
{
    template_words env = {0};
    run_child_env(job->variant->language, job->variant->mode, 0, &env);
    const run_tool_job tool = {.argv = argv,
                               .env = (const char *const *)env.data,
                               .directory = job->variant->directory,
                               .timeout_ns = job->timeout_ns,
                               .interrupt = job->interrupt};
    ruff_status status = run_tool(launcher, &tool, out, NULL, err);
    template_words_release(&env);
    return status;
}

void profile_describe(rf_profile *out, const profile_job *job, const char *tool, double hz)
{
    rf_prof_run *run = &out->run;
    run->script = rf_strdup(job->variant->source);
    run->arguments = rf_format_text("%llu %llu", (unsigned long long)job->input.size,
                                    (unsigned long long)job->input.seed);
    run->engine = rf_strdup(job->variant->label);
    run->version = rf_strdup(job->variant->toolchain ? job->variant->toolchain->version : "");
    run->host = rf_strdup("");
    run->cpu = rf_strdup("");
    run->kernel = rf_strdup("");
    run->started_unix = rf_clock_wall_ns() / 1000000000;
    run->has_cpu = true;
    run->mechanism = tool; /* static */
    run->asked_hz = run->got_hz = hz;
    run->threads = run->allowed_cores = 1;
}

uint32_t profile_add_func(rf_profile *out, const profile_job *job, const char *name,
                          const char *path, uint32_t line)
{
    const char *directory = job->variant->directory;
    const bool is_own = strncmp(path, directory, strlen(directory)) == 0;
    if (!*path) return rf_profile_func(out, RF_FUNC_BUILTIN, name, 0, 0);
    return rf_profile_func(out, is_own ? RF_FUNC_SCRIPT : RF_FUNC_NATIVE, name,
                           rf_profile_file(out, path), line);
}

void profile_add_time(rf_profile *out, uint32_t stack, uint64_t ticks, uint64_t cpu_ns)
{
    const rf_prof_sample sample = {
        .stack = stack, .ticks = ticks, .cpu_ns = cpu_ns, .wall_ns = cpu_ns};
    rf_profile_add(out, &sample);
    out->run.ticks += ticks;
    out->run.cpu_ns += cpu_ns;
    out->run.wall_ns += cpu_ns;
}
