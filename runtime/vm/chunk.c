/* Building and freeing code.
 *
 * Positions: one entry for each instruction whose position differs from the one before it, coded as three numbers of
 * 7 bits a byte (low bits first): pc difference, line difference and column difference, the last two zigzag.  They are
 * only read when something was raised, so they are small rather than fast. */
#include "vm/chunk.h"

#include "base/alloc.h"
#include "value/dict.h"
#include "vm/frame.h"
#include "vm/state.h"

#include <stdlib.h>
#include <string.h>

/* ---- positions ---- */

static void put_number(rf_buffer *out, uint64_t n)
{
    for (; n >= 0x80; n >>= 7) rf_buffer_append_byte(out, (char)(0x80 | (n & 0x7F)));
    rf_buffer_append_byte(out, (char)n);
}

static uint64_t get_number(const uint8_t **at)
{
    uint64_t n = 0;
    unsigned shift = 0;
    while (**at & 0x80) {
        n |= (uint64_t)(*(*at)++ & 0x7F) << shift;
        shift += 7;
    }
    return n | (uint64_t) * (*at)++ << shift;
}

static uint64_t zigzag(int64_t n)
{
    return n < 0 ? ~((uint64_t)n << 1) : (uint64_t)n << 1;
}

static int64_t unzigzag(uint64_t n)
{
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static void encode_lines(const rf_chunk *chunk, rf_buffer *out)
{
    rf_line last = {0, {0, 0}};
    for (size_t i = 0; i < chunk->lines.count; i++) {
        const rf_line *line = &chunk->lines.data[i];
        put_number(out, line->pc - last.pc);
        put_number(out, zigzag((int64_t)line->pos.line - (int64_t)last.pos.line));
        put_number(out, zigzag((int64_t)line->pos.column - (int64_t)last.pos.column));
        last = *line;
    }
}

/* Where a position begins to hold. */
typedef struct line_reader {
    const uint8_t *at, *end;
    uint64_t pc;
    int64_t line, column;
} line_reader;

static line_reader read_lines(const rf_proto *proto)
{
    return (line_reader){.at = proto->lines, .end = proto->lines + proto->line_size};
}

/* The next one, if it begins at pc at the latest. */
static bool read_line(line_reader *r, uint64_t pc)
{
    const uint8_t *at = r->at;
    if (at == r->end) return false;
    const uint64_t begins = r->pc + get_number(&at);
    if (begins > pc) return false;
    r->pc = begins;
    r->line += unzigzag(get_number(&at));
    r->column += unzigzag(get_number(&at));
    r->at = at;
    return true;
}

rf_pos rf_proto_pos(const rf_proto *proto, uint32_t pc)
{
    line_reader r = read_lines(proto);
    while (read_line(&r, pc)) continue;
    return (rf_pos){(uint32_t)r.line, (uint32_t)r.column};
}

rf_pos *rf_proto_positions(const rf_proto *proto)
{
    rf_pos *positions = rf_alloc_array(rf_pos, proto->code_count);
    line_reader r = read_lines(proto);
    for (uint32_t pc = 0; pc < proto->code_count; pc++) {
        while (read_line(&r, pc)) continue;
        positions[pc] = (rf_pos){(uint32_t)r.line, (uint32_t)r.column};
    }
    return positions;
}

const rf_handler *rf_proto_handler(const rf_proto *proto, uint32_t pc)
{
    /* the first that ends behind pc, or one around it */
    uint32_t low = 0, high = proto->handler_count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (proto->handlers[middle].end > pc)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == proto->handler_count) low = RF_NO_HANDLER;
    while (low != RF_NO_HANDLER && proto->handlers[low].start > pc) low = proto->handlers[low].outer;
    return low == RF_NO_HANDLER ? NULL : &proto->handlers[low];
}

/* ---- freeing ---- */

static void release_def(rf_isolate *isolate, rf_structdef *def)
{
    if (def) rf_release_object(isolate, &def->object);
}

static void free_place(rf_isolate *isolate, rf_place_info *place)
{
    for (uint32_t i = 0; i < place->count; i++) release_def(isolate, place->steps[i].def);
    rf_free(place);
}

