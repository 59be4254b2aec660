/* Differential fuzzing of the engines: a generated program must print, fail and exit alike in every
 * one.
 * Where the JIT waits for its code (RF_JIT_SYNC) some programs must have run native code, or nothing was compared.
 *
 * Under libFuzzer the bytes are the generator's choices.  As a plain program (see replay.h) it runs
 * seeds: fuzz_engines SEED COUNT; a difference prints the program and both results. */
#include "base/alloc.h"
#include "fuzz/element_grammar.h"
#include "fuzz/lookup_grammar.h"
#include "fuzz/loop_grammar.h"
#include "fuzz/place_grammar.h"
#include "fuzz/program_generator.h"
#include "fuzz/recursion_grammar.h"
#include "fuzz/value_grammar.h"
#include "ruff/ruff.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { OUTPUT_LIMIT = 1 << 18 };

typedef struct outcome {
    rf_buffer text; /* output of both streams, then status, message, place and report */
    const char *name;
    bool is_native; /* it ran native code */
} outcome;

static void gather(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    rf_buffer *text = context;
    if (text->size > OUTPUT_LIMIT) return;
    if (stream == RUFF_STDERR) rf_buffer_append_text(text, "[stderr] ");
    rf_buffer_append(text, bytes, size);
}

static void run(const rf_buffer *source, ruff_engine engine, ruff_overflow overflow,
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
    ruff_status status = ruff_vm_new(&config, &vm, &err);
    if (!status) status = ruff_run(vm, source->data, source->size, "fuzz.ruff", &err);
    ruff_jit_counters counters;
    result->is_native = vm && ruff_jit_counters_get(vm, &counters) && counters.entered > 0;
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
    {"interpreter", RUFF_ENGINE_INTERPRETER}, {"vm", RUFF_ENGINE_VM}, {"jit", RUFF_ENGINE_JIT}};

/* All kinds of program; every other one runs four times over, so that functions get hot and native. */
static void generate(choices *source, rf_buffer *program)
{
    const bool is_repeated = choices_pick(source, 2);
    if (is_repeated) rf_buffer_append_text(program, "for round_ in range(4) {\n");
    switch (choices_pick(source, 7)) {
    case 0: generate_program(source, program); break;
    case 1: generate_place_program(source, program); break;
    case 2: generate_element_program(source, program); break;
    case 3: generate_lookup_program(source, program); break;
    case 4: generate_loop_program(source, program); break;
    case 5: generate_recursion_program(source, program); break;
    default: generate_value_program(source, program); break;
    }
    if (is_repeated) rf_buffer_append_text(program, "}\n");
}

typedef enum verdict { AGREE, AGREE_NATIVE = 100, DIFFER, LEFT_OUT } verdict; /* exit codes, none of a sanitizer's */

/* When engines differ program and results are on standard error. */
static verdict judge(choices *source)
{
    rf_buffer program = RF_BUFFER_INIT;
    generate(source, &program);
    const ruff_overflow overflow = next_is_wrap(source) ? RUFF_OVERFLOW_WRAP : RUFF_OVERFLOW_ERROR;
    outcome results[RF_COUNT_OF(engines)] = {0};
    bool agree = true;
    for (size_t i = 0; i < RF_COUNT_OF(engines) && agree; i++) {
        results[i].name = engines[i].name;
        run(&program, engines[i].engine, overflow, &results[i]);
        agree = is_same(&results[0], &results[i]);
        if (!agree)
            fprintf(stderr, "---- program\n%s\n---- %s\n%s\n---- %s\n%s\n", program.data,
                    results[0].name, results[0].text.data, results[i].name, results[i].text.data);
    }
    bool is_native = false;
    for (size_t i = 0; i < RF_COUNT_OF(engines); i++) {
        is_native |= results[i].is_native;
        rf_buffer_release(&results[i].text);
    }
    rf_buffer_release(&program);
    return !agree ? DIFFER : is_native ? AGREE_NATIVE : AGREE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    choices source = choices_from_bytes(bytes, size);
    if (judge(&source) == DIFFER) abort();
    return 0;
}

#ifndef RF_LIBFUZZER
/* Values may double at every turn of a loop: a program that needs more than this is left out, not
 * waited for. */
enum { CPU_SECONDS = 10, MEMORY_BYTES = 1 << 30 };

static verdict judge_in_child(uint64_t seed)
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
        _exit(judge(&source));
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        perror("fuzz_engines");
        exit(2);
    }
    if (WIFEXITED(status)) {
        const int code = WEXITSTATUS(status);
        return code == 6 ? LEFT_OUT : code == AGREE || code == AGREE_NATIVE ? (verdict)code : DIFFER;
    }
    fprintf(stderr, "seed %llu: killed by signal %d\n", (unsigned long long)seed, WTERMSIG(status));
    return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? LEFT_OUT : DIFFER;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--print") == 0) {
        choices source = choices_from_seed(strtoull(argv[2], NULL, 10));
        rf_buffer program = RF_BUFFER_INIT;
        generate(&source, &program);
        fwrite(program.data, 1, program.size, stdout);
        rf_buffer_release(&program);
        return 0;
    }
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
             count = argc > 2 ? strtoull(argv[2], NULL, 10) : 500;
    uint64_t differing = 0, left_out = 0, compared = 0, native = 0;
    for (uint64_t seed = first; seed < first + count && differing < 5; seed++) {
        const verdict result = judge_in_child(seed);
        left_out += result == LEFT_OUT;
        compared += result != LEFT_OUT;
        native += result == AGREE_NATIVE;
        if (result != DIFFER) continue;
        fprintf(stderr, "==== seed %llu differs\n", (unsigned long long)seed);
        differing++;
    }
    printf("%llu programs compared, %llu left out, %llu differ, %llu ran native code\n", (unsigned long long)compared,
           (unsigned long long)left_out, (unsigned long long)differing, (unsigned long long)native);
    if (getenv("RF_JIT_SYNC") && !native) {
        fprintf(stderr, "fuzz_engines: no native code ran: is ruff-jitc there, of the same build?\n");
        return 1;
    }
    if (compared < left_out) differing++; /* a generator of monsters proves nothing */
    return differing ? 1 : 0;
}
#endif
