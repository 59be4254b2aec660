/* pprof's gzipped protocol buffer (google/pprof, profile.proto; field numbers are those of its messages).
 *
 * Every frame is a location of its own, inlined ones too: readers that look at one line a location lose nothing. */
#include "report/writer.h"

#include "report/frame_name.h"
#include "report/slice_order.h"

#include <string.h>
#include <zlib.h>

/* ---- protocol buffers ---- */

static void append_varint(rf_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) rf_buffer_append_byte(out, (char)(value | 0x80));
    rf_buffer_append_byte(out, (char)value);
}

static void append_number(rf_buffer *out, unsigned field, uint64_t value)
{
    if (!value) return; /* the default */
    append_varint(out, field << 3);
    append_varint(out, value);
}

static void append_bytes(rf_buffer *out, unsigned field, const void *bytes, size_t size)
{
    append_varint(out, field << 3 | 2);
    append_varint(out, size);
    rf_buffer_append(out, bytes, size);
}

static void append_message(rf_buffer *out, unsigned field, rf_buffer *message)
{
    append_bytes(out, field, message->data, message->size);
    rf_buffer_clear(message);
}

/* ---- the string table ---- */

typedef struct strings {
    RF_VECTOR(char *) texts; /* owned */
    uint32_t *slots, mask;   /* open addressing: index + 1 */
} strings;

