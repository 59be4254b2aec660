#include "suite/place.h"

#include "base/buffer.h"

#include <string.h>
#include <yaml.h>

typedef struct walker {
    place_index *index;
    yaml_parser_t parser;
    rf_buffer path; /* of the value that comes next */
    unsigned depth;
} walker;

enum { DEEPEST = 32 }; /* suites have four levels; what is deeper is refused by the schema anyway */

static bool next_event(walker *walk, yaml_event_t *event)
{
    return yaml_parser_parse(&walk->parser, event) != 0;
}

static void remember(walker *walk, size_t key_at, const yaml_mark_t *key, const yaml_mark_t *value)
{
    place_entry entry = {.path =
                             rf_strndup(walk->path.data ? walk->path.data : "", walk->path.size),
                         .key_line = (unsigned)key->line + 1,
                         .key_column = (unsigned)key->column + 1,
                         .line = (unsigned)value->line + 1,
                         .column = (unsigned)value->column + 1};
    entry.key = entry.path + key_at;
    rf_vector_push(&walk->index->entries, entry);
}

static void cut_path(walker *walk, size_t size)
{
    walk->path.size = size;
    if (walk->path.data) walk->path.data[size] = '\0';
}

static bool walk_value(walker *walk, const yaml_event_t *event);

static bool walk_sequence(walker *walk)
{
    size_t size = walk->path.size;
    for (unsigned i = 0;; i++) {
        yaml_event_t event;
        if (!next_event(walk, &event)) return false;
        bool ended = event.type == YAML_SEQUENCE_END_EVENT;
        bool fine = true;
        if (!ended) {
            rf_buffer_format(&walk->path, "[%u]", i);
            remember(walk, size, &event.start_mark, &event.start_mark);
            fine = walk_value(walk, &event);
            cut_path(walk, size);
        }
        yaml_event_delete(&event);
        if (ended || !fine) return fine;
    }
}

static bool walk_pair(walker *walk, const yaml_event_t *key)
{
    size_t size = walk->path.size;
    if (size) rf_buffer_append_byte(&walk->path, '.');
    size_t key_at = walk->path.size;
    if (key->type == YAML_SCALAR_EVENT)
        rf_buffer_append(&walk->path, key->data.scalar.value, key->data.scalar.length);
    else
        rf_buffer_append_byte(&walk->path, '?');
    yaml_event_t value;
    if (!next_event(walk, &value)) return false;
    remember(walk, key_at, &key->start_mark, &value.start_mark);
    bool fine = walk_value(walk, &value);
    yaml_event_delete(&value);
    cut_path(walk, size);
    return fine;
}

static bool walk_mapping(walker *walk)
{
    for (;;) {
        yaml_event_t key;
        if (!next_event(walk, &key)) return false;
        bool ended = key.type == YAML_MAPPING_END_EVENT;
        bool fine = ended || (key.type == YAML_SCALAR_EVENT && walk_pair(walk, &key));
        yaml_event_delete(&key);
        if (ended || !fine) return fine;
    }
}

/* Reads up to the end of the value that `event` begins. */
static bool walk_value(walker *walk, const yaml_event_t *event)
{
    if (walk->depth == DEEPEST) return false;
    walk->depth++;
    bool fine = event->type == YAML_MAPPING_START_EVENT    ? walk_mapping(walk)
                : event->type == YAML_SEQUENCE_START_EVENT ? walk_sequence(walk)
                                                           : true;
    walk->depth--;
    return fine;
}

void place_index_build(place_index *index, const char *text, size_t size)
{
    walker walk = {.index = index, .path = RF_BUFFER_INIT};
    if (!yaml_parser_initialize(&walk.parser)) return;
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)text, size);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!next_event(&walk, &event)) break;
        more = event.type != YAML_STREAM_END_EVENT && walk_value(&walk, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&walk.parser);
    rf_buffer_release(&walk.path);
}

const place_entry *place_index_find(const place_index *index, const char *path)
{
    for (size_t i = 0; i < index->entries.count; i++)
        if (strcmp(index->entries.data[i].path, path) == 0) return &index->entries.data[i];
    return NULL;
}

const place_entry *place_index_find_key(const place_index *index, const char *key, unsigned line)
{
    for (size_t i = 0; i < index->entries.count; i++) {
        const place_entry *entry = &index->entries.data[i];
        if (entry->key_line >= line && strcmp(entry->key, key) == 0) return entry;
    }
    return NULL;
}

const place_entry *place_index_find_repeated(const place_index *index)
{
    for (size_t i = 0; i < index->entries.count; i++)
        if (place_index_find(index, index->entries.data[i].path) != &index->entries.data[i])
            return &index->entries.data[i];
    return NULL;
}

void place_index_release(place_index *index)
{
    for (size_t i = 0; i < index->entries.count; i++) rf_free(index->entries.data[i].path);
    rf_vector_release(&index->entries);
}
