/* The passes, in order. */
#include "jitc/passes.h"

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>

static void rf_ir_build(rf_ir_function *f)
{
    (void)f; /* the translator has done it */
}

static void (*const runs[])(rf_ir_function *f) = {
#define RF_IR_PASS(name, what) rf_ir_##name,
#include "jit/pass.def"
#undef RF_IR_PASS
};

#ifdef RF_ASSERTS
static const char *const names[] = {
#define RF_IR_PASS(name, what) #name,
#include "jit/pass.def"
#undef RF_IR_PASS
};

static void verify(const rf_ir_function *f, size_t pass)
{
    const char *wrong = rf_ir_verify(f);
    if (!wrong) return;
    rf_buffer text = RF_BUFFER_INIT;
    rf_ir_print(f, &text);
    fprintf(stderr, "behind pass %s: %s\n%.*s", names[pass], wrong, (int)text.size, text.data);
    abort();
}
#else
static void verify(const rf_ir_function *f, size_t pass)
{
    (void)f, (void)pass;
}
#endif

void rf_ir_run_passes(rf_ir_unit *unit, size_t shown, rf_buffer *out)
{
    for (rf_ir_function *f = unit->first; f; f = f->next)
        for (size_t pass = 0; pass < RF_COUNT_OF(runs); pass++) {
            runs[pass](f);
            verify(f, pass);
            if (out && pass == shown) rf_ir_print(f, out);
        }
}
