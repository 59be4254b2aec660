/* The positions become labels and the table names their addresses, so assembler and loader do the arithmetic. */
#include "jitc/line_table.h"

#include "jit/wire.h"

#include "base/alloc.h"
#include "base/vector.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef RF_VECTOR(uint64_t) positions;

typedef struct frame_state {
    uint64_t size, kept[4]; /* kept: by .cfi_remember_state */
    unsigned kept_count;
} frame_state;

static bool starts_with(const char *line, const char *word)
{
    return strncmp(line, word, strlen(word)) == 0;
}

static void put_entry(rf_buffer *out, positions *found, uint64_t number)
{
    rf_buffer_format(out, ".Lruff_line_%zu:\n", found->count);
    rf_vector_push(found, number);
}

/* `.loc FILE LINE COLUMN ...`; line 0 belongs to no instruction and ends nothing. */
static void put_position(rf_buffer *out, const char *line, positions *found)
{
    char *end;
    strtoul(line + strlen("\t.loc"), &end, 10);
    const unsigned long number = strtoul(end, NULL, 10);
    if (number) put_entry(out, found, number);
}

/* `.cfi_...`: the frame begins with the return address alone; its size is counted from the stack pointer, or not known. */
static void put_frame(rf_buffer *out, const char *line, positions *found, frame_state *frame)
{
    static const char offset[] = "\t.cfi_def_cfa_offset ", both[] = "\t.cfi_def_cfa 7,";
    uint64_t size = frame->size;
    if (starts_with(line, "\t.cfi_startproc"))
        *frame = (frame_state){0}, size = sizeof(void *);
    else if (starts_with(line, offset))
        size = strtoul(line + strlen(offset), NULL, 10);
    else if (starts_with(line, both))
        size = strtoul(line + strlen(both), NULL, 10);
    else if (starts_with(line, "\t.cfi_def_cfa"))
        size = 0; /* by another register */
    else if (starts_with(line, "\t.cfi_remember_state") && frame->kept_count < RF_COUNT_OF(frame->kept))
        frame->kept[frame->kept_count++] = size;
    else if (starts_with(line, "\t.cfi_restore_state"))
        size = frame->kept_count ? frame->kept[--frame->kept_count] : 0;
    if (size != frame->size) put_entry(out, found, RF_WIRE_FRAME + size);
    frame->size = size;
}

static void put_table(rf_buffer *out, const positions *found)
{
    rf_buffer_format(out, "\t.section\t.rodata." RF_WIRE_LINES ",\"a\"\n\t.balign 8\n\t.globl\t" RF_WIRE_LINES "\n" RF_WIRE_LINES
                          ":\n\t.quad\t%zu\n", found->count);
    for (size_t i = 0; i < found->count; i++)
        rf_buffer_format(out, "\t.quad\t.Lruff_line_%zu, %" PRIu64 "\n", i, found->data[i]);
}

void rf_line_table_make(rf_buffer *text)
{
    rf_buffer out = RF_BUFFER_INIT;
    positions found = {0};
    frame_state frame = {0};
    bool is_left_out = false;
    for (const char *line = text->data, *next; line && *line; line = next) {
        const char *end = strchr(line, '\n');
        next = end ? end + 1 : line + strlen(line);
        if (starts_with(line, "\t.section\t") || starts_with(line, "\t.text"))
            is_left_out = starts_with(line, "\t.section\t.debug");
        if (is_left_out || starts_with(line, "\t.file ")) continue;
        if (starts_with(line, "\t.cfi_"))
            put_frame(&out, line, &found, &frame);
        else if (starts_with(line, "\t.loc "))
            put_position(&out, line, &found);
        else
            rf_buffer_append(&out, line, (size_t)(next - line));
    }
    put_table(&out, &found);
    rf_vector_release(&found);
    rf_buffer_release(text);
    *text = out;
}
