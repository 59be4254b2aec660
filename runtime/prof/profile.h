/* What one profiled run found: the plain data that collectors fill and every report, file format and store reads.
 *
 * Everything is named by index.  Entry 0 of files, funcs, frames, stacks, labels and samples is "none" (the root for
 * stacks), so a zeroed reference is valid and lists of them start at 1.  Files, funcs, frames, stacks and labels are
 * interned: equal content has one index.  Times are nanoseconds on the monotonic clock from the start of the run, sizes
 * are bytes.  Not thread safe: one thread fills a profile, others hand it their notes through their own blocks. */
#ifndef RF_PROF_PROFILE_H
#define RF_PROF_PROFILE_H

#include "base/vector.h"

typedef enum rf_prof_tier {
#define PROF_TIER(name, tag, is_wait, meaning) RF_TIER_##name,
#include "prof/tier.def"
#undef PROF_TIER
    RF_TIER_COUNT
} rf_prof_tier;

typedef struct rf_prof_tier_info {
    const char *tag, *meaning;
    bool is_wait; /* has wall time only */
} rf_prof_tier_info;
extern const rf_prof_tier_info rf_prof_tiers[RF_TIER_COUNT];

typedef enum rf_prof_func_kind {
    RF_FUNC_SCRIPT,  /* file and line are those of its declaration */
    RF_FUNC_BUILTIN, /* no file */
    RF_FUNC_REGEX,   /* name is the pattern, at most 40 characters of it */
    RF_FUNC_RUNTIME, /* release, collector, compiler, parser, profiler: work of the runtime */
    RF_FUNC_NATIVE,  /* C or kernel code, only when native stacks were asked for */
    RF_FUNC_KIND_COUNT
} rf_prof_func_kind;

#define RF_PROF_UNKNOWN UINT64_MAX /* a count nobody took; printed "n/a", never 0 */

typedef struct rf_prof_file {
    char *path;   /* as the program named it; owned */
    char *text;   /* the source, for annotated lines; NULL when it could not be kept; owned */
    size_t size;
    uint64_t digest; /* of the text; 0 without one */
} rf_prof_file;

typedef struct rf_prof_func {
    uint32_t file, line;
    rf_prof_func_kind kind;
    char *name;        /* "main" for a file's top level; owned */
    uint64_t calls;    /* exact, or RF_PROF_UNKNOWN */
    uint64_t instructions; /* VM instructions executed in it, exact, or RF_PROF_UNKNOWN */
} rf_prof_func;

typedef struct rf_prof_frame {
    uint32_t func, line; /* the line being executed in it; 0 for functions without lines */
    uint8_t tier;        /* rf_prof_tier */
} rf_prof_frame;

/* One shared tree: a stack is its innermost frame and the stack that called it. */
typedef struct rf_prof_stack {
    uint32_t parent, frame, depth; /* depth of the root is 0 */
} rf_prof_stack;

/* What was seen at one stack in one thread within one time slice. */
typedef struct rf_prof_sample {
    uint32_t stack, thread, slice, label; /* slice: index into slices; label: index into labels (zone or task) */
    uint64_t ticks, cpu_ns, wall_ns;
    uint64_t alloc_count, alloc_bytes; /* estimates from sampled allocations; exact numbers are in sites */
} rf_prof_sample;

/* Equal slices of the run; when there would be too many, neighbours are joined, so their number stays bounded. */
typedef struct rf_prof_slice {
    uint64_t start_ns, length_ns;
    uint64_t tier_ns[RF_TIER_COUNT]; /* wall time for waits, CPU time for the rest */
    uint64_t live_bytes, resident_bytes; /* largest seen within it */
} rf_prof_slice;

typedef struct rf_prof_line {
    uint32_t func, line;
    uint64_t hits, instructions; /* exact: times entered, VM instructions executed; or RF_PROF_UNKNOWN */
} rf_prof_line;

/* All allocations of one type of object at one line, exact. */
typedef struct rf_prof_site {
    uint32_t func, line;
    char *type; /* "array", "string", a struct's name ...; owned */
    uint64_t allocs, bytes, frees, freed_bytes;
    uint64_t peak_live, peak_live_bytes; /* of this site when the whole program was at its peak */
    uint64_t temporaries;                /* freed before two further allocations */
    uint64_t growths, growth_from, growth_to; /* buffers of containers made here that grew; smallest and largest size */
    uint64_t copies, copy_bytes;         /* copy-on-write copies made by this line */
    uint32_t shared_func, shared_line;   /* where the second reference was taken that made the last copy needed */
    uint64_t median_life;                /* in allocations */
} rf_prof_site;

typedef enum rf_prof_verdict { RF_LEAK_UNREACHABLE, RF_LEAK_NATIVE, RF_LEAK_REACHABLE, RF_LEAK_GROWING } rf_prof_verdict;

typedef struct rf_prof_leak {
    rf_prof_verdict verdict;
    uint32_t func, line; /* the line that made the objects */
    char *type;          /* owned */
    uint64_t count, bytes, retained_bytes;
    char *path; /* cycle ("Node .next (list.ruff:17) -> Node .prev (list.ruff:18)") or root ("global cache"); owned */
} rf_prof_leak;