static uint32_t hash_text(const char *text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

static uint64_t string_index(strings *it, const char *text)
{
    uint32_t slot = hash_text(text) & it->mask;
    for (; it->slots[slot]; slot = (slot + 1) & it->mask)
        if (strcmp(it->texts.data[it->slots[slot] - 1], text) == 0) return it->slots[slot] - 1;
    rf_vector_push(&it->texts, rf_strdup(text));
    it->slots[slot] = (uint32_t)it->texts.count;
    if (it->texts.count * 2 > it->mask) {
        it->mask = it->mask * 2 + 1;
        rf_free(it->slots);
        it->slots = rf_alloc_array_zero(uint32_t, it->mask + 1u);
        for (uint32_t i = 0; i < it->texts.count; i++) {
            uint32_t free_slot = hash_text(it->texts.data[i]) & it->mask;
            while (it->slots[free_slot]) free_slot = (free_slot + 1) & it->mask;
            it->slots[free_slot] = i + 1;
        }
    }
    return it->texts.count - 1;
}

/* ---- messages of profile.proto ---- */

enum { /* fields of Profile */
    SAMPLE_TYPE = 1,
    SAMPLE = 2,
    LOCATION = 4,
    FUNCTION = 5,
    STRING_TABLE = 6,
    TIME_NANOS = 9,
    DURATION_NANOS = 10,
    PERIOD_TYPE = 11,
    PERIOD = 12,
    COMMENT = 13,
    DEFAULT_SAMPLE_TYPE = 14
};

static void append_type(rf_buffer *out, strings *texts, unsigned field, const char *type, const char *unit)
{
    rf_buffer message = RF_BUFFER_INIT;
    append_number(&message, 1, string_index(texts, type));
    append_number(&message, 2, string_index(texts, unit));
    append_message(out, field, &message);
    rf_buffer_release(&message);
}

static void append_text_label(rf_buffer *sample, strings *texts, const char *key, const char *value)
{
    rf_buffer message = RF_BUFFER_INIT;
    append_number(&message, 1, string_index(texts, key));
    append_number(&message, 2, string_index(texts, value));
    append_message(sample, 3, &message);
    rf_buffer_release(&message);
}

static void append_sample(rf_buffer *out, strings *texts, const rf_profile *profile, const rf_prof_sample *it, rf_buffer *message)
{
    rf_buffer packed = RF_BUFFER_INIT;
    for (uint32_t at = it->stack; at; at = profile->stacks.data[at].parent) /* innermost first */
        append_varint(&packed, profile->stacks.data[at].frame);
    append_message(message, 1, &packed);
    const uint64_t values[] = {it->ticks, it->cpu_ns, it->wall_ns, it->alloc_count, it->alloc_bytes};
    for (size_t i = 0; i < RF_COUNT_OF(values); i++) append_varint(&packed, values[i]);
    append_message(message, 2, &packed);
    append_text_label(message, texts, "tier", rf_prof_tiers[rf_report_sample_tier(profile, it)].tag);
    if (it->label) append_text_label(message, texts, "zone", profile->labels.data[it->label]);
    if (profile->run.threads > 1) {
        append_number(&packed, 1, string_index(texts, "thread"));
        append_number(&packed, 3, it->thread);
        append_message(message, 3, &packed);
    }
    append_message(out, SAMPLE, message);
    rf_buffer_release(&packed);
}

static void append_locations(rf_buffer *out, strings *texts, const rf_profile *profile)
{
    rf_buffer message = RF_BUFFER_INIT, line = RF_BUFFER_INIT, name = RF_BUFFER_INIT;
    for (uint32_t i = 1; i < profile->frames.count; i++) {
        const rf_prof_frame *frame = &profile->frames.data[i];
        append_number(&message, 1, i);
        append_number(&line, 1, frame->func + 1u); /* identities start at 1 */
        append_number(&line, 2, frame->line);
        append_message(&message, 4, &line);
        append_message(out, LOCATION, &message);
    }
    for (uint32_t i = 0; i < profile->funcs.count; i++) {
        const rf_prof_func *func = &profile->funcs.data[i];
        rf_buffer_clear(&name);
        rf_report_append_name(&name, profile, i);
        const uint64_t text = string_index(texts, name.data);
        append_number(&message, 1, i + 1u);
        append_number(&message, 2, text);
        append_number(&message, 3, text);
        if (func->file) append_number(&message, 4, string_index(texts, profile->files.data[func->file].path));
        append_number(&message, 5, func->line);
        append_message(out, FUNCTION, &message);
    }
    rf_buffer_release(&message);
    rf_buffer_release(&line);
    rf_buffer_release(&name);
}

static void append_profile(rf_buffer *out, const rf_profile *profile)
{
    static const char *const types[][2] = {{"samples", "count"}, {"cpu", "nanoseconds"}, {"wall", "nanoseconds"},
                                           {"alloc_objects", "count"}, {"alloc_space", "bytes"}};
    strings texts = {.mask = 255};
    rf_buffer message = RF_BUFFER_INIT;
    texts.slots = rf_alloc_array_zero(uint32_t, texts.mask + 1u);
    string_index(&texts, "");
    for (size_t i = 0; i < RF_COUNT_OF(types); i++) append_type(out, &texts, SAMPLE_TYPE, types[i][0], types[i][1]);
    size_t count;
    uint32_t *order = rf_report_order_samples(profile, &count);
    for (size_t i = 0; i < count; i++)
        if (profile->samples.data[order[i]].stack)
            append_sample(out, &texts, profile, &profile->samples.data[order[i]], &message);
    append_locations(out, &texts, profile);
    append_number(out, TIME_NANOS, (uint64_t)profile->run.started_unix * 1000000000u);
    append_number(out, DURATION_NANOS, profile->run.wall_ns);
    append_type(out, &texts, PERIOD_TYPE, "cpu", "nanoseconds");
    append_number(out, PERIOD, profile->run.asked_hz > 0 ? (uint64_t)(1e9 / profile->run.asked_hz) : 0);
    if (profile->run.script) append_number(out, COMMENT, string_index(&texts, profile->run.script));
    append_number(out, DEFAULT_SAMPLE_TYPE, string_index(&texts, "cpu"));
    for (size_t i = 0; i < texts.texts.count; i++)
        append_bytes(out, STRING_TABLE, texts.texts.data[i], strlen(texts.texts.data[i]));
    for (size_t i = 0; i < texts.texts.count; i++) rf_free(texts.texts.data[i]);
    rf_vector_release(&texts.texts);
    rf_free(texts.slots);
    rf_free(order);
    rf_buffer_release(&message);
}

void rf_report_pprof(const rf_profile *profile, rf_buffer *out)
{
    rf_buffer plain = RF_BUFFER_INIT;
    append_profile(&plain, profile);
    z_stream stream = {.next_in = (unsigned char *)plain.data, .avail_in = (uInt)plain.size};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16 /* gzip */, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        rf_out_of_memory(); /* its only reason here */
    const size_t bound = deflateBound(&stream, (uLong)plain.size);
    rf_buffer_reserve(out, bound);
    stream.next_out = (unsigned char *)out->data + out->size;
    stream.avail_out = (uInt)bound;
    deflate(&stream, Z_FINISH);
    out->size += stream.total_out;
    deflateEnd(&stream);
    rf_buffer_release(&plain);
}
