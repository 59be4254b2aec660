#include "support/ruff_test.h"

#include "base/alloc.h"
#include "base/file.h"
#include "jit/loader.h"

#include <string.h>

long outside_add(long a, long b);
long outside_add(long a, long b)
{
    return a + b;
}
static const long outside_number = 1000;

typedef struct fixture {
    rf_code_region region;
    rf_buffer object;
    long (*table)(long);
    long (*outside)(long);
    double (*half)(double);
} fixture;

static void *resolve(void *context, const char *name)
{
    (void)context;
    void *address = NULL;
    if (strcmp(name, "outside_add") == 0) {
        long (*function)(long, long) = outside_add;
        memcpy(&address, &function, sizeof address);
    }
    if (strcmp(name, "outside_number") == 0) address = (void *)(uintptr_t)&outside_number;
    return address;
}

static void *resolve_nothing(void *context, const char *name)
{
    (void)context, (void)name;
    return NULL;
}

static void remember(void *context, const char *name, void *address)
{
    fixture *f = context;
    if (strcmp(name, "sample_table") == 0) memcpy(&f->table, &address, sizeof address);
    if (strcmp(name, "sample_outside") == 0) memcpy(&f->outside, &address, sizeof address);
    if (strcmp(name, "sample_half") == 0) memcpy(&f->half, &address, sizeof address);
}

static int set_up(void **state)
{
    fixture *f = rf_new(fixture);
    *state = f;
    if (rf_file_read(LOADER_SAMPLE, &f->object, NULL) != RUFF_OK) return 1;
    return rf_code_region_open(&f->region, (size_t)64 << 20) ? 0 : 1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    rf_code_region_close(&f->region);
    rf_buffer_release(&f->object);
    rf_free(f);
    return 0;
}

static ruff_status load(fixture *f, const void *bytes, size_t size, ruff_error *err)
{
    rf_native_code code;
    return rf_native_load(&f->region, bytes, size, resolve, NULL, remember, f, &code, err);
}

static void a_loaded_object_runs_and_reaches_what_is_allowed(void **state)
{
    fixture *f = *state;
    ruff_error err = RUFF_ERROR_INIT;
    if (load(f, f->object.data, f->object.size, &err)) fail_msg("%s", err.message);
    assert_int_equal(f->table(4), 20);
    assert_int_equal(f->outside(7), 1007);
    assert_true(f->half(3.0) > 1.49 && f->half(3.0) < 1.51);
}

static void a_symbol_that_is_not_allowed_is_refused_by_name(void **state)
{
    fixture *f = *state;
    ruff_error err = RUFF_ERROR_INIT;
    rf_native_code code;
    assert_int_equal(rf_native_load(&f->region, (const uint8_t *)f->object.data, f->object.size, resolve_nothing, NULL,
                                    remember, f, &code, &err),
                     RUFF_E_MISUSE);
    assert_non_null(strstr(err.message, "outside_"));
    ruff_error_release(&err);
}

static void every_truncation_is_refused(void **state)
{
    fixture *f = *state;
    for (size_t size = 0; size < f->object.size; size += 7) {
        uint8_t *copy = rf_alloc(size); /* exact, so that a sanitizer sees reads behind the end */
        memcpy(copy, f->object.data, size);
        assert_int_not_equal(load(f, copy, size, NULL), RUFF_OK);
        rf_free(copy);
    }
}

static void damaged_objects_never_reach_outside_their_bytes(void **state)
{
    fixture *f = *state;
    uint64_t random = 12345;
    size_t refused = 0;
    uint8_t *copy = rf_alloc(f->object.size);
    for (int round = 0; round < 20000; round++) {
        if (round % 500 == 0) { /* loads that succeed use up the region */
            rf_code_region_close(&f->region);
            assert_true(rf_code_region_open(&f->region, (size_t)64 << 20));
        }
        memcpy(copy, f->object.data, f->object.size);
        for (int i = 0; i < 1 + round % 4; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            copy[(random >> 33) % f->object.size] = (uint8_t)(random >> 24);
        }
        refused += load(f, copy, f->object.size, NULL) != RUFF_OK;
    }
    rf_free(copy);
    assert_true(refused > 1000); /* code bytes may change freely, structure may not */
}

static void a_full_region_is_told(void **state)
{
    fixture *f = *state;
    rf_code_region small;
    rf_native_code code;
    ruff_error err = RUFF_ERROR_INIT;
    assert_true(rf_code_region_open(&small, 1));
    assert_int_equal(rf_native_load(&small, (const uint8_t *)f->object.data, f->object.size, resolve, NULL, remember, f,
                                    &code, NULL),
                     RUFF_OK);
    assert_int_equal(rf_native_load(&small, (const uint8_t *)f->object.data, f->object.size, resolve, NULL, remember, f,
                                    &code, &err),
                     RUFF_E_NOMEM);
    assert_non_null(err.message);
    ruff_error_release(&err);
    rf_code_region_close(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_loaded_object_runs_and_reaches_what_is_allowed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_symbol_that_is_not_allowed_is_refused_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_truncation_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_objects_never_reach_outside_their_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_region_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
