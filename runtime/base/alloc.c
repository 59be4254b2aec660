#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void rf_out_of_memory(void)
{
    static const char text[] = "Out of memory\n";
    fflush(stdout);
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(6);
}

_Noreturn void rf_assert_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "internal error: %s does not hold at %s:%d\n", what, file, line);
    abort();
}

#ifdef RF_STRESS
/* RF_FAIL_ALLOC=n lets the n-th rf_alloc_try of the process fail. */
static bool fail_now(void)
{
    static long countdown = -1;
    static bool started;
    if (!started) {
        const char *text = getenv("RF_FAIL_ALLOC");
        started = true;
        countdown = text ? strtol(text, NULL, 10) : -1;
    }
    return countdown > 0 && --countdown == 0;
}
#else
static bool fail_now(void)
{
    return false;
}
#endif

void *rf_alloc_try(size_t size)
{
    return fail_now() ? NULL : malloc(size ? size : 1);
}

void *rf_realloc_try(void *memory, size_t size)
{
    return fail_now() ? NULL : realloc(memory, size ? size : 1);
}

void *rf_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) rf_out_of_memory();
    return memory;
}

void *rf_alloc_zero(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) rf_out_of_memory();
    return memory;
}

void *rf_realloc(void *memory, size_t size)
{
    void *moved = realloc(memory, size ? size : 1);
    if (!moved) rf_out_of_memory();
    return moved;
}

void rf_free(void *memory)
{
    free(memory);
}

char *rf_strndup(const char *text, size_t size)
{
    char *copy = rf_alloc(size + 1);
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *rf_strdup(const char *text)
{
    return rf_strndup(text, strlen(text));
}

size_t rf_array_size(size_t count, size_t element_size)
{
    size_t size;
    if (__builtin_mul_overflow(count, element_size, &size)) rf_out_of_memory();
    return size;
}
