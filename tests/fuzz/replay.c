#include "fuzz/replay.h"

#ifndef RF_LIBFUZZER

#include "base/alloc.h"
#include "base/file.h"
#include "base/vector.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct corpus {
    RF_VECTOR(rf_buffer) files;
} corpus;

/* xorshift64*, Vigna 2016: enough to pick places */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static size_t pick(uint64_t *state, size_t count)
{
    return count ? (size_t)(next_random(state) % count) : 0;
}

/* What is likely to matter to a reader of programs. */
static const char *const fragments[] = {
    "(", ")", "[", "]", "{", "}", "\"", "'", "${", "\\", "\n", "\r\n", ";", ",", ":", ":=", "=", "...", "|", "||", "?", "?.",
    ".", "->", "::", "*", "-", "+=", "#", "//", "/*", "*/", "_", "0x", "1e9", "12abc", "if ", "else ", "func ", "func* ",
    "fn ", "return ", "let ", "const ", "for ", " in ", "match ", "case ", "default", "struct ", "enum ", "self", "spawn ",
    "try ", "except ", "yield ", "throw ", "await ", "async ", "import ", "from ", "export ", "pub ", "test ", "test_group ",
    "test_setup ", "break", "continue", "while ", "loop ", "not ", "and ", "null", "Result::Ok", "x", "y", "push(x, 1)",
    "x.pop()", "\xC3\xA9", "\xFF", "\xEF\xBB\xBF",
};

static void insert(rf_buffer *text, size_t at, const char *bytes, size_t size)
{
    rf_buffer_reserve(text, size);
    memmove(text->data + at + size, text->data + at, text->size - at);
    memcpy(text->data + at, bytes, size);
    text->size += size;
}

static void erase(rf_buffer *text, size_t at, size_t size)
{
    memmove(text->data + at, text->data + at + size, text->size - at - size);
    text->size -= size;
}

static void mutate(rf_buffer *text, const corpus *from, uint64_t *state)
{
    size_t at = pick(state, text->size + 1), left = text->size - at;
    size_t size = 1 + pick(state, 30);
    if (size > left) size = left;
    switch (pick(state, 6)) {
    case 0: {
        const char *fragment = fragments[pick(state, sizeof fragments / sizeof *fragments)];
        insert(text, at, fragment, strlen(fragment));
        break;
    }
    case 1: erase(text, at, size); break;
    case 2:
        if (left) text->data[at] = (char)pick(state, 256);
        break;
    case 3: { /* repeat a piece */
        char *copy = rf_strndup(text->data + at, size);
        for (size_t i = pick(state, 4) + 1; i; i--) insert(text, at, copy, size);
        rf_free(copy);
        break;
    }
    case 4: { /* a piece of another file */
        const rf_buffer *other = &from->files.data[pick(state, from->files.count)];
        size_t start = pick(state, other->size), most = other->size - start;
        size_t taken = 1 + pick(state, 200);
        if (most) insert(text, at, other->data + start, taken < most ? taken : most);
        break;
    }
    default: erase(text, at, left ? pick(state, left) : 0); break;
    }
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void load(corpus *c, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, by_name); /* the order of the seed must not depend on the disk */
    for (int i = 0; i < count; i++) {
        rf_buffer path = RF_BUFFER_INIT, bytes = RF_BUFFER_INIT;
        rf_buffer_format(&path, "%s/%s", folder, entries[i]->d_name);
        rf_buffer_reserve(&bytes, 1);
        if (entries[i]->d_name[0] != '.' && rf_file_read(path.data, &bytes, NULL) == RUFF_OK)
            rf_vector_push(&c->files, bytes);
        else
            rf_buffer_release(&bytes);
        rf_buffer_release(&path);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: %s CORPUS COUNT [SEED]\n", argv[0]);
        return 2;
    }
    corpus c = {0};
    load(&c, argv[1]);
    if (!c.files.count) {
        fprintf(stderr, "%s: no files in %s\n", argv[0], argv[1]);
        return 1;
    }
    uint64_t state = (argc > 3 ? strtoull(argv[3], NULL, 10) : 1) * UINT64_C(0x9E3779B97F4A7C15);
    if (!state) state = 1;
    for (size_t i = 0; i < c.files.count; i++)
        LLVMFuzzerTestOneInput((const uint8_t *)c.files.data[i].data, c.files.data[i].size);
    size_t wanted = (size_t)strtoul(argv[2], NULL, 10);
    for (size_t i = 0; i < wanted; i++) {
        rf_buffer text = RF_BUFFER_INIT;
        const rf_buffer *base = &c.files.data[pick(&state, c.files.count)];
        rf_buffer_reserve(&text, 1);
        rf_buffer_append(&text, base->data, base->size);
        for (size_t k = 1 + pick(&state, 8); k; k--) mutate(&text, &c, &state);
        LLVMFuzzerTestOneInput((const uint8_t *)text.data, text.size);
        rf_buffer_release(&text);
    }
    printf("%zu files, %zu mutations\n", c.files.count, wanted);
    for (size_t i = 0; i < c.files.count; i++) rf_buffer_release(&c.files.data[i]);
    rf_vector_release(&c.files);
    return 0;
}

#endif
