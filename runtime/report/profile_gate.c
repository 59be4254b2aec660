#include "report/profile_gate.h"

#include "report/summary.h"

#include "base/file.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum gate_metric {
#define GATE_METRIC(name, of_function, is_steady, meaning) METRIC_##name,
#include "report/gate_metric.def"
#undef GATE_METRIC
    METRIC_COUNT
} gate_metric;

static const struct {
    const char *name, *meaning;
    bool of_function, is_steady;
} metrics[METRIC_COUNT] = {
#define GATE_METRIC(name, of_function, is_steady, meaning) {#name, meaning, of_function, is_steady},
#include "report/gate_metric.def"
#undef GATE_METRIC
};

/* ---- reading ---- */

static char *misfit(const rf_gate *gate, unsigned line, const char *what)
{
    return rf_format_text("%s:%u: %s; a limit reads `allocs <= 1100` or `calls \"main\" <= 5`", gate->path, line, what);
}

static size_t find_metric(const char *name, size_t size)
{
    size_t at = 0;
    while (at < METRIC_COUNT && (strlen(metrics[at].name) != size || strncmp(metrics[at].name, name, size) != 0)) at++;
    return at;
}

static char *unknown_metric(const rf_gate *gate, unsigned line, const char *name, size_t size)
{
    rf_buffer text = RF_BUFFER_INIT;
    rf_buffer_format(&text, "%s:%u: there is no metric '%.*s' (known:", gate->path, line, (int)size, name);
    for (size_t i = 0; i < METRIC_COUNT; i++) rf_buffer_format(&text, " %s", metrics[i].name);
    rf_buffer_append_byte(&text, ')');
    return rf_buffer_take(&text);
}

/* One line, ended by NUL; NULL or what is wrong (new). */
static char *read_limit(rf_gate *gate, char *text, unsigned line)
{
    text += strspn(text, " \t\r");
    if (!*text || *text == '#') return NULL;
    const size_t size = strcspn(text, " \t\"<");
    rf_gate_limit limit = {.metric = find_metric(text, size), .line = line};
    if (limit.metric == METRIC_COUNT) return unknown_metric(gate, line, text, size);
    text += size;
    text += strspn(text, " \t");
    if (*text == '"') {
        char *end = strrchr(text + 1, '"'); /* names may hold quotes, what follows does not */
        if (!end) return misfit(gate, line, "the function's name does not end");
        if (!metrics[limit.metric].of_function) return misfit(gate, line, "this metric is of the whole program only");
        limit.function = rf_strndup(text + 1, (size_t)(end - text - 1));
        text = end + 1;
        text += strspn(text, " \t");
    }
    char *end = text;
    if (strncmp(text, "<=", 2) == 0) limit.most = strtod(text + 2, &end);
    if (end == text || end == text + 2 || end[strspn(end, " \t\r")] || !(limit.most >= 0)) {
        rf_free(limit.function);
        return misfit(gate, line, "expected `<= NUMBER`");
    }
    rf_vector_push(&gate->limits, limit);
    return NULL;
}

bool rf_gate_read(const char *path, rf_gate *gate, char **error)
{
    rf_buffer text = RF_BUFFER_INIT;
    ruff_error err = RUFF_ERROR_INIT;
    *gate = (rf_gate){.path = rf_strdup(path)};
    *error = NULL;
    if (rf_file_read(path, &text, &err)) *error = rf_format_text("%s: %s", path, err.message);
    ruff_error_release(&err);
    unsigned line = 0;
    for (char *at = text.data, *next; at && *at && !*error; at = next) {
        next = strchr(at, '\n');
        if (next)
            *next++ = '\0';
        else
            next = at + strlen(at);
        *error = read_limit(gate, at, ++line);
    }
    rf_buffer_release(&text);
    if (!*error && !gate->limits.count) *error = rf_format_text("%s: it has no limits; `ruff profile --write-gate FILE` writes some", path);
    return !*error;
}

void rf_gate_release(rf_gate *gate)
{
    for (size_t i = 0; i < gate->limits.count; i++) rf_free(gate->limits.data[i].function);
    rf_vector_release(&gate->limits);
    rf_free(gate->path);
    *gate = (rf_gate){0};
}

/* ---- measuring ---- */

static bool is_of(const rf_profile *profile, uint32_t func, const char *name)
{
    return !name || strcmp(profile->funcs.data[func].name, name) == 0;
}

