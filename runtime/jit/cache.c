/* A function is named by the hash of all that native code is made from but its feedback: the text of its module, where it
 * stands in it, bytecode, constants, sites, shape.  What the feedback added is tested by the native code itself, so a wrong
 * guess is an exit.  Functions it calls and layouts it knows are found again where they were seen, by the same hashes. */
#include "jit/cache.h"

#include "base/alloc.h"
#include "jit/helper.h"
#include "vm/state.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct cached_function {
    rf_hash128 hash;
    uint32_t line, column, code_count, unused; /* told apart quickly by these */
} cached_function;

typedef struct cached_object {
    rf_hash128 hash;
    uint32_t number, kind, function, index, step, unused; /* as in rf_bound */
} cached_object;

/* ---- hashes ---- */

static void add_number(rf_buffer *out, uint64_t number)
{
    rf_buffer_append(out, &number, sizeof number);
}

static void add_string(rf_buffer *out, const rf_string *string)
{
    add_number(out, string ? string->size : UINT64_MAX);
    if (string) rf_buffer_append(out, string->text, string->size);
}

static rf_hash128 hash_and_release(rf_buffer *bytes)
{
    const rf_hash128 hash = rf_hash_bytes(bytes->data, bytes->size);
    rf_buffer_release(bytes);
    return hash;
}

/* Of the text of the module: what native code was made from includes declarations and literals in the syntax tree. */
static rf_hash128 hash_of_source(rf_cache *cache, const rf_module *module)
{
    const rf_unit *unit = module ? module->unit : NULL;
    if (!unit) return (rf_hash128){0, 0};
    if (cache->hashed != unit || cache->hashed_size != unit->source_size) {
        cache->hashed = unit;
        cache->hashed_size = unit->source_size;
        cache->hash = rf_hash_bytes(unit->source, unit->source_size);
    }
    return cache->hash;
}

static rf_hash128 hash_of_proto(rf_cache *cache, const rf_proto *proto)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    const rf_hash128 source = hash_of_source(cache, proto->module);
    add_number(&bytes, source.low);
    add_number(&bytes, source.high);
    add_number(&bytes, (uint64_t)proto->func->pos.line << 32 | proto->func->pos.column);
    const uint64_t shape[] = {proto->code_count,     proto->constant_count, proto->site_count,
                              proto->child_count,    proto->register_count, proto->temp_base,
                              proto->param_count,    proto->is_direct,      proto->modifies_self,
                              proto->func->has_self, proto->handler_count,  proto->func->capture_count,
                              proto->place_count,    proto->literal_count};
    rf_buffer_append(&bytes, shape, sizeof shape);
    rf_buffer_append(&bytes, proto->code, proto->code_count * sizeof *proto->code);
    for (uint32_t i = 0; i < proto->constant_count; i++) {
        const rf_value v = proto->constants[i];
        add_number(&bytes, v.head);
        if (v.head == RF_STRING)
            add_string(&bytes, v.as.string);
        else if (!rf_is_heap(v))
            add_number(&bytes, v.as.bits);
    }
    for (uint32_t i = 0; i < proto->site_count; i++) {
        const rf_site *site = &proto->sites[i];
        add_string(&bytes, site->name);
        add_number(&bytes, (uint64_t)site->arg_count << 32 | (uint64_t)site->skip << 16 | site->flags);
    }
    for (uint32_t i = 0; i < proto->handler_count; i++) {
        const rf_handler *h = &proto->handlers[i];
        add_number(&bytes, (uint64_t)h->start << 32 | h->end);
        add_number(&bytes, (uint64_t)h->target << 32 | h->level);
    }
    return hash_and_release(&bytes);
}

