/* --perf: jit-PID.dump in the current folder.  perf learns of the file because it is mapped as if it were code. */
#include "cli/profile.h"

#include "base/clock.h"
#include "report/jitdump.h"
#ifdef RF_WITH_JIT
#include "jit/jit.h"
#endif

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool write_whole(int file, const rf_buffer *text)
{
    for (size_t done = 0; done < text->size;) {
        const ssize_t wrote = write(file, text->data + done, text->size - done);
        if (wrote < 0 && errno != EINTR) return false;
        if (wrote > 0) done += (size_t)wrote;
    }
    return true;
}

bool cli_profile_perf_open(cli_profile_perf *perf)
{
    rf_buffer header = RF_BUFFER_INIT;
    perf->began_ns = (uint64_t)rf_clock_monotonic_ns();
    snprintf(perf->path, sizeof perf->path, "jit-%d.dump", (int)getpid());
    rf_jitdump_begin(&header, (uint32_t)getpid(), perf->began_ns);
    perf->file = open(perf->path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644);
    const bool is_open = perf->file >= 0 && write_whole(perf->file, &header) &&
                         mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, perf->file, 0) !=
                             MAP_FAILED; /* the mark stays until the process ends */
    if (!is_open) fprintf(stderr, "error: cannot write %s: %s\n", perf->path, strerror(errno));
    rf_buffer_release(&header);
    return is_open;
}

typedef struct dump {
    rf_buffer out;
    uint64_t began_ns, count;
} dump;

#ifdef RF_WITH_JIT

static void add_code(void *context, const rf_jit_code *code)
{
    dump *d = context;
    rf_jitdump_line *lines = rf_alloc_array(rf_jitdump_line, code->line_count);
    for (size_t i = 0; i < code->line_count; i++)
        lines[i] = (rf_jitdump_line){(uint64_t)(uintptr_t)code->lines[i].address, code->lines[i].line, code->lines[i].file};
    const rf_jitdump_code entry = {code->function, code->start, code->size, lines, code->line_count};
    rf_jitdump_add(&d->out, (uint32_t)getpid(), d->began_ns, d->count++, &entry);
    rf_free(lines);
}

static void add_all(dump *d, rf_isolate *isolate)
{
    if (isolate) rf_jit_each_code(isolate, add_code, d);
}

#else

static void add_all(dump *d, rf_isolate *isolate)
{
    (void)d, (void)isolate;
}

#endif

bool cli_profile_perf_close(cli_profile_perf *perf, rf_isolate *isolate)
{
    dump d = {.out = RF_BUFFER_INIT, .began_ns = perf->began_ns};
    add_all(&d, isolate);
    bool is_written = write_whole(perf->file, &d.out);
    if (close(perf->file) != 0) is_written = false;
    if (is_written)
        fprintf(stderr, "wrote %s\n", perf->path);
    else
        fprintf(stderr, "error: cannot write %s: %s\n", perf->path, strerror(errno));
    rf_buffer_release(&d.out);
    return is_written;
}
