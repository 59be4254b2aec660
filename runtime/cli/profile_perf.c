/* --perf: jit-PID.dump in the current folder.  perf learns of the file because it is mapped as if it were code.  Native code
 * is written down when it is loaded, whichever thread it is for, so it is there however the program ends. */
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

static void tell_failure(const cli_profile_perf *perf)
{
    fprintf(stderr, "error: cannot write %s: %s\n", perf->path, strerror(perf->error));
}

bool cli_profile_perf_open(cli_profile_perf *perf)
{
    rf_buffer header = RF_BUFFER_INIT;
    pthread_mutex_init(&perf->lock, NULL);
    snprintf(perf->path, sizeof perf->path, "jit-%d.dump", (int)getpid());
    rf_jitdump_begin(&header, (uint32_t)getpid(), (uint64_t)rf_clock_monotonic_ns());
    perf->file = open(perf->path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644);
    const bool is_open = perf->file >= 0 && write_whole(perf->file, &header) &&
                         mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, perf->file, 0) !=
                             MAP_FAILED; /* the mark stays until the process ends */
    if (!is_open) {
        perf->error = errno;
        tell_failure(perf);
    }
    rf_buffer_release(&header);
    return is_open;
}

#ifdef RF_WITH_JIT

static void add_code(void *context, const rf_jit_code *code)
{
    cli_profile_perf *perf = context;
    rf_buffer out = RF_BUFFER_INIT;
    rf_jitdump_line *lines = rf_alloc_array(rf_jitdump_line, code->line_count);
    for (size_t i = 0; i < code->line_count; i++)
        lines[i] = (rf_jitdump_line){(uint64_t)(uintptr_t)code->lines[i].address, code->lines[i].line, code->lines[i].file};
    const rf_jitdump_code entry = {code->function, code->start, code->size, lines, code->line_count};
    pthread_mutex_lock(&perf->lock);
    rf_jitdump_add(&out, (uint32_t)getpid(), (uint64_t)rf_clock_monotonic_ns(), perf->count++, &entry);
    if (perf->file >= 0 && !write_whole(perf->file, &out)) perf->error = errno;
    pthread_mutex_unlock(&perf->lock);
    rf_free(lines);
    rf_buffer_release(&out);
}

void cli_profile_perf_follow(cli_profile_perf *perf, rf_host *host)
{
    host->code_loaded = add_code;
    host->code_context = perf;
}

#else

void cli_profile_perf_follow(cli_profile_perf *perf, rf_host *host)
{
    (void)perf, (void)host;
}

#endif

bool cli_profile_perf_close(cli_profile_perf *perf)
{
    pthread_mutex_lock(&perf->lock); /* workers may still run */
    if (close(perf->file) != 0) perf->error = errno;
    perf->file = -1;
    pthread_mutex_unlock(&perf->lock);
    if (perf->error)
        tell_failure(perf);
    else
        fprintf(stderr, "wrote %s\n", perf->path);
    return !perf->error;
}
