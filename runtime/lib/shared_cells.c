/* Named cells that all tasks and workers of a program share (BUILTINS 32).
 *
 * A cell holds a value without objects as it is and any other as a packet, of which every reader
 * makes its own copy. The table is under the program's lock of shared state; its chains are found
 * by a hash of the key. */
#include "base/alloc.h"
#include "lib/args.h"
#include "lib/builtins.h"
#include "sched/sched.h"
#include "value/string.h"
#include "value/transfer.h"

#include <string.h>

typedef struct cell {
    struct cell *next;
    rf_value plain;
    rf_packet *packet; /* NULL: plain */
    uint32_t hash, size;
    char key[];
} cell;

typedef struct cell_table {
    cell **chains; /* NULL while empty */
    uint32_t count, mask;
} cell_table;

static void free_cell(cell *c)
{
    if (c->packet) rf_packet_free(c->packet);
    rf_free(c);
}

static void release_table(void *memory)
{
    cell_table *table = memory;
    for (uint32_t i = 0; table->chains && i <= table->mask; i++) {
        while (table->chains[i]) {
            cell *c = table->chains[i];
            table->chains[i] = c->next;
            free_cell(c);
        }
    }
    rf_free(table->chains);
}

static cell_table *lock_table(rf_isolate *isolate)
{
    return rf_shared_lock(isolate, RF_SHARED_CELLS, sizeof(cell_table), release_table);
}

static uint32_t hash_key(const rf_string *key)
{
    uint32_t hash = 2166136261u; /* FNV-1a: the seed of string hashes belongs to the isolate */
    for (uint32_t i = 0; i < key->size; i++)
        hash = (hash ^ (unsigned char)key->text[i]) * 16777619u;
    return hash;
}

static void grow(cell_table *table)
{
    const uint32_t size = table->chains ? (table->mask + 1) * 2 : 16;
    cell **chains = rf_alloc_array_zero(cell *, size);
    for (uint32_t i = 0; table->chains && i <= table->mask; i++) {
        while (table->chains[i]) {
            cell *c = table->chains[i];
            table->chains[i] = c->next;
            c->next = chains[c->hash & (size - 1)];
            chains[c->hash & (size - 1)] = c;
        }
    }
    rf_free(table->chains);
    table->chains = chains;
    table->mask = size - 1;
}

/* Where the pointer to the cell of key is, or the end of the chain where it would be; NULL in an
 * empty table. */
static cell **find(const cell_table *table, const rf_string *key, uint32_t hash)
{
    if (!table->chains) return NULL;
    cell **at = &table->chains[hash & table->mask];
    while (*at && !((*at)->hash == hash && (*at)->size == key->size &&
                    memcmp((*at)->key, key->text, key->size) == 0))
        at = &(*at)->next;
    return at;
}

static cell *get(const cell_table *table, const rf_string *key)
{
    cell **at = find(table, key, hash_key(key));
    return at ? *at : NULL;
}

/* The cell of key, made when there is none. */
static cell *get_or_add(cell_table *table, const rf_string *key)
{
    const uint32_t hash = hash_key(key);
    if (!table->chains || table->count > table->mask) grow(table);
    cell **at = find(table, key, hash);
    if (*at) return *at;
    cell *c = rf_alloc_zero(sizeof *c + key->size);
    c->hash = hash;
    c->size = key->size;
    memcpy(c->key, key->text, key->size);
    table->count++;
    return *at = c;
}

rf_value rf_lib_shared_set(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "shared_set", args, 0)) return rf_raised();
    rf_packet *packet = NULL;
    if (rf_is_heap(args[1])) {
        const char *refused = NULL;
        packet = rf_packet_pack(isolate, &args[1], 1, &refused);
        if (refused) {
            rf_packet_free(packet);
            return rf_raise(isolate, "Cannot share %s between workers", refused);
        }
    }
    cell *c = get_or_add(lock_table(isolate), args[0].as.string);
    rf_packet *old = c->packet;
    c->packet = packet;
    c->plain = packet ? rf_unset() : args[1];
    rf_shared_unlock(isolate);
    if (old) rf_packet_free(old);
    return rf_bool(true);
}

static rf_value raise_unknown(rf_isolate *isolate, const char *name, const rf_string *key)
{
    return rf_raise(isolate, "%s: unknown key '%s'", name, rf_args_shown(isolate, key));
}

rf_value rf_lib_shared_get(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "shared_get", args, 0)) return rf_raised();
    rf_value v = rf_unset();
    const cell *c = get(lock_table(isolate), args[0].as.string);
    if (c) v = c->plain;
    if (c && c->packet) rf_packet_read(isolate, c->packet, &v);
    rf_shared_unlock(isolate);
    return c ? v : raise_unknown(isolate, "shared_get", args[0].as.string);
}

rf_value rf_lib_shared_has(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "shared_has", args, 0)) return rf_raised();
    const bool has = get(lock_table(isolate), args[0].as.string) != NULL;
    rf_shared_unlock(isolate);
    return rf_bool(has);
}

rf_value rf_lib_shared_delete(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    if (!rf_args_string(isolate, "shared_delete", args, 0)) return rf_raised();
    const rf_string *key = args[0].as.string;
    cell_table *table = lock_table(isolate);
    cell **at = find(table, key, hash_key(key));
    cell *c = at ? *at : NULL;
    if (c) {
        *at = c->next;
        table->count--;
    }
    rf_shared_unlock(isolate);
    if (c) free_cell(c);
    return rf_bool(c != NULL);
}

rf_value rf_lib_shared_add_int(rf_isolate *isolate, rf_value *args, uint32_t arg_count)
{
    (void)arg_count;
    int64_t delta, old = 0, sum = 0;
    if (!rf_args_string(isolate, "shared_add_int", args, 0) ||
        !rf_args_int(isolate, "shared_add_int", args, 1, &delta))
        return rf_raised();
    const rf_string *key = args[0].as.string;
    cell *c = get(lock_table(isolate), key);
    const bool is_int = c && c->plain.head == RF_INT;
    if (is_int) old = c->plain.as.i;
    const bool overflows = __builtin_add_overflow(old, delta, &sum);
    if (is_int && !overflows) c->plain.as.i = sum;
    rf_shared_unlock(isolate);
    if (!c) return raise_unknown(isolate, "shared_add_int", key);
    if (!is_int)
        return rf_raise(isolate, "shared_add_int: the value of '%s' is not an int",
                        rf_args_shown(isolate, key));
    if (overflows)
        return rf_raise(isolate, "Integer overflow: %lld + %lld", (long long)old, (long long)delta);
    return rf_int(sum);
}