void rf_proto_free(rf_isolate *isolate, rf_proto *proto)
{
    for (uint32_t i = 0; i < proto->constant_count; i++) rf_release(isolate, proto->constants[i]);
    for (uint32_t i = 0; i < proto->site_count; i++) release_def(isolate, proto->sites[i].def);
    for (uint32_t i = 0; i < proto->literal_count; i++) {
        rf_literal_info *literal = &proto->literals[i];
        release_def(isolate, literal->def);
        if (literal->enum_def) rf_release_object(isolate, &literal->enum_def->object);
        rf_free(literal->fields);
        rf_shape_release(literal->shape);
    }
    for (uint32_t i = 0; i < proto->place_count; i++) free_place(isolate, proto->places[i]);
    for (uint32_t i = 0; i < proto->page_count; i++) rf_free(proto->pages[i]);
    rf_free(proto->pages);
    rf_code_give(&rf_vm_state_of(isolate)->code, proto->code);
    rf_free(proto->constants);
    rf_free(proto->sites);
    rf_free(proto->children);
    rf_free(proto->places);
    rf_free(proto->literals);
    rf_free(proto->handlers);
    rf_free(proto->feedback);
    rf_free(proto->lines);
    rf_free(proto);
}

/* ---- building ---- */

void rf_chunk_init(rf_chunk *chunk, rf_isolate *isolate)
{
    memset(chunk, 0, sizeof *chunk);
    chunk->isolate = isolate;
}

void rf_chunk_release(rf_chunk *chunk)
{
    for (size_t i = 0; i < chunk->constants.count; i++)
        rf_release(chunk->isolate, chunk->constants.data[i]);
    for (size_t i = 0; i < chunk->places.count; i++) rf_free(chunk->places.data[i]);
    for (size_t i = 0; i < chunk->literals.count; i++) rf_shape_release(chunk->literals.data[i].shape);
    rf_vector_release(&chunk->code);
    rf_vector_release(&chunk->lines);
    rf_vector_release(&chunk->constants);
    rf_vector_release(&chunk->sites);
    rf_vector_release(&chunk->children);
    rf_vector_release(&chunk->places);
    rf_vector_release(&chunk->literals);
    rf_vector_release(&chunk->handlers);
    rf_free(chunk->constant_index);
    chunk->constant_index = NULL;
}

static uint32_t emit(rf_chunk *chunk, rf_instruction in)
{
    const uint32_t pc = (uint32_t)chunk->code.count;
    const rf_line *last = chunk->lines.count ? &rf_vector_last(&chunk->lines) : NULL;
    if (!last || last->pos.line != chunk->pos.line || last->pos.column != chunk->pos.column) {
        const rf_line line = {pc, chunk->pos};
        rf_vector_push(&chunk->lines, line);
    }
    rf_vector_push(&chunk->code, in);
    return pc;
}

uint32_t rf_chunk_emit(rf_chunk *chunk, rf_op op, uint32_t a, uint32_t b, uint32_t c)
{
    return emit(chunk, (rf_instruction){(uint16_t)op, (uint16_t)a, {{(uint16_t)b, (uint16_t)c}}});
}

uint32_t rf_chunk_emit_wide(rf_chunk *chunk, rf_op op, uint32_t a, int32_t wide)
{
    rf_instruction in = {.op = (uint16_t)op, .a = (uint16_t)a};
    in.wide = wide;
    return emit(chunk, in);
}

/* ---- constants ---- */

static uint32_t constant_hash(rf_value v)
{
    uint64_t h = (v.head * 0x9E3779B97F4A7C15u) ^ (v.as.bits * 0xC2B2AE3D27D4EB4Fu);
    return (uint32_t)(h ^ h >> 32);
}

static uint32_t *constant_place(const rf_chunk *chunk, rf_value v)
{
    const uint32_t mask = chunk->index_size - 1;
    uint32_t at = constant_hash(v) & mask;
    for (; chunk->constant_index[at]; at = (at + 1) & mask) {
        const rf_value there = chunk->constants.data[chunk->constant_index[at] - 1];
        if (there.head == v.head && there.as.bits == v.as.bits) break;
    }
    return &chunk->constant_index[at];
}

static void grow_index(rf_chunk *chunk)
{
    rf_free(chunk->constant_index);
    chunk->index_size = chunk->index_size ? chunk->index_size * 2 : 32;
    chunk->constant_index = rf_alloc_array_zero(uint32_t, chunk->index_size);
    for (size_t i = 0; i < chunk->constants.count; i++)
        *constant_place(chunk, chunk->constants.data[i]) = (uint32_t)i + 1;
}

