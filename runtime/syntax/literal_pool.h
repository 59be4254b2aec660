/* The texts of one unit, each once: names, string literals, keys.
 *
 * The pool fills unit->literals; the table is needed only while the unit is being built. */
#ifndef RF_SYNTAX_LITERAL_POOL_H
#define RF_SYNTAX_LITERAL_POOL_H

#include "syntax/unit.h"

typedef struct rf_pool_entry {
    const rf_symbol *symbol; /* NULL: free */
    uint32_t hash;
    uint8_t kind; /* rf_token_kind of the text as a word: NAME or a keyword */
    uint8_t word; /* rf_word_kind */
} rf_pool_entry;

typedef struct rf_literal_pool {
    rf_unit *unit;          /* borrows: its arena and literals */
    rf_pool_entry *entries; /* owned; open addressing */
    uint32_t count, capacity;
} rf_literal_pool;

void rf_literal_pool_init(rf_literal_pool *pool, rf_unit *unit);
void rf_literal_pool_release(rf_literal_pool *pool);
/* The entry of text, made when it is new; borrowed until the next call. */
const rf_pool_entry *rf_literal_pool_intern(rf_literal_pool *pool, const char *text, size_t size);
const rf_symbol *rf_literal_pool_symbol(rf_literal_pool *pool, const char *text);

#endif
