/* The table of built-ins as data, made from builtins.def, and its index by name. */
#include "lib/builtins.h"

#include <string.h>

#include "lib/state.h"
#include "value/isolate.h"

/* receiver types as written in the list */
enum {
    NOTHING = 0,
    STRING = 1 << RF_STRING,
    BYTES = 1 << RF_BYTES,
    ARRAY = 1 << RF_ARRAY,
    DICT = 1 << RF_DICT,
    SET = 1 << RF_SET,
    QUEUE = 1 << RF_QUEUE,
    STACK = 1 << RF_STACK,
    BOOL = 1 << RF_BOOL,
    INT = 1 << RF_INT,
    FLOAT = 1 << RF_FLOAT,
    NUMBER = INT | FLOAT,
    ANYTHING = STRING | BYTES | ARRAY | DICT | SET | QUEUE | STACK | BOOL | INT | FLOAT
};

#define HOW_C(c_function, prelude_name) .function = c_function
#define HOW_RUFF(c_function, prelude_name) .prelude = prelude_name
#define HOW_MISSING(c_function, prelude_name) .library = ""
#define HOW_OPENSSL(c_function, prelude_name) .library = "OpenSSL"
#define HOW_LIBXCRYPT(c_function, prelude_name) .library = "libxcrypt"
#define HOW_LIBYAML(c_function, prelude_name) .library = "libyaml"
#define HOW_LIBZIP(c_function, prelude_name) .library = "libzip"
#define HOW_LIBCURL(c_function, prelude_name) .library = "libcurl"
#define HOW_MICROHTTPD(c_function, prelude_name) .library = "libmicrohttpd"
#define HOW_LIBPNG(c_function, prelude_name) .library = "libpng"
#define HOW_GIFLIB(c_function, prelude_name) .library = "giflib"

#define ROW(text, name_, how, min, max, capability_, tier_, receivers_, signature_, doc_) \
    {.name = text,                                                                        \
     .canonical = #name_,                                                                 \
     .min_args = (min),                                                                   \
     .max_args = (max),                                                                   \
     .capability = RF_CAP_##capability_##_BIT,                                            \
     .tier = (tier_),                                                                     \
     .receivers = (receivers_),                                                           \
     HOW_##how(rf_lib_##name_, #name_),                                                   \
     .signature = (signature_),                                                           \
     .doc = (doc_)},