/* Strings of the literal pool are interned, so identity is equality; floats are told apart by their bits. */
uint32_t rf_chunk_add_constant(rf_chunk *chunk, rf_value v)
{
    if (chunk->constants.count * 2 >= chunk->index_size) grow_index(chunk);
    uint32_t *place = constant_place(chunk, v);
    if (*place) return *place - 1;
    rf_vector_push(&chunk->constants, rf_copy(v));
    *place = (uint32_t)chunk->constants.count;
    return *place - 1;
}

uint32_t rf_chunk_add_site(rf_chunk *chunk, rf_site site)
{
    rf_vector_push(&chunk->sites, site);
    return (uint32_t)chunk->sites.count - 1;
}

uint32_t rf_chunk_add_child(rf_chunk *chunk, rf_proto *child)
{
    const uint32_t hint = child->child_hint;
    if (hint < chunk->children.count && chunk->children.data[hint] == child) return hint;
    rf_vector_push(&chunk->children, child);
    child->child_hint = (uint32_t)chunk->children.count - 1;
    return child->child_hint;
}

/* ---- handing over ---- */

#define MOVE_VECTOR(vector, target, target_count)                                                \
    do {                                                                                         \
        (target) = (vector)->data;                                                               \
        (target_count) = (uint32_t)(vector)->count;                                              \
        (vector)->data = NULL;                                                                   \
        (vector)->count = (vector)->capacity = 0;                                                \
    } while (0)

/* The entries from start on; what is not there is never asked for. */
#define FURTHER(table, start) ((start) < proto->table##_count ? proto->table##s + (start) : NULL)

static void make_pages(rf_proto *proto, uint32_t count)
{
    proto->pages = rf_alloc_array(rf_proto *, count);
    proto->page_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t start = (i + 1) * RF_PAGE_SIZE;
        rf_proto *page = proto->pages[i] = rf_new(rf_proto);
        *page = *proto;
        page->main = proto;
        page->constants = FURTHER(constant, start);
        page->sites = FURTHER(site, start);
        page->places = FURTHER(place, start);
        page->literals = FURTHER(literal, start);
        page->children = start < proto->child_count ? proto->children + start : NULL;
    }
}

static int compare_handlers(const void *left, const void *right)
{
    const rf_handler *a = left, *b = right;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return (a->start < b->start) - (a->start > b->start);
}

static void take_code(rf_chunk *chunk, rf_proto *proto)
{
    rf_vm_state *state = rf_vm_state_of(chunk->isolate);
    rf_code_give(&state->code, proto->code);
    proto->code = rf_code_take(&state->code, chunk->code.count);
    proto->code_count = (uint32_t)chunk->code.count;
    if (proto->code_count) memcpy(proto->code, chunk->code.data, proto->code_count * sizeof *proto->code);
}

/* They lie in one another or apart. */
static void nest_handlers(rf_proto *proto)
{
    rf_handler *handlers = proto->handlers;
    if (!proto->handler_count) return;
    qsort(handlers, proto->handler_count, sizeof *handlers, compare_handlers);
    uint32_t outer = RF_NO_HANDLER;
    for (uint32_t i = proto->handler_count; i-- > 0; outer = i) {
        while (outer != RF_NO_HANDLER && handlers[outer].start >= handlers[i].end) outer = handlers[outer].outer;
        handlers[i].outer = outer;
    }
}

void rf_chunk_finish(rf_chunk *chunk, rf_proto *proto, uint32_t last_page)
{
    rf_buffer lines = RF_BUFFER_INIT;
    encode_lines(chunk, &lines);
    proto->line_size = (uint32_t)lines.size;
    proto->lines = (uint8_t *)rf_buffer_take(&lines);
    take_code(chunk, proto);
    MOVE_VECTOR(&chunk->constants, proto->constants, proto->constant_count);
    MOVE_VECTOR(&chunk->sites, proto->sites, proto->site_count);
    MOVE_VECTOR(&chunk->children, proto->children, proto->child_count);
    MOVE_VECTOR(&chunk->places, proto->places, proto->place_count);
    MOVE_VECTOR(&chunk->literals, proto->literals, proto->literal_count);
    MOVE_VECTOR(&chunk->handlers, proto->handlers, proto->handler_count);
    rf_chunk_release(chunk);
    nest_handlers(proto);
    if (last_page) make_pages(proto, last_page);
}