/* With its place and number, so that nothing else can take them. */
static rf_hash128 hash_of_object(rf_cache *cache, const rf_bound *bound)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    const rf_layout *layout = bound->layout;
    const uint32_t place[] = {bound->number, bound->kind, bound->function, bound->index, bound->step};
    rf_buffer_append(&bytes, place, sizeof place);
    const rf_structdef *def = layout->def;
    const rf_hash128 source = hash_of_source(cache, def->module);
    add_number(&bytes, source.low);
    add_number(&bytes, source.high);
    if (def->decl) add_number(&bytes, (uint64_t)(uintptr_t)(def->decl->field_count) << 8 | layout->is_observed);
    add_string(&bytes, def->name.as.string);
    add_number(&bytes, (uint64_t)layout->data_size << 32 | layout->field_count);
    for (uint32_t i = 0; i < layout->field_count; i++) {
        add_string(&bytes, def->field_names[i].as.string);
        add_number(&bytes, (uint64_t)layout->offsets[i] << 8 | layout->kinds[i]);
    }
    return hash_and_release(&bytes);
}

static rf_hash128 key_of(rf_cache *cache, const rf_isolate *isolate, const rf_proto *proto, uint32_t entry)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    const rf_hash128 hash = hash_of_proto(cache, proto);
    add_number(&bytes, hash.low);
    add_number(&bytes, hash.high);
    add_number(&bytes, (uint64_t)entry << 1 | isolate->host->wrap_integers);
    return hash_and_release(&bytes);
}

/* ---- who made it ---- */

typedef struct own_build {
    uintptr_t here;
    rf_hash128 hash;
    bool is_known;
} own_build;

/* The build id that the linker computed over the whole object; without one its text is hashed. */
static int note_build(struct dl_phdr_info *info, size_t size, void *context)
{
    own_build *own = context;
    const ElfW(Phdr) *text = NULL;
    (void)size;
    for (ElfW(Half) i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type == PT_LOAD && (p->p_flags & PF_X) && own->here - (info->dlpi_addr + p->p_vaddr) < p->p_memsz)
            text = p;
    }
    if (!text) return 0;
    for (ElfW(Half) i = 0; i < info->dlpi_phnum && !own->is_known; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type != PT_NOTE) continue;
        const char *at = (const char *)(info->dlpi_addr + p->p_vaddr), *end = at + p->p_memsz;
        while ((size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) note;
            memcpy(&note, at, sizeof note);
            const size_t name = (note.n_namesz + 3u) & ~3u, content = (note.n_descsz + 3u) & ~3u;
            if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz >= 8) {
                own->hash = rf_hash_bytes(at + sizeof note + name, note.n_descsz);
                own->is_known = true;
                break;
            }
            at += sizeof note + name + content;
        }
    }
    if (!own->is_known)
        own->hash = rf_hash_bytes((const char *)(info->dlpi_addr + text->p_vaddr), text->p_memsz);
    own->is_known = true;
    return 1;
}

static rf_hash128 hash_of_runtime(void)
{
    own_build own = {.here = (uintptr_t)&hash_of_proto};
    dl_iterate_phdr(note_build, &own);
    return own.hash;
}

static rf_pack_tool describe(const char *path)
{
    rf_pack_tool tool;
    struct stat info;
    memset(&tool, 0, sizeof tool);
    snprintf(tool.path, sizeof tool.path, "%s", path);
    if (stat(tool.path, &info) != 0) return tool;
    tool.size = (uint64_t)info.st_size;
    tool.changed_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    return tool;
}

static bool are_tools_unchanged(const rf_pack *pack)
{
    for (size_t i = 0; i < RF_PACK_TOOLS; i++) {
        const rf_pack_tool *then = &pack->maker.tools[i], now = describe(then->path);
        if (now.size == 0 || now.size != then->size || now.changed_ns != then->changed_ns) return false;
    }
    return true;
}

static void note_tools(rf_pack *pack, const char *helper, const char *library)
{
    pack->maker.tools[0] = describe(helper);
    pack->maker.tools[1] = describe(RF_WIRE_ASSEMBLER);
    pack->maker.tools[2] = describe(library);
}

