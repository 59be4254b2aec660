/* The search for a module's file: roots in order, candidates within each, symbolic links resolved. */
#include "modules/search.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/vector.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef RF_VECTOR(char *) path_list;

/* The canonical path, new; NULL when there is no such file. */
static char *canonical(const char *path)
{
    char resolved[PATH_MAX];
    return realpath(path, resolved) ? rf_strdup(resolved) : NULL;
}

static void add_root(path_list *roots, const char *directory)
{
    char *path = canonical(directory);
    for (size_t i = 0; path && i < roots->count; i++) {
        if (strcmp(roots->data[i], path) != 0) continue;
        rf_free(path);
        return;
    }
    if (path) rf_vector_push(roots, path);
}

/* The directory of file, new; "." when it has none. */
static char *directory_of(const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    if (!slash) return rf_strdup(".");
    return slash == file ? rf_strdup("/") : rf_strndup(file, (size_t)(slash - file));
}

static void add_directory_of(path_list *roots, const char *file)
{
    char *directory = directory_of(file);
    add_root(roots, directory);
    rf_free(directory);
}

/* A package keeps its programs in src/: what stands beside that folder is found too. */
static void add_parent_of_src(path_list *roots, const char *file)
{
    char *directory = directory_of(file);
    char *path = canonical(directory);
    const char *slash = path ? strrchr(path, '/') : NULL;
    if (slash && strcmp(slash, "/src") == 0) add_directory_of(roots, path);
    rf_free(path);
    rf_free(directory);
}

static path_list roots_of(const rf_search_origin *origin)
{
    path_list roots = {0};
    add_directory_of(&roots, origin->file);
    if (origin->root) add_root(&roots, origin->root);
    if (origin->entry) {
        add_directory_of(&roots, origin->entry);
        add_parent_of_src(&roots, origin->entry);
    }
    add_root(&roots, ".");
    add_root(&roots, "modules");
    return roots;
}

static bool is_inside(const char *path, const char *root)
{
    const size_t size = strlen(root);
    if (strcmp(root, "/") == 0) return true;
    return strncmp(path, root, size) == 0 && path[size] == '/';
}

/* Writes ROOT/NAME.ruff into path; with as_folders the dots of name become slashes. */
static void candidate(rf_buffer *path, const char *root, const char *name, bool as_folders)
{
    rf_buffer_clear(path);
    rf_buffer_format(path, "%s/", root);
    for (const char *c = name; *c; c++) rf_buffer_append_byte(path, as_folders && *c == '.' ? '/' : *c);
    rf_buffer_append_text(path, ".ruff");
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static rf_search_outcome search_root(const char *root, const char *name, rf_search_result *result)
{
    const int forms = strchr(name, '.') ? 2 : 1;
    rf_buffer path = RF_BUFFER_INIT;
    rf_search_outcome outcome = RF_SEARCH_MISSING;
    for (int form = 0; form < forms && outcome == RF_SEARCH_MISSING; form++) {
        candidate(&path, root, name, form == 1);
        char *file = is_file(path.data) ? canonical(path.data) : NULL;
        if (!file) continue;
        *result = (rf_search_result){.file = file, .root = rf_strdup(root)};
        outcome = is_inside(file, root) ? RF_SEARCH_FOUND : RF_SEARCH_UNSAFE;
    }
    rf_buffer_release(&path);
    return outcome;
}

rf_search_outcome rf_search_module(const rf_search_origin *origin, const char *name, rf_search_result *result)
{
    *result = (rf_search_result){NULL, NULL};
    path_list roots = roots_of(origin);
    rf_search_outcome outcome = RF_SEARCH_MISSING;
    for (size_t i = 0; i < roots.count && outcome == RF_SEARCH_MISSING; i++)
        outcome = search_root(roots.data[i], name, result);
    for (size_t i = 0; i < roots.count; i++) rf_free(roots.data[i]);
    rf_vector_release(&roots);
    return outcome;
}
