/* Interning by open addressing with linear probing; the load stays below one half. */
#include "syntax/literal_pool.h"

#include "syntax/token.h"

#include <string.h>

enum { FIRST_CAPACITY = 64 };

typedef struct known_word {
    const char *text;
    uint8_t size, kind, word;
} known_word;

/* Only texts new to the unit are looked up here, so a plain scan is enough. */
static const known_word known_words[] = {
#define RF_KEYWORD(name, text) {text, sizeof text - 1, RF_TOKEN_##name, RF_WORD_NONE},
#define RF_WORD(name, text) {text, sizeof text - 1, RF_TOKEN_NAME, RF_WORD_##name},
#include "syntax/token.def"
};

static void classify(rf_pool_entry *entry, const char *text, size_t size)
{
    entry->kind = RF_TOKEN_NAME;
    entry->word = RF_WORD_NONE;
    for (size_t i = 0; i < RF_COUNT_OF(known_words); i++) {
        const known_word *known = &known_words[i];
        if (known->size != size || memcmp(known->text, text, size) != 0) continue;
        entry->kind = known->kind;
        entry->word = known->word;
        return;
    }
}

void rf_literal_pool_init(rf_literal_pool *pool, rf_unit *unit)
{
    *pool = (rf_literal_pool){unit, rf_alloc_array_zero(rf_pool_entry, FIRST_CAPACITY), 0, FIRST_CAPACITY};
}

void rf_literal_pool_release(rf_literal_pool *pool)
{
    rf_free(pool->entries);
    *pool = (rf_literal_pool){NULL, NULL, 0, 0};
}

static void grow(rf_literal_pool *pool)
{
    uint32_t capacity = pool->capacity * 2;
    rf_pool_entry *entries = rf_alloc_array_zero(rf_pool_entry, capacity);
    for (uint32_t i = 0; i < pool->capacity; i++) {
        if (!pool->entries[i].symbol) continue;
        uint32_t at = pool->entries[i].hash & (capacity - 1);
        while (entries[at].symbol) at = (at + 1) & (capacity - 1);
        entries[at] = pool->entries[i];
    }
    rf_free(pool->entries);
    pool->entries = entries;
    pool->capacity = capacity;
}

/* FNV-1a over eight bytes at a time, then mixed; nothing observable depends on it. */
static uint32_t hash_text(const char *text, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ size;
    for (; size >= 8; text += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    for (; size; text++, size--) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    hash ^= hash >> 29;
    hash *= UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(hash >> 32);
}

const rf_pool_entry *rf_literal_pool_intern(rf_literal_pool *pool, const char *text, size_t size)
{
    uint32_t hash = hash_text(text, size);
    uint32_t mask = pool->capacity - 1, at = hash & mask;
    for (const rf_pool_entry *entry; (entry = &pool->entries[at])->symbol; at = (at + 1) & mask)
        if (entry->hash == hash && entry->symbol->size == size &&
            memcmp(entry->symbol->text, text, size) == 0)
            return entry;
    if (pool->count * 2 >= pool->capacity) {
        grow(pool);
        mask = pool->capacity - 1;
        for (at = hash & mask; pool->entries[at].symbol;) at = (at + 1) & mask;
    }
    rf_symbol *symbol = rf_arena_alloc(&pool->unit->arena, sizeof *symbol + size + 1);
    symbol->literal = (uint32_t)pool->unit->literals.count;
    symbol->size = (uint32_t)size;
    if (size) memcpy(symbol->text, text, size);
    rf_vector_push(&pool->unit->literals, ((rf_literal){symbol->text, symbol->size}));
    rf_pool_entry *entry = &pool->entries[at];
    entry->symbol = symbol;
    entry->hash = hash;
    classify(entry, text, size);
    pool->count++;
    return entry;
}

const rf_symbol *rf_literal_pool_symbol(rf_literal_pool *pool, const char *text)
{
    return rf_literal_pool_intern(pool, text, strlen(text))->symbol;
}