/* ---- opening and closing ---- */

void rf_cache_init(rf_cache *cache, ruff_jit_cache mode, const char *path, uint64_t most_bytes)
{
    char here[PATH_MAX];
    *cache = (rf_cache){.mode = mode, .most_bytes = most_bytes};
    if (path && *path != '/' && getcwd(here, sizeof here)) /* the program may go elsewhere before it is opened */
        cache->path = rf_format_text("%s/%s", here, path);
    else if (path)
        cache->path = rf_strdup(path);
    cache->folder.file = -1;
}

static void name_pack(rf_cache *cache, const char *program)
{
    char whole[PATH_MAX];
    if (!program || !realpath(program, whole)) return;
    const rf_hash128 hash = rf_hash_bytes(whole, strlen(whole));
    snprintf(cache->name, sizeof cache->name, "%016llx%016llx%s%s.pack", (unsigned long long)hash.high,
             (unsigned long long)hash.low, cache->is_profiled ? "p" : "", cache->makes_all ? "m" : "");
}

/* A pack whose tools have changed is as good as none; one that is only read need not find them. */
static void read_pack(rf_cache *cache, rf_pack *pack)
{
    rf_buffer bytes = RF_BUFFER_INIT;
    bool is_odd;
    const rf_hash128 build = hash_of_runtime();
    *pack = (rf_pack){.maker.build = build};
    if (!rf_cache_folder_read(&cache->folder, cache->name, 2 * (size_t)RF_PACK_MOST_BYTES, &bytes, &is_odd)) {
        cache->was_odd |= is_odd;
        rf_buffer_release(&bytes);
        return;
    }
    if (!rf_pack_read(pack, &bytes, build)) {
        cache->was_odd = true;
    } else if (cache->mode == RUFF_JIT_CACHE_ON && pack->items.count > 0 && !are_tools_unchanged(pack)) {
        rf_pack_release(pack);
        *pack = (rf_pack){.maker.build = build};
    }
}

static bool open_once(rf_cache *cache, const rf_isolate *isolate)
{
    if (!cache->is_open) {
        cache->is_open = true;
        name_pack(cache, isolate->host->entry_path);
        const rf_folder_use use = cache->mode == RUFF_JIT_CACHE_READ ? RF_FOLDER_READ : RF_FOLDER_USE;
        cache->pack.maker.build = hash_of_runtime();
        if (cache->name[0] && rf_cache_folder_open(&cache->folder, cache->path, use)) read_pack(cache, &cache->pack);
    }
    return cache->name[0] != '\0';
}

/* What another run of the program has kept meanwhile stays. */
static void write_pack(rf_cache *cache)
{
    rf_pack now;
    rf_buffer bytes = RF_BUFFER_INIT;
    read_pack(cache, &now);
    for (size_t i = 0; i < cache->dropped.count; i++) rf_pack_remove(&now, cache->dropped.data[i]);
    for (size_t i = 0; i < cache->pack.items.count; i++) {
        const rf_pack_item *item = &cache->pack.items.data[i];
        if (item->owned) rf_pack_put(&now, item->key, item->bytes, item->size);
    }
    memcpy(now.maker.tools, cache->pack.maker.tools, sizeof now.maker.tools);
    now.start_ms = cache->pack.start_ms;
    rf_pack_write(&now, &bytes);
    rf_cache_folder_write(&cache->folder, cache->name, &bytes);
    rf_buffer_release(&bytes);
    rf_pack_release(&now);
}

