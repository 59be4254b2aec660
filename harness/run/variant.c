#include "run/variant.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "run/child_env.h"
#include "run/tool.h"
#include "suite/quantity.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUILD_TIMEOUT_S = 600, DIGEST_SHOWN = 16 };

const char *run_variant_mode_name(const run_variant *variant)
{
    return variant->mode ? variant->mode->name : "";
}

static void give_up(run_variant *variant, run_variant_state state, char *reason)
{
    variant->state = state;
    rf_free(variant->reason);
    variant->reason = reason;
}

/* ---- sources ---- */

static void digest_sources(run_variant *variant, unsigned helper_count)
{
    run_sha256 digest;
    run_sha256_init(&digest);
    variant->has_source = run_sha256_add_file(&digest, variant->source);
    if (!variant->has_source)
        give_up(variant, RUN_VARIANT_MISSING,
                rf_format_text("%s: no such source file", variant->source));
    for (unsigned i = 0; i < helper_count; i++) {
        char *path = rf_format_text("%s/%s", variant->directory, variant->language->helper[i]);
        run_sha256_add_text(&digest, variant->language->helper[i]);
        if (!run_sha256_add_file(&digest, path) && variant->state == RUN_VARIANT_READY)
            give_up(variant, RUN_VARIANT_MISSING, rf_format_text("%s: no such helper file", path));
        rf_free(path);
    }
    run_sha256_finish(&digest, variant->source_sha256);
    struct stat info;
    if (stat(variant->source, &info) == 0) variant->source_bytes = (uint64_t)info.st_size;
}

void run_variant_init(run_variant *variant, const run_variant_request *request)
{
    const suite_language *language = request->toolchain->language;
    *variant = (run_variant){.benchmark = request->benchmark,
                             .language = language,
                             .mode = request->mode,
                             .toolchain = request->toolchain,
                             .build_directory = rf_strdup(request->build_directory),
                             .directory = suite_language_directory(request->suite, language),
                             .build_ns = -1};
    variant->role = request->role ? request->role : "";
    variant->label = rf_format_text("%s%s%s%s%s", language->name, request->mode ? ":" : "",
                                    request->mode ? request->mode->name : "",
                                    *variant->role ? " " : "", variant->role);
    if (request->source) {
        variant->source = rf_strdup(request->source);
        rf_free(variant->directory);
        variant->directory =
            rf_strndup(request->source, (size_t)(strrchr(request->source, '/') - request->source));
    } else {
        variant->source = suite_source_path(request->suite, language, request->benchmark);
    }
    digest_sources(variant, request->source ? 0 : language->helper_count);
    if (!request->toolchain->found)
        give_up(variant, RUN_VARIANT_MISSING, rf_strdup(request->toolchain->reason));
}

void run_variant_release(run_variant *variant)
{
    rf_free(variant->label);
    rf_free(variant->build_directory);
    rf_free(variant->directory);
    rf_free(variant->source);
    rf_free(variant->reason);
    rf_free(variant->built);
    *variant = (run_variant){0};
}

static void add_words(run_sha256 *digest, char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++) run_sha256_add_text(digest, words[i]);
}

static void add_build(run_sha256 *digest, const run_variant *variant)
{
    run_sha256_add_text(digest, variant->source_sha256);
    run_sha256_add_text(digest,
                        variant->toolchain->version_raw ? variant->toolchain->version_raw : "");
    run_sha256_add_text(digest, variant->toolchain->executable_sha256);
    add_words(digest, variant->language->build, variant->language->build_count);
    add_words(digest, variant->language->env, variant->language->env_count);
}

void run_variant_digest(const run_variant *variant, char hex[RUN_SHA256_SIZE])
{
    run_sha256 digest;
    run_sha256_init(&digest);
    run_sha256_add_text(&digest, variant->benchmark->name);
    run_sha256_add_text(&digest, variant->language->name);
    add_build(&digest, variant);
    add_words(&digest, variant->language->run, variant->language->run_count);
    run_sha256_add_text(&digest, run_variant_mode_name(variant));
    run_sha256_add_text(&digest, variant->role);
    if (variant->mode) {
        add_words(&digest, variant->mode->args, variant->mode->args_count);
        add_words(&digest, variant->mode->env, variant->mode->env_count);
    }
    run_sha256_finish(&digest, hex);
}

/* ---- building ---- */

static template_values values_of(const run_variant *variant, const suite_catalog *suite)
{
    return (template_values){.text = {[TEMPLATE_src] = variant->source,
                                      [TEMPLATE_out] = variant->built,
                                      [TEMPLATE_root] = suite->root,
                                      [TEMPLATE_build] = variant->build_directory,
                                      [TEMPLATE_dir] = variant->directory,
                                      [TEMPLATE_exe] = variant->toolchain->executable},
                             .mode = variant->mode ? variant->mode->args : NULL,
                             .mode_count = variant->mode ? variant->mode->args_count : 0};
}

