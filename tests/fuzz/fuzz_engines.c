/* Differential fuzzing of the engines: a generated program must print, fail and exit alike in every
 * one.
 * Where the JIT waits for its code (RF_JIT_SYNC) some programs must have run native code, or nothing was compared.
 *
 * Under libFuzzer the bytes are the generator's choices.  As a plain program it runs seeds:
 *     fuzz_engines SEED COUNT [cached|core]
 * A difference prints the program and both results.  Forms of native code beside those of the environment:
 *   cached  it is kept in a folder of this run and every program runs twice with it, so that it is made, then found
 *   core    everything shares one processor */
#include "base/alloc.h"
#include "base/file.h"
#include "fuzz/element_grammar.h"
#include "fuzz/lookup_grammar.h"
#include "fuzz/loop_grammar.h"
#include "fuzz/place_grammar.h"
#include "fuzz/program_generator.h"
#include "fuzz/recursion_grammar.h"
#include "fuzz/value_grammar.h"
#include "ruff/ruff.h"

#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { OUTPUT_LIMIT = 1 << 18 };

/* Where native code is kept, if it is.  A pack is that of a file, so there is one that all programs are said to be. */
typedef struct store {
    char root[64], folder[96], program[96];
} store;

typedef struct outcome {
    rf_buffer text; /* output of both streams, then status, message, place and report */
    const char *name;
    bool is_native; /* it ran native code, some of it found where code is kept */
} outcome;

static void gather(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    rf_buffer *text = context;
    if (text->size > OUTPUT_LIMIT) return;
    if (stream == RUFF_STDERR) rf_buffer_append_text(text, "[stderr] ");
    rf_buffer_append(text, bytes, size);
}

static void run(const rf_buffer *source, ruff_engine engine, ruff_overflow overflow, const store *kept,
                outcome *result)
{
    ruff_config config = ruff_config_default();
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    config.engine = engine;
    config.overflow = overflow;
    config.max_call_depth = 120;
    config.write = gather;
    config.write_context = &result->text;
    config.jit_cache = kept ? RUFF_JIT_CACHE_ON : RUFF_JIT_CACHE_OFF;
    config.jit_cache_folder = kept ? kept->folder : NULL;
    ruff_status status = ruff_vm_new(&config, &vm, &err);
    if (!status) status = ruff_run(vm, source->data, source->size, kept ? kept->program : "fuzz.ruff", &err);
    ruff_jit_counters counters = {0};
    if (vm) ruff_jit_counters_get(vm, &counters);
    result->is_native = counters.entered > 0 && (!kept || counters.cache_hits > 0);
    ruff_vm_free(vm);
    rf_buffer_format(&result->text, "\n%s exit %d\n%s\n", ruff_status_name(status), err.exit_code,
                     err.report ? err.report : "");
    ruff_error_release(&err);
}

static bool is_same(const outcome *a, const outcome *b)
{
    return a->text.size == b->text.size && memcmp(a->text.data, b->text.data, a->text.size) == 0;
}

static const struct {
    const char *name;
    ruff_engine engine;
} engines[] = {
    {"interpreter", RUFF_ENGINE_INTERPRETER}, {"vm", RUFF_ENGINE_VM}, {"jit", RUFF_ENGINE_JIT},
    {"jit, again", RUFF_ENGINE_JIT}}; /* the last where code is kept */

/* All kinds of program; most run several times over, so that functions get hot and native: after a few rounds where that is
 * forced, after tens where the JIT looks at them first. */
static void generate(choices *source, rf_buffer *program)
{
    static const int rounds[] = {1, 4, 20, 60};
    const unsigned chosen = choices_pick(source, RF_COUNT_OF(rounds));
    if (chosen) rf_buffer_format(program, "for round_ in range(%d) {\n", rounds[chosen]);
    switch (choices_pick(source, 7)) {
    case 0: generate_program(source, program); break;
    case 1: generate_place_program(source, program); break;
    case 2: generate_element_program(source, program); break;
    case 3: generate_lookup_program(source, program); break;
    case 4: generate_loop_program(source, program); break;
    case 5: generate_recursion_program(source, program); break;
    default: generate_value_program(source, program); break;
    }
    if (chosen) rf_buffer_append_text(program, "}\n");
}

/* The interpreter is done.  Where it took no time the others do not need what is allowed either: SIGXCPU instead of SIGKILL
 * then says that one of them hangs. */
static void limit_others(void)
{
    struct rusage used;
    struct rlimit cpu;
    if (getrusage(RUSAGE_SELF, &used) || getrlimit(RLIMIT_CPU, &cpu) || cpu.rlim_cur == RLIM_INFINITY) return;
    if (used.ru_utime.tv_sec > 0 || used.ru_utime.tv_usec > 200000) return;
    cpu.rlim_cur--;
    setrlimit(RLIMIT_CPU, &cpu);
}

typedef enum verdict { AGREE, AGREE_NATIVE = 100, DIFFER, LEFT_OUT } verdict; /* exit codes, none of a sanitizer's */