unsigned rf_cache_close(rf_cache *cache)
{
    unsigned removed = 0;
    const bool is_to_be_written = cache->has_changed && cache->mode == RUFF_JIT_CACHE_ON;
    if (is_to_be_written && cache->folder.file < 0) rf_cache_folder_open(&cache->folder, cache->path, RF_FOLDER_MAKE);
    if (is_to_be_written && cache->folder.file >= 0) {
        write_pack(cache);
        removed = rf_cache_folder_trim(&cache->folder, cache->most_bytes, cache->name);
    }
    rf_cache_folder_close(&cache->folder);
    rf_pack_release(&cache->pack);
    rf_vector_release(&cache->dropped);
    rf_free((void *)(uintptr_t)cache->path);
    return removed;
}

bool rf_cache_is_empty(const rf_cache *cache)
{
    return cache->pack.items.count == 0;
}

uint32_t rf_cache_start_ms(const rf_cache *cache)
{
    return cache->pack.start_ms;
}

void rf_cache_note_start(rf_cache *cache, const rf_isolate *isolate, uint32_t ms)
{
    if (cache->mode != RUFF_JIT_CACHE_ON || !open_once(cache, isolate) || cache->pack.start_ms >= ms) return;
    cache->pack.start_ms = ms;
    cache->has_changed = true;
}

/* ---- keeping ---- */

static void describe_binding(rf_cache *cache, const rf_binding *binding, rf_cached *cached, rf_buffer *out)
{
    const size_t head = out->size;
    rf_buffer_append(out, cached, sizeof *cached);
    cached->function_count = binding->count;
    cached->object_count = 0;
    for (uint32_t k = 0; k < binding->count; k++) {
        const rf_proto *proto = binding->protos[k];
        const cached_function f = {hash_of_proto(cache, proto), proto->func->pos.line, proto->func->pos.column,
                                   proto->code_count, 0};
        rf_buffer_append(out, &f, sizeof f);
    }
    for (size_t i = 0; i < binding->objects.count; i++) {
        const rf_bound *bound = &binding->objects.data[i];
        if (!bound->is_used) continue;
        const cached_object o = {hash_of_object(cache, bound), bound->number, bound->kind, bound->function,
                                 bound->index, bound->step, 0};
        rf_buffer_append(out, &o, sizeof o);
        cached->object_count++;
    }
    memcpy(out->data + head, cached, sizeof *cached);
}

bool rf_cache_add(rf_cache *cache, const rf_isolate *isolate, uint32_t entry, const rf_cached *cached,
                  const rf_binding *binding, const void *object, size_t size, const char *library)
{
    char helper[PATH_MAX];
    rf_buffer bytes = RF_BUFFER_INIT;
    rf_cached described = *cached;
    if (cache->mode != RUFF_JIT_CACHE_ON || !open_once(cache, isolate)) return false;
    if (rf_helper_missing(0, helper)) return false;
    cache->hashed = NULL;
    describe_binding(cache, binding, &described, &bytes);
    rf_buffer_append(&bytes, object, size);
    note_tools(&cache->pack, helper, library);
    rf_pack_put(&cache->pack, key_of(cache, isolate, binding->protos[0], entry), bytes.data, bytes.size);
    cache->has_changed = true;
    rf_buffer_release(&bytes);
    return true;
}

void rf_cache_drop(rf_cache *cache, const rf_isolate *isolate, const rf_proto *proto, uint32_t entry)
{
    if (!cache->is_open) return;
    cache->hashed = NULL;
    const rf_hash128 key = key_of(cache, isolate, proto, entry);
    if (!rf_pack_remove(&cache->pack, key)) return;
    rf_vector_push(&cache->dropped, key);
    cache->has_changed = true;
}

/* ---- finding ---- */

typedef struct reading {
    const char *at, *end;
} reading;

static bool take(reading *r, void *out, size_t size)
{
    if ((size_t)(r->end - r->at) < size) return false;
    memcpy(out, r->at, size);
    r->at += size;
    return true;
}

