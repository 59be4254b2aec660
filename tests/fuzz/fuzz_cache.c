/* The cache as a whole: what describes a piece of native code (not the code itself, which the folder's rights protect) is
 * damaged and its hashes are made right; the program must do the same as ever, with or without that piece. */
#include "base/file.h"
#include "fuzz/edit.h"
#include "fuzz/replay.h"
#include "jit/cache.h"
#include "ruff/ruff.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char program[] =
    "struct P { x: int }\n"
    "func f(n) { s := 0 for i in range(0, n) { s = s + i } return s }\n"
    "func g(p) { return p.x + f(3) }\n"
    "t := 0\n"
    "for i in range(0, 300) { p := P { x: i } t = t + f(20) + g(p) }\n"
    "print(t)\n";

enum { NUMBERS = sizeof(rf_cached), FUNCTION = 32, OBJECT = 40 }; /* bytes of what describes a piece */

static void keep(void *context, ruff_stream stream, const char *bytes, size_t size)
{
    (void)stream;
    rf_buffer_append(context, bytes, size);
}

static void run(const char *path, const char *folder, ruff_jit_cache cache)
{
    rf_buffer out = RF_BUFFER_INIT;
    ruff_config config = ruff_config_default();
    ruff_error err = RUFF_ERROR_INIT;
    ruff_vm *vm = NULL;
    config.write = keep;
    config.write_context = &out;
    config.jit_cache = cache;
    config.jit_cache_folder = folder;
    FUZZ_CHECK(ruff_vm_new(&config, &vm, &err) == RUFF_OK);
    FUZZ_CHECK(ruff_run(vm, program, sizeof program - 1, path, &err) == RUFF_OK);
    FUZZ_CHECK(out.size == 7 && memcmp(out.data, "102750\n", 7) == 0);
    ruff_vm_free(vm);
    ruff_error_release(&err);
    rf_buffer_release(&out);
}

typedef struct fixture { /* made once: the program and its folder, with the pack of a good run */
    char root[64], folder[96], path[96], pack[384];
    rf_buffer good; /* empty where native code cannot be had */
} fixture;
static fixture f;

static void remove_all(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", f.root);
    rf_buffer_release(&f.good);
    FUZZ_CHECK(system(command) == 0); /* a path of our own making */
}

static void find_pack(void)
{
    DIR *list = opendir(f.folder);
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (strstr(entry->d_name, ".pack")) snprintf(f.pack, sizeof f.pack, "%s/%s", f.folder, entry->d_name);
    if (list) closedir(list);
}

static void prepare(void)
{
    if (f.root[0]) return;
    snprintf(f.root, sizeof f.root, "/tmp/ruff-fuzz-cache-XXXXXX");
    FUZZ_CHECK(mkdtemp(f.root));
    atexit(remove_all);
    snprintf(f.folder, sizeof f.folder, "%s/jit", f.root);
    snprintf(f.path, sizeof f.path, "%s/p.ruff", f.root);
    FUZZ_CHECK(rf_file_replace(f.path, program, sizeof program - 1, NULL) == RUFF_OK);
    setenv("RF_JIT_HOT", "10", 1);
    setenv("RF_JIT_SYNC", "1", 1);
    run(f.path, f.folder, RUFF_JIT_CACHE_ON);
    find_pack();
    if (f.pack[0]) FUZZ_CHECK(rf_file_read(f.pack, &f.good, NULL) == RUFF_OK);
    setenv("RF_JIT_WITHOUT", "helper", 1);
}

/* Damages the descriptions and makes the hashes right. */
static void forge(rf_buffer *file, const uint8_t *bytes, size_t size)
{
    rf_pack_header header;
    memcpy(&header, file->data, sizeof header);
    for (uint32_t i = 0; i < header.count; i++) {
        rf_pack_entry entry;
        char *at = file->data + sizeof header + i * sizeof entry;
        memcpy(&entry, at, sizeof entry);
        rf_cached cached;
        memcpy(&cached, file->data + entry.offset, sizeof cached);
        const size_t end = NUMBERS + (size_t)cached.function_count * FUNCTION + (size_t)cached.object_count * OBJECT;
        FUZZ_CHECK(end <= entry.size && (end == entry.size || memcmp(file->data + entry.offset + end, "\177ELF", 4) == 0));
        fuzz_edit(file, entry.offset, entry.offset + end, bytes, size);
        entry.hash = rf_hash_bytes(file->data + entry.offset, entry.size);
        memcpy(at, &entry, sizeof entry);
    }
    header.hash = rf_pack_hash_head(&header, file->data + sizeof header, header.count * sizeof(rf_pack_entry));
    memcpy(file->data, &header, sizeof header);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    rf_buffer file = RF_BUFFER_INIT;
    prepare();
    if (!f.good.size) return 0;
    rf_buffer_append(&file, f.good.data, f.good.size);
    forge(&file, bytes, size);
    FUZZ_CHECK(rf_file_replace(f.pack, file.data, file.size, NULL) == RUFF_OK);
    chmod(f.pack, 0600);
    run(f.path, f.folder, RUFF_JIT_CACHE_READ);
    rf_buffer_release(&file);
    return 0;
}
