#include "support/profile_builder.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_NS = 1000000 };

static const char source[] = "func main() {\n"
                             "  words := load()\n"
                             "  for w in words {\n"
                             "    work(w)\n"
                             "  }\n"
                             "}\n"
                             "\n"
                             "\n"
                             "\n"
                             "func work(w) {\n"
                             "  total := 0\n"
                             "  for i in 0..len(w) { total += i }\n"
                             "  push(out, total)\n"
                             "  return helper(total)\n"
                             "}\n"
                             "\n"
                             "\n"
                             "\n"
                             "\n"
                             "func helper(x) {\n"
                             "  return x * 2\n"
                             "}\n";

void profile_builder_init(rf_profile *profile)
{
    rf_profile_init(profile);
    rf_prof_run *run = &profile->run;
    run->script = rf_strdup("demo.ruff");
    run->arguments = rf_strdup("");
    run->engine = rf_strdup("vm");
    run->version = rf_strdup("0.1.0");
    run->host = rf_strdup("host");
    run->cpu = rf_strdup("cpu");
    run->kernel = rf_strdup("Linux 6");
    run->script_digest = 0x1234;
    run->started_unix = 1700000000;
    run->has_cpu = true;
    run->mechanism = "sampler thread";
    run->asked_hz = 1000;
    run->got_hz = 998;
    run->threads = 1;
    run->allowed_cores = 2;
    const uint32_t file = rf_profile_file(profile, "demo.ruff");
    profile->files.data[file].text = rf_strdup(source);
    profile->files.data[file].size = sizeof source - 1;
    profile->files.data[file].digest = 77;
}

static rf_prof_tier tier_of(const char *tag)
{
    for (int tier = 0; tier < RF_TIER_COUNT; tier++)
        if (strcmp(rf_prof_tiers[tier].tag, tag) == 0) return (rf_prof_tier)tier;
    return RF_TIER_VM;
}

/* "name@10:12/vm" */
static uint32_t add_frame(rf_profile *profile, const char *text, size_t size)
{
    char *copy = rf_strndup(text, size);
    char *slash = strrchr(copy, '/');
    const rf_prof_tier tier = slash ? tier_of(slash + 1) : RF_TIER_VM;
    if (slash) *slash = '\0';
    unsigned declared = 0, line = 0;
    char *at = strrchr(copy, '@');
    if (at) {
        char *end;
        declared = (unsigned)strtoul(at + 1, &end, 10);
        line = *end == ':' ? (unsigned)strtoul(end + 1, NULL, 10) : declared;
        *at = '\0';
    }
    const bool is_script =
        tier == RF_TIER_VM || tier == RF_TIER_JIT || tier == RF_TIER_AST || tier == RF_TIER_INLINED;
    const rf_prof_func_kind kind = is_script                ? RF_FUNC_SCRIPT
                                   : tier == RF_TIER_BUILTIN ? RF_FUNC_BUILTIN
                                   : tier == RF_TIER_REGEX   ? RF_FUNC_REGEX
                                                             : RF_FUNC_RUNTIME;
    const uint32_t file = is_script ? rf_profile_file(profile, "demo.ruff") : 0;
    const uint32_t func = rf_profile_func(profile, kind, copy, file, declared);
    rf_free(copy);
    return rf_profile_frame(profile, func, line, tier);
}

uint32_t profile_builder_stack(rf_profile *profile, const char *text)
{
    uint32_t stack = 0;
    while (*text) {
        const size_t size = strcspn(text, ";");
        stack = rf_profile_stack(profile, stack, add_frame(profile, text, size));
        text += size + (text[size] == ';');
    }
    return stack;
}

void profile_builder_add_at(rf_profile *profile, const char *text, uint64_t ticks, uint32_t slice)
{
    const uint32_t stack = profile_builder_stack(profile, text);
    const bool waits =
        rf_prof_tiers[profile->frames.data[profile->stacks.data[stack].frame].tier].is_wait;
    const rf_prof_sample sample = {.stack = stack,
                                   .slice = slice,
                                   .ticks = ticks,
                                   .cpu_ns = waits ? 0 : ticks * TICK_NS,
                                   .wall_ns = ticks * TICK_NS};
    rf_profile_add(profile, &sample);
    profile->run.ticks += ticks;
    profile->run.cpu_ns += sample.cpu_ns;
    profile->run.wall_ns += sample.wall_ns;
}

void profile_builder_add(rf_profile *profile, const char *stack, uint64_t ticks)
{
    profile_builder_add_at(profile, stack, ticks, 0);
}

/* Of the innermost frame. */
static uint32_t func_of(rf_profile *profile, const char *text)
{
    const uint32_t stack = profile_builder_stack(profile, text); /* may move the stacks */
    return profile->frames.data[profile->stacks.data[stack].frame].func;
}