static double count_funcs(const rf_profile *profile, const char *name, bool counts_calls)
{
    double sum = NAN;
    for (uint32_t i = 1; i < profile->funcs.count; i++) {
        const uint64_t count = counts_calls ? profile->funcs.data[i].calls : profile->funcs.data[i].instructions;
        if (is_of(profile, i, name) && count != RF_PROF_UNKNOWN) sum = (isnan(sum) ? 0 : sum) + (double)count;
    }
    return sum;
}

static double count_sites(const rf_profile *profile, const char *name, gate_metric metric)
{
    if (!profile->run.has_memory) return NAN;
    if (!name && metric == METRIC_allocs) return (double)profile->run.allocs;
    double sum = 0;
    for (size_t i = 0; i < profile->sites.count; i++) {
        const rf_prof_site *site = &profile->sites.data[i];
        if (!is_of(profile, site->func, name)) continue;
        sum += (double)(metric == METRIC_allocs        ? site->allocs
                        : metric == METRIC_alloc_bytes ? site->bytes
                        : metric == METRIC_copies      ? site->copies
                        : metric == METRIC_copy_bytes  ? site->copy_bytes
                                                       : site->growths);
    }
    return sum;
}

static double count_leaks(const rf_profile *profile, const char *name)
{
    if (!profile->run.has_memory) return NAN;
    double sum = 0;
    for (size_t i = 0; i < profile->leaks.count; i++) {
        const rf_prof_leak *leak = &profile->leaks.data[i];
        if ((leak->verdict == RF_LEAK_UNREACHABLE || leak->verdict == RF_LEAK_NATIVE) && is_of(profile, leak->func, name)) sum += (double)leak->count;
    }
    return sum;
}

static double count_events(const rf_profile *profile, const char *name, const char *kind)
{
    if (!profile->run.has_jit) return NAN;
    double sum = 0;
    for (size_t i = 0; i < profile->jit_events.count; i++) {
        const rf_prof_jit_event *event = &profile->jit_events.data[i];
        sum += strcmp(event->kind, kind) == 0 && is_of(profile, event->func, name);
    }
    return sum;
}

static double sum_times(const rf_profile *profile, const rf_report_summary *summary, const char *name, gate_metric metric)
{
    if (!profile->run.has_cpu) return NAN;
    double self = 0, total = 0;
    for (size_t i = 0; i < summary->funcs.count; i++)
        if (is_of(profile, summary->funcs.data[i].func, name)) {
            self += (double)summary->funcs.data[i].self.cpu_ns;
            total += (double)summary->funcs.data[i].total.cpu_ns;
        }
    const double all = fmax(1, (double)summary->all.cpu_ns);
    return metric == METRIC_share ? 100 * self / all : metric == METRIC_total ? 100 * fmin(total / all, 1) : self / 1e6;
}

/* NAN: nobody counted it. */
static double measure(const rf_profile *profile, const rf_report_summary *summary, gate_metric metric, const char *name)
{
    switch (metric) {
    case METRIC_instructions: return count_funcs(profile, name, false);
    case METRIC_calls: return count_funcs(profile, name, true);
    case METRIC_allocs:
    case METRIC_alloc_bytes:
    case METRIC_copies:
    case METRIC_copy_bytes:
    case METRIC_growths: return count_sites(profile, name, metric);
    case METRIC_leaks: return count_leaks(profile, name);
    case METRIC_peak_live_bytes: return profile->run.has_memory ? (double)profile->run.peak_live_bytes : (double)NAN;
    case METRIC_deopts: return count_events(profile, name, "deopt");
    case METRIC_compiles: return count_events(profile, name, "install");
    case METRIC_share:
    case METRIC_total: return sum_times(profile, summary, name, metric);
    case METRIC_cpu_ms: return name ? sum_times(profile, summary, name, metric) : (double)profile->run.cpu_ns / 1e6;
    case METRIC_wall_ms: return (double)profile->run.wall_ns / 1e6;
    case METRIC_COUNT: break;
    }
    return (double)NAN;
}

/* ---- checking ---- */

static void append_number(rf_buffer *out, double value)
{
    if (value == floor(value) && fabs(value) < 1e15)
        rf_buffer_format(out, "%.0f", value);
    else
        rf_buffer_format(out, "%.2f", value);
}

