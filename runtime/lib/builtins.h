/* The table of built-ins and what a module of lib/ needs to add its own: every function of the list
 * is declared here as rf_lib_NAME. */
#ifndef RF_LIB_BUILTINS_H
#define RF_LIB_BUILTINS_H

#include "value/function.h"

extern const rf_builtin rf_builtins[];
extern const uint32_t rf_builtin_total;

/* Sets isolate->builtins, builtin_count, builtin_values (functions and constants) and lib. */
void rf_lib_attach(rf_isolate *isolate);
/* Makes rows the table of the isolate: rf_builtins followed by further functions (of an embedding
 * program).  May be called again with a longer or moved copy; values made earlier stay valid. rows
 * is borrowed. */
void rf_lib_use_table(rf_isolate *isolate, const rf_builtin *rows, uint32_t count);
/* Frees isolate->lib; the values go with the isolate.  Nothing may be called afterwards. */
void rf_lib_detach(rf_isolate *isolate);

/* Documentation row for a name as typed ("push", "println", "Channel.send"): NULL when there is
 * none. */
const rf_builtin *rf_lib_find_doc(const char *name);
/* The reference manual of all built-ins (docs/builtins.md) in Markdown. */
void rf_lib_write_reference(rf_buffer *out);

/* prototypes: rf_value rf_lib_NAME(rf_isolate *isolate, rf_value *args, uint32_t arg_count) */
#define RF_LIB_DECLARE_C(function)                                                                 \
    rf_value function(rf_isolate *isolate, rf_value *args, uint32_t arg_count);
#define RF_LIB_DECLARE_RUFF(function)
#define RF_LIB_DECLARE_MISSING(function)
#define RF_LIB_DECLARE_OPENSSL(function)
#define RF_LIB_DECLARE_LIBXCRYPT(function)
#define RF_LIB_DECLARE_LIBYAML(function)
#define RF_LIB_DECLARE_LIBZIP(function)
#define RF_LIB_DECLARE_LIBCURL(function)
#define RF_LIB_DECLARE_MICROHTTPD(function)
#define RF_LIB_DECLARE_LIBPNG(function)
#define RF_LIB_DECLARE_GIFLIB(function)
#define RF_LIB_MODULE(word, title)
#define RF_BUILTIN(name, how, ...)                     RF_LIB_DECLARE_##how(rf_lib_##name)
#define RF_ALIASED(name, alias, how, ...)              RF_LIB_DECLARE_##how(rf_lib_##name)
#define RF_ALIASED_TWICE(name, alias, other, how, ...) RF_LIB_DECLARE_##how(rf_lib_##name)
#define RF_METHOD(kind, text, name, how, ...)          RF_LIB_DECLARE_##how(rf_lib_##kind##_##name)
#define RF_CONSTANT(name, tier, signature, doc)
#define RF_INTERNAL(name, min, max) RF_LIB_DECLARE_C(rf_lib_internal_##name)
#include "lib/builtins.def"
#undef RF_LIB_MODULE
#undef RF_BUILTIN
#undef RF_ALIASED
#undef RF_ALIASED_TWICE
#undef RF_METHOD
#undef RF_CONSTANT
#undef RF_INTERNAL

#endif
