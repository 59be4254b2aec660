/* The table of built-ins as data, made from builtins.def, and its index by name. */
#include "lib/builtins.h"

#include <string.h>

#include "lib/state.h"
#include "value/builtin.h"

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

#define HOW_C(c_function, prelude_name)          .function = c_function
#define HOW_RUFF(c_function, prelude_name)       .prelude = prelude_name
#define HOW_MISSING(c_function, prelude_name)    .library = ""
#define HOW_OPENSSL(c_function, prelude_name)    .library = "OpenSSL"
#define HOW_LIBXCRYPT(c_function, prelude_name)  .library = "libxcrypt"
#define HOW_LIBYAML(c_function, prelude_name)    .library = "libyaml"
#define HOW_LIBZIP(c_function, prelude_name)     .library = "libzip"
#define HOW_LIBCURL(c_function, prelude_name)    .library = "libcurl"
#define HOW_MICROHTTPD(c_function, prelude_name) .library = "libmicrohttpd"
#define HOW_LIBPNG(c_function, prelude_name)     .library = "libpng"
#define HOW_GIFLIB(c_function, prelude_name)     .library = "giflib"

#define ROW(text, name_, how, min, max, capability_, tier_, receivers_, signature_, doc_)          \
    {.name = text,                                                                                 \
     .canonical = #name_,                                                                          \
     .min_args = (min),                                                                            \
     .max_args = (max),                                                                            \
     .capability = RF_CAP_##capability_##_BIT,                                                     \
     .tier = (tier_),                                                                              \
     .receivers = (receivers_),                                                                    \
     HOW_##how(rf_lib_##name_, #name_),                                                            \
     .signature = (signature_),                                                                    \
     .doc = (doc_)},

#define RF_LIB_MODULE(word, title)
#define RF_BUILTIN(name, ...)        ROW(#name, name, __VA_ARGS__)
#define RF_ALIASED(name, alias, ...) ROW(#name, name, __VA_ARGS__) ROW(#alias, name, __VA_ARGS__)
#define RF_ALIASED_TWICE(name, alias, other, ...)                                                  \
    ROW(#name, name, __VA_ARGS__) ROW(#alias, name, __VA_ARGS__) ROW(#other, name, __VA_ARGS__)
#define RF_METHOD(kind, text, name_, how, min, max, signature_, doc_)                              \
    {.name = #text "." #name_,                                                                     \
     .canonical = #text "." #name_,                                                                \
     .min_args = (min) + 1,                                                                        \
     .max_args = (max) < 0 ? -1 : (max) + 1,                                                       \
     .tier = 'A',                                                                                  \
     .is_internal = true,                                                                          \
     .is_method = true,                                                                            \
     HOW_##how(rf_lib_##kind##_##name_, "iterator_" #name_),                                       \
     .signature = (signature_),                                                                    \
     .doc = (doc_)},
#define RF_CONSTANT(name_, tier_, signature_, doc_)                                                \
    {.name = #name_,                                                                               \
     .canonical = #name_,                                                                          \
     .tier = (tier_),                                                                              \
     .is_constant = true,                                                                          \
     .signature = (signature_),                                                                    \
     .doc = (doc_)},
#define RF_INTERNAL(name_, min, max)                                                               \
    {.name = "__" #name_,                                                                          \
     .canonical = "__" #name_,                                                                     \
     .min_args = (min),                                                                            \
     .max_args = (max),                                                                            \
     .tier = 'A',                                                                                  \
     .is_internal = true,                                                                          \
     .function = rf_lib_internal_##name_,                                                          \
     .signature = "",                                                                              \
     .doc = ""},

const rf_builtin rf_builtins[] = {
#include "lib/builtins.def"
};

const uint32_t rf_builtin_total = RF_COUNT_OF(rf_builtins);
_Static_assert(RF_COUNT_OF(rf_builtins) < UINT16_MAX, "the index holds numbers in 16 bits");

/* ---- attaching to an isolate ---- */

/* The value of row i, after those of all functions before it. */
static rf_value make_value(rf_isolate *isolate, uint32_t i)
{
    const rf_builtin *row = &isolate->builtins[i];
    if (!row->is_constant) {
        if (strcmp(row->name, row->canonical) == 0) return rf_builtin_value_new(isolate, row);
        /* an alias and its canonical row are one function */
        return isolate->builtin_values[rf_builtin_find(isolate, row->canonical,
                                                       strlen(row->canonical), true)];
    }
    if (strcmp(row->name, "PI") == 0) return rf_float(3.141592653589793);
    if (strcmp(row->name, "E") == 0) return rf_float(2.718281828459045);
    if (strcmp(row->name, "None") == 0) return rf_none();
    rf_assert(strcmp(row->name, "Promise") == 0);
    static const char *const exports[] = {"all"};
    const rf_value all =
        isolate->builtin_values[rf_builtin_find(isolate, "promise_all", 11, false)];
    return rf_module_new_builtin(isolate, "Promise", exports, &all, 1);
}

static void set_table(rf_isolate *isolate, const rf_builtin *rows, uint32_t count)
{
    struct rf_lib_state *lib = isolate->lib;
    rf_builtin_index_free(isolate);
    isolate->builtins = rows;
    isolate->builtin_count = count;
    isolate->builtin_values =
        rf_realloc(isolate->builtin_values, rf_array_size(count, sizeof(rf_value)));
    lib->prelude_functions =
        rf_realloc(lib->prelude_functions, rf_array_size(count, sizeof(rf_value)));
    memset(lib->methods, 0, sizeof lib->methods);
}

static void make_values(rf_isolate *isolate, uint32_t from)
{
    for (uint32_t i = from; i < isolate->builtin_count; i++) {
        isolate->builtin_values[i] = make_value(isolate, i);
        isolate->lib->prelude_functions[i] = rf_unset();
    }
}

void rf_lib_attach(rf_isolate *isolate)
{
    isolate->lib = rf_new(struct rf_lib_state);
    set_table(isolate, rf_builtins, rf_builtin_total);
    make_values(isolate, 0);
}

void rf_lib_use_table(rf_isolate *isolate, const rf_builtin *rows, uint32_t count)
{
    const uint32_t old_count = isolate->builtin_count;
    rf_assert(count >= old_count);
    set_table(isolate, rows, count);
    for (uint32_t i = 0; i < old_count; i++) {
        const rf_value value = isolate->builtin_values[i];
        if (value.head == RF_FUNCTION && strcmp(rows[i].name, rows[i].canonical) == 0)
            value.as.function->builtin = &rows[i];
    }
    make_values(isolate, old_count);
}

void rf_lib_detach(rf_isolate *isolate)
{
    struct rf_lib_state *lib = isolate->lib;
    if (!lib) return;
    rf_regex_cache_free(isolate, lib->regex);
    rf_release(isolate, lib->process_result);
    rf_release(isolate, lib->arg_parser);
    rf_buffer_release(&lib->line);
    for (size_t i = 0; i < RF_COUNT_OF(lib->shown); i++) rf_buffer_release(&lib->shown[i]);
    rf_free(lib->prelude_functions);
    rf_free(lib);
    isolate->lib = NULL;
}