/* When engines differ program and results are on standard error. */
static verdict judge(choices *source, const store *kept)
{
    rf_buffer program = RF_BUFFER_INIT;
    generate(source, &program);
    const ruff_overflow overflow = next_is_wrap(source) ? RUFF_OVERFLOW_WRAP : RUFF_OVERFLOW_ERROR;
    outcome results[RF_COUNT_OF(engines)] = {0};
    const size_t count = RF_COUNT_OF(engines) - !kept;
    bool agree = true;
    for (size_t i = 0; i < count && agree; i++) {
        results[i].name = engines[i].name;
        run(&program, engines[i].engine, overflow, kept, &results[i]);
        if (i == 0) limit_others();
        agree = is_same(&results[0], &results[i]);
        if (!agree)
            fprintf(stderr, "---- program\n%s\n---- %s\n%s\n---- %s\n%s\n", program.data,
                    results[0].name, results[0].text.data, results[i].name, results[i].text.data);
    }
    const bool is_native = results[count - 1].is_native;
    for (size_t i = 0; i < count; i++) rf_buffer_release(&results[i].text);
    rf_buffer_release(&program);
    return !agree ? DIFFER : is_native ? AGREE_NATIVE : AGREE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    choices source = choices_from_bytes(bytes, size);
    if (judge(&source, NULL) == DIFFER) abort();
    return 0;
}

#ifndef RF_LIBFUZZER
/* Values may double at every turn of a loop: a program that needs more than this is left out, not
 * waited for. */
enum { CPU_SECONDS = 10, MEMORY_BYTES = 1 << 30 };

static verdict judge_in_child(uint64_t seed, const store *kept)
{
    const pid_t child = fork();
    if (child == 0) {
        const struct rlimit cpu = {CPU_SECONDS, CPU_SECONDS}, core = {0, 0};
        setrlimit(RLIMIT_CPU, &cpu);
        setrlimit(RLIMIT_CORE, &core);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        const struct rlimit memory = {MEMORY_BYTES, MEMORY_BYTES};
        setrlimit(RLIMIT_AS, &memory);
#endif
        choices source = choices_from_seed(seed);
        _exit(judge(&source, kept));
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("fuzz_engines");
        return DIFFER;
    }
    if (WIFEXITED(status)) {
        const int code = WEXITSTATUS(status);
        return code == 6 ? LEFT_OUT : code == AGREE || code == AGREE_NATIVE ? (verdict)code : DIFFER;
    }
    fprintf(stderr, "seed %llu: killed by signal %d\n", (unsigned long long)seed, WTERMSIG(status));
    return WTERMSIG(status) == SIGKILL ? LEFT_OUT : DIFFER;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static bool make_store(store *kept)
{
    snprintf(kept->root, sizeof kept->root, "/tmp/ruff-fuzz-engines-XXXXXX");
    if (!mkdtemp(kept->root)) return false;
    snprintf(kept->folder, sizeof kept->folder, "%s/jit", kept->root);
    snprintf(kept->program, sizeof kept->program, "%s/fuzz.ruff", kept->root);
    return rf_file_replace(kept->program, "", 0, NULL) == RUFF_OK;
}

/* This process and all it starts, also the helper. */
static bool stay_on_one_processor(void)
{
    cpu_set_t allowed, one;
    size_t first = 0;
    if (sched_getaffinity(0, sizeof allowed, &allowed)) return false;
    while (!CPU_ISSET(first, &allowed)) first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

typedef struct tally {
    uint64_t compared, left_out, differing, native;
} tally;

static tally judge_all(uint64_t first, uint64_t count, const store *kept)
{
    tally all = {0};
    for (uint64_t seed = first; seed < first + count && all.differing < 5; seed++) {
        const verdict result = judge_in_child(seed, kept);
        all.left_out += result == LEFT_OUT;
        all.compared += result != LEFT_OUT;
        all.native += result == AGREE_NATIVE;
        if (result != DIFFER) continue;
        fprintf(stderr, "==== seed %llu differs\n", (unsigned long long)seed);
        all.differing++;
    }
    return all;
}

static void print_program(uint64_t seed)
{
    choices source = choices_from_seed(seed);
    rf_buffer program = RF_BUFFER_INIT;
    generate(&source, &program);
    fwrite(program.data, 1, program.size, stdout);
    rf_buffer_release(&program);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--print") == 0) {
        print_program(strtoull(argv[2], NULL, 10));
        return 0;
    }
    const char *form = argc > 3 ? argv[3] : "";
    const bool is_cached = strcmp(form, "cached") == 0, is_on_core = strcmp(form, "core") == 0;
    store kept;
    if (argc > 4 || (*form && !is_cached && !is_on_core)) {
        fprintf(stderr, "usage: fuzz_engines SEED COUNT [cached|core], not %s\n", argv[argc - 1]);
        return 2;
    }
    if ((is_cached && !make_store(&kept)) || (is_on_core && !stay_on_one_processor())) {
        perror(form);
        return 2;
    }
    const tally all = judge_all(argc > 1 ? strtoull(argv[1], NULL, 10) : 1, argc > 2 ? strtoull(argv[2], NULL, 10) : 500,
                                is_cached ? &kept : NULL);
    if (is_cached) nftw(kept.root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("%llu programs compared, %llu left out, %llu differ, %llu %s native code\n", (unsigned long long)all.compared,
           (unsigned long long)all.left_out, (unsigned long long)all.differing, (unsigned long long)all.native,
           is_cached ? "found" : "ran");
    if (getenv("RF_JIT_SYNC") && !all.native) {
        fprintf(stderr, "fuzz_engines: no native code ran: is ruff-jitc there, of the same build?\n");
        return 1;
    }
    return all.differing || all.compared < all.left_out; /* a generator of monsters proves nothing */
}
#endif
