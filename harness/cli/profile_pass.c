#include "cli/profile_pass.h"

#include "base/alloc.h"
#include "base/error.h"
#include "profile/adapter.h"
#include "report/profile_diff.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PASS_ITERATIONS = 100, PASS_BUDGET_MS = 1000 };
static const double UNRESOLVED_MOST = 0.4;

ruff_status cli_profile_variant(cli_context *cli, const run_variant *variant, const run_param *param,
                                run_interrupt *interrupt, rf_profile *out, ruff_error *err)
{
    const profile_adapter *adapter = profile_find_adapter(variant->language->name);
    rf_profile_init(out);
    if (!adapter) {
        char *names = profile_adapter_names();
        ruff_status status = rf_error_set(err, RUFF_E_MISUSE, "no profiler for %s is known (known: %s)",
                                          variant->language->name, names);
        rf_free(names);
        return status;
    }
    char scratch[] = "/tmp/ruffbench-profile-XXXXXX";
    if (!mkdtemp(scratch)) return rf_error_set(err, RUFF_E_IO, "%s cannot be made", scratch);
    const cli_options *options = &cli->options;
    const profile_job job = {
        .suite = cli->suite,
        .variant = variant,
        .input = {.size = param->size,
                  .seed = param->seed,
                  .iterations = options->iters ? options->iters : PASS_ITERATIONS,
                  .budget_ms = options->budget ? options->budget / 1000000 : PASS_BUDGET_MS},
        .hz = options->hz,
        .timeout_ns = param->timeout_ns * 4, /* profilers cost time */
        .scratch = scratch,
        .interrupt = interrupt};
    ruff_status status = adapter->run(cli->launcher, &job, out, err);
    if (status) rf_error_wrap(err, "%s (needs %s)", adapter->tool, adapter->needs);
    rmdir(scratch);
    return status;
}

char *cli_profile_label(const run_variant *variant, const run_param *param)
{
    return rf_format_text("%s/%s@%s", variant->benchmark->name, param->label, variant->label);
}

/* Part of the CPU time that no function is known for. */
static double unresolved_share(const rf_profile *profile)
{
    uint64_t all = 0, unresolved = 0;
    for (size_t i = 1; i < profile->samples.count; i++) {
        const rf_prof_sample *sample = &profile->samples.data[i];
        const rf_prof_frame *frame = &profile->frames.data[profile->stacks.data[sample->stack].frame];
        all += sample->cpu_ns;
        if (!sample->stack || !*profile->funcs.data[frame->func].name) unresolved += sample->cpu_ns;
    }
    return all ? (double)unresolved / (double)all : 0;
}

void cli_profile_append_diff(rf_buffer *out, const char *title, const rf_profile *const *before, size_t before_count,
                             const rf_profile *const *after, size_t after_count, bool force)
{
    const rf_diff_side left = {before, before_count, "before"}, right = {after, after_count, "after"};
    char *obstacle = rf_profile_diff_obstacle(&left, &right);
    rf_buffer_format(out, "\n%s\n", title);
    if (obstacle && !force) {
        rf_buffer_format(out, "profiles cannot be compared: %s\n", obstacle);
        rf_free(obstacle);
        return;
    }
    rf_free(obstacle);
    rf_profile_diff diff;
    rf_profile_diff_init(&diff, &left, &right);
    rf_profile_diff_text(&diff, &left, &right, false, out);
    rf_profile_diff_release(&diff);
    const double unresolved = unresolved_share(after[0]);
    rf_buffer_format(out, "unresolved %.0f %%%s\n", 100 * unresolved,
                     unresolved > UNRESOLVED_MOST ? ": too much to trust the rest" : "");
}

json_t *cli_profile_diff_json(const char *label, const rf_profile *const *before, size_t before_count,
                              const rf_profile *const *after, size_t after_count, bool force)
{
    const rf_diff_side left = {before, before_count, "before"}, right = {after, after_count, "after"};
    char *obstacle = rf_profile_diff_obstacle(&left, &right);
    json_t *object;
    if (obstacle && !force) {
        object = json_pack("{s:s}", "obstacle", obstacle);
    } else {
        rf_profile_diff diff;
        rf_buffer text = RF_BUFFER_INIT;
        rf_profile_diff_init(&diff, &left, &right);
        rf_profile_diff_json(&diff, &left, &right, &text);
        object = json_loadb(text.data, text.size, 0, NULL);
        json_object_set_new(object, "unresolved", json_real(unresolved_share(after[0])));
        rf_buffer_release(&text);
        rf_profile_diff_release(&diff);
    }
    json_object_set_new(object, "label", json_string(label));
    rf_free(obstacle);
    return object;
}
