/* The positions become labels and the table names their addresses, so assembler and loader do the arithmetic. */
#include "jitc/line_table.h"

#include "jit/wire.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <stdlib.h>
#include <string.h>

typedef RF_VECTOR(unsigned long) positions;

static bool starts_with(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

/* `.loc FILE LINE COLUMN ...`; line 0 belongs to no instruction and ends nothing. */
static void put_position(rf_buffer *out, const char *line, positions *found)
{
    char *end;
    strtoul(line + strlen("\t.loc"), &end, 10);
    const unsigned long number = strtoul(end, NULL, 10);
    if (!number) return;
    rf_buffer_format(out, ".Lruff_line_%zu:\n", found->count);
    rf_vector_push(found, number);
}

static bool is_for_debuggers(const char *line)
{
    return starts_with(line, "\t.cfi_") || starts_with(line, "\t.file ");
}

static void put_table(rf_buffer *out, const positions *found)
{
    rf_buffer_format(out, "\t.section\t.rodata." RF_WIRE_LINES ",\"a\"\n\t.balign 8\n\t.globl\t" RF_WIRE_LINES "\n" RF_WIRE_LINES
                          ":\n\t.quad\t%zu\n", found->count);
    for (size_t i = 0; i < found->count; i++)
        rf_buffer_format(out, "\t.quad\t.Lruff_line_%zu, %lu\n", i, found->data[i]);
}

void rf_line_table_make(rf_buffer *text)
{
    rf_buffer out = RF_BUFFER_INIT;
    positions found = {0};
    bool is_left_out = false;
    for (const char *line = text->data, *next; line && *line; line = next) {
        const char *end = strchr(line, '\n');
        next = end ? end + 1 : line + strlen(line);
        if (starts_with(line, "\t.section\t") || starts_with(line, "\t.text"))
            is_left_out = starts_with(line, "\t.section\t.debug");
        if (is_left_out || is_for_debuggers(line)) continue;
        if (starts_with(line, "\t.loc "))
            put_position(&out, line, &found);
        else
            rf_buffer_append(&out, line, (size_t)(next - line));
    }
    put_table(&out, &found);
    rf_vector_release(&found);
    rf_buffer_release(text);
    *text = out;
}