static void add_memory(rf_profile *profile)
{
    const uint32_t work = func_of(profile, "work@10:13/vm");
    const uint32_t main_func = func_of(profile, "main@1:2/vm");
    profile->run.has_memory = true;
    profile->run.peak_live_bytes = 3 << 20;
    profile->run.peak_at_ns = 400 * TICK_NS;
    profile->run.exit_live_bytes = 1 << 20;
    profile->run.peak_resident_bytes = 20 << 20;
    profile->run.allocs = 1100;
    profile->run.frees = 1000;
    const rf_prof_site sites[] = {
        {.func = work, .line = 13, .type = rf_strdup("array"), .allocs = 1000, .bytes = 4 << 20, .frees = 990, .freed_bytes = 3 << 20,
         .peak_live = 500, .peak_live_bytes = 2 << 20, .temporaries = 640, .growths = 18, .growth_from = 64, .growth_to = 4096,
         .copies = 12, .copy_bytes = 98304, .shared_func = main_func, .shared_line = 4, .median_life = 7},
        {.func = main_func, .line = 2, .type = rf_strdup("string"), .allocs = 100, .bytes = 1 << 20, .frees = 10, .freed_bytes = 1 << 16,
         .peak_live = 100, .peak_live_bytes = 1 << 20, .median_life = 900}};
    for (size_t i = 0; i < RF_COUNT_OF(sites); i++) rf_vector_push(&profile->sites, sites[i]);
    const rf_prof_leak leaks[] = {
        {RF_LEAK_UNREACHABLE, work, 13, rf_strdup("Node"), 93, 11468, 11468, rf_strdup("Node .next (demo.ruff:13) -> Node .prev (demo.ruff:14)")},
        {RF_LEAK_REACHABLE, main_func, 2, rf_strdup("dict"), 1, 900000, 900000, rf_strdup("global cache")}};
    for (size_t i = 0; i < RF_COUNT_OF(leaks); i++) rf_vector_push(&profile->leaks, leaks[i]);
}

static void add_jit(rf_profile *profile)
{
    const uint32_t work = func_of(profile, "work@10:12/jit");
    profile->run.has_jit = true;
    const rf_prof_jit_event events[] = {
        {.at_ns = 110 * TICK_NS, .duration_ns = 23 * TICK_NS, .queue_ns = TICK_NS, .children_cpu_ns = 9 * TICK_NS, .kind = "compile",
         .func = work, .line = 12, .version = 1, .tier = RF_TIER_JIT, .optimisation = 2, .reason = rf_strdup("hot loop")},
        {.at_ns = 133 * TICK_NS, .kind = "install", .func = work, .line = 12, .version = 1, .tier = RF_TIER_JIT, .code_bytes = 4800},
        {.at_ns = 620 * TICK_NS, .kind = "deopt", .func = work, .line = 12, .version = 1, .tier = RF_TIER_JIT,
         .reason = rf_strdup("guard"), .expected = rf_strdup("int"), .seen = rf_strdup("float"), .lost_ns = 38 * TICK_NS}};
    for (size_t i = 0; i < RF_COUNT_OF(events); i++) rf_vector_push(&profile->jit_events, events[i]);
    const rf_prof_guard guard = {work, 12, rf_strdup("int"), 121000, 21};
    rf_vector_push(&profile->guards, guard);
    const uint32_t helper = func_of(profile, "helper@20:21/vm");
    const rf_prof_refusal refusal = {helper, 21, rf_strdup("try/catch in loop")};
    rf_vector_push(&profile->refusals, refusal);
    rf_profile_set_counter(profile, "jit.compiled", 1, "");
    rf_profile_set_counter(profile, "jit.compile_ns", 23 * TICK_NS, "ns");
    rf_profile_set_counter(profile, "jit.evicted", RF_PROF_UNKNOWN, "");
}

