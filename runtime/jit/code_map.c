/* Ranges sorted by address; code is only ever added, mostly behind all there is. */
#include "jit/code_map.h"

#include <string.h>

void rf_code_map_init(rf_code_map *map)
{
    memset(map, 0, sizeof *map);
    pthread_mutex_init(&map->lock, NULL);
}

void rf_code_map_release(rf_code_map *map)
{
    rf_vector_release(&map->ranges);
    pthread_mutex_destroy(&map->lock);
}

/* How many ranges start at or before address. */
static size_t count_before(const rf_code_map *map, const char *address)
{
    size_t low = 0, high = map->ranges.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (map->ranges.data[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void insert(rf_code_map *map, rf_code_range range)
{
    const size_t at = count_before(map, range.start);
    rf_vector_push(&map->ranges, range);
    memmove(&map->ranges.data[at + 1], &map->ranges.data[at], (map->ranges.count - 1 - at) * sizeof *map->ranges.data);
    map->ranges.data[at] = range;
}

void rf_code_map_add(rf_code_map *map, const void *start, const rf_proto *proto, bool has_frame)
{
    pthread_mutex_lock(&map->lock);
    insert(map, (rf_code_range){.start = start, .proto = proto, .at = proto->code, .has_frame = has_frame});
    pthread_mutex_unlock(&map->lock);
}

/* The instruction of that number among those of all functions. */
static const rf_instruction *instruction_of(uint64_t number, rf_proto *const *protos, uint32_t count, const rf_proto **proto)
{
    if (!number--) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        *proto = protos[i];
        if (number < protos[i]->code_count) return &protos[i]->code[number];
        number -= protos[i]->code_count;
    }
    return NULL;
}

static void add_frame(rf_code_map *map, const char *start, uint32_t size)
{
    const size_t before = count_before(map, start);
    if (!before || !map->ranges.data[before - 1].proto) return;
    rf_code_range range = map->ranges.data[before - 1];
    range.start = start;
    range.frame_size = size;
    insert(map, range);
}

/* Instructions of a callee within a function are at the function's last own one. */
static void add_line(rf_code_map *map, const char *start, const rf_proto *proto, const rf_instruction *at)
{
    const size_t before = count_before(map, start);
    if (!before || !map->ranges.data[before - 1].proto) return;
    rf_code_range range = map->ranges.data[before - 1];
    range.start = start;
    range.inlined = range.proto == proto ? NULL : proto;
    range.inlined_at = range.inlined ? at : NULL;
    if (!range.inlined) range.at = at;
    insert(map, range);
}

void rf_code_map_add_lines(rf_code_map *map, const rf_wire_line *lines, size_t line_count, const void *code, size_t size,
                           rf_proto *const *protos, uint32_t count)
{
    pthread_mutex_lock(&map->lock);
    for (size_t i = 0; i < line_count; i++) {
        const rf_proto *proto;
        const uint64_t offset = lines[i].address - (uint64_t)(uintptr_t)code;
        if (lines[i].number >= RF_WIRE_FRAME && offset < size) {
            add_frame(map, (const char *)code + offset, (uint32_t)lines[i].number);
            continue;
        }
        const rf_instruction *at = instruction_of(lines[i].number, protos, count, &proto);
        if (at && offset < size) add_line(map, (const char *)code + offset, proto, at);
    }
    pthread_mutex_unlock(&map->lock);
}

void rf_code_map_end(rf_code_map *map, const void *end)
{
    pthread_mutex_lock(&map->lock);
    insert(map, (rf_code_range){.start = end});
    pthread_mutex_unlock(&map->lock);
}

void rf_code_map_each(rf_code_map *map, const char *start, void (*visit)(void *context, const rf_code_range *ranges, size_t count, const char *end),
                      void *context)
{
    pthread_mutex_lock(&map->lock);
    const rf_code_range *ranges = map->ranges.data;
    for (size_t from = 0, to; from < map->ranges.count; from = to) {
        to = from + 1;
        while (to < map->ranges.count && ranges[to].proto == ranges[from].proto &&
               ranges[to].has_frame == ranges[from].has_frame)
            to++;
        if (ranges[from].proto && ranges[from].start >= start && to < map->ranges.count)
            visit(context, ranges + from, to - from, ranges[to].start);
    }
    pthread_mutex_unlock(&map->lock);
}

bool rf_code_map_find(rf_code_map *map, const void *address, rf_code_range *out)
{
    pthread_mutex_lock(&map->lock);
    const size_t count = count_before(map, address);
    if (count) *out = map->ranges.data[count - 1];
    pthread_mutex_unlock(&map->lock);
    return count && out->proto;
}

void rf_code_map_forget(rf_code_map *map, const rf_proto *proto)
{
    pthread_mutex_lock(&map->lock);
    for (size_t i = 0; i < map->ranges.count; i++) {
        rf_code_range *range = &map->ranges.data[i];
        if (range->proto == proto) range->proto = NULL;
        if (range->inlined == proto) range->inlined = NULL;
    }
    pthread_mutex_unlock(&map->lock);
}
