/* See ir_check.h. */
#include "support/ruff_test.h"

#include "runtime/jitc/ir_check.h"

#include "base/alloc.h"
#include "runtime/jitc/ir_assert.h"

#include <string.h>

static char *text_of(const rf_ir_function *f) /* new */
{
    rf_buffer out = RF_BUFFER_INIT;
    rf_ir_print(f, &out);
    return rf_buffer_take(&out);
}

static const char *blocks_of(const char *text)
{
    return strstr(text, "b0:");
}

void assert_ir_becomes(rf_ir_function *f, ir_pass *pass, const char *expected)
{
    rf_ir_ssa(f);
    assert_ir_sound(f);
    pass(f);
    assert_ir_sound(f);
    char *text = text_of(f);
    assert_string_equal(blocks_of(text), expected);
    rf_free(text);
}

void assert_ir_stays(rf_ir_function *f, ir_pass *pass)
{
    rf_ir_ssa(f);
    assert_ir_sound(f);
    char *before = text_of(f);
    pass(f);
    assert_ir_sound(f);
    char *after = text_of(f);
    assert_string_equal(after, before);
    rf_free(before);
    rf_free(after);
}

/* Has the last pass changed it? */
static bool run_passes(rf_ir_function *f, ir_pass *const *passes)
{
    char *was = NULL, *is = text_of(f);
    for (; *passes; passes++) {
        rf_free(was);
        was = is;
        (*passes)(f);
        assert_ir_sound(f);
        is = text_of(f);
    }
    const bool is_changed = strcmp(was, is) != 0;
    rf_free(was);
    rf_free(is);
    return is_changed;
}

unsigned assert_ir_chance(ir_maker *make, ir_pass *const *passes, unsigned count)
{
    unsigned changed = 0;
    for (uint64_t seed = 0; seed < count; seed++) {
        rf_ir_unit unit = {0};
        const uint32_t blocks = 3 + (uint32_t)(seed % 40);
        const rf_ir_function *before = make(&unit, seed, blocks);
        rf_ir_function *after = make(&unit, seed, blocks);
        rf_ir_ssa(after);
        changed += run_passes(after, passes);
        assert_ir_same_outcomes(before, after, seed);
        rf_ir_unit_release(&unit);
    }
    return changed;
}

rf_ir_place *ir_given(rf_ir_function *f, rf_ir_block *b, uint8_t type, const char *name)
{
    rf_ir_place *p = rf_ir_variable_new(f, type, 0, name);
    rf_ir_assign(f, b, 0, p, rf_ir_param_value(f, rf_ir_param(f, type)));
    return p;
}

void ir_show(rf_ir_function *f, rf_ir_block *b, rf_ir_expr *i)
{
    rf_ir_expr *args[] = {rf_ir_int(f, RF_IR_POINTER, 0), i, ir_i64(f, 0)};
    rf_ir_eval(f, b, 0, rf_ir_call_outside(f, RF_FN(deopt_self), 3, args));
}

rf_ir_block *ir_exit(rf_ir_function *f, int64_t i)
{
    rf_ir_block *b = rf_ir_block_new(f);
    b->is_exit = true;
    rf_ir_return(f, b, 0, ir_i64(f, i));
    return b;
}
