/* Go by its own sampler: the program is built once more with the tag `profile`, for which rb/profile.go writes a CPU
 * profile; `go tool pprof -raw` prints it as text.
 *
 *     Samples:
 *     samples/count cpu/nanoseconds
 *               5   50000000: 1 2 3          innermost location first
 *     Locations
 *          1: 0x48af M=1 main.fib fib.go:12:0 s=10
 *                        main.inlined fib.go:3:0 s=2    further lines of a location: who inlined it */
#include "profile/adapter.h"

#include "base/error.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GO_HZ = 100 };

typedef RF_VECTOR(uint32_t) frame_list; /* of one location, innermost first */

typedef struct reading {
    rf_profile *out;
    const profile_job *job;
    RF_VECTOR(frame_list) locations; /* by id */
} reading;

/* "main.fib /path/fib.go:12:0 s=10"; changes the text. */
static void take_frame(reading *it, frame_list *frames, char *text)
{
    char *start = strstr(text, " s=");
    if (start) *start = '\0';
    char *column = strrchr(text, ':');
    if (column) *column = '\0';
    char *line = column ? strrchr(text, ':') : NULL;
    char *space = strchr(text, ' ');
    if (!line || !space || space > line) return;
    *line = *space = '\0';
    const uint32_t number = (uint32_t)strtoul(line + 1, NULL, 10);
    const uint32_t declared = start ? (uint32_t)strtoul(start + 3, NULL, 10) : 0;
    const uint32_t func = profile_add_func(it->out, it->job, text, space + 1, declared);
    rf_vector_push(frames, rf_profile_frame(it->out, func, number, RF_TIER_JIT));
}

static void read_location(reading *it, char *line)
{
    char *end;
    const unsigned long id = strtoul(line, &end, 10);
    if (*end == ':' && id < 1u << 20) {
        while (it->locations.count <= id) rf_vector_push(&it->locations, (frame_list){0});
        end += 1 + strspn(end + 1, " ");
        end += strcspn(end, " "); /* the address */
        end += strspn(end, " ");
        if (strncmp(end, "M=", 2) == 0) end += strcspn(end, " ");
    } else {
        if (!it->locations.count) return;
        end = line;
    }
    end += strspn(end, " ");
    frame_list *frames = &rf_vector_last(&it->locations);
    take_frame(it, frames, end);
}

typedef struct go_sample {
    uint64_t ticks, cpu_ns;
    const char *ids; /* borrowed */
} go_sample;

/* "5 50000000: 1 2 3" */
static bool read_sample(const char *line, go_sample *out)
{
    char *end;
    line += strspn(line, " ");
    if (!isdigit((unsigned char)*line)) return false;
    out->ticks = strtoull(line, &end, 10);
    out->cpu_ns = strtoull(end, &end, 10);
    out->ids = end + 1;
    return *end == ':';
}

static void add_sample(reading *it, const go_sample *sample)
{
    unsigned long ids[512];
    size_t count = 0;
    uint32_t stack = 0;
    char *end;
    for (const char *at = sample->ids; count < RF_COUNT_OF(ids); at = end) {
        const unsigned long id = strtoul(at, &end, 10);
        if (end == at) break;
        ids[count++] = id;
    }
    while (count) {
        const unsigned long id = ids[--count];
        if (id >= it->locations.count) continue;
        const frame_list *frames = &it->locations.data[id];
        for (size_t i = frames->count; i-- > 0;) {
            uint32_t frame = frames->data[i];
            if (i + 1 < frames->count) { /* an inlined callee */
                const rf_prof_frame plain = it->out->frames.data[frame];
                frame = rf_profile_frame(it->out, plain.func, plain.line, RF_TIER_INLINED);
            }
            stack = rf_profile_stack(it->out, stack, frame);
        }
    }
    profile_add_time(it->out, stack, sample->ticks, sample->cpu_ns);
}

static void read_text(reading *it, char *text)
{
    enum { BEFORE, SAMPLES, LOCATIONS, AFTER } part = BEFORE;
    RF_VECTOR(go_sample) samples = {0};
    for (char *line = text, *next; line && *line; line = next) {
        go_sample sample;
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        if (strcmp(line, "Samples:") == 0)
            part = SAMPLES;
        else if (strcmp(line, "Locations") == 0)
            part = LOCATIONS;
        else if (strcmp(line, "Mappings") == 0)
            part = AFTER;
        else if (part == SAMPLES && read_sample(line, &sample))
            rf_vector_push(&samples, sample);
        else if (part == LOCATIONS)
            read_location(it, line + strspn(line, " "));
    }
    for (size_t i = 0; i < samples.count; i++) add_sample(it, &samples.data[i]);
    rf_vector_release(&samples);
}

ruff_status profile_run_go(run_launcher *launcher, const profile_job *job, rf_profile *out,
                           ruff_error *err)
{
    char *program = rf_format_text("%s/go-program", job->scratch), *path = rf_format_text("%s/go.pprof", job->scratch);
    char *size = rf_format_text("%llu", (unsigned long long)job->input.size), *seed = rf_format_text("%llu", (unsigned long long)job->input.seed);
    char *iterations = rf_format_text("%llu", (unsigned long long)job->input.iterations), *budget = rf_format_text("%lld", (long long)job->input.budget_ms);
    char *setting = rf_format_text("RUFFBENCH_CPUPROFILE=%s", path);
    const char *const build[] = {"go", "build", "-tags", "profile", "-o", program, job->variant->source, NULL};
    const char *const run[] = {"env", setting, program, size, seed, iterations, budget, NULL};
    const char *const print[] = {"go", "tool", "pprof", "-raw", program, path, NULL};
    rf_buffer text = RF_BUFFER_INIT;
    ruff_status status = profile_run_tool(launcher, job, build, &text, err);
    if (!status) status = profile_run_tool(launcher, job, run, &text, err);
    if (!status && access(path, R_OK) != 0)
        status = rf_error_set(err, RUFF_E_IO, "the program wrote no profile: rb/profile.go is missing beside rb/rb.go");
    rf_buffer_clear(&text);
    if (!status) status = profile_run_tool(launcher, job, print, &text, err);
    if (!status) {
        reading it = {.out = out, .job = job};
        profile_describe(out, job, "pprof", GO_HZ);
        if (text.data) read_text(&it, text.data);
        for (size_t i = 0; i < it.locations.count; i++) rf_vector_release(&it.locations.data[i]);
        rf_vector_release(&it.locations);
    }
    unlink(program);
    unlink(path);
    char *texts[] = {program, path, size, seed, iterations, budget, setting};
    for (size_t i = 0; i < RF_COUNT_OF(texts); i++) rf_free(texts[i]);
    rf_buffer_release(&text);
    return status;
}
