/* Records are written as they lie in memory: the format has the byte order of the machine, and says so by its magic. */
#include "report/jitdump.h"

#include <string.h>

enum {
    MAGIC = 0x4A695444, VERSION = 1, HEADER_SIZE = 40,
    RECORD_LOAD = 0, RECORD_DEBUG = 2,
    PREFIX_SIZE = 16, LOAD_SIZE = PREFIX_SIZE + 40, DEBUG_SIZE = PREFIX_SIZE + 16, LINE_SIZE = 16,
#if defined(__x86_64__)
    MACHINE = 62
#elif defined(__aarch64__)
    MACHINE = 183
#else
    MACHINE = 0
#endif
};

static void put_u32(rf_buffer *out, uint32_t value)
{
    rf_buffer_append(out, (const char *)&value, sizeof value);
}

static void put_u64(rf_buffer *out, uint64_t value)
{
    rf_buffer_append(out, (const char *)&value, sizeof value);
}

static void put_text(rf_buffer *out, const char *text)
{
    rf_buffer_append(out, text, strlen(text) + 1);
}

static void put_prefix(rf_buffer *out, uint32_t record, size_t size, uint64_t at_ns)
{
    put_u32(out, record);
    put_u32(out, (uint32_t)size);
    put_u64(out, at_ns);
}

void rf_jitdump_begin(rf_buffer *out, uint32_t process, uint64_t now_ns)
{
    put_u32(out, MAGIC);
    put_u32(out, VERSION);
    put_u32(out, HEADER_SIZE);
    put_u32(out, MACHINE);
    put_u32(out, 0);
    put_u32(out, process);
    put_u64(out, now_ns);
    put_u64(out, 0); /* flags */
}

static void put_lines(rf_buffer *out, uint64_t since_ns, const rf_jitdump_code *code)
{
    size_t size = DEBUG_SIZE;
    for (size_t i = 0; i < code->line_count; i++) size += LINE_SIZE + strlen(code->lines[i].file) + 1;
    put_prefix(out, RECORD_DEBUG, size, since_ns);
    put_u64(out, (uint64_t)(uintptr_t)code->code);
    put_u64(out, code->line_count);
    for (size_t i = 0; i < code->line_count; i++) {
        put_u64(out, code->lines[i].address);
        put_u32(out, code->lines[i].line);
        put_u32(out, 0); /* discriminator */
        put_text(out, code->lines[i].file);
    }
}

void rf_jitdump_add(rf_buffer *out, uint32_t process, uint64_t since_ns, uint64_t number, const rf_jitdump_code *code)
{
    if (code->line_count) put_lines(out, since_ns, code);
    put_prefix(out, RECORD_LOAD, LOAD_SIZE + strlen(code->name) + 1 + code->size, since_ns);
    put_u32(out, process);
    put_u32(out, process); /* its first thread */
    put_u64(out, (uint64_t)(uintptr_t)code->code);
    put_u64(out, (uint64_t)(uintptr_t)code->code);
    put_u64(out, code->size);
    put_u64(out, number);
    put_text(out, code->name);
    rf_buffer_append(out, code->code, code->size);
}
