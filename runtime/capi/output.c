/* Buffered, indivisible output of one program.
 *
 * Standard output is gathered until 32 KiB are pending, something is written to standard error, input is read, the
 * program ends, or - on a terminal - a line ends. */
#include "capi/output.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

enum { FLUSH_SIZE = 32 * 1024 };

void rf_output_init(rf_output *output, ruff_write_function write, void *write_context)
{
    pthread_mutex_init(&output->lock, NULL);
    output->pending = (rf_buffer)RF_BUFFER_INIT;
    output->write = write;
    output->write_context = write_context;
    output->error = 0;
    output->when_failed = NULL;
    output->is_terminal = !write && isatty(STDOUT_FILENO);
}

/* 0 or errno */
static int write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t wrote = write(fd, bytes, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            poll(&wait, 1, -1);
            continue;
        }
        if (wrote < 0) return errno;
        bytes += wrote;
        size -= (size_t)wrote;
    }
    return 0;
}

static void write_out(rf_output *output, const char *bytes, size_t size)
{
    if (output->error) return;
    output->error = write_all(STDOUT_FILENO, bytes, size);
    if (output->error && output->when_failed) output->when_failed(output->error);
}

static void deliver(rf_output *output, int stream, const char *bytes, size_t size)
{
    if (output->write)
        output->write(output->write_context, (ruff_stream)stream, bytes, size);
    else if (stream == RUFF_STDOUT)
        write_out(output, bytes, size);
    else
        (void)write_all(stream, bytes, size); /* nobody is left to tell */
}

static void flush_locked(rf_output *output)
{
    if (!output->pending.size) return;
    deliver(output, RUFF_STDOUT, output->pending.data, output->pending.size);
    rf_buffer_clear(&output->pending);
}

void rf_output_write(void *context, int stream, const char *bytes, size_t size)
{
    rf_output *output = context;
    pthread_mutex_lock(&output->lock);
    if (stream == RUFF_STDOUT) {
        rf_buffer_append(&output->pending, bytes, size);
        bool line_ended = size && bytes[size - 1] == '\n';
        if (output->pending.size >= FLUSH_SIZE || (output->is_terminal && line_ended)) flush_locked(output);
    } else {
        flush_locked(output);
        deliver(output, stream, bytes, size);
    }
    pthread_mutex_unlock(&output->lock);
}

void rf_output_flush(void *context)
{
    rf_output *output = context;
    pthread_mutex_lock(&output->lock);
    flush_locked(output);
    pthread_mutex_unlock(&output->lock);
}

void rf_output_release(rf_output *output)
{
    rf_output_flush(output);
    rf_buffer_release(&output->pending);
    pthread_mutex_destroy(&output->lock);
}
