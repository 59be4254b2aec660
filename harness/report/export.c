#include "report/export.h"

#include "compare/measure.h"
#include "report/json.h"
#include "stats/interval.h"
#include "stats/quantile.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

report_exporter report_find_exporter(const char *name)
{
    static const struct {
        const char *name;
        report_exporter write;
    } exporters[] = {
#define REPORT_EXPORT(name, meaning) {#name, report_export_##name},
#include "report/export.def"
#undef REPORT_EXPORT
    };
    for (size_t i = 0; i < RF_COUNT_OF(exporters); i++)
        if (strcmp(exporters[i].name, name) == 0) return exporters[i].write;
    return NULL;
}

const char *report_exporter_names(void)
{
    static const char names[] =
#define REPORT_EXPORT(name, meaning) ", " #name
#include "report/export.def"
#undef REPORT_EXPORT
        ;
    return names + 2;
}

/* "fibonacci@go", with the size unless it is the default; new. */
static char *row_name(const store_param_row *param, const store_variant_row *variant)
{
    bool plain = strcmp(param->label, "default") == 0;
    return rf_format_text("%s%s%s@%s", param->benchmark, plain ? "" : "/",
                          plain ? "" : param->label, variant->label);
}

/* Steady values of one variant on one input, ns, a process each; returns how many. */
static size_t steady_values(const store_results *results, int64_t param, int64_t variant,
                            double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->param != param || sample->variant != variant || sample->outcome != RUN_OK)
            continue;
        stats_warmup warmup = compare_classify(sample);
        double value = compare_value_of(sample, &warmup, COMPARE_STEADY);
        if (value > 0) values[count++] = value;
    }
    return count;
}

/* Calls write with every variant on every input that has values. */
static void each_row(const store_results *results, void *context,
                     void (*write)(void *, const store_results *, const store_param_row *,
                                   const store_variant_row *, const double *, size_t))
{
    double *values = rf_alloc_array(double, results->samples.count + 1);
    for (size_t p = 0; p < results->params.count; p++)
        for (size_t v = 0; v < results->variants.count; v++) {
            const store_param_row *param = &results->params.data[p];
            const store_variant_row *variant = &results->variants.data[v];
            size_t count = steady_values(results, param->id, variant->id, values);
            if (count) write(context, results, param, variant, values, count);
        }
    rf_free(values);
}

/* ---- json ---- */

/* What leaves the machine does not say where its files lie: each absolute path is cut to its last
 * part. */
static json_t *text_without_places(const char *text)
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_buffer_append_text(&out, "");
    for (const char *at = text; *at;) {
        bool begins = at == text || strchr(" =:'\"(`,", at[-1]);
        size_t length = strcspn(at, " '\"`),:;\n"), last = 0;
        if (begins && *at == '/' && length > 1) {
            for (size_t i = 0; i + 1 < length; i++)
                if (at[i] == '/') last = i + 1;
            rf_buffer_append(&out, at + last, length - last);
            at += length;
        } else {
            rf_buffer_append_byte(&out, *at++);
        }
    }
    json_t *json = json_stringn(out.size ? out.data : "", out.size);
    rf_buffer_release(&out);
    return json;
}

static json_t *number_or_null(int64_t value)
{
    return value < 0 ? json_null() : json_integer(value);
}

static json_t *sample_json(const store_results *results, const store_sample *sample)
{
    const store_param_row *param = store_results_param(results, sample->param);
    const store_variant_row *variant = store_results_variant(results, sample->variant);
    json_t *times = json_array();
    for (size_t i = 0; i < sample->time_count; i++)
        json_array_append_new(times, json_integer(sample->times[i]));
    return json_pack(
        "{s:I,s:I,s:s,s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:s,s:o}", "seq",
        (json_int_t)sample->seq, "block", (json_int_t)sample->block, "benchmark", param->benchmark,
        "size_label", param->label, "size", (json_int_t)param->size, "seed",
        (json_int_t)param->seed, "label", variant->label, "language", variant->language, "mode",
        variant->mode, "outcome", run_outcome_word(sample->outcome), "reason", text_without_places(sample->reason),
        "wall_ns", (json_int_t)sample->wall_ns, "startup_ns", number_or_null(sample->startup_ns),
        "user_ns", number_or_null(sample->user_ns), "system_ns", number_or_null(sample->system_ns),
        "rss_base_bytes", number_or_null(sample->rss_base), "rss_peak_bytes",
        number_or_null(sample->rss_peak), "answer", sample->checksum, "iterations_ns", times);
}