/* The one function of that hash that runs in this isolate; NULL: none, or several (one text loaded twice). */
static rf_proto *proto_of(rf_cache *cache, const rf_isolate *isolate, const cached_function *f)
{
    const rf_vm_state *state = rf_vm_state_of(isolate);
    rf_proto *found = NULL;
    for (uint32_t i = 0; i < state->bucket_count; i++)
        for (rf_proto *proto = state->buckets[i]; proto; proto = proto->next) {
            const rf_pos pos = proto->func->pos;
            if (!proto->is_compiled || proto->code_count != f->code_count || pos.line != f->line ||
                pos.column != f->column || !rf_hash_equals(hash_of_proto(cache, proto), f->hash))
                continue;
            if (found) return NULL;
            found = proto;
        }
    return found;
}

/* MISS: not the same functions. */
static rf_cache_outcome bind_functions(rf_cache *cache, const rf_isolate *isolate, reading *r, const rf_cached *cached,
                                       rf_proto *proto, rf_binding *binding)
{
    if (cached->function_count == 0 || cached->function_count > RF_WIRE_MOST_FUNCTIONS) return RF_CACHE_MISS;
    for (uint32_t k = 0; k < cached->function_count; k++) {
        cached_function f;
        if (!take(r, &f, sizeof f)) return RF_CACHE_MISS;
        if (k == 0 && !rf_hash_equals(f.hash, hash_of_proto(cache, proto))) return RF_CACHE_MISS;
        if (k > 0) proto = proto_of(cache, isolate, &f);
        if (!proto) return RF_CACHE_NOT_YET;
        binding->protos[binding->count++] = proto;
    }
    return RF_CACHE_HIT;
}

static rf_cache_outcome bind_objects(rf_cache *cache, reading *r, const rf_cached *cached, rf_binding *binding)
{
    for (uint32_t i = 0; i < cached->object_count; i++) {
        cached_object o;
        if (!take(r, &o, sizeof o)) return RF_CACHE_MISS;
        const rf_bound *bound = rf_binding_note(binding, (rf_bound){.number = o.number,
                                                                    .kind = o.kind,
                                                                    .function = o.function,
                                                                    .index = o.index,
                                                                    .step = o.step});
        if (!bound || !rf_hash_equals(o.hash, hash_of_object(cache, bound))) return RF_CACHE_NOT_YET;
    }
    return RF_CACHE_HIT;
}

bool rf_cache_has(rf_cache *cache, const rf_isolate *isolate, const rf_proto *proto, uint32_t entry)
{
    bool is_damaged;
    if (cache->mode == RUFF_JIT_CACHE_OFF || !open_once(cache, isolate) || cache->pack.items.count == 0) return false;
    cache->hashed = NULL;
    return rf_pack_find(&cache->pack, key_of(cache, isolate, proto, entry), &is_damaged) != NULL;
}

rf_cache_outcome rf_cache_find(rf_cache *cache, const rf_isolate *isolate, rf_proto *proto, uint32_t entry, rf_cached *cached,
                               rf_binding *binding, const uint8_t **object, size_t *size)
{
    *binding = (rf_binding){0};
    if (cache->mode == RUFF_JIT_CACHE_OFF || !open_once(cache, isolate) || cache->pack.items.count == 0)
        return RF_CACHE_MISS;
    bool is_damaged;
    cache->hashed = NULL; /* the unit may have gone, and another come to its place */
    const rf_pack_item *item = rf_pack_find(&cache->pack, key_of(cache, isolate, proto, entry), &is_damaged);
    cache->was_odd |= is_damaged;
    if (!item) return RF_CACHE_MISS;
    reading r = {item->bytes, item->bytes + item->size};
    if (!take(&r, cached, sizeof *cached)) return RF_CACHE_MISS;
    rf_cache_outcome outcome = bind_functions(cache, isolate, &r, cached, proto, binding);
    if (outcome == RF_CACHE_HIT) outcome = bind_objects(cache, &r, cached, binding);
    *object = (const uint8_t *)r.at;
    *size = (size_t)(r.end - r.at);
    return outcome;
}