/* Everything else that is a number: "jit.compiled", "gc.runs" ... */
typedef struct rf_prof_counter {
    char *name;       /* owned */
    uint64_t value;   /* RF_PROF_UNKNOWN: nothing happened that could be counted */
    const char *unit; /* static: "", "ns", "bytes" */
} rf_prof_counter;

/* An event of the JIT, as prof/jit_event.h notes it, with its texts resolved; at_ns is its end when it has a duration. */
typedef struct rf_prof_jit_event {
    uint64_t at_ns, duration_ns, queue_ns, children_cpu_ns, code_bytes;
    const char *kind;      /* static: "compile", "install", "deopt" ... */
    uint32_t func, line, version;
    uint8_t tier, optimisation;
    char *reason, *expected, *seen; /* NULL when it has none; owned */
    uint64_t lost_ns; /* deopt: time in slower tiers until the same function was installed again */
} rf_prof_jit_event;

typedef struct rf_prof_guard {
    uint32_t func, line;
    char *expectation; /* owned */
    uint64_t passed, failed; /* or RF_PROF_UNKNOWN */
} rf_prof_guard;

/* A function with at least 3 % of the time in slower tiers, and why it has no native code. */
typedef struct rf_prof_refusal {
    uint32_t func, line;
    char *reason; /* owned */
} rf_prof_refusal;

typedef struct rf_prof_run {
    char *script, *arguments; /* arguments joined by spaces; owned */
    char *engine;             /* "interpreter", "vm", "jit"; owned */
    char *version, *host, *cpu, *kernel; /* owned */
    uint64_t script_digest;   /* of all files that were loaded, in order of path */
    int64_t started_unix;     /* seconds */
    uint64_t wall_ns, cpu_ns;
    int exit_status;
    bool has_cpu, has_memory, has_jit; /* instruments that ran */
    bool was_interrupted;
    const char *mechanism; /* static: "sampler thread", "timer signal" */
    double asked_hz, got_hz;
    uint64_t ticks, lost_ticks, own_cost_ns;
    uint32_t threads, allowed_cores;
    uint64_t peak_live_bytes, peak_at_ns, exit_live_bytes, peak_resident_bytes;
    uint64_t allocs, frees;
} rf_prof_run;

typedef struct rf_profile {
    rf_prof_run run;
    RF_VECTOR(rf_prof_file) files;
    RF_VECTOR(rf_prof_func) funcs;
    RF_VECTOR(rf_prof_frame) frames;
    RF_VECTOR(rf_prof_stack) stacks;
    RF_VECTOR(char *) labels; /* owned; label 0 is "" */
    RF_VECTOR(rf_prof_sample) samples;
    RF_VECTOR(rf_prof_slice) slices;
    RF_VECTOR(rf_prof_line) lines;
    RF_VECTOR(rf_prof_site) sites;
    RF_VECTOR(rf_prof_leak) leaks;
    RF_VECTOR(rf_prof_jit_event) jit_events;
    RF_VECTOR(rf_prof_guard) guards;
    RF_VECTOR(rf_prof_refusal) refusals;
    RF_VECTOR(rf_prof_counter) counters;
    RF_VECTOR(char *) texts; /* owned: what texts that are static otherwise point to when a profile was read back */
    struct rf_prof_index *index; /* what makes interning quick */
} rf_profile;

void rf_profile_init(rf_profile *profile);
void rf_profile_release(rf_profile *profile);

/* Each gives the index of what it names, adding it when new.  Texts are copied. */
uint32_t rf_profile_file(rf_profile *profile, const char *path);
uint32_t rf_profile_func(rf_profile *profile, rf_prof_func_kind kind, const char *name, uint32_t file, uint32_t line);
uint32_t rf_profile_frame(rf_profile *profile, uint32_t func, uint32_t line, rf_prof_tier tier);
uint32_t rf_profile_stack(rf_profile *profile, uint32_t parent, uint32_t frame);
uint32_t rf_profile_label(rf_profile *profile, const char *label);

/* The text of a file, copied, with its digest. */
void rf_profile_set_text(rf_profile *profile, uint32_t file, const char *text, size_t size);

/* Counter in nanoseconds: by so much run.own_cost_ns may be off. */
#define RF_PROF_OWN_COST_SPREAD "profiler.own_cost_spread"

/* Adds to the sample of (stack, thread, slice, label). */
void rf_profile_add(rf_profile *profile, const rf_prof_sample *sample);
/* Samples of two neighbouring slices become one. */
void rf_profile_join_slices(rf_profile *profile);
/* Adds what another thread found: samples, exact counts of functions and lines. */
void rf_profile_merge(rf_profile *into, const rf_profile *from);
/* The exact counts of a line, made when new. */
rf_prof_line *rf_profile_line(rf_profile *profile, uint32_t func, uint32_t line);
/* The counter of calls that ran as native code from their beginning; its name, new, and its value. */
char *rf_profile_native_counter(const rf_profile *profile, uint32_t func);
uint64_t rf_profile_native_calls(const rf_profile *profile, uint32_t func);
/* The counter's value; RF_PROF_UNKNOWN when nobody set it. */
uint64_t rf_profile_counter(const rf_profile *profile, const char *name);
void rf_profile_set_counter(rf_profile *profile, const char *name, uint64_t value, const char *unit);

#endif