void report_export_json(const store_results *results, rf_buffer *out)
{
    const store_session_row *session = &results->session;
    json_t *document = report_json_document("export"), *samples = json_array(),
           *variants = json_array();
    for (size_t i = 0; i < results->variants.count; i++) {
        const store_variant_row *variant = &results->variants.data[i];
        json_array_append_new(
            variants,
            json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:s,s:s}", "label", variant->label, "clock",
                      variant->cpu_clock ? "cpu" : "wall", "language",
                      variant->language, "mode", variant->mode, "version", variant->version,
                      "version_raw", text_without_places(variant->version_raw),
                      "executable_sha256",
                      variant->executable_sha256, "source_sha256", variant->source_sha256));
    }
    for (size_t i = 0; i < results->samples.count; i++)
        json_array_append_new(samples, sample_json(results, &results->samples.data[i]));
    json_object_set_new(document, "session",
                        json_pack("{s:s,s:s,s:s,s:I,s:I,s:s,s:s,s:o}", "uuid", session->uuid,
                                  "state", session->state, "schedule", session->schedule, "seed",
                                  (json_int_t)session->seed, "started_ns",
                                  (json_int_t)session->started_ns, "machine", session->machine,
                                  "commit", session->commit, "command",
                                  text_without_places(session->command)));
    json_object_set_new(document, "variants", variants);
    json_object_set_new(document, "samples", samples);
    report_json_print(document, out);
}

/* ---- csv ---- */

void report_export_csv(const store_results *results, rf_buffer *out)
{
    rf_buffer_append_text(
        out,
        "session,seq,block,benchmark,size_label,size,seed,language,mode,outcome,iteration,ns\n");
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        const store_param_row *param = store_results_param(results, sample->param);
        const store_variant_row *variant = store_results_variant(results, sample->variant);
        for (size_t t = 0; t < sample->time_count || t == 0; t++) {
            rf_buffer_format(out, "%lld,%lld,%lld,%s,%s,%llu,%llu,%s,%s,%s,",
                             (long long)results->session.id, (long long)sample->seq,
                             (long long)sample->block, param->benchmark, param->label,
                             (unsigned long long)param->size, (unsigned long long)param->seed,
                             variant->language, variant->mode, run_outcome_word(sample->outcome));
            if (sample->time_count)
                rf_buffer_format(out, "%zu,%lld\n", t + 1, (long long)sample->times[t]);
            else
                rf_buffer_append_text(out, ",\n");
        }
    }
}

/* ---- go ---- */

static void go_row(void *context, const store_results *results, const store_param_row *param,
                   const store_variant_row *variant, const double *values, size_t count)
{
    rf_buffer *out = context;
    (void)results;
    for (size_t i = 0; i < count; i++) {
        rf_buffer_format(out, "Benchmark%c%s/lang=%s", toupper((unsigned char)param->benchmark[0]),
                         param->benchmark + 1, variant->language);
        if (*variant->mode) rf_buffer_format(out, "/mode=%s", variant->mode);
        if (strcmp(param->label, "default") != 0) rf_buffer_format(out, "/size=%s", param->label);
        rf_buffer_format(out, " 1 %.2f ns/op\n", values[i]);
    }
}

void report_export_go(const store_results *results, rf_buffer *out)
{
    rf_buffer_format(out, "goos: linux\nmachine: %.12s\ncommit: %s\n", results->session.machine,
                     results->session.commit);
    each_row(results, out, go_row);
}

/* ---- hyperfine ---- */

static double mean_cpu(const store_results *results, int64_t param, int64_t variant, bool user)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < results->samples.count; i++) {
        const store_sample *sample = &results->samples.data[i];
        if (sample->param != param || sample->variant != variant || sample->user_ns < 0) continue;
        sum += (double)(user ? sample->user_ns : sample->system_ns);
        count++;
    }
    return count ? sum / (double)count / 1e9 : 0;
}

static void hyperfine_row(void *context, const store_results *results, const store_param_row *param,
                          const store_variant_row *variant, const double *values, size_t count)
{
    json_t *times = json_array(), *codes = json_array();
    char *name = row_name(param, variant);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(times, json_real(values[i] / 1e9));
        json_array_append_new(codes, json_integer(0));
    }
    json_array_append_new(
        context,
        json_pack("{s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:o,s:o}", "command", name, "mean",
                  stats_mean(values, count) / 1e9, "stddev", stats_sd(values, count) / 1e9,
                  "median", stats_median(values, count) / 1e9, "user",
                  mean_cpu(results, param->id, variant->id, true), "system",
                  mean_cpu(results, param->id, variant->id, false), "min",
                  stats_quantile(values, count, 0) / 1e9, "max",
                  stats_quantile(values, count, 1) / 1e9, "times", times, "exit_codes", codes));
    rf_free(name);
}

void report_export_hyperfine(const store_results *results, rf_buffer *out)
{
    json_t *rows = json_array();
    each_row(results, rows, hyperfine_row);
    report_json_print(json_pack("{s:o}", "results", rows), out);
}

/* ---- bmf ---- */

static void bmf_row(void *context, const store_results *results, const store_param_row *param,
                    const store_variant_row *variant, const double *values, size_t count)
{
    (void)results;
    double *logs = rf_alloc_array(double, count);
    for (size_t i = 0; i < count; i++) logs[i] = log(values[i]);
    stats_interval interval = stats_median_interval(logs, count, 0.05);
    char *name = row_name(param, variant);
    json_object_set_new(context, name,
                        json_pack("{s:{s:f,s:f,s:f}}", "latency", "value", interval.value,
                                  "lower_value", interval.low, "upper_value", interval.high));
    rf_free(name);
    rf_free(logs);
}

void report_export_bmf(const store_results *results, rf_buffer *out)
{
    json_t *rows = json_object();
    each_row(results, rows, bmf_row);
    report_json_print(rows, out);
}
