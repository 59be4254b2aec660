/* An isolate to test values in, with an engine that calls C functions, and checks on what happened
 * in it. */
#ifndef VALUE_TEST_H
#define VALUE_TEST_H

#include "support/ruff_test.h"

#include "base/alloc.h"
#include "value/array.h"
#include "value/collection.h"
#include "value/dict.h"
#include "value/error_value.h"
#include "value/format.h"
#include "value/function.h"
#include "value/intern.h"
#include "value/isolate.h"
#include "value/operate.h"
#include "value/struct_type.h"

#include <stdio.h>
#include <string.h>

/* A callable of the tests is a row whose C function gets self first when it is called as a method.
 */
static inline rf_value engine_call(rf_isolate *isolate, rf_value callee, const rf_value *args,
                                   uint32_t count)
{
    rf_value window[8];
    for (uint32_t i = 0; i < count; i++) window[i] = rf_copy(args[i]);
    rf_value result = callee.as.function->builtin->function(isolate, window, count);
    for (uint32_t i = 0; i < count; i++) rf_release(isolate, window[i]);
    return result;
}

static inline rf_value engine_call_method(rf_isolate *isolate, rf_value method, rf_value self,
                                          const rf_value *args, uint32_t count)
{
    rf_value window[8];
    window[0] = self;
    for (uint32_t i = 0; i < count; i++) window[i + 1] = args[i];
    return engine_call(isolate, method, window, count + 1);
}

static const rf_engine test_engine = {
    .name = "test", .call = engine_call, .call_method = engine_call_method};
static const rf_host test_host = {.capabilities = UINT32_MAX};

static inline int open_isolate(void **state)
{
    rf_isolate *isolate = rf_isolate_new(&test_host);
    isolate->engine = &test_engine;
    *state = isolate;
    return 0;
}

/* Everything a test made must be gone: what is left are the interned strings. */
static inline int close_isolate(void **state)
{
    rf_isolate *isolate = *state;
    rf_store(isolate, &isolate->error, rf_unset());
    rf_heap_collect(isolate);
    uint64_t expected = 129 + isolate->interned->count;
    if (isolate->heap.object_count != expected) {
        fprintf(stderr, "%llu objects are left, %llu expected\n",
                (unsigned long long)isolate->heap.object_count, (unsigned long long)expected);
        return 1;
    }
    rf_isolate_free(isolate);
    return 0;
}

#define value_test(function) cmocka_unit_test_setup_teardown(function, open_isolate, close_isolate)

static inline rf_value text(rf_isolate *isolate, const char *content)
{
    return rf_string_from(isolate, content);
}

/* The array of those ints. */
static inline rf_value ints(rf_isolate *isolate, uint32_t count, const int64_t *numbers)
{
    rf_value a = rf_array_new(isolate, count);
    for (uint32_t i = 0; i < count; i++) rf_array_push(isolate, a.as.array, rf_int(numbers[i]));
    return a;
}
#define INTS(isolate, ...)                                                                         \
    ints((isolate), sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t), (int64_t[]){__VA_ARGS__})

/* Array of values, which are moved in. */
static inline rf_value list(rf_isolate *isolate, uint32_t count, const rf_value *values)
{
    rf_value a = rf_array_from(isolate, values, count);
    for (uint32_t i = 0; i < count; i++) rf_release(isolate, values[i]);
    return a;
}
#define LIST(isolate, ...)                                                                         \
    list((isolate), sizeof((rf_value[]){__VA_ARGS__}) / sizeof(rf_value), (rf_value[]){__VA_ARGS__})

static inline rf_key key_of(rf_value v)
{
    rf_key key = {0};
    if (!rf_key_from_value(v, &key)) fail_msg("%s is no key", rf_type_name(v));
    return key;
}

/* d[key] = v for a dict with one owner; v is moved in */
static inline void put(rf_isolate *isolate, rf_value d, const char *key, rf_value v)
{
    rf_value name = text(isolate, key);
    assert_true(rf_dict_set(isolate, d.as.dict, key_of(name), v));
    rf_release(isolate, name);
}

#define assert_is_int(v, expected)                                                                 \
    do {                                                                                           \
        rf_value is_int_ = (v);                                                                    \
        if (is_int_.head != RF_INT) fail_msg("%s is no int", rf_type_name(is_int_));               \
        assert_int_equal(is_int_.as.i, (expected));                                                \
    } while (0)

/* the display form of v, which is given up */
static inline void assert_shows(rf_isolate *isolate, rf_value v, const char *expected)
{
    rf_buffer out = RF_BUFFER_INIT;
    assert_int_not_equal(v.head, RF_RAISED);
    assert_true(rf_display(isolate, v, &out));
    assert_string_equal(out.data ? out.data : "", expected);
    rf_buffer_release(&out);
    rf_release(isolate, v);
}

/* the error in flight has this message; it is dropped */
static inline void assert_error(rf_isolate *isolate, const char *message)
{
    assert_int_equal(isolate->error.head, RF_ERROR);
    assert_string_equal(isolate->error.as.error->message.as.string->text, message);
    rf_release(isolate, rf_take_error(isolate));
}

static inline void assert_raises(rf_isolate *isolate, rf_value result, const char *message)
{
    assert_int_equal(result.head, RF_RAISED);
    assert_error(isolate, message);
}

/* ---- declarations without a parser; freed with free_struct_decl ---- */

static inline const rf_symbol *symbol(const char *name)
{
    rf_symbol *s = rf_alloc_zero(sizeof *s + strlen(name) + 1);
    s->size = (uint32_t)strlen(name);
    memcpy(s->text, name, s->size);
    return s;
}

static inline rf_struct_decl *struct_decl(const char *name, uint32_t field_count,
                                          const char *const *fields, uint32_t method_count,
                                          const char *const *methods)
{
    rf_struct_decl *decl = rf_new(rf_struct_decl);
    decl->name = symbol(name);
    decl->field_count = field_count;
    decl->fields = rf_alloc_array_zero(rf_field_decl, field_count);
    for (uint32_t i = 0; i < field_count; i++) decl->fields[i].name = symbol(fields[i]);
    decl->method_count = method_count;
    decl->methods = rf_alloc_array_zero(rf_func *, method_count);
    for (uint32_t i = 0; i < method_count; i++) {
        decl->methods[i] = rf_new(rf_func);
        decl->methods[i]->kind = RF_FUNC_METHOD;
        decl->methods[i]->name = symbol(methods[i]);
    }
    return decl;
}

static inline void free_struct_decl(rf_struct_decl *decl)
{
    rf_free((void *)(uintptr_t)decl->name);
    for (uint32_t i = 0; i < decl->field_count; i++)
        rf_free((void *)(uintptr_t)decl->fields[i].name);
    for (uint32_t i = 0; i < decl->method_count; i++) {
        rf_free((void *)(uintptr_t)decl->methods[i]->name);
        rf_free(decl->methods[i]);
    }
    rf_free(decl->fields);
    rf_free(decl->methods);
    rf_free(decl);
}

/* A struct declaration without methods. */
static inline rf_value plain_struct(rf_isolate *isolate, const rf_struct_decl *decl)
{
    rf_value *defaults = rf_alloc_array(rf_value, decl->field_count);
    for (uint32_t i = 0; i < decl->field_count; i++) defaults[i] = rf_unset();
    return rf_structdef_new(isolate, decl, NULL, rf_alloc_array(rf_value, 0), defaults);
}

#endif
