/* ruff-jitc: reads requests for native code from file 3, answers with relocatable objects, ends
 * when file 3 does.
 *
 * It is a program of its own because libgccjit wants one: it changes signal handlers, locale and
 * limits, keeps memory, and a failure inside ends the process. */
#include "jitc/line_table.h"
#include "jitc/lower.h"
#include "jitc/passes.h"
#include "jitc/translate.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SOCKET = 3, MOST_SECONDS = 20, NICENESS = 5 };
static const char assembler[] = RF_WIRE_ASSEMBLER;

static bool read_all(void *to, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t got = read(SOCKET, (char *)to + done, size - done);
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return true;
}

static bool write_all(const void *from, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t put = write(SOCKET, (const char *)from + done, size - done);
        if (put <= 0) return false;
        done += (size_t)put;
    }
    return true;
}

static uint32_t microseconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - start->tv_sec) * 1000000 +
                      (now.tv_nsec - start->tv_nsec) / 1000);
}

static bool assemble(const char *source, const char *object)
{
    const char *arguments[] = {assembler, "--64", "-o", object, source, NULL};
    const char *environment[] = {"LC_ALL=C", NULL};
    pid_t process;
    int status;
    if (posix_spawn(&process, assembler, NULL, NULL, (char *const *)(uintptr_t)arguments,
                    (char *const *)(uintptr_t)environment) != 0)
        return false;
    while (waitpid(process, &status, 0) < 0) continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *const options[] = {"-fno-semantic-interposition",
                                      "-fno-math-errno",
                                      "-ffp-contract=off",
                                      "-fno-asynchronous-unwind-tables",
                                      "-fno-unwind-tables",
                                      "-fcf-protection=none",
                                      "-fno-crossjumping",
                                      "-fno-tree-tail-merge",
                                      "-fno-stack-protector",
                                      "-fno-schedule-insns2", /* these two take a quarter of the time, */
                                      "-fno-tree-dse",        /* and the code is no slower without them; */
                                      "-fno-reorder-blocks-and-partition", /* nor without these, which take an eighth */
                                      "-fno-ipa-modref",
                                      "-fno-ipa-sra",
                                      "-fno-ipa-vrp",
                                      "-fno-tree-bit-ccp",
                                      "-fno-tree-pta", /* what pointers point to it does not find: all come from outside */
                                      "-fno-tree-vectorize",
                                      "-fno-tree-slp-vectorize",
                                      "-fno-rerun-cse-after-loop",
                                      "-fno-ree",
                                      "-fno-ivopts", /* its sums belong to no line and part additions from their checks */
                                      "-fno-ident",
                                      "-fwrapv", /* sums of ints are cut off, as ir_op.def says */
                                      "--param=builtin-expect-probability=100", /* guards hold */
                                      "--param=ggc-min-heapsize=16384",
                                      "--param=ggc-min-expand=30"};

/* What the profiler needs: positions, and how large frames are. */
static const char *const profiled_options[] = {"-g1", "-fasynchronous-unwind-tables"};

static gcc_jit_context *new_context(const rf_wire_request *request, bool recurses)
{
    gcc_jit_context *gcc = gcc_jit_context_acquire();
    gcc_jit_context_set_int_option(gcc, GCC_JIT_INT_OPTION_OPTIMIZATION_LEVEL,
                                   request->optimisation == 1 ? 1 : 2);
    for (size_t i = 0; i < RF_COUNT_OF(options); i++)
        gcc_jit_context_add_command_line_option(gcc, options[i]);
    if (!recurses) /* what is called in several places of a loop is part of it; copies of recursion only take time */
        gcc_jit_context_add_command_line_option(gcc, "--param=max-inline-insns-auto=100");
    for (size_t i = 0; request->is_profiled && i < RF_COUNT_OF(profiled_options); i++)
        gcc_jit_context_add_command_line_option(gcc, profiled_options[i]);
    return gcc;
}

static bool add_lines(rf_buffer *text, const char *path)
{
    rf_line_table_make(text);
    FILE *file = fopen(path, "we");
    bool is_written = file && fwrite(text->data, 1, text->size, file) == text->size;
    if (file && fclose(file) != 0) is_written = false;
    return is_written;
}

/* Largest `subq $N, %rsp`: what one call takes of the C stack. */
static uint32_t largest_frame(const rf_buffer *text)
{
    uint32_t largest = 0;
    for (const char *at = text->data; at && (at = strstr(at, "subq\t$")); at += 6) {
        char *end;
        const unsigned long n = strtoul(at + 6, &end, 10);
        if (strncmp(end, ", %rsp", 6) == 0 && n > largest) largest = (uint32_t)n;
    }
    return largest + 128; /* return address and saved registers */
}

static void append_file(rf_buffer *out, const char *path)
{
    if (rf_file_read(path, out, NULL) != RUFF_OK) rf_buffer_append_text(out, "(not to be had)\n");
    unlink(path);
}

/* The line of an instruction is its number among those of all functions, from 1. */
static void lower(const rf_compilation *c, gcc_jit_context *gcc)
{
    const rf_wire_request *request = &c->unit->request;
    uint32_t first_lines[RF_WIRE_MOST_FUNCTIONS], next = 1;
    for (uint32_t i = 0; i < request->function_count; next += c->unit->functions[i++].f.code_count) first_lines[i] = next;
    rf_lower(&c->code, request->is_profiled ? first_lines : NULL, gcc);
}

static bool compile(rf_compilation *c, const char *folder, rf_buffer *object, rf_buffer *shown,
                    rf_wire_answer *answer)
{
    char source[320], result[320];
    const uint32_t dumps = c->unit->request.dumps;
    rf_buffer text = RF_BUFFER_INIT;
    snprintf(source, sizeof source, "%s/%u.s", folder, c->unit->request.number);
    snprintf(result, sizeof result, "%s/%u.o", folder, c->unit->request.number);
    gcc_jit_context *gcc = new_context(&c->unit->request, c->recurses);
    rf_compilation_emit(c);
    rf_ir_run_passes(&c->code, c->unit->request.dump_pass, dumps & RF_WIRE_DUMP_IR ? shown : NULL);
    lower(c, gcc);
    bool is_good = gcc_jit_context_get_first_error(gcc) == NULL;
    if (is_good && (dumps & RF_WIRE_DUMP_GIMPLE)) {
        gcc_jit_context_dump_to_file(gcc, source, 0);
        append_file(shown, source);
    }
    if (is_good) gcc_jit_context_compile_to_file(gcc, GCC_JIT_OUTPUT_KIND_ASSEMBLER, source);
    if (gcc_jit_context_get_first_error(gcc)) {
        is_good = false;
        if (c->unit->request.is_traced)
            fprintf(stderr, "jit: %s\n", gcc_jit_context_get_first_error(gcc));
    }
    gcc_jit_context_release(gcc);
    is_good = is_good && rf_file_read(source, &text, NULL) == RUFF_OK &&
              (!c->unit->request.is_profiled || add_lines(&text, source)) && assemble(source, result) &&
              rf_file_read(result, object, NULL) == RUFF_OK;
    rf_buffer_append(&text, "", 1);
    answer->frame_bytes = largest_frame(&text);
    answer->is_bound = c->is_bound;
    if (dumps & RF_WIRE_DUMP_ASM) rf_buffer_append(shown, text.data, text.size - 1);
    rf_buffer_append(shown, c->exits.data, c->exits.size);
    rf_buffer_release(&text);
    unlink(source);
    unlink(result);
    return is_good;
}

static uint32_t cpu_microseconds(void)
{
    int64_t sum = 0;
    for (int whose = RUSAGE_CHILDREN; whose <= RUSAGE_SELF; whose++) {
        struct rusage usage;
        getrusage(whose, &usage);
        sum += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + usage.ru_utime.tv_usec +
               usage.ru_stime.tv_usec;
    }
    return (uint32_t)sum;
}

/* A request that needs more processor time than any sensible one ends this process. */
static void limit_time(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    const rlim_t most = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + MOST_SECONDS;
    struct rlimit limit;
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
    setrlimit(RLIMIT_CPU, &limit);
}

/* Which libgccjit this is: a cache must know when it was replaced. */
static void name_library(rf_wire_answer *a)
{
    gcc_jit_context *(*function)(void) = gcc_jit_context_acquire;
    void *address;
    Dl_info info;
    memcpy(&address, &function, sizeof address);
    if (dladdr(address, &info) && info.dli_fname)
        snprintf(a->library, sizeof a->library, "%s", info.dli_fname);
}

static bool answer(const rf_wire_request *request, const char *bytes, const char *folder)
{
    struct timespec start;
    const uint32_t cpu = cpu_microseconds();
    rf_wire_answer a = {
        .magic = RF_WIRE_MAGIC, .number = request->number, .status = RF_WIRE_FAILED};
    rf_buffer object = RF_BUFFER_INIT, shown = RF_BUFFER_INIT;
    rf_unit_request unit;
    limit_time();
    name_library(&a);
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (rf_unit_read(&unit, request, bytes)) {
        rf_compilation *c = rf_new(rf_compilation);
        c->unit = &unit;
        if (!rf_compilation_analyse(c))
            a.status = RF_WIRE_NOT_WORTH_IT;
        else if (compile(c, folder, &object, &shown, &a))
            a.status = RF_WIRE_COMPILED;
        for (uint32_t i = 0; i < c->instance_count; i++)
            if (c->is_used[i] && c->instances[i].s->f.register_count > a.most_registers)
                a.most_registers = c->instances[i].s->f.register_count;
        rf_compilation_release(c);
        rf_free(c);
    }
    rf_unit_release(&unit);
    a.size = a.status == RF_WIRE_COMPILED ? (uint32_t)object.size : 0;
    a.microseconds = microseconds_since(&start);
    a.text_size = (uint32_t)shown.size;
    a.cpu_microseconds = cpu_microseconds() - cpu;
    const bool is_sent = write_all(&a, sizeof a) && write_all(object.data, a.size) &&
                         write_all(shown.data, a.text_size);
    rf_buffer_release(&object);
    rf_buffer_release(&shown);
    return is_sent;
}

/* Nobody is there for the answer. */
static bool is_alone(void)
{
    struct pollfd socket = {.fd = SOCKET};
    return poll(&socket, 1, 0) > 0 && (socket.revents & POLLHUP);
}

static void limit_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* which reserve more than any limit allows */
    const struct rlimit memory = {(rlim_t)1 << 30, (rlim_t)1 << 30};
    setrlimit(RLIMIT_AS, &memory);
#endif
}

/* usage: ruff-jitc FOLDER, a private folder that the program made and removes */
int main(int argc, char **argv)
{
    rf_wire_request request;
    if (argc != 2 || fcntl(SOCKET, F_SETFD, FD_CLOEXEC) < 0) {
        fputs("ruff-jitc is started by ruff\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* the program decides what an interrupt means; its end is ours */
    limit_memory();
    /* whoever waits for nothing comes first */
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICENESS);
    const char *folder = argv[1];
    while (read_all(&request, sizeof request)) {
        if (request.magic != RF_WIRE_MAGIC) { /* so that the program can tell */
            const uint32_t own = RF_WIRE_MAGIC;
            write_all(&own, sizeof own);
            break;
        }
        if (request.size > RF_WIRE_LARGEST) break;
        char *bytes = rf_alloc(request.size + 1);
        const bool goes_on = read_all(bytes, request.size) && !is_alone() && answer(&request, bytes, folder);
        rf_free(bytes);
        if (!goes_on) break;
    }
    rmdir(folder); /* the program may be gone */
    return 0;
}