static ruff_status make_directories(const char *path, ruff_error *err)
{
    char *copy = rf_strdup(path);
    int failure = 0;
    for (char *slash = strchr(copy + 1, '/'); !failure; slash = strchr(slash + 1, '/')) {
        if (slash) *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) failure = errno;
        if (!slash) break;
        *slash = '/';
    }
    rf_free(copy);
    char text[128];
    if (!failure) return RUFF_OK;
    return rf_error_set(err, RUFF_E_IO, "cannot make the directory %s: %s", path,
                        rf_os_error_text(failure, text, sizeof text));
}

/* The time of the build that wrote variant->built, kept beside it; false when there is none to use
 * again. */
static bool find_built(run_variant *variant, const char *note_path)
{
    rf_buffer note = RF_BUFFER_INIT;
    uint64_t ns = 0;
    bool usable = access(variant->built, X_OK) == 0 &&
                  rf_file_read(note_path, &note, NULL) == RUFF_OK && note.data &&
                  quantity_parse_count(note.data, &ns);
    if (usable) variant->build_ns = (int64_t)ns;
    rf_buffer_release(&note);
    return usable;
}

static ruff_status build_now(run_variant *variant, run_launcher *launcher,
                             const suite_catalog *suite, const char *note_path,
                             run_interrupt *interrupt, ruff_error *err)
{
    template_values values = values_of(variant, suite);
    template_words argv = {0}, env = {0};
    rf_buffer printed = RF_BUFFER_INIT, note = RF_BUFFER_INIT;
    template_expand(variant->language->build, variant->language->build_count, &values, &argv);
    run_child_env(variant->language, NULL, 0, &env);
    run_tool_job job = {.argv = (const char *const *)argv.data,
                        .env = (const char *const *)env.data,
                        .directory = variant->directory,
                        .timeout_ns = (int64_t)BUILD_TIMEOUT_S * 1000000000,
                        .interrupt = interrupt};
    int64_t start = rf_clock_monotonic_ns();
    ruff_status status = run_tool(launcher, &job, &printed, NULL, err);
    variant->build_ns = rf_clock_monotonic_ns() - start;
    if (!status && access(variant->built, X_OK) != 0)
        status = rf_error_set(err, RUFF_E_IO, "%s wrote no program to {out}", argv.data[0]);
    rf_buffer_append_int(&note, variant->build_ns);
    if (!status) status = rf_file_replace(note_path, note.data, note.size, err);
    template_words_release(&argv);
    template_words_release(&env);
    rf_buffer_release(&printed);
    rf_buffer_release(&note);
    return status;
}

void run_variant_build(run_variant *variant, run_launcher *launcher, const suite_catalog *suite,
                       const char *cache_directory, run_interrupt *interrupt)
{
    if (variant->state != RUN_VARIANT_READY || variant->language->build_count == 0) return;
    char hex[RUN_SHA256_SIZE];
    run_sha256 digest;
    run_sha256_init(&digest);
    add_build(&digest, variant);
    run_sha256_finish(&digest, hex);
    rf_buffer path = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    rf_buffer_format(&path, "%s/%s", cache_directory, variant->language->name);
    ruff_status status = make_directories(path.data, &err);
    rf_buffer_format(&path, "/%s-%.*s", variant->benchmark->name, DIGEST_SHOWN, hex);
    variant->built = rf_strdup(path.data);
    rf_buffer_append_text(&path, ".build_ns");
    if (!status && !find_built(variant, path.data))
        status = build_now(variant, launcher, suite, path.data, interrupt, &err);
    if (status) give_up(variant, RUN_VARIANT_BUILD, rf_strdup(err.message));
    ruff_error_release(&err);
    rf_buffer_release(&path);
}

/* ---- running ---- */

void run_variant_argv(const run_variant *variant, const run_input *input,
                      const suite_catalog *suite, template_words *out)
{
    char size[24], seed[24], iterations[24], budget[24];
    template_values values = values_of(variant, suite);
    snprintf(size, sizeof size, "%llu", (unsigned long long)input->size);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)input->seed);
    snprintf(iterations, sizeof iterations, "%llu", (unsigned long long)input->iterations);
    snprintf(budget, sizeof budget, "%lld", (long long)input->budget_ms);
    values.text[TEMPLATE_size] = size;
    values.text[TEMPLATE_seed] = seed;
    values.text[TEMPLATE_iters] = iterations;
    values.text[TEMPLATE_budget] = budget;
    template_expand(variant->language->run, variant->language->run_count, &values, out);
}