#define RF_LIB_MODULE(word, title)
#define RF_BUILTIN(name, ...) ROW(#name, name, __VA_ARGS__)
#define RF_ALIASED(name, alias, ...) ROW(#name, name, __VA_ARGS__) ROW(#alias, name, __VA_ARGS__)
#define RF_ALIASED_TWICE(name, alias, other, ...) \
    ROW(#name, name, __VA_ARGS__) ROW(#alias, name, __VA_ARGS__) ROW(#other, name, __VA_ARGS__)
#define RF_METHOD(kind, text, name_, how, min, max, signature_, doc_) \
    {.name = #text "." #name_,                                        \
     .canonical = #text "." #name_,                                   \
     .min_args = (min) + 1,                                           \
     .max_args = (max) < 0 ? -1 : (max) + 1,                          \
     .tier = 'A',                                                     \
     .is_internal = true,                                             \
     .is_method = true,                                               \
     HOW_##how(rf_lib_##kind##_##name_, "iterator_" #name_),          \
     .signature = (signature_),                                       \
     .doc = (doc_)},
#define RF_CONSTANT(name_, tier_, signature_, doc_) \
    {.name = #name_,                                \
     .canonical = #name_,                           \
     .tier = (tier_),                               \
     .is_constant = true,                           \
     .signature = (signature_),                     \
     .doc = (doc_)},
#define RF_INTERNAL(name_, min, max)        \
    {.name = "__" #name_,                   \
     .canonical = "__" #name_,              \
     .min_args = (min),                     \
     .max_args = (max),                     \
     .tier = 'A',                           \
     .is_internal = true,                   \
     .function = rf_lib_internal_##name_,   \
     .signature = "",                       \
     .doc = ""},

const rf_builtin rf_builtins[] = {
#include "lib/builtins.def"
};

const uint32_t rf_builtin_total = RF_COUNT_OF(rf_builtins);
_Static_assert(RF_COUNT_OF(rf_builtins) < UINT16_MAX, "the index holds numbers in 16 bits");

/* ---- index by name ---- */

static uint32_t name_hash(const char *name, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static bool row_is(const rf_builtin *row, const char *name, size_t size)
{
    return strncmp(row->name, name, size) == 0 && row->name[size] == '\0';
}

/* Where name is or belongs in the index. */
static uint32_t index_place(const rf_isolate *isolate, const char *name, size_t size)
{
    const struct rf_lib_state *lib = isolate->lib;
    uint32_t at = name_hash(name, size) & lib->index_mask;
    while (lib->index[at] && !row_is(&isolate->builtins[lib->index[at] - 1], name, size))
        at = (at + 1) & lib->index_mask;
    return at;
}

/* A later row of the same name takes the place of an earlier one: an embedding program may replace a built-in. */
static void build_index(rf_isolate *isolate)
{
    struct rf_lib_state *lib = isolate->lib;
    uint32_t size = 1024;
    while (size < isolate->builtin_count * 2) size *= 2;
    rf_free(lib->index);
    lib->index = rf_alloc_array_zero(uint16_t, size);
    lib->index_mask = size - 1;
    for (uint32_t i = 0; i < isolate->builtin_count; i++) {
        const char *name = isolate->builtins[i].name;
        lib->index[index_place(isolate, name, strlen(name))] = (uint16_t)(i + 1);
    }
}

int32_t rf_builtin_find(rf_isolate *isolate, const char *name, size_t size, bool with_internal)
{
    if (!isolate->lib) return -1;
    const uint16_t entry = isolate->lib->index[index_place(isolate, name, size)];
    if (!entry) return -1;
    if (isolate->builtins[entry - 1].is_internal && !with_internal) return -1;
    return (int32_t)entry - 1;
}

/* ---- attaching to an isolate ---- */

/* The unit of the module value `Promise`: one export, `all`, whose variable starts out holding promise_all. */
static rf_unit *make_promise_unit(int32_t promise_all)
{
    static const char all[] = "all";
    rf_unit *unit = rf_new(rf_unit);
    unit->path = "<builtin>";
    unit->source = "";
    const rf_literal literal = {all, sizeof all - 1};
    rf_vector_push(&unit->literals, literal);
    rf_symbol *symbol = rf_arena_alloc(&unit->arena, sizeof(rf_symbol) + sizeof all);
    symbol->size = sizeof all - 1;
    memcpy(symbol->text, all, sizeof all);
    rf_var *var = rf_arena_new(&unit->arena, rf_var);
    *var = (rf_var){.name = symbol, .home = RF_HOME_MODULE, .is_exported = true, .builtin = promise_all};
    rf_vector_push(&unit->module_vars, var);
    rf_vector_push(&unit->exports, var);
    return unit;
}

static void free_promise_unit(rf_unit *unit)
{
    if (!unit) return;
    rf_vector_release(&unit->literals);
    rf_vector_release(&unit->module_vars);
    rf_vector_release(&unit->exports);
    rf_arena_release(&unit->arena);
    rf_free(unit);
}

static rf_value make_promise_module(rf_isolate *isolate)
{
    struct rf_lib_state *lib = isolate->lib;
    lib->promise_unit = make_promise_unit(rf_builtin_find(isolate, "promise_all", 11, false));
    rf_value name = rf_string_intern(isolate, "Promise", 7);
    rf_value module = rf_module_new(isolate, lib->promise_unit, name);
    rf_release(isolate, name);
    module.as.module->is_evaluated = true;
    return module;
}

static rf_value make_constant(rf_isolate *isolate, const char *name)
{
    if (strcmp(name, "PI") == 0) return rf_float(3.141592653589793);
    if (strcmp(name, "E") == 0) return rf_float(2.718281828459045);
    if (strcmp(name, "None") == 0) return rf_none();
    rf_assert(strcmp(name, "Promise") == 0);
    return make_promise_module(isolate);
}

/* Values of rows from..builtin_count; an alias has the value of its canonical row, so the two are one function. */
static void make_values(rf_isolate *isolate, uint32_t from)
{
    for (uint32_t i = from; i < isolate->builtin_count; i++) {
        const rf_builtin *row = &isolate->builtins[i];
        rf_value *value = &isolate->builtin_values[i];
        *value = rf_unset();
        if (row->is_constant) continue; /* made last: `Promise` needs the functions */
        if (row->name != row->canonical && strcmp(row->name, row->canonical) != 0) {
            *value = isolate->builtin_values[rf_builtin_find(isolate, row->canonical, strlen(row->canonical), true)];
            continue;
        }
        *value = rf_builtin_value_new(isolate, row);
        value->as.o->count = -1;
    }
    for (uint32_t i = from; i < isolate->builtin_count; i++) {
        if (!isolate->builtins[i].is_constant) continue;
        rf_value value = make_constant(isolate, isolate->builtins[i].name);
        if (rf_is_heap(value)) value.as.o->count = -1;
        isolate->builtin_values[i] = value;
    }
}

static void set_table(rf_isolate *isolate, const rf_builtin *rows, uint32_t count)
{
    struct rf_lib_state *lib = isolate->lib;
    isolate->builtins = rows;
    isolate->builtin_count = count;
    isolate->builtin_values = rf_realloc(isolate->builtin_values, rf_array_size(count, sizeof(rf_value)));
    lib->prelude_functions = rf_realloc(lib->prelude_functions, rf_array_size(count, sizeof(rf_value)));
    memset(lib->methods, 0, sizeof lib->methods);
    build_index(isolate);
}

void rf_lib_attach(rf_isolate *isolate)
{
    isolate->lib = rf_new(struct rf_lib_state);
    set_table(isolate, rf_builtins, rf_builtin_total);
    for (uint32_t i = 0; i < isolate->builtin_count; i++) isolate->lib->prelude_functions[i] = rf_unset();
    make_values(isolate, 0);
}

void rf_lib_use_table(rf_isolate *isolate, const rf_builtin *rows, uint32_t count)
{
    const uint32_t old_count = isolate->builtin_count;
    rf_assert(count >= old_count);
    set_table(isolate, rows, count);
    for (uint32_t i = 0; i < old_count; i++) {
        const rf_value value = isolate->builtin_values[i];
        const bool is_alias = strcmp(rows[i].name, rows[i].canonical) != 0;
        if (value.head == RF_FUNCTION && !is_alias) value.as.function->builtin = &rows[i];
    }
    for (uint32_t i = old_count; i < count; i++) isolate->lib->prelude_functions[i] = rf_unset();
    make_values(isolate, old_count);
}

void rf_lib_detach(rf_isolate *isolate)
{
    struct rf_lib_state *lib = isolate->lib;
    if (!lib) return;
    rf_lib_regex_release(lib);
    free_promise_unit(lib->promise_unit);
    rf_free(lib->index);
    rf_free(lib->prelude_functions);
    rf_free(lib);
    rf_free(isolate->builtin_values);
    isolate->lib = NULL;
    isolate->builtins = NULL;
    isolate->builtin_values = NULL;
    isolate->builtin_count = 0;
}