void profile_builder_demo(rf_profile *profile)
{
    static const struct { const char *stack; uint64_t ticks[10]; } samples[] = {
        {"main@1:2/vm;load/blt", {30, 10, 0, 0, 0, 0, 0, 0, 0, 0}},
        {"main@1:2/vm;load/blt;read/io", {20, 20, 0, 0, 0, 0, 0, 0, 0, 0}},
        {"main@1:3/vm", {0, 5, 5, 5, 5, 5, 5, 5, 5, 5}},
        {"main@1:4/vm;work@10:12/vm", {0, 60, 20, 0, 0, 0, 60, 10, 0, 0}},
        {"main@1:4/vm;work@10:12/jit", {0, 0, 40, 60, 60, 60, 5, 50, 60, 60}},
        {"main@1:4/vm;work@10:13/vm;push/blt", {0, 10, 12, 12, 12, 12, 12, 12, 12, 12}},
        {"main@1:4/vm;work@10:13/vm;free array/free", {0, 2, 3, 3, 3, 3, 3, 3, 3, 3}},
        {"main@1:4/vm;work@10:14/jit;helper@20:21/inl", {0, 0, 4, 8, 8, 8, 1, 4, 8, 8}},
        {"main@1:4/vm;work@10:14/vm;helper@20:21/vm", {0, 8, 4, 0, 0, 0, 8, 4, 0, 0}},
        {"main@1:4/vm;work@10:12/vm;jit-compile work/comp", {0, 0, 12, 0, 0, 0, 0, 11, 0, 0}},
        {"main@1:4/vm;work@10:14/vm;(\\d+)x/rex", {0, 3, 3, 3, 3, 3, 3, 3, 3, 3}},
        {"gc mark/gc", {0, 0, 0, 2, 0, 0, 2, 0, 0, 2}},
        {"parse demo.ruff/parse", {3, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
    };
    profile_builder_init(profile);
    const uint32_t label = rf_profile_label(profile, "zone load");
    for (uint32_t slice = 0; slice < 10; slice++) {
        rf_prof_slice it = {.start_ns = slice * 100ull * TICK_NS, .length_ns = 100ull * TICK_NS,
                            .live_bytes = (slice < 5 ? slice : 9 - slice) * 700000ull, .resident_bytes = (16ull << 20) + slice * 100000ull};
        for (size_t i = 0; i < RF_COUNT_OF(samples); i++) {
            if (!samples[i].ticks[slice]) continue;
            profile_builder_add_at(profile, samples[i].stack, samples[i].ticks[slice], slice);
            rf_prof_sample *added = &profile->samples.data[profile->samples.count - 1];
            const rf_prof_tier tier = (rf_prof_tier)profile->frames.data[profile->stacks.data[added->stack].frame].tier;
            it.tier_ns[tier] += samples[i].ticks[slice] * TICK_NS;
            if (slice == 0 && i == 0) added->label = label; /* the first sample added: nothing is merged into it later */
            if (tier == RF_TIER_BUILTIN) {
                added->alloc_count = samples[i].ticks[slice];
                added->alloc_bytes = samples[i].ticks[slice] * 4096;
            }
        }
        rf_vector_push(&profile->slices, it);
    }
    add_memory(profile);
    add_jit(profile);
    for (size_t i = 1; i < profile->funcs.count; i++) {
        profile->funcs.data[i].calls = 100 * i;
        if (profile->funcs.data[i].kind == RF_FUNC_SCRIPT) profile->funcs.data[i].instructions = 100000 * i;
    }
    for (size_t i = 1; i < profile->frames.count; i++) {
        const rf_prof_frame *frame = &profile->frames.data[i];
        if (profile->funcs.data[frame->func].kind != RF_FUNC_SCRIPT || frame->tier != RF_TIER_VM) continue;
        const rf_prof_line line = {frame->func, frame->line, 100, 5000 * i};
        rf_vector_push(&profile->lines, line);
    }
}

void profile_builder_wide(rf_profile *profile, unsigned nodes)
{
    profile_builder_init(profile);
    const unsigned funcs = nodes / 10 + 2;
    uint64_t state = 42; /* a fixed sequence: Knuth's MMIX constants */
    uint32_t *stacks = rf_alloc_array_zero(uint32_t, nodes + 1);
    for (unsigned i = 1; i <= nodes; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const uint32_t parent = stacks[i < 3 ? 0 : (state >> 33) % i];
        char *name = rf_format_text("function_%u", (unsigned)((state >> 20) % funcs));
        const uint32_t func = rf_profile_func(profile, RF_FUNC_SCRIPT, name, 1, (unsigned)((state >> 20) % funcs));
        rf_free(name);
        stacks[i] = rf_profile_stack(profile, parent, rf_profile_frame(profile, func, 1 + i % 22, i % 3 ? RF_TIER_JIT : RF_TIER_VM));
        const uint64_t ticks = 1 + (state >> 50) % 9;
        const rf_prof_sample sample = {.stack = stacks[i], .slice = i % 100, .ticks = ticks, .cpu_ns = ticks * TICK_NS, .wall_ns = ticks * TICK_NS};
        rf_profile_add(profile, &sample);
        profile->run.ticks += ticks;
        profile->run.cpu_ns += sample.cpu_ns;
    }
    profile->run.wall_ns = profile->run.cpu_ns;
    for (uint32_t i = 0; i < 100; i++) {
        const rf_prof_slice slice = {.start_ns = i * (profile->run.wall_ns / 100), .length_ns = profile->run.wall_ns / 100};
        rf_vector_push(&profile->slices, slice);
    }
    rf_free(stacks);
}
