#include "value/intern.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <string.h>

enum { IMMORTAL = -1, FIRST_SLOTS = 256 };

static rf_string *new_immortal(rf_isolate *isolate, const char *text, size_t size)
{
    rf_value v = rf_string_new_raw(isolate, size, rf_utf8_count(text, size));
    rf_string *s = v.as.string;
    if (size) memcpy(s->text, text, size);
    rf_string_hash(s);
    s->object.flags |= RF_STRING_INTERNED;
    s->object.count = IMMORTAL;
    return s;
}

void rf_intern_init(rf_isolate *isolate)
{
    rf_intern *table = rf_new(rf_intern);
    table->slots = rf_alloc_array_zero(rf_string *, FIRST_SLOTS);
    table->mask = FIRST_SLOTS - 1;
    isolate->interned = table;
    table->empty = new_immortal(isolate, "", 0);
    for (unsigned c = 0; c < 128; c++) {
        char text = (char)c;
        table->ascii[c] = new_immortal(isolate, &text, 1);
    }
}

void rf_intern_release(rf_isolate *isolate)
{
    rf_intern *table = isolate->interned;
    if (!table) return;
    for (size_t i = 0; i <= table->mask; i++)
        if (table->slots[i]) rf_free_object(isolate, &table->slots[i]->object);
    for (unsigned c = 0; c < 128; c++) rf_free_object(isolate, &table->ascii[c]->object);
    rf_free_object(isolate, &table->empty->object);
    rf_free(table->slots);
    rf_free(table);
    isolate->interned = NULL;
}

static rf_string **find_slot(rf_intern *table, const char *text, size_t size, uint32_t hash)
{
    size_t at = hash & table->mask;
    for (;; at = (at + 1) & table->mask) {
        rf_string *s = table->slots[at];
        if (!s || (s->hash == hash && s->size == size && memcmp(s->text, text, size) == 0))
            return &table->slots[at];
    }
}

static void grow(rf_intern *table)
{
    rf_string **old = table->slots;
    size_t old_mask = table->mask;
    table->mask = old_mask * 2 + 1;
    table->slots = rf_alloc_array_zero(rf_string *, table->mask + 1);
    for (size_t i = 0; i <= old_mask; i++) {
        rf_string *s = old[i];
        if (s) *find_slot(table, s->text, s->size, s->hash) = s;
    }
    rf_free(old);
}

rf_value rf_string_intern(rf_isolate *isolate, const char *text, size_t size)
{
    rf_intern *table = isolate->interned;
    if (size == 0) return rf_object_value(RF_STRING, table->empty);
    if (size == 1 && (unsigned char)text[0] < 128)
        return rf_object_value(RF_STRING, table->ascii[(unsigned char)text[0]]);
    uint32_t hash = rf_hash_text(text, size);
    rf_string **slot = find_slot(table, text, size, hash);
    if (!*slot) {
        *slot = new_immortal(isolate, text, size);
        rf_string *s = *slot;
        if (++table->count > table->mask / 2) grow(table);
        return rf_object_value(RF_STRING, s);
    }
    return rf_object_value(RF_STRING, *slot);
}
