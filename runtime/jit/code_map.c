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

void rf_code_map_add(rf_code_map *map, const void *start, const rf_proto *proto)
{
    pthread_mutex_lock(&map->lock);
    const size_t at = count_before(map, start);
    rf_vector_push(&map->ranges, ((rf_code_range){NULL, NULL}));
    memmove(&map->ranges.data[at + 1], &map->ranges.data[at], (map->ranges.count - 1 - at) * sizeof *map->ranges.data);
    map->ranges.data[at] = (rf_code_range){start, proto};
    pthread_mutex_unlock(&map->lock);
}

const rf_proto *rf_code_map_find(rf_code_map *map, const void *address)
{
    pthread_mutex_lock(&map->lock);
    const size_t count = count_before(map, address);
    const rf_proto *proto = count ? map->ranges.data[count - 1].proto : NULL;
    pthread_mutex_unlock(&map->lock);
    return proto;
}

void rf_code_map_forget(rf_code_map *map, const rf_proto *proto)
{
    pthread_mutex_lock(&map->lock);
    for (size_t i = 0; i < map->ranges.count; i++)
        if (map->ranges.data[i].proto == proto) map->ranges.data[i].proto = NULL;
    pthread_mutex_unlock(&map->lock);
}