size_t rf_gate_check(const rf_gate *gate, const rf_profile *profile, rf_buffer *out)
{
    rf_report_summary summary;
    size_t broken = 0;
    rf_report_summary_init(&summary, profile);
    for (size_t i = 0; i < gate->limits.count; i++) {
        const rf_gate_limit *limit = &gate->limits.data[i];
        const double value = measure(profile, &summary, (gate_metric)limit->metric, limit->function);
        if (value <= limit->most) continue;
        broken++;
        rf_buffer_format(out, "%s:%u: %s", gate->path, limit->line, metrics[limit->metric].name);
        if (limit->function) rf_buffer_format(out, " \"%s\"", limit->function);
        if (isnan(value)) {
            rf_buffer_append_text(out, " was not counted in this run\n");
            continue;
        }
        rf_buffer_append_text(out, " is ");
        append_number(out, value);
        rf_buffer_append_text(out, ", at most ");
        append_number(out, limit->most);
        if (limit->most > 0) rf_buffer_format(out, " (%+.1f %%)", 100 * (value / limit->most - 1));
        rf_buffer_append_byte(out, '\n');
    }
    rf_buffer_format(out, "gate %s: %zu of %zu limits %s\n", gate->path, broken ? broken : gate->limits.count, gate->limits.count,
                     broken ? "broken" : "kept");
    rf_report_summary_release(&summary);
    return broken;
}

/* ---- writing ---- */

enum { LARGEST = 10 };

static void append_limit(rf_buffer *out, const rf_profile *profile, const rf_report_summary *summary, gate_metric metric, const char *name)
{
    const double value = measure(profile, summary, metric, name);
    if (isnan(value) || (name && value <= 0)) return;
    rf_buffer_append_text(out, metrics[metric].name);
    if (name) rf_buffer_format(out, " \"%s\"", name);
    rf_buffer_append_text(out, " <= ");
    append_number(out, value);
    rf_buffer_append_byte(out, '\n');
}

static int compare_texts(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* What is counted exactly depends on the engine: native code counts no instructions and not every call, and what runs in
 * it depends on when it is ready.  With several threads the peak depends on their luck. */
static bool is_steady(const rf_profile *profile, gate_metric metric)
{
    const bool is_jit = profile->run.engine && strcmp(profile->run.engine, "jit") == 0;
    if (is_jit && (metric == METRIC_instructions || metric == METRIC_calls)) return false;
    return metrics[metric].is_steady && !(metric == METRIC_peak_live_bytes && profile->run.threads > 1);
}

void rf_gate_write(const rf_profile *profile, rf_buffer *out)
{
    rf_report_summary summary;
    rf_report_summary_init(&summary, profile);
    rf_buffer_format(out, "# Limits for %s (%s), written by ruff profile --write-gate.\n# METRIC [\"FUNCTION\"] <= NUMBER; metrics:\n",
                     profile->run.script ? profile->run.script : "", profile->run.engine ? profile->run.engine : "");
    for (size_t i = 0; i < METRIC_COUNT; i++)
        rf_buffer_format(out, "#   %-16s %s%s\n", metrics[i].name, metrics[i].meaning, metrics[i].is_steady ? "" : " (varies)");
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        if (is_steady(profile, (gate_metric)metric)) append_limit(out, profile, &summary, (gate_metric)metric, NULL);
    /* The functions by what they are called, not by how long they took: the file is the same from run to run. */
    const char **names = rf_alloc_array(const char *, profile->funcs.count);
    size_t count = 0;
    for (uint32_t i = 1; i < profile->funcs.count; i++)
        if (profile->funcs.data[i].kind == RF_FUNC_SCRIPT && *profile->funcs.data[i].name && !strpbrk(profile->funcs.data[i].name, "\r\n"))
            names[count++] = profile->funcs.data[i].name;
    if (count) qsort(names, count, sizeof *names, compare_texts);
    for (size_t i = 0, written = 0; i < count && written < LARGEST; i++) {
        if (i && strcmp(names[i], names[i - 1]) == 0) continue;
        const size_t before = out->size;
        static const gate_metric of_functions[] = {METRIC_instructions, METRIC_calls, METRIC_allocs, METRIC_copies};
        for (size_t k = 0; k < RF_COUNT_OF(of_functions); k++)
            if (is_steady(profile, of_functions[k])) append_limit(out, profile, &summary, of_functions[k], names[i]);
        written += out->size > before;
    }
    rf_free(names);
    rf_report_summary_release(&summary);
}
